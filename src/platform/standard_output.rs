//! Standard output of each system.

use std::io;
use std::time::Duration;

/// Standard output, without a buffer. The standard library's would ignore that it is closed.
#[cfg(unix)]
#[derive(Debug, Default)]
pub(crate) struct StandardOutput;

#[cfg(unix)]
impl io::Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(io::stdout(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
impl StandardOutput {
    /// Waits up to `time` until a write would not block. Returns whether that is so; the write may still fail.
    pub(crate) fn wait_until_writable(&self, time: Duration) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let output = io::stdout();
        let timeout = Timespec { tv_sec: 0, tv_nsec: time.subsec_nanos().into() };
        !matches!(poll(&mut [PollFd::new(&output, PollFlags::OUT)], Some(&timeout)), Ok(0))
    }
}

/// Standard output. The standard library's, which ignores an invalid handle, writes only to a console: it converts
/// the text to UTF-16.
#[cfg(windows)]
#[derive(Debug, Default)]
pub(crate) struct StandardOutput;

#[cfg(windows)]
impl io::Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        use std::os::windows::io::AsHandle;
        let mut output = io::stdout();
        if is_console(&output) { output.write(bytes) } else { write_to_handle(output.as_handle(), bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

#[cfg(windows)]
impl StandardOutput {
    /// Waits for `time`. Always false: only a full non-blocking pipe refuses bytes, and nothing says when it has room.
    pub(crate) fn wait_until_writable(&self, time: Duration) -> bool {
        std::thread::sleep(time);
        false
    }
}

/// Whether a handle is a console's.
#[cfg(windows)]
fn is_console(handle: &impl std::os::windows::io::AsRawHandle) -> bool {
    use windows_sys::Win32::System::Console::GetConsoleMode;
    let mut mode = 0;
    // SAFETY: the call accepts any handle, and fails if it is not a console's. It writes only to `mode`, which lives
    // until it returns.
    unsafe { GetConsoleMode(handle.as_raw_handle(), &raw mut mode) != 0 }
}

/// Writes to a handle that is not a console's.
#[cfg(windows)]
fn write_to_handle(handle: std::os::windows::io::BorrowedHandle<'_>, bytes: &[u8]) -> io::Result<usize> {
    use io::Write;
    let mut file = std::fs::File::from(handle.try_clone_to_owned()?);
    write_what_fits(bytes, |part| file.write(part))
}

/// The code for a full pipe: WSAEWOULDBLOCK, because files and pipes have none.
#[cfg(any(windows, test))]
const WOULD_BLOCK: i32 = 10035;

/// Writes as much of `bytes` as a pipe has room for. A non-blocking pipe of Windows that has no room for all bytes
/// takes none, and reports success.
#[cfg(any(windows, test))]
fn write_what_fits(bytes: &[u8], mut write: impl FnMut(&[u8]) -> io::Result<usize>) -> io::Result<usize> {
    let mut part = bytes;
    loop {
        match write(part)? {
            0 if part.len() > 1 => part = &part[..part.len() / 2],
            0 if part.len() == 1 => return Err(io::Error::from_raw_os_error(WOULD_BLOCK)),
            count => return Ok(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{Step, Verdict, WINDOWS};

    /// A non-blocking pipe of Windows.
    struct Pipe {
        room: usize,
        taken: Vec<u8>,
    }

    impl Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if bytes.len() > self.room {
                return Ok(0);
            }
            self.room -= bytes.len();
            self.taken.extend_from_slice(bytes);
            Ok(bytes.len())
        }
    }

    #[test]
    fn a_pipe_gets_what_it_has_room_for() {
        let mut pipe = Pipe { room: 5, taken: Vec::new() };
        let mut rest: &[u8] = b"0123456789";
        while let Ok(count) = write_what_fits(rest, |part| pipe.write(part)) {
            rest = &rest[count..];
        }
        assert_eq!((pipe.taken.as_slice(), rest), (b"01234".as_slice(), b"56789".as_slice()));
    }

    #[test]
    fn a_full_pipe_is_waited_for() {
        let mut pipe = Pipe { room: 0, taken: Vec::new() };
        let error = write_what_fits(b"events", |part| pipe.write(part)).expect_err("a full pipe");
        assert_eq!(WINDOWS.verdict(Step::Write, &error), Verdict::Wait);
        assert_eq!(WINDOWS.error_name(&error).as_deref(), Some("EAGAIN"));
    }

    #[test]
    fn another_error_is_passed_on() {
        let error = write_what_fits(b"events", |_| Err(io::Error::from_raw_os_error(232)));
        assert_eq!(error.expect_err("a failure").raw_os_error(), Some(232));
        assert_eq!(write_what_fits(b"", |_| Ok(0)).expect("nothing to write"), 0);
    }

    #[test]
    #[cfg(windows)]
    fn an_invalid_handle_is_an_error() {
        use std::os::windows::io::BorrowedHandle;
        // SAFETY: the handle is null, as standard output is in a process without a console. It is never dereferenced:
        // the system checks it.
        let handle = unsafe { BorrowedHandle::borrow_raw(std::ptr::null_mut()) };
        let error = write_to_handle(handle, b"events").expect_err("no handle");
        assert_eq!(WINDOWS.error_name(&error).as_deref(), Some("EBADF"));
    }
}
