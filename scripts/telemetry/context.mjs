/** Draws the context of a session: extension, machine, operating system and editor. */

const extensionVersions = ["1.15.0", "1.15.1", "1.15.2"];

const operatingSystems = [
	{ os_type: "linux", os_version: "6.8.0-57-generic", host_arch: "x64" },
	{ os_type: "darwin", os_version: "25.1.0", host_arch: "arm64" },
	{ os_type: "windows", os_version: "10.0.26100", host_arch: "x64" },
];

const editors = [
	{ platform_name: "Visual Studio Code", platform_version: "1.107.2" },
	{ platform_name: "Visual Studio Code - Insiders", platform_version: "1.108.0-insider" },
	{ platform_name: "VSCodium", platform_version: "1.106.3" },
	{ platform_name: "Cursor", platform_version: "1.106.0" },
];

/**
 * @param {import("./random.mjs").Random} random
 * @param {string} machineId 64 hexadecimal digits
 * @returns {import("./layout.mjs").Context}
 */
export function drawContext(random, machineId) {
	return {
		extension_version: random.pick(extensionVersions),
		machine_id: machineId,
		session_id: random.hex(32),
		...random.pick(operatingSystems),
		...random.pick(editors),
	};
}
