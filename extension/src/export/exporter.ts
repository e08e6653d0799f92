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
		throw new Error(
			`The native exporter does not load on ${process.platform}-${process.arch}: ${innermost(cause)}. ` +
				"Install the package of this extension that is made for this machine's platform.",
			{ cause },
		);
	}
}

/** @returns what the system said, which those who passed it on have wrapped */
function innermost(error: unknown): string {
	return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : messageOf(error);
}
