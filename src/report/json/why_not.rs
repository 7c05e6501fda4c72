//! The `why_not` of `casebook diagnose --why-not SYMPTOM --format json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::diagnose::{Evidence, json_value};
use crate::matching::{self, NotSeen, Obstacle, TimedMiss};
use crate::pattern::{MissKind, Next};
use crate::rule::{Matcher, Program, Symptom};
use crate::timed::Shortfall;

/// Why a symptom was not seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WhyNot {
    symptom: String,
    /// The sources or probe outputs that were searched. Empty if the symptom was seen (see `findings`) or is only asked.
    sources: Vec<Looked>,
    /// Each pattern, in the order of the rule.
    patterns: Vec<Tried>,
    /// The most frequent findings for which the condition on the whole does not hold.
    short: Vec<Short>,
    /// Number of all such findings.
    n_short: u64,
    /// Where the symptom has conditions on time: the keys whose records come nearest to them, the nearest first.
    together: Vec<Together>,
}

/// What the records of a key lack.
#[derive(Debug, Serialize, JsonSchema)]
struct Together {
    key: BTreeMap<String, Json>,
    /// `late`: the others came too late. `too_long`: all was seen, too far apart. `few`: not all was seen. `short`: it did not
    /// last for long enough. `number`: a sum, mean, share or the like is on the wrong side of the limit. `reset`: everything
    /// began anew in between. `refuted`: something was seen that must not be seen.
    missing: String,
    /// Number of records, parts or different values that were seen, or seconds for which it lasted, or the number that comes
    /// nearest; null for the other kinds.
    seen: Option<f64>,
    /// Number or seconds that are needed; null if `seen` is, and for `number`.
    wanted: Option<f64>,
    /// Seconds by which the records are too late or too far apart.
    by_s: Option<f64>,
    /// The record that resets or refutes.
    by: Option<Line>,
    /// The last record that was looked at for it.
    at: Line,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    source: String,
    line: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Looked {
    name: String,
    /// All names that `on` may use for it, without programs.
    names: Vec<String>,
    /// The first programs that wrote records of it; empty if the symptom has no `on`.
    programs: Vec<String>,
    records: u64,
    /// Number of records that the symptom is read from.
    read: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Tried {
    /// The name of the `match`.
    binding: String,
    /// As the rule writes it.
    pattern: String,
    /// Number of matching records among those that the symptom is read from.
    matched: u64,
    /// Number of matching records among the others.
    elsewhere: u64,
    /// The first of these.
    elsewhere_at: Option<Evidence>,
    /// Words that no record contains; for a regex, literals of which it requires one.
    unheard: Vec<String>,
    /// Number of records that come near.
    near: u64,
    /// The nearest, best first; each represents all records that fail in the same way.
    nearest: Vec<Nearest>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Nearest {
    #[serde(flatten)]
    at: Evidence,
    /// Number of records that fail in the same way.
    records: u64,
    /// `where`: the pattern matches, but a condition does not hold. `case`: only the case differs. `edge`: a word edge is
    /// missing. `stopped`: the beginning matches. `words`: some words of it occur. `literal`: a literal that the regex
    /// requires occurs. `header`: it matches only with the time, host or program before the message.
    because: String,
    /// Conditions that do not hold; empty unless `where`.
    unmet: Vec<Unmet>,
    /// Fields of the record, if it has no field that a condition needs.
    fields: Vec<String>,
    /// The beginning of the pattern that matches, as written; null unless `stopped`.
    matched: Option<String>,
    /// Expected after that: text, or a hole as written; null unless `stopped`.
    expected: Option<String>,
    /// The text of the record at that place, or the text that differs in case, has no word edge, or stands before the message.
    stands: Option<String>,
    /// Words of the pattern that are not in the record; empty unless `words`.
    missing: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Unmet {
    /// As rules write it.
    condition: String,
    /// Value of the left side; null if it has none.
    left: Option<Json>,
    /// Value of the right side, if that is a field or a capture; null if it has none.
    right: Option<Json>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Short {
    captures: BTreeMap<String, Json>,
    /// Number of records that show it.
    count: u64,
    /// The first of them.
    at: Option<Evidence>,
    unmet: Vec<Unmet>,
}

pub(super) fn why_not(program: &Program, not_seen: &NotSeen) -> WhyNot {
    let symptom = program.symptom(not_seen.symptom);
    WhyNot {
        symptom: symptom.name.clone(),
        sources: not_seen.sources.iter().map(looked).collect(),
        patterns: not_seen.patterns.iter().map(|one| tried(symptom, not_seen, one)).collect(),
        short: not_seen.short.iter().map(|one| short(not_seen, one)).collect(),
        n_short: not_seen.n_short,
        together: not_seen.together.iter().map(|one| together(not_seen, one)).collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of records and microseconds are far below 2^53")]
fn together(not_seen: &NotSeen, missed: &TimedMiss) -> Together {
    let line = |source: u32, line: u64| {
        let source = not_seen.sources.get(source as usize).map(|source| source.name.clone());
        Line { source: source.unwrap_or_default(), line }
    };
    let seconds = |micros: i64| Some(micros as f64 / 1e6);
    let count = |n: u64| Some(n as f64);
    let blank = |missing: &str| Together {
        key: missed.key.iter().map(|(name, value)| (name.clone(), json_value(value))).collect(),
        missing: missing.to_owned(),
        seen: None,
        wanted: None,
        by_s: None,
        by: None,
        at: line(missed.at.0.0, missed.at.1),
    };
    match missed.shortfall {
        Shortfall::Late { seen, wanted, by } => {
            Together { seen: count(seen), wanted: count(wanted), by_s: seconds(by), ..blank("late") }
        }
        Shortfall::TooLong(by) => Together { by_s: seconds(by), ..blank("too_long") },
        Shortfall::Few { seen, wanted } => Together { seen: count(seen), wanted: count(wanted), ..blank("few") },
        Shortfall::Short { lasted, wanted } => {
            Together { seen: seconds(lasted), wanted: seconds(wanted), ..blank("short") }
        }
        Shortfall::Number(millionths) => Together { seen: seconds(millionths), ..blank("number") },
        Shortfall::Reset(place) => Together { by: Some(line(place.source, place.line)), ..blank("reset") },
        Shortfall::Refuted(place) => Together { by: Some(line(place.source, place.line)), ..blank("refuted") },
    }
}

fn looked(source: &matching::SearchedSource) -> Looked {
    let matching::SearchedSource { name, names, programs, records, read } = source.clone();
    Looked { name, names, programs, records, read }
}

fn tried(symptom: &Symptom, not_seen: &NotSeen, tried: &matching::TriedPattern) -> Tried {
    let binding = &symptom.bindings[tried.binding];
    let elsewhere = tried.elsewhere.as_ref();
    Tried {
        binding: binding.name.clone(),
        pattern: match &binding.alternatives[tried.alternative] {
            Matcher::Pattern(pattern) => pattern.written(),
            Matcher::Any => "any".to_owned(),
        },
        matched: tried.matched,
        elsewhere: elsewhere.map_or(0, |(records, _)| *records),
        elsewhere_at: elsewhere.map(|(_, at)| evidence(not_seen, at)),
        unheard: tried.unheard.clone(),
        near: tried.near,
        nearest: tried.nearest.iter().map(|one| nearest(not_seen, one)).collect(),
    }
}

fn nearest(not_seen: &NotSeen, nearest: &matching::NearMiss) -> Nearest {
    let blank = |because: &str| Nearest {
        at: evidence(not_seen, &nearest.at),
        records: nearest.records,
        because: because.to_owned(),
        unmet: Vec::new(),
        fields: nearest.fields.clone(),
        matched: None,
        expected: None,
        stands: None,
        missing: Vec::new(),
    };
    let miss = match &nearest.because {
        Obstacle::Where(unmet) => return Nearest { unmet: unmet.iter().map(self::unmet).collect(), ..blank("where") },
        Obstacle::Header(header) => return Nearest { stands: Some(header.clone()), ..blank("header") },
        Obstacle::Pattern(miss) => miss,
    };
    match &miss.kind {
        MissKind::Case { stands } => Nearest { stands: Some(stands.clone()), ..blank("case") },
        MissKind::Edge { within, .. } => Nearest { stands: Some(within.clone()), ..blank("edge") },
        MissKind::Words { missing } => Nearest { missing: missing.clone(), ..blank("words") },
        MissKind::Literal { held } => Nearest { stands: Some(held.clone()), ..blank("literal") },
        MissKind::Stopped { matched, next, instead } => Nearest {
            matched: Some(matched.clone()),
            expected: Some(match next {
                Next::Text(text) | Next::TextBehind(text) | Next::Hole(_, text) => text.clone(),
            }),
            stands: Some(instead.clone()),
            ..blank("stopped")
        },
    }
}

fn short(not_seen: &NotSeen, short: &matching::ShortFinding) -> Short {
    Short {
        captures: short.captures.iter().map(|(name, value)| (name.clone(), json_value(value))).collect(),
        count: short.count,
        at: short.at.as_ref().map(|at| evidence(not_seen, at)),
        unmet: short.unmet.iter().map(unmet).collect(),
    }
}

fn unmet(unmet: &matching::Unmet) -> Unmet {
    Unmet {
        condition: unmet.condition.to_string(),
        left: unmet.left.as_ref().map(json_value),
        right: unmet.right.as_ref().map(json_value),
    }
}

fn evidence(not_seen: &NotSeen, at: &matching::Evidence) -> Evidence {
    let source = not_seen.sources[at.source.0 as usize].name.clone();
    Evidence { source, line: at.line, text: at.text.clone() }
}
