/** The platforms that have a VSIX, by the names of the marketplaces. */

import { ownPlatform } from "../../platform-package.js";

/** The platform part of the addon's file name, for each target. */
export const addonPlatforms = {
	"linux-x64": "linux-x64-gnu",
	"linux-arm64": "linux-arm64-gnu",
	"alpine-x64": "linux-x64-musl",
	"alpine-arm64": "linux-arm64-musl",
	"darwin-x64": "darwin-x64",
	"darwin-arm64": "darwin-arm64",
	"win32-x64": "win32-x64-msvc",
	"win32-arm64": "win32-arm64-msvc",
};

/** @typedef {keyof typeof addonPlatforms} Target */

/**
 * @param {string} name
 * @returns {name is Target}
 */
export function isTarget(name) {
	return Object.hasOwn(addonPlatforms, name);
}

/** @returns {string} the target for this machine, or the addon's platform name if there is no VSIX for it */
export function ownTarget() {
	return targetOfPlatform(ownPlatform()) ?? ownPlatform();
}

/**
 * @param {string} platform the addon's name of the platform
 * @returns {Target | undefined} undefined if there is no VSIX for it
 */
export function targetOfPlatform(platform) {
	return Object.keys(addonPlatforms)
		.filter(isTarget)
		.find((name) => addonPlatforms[name] === platform);
}
