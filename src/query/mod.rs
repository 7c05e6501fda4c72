//! Parses the query of a search: words, phrases, exclusions and filters. `docs/query-language.md` shows each of them.
//!
//! Parsing never fails. Support engineers paste messages, paths, command lines and stack traces, so everything that is
//! not syntax is text, and nothing is lost. The syntax is therefore narrow: a filter has a field in lower case and a
//! valid value; a minus excludes only before a filter, a quote or a word of at least two characters that begins with a
//! letter, and only when the query asks for something else too; a text that was pasted as a whole has no syntax
//! (`paste`).
//!
//! This module does not know the content of the store. The search finds out whether a product, code or collection
//! exists.

mod model;
mod parse;
mod paste;
mod value;

#[cfg(test)]
mod tests;

pub use model::{Filter, FilterField, FilterValue, Query, QueryPiece};
pub use parse::parse;
pub(crate) use value::kind;
