//! Standard output, as the system has it.

use std::io;
use std::time::Duration;

/// Standard output, without a buffer. The standard library's takes one that is closed for one that takes everything.
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
    /// Waits until it takes bytes, for a while at most. Returns whether it does, or has an error to tell.
    pub(crate) fn wait_until_writable(&self, time: Duration) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let output = io::stdout();
        let timeout = Timespec { tv_sec: 0, tv_nsec: time.subsec_nanos().into() };
        !matches!(poll(&mut [PollFd::new(&output, PollFlags::OUT)], Some(&timeout)), Ok(0))
    }
}

/// Standard output, which the standard library writes to a console in the console's own encoding.
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
    /// It always waits by itself.
    pub(crate) fn wait_until_writable(&self, _time: Duration) -> bool {
        true
    }
}
