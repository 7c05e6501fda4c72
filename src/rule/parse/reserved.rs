//! Words that the language keeps for statements and items that it does not have yet.
//!
//! A rule that uses one gets a single diagnostic at the word. The statement or item is skipped, and the rest of the file is
//! checked as usual.

use crate::rule::ast::ItemKind::{self, Rule, Symptom};

/// A reserved word.
#[derive(Debug)]
pub(super) struct ReservedWord {
    /// As the user writes it, with the word before it if it has its meaning only there.
    pub(super) written: &'static str,
    /// What it will do, after "it will".
    pub(super) purpose: &'static str,
    place: Place,
}

/// Where a reserved word has its meaning.
#[derive(Debug)]
enum Place {
    /// Begins an item.
    Item,
    /// Begins a statement of a symptom or rule. `parts` are words that may follow in it although they begin statements of
    /// their own elsewhere.
    Statement { parts: &'static [&'static str] },
    /// Follows within a statement that begins with the other word of `written`.
    Part,
}

const fn reserved(written: &'static str, place: Place, purpose: &'static str) -> ReservedWord {
    ReservedWord { written, purpose, place }
}

const RESERVED: &[ReservedWord] = &[
    reserved(
        "when",
        Place::Statement { parts: &["for"] },
        "match symptoms in order, together or counted within a time",
    ),
    reserved("unless", Place::Statement { parts: &[] }, "drop the finding if another symptom is seen"),
    reserved("resets", Place::Statement { parts: &["on"] }, "start counting again after another symptom is seen"),
    reserved("rearm", Place::Statement { parts: &["for", "on", "match"] }, "say when the symptom is reported again"),
    reserved("hides", Place::Statement { parts: &[] }, "leave another symptom out of the report"),
    reserved("format", Place::Item, "describe how a log is read"),
    reserved("mute", Place::Item, "ignore a symptom for a time or for some hosts"),
    reserved("match symptom", Place::Part, "match the records of another symptom"),
    reserved("expect unconfirmed", Place::Part, "test that a symptom is neither seen nor ruled out"),
];

fn find(written: &str, is_place: impl Fn(&Place) -> bool) -> Option<&'static ReservedWord> {
    RESERVED.iter().find(|reserved| reserved.written == written && is_place(&reserved.place))
}

/// The reserved item that begins with `word`.
pub(super) fn item(word: &str) -> Option<&'static ReservedWord> {
    find(word, |place| matches!(place, Place::Item))
}

/// The reserved statement that begins with `word` in an item of `kind`.
pub(super) fn statement(kind: ItemKind, word: &str) -> Option<&'static ReservedWord> {
    find(word, |place| matches!(kind, Symptom | Rule) && matches!(place, Place::Statement { .. }))
}

/// The reserved form that has `word` within a statement that begins with `keyword`.
pub(super) fn part(keyword: &str, word: &str) -> Option<&'static ReservedWord> {
    find(&format!("{keyword} {word}"), |place| matches!(place, Place::Part))
}

impl ReservedWord {
    /// Whether `word` may follow in this statement although it begins a statement elsewhere.
    pub(super) fn has_part(&self, word: &str) -> bool {
        matches!(&self.place, Place::Statement { parts } if parts.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use pest::Parser;

    use super::super::grammar::{Grammar, Rule};
    use super::*;

    /// A statement ends before the next one, reserved or not, and no item is named by a reserved word.
    #[test]
    fn the_grammar_knows_reserved_words() {
        let is = |rule, word: &str| Grammar::parse(rule, word).is_ok_and(|pairs| pairs.as_str() == word);
        for reserved in RESERVED {
            match reserved.place {
                Place::Item => assert!(is(Rule::keyword, reserved.written), "{reserved:?}"),
                Place::Statement { .. } => {
                    assert!(is(Rule::keyword, reserved.written), "{reserved:?}");
                    assert!(is(Rule::begins_statement, reserved.written), "{reserved:?}");
                }
                Place::Part => assert_eq!(reserved.written.split(' ').count(), 2),
            }
        }
    }
}
