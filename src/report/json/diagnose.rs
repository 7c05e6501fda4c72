//! `casebook diagnose --format json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::subject::{Standout, Subject};
use super::why::Why;
use super::why_not::WhyNot;
use crate::infer::{self, ArticleReason, Diagnosis, IncidentLink, SymptomState, Verdict};
use crate::log;
use crate::matching::{self, Remark, Status};
use crate::report::DiagnosisView;
use crate::report::diagnosis::{How, fill, notes, plain, question};
use crate::rule::{self, CauseId, Program, SymptomId, Verify};
use crate::source::SourceId;
use crate::value::{Value, duration_text};

/// `casebook diagnose --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Diagnose {
    /// `known`, `likely` or `unknown`.
    verdict: String,
    /// What the verdict is about; null if it is `unknown`.
    subject: Option<Subject>,
    /// Whether the logs look healthy: no symptom was seen, nothing is likely, and no record that stands out is severe.
    nothing_stands_out: bool,
    /// The records that stand out, the most striking first.
    standouts: Vec<Standout>,
    sources: Vec<Source>,
    /// The part of the logs that was read (`--since`, `--until`, `--last`); null for all.
    period: Option<Period>,
    findings: Vec<Finding>,
    causes: Vec<Cause>,
    /// P(none of the causes | evidence), 0–1.
    none_of_these: f64,
    articles: Vec<RankedArticle>,
    /// Problems that a cause or an article explains, in order of time; empty unless there are several.
    incidents: Vec<Incident>,
    resolutions: Vec<Resolution>,
    next_checks: Vec<NextCheck>,
    /// Products whose version decides whether causes apply (`--product`).
    version_checks: Vec<VersionCheck>,
    /// Causes left out because of their product or version.
    not_applicable: Vec<String>,
    /// Assumptions, estimates and omissions, a sentence each.
    notes: Vec<String>,
    /// The calculation of the probability of a cause; null without `--why`.
    why: Option<Why>,
    /// Why symptoms were not seen, one for each `--why-not`.
    why_not: Vec<WhyNot>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Source {
    name: String,
    format: String,
    /// Number of records that were taken.
    records: u64,
    /// Number of records outside the period.
    left_out: u64,
    bytes: u64,
    first: Option<String>,
    last: Option<String>,
    /// Symptoms that this source is not searched for.
    not_looked_for: Vec<String>,
    /// Number of records that were too long and were cut.
    cut: u64,
}

/// A period of time, its ends included.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Period {
    /// RFC 3339; null if it has no beginning.
    since: Option<String>,
    until: Option<String>,
}

/// The period, or `None` if it contains all times.
pub(super) fn period(period: log::Period) -> Option<Period> {
    let shown = |time: jiff::Timestamp| time.to_string();
    (!period.is_unlimited()).then(|| Period { since: period.since.map(shown), until: period.until.map(shown) })
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Finding {
    symptom: String,
    title: String,
    /// `confirmed`, `unconfirmed` or `answered`.
    status: String,
    /// The answer, when `status` is `answered`.
    answer: Option<bool>,
    count: u64,
    /// Captures and fields that distinguish this finding from others of the same symptom. A symptom with conditions on
    /// time can have several findings with one key, which begin at different times.
    key: BTreeMap<String, Json>,
    /// Captures on which all records agree.
    captures: BTreeMap<String, Json>,
    first: Option<String>,
    last: Option<String>,
    /// When a record said that it is over.
    ended: Option<String>,
    /// Whether it depends on times that the records do not have.
    assumed: bool,
    /// Whether it depends on the order of records whose time stamps do not tell it.
    order_uncertain: bool,
    evidence: Vec<Evidence>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Evidence {
    pub(super) source: String,
    pub(super) line: u64,
    pub(super) text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Cause {
    cause: String,
    title: String,
    /// Posterior, 0–1.
    probability: f64,
    /// P(it is present and no other cause led to it), 0–1.
    by_itself: f64,
    /// The likely causes that it follows from, if that is more probable than that it is present by itself.
    follows: Vec<String>,
    /// Ids as in the list of articles; a name that is not in the KB, as the rule writes it.
    articles: Vec<String>,
    because: Vec<Because>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Because {
    symptom: String,
    /// `present`, `absent` or `unknown`.
    state: String,
    /// Weight of evidence, 10·log10 of an odds ratio; null if the probabilities are estimates (see `notes`).
    decibans: Option<f64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RankedArticle {
    rank: usize,
    id: String,
    title: String,
    score: f64,
    /// Probability that this article is about the problem, 0–1.
    confidence: f64,
    near_copies: Vec<String>,
    because: Vec<ArticleBecause>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ArticleBecause {
    /// `rule`, `signature` or `search`.
    channel: String,
    /// The rule; the quote or name in the article, with holes where the record differs; or the text searched for.
    detail: String,
    source: Option<String>,
    line: Option<u64>,
    /// Probability of the cause, or that the resolution helps; match weight of a signature; share of the best search score.
    /// A signature explains a search result: its weight is not added.
    weight: f64,
    /// More about a signature; null for other channels.
    signature: Option<Signature>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Signature {
    /// `message`, `code`, `stop`, `event`, `reply` or `file`.
    kind: String,
    /// Index of the article's section that contains it, as in `show`.
    section: usize,
    /// Share of a message that the record repeats, 0–1; 1 for other kinds.
    share: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Incident {
    /// Time of its earliest record, RFC 3339.
    first: Option<String>,
    last: Option<String>,
    /// The records that show it.
    places: Vec<ShownPlace>,
    /// Its likely causes, most probable first.
    causes: Vec<String>,
    /// The articles that fit its records best.
    articles: Vec<WithinIncident>,
    /// The incident that it may follow from; null if none.
    follows: Option<Follows>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShownPlace {
    source: String,
    line: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct WithinIncident {
    id: String,
    /// Probability that this article is about the incident, 0–1.
    confidence: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Follows {
    /// Number, in the list, of the incident that this one may follow from; counts from 1.
    incident: usize,
    /// If a rule says so: the cause of that incident, and the cause of this one that it leads to.
    leads_to: Option<LeadsTo>,
    /// Otherwise names that both mention: addresses, hosts, paths.
    shared: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LeadsTo {
    root: String,
    consequence: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Resolution {
    /// Name of the resolution in the rules, or id of the article that it is from.
    resolution: String,
    /// `rule` or `article`. Chance, cost and risk of the latter are estimates.
    from: &'static str,
    title: String,
    needs: Vec<String>,
    steps: Vec<ShownStep>,
    verify: Option<ShownStep>,
    undo: Option<String>,
    irreversible: bool,
    /// P(it fixes the problem), 0–1.
    p_resolves: f64,
    /// P(it fixes the problem once the cause that led to it is fixed), 0–1.
    follow_up: f64,
    /// Time it takes, in seconds.
    cost_s: u64,
    /// `low`, `medium` or `high`.
    risk: String,
    /// As for a cause.
    articles: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShownStep {
    text: String,
    /// A command to run by hand; casebook never runs it.
    run: Option<String>,
    /// Why the step has a command that is not shown: a value is not known, or cannot be put into a command safely.
    withheld: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NextCheck {
    symptom: String,
    question: String,
    /// Where to look or what to run.
    how: Option<String>,
    /// Expected saving after its own cost, in seconds.
    value_s: u64,
    cost_s: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct VersionCheck {
    product: String,
    /// Expected saving after the cost of looking it up, in seconds.
    value_s: u64,
}

/// The answer of `diagnose`: all lists as a whole, whatever the view is limited to.
pub fn diagnose(view: DiagnosisView) -> Diagnose {
    let DiagnosisView { program, diagnosis, why, why_not, .. } = view;
    let wire = Wire { program, diagnosis };
    Diagnose {
        verdict: match diagnosis.verdict {
            Verdict::Known => "known",
            Verdict::Likely => "likely",
            Verdict::Unknown => "unknown",
        }
        .to_owned(),
        subject: wire.subject(),
        nothing_stands_out: diagnosis.nothing_stands_out,
        standouts: diagnosis.standouts.iter().map(|record| wire.standout(record)).collect(),
        sources: diagnosis.sources.iter().map(|source| wire.source(source)).collect(),
        period: diagnosis.remarks.iter().find_map(|remark| match remark {
            Remark::Period(asked) => period(*asked),
            _ => None,
        }),
        findings: diagnosis.findings.iter().map(|finding| wire.finding(finding)).collect(),
        causes: diagnosis.causes.iter().map(|cause| wire.cause(cause)).collect(),
        none_of_these: diagnosis.none_of_these,
        articles: (1..).zip(&diagnosis.articles).map(|(rank, found)| wire.article(rank, found)).collect(),
        incidents: diagnosis.incidents.iter().map(|incident| wire.incident(incident)).collect(),
        resolutions: diagnosis.resolutions.iter().map(|resolution| wire.resolution(resolution)).collect(),
        next_checks: diagnosis.next_checks.iter().map(|check| wire.next_check(check)).collect(),
        version_checks: diagnosis.version_checks.iter().map(version_check).collect(),
        notes: notes(program, diagnosis),
        not_applicable: diagnosis.not_applicable.iter().map(|&id| program.cause(id).name.clone()).collect(),
        why: why.map(|explanation| super::why::why(program, explanation)),
        why_not: why_not.iter().map(|not_seen| super::why_not::why_not(program, not_seen)).collect(),
    }
}

pub(super) fn state(state: SymptomState) -> String {
    match state {
        SymptomState::Present => "present",
        SymptomState::Absent => "absent",
        SymptomState::Unknown => "unknown",
    }
    .to_owned()
}

/// Names for every conversion.
pub(super) struct Wire<'a> {
    pub(super) program: &'a Program,
    pub(super) diagnosis: &'a Diagnosis,
}

impl Wire<'_> {
    fn symptom(&self, id: SymptomId) -> String {
        self.program.symptom(id).name.clone()
    }

    fn source_name(&self, id: SourceId) -> String {
        self.diagnosis.sources[id.0 as usize].name.clone()
    }

    fn source(&self, source: &matching::SourceSummary) -> Source {
        Source {
            name: source.name.clone(),
            format: source.format.clone(),
            records: source.records,
            left_out: source.left_out,
            bytes: source.bytes,
            first: source.first.map(|time| time.to_string()),
            last: source.last.map(|time| time.to_string()),
            not_looked_for: source.not_looked_for.iter().map(|&symptom| self.symptom(symptom)).collect(),
            cut: source.cut,
        }
    }

    pub(super) fn finding(&self, finding: &matching::Finding) -> Finding {
        let captures: BTreeMap<String, Json> =
            finding.captures.iter().map(|(name, value)| (name.clone(), json_value(value))).collect();
        let answer = match finding.status {
            Status::Confirmed | Status::Unconfirmed => None,
            Status::Answered(yes) => Some(yes),
        };
        let status = match finding.status {
            Status::Confirmed => "confirmed",
            Status::Unconfirmed => "unconfirmed",
            Status::Answered(_) => "answered",
        };
        let definition = self.program.symptom(finding.symptom);
        let key = finding.key_captures(definition);
        let key = key.iter().map(|(name, value)| (name.clone(), json_value(value))).collect();
        Finding {
            symptom: self.symptom(finding.symptom),
            title: plain(&definition.title, &finding.captures, Some(finding.count)),
            status: status.to_owned(),
            answer,
            count: finding.count,
            key,
            captures,
            ended: finding.timing.ended.map(|time| time.to_string()),
            assumed: finding.timing.is_assumed,
            order_uncertain: finding.timing.is_order_uncertain,
            first: finding.first.map(|time| time.to_string()),
            last: finding.last.map(|time| time.to_string()),
            evidence: finding.evidence.iter().map(|evidence| self.evidence(evidence)).collect(),
        }
    }

    fn evidence(&self, evidence: &matching::Evidence) -> Evidence {
        Evidence { source: self.source_name(evidence.source), line: evidence.line, text: evidence.text.clone() }
    }

    fn follows(&self, follows: &infer::Follows) -> Follows {
        let name = |cause: CauseId| self.program.cause(cause).name.clone();
        let (leads_to, shared) = match &follows.link {
            IncidentLink::Causes { root, consequence } => {
                (Some(LeadsTo { root: name(*root), consequence: name(*consequence) }), Vec::new())
            }
            IncidentLink::Shared(names) => (None, names.clone()),
        };
        Follows { incident: follows.incident + 1, leads_to, shared }
    }

    fn cause(&self, ranked: &infer::RankedCause) -> Cause {
        let cause = self.program.cause(ranked.cause);
        let because = |because: &infer::Because| Because {
            symptom: self.symptom(because.symptom),
            state: state(because.state),
            decibans: because.decibans,
        };
        Cause {
            cause: cause.name.clone(),
            title: plain(&cause.title, &ranked.captures, None),
            probability: ranked.probability,
            by_itself: ranked.by_itself,
            follows: ranked.follows.iter().map(|&root| self.program.cause(root).name.clone()).collect(),
            articles: ranked.articles.clone(),
            because: ranked.because.iter().map(because).collect(),
        }
    }

    fn article(&self, rank: usize, ranked: &infer::RankedArticle) -> RankedArticle {
        RankedArticle {
            rank,
            id: ranked.id.clone(),
            title: ranked.title.clone(),
            score: ranked.score,
            confidence: ranked.confidence,
            near_copies: ranked.near_copies.clone(),
            because: ranked.because.iter().map(|reason| self.article_because(reason)).collect(),
        }
    }

    fn article_because(&self, reason: &ArticleReason) -> ArticleBecause {
        let (channel, detail, at, weight) = match reason {
            ArticleReason::Cause { cause, weight, at } => {
                ("rule", format!("cause {}", self.program.cause(*cause).name), *at, *weight)
            }
            ArticleReason::Resolution { resolution, weight } => {
                ("rule", format!("resolution {}", self.program.resolution(*resolution).name), None, *weight)
            }
            ArticleReason::Signature { text, at, weight, .. } => ("signature", text.clone(), Some(*at), *weight),
            ArticleReason::Search { text, at, weight, .. } => ("search", text.clone(), Some(*at), *weight),
        };
        let signature = match reason {
            ArticleReason::Signature { kind, section, share, .. } => {
                Some(Signature { kind: kind.name().to_owned(), section: *section, share: *share })
            }
            ArticleReason::Cause { .. } | ArticleReason::Resolution { .. } | ArticleReason::Search { .. } => None,
        };
        ArticleBecause {
            channel: channel.to_owned(),
            detail,
            source: at.map(|(source, _)| self.source_name(source)),
            line: at.map(|(_, line)| line),
            weight,
            signature,
        }
    }

    fn incident(&self, incident: &infer::Incident) -> Incident {
        let place = |&(source, line): &(SourceId, u64)| ShownPlace { source: self.source_name(source), line };
        let within = |(id, confidence): &(String, f64)| WithinIncident { id: id.clone(), confidence: *confidence };
        Incident {
            first: incident.first.map(|time| time.to_string()),
            last: incident.last.map(|time| time.to_string()),
            places: incident.places.iter().map(place).collect(),
            causes: incident.causes.iter().map(|&id| self.program.cause(id).name.clone()).collect(),
            articles: incident.articles.iter().map(within).collect(),
            follows: incident.follows.as_ref().map(|follows| self.follows(follows)),
        }
    }

    fn resolution(&self, ranked: &infer::RankedResolution) -> Resolution {
        let resolution = ranked.resolution.as_rule(self.program);
        let step = |step: &rule::ResolutionStep| {
            let filled = step.run.as_ref().map(|run| fill(run, &ranked.captures));
            let (run, withheld) = filled.map_or((None, None), |filled| match filled {
                Ok(run) => (Some(run), None),
                Err(withheld) => (None, Some(withheld)),
            });
            ShownStep { text: plain(&step.text, &ranked.captures, None), run, withheld }
        };
        let verify = resolution.verify.as_ref().map(|verify| match verify {
            Verify::Check(check) => step(check),
            Verify::Silence(symptom, time) => {
                let text = format!("no {} for {}", self.symptom(*symptom), duration_text(*time));
                ShownStep { text, run: None, withheld: None }
            }
        });
        Resolution {
            resolution: resolution.name.clone(),
            from: match ranked.resolution {
                infer::Proposed::Rule(_) => "rule",
                infer::Proposed::Article(_) => "article",
            },
            title: plain(&resolution.title, &ranked.captures, None),
            needs: resolution.needs.iter().map(|need| plain(need, &ranked.captures, None)).collect(),
            steps: resolution.steps.iter().map(step).collect(),
            verify,
            undo: resolution.undo.as_ref().map(|undo| plain(undo, &ranked.captures, None)),
            irreversible: resolution.irreversible,
            p_resolves: ranked.p_resolves,
            follow_up: ranked.follow_up,
            cost_s: resolution.cost.as_secs(),
            risk: resolution.risk.name().to_owned(),
            articles: ranked.articles.clone(),
        }
    }

    fn next_check(&self, check: &infer::NextCheck) -> NextCheck {
        let symptom = self.program.symptom(check.symptom);
        let (question, how) = question(symptom, check);
        NextCheck {
            symptom: symptom.name.clone(),
            question,
            how: how.map(How::into_text),
            value_s: check.value.as_secs(),
            cost_s: symptom.cost.as_secs(),
        }
    }
}

fn version_check(check: &infer::VersionCheck) -> VersionCheck {
    VersionCheck { product: check.product.clone(), value_s: check.value.as_secs() }
}

/// Text that is not UTF-8 is shown with replacement characters; times and durations as text.
pub(super) fn json_value(value: &Value) -> Json {
    match value {
        Value::Int(n) => Json::from(*n),
        Value::Num(n) => Json::from(*n),
        Value::Bool(b) => Json::from(*b),
        Value::Size(n) => Json::from(*n),
        Value::List(values) => values.iter().map(json_value).collect(),
        Value::Text(_) | Value::Duration(_) | Value::Ip(_) | Value::Time(_) => Json::from(value.to_string()),
    }
}
