//! What a watch keeps on disk to go on after it was ended or killed.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, TryLockError};
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::merge::Names;
use super::news::{Key, Shown, key};
use crate::case::replace;
use crate::error::chain;
use crate::follow::SavedFiles;
use crate::matching::{Evidence, Finding, FindingTiming, Status};
use crate::rule::Program;
use crate::value::Value;
use crate::whole_file;

/// The version of the file, which changes when an older casebook would misread it.
const VERSION: u32 = 1;

/// The most records of a finding that are kept.
const MAX_RECORDS: usize = 3;

/// The places in all files, and the findings before these places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    pub(super) files: SavedFiles,
    findings: Vec<SavedFinding>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SavedFinding {
    symptom: String,
    captures: BTreeMap<String, SavedValue>,
    count: u64,
    first: Option<SavedTime>,
    last: Option<SavedTime>,
    /// The count that was shown for the last time; 0 if it never was.
    shown: u64,
    /// The latest records.
    records: Vec<SavedRecord>,
    /// For a symptom with conditions on time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    episode: Option<SavedEpisode>,
}

/// What is known about the time of a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SavedEpisode {
    ended: Option<SavedTime>,
    is_assumed: bool,
    is_order_uncertain: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SavedRecord {
    source: String,
    line: u64,
    text: String,
}

/// A value, with its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SavedValue {
    Text(String),
    /// Text that is not UTF-8.
    Bytes(Vec<u8>),
    Int(i64),
    Num(f64),
    Bool(bool),
    Duration(Duration),
    Size(u64),
    Ip(IpAddr),
    Time(SavedTime),
    List(Vec<SavedValue>),
}

/// A time as RFC 3339, with all its digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SavedTime(String);

impl SavedTime {
    fn of(time: Timestamp) -> Self {
        SavedTime(time.to_string())
    }

    /// The time; `None` if somebody has changed the file.
    fn time(&self) -> Option<Timestamp> {
        self.0.parse().ok()
    }
}

/// Why a state cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Another process watches with this state.
    #[error("another `casebook watch` uses the state {}", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read the state {}: {}", path.display(), chain(source))]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file is not a state, or not of this version.
    #[error("{} is not a state of this casebook: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file cannot be written.
    #[error("cannot write the state {}: {}", path.display(), chain(source))]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl Default for State {
    /// The state before anything was read.
    fn default() -> Self {
        State { version: VERSION, files: SavedFiles::default(), findings: Vec::new() }
    }
}

impl State {
    /// Makes the state from the places in `files` and the findings before them. `names` are the names of the sources.
    pub(super) fn new(
        program: &Program,
        files: SavedFiles,
        findings: &[Finding],
        names: &[String],
        shown: &HashMap<Key, Shown>,
    ) -> Self {
        // What is not certain yet depends on records that are not kept.
        let certain = findings.iter().filter(|finding| finding.status != Status::Unconfirmed);
        let saved = certain.map(|finding| SavedFinding {
            symptom: program.symptom(finding.symptom).name.clone(),
            captures: finding.captures.iter().map(|(name, value)| (name.clone(), save(value))).collect(),
            count: finding.count,
            first: finding.first.map(SavedTime::of),
            last: finding.last.map(SavedTime::of),
            shown: shown.get(&key(program, finding)).map_or(0, |shown| shown.count),
            records: latest(finding).iter().map(|evidence| record(evidence, names)).collect(),
            episode: finding.timing.is_episode.then(|| SavedEpisode {
                ended: finding.timing.ended.map(SavedTime::of),
                is_assumed: finding.timing.is_assumed,
                is_order_uncertain: finding.timing.is_order_uncertain,
            }),
        });
        State { version: VERSION, files, findings: saved.collect() }
    }

    /// Returns the findings, the names of the sources of their evidence, and how they were shown. Findings of symptoms
    /// that no rule has any more are left out.
    pub(super) fn findings(&self, program: &Program) -> (Vec<Finding>, Names, HashMap<Key, Shown>) {
        let (mut findings, mut names, mut shown) = (Vec::new(), Names::default(), HashMap::new());
        for saved in &self.findings {
            let Some(symptom) = program.symptom_named(&saved.symptom) else { continue };
            let evidence = saved.records.iter().map(|record| Evidence {
                source: names.id(&record.source),
                line: record.line,
                text: record.text.clone(),
            });
            let finding = Finding {
                symptom,
                status: Status::Confirmed,
                count: saved.count,
                captures: saved.captures.iter().map(|(name, value)| (name.clone(), load(value))).collect(),
                first: saved.first.as_ref().and_then(SavedTime::time),
                last: saved.last.as_ref().and_then(SavedTime::time),
                evidence: evidence.collect(),
                timing: saved.episode.as_ref().map_or_else(FindingTiming::default, |episode| FindingTiming {
                    is_episode: true,
                    ended: episode.ended.as_ref().and_then(SavedTime::time),
                    is_assumed: episode.is_assumed,
                    is_order_uncertain: episode.is_order_uncertain,
                }),
            };
            shown.insert(key(program, &finding), Shown { count: saved.shown, at: None });
            findings.push(finding);
        }
        (findings, names, shown)
    }

    /// Reads the state at `path`; a file that does not exist is the state before anything was read.
    pub fn read(path: &Path) -> Result<Self, StateError> {
        let text = match whole_file::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::default()),
            Err(source) => return Err(StateError::Read { path: path.to_owned(), source }),
        };
        let content = |reason: String| StateError::Content { path: path.to_owned(), reason };
        let state: State = serde_json::from_slice(&text).map_err(|error| content(error.to_string()))?;
        match state.version {
            VERSION => Ok(state),
            version => Err(content(format!("it has version {version}"))),
        }
    }

    /// Replaces the file at `path`. After a crash, it is the old or the new one.
    pub fn write(&self, path: &Path) -> Result<(), StateError> {
        let failed = |source| StateError::Write { path: path.to_owned(), source };
        let text = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        replace(path, &text).map_err(failed)
    }

    /// Locks the state at `path` until the returned file is dropped or the process ends.
    pub fn lock(path: &Path) -> Result<File, StateError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let failed = |source| StateError::Write { path: path.to_owned(), source };
        let file = File::create(PathBuf::from(name)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(StateError::Busy { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

fn latest(finding: &Finding) -> &[Evidence] {
    &finding.evidence[finding.evidence.len().saturating_sub(MAX_RECORDS)..]
}

fn record(evidence: &Evidence, names: &[String]) -> SavedRecord {
    let source = names[evidence.source.0 as usize].clone();
    SavedRecord { source, line: evidence.line, text: evidence.text.clone() }
}

fn save(value: &Value<'_>) -> SavedValue {
    match value {
        Value::Text(text) => match str::from_utf8(text) {
            Ok(text) => SavedValue::Text(text.to_owned()),
            Err(_) => SavedValue::Bytes(text.to_vec()),
        },
        Value::Int(n) => SavedValue::Int(*n),
        Value::Num(n) => SavedValue::Num(*n),
        Value::Bool(b) => SavedValue::Bool(*b),
        Value::Duration(span) => SavedValue::Duration(*span),
        Value::Size(n) => SavedValue::Size(*n),
        Value::Ip(ip) => SavedValue::Ip(*ip),
        Value::Time(time) => SavedValue::Time(SavedTime::of(*time)),
        Value::List(values) => SavedValue::List(values.iter().map(save).collect()),
    }
}

fn load(value: &SavedValue) -> Value<'static> {
    match value {
        SavedValue::Text(text) => Value::Text(text.clone().into_bytes().into()),
        SavedValue::Bytes(bytes) => Value::Text(bytes.clone().into()),
        SavedValue::Int(n) => Value::Int(*n),
        SavedValue::Num(n) => Value::Num(*n),
        SavedValue::Bool(b) => Value::Bool(*b),
        SavedValue::Duration(span) => Value::Duration(*span),
        SavedValue::Size(n) => Value::Size(*n),
        SavedValue::Ip(ip) => Value::Ip(*ip),
        SavedValue::Time(time) => time.time().map_or(Value::Text(Default::default()), Value::Time),
        SavedValue::List(values) => Value::List(values.iter().map(load).collect()),
    }
}
