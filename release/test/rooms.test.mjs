/**
 * The rooms of `src`: which rooms may import from which, and which names only some rooms may use. Comments, string literals
 * and test code may contain any name.
 */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { repository } from "../../scripts/set-up.mjs";
import { modulePath, namedPaths, placesOfModule, tokensOf, withoutTests } from "./rust-source.mjs";

/** From top to bottom. A room may import from its own level and from lower ones. Rooms of one level must form no circle. */
const levels = [
	// The public modules, and those for benchmarks, which are not in the addon.
	["lib", "hot_functions"],
	["binding"],
	["export"],
	["formats"],
	["write"],
	["read"],
	["row"],
	["privacy"],
	["json"],
	["zip"],
	["error", "platform", "progress", "range", "sizes", "summary", "workers"],
];

/** May name formats: the export, which chooses one, and the modules that declare them or open them to benchmarks. */
const mayNameFormats = ["export.rs", "formats/mod.rs", "hot_functions.rs", "lib.rs"];

/** The options and results of the API have names with OTLP in them: those of the addon, and the summary behind them. */
const mayNameOtlp = [...mayNameFormats, "binding/", "summary.rs"];

/** Zip, files and threads, which formats must not know: paths of modules and crates, and names of types. */
const forbiddenInFormats = {
	paths: [
		...["std::fs", "std::net", "std::process", "std::thread"],
		...["libc", "libz_rs_sys", "rawzip", "rayon", "rustix", "tempfile"],
		...["crate::platform", "crate::read::open_files", "crate::workers", "crate::zip"],
		...["archive", "deflate", "draft", "system", "target", "temporary"].map(
			(name) => `crate::write::${name}`,
		),
	],
	names: ["Archive", "Deflate", "Deflater", "File", "OpenFiles", "Path", "PathBuf", "Workers"],
};

/** @typedef {ReturnType<typeof readModule>} Module */

/**
 * @param {string} file from `src`, with `/`
 * @param {string} source
 */
function readModule(file, source) {
	const { tokens, testModules } = withoutTests(tokensOf(source));
	const module = modulePath(file);
	const [room = "lib"] = module;
	const testPlaces = testModules.flatMap((name) => placesOfModule(file, name));
	return { file, room, tokens, paths: namedPaths(module, tokens), testPlaces };
}

/** @param {string} room */
function levelOf(room) {
	return levels.findIndex((rooms) => rooms.includes(room));
}

/**
 * @param {string[]} named a path
 * @returns {string | undefined} its room; `undefined` outside the crate
 */
function roomOf([first, second]) {
	if (first !== "crate") {
		return undefined;
	}
	// A name that is not a room is exported by lib.rs.
	return second !== undefined && levelOf(second) !== -1 ? second : "lib";
}

/**
 * @param {string} file
 * @param {string[]} places files, and folders that end with `/`
 */
function isIn(file, places) {
	return places.some((place) => file === place || (place.endsWith("/") && file.startsWith(place)));
}

/**
 * @param {Module} module
 * @returns {string[]} messages about imports from higher rooms
 */
function upwardImports({ file, room, paths }) {
	return paths.flatMap(({ path: named, line }) => {
		const target = roomOf(named);
		return target === undefined || levelOf(target) >= levelOf(room)
			? []
			: [`src/${file}:${line} names ${named.join("::")}, but ${target} is above ${room}`];
	});
}

/**
 * @param {Module[]} modules
 * @returns {string[][]} circles of rooms
 */
function circles(modules) {
	/** @type {Map<string, Set<string>>} */
	const targets = new Map();
	for (const { room, paths } of modules) {
		const own = targets.get(room) ?? new Set();
		targets.set(room, own);
		for (const { path: named } of paths) {
			const target = roomOf(named);
			if (target !== undefined && target !== room && levelOf(target) === levelOf(room)) {
				own.add(target);
			}
		}
	}
	/** @type {string[][]} */
	const found = [];
	const follow = (/** @type {string[]} */ way) => {
		for (const target of targets.get(way.at(-1) ?? "") ?? []) {
			if (target === way[0]) {
				found.push([...way, target]);
			} else if (!way.includes(target)) {
				follow([...way, target]);
			}
		}
	};
	for (const room of targets.keys()) {
		follow([room]);
	}
	return found;
}

/**
 * @param {Module} module
 * @returns {string[]} messages about names of formats that the module does not belong to
 */
function foreignFormats({ file, paths }) {
	return paths
		.filter(({ path: [first, second, format, ...names] }) => {
			const isFormat =
				first === "crate" && second === "formats" && (names.length > 0 || /^[a-z]/.test(format ?? ""));
			return isFormat && !isIn(file, [`formats/${format}/`, `formats/${format}.rs`, ...mayNameFormats]);
		})
		.map(({ path: named, line }) => `src/${file}:${line} names ${named.join("::")}`);
}

/**
 * @param {Module} module
 * @param {RegExp} pattern
 * @param {string[]} places that may use matching names
 * @returns {string[]} messages about matching names elsewhere
 */
function namesElsewhere({ file, tokens }, pattern, places) {
	return isIn(file, places)
		? []
		: tokens
				.filter(({ kind, text }) => kind === "name" && pattern.test(text))
				.map(({ text, line }) => `src/${file}:${line} names ${text}`);
}

/**
 * @param {Module} module
 * @returns {string[]} messages about zip, files or threads in a format
 */
function forbiddenNames({ file, paths, tokens }) {
	if (!isIn(file, ["formats/"])) {
		return [];
	}
	const forbidden = paths
		.map(({ path: named, line }) => ({ text: named.join("::"), line }))
		.filter(({ text }) => forbiddenInFormats.paths.some((start) => `${text}::`.startsWith(`${start}::`)));
	const types = tokens.filter(({ kind, text }) => kind === "name" && forbiddenInFormats.names.includes(text));
	const found = [...forbidden, ...types.filter(({ line }) => forbidden.every((path) => path.line !== line))];
	return found.map(({ text, line }) => `src/${file}:${line} names ${text}`);
}

const folder = path.join(repository, "src");
const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
	.map((file) => file.replaceAll(path.sep, "/"))
	.filter((file) => file.endsWith(".rs"))
	.sort()
	.map((file) => readModule(file, readFileSync(path.join(folder, file), "utf8")));
const testPlaces = all.flatMap((module) => module.testPlaces);
const modules = all.filter(({ file }) => !isIn(file, testPlaces));

describe("the rooms of src", () => {
	it("all have a level", () => {
		const rooms = new Set(modules.map(({ room }) => room));
		assert.deepEqual(
			[...rooms].filter((room) => levelOf(room) === -1),
			[],
		);
		for (const room of ["binding", "export", "formats", "write", "read", "row", "privacy", "json"]) {
			assert.ok(rooms.has(room), `there is no src/${room}`);
		}
		for (const format of ["json", "otlp", "report"]) {
			assert.ok(
				modules.some(({ file }) => file.startsWith(`formats/${format}/`)),
				`there is no src/formats/${format}`,
			);
		}
	});

	it("import downwards", () => {
		assert.ok(modules.flatMap(({ paths }) => paths).filter(({ path: named }) => roomOf(named)).length > 200);
		assert.deepEqual(modules.flatMap(upwardImports), []);
	});

	it("form no circle", () => {
		assert.deepEqual(circles(modules), []);
	});
});

describe("only", () => {
	it("src/binding names napi", () => {
		const places = ["binding/"];
		assert.deepEqual(
			modules.flatMap((module) => namesElsewhere(module, /^napi(_|$)/, places)),
			[],
		);
		assert.ok(modules.some((module) => namesElsewhere(module, /^napi(_|$)/, []).length > 0));
	});

	it("src/formats/otlp names OTLP, and the export and the addon", () => {
		const places = [...mayNameOtlp, "formats/otlp/"];
		assert.deepEqual(
			modules.flatMap((module) => namesElsewhere(module, /otlp/i, places)),
			[],
		);
	});

	it("the export names a format outside the format's folder", () => {
		assert.deepEqual(modules.flatMap(foreignFormats), []);
	});
});

describe("a format", () => {
	it("knows nothing of zip, files and threads", () => {
		assert.deepEqual(modules.flatMap(forbiddenNames), []);
	});
});

describe("these tests", () => {
	/**
	 * @param {string} file
	 * @param {string} source
	 */
	const pathsIn = (file, source) => readModule(file, source).paths.map(({ path: named }) => named.join("::"));

	it("find every path", () => {
		const source = `
			pub(crate) use crate::row::{self, event::{Event as Row, *}, Signal,};
			use std::{fs::File, io};
			use super::merge;
			use self::block::Block;
			mod inner { use super::first; use super::super::second; fn f() { super::third::f(); } }
			fn g<'a>(text: &'a str) -> impl Sized + use<'a> {
				let character = ':'; // crate::comment
				let text = "crate::text"; /* crate::comment /* crate::nested */ crate::comment */
				let raw = r#"crate::raw " text"#;
				$crate::json::scan::members(1..2, 1.5, <Self as crate::read::Encoder>::name);
			}`;
		assert.deepEqual(pathsIn("formats/json/mod.rs", source), [
			...["crate::row", "crate::row::event::Event", "crate::row::event", "crate::row::Signal"],
			...["std::fs::File", "std::io", "crate::formats::merge", "crate::formats::json::block::Block"],
			...["crate::formats::json::first", "crate::formats::second", "crate::formats::json::third::f"],
			...["crate::json::scan::members", "crate::read::Encoder"],
		]);
	});

	it("leave out test code", () => {
		const source = `
			#[cfg(test)]
			#[allow(dead_code)]
			mod tests { use crate::a::A; fn f() { if true { crate::a::f(); } } }
			#[cfg(test)] use crate::{b::B, b::C};
			#[cfg(test)] fn g<A, B>(a: A) -> [B; 2] { crate::c::g() }
			struct S { #[cfg(test)] field: crate::d::D, other: crate::kept::D }
			#[cfg(test)] pub(crate) mod doubles;
			use crate::kept::E;`;
		assert.deepEqual(pathsIn("write/system.rs", source), ["crate::kept::D", "crate::kept::E"]);
		assert.deepEqual(readModule("write/system.rs", source).testPlaces, [
			"write/system/doubles.rs",
			"write/system/doubles/",
		]);
	});

	it("find upward imports", () => {
		const source =
			"use crate::error::Error;\nuse crate::{json::text, export::Format};\nfn f() { crate::Summary::new() }";
		assert.deepEqual(upwardImports(readModule("row/event.rs", source)), [
			"src/row/event.rs:2 names crate::export::Format, but export is above row",
			"src/row/event.rs:3 names crate::Summary::new, but lib is above row",
		]);
	});

	it("find circles", () => {
		const found = circles([
			readModule("error.rs", "use crate::summary::Summary;"),
			readModule("summary.rs", "use crate::range::Range;"),
			readModule("range.rs", "use crate::error::Error;"),
			readModule("sizes.rs", "use crate::error::Error;"),
		]);
		assert.deepEqual(found[0], ["error", "summary", "range", "error"]);
	});

	it("find formats named elsewhere", () => {
		const source = "use crate::formats::otlp::Temporality;\nuse crate::formats::{otlp, Format};";
		assert.deepEqual(foreignFormats(readModule("formats/report/mod.rs", source)), [
			"src/formats/report/mod.rs:1 names crate::formats::otlp::Temporality",
			"src/formats/report/mod.rs:2 names crate::formats::otlp",
		]);
		assert.deepEqual(foreignFormats(readModule("formats/otlp/parts.rs", "use super::ids::Ids;")), []);
		assert.deepEqual(foreignFormats(readModule("export.rs", source)), []);
	});

	it("find forbidden names", () => {
		const source = '// napi and OTLP\n#[napi(object)]\nstruct OtlpSummary { text: "otlp" }';
		const module = readModule("progress.rs", source);
		assert.deepEqual(namesElsewhere(module, /^napi(_|$)/, ["binding/"]), ["src/progress.rs:2 names napi"]);
		assert.deepEqual(namesElsewhere(module, /otlp/i, mayNameOtlp), ["src/progress.rs:3 names OtlpSummary"]);
	});

	it("find zip, files and threads in a format", () => {
		const source = "use std::{fs, io};\nuse crate::write::{Archive, Writer};\nfn f() { rayon::spawn(g) }";
		assert.deepEqual(forbiddenNames(readModule("formats/json/mod.rs", source)), [
			"src/formats/json/mod.rs:1 names std::fs",
			"src/formats/json/mod.rs:3 names rayon::spawn",
			"src/formats/json/mod.rs:2 names Archive",
		]);
		assert.deepEqual(forbiddenNames(readModule("read/mod.rs", source)), []);
	});
});
