import { messageOf } from "coder-telemetry-export/bin/message-of.js";

/** The functions of the addon that an export needs. */
export type Exporter = Pick<
	typeof import("coder-telemetry-export"),
	"exportTelemetry" | "listTelemetryFiles" | "resolveRange" | "suggestedFileName" | "validateDate"
>;

/**
 * Loads the addon, which is native code for one platform.
 *
 * @throws {Error} if it does not load; the message says what a user of the extension can do
 */
export function loadExporter(load: () => Exporter): Exporter {
	try {
		return load();
	} catch (cause) {
		const { remedy = otherPackage } = cause as { remedy?: string };
		throw new Error(
			`The native exporter does not load on ${process.platform}-${process.arch}: ${rootMessage(cause)}. ${remedy}.`,
			{ cause },
		);
	}
}

/** Replaces the advice of the addon to install another binary by npm. */
const otherPackage = "Install the package of this extension that is made for this machine's platform";

/** @returns the first line of the message of the innermost cause */
function rootMessage(error: unknown): string {
	if (error instanceof Error && error.cause !== undefined) {
		return rootMessage(error.cause);
	}
	// Node appends a list of requiring modules. On Windows, it appends the file after a CRLF.
	return messageOf(error).replace(/\.?(\r?\n.*)?$/s, "");
}
