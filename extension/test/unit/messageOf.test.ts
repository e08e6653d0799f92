import { describe, expect, it } from "vitest";
import { messageOf } from "../../src/messageOf.js";

describe("the message of something thrown", () => {
	it.each([
		{ thrown: new RangeError("too far"), message: "too far" },
		{ thrown: 7, message: "7" },
		{ thrown: null, message: "null" },
	])("$thrown is $message", ({ thrown, message }) => {
		expect(messageOf(thrown)).toBe(message);
	});
});
