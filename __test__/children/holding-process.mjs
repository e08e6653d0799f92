/** Opens a file on Windows so that nobody else can, until the process is killed. */

import { constants, openSync } from "node:fs";
import { exclusively } from "../../scripts/testing/windows.mjs";

/** @type {{ file: string }} */
const { file } = JSON.parse(process.argv[2] ?? "");

openSync(file, constants.O_RDONLY | exclusively);
console.log("held");
setInterval(() => {}, 1000);
