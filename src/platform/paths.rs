//! Paths: where they lead, and how the file system spells them.

use std::fs::ReadDir;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The absolute path as the system resolves it. If `path` ends like a folder's, the absolute path ends with a separator.
pub(crate) fn absolute(path: &Path) -> io::Result<PathBuf> {
    // The standard library drops a dot or a separator at the end.
    let mut absolute = std::path::absolute(path)?;
    if names_folder(path) {
        absolute.push("");
    }
    Ok(absolute)
}

/// The absolute path of a file, whose name stays as it is given, so that it can be checked. Windows would drop dots and
/// blanks at its end, and would return a device instead of the path if the name is a device's.
pub(crate) fn absolute_file(path: &Path) -> io::Result<PathBuf> {
    let is_verbatim =
        matches!(path.components().next(), Some(Component::Prefix(prefix)) if prefix.kind().is_verbatim());
    let Some(name) = path.file_name().filter(|_| !is_verbatim && !names_folder(path)) else {
        return absolute(path);
    };
    let other = std::path::absolute(path.with_file_name("name"))?;
    let folder = other.parent().expect("a path that ends in a name has a folder before it");
    // Not `join(name)`: in a folder, a name such as `C:x` would be taken for a path.
    let mut absolute = folder.join("").into_os_string();
    absolute.push(name);
    Ok(absolute.into())
}

/// Whether a path can only be a folder's: it ends with a separator or a dot, or is empty.
pub(crate) fn names_folder(path: &Path) -> bool {
    let is_separator = |byte: u8| std::path::is_separator(char::from(byte));
    match path.as_os_str().as_encoded_bytes() {
        [] | [b'.'] => true,
        [.., before, b'.'] if is_separator(*before) => true,
        [.., last] => is_separator(*last) || path.file_name().is_none(),
    }
}

/// The path as the file system spells it, if other spellings can mean the same file.
#[cfg(unix)]
pub(crate) fn real_path(path: &Path) -> PathBuf {
    path.to_path_buf()
}

/// An absolute path as the file system spells it: in the case of the file's name, without short names, and in the form
/// that has no limit of 260 characters.
#[cfg(windows)]
pub(crate) fn real_path(path: &Path) -> PathBuf {
    use std::fs::canonicalize;
    let path = verbatim(path);
    let of_new_file = || Some(canonicalize(path.parent()?).ok()?.join(path.file_name()?));
    canonicalize(&path).ok().or_else(of_new_file).unwrap_or(path)
}

/// An absolute path in the form that Windows takes literally and without a limit of 260 characters. In another form, a
/// blank at the end of a folder's name counts in the path of a file, but not in the path of the folder.
#[cfg(windows)]
fn verbatim(path: &Path) -> PathBuf {
    use std::ffi::OsString;
    use std::path::Prefix;
    let mut components = path.components();
    let Some(Component::Prefix(prefix)) = components.next() else { return path.to_path_buf() };
    let mut verbatim = OsString::from(r"\\?\");
    match prefix.kind() {
        Prefix::Disk(_) => verbatim.push(prefix.as_os_str()),
        Prefix::DeviceNS(device) => verbatim.push(device),
        Prefix::UNC(server, share) => {
            for part in [r"UNC\".as_ref(), server, r"\".as_ref(), share] {
                verbatim.push(part);
            }
        }
        _ => return path.to_path_buf(),
    }
    // What follows begins with a separator. It would not only in `C:x`, which is not absolute.
    verbatim.push(components.as_path());
    verbatim.into()
}

/// The path that a symbolic link at `link` leads to if its text is `text`.
#[cfg(unix)]
pub(crate) fn link_target(link: &Path, text: &Path) -> PathBuf {
    link.with_file_name(text)
}

/// The path that a symbolic link at `link` leads to if its text is `text`. `..` in the text leads out of the real folder
/// of the link. Without the real folder, Windows would drop the name before `..`, even if that is a junction's.
#[cfg(windows)]
pub(crate) fn link_target(link: &Path, text: &Path) -> PathBuf {
    if text.is_absolute() {
        return text.to_path_buf();
    }
    let folder = link.parent().expect("a link has a folder before it");
    // In a literal path, the standard library resolves dots and drops a separator at the end.
    let mut target = real_path(folder).join(text);
    if names_folder(text) {
        target.push("");
    }
    target
}

/// Whether the link at `path` can lead only to a folder. On Unix, a link can lead to anything.
#[cfg(unix)]
pub(crate) fn is_folder_link(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Whether the link at `path` can lead only to a folder, such as a junction. If there is a file instead, the link cannot
/// be followed.
#[cfg(windows)]
pub(crate) fn is_folder_link(path: &Path) -> io::Result<bool> {
    use std::os::windows::fs::FileTypeExt;
    Ok(std::fs::symlink_metadata(path)?.file_type().is_symlink_dir())
}

/// Lists a folder. If there is a file instead, the error says so.
#[cfg(unix)]
pub(crate) fn list(folder: &Path) -> io::Result<ReadDir> {
    std::fs::read_dir(folder)
}

/// Lists a folder. If there is a file instead, the error says so, which not all file systems do.
#[cfg(windows)]
pub(crate) fn list(folder: &Path) -> io::Result<ReadDir> {
    const ERROR_DIRECTORY: i32 = 267;
    std::fs::read_dir(folder).map_err(|error| match std::fs::metadata(folder) {
        Ok(metadata) if metadata.is_file() => io::Error::from_raw_os_error(ERROR_DIRECTORY),
        _ => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_absolute_path_keeps_the_name_of_the_file() {
        let mut here = std::env::current_dir().expect("a folder").join("").into_os_string();
        for name in ["out.json", "out.json.", "out.json ", "NUL", "aux.json", "x.", "x:y"] {
            let absolute = absolute_file(Path::new(&format!("./{name}"))).expect("a path");
            let mut expected = here.clone();
            expected.push(name);
            // Compared as text, since equal paths may be spelled differently.
            assert_eq!(absolute.as_os_str(), expected);
        }
        here.push(std::path::MAIN_SEPARATOR_STR);
        for folder in [".", "./"] {
            assert_eq!(absolute_file(Path::new(folder)).expect("a path"), Path::new(&here));
        }
    }

    #[test]
    fn a_file_in_place_of_a_folder_cannot_be_listed_and_the_error_says_so() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        assert_eq!(list(file.path()).expect_err("a file").kind(), io::ErrorKind::NotADirectory);
        assert_eq!(
            list(&file.path().with_file_name("none")).expect_err("nothing").kind(),
            io::ErrorKind::NotFound
        );
    }

    #[test]
    fn the_text_of_a_link_is_relative_to_the_folder_of_the_link() {
        let directory = tempfile::tempdir().expect("a directory");
        let folder = real_path(directory.path());
        fs::create_dir(folder.join("inner")).expect("a folder");
        let link = folder.join("inner").join("link");
        let target = |text: &str| link_target(&link, Path::new(text));
        assert_eq!(target("file"), folder.join("inner").join("file"));
        assert_eq!(target(&folder.display().to_string()), folder);
        fs::write(folder.join("file"), "").expect("a file");
        assert!(target("../file").is_file());
        for text in ["new/", "new/.", "..", ".", "new/..", "./"] {
            assert!(names_folder(&target(text)), "{text}");
        }
    }

    #[cfg(windows)]
    mod on_windows {
        use super::*;

        #[test]
        fn an_absolute_path_becomes_a_literal_one_without_a_limit() {
            for (path, literal) in [
                (r"C:\x\y.json", r"\\?\C:\x\y.json"),
                (r"C:\", r"\\?\C:\"),
                (r"\\server\share\x\y", r"\\?\UNC\server\share\x\y"),
                (r"\\server\share\", r"\\?\UNC\server\share\"),
                (r"\\.\C:\x", r"\\?\C:\x"),
                (r"\\?\C:\x", r"\\?\C:\x"),
                (r"\\?\UNC\server\share\x", r"\\?\UNC\server\share\x"),
            ] {
                assert_eq!(verbatim(Path::new(path)).as_os_str(), literal);
            }
        }

        #[test]
        fn paths_relative_to_a_drive_or_to_its_root_are_resolved() {
            let here = std::env::current_dir().expect("a folder");
            let text = here.to_str().expect("text");
            let drive = &text[..2];
            let cases = [
                (format!("{drive}x.json"), here.join("x.json")),
                (format!(r"{drive}..\x.json"), here.parent().unwrap_or(&here).join("x.json")),
                (r"\x.json".to_owned(), PathBuf::from(format!(r"{drive}\x.json"))),
                ("/y/../x.json".to_owned(), PathBuf::from(format!(r"{drive}\x.json"))),
                (format!(r"\\.\{drive}\x\..\y"), PathBuf::from(format!(r"\\.\{drive}\y"))),
                (r"\\server\share\x\..\y".to_owned(), PathBuf::from(r"\\server\share\y")),
                (format!(r"\\?\{drive}\x\y."), PathBuf::from(format!(r"\\?\{drive}\x\y."))),
            ];
            for (path, absolute) in cases {
                assert_eq!(absolute_file(Path::new(&path)).expect("a path").as_os_str(), absolute);
            }
        }

        #[test]
        fn a_folder_whose_name_ends_with_a_blank_is_not_the_folder_without_it() {
            let directory = tempfile::tempdir().expect("a directory");
            let folder = real_path(directory.path());
            fs::create_dir(folder.join("x")).expect("a folder");
            let spelled = real_path(&directory.path().join("x ").join("new.json"));
            assert!(spelled.to_str().expect("text").ends_with(r"\x \new.json"), "{}", spelled.display());
        }

        #[test]
        fn links_relative_to_the_root_of_a_drive_or_share_stay_on_it() {
            let links = [
                (r"Q:\none\link", r"\x\y", r"\\?\Q:\x\y"),
                (r"\\?\UNC\server\share\none\link", r"\x", r"\\?\UNC\server\share\x"),
                (r"Q:\none\link", r"..\x", r"\\?\Q:\x"),
                (r"Q:\none\link", r"\\?\R:\x", r"\\?\R:\x"),
            ];
            for (link, text, target) in links {
                assert_eq!(link_target(Path::new(link), Path::new(text)).as_os_str(), target);
            }
        }
    }
}
