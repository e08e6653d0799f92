/**
 * Runs a command whose standard output is a pipe that another process has made non-blocking, as Node programs do. The first
 * argument is the number of bytes in the pipe; the others are the command line.
 */

"use strict";

const { spawn } = require("node:child_process");

const [bytesBefore, script = "", ...commandLine] = process.argv.slice(2);
process.stdout.write("x".repeat(Number(bytesBefore)), () => {
	const child = spawn(process.execPath, [script, ...commandLine], { stdio: "inherit" });
	// Starting a child makes the pipe blocking again.
	const handle = /** @type {any} */ (process.stdout)._handle;
	const timer = setInterval(() => handle.setBlocking(false), 1);
	child.on("exit", (code) => {
		clearInterval(timer);
		process.exitCode = code ?? 99;
	});
});
