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
 * @property {string} group
 * @property {Place} place
 * @property {string} key
 * @property {Set<JsonType>} types
 * @property {number} events
 * @property {Set<string>} distinct at most 1,001 values in order of appearance, each behind `text` or `spelled`
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

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable[]} the fields, and the names of events
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
	const listed = new Set(names.rows.map(({ name }) => `name ${name}`));
	/** @type {Map<string, Field[]>} */
	const joined = new Map();
	for (const field of fields.rows) {
		const identity = `${field.place} ${field.key}`;
		joined.set(identity, [...(joined.get(identity) ?? []), field]);
	}
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
			groups: [{ rows: [...joined.values()].map((same) => fieldRow(same, listed)), ...other }],
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
function beginField([group = "", place = "", key = ""]) {
	return {
		group,
		place: /** @type {Place} */ (place),
		key,
		types: new Set(),
		events: 0,
		distinct: new Set(),
	};
}

/**
 * @param {Field} field
 * @param {JsonValue} value
 */
function add(field, { type, text }) {
	field.events += 1;
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
 * @param {Field[]} fields with one place and key, each of another event name
 * @param {ReadonlySet<string>} listed groups of the event names that have rows
 * @returns {ExpectedRow}
 */
function fieldRow(fields, listed) {
	const [{ group, place, key }] = /** @type {[Field]} */ (fields);
	const distinct = new Set(fields.flatMap((field) => [...field.distinct]));
	// Each field has its own examples. The joined field has the first ones of these.
	const examples = new Set(fields.flatMap((field) => [...field.distinct].slice(0, examplesAtMost)));
	const nameOf = (/** @type {Field} */ field) =>
		listed.has(field.group) ? field.group.slice("name ".length) : undefined;
	/** @type {import("./values.mjs").ExpectedCell} */
	let names = {
		kind: "names",
		names: fields.map((field) => ({ name: nameOf(field), events: BigInt(field.events) })),
	};
	if (place === "context" || place === "row") {
		names = text("any");
	} else if (fields.length === 1) {
		names = text(listed.has(group) ? group.slice("name ".length) : "other events");
	}
	return {
		Field: text(key),
		In: text(place),
		Type: typeNames(new Set(fields.flatMap(({ types }) => [...types]))),
		"Event names": names,
		Events: exact(fields.reduce((sum, { events }) => sum + events, 0)),
		"Distinct values": exact(Math.min(distinct.size, distinctAtMost + 1)),
		Examples: {
			kind: "list",
			texts: [...examples]
				.slice(0, examplesAtMost)
				.map((identity) => identity.slice(identity.indexOf(" ") + 1)),
		},
	};
}

/** @param {Set<JsonType>} types */
function typeNames(types) {
	return text(typesInOrder.filter((type) => types.has(type)).join(", "));
}
