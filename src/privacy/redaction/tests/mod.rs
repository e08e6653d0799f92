//! The replacement of whole texts.

mod corpus;
