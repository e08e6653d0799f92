/** The suite fails if tests did not run. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coreOutcome } from "../core-tests.mjs";
import { namesToRepeat, nodeOutcome } from "../node-tests.mjs";
import { isGood } from "../outcome.mjs";

describe("the outcome of the core's tests", () => {
	const result = (/** @type {number[]} */ [passed, failed, ignored]) =>
		`test result: ok. ${passed} passed; ${failed} failed; ${ignored} ignored; 0 measured; 0 filtered out\n`;

	it("has the counts, and the reasons of what was ignored", () => {
		const output = `test a::b ... ok\ntest a::c ... ignored, needs a FIFO\n\n${result([1, 0, 1])}`;
		assert.deepEqual(coreOutcome("reading", 0, output), {
			passed: 1,
			failed: 0,
			skipped: [{ name: "reading: a::c", reason: "needs a FIFO" }],
			faults: [],
		});
	});

	it("counts a test as skipped if it printed why", () => {
		const successes = [
			"\nsuccesses:\n",
			"---- a::b stdout ----\nsome text\nskipped: Wine makes no junctions\n",
			"---- a::c stdout ----\nnothing was skipped: all is well\n",
			"\nsuccesses:\n    a::b\n    a::c\n",
		].join("\n");
		assert.deepEqual(
			coreOutcome("reading", 0, `test a::b ... ok\ntest a::c ... ok\n${successes}\n${result([2, 0, 0])}`),
			{
				passed: 1,
				failed: 0,
				skipped: [{ name: "reading: a::b", reason: "Wine makes no junctions" }],
				faults: [],
			},
		);
	});

	for (const [what, exitCode, output, fault] of /** @type {const} */ ([
		["a crash before the result", 3, "test a ... ok\n", "reading ended with exit code 3 before its result"],
		["a crash after it", 5, result([1, 0, 0]), "reading ended with exit code 5 and 0 failed tests"],
		["no tests", 0, result([0, 0, 0]), "reading ran no test"],
		["a hang", null, "test a ... ok\n", "reading took more than 5 minutes"],
		["an ignored test that is not named", 0, result([1, 0, 1]), "reading names 0 of 1 ignored tests"],
	])) {
		it(`is bad after ${what}`, () => {
			const outcome = coreOutcome("reading", exitCode, output);
			assert.deepEqual(outcome.faults, [fault]);
			assert.ok(!isGood(outcome));
		});
	}
});

describe("the outcome of Node's tests", () => {
	const passed = { file: "a.test.mjs", names: ["a suite", "a test"], passed: true, isSuite: false };
	const suite = { ...passed, names: ["a suite"], isSuite: true };
	const ofFile = { ...passed, names: ["Z:\\repository\\a.test.mjs"] };

	it("leads to a second run of the files with a failed test or without an ended test", () => {
		const other = { ...passed, file: "b.test.mjs" };
		const skipped = { ...suite, passed: false, skipped: "needs a FIFO" };
		assert.deepEqual(namesToRepeat(["a.test.mjs", "b.test.mjs"], [passed, skipped, other]), []);
		assert.deepEqual(namesToRepeat(["a.test.mjs", "b.test.mjs"], [passed]), ["b.test.mjs"]);
		assert.deepEqual(namesToRepeat(["a.test.mjs"], [passed, { ...ofFile, passed: false }]), ["a.test.mjs"]);
	});

	it("counts tests, and a suite only if it was skipped", () => {
		const ended = [passed, suite, { ...suite, skipped: "needs a FIFO" }];
		assert.deepEqual(nodeOutcome(["a.test.mjs"], ended, 0), {
			passed: 1,
			failed: 0,
			skipped: [{ name: "a.test.mjs: a suite", reason: "needs a FIFO" }],
			faults: [],
		});
	});

	it("is bad after a failed test", () => {
		const outcome = nodeOutcome(["a.test.mjs"], [passed, { ...passed, passed: false }], 1);
		assert.deepEqual([outcome.failed, outcome.faults], [1, []]);
		assert.ok(!isGood(outcome));
	});

	for (const [what, ended, exitCode, fault] of /** @type {const} */ ([
		["a file without tests", [ofFile], 0, "no test of a.test.mjs ran"],
		["a file that never started", [], 0, "no test of a.test.mjs ran"],
		["a crash of a file", [passed, { ...ofFile, passed: false }], 1, "a.test.mjs failed as a whole"],
		["a crash of Node", [passed], 3, "Node's exit code is 3"],
	])) {
		it(`is bad after ${what}`, () => {
			const outcome = nodeOutcome(["a.test.mjs"], [...ended], exitCode);
			assert.ok(outcome.faults.includes(fault), outcome.faults.join("\n"));
			assert.ok(!isGood(outcome));
		});
	}
});
