//! Words that the language keeps for statements that it does not have yet.
//!
//! A rule that uses one gets a single diagnostic at the word. The statement is skipped, and the rest of the file is checked
//! as usual.

use crate::rule::ast::ItemKind;

/// A word that will begin a statement of a format.
#[derive(Debug)]
pub(super) struct ReservedWord {
    pub(super) written: &'static str,
    /// What the word will do, worded to follow "it will".
    pub(super) purpose: &'static str,
}

const RESERVED: &[ReservedWord] = &[
    ReservedWord { written: "late", purpose: "say how late the records of a source may come" },
    ReservedWord { written: "keep", purpose: "say how many keys are remembered of a source" },
];

/// The reserved statement that begins with `word` in an item of `kind`.
pub(super) fn statement(kind: ItemKind, word: &str) -> Option<&'static ReservedWord> {
    RESERVED.iter().find(|reserved| kind == ItemKind::Format && reserved.written == word)
}

#[cfg(test)]
mod tests {
    use pest::Parser;

    use super::super::grammar::{Grammar, Rule};
    use super::*;

    /// The grammar must know the words too: a statement ends before the next one, reserved or not.
    #[test]
    fn the_grammar_knows_reserved_words() {
        for reserved in RESERVED {
            let parsed = Grammar::parse(Rule::begins_format_statement, reserved.written);
            assert!(parsed.is_ok_and(|pairs| pairs.as_str() == reserved.written), "{reserved:?}");
        }
    }
}
