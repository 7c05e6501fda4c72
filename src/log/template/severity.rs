//! Words and codes of trouble.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind, packed};
use regex::bytes::Regex;

use crate::log::Level;

/// Beginnings of words that tell of trouble, in any case, with how much they tell, 0–1.
const WORDS: &[(&str, f64)] = &[
    ("error", 0.8),
    ("fatal", 1.0),
    ("fail", 0.8),
    ("exception", 0.9),
    ("panic", 1.0),
    ("critical", 0.9),
    ("abort", 0.8),
    ("crash", 1.0),
    ("corrupt", 1.0),
    ("denied", 0.8),
    ("refused", 0.8),
    ("reject", 0.7),
    ("forbidden", 0.7),
    ("violation", 0.9),
    ("timeout", 0.7),
    ("timed out", 0.7),
    ("unable", 0.8),
    ("unreachable", 0.9),
    ("cannot", 0.7),
    ("could not", 0.8),
    ("can't", 0.7),
    ("did not", 0.6),
    ("does not exist", 0.8),
    ("not found", 0.7),
    ("not be found", 0.7),
    ("no such", 0.8),
    ("no space", 1.0),
    ("out of memory", 1.0),
    ("conflict", 0.8),
    ("invalid", 0.6),
    ("illegal", 0.7),
    ("unexpected", 0.7),
    ("unresolved", 0.7),
    ("unknown", 0.5),
    ("expired", 0.8),
    ("missing", 0.7),
    ("terminat", 0.5),
    ("killed", 0.8),
    ("segfault", 1.0),
    ("deadlock", 1.0),
    ("overflow", 0.8),
    ("too many", 0.8),
    ("insufficient", 0.8),
    ("lost", 0.5),
    ("warn", 0.4),
];

static TROUBLE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .build(WORDS.iter().map(|(word, _)| word))
        .expect("a short list of short words")
});

/// Parts of the words that tell most, in the cases they are written in: what a whole log can be searched for at the
/// speed of vector instructions, several times that of all words in any case.
const SIGNS: &[&str] = &[
    "rror",
    "RROR",
    "fail",
    "Fail",
    "FAIL",
    "atal",
    "ATAL",
    "xception",
    "XCEPTION",
    "panic",
    "PANIC",
    "ritical",
    "RITICAL",
    "enied",
    "ENIED",
    "efused",
    "EFUSED",
    "eject",
    "orrupt",
    "ORRUPT",
    "iolation",
    "imeout",
    "imed out",
    "TIMEOUT",
    "nable",
    "annot",
    "ould not",
    "ot found",
    "o such",
    "o space",
    "ut of mem",
    "llegal",
    "nvalid",
    "INVALID",
    "expired",
    "segfault",
    "killed",
    "bort",
    "ABORT",
    "crash",
    "nreachable",
    "onflict",
    "eadlock",
];

static SIGNS_SEARCH: LazyLock<Option<packed::Searcher>> = LazyLock::new(|| packed::Searcher::new(SIGNS));

/// Codes: hexadecimal of eight digits, names like `LNK2001`, `JET_errX` or `KMODE_EXCEPTION`, replies such as `502` at
/// the start or after an arrow, `error 67`, negative numbers of three digits and more.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x-u) \b0x[0-9A-Fa-f]{4,16}\b | \([0-9A-Fa-f]{8}\) | \b[cC]00[0-9A-Fa-f]{5}\b | \b[A-Z]{1,5}[0-9]{3,5}\b
        | \b[A-Z]{2,}_[A-Za-z_]{3,} | (?:^|[<>]{2,3}\ ?)[45][0-9][0-9][\ -] | \ -[0-9]{3,}\b
        | (?i:\b(?:error|err|code|status|id|event\ id)[:\ =']+[0-9]{2,})",
    )
    .expect("a valid regex")
});

/// Places in `bytes` that hold a sign of trouble, in order.
pub(super) fn severe_places(bytes: &[u8]) -> Box<dyn Iterator<Item = usize> + '_> {
    match &*SIGNS_SEARCH {
        Some(search) => Box::new(search.find_iter(bytes).map(|found| found.start())),
        None => Box::new(TROUBLE.find_iter(bytes).map(|found| found.start())),
    }
}

/// What the codes of a message add, by their number.
const OF_CODES: [f64; 4] = [0.0, 0.6, 0.8, 1.0];

/// What remains of the trouble in a message whose writer calls it harmless.
const CALLED_HARMLESS: f64 = 0.6;

/// How much a message tells of trouble, 0–2: the worst of its level and its words, and more for codes, which tell half
/// as much where nothing else does.
pub(super) fn severity(message: &[u8], level: Option<Level>) -> f64 {
    let of_words = TROUBLE.find_iter(message).map(|found| WORDS[found.pattern().as_usize()].1).fold(0.0, f64::max);
    let codes = OF_CODES[CODE.find_iter(message).take(3).count()];
    let (of_level, belief) = match level {
        Some(Level::Fatal) => (1.0, 1.0),
        Some(Level::Error) => (0.8, 1.0),
        Some(Level::Warning) => (0.5, 1.0),
        Some(Level::Notice) | None => (0.0, 1.0),
        Some(Level::Info | Level::Debug | Level::Trace) => (0.0, CALLED_HARMLESS),
    };
    let worst = f64::max(of_words, of_level);
    belief * (worst + if worst > 0.0 { codes } else { codes / 2.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: f64) {
        assert_eq!(severity(message.as_bytes(), None), expected, "{message}");
    }

    #[test]
    fn words_and_codes_add_up() {
        check("session opened for user root", 0.0);
        check("Access DENIED for root", 0.8);
        check("<<< 502 go away", 0.3);
        check("it took 502 ms", 0.0);
        check("x.obj : error LNK2001: unresolved external", 1.4);
        check("Operation terminated with error -1206 (JET_errDatabaseCorrupted)", 1.8);
        check("*** STOP: 0x0000001e (0xc0000005)", 0.4);
    }

    #[test]
    fn signs_are_found_in_order_and_tell_of_trouble() {
        let places: Vec<_> = severe_places(b"an ERROR, then a timeout; fine; Access denied").collect();
        assert_eq!(places, [4, 18, 40]);
        assert_eq!(severe_places(b"session opened").count(), 0);
        for sign in SIGNS {
            let told = |word: &&str| word.contains(&sign.to_lowercase());
            assert!(
                WORDS.iter().map(|(word, _)| *word).any(|word| told(&word) || sign.to_lowercase().contains(word)),
                "{sign}"
            );
        }
    }

    #[test]
    fn the_level_counts_where_words_do_not() {
        assert_eq!(severity(b"disk 3", Some(Level::Fatal)), 1.0);
        assert_eq!(severity(b"disk 3", Some(Level::Info)), 0.0);
        assert_eq!(severity(b"timeout is 3", Some(Level::Info)), 0.6 * 0.7);
    }
}
