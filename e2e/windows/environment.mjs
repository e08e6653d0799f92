/** Environment variables that pass folders to the scenarios, which run in Windows' Node. */

export const programsVariable = "CODER_TELEMETRY_E2E_PROGRAMS";
export const linuxExportsVariable = "CODER_TELEMETRY_E2E_LINUX_EXPORTS";

/** @returns {string} the folder of the built programs: `programs/NAME.c` is `NAME.exe` there */
export function programsFolder() {
	return folderOf(programsVariable);
}

/** @returns {string} the folder of the exports that Linux's addon made of the samples */
export function linuxExportsFolder() {
	return folderOf(linuxExportsVariable);
}

/** @param {string} variable */
function folderOf(variable) {
	const folder = process.env[variable];
	if (folder === undefined) {
		throw new Error(`${variable} is not set: scenarios are run by npm run test:windows`);
	}
	return folder;
}
