/** The pages under test: reports of the sample, of much telemetry, of hostile telemetry, of the same redacted, and of a single event. */

import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { exportTelemetry } from "../../../index.js";
import { repository } from "../../../scripts/set-up.mjs";
import { generatedTelemetry } from "../../../scripts/testing/generated-telemetry.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { row, writeTelemetry } from "../../../scripts/testing/telemetry-rows.mjs";
import { writeHostile } from "./hostile.mjs";

/**
 * @typedef {object} PageUnderTest
 * @property {"sample" | "large" | "hostile" | "redacted" | "minimal"} name
 * @property {(directory: string) => string} telemetry returns its directory; new telemetry is written to the given one
 * @property {import("../../../index.js").ExportOptions} [options]
 */

/** @type {{ [Name in PageUnderTest["name"]]: PageUnderTest }} */
export const pages = {
	sample: {
		name: "sample",
		telemetry: () => path.join(repository, "examples", "telemetry", "current"),
	},
	large: {
		name: "large",
		telemetry: () => generatedTelemetry({ bytes: 10e6 }).directory,
	},
	hostile: {
		name: "hostile",
		telemetry: writeHostile,
	},
	redacted: {
		name: "redacted",
		telemetry: writeHostile,
		options: { redact: "marked", redactFields: ["properties.<b>"], keepFields: ["error.message"] },
	},
	minimal: {
		name: "minimal",
		telemetry: (directory) => {
			writeTelemetry(directory, { "telemetry-2026-06-01-s.jsonl": [row("2026-06-01T12:00:00.000Z")] });
			return directory;
		},
	},
};

export const allPages = Object.values(pages);

/** @type {Map<string, Promise<string>>} */
const files = new Map();

/**
 * @param {PageUnderTest} page
 * @returns {Promise<string>} its file, which is exported on first use
 */
export function pageFile(page) {
	const file = files.get(page.name) ?? madeFile(page);
	files.set(page.name, file);
	return file;
}

/** @param {PageUnderTest} page */
async function madeFile({ name, telemetry, options }) {
	const folder = path.join(scratchFolder(), "pages", name);
	const file = path.join(folder, "report.html");
	if (!existsSync(file)) {
		mkdirSync(folder, { recursive: true });
		await exportTelemetry(telemetry(path.join(folder, "telemetry")), "allTime", "html", file, options);
	}
	return file;
}
