/**
 * Runs a command whose standard output is a pipe that another process keeps non-blocking, as a Node program with the same
 * pipe does. The first argument says how many bytes are in the pipe already; the rest is the command line.
 */

"use strict";

const { spawn } = require("node:child_process");

const [bytesBefore, script = "", ...commandLine] = process.argv.slice(2);
process.stdout.write("x".repeat(Number(bytesBefore)), () => {
	const child = spawn(process.execPath, [script, ...commandLine], { stdio: "inherit" });
	// To start a child makes the pipe blocking again.
	const handle = /** @type {any} */ (process.stdout)._handle;
	const timer = setInterval(() => handle.setBlocking(false), 1);
	child.on("exit", (code) => {
		clearInterval(timer);
		process.exitCode = code ?? 99;
	});
});
