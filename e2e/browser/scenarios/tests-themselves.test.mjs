/** The other scenarios can fail: every fault that they look for is found in a page that has it. */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { until } from "../../../scripts/testing/waiting.mjs";
import { violations } from "../checks/accessibility.mjs";
import { lowContrast, meaningByColourAlone, pageColours } from "../checks/colours.mjs";
import { invisibleFocus, sessionBars } from "../checks/keyboard.mjs";
import { brokenWords, horizontalOverflow, unlabelledColumns, unreadableLabels } from "../checks/layout.mjs";
import { cutText, overlappingText, paintedLines } from "../checks/painted-text.mjs";
import { externalReferences } from "../checks/self-contained.mjs";
import { readDocument, readSource } from "../checks/source.mjs";
import { injectionMarker } from "../chromium/open-page.mjs";
import { useBrowser } from "../chromium/report-browser.mjs";
import { looks } from "../chromium/themes.mjs";

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
	const wideTable = "<table><tbody><tr><td><p>x</p></td></tr></tbody></table>";
	const style = "<style>td p { width: 900px }</style>";

	it("is a page wider than the window", async () => {
		await browser.open(written(html(wideTable, style)), { width: 400 }, async (tab) => {
			assert.ok((await tab.evaluate(horizontalOverflow)) > 400);
		});
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

describe("text that cannot be read", () => {
	const width = 400;
	const long = "W".repeat(60);
	for (const [what, style, body, cut, overlaps] of /** @type {const} */ ([
		["is not in a plain page", "", "<p>One line.</p><p>Two <b>words</b> <i>more</i></p>", /^$/, 0],
		["is not in closed details", "", `<details><summary>s</summary><p>${long}</p></details>`, /^$/, 0],
		[
			"is not what only screen readers read",
			"b { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; white-space: nowrap }" +
				" i::before { content: 'mark'; position: absolute; clip-path: inset(50%); width: 1px }",
			"<p><b>Label of a part</b>text <i>part</i></p>",
			/^$/,
			0,
		],
		[
			"is cut off by its box",
			"p { overflow: hidden }",
			`<p>${long}</p>`,
			/main p: "W+" is cut off by its p/,
			0,
		],
		[
			"is cut off in height",
			"p { overflow: hidden; height: 1em }",
			"<p>one<br>two</p>",
			/main p: "two" is cut off by its p by \d+ pixels in height$/,
			0,
		],
		[
			"ends in an ellipsis",
			"p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }",
			`<p>${"word ".repeat(40)}</p>`,
			/main p: "word .*" is cut off by its p/,
			0,
		],
		["must be scrolled", "p { overflow-x: auto }", `<p>${long}</p>`, /"W+" must be scrolled in its p/, 0],
		["is outside the window", "html { width: 2000px }", `<p>${long}</p>`, /"W+" is outside the window by/, 0],
		[
			"sticks out of its cell",
			"table { table-layout: fixed; width: 300px }",
			`<table><tbody><tr><td>${"W".repeat(12)}</td><td></td></tr></tbody></table>`,
			/tbody tr td: "W+" sticks out of its td by/,
			0,
		],
		[
			"overlaps the next cell",
			"table { table-layout: fixed; width: 300px }",
			`<table><tbody><tr><td>${"W".repeat(12)}</td><td>next</td></tr></tbody></table>`,
			/tbody tr td: "W+" sticks out of its td by/,
			1,
		],
		[
			"is a pseudo-element's",
			"p::after { content: ' after'; white-space: nowrap; position: relative; left: 390px }",
			"<p>text</p>",
			/p ::after: "after" sticks out/,
			0,
		],
		[
			"is painted over other text",
			"b { position: absolute; left: 30px }",
			"<p><b>over</b>under all</p>",
			/^$/,
			1,
		],
		[
			"is a label of a chart",
			"svg { display: block; overflow: visible; width: 300px; height: 40px }",
			'<svg><text x="250" y="20">a label that is long</text><text x="260" y="22">b</text></svg>',
			/^svg text: "a label that is long" is outside the window/,
			1,
		],
	])) {
		it(what, async () => {
			await browser.open(written(html(body, `<style>${style}</style>`)), { width }, async (tab) => {
				const lines = await paintedLines(tab);
				assert.ok(lines.length > 0);
				assert.match(cutText(lines, width).join("\n"), cut);
				assert.equal(overlappingText(lines).length, overlaps);
			});
		});
	}
});

describe("columns of tables", () => {
	const rows =
		'<tbody><tr><th scope="row">r</th><td data-label="Count">1</td><td data-label="Rate">2</td></tr></tbody>';
	const table = `<table><thead><tr><th>Name</th><th>Count</th><th>Rate</th></tr></thead>${rows}</table>`;
	for (const [what, style, expected] of /** @type {const} */ ([
		["are labelled by their titles", "", []],
		[
			"are not if the titles are hidden",
			"thead { display: none }",
			['"Count" is not shown at 1 values', '"Rate" is not shown at 1 values'],
		],
		[
			"are labelled by a label at each value",
			"thead { display: none } td::before { content: attr(data-label) }",
			[],
		],
		[
			"are not by a wrong label",
			"thead { position: absolute; clip-path: inset(50%) } td::before { content: 'Count: ' }",
			['"Rate" is not shown at 1 values'],
		],
	])) {
		it(what, async () => {
			await browser.open(written(html(table, `<style>${style}</style>`)), {}, async (tab) => {
				const found = await tab.evaluate(unlabelledColumns);
				assert.deepEqual(
					found.map((text) => text.replace(/^.*?: /, "")),
					expected,
				);
			});
		});
	}
});

describe("names in cells", () => {
	const name = "remote.<wbr>workspace_<wbr>ready";
	for (const [what, width, expected] of /** @type {const} */ ([
		["may break between their words", "7rem", []],
		["whose words are broken are found", "3rem", ["remote.workspace_ready"]],
	])) {
		it(what, async () => {
			const style = `<style>td { display: block; overflow-wrap: anywhere; width: ${width} }</style>`;
			const table = `<table><tbody><tr><td><bdi>${name}</bdi></td></tr></tbody></table>`;
			await browser.open(written(html(table, style)), {}, async (tab) => {
				assert.deepEqual(await tab.evaluate(brokenWords), expected);
			});
		});
	}
});

describe("colours", () => {
	for (const [what, style, body, expected] of /** @type {const} */ ([
		["of a plain page have contrast", "", "<p>Text.</p>", /^$/],
		[
			"of faint text are found",
			"p { color: #999 }",
			"<p>x</p>",
			/^#999999 on #ffffff is 2\.\d\d of 4\.5: text of p \(1\)$/,
		],
		["of large text may be fainter", "p { color: #8a8a8a; font-size: 24px }", "<p>x</p>", /^$/],
		[
			"of text on a translucent ground are blended",
			"p { background: #0009 }",
			"<p>x</p>",
			/^#000000 on #666666 is 3\.\d\d of 4\.5/,
		],
		[
			"of pseudo-elements are found",
			"p::before { content: 'x'; color: #ccc }",
			"<p>x</p>",
			/text of p::before/,
		],
		[
			"of faint marks are found",
			"",
			'<svg><rect width="50" height="50" fill="#ddd"/></svg>',
			/mark \(rect\) of a chart/,
		],
		[
			"of a faint mark with an outline are not",
			"",
			'<svg><rect width="50" height="50" fill="#ddd" stroke="#333"/></svg>',
			/^$/,
		],
		["of grid lines are not", "", '<svg><path d="M0 5H200" fill="none" stroke="#eee"/></svg>', /^$/],
		[
			"of faint areas are found",
			"i { display: block; width: 50px; height: 9px; background: #eee }",
			"<i></i>",
			/area of i/,
		],
	])) {
		it(what, async () => {
			await browser.open(written(html(body, `<style>${style}</style>`)), {}, async (tab) => {
				assert.match((await lowContrast(tab)).join("\n"), expected);
			});
		});
	}

	const chart = (/** @type {string} */ marks, legend = "") =>
		`<figure><svg width="200" height="50"><title>T</title>${marks}</svg>${legend}</figure>`;
	const red = '<rect width="50" height="50" fill="#c05050"';
	const green = '<rect x="60" width="50" height="50" fill="#7a7a30"';
	const sign = (/** @type {string} */ colour) =>
		`<li><svg width="10" height="10"><rect width="10" height="10" fill="${colour}"/></svg> name</li>`;
	const legend = `<ul>${sign("#c05050")}${sign("#7a7a30")}${sign("#1d4f91")}</ul>`;
	for (const [what, body, expected] of /** @type {const} */ ([
		["of one kind of mark mean nothing", chart(`${red}/>`), /^$/],
		[
			"without a name are found",
			chart(`${red}/><rect width="9" height="9" fill="#1d4f91"/>`),
			/#c05050 has no name in text/,
		],
		["have names in a legend", chart(`${red}/><rect width="9" height="9" fill="#1d4f91"/>`, legend), /^$/],
		[
			"that look alike without red or green are found",
			chart(`${red}/>${green}/>`, legend),
			/differ by 0\.0\d+ with/,
		],
		["may look alike if marks have patterns", chart(`${red}/>${green} stroke-dasharray="2"/>`, legend), /^$/],
	])) {
		it(what, async () => {
			await browser.open(written(html(body)), {}, async (tab) => {
				assert.match((await meaningByColourAlone(tab, 0.1)).join("\n"), expected);
			});
		});
	}

	it("of the editor are taken by pages that use its variables", async () => {
		const style = "<style>body { background: var(--vscode-editor-background, #eee) }</style>";
		const file = written(html("<p>Text.</p>", style));
		for (const [look, background] of /** @type {const} */ ([
			[looks.light, "#eeeeee"],
			[looks.editorDark, "#1f1f1f"],
			[looks.highContrast, "#000000"],
		])) {
			assert.equal((await browser.open(file, look, pageColours)).background, background);
		}
	});
});

describe("the keyboard", () => {
	for (const [what, style, expected] of /** @type {const} */ ([
		["shows the focus of browsers", "", /^$/],
		["finds a focus without an outline", ":focus { outline: none }", /^a "x" looks as without the focus$/],
		[
			"finds a faint outline",
			":focus { outline: 2px solid #eee }",
			/^a "x" has an outline with a contrast of 1\.\d+$/,
		],
		["accepts another background", ":focus { outline: none; background: #ff0 }", /^$/],
		["finds hidden links", "a { position: absolute; clip-path: inset(50%) }", /is not shown while/],
	])) {
		it(what, async () => {
			const page = html('<p><a href="#y">x</a></p><p id="y">y</p>', `<style>${style}</style>`);
			await browser.open(written(page), {}, async (tab) => {
				const { stops, faults } = await invisibleFocus(tab, 9);
				assert.equal(stops, 1);
				assert.match(faults.join("\n"), expected);
			});
		});
	}

	it("shows labels of bars, or does not", async () => {
		const bar = (/** @type {string} */ name) =>
			`<g tabindex="0" role="img" aria-label="${name}"><rect x="10" y="10" width="30" height="8"/>` +
			'<text x="10" y="40">12 events</text></g>';
		const style = "g text { visibility: hidden } .good :is(g:focus, g:hover) text { visibility: visible }";
		for (const kind of ["good", "bad"]) {
			const body = `<figure class="${kind}"><figcaption>Sessions over time</figcaption><svg>${bar("s 1")}</svg></figure>`;
			await browser.open(written(html(body, `<style>${style}</style>`)), {}, async (tab) => {
				const { count, bars } = await sessionBars(tab, 5);
				const shown = kind === "good" ? ["12 events"] : [];
				assert.equal(count, 1);
				assert.equal(bars[0]?.name, "s 1");
				assert.deepEqual([bars[0]?.onFocus, bars[0]?.onHover], [shown, shown]);
			});
		}
		const plain = "<figure><figcaption>Sessions</figcaption><svg><rect width='9' height='9'/></svg></figure>";
		await browser.open(written(html(plain)), {}, async (tab) => {
			assert.equal((await sessionBars(tab, 5)).count, 0);
		});
	});
});
