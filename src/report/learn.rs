//! The parts that the text and JSON reports of `casebook rule learn` share.

use std::path::Path;

use super::clean::on_one_line;
use crate::book;
use crate::case::{Proposal, Uncounted, UnknownName};
use crate::rule::{Program, RuleText};

/// The result of `casebook rule learn`: chances in the rules that should change according to closed cases.
#[derive(Clone, Copy)]
pub struct LearnView<'a> {
    /// The rules.
    pub program: &'a Program,
    /// Their files.
    pub files: &'a [RuleText],
    /// The folder that paths are shown from.
    pub here: &'a Path,
    /// The changes, in the order in which the chances appear in the files.
    pub proposals: &'a [Proposal],
    /// Number of cases that count.
    pub n_counted: usize,
    /// Cases that do not count, and why.
    pub left_out: &'a [(&'a Path, &'a Uncounted)],
    /// Whether the changes were written into the rule files where possible, and noted in the cases.
    pub is_written: bool,
}

impl<'a> LearnView<'a> {
    pub(super) fn file(self, proposal: &Proposal) -> &'a RuleText {
        &self.files[proposal.place.source.0 as usize]
    }

    /// The path of a file relative to `here`.
    pub(super) fn path(self, file: &'a RuleText) -> String {
        let path = Path::new(&file.path);
        path.strip_prefix(self.here).unwrap_or(path).display().to_string()
    }

    /// Whether `--write` can change the chance: it is written in a rule file that is not bundled.
    pub(super) fn is_writable(self, proposal: &Proposal) -> bool {
        proposal.place.span.is_some() && !self.file(proposal).path.starts_with(book::PREFIX)
    }
}

/// Says why a case does not count.
pub(super) fn why_not(uncounted: &Uncounted) -> String {
    match uncounted {
        Uncounted::Open => "not closed".to_owned(),
        Uncounted::NoCause => "what was wrong is not certain: close it with --cause".to_owned(),
        Uncounted::UnknownNames(names) => {
            let names = names.iter().map(|unknown| match unknown {
                UnknownName::Symptom(name) => format!("symptom `{name}`"),
                UnknownName::Cause(name) => format!("cause `{name}`"),
                UnknownName::Resolution(name) => format!("resolution `{name}`"),
            });
            on_one_line(&format!("no rule has the {}", names.collect::<Vec<_>>().join(", the ")))
        }
    }
}
