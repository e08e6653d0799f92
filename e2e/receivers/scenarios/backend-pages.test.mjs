/** The Collector understands the blocks that the pages of backends give, in the configuration that users put them into. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { repository } from "../../../scripts/set-up.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { collectorProgram } from "../collector/build.mjs";
import { exampleConfiguration } from "../collector/configuration.mjs";

const pages = path.join(repository, "examples", "collector", "backends");
const scratch = path.join(scratchFolder(), "backend-pages");
mkdirSync(scratch);

/** What a build from the manifest does not have. */
const missingReceivers = /^otlp_json_file\//;
const missingExporters = /^(?:splunk_hec|elasticsearch)$/;

for (const page of readdirSync(pages)) {
	describe(`the page ${page}`, () => {
		const text = readFileSync(path.join(pages, page), "utf8");
		const blocks = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map((block) => parse(block[1] ?? ""));
		const whole = blocks.filter((block) => block.service !== undefined);

		it("has one configuration, and perhaps other exporters for it", () => {
			assert.equal(whole.length, 1);
		});

		for (const [index, block] of blocks.entries()) {
			const exporters = Object.keys(block.exporters).filter((name) => !missingExporters.test(name));
			if (exporters.length === 0) {
				continue;
			}
			it(`gives exporters that the Collector understands: ${exporters.join(", ")}`, () => {
				const configuration = complete(whole[0], block);
				const file = path.join(scratch, `${page}-${index}.json`);
				writeFileSync(file, JSON.stringify(configuration));
				const { status, stderr } = spawnSync(collectorProgram, ["validate", `--config=${file}`], {
					env: { ...process.env, ...placeholders(text) },
					encoding: "utf8",
					timeout: 30_000,
				});
				assert.equal(status, 0, stderr);
			});
		}
	});
}

/**
 * The configuration that users copy, with the page's block in it, and without what is not built.
 *
 * @param {any} whole the block that has the pipelines
 * @param {any} block it, or one that has other exporters for the same pipelines
 * @returns {any}
 */
function complete(whole, block) {
	const configuration = exampleConfiguration();
	Object.assign(configuration.connectors.span_metrics, block.connectors?.span_metrics);
	Object.assign(configuration, {
		exporters: without(block.exporters, missingExporters),
		service: whole.service,
	});
	configuration.receivers = without(configuration.receivers, missingReceivers);

	const others = Object.keys(configuration.exporters);
	for (const [name, pipeline] of Object.entries(whole.service.pipelines)) {
		const isThere = (/** @type {string} */ exporter) =>
			exporter in configuration.exporters || exporter in configuration.connectors;
		const named = pipeline.exporters.filter(isThere);
		const exporters = block === whole ? named : [...new Set([...named, ...others])];
		const receivers = pipeline.receivers.filter((/** @type {string} */ one) => !missingReceivers.test(one));
		if (exporters.length === 0) {
			delete configuration.service.pipelines[name];
		} else {
			configuration.service.pipelines[name] = { ...pipeline, exporters, receivers };
		}
	}
	return configuration;
}

/**
 * @param {Record<string, unknown>} components
 * @param {RegExp} missing
 */
function without(components, missing) {
	return Object.fromEntries(Object.entries(components).filter(([name]) => !missing.test(name)));
}

/**
 * @param {string} text
 * @returns {Record<string, string>} a value for every variable that a page names
 */
function placeholders(text) {
	const names = [...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => name ?? "");
	return Object.fromEntries(
		names.map((name) => [name, name.endsWith("_URL") ? "http://127.0.0.1:9" : "value"]),
	);
}
