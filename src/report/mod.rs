//! What the stages found, as text for people, as JSON for programs, and the hits of a search as CSV and Markdown for
//! elsewhere; a diagnosis also as Markdown for a ticket and as a page of HTML. Wording and colour live here and nowhere
//! else.

pub(crate) mod clean;
pub mod csv;
mod diagnosis;
mod eval;
mod fill;
#[cfg(test)]
mod hostile_markup;
pub mod html;
mod incident;
pub mod json;
mod learn;
pub mod markdown;
mod number;
#[cfg(any(test, feature = "lab"))]
mod ranking_file;
pub mod text;
mod why;
mod why_not;

pub use diagnosis::DiagnosisView;
pub use eval::{ConfidenceView, EvalView};
pub use learn::LearnView;
#[cfg(any(test, feature = "lab"))]
pub use ranking_file::ranking_file;
