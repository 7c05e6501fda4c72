//! The `why` of `casebook diagnose --why CAUSE --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnose::state;
use crate::infer::{Because as InferBecause, ExplainedSymptom as InferShown, Explanation, Rival as InferRival};
use crate::rule::Program;

/// The calculation of the probability of one cause.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Why {
    cause: String,
    /// P(cause) before any evidence, 0–1.
    prior: f64,
    /// Whether it is left out because of its product or version; then the rest has no meaning.
    out_of_range: bool,
    /// The symptoms it shows, in the order of the rule.
    shows: Vec<Shown>,
    /// Evidence by way of other causes, strongest first.
    indirect: Vec<Indirect>,
    /// Symptoms that were seen and are evidence against it.
    against: Vec<Against>,
    /// Resolutions that were tried and did not help.
    tried: Vec<Tried>,
    /// The causes that lead to it, most probable first.
    led_to_by: Vec<Rival>,
    /// The causes that it leads to, most probable first.
    leads_to: Vec<Rival>,
    /// Posterior, 0–1; the prior if there is no evidence.
    probability: f64,
    /// P(it is present and no other cause led to it), 0–1.
    by_itself: f64,
    /// P(none of the competing causes | evidence), 0–1; null if there is no evidence.
    none_of_these: Option<f64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Shown {
    symptom: String,
    /// `present`, `absent` or `unknown`.
    state: String,
    /// Chance that the cause alone shows it, 0–1.
    chance: f64,
    /// Chance to see it without any cause, 0–1.
    leak: f64,
    /// Weight of evidence; null if the state is unknown or the probabilities are estimates.
    decibans: Option<f64>,
    /// The other causes that show it, most probable first.
    rivals: Vec<Rival>,
    /// The symptom to which all of it belongs, so that only that one is evidence; null if there is none.
    part_of: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Indirect {
    symptom: String,
    /// `present` or `absent`.
    state: String,
    /// Weight of evidence; null if the probabilities are estimates.
    decibans: Option<f64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Rival {
    cause: String,
    /// Posterior, 0–1.
    probability: f64,
    /// Chance that it shows the symptom, or that one cause leads to the other, 0–1.
    chance: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Against {
    symptom: String,
    /// Factor of the prior odds.
    ratio: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Tried {
    resolution: String,
    /// P(it does not help | cause), 0–1.
    fails: f64,
}

pub(super) fn why(program: &Program, explanation: &Explanation) -> Why {
    let rival = |rival: &InferRival| Rival {
        cause: program.cause(rival.cause).name.clone(),
        probability: rival.probability,
        chance: rival.chance,
    };
    let shown = |shown: &InferShown| Shown {
        symptom: program.symptom(shown.symptom).name.clone(),
        state: state(shown.state),
        chance: shown.chance,
        leak: shown.leak,
        decibans: shown.decibans,
        rivals: shown.rivals.iter().map(rival).collect(),
        part_of: shown.part_of.map(|whole| program.symptom(whole).name.clone()),
    };
    let indirect = |because: &InferBecause| Indirect {
        symptom: program.symptom(because.symptom).name.clone(),
        state: state(because.state),
        decibans: because.decibans,
    };
    let against = |&(symptom, ratio)| Against { symptom: program.symptom(symptom).name.clone(), ratio };
    let tried = |&(resolution, fails)| Tried { resolution: program.resolution(resolution).name.clone(), fails };
    Why {
        cause: program.cause(explanation.cause).name.clone(),
        prior: explanation.prior,
        out_of_range: explanation.out_of_range,
        shows: explanation.shows.iter().map(shown).collect(),
        indirect: explanation.indirect.iter().map(indirect).collect(),
        against: explanation.against.iter().map(against).collect(),
        tried: explanation.tried.iter().map(tried).collect(),
        led_to_by: explanation.led_to_by.iter().map(rival).collect(),
        leads_to: explanation.leads_to.iter().map(rival).collect(),
        probability: explanation.probability,
        by_itself: explanation.by_itself,
        none_of_these: explanation.none_of_these,
    }
}
