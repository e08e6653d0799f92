import path from "node:path";
import { defineConfig } from "vitest/config";

const repository = path.dirname(import.meta.dirname);

export default defineConfig({
	resolve: {
		alias: [
			{ find: "vscode", replacement: path.join(import.meta.dirname, "test/mocks/vscode.ts") },
			{ find: /^coder-telemetry-export$/, replacement: path.join(repository, "index.js") },
			{ find: /^coder-telemetry-export\//, replacement: `${repository}/` },
		],
	},
	test: {
		include: ["test/unit/**/*.test.ts", "test/integration/**/*.test.ts"],
		// What passes in one time zone must pass in all: every day of an export is one of UTC.
		env: { TZ: "America/St_Johns" },
		restoreMocks: true,
		coverage: {
			include: ["src/**/*.ts"],
			// It only ties the parts together; the tests in a real editor run it.
			exclude: ["src/extension.ts"],
			reporter: ["text"],
			thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
		},
	},
});
