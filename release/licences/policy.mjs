/** Reads the allowed licences and duplicates from `deny.toml`, and checks licences. */

import { parse } from "smol-toml";
import satisfies from "spdx-satisfies";

/**
 * A crate that may ship in several versions.
 *
 * @typedef {object} Skip
 * @property {string} name
 * @property {string | undefined} version `undefined` for all versions
 */

/**
 * @typedef {object} Policy
 * @property {string[]} allow licences, preferred ones first
 * @property {Skip[]} skip
 * @property {string[]} targets
 */

/**
 * @param {string} text of a `deny.toml`
 * @returns {Policy}
 * @throws {Error} if it is not in the form that this reader supports, which is less than cargo-deny supports
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
 * @throws {Error} if it is not an SPDX licence; otherwise the error would name a package instead
 */
function requireLicence(name) {
	try {
		satisfies(name, [name]);
	} catch (cause) {
		throw new Error(`deny.toml: ${name} in [licenses] allow is not an SPDX licence.`, { cause });
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
 * @param {string} expression SPDX, or with a slash for "or" as in old crates
 * @param {readonly string[]} allowed licences, preferred ones first
 * @returns {string[] | undefined} a sufficient set, preferred ones first; `undefined` if the allowed licences do not suffice
 * @throws {Error} if it is not a valid expression
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
 * @returns {string | undefined} the problem and what to do about it
 */
export function licenceProblem(expression, allowed) {
	if (!expression) {
		return "names no licence. Ask its authors to add one, or do not use it.";
	}
	try {
		return chooseLicences(expression, allowed) === undefined
			? `is licensed under ${expression}, which [licenses] allow of deny.toml does not allow. ` +
					"Add the licence there if we can comply with it, or do not use the package."
			: undefined;
	} catch {
		return `has the licence ${expression}, which is not an SPDX expression. Ask its authors to correct it.`;
	}
}
