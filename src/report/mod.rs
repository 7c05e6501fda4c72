//! Writes results as text for people and as JSON for programs. All wording and looks are decided in this module.
//!
//! - [`json`]: every result. Its schema may gain fields but never loses any.
//! - `text`: every result, for a terminal; only with the feature `cli`.
//! - [`markdown`] and [`html`]: a diagnosis, for a ticket and as a page.
//! - [`markdown`] and [`csv`]: the hits of a search.
//!
//! A diagnosis is first turned into a `document`; text, Markdown and HTML are written from that.

mod book;
pub(crate) mod clean;
pub mod csv;
mod diagnosis;
mod document;
mod eval;
mod evidence;
#[cfg(test)]
mod hostile_markup;
pub mod html;
pub mod json;
pub mod junit;
mod learn;
pub mod markdown;
mod matched;
#[cfg(any(test, feature = "cli", feature = "lab"))]
mod metrics_table;
pub(crate) mod number;
#[cfg(any(test, feature = "lab"))]
mod ranking_file;
mod rule_explain;
#[cfg(feature = "cli")]
pub mod text;
mod watch;

pub use diagnosis::{Amount, DiagnosisView};
pub use eval::{ConfidenceView, EvalView};
pub use learn::LearnView;
#[cfg(any(test, feature = "lab"))]
pub use ranking_file::ranking_file;
pub use rule_explain::{ExplainView, ExplainedItem};
pub use watch::{ChangedFinding, WatchView};
