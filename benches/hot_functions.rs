//! Speed of the innermost steps of an export, each measured alone and on one core:
//!
//! ```sh
//! cargo bench --features hot-functions --bench hot_functions
//! ```
//!
//! Throughput counts bytes of telemetry, so that steps can be compared; `deflate` counts bytes of the request. The telemetry
//! repeats the sample of `examples/telemetry`, which is longer than the window of deflate.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use coder_telemetry_export::error::Error;
use coder_telemetry_export::export::{Destination, ExportJob, Format, OtlpOptions, export};
use coder_telemetry_export::hot_functions::{Blocks, Deflater, Events, read_rows};
use coder_telemetry_export::progress::Progress;
use coder_telemetry_export::range::{Range, RangeInput};
use coder_telemetry_export::read::listing::Listing;
use divan::Bencher;
use divan::counter::BytesCount;
use memchr::memchr;
use tempfile::TempDir;

/// Bytes of telemetry that one block has.
const BLOCK_BYTES: usize = 256 * 1024;
/// Bytes of telemetry for steps that read a file in blocks.
const FILE_BYTES: usize = 1024 * 1024;
/// Bytes of telemetry of all merged sessions.
const MERGED_BYTES: usize = 4 * 1024 * 1024;
/// Milliseconds between two events of a session.
const PACE_MS: usize = 5_000;
/// Text before the timestamp in a row.
const TIMESTAMP: &str = r#""timestamp":""#;
const TIMESTAMP_BYTES: usize = 24;

fn main() {
    divan::main();
}

/// Where the context of events is stored.
#[derive(Clone, Copy)]
enum Layout {
    /// In the header of their file.
    Current,
    /// In their row.
    SelfContained,
}

const LAYOUTS: [Layout; 2] = [Layout::Current, Layout::SelfContained];

impl fmt::Display for Layout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.directory())
    }
}

impl Layout {
    fn directory(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::SelfContained => "self-contained",
        }
    }

    /// The lines of the sample, one file after the other, with the header of the first one only.
    fn sample(self) -> Vec<String> {
        let directory =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/telemetry").join(self.directory());
        let files = fs::read_dir(directory).expect("a sample").map(|entry| entry.expect("a file").path());
        let mut files: Vec<_> = files.collect();
        files.sort();
        let texts = files.iter().map(|path| fs::read_to_string(path).expect("a file"));
        let mut lines: Vec<String> =
            texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        let mut has_header = false;
        lines.retain(|line| !is_header(line) || !std::mem::replace(&mut has_header, true));
        lines
    }

    /// About `bytes` of one session.
    fn telemetry(self, bytes: usize) -> String {
        session(&self.sample(), bytes, 0)
    }
}

fn is_header(line: &str) -> bool {
    line.starts_with(r#"{"kind":"header""#)
}

/// About `bytes` of a session that begins `delay_ms` after midnight. It repeats the rows of `sample` at a steady pace.
fn session(sample: &[String], bytes: usize, delay_ms: usize) -> String {
    let (headers, rows): (Vec<_>, Vec<_>) = sample.iter().partition(|line| is_header(line));
    let mut text: String = headers.iter().map(|header| format!("{header}\n")).collect();
    for (number, row) in rows.iter().cycle().enumerate() {
        let time = row.find(TIMESTAMP).expect("a time") + TIMESTAMP.len();
        text.push_str(&row[..time]);
        text.push_str(&timestamp(delay_ms + number * PACE_MS));
        text.push_str(&row[time + TIMESTAMP_BYTES..]);
        text.push('\n');
        if text.len() >= bytes {
            break;
        }
    }
    text
}

/// The time that is `milliseconds` after midnight.
fn timestamp(milliseconds: usize) -> String {
    let seconds = milliseconds / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    assert!(hour < 24, "a session lasts a day at most");
    format!("2026-06-01T{hour:02}:{minute:02}:{second:02}.{:03}Z", milliseconds % 1000)
}

/// A telemetry directory with a file for each of `sessions`, and its size in bytes.
fn telemetry_directory<'a>(sessions: impl IntoIterator<Item = &'a str>) -> (TempDir, usize) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut bytes = 0;
    for (number, text) in sessions.into_iter().enumerate() {
        let name = format!("telemetry-2026-06-01-{number:08x}.jsonl");
        fs::write(directory.path().join(name), text).expect("a file");
        bytes += text.len();
    }
    (directory, bytes)
}

fn all_time() -> Range {
    RangeInput::Text("allTime".to_owned()).resolve(0).expect("a range")
}

fn export_job(directory: &Path, format: Format, out: &Path) -> ExportJob {
    ExportJob {
        directory: directory.to_path_buf(),
        range: all_time(),
        format,
        redaction: None,
        destination: Destination::File { path: out.to_path_buf(), overwrite: true },
        grace_days: 0,
        threads: Some(1),
        exported_at_ms: 0,
    }
}

/// Reads bytes in blocks, checks that they are UTF-8, and cuts them at line feeds. The decoder cuts lines while it reads rows,
/// so the last two benchmarks call its libraries directly.
mod lines {
    use super::*;

    #[divan::bench]
    fn read(bencher: Bencher<'_, '_>) {
        with_blocks(Layout::Current, |blocks, bytes| {
            assert_eq!(blocks.read_lines().expect("lines"), bytes);
            bencher.counter(BytesCount::new(bytes)).bench_local(|| blocks.read_lines());
        });
    }

    #[divan::bench]
    fn check_utf8(bencher: Bencher<'_, '_>) {
        let text = Layout::Current.telemetry(BLOCK_BYTES);
        bencher
            .counter(BytesCount::of_str(&text))
            .bench_local(|| simdutf8::basic::from_utf8(text.as_bytes()));
    }

    #[divan::bench]
    fn cut(bencher: Bencher<'_, '_>) {
        let text = Layout::Current.telemetry(BLOCK_BYTES);
        bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
            let (mut rest, mut lines) = (text.as_str(), 0);
            while let Some(end) = memchr(b'\n', rest.as_bytes()) {
                rest = divan::black_box(rest.split_at(end + 1)).1;
                lines += 1;
            }
            lines
        });
    }
}

/// Turns lines into events, which borrow from them.
#[divan::bench(args = LAYOUTS)]
fn read_row(bencher: Bencher<'_, '_>, layout: Layout) {
    let text = layout.telemetry(BLOCK_BYTES);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(read_rows(&lines), lines.len());
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| read_rows(&lines));
}

/// Everything that happens before a format gets the events: lines, rows and contexts.
#[divan::bench(args = LAYOUTS)]
fn decode(bencher: Bencher<'_, '_>, layout: Layout) {
    with_blocks(layout, |blocks, bytes| {
        assert!(blocks.decode().expect("a file") > 0);
        bencher.counter(BytesCount::new(bytes)).bench_local(|| blocks.decode());
    });
}

/// Calls `measure` with the blocks of one file and its size.
fn with_blocks(layout: Layout, measure: impl FnOnce(&Blocks<'_>, usize)) {
    let (directory, bytes) = telemetry_directory([layout.telemetry(FILE_BYTES).as_str()]);
    let range = all_time();
    let progress = Progress::default();
    let listing = Listing::read(directory.path(), &range, 0, &progress).expect("a listing");
    measure(&Blocks::new(directory.path(), &listing.files, &range, &progress), bytes);
}

/// The JSON array: `encode` finds which parts of each row are kept, `write` writes them with the context.
mod json_array {
    use super::*;

    #[divan::bench(args = LAYOUTS)]
    fn encode(bencher: Bencher<'_, '_>, layout: Layout) {
        let text = layout.telemetry(BLOCK_BYTES);
        let events = Events::read(&text);
        assert!(events.count() > 0);
        bencher.counter(BytesCount::of_str(&text)).bench_local(|| events.encode_json());
    }

    #[divan::bench(args = LAYOUTS)]
    fn write(bencher: Bencher<'_, '_>, layout: Layout) {
        let text = layout.telemetry(BLOCK_BYTES);
        let rows = Events::read(&text).json_rows();
        let mut written = Vec::new();
        rows.append_to(&mut written);
        assert!(written.len() > text.len() / 2);
        bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
            written.clear();
            rows.append_to(&mut written);
            written.len()
        });
    }
}

/// OTLP: routes events, prints log records and spans, and collects metric points.
mod otlp {
    use super::*;

    #[divan::bench(args = LAYOUTS)]
    fn encode(bencher: Bencher<'_, '_>, layout: Layout) {
        let text = layout.telemetry(BLOCK_BYTES);
        let events = Events::read(&text);
        assert!(events.count() > 0);
        let options = OtlpOptions::default();
        bencher.counter(BytesCount::of_str(&text)).bench_local(|| events.encode_otlp(&options));
    }
}

/// The report: gathers fields, counts and numbers from each event. Its blocks are four times as long, so that first
/// occurrences matter less.
mod report {
    use super::*;

    /// Number of ordinary blocks in a block of a report.
    const BLOCKS_IN_ONE: usize = 4;

    #[divan::bench(args = LAYOUTS)]
    fn encode(bencher: Bencher<'_, '_>, layout: Layout) {
        let text = layout.telemetry(BLOCKS_IN_ONE * BLOCK_BYTES);
        let events = Events::read(&text);
        assert!(events.count() > 0);
        bencher.counter(BytesCount::of_str(&text)).bench_local(|| events.encode_report());
    }
}

/// Merges sessions into an array. The export is stopped after the file is written, before it is synced. `in_turn` measures
/// reading and writing; the additional time of `interleaved` is the cost of the merge.
mod merge {
    use super::*;

    const SESSIONS: [usize; 3] = [1, 32, 1024];

    /// Each session begins after the previous one has ended.
    #[divan::bench(args = SESSIONS, sample_count = 40)]
    fn in_turn(bencher: Bencher<'_, '_>, sessions: usize) {
        let sample = Layout::Current.sample();
        let mut begin_ms = 0;
        let texts = (0..sessions).map(|_| {
            let text = session(&sample, MERGED_BYTES / sessions, begin_ms);
            begin_ms += text.lines().count() * PACE_MS;
            text
        });
        merge(bencher, &texts.collect::<Vec<_>>());
    }

    /// Consecutive events always belong to different sessions.
    #[divan::bench(args = SESSIONS, sample_count = 40)]
    fn interleaved(bencher: Bencher<'_, '_>, sessions: usize) {
        let sample = Layout::Current.sample();
        let begin_ms = |number| number * PACE_MS / sessions;
        let texts = (0..sessions).map(|number| session(&sample, MERGED_BYTES / sessions, begin_ms(number)));
        merge(bencher, &texts.collect::<Vec<_>>());
    }

    fn merge(bencher: Bencher<'_, '_>, sessions: &[String]) {
        let (directory, bytes) = telemetry_directory(sessions.iter().map(String::as_str));
        let output = tempfile::tempdir().expect("a directory");
        let job = export_job(directory.path(), Format::JsonArray, &output.path().join("array.json"));
        bencher.counter(BytesCount::new(bytes)).bench_local(|| {
            let outcome = export(&job, &Progress::default(), || Err(Error::Cancelled));
            assert!(matches!(outcome, Err(Error::Cancelled)));
        });
    }
}

/// Compresses a request of metrics and one of spans. Each level uses a different search strategy.
mod deflate {
    use super::*;

    const LEVELS: [u32; 4] = [1, 4, 6, 9];

    #[divan::bench(args = LEVELS)]
    fn metrics(bencher: Bencher<'_, '_>, level: u32) {
        deflate(bencher, "metrics.json", level);
    }

    #[divan::bench(args = LEVELS)]
    fn traces(bencher: Bencher<'_, '_>, level: u32) {
        deflate(bencher, "traces.json", level);
    }

    fn deflate(bencher: Bencher<'_, '_>, name: &str, level: u32) {
        let text = entry(&ZIP, name);
        let (mut deflater, mut deflated) = (Deflater::new(level), Vec::new());
        bencher.counter(BytesCount::of_slice(&text)).bench_local(|| {
            deflated.clear();
            deflater.deflate(&text, &mut deflated);
            deflated.len()
        });
    }

    /// An uncompressed export of one block of telemetry.
    static ZIP: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let (directory, _) = telemetry_directory([Layout::Current.telemetry(BLOCK_BYTES).as_str()]);
        let out = directory.path().join("out.zip");
        let format = Format::Otlp(OtlpOptions { compression_level: 0, ..OtlpOptions::default() });
        export(&export_job(directory.path(), format, &out), &Progress::default(), || Ok(()))
            .expect("an export");
        fs::read(out).expect("a zip")
    });

    fn entry(zip: &[u8], name: &str) -> Vec<u8> {
        let archive = rawzip::ZipArchive::from_slice(zip).expect("a zip");
        let mut entries = archive.entries();
        while let Some(entry) = entries.next_entry().expect("an entry") {
            if entry.file_path().as_ref() == name.as_bytes() {
                let local = archive.get_entry(entry.wayfinder()).expect("an entry");
                let mut text = Vec::new();
                let mut inflated = flate2::bufread::DeflateDecoder::new(local.data());
                inflated.read_to_end(&mut text).expect("a text that is whole");
                return text;
            }
        }
        panic!("the zip holds no {name}")
    }
}

/// Marking: one value each, of the kinds that telemetry has most of.
mod marks {
    use coder_telemetry_export::hot_functions::count_marks;

    use super::*;

    const VALUES: [&str; 9] = [
        "success",
        "coder.open",
        "1.107.2",
        "connection.state_transitioned",
        "244.27868865195165",
        "/api/v2/workspaceagents/{id}/connection",
        "3f2b1c9e-7d4a-4e1b-9c2f-0a1b2c3d4e5f",
        "self-signed certificate in certificate chain",
        "connect ECONNREFUSED 10.0.0.7:443 while the workspace starts",
    ];

    #[divan::bench(args = VALUES)]
    fn value(bencher: Bencher<'_, '_>, text: &str) {
        bencher.counter(BytesCount::of_str(text)).bench(|| count_marks("", divan::black_box(text)));
    }

    #[divan::bench(args = ["duration_ms", "state", "workspace_name", "agent_lifecycle_state"])]
    fn key(bencher: Bencher<'_, '_>, key: &str) {
        bencher.bench(|| count_marks(divan::black_box(key), ""));
    }

    /// Text that repeats what rules look for. The time for each byte must not depend on the length.
    const SHAPES: &[&str] = &[
        "@",
        ".",
        ":",
        "/",
        "\\",
        "%",
        "~",
        "-",
        " ",
        "a",
        "a.",
        "a@",
        "a.a@",
        "a://",
        "::",
        "1.",
        "0",
        "aB1",
        "/home/",
        "%2F",
        "%252F",
        "~a",
        "x--",
        "@a.c_",
        "ENOTFOUND ",
        "00000000-0000-",
        "ü",
        "/users/coder",
        "x@a.com--",
        "://@",
        "a=",
        "user=",
        "user='x",
        "token=\"",
        "password: ",
        "--token ",
        "ssh ",
        "scp a:b ",
        "Host a\n",
        "user \"",
        "+1 ",
        "0 1",
        "-----BEGIN ",
        "AAAA",
        "arn:",
        ":x:1",
        "derp from ",
        "a.git",
        "</user>",
        "Cookie: a=b;",
        "uid=1(",
        "A Inc ",
        "\"@",
        "mysql -p",
        "a|b",
        "refs/heads/",
        "OneDrive - ",
        "user: A ",
        "user=user:",
        "key=key=",
        "?tel=",
        "area=A",
        "| sudo -S",
        "%3Dtoken",
        "A\\b",
        "ü@ü.de ",
        "fe80::",
        "github.com/a/",
        "bearer a1",
        "member a ",
        "host-553211c41f646527 ",
        "user=host-553211c41f646527 ",
        "a&b@",
        "&#64;",
        "?token=a?token=",
        "中",
        "用户",
        "é中",
        "=owner:${",
        "=owner:a",
        "token=\\\"",
    ];
    const LENGTHS: [usize; 3] = [20_000, 80_000, 320_000];

    /// All shapes, each in a text of this length. Four times the length must take four times the time.
    #[divan::bench(args = LENGTHS, sample_count = 5)]
    fn hostile(bencher: Bencher<'_, '_>, length: usize) {
        let texts: Vec<String> = SHAPES.iter().map(|shape| shape.repeat(length / shape.len())).collect();
        let bytes: usize = texts.iter().map(String::len).sum();
        let count = || texts.iter().map(|text| count_marks("", text)).sum::<usize>();
        bencher.counter(BytesCount::new(bytes)).bench_local(count);
    }

    /// The shape that takes the most time at 320 kB shows here.
    #[divan::bench(args = SHAPES, sample_count = 1)]
    fn shape(bencher: Bencher<'_, '_>, shape: &str) {
        let text = shape.repeat(LENGTHS[2] / shape.len());
        bencher.counter(BytesCount::of_str(&text)).bench_local(|| count_marks("", &text));
    }
}
