import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { packagesFolder } from "../../../release/folders.mjs";
import { manifest, ownTarget } from "../../../release/targets.mjs";
import { repository } from "../../../scripts/set-up.mjs";
import { readZip } from "../../../scripts/zip.mjs";
import { Installation, outputOf } from "../installation.mjs";
import { Registry } from "../registry.mjs";
import { nodeRuntimes } from "../tools/tools.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
/** What an export of the sample is, as its own page says. */
const sampleOutcome = { eventCount: 396, files: 6, label: "All time" };

const typescript = path.join(repository, "node_modules", "typescript", "bin", "tsc");

/** How projects set TypeScript up, and what their sources are called then. */
const typescriptProjects = [
	{ name: "ES modules of Node", source: "program.mts", options: { module: "nodenext" } },
	{ name: "CommonJS of Node", source: "program.cts", options: { module: "nodenext" } },
	{
		name: "a bundler",
		source: "program.ts",
		options: { module: "esnext", moduleResolution: "bundler" },
	},
];

/** @type {Registry} */
let registry;
before(async () => {
	registry = await Registry.start("registry");
	outputOf(registry.publish(packagesFolder));
});
after(() => registry?.server.kill());

for (const runtime of nodeRuntimes()) {
	describe(`installed from a registry, on Node ${runtime.major}`, () => {
		/** @type {Installation} */
		let installation;
		before(() => {
			installation = new Installation(`node-${runtime.major}`, runtime, registry);
			outputOf(installation.npm("install", manifest.name));
			installation.addPrograms();
		});

		it("brings the binary of this platform and no other, without Rust", () => {
			const { error } = installation.run("cargo", "--version");
			assert.equal(error !== undefined && "code" in error && error.code, "ENOENT");
			const { dependencies } = JSON.parse(outputOf(installation.npm("ls", "--all", "--json")));
			const [main, ...others] = Object.entries(dependencies);
			assert.deepEqual(others, []);
			assert.equal(main?.[0], manifest.name);
			assert.equal(dependencies[manifest.name].version, manifest.version);
			const { packageName } = ownTarget();
			const own = dependencies[manifest.name].dependencies;
			const present = Object.keys(own).filter((name) => existsSync(installation.file("node_modules", name)));
			assert.deepEqual(present, [packageName]);
		});

		it("is imported by name", () => {
			const output = outputOf(installation.node("import.mjs", sample, installation.folder));
			assert.deepEqual(JSON.parse(output), sampleOutcome);
			assert.equal(JSON.parse(readFileSync(installation.file("imported.json"), "utf8")).length, 396);
		});

		it("is required", () => {
			const output = outputOf(installation.node("require.cjs", sample, installation.folder));
			assert.deepEqual(JSON.parse(output), sampleOutcome);
			const names = readZip(installation.file("required.otlp.zip")).map(({ name }) => name);
			assert.deepEqual(names.sort(), ["logs.json", "manifest.json", "metrics.json", "traces.json"]);
		});

		it("is a command", () => {
			const command = installation.file("node_modules", ".bin", manifest.name);
			assert.equal(outputOf(installation.run(command, "--version")), `${manifest.version}\n`);
			const words = [sample, "--range", "allTime", "--out", "by-command.json"];
			assert.match(outputOf(installation.run(command, ...words)), /^events {3}396$/m);
			assert.equal(JSON.parse(readFileSync(installation.file("by-command.json"), "utf8")).length, 396);
		});

		for (const { name, source, options } of typescriptProjects) {
			it(`is type-checked and run by a program in TypeScript for ${name}`, () => {
				const project = path.join("projects", source.replace(".", "-"));
				mkdirSync(installation.file(project), { recursive: true });
				cpSync(installation.file("program.ts"), installation.file(project, source));
				writeFileSync(
					installation.file(project, "tsconfig.json"),
					JSON.stringify({
						compilerOptions: {
							...options,
							target: "es2022",
							strict: true,
							exactOptionalPropertyTypes: true,
							skipLibCheck: false,
							typeRoots: [path.join(repository, "node_modules", "@types")],
							types: ["node"],
							outDir: "out",
						},
						files: [source],
					}),
				);
				outputOf(installation.node(typescript, "-p", project));
				if (source === "program.ts") {
					// What a bundler would have been told by the extension of its output.
					writeFileSync(installation.file(project, "out", "package.json"), '{ "type": "module" }');
				}
				const compiled = path.join(project, "out", source.replace(/ts$/, "js"));
				const output = outputOf(installation.node(compiled, sample, installation.folder));
				assert.deepEqual(JSON.parse(output), {
					...sampleOutcome,
					lastPhase: "finishing",
					refusal: "ERR_INVALID_ARG",
				});
			});
		}
	});
}
