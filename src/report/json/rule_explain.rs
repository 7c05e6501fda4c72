//! `casebook rule explain --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::book::{BookMeta, BookSymptom, book_meta, book_symptom};
use crate::matching::{MAX_EVENTS, MAX_FINDINGS, MAX_KEYS};
use crate::report::rule_explain::{ExplainView, ExplainedItem, required_literals, type_word};
use crate::rule::{Matcher, Meta, Program, SymptomId, condition_words, time_sentences};

/// `casebook rule explain --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleExplain {
    name: String,
    /// `symptom`, `cause` or `resolution`.
    kind: &'static str,
    title: String,
    pack: String,
    /// The file; null if it is not known.
    path: Option<String>,
    /// The line in the file, from 1.
    line: Option<usize>,
    /// For a cause: P(cause) before any evidence, 0–1.
    prior: Option<f64>,
    /// For a cause, what it shows; for a resolution, what it resolves: each with its chance, 0–1.
    relations: Vec<ExplainedRelation>,
    meta: Vec<BookMeta>,
    /// The symptom, or those of the cause.
    symptoms: Vec<ExplainedSymptom>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ExplainedRelation {
    /// `shows`, `against`, `leads_to` or `resolves`.
    relation: &'static str,
    /// The name of the other item.
    item: String,
    /// The chance, 0–1; for `against`, the factor of the odds.
    chance: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ExplainedSymptom {
    #[serde(flatten)]
    symptom: BookSymptom,
    /// The chance, 0–1, to see it without its causes.
    leak: f64,
    /// What findings are told apart by.
    keys: Vec<String>,
    /// The patterns, in the order of `matches`.
    patterns: Vec<ExplainedPattern>,
    /// Each condition of `matches` and the condition on the whole, in words.
    conditions: Vec<String>,
    /// What the conditions on time mean, one sentence each.
    time: Vec<String>,
    state: ExplainedState,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ExplainedPattern {
    /// The name of the `match`.
    name: String,
    pattern: String,
    /// A record contains one text of each list.
    required: Vec<Vec<String>>,
    captures: Vec<ExplainedCapture>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ExplainedCapture {
    name: String,
    /// `text`, `int`, `ip` and so on.
    kind: &'static str,
}

/// What is kept while a log is read.
#[derive(Debug, Serialize, JsonSchema)]
struct ExplainedState {
    /// How long records are kept, in seconds; null if each record shows the symptom by itself.
    horizon_s: Option<f64>,
    /// The most records that are kept; null if none is.
    most_records: Option<usize>,
    /// The most keys.
    most_keys: usize,
}

/// Returns what an item means.
pub fn rule_explain(view: &ExplainView) -> RuleExplain {
    let program = view.program;
    let relation = |relation, item: &str, chance| ExplainedRelation { relation, item: item.to_owned(), chance };
    let blank = |kind, name: &str, title: String, meta: &Meta| RuleExplain {
        name: name.to_owned(),
        kind,
        title,
        pack: view.pack.clone(),
        path: view.place.as_ref().map(|(path, _)| path.clone()),
        line: view.place.as_ref().map(|(_, line)| *line),
        prior: None,
        relations: Vec::new(),
        meta: book_meta(meta),
        symptoms: Vec::new(),
    };
    match view.item {
        ExplainedItem::Symptom(id) => {
            let symptom = program.symptom(id);
            let symptoms = vec![explained(program, id)];
            RuleExplain { symptoms, ..blank("symptom", &symptom.name, symptom.title.to_string(), &symptom.meta) }
        }
        ExplainedItem::Cause(id) => {
            let cause = program.cause(id);
            let of = |word, (id, chance): &(SymptomId, f64)| relation(word, &program.symptom(*id).name, *chance);
            let mut relations: Vec<ExplainedRelation> = cause.shows.iter().map(|shown| of("shows", shown)).collect();
            relations.extend(cause.against.iter().map(|shown| of("against", shown)));
            relations.extend(
                cause.leads_to.iter().map(|(to, chance)| relation("leads_to", &program.cause(*to).name, *chance)),
            );
            let symptoms = cause.shows.iter().chain(&cause.against).map(|(id, _)| explained(program, *id)).collect();
            let prior = Some(cause.prior);
            RuleExplain {
                prior,
                relations,
                symptoms,
                ..blank("cause", &cause.name, cause.title.to_string(), &cause.meta)
            }
        }
        ExplainedItem::Resolution(id) => {
            let one = program.resolution(id);
            let resolved =
                one.resolves.iter().map(|(cause, chance)| relation("resolves", &program.cause(*cause).name, *chance));
            let relations = resolved.collect();
            RuleExplain { relations, ..blank("resolution", &one.name, one.title.to_string(), &one.meta) }
        }
    }
}

fn explained(program: &Program, id: SymptomId) -> ExplainedSymptom {
    let symptom = program.symptom(id);
    let patterns = symptom.bindings.iter().flat_map(|binding| {
        let patterns = binding.alternatives.iter().filter_map(|matcher| match matcher {
            Matcher::Pattern(pattern) => Some(pattern),
            Matcher::Any => None,
        });
        patterns.map(|pattern| {
            let captures = pattern
                .holes()
                .iter()
                .filter_map(|hole| Some(ExplainedCapture { name: hole.name.clone()?, kind: type_word(hole.kind) }));
            ExplainedPattern {
                name: binding.name.clone(),
                pattern: pattern.written(),
                required: required_literals(pattern),
                captures: captures.collect(),
            }
        })
    });
    let filters = symptom.bindings.iter().filter_map(|binding| binding.filter.as_ref()).chain(&symptom.filter);
    let horizon = symptom.time.as_ref().map(|timing| timing.when.horizon().unwrap_or(0) as f64 / 1e6);
    ExplainedSymptom {
        symptom: book_symptom(program, symptom),
        leak: symptom.leak,
        keys: symptom.keys.iter().map(|key| key.name.clone()).collect(),
        patterns: patterns.collect(),
        conditions: filters.map(condition_words).collect(),
        time: time_sentences(symptom),
        state: ExplainedState {
            horizon_s: horizon,
            most_records: horizon.map(|_| MAX_EVENTS),
            most_keys: if horizon.is_some() { MAX_KEYS } else { MAX_FINDINGS },
        },
    }
}
