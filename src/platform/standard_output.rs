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

/// Standard output. For a console, the standard library converts the text to the console's encoding.
#[cfg(windows)]
#[derive(Debug)]
pub(crate) struct StandardOutput(io::Stdout);

#[cfg(windows)]
impl Default for StandardOutput {
    fn default() -> Self {
        Self(io::stdout())
    }
}

#[cfg(windows)]
impl io::Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(windows)]
impl StandardOutput {
    /// Always true: on Windows a write blocks until it is done.
    pub(crate) fn wait_until_writable(&self, _time: Duration) -> bool {
        true
    }
}
