//! The content of a case, as the file has it.
//!
//! Contains names of rules, never ids. It does not contain the records of logs, nor the reasons for an article.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::infer::Verdict;

/// One problem, from the first log to how it was fixed.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// When it was first diagnosed.
    pub opened: Timestamp,
    /// The logs, answers and other facts it was diagnosed from.
    pub given: Given,
    /// Notes of people, in order.
    pub notes: Vec<Note>,
    /// The last diagnosis; `None` in a file that a person began.
    pub found: Option<SavedDiagnosis>,
    /// How it ended; `None` while it is open.
    pub closed: Option<Closed>,
}

/// Everything that a user gives to a diagnosis.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// The format of all logs; `None` to detect it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<String>,
    /// The zone of stamps that name none, for all logs; `None` for UTC or what casebook.toml says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Only records from this time on are read.
    #[serde(with = "maybe_instant", skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Only records up to this time are read.
    #[serde(with = "maybe_instant", skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Resolutions that did not help.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tried: BTreeSet<String>,
    /// Answers by symptom.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Answer>,
    /// Versions by product.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub products: BTreeMap<String, String>,
    /// The logs, in order.
    #[serde(rename = "log", skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<Log>,
    /// Outputs of probes, at most one per symptom.
    #[serde(rename = "probe", skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Probe>,
}

/// A log file or a folder of logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Its path; `-` was piped in and cannot be read again.
    pub path: PathBuf,
    /// The name that rules use after `on`, if the user gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Log {
    /// The name that reports use.
    pub fn name(&self) -> String {
        self.source.clone().unwrap_or_else(|| self.path.display().to_string())
    }

    /// Whether it was piped in.
    pub fn is_piped(&self) -> bool {
        self.path.as_os_str() == "-"
    }
}

/// An answer to the question of a symptom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// The symptom is there.
    Yes,
    /// The symptom is not there.
    No,
    /// Not known: has no effect, and is not asked again.
    Unknown,
}

/// The output of the command of a symptom's probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// The symptom.
    pub symptom: String,
    /// The name that reports use for the output.
    pub name: String,
    /// The whole output.
    pub output: String,
}

/// A note of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Its time.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// Its text.
    pub text: String,
}

/// A diagnosis, as the case records it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedDiagnosis {
    /// Its time.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// The version of casebook that made it.
    pub casebook: String,
    /// Its verdict.
    #[serde(with = "VerdictWord")]
    pub verdict: Verdict,
    /// What the verdict is about; `None` if it is unknown, or if an earlier version saved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SavedSubject>,
    /// Probability that the problem has none of the causes in the rules, 0–1.
    #[serde(deserialize_with = "probability")]
    pub none_of_these: f64,
    /// Symptoms that matter for a cause and were answered no, or searched for and not found.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_seen: BTreeSet<String>,
    /// Symptoms that logs and probes showed.
    #[serde(default, rename = "finding", skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<SavedFinding>,
    /// The first causes, most probable first.
    #[serde(default, rename = "cause", skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<SavedCause>,
    /// The first articles, best first.
    #[serde(default, rename = "article", skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<SavedArticle>,
}

/// The cause or article that a verdict is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedSubject {
    /// Which of the two it is.
    pub kind: SubjectKind,
    /// The name of the cause, or the id of the article.
    pub id: String,
    /// The probability that it is right, 0–1.
    #[serde(deserialize_with = "probability")]
    pub confidence: f64,
}

/// The kind of the subject of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A cause of a rule.
    Cause,
    /// An article.
    Article,
}

/// A symptom that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedFinding {
    /// The symptom.
    pub symptom: String,
    /// Number of records that show it.
    pub count: u64,
    /// Time of the earliest record; `None` if no record has a time.
    #[serde(default, with = "maybe_instant", skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// Time of the latest record.
    #[serde(default, with = "maybe_instant", skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// Kept from an earlier diagnosis: its log could not be read again, or no rule has the symptom any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
    /// Paths of the logs that show it, as in [`Log::path`]; empty for a probe.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub logs: BTreeSet<PathBuf>,
    /// The captures that its records share, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub captures: BTreeMap<String, String>,
}

/// A cause that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedCause {
    /// Its name.
    pub cause: String,
    /// Its probability, 0–1.
    #[serde(deserialize_with = "probability")]
    pub probability: f64,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedArticle {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its confidence, 0–1.
    #[serde(deserialize_with = "probability")]
    pub confidence: f64,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// When it was closed.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// The resolution that fixed it; `None` if nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_by: Option<String>,
    /// The cause, if a person named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Chances in rules that this case was counted for already, each in its [words](crate::rule::ChanceRelation::words).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub learnt: BTreeSet<String>,
}

impl Case {
    /// Returns a new, empty case that was opened at the time `at`.
    pub fn opened(at: Timestamp) -> Case {
        Case { opened: at, given: Given::default(), notes: Vec::new(), found: None, closed: None }
    }

    /// Replaces the path of every log, in the given logs and in the findings.
    pub(super) fn map_paths(&mut self, replaced: impl Fn(&PathBuf) -> PathBuf) {
        for log in &mut self.given.logs {
            log.path = replaced(&log.path);
        }
        for finding in self.found.iter_mut().flat_map(|found| &mut found.findings) {
            finding.logs = finding.logs.iter().map(&replaced).collect();
        }
    }
}

/// [`Verdict`] as the file writes it.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Verdict", rename_all = "lowercase")]
enum VerdictWord {
    Known,
    Likely,
    Unknown,
}

fn probability<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let value = f64::deserialize(deserializer)?;
    match (0.0..=1.0).contains(&value) {
        true => Ok(value),
        false => Err(serde::de::Error::custom("a probability is between 0 and 1")),
    }
}

/// A point in time as a TOML date-time, to the second.
pub(super) mod instant {
    use toml::value::Datetime;

    use super::*;

    /// Returns the TOML date-time for `at`; `None` before the year 0, which TOML cannot express.
    pub(in crate::case) fn datetime(at: &Timestamp) -> Option<Datetime> {
        format!("{at:.0}").parse().ok()
    }

    pub(in crate::case) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        datetime(at).ok_or_else(|| serde::ser::Error::custom("a year before 0"))?.serialize(serializer)
    }

    pub(in crate::case) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let written = Datetime::deserialize(deserializer)?.to_string();
        written.parse().ok().filter(|at| datetime(at).is_some()).ok_or_else(|| {
            serde::de::Error::custom(format!("`{written}` is not a time such as `2027-01-31T10:00:00Z`"))
        })
    }
}

/// An optional point in time in the form of [`instant`].
mod maybe_instant {
    use super::*;

    pub(super) fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => instant::serialize(at, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
        instant::deserialize(deserializer).map(Some)
    }
}
