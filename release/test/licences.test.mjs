import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { temporaryDirectory } from "../../scripts/testing/temporary-directory.mjs";
import { crateComponent, linkedParts } from "../licences/components.mjs";
import { licencesIn, readLicenceFiles } from "../licences/licence-files.mjs";
import { neededTexts, printNotices } from "../licences/notices.mjs";
import { chooseLicences, licenceProblem, parsePolicy } from "../licences/policy.mjs";
import { duplicates, eachOnce, shippedCrates } from "../licences/shipped-crates.mjs";
import { foreignDependencies, packageFolders } from "../licences/shipped-packages.mjs";
import { read } from "./repository-files.mjs";

const mit = `MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and so on.`;
const apache = "Apache License\n    Version 2.0, January 2004\n\nTerms and so on.";
const exception = "---- LLVM Exceptions to the Apache 2.0 License ----";

/**
 * @param {string} name with its version
 * @param {string} [kind] of its library
 */
function crate(name, kind = "lib") {
	const [bare = "", version = "1.0.0"] = name.split("@");
	return {
		id: name,
		name: bare,
		version,
		license: "MIT",
		license_file: null,
		repository: null,
		manifest_path: "",
		targets: [{ kind: ["custom-build"] }, { kind: [kind] }],
	};
}

/**
 * @param {Record<string, Record<string, (string | null)[]>>} graph of each crate the dependencies, with their kinds
 * @param {string[]} [macros] which of them are procedural macros
 */
function metadata(graph, macros = []) {
	return {
		packages: Object.keys(graph).map((name) => crate(name, macros.includes(name) ? "proc-macro" : "lib")),
		resolve: {
			root: "ours",
			nodes: Object.entries(graph).map(([id, dependencies]) => ({
				id,
				deps: Object.entries(dependencies).map(([pkg, kinds]) => ({
					pkg,
					dep_kinds: kinds.map((kind) => ({ kind })),
				})),
			})),
		},
	};
}

/** @param {import("../licences/shipped-crates.mjs").Metadata} resolved */
function namesOfShipped(resolved) {
	return shippedCrates(resolved)
		.map(({ name }) => name)
		.sort();
}

describe("the crates that ship", () => {
	it("are those that our crate depends on, directly or not, without itself", () => {
		const resolved = metadata({ ours: { near: [null] }, near: { far: [null] }, far: {} });
		assert.deepEqual(namesOfShipped(resolved), ["far", "near"]);
	});

	it("leave out build and test dependencies, with their own dependencies", () => {
		const resolved = metadata({
			ours: { builder: ["build"], tester: ["dev"] },
			builder: { "of-builder": [null] },
			"of-builder": {},
			tester: { "of-tester": [null] },
			"of-tester": {},
		});
		assert.deepEqual(namesOfShipped(resolved), []);
	});

	it("include dependencies of both tests and the addon", () => {
		const resolved = metadata({ ours: { both: ["dev", null] }, both: {} });
		assert.deepEqual(namesOfShipped(resolved), ["both"]);
	});

	it("leave out procedural macros, with dependencies that only they have", () => {
		const resolved = metadata(
			{
				ours: { macro: [null], shared: [null] },
				macro: { parser: [null], shared: [null] },
				parser: {},
				shared: {},
			},
			["macro"],
		);
		assert.deepEqual(namesOfShipped(resolved), ["shared"]);
	});

	it("are found once if crates depend on each other, or several depend on one", () => {
		const resolved = metadata({
			ours: { one: [null], other: [null] },
			one: { other: [null] },
			other: { one: [null] },
		});
		assert.deepEqual(namesOfShipped(resolved), ["one", "other"]);
	});

	it("include crates that only one target needs", () => {
		const linux = metadata({ ours: { common: [null] }, common: {} });
		const windows = metadata({ ours: { common: [null], windows: [null] }, common: {}, windows: {} });
		const all = eachOnce([linux, windows].map(shippedCrates));
		assert.deepEqual(all.map(({ name }) => name).sort(), ["common", "windows"]);
	});
});

describe("duplicates", () => {
	const twice = [crate("hash@2.0.0"), crate("hash@1.0.0"), crate("other")];

	it("are crates with two versions for one target", () => {
		assert.deepEqual(duplicates(twice, []), ["hash 1.0.0 and 2.0.0"]);
	});

	it("are not crates with different versions for different targets", () => {
		assert.deepEqual(
			twice.flatMap((one) => duplicates([one], [])),
			[],
		);
	});

	it("can be allowed for a crate or for one of its versions", () => {
		assert.deepEqual(duplicates(twice, [{ name: "hash", version: undefined }]), []);
		assert.deepEqual(duplicates(twice, [{ name: "hash", version: "1.0.0" }]), []);
		assert.equal(duplicates(twice, [{ name: "hash", version: "3.0.0" }]).length, 1);
		assert.equal(duplicates(twice, [{ name: "other", version: undefined }]).length, 1);
	});
});

describe("the policy", () => {
	const policy = parsePolicy(read("deny.toml"));
	const frame = '[graph]\ntargets = []\n[licenses]\nallow = ["MIT"]\n[bans]\n';

	it("has the targets of the addon", () => {
		assert.deepEqual(policy.targets, JSON.parse(read("package.json")).napi.targets);
	});

	it("makes cargo-deny check only shipped crates, and refuse unknown sources", () => {
		const text = read("deny.toml");
		for (const setting of [
			"exclude-dev = true",
			'multiple-versions = "deny"',
			'unknown-registry = "deny"',
			'unknown-git = "deny"',
		]) {
			assert.ok(text.split("\n").includes(setting), setting);
		}
	});

	it("requires a reason for an allowed duplicate", () => {
		assert.deepEqual(parsePolicy(`${frame}skip = [{ crate = "hash@1.0.0", reason = "old" }]`).skip, [
			{ name: "hash", version: "1.0.0" },
		]);
		assert.throws(() => parsePolicy(`${frame}skip = [{ crate = "hash@1.0.0" }]`), /hash@1\.0\.0.*reason/);
	});

	it("refuses an unknown licence", () => {
		assert.throws(() => parsePolicy(`${frame}skip = []`.replace("MIT", "MTI")), /deny\.toml: MTI/);
	});
});

describe("a licence", () => {
	const allowed = ["MIT", "Apache-2.0", "Unicode-3.0"];

	/** @type {[string, string[] | undefined][]} */
	const choices = [
		["MIT", ["MIT"]],
		["GPL-3.0-only", undefined],
		["Apache-2.0 OR MIT", ["MIT"]],
		["GPL-3.0-only OR Apache-2.0", ["Apache-2.0"]],
		["MIT AND Apache-2.0", ["MIT", "Apache-2.0"]],
		["MIT AND GPL-3.0-only", undefined],
		["(Apache-2.0 OR MIT) AND Unicode-3.0", ["MIT", "Unicode-3.0"]],
		["Apache-2.0 WITH LLVM-exception", undefined],
		["Apache-2.0 WITH LLVM-exception OR Apache-2.0", ["Apache-2.0"]],
		["MIT/Apache-2.0", ["MIT"]],
		["GPL-3.0-only / Apache-2.0", ["Apache-2.0"]],
	];
	for (const [expression, chosen] of choices) {
		it(`of ${expression} ${chosen ? `can be used under ${chosen.join(" and ")}` : "is not allowed"}`, () => {
			assert.deepEqual(chooseLicences(expression, allowed), chosen);
		});
	}

	it("with an exception is allowed if the exception is allowed", () => {
		const expression = "Apache-2.0 WITH LLVM-exception";
		assert.deepEqual(chooseLicences(expression, ["MIT", expression]), [expression]);
	});

	it("is reported if it is missing, unknown or not allowed", () => {
		assert.match(licenceProblem(null, allowed) ?? "", /names no licence/);
		assert.match(licenceProblem("", allowed) ?? "", /names no licence/);
		assert.match(licenceProblem("see file", allowed) ?? "", /see file, .*not an SPDX expression/);
		assert.match(licenceProblem("GPL-3.0-only", allowed) ?? "", /GPL-3\.0-only.*deny\.toml/);
		assert.equal(licenceProblem("MIT", allowed), undefined);
	});
});

describe("licence files", () => {
	it("are found by their names, in upper or lower case, and by the crate's manifest", (t) => {
		const folder = temporaryDirectory(t);
		const names = ["COPYING", "LICENCE.md", "NOTICE", "UNLICENSE", "license-mit", "terms.txt"];
		for (const name of [...names, "README.md", "other.txt"]) {
			writeFileSync(path.join(folder, name), name);
		}
		mkdirSync(path.join(folder, "LICENSES"));
		const found = readLicenceFiles(folder, "./terms.txt").map(({ name }) => name);
		assert.deepEqual(found, names);
	});

	it("are read with normalized line ends and white space", (t) => {
		const folder = temporaryDirectory(t);
		writeFileSync(path.join(folder, "LICENSE"), "\uFEFFone  \r\n\r\n  two\r\n\r\n");
		assert.equal(readLicenceFiles(folder)[0]?.text, "one\n\n  two");
	});

	it("are recognized by their text", () => {
		assert.deepEqual(licencesIn(mit), ["MIT"]);
		assert.deepEqual(licencesIn(mit.replaceAll(" ", "\n\t").toUpperCase()), ["MIT"]);
		assert.deepEqual(licencesIn(apache), ["Apache-2.0"]);
		assert.ok(licencesIn(apache + exception).includes("Apache-2.0 WITH LLVM-exception"));
		assert.deepEqual(licencesIn("MIT or Apache-2.0, see their texts"), []);
	});

	it("are taken from this repository if a crate has none", (t) => {
		const manifest = path.join(temporaryDirectory(t), "Cargo.toml");
		const { files } = crateComponent({ ...crate("napi"), manifest_path: manifest });
		assert.deepEqual(
			files.map(({ name }) => name),
			["napi.txt"],
		);
		writeFileSync(path.join(path.dirname(manifest), "LICENSE"), mit);
		const { files: own } = crateComponent({ ...crate("napi"), manifest_path: manifest });
		assert.deepEqual(
			own.map(({ name }) => name),
			["LICENSE"],
		);
	});
});

describe("the notices", () => {
	const allowed = ["MIT", "Apache-2.0"];

	/**
	 * @param {string} title
	 * @param {string} licence
	 * @param {Record<string, string>} files
	 */
	function component(title, licence, files) {
		return {
			title,
			standIn: "stand-in.txt",
			licence,
			repository: null,
			files: Object.entries(files).map(([name, text]) => ({ name, text })),
		};
	}

	/** @param {ReturnType<typeof component>[]} components */
	function print(...components) {
		return printNotices([{ heading: "Crates", components }], allowed);
	}

	it("print a text once, with all its components", () => {
		const printed = print(
			component("one 1.0.0", "MIT", { LICENSE: mit }),
			component("two 1.0.0", "MIT", {
				"LICENSE-MIT": mit.replace(", free of charge,", ",\nfree of charge,"),
			}),
		);
		assert.equal(printed.split("Permission is hereby granted").length, 2);
		assert.ok(printed.includes("one 1.0.0, two 1.0.0:\n"));
	});

	it("print both texts if they differ only in a name", () => {
		const printed = print(
			component("one 1.0.0", "MIT", { LICENSE: `Copyright One\n${mit}` }),
			component("two 1.0.0", "MIT", { LICENSE: `Copyright Two\n${mit}` }),
		);
		assert.match(printed, /one 1\.0\.0:\n\nCopyright One\n/);
		assert.match(printed, /two 1\.0\.0:\n\nCopyright Two\n/);
	});

	it("name the preferred licence of a choice, and print only its text", () => {
		const printed = print(
			component("one 1.0.0", "Apache-2.0 OR MIT", { "LICENSE-APACHE": apache, "LICENSE-MIT": mit }),
		);
		assert.match(printed, /Apache-2\.0 OR MIT, used under MIT\n/);
		assert.ok(!printed.includes("January 2004"));
	});

	it("choose a licence whose text is there", () => {
		const { licences } = neededTexts(
			component("one 1.0.0", "MIT OR Apache-2.0", { LICENSE: apache }),
			allowed,
		);
		assert.deepEqual(licences, ["Apache-2.0"]);
	});

	it("keep notices, and files that are not known to be another licence", () => {
		const files = {
			COPYING: "Either of both.",
			"LICENSE-APACHE": apache,
			"LICENSE-MIT": mit,
			NOTICE: `Made by many. ${apache}`,
		};
		assert.deepEqual(
			neededTexts(component("one 1.0.0", "MIT OR Apache-2.0", files), allowed).files.map(({ name }) => name),
			["COPYING", "LICENSE-MIT", "NOTICE"],
		);
	});

	it("report a missing licence text, and say where to put it", () => {
		/** @type {[string, Record<string, string>][]} */
		const lacking = [
			["MIT", {}],
			["MIT", { LICENSE: apache }],
			["MIT AND Apache-2.0", { LICENSE: mit }],
			["MIT", { NOTICE: "Made by many." }],
		];
		for (const [licence, files] of lacking) {
			assert.throws(
				() => print(component("one 1.0.0", licence, files)),
				/one 1\.0\.0 is licensed under .*stand-in\.txt/,
			);
		}
	});

	it("are sorted by name, whatever the order of the components", () => {
		const components = ["b 1.0.0", "a 2.0.0", "B 1.0.0"].map((title) =>
			component(title, "MIT", { LICENSE: `${title}\n${mit}` }),
		);
		const printed = print(...components);
		assert.equal(print(...components.toReversed()), printed);
		assert.deepEqual(printed.match(/^- .*$/gm), ["- B 1.0.0", "- a 2.0.0", "- b 1.0.0"]);
	});

	it("can be printed for everything that the linker adds", () => {
		const { allow } = parsePolicy(read("deny.toml"));
		for (const part of linkedParts()) {
			assert.ok(neededTexts(part, allow).licences.length > 0);
		}
	});

	it("name linked parts and crates in the committed file", () => {
		const committed = read("THIRD-PARTY-LICENSES.txt");
		for (const name of ["- Rust standard library\n", "- LLVM libunwind", "- rayon ", "- windows-sys "]) {
			assert.ok(committed.replaceAll("\r\n", "\n").includes(name), name);
		}
	});
});

describe("npm packages", () => {
	it("in a bundle are found by their installation folders", () => {
		const inputs = [
			"/home/us/extension/src/extension.ts",
			"/home/us/node_modules/one/lib/a.js",
			"/home/us/node_modules/one/lib/b.js",
			"/home/us/node_modules/@scope/two/index.js",
			"/home/us/node_modules/one/node_modules/inner/index.js",
			"C:\\us\\node_modules\\three\\index.js",
		];
		assert.deepEqual(packageFolders(inputs), [
			"/home/us/node_modules/one",
			"/home/us/node_modules/@scope/two",
			"/home/us/node_modules/one/node_modules/inner",
			"C:/us/node_modules/three",
		]);
	});

	it("that are installed with the main package are ours", () => {
		assert.deepEqual(foreignDependencies(JSON.parse(read("package.json"))), []);
		assert.deepEqual(
			foreignDependencies({
				name: "ours",
				dependencies: { one: "1" },
				optionalDependencies: { "ours-linux-x64": "1", two: "1" },
				peerDependencies: { three: "1" },
				devDependencies: { four: "1" },
			}),
			["one", "two", "three"],
		);
	});
});
