//! The `explanation` and `why_not` of `casebook search --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::query::QueryPiece;
use crate::store::{Restriction, ScoreExplanation, ScoreLabel, ScorePart, WhyNot as Why, WhyNotReason, WordOrigin};

/// Where a score comes from: `collection_weight` times the sum of the parts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Explanation {
    score: f32,
    /// The weight of the article's collection, which multiplies the score.
    collection_weight: f32,
    /// Parts of the score, largest first; then, with 0, the typed words that the article does not contain.
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
    /// How a word came into the query: `typed`, `small` (typed and common), `part_of`, `product`, `stands_for`.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'static str>,
    /// The word that it is a part of, the product that it names, or the words that it was added for.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    /// The weight of a word in the query times its rarity.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f32>,
    /// Number of articles that refer to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<u64>,
    /// Cosine of the angle between the meanings of query and article, -1 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    cosine: Option<f32>,
    /// Its share of the score.
    score: f32,
    /// The parts that it is the sum of.
    parts: Vec<Part>,
}

/// Why an article is not among the hits.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WhyNot {
    /// As given.
    id: String,
    /// Null if the KB does not contain it.
    title: Option<String>,
    /// `not_held`, `shown`, `near_copy`, `kept_out`, `holds_nothing`, `behind` or `overlooked` (its words alone
    /// give it such a low rank that the search did not look at the rest).
    outcome: &'static str,
    /// Its rank, or the rank of its near-copy; null beyond the first thousand.
    rank: Option<usize>,
    /// The hit that it is a near-copy of.
    near_copy_of: Option<String>,
    /// Restrictions that exclude it: each is a list of alternatives that it does not match, or an exclusion that it matches.
    kept_out_by: Vec<Vec<String>>,
    /// Similar ids, if the KB does not contain it.
    did_you_mean: Vec<String>,
    /// Its score; null if it is not in the KB, excluded, or contains nothing of the query.
    explanation: Option<Explanation>,
    /// The hit to compare with: the last one, or its near-copy.
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
