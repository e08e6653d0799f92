/** That the other scenarios can fail: each fault that they look for is found in a page that has it. */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { until } from "../../../scripts/testing/waiting.mjs";
import { traceOfRunning } from "../chromium/open-page.mjs";
import { useBrowser } from "../chromium/report-browser.mjs";
import { violations } from "../judges/accessibility.mjs";
import { placesThatReachOut } from "../judges/addresses.mjs";
import { pixelsBesideTheWindow, tablesOutOfReach, unreadableLabels } from "../judges/layout.mjs";
import { readDocument, readSource } from "../judges/source.mjs";

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

/** @param {string} text of a page */
function written(text) {
	const folder = path.join(scratchFolder(), "tests-themselves");
	mkdirSync(folder, { recursive: true });
	const file = path.join(folder, `${++pagesWritten}.html`);
	writeFileSync(file, text);
	return file;
}

const policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">';

describe("what a browser says and asks for", () => {
	it("is nothing but the page where that is all it holds", async () => {
		await browser.look(written(html("<p>Text.</p>", policy)), {}, async (tab) => {
			await tab.settle();
			assert.deepEqual(tab.said, []);
			assert.equal(tab.asked.length, 1);
			assert.equal(await tab.ranFromTheData(), false);
		});
	});

	for (const [what, body, head, expected] of /** @type {const} */ ([
		["a word on the console", '<script>console.debug("word")</script>', "", /^console\.debug/m],
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
		it(`has ${what}`, async () => {
			const page = what.startsWith("quirks") ? "<title>x</title><p>x</p>" : html(body, head);
			await browser.look(written(page), {}, async (tab) => {
				await until(what, () => expected.test(tab.said.join("\n")));
			});
		});
	}

	for (const address of ["http://127.0.0.1:1/", "http://coder.example.com/", "ws://127.0.0.1:1/", "a.png"]) {
		it(`has a request for ${address}, which leads nowhere`, async () => {
			const socket = `<script>new WebSocket("${address}")</script>`;
			const body = address.startsWith("ws") ? socket : `<img alt="" src="${address}">`;
			await browser.look(written(html(body)), {}, async (tab) => {
				await until(address, () =>
					/ERR_(INTERNET_DISCONNECTED|NAME_NOT_RESOLVED|FILE_NOT_FOUND)/.test(tab.said.join("\n")),
				);
				assert.equal(tab.asked.length, 2);
				assert.ok(tab.asked[1]?.endsWith(address));
			});
		});
	}

	it("has a script of the telemetry that ran", async () => {
		const body = `<script>globalThis.${traceOfRunning} = 1</script>`;
		await browser.look(written(html(body)), {}, async (tab) => {
			assert.equal(await tab.ranFromTheData(), true);
		});
		await browser.look(written(html(body)), { scripts: false }, async (tab) => {
			assert.equal(await tab.ranFromTheData(), false);
		});
	});
});

describe("the places that reach out", () => {
	it("are none of those that a page needs", async () => {
		const body = '<a href="#x">x</a><p id="x" class="y">x</p><svg role="img"><title>x</title></svg>';
		await browser.look(written(html(body, "<style>p { color: red }</style>")), {}, async (tab) => {
			assert.deepEqual(await tab.evaluate(placesThatReachOut), []);
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
		await browser.look(written(html(places.join("\n"))), {}, async (tab) => {
			assert.equal((await tab.evaluate(placesThatReachOut)).length, places.length);
		});
	});
});

describe("the structure of a page", () => {
	it("is that of its source where nothing is misplaced", async () => {
		const page = html(
			'<table><tbody><tr><td><data value="1">1 &amp; 2</data></td></tr></tbody></table><br>' +
				'<svg role="img"><title>x &lt; y</title><path d="M0 0"/></svg><p>a<br>b</p>',
			"<style>a > b { color: red }</style>",
		);
		await browser.look(written(page), { scripts: false }, async (tab) => {
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
		it(`is not that of ${body}`, async () => {
			await browser.look(written(html(body)), { scripts: false }, async (tab) => {
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
		it(`cannot be read of ${body}`, () => {
			assert.throws(() => readSource(html(body)), reason);
		});
	}
});

describe("a page that hinders somebody", () => {
	it("is none of the plain ones", async () => {
		await browser.look(written(html("<p>Text.</p>", policy)), {}, async (tab) => {
			assert.deepEqual(await violations(tab), []);
		});
	});

	it("is found by contrast, in the scheme that lacks it", async () => {
		const style = "<style>@media (prefers-color-scheme: dark) { p { color: #ddd } }</style>";
		for (const [scheme, rules] of /** @type {const} */ ([
			["light", []],
			["dark", ["color-contrast"]],
		])) {
			await browser.look(written(html("<p>Text.</p>", style)), { scheme }, async (tab) => {
				assert.deepEqual(
					(await violations(tab)).map(({ rule }) => rule),
					rules,
				);
			});
		}
	});
});

describe("a place that cannot be read", () => {
	const wideTable = '<table id="wide"><tbody><tr><td><p>x</p></td></tr></tbody></table>';
	const style = "<style>td p { width: 900px } .region { overflow-x: auto }</style>";

	it("is a page wider than the window", async () => {
		await browser.look(written(html(wideTable, style)), { width: 400 }, async (tab) => {
			assert.ok((await tab.evaluate(pixelsBesideTheWindow)) > 400);
			assert.deepEqual(await tab.evaluate(tablesOutOfReach), ["wide"]);
		});
	});

	it("is a table that scrolls, but not by keyboard", async () => {
		for (const [attributes, expected] of /** @type {const} */ ([
			["", ["wide"]],
			[' tabindex="0"', []],
		])) {
			const body = `<div class="region"${attributes}>${wideTable}</div>`;
			await browser.look(written(html(body, style)), { width: 400 }, async (tab) => {
				assert.equal(await tab.evaluate(pixelsBesideTheWindow), 0);
				assert.deepEqual(await tab.evaluate(tablesOutOfReach), expected);
			});
		}
	});

	for (const [what, labels, expected] of /** @type {const} */ ([
		["none where labels have room", '<text x="10" y="20">a</text><text x="60" y="20">b</text>', /^$/],
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
			await browser.look(written(html(body)), {}, async (tab) => {
				assert.match((await tab.evaluate(unreadableLabels, 9)).join("\n"), expected);
			});
		});
	}
});
