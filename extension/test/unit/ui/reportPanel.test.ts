import { describe, expect, it } from "vitest";
import type { Page } from "../../../src/export/page.js";
import { ReportPanel } from "../../../src/ui/reportPanel.js";
import { openEditor } from "../../mocks/vscode.js";

/** A page that records when it is closed. */
function pageOf(title: string, closed: string[] = []): Page {
	return { title, html: `<h1>${title}</h1>`, preserveFocus: true, onClose: () => closed.push(title) };
}

function setup() {
	const editor = openEditor();
	const report = new ReportPanel();
	const panel = () => {
		const [first] = editor.panels;
		if (first === undefined) {
			throw new Error("there is no panel");
		}
		return first;
	};
	return { editor, report, panel };
}

describe("the panel of a report", () => {
	it("shows the page under its title", () => {
		const { report, panel } = setup();
		report.show(pageOf("June"));
		expect(panel()).toMatchObject({ title: "June", webview: { html: "<h1>June</h1>" } });
	});

	it("runs no script and no command, and loads no file", () => {
		const { report, panel } = setup();
		report.show(pageOf("June"));
		expect(panel().options).toMatchObject({
			enableScripts: false,
			enableCommandUris: false,
			localResourceRoots: [],
		});
	});

	it("takes the keyboard focus only if the page asks for it, the first time and later", () => {
		const { report, panel } = setup();
		report.show(pageOf("a preview"));
		expect(panel().hasFocus).toBe(false);
		report.show({ ...pageOf("a report"), preserveFocus: false });
		expect(panel().hasFocus).toBe(true);
		report.show(pageOf("a preview"));
		expect(panel().hasFocus).toBe(false);
	});

	it("shows one page at a time, and calls onClose of the page that is replaced", () => {
		const { editor, report, panel } = setup();
		const closed: string[] = [];
		report.show(pageOf("June", closed));
		report.show(pageOf("July", closed));
		expect(editor.panels).toHaveLength(1);
		expect(panel()).toMatchObject({ title: "July", webview: { html: "<h1>July</h1>" } });
		expect(closed).toEqual(["June"]);
	});

	it("calls onClose once when the user closes it", () => {
		const { report, panel } = setup();
		const closed: string[] = [];
		report.show(pageOf("June", closed));
		panel().dispose();
		report.dispose();
		expect(closed).toEqual(["June"]);
	});

	it("opens again after it was closed", () => {
		const { editor, report, panel } = setup();
		const closed: string[] = [];
		report.show(pageOf("June", closed));
		panel().dispose();
		report.show(pageOf("July", closed));
		expect(editor.panels.map(({ title, isClosed }) => ({ title, isClosed }))).toEqual([
			{ title: "June", isClosed: true },
			{ title: "July", isClosed: false },
		]);
		expect(closed).toEqual(["June"]);
	});

	it("shows pages without onClose", () => {
		const { report, panel } = setup();
		const { onClose, ...page } = pageOf("June");
		report.show(page);
		report.show(page);
		panel().dispose();
		expect(panel().isClosed).toBe(true);
	});

	it("is closed when it is disposed", () => {
		const { report, panel } = setup();
		report.dispose();
		const closed: string[] = [];
		report.show(pageOf("June", closed));
		report.dispose();
		expect(panel().isClosed).toBe(true);
		expect(closed).toEqual(["June"]);
	});
});
