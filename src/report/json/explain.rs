//! The `explanation` and `why_not` of `casebook search --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::query::QueryPiece;
use crate::store::{Restriction, ScoreExplanation, ScoreLabel, ScorePart, WhyNot as Why, WhyNotReason, WordOrigin};

/// Where a score comes from: `collection_weight` times the sum of the parts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Explanation {
    score: f32,
    /// What the score is multiplied by for the article's collection.
    collection_weight: f32,
    /// What speaks for the article, most first; then, with 0, the words that were typed and that it lacks.
    parts: Vec<Part>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Part {
    /// `word`; of a word: `text`, `opening`, `title`; `code`, `id`, `product`, `version`, `cited`,
    /// `message_order`, `exact_title`, `meaning`, `date`.
    kind: &'static str,
    /// The word as typed, else its stem; the code; the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// How a word came into the query: `typed`, `small` (it was typed, and tells little), `part_of`, `product`, `stands_for`.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'static str>,
    /// What a word is a part of, the product that it names, the words that it stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    /// What a word counts for in the query times how rare it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f32>,
    /// How many articles refer to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<u64>,
    /// Of the angle between the meanings of query and article, -1–1.
    #[serde(skip_serializing_if = "Option::is_none")]
    cosine: Option<f32>,
    /// What it adds to the score.
    score: f32,
    /// What it is the sum of.
    parts: Vec<Part>,
}

/// Why an article is not among the hits.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WhyNot {
    /// As given.
    id: String,
    /// Null if it is not held.
    title: Option<String>,
    /// `not_held`, `shown`, `near_copy`, `kept_out`, `holds_nothing`, `behind` or `overlooked` (its words alone put it so far
    /// behind that the rest was not looked at).
    outcome: &'static str,
    /// Where it stands, or the one that stands for it; null beyond the first thousand.
    rank: Option<usize>,
    /// The hit that it is a near-copy of.
    near_copy_of: Option<String>,
    /// What keeps it out: each a list of alternatives of which it fulfils none, or an exclusion that it meets.
    kept_out_by: Vec<Vec<String>>,
    /// Ids that look like one that is not held.
    did_you_mean: Vec<String>,
    /// Its score; null if it is not held, kept out, or holds nothing that was asked for.
    explanation: Option<Explanation>,
    /// The hit to compare with: the last, or the one that stands for it.
    against: Option<Against>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Against {
    id: String,
    explanation: Explanation,
}

pub(super) fn explanation(explained: &ScoreExplanation) -> Explanation {
    Explanation {
        score: explained.score,
        collection_weight: explained.weight,
        parts: explained.parts.iter().map(part).collect(),
    }
}

fn part(of: &ScorePart) -> Part {
    let part = |kind| Part {
        kind,
        value: None,
        origin: None,
        of: None,
        weight: None,
        by: None,
        cosine: None,
        score: of.score,
        parts: of.children.iter().map(self::part).collect(),
    };
    match &of.label {
        ScoreLabel::Word { stem, typed, origin, weight } => {
            let (origin, of) = origin_and_of(origin);
            let value = Some(typed.as_ref().unwrap_or(stem).clone());
            Part { value, origin: Some(origin), of, weight: Some(*weight), ..part("word") }
        }
        ScoreLabel::Text => part("text"),
        ScoreLabel::Opening => part("opening"),
        ScoreLabel::Title => part("title"),
        ScoreLabel::Code(code) => Part { value: Some(code.clone()), ..part("code") },
        ScoreLabel::Id(id) => Part { value: Some(id.clone()), ..part("id") },
        ScoreLabel::Product => part("product"),
        ScoreLabel::Version => part("version"),
        ScoreLabel::Cited { by } => Part { by: Some(*by), ..part("cited") },
        ScoreLabel::MessageOrder => part("message_order"),
        ScoreLabel::ExactTitle => part("exact_title"),
        ScoreLabel::Meaning { cosine } => Part { cosine: Some(*cosine), ..part("meaning") },
        ScoreLabel::Date => part("date"),
    }
}

fn origin_and_of(origin: &WordOrigin) -> (&'static str, Option<String>) {
    match origin {
        WordOrigin::Typed => ("typed", None),
        WordOrigin::Small => ("small", None),
        WordOrigin::PartOf(word) => ("part_of", Some(word.clone())),
        WordOrigin::Product(name) => ("product", Some(name.clone())),
        WordOrigin::StandsFor(words) => ("stands_for", Some(words.clone())),
    }
}

pub(super) fn why_not(why: &Why) -> WhyNot {
    let became = |outcome| WhyNot {
        id: why.asked.clone(),
        title: why.title.clone(),
        outcome,
        rank: None,
        near_copy_of: None,
        kept_out_by: Vec::new(),
        did_you_mean: Vec::new(),
        explanation: why.explained.as_ref().map(explanation),
        against: why.against.as_ref().map(|other| Against { id: other.id.clone(), explanation: explanation(other) }),
    };
    match &why.outcome {
        WhyNotReason::NotHeld { near } => WhyNot { did_you_mean: near.clone(), ..became("not_held") },
        WhyNotReason::Shown { rank } => WhyNot { rank: Some(*rank), ..became("shown") },
        WhyNotReason::NearCopy { of, rank } => {
            WhyNot { rank: Some(*rank), near_copy_of: Some(of.clone()), ..became("near_copy") }
        }
        WhyNotReason::KeptOut(barriers) => {
            WhyNot { kept_out_by: barriers.iter().map(restriction).collect(), ..became("kept_out") }
        }
        WhyNotReason::HoldsNothing => became("holds_nothing"),
        WhyNotReason::Behind { rank } => WhyNot { rank: *rank, ..became("behind") },
        WhyNotReason::Overlooked => became("overlooked"),
    }
}

/// A restriction as it was typed, its alternatives one by one.
pub(super) fn restriction(restriction: &Restriction) -> Vec<String> {
    match restriction {
        Restriction::Pieces(pieces) => pieces.iter().map(QueryPiece::to_string).collect(),
        Restriction::Collections(names) => names.iter().map(|name| format!("in:{name}")).collect(),
    }
}
