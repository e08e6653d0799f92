import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { repository } from "../scripts/set-up.mjs";

describe("on a machine without a binary", () => {
	/** @type {string} */
	let installation;
	before(() => {
		installation = mkdtempSync(path.join(tmpdir(), "no-binary-"));
		for (const file of ["index.js", "binding.js", "package.json"]) {
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

	it("names the package for this machine and how to build, and keeps the cause", () => {
		const { message, hasCause } = loadError();
		const expected = new RegExp(`coder-telemetry-export-${process.platform}-${process.arch}\\b`);
		assert.match(message, expected);
		assert.match(message, /npm run build/);
		assert.match(message, /Rust/);
		assert.equal(hasCause, true);
	});

	for (const [machine, report, platformPackage] of [
		["glibc", { header: { glibcVersionRuntime: "2.36" } }, "coder-telemetry-export-linux-arm64-gnu"],
		["musl", { header: {} }, "coder-telemetry-export-linux-arm64-musl"],
	]) {
		it(`names the ${machine} package on Linux with ${machine}`, () => {
			const { message } = loadError(`
				Object.defineProperty(process, "platform", { value: "linux" });
				Object.defineProperty(process, "arch", { value: "arm64" });
				process.report.getReport = () => (${JSON.stringify(report)});`);
			assert.match(message, new RegExp(`${platformPackage},`));
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
			assert.match(message, new RegExp(`${platformPackage},`));
		});
	}
});
