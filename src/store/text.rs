//! Splits text into terms: words of letters and digits, in lower case, stemmed.
//!
//! The terms are those of tantivy's `en_stem`, but stems are cached: stemming takes 44 % of tantivy's indexing time, and few
//! words are new. A code such as `0x80040e14` is one word. A name such as `DiskAlmostFull` is one word, and the text of an article
//! also has its parts as words, at the same place.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};

/// The name of the tokenizer of quoted messages in the schema.
pub(super) const TOKENIZER: &str = "kb";

/// The name of the tokenizer of other text, which adds the parts of names.
pub(super) const PARTS_TOKENIZER: &str = "kb_parts";

/// Registers the tokenizers with an index.
pub(super) fn register(index: &tantivy::Index) {
    index.tokenizers().register(TOKENIZER, StemmedWords::default());
    index.tokenizers().register(PARTS_TOKENIZER, StemmedWords { has_parts: true, ..StemmedWords::default() });
}

/// Words of this many bytes or more are skipped, as they are noise, such as encoded files, unless they are names. The limit is
/// that of tantivy's `en_stem`.
const MAX_WORD_BYTES: usize = 40;

/// A longer word is no name.
const MAX_NAME_BYTES: usize = 255;

/// The parts of a long name have at least this many letters on average. Those of encoded data have two or three.
const MEAN_PART: usize = 4;

/// The most stems to cache per thread. The vocabulary of 57,000 articles is larger, but its frequent part is not.
const MAX_STEMS: usize = 1 << 16;

/// Splits text into stemmed words.
#[derive(Clone, Default)]
pub(super) struct StemmedWords {
    token: Token,
    only: Option<Arc<Beginnings>>,
    /// Whether the parts of a name follow it as words of their own, at its position.
    has_parts: bool,
}

/// For each first byte, whether a wanted word can begin with it. Stemming does not change the first letter.
#[derive(Debug)]
struct Beginnings([bool; 256]);

impl Beginnings {
    fn may_begin(&self, word: &str) -> bool {
        word.bytes().next().is_some_and(|first| !first.is_ascii() || self.0[usize::from(first.to_ascii_lowercase())])
    }
}

impl StemmedWords {
    /// Creates a tokenizer for finding `stems` in text. Of other words it may return tokens with an empty text, which
    /// saves stemming them.
    pub(super) fn to_find<'a>(stems: impl Iterator<Item = &'a str>) -> StemmedWords {
        let mut beginnings = Beginnings([false; 256]);
        stems.filter_map(|stem| stem.bytes().next()).for_each(|first| beginnings.0[usize::from(first)] = true);
        StemmedWords { only: Some(Arc::new(beginnings)), ..StemmedWords::default() }
    }

    fn set(&mut self, word: &str) {
        match &self.only {
            Some(beginnings) if !beginnings.may_begin(word) => self.token.text.clear(),
            _ => STEMS.with_borrow_mut(|stems| stems.write(word, &mut self.token.text)),
        }
    }
}

thread_local! {
    /// The stems cached by this thread. They are not part of the tokenizer, since tantivy clones the tokenizer for each
    /// text.
    static STEMS: RefCell<Stems> = RefCell::default();
}

/// The stems of words by their original spelling, so that lower case is computed once as well.
struct Stems {
    stemmer: TextAnalyzer,
    known: HashMap<String, String, foldhash::fast::RandomState>,
}

impl Default for Stems {
    fn default() -> Self {
        let stemmer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English)).build();
        Stems { stemmer, known: HashMap::default() }
    }
}

impl Stems {
    /// Replaces `text` by the stem of `word`.
    fn write(&mut self, word: &str, text: &mut String) {
        if let Some(stem) = self.known.get(word) {
            text.clone_from(stem);
            return;
        }
        if self.known.len() == MAX_STEMS {
            self.known.clear();
        }
        let lower: String = word.chars().flat_map(char::to_lowercase).collect();
        let mut stream = self.stemmer.token_stream(&lower);
        stream.advance();
        text.clone_from(&stream.token().text);
        self.known.insert(word.to_owned(), text.clone());
    }
}

impl Tokenizer for StemmedWords {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token = Token::default();
        WordStream { words: self, text, at: 0, parts: 0..0 }
    }
}

/// The stream of the words of one text.
pub(super) struct WordStream<'a> {
    words: &'a mut StemmedWords,
    text: &'a str,
    at: usize,
    /// The rest of a name whose parts are the next words.
    parts: Range<usize>,
}

impl WordStream<'_> {
    fn set(&mut self, Range { start, end }: Range<usize>) -> bool {
        self.words.set(&self.text[start..end]);
        self.words.token.offset_from = start;
        self.words.token.offset_to = end;
        true
    }

    /// The next part of a name; `None` after its last one.
    fn next_part(&mut self) -> Option<Range<usize>> {
        while !self.parts.is_empty() {
            let start = self.parts.start;
            let end = start + first_part(&self.text[self.parts.clone()]);
            self.parts.start = end;
            if end - start > 1 {
                return Some(start..end);
            }
        }
        None
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(part) = self.next_part() {
            return self.set(part);
        }
        while let Some((start, end)) = next_word(self.text, self.at) {
            self.at = end;
            self.words.token.position = self.words.token.position.wrapping_add(1);
            let word = &self.text[start..end];
            if word.len() < MAX_WORD_BYTES || is_long_name(word) {
                let has_parts = self.words.has_parts && first_part(word) < word.len();
                self.parts = if has_parts { start..end } else { end..end };
                return self.set(start..end);
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.words.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.words.token
    }
}

/// The parts of a name that is written without spaces, longer than one byte: `CPU`, `Throttling` and `High` of
/// `CPUThrottlingHigh`. Nothing for a word of one part.
pub(super) fn name_parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let (part, others) = rest.split_at(first_part(rest));
        parts.push(part);
        rest = others;
    }
    if parts.len() == 1 {
        return Vec::new();
    }
    parts.retain(|part| part.len() > 1);
    parts
}

/// The number of bytes before the second part of a name: before a capital that follows a small letter or a digit, or that begins
/// a word after other capitals. A single small letter after capitals is a plural: `URLs` is one part. What begins with a digit is
/// a code and has one part.
fn first_part(word: &str) -> usize {
    let bytes = word.as_bytes();
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return bytes.len();
    }
    let is_small = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    let is_border = |at: &usize| {
        let (before, here) = (bytes[at - 1], bytes[*at]);
        let after_word = before.is_ascii_lowercase() || before.is_ascii_digit();
        let begins_word = before.is_ascii_uppercase() && is_small(at + 1) && is_small(at + 2);
        here.is_ascii_uppercase() && (after_word || begins_word)
    };
    (1..bytes.len()).find(is_border).unwrap_or(bytes.len())
}

/// Whether a long word is a name of several words, and no encoded data.
fn is_long_name(word: &str) -> bool {
    if word.len() > MAX_NAME_BYTES || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let n_parts = name_parts(word).len();
    n_parts > 1 && word.len() >= MEAN_PART * n_parts
}

/// The byte range of the first word at or after `from`.
fn next_word(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let start = word_boundary::<true>(text, from)?;
    let end = word_boundary::<false>(text, start).unwrap_or(bytes.len());
    Some((start, end))
}

/// For each byte, whether it is a character of a word or of a gap between words, or not ASCII, where the whole
/// character decides.
const KIND: [ByteKind; 256] = {
    let mut kinds = [ByteKind::NotAscii; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        kinds[byte as usize] = if byte.is_ascii_alphanumeric() { ByteKind::Word } else { ByteKind::Gap };
        byte += 1;
    }
    kinds
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteKind {
    Word,
    Gap,
    NotAscii,
}

/// The first offset from `from` whose character is part of a word (`IN_WORD`), or is not (`!IN_WORD`).
fn word_boundary<const IN_WORD: bool>(text: &str, from: usize) -> Option<usize> {
    let wanted = if IN_WORD { ByteKind::Word } else { ByteKind::Gap };
    let mut at = from;
    while let Some(&byte) = text.as_bytes().get(at) {
        let kind = KIND[usize::from(byte)];
        if kind == wanted {
            return Some(at);
        }
        at += 1;
        if kind == ByteKind::NotAscii {
            let c = text[at - 1..].chars().next()?;
            if c.is_alphanumeric() == IN_WORD {
                return Some(at - 1);
            }
            at += c.len_utf8() - 1;
        }
    }
    None
}

/// The terms of `text` in order, each with the byte range of its word.
pub(crate) fn words(text: &str) -> Vec<(String, Range<usize>)> {
    let mut tokenizer = StemmedWords::default();
    let mut stream = tokenizer.token_stream(text);
    let mut words = Vec::new();
    while stream.advance() {
        let token = stream.token();
        words.push((token.text.clone(), token.offset_from..token.offset_to));
    }
    words
}

/// The distinct terms of `text`, in order of first appearance.
pub(super) fn terms(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    words(text).into_iter().map(|(term, _)| term).filter(|term| seen.insert(term.clone())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::tokenizer::{LowerCaser, RemoveLongFilter, SimpleTokenizer};

    use super::*;

    fn tokens(mut analyzer: TextAnalyzer, text: &str) -> Vec<(String, usize, usize, usize)> {
        let mut stream = analyzer.token_stream(text);
        let mut tokens = Vec::new();
        while stream.advance() {
            let token = stream.token();
            tokens.push((token.text.clone(), token.position, token.offset_from, token.offset_to));
        }
        tokens
    }

    fn en_stem() -> TextAnalyzer {
        TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(MAX_WORD_BYTES))
            .filter(LowerCaser)
            .filter(Stemmer::new(Language::English))
            .build()
    }

    #[test]
    fn a_name_has_parts() {
        assert_eq!(name_parts("CPUThrottlingHigh"), ["CPU", "Throttling", "High"]);
        assert_eq!(name_parts("parcelBelt2TooSlow"), ["parcel", "Belt2", "Too", "Slow"]);
        assert_eq!(name_parts("URLsOfX"), ["URLs", "Of"]);
        for whole in ["parcel", "PARCEL", "Parcel", "NTFS", "URLs", "0x80040E14", ""] {
            assert_eq!(name_parts(whole), [] as [&str; 0], "{whole}");
        }
    }

    #[test]
    fn text_has_the_parts_of_names_at_the_place_of_the_name() {
        let parts = TextAnalyzer::from(StemmedWords { has_parts: true, ..StemmedWords::default() });
        let found: Vec<(String, usize)> =
            tokens(parts, "see ParcelBeltSlow here").into_iter().map(|(stem, position, ..)| (stem, position)).collect();
        let expected = [("see", 0), ("parcelbeltslow", 1), ("parcel", 1), ("belt", 1), ("slow", 1), ("here", 2)];
        assert_eq!(found, expected.map(|(stem, position)| (stem.to_owned(), position)));
        assert_eq!(terms("see ParcelBeltSlow"), ["see", "parcelbeltslow"]);
    }

    #[test]
    fn a_long_name_is_a_word_and_encoded_data_is_none() {
        let name = "HighlyAvailableParcelBeltIncorrectlySpread";
        assert_eq!(terms(name), [name.to_lowercase()]);
        for noise in
            ["TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24", &"deadbeef".repeat(8), &"ab".repeat(30)]
        {
            assert_eq!(terms(noise), [] as [&str; 0], "{noise}");
        }
    }

    #[test]
    fn words_are_lower_case_and_stemmed_and_codes_stay_whole() {
        assert_eq!(
            terms("Unable to contact Queues, queue 0x80040E14"),
            ["unabl", "to", "contact", "queue", "0x80040e14"]
        );
    }

    proptest! {
        #[test]
        fn remembered_stems_equal_tantivys(text in "([a-zA-Zäßİé0-9]{1,45}[ .,-]{0,3}){0,20}") {
            prop_assert_eq!(tokens(TextAnalyzer::from(StemmedWords::default()), &text), tokens(en_stem(), &text));
        }

        #[test]
        fn what_is_looked_for_is_found(text in "([a-zA-Zäßİé0-9]{1,9}[ .,-]{0,3}){0,20}", every in 1usize..5) {
            let all = tokens(en_stem(), &text);
            let stems: Vec<&str> = all.iter().step_by(every).map(|(stem, ..)| stem.as_str()).collect();
            let found = tokens(TextAnalyzer::from(StemmedWords::to_find(stems.iter().copied())), &text);
            prop_assert_eq!(found.len(), all.len());
            for (found, expected) in found.iter().zip(&all) {
                let is_left_out = found.0.is_empty() && !stems.contains(&expected.0.as_str());
                prop_assert!(is_left_out || found == expected, "{:?}", expected);
            }
        }
    }
}
