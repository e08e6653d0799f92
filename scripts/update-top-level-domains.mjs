/**
 * Writes the list of top-level domains that the marks of a report know, from the package `tlds`, which follows the
 * registry's list:
 *
 *     npm install --save-dev tlds@latest
 *     node scripts/update-top-level-domains.mjs
 *
 * A Rust test checks that the list is sorted and whole.
 */

import { writeFileSync } from "node:fs";
import path from "node:path";
import tlds from "tlds" with { type: "json" };
import { repository } from "./set-up.mjs";

/** Path of the list in the repository. */
const list = "src/privacy/data/top_level_domains.txt";

// By bytes of UTF-8, which is the order that Rust has.
const domains = [...new Set(tlds.map((domain) => domain.toLowerCase()))].sort((one, other) =>
	Buffer.compare(Buffer.from(one), Buffer.from(other)),
);
writeFileSync(path.join(repository, list), `${domains.join("\n")}\n`);
console.log(`${list} has ${domains.length} domains.`);
