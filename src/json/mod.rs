//! The text of JSON: where its values end, the members of objects, the contents of strings, the values of numbers.
//! It builds no tree and knows nothing of telemetry.

mod numbers;
mod objects;
mod scanner;
mod strings;

pub(crate) use self::numbers::{exact_integer, finite_value, is_finite};
pub(crate) use self::objects::{Member, Members, distinct_members, last_ones, members};
pub(crate) use self::scanner::{Invalid, byte, object_end, space_end, value_end};
pub(crate) use self::strings::{JsonString, escape_into, escaped};
