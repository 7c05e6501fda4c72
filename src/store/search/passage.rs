//! The passage of an article that fits a query best.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use tantivy::schema::Field;
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::TextAnalyzer;

use super::super::text::StemmedWords;
use super::Snippet;
use super::plan::Plan;
use crate::article::{Section, SectionKind};

/// Characters of a snippet.
const SNIPPET_CHARS: usize = 200;

/// Finds passages for one query.
pub(super) struct Passages(SnippetGenerator);

impl Passages {
    pub(super) fn new(plan: &Plan<'_>) -> Passages {
        let words = plan.words.iter().map(|word| (word.stem.clone(), word.weight)).collect();
        let tokenizer = TextAnalyzer::from(StemmedWords::default());
        // The field is of use for documents only.
        Passages(SnippetGenerator::new(words, tokenizer, Field::from_field_id(0), SNIPPET_CHARS))
    }

    /// The section with most of the query's words, and its best passage: of one of these kinds, where any are asked for.
    pub(super) fn best(&self, sections: &[Section], kinds: &[SectionKind]) -> (Option<usize>, Snippet) {
        let mut best: (usize, Option<usize>, Snippet) = (0, None, Snippet::default());
        let may_show = |section: &Section| kinds.is_empty() || kinds.contains(&section.kind);
        for (index, section) in sections.iter().enumerate().filter(|(_, section)| may_show(section)) {
            let snippet = self.0.snippet(&section.text);
            let fragment = snippet.fragment();
            let words: BTreeSet<String> =
                snippet.highlighted().iter().map(|range| fragment[range.clone()].to_lowercase()).collect();
            if words.len() > best.0 {
                best = (words.len(), Some(index), folded(fragment, snippet.highlighted()));
            }
        }
        (best.1, best.2)
    }
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
}
