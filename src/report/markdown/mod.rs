//! Writes the hits of a search, or a diagnosis, as Markdown to paste into a ticket.
//!
//! Text of a log, an article or a rule never acts as Markdown or HTML.

mod document;
mod escape;
mod search;

use std::io::{self, Write};

use super::DiagnosisView;

pub use search::search;

/// Writes the report of a diagnosis.
pub fn diagnosis(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    document::document(out, &view.document())
}
