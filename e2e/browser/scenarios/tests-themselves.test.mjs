/** The other scenarios can fail: every fault that they look for is found in a page that has it. */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { until } from "../../../scripts/testing/waiting.mjs";
import { violations } from "../checks/accessibility.mjs";
import { horizontalOverflow, unreachableTables, unreadableLabels } from "../checks/layout.mjs";
import { externalReferences } from "../checks/self-contained.mjs";
import { readDocument, readSource } from "../checks/source.mjs";
import { injectionMarker } from "../chromium/open-page.mjs";
import { useBrowser } from "../chromium/report-browser.mjs";

const browser = useBrowser();

/**
 * @param {string} body
 * @param {string} [head]
 */
function html(body, head = "") {
	return (
		'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Page</title>' +
		`${head}</head>\n<body>\n<main><h1>Page</h1>${body}</main>\n</body>\n</html>\n`
	);
}

let pagesWritten = 0;

/**
 * @param {string} text of a page
 * @returns {string} its file
 */
function written(text) {
	const folder = path.join(scratchFolder(), "tests-themselves");
	mkdirSync(folder, { recursive: true });
	const file = path.join(folder, `${++pagesWritten}.html`);
	writeFileSync(file, text);
	return file;
}

const policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">';

describe("messages and requests", () => {
	it("are none, except for the page, if it is self-contained", async () => {
		await browser.open(written(html("<p>Text.</p>", policy)), {}, async (tab) => {
			await tab.settle();
			assert.deepEqual(tab.messages, []);
			assert.equal(tab.requests.length, 1);
			assert.equal(await tab.injectedScriptRan(), false);
		});
	});

	for (const [what, body, head, expected] of /** @type {const} */ ([
		["a console message", '<script>console.debug("word")</script>', "", /^console\.debug/m],
		["an exception", "<script>none()</script>", "", /^exception: .*none is not defined/m],
		["a dialog", "<script>alert(1)</script>", "", /^dialog/m],
		["a window", '<script>open("about:blank")</script>', "", /^window/m],
		["a script that the policy forbids", "<script>1</script>", policy, /^log: .*script-src/m],
		["a style that the policy forbids", '<p style="color: red">x</p>', policy, /^log: .*style-src/m],
		["a picture that the policy forbids", '<img alt="x" src="a.png">', policy, /^log: .*img-src/m],
		["a file that is missing", '<img alt="x" src="a.png">', "", /^log: .*ERR_FILE_NOT_FOUND/m],
		["a broken policy as an issue", '<p style="color: red">x</p>', policy, /^issue: .*kInline/m],
		["quirks as an issue", "", "", /^issue: .*Quirks/m],
	])) {
		it(`include ${what}`, async () => {
			const page = what.startsWith("quirks") ? "<title>x</title><p>x</p>" : html(body, head);
			await browser.open(written(page), {}, async (tab) => {
				await until(what, () => expected.test(tab.messages.join("\n")));
			});
		});
	}

	for (const address of ["http://127.0.0.1:1/", "http://coder.example.com/", "ws://127.0.0.1:1/", "a.png"]) {
		it(`include a request for ${address}, which fails`, async () => {
			const socket = `<script>new WebSocket("${address}")</script>`;
			const body = address.startsWith("ws") ? socket : `<img alt="" src="${address}">`;
			await browser.open(written(html(body)), {}, async (tab) => {
				await until(address, () =>
					/ERR_(INTERNET_DISCONNECTED|NAME_NOT_RESOLVED|FILE_NOT_FOUND)/.test(tab.messages.join("\n")),
				);
				assert.equal(tab.requests.length, 2);
				assert.ok(tab.requests[1]?.endsWith(address));
			});
		});
	}

	it("show whether a script of the telemetry ran", async () => {
		const body = `<script>globalThis.${injectionMarker} = 1</script>`;
		await browser.open(written(html(body)), {}, async (tab) => {
			assert.equal(await tab.injectedScriptRan(), true);
		});
		await browser.open(written(html(body)), { scripts: false }, async (tab) => {
			assert.equal(await tab.injectedScriptRan(), false);
		});
	});
});

describe("external references", () => {
	it("do not include what a page needs", async () => {
		const body = '<a href="#x">x</a><p id="x" class="y">x</p><svg role="img"><title>x</title></svg>';
		await browser.open(written(html(body, "<style>p { color: red }</style>")), {}, async (tab) => {
			assert.deepEqual(await tab.evaluate(externalReferences), []);
		});
	});

	it("are all found", async () => {
		const places = [
			'<a href="https://coder.example.com/">x</a>',
			'<a href="javascript:alert(1)">x</a>',
			'<a href="#nowhere">x</a>',
			'<p onclick="x()">x</p>',
			'<p style="color: red">x</p>',
			"<iframe></iframe>",
			"<img alt='x'>",
			'<svg><path fill="url(https://coder.example.com/)"/></svg>',
			"<style>p { background: url(x.png) }</style>",
		];
		await browser.open(written(html(places.join("\n"))), {}, async (tab) => {
			assert.equal((await tab.evaluate(externalReferences)).length, places.length);
		});
	});
});

describe("the structure of a page", () => {
	it("is the structure of its source if nothing is misplaced", async () => {
		const page = html(
			'<table><tbody><tr><td><data value="1">1 &amp; 2</data></td></tr></tbody></table><br>' +
				'<svg role="img"><title>x &lt; y</title><path d="M0 0"/></svg><p>a<br>b</p>',
			"<style>a > b { color: red }</style>",
		);
		await browser.open(written(page), { scripts: false }, async (tab) => {
			assert.deepEqual(await tab.evaluate(readDocument), readSource(page));
		});
	});

	for (const body of [
		"<table><tr><td>x</td></tr></table>",
		"<table><tbody><p>x</p></tbody></table>",
		"<p><p>x</p></p>",
		"<a>1<a>2</a></a>",
		"<svg><p>x</p></svg>",
		"<h2><b><i>x</i></b></h2><b><p>x</p></b><p><ul><li>x</li></ul></p>",
	]) {
		it(`differs from its source for ${body}`, async () => {
			await browser.open(written(html(body)), { scripts: false }, async (tab) => {
				assert.notDeepEqual((await tab.evaluate(readDocument)).elements, readSource(html(body)).elements);
			});
		});
	}

	for (const [body, reason] of /** @type {const} */ ([
		["<p>", /closes an element that is not open/],
		["</p>", /closes an element that is not open/],
		["a < b", /A stray </],
		["a & b", /A stray &/],
		["<p title='x'>x</p>", /A stray </],
	])) {
		it(`cannot be read from ${body}`, () => {
			assert.throws(() => readSource(html(body)), reason);
		});
	}
});

describe("accessibility violations", () => {
	it("are not found in a plain page", async () => {
		await browser.open(written(html("<p>Text.</p>", policy)), {}, async (tab) => {
			assert.deepEqual(await violations(tab), []);
		});
	});

	it("include low contrast, in the colour scheme that has it", async () => {
		const style = "<style>@media (prefers-color-scheme: dark) { p { color: #ddd } }</style>";
		for (const [scheme, rules] of /** @type {const} */ ([
			["light", []],
			["dark", ["color-contrast"]],
		])) {
			await browser.open(written(html("<p>Text.</p>", style)), { scheme }, async (tab) => {
				assert.deepEqual(
					(await violations(tab)).map(({ rule }) => rule),
					rules,
				);
			});
		}
	});
});

describe("a layout fault", () => {
	const wideTable = '<table id="wide"><tbody><tr><td><p>x</p></td></tr></tbody></table>';
	const style = "<style>td p { width: 900px } .region { overflow-x: auto }</style>";

	it("is a page wider than the window", async () => {
		await browser.open(written(html(wideTable, style)), { width: 400 }, async (tab) => {
			assert.ok((await tab.evaluate(horizontalOverflow)) > 400);
			assert.deepEqual(await tab.evaluate(unreachableTables), ["wide"]);
		});
	});

	it("is a table that scrolls, but not by keyboard", async () => {
		for (const [attributes, expected] of /** @type {const} */ ([
			["", ["wide"]],
			[' tabindex="0"', []],
		])) {
			const body = `<div class="region"${attributes}>${wideTable}</div>`;
			await browser.open(written(html(body, style)), { width: 400 }, async (tab) => {
				assert.equal(await tab.evaluate(horizontalOverflow), 0);
				assert.deepEqual(await tab.evaluate(unreachableTables), expected);
			});
		}
	});

	for (const [what, labels, expected] of /** @type {const} */ ([
		["not reported if labels have room", '<text x="10" y="20">a</text><text x="60" y="20">b</text>', /^$/],
		["a label that is cut off", '<text x="190" y="20">long</text>', /^: "long" is cut off$/],
		[
			"a label over another",
			'<text x="10" y="20">long</text><text x="20" y="20">b</text>',
			/^: "long" and "b" overlap$/,
		],
		["a small label", '<text x="10" y="20" font-size="5">a</text>', /^: "a" is \d\.\d pixels high$/],
	])) {
		it(`is ${what}`, async () => {
			const body = `<svg width="200" height="50">${labels}</svg>`;
			await browser.open(written(html(body)), {}, async (tab) => {
				assert.match((await tab.evaluate(unreadableLabels, 9)).join("\n"), expected);
			});
		});
	}
});
