//! Words that the language keeps for statements and items that it does not have yet.
//!
//! A rule that uses one gets a single diagnostic at the word. The statement or item is skipped, and the rest of the file is
//! checked as usual.

use crate::rule::ast::ItemKind::{self, Format, Rule, Symptom};

/// A reserved word.
#[derive(Debug)]
pub(super) struct ReservedWord {
    /// The word as the user writes it, with the keyword before it if it is reserved only after that keyword.
    pub(super) written: &'static str,
    /// What the word will do, worded to follow "it will".
    pub(super) purpose: &'static str,
    place: ReservedPlace,
}

/// Where a word is reserved.
#[derive(Debug)]
enum ReservedPlace {
    /// As the first word of an item.
    Item,
    /// As the first word of a statement of a symptom or rule. `parts` are the words that can follow in the statement
    /// although they begin other statements.
    Statement { parts: &'static [&'static str] },
    /// As the first word of a statement of a format.
    FormatStatement,
    /// In a statement that begins with the first word of `written`.
    Part,
}

const fn reserved(written: &'static str, place: ReservedPlace, purpose: &'static str) -> ReservedWord {
    ReservedWord { written, purpose, place }
}

const RESERVED: &[ReservedWord] = &[
    reserved(
        "when",
        ReservedPlace::Statement { parts: &["for"] },
        "match symptoms in order, together or counted within a time",
    ),
    reserved("unless", ReservedPlace::Statement { parts: &[] }, "drop the finding if another symptom is seen"),
    reserved(
        "resets",
        ReservedPlace::Statement { parts: &["on"] },
        "start counting again after another symptom is seen",
    ),
    reserved(
        "rearm",
        ReservedPlace::Statement { parts: &["for", "on", "match"] },
        "say when the symptom is reported again",
    ),
    reserved("hides", ReservedPlace::Statement { parts: &[] }, "leave another symptom out of the report"),
    reserved("late", ReservedPlace::FormatStatement, "say how late the records of a source may come"),
    reserved("keep", ReservedPlace::FormatStatement, "say how many keys are remembered of a source"),
    reserved("mute", ReservedPlace::Item, "ignore a symptom for a time or for some hosts"),
    reserved("match symptom", ReservedPlace::Part, "match the records of another symptom"),
    reserved("expect unconfirmed", ReservedPlace::Part, "test that a symptom is neither seen nor ruled out"),
];

fn find(written: &str, is_place: impl Fn(&ReservedPlace) -> bool) -> Option<&'static ReservedWord> {
    RESERVED.iter().find(|reserved| reserved.written == written && is_place(&reserved.place))
}

/// The reserved item that begins with `word`.
pub(super) fn item(word: &str) -> Option<&'static ReservedWord> {
    find(word, |place| matches!(place, ReservedPlace::Item))
}

/// The reserved statement that begins with `word` in an item of `kind`.
pub(super) fn statement(kind: ItemKind, word: &str) -> Option<&'static ReservedWord> {
    find(word, |place| match place {
        ReservedPlace::Statement { .. } => matches!(kind, Symptom | Rule),
        ReservedPlace::FormatStatement => kind == Format,
        ReservedPlace::Item | ReservedPlace::Part => false,
    })
}

/// The reserved word `word` in a statement that begins with `keyword`.
pub(super) fn part(keyword: &str, word: &str) -> Option<&'static ReservedWord> {
    find(&format!("{keyword} {word}"), |place| matches!(place, ReservedPlace::Part))
}

impl ReservedWord {
    /// Whether `word` can follow in this statement although it begins another one.
    pub(super) fn has_part(&self, word: &str) -> bool {
        matches!(&self.place, ReservedPlace::Statement { parts } if parts.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use pest::Parser;

    use super::super::grammar::{Grammar, Rule};
    use super::*;

    /// The grammar must know the words too: a statement ends before the next one, reserved or not, and no item can have
    /// a reserved name.
    #[test]
    fn the_grammar_knows_reserved_words() {
        let is = |rule, word: &str| Grammar::parse(rule, word).is_ok_and(|pairs| pairs.as_str() == word);
        for reserved in RESERVED {
            match reserved.place {
                ReservedPlace::Item => assert!(is(Rule::keyword, reserved.written), "{reserved:?}"),
                ReservedPlace::Statement { .. } => {
                    assert!(is(Rule::keyword, reserved.written), "{reserved:?}");
                    assert!(is(Rule::begins_statement, reserved.written), "{reserved:?}");
                }
                ReservedPlace::FormatStatement => {
                    assert!(is(Rule::begins_format_statement, reserved.written), "{reserved:?}");
                }
                ReservedPlace::Part => assert_eq!(reserved.written.split(' ').count(), 2),
            }
        }
    }
}
