//! Bytes out: checks the target, writes a temporary file on a thread of its own and renames it; deflates and zips.
//! It does not know what the bytes mean.

pub(crate) mod archive;
pub(crate) mod deflate;
pub(crate) mod draft;
pub(crate) mod entries;
pub(crate) mod target;
pub(crate) mod writer;

mod cleanup;
mod leftovers;
mod rights;
mod system;
mod system_calls;
mod temporary;
mod writer_queue;
