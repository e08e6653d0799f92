//! What Windows makes of paths that look like a file's. This is about their text alone, so tests run on every system.

/// What follows `\\.\` or `\\?\` in the paths of pipes and mailslots.
const PIPES: [&[u8]; 2] = [b"PIPE", b"MAILSLOT"];
const DEVICES: [&[u8]; 6] = [b"CON", b"PRN", b"AUX", b"NUL", b"CONIN$", b"CONOUT$"];
/// Each of these has a number after it.
const PORTS: [&[u8]; 2] = [b"COM", b"LPT"];
/// Windows takes these digits for numbers, too.
const RAISED_DIGITS: [&str; 3] = ["\u{b9}", "\u{b2}", "\u{b3}"];

pub(super) const DEVICE: &str = "Windows reserves this name for a device; choose another name (the command line streams a JSON array with `--out -`)";
const STREAM: &str = "on Windows a name with a colon means a stream inside a file; choose another name";
const ENDING: &str = "Windows allows no dot or blank at the end of a file's name; choose another name";
const CHARACTERS: &str =
    "Windows allows none of < > \" | ? * and no control characters in names; choose another name";
const LENGTH: &str = "its name has more than 255 characters; choose a shorter one";
const SLASH: &str = "Windows allows no / in a path that begins with \\\\?\\; write \\ instead";

/// Why a path is not a file's although it looks like one. The part that names the file is checked for everything
/// that would make it mean something else, the folders only for characters that no name may have.
pub(super) fn why_no_file(path: &[u8]) -> Option<&'static str> {
    let mut rest = path;
    let is_verbatim = path.starts_with(br"\\?\");
    if let [first, second, b'.' | b'?', third, device @ ..] = path
        && [first, second, third].into_iter().all(|&byte| is_separator(byte))
    {
        if is_verbatim && device.contains(&b'/') {
            return Some(SLASH);
        }
        let end = device.iter().position(|&byte| is_separator(byte)).unwrap_or(device.len());
        let name;
        (name, rest) = device.split_at(end);
        if is_device(name) || (!is_volume(name) && rest.iter().all(|&byte| is_separator(byte))) {
            return Some(DEVICE);
        }
    } else if let [drive, b':', after @ ..] = path
        && drive.is_ascii_alphabetic()
    {
        rest = after;
    }
    let name = rest.rsplit(|&byte| is_separator(byte)).next().unwrap_or_default();
    // These can only be folders.
    let names_folder = matches!(name, b"" | b"." | b"..");
    if !names_folder && is_reserved(name) {
        Some(DEVICE)
    } else if rest.iter().any(|byte| matches!(byte, 0..=31 | b'<' | b'>' | b'"' | b'|' | b'?' | b'*')) {
        Some(CHARACTERS)
    } else if name.contains(&b':') {
        Some(STREAM)
    } else if !names_folder && matches!(name.last(), Some(b'.' | b' ')) {
        Some(ENDING)
    } else if is_too_long(name) {
        Some(LENGTH)
    } else {
        None
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'\\' | b'/')
}

/// Windows would only say that the syntax of the name is wrong.
fn is_too_long(name: &[u8]) -> bool {
    const UNITS_AT_MOST: usize = 255;
    // No text has more UTF-16 units than bytes.
    name.len() > UNITS_AT_MOST && String::from_utf8_lossy(name).encode_utf16().count() > UNITS_AT_MOST
}

/// Whether this, after `\\.\` or `\\?\`, is a device that has no folders.
fn is_device(name: &[u8]) -> bool {
    is_reserved(name) || PIPES.iter().any(|pipe| name.eq_ignore_ascii_case(pipe))
}

/// Whether this, after `\\.\` or `\\?\`, is a volume.
fn is_volume(name: &[u8]) -> bool {
    matches!(name, [drive, b':'] if drive.is_ascii_alphabetic()) || name.ends_with(b"}")
}

/// Whether this is the name of a device, in any folder and with any extension. Windows 11 takes fewer names for
/// devices than Windows 10, but programs on both cannot use such a file.
fn is_reserved(name: &[u8]) -> bool {
    let end = name.iter().position(|byte| matches!(byte, b'.' | b':')).unwrap_or(name.len());
    let name = name[..end].trim_ascii_end();
    DEVICES.iter().any(|device| name.eq_ignore_ascii_case(device))
        || name.split_at_checked(3).is_some_and(|(port, number)| {
            PORTS.iter().any(|known| port.eq_ignore_ascii_case(known))
                && (matches!(number, [b'1'..=b'9'])
                    || RAISED_DIGITS.iter().any(|digit| number == digit.as_bytes()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_are(reason: Option<&'static str>, paths: &[&str]) {
        for path in paths {
            assert_eq!(why_no_file(path.as_bytes()), reason, "{path}");
        }
    }

    #[test]
    fn names_of_devices_are_no_files_in_any_folder_and_with_any_extension() {
        all_are(
            Some(DEVICE),
            &[
                "CON",
                "nul",
                "NUL.json",
                "x/NUL.tar.gz",
                r"C:\x\Com1",
                "C:AUX",
                "aux .json",
                "prn ",
                "NUL:",
                "NUL.",
                "CONIN$",
                "conout$.txt",
                "COM9",
                "LPT1.txt",
                "COM\u{b9}",
                "lpt\u{b3}.x",
                r"\\server\share\NUL",
                r"\\?\C:\x\NUL.json",
            ],
        );
        all_are(
            None,
            &["CONS", "COM", "COM0", "COM10", "NULL.json", "xNUL", "CON/out.json", " NUL", "COM\u{b4}"],
        );
    }

    #[test]
    fn devices_after_the_prefix_of_their_namespace_are_no_files() {
        all_are(
            Some(DEVICE),
            &[
                r"\\.\NUL",
                r"\\.\nul\",
                r"\\?\COM1",
                "//./CON",
                r"\\.\PhysicalDrive0",
                r"\\.\pipe\x.json",
                r"\\?\PIPE\x",
                r"\\.\mailslot\x\y",
            ],
        );
        all_are(
            None,
            &[
                r"\\.\C:\x.json",
                r"\\?\C:\x.json",
                r"\\?\UNC\server\share\x.json",
                r"\\.\UNC\server\share\x",
                r"\\?\Volume{0b1c}\x.json",
                r"\\?\HarddiskVolume3\x.json",
                r"//./C:/x.json",
                r"\\.\C:",
                r"\\?\C:\",
            ],
        );
    }

    #[test]
    fn a_colon_is_only_in_the_name_of_a_drive() {
        all_are(
            Some(STREAM),
            &[
                "xy:z.json",
                r"C:x.json::$DATA",
                r"C:\x.json:stream:$DATA",
                "10:30.json",
                r"\\?\C:\x:y",
                "xy:",
                "1:x",
            ],
        );
        all_are(None, &["a:b.json", "C:", r"C:\x.json", r"C:..\x.json"]);
    }

    #[test]
    fn a_name_ends_with_no_dot_or_blank() {
        all_are(Some(ENDING), &["x.json.", "x.json ", "x. .", "...", " ", r"C:\y\x.", r"\\?\C:\y\x ", ". "]);
        // These are folders, which are refused elsewhere, and names in folders that end so.
        all_are(None, &["x/", ".", "..", r"C:\x\..", "x./y", "x /y", ".x", " x"]);
    }

    #[test]
    fn characters_that_no_name_may_have_are_refused_in_folders_too() {
        all_are(
            Some(CHARACTERS),
            &[
                "x?.json",
                "*",
                "a<b",
                "a>b",
                "a|b",
                "a\"b",
                "a\u{1}b",
                "a\nb",
                r"C:\a*b\x.json",
                "a?/",
                r"\\?\C:\a?b",
                r"\??\C:\x.json",
            ],
        );
        all_are(None, &["a;b%'!#&()[]{}^~`+=,@$-_.json", "\u{7f}", "日本.json"]);
    }

    #[test]
    fn a_name_has_at_most_255_characters() {
        all_are(Some(LENGTH), &[&"x".repeat(256), &format!(r"C:\x\{}", "é".repeat(256)), &"😀".repeat(128)]);
        all_are(
            None,
            &[&"x".repeat(255), &"é".repeat(255), &"😀".repeat(127), &format!("{}/x", "x".repeat(256))],
        );
    }

    #[test]
    fn only_backslashes_separate_folders_after_the_verbatim_prefix() {
        all_are(Some(SLASH), &[r"\\?\C:/x.json", r"\\?\C:\x/y", r"\\?\C:\x/"]);
        all_are(None, &[r"\\.\C:/x.json", "//server/share/x.json", "C:/x.json"]);
    }
}
