//! Checks the parts of a query that the index cannot check, since it has neither sections nor the positions of words: phrases,
//! and words within a section. Reads the article, which takes about 0.1 ms; the index has reduced the candidates before.

use super::text::{terms, words};
use crate::article::{Article, SectionKind, full_title};
use crate::query::Query;

/// Whether the query has parts that [`verify`] checks.
pub(super) fn needs_reading(query: &Query) -> bool {
    query.phrases().next().is_some()
        || query.sections().next().is_some()
        || query.excluded().any(|words| terms_in_order(words).len() > 1)
}

/// Whether an article contains each phrase, with its words in a row, and no excluded phrase. If the query names kinds
/// of sections, only such sections are searched for phrases, and the sections of one of these kinds must contain all
/// words. Words are compared by their stems.
pub fn verify(query: &Query, article: &Article) -> bool {
    let kinds: Vec<SectionKind> = query.sections().collect();
    let passages = passages(article);
    let of_kinds =
        || passages.iter().filter(|passage| kinds.is_empty() || passage.kind.is_some_and(|kind| kinds.contains(&kind)));
    let holds = |phrase: &str| of_kinds().any(|passage| passage.holds(&terms_in_order(phrase)));
    let is_excluded = |phrase: &str| {
        let phrase = terms_in_order(phrase);
        !phrase.is_empty() && passages.iter().any(|passage| passage.holds(&phrase))
    };
    if !query.phrases().all(holds) || query.excluded().any(is_excluded) {
        return false;
    }
    let words = terms(&query.text());
    kinds.is_empty()
        || kinds.iter().any(|kind| are_within(&words, passages.iter().filter(|passage| passage.kind == Some(*kind))))
}

/// A text that is searched for phrases: a title, the keywords, or a section. A phrase cannot begin in one and end in
/// another.
struct PhraseScope {
    /// `None` for the title and the keywords.
    kind: Option<SectionKind>,
    terms: Vec<String>,
}

impl PhraseScope {
    fn holds(&self, phrase: &[String]) -> bool {
        phrase.is_empty() || self.terms.windows(phrase.len()).any(|window| window == phrase)
    }
}

fn passages(article: &Article) -> Vec<PhraseScope> {
    let passage = |kind, text: &str| PhraseScope { kind, terms: terms_in_order(text) };
    let own = [full_title(article), article.keywords.join(" ")];
    let sections =
        article.sections.iter().flat_map(|section| [(section.kind, &section.title), (section.kind, &section.text)]);
    let own = own.iter().map(|text| passage(None, text));
    own.chain(sections.map(|(kind, text)| passage(Some(kind), text))).collect()
}

fn are_within<'a>(words: &[String], passages: impl Iterator<Item = &'a PhraseScope> + Clone) -> bool {
    words.iter().all(|word| passages.clone().any(|passage| passage.terms.contains(word)))
        && passages.clone().next().is_some()
}

fn terms_in_order(text: &str) -> Vec<String> {
    words(text).into_iter().map(|(term, _)| term).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{article, query};

    const RUNBOOK: &str = "---\nid: rb-1\ntitle: Mail stays in the queue\nkeywords: spooler\n---\n\n# Mail stays in the queue\n\n\
        ## Symptoms\n\nThe public folders are slow.\n\nFree and busy times are missing.\n\n## Cause\n\nThe disk of the server is full.\n";

    #[track_caller]
    fn check(query: &str, expect: bool) {
        let article = article::parse(RUNBOOK, "rb-1").expect("an article");
        let query = query::parse(query);
        assert!(needs_reading(&query), "{query}");
        assert_eq!(verify(&query, &article), expect, "{query}");
    }

    #[test]
    fn the_words_of_a_phrase_are_in_a_row() {
        check(r#""public folder" slow"#, true);
        check(r#""mail stays""#, true);
        check(r#""folder public""#, false);
        check(r#""public slow""#, false);
        check(r#""slow free busy""#, false);
        check(r#""public folder" "mail waits""#, false);
    }

    #[test]
    fn an_excluded_phrase_occurs_nowhere() {
        check(r#"slow -"public folder""#, false);
        check(r#"slow -"folder public""#, true);
        check("slow -free-busy", true);
        check("slow -free-and", false);
    }

    #[test]
    fn all_words_are_in_the_section() {
        check("section:cause disk full", true);
        check("section:cause disk slow", false);
        check("section:cause section:symptoms slow", true);
        check("section:resolution disk", false);
        check(r#"section:cause "public folder""#, false);
        check(r#"section:symptoms "public folder" slow"#, true);
        check("section:cause", true);
        check("section:workaround", false);
    }
}
