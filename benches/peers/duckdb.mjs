/** Writes the JSON array with DuckDB: rows are joined with the header of their file and sorted by time. */

import path from "node:path";

/**
 * @param {string} directory
 * @param {string} out
 * @returns {string[]}
 */
export function duckdbCommand(directory, out) {
	const files = sqlText(path.join(directory, "telemetry-*.jsonl"));
	const sql = `
		COPY (
			WITH lines AS (
				FROM read_json(${files}, format = 'newline_delimited', filename = 'file', columns = {
					kind: 'VARCHAR', schema_version: 'INTEGER', context: 'JSON',
					event_id: 'VARCHAR', event_name: 'VARCHAR', timestamp: 'VARCHAR', event_sequence: 'BIGINT',
					properties: 'JSON', measurements: 'JSON', trace_id: 'VARCHAR', parent_event_id: 'VARCHAR',
					error: 'JSON', deployment_url: 'VARCHAR'
				})
			),
			headers AS (SELECT file, schema_version, context FROM lines WHERE kind = 'header')
			SELECT
				event_id, event_name, timestamp, event_sequence, properties, measurements, trace_id,
				parent_event_id, error,
				coalesce(lines.schema_version, headers.schema_version) AS schema_version,
				coalesce(
					lines.context,
					json_merge_patch(headers.context, json_object('deployment_url', deployment_url))
				) AS context
			FROM lines LEFT JOIN headers USING (file)
			WHERE kind IS NULL
			ORDER BY timestamp, coalesce(lines.context, headers.context) ->> 'session_id', event_sequence
		) TO ${sqlText(out)} (FORMAT json, ARRAY true)`;
	return ["duckdb", "-c", sql];
}

/** @param {string} text */
function sqlText(text) {
	return `'${text.replaceAll("'", "''")}'`;
}
