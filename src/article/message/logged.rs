//! Recognizes the lines of a listing that a program printed about a failure, and those that are for programs:
//! commands, settings, code.

use std::ops::Range;

/// A failure that a line tells without a time or a level, in lower case. Each begins a word.
const FAILURES: [&str; 54] = [
    "abort",
    "already exists",
    "already in use",
    "back-off",
    "backoff",
    "bad ",
    "broken pipe",
    "can't ",
    "cannot ",
    "conflict",
    "corrupt",
    "could not",
    "couldn't",
    "crash",
    "deadline exceeded",
    "denied",
    "disconnected",
    "does not exist",
    "doesn't exist",
    "error",
    "evicted",
    "exceed",
    "exhausted",
    "expired",
    "failed",
    "failing",
    "failure",
    "fatal",
    "forbidden",
    "full",
    "invalid ",
    "killed",
    "lost",
    "mismatch",
    "missing",
    "no route to",
    "no space left",
    "no such ",
    "not allowed",
    "not found",
    "not ready",
    "not responding",
    "out of memory",
    "panic",
    "refused",
    "rejected",
    "reset by peer",
    "timed out",
    "timeout",
    "too many",
    "unable to",
    "unauthorized",
    "unavailable",
    "unreachable",
];

/// Levels at the start of a line that says what went wrong.
const LEVELS: [&str; 14] = [
    "fatal",
    "error",
    "err",
    "panic",
    "critical",
    "crit",
    "severe",
    "warning",
    "warn",
    "emerg",
    "alert",
    "failure",
    "exception",
    "oops",
];

/// Words that begin a command.
const COMMANDS: [&str; 76] = [
    "ansible",
    "apt",
    "apt-get",
    "aws",
    "awk",
    "az",
    "bash",
    "brew",
    "cat",
    "cd",
    "ceph",
    "chef",
    "chmod",
    "chown",
    "consul",
    "cp",
    "curl",
    "date",
    "dd",
    "df",
    "dig",
    "dnf",
    "docker",
    "du",
    "echo",
    "etcdctl",
    "exit",
    "export",
    "find",
    "for",
    "free",
    "gcloud",
    "git",
    "go",
    "grep",
    "gsutil",
    "helm",
    "host",
    "if",
    "ip",
    "iptables",
    "java",
    "journalctl",
    "kill",
    "knife",
    "kubectl",
    "ls",
    "make",
    "mkdir",
    "mount",
    "mv",
    "mysql",
    "nc",
    "netsh",
    "npm",
    "oc",
    "openssl",
    "ping",
    "pip",
    "psql",
    "python",
    "rm",
    "rsync",
    "select",
    "service",
    "set",
    "sh",
    "ssh",
    "sudo",
    "systemctl",
    "tail",
    "terraform",
    "vault",
    "vi",
    "while",
    "yum",
];

/// Names of settings whose values are sentences.
const SETTINGS: [&str; 22] = [
    "message",
    "description",
    "summary",
    "reason",
    "name",
    "value",
    "type",
    "text",
    "title",
    "comment",
    "help",
    "note",
    "expr",
    "status",
    "state",
    "info",
    "details",
    "detail",
    "runbook_url",
    "url",
    "label",
    "labels",
];

/// A line without a time or a level tells a failure only if it has at least this many words.
const MIN_WORDS: usize = 4;

/// The least number of words of a message after a time or a level.
const MIN_REST: usize = 2;

/// The greatest length in bytes of a line that is examined. A longer one is data.
const LONGEST: usize = 600;

/// Returns the place of the message in `line`, if the line was printed by a program: without its time, its host and
/// its level. Of a structured record, the place of the message's value.
pub(crate) fn message_in(line: &str) -> Option<Range<usize>> {
    let end = line.trim_end().len();
    let start = line.len() - line.trim_start().len();
    if start >= end || end - start > LONGEST {
        return None;
    }
    let text = &line[start..end];
    if let Some(value) = structured_message(text) {
        return Some(start + value.start..start + value.end);
    }
    let stamp = stamp_len(text);
    let message = if stamp > 0 { stamp + origin_len(&text[stamp..]) } else { 0 };
    let rest = &text[message..];
    let is_one = match stamp > 0 {
        true => n_words(rest) >= MIN_REST,
        false => begins_as_failure(rest) || !is_for_programs(rest) && n_words(rest) >= MIN_WORDS && tells_failure(rest),
    };
    is_one.then_some(start + message..end)
}

/// Whether a line is for a program: a command, a comment, a setting, a statement, a part of a document.
pub(super) fn is_for_programs(line: &str) -> bool {
    const STARTS: [&str; 16] = ["#", "$", ">", "{", "}", "<", "//", "/*", "--", "@", "PS ", "./", "|", "\"", "'", "- "];
    const ENDS: [char; 9] = ['\\', '{', '}', ';', '|', '(', '[', ',', '`'];
    const WITHIN: [&str; 16] =
        [" --", " // ", " | ", "$(", "${", " && ", " || ", " >> ", "=\"", "='", "=>", ":=", "==", " = ", "();", "{{"];
    let text = line.trim();
    let first = text.split([' ', '\t']).next().unwrap_or_default();
    let is_bracketed = text.starts_with('[') && text.ends_with(']');
    is_bracketed
        || STARTS.iter().any(|start| text.starts_with(start))
        || text.ends_with(ENDS)
        || WITHIN.iter().any(|sign| text.contains(sign))
        || COMMANDS.contains(&first.to_ascii_lowercase().as_str())
        || first.contains('=')
        || is_cmdlet(first)
        || is_setting(text)
}

/// Whether a line is a name and its value: `replicas: 3`, `description: The disk is full`.
fn is_setting(text: &str) -> bool {
    let Some((name, value)) = text.split_once(':') else { return false };
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./".contains(&b));
    let is_known = || SETTINGS.iter().any(|known| name.eq_ignore_ascii_case(known));
    is_name && (value.is_empty() || value.starts_with(' ')) && (is_known() || n_words(value) < MIN_REST)
}

/// Whether a word is a command of PowerShell: `Remove-Item`.
fn is_cmdlet(word: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    word.split_once('-').is_some_and(|(verb, noun)| is_name(verb) && is_name(noun) && verb.len() > 1)
}

fn tells_failure(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    FAILURES.iter().any(|words| {
        let begins = |at: usize| !lower[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
        lower.match_indices(words).any(|(at, _)| begins(at))
    })
}

/// Whether a line begins with the level of a failure, or with the name of an error and a colon.
fn begins_as_failure(text: &str) -> bool {
    let first = text.split([' ', '\t']).next().unwrap_or_default();
    let rest = text[first.len()..].trim_start();
    let word = first.trim_matches(['[', ']', '<', '>', ':', '*', '!']);
    let is_marked = first.ends_with([':', ']', '>']);
    let is_level = LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level));
    let is_loud = is_level && (is_marked || word.bytes().all(|b| b.is_ascii_uppercase()));
    let is_error = first.ends_with(':') && (is_error_name(word) || is_symbol(word));
    let is_http = word == "Error" && rest.starts_with("from ");
    let is_cause = text.starts_with("Caused by: ") || text.starts_with("Error: ");
    (is_loud || is_error || is_http || is_cause) && n_words(rest) >= MIN_REST && !rest.ends_with(['{', ';', '\\'])
}

/// Whether a word is the name of an exception: `java.io.IOException`, `OSError`.
fn is_error_name(word: &str) -> bool {
    let ends = ["Exception", "Error", "Failure"].iter().any(|end| word.ends_with(end) && word.len() > end.len());
    ends && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._$:".contains(&b))
}

/// Whether a word is a symbol such as `BELT_E_NOT_MOVING`.
pub(super) fn is_symbol(word: &str) -> bool {
    const SHORTEST: usize = 6;
    word.len() >= SHORTEST
        && word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// Returns the number of words of letters.
fn n_words(text: &str) -> usize {
    let is_word = |token: &&str| {
        let word = token.trim_matches(|c: char| !c.is_alphanumeric());
        word.chars().nth(1).is_some() && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '’'))
    };
    text.split([' ', '\t', '(', ')', '/', '=']).filter(is_word).count()
}

/// Returns the length of the time at the start of a line, with the blanks after it; 0 if there is none.
fn stamp_len(text: &str) -> usize {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const ZONES: [&str; 5] = ["UTC", "GMT", "CET", "CEST", "Z"];
    let (mut at, mut has_time, mut has_month) = (0, false, false);
    for token in text.split_inclusive(' ').take(8) {
        let word = token.trim().trim_matches(['[', ']', '(', ')', '<', '>', ',', '|']);
        let is_month = MONTHS.contains(&word) || DAYS.contains(&word);
        let is_number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let goes_on = word.is_empty() && (at > 0 || token.trim().is_empty())
            || is_time(word)
            || is_month && !has_time
            || is_number && word.len() <= 4 && has_month
            || has_time && (ZONES.contains(&word) || word.starts_with(['+', '-']) && word.len() == 5);
        if !goes_on {
            break;
        }
        has_time |= is_time(word);
        has_month |= is_month;
        at += token.len();
    }
    if has_time { at } else { 0 }
}

/// Whether a word is a date with a year, a time of day with seconds, both, or the `E0305` of klog.
fn is_time(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_klog = word.len() == 5 && digits == 4 && word.starts_with(['E', 'W', 'F', 'I']);
    let count = |sign: u8| word.bytes().filter(|&b| b == sign).count();
    let has_parts = count(b':') >= 2 || count(b'-') == 2 || count(b'/') == 2 || count(b'-') > 2 && word.contains('T');
    let is_plain = word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-/:.,+".contains(&b));
    is_klog || digits >= 6 && has_parts && is_plain && word.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns the length of what is between the time and the message: the host and the program, the process, the level,
/// the place in the source.
fn origin_len(text: &str) -> usize {
    const OTHER_LEVELS: [&str; 9] = ["info", "debug", "notice", "trace", "log", "e", "w", "i", "f"];
    let (mut at, mut kept) = (0, 0);
    let mut host = "";
    for (index, token) in text.split_inclusive(' ').take(6).enumerate() {
        let word = token.trim_end();
        let name = word.trim_matches(['[', ']', '<', '>', '(', ')', ':', '|']);
        let is_number = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
        let is_level = LEVELS.iter().chain(&OTHER_LEVELS).any(|level| name.eq_ignore_ascii_case(level));
        let is_bracketed = word.starts_with('[') && word.ends_with([']', ':']);
        let is_place = [".go:", ".py:", ".cc:"].iter().any(|end| word.contains(end));
        let is_host = host.contains(['-', '.']) || host.contains(|c: char| c.is_ascii_digit());
        let is_program = word.ends_with("]:") && !is_bracketed || is_host && word.ends_with(':');
        at += token.len();
        if is_program || host.is_empty() && (name.is_empty() || is_number || is_level || is_bracketed || is_place) {
            (kept, host) = (at, "");
        } else if index == 0 {
            host = word;
        } else {
            break;
        }
    }
    if kept < text.len() { kept } else { 0 }
}

/// Returns the place of the message in a structured record of a failure: `level=error msg="…"`, `{"message": "…"}`.
fn structured_message(text: &str) -> Option<Range<usize>> {
    const NAMES: [(&str, char); 7] = [
        ("msg=\"", '"'),
        ("message=\"", '"'),
        ("error=\"", '"'),
        ("\"msg\":\"", '"'),
        ("\"message\":\"", '"'),
        ("\"msg\": \"", '"'),
        ("\"message\": \"", '"'),
    ];
    let is_record = text.starts_with('{') && text.ends_with('}') || text.contains("level=") || text.contains("lvl=");
    let (start, quote) = NAMES.iter().filter(|_| is_record).find_map(|(name, quote)| {
        let at = text.find(name)?;
        Some((at + name.len(), *quote))
    })?;
    let len = text[start..].find(quote)?;
    (n_words(&text[start..start + len]) >= MIN_REST).then_some(start..start + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expect: Option<&str>) {
        assert_eq!(message_in(line).map(|place| &line[place]), expect, "{line}");
    }

    #[test]
    fn records_of_logs_are_messages_without_their_time_and_origin() {
        for (line, message) in [
            ("2026-11-28 05:13:49 E | sorter: belt refused to start", "sorter: belt refused to start"),
            ("Nov  8 05:13:49 depot-1 sorter[3]: belt stands still", "belt stands still"),
            ("[2026-11-28T05:13:49.123Z] [error] the belt is cold", "the belt is cold"),
            ("E0305 12:00:01.123456       1 belt.go:12] Failed to oil the belt", "Failed to oil the belt"),
            ("2026/11/28 05:13:49 [crit] 7#7: *1 belt stands", "7#7: *1 belt stands"),
            ("2026-11-28 05:13:49 ERROR belt 4 jammed at the gate", "belt 4 jammed at the gate"),
            ("2026-11-28 05:13:49 rollers failed: too cold", "rollers failed: too cold"),
            ("Nov 28 05:13:49 depot-1 kernel: [12.3] belt stands", "belt stands"),
            ("time=\"2026\" level=error msg=\"belt is cold\" belt=4", "belt is cold"),
            (r#"{"level":"error","msg":"belt is cold","n":4}"#, "belt is cold"),
        ] {
            check(line, Some(message));
        }
    }

    #[test]
    fn failures_are_messages_without_a_time() {
        for line in [
            "FATAL: belt slots are reserved for the superuser",
            "fatal: not a belt",
            "Error from server (NotFound): belts \"b\" not found",
            "panic: belt index out of range",
            "java.io.IOException: Broken belt of the sorter",
            "OSError: [Errno 28] No space left on device",
            "BELT_E_NOT_MOVING: the belt stands still",
            "parcel belt refused to start: exceeded max retry count waiting for rollers",
            "mount: /belt: wrong fs type, bad option, bad superblock",
            "curl: (7) Failed to connect to depot.example port 443",
            "  Warning: FailedScheduling 0 of 3 belts are free ",
        ] {
            check(line, Some(line.trim()));
        }
    }

    #[test]
    fn commands_settings_and_code_are_none() {
        for line in [
            "kubectl logs belt --previous | grep error",
            "$ systemctl restart failed belt service now",
            "# look whether the belt has failed or not",
            "Get-Belt -Name x returns the failed belts",
            "description: The belt has failed to start",
            "message: belt failed to start again",
            "error: true",
            "severity: critical",
            "- alert: BeltFailedToStart",
            "throw new Error(\"belt has failed again\");",
            "echo the belt has failed again",
            "if the belt failed then go on",
            "\"reason\": \"the belt failed to start\",",
            "belt-7  0/1  CrashLoopBackOff  5  3m",
            "2026-11-28 05:13 belt.log",
            "SELECT * FROM belts WHERE state is error",
            "the belt runs well and all is fine",
            "error_ratio: 0.5 // the belt failed too often",
            "ERROR",
            "",
        ] {
            check(line, None);
        }
    }
}
