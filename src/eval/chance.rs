//! Random numbers from a seed, and what they say of means: how sure one is, and whether two differ by more than luck.
//!
//! Only whole-number arithmetic and sums in a fixed order, so that one seed gives the same figures on every machine. Not
//! for secrets.

/// How often the questions are drawn anew. The ends of a 95 % interval then rest on 50 draws each.
pub const RESAMPLES: usize = 2_000;

/// The seed of all intervals and tests: a report must not change from one run to the next.
const SEED: u64 = 0x6361_7365_626f_6f6b;

/// Part of the resamples left out at each end of an interval, in resamples: 2.5 %.
const TAIL: usize = RESAMPLES / 40;

/// Sums of the same numbers in another order differ by less than this, for means of values from 0 to 1.
const ROUNDING: f64 = 1e-9;

/// SplitMix64 (Steele, Lea & Flood 2014): a counter, well mixed.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// Numbers that follow from `seed` alone.
    pub fn new(seed: u64) -> Random {
        Random { state: seed }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, all equally likely but for one part in 2^64 / `end`.
    ///
    /// # Panics
    /// When `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        assert!(end > 0, "there is no number below 0");
        let product = u128::from(self.bits()) * end as u128;
        usize::try_from(product >> 64).expect("below `end`")
    }

    /// Puts `items` in a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// A mean, and the interval that holds the true one 95 times in 100.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// The mean itself.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The mean of each of `N` measures over the questions, with a percentile bootstrap interval: the questions are drawn with
/// replacement [`RESAMPLES`] times, all measures of a question together. All 0 without any question.
pub fn estimate<const N: usize>(questions: &[[f64; N]]) -> [Estimate; N] {
    if questions.is_empty() {
        return [Estimate::default(); N];
    }
    let mut random = Random::new(SEED);
    let mut draws: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    for _ in 0..RESAMPLES {
        let mut sums = [0.0; N];
        for _ in 0..questions.len() {
            add(&mut sums, &questions[random.below(questions.len())]);
        }
        draws.iter_mut().zip(sums).for_each(|(draws, sum)| draws.push(sum / questions.len() as f64));
    }
    let means = mean(questions);
    std::array::from_fn(|measure| {
        let draws = &mut draws[measure];
        draws.sort_unstable_by(f64::total_cmp);
        Estimate { value: means[measure], low: draws[TAIL], high: draws[RESAMPLES - 1 - TAIL] }
    })
}

/// What two runs differ by in one measure, over the same questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Later minus earlier mean, with its interval.
    pub change: Estimate,
    /// Chance of a difference at least as large, either way, if the runs were equally good; never 0.
    pub p_value: f64,
}

/// The mean of each measure of `differences`, one a question, with a paired bootstrap interval and a paired randomisation
/// test: if neither run were better, each question could as well have come out the other way round.
pub fn difference<const N: usize>(differences: &[[f64; N]]) -> [Difference; N] {
    let observed = mean(differences);
    let mut random = Random::new(SEED);
    let mut as_large = [0usize; N];
    for _ in 0..RESAMPLES {
        let flipped = flipped_sum(differences, &mut random);
        for measure in 0..N {
            let n = differences.len().max(1) as f64;
            as_large[measure] += usize::from((flipped[measure] / n).abs() >= observed[measure].abs() - ROUNDING);
        }
    }
    let changes = estimate(differences);
    // What was observed is one of the outcomes that chance could have given (Phipson & Smyth 2010).
    let p_value = |as_large: usize| (as_large + 1) as f64 / (RESAMPLES + 1) as f64;
    std::array::from_fn(|measure| Difference { change: changes[measure], p_value: p_value(as_large[measure]) })
}

/// The sum with the sign of each question, for all its measures together, drawn by lot.
fn flipped_sum<const N: usize>(differences: &[[f64; N]], random: &mut Random) -> [f64; N] {
    let mut sums = [0.0; N];
    for of_64 in differences.chunks(64) {
        let mut signs = random.bits();
        for difference in of_64 {
            let flip = signs & 1 == 1;
            add(&mut sums, &difference.map(|value| if flip { -value } else { value }));
            signs >>= 1;
        }
    }
    sums
}

/// The mean of each measure; 0 without any question.
pub fn mean<const N: usize>(questions: &[[f64; N]]) -> [f64; N] {
    let mut sums = [0.0; N];
    questions.iter().for_each(|question| add(&mut sums, question));
    sums.map(|sum| sum / questions.len().max(1) as f64)
}

fn add<const N: usize>(sums: &mut [f64; N], values: &[f64; N]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

/// The values below which these parts (0–1) of `values` lie, each a value that occurs; `None` without any.
pub fn quantiles<const N: usize>(values: &mut [f64], parts: [f64; N]) -> Option<[f64; N]> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    Some(parts.map(|part| values[((values.len() as f64 * part) as usize).min(last)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first numbers of the reference implementation for seed 1234567.
        let mut random = Random::new(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_number_below_the_end_comes_and_no_other() {
        let mut random = Random::new(1);
        let mut counts = [0; 5];
        (0..5_000).for_each(|_| counts[random.below(5)] += 1);
        assert!(counts.iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
    }

    #[test]
    fn an_interval_is_the_same_each_time_and_lies_around_the_mean() {
        let questions: Vec<[f64; 2]> = (0..100).map(|n| [f64::from(u8::from(n < 60)), 0.25]).collect();
        let [success, constant] = estimate(&questions);
        assert_eq!(estimate(&questions), [success, constant]);
        assert_eq!(constant, Estimate { value: 0.25, low: 0.25, high: 0.25 });
        // The normal approximation is .6 ± 1.96 × √(.24 / 100) = .504–.696.
        assert_eq!(success.value, 0.6);
        assert!((success.low - 0.504).abs() < 0.015 && (success.high - 0.696).abs() < 0.015, "{success:?}");
        assert_eq!(estimate::<1>(&[]), [Estimate::default()]);
    }

    #[test]
    fn an_interval_holds_the_true_mean_about_95_times_in_100() {
        let mut random = Random::new(7);
        let covered = (0..200).filter(|_| {
            let drawn: Vec<[f64; 1]> = (0..80).map(|_| [f64::from(u8::from(random.below(10) < 3))]).collect();
            let [of_drawn] = estimate(&drawn);
            of_drawn.low <= 0.3 && 0.3 <= of_drawn.high
        });
        let covered = covered.count();
        assert!((180..=198).contains(&covered), "{covered} of 200");
    }

    #[test]
    fn a_difference_is_told_from_luck() {
        let [same] = difference(&[[0.0]; 30]);
        assert_eq!(same, Difference { change: Estimate::default(), p_value: 1.0 });
        let better: Vec<[f64; 1]> = (0..30).map(|n| [f64::from(u8::from(n < 12))]).collect();
        let [better] = difference(&better);
        assert_eq!(better.change.value, 0.4);
        assert!(better.change.low > 0.0 && better.p_value < 0.005, "{better:?}");
        let mixed: Vec<[f64; 1]> = (0..30).map(|n| [if n % 2 == 0 { 1.0 } else { -1.0 }]).collect();
        let [mixed] = difference(&mixed);
        assert_eq!((mixed.change.value, mixed.p_value), (0.0, 1.0));
        assert!(mixed.change.low < 0.0 && mixed.change.high > 0.0, "{mixed:?}");
    }

    #[test]
    fn the_test_is_the_exact_one_where_all_signs_can_be_counted() {
        // Of the 8 ways to sign 1, 1, 1 two are as far from 0 as what was observed.
        let [difference] = difference(&[[1.0], [1.0], [1.0]]);
        assert!((difference.p_value - 0.25).abs() < 0.03, "{difference:?}");
    }

    #[test]
    fn quantiles_are_values_that_occur() {
        let mut values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(quantiles(&mut values, [0.0, 0.5, 0.95, 1.0]), Some([1.0, 51.0, 96.0, 100.0]));
        assert_eq!(quantiles(&mut [3.0], [0.5]), Some([3.0]));
        assert_eq!(quantiles(&mut [], [0.5]), None);
    }
}
