import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { words } from "./page-elements.mjs";
import { numbersIn, readReportPage, rowsOf } from "./report-page.mjs";

const table = `<table id="fields"><caption>Fields</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Events</th><th scope="col">Seen</th><th scope="col">Examples</th></tr></thead>
<tbody><tr class="group"><th scope="rowgroup" colspan="4">Every event: row</th></tr>
<tr class="marked"><th scope="row" data-label="Field"><bdi>a &amp; &#98;</bdi></th><td data-label="Events"><data value="1049">1,049</data></td>
<td data-label="Seen"><time datetime="2026-06-01T08:21:18.749Z">2026-06-01 08:21:18.749</time></td>
<td class="long" data-label="Examples"><ul><li><bdi>one</bdi></li><li><bdi>two ⟨U+202E⟩</bdi>…</li><li><span class="none">(empty)</span></li><li><data value="2.25e-9">2.25e-9</data></li></ul></td></tr></tbody>
<tbody><tr class="group"><th scope="rowgroup" colspan="4"><bdi>activation</bdi>: <data value="3">3</data> events</th></tr>
<tr><th scope="row" data-label="Field"><bdi>b</bdi></th><td data-label="Events"><data value="0.5">0.5</data></td><td data-label="Seen"><span class="none">(none)</span></td><td></td></tr>
<tr class="other"><th scope="row" colspan="2">other fields</th><td></td><td><svg role="img"><path d="M0 0"/></svg></td></tr></tbody></table>
<p class="more" data-table="fields" data-more="1204">and 1,204 more</p>`;

/**
 * @param {string} content of one of the sections
 * @returns {string}
 */
function page(content) {
	const sections = ["about", "sharing", "failures", "operations", "network", "activity", "quality"].map(
		(id) =>
			`<section id="${id}"><h2>About ${id}</h2>${id === "sharing" ? content : '<p class="nothing">None.</p>'}</section>`,
	);
	return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>T</title><style>a > b { color: red }</style></head>
<body><nav><a href="#about">About</a></nav>${sections.join("\n")}<script>if (1 < 2 && 3 > 2) {}</script></body></html>
`;
}

describe("the reader of report pages", () => {
	it("reads tables by column title, with exact values", () => {
		const { tables, sections } = readReportPage(page(table));
		const fields = tables.get("fields");
		assert.ok(fields);
		assert.equal(fields.section, "sharing");
		assert.equal(fields.more, 1204n);
		assert.deepEqual(fields.titles, ["Field", "Events", "Seen", "Examples"]);
		assert.deepEqual(
			fields.groups.map(({ header }) => [header?.text, header?.number]),
			[
				["Every event: row", undefined],
				["activation", 3n],
			],
		);
		const [first, second] = rowsOf(fields);
		assert.ok(first);
		assert.ok(first.classes.has("marked"));
		assert.equal(first.cells.get("Field")?.text, "a & b");
		assert.equal(first.cells.get("Events")?.number, 1049n);
		assert.equal(first.cells.get("Seen")?.time, "2026-06-01T08:21:18.749Z");
		assert.deepEqual(first.cells.get("Examples")?.list, [
			{ text: "one", isCut: false, shown: "one" },
			{ text: "two ⟨U+202E⟩", isCut: true, shown: "two ⟨U+202E⟩…" },
			{ text: "", isCut: false, shown: "(empty)" },
			{ text: "2.25e-9", isCut: false, shown: "2.25e-9" },
		]);
		assert.equal(second?.cells.get("Events")?.number, 0.5);
		assert.equal(second?.cells.get("Seen")?.text, "");
		const other = fields.groups[1]?.other;
		assert.equal(other?.cells.get("Field")?.shown, "other fields");
		assert.ok(other?.cells.get("Examples")?.hasPicture);
		assert.deepEqual(sections[0], { id: "about", title: "About about", nothing: ["None."] });
	});

	it("reads lists, and numbers in sentences", () => {
		const list =
			'<ul id="warnings"><li><bdi>w</bdi></li></ul><p class="more" data-table="warnings" data-more="2">and 2 more</p>';
		const read = readReportPage(
			page(`<p id="p">So <data value="2">2</data> of <data value="9">9</data></p>${list}`),
		);
		assert.deepEqual(read.lists.get("warnings"), {
			items: [{ text: "w", isCut: false, shown: "w" }],
			more: 2n,
		});
		const sentence = read.element("p");
		assert.ok(sentence);
		assert.equal(words(sentence), "So 2 of 9");
		assert.deepEqual(numbersIn(sentence), [2n, 9n]);
	});

	for (const [what, from, to] of [
		["an element that is not closed", "</caption>", ""],
		["an element that is closed twice", "</caption>", "</caption></caption>"],
		["an attribute without quotes", 'colspan="2"', "colspan=2"],
		["an attribute that occurs twice", 'colspan="2"', 'colspan="2" colspan="3"'],
		["a bare ampersand", "&amp;", "&"],
		["an unknown entity", "&amp;", "&nbsp;"],
		["a bare greater-than sign", "other fields", "other > fields"],
		["a hidden character", "other fields", "other\u202e fields"],
		["a carriage return", "other fields", "other\r fields"],
		["a style attribute", "<caption>", '<caption style="">'],
		["an event handler", "<caption>", '<caption onclick="x">'],
		["a link to elsewhere", "#about", "https://coder.example.com"],
		["a link to nothing", "#about", "#nothing"],
		["two elements with one id", "<caption>", '<caption id="fields">'],
		["two columns with one title", ">Seen<", ">Events<"],
		["a row that is too long", '<tr class="marked">', '<tr class="marked"><td></td>'],
		["a row that is too short", "<td></td></tr>", "</tr>"],
		[
			"a row without a header",
			'<th scope="row" data-label="Field"><bdi>b</bdi></th>',
			"<td><bdi>b</bdi></td>",
		],
		["a value without the title of its column", '<td data-label="Events">', "<td>"],
		["a value with the title of another column", 'data-label="Seen"', 'data-label="Events"'],
		[
			"a row after the row for the rest",
			'<tr class="other">',
			'<tr class="other"><th scope="row" colspan="4">other</th></tr><tr>',
		],
		["a number with grouping", 'value="1049"', 'value="1,049"'],
		["a number with an exponent", 'value="0.5"', 'value="5e-1"'],
		["a time that is shown differently", ">2026-06-01 08", ">2026-06-01 09"],
		["a time with trailing zeros", "18.749", "18.7490"],
		["a wrong number of rows left out", "and 1,204", "and 1,205"],
		["rows left out of a missing table", 'data-table="fields"', 'data-table="field"'],
		["a section that is missing", 'id="quality"', 'id="qualities"'],
		["text between rows", "</tr></tbody>", "</tr>text</tbody>"],
	]) {
		it(`refuses ${what}`, () => {
			const whole = page(table);
			const changed = whole.replaceAll(String(from), String(to));
			assert.notEqual(changed, whole);
			assert.throws(() => readReportPage(changed), Error);
		});
	}
});
