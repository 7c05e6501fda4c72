//! `casebook case show --format json` and `casebook case list --format json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::case::{self, Given, SavedDiagnosis};
use crate::report::diagnosis::verdict_word;

/// `casebook case list --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cases {
    /// By name.
    cases: Vec<Case>,
}

/// `casebook case show --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Case {
    /// The name of its file, without the ending.
    id: String,
    opened: String,
    given: CaseGiven,
    /// The last result; null before a diagnosis.
    found: Option<CaseFound>,
    notes: Vec<CaseNote>,
    /// How it ended; null while it is open.
    closed: Option<CaseClosed>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseGiven {
    logs: Vec<CaseLog>,
    log_format: Option<String>,
    /// The zone of times that name none; null for UTC or what casebook.toml says.
    zone: Option<String>,
    /// Only records from this time on are read.
    since: Option<String>,
    /// Only records up to this time are read.
    until: Option<String>,
    /// `yes`, `no` or `unknown`, by symptom.
    answers: BTreeMap<String, String>,
    probes: Vec<CaseProbe>,
    /// Versions by product.
    products: BTreeMap<String, String>,
    /// Resolutions that did not help.
    tried: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseLog {
    /// `-` for standard input.
    path: String,
    source: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseProbe {
    symptom: String,
    name: String,
    output: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseFound {
    at: String,
    /// The version of casebook.
    casebook: String,
    /// `known`, `likely` or `unknown`.
    verdict: String,
    /// What the verdict is about; null if it is `unknown`.
    subject: Option<CaseSubject>,
    none_of_these: f64,
    findings: Vec<CaseFinding>,
    /// Symptoms that were answered no or not found.
    not_seen: Vec<String>,
    causes: Vec<CaseCause>,
    articles: Vec<CaseArticle>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseSubject {
    /// `cause` or `article`.
    kind: String,
    /// Name of the cause in the rules, or id of the article.
    id: String,
    /// Probability that it is right, 0–1.
    confidence: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseFinding {
    symptom: String,
    count: u64,
    first: Option<String>,
    last: Option<String>,
    /// Whether it was kept from an earlier diagnosis because its log or its symptom no longer exists.
    kept: bool,
    logs: Vec<String>,
    captures: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseCause {
    cause: String,
    probability: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseArticle {
    id: String,
    title: String,
    confidence: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseNote {
    at: String,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CaseClosed {
    at: String,
    /// The resolution that fixed it; null for a case that was closed unresolved.
    fixed_by: Option<String>,
    cause: Option<String>,
    note: Option<String>,
}

/// The answer of `case list`.
pub fn cases(cases: &[(String, case::Case)]) -> Cases {
    Cases { cases: cases.iter().map(|(id, one)| case(id, one)).collect() }
}

/// The answer of `case show`.
pub fn case(id: &str, case: &case::Case) -> Case {
    let note = |note: &case::Note| CaseNote { at: instant(note.at), text: note.text.clone() };
    let closed = |closed: &case::Closed| CaseClosed {
        at: instant(closed.at),
        fixed_by: closed.fixed_by.clone(),
        cause: closed.cause.clone(),
        note: closed.note.clone(),
    };
    Case {
        id: id.to_owned(),
        opened: instant(case.opened),
        given: given(&case.given),
        found: case.found.as_ref().map(found),
        notes: case.notes.iter().map(note).collect(),
        closed: case.closed.as_ref().map(closed),
    }
}

fn instant(at: jiff::Timestamp) -> String {
    format!("{at:.0}")
}

fn given(given: &Given) -> CaseGiven {
    let log = |log: &case::Log| CaseLog { path: log.path.display().to_string(), source: log.source.clone() };
    let probe = |probe: &case::Probe| CaseProbe {
        symptom: probe.symptom.clone(),
        name: probe.name.clone(),
        output: probe.output.clone(),
    };
    CaseGiven {
        logs: given.logs.iter().map(log).collect(),
        log_format: given.log_format.clone(),
        zone: given.zone.clone(),
        since: given.since.map(instant),
        until: given.until.map(instant),
        answers: given.answers.iter().map(|(name, answer)| (name.clone(), answer_word(*answer).to_owned())).collect(),
        probes: given.probes.iter().map(probe).collect(),
        products: given.products.clone(),
        tried: given.tried.iter().cloned().collect(),
    }
}

fn found(found: &SavedDiagnosis) -> CaseFound {
    let finding = |finding: &case::SavedFinding| CaseFinding {
        symptom: finding.symptom.clone(),
        count: finding.count,
        first: finding.first.map(instant),
        last: finding.last.map(instant),
        kept: finding.kept,
        logs: finding.logs.iter().map(|path| path.display().to_string()).collect(),
        captures: finding.captures.clone(),
    };
    let subject = |subject: &case::SavedSubject| CaseSubject {
        kind: match subject.kind {
            case::SubjectKind::Cause => "cause",
            case::SubjectKind::Article => "article",
        }
        .to_owned(),
        id: subject.id.clone(),
        confidence: subject.confidence,
    };
    let cause = |cause: &case::SavedCause| CaseCause { cause: cause.cause.clone(), probability: cause.probability };
    let article = |article: &case::SavedArticle| CaseArticle {
        id: article.id.clone(),
        title: article.title.clone(),
        confidence: article.confidence,
    };
    CaseFound {
        at: instant(found.at),
        casebook: found.casebook.clone(),
        verdict: verdict_word(found.verdict).to_lowercase(),
        subject: found.subject.as_ref().map(subject),
        none_of_these: found.none_of_these,
        findings: found.findings.iter().map(finding).collect(),
        not_seen: found.not_seen.iter().cloned().collect(),
        causes: found.causes.iter().map(cause).collect(),
        articles: found.articles.iter().map(article).collect(),
    }
}

/// The word of the command line for an answer.
pub(in crate::report) fn answer_word(answer: case::Answer) -> &'static str {
    match answer {
        case::Answer::Yes => "yes",
        case::Answer::No => "no",
        case::Answer::Unknown => "unknown",
    }
}
