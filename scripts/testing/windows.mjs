/** Which system the tests run on. */

export const onWindows = process.platform === "win32";

/** Wine behaves differently in places. A test that skips there says why. */
export const underWine = onWindows && process.env.WINEDATADIR !== undefined;
