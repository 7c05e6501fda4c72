//! Decides which symptom or version to find out next, by the expected value of information (Howard 1966).

use std::collections::BTreeMap;
use std::time::Duration;

use crate::matching::{Finding, SourceSummary};
use crate::rule::{CauseId, Program, ResolutionId, SymptomId};

use super::component::Component;
use super::model::{CheckMeans, Diagnosis, NextCheck, SymptomState, VersionCheck};
use super::observe;
use super::posterior::{Posterior, posterior, width};
use super::resolution::{Repair, expected_cost, plan, repairs};
use super::weights::{CERTAINTY_MARGIN, EXACT_POSITIVES, MAX_CHECKS, VERSION_COST, VERSION_FITS};

/// Weighs the checks of one component. A check saves the expected cost of repair now, minus the expected cost once its
/// result is known.
pub(crate) struct Weighing<'a> {
    program: &'a Program,
    component: &'a Component,
    states: &'a [SymptomState],
    repairs: Vec<Repair>,
    now: &'a Posterior,
    /// Expected cost of repair without any check, in seconds.
    cost_now: f64,
}

impl<'a> Weighing<'a> {
    /// `now` is the posterior of `component` under `states`.
    pub(crate) fn new(
        program: &'a Program,
        component: &'a Component,
        states: &'a [SymptomState],
        now: &'a Posterior,
        tried: &[ResolutionId],
    ) -> Self {
        let causes: Vec<CauseId> = component.causes.iter().map(|node| node.cause).collect();
        let repairs = repairs(program, &causes, tried);
        let mut weighing = Weighing { program, component, states, repairs, now, cost_now: 0.0 };
        weighing.cost_now = weighing.cost_of(now);
        weighing
    }

    /// Whether every posterior is exact even with one more positive finding. Otherwise weighing would take too long,
    /// and the sampling error would exceed the differences in cost.
    pub(crate) fn is_affordable(&self) -> bool {
        width(self.component, self.states) < EXACT_POSITIVES
    }

    /// Returns the checks of symptoms that save more than they cost, in no particular order.
    pub(crate) fn worthwhile(&self, sources: &[SourceSummary], findings: &[Finding]) -> Vec<NextCheck> {
        let checks = self.candidates(sources).into_iter();
        checks.filter_map(|(symptom, means)| self.weigh(symptom, means, findings)).collect()
    }

    /// Returns the unknown symptoms that can be checked, at most [`MAX_CHECKS`], ordered by Σ P(cause) · P(cause shows
    /// it), highest first.
    fn candidates(&self, sources: &[SourceSummary]) -> Vec<(SymptomId, CheckMeans)> {
        let unknown =
            self.component.symptoms.iter().filter(|o| self.states[o.symptom.0 as usize] == SymptomState::Unknown);
        let mut candidates: Vec<_> = unknown
            .filter_map(|observable| {
                let means = means_of(self.program, observable.symptom, sources)?;
                let shown =
                    observable.shown_by.iter().map(|&(cause, chance)| self.now.causes[cause].probability * chance);
                Some((shown.sum::<f64>(), observable.symptom, means))
            })
            .collect();
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
        candidates.into_iter().take(MAX_CHECKS).map(|(_, symptom, means)| (symptom, means)).collect()
    }

    fn weigh(&self, symptom: SymptomId, means: CheckMeans, findings: &[Finding]) -> Option<NextCheck> {
        let rule = &self.program.symptoms[symptom.0 as usize];
        let value = worthwhile(self.cost_now - self.cost_after(symptom) - rule.cost.as_secs_f64())?;
        let captures = observe::captures(findings, rule.of.into_iter().chain(self.positive_symptoms()));
        Some(NextCheck { symptom, means, captures, value })
    }

    fn positive_symptoms(&self) -> impl Iterator<Item = SymptomId> {
        let symptoms = self.component.symptoms.iter().map(|observable| observable.symptom);
        symptoms.filter(|symptom| self.states[symptom.0 as usize] == SymptomState::Present)
    }

    /// Returns the expected cost of repair once `symptom` is known, in seconds: the mean over both outcomes, weighted
    /// by their probabilities.
    pub(crate) fn cost_after(&self, symptom: SymptomId) -> f64 {
        let [yes, no] = [SymptomState::Present, SymptomState::Absent].map(|state| {
            let mut states = self.states.to_vec();
            states[symptom.0 as usize] = state;
            posterior(self.component, &states)
        });
        // With `against`, the two likelihoods need not add up to 1, so P(yes) is a share of their sum.
        let chance_of_yes = 1.0 / (1.0 + (no.ln_evidence - yes.ln_evidence).exp());
        chance_of_yes * self.cost_of(&yes) + (1.0 - chance_of_yes) * self.cost_of(&no)
    }

    fn cost_of(&self, posterior: &Posterior) -> f64 {
        let probabilities: Vec<f64> = posterior.causes.iter().map(|belief| belief.by_itself).collect();
        expected_cost(&plan(&self.repairs, &probabilities), &probabilities)
    }

    /// Returns the products whose version is worth the time to look it up: it may show that some causes cannot be
    /// present, which changes the plan. `undecided` has the causes that depend on unknown versions, each with the
    /// products that it names.
    pub(crate) fn version_checks(&self, undecided: &[(CauseId, Vec<String>)]) -> Vec<VersionCheck> {
        let mut by_product: BTreeMap<&str, Vec<CauseId>> = BTreeMap::new();
        for node in &self.component.causes {
            for product in undecided.iter().filter(|(cause, _)| *cause == node.cause).flat_map(|(_, products)| products)
            {
                by_product.entry(product).or_default().push(node.cause);
            }
        }
        let checks = by_product.into_iter().filter_map(|(product, causes)| {
            let saved = self.value_of_knowing_whether(&causes) - VERSION_COST.as_secs_f64();
            Some(VersionCheck { product: product.to_owned(), value: worthwhile(saved)?, causes })
        });
        checks.collect()
    }

    /// Returns the seconds saved by knowing whether `causes` can be present at all, compared with one plan for both
    /// possibilities.
    fn value_of_knowing_whether(&self, causes: &[CauseId]) -> f64 {
        let mut without = self.component.clone();
        let left_out = |at: usize| causes.contains(&self.component.causes[at].cause);
        for (at, node) in without.causes.iter_mut().enumerate() {
            node.prior = if left_out(at) { CERTAINTY_MARGIN } else { node.prior };
            node.leads_to.retain(|&(to, _)| !left_out(to));
        }
        let [fits, does_not] = [self.component, &without].map(|component| posterior(component, self.states));
        let odds_against = (1.0 - VERSION_FITS) / VERSION_FITS * (does_not.ln_evidence - fits.ln_evidence).exp();
        let chance = 1.0 / (1.0 + odds_against);
        let mixed: Vec<f64> = (fits.causes.iter().zip(&does_not.causes))
            .map(|(fits, does_not)| chance * fits.by_itself + (1.0 - chance) * does_not.by_itself)
            .collect();
        let unasked = expected_cost(&plan(&self.repairs, &mixed), &mixed);
        unasked - chance * self.cost_of(&fits) - (1.0 - chance) * self.cost_of(&does_not)
    }
}

fn worthwhile(seconds: f64) -> Option<Duration> {
    (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// A check of either kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AnyCheck<'a> {
    /// Whether a symptom is present.
    Symptom(&'a NextCheck),
    /// Which version of a product runs.
    Version(&'a VersionCheck),
}

/// Returns the checks of both kinds, ordered by value per cost, highest first. Equal ones stay in the order of the
/// diagnosis, symptoms before versions.
pub fn checks_by_value<'a>(program: &Program, diagnosis: &'a Diagnosis) -> Vec<AnyCheck<'a>> {
    let symptoms = diagnosis.next_checks.iter().map(AnyCheck::Symptom);
    let mut checks: Vec<AnyCheck<'a>> =
        symptoms.chain(diagnosis.version_checks.iter().map(AnyCheck::Version)).collect();
    let per_cost = |check: &AnyCheck<'a>| {
        let (value, cost) = match check {
            AnyCheck::Symptom(check) => (check.value, program.symptom(check.symptom).cost),
            AnyCheck::Version(check) => (check.value, VERSION_COST),
        };
        value.as_secs_f64() / cost.as_secs_f64().max(1.0)
    };
    checks.sort_by(|a, b| per_cost(b).total_cmp(&per_cost(a)));
    checks
}

/// Returns how `symptom` can be checked; `None` if it cannot.
fn means_of(program: &Program, symptom: SymptomId, sources: &[SourceSummary]) -> Option<CheckMeans> {
    let rule = &program.symptoms[symptom.0 as usize];
    if rule.ask.is_some() {
        Some(CheckMeans::Ask)
    } else if rule.probe.is_some() {
        Some(CheckMeans::Probe)
    } else if !rule.on.is_empty() && sources.iter().all(|source| source.not_looked_for.contains(&symptom)) {
        Some(CheckMeans::Source)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::infer::component::live_components;
    use crate::infer::testing::Book;
    use crate::rule::program::Risk;

    /// Returns the expected cost of repair before and after `symptom` is known, in seconds.
    fn costs(book: &Book, states: &[SymptomState], symptom: SymptomId) -> (f64, f64) {
        let components = live_components(&book.program, states, &Default::default(), &BTreeSet::new(), &[]);
        let now = posterior(&components[0], states);
        let weighing = Weighing::new(&book.program, &components[0], states, &now, &[]);
        (weighing.cost_now, weighing.cost_after(symptom))
    }

    #[test]
    fn the_value_of_a_question_is_the_time_it_saves() {
        let mut book = Book::default();
        let seen = book.symptom("seen", 0.5);
        let asked = book.question("asked", 0.05, 1);
        let cause = book.cause("cause", 0.5, &[(seen, 0.5), (asked, 0.98)]);
        book.resolution("fix", &[(cause, 0.9)], 60, Risk::Low);
        let (now, after) = costs(&book, &[SymptomState::Present, SymptomState::Unknown], asked);
        // P(cause) is .5·.75 / (.5·.75 + .5·.5) = .6; then an hour, and four more unless it helped.
        let with_fix = |p: f64| 3600.0 + 4.0 * 3600.0 * (1.0 - 0.9 * p);
        assert!((now - with_fix(0.6)).abs() < 1e-6, "{now}");
        // "No" makes the cause so unlikely that the fix is not worth its hour.
        let yes = 0.6 * (1.0 - 0.95 * 0.02) + 0.4 * 0.05;
        let expected = yes * with_fix(0.6 * 0.981 / yes) + (1.0 - yes) * 4.0 * 3600.0;
        assert!((after - expected).abs() < 1e-6, "{after} {expected}");
    }

    #[test]
    fn a_question_that_changes_no_plan_has_no_value() {
        let mut book = Book::default();
        let seen = book.symptom("seen", 0.001);
        let asked = book.question("asked", 0.05, 1);
        let cause = book.cause("cause", 0.05, &[(seen, 0.9), (asked, 0.1)]);
        book.resolution("fix", &[(cause, 0.9)], 15, Risk::Low);
        let (now, after) = costs(&book, &[SymptomState::Present, SymptomState::Unknown], asked);
        assert!((now - after).abs() < 1e-6, "{now} {after}");
    }

    #[test]
    fn symptoms_are_checked_by_asking_or_by_a_missing_source() {
        let mut book = Book::default();
        let asked = book.question("asked", 0.05, 1);
        let read = book.symptom("read", 0.001);
        let elsewhere = book.symptom("elsewhere", 0.001);
        book.program.symptoms[elsewhere.0 as usize].on = vec!["metrics".into()];
        let source = |not_looked_for: Vec<SymptomId>| SourceSummary {
            name: "x".into(),
            format: "plain".to_owned(),
            records: 1,
            left_out: 0,
            bytes: 1,
            first: None,
            last: None,
            not_looked_for,
            cut: 0,
        };
        let means = |symptom, sources: &[SourceSummary]| means_of(&book.program, symptom, sources);
        assert_eq!(means(asked, &[]), Some(CheckMeans::Ask));
        assert_eq!(means(read, &[source(vec![])]), None);
        assert_eq!(means(elsewhere, &[source(vec![elsewhere])]), Some(CheckMeans::Source));
        assert_eq!(means(elsewhere, &[source(vec![elsewhere]), source(vec![])]), None);
    }

    #[test]
    fn checks_of_both_kinds_are_ordered_by_value_per_cost() {
        let mut book = Book::default();
        let [cheap, dear] = [book.question("cheap", 0.05, 1), book.question("dear", 0.05, 100)];
        let seconds = Duration::from_secs;
        let check = |symptom, value| NextCheck { symptom, means: CheckMeans::Ask, captures: Default::default(), value };
        let version = |value| VersionCheck { product: "p".into(), causes: Vec::new(), value };
        let nothing = |_: &str| None;
        let scan = crate::matching::Scan::default();
        let mut diagnosis = crate::infer::diagnose(
            &book.program,
            scan,
            &Default::default(),
            &crate::infer::Searched::default(),
            &nothing,
        );
        diagnosis.next_checks = vec![check(cheap, seconds(60)), check(dear, seconds(3000))];
        diagnosis.version_checks = vec![version(seconds(90)), version(seconds(45))];
        let next: Vec<AnyCheck> = diagnosis.next_checks.iter().map(AnyCheck::Symptom).collect();
        let versions: Vec<AnyCheck> = diagnosis.version_checks.iter().map(AnyCheck::Version).collect();
        // All cost a minute, except the last, which costs 100. So they save 1.5, 1, .75 and .5 s per second of cost.
        let expected = [versions[0], next[0], versions[1], next[1]];
        assert_eq!(checks_by_value(&book.program, &diagnosis), expected);
    }

    proptest! {
        /// Free information never raises the expected cost if the plan is optimal. It is if each cause has its own
        /// resolution and no cause has `against`.
        #[test]
        fn knowing_never_makes_the_plan_dearer(
            priors in (0.001..0.9, 0.001..0.9),
            chances in prop::collection::vec(0.01..=1.0, 4),
            leaks in (0.001..0.5, 0.001..0.5),
            minutes in (1u64..200, 1u64..200),
        ) {
            let mut book = Book::default();
            let seen = book.symptom("seen", leaks.0);
            let asked = book.question("asked", leaks.1, 1);
            let one = book.cause("one", priors.0, &[(seen, chances[0]), (asked, chances[1])]);
            let other = book.cause("other", priors.1, &[(seen, chances[2]), (asked, chances[3])]);
            // With chances of .5, the probabilities that each resolution helps add up to at most 100 %.
            book.resolution("fix_one", &[(one, 0.5)], minutes.0, Risk::Low);
            book.resolution("fix_other", &[(other, 0.5)], minutes.1, Risk::Low);
            let (now, after) = costs(&book, &[SymptomState::Present, SymptomState::Unknown], asked);
            prop_assert!(after <= now + 1e-6, "{after} {now}");
        }
    }
}
