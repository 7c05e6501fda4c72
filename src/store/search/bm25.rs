//! What a word adds to the score of a document: BM25 over the whole text with its parts weighted, over the opening, and over
//! the title, added up.
//!
//! Weighing the parts of a text before BM25 saturates is BM25F (Robertson & Zaragoza 2009). Sections are passages: the
//! opening of an article says what it is about, and as a text of its own it is not drowned by a long listing.

use super::super::ranking::Ranking;
use super::plan::{LEAD, MESSAGE, REST, TEXT_FIELDS, TITLE};

/// How often a word stands in each text field of a document.
pub(super) type Counts = [u16; TEXT_FIELDS];

/// Words in each text field of a document.
pub(super) type Lengths = [u32; TEXT_FIELDS];

/// The three views on a document, in the order in which their scores are added.
pub(super) struct Bm25 {
    views: [View; 3],
    saturation: f32,
}

/// BM25 over some fields, each weighted.
struct View {
    /// What a word in each field counts for.
    weights: [f32; TEXT_FIELDS],
    /// What the score counts for.
    share: f32,
    /// The count at which half of the score is reached: this, and so much more for each word of the document.
    half: f32,
    half_per_word: f32,
}

impl Bm25 {
    pub(super) fn new(ranking: &Ranking, average: [f32; TEXT_FIELDS]) -> Bm25 {
        let view = |weights: [f32; TEXT_FIELDS], share: f32, length: f32| {
            let average: f32 = weights.iter().zip(average).map(|(weight, average)| weight * average).sum();
            let half_per_word = ranking.saturation * length / average.max(1.0);
            View { weights, share, half: ranking.saturation * (1.0 - length), half_per_word }
        };
        let mut text = [0.0; TEXT_FIELDS];
        text[TITLE] = ranking.title_words;
        text[LEAD] = ranking.lead_words;
        text[REST] = 1.0;
        text[MESSAGE] = ranking.message_words;
        let mut lead = [1.0; TEXT_FIELDS];
        lead[REST] = 0.0;
        let mut title = [0.0; TEXT_FIELDS];
        title[TITLE] = 1.0;
        let views = [
            view(text, 1.0, ranking.length),
            view(lead, ranking.lead, ranking.lead_length),
            view(title, ranking.title, ranking.title_length),
        ];
        Bm25 { views, saturation: ranking.saturation }
    }

    /// What a word of weight 1 adds to the score of a document, ≥ 0, by view: whole text, opening, title.
    pub(super) fn parts(&self, counts: &Counts, lengths: &Lengths) -> [f32; 3] {
        self.views.each_ref().map(|view| view.score(self.saturation, counts, lengths))
    }

    /// The sum of [`Bm25::parts`].
    pub(super) fn score(&self, counts: &Counts, lengths: &Lengths) -> f32 {
        let [text, lead, title] = &self.views;
        let mut score = text.score(self.saturation, counts, lengths);
        if counts[TITLE] > 0 || counts[LEAD] > 0 || counts[MESSAGE] > 0 {
            score += lead.score(self.saturation, counts, lengths);
            score += title.score(self.saturation, counts, lengths);
        }
        score
    }

    /// The most that a word of weight 1 can add, if it stands in those fields only that `is_held` names.
    pub(super) fn most(&self, is_held: impl Fn(usize) -> bool) -> f32 {
        let can_score = |view: &&View| (0..TEXT_FIELDS).any(|field| view.weights[field] > 0.0 && is_held(field));
        self.views.iter().filter(can_score).map(|view| view.share * (self.saturation + 1.0)).sum()
    }
}

impl View {
    fn score(&self, saturation: f32, counts: &Counts, lengths: &Lengths) -> f32 {
        let mut count = 0.0;
        let mut length = 0.0;
        for field in 0..TEXT_FIELDS {
            count += self.weights[field] * f32::from(counts[field]);
            length += self.weights[field] * lengths[field] as f32;
        }
        let half = self.half + self.half_per_word * length;
        if count > 0.0 { self.share * (saturation + 1.0) * count / (count + half) } else { 0.0 }
    }
}
