//! Explains the score of one article: every part that the ranking adds.
//!
//! The numbers come from the code that ranks, so an explanation cannot differ from the ranking; a property test checks the sum.
//! The reports do the wording.

use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use super::super::collection::SearchOptions;
use super::super::filter::Scope;
use super::super::filter::holds;
use super::super::filter::scope;
use super::super::index::text_of;
use super::super::schema::MODIFIED;
use super::super::text::words;
use super::super::{Index, StoreError, attribute};
use super::asked::Origin;
use super::fuse::cosine;
use super::fuse::fusion;
use super::plan::plan;
use super::plan::{Exact, Plan};
use super::query_searched;
use super::rank::extras;
use super::rank::n_citing;
use super::score::{Among, SegmentText};
use crate::query::Query;

/// The parts of the score of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Canonical id.
    pub id: String,
    /// Title, prefix included.
    pub title: String,
    /// The sum of the parts times the weight: [`super::Hit::score`] apart from rounding. 0 when nothing of the query matches.
    pub score: f32,
    /// The factor of the collection of the article; 1 unless the workspace prefers some collections.
    pub weight: f32,
    /// The parts, highest first. The typed words that the article lacks come last, with a score of 0.
    pub parts: Vec<Part>,
}

/// A part of a score. If it has children, it is their sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What the part is for.
    pub label: Label,
    /// The amount that it adds, ≥ 0, before the factor of the collection.
    pub score: f32,
    /// Its own parts.
    pub children: Vec<Part>,
}

/// The meaning of a part of a score.
#[derive(Debug, Clone, PartialEq)]
pub enum Label {
    /// A word of the query. Its children are the views of the article.
    Word {
        /// The word as indexed.
        stem: String,
        /// The word as typed; `None` for one that was added to the query.
        typed: Option<String>,
        /// Why it is searched for.
        origin: Origin,
        /// Its weight in the query times its rarity, > 0.
        weight: f32,
    },
    /// The whole text, with weighted fields.
    Text,
    /// The opening: title, symptoms, summary, messages.
    Opening,
    /// The title alone.
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
        /// The number of these.
        by: u64,
    },
    /// A quoted message repeats words of the query in order.
    MessageOrder,
    /// Its title is the query.
    ExactTitle,
    /// Its passage has a similar meaning. The other parts count less in turn.
    Meaning {
        /// The cosine of the angle between passage and query, -1–1.
        cosine: f32,
    },
    /// The date of the article, in a list by filters alone: the newer, the higher.
    Date,
}

impl Part {
    fn leaf(label: Label, score: f32) -> Part {
        Part { label, score, children: Vec::new() }
    }
}

impl Explained {
    /// Whether the article contains anything of the query. That other articles refer to it is not enough.
    pub(super) fn is_match(&self) -> bool {
        let is_asked = |label: &Label| {
            matches!(label, Label::Word { .. } | Label::Code(_) | Label::Id(_) | Label::Meaning { .. } | Label::Date)
        };
        self.parts.iter().any(|part| part.score > 0.0 && is_asked(&part.label))
    }

    /// The typed words that the article lacks.
    pub fn lacking(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(|part| part.score == 0.0).filter_map(|part| {
            let Label::Word { typed, .. } = &part.label else { return None };
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
) -> Result<Option<Explained>, StoreError> {
    let Some(address) = index.address_of(name)? else { return Ok(None) };
    let query = query_searched(index, query, options)?;
    let scope = scope(index, &query, options)?;
    let plan = plan(index, &scope.text, options)?;
    let among = Among::new(index, &scope)?;
    explained(index, plan.as_ref(), &scope, &among, address).map(Some)
}

/// Explains the score of a document in a search for `plan` within `scope`; `among` is that of `scope`.
pub(super) fn explained(
    index: &Index,
    plan: Option<&Plan<'_>>,
    scope: &Scope<'_>,
    among: &Among,
    address: DocAddress,
) -> Result<Explained, StoreError> {
    let (mut parts, weight) = match plan {
        Some(plan) => {
            let mut parts = parts(index, plan, &scope.text, address)?;
            add_meaning(index, plan, among, address, &mut parts)?;
            (parts, among.weight(address))
        }
        None if scope.is_list() => (vec![date_part(index, address).map_err(|error| index.error(error))?], 1.0),
        None => (Vec::new(), 1.0),
    };
    parts.sort_by(|a, b| b.score.total_cmp(&a.score));
    let document = index.document(address)?;
    Ok(Explained {
        id: text_of(&document, index.fields.id),
        title: text_of(&document, index.fields.title),
        score: weight * sum(&parts),
        weight,
        parts,
    })
}

fn parts(index: &Index, plan: &Plan<'_>, text: &str, address: DocAddress) -> Result<Vec<Part>, StoreError> {
    let typed = words(text);
    let typed = |stem: &str| typed.iter().find(|(other, _)| other == stem).map(|(_, at)| text[at.clone()].to_owned());
    let segment = SegmentText::open(index, address.segment_ord).map_err(|error| index.error(error))?;
    let lengths = segment.lengths(address.doc_id);
    let mut parts = Vec::new();
    for word in &plan.words {
        let counts = segment.counts(address.doc_id, word).map_err(|error| index.error(error))?;
        let label = Label::Word {
            stem: word.stem.clone(),
            typed: if word.is_typed() { typed(&word.stem) } else { None },
            origin: word.origin.clone(),
            weight: word.weight,
        };
        let part = word_part(label, word.weight, plan.bm25.parts(&counts, &lengths));
        parts.extend(Some(part).filter(|part| part.score > 0.0 || word.origin == Origin::Typed));
    }
    let held = plan.exact.iter().filter(|exact| holds_exactly(index, exact, address));
    parts.extend(held.map(|exact| exact_part(index, exact)));
    parts.extend(extra_parts(index, plan, address)?);
    Ok(parts)
}

/// Adds the part of the meaning, and scales the other parts to the rest.
fn add_meaning(
    index: &Index,
    plan: &Plan<'_>,
    among: &Among,
    address: DocAddress,
    parts: &mut Vec<Part>,
) -> Result<(), StoreError> {
    let (Some(meaning), Some(fusion)) = (&plan.meaning, fusion(index, plan, among)?) else { return Ok(()) };
    let all = parts.iter_mut().flat_map(|part| {
        std::iter::once(&mut part.score).chain(part.children.iter_mut().map(|child| &mut child.score))
    });
    all.for_each(|score| *score *= 1.0 - fusion.share);
    if let Some(cosine) = cosine(index, meaning, address) {
        parts.push(Part::leaf(Label::Meaning { cosine }, fusion.meaning(Some(cosine))));
    }
    Ok(())
}

fn exact_part(index: &Index, exact: &Exact) -> Part {
    let label = if exact.field == index.fields.name { Label::Id } else { Label::Code };
    Part::leaf(label(exact.term.clone()), exact.score)
}

fn holds_exactly(index: &Index, exact: &Exact, address: DocAddress) -> bool {
    let term = Term::from_field_text(exact.field, &exact.term);
    holds(index, &TermQuery::new(term, IndexRecordOption::Basic), address)
}

fn extra_parts(index: &Index, plan: &Plan<'_>, address: DocAddress) -> Result<impl Iterator<Item = Part>, StoreError> {
    let document = [address.doc_id];
    let extra = extras(index, plan, address.segment_ord, &document)?.first().copied().unwrap_or_default();
    let n_citing = n_citing(index, address.segment_ord, &document).map_err(|error| index.error(error))?;
    let by = n_citing.first().copied().unwrap_or(0);
    let parts = [
        (Label::Product, extra.product),
        (Label::Version, extra.version),
        (Label::Cited { by }, extra.cited),
        (Label::MessageOrder, extra.message_order),
        (Label::ExactTitle, extra.exact_title),
    ];
    Ok(parts.into_iter().filter(|(_, score)| *score != 0.0).map(|(label, score)| Part::leaf(label, score)))
}

fn date_part(index: &Index, address: DocAddress) -> tantivy::Result<Part> {
    let modified = index.searcher.segment_reader(address.segment_ord).fast_fields().i64(MODIFIED)?;
    Ok(Part::leaf(Label::Date, modified.first(address.doc_id).map_or(1.0, attribute::score_of_day)))
}

/// The part of a word, with its views as children.
fn word_part(label: Label, weight: f32, views: [f32; 3]) -> Part {
    let views = [Label::Text, Label::Opening, Label::Title].into_iter().zip(views);
    let held = views.filter(|(_, score)| *score > 0.0);
    let children: Vec<Part> = held.map(|(view, score)| Part::leaf(view, weight * score)).collect();
    Part { label, score: sum(&children), children }
}

/// The sum of parts. Unlike with `Iterator::sum`, the sum of none is 0 and not -0.
fn sum(parts: &[Part]) -> f32 {
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
    use crate::semantic::{Direction, FindMeaning, Fingerprint, Meaning, Vectors};
    use crate::store::Store;

    /// Words that make product mentions, synonyms, parts, codes, ids and phrases possible.
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

    /// A search for what texts mean where they mean how often each word stands in them. A third of the passages have no
    /// vector, as after an ingest.
    fn find_meaning(index: &Index) -> FindMeaning {
        let direction = |text: &str| {
            let text = text.to_lowercase();
            let count = |word: &&str| text.split_whitespace().filter(|other| word.eq_ignore_ascii_case(other)).count();
            Direction::of(&WORDS.each_ref().map(|word| count(word) as f32))
        };
        let passages = index.passages().expect("a store in memory").into_iter();
        let encoded = passages.filter(|(key, _)| key.0 % 3 != 0).map(|(key, text)| (key, direction(&text))).collect();
        let vectors = Arc::new(Vectors::empty(Fingerprint(1)).with(&encoded, |_| true));
        FindMeaning::new(move |text| Some(Meaning { direction: direction(text), vectors: Arc::clone(&vectors) }))
    }

    /// Whether a part is what its children add up to, and none of them is negative.
    fn adds_up(part: &Part) -> bool {
        let sum: f32 = part.children.iter().map(|child| child.score).sum();
        part.score >= 0.0 && (part.children.is_empty() || (sum - part.score).abs() < 1e-5 * part.score.max(1.0))
    }

    #[test]
    fn a_part_that_is_not_the_sum_of_its_children_does_not_add_up() {
        let part = |score, child| Part { score, ..word_part(Label::Text, 1.0, [child, 0.0, 0.0]) };
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
                let explained = hit.explanation.expect("it was asked for");
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

    fn labels(typed: &str, id: &str) -> Vec<Label> {
        let explained = explain(&two(), &query::parse(typed), id, &SearchOptions::default())
            .expect("a look-up")
            .expect("it is held");
        explained.parts.into_iter().map(|part| part.label).collect()
    }

    #[test]
    fn each_part_says_what_it_is_for() {
        let is_word = |label: &Label, stem: &str, origin: &Origin| matches!(label, Label::Word { stem: s, origin: o, .. } if s == stem && o == origin);
        let found = labels("the queue 0x80040e14 Q100100", "Q100100");
        assert_eq!(found[..2], [Label::Id("Q100100".to_owned()), Label::Code("0x80040e14".to_owned())]);
        assert!(is_word(&found[found.len() - 1], "the", &Origin::Small), "{found:?}");
        let found = labels("ndr mailbox mail", "Q100200");
        let stands_for = Origin::StandsFor("ndr".to_owned());
        for stem in ["report", "non", "deliveri"] {
            assert!(found.iter().any(|label| is_word(label, stem, &stands_for)), "{found:?}");
        }
        assert!(found.contains(&Label::Cited { by: 1 }), "{found:?}");
        assert_eq!(labels("the disk is full", "Q100200")[0], Label::ExactTitle);
        assert_eq!(labels("since:1999", "Q100200"), [Label::Date]);
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
