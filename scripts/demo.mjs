/**
 * `npm run demo`: sets up the checkout, exports the sample telemetry in every format with the command line, and shows
 * the results.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { repository, setUp } from "./set-up.mjs";
import { readZip } from "./zip.mjs";

const sample = path.join("examples", "telemetry", "current");
const output = "demo-output";
const jsonExport = path.join(output, "telemetry.json");
const otlpExport = path.join(output, "telemetry.otlp.zip");
const report = path.join(output, "telemetry.html");

/** Longest line that the demo prints. */
const width = Math.min(process.stdout.columns ?? 100, 100);

/** @param {string} title */
function printTitle(title) {
	console.log(`\n── ${title} ${"─".repeat(Math.max(0, width - title.length - 4))}\n`);
}

/** @param {string} line */
function printCut(line) {
	console.log(line.length > width ? `${line.slice(0, width - 1)}…` : line);
}

/** @param {string} text */
function printFolded(text) {
	for (let start = 0; start < text.length; start += width) {
		console.log(text.slice(start, start + width));
	}
}

/** @param {string[]} commandLine of coder-telemetry-export */
function runExporter(...commandLine) {
	console.log(`$ coder-telemetry-export ${commandLine.join(" ")}`);
	execFileSync(process.execPath, [path.join("bin", "coder-telemetry-export.js"), ...commandLine], {
		stdio: "inherit",
	});
}

function showJsonArray() {
	printTitle("A JSON array of all events, ordered by time");
	runExporter(sample, "--range", "allTime", "--format", "json", "--out", jsonExport);

	const lines = readFileSync(jsonExport, "utf8").split("\n");
	console.log(`\nIts first lines, one event each (of ${lines.length - 3}):\n`);
	for (const line of lines.slice(0, 4)) {
		printCut(line);
	}
	console.log("\nThe first event, indented:\n");
	console.log(JSON.stringify(JSON.parse((lines[1] ?? "").replace(/,$/, "")), null, 2));
}

function showOtlpRequests() {
	printTitle("A zip of OTLP/JSON requests, for an OpenTelemetry backend");
	runExporter(sample, "--range", "allTime", "--format", "otlp", "--out", otlpExport);

	const entries = readZip(otlpExport);
	console.log("\nIts entries (bytes, compressed bytes, name):\n");
	for (const { name, size, packedSize } of entries) {
		console.log(`${String(size).padStart(9)} ${String(packedSize).padStart(9)}  ${name}`);
	}
	const read = (/** @type {string} */ wanted) =>
		entries
			.find(({ name }) => name === wanted)
			?.content()
			.toString("utf8") ?? "";
	console.log("\nThe beginning of logs.json, which is a single line:\n");
	printFolded(read("logs.json").slice(0, 6 * width));
	console.log("\nmanifest.json, indented:\n");
	console.log(JSON.stringify(JSON.parse(read("manifest.json")), null, 2));
}

function showReport() {
	printTitle("A report for a browser, to check before you share an export");
	runExporter(sample, "--range", "allTime", "--format", "html", "--out", report);

	const page = readFileSync(report, "utf8");
	const textOf = (/** @type {string | undefined} */ html) => (html ?? "").replaceAll(/<[^>]*>/g, "");
	const [, count] = /<p[^>]* id="sensitive-count"[^>]*>(.*?)<\/p>/s.exec(page) ?? [];
	const [, marks = ""] = /<table id="marks".*?<tbody>(.*?)<\/tbody>/s.exec(page) ?? [];
	console.log(`\nWhat the report says about sharing:\n\n${textOf(count)}\n`);
	for (const [, row = ""] of marks.matchAll(/<tr>(.*?)<\/tr>/gs)) {
		const [field, , kind, value] = row.split(/<\/t[hd]>/).map(textOf);
		console.log(`  ${field}: ${kind}, for example ${value}`);
	}
}

function showNextSteps() {
	printTitle("Next steps");
	console.log(`Open the report in the browser:

node bin/coder-telemetry-export.js ${sample} --format html --out ${report} --open

Look into the JSON array and the requests:

jq '.[] | select(.error)' ${jsonExport}
unzip -p ${otlpExport} manifest.json | jq .
unzip -p ${otlpExport} traces.json | jq '.resourceSpans[0]'

Send a request to a Collector on its default port:

unzip -p ${otlpExport} logs.json |
  curl --data-binary @- -H 'Content-Type: application/json' http://localhost:4318/v1/logs

List and export your own telemetry:

node bin/coder-telemetry-export.js ls
node bin/coder-telemetry-export.js --help`);
}

process.chdir(repository);
setUp();
mkdirSync(output, { recursive: true });
showJsonArray();
showOtlpRequests();
showReport();
showNextSteps();
