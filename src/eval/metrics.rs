//! Measures how good a ranking is for one question: success at 1, 5 and 10, reciprocal rank, and nDCG (Järvelin &
//! Kekäläinen 2002).

use std::collections::BTreeSet;

use super::hit::RankedHit;
use super::judged::Question;

/// Ranks beyond this one do not count.
pub const DEPTH: usize = 10;

/// The gain in nDCG of a relevant article at each rank: 1 / log2(rank + 1). The numbers are written out because
/// libraries differ in the last digit of a logarithm.
const DISCOUNT: [f64; DEPTH] = [
    1.0,
    0.630_929_753_571_457_5,
    0.5,
    0.430_676_558_073_393_06,
    0.386_852_807_234_541_63,
    0.356_207_187_108_022_2,
    0.333_333_333_333_333_3,
    0.315_464_876_785_728_77,
    0.301_029_995_663_981_14,
    0.289_064_826_317_887_9,
];

/// A measure of a ranking, 0–1, higher is better. Cast to a number, it is its index in [`Metric::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Whether a relevant article is first.
    Success1,
    /// Whether a relevant article is among the first five.
    Success5,
    /// Whether a relevant article is among the first ten.
    Success10,
    /// 1 / rank of the first relevant article; 0 beyond ten.
    ReciprocalRank,
    /// The discounted gain of the first ten, over that of the best possible first ten.
    Ndcg,
}

impl Metric {
    /// All of them, in the order in which they are reported.
    pub const ALL: [Metric; 5] =
        [Metric::Success1, Metric::Success5, Metric::Success10, Metric::ReciprocalRank, Metric::Ndcg];

    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Success1 => "success@1",
            Metric::Success5 => "success@5",
            Metric::Success10 => "success@10",
            Metric::ReciprocalRank => "MRR@10",
            Metric::Ndcg => "nDCG@10",
        }
    }
}

/// One value for each of [`Metric::ALL`].
pub type Values = [f64; Metric::ALL.len()];

/// The result of one question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Rank of the first relevant hit, from 1; `None` without one.
    pub rank: Option<usize>,
    /// nDCG of the first ten, 0–1.
    pub ndcg: f64,
}

impl Score {
    /// Returns the value of `metric` for this question.
    pub fn value(self, metric: Metric) -> f64 {
        let within = |depth| self.rank.is_some_and(|rank| rank <= depth);
        match metric {
            Metric::Success1 => f64::from(u8::from(within(1))),
            Metric::Success5 => f64::from(u8::from(within(5))),
            Metric::Success10 => f64::from(u8::from(within(10))),
            Metric::ReciprocalRank => self.rank.filter(|_| within(DEPTH)).map_or(0.0, |rank| 1.0 / rank as f64),
            Metric::Ndcg => self.ndcg,
        }
    }

    /// The values of all metrics for this question.
    pub fn values(self) -> Values {
        Metric::ALL.map(|metric| self.value(metric))
    }
}

/// Scores the hits of one question, best first. A hit counts when its article or one of its first ten near-copies is
/// relevant, and a relevant article counts at its best rank alone. Relevant articles that share a hit count as one,
/// also in the best possible ranking, which could not have shown them apart.
pub fn score(question: &Question, hits: &[RankedHit]) -> Score {
    let mut open: BTreeSet<&str> = question.relevant.iter().map(String::as_str).collect();
    let mut n_ideal = open.len();
    let mut score = Score { rank: None, ndcg: 0.0 };
    let mut gain = 0.0;
    for (index, hit) in hits.iter().enumerate() {
        let before = open.len();
        hit.ids().for_each(|id| {
            open.remove(id);
        });
        let found = before - open.len();
        if found > 0 {
            score.rank.get_or_insert(index + 1);
            gain += DISCOUNT.get(index).copied().unwrap_or(0.0);
            n_ideal -= found - 1;
        }
    }
    let ideal: f64 = DISCOUNT.iter().take(n_ideal).sum();
    score.ndcg = if ideal > 0.0 { gain / ideal } else { 0.0 };
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(relevant: &[&str]) -> Question {
        let relevant = relevant.iter().map(|id| (*id).to_owned()).collect();
        Question { id: "1".to_owned(), query: "hum".to_owned(), relevant, style: None }
    }

    /// Makes hits from text such as `a+b c`: the article `a` with the near-copy `b`, then `c`.
    fn hits(text: &str) -> Vec<RankedHit> {
        let hit = |word: &str| {
            let mut ids = word.split('+').map(str::to_owned);
            RankedHit { id: ids.next().unwrap_or_default(), score: 1.0, near_copies: ids.collect() }
        };
        text.split(' ').map(hit).collect()
    }

    #[track_caller]
    fn check(relevant: &[&str], ranked: &str, expected: Values) {
        let values = score(&question(relevant), &hits(ranked)).values();
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{values:?}");
        }
    }

    #[test]
    fn one_relevant_article_counts_by_its_rank() {
        check(&["a"], "a b c", [1.0, 1.0, 1.0, 1.0, 1.0]);
        check(&["c"], "a b c", [0.0, 1.0, 1.0, 1.0 / 3.0, 0.5]);
        check(&["f"], "a b c d e f", [0.0, 0.0, 1.0, 1.0 / 6.0, 0.356_207_187_108_022_1]);
        check(&["k"], "a b c d e f g h i j k", [0.0; 5]);
        check(&["x"], "a b c", [0.0; 5]);
        assert_eq!(score(&question(&["k"]), &hits("a b c d e f g h i j k")).rank, Some(11));
        assert_eq!(score(&question(&["k"]), &[]), Score { rank: None, ndcg: 0.0 });
    }

    #[test]
    fn several_relevant_articles_share_the_gain() {
        // (1 + 1/2) / (1 + .6309…): ranks 1 and 3 of two.
        check(&["a", "c"], "a b c", [1.0, 1.0, 1.0, 1.0, 0.919_720_789_148_187]);
        // .6309… / (1 + .6309… + 1/2): one of three, second.
        check(&["b", "y", "z"], "a b c", [0.0, 1.0, 1.0, 0.5, 0.296_081_910_965_865_2]);
    }

    #[test]
    fn a_near_copy_is_as_good_as_the_article_and_counts_once() {
        check(&["b"], "a+b c", [1.0, 1.0, 1.0, 1.0, 1.0]);
        check(&["a", "b"], "a+b c", [1.0, 1.0, 1.0, 1.0, 1.0]);
        check(&["a"], "a a+b c", [1.0, 1.0, 1.0, 1.0, 1.0]);
        let many = "a+1+2+3+4+5+6+7+8+9+10+11";
        assert_eq!(score(&question(&["10"]), &hits(many)).rank, Some(1));
        assert_eq!(score(&question(&["11"]), &hits(many)).rank, None);
    }

    #[test]
    fn discounts_are_logarithms() {
        for (index, discount) in DISCOUNT.iter().enumerate() {
            assert!((discount - 1.0 / (index as f64 + 2.0).log2()).abs() < 1e-15, "{index}");
        }
    }
}
