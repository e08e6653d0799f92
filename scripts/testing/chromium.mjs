/** Debian's Chromium, which end-to-end tests drive. */

export const chromiumProgram = "/usr/bin/chromium";

/** Chromium draws no text without fonts. */
export const chromiumPackages = [
	{ file: chromiumProgram, name: "chromium" },
	{ file: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", name: "fonts-dejavu-core" },
];

/** Flags for running in a container, and against network traffic that no page causes. */
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
