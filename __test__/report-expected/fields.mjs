/** The expected fields with their values. */

import { FirstRows } from "./first-rows.mjs";
import { exact, text } from "./values.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./json-text.mjs").JsonValue} JsonValue */
/** @typedef {import("./json-text.mjs").JsonType} JsonType */
/** @typedef {import("./values.mjs").ExpectedRow} ExpectedRow */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */
/** @typedef {import("./values.mjs").ExpectedGroup} ExpectedGroup */

/** @typedef {"context" | "row" | "properties" | "measurements" | "error" | "other"} Place */

/**
 * @typedef {object} Field
 * @property {string} group
 * @property {Place} place
 * @property {string} key
 * @property {Set<JsonType>} types
 * @property {number} events
 * @property {Set<string>} distinct at most 1,001 values
 * @property {string[]} examples
 * @property {number} longest
 */

const fieldsAtMost = 2_000;
const distinctAtMost = 1_000;
const examplesAtMost = 5;

/** Members that rows may have, in the order of the page. */
const rowMembers = [
	"event_id",
	"event_name",
	"timestamp",
	"event_sequence",
	"trace_id",
	"parent_event_id",
	"deployment_url",
	"schema_version",
];
const namedPlaces = /** @type {const} */ (["context", "properties", "measurements"]);
/** @type {JsonType[]} */
const typesInOrder = ["string", "number", "boolean", "object", "array", "null"];

const resource = "Every event: resource";
const row = "Every event: row";

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable}
 */
export function expectedFields(events) {
	/** @type {FirstRows<{ name: string, events: number }>} */
	const names = new FirstRows(fieldsAtMost, ([name]) => ({ name: name ?? "", events: 0 }));
	const fields = new FirstRows(fieldsAtMost, beginField);
	for (const event of events) {
		names.row(event.name).events += 1;
		for (const [place, key, value] of fieldsOf(event)) {
			const isOfAll = place === "context" || place === "row";
			// An event may have the name `context`.
			const group = isOfAll ? `all ${place}` : `name ${event.name}`;
			add(fields.row(group, place, key), value);
		}
	}
	/** @type {ExpectedGroup[]} */
	const groups = [
		{ name: resource, rows: rowsOf(fields.rows, "all context") },
		{ name: row, rows: rowsOf(fields.rows, "all row") },
		...names.rows.map(({ name, events }) => ({
			name,
			events: BigInt(events),
			rows: rowsOf(fields.rows, `name ${name}`),
		})),
	];
	if (fields.other !== undefined) {
		// Distinct values and examples of so many fields are unknown, but their count and types are known.
		const { types, events, longest } = fields.other;
		groups.push({
			rows: [],
			other: { Type: typeNames(types), Events: exact(events), Longest: exact(longest) },
		});
	}
	return {
		id: "fields",
		titles: ["Field", "In", "Type", "Events", "Distinct values", "Longest", "Examples", "Can point to"],
		groups,
	};
}

/**
 * @param {string[]} names
 * @returns {Field}
 */
function beginField([group = "", place = "", key = ""]) {
	return {
		group,
		place: /** @type {Place} */ (place),
		key,
		types: new Set(),
		events: 0,
		distinct: new Set(),
		examples: [],
		longest: 0,
	};
}

/**
 * @param {Field} field
 * @param {JsonValue} value
 */
function add(field, { type, text }) {
	field.events += 1;
	field.types.add(type);
	field.longest = Math.max(field.longest, characters(text));
	// The text `null` differs from the value null.
	const identity = `${type === "string" ? "text" : "spelled"} ${text}`;
	if (field.distinct.size > distinctAtMost || field.distinct.has(identity)) {
		return;
	}
	field.distinct.add(identity);
	if (field.examples.length < examplesAtMost) {
		field.examples.push(text);
	}
}

/** @param {string} text */
function characters(text) {
	let count = text.length;
	for (let index = 0; index < text.length; index++) {
		// Count only the second half of a surrogate pair.
		count -= (text.charCodeAt(index) & 0xfc00) === 0xd800 ? 1 : 0;
	}
	return count;
}

/**
 * @param {TelemetryEvent} event
 * @returns {Generator<[Place, string, JsonValue]>} its fields in the order of the page
 */
function* fieldsOf({ members, context, properties, measurements, error }) {
	yield* membersOf("context", context);
	for (const name of rowMembers) {
		const value = members.get(name);
		if (value !== undefined) {
			yield ["row", name, value];
		}
	}
	yield* membersOf("properties", properties);
	yield* membersOf("measurements", measurements);
	if (error !== undefined) {
		yield* membersOf("error", error);
	}
	const known = new Set([...rowMembers, ...namedPlaces, ...(error === undefined ? [] : ["error"])]);
	for (const [key, value] of members) {
		if (!known.has(key)) {
			yield ["other", key, value];
		}
	}
}

/**
 * @param {Place} place
 * @param {ReadonlyMap<string, JsonValue>} members
 * @returns {Generator<[Place, string, JsonValue]>}
 */
function* membersOf(place, members) {
	for (const [key, value] of members) {
		yield [place, key, value];
	}
}

/**
 * @param {Field[]} fields
 * @param {string} group
 * @returns {ExpectedRow[]}
 */
function rowsOf(fields, group) {
	return fields.filter((field) => field.group === group).map(fieldRow);
}

/**
 * @param {Field} field
 * @returns {ExpectedRow}
 */
function fieldRow({ place, key, types, events, distinct, examples, longest }) {
	return {
		Field: text(key),
		In: text(place),
		Type: typeNames(types),
		Events: exact(events),
		"Distinct values": exact(distinct.size),
		Longest: exact(longest),
		Examples: { kind: "list", texts: examples },
	};
}

/** @param {Set<JsonType>} types */
function typeNames(types) {
	return text(typesInOrder.filter((type) => types.has(type)).join(", "));
}
