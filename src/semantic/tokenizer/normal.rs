//! Splits text as the vocabularies of BERT expect it: words and single punctuation characters, without accents and capitals.

use std::sync::LazyLock;

use regex_syntax::hir::{Class, HirKind};
use unicode_normalization::UnicodeNormalization;

/// The kind of a character for the tokenizer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CharKind {
    /// Part of a word.
    Word,
    /// Between words.
    Blank,
    /// A whole word by itself: punctuation, and ideographs, which are written without blanks.
    Alone,
    /// A control character, which is dropped.
    Dropped,
}

/// Calls `visit` with each word of `text` until `visit` returns `false`. Without `is_lowercase`, words keep capitals
/// and accents.
pub(super) fn for_each_word(text: &str, is_lowercase: bool, mut visit: impl FnMut(&str) -> bool) {
    let push = if is_lowercase { push_plain } else { String::push };
    let mut word = String::new();
    for c in text.chars() {
        let kind = kind(c);
        if matches!(kind, CharKind::Blank | CharKind::Alone) && !word.is_empty() {
            if !visit(&word) {
                return;
            }
            word.clear();
        }
        if matches!(kind, CharKind::Word | CharKind::Alone) {
            push(&mut word, c);
        }
        if kind == CharKind::Alone {
            if !visit(&word) {
                return;
            }
            word.clear();
        }
    }
    if !word.is_empty() {
        visit(&word);
    }
}

/// Adds `c` without accents and in lower case.
fn push_plain(word: &mut String, c: char) {
    if c.is_ascii() {
        word.push(c.to_ascii_lowercase());
        return;
    }
    let bare = std::iter::once(c).nfd().filter(|&part| !CLASSES.accents.contains(part));
    word.extend(bare.flat_map(char::to_lowercase));
}

fn kind(c: char) -> CharKind {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => CharKind::Word,
        '\t' | '\n' | '\r' | ' ' => CharKind::Blank,
        _ if c.is_ascii_punctuation() => CharKind::Alone,
        '\0' | char::REPLACEMENT_CHARACTER => CharKind::Dropped,
        _ if CLASSES.controls.contains(c) => CharKind::Dropped,
        _ if c.is_whitespace() => CharKind::Blank,
        _ if is_ideograph(c) || CLASSES.punctuation.contains(c) => CharKind::Alone,
        _ => CharKind::Word,
    }
}

/// Whether `c` is in a Unicode block that BERT treats as Chinese. Japanese and Korean syllables are not.
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b73f}'
        | '\u{2b740}'..='\u{2b81f}' | '\u{2b820}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

/// The character classes that are taken from the Unicode tables of `regex-syntax`.
struct Classes {
    controls: CharRanges,
    punctuation: CharRanges,
    accents: CharRanges,
}

static CLASSES: LazyLock<Classes> = LazyLock::new(|| Classes {
    controls: CharRanges::of_class(r"\p{C}"),
    punctuation: CharRanges::of_class(r"\p{P}"),
    accents: CharRanges::of_class(r"\p{Mn}"),
});

/// Sorted ranges of characters, both ends included.
struct CharRanges(Vec<(char, char)>);

impl CharRanges {
    fn of_class(class: &str) -> CharRanges {
        let parsed = regex_syntax::parse(class).expect("a class of Unicode's own");
        let HirKind::Class(Class::Unicode(class)) = parsed.kind() else { unreachable!("a class is parsed to one") };
        CharRanges(class.iter().map(|range| (range.start(), range.end())).collect())
    }

    fn contains(&self, c: char) -> bool {
        let after = self.0.partition_point(|&(start, _)| start <= c);
        after > 0 && c <= self.0[after - 1].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, is_lowercase: bool) -> Vec<String> {
        let mut words = Vec::new();
        for_each_word(text, is_lowercase, |word| {
            words.push(word.to_owned());
            true
        });
        words
    }

    #[test]
    fn punctuation_and_ideographs_are_words_of_their_own() {
        assert_eq!(words("0x80040E14, (see\u{2014}Q1)", true), ["0x80040e14", ",", "(", "see", "\u{2014}", "q1", ")"]);
        assert_eq!(words("a漢字b カナ", true), ["a", "漢", "字", "b", "カナ"]);
        assert_eq!(words("$5 a_b", true), ["$", "5", "a", "_", "b"]);
    }

    #[test]
    fn accents_and_capitals_go_where_the_model_has_none() {
        assert_eq!(words("Zürich É İ", true), ["zurich", "e", "i"]);
        assert_eq!(words("Zürich É", false), ["Zürich", "É"]);
    }

    #[test]
    fn control_characters_are_dropped_and_blanks_of_all_kinds_separate_words() {
        assert_eq!(words("a\u{0}b\u{200b}c\u{fffd}d", true), ["abcd"]);
        assert_eq!(words("a\u{a0}b\tc\u{3000}d\r\n", true), ["a", "b", "c", "d"]);
    }

    #[test]
    fn visiting_ends_when_the_visitor_has_enough() {
        let mut n_words = 0;
        for_each_word("a, b, c", true, |_| {
            n_words += 1;
            n_words < 2
        });
        assert_eq!(n_words, 2);
    }
}
