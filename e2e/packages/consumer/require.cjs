/** A CommonJS module that does the same with `require`. */

const { exportTelemetry, listTelemetryFiles, resolveRange } = require("coder-telemetry-export");

const [, , telemetry = "", folder = ""] = process.argv;
exportTelemetry(telemetry, "allTime", "otlp", `${folder}/required.otlp.zip`).then(async ({ eventCount }) => {
	const files = await listTelemetryFiles(telemetry, "allTime");
	console.log(JSON.stringify({ eventCount, files: files.length, label: resolveRange("allTime").label }));
});
