//! The column in which the records of one source have their level, for notations that are not known.
//!
//! A reader who sees `| I |` in one line and `| E |` in the next knows what the letters mean, because they are in the same
//! place. In the same way, a column is learned from the first records of a source: the place where almost all of them have a
//! word or letter for a level.

use std::collections::BTreeMap;

use super::dated;
use super::header::{split_word, trim_marks};
use super::level::Level;
use super::level_notation::is_capital_level;
use super::spec::Sample;
use crate::log::timestamp::StampRules;

/// The place of the level in the records of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LevelColumn {
    ends: WordEnds,
    /// The number of words before it.
    word: usize,
    part: Part,
}

/// What ends a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum WordEnds {
    /// Blanks, bars, commas and semicolons.
    Blanks,
    /// Colons too, as in `web:db:E:no disk`.
    Colons,
    /// The same as [`Blanks`](Self::Blanks), but only the last word of the line counts.
    Line,
}

/// The part of a word that is the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// All but the marks around it.
    Whole,
    /// The letters before the first other character, as in `error.daemon[12]:`.
    First,
    /// The letters after the last other character, as in `main@W`.
    Last,
}

/// A level is searched for among this number of words.
const MAX_WORDS: usize = 12;

/// A column is learned from at least this number of records.
const MIN_RECORDS: usize = 3;

/// At most one in this many records may lack the level.
const MISSING: usize = 10;

impl LevelColumn {
    /// Learns the column from records of a source; `None` if they have none.
    ///
    /// The column has at least two different levels, for a word that is in each record says nothing about any of them.
    pub(super) fn learn<'r>(records: impl IntoIterator<Item = &'r [u8]>) -> Option<LevelColumn> {
        let mut n_records = 0;
        let mut levels: BTreeMap<LevelColumn, Vec<&[u8]>> = BTreeMap::new();
        for record in records {
            n_records += 1;
            for ends in [WordEnds::Blanks, WordEnds::Colons, WordEnds::Line] {
                for (word, text) in words(record, ends).enumerate() {
                    for part in [Part::Whole, Part::First, Part::Last] {
                        if let Some(level) = part.level(text) {
                            levels.entry(LevelColumn { ends, word, part }).or_default().push(level);
                        }
                    }
                }
            }
        }
        let is_level = |found: &[&[u8]]| {
            let is_almost_all = (n_records - found.len()) * MISSING <= n_records;
            n_records >= MIN_RECORDS && is_almost_all && found.iter().any(|level| *level != found[0])
        };
        // The first column comes first; the whole of a word before a part of it.
        levels.into_iter().find(|(_, found)| is_level(found)).map(|(column, _)| column)
    }

    /// Returns the level that `record` has in this column; `None` if it has none.
    pub(super) fn level(self, record: &[u8]) -> Option<&[u8]> {
        self.part.level(words(record, self.ends).nth(self.word)?)
    }
}

impl Part {
    /// Returns the level that this part of `word` is; `None` if it is none.
    fn level(self, word: &[u8]) -> Option<&[u8]> {
        let bare = trim_marks(word);
        let is_other = |byte: &u8| !byte.is_ascii_alphanumeric();
        let level = match self {
            Part::Whole => bare,
            Part::First => &bare[..bare.iter().position(is_other)?],
            Part::Last => &bare[bare.iter().rposition(is_other)? + 1..],
        };
        match level {
            [letter] => LETTERS.iter().find(|word| word[0].eq_ignore_ascii_case(letter)).copied(),
            _ => Level::by_word(level).map(|_| level),
        }
    }
}

/// The words for levels of which a letter is the first one.
const LETTERS: [&[u8]; 9] =
    [b"trace", b"verbose", b"debug", b"info", b"notice", b"warning", b"error", b"critical", b"fatal"];

fn words(record: &[u8], ends: WordEnds) -> impl Iterator<Item = &[u8]> {
    let line = &record[..memchr::memchr(b'\n', record).unwrap_or(record.len())];
    let is_end = move |byte: &u8| {
        byte.is_ascii_whitespace() || b"|;,".contains(byte) || (ends == WordEnds::Colons && *byte == b':')
    };
    let start = match ends {
        WordEnds::Line => line.trim_ascii_end().iter().rposition(is_end).map_or(0, |end| end + 1),
        WordEnds::Blanks | WordEnds::Colons => 0,
    };
    line[start..].split(is_end).filter(|word| !word.is_empty()).take(MAX_WORDS)
}

/// Returns the number of blanks before the level in lines without a stamp whose level is in the same column as that of a line
/// with one.
pub(super) fn level_indent(sample: &Sample<'_>) -> Option<usize> {
    let columns: Vec<usize> = sample.lines.iter().filter_map(|line| level_after_stamp(line, sample.rules)).collect();
    let lines = sample.head.split(|byte| *byte == b'\n');
    lines.filter_map(indent_of_level).find(|indent| columns.contains(indent))
}

/// Returns the offset of the level in capitals that follows the stamp of `line`.
fn level_after_stamp(line: &[u8], rules: &StampRules) -> Option<usize> {
    let end = dated::stamp_at_start(line, rules)?.range.end;
    let gap = line[end..].iter().take_while(|byte| b"] ".contains(byte)).count();
    begins_with_level(&line[end + gap..]).then_some(end + gap)
}

/// Returns the number of blanks before the level in capitals with which `line` begins; `None` if it does not.
pub(super) fn indent_of_level(line: &[u8]) -> Option<usize> {
    const SHORTEST_STAMP: usize = 8;
    let indent = line.iter().take_while(|byte| **byte == b' ').count();
    (indent >= SHORTEST_STAMP && begins_with_level(&line[indent..])).then_some(indent)
}

fn begins_with_level(text: &[u8]) -> bool {
    split_word(text).is_some_and(|(word, rest)| is_capital_level(word) && !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the levels of `lines` in the column that they teach; `None` if they teach none.
    fn levels<'l>(lines: &[&'l str]) -> Option<Vec<Option<&'l str>>> {
        let column = LevelColumn::learn(lines.iter().map(|line| line.as_bytes()))?;
        let text = |level| std::str::from_utf8(level).expect("ASCII");
        Some(lines.iter().map(|line| column.level(line.as_bytes()).map(text)).collect())
    }

    #[test]
    fn a_level_is_known_by_its_place() {
        let all = Some(vec![Some("info"), Some("error"), Some("warning")]);
        assert_eq!(levels(&["10:00 |I| up", "10:01 |E| no disk", "10:02 |W| low"]), all);
        assert_eq!(levels(&["10:00 (I) up", "10:01 (E) no disk", "10:02 (W) low"]), all);
        assert_eq!(levels(&["10:00 main@I up", "10:01 db@E no disk", "10:02 main@W low"]), all);
        assert_eq!(levels(&["10:00 web:db:I:up", "10:01 web:db:E:no disk", "10:02 web:db:W:low"]), all);
        assert_eq!(levels(&["10:00 all is up (I)", "10:01 no disk (E)", "10:02 the disk is low (W)"]), all);
        assert_eq!(levels(&["i 10:00 a] up", "e 10:01 a] no disk", "w 10:02 a] low"]), all);
        assert_eq!(
            levels(&["10:00 info.app[1]: up", "10:01 error.app[1]: no disk", "10:02 info.db[2]: up"]),
            Some(vec![Some("info"), Some("error"), Some("info")])
        );
    }

    #[test]
    fn a_record_may_lack_it() {
        let mut lines = vec!["a |I| up"; 9];
        lines.extend(["a |E| no disk", "a odd one"]);
        let found = levels(&lines).expect("a column");
        assert_eq!(found.iter().filter(|level| level.is_none()).count(), 1);
        lines.push("another odd one");
        assert_eq!(levels(&lines), None);
    }

    #[test]
    fn words_of_sentences_teach_no_column() {
        assert_eq!(levels(&["10:00 I went home", "10:01 I slept", "10:02 I woke"]), None);
        assert_eq!(levels(&["10:00 error page shown", "10:01 error page shown", "10:02 error page shown"]), None);
        assert_eq!(levels(&["10:00 |I| up", "10:01 |E| no disk"]), None);
        assert_eq!(levels(&["10:00 up", "10:01 no disk", "10:02 low"]), None);
        assert_eq!(levels(&[]), None);
    }
}
