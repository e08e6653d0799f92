import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
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
 * @property {number} timeout-minutes
 * @property {{ matrix: Record<string, any> }} [strategy]
 * @property {Step[]} steps
 */

/**
 * @typedef {object} Step
 * @property {string} [name]
 * @property {string} [if]
 * @property {string} [uses]
 * @property {string} [run]
 * @property {Record<string, string>} [with]
 */

/**
 * @typedef {object} Workflow
 * @property {Record<string, any>} on
 * @property {Record<string, string>} permissions
 * @property {{ group: string, "cancel-in-progress": boolean }} concurrency
 * @property {Record<string, Job>} jobs
 */

const folder = path.join(repository, ".github", "workflows");

/**
 * @param {string} file
 * @returns {{ text: string, workflow: Workflow }}
 */
function read(file) {
	const text = readFileSync(path.join(folder, file), "utf8");
	return { text, workflow: parse(text) };
}

const { text, workflow } = read("release.yml");
const jobs = Object.entries(workflow.jobs);

/** Every target, as often as it stands. */
const triples = releaseTargets.map(({ triple }) => triple).sort();

/**
 * @param {string} name
 * @param {Workflow} [of]
 */
function job(name, of = workflow) {
	const found = of.jobs[name];
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

	it("lets no step be left out", () => {
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

	it("gives each job the rights that it needs, and trusts environments instead of tokens", () => {
		for (const [name, { permissions }] of jobs) {
			const expected = {
				"publish-npm": { contents: "read", "id-token": "write" },
				"publish-extension": { contents: "read", "id-token": "write" },
				"publish-release": { contents: "write" },
			}[name];
			assert.deepEqual(permissions, expected ?? { contents: "read" }, name);
		}
		// What npm and the marketplaces trust is a workflow in an environment.
		assert.equal(job("publish-npm").environment, "npm");
		assert.equal(job("publish-extension").environment, "extension");
		assert.ok(text.includes("publish.mjs --provenance"));
	});
});

describe("the checks of a change", () => {
	const { workflow } = read("ci.yml");
	const systems = ["ubuntu-24.04", "macos-15", "windows-2025"];

	it("run for every pull request and push to main, and are cancelled by a newer push", () => {
		assert.deepEqual(workflow.on, { pull_request: null, push: { branches: ["main"] } });
		const { group, "cancel-in-progress": isCancelled } = workflow.concurrency;
		assert.equal(group, `ci-\${{ github.ref }}`);
		assert.equal(isCancelled, true);
	});

	it("may read the repository, and nothing else", () => {
		for (const [name, { permissions }] of Object.entries(workflow.jobs)) {
			assert.deepEqual(permissions, { contents: "read" }, name);
		}
	});

	it("lint and test on every system, the addon with every Node that is supported", () => {
		for (const name of ["core", "addon"]) {
			assert.deepEqual(job(name, workflow).strategy?.matrix.runner, systems, name);
		}
		assert.deepEqual(job("addon", workflow).strategy?.matrix.node.map(Number), supportedNodeVersions);
	});

	it("make the same demands as a release", () => {
		/** @param {Workflow} of */
		const demands = (of) =>
			new Set(Object.values(of.jobs).flatMap(({ steps }) => steps.map(({ run }) => run)));
		const made = demands(workflow);
		for (const command of [
			"npx biome ci",
			"npm run types",
			"cargo fmt --check",
			"cargo clippy --locked --all-targets -- -D warnings",
			"cargo test --locked",
			"npm run check:generated",
			"npm run check:licences",
			"npm run lint:workflows",
			"npm test -- --addon",
			"node --test release/test/*.test.mjs",
		]) {
			assert.ok(demands(read("release.yml").workflow).has(command), `release.yml: ${command}`);
			assert.ok(made.has(command), command);
		}
		for (const command of ["npm run check:versions", "npm run build", "npm test --workspace extension"]) {
			assert.ok(made.has(command), command);
		}
	});

	it("leave out on macOS and Windows only what needs Linux", () => {
		const conditional = Object.entries(workflow.jobs).flatMap(([name, { steps }]) =>
			steps.filter((step) => step.if !== undefined).map((step) => [name, step.if, step.name]),
		);
		assert.deepEqual(conditional, [
			[
				"addon",
				"runner.os == 'Linux'",
				"Let tests watch system calls, use access lists and mount small disks",
			],
			["addon", "runner.os == 'Linux'", "Tests of what is released"],
		]);
	});
});

/** @type {Map<string, string>} the commit of each action, once it was seen */
const commits = new Map();

for (const file of readdirSync(folder)) {
	describe(`the workflow ${file}`, () => {
		const { text, workflow } = read(file);

		it("has no right that a job does not ask for", () => {
			assert.deepEqual(workflow.permissions, {});
			assert.doesNotMatch(text, /secrets\./);
		});

		it("uses actions by a commit, the same in every workflow, and says which version that is", () => {
			const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action = ""]) => action);
			assert.ok(uses.length > 3);
			for (const action of uses) {
				const [, name = "", commit = ""] =
					/^([\w-]+\/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(action) ?? [];
				assert.notEqual(commit, "", action);
				assert.equal(commit, commits.get(name) ?? commit, action);
				commits.set(name, commit);
			}
		});

		it("ends every job within an hour", () => {
			for (const [name, job] of Object.entries(workflow.jobs)) {
				assert.ok(job["timeout-minutes"] <= 60, name);
			}
		});

		it("lets no step fail unnoticed", () => {
			for (const [name, job] of Object.entries(workflow.jobs)) {
				assert.ok(!("continue-on-error" in job), name);
				for (const step of job.steps) {
					assert.ok(!("continue-on-error" in step), name);
					assert.doesNotMatch(step.run ?? "", /\|\|/, name);
				}
			}
		});

		it("runs scripts that there are", () => {
			const run = Object.values(workflow.jobs)
				.flatMap(({ steps }) => steps.map((step) => step.run ?? ""))
				.join("\n");
			const scripts = run.matchAll(
				/\b(?:node|node --test|npm ci .*--prefix) ((?:release|scripts)\/[\w./-]+)/g,
			);
			const files = [...scripts]
				.map(([, file = ""]) => file)
				.filter((file) => !file.includes("node_modules"));
			const commands = [...run.matchAll(/\bnpm (?:run )?([\w:]+)/g)].map(([, name = ""]) => name);
			assert.ok(files.length > 0 && commands.length > 5);
			for (const file of files) {
				assert.ok(existsSync(path.join(repository, file)), file);
			}
			for (const name of commands) {
				assert.ok(name === "ci" || name in manifest.scripts, name);
			}
		});

		it("builds with a Rust that the crate takes", () => {
			const [, used = ""] = /RUST_VERSION: "([\d.]+)"/.exec(text) ?? [];
			const crate = readFileSync(path.join(repository, "Cargo.toml"), "utf8");
			const [, least = ""] = /^rust-version = "([\d.]+)"$/m.exec(crate) ?? [];
			assert.ok(used.localeCompare(least, "en", { numeric: true }) >= 0, `${used}, least ${least}`);
		});
	});
}
