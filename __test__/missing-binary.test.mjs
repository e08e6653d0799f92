import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { parseTriple } from "@napi-rs/cli";
import { ownPlatform, packageOf, prebuiltPlatforms } from "../platform-package.js";
import { repository } from "../scripts/set-up.mjs";

const manifest = createRequire(import.meta.url)("../package.json");

describe("on a machine without a binary", () => {
	/** @type {string} */
	let installation;
	before(() => {
		installation = mkdtempSync(path.join(tmpdir(), "no-binary-"));
		for (const file of ["index.js", "platform-package.js", "binding.js", "package.json"]) {
			cpSync(path.join(repository, file), path.join(installation, file));
		}
	});
	after(() => rmSync(installation, { recursive: true }));

	/**
	 * Loads the front in a process of its own and gives what it threw.
	 *
	 * @param {string} [beforeLoading] code that makes the process look like another machine
	 * @returns {{ message: string, hasCause: boolean }}
	 */
	function loadError(beforeLoading = "") {
		const script = `${beforeLoading}
			try {
				require("./index.js");
			} catch (error) {
				console.log(JSON.stringify({ message: error.message, hasCause: error.cause instanceof Error }));
			}`;
		const file = path.join(installation, "load.cjs");
		writeFileSync(file, script);
		return JSON.parse(execFileSync(process.execPath, [file], { encoding: "utf8" }));
	}

	it("names the package for this machine with its version, and how to build, and keeps the cause", () => {
		const { message, hasCause } = loadError();
		const name = packageOf(ownPlatform());
		assert.equal(
			message,
			`coder-telemetry-export needs the package ${name}, which is not installed; npm leaves it out with ` +
				"--omit=optional, and with a lock file that was made on another platform. " +
				`Install it: npm install ${name}@${manifest.version}, or build it from source: ` +
				"in a clone of the repository, with stable Rust, npm run build",
		);
		assert.equal(hasCause, true);
	});

	it("tells what the system says of a binary that does not load", () => {
		const folder = path.join(installation, "node_modules", packageOf(ownPlatform()));
		mkdirSync(folder, { recursive: true });
		const main = `coder-telemetry-export.${ownPlatform()}.node`;
		writeFileSync(path.join(folder, "package.json"), JSON.stringify({ version: manifest.version, main }));
		writeFileSync(path.join(folder, main), "no binary");
		const { message, hasCause } = loadError();
		rmSync(folder, { recursive: true });
		assert.match(message, new RegExp(`has a binary for ${ownPlatform()} that does not load: .*${main}`));
		assert.match(
			message,
			new RegExp(`npm install ${packageOf(ownPlatform())}@${manifest.version}, or build`),
		);
		assert.equal(hasCause, true);
	});

	it("tells of a binary that the environment names and that is not there", () => {
		const { message } = loadError('process.env.NAPI_RS_NATIVE_LIBRARY_PATH = "/nowhere/addon.node";');
		assert.match(
			message,
			/^coder-telemetry-export cannot load \/nowhere\/addon\.node, which NAPI_RS_.* names/,
		);
		assert.match(message, /\. Unset it, or build it from source: /);
	});

	it("says where it runs to a platform without a package", () => {
		const { message } = loadError(`
			Object.defineProperty(process, "platform", { value: "freebsd" });
			Object.defineProperty(process, "arch", { value: "x64" });`);
		assert.match(message, /^coder-telemetry-export has no prebuilt binary for freebsd-x64\. Run it where/);
		assert.match(message, /\(darwin-arm64, .*, win32-x64-msvc\), or build it from source: /);
	});

	for (const [libc, report] of [
		["gnu", { header: { glibcVersionRuntime: "2.36" } }],
		["musl", { header: {} }],
	]) {
		it(`names the ${libc} package on Linux with that library`, () => {
			const { message } = loadError(`
				Object.defineProperty(process, "platform", { value: "linux" });
				Object.defineProperty(process, "arch", { value: "arm64" });
				process.report.getReport = () => (${JSON.stringify(report)});`);
			assert.match(message, new RegExp(`the package coder-telemetry-export-linux-arm64-${libc},`));
		});
	}

	for (const [platform, architecture, platformPackage] of [
		["darwin", "arm64", "coder-telemetry-export-darwin-arm64"],
		["win32", "x64", "coder-telemetry-export-win32-x64-msvc"],
	]) {
		it(`names ${platformPackage} on ${platform}`, () => {
			const { message } = loadError(`
				Object.defineProperty(process, "platform", { value: ${JSON.stringify(platform)} });
				Object.defineProperty(process, "arch", { value: ${JSON.stringify(architecture)} });`);
			assert.match(message, new RegExp(`the package ${platformPackage},`));
		});
	}
});

describe("the platforms that have a binary", () => {
	it("are those that the addon is built for", () => {
		const built = manifest.napi.targets.map(
			(/** @type {string} */ triple) => parseTriple(triple).platformArchABI,
		);
		assert.deepEqual(prebuiltPlatforms, built.sort());
	});

	it("are those that the generated loader looks for", () => {
		const loader = readFileSync(path.join(repository, "binding.js"), "utf8");
		for (const platform of prebuiltPlatforms) {
			assert.ok(loader.includes(`require('${packageOf(platform)}')`), platform);
		}
	});
});
