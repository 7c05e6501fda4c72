//! Recognises text that was pasted rather than typed.

use std::sync::LazyLock;

use regex::Regex;

/// A text with more words counts as pasted. A pasted message that lost its line ends has more.
const MOST_WORDS: usize = 64;

/// Matches text that only logs print: the time of day, a program with its process id, or a level in brackets at the beginning.
static LOGGED: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?-u:\b)[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(?-u:\b)|[A-Za-z]\[[0-9]+\]:|^\s*[\[<][A-Za-z0-9]+[\]>]";
    Regex::new(pattern).expect("a fixed pattern")
});

/// File extensions of programs and scripts, by which a command line is recognised.
const PROGRAMS: [&str; 9] = [".exe", ".com", ".bat", ".cmd", ".msi", ".vbs", ".ps1", ".sh", ".py"];

/// Whether `text` was pasted: it has several lines, is very long, or is a line of a log.
pub(super) fn is_pasted(text: &str) -> bool {
    text.trim().contains(['\n', '\r']) || text.split_whitespace().nth(MOST_WORDS).is_some() || LOGGED.is_match(text)
}

/// Whether `words` look like a command, in which a minus begins an option.
pub(super) fn is_command<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let mut words = words.peekable();
    let is_run = words.peek().is_some_and(|first| is_program(first));
    is_run
        || words
            .any(|word| is_option(word) || is_path(word) || matches!(word, "|" | ">" | ">>" | "<" | "&&" | "||" | ";"))
}

/// Whether a word is a program or a prompt: `setup.exe`, `./configure`, PowerShell's `Get-Mailbox`, `$`.
fn is_program(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let is_cmdlet = word.split_once('-').is_some_and(|(verb, noun)| [verb, noun].into_iter().all(is_capitalised));
    PROGRAMS.iter().any(|ending| lower.ends_with(ending)) || is_cmdlet || matches!(word, "$" | "#" | "%" | ">")
}

fn is_capitalised(part: &str) -> bool {
    part.len() > 2
        && part.bytes().all(|b| b.is_ascii_alphabetic())
        && part.starts_with(|c: char| c.is_ascii_uppercase())
        && part.contains(|c: char| c.is_ascii_lowercase())
}

/// Whether a word is an option or begins with a slash: `-u`, `-5`, `--verbose`, `/x`, `-path:x`, `-Dname=value`. A dash alone and
/// a negative number are not options.
fn is_option(word: &str) -> bool {
    let Some(name) = word.strip_prefix('-').map(|rest| rest.trim_start_matches('-')) else {
        return word.starts_with('/');
    };
    let is_digit = name.len() == 1 && name.starts_with(|c: char| c.is_ascii_digit());
    is_digit || name.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn is_path(word: &str) -> bool {
    word.contains('\\') || word.starts_with("./") || word.starts_with("../") || word.starts_with("~/")
}
