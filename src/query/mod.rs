//! What people type into a search: words, phrases, exclusions and filters. `docs/query-language.md` shows each of them.
//!
//! A query is never an error. Support engineers paste messages, paths, command lines and stack traces, so whatever does not
//! read as syntax is text, and nothing of it is lost. Syntax is therefore narrow rather than tolerant: a filter has a field
//! in lower case and a value that makes sense; a minus excludes only before a word of two letters or a quote, and only when
//! something else is asked for; a text that was pasted as a whole has no syntax at all (`paste`).
//!
//! What the store holds is not known here: whether there is such a product, code or collection is for the store to say.

mod model;
mod parse;
mod paste;
mod value;

#[cfg(test)]
mod tests;

pub use model::{Filter, FilterField, FilterValue, Query, QueryPiece};
pub use parse::parse;
pub(crate) use value::kind;
