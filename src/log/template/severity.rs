//! How severe a message is, by its level and by the words and codes of trouble in it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind, packed};
use regex::bytes::Regex;

use crate::log::Level;

/// Beginnings of words for trouble, which match in any case; the severity of each, 0–1; and signs of the most severe
/// ones. A sign is a part of the word, in the case in which logs write it. Vector instructions search a whole log for
/// the signs several times as fast as for all words in any case.
const WORDS: &[(&str, f64, &[&str])] = &[
    ("error", 0.8, &["rror", "RROR"]),
    ("fatal", 1.0, &["atal", "ATAL"]),
    ("fail", 0.8, &["fail", "Fail", "FAIL"]),
    ("exception", 0.9, &["xception", "XCEPTION"]),
    ("panic", 1.0, &["panic", "PANIC"]),
    ("critical", 0.9, &["ritical", "RITICAL"]),
    ("abort", 0.8, &["bort", "ABORT"]),
    ("crash", 1.0, &["crash"]),
    ("corrupt", 1.0, &["orrupt", "ORRUPT"]),
    ("denied", 0.8, &["enied", "ENIED"]),
    ("refused", 0.8, &["efused", "EFUSED"]),
    ("reject", 0.7, &["eject"]),
    ("forbidden", 0.7, &[]),
    ("violation", 0.9, &["iolation"]),
    ("timeout", 0.7, &["imeout", "TIMEOUT"]),
    ("timed out", 0.7, &["imed out"]),
    ("unable", 0.8, &["nable"]),
    ("unreachable", 0.9, &["nreachable"]),
    ("cannot", 0.7, &["annot"]),
    ("could not", 0.8, &["ould not"]),
    ("can't", 0.7, &[]),
    ("did not", 0.6, &[]),
    ("does not exist", 0.8, &[]),
    ("not found", 0.7, &["ot found"]),
    ("not be found", 0.7, &[]),
    ("no such", 0.8, &["o such"]),
    ("no space", 1.0, &["o space"]),
    ("out of memory", 1.0, &["ut of mem"]),
    ("conflict", 0.8, &["onflict"]),
    ("invalid", 0.6, &["nvalid", "INVALID"]),
    ("illegal", 0.7, &["llegal"]),
    ("unexpected", 0.7, &[]),
    ("unresolved", 0.7, &[]),
    ("unknown", 0.5, &[]),
    ("expired", 0.8, &["expired"]),
    ("missing", 0.7, &[]),
    ("terminat", 0.5, &[]),
    ("killed", 0.8, &["killed"]),
    ("segfault", 1.0, &["segfault"]),
    ("deadlock", 1.0, &["eadlock"]),
    ("overflow", 0.8, &[]),
    ("too many", 0.8, &[]),
    ("insufficient", 0.8, &[]),
    ("lost", 0.5, &[]),
    ("warn", 0.4, &[]),
];

static TROUBLE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .build(WORDS.iter().map(|(word, ..)| word))
        .expect("a short list of short words")
});

fn signs() -> impl Iterator<Item = &'static str> {
    WORDS.iter().flat_map(|(_, _, signs)| *signs).copied()
}

/// The search for signs of trouble (see [`WORDS`]). The processor affects only its speed.
enum SignSearch {
    Vector(packed::Searcher),
    Scalar(AhoCorasick),
}

static SIGN_SEARCH: LazyLock<SignSearch> =
    LazyLock::new(|| packed::Searcher::new(signs()).map_or_else(SignSearch::scalar, SignSearch::Vector));

impl SignSearch {
    fn scalar() -> Self {
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(signs());
        SignSearch::Scalar(automaton.expect("a short list of short words"))
    }

    /// The offsets of signs in `bytes`, in order.
    fn places<'a>(&'a self, bytes: &'a [u8]) -> Box<dyn Iterator<Item = usize> + 'a> {
        match self {
            SignSearch::Vector(search) => Box::new(search.find_iter(bytes).map(|found| found.start())),
            SignSearch::Scalar(search) => Box::new(search.find_iter(bytes).map(|found| found.start())),
        }
    }
}

/// Codes of errors: hexadecimal numbers such as `0xc0000005`; names like `LNK2001`, `JET_errX` or `KMODE_EXCEPTION`;
/// replies such as `502` at the start or after an arrow (`<<<`); numbers after words such as `error`; and negative
/// numbers of three or more digits.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x-u) \b0x[0-9A-Fa-f]{4,16}\b | \([0-9A-Fa-f]{8}\) | \b[cC]00[0-9A-Fa-f]{5}\b | \b[A-Z]{1,5}[0-9]{3,5}\b
        | \b[A-Z]{2,}_[A-Za-z_]{3,} | (?:^|[<>]{2,3}\ ?)[45][0-9][0-9][\ -] | \ -[0-9]{3,}\b
        | (?i:\b(?:error|err|code|status|id|event\ id)[:\ =']+[0-9]{2,})",
    )
    .expect("a valid regex")
});

/// The offsets of signs of trouble in `bytes`, in order.
pub(super) fn severe_places(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    SIGN_SEARCH.places(bytes)
}

/// The severity that the codes in a message add, by their number: 0, 1, 2, or 3 and more.
const SEVERITY_OF_CODES: [f64; 4] = [0.0, 0.6, 0.8, 1.0];

/// The factor for the severity of a message whose level is harmless (info, debug or trace).
const CALLED_HARMLESS: f64 = 0.6;

/// Returns the severity of a message, 0–2: the highest of its level and its words, plus that of its codes. Codes count
/// half if neither the level nor a word is severe.
pub(super) fn severity(message: &[u8], level: Option<Level>) -> f64 {
    let of_words = TROUBLE.find_iter(message).map(|found| WORDS[found.pattern().as_usize()].1).fold(0.0, f64::max);
    let codes = SEVERITY_OF_CODES[CODE.find_iter(message).take(3).count()];
    let (of_level, share) = match level {
        Some(Level::Critical | Level::Fatal) => (1.0, 1.0),
        Some(Level::Error) => (0.8, 1.0),
        Some(Level::Warning) => (0.5, 1.0),
        Some(Level::Notice) | None => (0.0, 1.0),
        Some(Level::Info | Level::Debug | Level::Trace) => (0.0, CALLED_HARMLESS),
    };
    let worst = f64::max(of_words, of_level);
    share * (worst + if worst > 0.0 { codes } else { codes / 2.0 })
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
    fn signs_of_trouble_are_found_in_order() {
        let places: Vec<_> = severe_places(b"an ERROR, then a timeout; fine; Access denied").collect();
        assert_eq!(places, [4, 18, 40]);
        assert_eq!(severe_places(b"session opened").count(), 0);
    }

    #[test]
    fn each_sign_is_a_part_of_its_word() {
        for (word, _, signs) in WORDS {
            assert!(signs.iter().all(|sign| word.contains(&sign.to_lowercase())), "{word}: {signs:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn signs_are_the_same_on_every_processor(text in "(error|ERR|OR|timed? ?out|unreachable|enied|[a-z]| ){0,40}") {
            let here: Vec<_> = severe_places(text.as_bytes()).collect();
            let elsewhere: Vec<_> = SignSearch::scalar().places(text.as_bytes()).collect();
            proptest::prop_assert_eq!(here, elsewhere);
        }
    }

    #[test]
    fn the_level_counts_where_words_do_not() {
        assert_eq!(severity(b"disk 3", Some(Level::Fatal)), 1.0);
        assert_eq!(severity(b"disk 3", Some(Level::Info)), 0.0);
        assert_eq!(severity(b"timeout is 3", Some(Level::Info)), 0.6 * 0.7);
    }
}
