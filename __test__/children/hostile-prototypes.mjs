/** Calls the addon while prototypes are frozen, or have throwing setters for all of its members, and prints the results. */

import { exportTelemetry, listTelemetryFiles, resolveRange, suggestedFileName } from "../../index.js";

const { directory, out } = JSON.parse(process.argv[2] ?? "");
const members = (
	"code name cause path osCode message eventCount files bytesRead bytesWritten linesRead outOfRange headers blankLines " +
	"badLines badLineSamples skippedFiles warnings omitted logs traces metrics records parts droppedPoints file line reason " +
	"signal bytes phase bytesDone bytesTotal events startMs endMs label filenamePart date session part size 0 1"
).split(" ");
for (const member of members) {
	for (const prototype of [Object.prototype, Array.prototype]) {
		Object.defineProperty(prototype, member, {
			configurable: true,
			set() {
				throw new Error(`a setter of ${member}`);
			},
		});
	}
}
Object.freeze(Error.prototype);

/** @param {() => unknown} call */
async function attempt(call) {
	try {
		return describe(await call());
	} catch (error) {
		return describe(error);
	}
}

/**
 * Returns the value's own members, and whether they are enumerable.
 *
 * @param {any} value
 */
function describe(value) {
	const descriptors = Object.getOwnPropertyDescriptors(value);
	const members = Reflect.ownKeys(descriptors).map((key) => {
		const { value: member, enumerable } = descriptors[/** @type {string} */ (key)] ?? {};
		const isText = ["string", "number"].includes(typeof member);
		return [String(key), key === "stack" ? "…" : isText ? member : typeof member, enumerable];
	});
	return { isError: value instanceof Error, members };
}

/** @type {string[][]} */
const reports = [];
const onProgress = (/** @type {object} */ report) => {
	Object.defineProperty(reports, reports.length, { value: Object.keys(report), enumerable: true });
};
const results = [
	await attempt(() => exportTelemetry(directory, "allTime", "otlp", out, { onProgress })),
	await attempt(() => listTelemetryFiles(directory, "2026-06-01")),
	await attempt(() => resolveRange("allTime", 0)),
	await attempt(() =>
		exportTelemetry(directory, "allTime", "json", out, { signal: AbortSignal.abort("why") }),
	),
	await attempt(() => exportTelemetry(directory, "allTime", "json", `${out}/in/a/file`)),
	await attempt(() => exportTelemetry(directory, "someday", "json", out)),
	await attempt(() => resolveRange("someday")),
	await attempt(() => suggestedFileName("allTime", /** @type {any} */ ("csv"))),
];
for (const member of members) {
	delete (/** @type {any} */ (Object.prototype)[member]);
	delete (/** @type {any} */ (Array.prototype)[member]);
}
process.stdout.write(JSON.stringify({ results, reports }));
