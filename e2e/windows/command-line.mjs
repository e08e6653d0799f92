/** What the scenarios of the command line share. */

import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";

export const command = path.join(repository, "bin", "coder-telemetry-export.js");
export const sample = path.join(repository, "examples", "telemetry", "current");

/** Without the variables of the test runner, and without TERM, which Windows does not set. */
const { NODE_TEST_CONTEXT, TERM, ...environment } = process.env;

export { environment };
