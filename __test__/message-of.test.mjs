import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { messageOf } from "../bin/message-of.js";

describe("the message of a thrown value", () => {
	for (const [thrown, message] of /** @type {[unknown, string][]} */ ([
		[new RangeError("too far"), "too far"],
		[7, "7"],
		[null, "null"],
	])) {
		it(`of ${thrown} is ${message}`, () => assert.equal(messageOf(thrown), message));
	}
});
