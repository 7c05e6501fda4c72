//! Measures how certain a mean is, by bootstrap intervals (Efron & Tibshirani 1993), and whether two means differ by
//! more than chance, by randomisation tests.
//!
//! Random numbers and sums have a fixed order, so the figures are the same on every machine.

use super::random::Random;

/// The number of resamples. Then 50 of them lie beyond each end of a 95 % interval.
pub const RESAMPLES: usize = 2_000;

/// The seed of all intervals and tests, fixed so that a report does not change from one run to the next.
const SEED: u64 = 0x6361_7365_626f_6f6b;

/// The number of resamples beyond each end of an interval: 2.5 % of them.
const TAIL: usize = RESAMPLES / 40;

/// Allowance for rounding: the means of the same numbers from 0 to 1, added in different orders, differ by less than
/// this.
const ROUNDING: f64 = 1e-9;

/// A mean with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// The mean.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Returns the mean of each of `N` measures over the questions, with a percentile bootstrap interval. The questions are
/// drawn with replacement [`RESAMPLES`] times, all measures of a question together. All numbers are 0 without
/// questions.
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

/// The difference of two runs in one measure, over the same questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The later mean minus the earlier one.
    pub change: Estimate,
    /// P(a difference at least as large, in either direction, if the runs were equally good), > 0.
    pub p_value: f64,
}

/// Returns the mean of each measure of `differences` (one row for each question), with a paired bootstrap interval and
/// a paired randomisation test. If the runs are equally good, the sign of each question's difference is random.
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
    // The observed outcome is one of the possible outcomes, so it counts as well (Phipson & Smyth 2010).
    let p_value = |as_large: usize| (as_large + 1) as f64 / (RESAMPLES + 1) as f64;
    std::array::from_fn(|measure| Difference { change: changes[measure], p_value: p_value(as_large[measure]) })
}

/// The sum of the rows, each with a random sign.
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

/// The mean of each measure; 0 without questions.
pub fn mean<const N: usize>(questions: &[[f64; N]]) -> [f64; N] {
    let mut sums = [0.0; N];
    questions.iter().for_each(|question| add(&mut sums, question));
    sums.map(|sum| sum / questions.len().max(1) as f64)
}

fn add<const N: usize>(sums: &mut [f64; N], values: &[f64; N]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

/// Sorts `values`. Returns their quantiles at `parts` (0–1), each of which is one of the values; `None` without values.
pub fn quantiles<const N: usize>(values: &mut [f64], parts: [f64; N]) -> Option<[f64; N]> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    Some(parts.map(|part| values[((values.len() as f64 * part) as usize).min(last)]))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_difference_is_told_from_chance() {
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
        // Of the 8 ways to sign 1, 1, 1, two are as far from 0 as the observed one.
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
