/** Exports and then does nothing. The process must end by itself once the promise is settled. */

import { exportTelemetry } from "../../index.js";

const { directory, out, format, follow, abort } = JSON.parse(process.argv[2] ?? "");
const controller = new AbortController();
const options = follow ? { signal: controller.signal, onProgress: () => {} } : {};
exportTelemetry(directory, "allTime", format, out, options).then(
	({ eventCount }) => console.log(eventCount),
	(error) => console.log(error.name),
);
if (abort) {
	controller.abort();
}
