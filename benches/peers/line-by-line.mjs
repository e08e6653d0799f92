/**
 * Reads files with `readline`, one line at a time, as the export was first specified.
 * `node benches/peers/line-by-line.mjs DIR json|otlp OUT`
 *
 * The JSON array is streamed event by event, in the order of the files and not sorted by time. For OTLP, the requests are
 * collected as OTLP/JSON and zipped with fflate at its highest level.
 */

import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import readline from "node:readline";
import { finished } from "node:stream/promises";
import { Zip, ZipDeflate } from "fflate";
import { OtlpRequests } from "./otlp-mapping.mjs";
import { telemetryFiles, withContext } from "./telemetry-files.mjs";

const [directory = "", format = "", out = ""] = process.argv.slice(2);

async function* readEvents() {
	for (const file of telemetryFiles(directory)) {
		let header;
		const lines = readline.createInterface({
			input: createReadStream(file),
			crlfDelay: Number.POSITIVE_INFINITY,
		});
		for await (const line of lines) {
			if (line.trim() === "") {
				continue;
			}
			const row = JSON.parse(line);
			if (row.kind === "header") {
				header = row;
			} else {
				yield withContext(row, header);
			}
		}
	}
}

async function exportJson() {
	const output = createWriteStream(out);
	output.write("[\n");
	let separator = "";
	for await (const event of readEvents()) {
		if (!output.write(`${separator}${JSON.stringify(event)}`)) {
			await once(output, "drain");
		}
		separator = ",\n";
	}
	output.end("\n]\n");
	await finished(output);
}

async function exportOtlp() {
	const requests = new OtlpRequests();
	for await (const event of readEvents()) {
		requests.add(event);
	}

	const output = createWriteStream(out);
	const zip = new Zip((error, data, final) => {
		if (error) {
			throw error;
		}
		output.write(data);
		if (final) {
			output.end();
		}
	});
	for (const { name, chunks } of requests.finish()) {
		const entry = new ZipDeflate(name, { level: 9 });
		zip.add(entry);
		for (const chunk of chunks) {
			entry.push(chunk);
		}
		entry.push(new Uint8Array(), true);
	}
	zip.end();
	await finished(output);
}

await (format === "otlp" ? exportOtlp() : exportJson());
