/** The expected fields with their values. */

import { FirstRows } from "./first-rows.mjs";
import { exact, text } from "./values.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./json-text.mjs").JsonValue} JsonValue */
/** @typedef {import("./json-text.mjs").JsonType} JsonType */
/** @typedef {import("./values.mjs").ExpectedRow} ExpectedRow */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */

/** @typedef {"context" | "row" | "properties" | "measurements" | "error" | "other"} Place */

/**
 * @typedef {object} Field
 * @property {Place} place
 * @property {string} key
 * @property {Set<JsonType>} types
 * @property {number} events
 * @property {Map<string, bigint>} names of its events, in order of appearance, with the number of their events
 * @property {Set<string>} distinct at most 1,001 values in order of appearance, each behind `text` or `spelled`
 */

const fieldsAtMost = 2_000;
const namesAtMost = 2_000;
const namesOfFieldAtMost = 50;
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

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable[]} the fields, and the names of events
 */
export function expectedFields(events) {
	/** @type {FirstRows<{ name: string, events: number }>} */
	const names = new FirstRows(namesAtMost, ([name]) => ({ name: name ?? "", events: 0 }));
	const fields = new FirstRows(fieldsAtMost, beginField);
	for (const event of events) {
		names.row(event.name).events += 1;
		for (const [place, key, value] of fieldsOf(event)) {
			add(fields.row(place, key), event.name, value);
		}
	}
	const listed = new Set(names.rows.map(({ name }) => name));
	// Distinct values and examples of fields beyond the limit are unknown, but their count and types are known.
	const other = fields.other && {
		other: { Type: typeNames(fields.other.types), Events: exact(fields.other.events) },
	};
	const otherNames = names.other && { other: { Events: exact(names.other.events) } };
	const mostFrequent = names.rows.toSorted((one, next) => next.events - one.events);
	return [
		{
			id: "fields",
			titles: ["Field", "In", "Type", "Event names", "Events", "Distinct values", "Examples", "May identify"],
			groups: [{ rows: fields.rows.map((field) => fieldRow(field, listed)), ...other }],
		},
		{
			id: "event-names",
			titles: ["Event name", "Events"],
			groups: [
				{
					rows: mostFrequent.map(({ name, events }) => ({
						"Event name": text(name),
						Events: exact(events),
					})),
					...otherNames,
				},
			],
		},
	];
}

/**
 * @param {string[]} names
 * @returns {Field}
 */
function beginField([place = "", key = ""]) {
	return {
		place: /** @type {Place} */ (place),
		key,
		types: new Set(),
		events: 0,
		names: new Map(),
		distinct: new Set(),
	};
}

/**
 * @param {Field} field
 * @param {string} name of the event
 * @param {JsonValue} value
 */
function add(field, name, { type, text }) {
	field.events += 1;
	field.names.set(name, (field.names.get(name) ?? 0n) + 1n);
	field.types.add(type);
	// The text `null` differs from the value null.
	const identity = `${type === "string" ? "text" : "spelled"} ${text}`;
	if (field.distinct.size <= distinctAtMost) {
		field.distinct.add(identity);
	}
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
 * @param {Field} field
 * @param {ReadonlySet<string>} listed event names that have rows
 * @returns {ExpectedRow}
 */
function fieldRow({ place, key, types, events, names, distinct }, listed) {
	return {
		Field: text(key),
		In: text(place),
		Type: typeNames(types),
		"Event names": place === "context" || place === "row" ? text("any") : namesOf(names, listed),
		Events: exact(events),
		"Distinct values": exact(distinct.size),
		Examples: {
			kind: "list",
			texts: [...distinct]
				.slice(0, examplesAtMost)
				.map((identity) => identity.slice(identity.indexOf(" ") + 1)),
		},
	};
}

/**
 * @param {ReadonlyMap<string, bigint>} all
 * @param {ReadonlySet<string>} listed
 * @returns {import("./values.mjs").ExpectedCell}
 */
function namesOf(all, listed) {
	const first = new Map([...all].filter(([name]) => listed.has(name)).slice(0, namesOfFieldAtMost));
	const otherEvents = [...all].reduce((sum, [name, events]) => (first.has(name) ? sum : sum + events), 0n);
	const [only, ...more] = first.keys();
	if (only === undefined) {
		return text("other event names");
	}
	if (more.length === 0 && otherEvents === 0n) {
		return text(only);
	}
	return { kind: "names", names: [...first].map(([name, events]) => ({ name, events })), otherEvents };
}

/** @param {Set<JsonType>} types */
function typeNames(types) {
	return text(typesInOrder.filter((type) => types.has(type)).join(", "));
}
