/** What may be shipped, by `deny.toml`, and whether a licence is among it. */

import { parse } from "smol-toml";
import satisfies from "spdx-satisfies";

/**
 * A crate that may ship more than once.
 *
 * @typedef {object} Skip
 * @property {string} name
 * @property {string | undefined} version nothing: all of them
 */

/**
 * @typedef {object} Policy
 * @property {string[]} allow licences, those that are preferred first
 * @property {Skip[]} skip
 * @property {string[]} targets
 */

/**
 * @param {string} text of a `deny.toml`
 * @returns {Policy}
 * @throws {Error} where it is not as this reader, which knows less than cargo-deny does, understands it
 */
export function parsePolicy(text) {
	const { bans, graph, licenses } = /** @type {any} */ (parse(text));
	licenses.allow.forEach(requireLicence);
	return {
		allow: licenses.allow,
		skip: bans.skip.map(parseSkip),
		targets: graph.targets,
	};
}

/**
 * @param {string} name
 * @throws {Error} where it is none, which would otherwise be blamed on the packages that are held to it
 */
function requireLicence(name) {
	try {
		satisfies(name, [name]);
	} catch (cause) {
		throw new Error(`deny.toml: ${name} in [licenses] allow is no licence that SPDX lists.`, { cause });
	}
}

/**
 * @param {{ crate?: string, reason?: string }} entry
 * @returns {Skip}
 */
function parseSkip({ crate, reason }) {
	if (!crate || !reason) {
		throw new Error(
			`deny.toml: ${JSON.stringify({ crate, reason })} in [bans] skip must be ` +
				'{ crate = "name@version", reason = "why it ships more than once" }.',
		);
	}
	const [name = "", version] = crate.split("@");
	return { name, version };
}

/**
 * Chooses among the licences that an expression offers.
 *
 * @param {string} expression of SPDX, or with the slash for "or" that old crates have
 * @param {readonly string[]} allowed licences, those that are preferred first
 * @returns {string[] | undefined} those that are enough, in the order of preference; nothing where there is no such choice
 * @throws {Error} where it is no expression
 */
export function chooseLicences(expression, allowed) {
	const standard = expression.replaceAll("/", " OR ");
	if (!satisfies(standard, allowed)) {
		return undefined;
	}
	return allowed
		.reduceRight((/** @type {readonly string[]} */ kept, licence) => {
			const rest = kept.filter((other) => other !== licence);
			return satisfies(standard, rest) ? rest : kept;
		}, allowed)
		.slice();
}

/**
 * @param {string | null | undefined} expression
 * @param {readonly string[]} allowed
 * @returns {string | undefined} what is wrong with it, and what to do
 */
export function licenceProblem(expression, allowed) {
	if (!expression) {
		return "names no licence. Ask its authors to name one, or do without it.";
	}
	try {
		return chooseLicences(expression, allowed) === undefined
			? `is licensed under ${expression}, which [licenses] allow of deny.toml does not allow. ` +
					"Add the licence there if its terms can be met, or do without the package."
			: undefined;
	} catch {
		return `says ${expression} for its licence, which is no SPDX expression. Ask its authors to correct it.`;
	}
}
