//! Posteriors of one component: leaky noisy-OR, exact wherever that can be afforded.
//!
//! Negative findings, `against` and failed resolutions fold into one factor per cause; unknown symptoms drop out. What is
//! left couples causes only through positive findings, so a component falls into *blocks* that are independent given the
//! evidence, and only the number of positive findings of a block is exponential.

use std::collections::BTreeMap;

use super::SymptomState;
use super::component::{Component, DisjointSets};
use super::exact;
use super::sampled;
use super::weights::EXACT_POSITIVES;

/// What the evidence says about the causes of one component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Posterior {
    /// One for each cause of the component, in its order.
    pub(crate) causes: Vec<Belief>,
    /// P(no cause of the component | evidence).
    pub(crate) none: f64,
    /// ln P(evidence). The factors of `against` and of failed resolutions count as likelihoods.
    pub(crate) ln_evidence: f64,
    /// Largest standard error of a cause's probability, where a block was too large to be exact.
    pub(crate) standard_error: Option<f64>,
}

/// Probability and odds of one cause, each computed without subtracting from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Belief {
    /// 0–1.
    pub(crate) probability: f64,
    /// ln(P / (1 − P)).
    pub(crate) ln_odds: f64,
}

impl Belief {
    /// From the weights of "it is there" and "it is not", on any common scale.
    pub(crate) fn from_weights(present: f64, absent: f64) -> Self {
        // A weight can underflow where hundreds of findings speak against a cause; its odds stay finite.
        let (present, absent) = (present.max(f64::MIN_POSITIVE), absent.max(f64::MIN_POSITIVE));
        Belief { probability: present / (present + absent), ln_odds: present.ln() - absent.ln() }
    }
}

/// Causes that positive findings couple, with those findings as bits `0..leaks.len()`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    /// The causes.
    pub(crate) causes: Vec<BlockCause>,
    /// Leak of each positive finding.
    pub(crate) leaks: Vec<f64>,
}

/// A cause of a block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockCause {
    /// P(it is there), everything but the block's positive findings taken into account.
    pub(crate) present: f64,
    /// One minus [`present`](BlockCause::present), without the rounding.
    pub(crate) absent: f64,
    /// The block's findings that it shows, with the chance of each.
    pub(crate) shows: Vec<(usize, f64)>,
}

/// What a block says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockPosterior {
    /// One for each cause of the block, in its order.
    pub(crate) causes: Vec<Belief>,
    /// ln P(all findings of the block).
    pub(crate) ln_evidence: f64,
    /// As [`Posterior::standard_error`].
    pub(crate) standard_error: Option<f64>,
}

/// The posterior of `component` when `states` (by symptom id) is known.
pub(crate) fn posterior(component: &Component, states: &[SymptomState]) -> Posterior {
    let folded = fold(component, states);
    let mut result = Posterior {
        causes: vec![Belief { probability: 0.0, ln_odds: 0.0 }; component.causes.len()],
        none: 1.0,
        ln_evidence: folded.ln_scale,
        standard_error: None,
    };
    for (members, block) in blocks(component, states, &folded.odds) {
        let solved = solve(&block);
        for (&cause, belief) in members.iter().zip(&solved.causes) {
            result.causes[cause] = *belief;
        }
        let all_absent = block.causes.iter().map(|cause| cause.absent);
        let ln_leaks_alone: f64 = all_absent.chain(block.leaks.iter().copied()).map(f64::ln).sum();
        result.none *= (ln_leaks_alone - solved.ln_evidence).exp().min(1.0);
        result.ln_evidence += solved.ln_evidence;
        result.standard_error = match (result.standard_error, solved.standard_error) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
    }
    result
}

/// Positive findings of the largest block of `component`: what an exact posterior is exponential in.
pub(crate) fn largest_block(component: &Component, states: &[SymptomState]) -> usize {
    let folded = fold(component, states);
    blocks(component, states, &folded.odds).iter().map(|(_, block)| block.leaks.len()).max().unwrap_or(0)
}

fn solve(block: &Block) -> BlockPosterior {
    if block.leaks.len() <= EXACT_POSITIVES { exact::solve(block) } else { sampled::solve(block) }
}

/// Everything but the positive findings.
struct Folded {
    /// Weights of "there" and "not there" of each cause; they add up to 1.
    odds: Vec<(f64, f64)>,
    /// ln of what was divided out.
    ln_scale: f64,
}

fn fold(component: &Component, states: &[SymptomState]) -> Folded {
    let state = |symptom: crate::rule::SymptomId| states[symptom.0 as usize];
    let mut odds: Vec<(f64, f64)> = component
        .causes
        .iter()
        .map(|node| {
            let against = node.against.iter().filter(|(symptom, _)| state(*symptom) == SymptomState::Present);
            let factor: f64 = against.map(|(_, ratio)| ratio).product();
            (node.prior * factor * node.not_mended, 1.0 - node.prior)
        })
        .collect();
    let mut ln_scale = 0.0;
    for observable in component.symptoms.iter().filter(|o| state(o.symptom) == SymptomState::Absent) {
        ln_scale += (1.0 - observable.leak).ln();
        for &(cause, chance) in &observable.shown_by {
            odds[cause].0 *= 1.0 - chance;
        }
    }
    for (present, absent) in &mut odds {
        let sum = *present + *absent;
        ln_scale += sum.ln();
        *present /= sum;
        *absent /= sum;
    }
    Folded { odds, ln_scale }
}

/// The blocks, each with the component's indices of its causes. A cause without a positive finding is one by itself.
fn blocks(component: &Component, states: &[SymptomState], odds: &[(f64, f64)]) -> Vec<(Vec<usize>, Block)> {
    let positives: Vec<_> = component
        .symptoms
        .iter()
        .filter(|observable| states[observable.symptom.0 as usize] == SymptomState::Present)
        .collect();
    let mut sets = DisjointSets::new(component.causes.len());
    for observable in &positives {
        for pair in observable.shown_by.windows(2) {
            sets.join(pair[0].0, pair[1].0);
        }
    }
    let mut blocks: BTreeMap<usize, (Vec<usize>, Block)> = BTreeMap::new();
    let mut place = Vec::with_capacity(odds.len());
    for (cause, &(present, absent)) in odds.iter().enumerate() {
        let empty = || (Vec::new(), Block { causes: Vec::new(), leaks: Vec::new() });
        let (members, block) = blocks.entry(sets.root(cause)).or_insert_with(empty);
        place.push(members.len());
        members.push(cause);
        block.causes.push(BlockCause { present, absent, shows: Vec::new() });
    }
    for observable in positives {
        let root = sets.root(observable.shown_by[0].0);
        let (_, block) = blocks.get_mut(&root).expect("every root was entered above");
        for &(cause, chance) in &observable.shown_by {
            block.causes[place[cause]].shows.push((block.leaks.len(), chance));
        }
        block.leaks.push(observable.leak);
    }
    blocks.into_values().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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

    fn network() -> impl Strategy<Value = Network> {
        let state = prop::sample::select(vec![SymptomState::Present, SymptomState::Absent, SymptomState::Unknown]);
        let leak = prop::sample::select(vec![0.0, 1e-6, 0.001, 0.05, 0.5]);
        let symptoms = prop::collection::vec((leak, state), 1..8);
        symptoms.prop_flat_map(|symptoms| {
            let any = 0..symptoms.len();
            let cause = (
                prop::sample::select(vec![1e-6, 0.0005, 0.005, 0.05, 0.6]),
                prop::collection::btree_map(any.clone(), 0.05..=1.0, 0..5),
                prop::collection::btree_map(any, prop::sample::select(vec![0.02, 0.2]), 0..3),
                prop::option::of(0.0..=1.0),
            );
            let cause = cause.prop_map(|(prior, shows, against, tried)| RandomCause {
                prior,
                shows: shows.into_iter().collect(),
                against: against.into_iter().collect(),
                tried,
            });
            (Just(symptoms), prop::collection::vec(cause, 1..8))
                .prop_map(|(symptoms, causes)| Network { symptoms, causes })
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

    proptest! {
        #[test]
        fn blocks_agree_with_enumeration_of_all_subsets(network in network()) {
            let (components, states) = network.components();
            for component in &components {
                let fast = posterior(component, &states);
                let (marginals, none, evidence) = by_enumeration(component, &states);
                for (belief, marginal) in fast.causes.iter().zip(marginals) {
                    prop_assert!((belief.probability - marginal).abs() < 1e-9, "{} {marginal}", belief.probability);
                }
                prop_assert!((fast.none - none).abs() < 1e-9, "{} {none}", fast.none);
                prop_assert!((fast.ln_evidence - evidence.ln()).abs() < 1e-6, "{} {}", fast.ln_evidence, evidence.ln());
                prop_assert_eq!(fast.standard_error, None);
            }
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
}
