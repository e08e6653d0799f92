import { messageOf } from "../messageOf.js";

/** What the export needs of the addon; a double of it in tests. */
export type Exporter = Pick<
	typeof import("coder-telemetry-export"),
	"exportTelemetry" | "listTelemetryFiles" | "resolveRange" | "suggestedFileName" | "validateDate"
>;

/**
 * Loads the addon, which is native code for one platform.
 *
 * @throws {Error} where it does not load, with what a user of the extension can do about it
 */
export function loadExporter(load: () => Exporter): Exporter {
	try {
		return load();
	} catch (cause) {
		const { remedy = otherPackage } = cause as { remedy?: string };
		throw new Error(
			`The native exporter does not load on ${process.platform}-${process.arch}: ${innermost(cause)}. ${remedy}.`,
			{ cause },
		);
	}
}

/** What helps if the addon does not know of a remedy: its own advice is for those who use npm. */
const otherPackage = "Install the package of this extension that is made for this machine's platform";

/** @returns what the system said, which those who passed it on have wrapped */
function innermost(error: unknown): string {
	if (error instanceof Error && error.cause !== undefined) {
		return innermost(error.cause);
	}
	// Node adds lines on who asked for a module, and a full stop.
	return messageOf(error).replace(/\.?(\n.*)?$/s, "");
}
