//! Computes the posterior of each component of the program from all that is known, and from it causes, resolutions and
//! checks.

use std::collections::{BTreeMap, BTreeSet};

use crate::matching::{Captures, Finding, Scan, SourceSummary};
use crate::product::Release;
use crate::rule::{CauseId, Program, ResolutionId};

use super::applies::{Applicability, applicability};
use super::checks::Weighing;
use super::component::{Component, live_components};
use super::consequence;
use super::lead::{fault_first, named_first};
use super::model::{
    Because, Facts, NextCheck, Note, Proposed, RankedCause, RankedResolution, SymptomState, Titles, VersionCheck,
};
use super::observe::{captures, mark_absent, observe, present, shown_by, span};
use super::past::over_since;
use super::posterior::{Posterior, posterior};
use super::resolution::{led, plan, repairs, value_of};
use super::score::because;
use super::weights::{OVER_COUNTS, PLAUSIBLE};
use super::whole::parts;

/// All that is known, with the posterior of each component.
pub(crate) struct Inference {
    /// Symptoms seen and answered, ordered by symptom.
    pub(crate) findings: Vec<Finding>,
    /// Causes that cannot apply.
    pub(crate) out_of_range: BTreeSet<CauseId>,
    /// Causes that apply only to some versions of products whose version was not given, each with these products.
    undecided: Vec<(CauseId, Vec<String>)>,
    /// The sources that were read.
    sources: Vec<SourceSummary>,
    /// Every component with a positive finding.
    pub(crate) components: Vec<SolvedComponent>,
}

/// A component with the states of its symptoms and the posterior of its causes.
pub(crate) struct SolvedComponent {
    pub(crate) component: Component,
    /// The state of each symptom of the program, by symptom id.
    pub(crate) states: Vec<SymptomState>,
    pub(crate) posterior: Posterior,
}

/// All checks worth their cost, and notes on the components where none could be weighed.
#[derive(Default)]
pub(crate) struct Checks {
    pub(crate) symptoms: Vec<NextCheck>,
    pub(crate) versions: Vec<VersionCheck>,
    pub(crate) notes: Vec<Note>,
}

impl Inference {
    /// Computes the posterior of every component with a positive finding.
    pub(crate) fn new(program: &Program, scan: &Scan, facts: &Facts) -> Inference {
        let (findings, states) = observe(program, scan.findings.clone(), &facts.answers);
        let (out_of_range, undecided) = applicable_causes(program, &facts.products);
        let parts = parts(program, &findings, &states, &out_of_range);
        let components = live_components(program, &states, &parts, &out_of_range, &facts.tried)
            .into_iter()
            .map(|component| {
                let mut states = states.clone();
                mark_absent(&component, scan, &findings, &mut states);
                let posterior = posterior(&component, &states);
                SolvedComponent { component, states, posterior }
            })
            .collect();
        Inference { findings, out_of_range, undecided, sources: scan.sources.clone(), components }
    }

    /// The causes of all components, most probable first, ties by name; a known cause before those that follow from it.
    /// A plausible cause that is over counts half as probable in this order, unless a plausible one follows from it.
    pub(crate) fn ranked_causes(&self, program: &Program, titles: &Titles<'_>) -> Vec<RankedCause> {
        let mut causes: Vec<RankedCause> = Vec::new();
        for SolvedComponent { component, states, posterior } in &self.components {
            let reasons = because(program, component, states, posterior);
            for ((node, belief), because) in component.causes.iter().zip(&posterior.causes).zip(reasons) {
                let captures = self.captures_for(program, node.cause, &because);
                let articles = canonical(&program.cause(node.cause).kb, titles);
                causes.push(RankedCause {
                    cause: node.cause,
                    probability: belief.probability,
                    by_itself: belief.by_itself,
                    follows: Vec::new(),
                    captures,
                    articles,
                    because,
                });
            }
        }
        let name = |ranked: &RankedCause| &program.causes[ranked.cause.0 as usize].name;
        let rounded = |ranked: &RankedCause| billionths(ranked.probability);
        causes.sort_by(|a, b| rounded(b).total_cmp(&rounded(a)).then_with(|| name(a).cmp(name(b))));
        consequence::set_follows(program, &mut causes, |ranked| {
            span(&shown_by(program, &self.findings, ranked.cause, &ranked.because).collect::<Vec<_>>())
        });
        self.present_first(program, &mut causes);
        consequence::roots_first(causes)
    }

    /// Moves plausible causes that go on before those that are over and at most twice as probable. The order of others
    /// stays.
    fn present_first(&self, program: &Program, causes: &mut [RankedCause]) {
        let n_plausible = causes.iter().take_while(|ranked| ranked.probability >= PLAUSIBLE).count();
        let plausible = &mut causes[..n_plausible];
        let roots: BTreeSet<CauseId> = plausible.iter().flat_map(|ranked| ranked.follows.iter().copied()).collect();
        let place = (self.findings.as_slice(), self.sources.as_slice());
        let is_over = |ranked: &RankedCause| {
            let is_over = over_since(program, place, ranked.cause, &ranked.because).is_some();
            is_over && !roots.contains(&ranked.cause)
        };
        // A cause of which nothing was seen goes on no more than its consequences.
        let is_shown = |ranked: &RankedCause| present(program, ranked.cause, &ranked.because).next().is_some();
        let goes_on = |ranked: &RankedCause| is_shown(ranked) && !is_over(ranked);
        let weight = |ranked: &RankedCause| if goes_on(ranked) { 1.0 } else { OVER_COUNTS };
        let counted = |ranked: &RankedCause| billionths(ranked.probability * weight(ranked));
        // A stable sort: equal ones keep their order.
        plausible.sort_by(|a, b| counted(b).total_cmp(&counted(a)));
        let n_present = plausible.iter().take_while(|ranked| goes_on(ranked)).count();
        fault_first(program, &mut plausible[..n_present]);
        named_first(program, &self.findings, &self.sources, &mut plausible[..n_present]);
    }

    /// The captures of the symptoms that the cause shows and that were seen, strongest evidence first.
    fn captures_for(&self, program: &Program, cause: CauseId, because: &[Because]) -> Captures {
        captures(&self.findings, present(program, cause, because))
    }

    /// The resolutions of `causes` that were not tried yet, in the order to try them.
    pub(crate) fn ranked_resolutions(
        &self,
        program: &Program,
        causes: &[RankedCause],
        tried: &[ResolutionId],
        titles: &Titles<'_>,
    ) -> Vec<RankedResolution> {
        let ids: Vec<CauseId> = causes.iter().map(|ranked| ranked.cause).collect();
        let probabilities: Vec<f64> = causes.iter().map(|ranked| ranked.by_itself).collect();
        let led_to: Vec<f64> = causes.iter().map(|ranked| ranked.probability - ranked.by_itself).collect();
        let repairs = repairs(program, &ids, tried);
        let ranked = plan(&repairs, &probabilities).into_iter().map(|repair| {
            let mut resolved: Vec<usize> = repair.resolves.iter().map(|&(cause, _)| cause).collect();
            resolved.sort_unstable();
            let mut captures = Captures::new();
            for (name, value) in resolved.iter().flat_map(|&cause| &causes[cause].captures) {
                captures.entry(name.clone()).or_insert_with(|| value.clone());
            }
            RankedResolution {
                resolution: Proposed::Rule(repair.resolution),
                p_resolves: repair.p_resolves(&probabilities),
                follow_up: repair.p_resolves(&led_to),
                captures,
                articles: canonical(&program.resolution(repair.resolution).kb, titles),
            }
        });
        let ranked = led(ranked.collect(), |ranked| value_of(program, ranked));
        consequence::after_roots(program, causes, ranked)
    }

    /// Returns P(no cause is present | evidence) in the component of `cause`; 1 if it is in none.
    pub(crate) fn none_of_these(&self, cause: CauseId) -> f64 {
        let holds = |solved: &&SolvedComponent| solved.component.causes.iter().any(|node| node.cause == cause);
        self.components.iter().find(holds).map_or(1.0, |solved| solved.posterior.none)
    }

    /// The checks worth their cost, in all components, by value per cost.
    pub(crate) fn checks(&self, program: &Program, sources: &[SourceSummary], tried: &[ResolutionId]) -> Checks {
        let mut checks = Checks::default();
        for SolvedComponent { component, states, posterior } in &self.components {
            let weighing = Weighing::new(program, component, states, posterior, tried);
            if weighing.is_affordable() {
                checks.symptoms.extend(weighing.worthwhile(sources, &self.findings));
                checks.versions.extend(weighing.version_checks(&self.undecided));
            } else {
                checks.notes.push(Note::ChecksNotWeighed { causes: ids(component) });
            }
        }
        let symptom = |check: &NextCheck| &program.symptoms[check.symptom.0 as usize];
        let per_cost = |check: &NextCheck| check.value.as_secs_f64() / symptom(check).cost.as_secs_f64().max(1.0);
        checks
            .symptoms
            .sort_by(|a, b| per_cost(b).total_cmp(&per_cost(a)).then_with(|| symptom(a).name.cmp(&symptom(b).name)));
        checks.versions.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.product.cmp(&b.product)));
        checks
    }

    /// One note for each component whose numbers are estimates.
    pub(crate) fn sampling_notes(&self) -> impl Iterator<Item = Note> {
        self.components.iter().filter_map(|solved| {
            let margin = solved.posterior.margin?;
            Some(Note::Sampled { causes: ids(&solved.component), margin })
        })
    }
}

/// Returns the canonical ids of the articles called `names`, each once. A name that the KB does not contain is not
/// changed.
fn canonical(names: &[String], titles: &Titles<'_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let id = titles(name).map_or_else(|| name.clone(), |(id, _)| id);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn ids(component: &Component) -> Vec<CauseId> {
    component.causes.iter().map(|node| node.cause).collect()
}

/// Returns the causes that are out of range, and those for which this is not known, each with the products that it
/// names. If causes call a product by different names, the name in the first cause is used.
fn applicable_causes(program: &Program, products: &[Release]) -> (BTreeSet<CauseId>, Vec<(CauseId, Vec<String>)>) {
    let mut out_of_range = BTreeSet::new();
    let mut undecided = Vec::new();
    let mut written: BTreeMap<&str, &str> = BTreeMap::new();
    for &id in &program.digest().limited_causes {
        let cause = program.cause(id);
        match applicability(cause, products) {
            Applicability::Applies => {}
            Applicability::OutOfRange => {
                out_of_range.insert(id);
            }
            Applicability::Unknown => {
                let names = cause.applies.iter();
                let names = names.map(|applies| *written.entry(applies.canonical()).or_insert(&applies.product));
                let mut names: Vec<String> = names.map(str::to_owned).collect();
                names.sort();
                names.dedup();
                undecided.push((id, names));
            }
        }
    }
    (out_of_range, undecided)
}

/// Returns a probability in billionths. Without the digits that depend on the order of a sum, equal ones stay equal.
fn billionths(probability: f64) -> f64 {
    (probability * 1e9).round()
}
