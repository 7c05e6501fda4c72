//! Tells which words of queries are small, and which have synonyms.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The table of synonyms. Its first lines explain its content and its origin.
const TABLE: &str = include_str!("synonyms.tsv");

/// The small words. They say nothing about the problem and are common in questions, but are rare in articles, so their
/// rarity would give them a high weight.
const SMALL: &str = "i im my me we our us you your he she they their it its the a an of to in on at by for from with and or \
    but if is are was were be been being am do does did doing have has had having how what why when where which who that \
    this these those there here can could will would should may might must shall not no nor so than too very just all any \
    some only own same such as into out up down over under again then once get gets got getting want wants say says said \
    tell tells told keep keeps kept lot about also even still although though while after before since because every \
    everyone everybody someone something anything nothing thing things please thanks hi hello trying tried try";

static SMALL_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| SMALL.split_whitespace().collect());

/// The rows of the table by their word, and by the first word of their long form.
static ROWS: LazyLock<HashMap<&str, Vec<SynonymRow>>> = LazyLock::new(|| {
    let mut rows: HashMap<&str, Vec<SynonymRow>> = HashMap::new();
    for row in TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(row) {
        rows.entry(row.word).or_default().push(row);
        // Acronyms and spellings work both ways: `e mail` is `email`.
        if let (true, Some(first)) = (row.is_form_of_one_name, row.other.split(' ').next()) {
            rows.entry(first).or_default().push(row);
        }
    }
    rows
});

#[derive(Debug, Clone, Copy)]
struct SynonymRow {
    word: &'static str,
    other: &'static str,
    /// Whether `word` is in turn a synonym of `other`: true for acronyms and spellings, false for plain words.
    is_form_of_one_name: bool,
}

fn row(line: &'static str) -> Option<SynonymRow> {
    let mut fields = line.split('\t');
    let (word, other, kind) = (fields.next()?, fields.next()?, fields.next()?);
    Some(SynonymRow { word, other, is_form_of_one_name: kind != "plain" })
}

/// Whether a word, in lower case, is a small word of questions.
pub(super) fn is_small(word: &str) -> bool {
    SMALL_WORDS.contains(word)
}

/// Returns the synonyms of the first of `words`, and those of several words that begin with it: for each, the number of
/// words that it is a synonym of, and the synonym. All are in lower case.
pub(super) fn synonyms_of_first<'a>(words: &'a [String]) -> impl Iterator<Item = (usize, &'static str)> + 'a {
    let rows = words.first().and_then(|first| ROWS.get(&**first));
    rows.into_iter().flatten().filter_map(move |row| {
        if row.word == words[0] {
            return Some((1, row.other));
        }
        let n = row.other.split(' ').count();
        let is_here = words.len() >= n && row.other.split(' ').zip(words).all(|(long, word)| long == word);
        is_here.then_some((n, row.word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let mut found: Vec<&str> =
            (0..words.len()).flat_map(|at| synonyms_of_first(&words[at..])).map(|(_, other)| other).collect();
        found.sort_unstable();
        assert_eq!(found, expect);
    }

    #[test]
    fn a_short_form_stands_for_the_long_one_and_the_other_way_round() {
        check("ndr received", &["non delivery report"]);
        check("a non delivery report", &["ndr"]);
        check("non delivery", &[]);
        check("email", &["e mail"]);
        check("e mail", &["email"]);
    }

    #[test]
    fn a_plain_word_goes_one_way() {
        check("reboot", &["restart"]);
        check("restart", &[]);
    }

    #[test]
    fn small_words_are_words_each_once() {
        assert!(SMALL.bytes().all(|byte| byte == b' ' || byte.is_ascii_lowercase()), "{SMALL}");
        assert_eq!(SMALL.split_whitespace().count(), SMALL_WORDS.len());
        assert!(is_small("lot") && !is_small("restart"));
    }

    #[test]
    fn the_table_is_sorted_and_whole() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        let words: Vec<&str> = lines.iter().filter_map(|line| row(line)).map(|row| row.word).collect();
        assert_eq!(words.len(), lines.len());
        assert!(words.is_sorted());
    }
}
