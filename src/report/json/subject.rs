//! The subject of a verdict and the records that stand out, in `casebook diagnose --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnose::Wire;
use crate::infer;
use crate::matching::Salient;
use crate::report::diagnosis::{Striking, cause_title, striking};

/// The cause or article that the verdict is about.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Subject {
    /// `cause` or `article`.
    kind: String,
    /// Name of the cause in the rules, or id of the article.
    id: String,
    /// Its title; that of a cause has at most 80 characters.
    title: String,
    /// Probability that it is right, 0–1.
    confidence: f64,
    /// The time since which nothing was seen of it, if the logs go on for long after it; null if it goes on.
    over_since: Option<String>,
}

/// A record that stands out.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Standout {
    source: String,
    line: u64,
    /// Its time, RFC 3339; null if no record up to it has one.
    time: Option<String>,
    /// Time of the latest record of its kind.
    last: Option<String>,
    /// Number of records of its kind.
    count: u64,
    /// `trace`, `debug`, `info`, `notice`, `warning`, `error`, `critical` or `fatal`; null if it has none.
    level: Option<String>,
    /// Its message, without time, host and program.
    text: String,
    /// `new` (against `--baseline`), `severe` (by its level or its words), `rare` (in its log).
    why: Vec<String>,
}

impl Wire<'_> {
    pub(super) fn subject(&self) -> Option<Subject> {
        let (kind, id, title) = match self.diagnosis.subject.as_ref()? {
            infer::Subject::Cause { cause, .. } => {
                let ranked = self.diagnosis.causes.iter().find(|ranked| ranked.cause == *cause)?;
                ("cause", self.program.cause(*cause).name.clone(), cause_title(self.program, ranked))
            }
            infer::Subject::Article { id, .. } => {
                let article = self.diagnosis.articles.iter().find(|article| article.id == *id)?;
                ("article", id.clone(), article.title.trim().to_owned())
            }
        };
        let confidence = self.diagnosis.subject.as_ref()?.confidence();
        let over_since = self.diagnosis.over_since(self.program).map(|time| time.to_string());
        Some(Subject { kind: kind.to_owned(), id, title, confidence, over_since })
    }

    pub(super) fn standout(&self, record: &Salient) -> Standout {
        let source = &self.diagnosis.sources[record.source.0 as usize];
        Standout {
            source: source.name.clone(),
            line: record.line,
            time: record.time.map(|time| time.to_string()),
            last: record.last.map(|time| time.to_string()),
            count: record.count,
            level: record.level.map(|level| level.name().to_owned()),
            text: record.text.clone(),
            why: striking(record, source).into_iter().map(Striking::name).map(str::to_owned).collect(),
        }
    }
}
