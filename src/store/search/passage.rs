//! Finds the passage of an article that matches a query best.

use std::collections::BTreeSet;
use std::ops::Range;

use tantivy::schema::Field;
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::TextAnalyzer;

use super::super::text::StemmedWords;
use super::Snippet;
use super::plan::QueryPlan;
use crate::article::{Section, SectionKind};

/// The length of a snippet in characters.
const SNIPPET_CHARS: usize = 200;

/// Finds the best passage of any article for one query.
pub(super) struct PassageFinder(SnippetGenerator);

impl PassageFinder {
    pub(super) fn new(plan: &QueryPlan<'_>) -> PassageFinder {
        let words = plan.words.iter().map(|word| (word.stem.clone(), word.weight)).collect();
        let stems = plan.words.iter().map(|word| word.stem.as_str());
        let tokenizer = TextAnalyzer::from(StemmedWords::to_find(stems));
        // The generator reads the field only for whole documents, and here it gets texts.
        PassageFinder(SnippetGenerator::new(words, tokenizer, Field::from_field_id(0), SNIPPET_CHARS))
    }

    /// The section with the most words of the query, and its best passage. Restricted to sections of `kinds`, if there are any.
    pub(super) fn best(&self, sections: &[Section], kinds: &[SectionKind]) -> (Option<usize>, Snippet) {
        let may_show = |section: &Section| kinds.is_empty() || kinds.contains(&section.kind);
        let mut best: Option<(usize, usize, tantivy::snippet::Snippet)> = None;
        for (index, section) in sections.iter().enumerate().filter(|(_, section)| may_show(section)) {
            let snippet = self.0.snippet(&section.text);
            let fragment = snippet.fragment();
            let words: BTreeSet<String> =
                snippet.highlighted().iter().map(|range| fragment[range.clone()].to_lowercase()).collect();
            if words.len() > best.as_ref().map_or(0, |(n_words, ..)| *n_words) {
                best = Some((words.len(), index, snippet));
            }
        }
        best.map_or((None, Snippet::default()), |(_, index, snippet)| {
            (Some(index), folded(snippet.fragment(), snippet.highlighted()))
        })
    }
}

/// Replaces each run of white space in `fragment` by one blank, and moves the ranges accordingly.
fn folded(fragment: &str, ranges: &[Range<usize>]) -> Snippet {
    let mut text = String::with_capacity(fragment.len());
    // For each byte of the fragment, its offset in the text.
    let mut moved = Vec::with_capacity(fragment.len());
    for c in fragment.chars() {
        moved.resize(moved.len() + c.len_utf8(), text.len());
        if !c.is_whitespace() {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end().len());
    let place = |at: usize| moved.get(at).copied().unwrap_or(text.len()).min(text.len());
    let highlights = ranges.iter().map(|range| place(range.start)..place(range.end));
    Snippet { highlights: highlights.filter(|range| !range.is_empty()).collect(), text: text.clone() }
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
}
