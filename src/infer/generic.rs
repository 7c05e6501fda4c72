//! Records that say what kind of error it was and nothing about the fault. An article that quotes one is not thereby about
//! the problem, even if it is the only one.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Texts that programs of all kinds print, one a line.
const TEXTS: &str = include_str!("generic.txt");

/// A record with a generic text has at most this many other words if it says nothing about the fault: one names the
/// operation, such as `recv`.
const MAX_OTHER_WORDS: usize = 1;

/// Words beside a generic text that say no more.
const EMPTY_WORDS: [&str; 16] = [
    "and",
    "caused",
    "cause",
    "code",
    "err",
    "errno",
    "exception",
    "failed",
    "failure",
    "fatal",
    "for",
    "from",
    "reason",
    "the",
    "warning",
    "with",
];

static GENERIC: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let texts = TEXTS.lines().filter(|line| !line.starts_with('#'));
    // A few short records are searched, so building a faster automaton would cost more than it saves.
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(texts)
        .expect("a short list of short texts")
});

/// Whether a record says nothing about the fault: it is one name without digits, such as that of an exception without its message; or
/// a text that programs of all kinds print, such as `Connection reset by peer`, with at most one other word.
pub(super) fn is_generic(record: &str) -> bool {
    let record = record.trim();
    if !record.contains(char::is_whitespace) {
        // A code with digits, such as `ORA-01555`, is another matter.
        return !record.contains(|c: char| c.is_ascii_digit());
    }
    let mut rest = String::with_capacity(record.len());
    let mut end = 0;
    let mut has_generic = false;
    for found in GENERIC.find_iter(record).filter(|found| is_whole(record, found.range())) {
        rest.push_str(&record[end..found.start()]);
        rest.push(' ');
        end = found.end();
        has_generic = true;
    }
    rest.push_str(&record[end..]);
    has_generic
        && rest.split_whitespace().filter(|word| says_something(word)).take(MAX_OTHER_WORDS + 1).count()
            <= MAX_OTHER_WORDS
}

/// Whether the range begins and ends at the edge of a word.
fn is_whole(text: &str, range: std::ops::Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let behind = text[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
}

/// Whether a word beside a generic text may say something about the fault: not a number, an address, a path, the name of an
/// exception, or a word such as `failed`.
fn says_something(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_word = word.len() >= 3 && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '_' | '(' | ')'));
    let is_exception = word.ends_with("Error") || word.ends_with("Exception");
    is_word && !is_exception && !EMPTY_WORDS.iter().any(|empty| word.eq_ignore_ascii_case(empty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: bool, records: &[&str]) {
        for record in records {
            assert_eq!(is_generic(record), expected, "{record}");
        }
    }

    #[test]
    fn texts_that_all_programs_print_say_nothing() {
        check(
            true,
            &[
                "Connection reset by peer",
                "  java.lang.OutOfMemoryError\n",
                "OSError: [Errno 28] No space left on device",
                "read tcp 192.0.2.1:443->192.0.2.7:51234: read: connection reset by peer",
                "java.net.SocketTimeoutException: Read timed out",
                "recv() failed (104: Connection reset by peer)",
                "502 Bad Gateway",
                "error: Permission denied (13)",
            ],
        );
    }

    #[test]
    fn a_message_of_one_program_says_something() {
        check(
            false,
            &[
                "upstream prematurely closed connection: Connection reset by peer",
                "ORA-01555",
                "java.lang.OutOfMemoryError: Map failed",
                "could not create shared memory segment: No space left on device",
                "sorry, too many clients already",
                "Killedness of processes is timeoutish",
                "spindle 4 of bay 7 is jammed by swarf",
            ],
        );
    }
}
