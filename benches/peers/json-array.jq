# The JSON array, in order of time: jq -n -c -f json-array.jq FILES, in order of date, session and part.
[
  foreach inputs as $row ({};
    if $row.kind == "header" then { header: $row }
    elif $row.context then { header, event: $row }
    else
      { header,
        event: (
          ($row | del(.deployment_url))
          + { schema_version: .header.schema_version,
              context: (.header.context + { deployment_url: $row.deployment_url }) }
        ) }
    end;
    .event // empty)
]
| sort_by(.timestamp, .context.session_id)
