//! Files that are read, skipped and ignored.

use std::fs;

use coder_telemetry_export::export::Format;
use serde_json::json;

use crate::support::{Telemetry, event, file_name};

fn row(id: &str) -> String {
    event("x").id(id).self_contained(json!({})).to_string()
}

#[test]
fn files_with_other_names_are_ignored() {
    let telemetry = Telemetry::of_bytes(row("a"))
        .file("telemetry-2026-02-30-a.jsonl", row("b"))
        .file("telemetry-2026-06-01.jsonl", row("b"))
        .file("telemetry-2026-06-01-a.x.jsonl", row("b"))
        .file("telemetry-2026-06-01-a.jsonl.bak", row("b"))
        .file("notes.txt", "hello");
    let json = telemetry.json();
    assert_eq!(json.ids(), ["a"]);
    assert_eq!((json.summary.files, json.summary.skipped_files.len()), (1, 0));
}

#[test]
#[cfg(unix)]
fn what_is_not_a_regular_file_is_skipped_and_the_export_continues() {
    use std::os::unix::fs::symlink;

    let telemetry = Telemetry::of_bytes(row("a"));
    let path = |session: &str| telemetry.path().join(file_name(session));
    fs::create_dir(path("folder")).expect("a folder");
    symlink(path("loop"), path("loop")).expect("a link");
    symlink(path("nowhere"), path("dangling")).expect("a link");
    make_fifo(&path("fifo"));
    let elsewhere = tempfile::NamedTempFile::new().expect("a file");
    fs::write(elsewhere.path(), row("linked")).expect("a file");
    symlink(elsewhere.path(), path("linked")).expect("a link");

    for summary in [telemetry.json().summary, telemetry.otlp().summary] {
        assert_eq!((summary.event_count, summary.files, summary.bad_lines), (2, 6, 0));
        let skipped: Vec<_> = summary
            .skipped_files
            .iter()
            .map(|skipped| (skipped.file.as_str(), skipped.reason.split(':').next().unwrap_or_default()))
            .collect();
        assert_eq!(
            skipped,
            [
                (file_name("dangling").as_str(), "ENOENT"),
                (file_name("fifo").as_str(), "it is no regular file"),
                (file_name("folder").as_str(), "it is no regular file"),
                (file_name("loop").as_str(), "ELOOP"),
            ]
        );
    }
}

#[test]
fn a_folder_with_the_name_of_a_telemetry_file_is_skipped() {
    let telemetry = Telemetry::of_bytes(row("a"));
    fs::create_dir(telemetry.path().join(file_name("folder"))).expect("a folder");
    let summary = telemetry.json().summary;
    assert_eq!((summary.event_count, summary.files), (1, 2));
    assert_eq!(summary.skipped_files[0].reason, "it is no regular file");
}

#[cfg(windows)]
mod on_windows {
    use std::os::windows::fs::OpenOptionsExt;

    use super::*;

    /// Asserts that the file of session `held` is skipped as busy, and the other is exported.
    fn assert_busy(telemetry: &Telemetry) {
        for summary in [telemetry.json().summary, telemetry.otlp().summary] {
            assert_eq!((summary.event_count, summary.files, summary.bad_lines), (1, 2, 0));
            let skipped = &summary.skipped_files[0];
            assert_eq!(skipped.file, file_name("held"));
            assert!(skipped.reason.starts_with("EBUSY"), "{}", skipped.reason);
        }
    }

    fn with_second_file() -> (Telemetry, std::path::PathBuf) {
        let telemetry = Telemetry::of_bytes(row("a")).file(&file_name("held"), row("b"));
        let path = telemetry.path().join(file_name("held"));
        (telemetry, path)
    }

    #[test]
    fn a_file_that_another_program_has_for_itself_is_skipped_as_busy() {
        let (telemetry, path) = with_second_file();
        let held = fs::OpenOptions::new().read(true).share_mode(0).open(path).expect("a file");
        assert_busy(&telemetry);
        drop(held);
        assert_eq!(telemetry.json().summary.event_count, 2);
    }

    #[test]
    fn a_file_whose_bytes_another_program_has_locked_is_skipped_as_busy() {
        // Wine lets everybody read locked bytes.
        if std::env::var_os("WINEDATADIR").is_some() {
            return;
        }
        let (telemetry, path) = with_second_file();
        let locked = fs::OpenOptions::new().read(true).write(true).open(path).expect("a file");
        locked.lock().expect("a lock");
        assert_busy(&telemetry);
        drop(locked);
        assert_eq!(telemetry.json().summary.event_count, 2);
    }

    #[test]
    fn a_file_that_another_program_writes_to_is_exported() {
        let (telemetry, path) = with_second_file();
        let writer = fs::OpenOptions::new().append(true).open(path).expect("a file");
        assert_eq!(telemetry.json().summary.event_count, 2);
        drop(writer);
    }
}

/// Other systems refuse such a name.
#[test]
#[cfg(target_os = "linux")]
fn a_file_whose_name_is_not_utf_8_is_skipped_and_the_export_continues() {
    use std::os::unix::ffi::OsStrExt;

    let telemetry = Telemetry::of_bytes(row("a"));
    let not_utf_8 = std::ffi::OsStr::from_bytes(b"telemetry-2026-06-01-\xff.jsonl");
    fs::write(telemetry.path().join(not_utf_8), row("b")).expect("a file");
    for summary in [telemetry.json().summary, telemetry.otlp().summary] {
        assert_eq!((summary.event_count, summary.files, summary.bad_lines), (1, 2, 0));
        let skipped = &summary.skipped_files[0];
        assert_eq!(
            (skipped.file.as_str(), skipped.reason.as_str()),
            ("telemetry-2026-06-01-\u{fffd}.jsonl", "its name is not UTF-8")
        );
    }
}

#[cfg(unix)]
fn make_fifo(path: &std::path::Path) {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(path.as_os_str().as_bytes()).expect("a path");
    // SAFETY: the path is a C string that lives through the call.
    assert_eq!(unsafe { libc::mkfifo(path.as_ptr(), 0o600) }, 0);
}

#[test]
#[cfg(unix)]
fn a_file_outside_the_range_is_not_even_looked_up() {
    let telemetry = Telemetry::of_bytes(row("a")).file("telemetry-2026-06-03-a.jsonl", "bad\n");
    make_fifo(&telemetry.path().join("telemetry-2026-05-31-a.jsonl"));
    let json = telemetry.json_of("2026-06-01");
    assert_eq!(json.ids(), ["a"]);
    let summary = json.summary;
    assert_eq!((summary.files, summary.skipped_files.len(), summary.bad_lines), (1, 0, 0));
}

#[test]
fn events_are_kept_by_their_own_time_in_a_half_open_window() {
    let at = |id: &str, time: &str| event("x").id(id).at(time).self_contained(json!({})).to_string() + "\n";
    let content = [
        at("before", "2026-05-31T23:59:59.999999999Z"),
        at("first", "2026-06-01T00:00:00Z"),
        at("offset", "2026-06-02T01:59:59.999999999+02:00"),
        at("after", "2026-06-02T00:00:00Z"),
    ];
    let json = Telemetry::of_bytes(content.concat()).json_of("2026-06-01");
    assert_eq!(json.ids(), ["first", "offset"]);
    assert_eq!(json.summary.out_of_range, 2);
}

#[test]
fn without_events_nothing_is_written() {
    for content in ["", "\n", "bad\n"] {
        let (summary, written) =
            Telemetry::of_bytes(content).export("allTime", Format::JsonArray).expect("an export");
        assert_eq!((summary.event_count, summary.bytes_written, written.len()), (0, 0, 0), "{content:?}");
    }
}
