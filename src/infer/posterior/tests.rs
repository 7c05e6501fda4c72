//! Compares posteriors with their definition: sums over all sets of causes.

use std::collections::BTreeSet;

use proptest::collection::SizeRange;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::infer::component::live_components;
use crate::infer::testing::Book;
use crate::infer::weights::SAMPLES;
use crate::rule::program::Risk;
use crate::rule::{CauseId, ResolutionId};

/// A random small program with everything that a posterior depends on.
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
    /// Chance that a resolution that was tried resolves it; `None` if none was tried.
    tried: Option<f64>,
    /// The causes that it leads to, given by how many places before it each one is, with the chance of each.
    leads_to: Vec<(usize, f64)>,
}

/// Chances that rules may state: usual ones, and some so near to 0 and 1 that only computations with full accuracy
/// distinguish them from 0 and 1.
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
        prop_oneof![1 => Just(Default::default()), 1 => prop::collection::btree_map(1..4usize, chance(), 1..3)],
    );
    parts.prop_map(|(prior, shows, against, tried, leads_to)| RandomCause {
        prior,
        shows: shows.into_iter().collect(),
        against: against.into_iter().collect(),
        tried,
        leads_to: leads_to.into_iter().collect(),
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

/// A network as large as can be computed exactly: ten causes, one of which shows all of 14 positive findings and four
/// other symptoms, and none leads to another.
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
            .map(|cause| RandomCause { leads_to: Vec::new(), ..cause })
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
            for &(back, chance) in cause.leads_to.iter().filter(|(back, _)| *back <= index) {
                book.leads_to(id, CauseId((index - back) as u32), chance);
            }
            if let Some(chance) = cause.tried {
                tried.push(book.resolution(&format!("resolution_{index}"), &[(id, chance)], 15, Risk::Low));
            }
        }
        let states: Vec<SymptomState> = self.symptoms.iter().map(|(_, state)| *state).collect();
        (live_components(&book.program, &states, &BTreeSet::new(), &tried), states)
    }
}

/// A posterior computed by the definition.
struct Defined {
    marginals: Vec<f64>,
    by_itself: Vec<f64>,
    none: f64,
    evidence: f64,
}

/// Computes the posterior by sums over all subsets of the causes.
fn by_enumeration(component: &Component, states: &[SymptomState]) -> Defined {
    let count = component.causes.len();
    let (mut with, mut by_itself, mut none, mut all) = (vec![0.0; count], vec![0.0; count], 0.0, 0.0);
    for subset in 0..1u32 << count {
        let there = |cause: usize| subset & (1 << cause) != 0;
        let mut weight = 1.0;
        let mut own = vec![0.0; count];
        for (index, node) in component.causes.iter().enumerate() {
            let positive = node.against.iter().filter(|(s, _)| states[s.0 as usize] == SymptomState::Present);
            let ratios: f64 = positive.map(|(_, ratio)| ratio).product();
            let led = component.causes.iter().enumerate().filter(|(other, _)| there(*other));
            let led = led.flat_map(|(_, other)| &other.leads_to).filter(|(to, _)| *to == index);
            let ln_not_led: f64 = led.map(|(_, chance)| (-chance).ln_1p()).sum();
            let arose = node.prior * node.not_fixed;
            weight *= match there(index) {
                true => ratios * (arose + (1.0 - node.prior) * -ln_not_led.exp_m1()),
                false => (1.0 - node.prior) * ln_not_led.exp(),
            };
            own[index] = arose / (arose + (1.0 - node.prior) * -ln_not_led.exp_m1());
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
        for cause in (0..count).filter(|&cause| there(cause)) {
            with[cause] += weight;
            by_itself[cause] += weight * own[cause];
        }
    }
    let share = |weights: Vec<f64>| weights.iter().map(|weight| weight / all).collect();
    Defined { marginals: share(with), by_itself: share(by_itself), none: none / all, evidence: all }
}

/// Compares `posterior` of `component` with the definition.
fn agrees(component: &Component, states: &[SymptomState]) -> Result<(), TestCaseError> {
    let fast = posterior(component, states);
    let Defined { marginals, by_itself, none, evidence } = by_enumeration(component, states);
    for ((belief, marginal), by_itself) in fast.causes.iter().zip(marginals).zip(by_itself) {
        prop_assert!((belief.probability - marginal).abs() < 1e-9, "{} {marginal}", belief.probability);
        prop_assert!((belief.by_itself - by_itself).abs() < 1e-9, "{} {by_itself}", belief.by_itself);
    }
    prop_assert!((fast.none - none).abs() < 1e-9, "{} {none}", fast.none);
    prop_assert!((fast.ln_evidence - evidence.ln()).abs() < 1e-9, "{} {}", fast.ln_evidence, evidence.ln());
    prop_assert_eq!(fast.margin, None);
    Ok(())
}

/// Returns all `components` as one component, so that a sum over its sets of causes does not depend on the division
/// into components.
fn joined(components: &[Component]) -> Component {
    let mut joined = Component { causes: Vec::new(), symptoms: Vec::new() };
    for component in components {
        let before = joined.causes.len();
        joined.causes.extend(component.causes.iter().cloned().map(|mut node| {
            node.leads_to.iter_mut().for_each(|(cause, _)| *cause += before);
            node
        }));
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
        let together = by_enumeration(&joined(&components), &states);
        for (apart, together) in apart.zip(together.marginals) {
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
        prop_assert!(width(&components[0], &states) <= EXACT_POSITIVES);
        agrees(&components[0], &states)?;
    }
}

proptest! {
    // An estimate is seldom off by three times its margin, but not never, so the networks are always the same.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn sampling_agrees_with_the_exact_sum_within_its_error(network in network()) {
        let (components, states) = network.components();
        for component in &components {
            for (_, block) in blocks(component, &states, fold(component, &states).causes) {
                let exact = exact::solve(&block);
                // Wide enough for the causes that lead to others, and for few findings.
                let sampled = sampled::solve_within(&block, 6, 4_000).expect("few causes are open at once");
                for estimate in [sampled, weighted::solve(&block)] {
                    let margin = estimate.margin.expect("sampling knows its error");
                    for (exact, estimate) in exact.causes.iter().zip(&estimate.causes) {
                        let pairs = [(exact.probability, estimate.probability), (exact.by_itself, estimate.by_itself)];
                        for (exact, estimate) in pairs {
                            prop_assert!((exact - estimate).abs() <= 3.0 * margin + 1e-4, "{exact} {estimate} {margin}");
                        }
                    }
                    prop_assert!((exact.ln_evidence - estimate.ln_evidence).abs() < 0.2);
                }
            }
        }
    }
}

/// A block of the kind that is sampled: many causes that show many of the same findings, as in `sampling2039` of the reports on
/// faults. Rare causes, common ones, and leaks from one in a thousand to one in twenty.
fn dense(causes: usize, findings: usize, shows: f64, seed: u64) -> CauseBlock {
    let mut random = weighted::SplitMix(seed);
    let mut one_of = |values: &[f64]| values[(random.unit() * values.len() as f64) as usize];
    let leaks = (0..findings).map(|_| one_of(&[0.001, 0.01, 0.05])).collect();
    let mut cause = || {
        let prior = one_of(&[0.0001, 0.001, 0.005, 0.02, 0.3]);
        let chances: Vec<f64> = (0..findings).map(|_| one_of(&[0.1, 0.4, 0.7, 0.9, 0.98])).collect();
        let of_hundred: Vec<f64> = (0..100).map(f64::from).collect();
        let is_shown: Vec<bool> = (0..findings).map(|_| one_of(&of_hundred) < 100.0 * shows).collect();
        let shown = chances.into_iter().enumerate().zip(is_shown).filter(|(_, is_shown)| *is_shown);
        lone(prior, shown.map(|(shown, _)| shown).collect())
    };
    let mut causes: Vec<BlockCause> = (0..causes).map(|_| cause()).collect();
    for finding in 0..findings {
        if !causes.iter().any(|cause| cause.shows.iter().any(|(shown, _)| *shown == finding)) {
            causes[0].shows.push((finding, 0.4));
        }
    }
    CauseBlock { causes, leaks }
}

/// How many of the values of `count` random blocks are within the margin that was stated, how many blocks have all their values
/// within it, and the mean margin.
fn coverage(count: u64, block: impl Fn(u64) -> CauseBlock, width: usize, samples: usize) -> (f64, f64, f64) {
    let (mut values, mut within, mut whole, mut margins) = (0, 0, 0, 0.0);
    for seed in 0..count {
        let block = block(seed);
        let exact = enumerated::solve(&block);
        let estimate = sampled::solve_within(&block, width, samples).expect("no cause leads to another");
        let margin = estimate.margin.expect("sampling knows its error");
        let off = exact.causes.iter().zip(&estimate.causes).map(|(exact, found)| exact.probability - found.probability);
        let n_within = off.filter(|off| off.abs() <= margin).count();
        values += exact.causes.len();
        within += n_within;
        whole += usize::from(n_within == exact.causes.len());
        margins += margin;
    }
    (within as f64 / values as f64, whole as f64 / count as f64, margins / count as f64)
}

/// The stated interval holds the exact value at least 94 times in 100, on networks of many shapes. `CASEBOOK_NETWORKS` sets their
/// number.
#[test]
fn the_stated_margin_holds_the_exact_value() {
    let count = std::env::var("CASEBOOK_NETWORKS").map_or(60, |count| count.parse().expect("a number"));
    for (name, block, width) in [
        ("dense", Box::new(|seed| dense(11, 18, 0.4, seed)) as Box<dyn Fn(u64) -> CauseBlock>, 6),
        ("sparse", Box::new(|seed| dense(12, 16, 0.2, seed)), 4),
        ("full", Box::new(|seed| dense(8, 14, 0.9, seed)), 5),
    ] {
        let (values, networks, margin) = coverage(count, block, width, 2_000);
        eprintln!("{name}: {values:.4} of values, {networks:.4} of networks, mean margin {margin:.4}");
        assert!(values >= 0.94 && networks >= 0.90, "{name}: {values} {networks}");
    }
}

/// Computes P(all findings) by Quickscore as published, with Neumaier's compensated summation.
fn quickscore(block: &CauseBlock) -> f64 {
    let (mut sum, mut lost) = (0.0, 0.0);
    for subset in 0..1u32 << block.leaks.len() {
        let inside = |finding: usize| subset & (1 << finding) != 0;
        let leaks = block.leaks.iter().enumerate().filter(|(finding, _)| inside(*finding));
        let mut term: f64 = leaks.map(|(_, leak)| 1.0 - leak).product();
        for cause in &block.causes {
            let shown = cause.shows.iter().filter(|(finding, _)| inside(*finding));
            term *= cause.stays_away + cause.arises * shown.map(|(_, chance)| 1.0 - chance).product::<f64>();
        }
        term *= if subset.count_ones() % 2 == 0 { 1.0 } else { -1.0 };
        let next: f64 = sum + term;
        lost += if f64::abs(sum) >= f64::abs(term) { (sum - next) + term } else { (term - next) + sum };
        sum = next;
    }
    sum + lost
}

/// A cause without links.
fn lone(prior: f64, shows: Vec<(usize, f64)>) -> BlockCause {
    BlockCause { arises: prior, stays_away: 1.0 - prior, fits: 1.0, shows, leads_to: Vec::new() }
}

/// `count` rare causes, each with a finding of its own, joined in a chain by weak links.
fn chain(count: usize) -> CauseBlock {
    let cause = |index: usize| {
        let next = (index + 1 < count).then_some((index + 1, 0.1));
        let shows = std::iter::once((index, 0.9)).chain(next).collect();
        lone(0.0005, shows)
    };
    CauseBlock { causes: (0..count).map(cause).collect(), leaks: vec![0.001; count] }
}

/// Five uncommon causes that each show most of the same `count` findings, to different degrees.
fn rivals(count: usize) -> CauseBlock {
    let shows = |cause: usize| {
        (0..count).filter(move |f| !(f + cause).is_multiple_of(4)).map(move |f| (f, 0.3 + 0.15 * cause as f64))
    };
    let cause = |index: usize| lone(0.005, shows(index).collect());
    CauseBlock { causes: (0..5).map(cause).collect(), leaks: vec![0.001; count] }
}

/// Shows why `exact` does not sum with alternating signs.
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
fn a_block_that_is_too_wide_is_sampled_and_close() {
    for (block, width, most) in [(rivals(16), 8, 0.03), (chain(16), 1, 0.06)] {
        let sampled = || sampled::solve_within(&block, width, SAMPLES).expect("no cause leads to another");
        let (exact, estimate) = (exact::solve(&block), sampled());
        let margin = estimate.margin.expect("sampling knows its error");
        assert!(margin < most, "{margin}");
        for (exact, estimate) in exact.causes.iter().zip(&estimate.causes) {
            let difference = (exact.probability - estimate.probability).abs();
            assert!(difference < 2.0 * margin, "{exact:?} {estimate:?} {margin}");
        }
        assert_eq!(sampled(), estimate);
    }
}

/// Blocks of many findings but few causes are exact as well, whether or not causes lead to others.
#[test]
fn few_causes_are_exact_however_many_findings_there_are() {
    let mut linked = chain(12);
    for (index, cause) in linked.causes.iter_mut().enumerate() {
        cause.leads_to = (index + 1 < 12).then_some((index + 1, 0.6)).into_iter().collect();
    }
    for block in [rivals(EXACT_POSITIVES + 2), rivals(3), chain(EXACT_POSITIVES + 1), linked] {
        let (exact, found) = (exact::solve(&block), enumerated::solve(&block));
        assert!((exact.ln_evidence - found.ln_evidence).abs() < 1e-9);
        for (exact, found) in exact.causes.iter().zip(&found.causes) {
            assert!((exact.ln_odds - found.ln_odds).abs() < 1e-9, "{exact:?} {found:?}");
            assert!((exact.by_itself - found.by_itself).abs() < 1e-9, "{exact:?} {found:?}");
        }
    }
    assert_eq!(solve(&rivals(60)).margin, None);
    assert!(solve(&dense(ENUMERATED_CAUSES + 1, EXACT_POSITIVES + 1, 0.9, 1)).margin.is_some());
}

/// Many causes and findings are no trouble where few are linked directly.
#[test]
fn a_long_chain_is_exact() {
    assert_eq!(exact::width(&chain(300)), 1);
    assert_eq!(solve(&chain(300)).margin, None);
}

#[test]
fn hundreds_of_findings_neither_underflow_nor_leave_zero_to_one() {
    let many = sampled::solve_within(&dense(30, 200, 0.3, 1), 5, 1_000).expect("no cause leads to another");
    for estimate in [solve(&chain(300)), weighted::solve(&chain(300)), many] {
        assert!(estimate.ln_evidence.is_finite());
        for belief in &estimate.causes {
            assert!((0.0..=1.0).contains(&belief.probability) && belief.ln_odds.is_finite(), "{belief:?}");
        }
    }
}

/// A chain of causes that lead to one another, each with some findings.
#[test]
fn causes_that_lead_to_others_are_sampled_and_close() {
    let count = 15;
    let mut block = chain(count);
    for (index, cause) in block.causes.iter_mut().enumerate() {
        cause.leads_to = (index + 1 < count).then_some((index + 1, 0.6)).into_iter().collect();
    }
    let exact = exact::solve(&block);
    let sampled = sampled::solve_within(&block, 2, SAMPLES).expect("few causes are open at once");
    for estimate in [sampled, weighted::solve(&block)] {
        let margin = estimate.margin.expect("sampling knows its error");
        assert!(margin < 0.15, "{margin}");
        for (exact, estimate) in exact.causes.iter().zip(&estimate.causes) {
            let differences = [exact.probability - estimate.probability, exact.by_itself - estimate.by_itself];
            assert!(differences.iter().all(|off| off.abs() < 2.0 * margin), "{exact:?} {estimate:?} {margin}");
        }
    }
}

/// So many causes that lead to one another that no table is large enough.
#[test]
fn a_tangle_of_causes_is_sampled_in_another_way() {
    let mut block = chain(40);
    for index in 0..20 {
        block.causes[index].leads_to = (20..40).map(|to| (to, 0.1)).collect();
    }
    assert_eq!(sampled::solve(&block), None);
    assert!(solve(&block).margin.is_some());
}

/// A root that shows no symptom and leads to two causes with a finding each, computed by hand.
#[test]
fn two_consequences_make_their_root_probable() {
    let mut book = Book::default();
    let [one, other] = ["one", "other"].map(|name| book.symptom(name, 0.001));
    let [first, second] =
        [("first", one), ("second", other)].map(|(name, shown)| book.cause(name, 0.01, &[(shown, 0.9)]));
    let root = book.cause("root", 0.02, &[]);
    book.leads_to(root, first, 0.7);
    book.leads_to(root, second, 0.7);
    let p_root = |states: [SymptomState; 2]| {
        let components = live_components(&book.program, &states, &BTreeSet::new(), &[]);
        posterior(&components[0], &states).causes[1].probability
    };
    // With the root, a consequence is present with probability 1 − .99·.3; without it, with .01.
    let seen = |there: f64| there * (1.0 - 0.999 * 0.1) + (1.0 - there) * 0.001;
    let (with, without) = (seen(1.0 - 0.99 * 0.3), seen(0.01));
    let both = 0.02 * with * with / (0.02 * with * with + 0.98 * without * without);
    let only_one = 0.02 * with / (0.02 * with + 0.98 * without);
    assert!(both > 0.98 && only_one < 0.6, "{both} {only_one}");
    assert!((p_root([SymptomState::Present; 2]) - both).abs() < 1e-12);
    assert!((p_root([SymptomState::Present, SymptomState::Unknown]) - only_one).abs() < 1e-12);
}

/// While a root is present, its consequence comes back after its resolution. So a failed resolution is evidence for the
/// root.
#[test]
fn a_consequence_that_comes_back_is_evidence_for_its_root() {
    let mut book = Book::default();
    let seen = book.symptom("seen", 0.001);
    let consequence = book.cause("consequence", 0.01, &[(seen, 0.9)]);
    let root = book.cause("root", 0.005, &[]);
    book.leads_to(root, consequence, 0.9);
    let restart = book.resolution("restart", &[(consequence, 0.9)], 5, Risk::Low);
    let states = [SymptomState::Present];
    let p_root = |tried: &[ResolutionId]| {
        let components = live_components(&book.program, &states, &BTreeSet::new(), tried);
        posterior(&components[0], &states).causes[1].probability
    };
    assert!(p_root(&[]) < 0.4 && p_root(&[restart]) > 0.6, "{} {}", p_root(&[]), p_root(&[restart]));
}

/// One cause and one finding, computed by hand: .005·(1 − .999·.1) / (.005·(1 − .999·.1) + .995·.001).
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
