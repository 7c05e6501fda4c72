//! Markdown to paste into a ticket: the hits of a search and a diagnosis. Nothing of a log, an article or a rule acts as
//! Markdown or HTML in it.

mod diagnosis;
mod escape;
mod search;

pub use diagnosis::diagnosis;
pub use search::search;
