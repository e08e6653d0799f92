/** `coder-telemetry-export ls [DIR]`: lists days, sessions and sizes without opening a file. */

"use strict";

const path = require("node:path");
const { listTelemetryFiles, resolveRange } = require("../index.js");
const { formatByteSize } = require("./byte-size.js");
const { exitCode } = require("./exit-code.js");
const { print, standardError } = require("./standard-streams.js");
const { counted } = require("./summary-text.js");
const { jsonForTerminal } = require("./terminal-text.js");

/** @typedef {import("../index.js").TelemetryFile} TelemetryFile */

/**
 * @typedef {object} Day
 * @property {string} date
 * @property {number} sessions
 * @property {number} files
 * @property {number} bytes
 */

/**
 * @param {import("./arguments.js").ListArguments} args
 * @param {() => string} findDirectory finds the telemetry directory
 * @returns {Promise<number>} the exit code
 */
async function listCommand({ range, graceDays, json }, findDirectory) {
	const { label } = resolveRange(range);
	const directory = findDirectory();
	const files = await listTelemetryFiles(directory, range, graceDays);
	const days = groupByDay(files);
	const total = totalOf(files);
	if (json) {
		print("the list", jsonForTerminal({ directory: path.resolve(directory), days, ...total }));
	} else if (files.length === 0) {
		print("the result", `No telemetry files (${label}).`, standardError);
	} else {
		print("the list", listText(days, total));
	}
	return files.length === 0 ? exitCode.nothingMatched : exitCode.success;
}

/**
 * @param {TelemetryFile[]} files
 * @returns {Day[]} sorted by date
 */
function groupByDay(files) {
	/** @type {Map<string, TelemetryFile[]>} */
	const filesByDate = new Map();
	for (const file of files) {
		const sameDay = filesByDate.get(file.date);
		if (sameDay === undefined) {
			filesByDate.set(file.date, [file]);
		} else {
			sameDay.push(file);
		}
	}
	return [...filesByDate.keys()].sort().map((date) => ({ date, ...totalOf(filesByDate.get(date) ?? []) }));
}

/**
 * @param {TelemetryFile[]} files
 * @returns {Omit<Day, "date">} a session that lasts for days counts once
 */
function totalOf(files) {
	return {
		sessions: new Set(files.map(({ session }) => session)).size,
		files: files.length,
		bytes: files.reduce((bytes, { size }) => bytes + size, 0),
	};
}

/**
 * @param {Day[]} days
 * @param {Omit<Day, "date">} total
 * @returns {string} a table with a line for each day and one for the total
 */
function listText(days, total) {
	const rows = [...days, { date: counted(days.length, "day"), ...total }].map(
		({ date, sessions, files, bytes }) => [
			date,
			counted(sessions, "session"),
			counted(files, "file"),
			formatByteSize(bytes),
		],
	);
	const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	return rows
		.map(([date = "", ...numbers]) => {
			const cells = numbers.map((number, index) => number.padStart(widths[index + 1] ?? 0));
			return [date.padEnd(widths[0] ?? 0), ...cells].join("  ");
		})
		.join("\n");
}

module.exports = { groupByDay, listCommand, listText };
