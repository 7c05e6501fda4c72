//! Converts text to the token numbers of a model: the WordPiece algorithm of BERT.
//!
//! Text is cut into words at blanks and punctuation (`normal`), and each word into the longest pieces of the vocabulary, where
//! pieces after the first are marked with `##`. The result equals that of the `tokenizers` library for models of this family,
//! except that a special token in a text (`[SEP]`) is text here: pasted text must not control the model.

mod normal;

use std::collections::HashMap;

use foldhash::fast::RandomState;

/// A word with more characters becomes the unknown token, as in BERT. This also limits the time for a word.
const MAX_WORD_CHARS: usize = 100;

/// The mark at the beginning of a vocabulary piece that continues a word.
const CONTINUES: &str = "##";

/// Converts text to tokens with a vocabulary.
#[derive(Debug)]
pub(super) struct Tokenizer {
    pieces: HashMap<Box<str>, i32, RandomState>,
    is_lowercase: bool,
    unknown: i32,
    first: i32,
    last: i32,
}

impl Tokenizer {
    /// Creates a tokenizer from pieces with their numbers. With `is_lowercase`, it ignores capitals and accents. The error is
    /// the name of a special token that the vocabulary lacks.
    pub(super) fn new(
        pieces: impl IntoIterator<Item = (Box<str>, i32)>,
        is_lowercase: bool,
    ) -> Result<Tokenizer, &'static str> {
        let pieces: HashMap<Box<str>, i32, RandomState> = pieces.into_iter().collect();
        let special = |name: &'static str| pieces.get(name).copied().ok_or(name);
        let (unknown, first, last) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Tokenizer { pieces, is_lowercase, unknown, first, last })
    }

    /// Returns the tokens of `text` with `[CLS]` before and `[SEP]` after them, at most `limit` tokens in all. Ignores
    /// the rest of the text. `limit` must be at least 2.
    pub(super) fn encode(&self, text: &str, limit: usize) -> Vec<i32> {
        let mut tokens = vec![self.first];
        normal::for_each_word(text, self.is_lowercase, |word| {
            self.cut(word, &mut tokens);
            tokens.len() < limit
        });
        tokens.truncate(limit - 1);
        tokens.push(self.last);
        tokens
    }

    /// Adds the pieces of `word` to `tokens`, or the unknown token when pieces of the vocabulary do not cover the whole
    /// word.
    fn cut(&self, word: &str, tokens: &mut Vec<i32>) {
        let n_before = tokens.len();
        let is_long = word.chars().nth(MAX_WORD_CHARS).is_some();
        let mut rest = if is_long { None } else { Some(word) };
        let mut marked = String::new();
        while let Some(text) = rest.filter(|text| !text.is_empty()) {
            marked.clear();
            marked.push_str(if tokens.len() == n_before { "" } else { CONTINUES });
            let n_marks = marked.len();
            marked.push_str(text);
            rest = self.longest_piece(&mut marked, n_marks).map(|(token, len)| {
                tokens.push(token);
                &text[len..]
            });
        }
        if rest.is_none() {
            tokens.truncate(n_before);
            tokens.push(self.unknown);
        }
    }

    /// Returns the longest vocabulary piece at the beginning of `marked`: its token, and its length in bytes without
    /// the first `n_marks`, which are the mark. Shortens `marked` to it.
    fn longest_piece(&self, marked: &mut String, n_marks: usize) -> Option<(i32, usize)> {
        while marked.len() > n_marks {
            if let Some(&token) = self.pieces.get(marked.as_str()) {
                return Some((token, marked.len() - n_marks));
            }
            marked.pop();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCABULARY: [&str; 12] =
        ["[UNK]", "[CLS]", "[SEP]", "mail", "##box", "##es", "un", "##able", "!", "cafe", "e", "."];

    fn tokenizer(is_lowercase: bool) -> Tokenizer {
        let pieces = VOCABULARY.into_iter().map(Box::from).zip(0..);
        Tokenizer::new(pieces, is_lowercase).expect("a vocabulary with the special tokens")
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tokens = tokenizer(true).encode(text, 100);
        let spelt: Vec<&str> = tokens.iter().map(|&token| VOCABULARY[token as usize]).collect();
        assert_eq!(spelt, expected, "{text:?}");
    }

    #[test]
    fn words_are_cut_into_the_longest_pieces() {
        check("Mailboxes  unable!", &["[CLS]", "mail", "##box", "##es", "un", "##able", "!", "[SEP]"]);
        check("caf\u{e9} CAFE\u{301}", &["[CLS]", "cafe", "cafe", "[SEP]"]);
        check("", &["[CLS]", "[SEP]"]);
    }

    #[test]
    fn a_word_that_is_not_covered_is_unknown_as_a_whole() {
        check("mailbag mail", &["[CLS]", "[UNK]", "mail", "[SEP]"]);
        check(&"e".repeat(101), &["[CLS]", "[UNK]", "[SEP]"]);
    }

    #[test]
    fn a_special_token_in_a_text_is_text() {
        check("[SEP]", &["[CLS]", "[UNK]", "[UNK]", "[UNK]", "[SEP]"]);
    }

    #[test]
    fn a_long_text_is_cut_at_the_limit() {
        assert_eq!(tokenizer(true).encode(&"mail ".repeat(1_000_000), 4), [1, 3, 3, 2]);
        assert_eq!(tokenizer(true).encode("mailboxes", 4), [1, 3, 4, 2]);
        assert_eq!(tokenizer(true).encode("mail", 2), [1, 2]);
    }

    #[test]
    fn capitals_count_where_the_model_tells_them_apart() {
        assert_eq!(tokenizer(false).encode("mail Mail", 9), [1, 3, 0, 2]);
    }

    /// Each line of `cases.tsv` is a text, as a JSON string, and the tokens that the `tokenizers` library gives for it
    /// with `vocab.txt` in the same folder.
    #[test]
    fn texts_are_cut_as_the_reference_cuts_them() {
        let pieces: Vec<&str> = include_str!("../../tests/cases/tokenizer/vocab.txt").lines().collect();
        let tokenizer = Tokenizer::new(pieces.iter().copied().map(Box::from).zip(0..), true).expect("a vocabulary");
        for case in include_str!("../../tests/cases/tokenizer/cases.tsv").lines() {
            let (text, expected) = case.split_once('\t').expect("a text and its tokens");
            let text: String = serde_json::from_str(text).expect("a JSON string");
            let tokens = tokenizer.encode(&text, 100);
            let spelt: Vec<&str> = tokens.iter().map(|&token| pieces[token as usize]).collect();
            assert_eq!(spelt.join(" "), expected, "{text:?}");
        }
    }

    #[test]
    fn a_vocabulary_without_special_tokens_is_none() {
        let pieces = ["[UNK]", "[CLS]"].into_iter().map(Box::from).zip(0..);
        assert_eq!(Tokenizer::new(pieces, true).expect_err("[SEP] is missing"), "[SEP]");
    }
}
