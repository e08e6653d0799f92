/** The browser that end-to-end tests drive: Debian's Chromium. */

/** Where its package puts it. */
export const chromiumProgram = "/usr/bin/chromium";

/** What must be there; without fonts it draws no text. */
export const chromiumPackages = [
	{ file: chromiumProgram, name: "chromium" },
	{ file: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", name: "fonts-dejavu-core" },
];

/** Headless, in a container, and silent but for the pages that are opened. */
export const chromiumFlags = [
	"--no-sandbox",
	"--disable-dev-shm-usage",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
