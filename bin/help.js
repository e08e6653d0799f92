/** What `--help` prints; no line is wider than 80 columns. */

"use strict";

const helpText = `Exports the telemetry that the Coder VS Code extension keeps on disk.

Usage
  coder-telemetry-export [DIR] [options]  write an export
  coder-telemetry-export ls [DIR]         list days, sessions and sizes, by file
                                          names alone; takes --range,
                                          --grace-days and --json

  DIR is the telemetry directory. Without it, the places where VS Code, its
  forks (VSCodium, Cursor, Windsurf, Trae, Positron, Antigravity and others),
  code-server and their servers on remote machines keep it are looked at, and
  the one that exists is taken. For a directory that is called ls, write ./ls.

What to export
  --range RANGE             last24Hours, last7Days, last30Days or allTime,
                            a day: 2026-05-12, or days: 2026-05-12..2026-05-13,
                            whole and in UTC               (default: allTime)
  --grace-days N            look for events of the range in the files of N more
                            days too, 0 to 7               (default: 0)
  --format FORMAT           json: one array of all events, in order of time;
                            otlp: a zip of OTLP/JSON requests for an
                            OpenTelemetry backend;
                            html: a page for a browser that shows what an
                            export would share             (default: json)

Where to
  -o, --out FILE            replaced if it exists; - streams the JSON array to
                            standard output, where a failure may leave a part:
                            the exit code tells            (default: a name
                            made of the range, here, not replaced)
  -f, --force               replace an existing file in any case
      --no-overwrite        do not replace a file named by --out either
      --open                show the page of --format html in the browser

How the requests of --format otlp look
  --temporality KIND        of counters: delta, or cumulative as the Prometheus
                            family wants it                (default: delta)
  --span-name KIND          leaf: the last part of the event's name, or
                            full: all of it; operations in a page are called
                            the same                       (default: leaf)
  --max-request-bytes SIZE  most that one request may hold, 64KiB to 64MiB
                                                           (default: 3500kB)
  --compression-level N     0, none, to 9, smallest file
                                                           (default: balanced)

How to work
  --threads N               1 or more                      (default: all cores)
  --strict                  exit with 4 if a line or a file had to be left out
  --json                    print the summary, or the list, as JSON
  -h, --help                print this
  -V, --version             print the version

  SIZE is in bytes, or has a unit: kB, MB, GB are powers of 1,000; KiB, MiB,
  GiB of 1,024. Warnings, and what was left out, go to standard error. A value
  that begins with a dash is taken, unless it is an option: --out=-f is a file.

Exit codes
    0  done
    1  failed; an existing output file is as it was, unless the message says
       that the export is complete
    2  the command line is wrong
    3  no event matched; no file was written
    4  with --strict: something was left out; takes precedence over 3
  130  cancelled by Ctrl-C, SIGTERM or SIGHUP; an existing output file is as it
       was
  A reader of standard output that goes away, as head does, is no failure.

Examples
  Everything, from the directory of the editor on this machine:
    coder-telemetry-export
  The last week, for an OpenTelemetry backend:
    coder-telemetry-export --range last7Days --format otlp
  Two days of another directory, into a file of your choice:
    coder-telemetry-export telemetry --range 2026-05-12..2026-05-13 -o may.json
  What went wrong, with jq:
    coder-telemetry-export --out - | jq '.[] | select(.error)'
  Requests that a backend with a limit of 1 MB takes:
    coder-telemetry-export --format otlp --max-request-bytes 900kB
  What would be shared, in the browser:
    coder-telemetry-export --format html --open
  What there is to export:
    coder-telemetry-export ls`;

module.exports = { helpText };
