/** The output of `--help`, 80 columns wide at most. */

"use strict";

const helpText = `Exports the telemetry that the Coder VS Code extension keeps on disk.

Usage
  coder-telemetry-export [DIR] [options]  write an export
  coder-telemetry-export ls [DIR]         list days, sessions and sizes without
                                          opening a file; takes --range,
                                          --grace-days and --json

  DIR is the telemetry directory. Without it, the command looks for the
  directory of VS Code, its forks (VSCodium, Cursor, Windsurf, Trae, Positron,
  Antigravity and others), code-server, and their servers on remote machines.
  For a directory named ls, write ./ls.

What to export
  --range RANGE             last24Hours, last7Days, last30Days, allTime,
                            a UTC day such as 2026-05-12, or days such as
                            2026-05-12..2026-05-13         (default: allTime)
  --grace-days N            also read the files of N later days, 0 to 7, for
                            events of the range            (default: 0)
  --format FORMAT           json: one array of all events, in order of time;
                            otlp: a zip of OTLP/JSON requests for an
                            OpenTelemetry backend;
                            html: a report for a browser that shows what an
                            export would share             (default: json)

Where to
  -o, --out FILE            write FILE, and replace it if it exists; - streams
                            the JSON array to standard output, where a failure
                            may leave a part of it: check the exit code
                                            (default: a new file in the current
                                            directory, named after the range)
  -f, --force               replace an existing file in any case
      --no-overwrite        do not replace a file, even if --out names it
      --open                open the report of --format html in the browser

Redaction
  --redact                  replace names, hosts, addresses, tokens and what
                            else may identify someone by pseudonyms
  --redact-unknown          replace values of unknown fields, too
  --redact-field FIELD      replace the whole value of FIELD; may be repeated
  --keep-field FIELD        replace nothing in FIELD; may be repeated
  --redact-key-file FILE    make pseudonyms with the key in FILE, 32 to 4096
                            bytes, so that exports can be compared
                                            (default: a random key)

  FIELD is context.KEY, row.deployment_url, properties.KEY, error.KEY or
  other.KEY. Redacted is not anonymous: look at a report before you share it.

OTLP options
  --temporality KIND        kind of counters: delta, or cumulative, which
                            Prometheus and Mimir need      (default: delta)
  --span-name KIND          leaf: the last part of the event's name, or
                            full: all of it                (default: leaf)
  --max-request-bytes SIZE  the longest request, 64KiB to 64MiB
                                                           (default: 3500kB)
  --compression-level N     0 (no compression) to 9 (smallest file)
                                                           (default: 4)

Other options
  --threads N               1 or more; at most 8 are used  (default: all cores)
  --strict                  exit with 4 if a line or a file was left out
  --json                    print the summary, or the list, as JSON
  -h, --help                print this help
  -V, --version             print the version

  SIZE is in bytes, or has a unit: kB, MB, GB are powers of 1,000; KiB, MiB,
  GiB of 1,024. Warnings, and the list of what was left out, go to standard
  error. If a value looks like an option, write it after =, as in --out=-f.

Exit codes
    0  done
    1  failed; an existing output file is unchanged, unless the message says
       that the export is complete
    2  the command line is wrong
    3  no event matched, and no file was written; for ls: there is no
       telemetry file
    4  with --strict: a line or a file was left out; takes precedence over 3
  130  cancelled by Ctrl-C, SIGTERM or SIGHUP; an existing output file is
       unchanged
  If the reader of standard output goes away, as head does, that is no failure.

Examples
  All telemetry of the editor on this machine:
    coder-telemetry-export
  The last week, for an OpenTelemetry backend:
    coder-telemetry-export --range last7Days --format otlp
  Two days from another directory, to a file of your choice:
    coder-telemetry-export telemetry --range 2026-05-12..2026-05-13 -o may.json
  Only the errors, with jq:
    coder-telemetry-export --out - | jq '.[] | select(.error)'
  For a backend with a limit of 1 MB for each request:
    coder-telemetry-export --format otlp --max-request-bytes 900kB
  With pseudonyms for names, hosts, addresses and tokens:
    coder-telemetry-export --redact
  A report of what would be shared, in the browser:
    coder-telemetry-export --format html --open
  A list of what there is to export:
    coder-telemetry-export ls`;

module.exports = { helpText };
