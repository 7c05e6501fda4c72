//! Scores a word in a document: the sum of BM25 over the whole text with weighted fields, over the opening, and over the title.
//!
//! Weighting the fields of a text before BM25 saturates is BM25F (Robertson & Zaragoza 2009). The opening of an article says
//! what the article is about. Scored as a text of its own, it is not lost beside a long listing.

use super::super::ranking::Ranking;
use super::super::schema::{LEAD, MESSAGE, REST, TEXT_FIELDS, TITLE};

/// The number of occurrences of a word in each text field of a document.
pub(super) type Counts = [u16; TEXT_FIELDS];

/// The number of words in each text field of a document.
pub(super) type Lengths = [u32; TEXT_FIELDS];

/// The number of views of a document, whose scores are added in this order: whole text, opening, title. The fourth is empty,
/// so that the views fill a register.
const VIEWS: usize = 4;

/// One value for each view. The compiler turns arithmetic on all of them into single instructions.
type PerView = [f32; VIEWS];

/// BM25 over the weighted fields of each view.
pub(super) struct Bm25 {
    /// The weight of an occurrence, by field and view.
    weights: [PerView; TEXT_FIELDS],
    /// The highest score of a word of weight 1, by view.
    most: PerView,
    /// The weighted count that gives half of the highest score, by view, is `half` plus `half_per_word` for each word
    /// of the document.
    half: PerView,
    half_per_word: PerView,
}

impl Bm25 {
    pub(super) fn new(ranking: &Ranking, average: [f32; TEXT_FIELDS]) -> Bm25 {
        let mut weights = [[0.0; VIEWS]; TEXT_FIELDS];
        weights[TITLE] = [ranking.title_words, 1.0, 1.0, 0.0];
        weights[LEAD] = [ranking.lead_words, 1.0, 0.0, 0.0];
        weights[REST] = [1.0, 0.0, 0.0, 0.0];
        weights[MESSAGE] = [ranking.message_words, 1.0, 0.0, 0.0];
        let shares = [1.0, ranking.lead, ranking.title, 0.0];
        let lengths = [ranking.length, ranking.lead_length, ranking.title_length, 0.0];
        let average_of =
            |view: usize| -> f32 { (0..TEXT_FIELDS).map(|field| weights[field][view] * average[field]).sum() };
        Bm25 {
            weights,
            most: shares.map(|share| share * (ranking.saturation + 1.0)),
            half: lengths.map(|length| ranking.saturation * (1.0 - length)),
            half_per_word: std::array::from_fn(|view| ranking.saturation * lengths[view] / average_of(view).max(1.0)),
        }
    }

    /// The score of a word of weight 1, ≥ 0, by view: whole text, opening, title.
    pub(super) fn parts(&self, counts: &Counts, lengths: &Lengths) -> [f32; 3] {
        let [text, lead, title, _] = self.scores(counts, lengths);
        [text, lead, title]
    }

    /// The sum of [`Bm25::parts`].
    pub(super) fn score(&self, counts: &Counts, lengths: &Lengths) -> f32 {
        let score = self.scores(counts, lengths).iter().sum();
        // `score.rs` skips documents by this bound. Rounding may exceed it in the last digits.
        debug_assert!((0.0..=self.most(|field| counts[field] > 0) * (1.0 + 1e-5)).contains(&score));
        score
    }

    fn scores(&self, counts: &Counts, lengths: &Lengths) -> PerView {
        let (mut count, mut length) = ([0.0; VIEWS], [0.0; VIEWS]);
        for field in 0..TEXT_FIELDS {
            for view in 0..VIEWS {
                count[view] += self.weights[field][view] * f32::from(counts[field]);
                length[view] += self.weights[field][view] * lengths[field] as f32;
            }
        }
        // Avoids 0 / 0: without an occurrence the score is 0.
        let half = |view: usize| (self.half[view] + self.half_per_word[view] * length[view]).max(f32::MIN_POSITIVE);
        std::array::from_fn(|view| self.most[view] * count[view] / (count[view] + half(view)))
    }

    /// The highest score of a word of weight 1 that occurs only in the fields for which `is_held` is true.
    pub(super) fn most(&self, is_held: impl Fn(usize) -> bool) -> f32 {
        let can_score = |view: &usize| (0..TEXT_FIELDS).any(|field| self.weights[field][*view] > 0.0 && is_held(field));
        (0..VIEWS).filter(can_score).map(|view| self.most[view]).sum()
    }
}
