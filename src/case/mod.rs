//! A case: the logs and answers of a problem, its last diagnosis, and how it was closed. It is saved to a file that people
//! read and edit.
//!
//! A case refers to symptoms, causes and resolutions by name, so it outlives the rules it was made with. [`Given::facts`] looks
//! the names up in the current rules, [`SavedDiagnosis::new`] records a diagnosis, [`tally()`] counts how often closed cases
//! confirm each chance in the rules, and [`proposals`] turns these counts into changes for people to review. Only [`CaseFile`]
//! and [`replace`] touch the disk.

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
    SavedSubject, SubjectKind,
};
pub use tally::{Count, Uncounted, tally};
