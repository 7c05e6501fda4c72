//! Explains the score of one article: every part that the ranking adds.
//!
//! The numbers come from the code that ranks, so an explanation cannot differ from the ranking; a property test checks
//! the sum. The reports put the parts into words.

use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use super::super::collection::SearchOptions;
use super::super::filter::{SearchScope, holds, scope};
use super::super::index::text_of;
use super::super::schema::MODIFIED;
use super::super::text::words;
use super::super::{Index, StoreError, attribute};
use super::fuse::{cosine, fusion};
use super::plan::{ExactTerm, QueryPlan, plan};
use super::query_searched;
use super::query_words::WordOrigin;
use super::rank::{extras, n_citing, text_order};
use super::score::SegmentText;
use crate::query::Query;

/// The parts of the score of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreExplanation {
    /// Canonical id.
    pub id: String,
    /// Title, prefix included.
    pub title: String,
    /// The sum of the parts times the weight: [`super::Hit::score`] apart from rounding. 0 when nothing of the query matches.
    pub score: f32,
    /// The factor of the collection of the article; 1 unless the workspace prefers some collections.
    pub weight: f32,
    /// The parts, highest first. The typed words that the article lacks come last, with a score of 0.
    pub parts: Vec<ScorePart>,
}

/// A part of a score. If it has children, it is their sum.
#[derive(Debug, Clone, PartialEq)]
pub struct ScorePart {
    /// What the part is added for.
    pub label: ScoreLabel,
    /// The amount that the part adds to the score, ≥ 0, before the factor of the collection.
    pub score: f32,
    /// The parts of which this part is the sum; empty if it has none.
    pub children: Vec<ScorePart>,
}

/// What a part of a score is added for.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoreLabel {
    /// A word of the query. Its children are its scores in the whole text, the opening and the title.
    Word {
        /// The word as indexed.
        stem: String,
        /// The word as typed; `None` for one that was added to the query.
        typed: Option<String>,
        /// Why it is searched for.
        origin: WordOrigin,
        /// The weight of the word in the query times its rarity, > 0.
        weight: f32,
    },
    /// A word in the whole text, in which each field has a weight.
    Text,
    /// A word in the opening: title, symptoms, summary, messages.
    Opening,
    /// A word in the title alone.
    Title,
    /// A code or event of the query, in canonical form.
    Code(String),
    /// The query names the article by this id or alias.
    Id(String),
    /// The article is about a product that the query mentions.
    Product,
    /// The article is about the version that the query mentions.
    Version,
    /// Other articles refer to it.
    Cited {
        /// The number of articles that refer to it.
        by: u64,
    },
    /// A quoted message, or one place of the text, repeats words of the query in order.
    MessageOrder,
    /// Its title consists of the words of the query.
    ExactTitle,
    /// Its passage has a similar meaning. The scores of the other parts are lower in exchange.
    Meaning {
        /// The cosine of the angle between passage and query, -1–1.
        cosine: f32,
    },
    /// The date of the article, in a list by filters alone: the newer, the higher.
    Date,
}

impl ScorePart {
    fn leaf(label: ScoreLabel, score: f32) -> ScorePart {
        ScorePart { label, score, children: Vec::new() }
    }
}

impl ScoreExplanation {
    /// Whether the article contains anything of the query. That other articles refer to it is not enough.
    pub(super) fn is_match(&self) -> bool {
        let is_content = |label: &ScoreLabel| {
            matches!(
                label,
                ScoreLabel::Word { .. }
                    | ScoreLabel::Code(_)
                    | ScoreLabel::Id(_)
                    | ScoreLabel::Meaning { .. }
                    | ScoreLabel::Date
            )
        };
        self.parts.iter().any(|part| part.score > 0.0 && is_content(&part.label))
    }

    /// The typed words that the article lacks.
    pub fn lacking(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(|part| part.score == 0.0).filter_map(|part| {
            let ScoreLabel::Word { typed, .. } = &part.label else { return None };
            typed.as_deref()
        })
    }
}

/// Explains the score of the article with this id or alias in a search for `query`, whether or not it is a hit. `None` when the
/// store does not hold it.
pub fn explain(
    index: &Index,
    query: &Query,
    name: &str,
    options: &SearchOptions,
) -> Result<Option<ScoreExplanation>, StoreError> {
    let Some(address) = index.address_of(name)? else { return Ok(None) };
    let query = query_searched(index, query, options)?;
    let scope = scope(index, &query, options)?;
    let plan = plan(index, &scope, options)?;
    explained(index, plan.as_ref(), &scope, address).map(Some)
}

/// Explains the score of a document in a search with `plan`, which was made for `scope`.
pub(super) fn explained(
    index: &Index,
    plan: Option<&QueryPlan<'_>>,
    scope: &SearchScope<'_>,
    address: DocAddress,
) -> Result<ScoreExplanation, StoreError> {
    let (mut parts, weight) = match plan {
        Some(plan) => {
            let mut parts = parts(plan, &scope.text, address)?;
            add_meaning(plan, address, &mut parts)?;
            (parts, plan.eligible.weight(address))
        }
        None if scope.is_list() => (vec![date_part(index, address).map_err(|error| index.error(error))?], 1.0),
        None => (Vec::new(), 1.0),
    };
    parts.sort_by(|a, b| b.score.total_cmp(&a.score));
    let document = index.document(address)?;
    Ok(ScoreExplanation {
        id: text_of(&document, index.fields.id),
        title: text_of(&document, index.fields.title),
        score: weight * sum(&parts),
        weight,
        parts,
    })
}

fn parts(plan: &QueryPlan<'_>, text: &str, address: DocAddress) -> Result<Vec<ScorePart>, StoreError> {
    let typed = words(text);
    let typed = |stem: &str| typed.iter().find(|(other, _)| other == stem).map(|(_, at)| text[at.clone()].to_owned());
    let index = plan.index;
    let segment = SegmentText::open(index, address.segment_ord).map_err(|error| index.error(error))?;
    let lengths = segment.lengths(address.doc_id);
    let mut parts = Vec::new();
    for word in &plan.words {
        let counts = segment.counts(address.doc_id, word).map_err(|error| index.error(error))?;
        let label = ScoreLabel::Word {
            stem: word.stem.clone(),
            typed: if word.is_typed() { typed(&word.stem) } else { None },
            origin: word.origin.clone(),
            weight: word.weight,
        };
        let part = word_part(label, word.weight, plan.bm25.parts(&counts, &lengths));
        parts.extend(Some(part).filter(|part| part.score > 0.0 || word.origin == WordOrigin::Typed));
    }
    let held = plan.exact.iter().filter(|exact| holds_exactly(index, exact, address));
    parts.extend(held.map(|exact| exact_part(index, exact)));
    parts.extend(extra_parts(plan, address)?);
    Ok(parts)
}

/// Adds the part for the meaning, and multiplies the other parts by the share that the meaning leaves.
fn add_meaning(plan: &QueryPlan<'_>, address: DocAddress, parts: &mut Vec<ScorePart>) -> Result<(), StoreError> {
    let (Some(meaning), Some(fusion)) = (&plan.meaning, fusion(plan)?) else { return Ok(()) };
    let all = parts.iter_mut().flat_map(|part| {
        std::iter::once(&mut part.score).chain(part.children.iter_mut().map(|child| &mut child.score))
    });
    all.for_each(|score| *score *= 1.0 - fusion.share);
    if let Some(cosine) = cosine(plan.index, meaning, address) {
        parts.push(ScorePart::leaf(ScoreLabel::Meaning { cosine }, fusion.meaning(Some(cosine))));
    }
    Ok(())
}

fn exact_part(index: &Index, exact: &ExactTerm) -> ScorePart {
    let label = if exact.field == index.fields.name { ScoreLabel::Id } else { ScoreLabel::Code };
    ScorePart::leaf(label(exact.term.clone()), exact.score)
}

fn holds_exactly(index: &Index, exact: &ExactTerm, address: DocAddress) -> bool {
    let term = Term::from_field_text(exact.field, &exact.term);
    holds(index, &TermQuery::new(term, IndexRecordOption::Basic), address)
}

fn extra_parts(plan: &QueryPlan<'_>, address: DocAddress) -> Result<impl Iterator<Item = ScorePart>, StoreError> {
    let document = [address.doc_id];
    let extra = extras(plan, address.segment_ord, &document)?.first().copied().unwrap_or_default();
    let order = extra.message_order.max(text_order(plan, address)?);
    let index = plan.index;
    let n_citing = n_citing(index, address.segment_ord, &document).map_err(|error| index.error(error))?;
    let by = n_citing.first().copied().unwrap_or(0);
    let parts = [
        (ScoreLabel::Product, extra.product),
        (ScoreLabel::Version, extra.version),
        (ScoreLabel::Cited { by }, extra.cited),
        (ScoreLabel::MessageOrder, order),
        (ScoreLabel::ExactTitle, extra.exact_title),
    ];
    Ok(parts.into_iter().filter(|(_, score)| *score != 0.0).map(|(label, score)| ScorePart::leaf(label, score)))
}

fn date_part(index: &Index, address: DocAddress) -> tantivy::Result<ScorePart> {
    let modified = index.searcher.segment_reader(address.segment_ord).fast_fields().i64(MODIFIED)?;
    Ok(ScorePart::leaf(ScoreLabel::Date, modified.first(address.doc_id).map_or(1.0, attribute::score_of_day)))
}

/// The part of a word. Its children are the scores in `views`: whole text, opening, title.
fn word_part(label: ScoreLabel, weight: f32, views: [f32; 3]) -> ScorePart {
    let views = [ScoreLabel::Text, ScoreLabel::Opening, ScoreLabel::Title].into_iter().zip(views);
    let held = views.filter(|(_, score)| *score > 0.0);
    let children: Vec<ScorePart> = held.map(|(view, score)| ScorePart::leaf(view, weight * score)).collect();
    ScorePart { label, score: sum(&children), children }
}

/// The sum of parts. Unlike with `Iterator::sum`, the sum of none is 0 and not -0.
fn sum(parts: &[ScorePart]) -> f32 {
    parts.iter().fold(0.0, |sum, part| sum + part.score)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::find;
    use super::super::fixture::{self, Source, commit};
    use super::*;
    use crate::article;
    use crate::query;
    use crate::semantic::{Direction, FindMeaning, Meaning, ModelFingerprint, Vectors};
    use crate::store::Store;

    /// The words of generated articles and queries. With them, queries have product mentions, synonyms, parts, codes,
    /// ids and phrases.
    const WORDS: [&str; 14] = [
        "mail",
        "queue",
        "how",
        "nt4",
        "4",
        "exchange",
        "5.5",
        "ndr",
        "report",
        "0x80040e14",
        "Q100101",
        "disk",
        "server",
        "reboot",
    ];

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(&WORDS[..]), 1..9).prop_map(|words| words.join(" "))
    }

    fn articles() -> impl Strategy<Value = Vec<Source>> {
        prop::collection::vec((text(), text(), text()), 1..12).prop_map(|all| {
            let article = |(n, (title, symptoms, cause)): (usize, &(String, String, String))| {
                fixture::article(n, title, symptoms, cause)
            };
            all.iter().enumerate().map(article).collect()
        })
    }

    /// A store of two segments and two collections.
    fn index(articles: &[Source], cut: usize) -> Index {
        let mut store = Store::in_memory();
        let (old, new) = articles.split_at(cut.min(articles.len()));
        commit(&mut store, old, "old", &[]);
        commit(&mut store, new, "new", &[]);
        store.index().clone()
    }

    fn options(weight: f32) -> SearchOptions {
        let weights = [("old".to_owned(), weight)].into();
        SearchOptions { limit: 20, weights, explain: true, ..SearchOptions::default() }
    }

    /// An encoder whose vectors are the counts of each word. A third of the passages have no vector, as after an ingest.
    fn find_meaning(index: &Index) -> FindMeaning {
        let direction = |text: &str| {
            let text = text.to_lowercase();
            let count = |word: &&str| text.split_whitespace().filter(|other| word.eq_ignore_ascii_case(other)).count();
            Direction::from_vector(&WORDS.each_ref().map(|word| count(word) as f32))
        };
        let passages = index.passages().expect("a store in memory").into_iter();
        let encoded = passages.filter(|(key, _)| key.0 % 3 != 0).map(|(key, text)| (key, direction(&text))).collect();
        let vectors = Arc::new(Vectors::empty(ModelFingerprint(1)).with(&encoded, |_| true));
        FindMeaning::new(move |text| Some(Meaning { direction: direction(text), vectors: Arc::clone(&vectors) }))
    }

    /// Whether the score of a part is at least 0 and, if it has children, equals the sum of theirs.
    fn adds_up(part: &ScorePart) -> bool {
        let sum: f32 = part.children.iter().map(|child| child.score).sum();
        part.score >= 0.0 && (part.children.is_empty() || (sum - part.score).abs() < 1e-5 * part.score.max(1.0))
    }

    #[test]
    fn a_part_that_is_not_the_sum_of_its_children_does_not_add_up() {
        let part = |score, child| ScorePart { score, ..word_part(ScoreLabel::Text, 1.0, [child, 0.0, 0.0]) };
        assert_eq!(
            [adds_up(&part(2.0, 2.0)), adds_up(&part(2.0, 1.9)), adds_up(&part(-1.0, 1.0))],
            [true, false, false]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_parts_of_a_score_add_up_to_it(
            articles in articles(),
            query in text(),
            filter in prop::sample::select(&["", " product:exchange", " \"mail queue\"", " -disk", " section:cause"][..]),
            weight in prop::sample::select(&[1.0f32, 3.0][..]),
            cut in 0usize..12,
            has_encoder in any::<bool>(),
        ) {
            let index = index(&articles, cut);
            let options = SearchOptions { meaning: has_encoder.then(|| find_meaning(&index)), ..options(weight) };
            let typed = query + filter;
            let query = query::parse(&typed);
            for hit in find(&index, &query, &options).expect("a search").hits {
                let explained = hit.explanation.expect("it was requested");
                let sum = explained.weight * explained.parts.iter().map(|part| part.score).sum::<f32>();
                prop_assert!((sum - hit.score).abs() < 1e-3 * hit.score, "{typed}: {sum} is not {}", hit.score);
                prop_assert!(explained.parts.iter().flat_map(|part| [part].into_iter().chain(&part.children)).all(adds_up));
                prop_assert_eq!(explain(&index, &query, &hit.stored.article.id, &options).expect("a look-up"), Some(explained));
            }
        }
    }

    fn two() -> Index {
        let article = |id: &str, title: &str, symptoms: &str| {
            let text = format!("---\nid: {id}\ntitle: {title}\nmodified: 1999-03-16\n---\n\n# {title}\n\n{symptoms}\n");
            (article::parse(&text, "").expect("the layout is known"), text)
        };
        let queue = article("Q100100", "Mail waits in the queue", "An NDR comes with 0x80040e14. See Q100200.");
        let disk = article("Q100200", "The disk is full", "No report of non delivery comes.");
        index(&[queue, disk], 2)
    }

    fn labels(typed: &str, id: &str) -> Vec<ScoreLabel> {
        let explained = explain(&two(), &query::parse(typed), id, &SearchOptions::default())
            .expect("a look-up")
            .expect("it is held");
        explained.parts.into_iter().map(|part| part.label).collect()
    }

    #[test]
    fn each_part_says_what_it_is_for() {
        let is_word = |label: &ScoreLabel, stem: &str, origin: &WordOrigin| matches!(label, ScoreLabel::Word { stem: s, origin: o, .. } if s == stem && o == origin);
        let found = labels("the queue 0x80040e14 Q100100", "Q100100");
        assert_eq!(found[..2], [ScoreLabel::Id("Q100100".to_owned()), ScoreLabel::Code("0x80040e14".to_owned())]);
        assert!(is_word(&found[found.len() - 1], "the", &WordOrigin::Small), "{found:?}");
        let found = labels("ndr mailbox mail", "Q100200");
        let stands_for = WordOrigin::StandsFor("ndr".to_owned());
        for stem in ["report", "non", "deliveri"] {
            assert!(found.iter().any(|label| is_word(label, stem, &stands_for)), "{found:?}");
        }
        assert!(found.contains(&ScoreLabel::Cited { by: 1 }), "{found:?}");
        assert_eq!(labels("the disk is full", "Q100200")[0], ScoreLabel::ExactTitle);
        assert_eq!(labels("since:1999", "Q100200"), [ScoreLabel::Date]);
    }

    #[test]
    fn words_that_are_lacking_are_named_and_an_unknown_article_is_not_explained() {
        let explained_in = |typed: &str, id: &str| {
            explain(&two(), &query::parse(typed), id, &SearchOptions::default()).expect("a look-up")
        };
        let explained = explained_in("disk queue", "kb100200").expect("it is held");
        assert_eq!((&*explained.id, explained.lacking().collect::<Vec<_>>()), ("Q100200", vec!["queue"]));
        assert_eq!(explained_in("queue", "Q100200").expect("it is held").score, 0.1 * 2f32.ln());
        assert_eq!(explained_in("queue", "Q100300"), None);
    }
}
