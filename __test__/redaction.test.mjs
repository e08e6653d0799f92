import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry, suggestedFileName } from "../index.js";
import { readZip } from "../scripts/zip.mjs";
import { sample, setup } from "./command.mjs";

/** @typedef {import("../index.js").ExportOptions} ExportOptions */

const key = "k".repeat(32);

/**
 * @param {import("node:test").TestContext} test
 * @param {ExportOptions} options
 */
async function exported(test, options) {
	const { out } = setup(test);
	const summary = await exportTelemetry(sample, "allTime", "json", out, options);
	return { text: readFileSync(out, "utf8"), summary };
}

describe("a redacted export", () => {
	it("has pseudonyms, and a summary that agrees with it", async (test) => {
		const plain = await exported(test, {});
		const { text, summary } = await exported(test, { redact: "marked", redactKey: key });
		assert.equal(plain.summary.redaction, undefined);
		assert.match(plain.text, /coder\.example\.com/);
		assert.doesNotMatch(text, /example\.com/);
		assert.match(text, /https:\/\/host-553211c41f646527/);
		const { replaced, ...redaction } = summary.redaction ?? assert.fail("the summary says nothing");
		assert.deepEqual(redaction, {
			version: 1,
			level: "marked",
			key: "given",
			keyId: "a4ad8e34",
			redactFields: [],
			keepFields: [],
			events: summary.eventCount,
		});
		const kinds = Array.from(text.matchAll(/\b([a-z]+)-[0-9a-f]{16}\b/g), ([, kind = ""]) => kind);
		for (const [kind, count] of Object.entries(replaced)) {
			assert.equal(kinds.filter((found) => found === kind).length, count, kind);
		}
		assert.equal(
			kinds.length,
			Object.values(replaced).reduce((sum, count) => sum + count, 0),
		);
	});

	it("takes a key as text or bytes, and makes another one without", async (test) => {
		const text = await exported(test, { redact: "unknown", redactKey: key });
		const bytes = await exported(test, { redact: "unknown", redactKey: Buffer.from(key) });
		const random = await exported(test, { redact: "unknown" });
		assert.equal(text.text, bytes.text);
		assert.notEqual(random.text, text.text);
		assert.equal(random.summary.redaction?.keyId, null);
		assert.equal(random.summary.redaction?.key, "random");
	});

	it("keeps and replaces the fields that are named", async (test) => {
		const { text, summary } = await exported(test, {
			redact: "marked",
			keepFields: ["row.deployment_url"],
			redactFields: ["properties.result"],
		});
		assert.match(text, /coder\.example\.com/);
		assert.doesNotMatch(text, /"result":"success"/);
		assert.deepEqual(summary.redaction?.keepFields, ["row.deployment_url"]);
		assert.deepEqual(summary.redaction?.redactFields, ["properties.result"]);
	});
});

describe("wrong options of a redacted export", () => {
	for (const [name, options, message] of /** @type {[string, any, RegExp][]} */ ([
		["an unknown level", { redact: "all" }, /options\.redact must be 'none', 'marked' or 'unknown'/],
		["fields without a level", { redactFields: ["error.code"] }, /redactFields needs redact/],
		["fields at the level none", { redact: "none", keepFields: ["error.code"] }, /keepFields needs redact/],
		["a key without a level", { redactKey: key }, /redactKey needs redact/],
		[
			"a short key",
			{ redact: "marked", redactKey: "secret" },
			/redactKey has 6 bytes; it must have 32 to 4096/,
		],
		[
			"a key of another type",
			{ redact: "marked", redactKey: 5 },
			/redactKey must be a string or a Uint8Array/,
		],
		[
			"fields that are no list",
			{ redact: "marked", redactFields: "error.code" },
			/must be an array of strings/,
		],
		["a field that is no text", { redact: "marked", keepFields: [5] }, /keepFields\[0\] must be a string/],
		[
			"a field of the measurements",
			{ redact: "marked", keepFields: ["measurements.a"] },
			/does not begin with/,
		],
		[
			"a field in both lists",
			{ redact: "marked", keepFields: ["error.code"], redactFields: ["error.code"] },
			/is in both/,
		],
	])) {
		it(`such as ${name} are refused`, async (test) => {
			const { out } = setup(test);
			await assert.rejects(exportTelemetry(sample, "allTime", "json", out, options), (error) => {
				assert.ok(error instanceof Error && "code" in error);
				assert.equal(error.code, "ERR_INVALID_ARG");
				assert.match(error.message, message);
				assert.doesNotMatch(error.message, /secret/);
				return true;
			});
			assert.equal(existsSync(out), false);
		});
	}
});

describe("the suggested name of a redacted export", () => {
	it("has .redacted before the extension", () => {
		const suggested = (/** @type {any} */ format, /** @type {any} */ redact) =>
			suggestedFileName("2026-06-01", format, redact);
		assert.equal(suggested("json", "marked"), "coder-telemetry-2026-06-01.redacted.json");
		assert.equal(suggested("otlp", "unknown"), "coder-telemetry-2026-06-01.redacted.otlp.zip");
		assert.equal(suggested("html", "marked"), "coder-telemetry-2026-06-01.redacted.html");
		assert.equal(suggested("json", "none"), "coder-telemetry-2026-06-01.json");
		assert.equal(suggested("json", undefined), "coder-telemetry-2026-06-01.json");
		assert.throws(() => suggested("json", "all"), { code: "ERR_INVALID_ARG" });
	});
});

describe("--redact", () => {
	it("writes a file with .redacted in its name, and says how much was replaced", (test) => {
		const { directory, run } = setup(test);
		const { status, stdout, stderr } = run(sample, "--redact", "--range", "2026-06-01..2026-06-30");
		assert.deepEqual([status, stderr], [0, ""]);
		const [file = ""] = readdirSync(directory).filter((name) => name.endsWith(".redacted.json"));
		assert.doesNotMatch(readFileSync(path.join(directory, file), "utf8"), /example\.com/);
		assert.match(stdout, /^redacted +[\d,]+ values in [\d,]+ events$/m);
	});

	it("takes the key from a file without the line end at its end", (test) => {
		const { directory, out, run } = setup(test);
		const keyFile = path.join(directory, "key");
		const pseudonyms = ["", "\n", "\r\n"].map((lineEnd) => {
			writeFileSync(keyFile, key + lineEnd);
			const { status, stdout } = run(
				sample,
				"--redact",
				"--redact-key-file",
				keyFile,
				"--out",
				out,
				"--json",
			);
			assert.equal(status, 0);
			assert.doesNotMatch(stdout, /kkk/);
			return JSON.parse(stdout).redaction.keyId;
		});
		assert.deepEqual(pseudonyms, ["a4ad8e34", "a4ad8e34", "a4ad8e34"]);
		writeFileSync(keyFile, `${key}\n\n`);
		const two = run(sample, "--redact", "--redact-key-file", keyFile, "--out", out, "--json");
		assert.notEqual(JSON.parse(two.stdout).redaction.keyId, "a4ad8e34");
	});

	it("refuses a key that cannot be read, is too short or too long", (test) => {
		const { directory, out, run } = setup(test);
		const keyFile = path.join(directory, "key");
		const refusal = () => {
			const { status, stderr } = run(sample, "--redact", "--redact-key-file", keyFile, "--out", out);
			assert.equal(status, 2);
			assert.equal(existsSync(out), false);
			return stderr;
		};
		assert.match(refusal(), /--redact-key-file: ENOENT/);
		writeFileSync(keyFile, "too short");
		assert.match(refusal(), /redactKey has 9 bytes/);
		writeFileSync(keyFile, "k".repeat(5000));
		assert.match(refusal(), /redactKey has more than 4096 bytes/);
	});

	it("is the same in the manifest of a zip", (test) => {
		const { out, run } = setup(test);
		const { stdout } = run(sample, "--redact-unknown", "--format", "otlp", "--out", out, "--json");
		const { redaction } = JSON.parse(stdout);
		const manifest = JSON.parse(readZip(out).at(-1)?.content().toString("utf8") ?? "");
		assert.deepEqual(manifest.redaction, redaction);
		assert.equal(redaction.level, "unknown");
	});

	it("streams the same bytes to standard output", (test) => {
		const { directory, out, run } = setup(test);
		const keyFile = path.join(directory, "key");
		writeFileSync(keyFile, key);
		const redact = ["--redact", "--redact-key-file", keyFile];
		run(sample, ...redact, "--out", out);
		assert.equal(run(sample, ...redact, "--out", "-").stdout, readFileSync(out, "utf8"));
	});
});
