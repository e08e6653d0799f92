/** Where the host records what this code does. It must not throw. */
export interface TelemetryReporter {
	/**
	 * @param eventName Such as `command.invoked`.
	 * @param properties Words about the event; no paths and nothing that a user typed.
	 * @param measurements Numbers about it; a key that ends in `Ms` is in milliseconds.
	 */
	log(
		eventName: string,
		properties: Readonly<Record<string, string>>,
		measurements: Readonly<Record<string, number>>,
	): void;
}

/** Records nothing: what this extension does when no host supplies a reporter. */
export const silentTelemetry: TelemetryReporter = { log: () => {} };
