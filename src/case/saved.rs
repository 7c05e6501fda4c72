//! Records a diagnosis in a case.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::kept::is_kept;
use super::model::{
    Given, Log, SavedArticle, SavedCause, SavedDiagnosis, SavedFinding, SavedSubject, SubjectKind, instant,
};
use crate::infer::{Diagnosis, Subject, SymptomState};
use crate::matching::{self, Status};
use crate::rule::Program;

/// At most this many causes are recorded: those further down have not influenced any decision.
const MAX_CAUSES: usize = 10;

/// At most this many articles are recorded.
const MAX_ARTICLES: usize = 5;

impl SavedDiagnosis {
    /// Records `diagnosis`, made from `given` at the time `at`. Keeps those findings of `before` that come from a log in `gone`
    /// or whose symptom no rule has any more.
    pub fn new(
        program: &Program,
        diagnosis: &Diagnosis,
        given: &Given,
        before: Option<&SavedDiagnosis>,
        gone: &[PathBuf],
        at: Timestamp,
    ) -> SavedDiagnosis {
        let seen = diagnosis.findings.iter().filter(|finding| finding.status == Status::Confirmed);
        let mut findings: Vec<SavedFinding> = seen.map(|seen| finding(program, diagnosis, given, seen)).collect();
        let stays = |old: &&SavedFinding| is_kept(old, gone) || program.symptom_named(&old.symptom).is_none();
        for old in before.iter().flat_map(|found| &found.findings).filter(stays) {
            let symptom = program.symptom_named(&old.symptom).map(|id| program.symptom(id));
            let is_key = |name: &String| symptom.is_none_or(|symptom| symptom.keys.iter().any(|key| key.name == *name));
            let is_episode = symptom.is_some_and(|symptom| symptom.time.is_some());
            let same = |new: &&mut SavedFinding| {
                new.symptom == old.symptom
                    && key_of(new, is_key).eq(key_of(old, is_key))
                    && (!is_episode || new.first == old.first)
            };
            match findings.iter_mut().find(same) {
                Some(new) => {
                    new.kept = true;
                    new.logs.extend(old.logs.iter().cloned());
                }
                None => findings.push(SavedFinding { kept: true, ..old.clone() }),
            }
        }
        let absent = diagnosis.causes.iter().flat_map(|ranked| &ranked.because);
        let absent = absent.filter(|because| because.state == SymptomState::Absent);
        SavedDiagnosis {
            at,
            casebook: env!("CARGO_PKG_VERSION").to_owned(),
            verdict: diagnosis.verdict,
            subject: diagnosis.subject.as_ref().map(|about| subject(program, about)),
            none_of_these: rounded(diagnosis.none_of_these),
            not_seen: absent.map(|because| program.symptom(because.symptom).name.clone()).collect(),
            findings,
            causes: causes(program, diagnosis),
            articles: articles(diagnosis),
        }
    }
}

/// The captures that tell a finding from others.
fn key_of(finding: &SavedFinding, is_key: impl Fn(&String) -> bool) -> impl Iterator<Item = (&String, &String)> {
    finding.captures.iter().filter(move |(name, _)| is_key(name))
}

fn finding(program: &Program, diagnosis: &Diagnosis, given: &Given, seen: &matching::Finding) -> SavedFinding {
    let sources = seen.evidence.iter().map(|evidence| &diagnosis.sources[evidence.source.0 as usize].name);
    let logs: BTreeSet<PathBuf> =
        sources.filter_map(|name| log_of(&given.logs, name)).map(|log| log.path.clone()).collect();
    let writable = |at: Option<Timestamp>| at.filter(|at| instant::datetime(at).is_some());
    SavedFinding {
        symptom: program.symptom(seen.symptom).name.clone(),
        count: seen.count,
        first: writable(seen.first),
        last: writable(seen.last),
        kept: false,
        logs,
        captures: seen.captures.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
    }
}

/// Returns the log that is the source called `name`, or the folder of logs that contains it.
fn log_of<'a>(logs: &'a [Log], name: &str) -> Option<&'a Log> {
    let itself = logs.iter().find(|log| log.name() == name);
    itself.or_else(|| logs.iter().find(|log| Path::new(name).starts_with(&log.path)))
}

fn subject(program: &Program, subject: &Subject) -> SavedSubject {
    let (kind, id) = match subject {
        Subject::Cause { cause, .. } => (SubjectKind::Cause, program.cause(*cause).name.clone()),
        Subject::Article { id, .. } => (SubjectKind::Article, id.clone()),
    };
    SavedSubject { kind, id, confidence: rounded(subject.confidence()) }
}

fn causes(program: &Program, diagnosis: &Diagnosis) -> Vec<SavedCause> {
    let first = diagnosis.causes.iter().take(MAX_CAUSES);
    let cause = first.map(|ranked| SavedCause {
        cause: program.cause(ranked.cause).name.clone(),
        probability: rounded(ranked.probability),
    });
    cause.collect()
}

fn articles(diagnosis: &Diagnosis) -> Vec<SavedArticle> {
    let first = diagnosis.articles.iter().take(MAX_ARTICLES);
    let article = first.map(|ranked| SavedArticle {
        id: ranked.id.clone(),
        title: ranked.title.clone(),
        confidence: rounded(ranked.confidence),
    });
    article.collect()
}

/// Rounds to four digits, so that every machine writes the same.
fn rounded(probability: f64) -> f64 {
    (probability.clamp(0.0, 1.0) * 1e4).round() / 1e4
}
