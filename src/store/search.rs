//! Full-text search: a query in any words, ranked articles with the passage that fits best.
//!
//! A query is never a syntax error: whatever is no filter is cut into terms, and documents that hold more and rarer ones rank
//! higher (BM25 over one weighted field). Codes and article ids in the query are looked up exactly and come first.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use tantivy::collector::{Collector, TopDocs};
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocAddress, Term};

use super::collection::SearchOptions;
use super::facets::Facets;
use super::filter::{self, Scope, UnmatchedFilter};
use super::near::Sketches;
use super::reader::{StoredArticle, text_of};
use super::text::terms;
use super::{Store, StoreError};
use crate::article::{self, Section, SectionKind};
use crate::identifier::{self, IdentifierKind};
use crate::query;

/// A document that holds all of a long pasted text is found by its rarest words; the rest costs time and changes little.
const MAX_TERMS: usize = 48;

/// What the title's own BM25 score counts for beside that of the weighted text.
const TITLE_BOOST: f32 = 0.3;

/// An exact code outweighs what one or two ordinary words can add (a rare word scores about 10).
const CODE_SCORE: f32 = 25.0;

/// An article asked for by its id comes first.
const ID_SCORE: f32 = 1000.0;

/// Scores that differ by less than this are ties, which the id decides: the order must not depend on how the documents
/// are spread over segments.
const TIE: f32 = 1e-4;

/// Extra candidates fetched, so that a tie at the last rank is decided by id as well.
const TIE_MARGIN: usize = 10;

/// Characters of a snippet.
const SNIPPET_CHARS: usize = 200;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Documents that hold at least one of the terms.
    pub total: usize,
    /// The best of them, best first; one that says the same as a better one is among the near-copies of that.
    pub hits: Vec<Hit>,
    /// The query with words that no article holds replaced by near ones that some do, if there are any.
    pub suggestion: Option<String>,
    /// For each facet, how many of all found articles have each value; empty unless asked for.
    pub facets: Facets,
    /// What was asked for besides words and no article fulfils, so that it did not restrict the search.
    pub unmatched: Vec<UnmatchedFilter>,
}

/// One article that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The article.
    pub stored: StoredArticle,
    /// Sum of BM25 scores, > 0; comparable within one search.
    pub score: f32,
    /// Ids of the articles that say the same and are no better hits, if they are hits at all; sorted.
    pub near_copies: Vec<String>,
    /// Index of the section that fits best; `None` when only title or keywords do.
    pub section: Option<usize>,
    /// The passage that fits best.
    pub snippet: Snippet,
}

/// A passage with the words that were searched for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The passage, white space folded.
    pub text: String,
    /// Byte ranges of the words in it, in order, not overlapping.
    pub highlights: Vec<Range<usize>>,
}

/// A hit without its article: what diagnosis needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Canonical id.
    pub id: String,
    /// Title.
    pub title: String,
    /// As [`Hit::score`].
    pub score: f32,
}

impl Store {
    /// The articles that fit what was typed best, with a passage each. Filters without words list what fulfils them, the
    /// newest first. Nothing to search for finds nothing.
    pub fn search(&self, typed: &str, options: &SearchOptions) -> Result<Found, StoreError> {
        let query = query::parse(typed);
        let found = self.search_for(&query, options)?;
        if !found.hits.is_empty() {
            return Ok(found);
        }
        let (looser, unmatched) = filter::loosened(&query);
        if unmatched.is_empty() {
            return Ok(found);
        }
        let mut more = self.search_for(&looser, options)?;
        if more.hits.is_empty() {
            return Ok(found);
        }
        more.unmatched.extend(unmatched);
        Ok(more)
    }

    fn search_for(&self, query: &query::Query, options: &SearchOptions) -> Result<Found, StoreError> {
        let scope = self.scope(query, options)?;
        let suggestion = self.suggestion(&scope.text)?.map(|better| scope.query.with_text(better).to_string());
        let parsed = self.parse_query(&scope)?;
        let sketches = self.sketches()?;
        let matches = self.matches(parsed.as_deref(), &scope, &sketches, options)?;
        let addresses: Vec<DocAddress> = matches.leaders.iter().map(|(_, address)| *address).collect();
        let copies = self.copies_of(&sketches, &addresses, |copy| self.is_within(&scope, copy))?;
        let kinds: Vec<SectionKind> = scope.query.sections().collect();
        let snippets = parsed.map(|parsed| self.snippets(parsed.as_ref())).transpose()?;
        let mut hits = Vec::with_capacity(matches.leaders.len());
        for ((score, address), near_copies) in matches.leaders.into_iter().zip(copies) {
            let Some(stored) = self.load(address)? else { continue };
            let passage = snippets.as_ref().map(|snippets| best_passage(snippets, &stored.article.sections, &kinds));
            let (section, snippet) = passage.unwrap_or_default();
            hits.push(Hit { stored, score, near_copies, section, snippet });
        }
        Ok(Found { total: matches.total, hits, suggestion, facets: matches.facets, unmatched: scope.unmatched })
    }

    /// The articles that fit `text` best, by id and title alone: no article is parsed, and near-copies are not told apart
    /// from other articles. Nothing in the text is syntax.
    pub fn rank(&self, text: &str, options: &SearchOptions) -> Result<Vec<Ranked>, StoreError> {
        let scope = self.scope(&query::Query::plain(text), options)?;
        let Some(parsed) = self.parse_query(&scope)? else { return Ok(Vec::new()) };
        let collector = self.top_docs(options.limit + TIE_MARGIN);
        let top = self.searcher.search(&parsed, &collector).map_err(|error| self.error(error))?;
        let ranked = self.in_order(top)?.into_iter().take(options.limit).map(|(score, address)| {
            let document = self.document(address)?;
            Ok(Ranked { id: text_of(&document, self.fields.id), title: text_of(&document, self.fields.title), score })
        });
        ranked.collect()
    }

    fn snippets(&self, query: &dyn Query) -> Result<SnippetGenerator, StoreError> {
        let snippets = SnippetGenerator::create(&self.searcher, query, self.fields.text);
        let mut snippets = snippets.map_err(|error| self.error(error))?;
        snippets.set_max_num_chars(SNIPPET_CHARS);
        Ok(snippets)
    }

    /// The `limit` best of `top` that are no near-copies of better ones. Fetches more where near-copies leave too few;
    /// `top` is a [`first_fetch`].
    pub(super) fn leaders(
        &self,
        query: &dyn Query,
        sketches: &Sketches<'_>,
        mut top: Vec<(f32, DocAddress)>,
        limit: usize,
    ) -> Result<Vec<(f32, DocAddress)>, StoreError> {
        let mut n_fetched = first_fetch(limit);
        loop {
            let are_all = top.len() < n_fetched;
            let mut ranked = self.in_order(top)?;
            if !are_all {
                ranked.truncate(n_fetched - TIE_MARGIN);
            }
            let leaders = sketches.leaders(&ranked, limit);
            if are_all || leaders.len() == limit {
                return Ok(leaders);
            }
            n_fetched *= 2;
            top = self.searcher.search(query, &self.top_docs(n_fetched)).map_err(|error| self.error(error))?;
        }
    }

    /// `None` when the query holds nothing that the store knows.
    fn parse_query(&self, scope: &Scope<'_>) -> Result<Option<Box<dyn Query>>, StoreError> {
        let query = scope.text.as_str();
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for term in self.rarest_terms(query)? {
            clauses.push((Occur::Should, self.scored(self.fields.text, &term)));
            let title = BoostQuery::new(self.scored(self.fields.title, &term), TITLE_BOOST);
            clauses.push((Occur::Should, Box::new(title)));
        }
        for code in codes(query) {
            clauses.push((Occur::Should, self.exact(self.fields.code, &code, CODE_SCORE)));
        }
        for id in article_ids(query) {
            clauses.push((Occur::Should, self.exact(self.fields.name, &id, ID_SCORE)));
        }
        if clauses.is_empty() {
            return Ok(None);
        }
        self.scoped(BooleanQuery::new(clauses), scope).map(Some)
    }

    fn scored(&self, field: Field, term: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs))
    }

    fn exact(&self, field: Field, term: &str, score: f32) -> Box<dyn Query> {
        let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::Basic);
        Box::new(ConstScoreQuery::new(Box::new(query), score))
    }

    /// The terms of `query` that the store holds, at most [`MAX_TERMS`], the rarest ones.
    fn rarest_terms(&self, query: &str) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        for (position, term) in terms(query).into_iter().enumerate() {
            let frequency = self.searcher.doc_freq(&Term::from_field_text(self.fields.text, &term));
            match frequency.map_err(|error| self.error(error))? {
                0 => {}
                frequency => found.push((frequency, position, term)),
            }
        }
        found.sort_unstable();
        found.truncate(MAX_TERMS);
        Ok(found.into_iter().map(|(_, _, term)| term).collect())
    }

    /// tantivy makes room for as many hits as it is asked for: never more than there can be.
    pub(super) fn top_docs(&self, n: usize) -> impl Collector<Fruit = Vec<(f32, DocAddress)>> + use<> {
        let most = usize::try_from(self.searcher.num_docs()).unwrap_or(usize::MAX).max(1);
        TopDocs::with_limit(n.min(most)).order_by_score()
    }

    /// `top` best first, ties by id. Ids are read for ties alone.
    pub(super) fn in_order(&self, mut top: Vec<(f32, DocAddress)>) -> Result<Vec<(f32, DocAddress)>, StoreError> {
        top.sort_by_key(|(score, _)| Reverse(in_ties(*score)));
        let mut ranked = Vec::with_capacity(top.len());
        for tied in top.chunk_by(|a, b| in_ties(a.0) == in_ties(b.0)) {
            if let [alone] = tied {
                ranked.push(*alone);
                continue;
            }
            let with_id = |&(score, address): &(f32, DocAddress)| Ok((self.id_at(address)?, score, address));
            let mut tied = tied.iter().map(with_id).collect::<Result<Vec<_>, StoreError>>()?;
            tied.sort_by(|a, b| a.0.cmp(&b.0));
            ranked.extend(tied.into_iter().map(|(_, score, address)| (score, address)));
        }
        Ok(ranked)
    }
}

/// How many hits to fetch at first for `limit` to be left when near-copies are taken together: few have any.
pub(super) fn first_fetch(limit: usize) -> usize {
    limit + limit / 4 + TIE_MARGIN
}

/// Scores of one tie have the same number, higher ones a higher one.
pub(super) fn in_ties(score: f32) -> i64 {
    (score / TIE).round() as i64
}

/// Canonical codes and events in a query. Files and replies are too common to outweigh the words around them.
fn codes(query: &str) -> Vec<String> {
    let exact = identifier::find(query)
        .into_iter()
        .filter(|found| matches!(found.kind, IdentifierKind::Code | IdentifierKind::Stop | IdentifierKind::Event));
    exact.map(|found| found.value).collect()
}

/// Words that are article ids: `Q169781`, `KB169781`, `cb-disk-full`. A bare number is one only when it is the whole query,
/// since messages are full of numbers: `(10061)`.
fn article_ids(query: &str) -> Vec<String> {
    let punctuation = |c: char| !c.is_alphanumeric();
    let words: Vec<&str> = query.split_whitespace().map(|word| word.trim_matches(punctuation)).collect();
    let is_alone = words.len() == 1;
    let id = |word: &&str| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = article::canonical_id(word);
        // Only an id of the Microsoft families gets a capital letter.
        let is_id = canonical.starts_with('Q') && (is_alone || !is_number);
        (is_id || canonical.starts_with("cb-")).then_some(canonical)
    };
    words.iter().filter_map(id).collect()
}

/// The section with most of the query's words, and its best passage: of one of these kinds, where any are asked for.
fn best_passage(snippets: &SnippetGenerator, sections: &[Section], kinds: &[SectionKind]) -> (Option<usize>, Snippet) {
    let mut best: (usize, Option<usize>, Snippet) = (0, None, Snippet::default());
    let may_show = |section: &Section| kinds.is_empty() || kinds.contains(&section.kind);
    for (index, section) in sections.iter().enumerate().filter(|(_, section)| may_show(section)) {
        let snippet = snippets.snippet(&section.text);
        let fragment = snippet.fragment();
        let words: std::collections::BTreeSet<String> =
            snippet.highlighted().iter().map(|range| fragment[range.clone()].to_lowercase()).collect();
        if words.len() > best.0 {
            best = (words.len(), Some(index), folded(fragment, snippet.highlighted()));
        }
    }
    (best.1, best.2)
}

/// `fragment` with every run of white space as one blank, and the ranges moved along.
fn folded(fragment: &str, ranges: &[Range<usize>]) -> Snippet {
    let mut text = String::with_capacity(fragment.len());
    let mut moved: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, c) in fragment.char_indices() {
        moved.insert(at, text.len());
        if !c.is_whitespace() {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end().len());
    let place = |at: usize| moved.get(&at).copied().unwrap_or(text.len()).min(text.len());
    let highlights = ranges.iter().map(|range| place(range.start)..place(range.end)).filter(|range| !range.is_empty());
    Snippet { highlights: highlights.collect(), text: text.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_moves_the_highlights_along() {
        let snippet = folded("\n  mail   stays\n in queue", &[3..7, 20..25]);
        assert_eq!(snippet.text, "mail stays in queue");
        let words: Vec<&str> = snippet.highlights.iter().map(|range| &snippet.text[range.clone()]).collect();
        assert_eq!(words, ["mail", "queue"]);
    }

    #[test]
    fn a_bare_number_is_an_id_only_alone() {
        assert_eq!(article_ids(" 169781 "), ["Q169781"]);
        assert_eq!(article_ids("(169781)"), ["Q169781"]);
        for message in ["421 Unable to contact", "connection failed (10061)", "Über (word) [12345]", "q a"] {
            assert_eq!(article_ids(message), Vec::<String>::new(), "{message}");
        }
        assert_eq!(article_ids("see (KB169781), and cb-disk-full."), ["Q169781", "cb-disk-full"]);
    }
}
