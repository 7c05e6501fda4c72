//! What the first lines of a source say about how its stamps are read.

use std::collections::BTreeMap;

use super::order::source_order;
use super::shape::digits;
use super::{SEARCHED_BYTES, StampRules, find_stamp};

/// With fewer lines, a number of ten digits in the same column of each is not yet taken for a time.
const FEWEST_COUNTS: usize = 10;

impl StampRules {
    /// Returns these rules with what `lines`, the beginning of a source, say about it: the order of day, month and year,
    /// and the column of a time that is only a number. What they do not say stays as it is.
    #[must_use]
    pub fn for_source(self, lines: &[&[u8]]) -> StampRules {
        let order = source_order(lines, &self);
        StampRules {
            day_first: order.day_first.unwrap_or(self.day_first),
            year_first: order.year_first.or(self.year_first),
            number_column: number_column(lines, &self).or(self.number_column),
            ..self
        }
    }

    /// Returns these rules for a source whose stamps contain only a time of day: the latest one is of the day of `newest`.
    #[must_use]
    pub fn on_latest_day(self) -> StampRules {
        let day = self.newest.to_zoned(self.zone.clone()).date();
        StampRules { day: Some(day), ..self }
    }
}

/// Returns the number of words before a count since 1970 that nearly all lines without a stamp have in the same column.
/// If the word before it is always the same, this is the name of the number, which then is an id.
fn number_column(lines: &[&[u8]], rules: &StampRules) -> Option<usize> {
    let plain: Vec<&[u8]> = lines.iter().copied().filter(|line| find_stamp(line, rules).is_none()).collect();
    let mut columns = BTreeMap::<usize, Vec<&[u8]>>::new();
    for line in &plain {
        for (column, word_before) in counts(line, rules) {
            columns.entry(column).or_default().push(word_before);
        }
    }
    let (column, words_before) = columns.into_iter().max_by_key(|(_, words)| words.len())?;
    let n_lines = words_before.len();
    let is_usual = n_lines >= FEWEST_COUNTS && n_lines * 10 >= plain.len() * 9 && plain.len() * 2 > lines.len();
    let is_named = words_before.iter().all(|word| word == &words_before[0]);
    (is_usual && !is_named).then_some(column)
}

/// Returns the column of each word of `line` that may count the time since 1970, and the word before it.
fn counts<'a>(line: &'a [u8], rules: &StampRules) -> Vec<(usize, &'a [u8])> {
    let line = &line[..line.len().min(SEARCHED_BYTES)];
    let words: Vec<&[u8]> = words(line).collect();
    let is_count = |word: &[u8]| matches!(digits(word, 20), 10 | 13) && digits(word, 20) == word.len();
    let is_past = |word: &[u8]| find_stamp(word, rules).is_some_and(|stamp| stamp.time <= rules.latest());
    let pairs = words.windows(2).enumerate().filter(|(_, pair)| is_count(pair[1]) && is_past(pair[1]));
    pairs.map(|(index, pair)| (index + 1, pair[0])).collect()
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// Whether the word after `before` is in the column that is only a number.
pub(super) fn is_number_column(before: &[u8], rules: &StampRules) -> bool {
    let at_word = before.last().is_none_or(u8::is_ascii_whitespace);
    rules.number_column.is_some_and(|column| at_word && words(before).count() == column)
}
