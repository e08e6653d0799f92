import { describe, expect, it } from "vitest";
import { messageOf } from "../../src/messageOf.js";

describe("the message of a thrown value", () => {
	it.each([
		{ thrown: new RangeError("too far"), message: "too far" },
		{ thrown: 7, message: "7" },
		{ thrown: null, message: "null" },
	])("$thrown is $message", ({ thrown, message }) => {
		expect(messageOf(thrown)).toBe(message);
	});
});
