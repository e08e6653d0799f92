/** What tests on Windows need to know. */

export const onWindows = process.platform === "win32";
/** Wine runs Windows programs on other systems, but not everything is as on Windows. */
export const underWine = onWindows && process.env.WINEDATADIR !== undefined;
/** The `open` flag with which nobody else can open, rename or delete a file on Windows (libuv's `UV_FS_O_EXLOCK`). */
export const exclusively = 0x1000_0000;
