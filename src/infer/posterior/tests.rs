//! Posteriors held against the definition: sums over all sets of causes.

use std::collections::BTreeSet;

use proptest::collection::SizeRange;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::infer::component::live_components;
use crate::infer::testing::Book;
use crate::rule::program::Risk;
use crate::rule::{ResolutionId, SymptomId};

/// A random small program with everything that enters a posterior.
#[derive(Debug, Clone)]
struct Network {
    /// Leak and state of each symptom.
    symptoms: Vec<(f64, SymptomState)>,
    causes: Vec<RandomCause>,
}

#[derive(Debug, Clone)]
struct RandomCause {
    prior: f64,
    shows: Vec<(usize, f64)>,
    against: Vec<(usize, f64)>,
    /// Chance of a tried resolution to mend it.
    tried: Option<f64>,
}

/// Chances that rules may state: ordinary ones, and those so near to 0 and 1 that only full accuracy tells them apart.
fn chance() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.05..=1.0, 1 => prop::sample::select(vec![0.0, 1e-12, 1e-6, 0.999_999, 1.0 - 1e-12, 1.0])]
}

fn cause(symptoms: usize, shows: impl Into<SizeRange>) -> impl Strategy<Value = RandomCause> {
    let prior = prop_oneof![
        4 => prop::sample::select(vec![1e-6, 0.0005, 0.005, 0.05, 0.6]),
        1 => prop::sample::select(vec![0.0, 1e-12, 0.999, 1.0]),
    ];
    let ratio = prop::sample::select(vec![1e-9, 0.02, 0.2, 1.0]);
    let parts = (
        prior,
        prop::collection::btree_map(0..symptoms, chance(), shows),
        prop::collection::btree_map(0..symptoms, ratio, 0..3),
        prop::option::of(0.0..=1.0),
    );
    parts.prop_map(|(prior, shows, against, tried)| RandomCause {
        prior,
        shows: shows.into_iter().collect(),
        against: against.into_iter().collect(),
        tried,
    })
}

fn leak() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![0.0, 1e-6, 0.001, 0.05, 0.5, 1.0])
}

fn state() -> impl Strategy<Value = SymptomState> {
    prop::sample::select(vec![SymptomState::Present, SymptomState::Absent, SymptomState::Unknown])
}

/// A few causes that share few symptoms: mostly several components, each of several blocks.
fn network() -> impl Strategy<Value = Network> {
    prop::collection::vec((leak(), state()), 1..8).prop_flat_map(|symptoms| {
        let causes = prop::collection::vec(cause(symptoms.len(), 0..5), 1..8);
        (Just(symptoms), causes).prop_map(|(symptoms, causes)| Network { symptoms, causes })
    })
}

/// As large as is computed exactly: ten causes, one of which shows all of 14 positive findings and four other symptoms.
fn largest_network() -> impl Strategy<Value = Network> {
    const SYMPTOMS: usize = EXACT_POSITIVES + 4;
    let not_seen = prop::sample::select(vec![SymptomState::Absent, SymptomState::Unknown]);
    let states =
        (prop::collection::vec(Just(SymptomState::Present), EXACT_POSITIVES), prop::collection::vec(not_seen, 4));
    let leaks = prop::collection::vec(leak(), SYMPTOMS);
    let shows_all = (cause(SYMPTOMS, 0), prop::collection::vec(chance(), SYMPTOMS));
    let others = prop::collection::vec(cause(SYMPTOMS, 1..8), 9);
    (leaks, states, shows_all, others).prop_map(|(leaks, states, (first, chances), others)| Network {
        symptoms: leaks.into_iter().zip(states.0.into_iter().chain(states.1)).collect(),
        causes: std::iter::once(RandomCause { shows: chances.into_iter().enumerate().collect(), ..first })
            .chain(others)
            .collect(),
    })
}

impl Network {
    fn components(&self) -> (Vec<Component>, Vec<SymptomState>) {
        let mut book = Book::default();
        for (index, (leak, _)) in self.symptoms.iter().enumerate() {
            book.symptom(&format!("symptom_{index}"), *leak);
        }
        let symptom = |index: usize| SymptomId(index as u32);
        let mut tried: Vec<ResolutionId> = Vec::new();
        for (index, cause) in self.causes.iter().enumerate() {
            let shows: Vec<_> = cause.shows.iter().map(|&(shown, chance)| (symptom(shown), chance)).collect();
            let id = book.cause(&format!("cause_{index}"), cause.prior, &shows);
            cause.against.iter().for_each(|&(index, ratio)| book.against(id, symptom(index), ratio));
            if let Some(chance) = cause.tried {
                tried.push(book.resolution(&format!("resolution_{index}"), &[(id, chance)], 15, Risk::Low));
            }
        }
        let states: Vec<SymptomState> = self.symptoms.iter().map(|(_, state)| *state).collect();
        (live_components(&book.program, &states, &BTreeSet::new(), &tried), states)
    }
}

/// The definition: sums over all subsets of the causes. Marginals, none, evidence.
fn by_enumeration(component: &Component, states: &[SymptomState]) -> (Vec<f64>, f64, f64) {
    let count = component.causes.len();
    let (mut with, mut none, mut all) = (vec![0.0; count], 0.0, 0.0);
    for subset in 0..1u32 << count {
        let there = |cause: usize| subset & (1 << cause) != 0;
        let mut weight = 1.0;
        for (index, node) in component.causes.iter().enumerate() {
            let positive = node.against.iter().filter(|(s, _)| states[s.0 as usize] == SymptomState::Present);
            let ratios: f64 = positive.map(|(_, ratio)| ratio).product();
            weight *= if there(index) { node.prior * ratios * node.not_mended } else { 1.0 - node.prior };
        }
        for observable in &component.symptoms {
            let brought_about = observable.shown_by.iter().filter(|(cause, _)| there(*cause));
            let chances = brought_about.map(|(_, chance)| *chance).chain([observable.leak]);
            let ln_unseen: f64 = chances.map(|chance| (-chance).ln_1p()).sum();
            weight *= match states[observable.symptom.0 as usize] {
                SymptomState::Present => -ln_unseen.exp_m1(),
                SymptomState::Absent => ln_unseen.exp(),
                SymptomState::Unknown => 1.0,
            };
        }
        all += weight;
        none += if subset == 0 { weight } else { 0.0 };
        (0..count).filter(|&cause| there(cause)).for_each(|cause| with[cause] += weight);
    }
    (with.iter().map(|with| with / all).collect(), none / all, all)
}

/// Compares `posterior` of `component` with the definition.
fn agrees(component: &Component, states: &[SymptomState]) -> Result<(), TestCaseError> {
    let fast = posterior(component, states);
    let (marginals, none, evidence) = by_enumeration(component, states);
    for (belief, marginal) in fast.causes.iter().zip(marginals) {
        prop_assert!((belief.probability - marginal).abs() < 1e-9, "{} {marginal}", belief.probability);
    }
    prop_assert!((fast.none - none).abs() < 1e-9, "{} {none}", fast.none);
    prop_assert!((fast.ln_evidence - evidence.ln()).abs() < 1e-9, "{} {}", fast.ln_evidence, evidence.ln());
    prop_assert_eq!(fast.standard_error, None);
    Ok(())
}

/// All of `components` as one, so that a sum over its sets of causes knows nothing of components.
fn joined(components: &[Component]) -> Component {
    let mut joined = Component { causes: Vec::new(), symptoms: Vec::new() };
    for component in components {
        let before = joined.causes.len();
        joined.causes.extend(component.causes.iter().cloned());
        joined.symptoms.extend(component.symptoms.iter().cloned().map(|mut observable| {
            observable.shown_by.iter_mut().for_each(|(cause, _)| *cause += before);
            observable
        }));
    }
    joined
}

proptest! {
    #[test]
    fn blocks_agree_with_enumeration_of_all_subsets(network in network()) {
        let (components, states) = network.components();
        for component in &components {
            agrees(component, &states)?;
        }
    }

    #[test]
    fn components_are_independent_of_one_another(network in network()) {
        let (components, states) = network.components();
        let apart = components.iter().flat_map(|component| posterior(component, &states).causes);
        let (together, ..) = by_enumeration(&joined(&components), &states);
        for (apart, together) in apart.zip(together) {
            prop_assert!((apart.probability - together).abs() < 1e-9, "{} {together}", apart.probability);
        }
    }
}

proptest! {
    // Each of these takes as long as hundreds of the small ones.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_largest_exact_networks_agree_with_enumeration(network in largest_network()) {
        let (components, states) = network.components();
        prop_assert_eq!((components.len(), components[0].causes.len()), (1, 10));
        prop_assert_eq!(largest_block(&components[0], &states), EXACT_POSITIVES);
        agrees(&components[0], &states)?;
    }
}

proptest! {
    // An estimate is off by six of its standard errors once in a great while, so the networks are always the same ones.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn sampling_agrees_with_the_exact_sum_within_its_error(network in network()) {
        let (components, states) = network.components();
        for component in &components {
            for (_, block) in blocks(component, &states, &fold(component, &states).odds) {
                let (exact, estimate) = (exact::solve(&block), sampled::solve(&block));
                let error = estimate.standard_error.expect("sampling knows its error");
                for (exact, estimate) in exact.causes.iter().zip(&estimate.causes) {
                    let difference = (exact.probability - estimate.probability).abs();
                    prop_assert!(difference <= 6.0 * error + 1e-4, "{exact:?} {estimate:?} {error}");
                }
                prop_assert!((exact.ln_evidence - estimate.ln_evidence).abs() < 0.2);
            }
        }
    }
}

/// Quickscore as it is printed, with Neumaier's compensated summation: the evidence alone.
fn quickscore(block: &Block) -> f64 {
    let (mut sum, mut lost) = (0.0, 0.0);
    for subset in 0..1u32 << block.leaks.len() {
        let inside = |finding: usize| subset & (1 << finding) != 0;
        let leaks = block.leaks.iter().enumerate().filter(|(finding, _)| inside(*finding));
        let mut term: f64 = leaks.map(|(_, leak)| 1.0 - leak).product();
        for cause in &block.causes {
            let shown = cause.shows.iter().filter(|(finding, _)| inside(*finding));
            term *= cause.absent + cause.present * shown.map(|(_, chance)| 1.0 - chance).product::<f64>();
        }
        term *= if subset.count_ones() % 2 == 0 { 1.0 } else { -1.0 };
        let next: f64 = sum + term;
        lost += if f64::abs(sum) >= f64::abs(term) { (sum - next) + term } else { (term - next) + sum };
        sum = next;
    }
    sum + lost
}

/// `count` rare causes, each with a finding of its own, joined in a chain by weak links.
fn chain(count: usize) -> Block {
    let cause = |index: usize| {
        let next = (index + 1 < count).then_some((index + 1, 0.1));
        let shows = std::iter::once((index, 0.9)).chain(next).collect();
        BlockCause { present: 0.0005, absent: 0.9995, shows }
    };
    Block { causes: (0..count).map(cause).collect(), leaks: vec![0.001; count] }
}

/// Five uncommon causes that each show most of the same `count` findings, to different degrees.
fn rivals(count: usize) -> Block {
    let shows = |cause: usize| {
        (0..count).filter(move |f| !(f + cause).is_multiple_of(4)).map(move |f| (f, 0.3 + 0.15 * cause as f64))
    };
    let cause = |index: usize| BlockCause { present: 0.005, absent: 0.995, shows: shows(index).collect() };
    Block { causes: (0..5).map(cause).collect(), leaks: vec![0.001; count] }
}

/// Why `exact` does not sum with alternating signs.
#[test]
fn quickscore_loses_its_digits_where_the_positive_sum_keeps_them() {
    let few = chain(2);
    let evidence = exact::solve(&few).ln_evidence.exp();
    assert!((quickscore(&few) / evidence - 1.0).abs() < 1e-6, "{} {evidence}", quickscore(&few));
    let many = chain(EXACT_POSITIVES);
    let evidence = exact::solve(&many).ln_evidence.exp();
    assert!(evidence > 0.0 && evidence < 1e-20, "{evidence}");
    assert!((quickscore(&many) / evidence - 1.0).abs() > 10.0, "{} {evidence}", quickscore(&many));
}

#[test]
fn a_block_past_the_exact_limit_is_sampled_and_close() {
    for (block, most_error) in [(rivals(EXACT_POSITIVES + 2), 0.012), (chain(EXACT_POSITIVES + 2), 0.06)] {
        let (exact, estimate) = (exact::solve(&block), solve(&block));
        let error = estimate.standard_error.expect("it is too large to be exact");
        assert!(error < most_error, "{error}");
        for (exact, estimate) in exact.causes.iter().zip(&estimate.causes) {
            let difference = (exact.probability - estimate.probability).abs();
            assert!(difference < 4.0 * error, "{exact:?} {estimate:?} {error}");
        }
        assert_eq!(solve(&block), estimate);
    }
    assert_eq!(solve(&chain(EXACT_POSITIVES)).standard_error, None);
}

#[test]
fn hundreds_of_findings_neither_underflow_nor_leave_zero_to_one() {
    let estimate = solve(&chain(300));
    assert!(estimate.ln_evidence.is_finite());
    for belief in &estimate.causes {
        assert!((0.0..=1.0).contains(&belief.probability) && belief.ln_odds.is_finite(), "{belief:?}");
    }
}

/// One cause, one finding, by hand: .005·(1 − .999·.1) / (.005·(1 − .999·.1) + .995·.001).
#[test]
fn one_exact_message_makes_an_uncommon_cause_82_percent() {
    let mut book = Book::default();
    let message = book.symptom("message", 0.001);
    book.cause("cause", 0.005, &[(message, 0.9)]);
    let states = [SymptomState::Present];
    let components = live_components(&book.program, &states, &BTreeSet::new(), &[]);
    let result = posterior(&components[0], &states);
    let there: f64 = 0.005 * (1.0 - 0.999 * 0.1);
    let expected = there / (there + 0.995 * 0.001);
    assert!((expected - 0.819).abs() < 5e-4);
    assert!((result.causes[0].probability - expected).abs() < 1e-12);
    assert!((result.none - (1.0 - expected)).abs() < 1e-12);
}
