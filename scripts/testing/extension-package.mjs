/** The VSIX under test: made by the extension's own script, or one that was made elsewhere. */

import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { repository, run } from "../set-up.mjs";
import { readZip } from "../zip.mjs";

/** Names a VSIX to test instead of the one that this checkout makes. */
export const vsixVariable = "CODER_TELEMETRY_EXPORT_VSIX";

const extensionFolder = path.join(repository, "extension");
const packagingTimeoutMs = 180_000;

/** Makes the VSIX for this platform from the addon as it was last built, unless another one shall be tested. */
export function packageExtension() {
	if (process.env[vsixVariable] !== undefined) {
		return;
	}
	// Older ones, of another version or name, must not be taken for it.
	for (const vsix of ownVsixFiles()) {
		rmSync(vsix);
	}
	const script = path.join(extensionFolder, "scripts", "package.mjs");
	run(process.execPath, [script], { timeout: packagingTimeoutMs });
}

/** @returns {string} the file under test */
export function vsixUnderTest() {
	const given = process.env[vsixVariable];
	if (given !== undefined) {
		return path.resolve(given);
	}
	const newest = ownVsixFiles().sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs)[0];
	if (newest === undefined) {
		throw new Error("There is no VSIX: make it with npm run --workspace extension package");
	}
	return newest;
}

function ownVsixFiles() {
	return readdirSync(extensionFolder)
		.filter((name) => name.includes("-linux-x64-") && name.endsWith(".vsix"))
		.map((name) => path.join(extensionFolder, name));
}

/** @returns {Map<string, Buffer>} what the extension's folder holds once it is installed, by path */
export function packagedFiles() {
	const prefix = "extension/";
	return new Map(
		readZip(vsixUnderTest())
			.filter(({ name }) => name.startsWith(prefix))
			.map(({ name, content }) => [name.slice(prefix.length), content()]),
	);
}

/** @returns {{ id: string, version: string }} as the VSIX says of itself */
export function packagedIdentity() {
	const manifest = JSON.parse(packagedFiles().get("package.json")?.toString("utf8") ?? "");
	return { id: `${manifest.publisher}.${manifest.name}`, version: manifest.version };
}
