//! Bytes out: the target and the temporary file that becomes it, the thread that writes, deflate and zip.
//! What the bytes mean is not known here.

pub(crate) mod archive;
pub(crate) mod deflate;
pub(crate) mod draft;
pub(crate) mod target;
pub(crate) mod writer;

mod cleanup;
mod leftovers;
mod rights;
mod system;
mod system_calls;
mod temporary;
mod writer_queue;
