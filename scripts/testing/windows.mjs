/** What tests need to know about Windows. */

export const onWindows = process.platform === "win32";

/** Wine, which runs Windows programs on Linux, sets this variable. */
export const underWine = onWindows && process.env.WINEDATADIR !== undefined;
