import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";

describe("the sources", () => {
	const sources = path.resolve(import.meta.dirname, "../../src");
	const importers = readdirSync(sources, { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".ts"))
		.filter((file) => /from "vscode"/.test(readFileSync(path.join(sources, file), "utf8")))
		.map((file) => file.replaceAll(path.sep, "/"));

	it("import vscode only in ui/ and extension.ts", () => {
		expect(importers.filter((file) => !file.startsWith("ui/"))).toEqual(["extension.ts"]);
		expect(importers.length).toBeGreaterThan(1);
	});
});
