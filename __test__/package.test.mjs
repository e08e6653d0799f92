import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { repository } from "../scripts/set-up.mjs";

/** @param {string} file */
function read(file) {
	return readFileSync(path.join(repository, file), "utf8");
}

const manifest = JSON.parse(read("package.json"));

describe("the package", () => {
	it("ships files that exist", () => {
		const shipped = [...manifest.files, manifest.main, manifest.types, ...Object.values(manifest.bin)];
		for (const file of shipped) {
			assert.ok(existsSync(path.join(repository, file)), file);
		}
	});

	it("ships every module that its commands need", () => {
		const command = manifest.bin["coder-telemetry-export"];
		assert.ok(manifest.files.includes(path.dirname(command)));
	});
});

describe("the lock files", () => {
	const files = [
		"package-lock.json",
		"e2e/browser/package-lock.json",
		"e2e/packages/tools/package-lock.json",
		"extension/test/e2e/package-lock.json",
		"release/electron/package-lock.json",
		"release/marketplaces/package-lock.json",
	];
	/**
	 * @param {string} file
	 * @returns {Record<string, Record<string, unknown>>}
	 */
	const packagesOf = (file) => JSON.parse(read(file)).packages;

	for (const file of files) {
		it(`name no download address: ${file}`, () => {
			for (const [name, entry] of Object.entries(packagesOf(file))) {
				// Of a package in this repository it says the folder.
				assert.ok(entry.link === true || !("resolved" in entry), name);
			}
		});
	}

	// npm silently omits packages that the registry does not have. Then `npm ci` refuses the lock file.
	it("pin the packages of every platform", () => {
		const packages = packagesOf("package-lock.json");
		const optional = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
			Object.keys(/** @type {object} */ (optionalDependencies)),
		);
		assert.ok(optional.length > 0);
		for (const name of optional) {
			assert.ok(packages[`node_modules/${name}`]?.integrity, name);
		}
	});
});

describe("the exports of index.js", () => {
	const names = [
		"exportTelemetry",
		"listTelemetryFiles",
		"resolveRange",
		"suggestedFileName",
		"validateDate",
	];

	it("can be imported by name, like all declared functions", async () => {
		const module = await import("../index.js");
		const { default: whole, ...named } = /** @type {Record<string, unknown>} */ ({ ...module });
		assert.deepEqual(
			Object.keys(named)
				.filter((name) => name !== "module.exports")
				.sort(),
			names,
		);
		assert.deepEqual(Object.keys(/** @type {object} */ (whole)).sort(), names);
		const declared = [...read("index.d.ts").matchAll(/^export declare (?:function|const) (\w+)/gm)];
		assert.deepEqual(declared.map(([, name]) => name).sort(), names);
		assert.ok(names.every((name) => typeof named[name] === "function"));
	});
});
