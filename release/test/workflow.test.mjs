import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { repository } from "../../scripts/set-up.mjs";
import { supportedNodeVersions } from "../binaries/gate.mjs";
import { manifest, releaseTargets } from "../targets.mjs";

/**
 * @typedef {object} Job
 * @property {string} [if]
 * @property {string | string[]} [needs]
 * @property {Record<string, string>} permissions
 * @property {string} [environment]
 * @property {{ matrix: Record<string, any> }} [strategy]
 * @property {Step[]} steps
 */

/**
 * @typedef {object} Step
 * @property {string} [if]
 * @property {string} [uses]
 * @property {string} [run]
 * @property {Record<string, string>} [with]
 */

const text = readFileSync(path.join(repository, ".github", "workflows", "release.yml"), "utf8");
/** @type {{ on: Record<string, any>, permissions: Record<string, string>, jobs: Record<string, Job> }} */
const workflow = parse(text);
const jobs = Object.entries(workflow.jobs);

/** Every target, as often as it stands. */
const triples = releaseTargets.map(({ triple }) => triple).sort();

/** @param {string} name */
function job(name) {
	const found = workflow.jobs[name];
	assert.ok(found, `there is no job ${name}`);
	return found;
}

/**
 * @param {string} name
 * @returns {Set<string>} the jobs that have succeeded before it begins
 */
function before(name) {
	const needs = [job(name).needs ?? []].flat();
	return new Set([...needs, ...needs.flatMap((needed) => [...before(needed)])]);
}

describe("the release", () => {
	it("begins with a tag, or by hand", () => {
		assert.deepEqual(Object.keys(workflow.on), ["push", "workflow_dispatch"]);
		assert.deepEqual(workflow.on.push, { tags: ["v*.*.*"] });
	});

	it("builds every target, and tests each on its platform with every Node that is supported", () => {
		const built = job("build").strategy?.matrix.include;
		assert.deepEqual(built.map((/** @type {{ target: string }} */ { target }) => target).sort(), triples);
		const matrices = ["test", "test-musl"].map((name) => job(name).strategy?.matrix);
		const tested = matrices.flatMap((matrix) => matrix?.platform);
		assert.deepEqual(tested.map(({ target }) => target).sort(), triples);
		for (const matrix of matrices) {
			assert.deepEqual(matrix?.node.map(Number), supportedNodeVersions);
		}
		for (const { target, runner } of tested) {
			assert.equal(/-arm$|^macos-15$/.test(runner), target.startsWith("aarch64"), `${target} on ${runner}`);
			const system = /linux|apple|windows/.exec(target)?.[0] ?? "";
			assert.equal(runner.split("-")[0], { linux: "ubuntu", apple: "macos", windows: "windows" }[system]);
		}
	});

	it("runs in each job what the job is for", () => {
		for (const [name, commands] of /** @type {const} */ ([
			[
				"lint",
				[
					"npx biome ci",
					"npm run types",
					"cargo fmt --check",
					"cargo clippy --locked --all-targets -- -D warnings",
					"npm run check:generated",
					"node --test release/test/*.test.mjs",
					"npm run check:licences",
					"npm run lint:workflows",
				],
			],
			["build", ['npm run build:release -- --target "$TARGET"']],
			["test", ["npm test -- --addon", "node release/binaries/load.mjs --receipts receipts"]],
			["test-core", ["cargo clippy --locked --all-targets -- -D warnings", "cargo test --locked"]],
			["package", ["node release/binaries/gate.mjs --receipts receipts"]],
			["publish-npm", ["node release/packages/publish.mjs --provenance"]],
		])) {
			const run = job(name).steps.map((step) => step.run?.trim());
			for (const command of commands) {
				assert.ok(run.includes(command), `${name}: ${command}`);
			}
		}
		for (const [name, command] of /** @type {const} */ ([
			["lint", "npm run check:versions -- --tag"],
			["lint", "cargo deny --locked check"],
			["test-musl", "npm test -- --addon\n"],
			["test-musl", "node release/binaries/load.mjs --receipts receipts\n"],
			["test-electron", '"$electron" release/binaries/load.mjs --receipts receipts\n'],
			["package", "node release/packages/pack.mjs --repository"],
			["package", "node release/extension/pack.mjs --repository"],
		])) {
			assert.ok(
				job(name).steps.some(({ run = "" }) => run.includes(command)),
				`${name}: ${command}`,
			);
		}
	});

	it("lets no step be left out or fail unnoticed", () => {
		for (const [name, { steps }] of jobs) {
			for (const step of steps) {
				assert.ok(!("continue-on-error" in step), name);
				assert.doesNotMatch(step.run ?? "", /\|\|/, name);
			}
		}
		const conditions = jobs.flatMap(([name, { steps }]) => steps.map((step) => [name, step.if]));
		assert.deepEqual(
			conditions.filter(([, condition]) => condition !== undefined),
			[
				["test", "runner.os == 'Linux'"],
				["test", "runner.os == 'Linux'"],
				["package", "github.ref_type == 'tag'"],
			],
		);
	});

	it("passes on what was made under the name by which it is taken", () => {
		/** @param {string} action */
		const names = (action) =>
			jobs.flatMap(([, { steps }]) =>
				steps
					.filter(({ uses }) => uses?.startsWith(`actions/${action}@`))
					.map((step) => step.with?.name ?? step.with?.pattern ?? ""),
			);
		assert.deepEqual(
			[...new Set(names("upload-artifact").map((name) => name.replace(/-?\$\{\{.*/, "")))],
			["bindings", "receipt", "npm-packages", "extension"],
		);
		assert.deepEqual(
			[...new Set(names("download-artifact").map((name) => name.replace(/-?(\$\{\{.*|\*)$/, "")))],
			["bindings", "receipt", "npm-packages", "extension"],
		);
	});

	it("packs nothing before all tests have passed, and publishes nothing that did not pass the gate", () => {
		const testing = ["lint", "build", "test", "test-musl", "test-core", "test-electron"];
		for (const name of testing) {
			assert.ok(before("package").has(name), name);
		}
		const [gate, ...later] = job("package")
			.steps.flatMap(({ run = [] }) => run)
			.slice(1);
		assert.match(gate ?? "", /^node release\/binaries\/gate\.mjs/);
		assert.ok(later.some((command) => command.startsWith("node release/packages/pack.mjs")));
		const publishing = jobs.filter(([name]) => name.startsWith("publish-")).map(([name]) => name);
		assert.deepEqual(publishing, ["publish-npm", "publish-extension", "publish-release"]);
		for (const name of publishing) {
			assert.ok(before(name).has("package"), name);
			assert.equal(job(name).if, "github.event_name == 'push' && github.ref_type == 'tag'", name);
		}
		for (const [name] of jobs.filter(([name]) => !publishing.includes(name))) {
			assert.equal(job(name).if, undefined, name);
		}
		assert.ok(before("publish-extension").has("publish-npm"));
	});

	it("gives each job the rights that it needs, and stores no token", () => {
		assert.deepEqual(workflow.permissions, {});
		for (const [name, { permissions }] of jobs) {
			const expected = {
				"publish-npm": { contents: "read", "id-token": "write" },
				"publish-extension": { contents: "read", "id-token": "write" },
				"publish-release": { contents: "write" },
			}[name];
			assert.deepEqual(permissions, expected ?? { contents: "read" }, name);
		}
		assert.doesNotMatch(text, /secrets\./);
		// What npm and the marketplaces trust is a workflow in an environment.
		assert.equal(job("publish-npm").environment, "npm");
		assert.equal(job("publish-extension").environment, "extension");
		assert.ok(text.includes("publish.mjs --provenance"));
	});

	it("uses actions by commit only, and says which version that is", () => {
		const uses = text.match(/uses: .*/g) ?? [];
		assert.ok(uses.length > 20);
		for (const action of uses) {
			assert.match(action, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
		}
		const commits = new Set(uses.map((action) => action.replace(/ #.*/, "")));
		assert.equal(commits.size, new Set([...commits].map((action) => action.replace(/@.*/, ""))).size);
	});

	it("runs scripts that there are", () => {
		const scripts = [...text.matchAll(/\b(?:node|npm ci .*--prefix) ((?:release|scripts)\/[\w./-]+)/g)];
		assert.ok(scripts.length >= 8);
		for (const [, script = ""] of scripts.filter(([, name]) => !name?.includes("node_modules"))) {
			assert.ok(existsSync(path.join(repository, script)), script);
		}
		for (const [, name = ""] of text.matchAll(/\bnpm run ([\w:]+)/g)) {
			assert.ok(name in manifest.scripts, name);
		}
	});

	it("builds with a Rust that the crate takes", () => {
		const [, used = ""] = /RUST_VERSION: "([\d.]+)"/.exec(text) ?? [];
		const crate = readFileSync(path.join(repository, "Cargo.toml"), "utf8");
		const [, least = ""] = /^rust-version = "([\d.]+)"$/m.exec(crate) ?? [];
		assert.ok(used.localeCompare(least, "en", { numeric: true }) >= 0, `${used}, least ${least}`);
	});
});
