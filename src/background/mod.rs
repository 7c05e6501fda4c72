//! How surprising words are in logs and manuals at large, whatever a knowledge base contains.
//!
//! A small knowledge base cannot tell which words are rare: most words of a log occur in none of its thirty articles. So
//! this module has a table of its own, counted in articles, manuals and the texts that programs print. It holds no text,
//! only hashes of words and of pairs of neighbours, each with one number: its *information*, ln(1 / p) as a share of that
//! of a word that occurs nowhere, where p is the share of lines that contain it. The table was counted in several
//! collections; the highest p of them counts, so a word that is common somewhere is not taken as rare.
//!
//! The information of a message is that of its first word plus, for each further word, what is left of its information
//! once the word before is known: `reset` after `connection` tells little. Words that one line in sixty contains
//! tell nothing and are skipped. This is a language model of pairs.

#[cfg(feature = "lab")]
mod count;
mod table;

#[cfg(feature = "lab")]
pub use count::{Counts, Documents, Lines};

use table::Table;

/// A word of less information than this is skipped: at least one line in sixty contains it.
const SMALL: f32 = 0.3;

/// The information of a word, 0–1: 1 for a word of which the background has nothing. `stem` is a term as indexed.
pub fn word(stem: &str) -> f32 {
    Table::shipped().word(stem)
}

/// The information of a code or event in its canonical form, 0–1.
pub fn code(value: &str) -> f32 {
    word(&code_key(value))
}

/// The term that stands for a code in the table. No stem begins like it.
pub(crate) fn code_key(value: &str) -> String {
    format!("={value}")
}

/// Whether a word is so common that a message without it tells as much. Numbers are, too: they change with each
/// occasion.
pub fn is_small(stem: &str) -> bool {
    stem.bytes().all(|byte| byte.is_ascii_digit()) || word(stem) < SMALL
}

/// The information of a word that follows another one, 0–1: at most that of the word alone.
pub fn after(before: &str, stem: &str) -> f32 {
    let (table, alone) = (Table::shipped(), word(stem));
    match table.pair(before, stem) {
        Some(both) => (both - table.word(before)).clamp(0.0, alone),
        None => alone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The information of a message: that of its first word, and of each further one after the one before.
    fn of(text: &str) -> f32 {
        let stems = crate::store::words(text);
        let telling: Vec<&str> = stems.iter().map(|(stem, _)| stem.as_str()).filter(|stem| !is_small(stem)).collect();
        let first = telling.first().map_or(0.0, |stem| word(stem));
        first + telling.windows(2).map(|pair| after(pair[0], pair[1])).sum::<f32>()
    }

    #[test]
    fn a_message_of_one_program_tells_more_than_what_all_programs_print() {
        let common = ["Connection refused", "Permission denied", "No such file or directory", "timed out"].map(of);
        let own = [
            "remaining connection slots are reserved for roles",
            "wrong fs type, bad option, bad superblock on",
            "start request repeated too quickly",
            "unable to get local issuer certificate",
        ]
        .map(of);
        let (highest, lowest) = (common.into_iter().fold(0.0, f32::max), own.into_iter().fold(9.0, f32::min));
        assert!(highest < 1.0 && lowest > 1.4, "{common:?} {own:?}");
    }

    #[test]
    fn a_word_adds_less_after_the_word_that_it_often_follows() {
        assert!(after("permiss", "deni") < word("deni") / 2.0);
        assert_eq!(after("superblock", "deni"), word("deni"));
        assert_eq!(
            (word("qqqqzzzz"), is_small("the"), is_small("4711"), is_small("superblock")),
            (1.0, true, true, false)
        );
    }
}
