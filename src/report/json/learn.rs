//! `casebook rule learn --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::learn::{LearnView, why_not};

/// `casebook rule learn --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Learn {
    /// Closed cases that were counted.
    cases: u64,
    left_out: Vec<LeftOut>,
    /// Chances to change, in order of place.
    proposals: Vec<LearnProposal>,
    /// Whether the files were changed.
    written: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LeftOut {
    case: String,
    reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LearnProposal {
    /// The cause, or the resolution.
    of: String,
    /// `shows` or `resolves`.
    relation: String,
    /// The symptom, or the cause.
    what: String,
    file: String,
    /// Line of the chance, from 1; null if the rule does not mention it.
    line: Option<u64>,
    /// Whether `--write` can change it: it is written out, and the file is not bundled.
    writable: bool,
    /// Cases in which the symptom was shown, or the resolution helped.
    yes: u64,
    /// Cases in which that is known.
    known: u64,
    before: f64,
    after: f64,
    /// The chance as written.
    written: String,
    /// The chance to write instead.
    proposed: String,
}

/// The answer of `rule learn`.
pub fn learn(view: LearnView) -> Learn {
    let proposal = |proposal: &crate::case::Proposal| {
        let [of, relation, what] = proposal.place.relation.words(view.program);
        let file = view.file(proposal);
        let line = |at: usize| 1 + file.text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        LearnProposal {
            of: of.to_owned(),
            relation: relation.to_owned(),
            what: what.to_owned(),
            file: view.path(file),
            line: proposal.place.span.map(|span| line(span.start)),
            writable: view.is_writable(proposal),
            yes: proposal.count.yes.into(),
            known: proposal.count.known.into(),
            before: proposal.before,
            after: proposal.after,
            written: proposal.place.written.clone(),
            proposed: proposal.text.clone(),
        }
    };
    let left_out = |(path, why): &(&std::path::Path, &crate::case::Uncounted)| LeftOut {
        case: path.display().to_string(),
        reason: why_not(why),
    };
    Learn {
        cases: view.n_counted as u64,
        left_out: view.left_out.iter().map(left_out).collect(),
        proposals: view.proposals.iter().map(proposal).collect(),
        written: view.is_written,
    }
}
