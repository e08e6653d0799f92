/** Records telemetry about this extension in the host. It must not throw. */
export interface TelemetryReporter {
	/**
	 * @param eventName Such as `command.invoked`.
	 * @param properties Must not contain paths or text that a user typed.
	 * @param measurements Values of keys that end in `Ms` are in milliseconds.
	 */
	log(
		eventName: string,
		properties: Readonly<Record<string, string>>,
		measurements: Readonly<Record<string, number>>,
	): void;
}

/** Records nothing. Used if the host supplies no reporter. */
export const silentTelemetry: TelemetryReporter = { log: () => {} };
