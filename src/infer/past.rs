//! Whether the subject of a verdict is over: then it is to be spoken of in the past.

use jiff::Timestamp;

use crate::matching::{Finding, LineNo, Salient, SourceSummary, Status};
use crate::rule::{CauseId, Program};
use crate::source::SourceId;

use super::model::{ArticleReason, Because, Diagnosis, Subject, SymptomState};
use super::observe::shown_by;

impl Diagnosis {
    /// Returns the time since which nothing was seen of the subject, if the logs go on for long after it: of all records
    /// that show a cause, or of those records that stand out and that an article was found for. `program` is the one that
    /// the diagnosis was made with.
    pub fn over_since(&self, program: &Program) -> Option<Timestamp> {
        match self.subject.as_ref()? {
            Subject::Cause { cause, .. } => {
                let ranked = self.causes.iter().find(|ranked| ranked.cause == *cause)?;
                over_since(program, (&self.findings, &self.sources), *cause, &ranked.because)
            }
            Subject::Article { id, .. } => {
                let article = self.articles.iter().find(|article| article.id == *id)?;
                let is_found_for = |record: &&Salient| {
                    article.because.iter().any(|reason| is_of_record(reason, (record.source, record.line)))
                };
                let records = self.standouts.iter().filter(is_found_for);
                let ends: Option<Vec<Timestamp>> = records.map(|record| record.over_since(&self.sources)).collect();
                ends?.into_iter().max()
            }
        }
    }
}

fn is_of_record(reason: &ArticleReason, place: (SourceId, LineNo)) -> bool {
    match reason {
        ArticleReason::Signature { at, .. } | ArticleReason::Search { at, .. } => *at == place,
        ArticleReason::Cause { .. } | ArticleReason::Resolution { .. } => false,
    }
}

/// Returns the time since which none of the records that show `cause` was seen, if all of its findings are over. An
/// answer by the user is of the present.
pub(crate) fn over_since(
    program: &Program,
    (findings, sources): (&[Finding], &[SourceSummary]),
    cause: CauseId,
    because: &[Because],
) -> Option<Timestamp> {
    let is_answered = |because: &&Because| {
        let of_it = |finding: &Finding| finding.symptom == because.symptom && finding.status == Status::Answered(true);
        findings.iter().any(of_it)
    };
    let is_present = |because: &&Because| because.state == SymptomState::Present;
    if because.iter().filter(is_present).any(|because| is_answered(&because)) {
        return None;
    }
    let ends: Option<Vec<Timestamp>> =
        shown_by(program, findings, cause, because).map(|finding| finding.over_since(sources)).collect();
    ends?.into_iter().max()
}
