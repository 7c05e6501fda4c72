//! A case: what was given to a diagnosis, what came of it, and how it was closed; kept in a file that people read and edit.
//!
//! Everything in a case is called by name, so that a case outlives the rules it was made with. [`Given::facts`] looks the
//! names up in the rules of today, [`SavedDiagnosis::new`] writes down a diagnosis, [`tally`] counts what closed cases say about the
//! chances in rules, and [`proposals`] makes changes of them for people to review. Only [`CaseFile`] and [`replace`] touch the disk.

mod facts;
mod file;
mod kept;
mod learn;
mod model;
mod saved;
mod tally;
#[cfg(test)]
mod tests;

pub use facts::{UnknownName, unknown_names};
pub use file::{CaseError, CaseFile, replace};
pub use kept::keep;
pub use learn::{Proposal, mark_learnt, proposals};
pub use model::{
    Answer, Case, Closed, Given, Log, Note, Probe, SavedArticle, SavedCause, SavedDiagnosis, SavedFinding,
};
pub use tally::{Count, Uncounted, tally};
