//! Compiles patterns, and finds text in them that means something in other languages and nothing here.

use std::sync::LazyLock;

use regex::Regex;

use super::super::error::{self, kind_synonym};
use crate::diagnostic::Diagnostic;
use crate::pattern::{Pattern, PatternErrorKind};
use crate::rule::ast::{Alternative, PatternText};
use crate::source::Span;

/// The most unknown kinds of holes of one pattern that are reported.
const MOST_KINDS: usize = 20;

/// Compiles a pattern. Reports every unknown kind of hole, and otherwise the first mistake.
pub(super) fn compile(written: &PatternText) -> Result<Pattern, Vec<Diagnostic>> {
    let base = written.source().span.start;
    let PatternText::Holes { source, ignore_case } = written else {
        let PatternText::Regex { source, flags } = written else { return Err(Vec::new()) };
        return Pattern::regex(&source.node, &flags.node).map_err(|wrong| {
            let foreign = foreign_constructs(&source.node, base);
            let is_syntax = matches!(wrong.kind, PatternErrorKind::Regex(_));
            if is_syntax && !foreign.is_empty() { foreign } else { vec![error::bad_pattern(&wrong, base)] }
        });
    };
    let mut text = source.node.clone();
    let mut found: Vec<Diagnostic> = Vec::new();
    for _ in 0..MOST_KINDS {
        match Pattern::text(&text, *ignore_case) {
            Ok(pattern) if found.is_empty() => return Ok(pattern),
            Ok(_) => break,
            Err(wrong) => {
                let PatternErrorKind::UnknownKind(kind) = &wrong.kind else {
                    found.push(error::bad_pattern(&wrong, base));
                    break;
                };
                if kind.contains(['"', ',']) || kind.starts_with(' ') {
                    let open = source.node[..wrong.span.start].rfind('{').unwrap_or(0);
                    let close = source.node[open..].find('}').map_or(source.node.len(), |end| open + end + 1);
                    let span = Span::new(open, close).shifted(base);
                    found.push(error::text_in_braces(span, &source.node[open..close]));
                    break;
                }
                found.push(
                    unknown_kind(&source.node, wrong.span, kind, base)
                        .unwrap_or_else(|| error::bad_pattern(&wrong, base)),
                );
                // With `_` for `:` and letters for the kind, the hole has a name and no kind, and the text keeps its length.
                text.replace_range(wrong.span.start - 1..wrong.span.end, &"_".repeat(kind.len() + 1));
            }
        }
    }
    Err(found)
}

/// Reports a kind of hole that has another name here, and `%{IP:client}`, in which the kind comes first.
fn unknown_kind(source: &str, span: Span, kind: &str, base: usize) -> Option<Diagnostic> {
    let open = source[..span.start].rfind('{')?;
    let name = &source[open + 1..span.start - 1];
    let place = span.shifted(base);
    if let Some(meant) =
        kind_synonym(name).filter(|_| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
    {
        let start = if source[..open].ends_with('%') { open - 1 } else { open };
        let whole = Span::new(start, span.end + 1).shifted(base);
        let suffix = if meant.is_empty() { String::new() } else { format!(":{meant}") };
        return Some(error::kind_before_name(whole, &source[start..span.end + 1], &format!("{{{kind}{suffix}}}")));
    }
    let meant = kind_synonym(kind)?;
    Some(match meant {
        "" => error::needless_kind(Span::new(place.start - 1, place.end), kind, name),
        meant => error::kind_called(place, kind, meant),
    })
}

/// Text of other pattern languages: what is found, what to write instead (empty: the same text as a regex), and the advice.
struct Foreign {
    regex: Regex,
    instead: &'static str,
    advice: &'static str,
}

const AS_REGEX: &str = "a regex is written between slashes, `/…/`";
const ANY_TEXT: &str = "`{..}` takes any text, `{name}` a word; a regex is written between slashes, `/…/`";

/// The group `x` is the part that is reported, or else the whole match.
static FOREIGN: LazyLock<Vec<Foreign>> = LazyLock::new(|| {
    let known: &[(&str, &str, &str)] = &[
        (r"(?P<x>\.[*+]\??)(?:[^*\w]|\w|$)", "{..}", ANY_TEXT),
        (r"(?:^|[^\\])(?P<x>\\[dDsSwW](?:[+*?]|\{\d+(?:,\d*)?\}))", "", AS_REGEX),
        (r"(?:^|[^\\\w:])(?P<x>\\[dDsSwWb])(?:[^\w\\]|$)", "", AS_REGEX),
        (r"(?P<x>\[\^?(?:a-z|A-Z|0-9|\\[dsw])[^\]]*\][+*?]?)", "", AS_REGEX),
        (r"(?P<x>\((?:\?:|\?P?<\w+>)[^)]*\))", "", AS_REGEX),
        (r"(?P<x>\([\w ]+(?:\|[\w ]+)+\)[?+*]?)", "", "alternatives are separate patterns, joined by `or`"),
        (r"^\^(?:[A-Za-z0-9\[(\\{])", "", "a pattern may stand anywhere in the message; `^` and `$` belong to regexes"),
        (
            r"(?:[A-Za-z0-9)\]}+*])(?P<x>\$)$",
            "",
            "a pattern may stand anywhere in the message; `^` and `$` belong to regexes",
        ),
        (r"(?:^|[^%0-9])(?P<x>%[sv])(?:\W|$)", "{_}", "`{name}` takes a word"),
        (r"(?:^|[^%0-9])(?P<x>%[diu])(?:\W|$)", "{_:int}", "`{name:int}` takes a number"),
        (r"(?P<x>\[\[:\w+:\]\][+*]?)", "", AS_REGEX),
        (r"(?:^|[^$\w])(?P<x>\$)\{[a-z_]\w*[:}]", "", "a hole is written `{name}`: remove the `$`"),
        (r"(?:^|[\s=(:\[])(?P<x>\$[a-z_]\w*)", "", "a hole is written `{name}`"),
        (r"(?P<x>%\(\w+\)s)", "", "it is no part of the message: leave it out; `{name}` takes a word"),
        (r"(?P<x>\\u[0-9a-fA-F]{4})", "", "write the sign itself"),
        (r"^[^\\/.:]*\w(?P<x>\\[tnr])\w[^\\/.:]*$", "", "a backslash is itself; one blank matches any blanks and tabs"),
        (r"(?P<x>%\{[A-Z][A-Z0-9]*\})", "{_}", "`{name}` takes a word, `{name:ip}` an address"),
        (r"(?P<x><(?:HOST|ADDR|IP4|IP6|SUBNET|DNS)>)", "{ip:ip}", "`{ip:ip}` takes an address"),
        (r"(?P<x><(?:F-[A-Z-]+|\*|SKIPLINES)>)", "{_}", "`{name}` takes a word, `{..}` any text"),
        (r"\w (?P<x>\*) \w", "{..}", ANY_TEXT),
        (r"^(?P<x>\*)\w[^*]*$", "", "a pattern may stand anywhere in the message: remove the `*`"),
        (r"^[^*]*\w(?P<x>\*)$", "", "a pattern may stand anywhere in the message: remove the `*`"),
        (r"^[^|]*[A-Za-z]{2}(?P<x>\|)[A-Za-z]{2}[^|]*$", "", "alternatives are separate patterns, joined by `or`"),
        (r"\w(?P<x>\\[.()\[\]+?*])", "", AS_REGEX),
    ];
    let known = known.iter().map(|(source, instead, advice)| Foreign {
        regex: Regex::new(source).expect("the table contains valid regexes"),
        instead,
        advice,
    });
    known.collect()
});

/// Warns of grok in the pattern of a format: `%{TIMESTAMP:time}`.
pub(super) fn grok(written: &PatternText) -> Option<Diagnostic> {
    let PatternText::Holes { source, .. } = written else { return None };
    let at = source.node.find("%{")?;
    let end = source.node[at..].find('}').map(|end| at + end + 1)?;
    let (kind, name) = source.node[at + 2..end - 1].split_once(':')?;
    if !kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') {
        return None;
    }
    let fixed = match kind_synonym(kind) {
        Some(kind) if !kind.is_empty() => format!("{{{name}:{kind}}}"),
        _ => format!("{{{name}}}"),
    };
    let span = Span::new(at, end).shifted(source.span.start);
    let advice = format!("in a hole the name comes first: `{fixed}`");
    Some(error::like_a_regex(span, &source.node[at..end], &advice).replace(span, fixed))
}

/// Warns of each hole that is written in two pairs of braces.
fn doubled_braces(text: &str, base: usize) -> Vec<Diagnostic> {
    static DOUBLED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\{\{ ?([A-Za-z_]\w*(?::(?:\w+|\.\.))?) ?\}\}").expect("a valid regex"));
    if !text.contains("{{") {
        return Vec::new();
    }
    let found = DOUBLED.captures_iter(text).filter_map(|doubled| {
        let (whole, name) = (doubled.get(0)?, doubled.get(1)?.as_str());
        let span = Span::new(whole.start(), whole.end()).shifted(base);
        let advice = format!("`{{{{` is a brace; a hole is written `{{{name}}}`");
        Some(error::like_a_regex(span, whole.as_str(), &advice).replace(span, format!("{{{name}}}")))
    });
    found.collect()
}

/// Whether a table of [`FOREIGN`] text can find something in the pattern.
fn is_suspicious(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'*' | b'+' | b'\\' | b'[' | b'^' | b'$' | b'%' | b'<' | b'|'))
}

/// Whether a pattern matches the empty text, and so every other. One with required text is not compiled for that.
pub(super) fn matches_all(pattern: &Pattern) -> bool {
    pattern.required().is_empty() && pattern.find(b"").is_some()
}

/// Warns of parts of a pattern that are probably not meant as they are read.
pub(super) fn remarks(written: &PatternText, pattern: &Pattern) -> Vec<Diagnostic> {
    match written {
        PatternText::Holes { source, .. } => {
            let base = source.span.start;
            let blanks = if source.node.is_ascii() { None } else { special_blanks(&source.node, base) };
            blanks
                .into_iter()
                .chain(grok(written))
                .chain(doubled_braces(&source.node, base))
                .chain(like_a_regex(written))
                .collect()
        }
        PatternText::Regex { source, .. } => {
            let base = source.span.start;
            let all = matches_all(pattern).then(|| {
                let help = "write what must be in the record; all records are `match any`";
                error::always_true(source.span, None, "the regex matches every record", help)
            });
            needless_in_regex(&source.node, base).into_iter().chain(odd_regex(&source.node, base)).chain(all).collect()
        }
    }
}

fn special_blanks(source: &str, base: usize) -> Option<Diagnostic> {
    let at =
        source.find(['\u{a0}', '\u{202f}', '\u{2007}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'])?;
    let c = source[at..].chars().next()?;
    if matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}') {
        return Some(error::invisible_sign(Span::new(at, at + c.len_utf8()).shifted(base), c));
    }
    let end = at + c.len_utf8();
    // French writes such a blank before punctuation.
    let is_between_words =
        source[..at].ends_with(char::is_alphanumeric) && source[end..].starts_with(char::is_alphanumeric);
    let is_number = source[..at].ends_with(|c: char| c.is_ascii_digit());
    (is_between_words && !is_number).then(|| error::special_blank(Span::new(at, end).shifted(base), c))
}

fn like_a_regex(written: &PatternText) -> Option<Diagnostic> {
    let PatternText::Holes { source, ignore_case } = written else { return None };
    let text = source.node.as_str();
    if !is_suspicious(text) {
        return None;
    }
    let found = FOREIGN.iter().filter_map(|foreign| {
        let captures = foreign.regex.captures(text)?;
        let part = captures.name("x").or_else(|| captures.get(0))?;
        is_foreign(text, part.start(), part.as_str()).then_some((part, foreign))
    });
    let (part, foreign) = found.min_by_key(|(part, _)| part.start())?;
    let (start, written_part) = match foreign.regex.as_str().starts_with("^\\^") {
        true => (part.start(), "^"),
        false => (part.start(), part.as_str()),
    };
    let span = Span::new(start, start + written_part.len()).shifted(source.span.start);
    let wrong = error::like_a_regex(span, written_part, foreign.advice);
    let quotes = Span::new(source.span.start - 1 - usize::from(*ignore_case), source.span.end + 1);
    Some(match foreign.instead {
        "" if foreign.advice.contains(": remove the `") => wrong.replace(span, ""),
        "" => with_regex(wrong, text, *ignore_case, quotes),
        instead => wrong.replace(span, instead),
    })
}

/// Whether a part is not plain text after all: SQL, lists of files, uppercase marks of kernels.
fn is_foreign(text: &str, at: usize, part: &str) -> bool {
    let (before, after) = (&text[..at], &text[at + part.len()..]);
    let is_sql = || {
        before.to_ascii_lowercase().trim_end().ends_with("select")
            || before.ends_with("t.")
            || before.ends_with("count(")
    };
    match part {
        "*" => !is_sql(),
        _ if part.starts_with('.') => {
            // `*.*` and `x.*` are names of files and columns.
            let is_column = before.ends_with(char::is_alphanumeric) && after.starts_with([' ', ',', ')', '"']);
            let is_list = before.ends_with('*');
            !(is_list || is_column && part == ".*" && is_sql_text(text))
        }
        _ => true,
    }
}

fn is_sql_text(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["select ", " from ", "grant ", " on "].iter().any(|word| lower.contains(word))
}

/// Adds the pattern as a regex as the fix, if it is one.
fn with_regex(wrong: Diagnostic, text: &str, ignore_case: bool, quotes: Span) -> Diagnostic {
    let has_hole = Pattern::text(text, ignore_case).is_ok_and(|pattern| !pattern.holes().is_empty());
    let source = text.replace('/', "\\/").replace("\\\"", "\"");
    let is_regex = Pattern::regex(&source, "").is_ok();
    let flags = if ignore_case { "i" } else { "" };
    if has_hole || !is_regex { wrong } else { wrong.replace(quotes, format!("/{source}/{flags}")) }
}

/// Constructs of other regex engines, what they are called, and what to write.
const CONSTRUCTS: &[(&str, &str, &str)] = &[
    ("(?>", "an atomic group", "write `(?:…)`: this engine never goes back"),
    ("(?|", "a branch reset", "write one named group for each branch"),
    ("(?#", "a comment", "write the comment after `#` behind the statement"),
    ("++", "a possessive repetition", "write `+`: this engine never goes back"),
    ("*+", "a possessive repetition", "write `*`: this engine never goes back"),
    ("?+", "a possessive repetition", "write `?`: this engine never goes back"),
    (r"\Z", "the end of the text", "write `$`"),
    (r"\G", "the end of the last match", "leave it out"),
    (r"\K", "a reset of the match", "name the part that matters: `(?P<name>…)`"),
    (r"\h", "a blank or tab", r"write `[ \t]`"),
    (r"\R", "a line break", r"write `\r?\n`"),
    (r"\Q", "quoted text", "write a text in quotes, or a backslash before each sign"),
    (r"\X", "a grapheme", "write `.`"),
    (r"\e", "an escape character", r"write `\x1b`"),
];

/// Reports constructs that this engine does not have.
fn foreign_constructs(source: &str, base: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        if let Some((written, what, help)) = CONSTRUCTS.iter().find(|(written, ..)| rest.starts_with(written)) {
            let span = Span::new(at, at + written.len()).shifted(base);
            found.push(error::foreign_construct(span, written, what, help));
            at += written.len();
            continue;
        }
        let escaped = usize::from(rest.starts_with('\\')) * rest.chars().nth(1).map_or(0, char::len_utf8);
        at += rest.chars().next().map_or(1, char::len_utf8) + escaped;
    }
    found
}

/// Marks of other tools in regexes, and what to write.
static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<(?:HOST|ADDR|IP4|IP6|SUBNET|DNS|F-[A-Z-]+)>|%\(\w+\)s|%\{[A-Z][A-Z0-9_]*(?::\w+)?\}")
        .expect("a valid regex")
});

/// Sets of characters.
static SETS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[([A-Za-z]{3,}(?: [\w.]+)*)\]([+*?{]?)").expect("a valid regex"));

/// Warns of marks of other tools in a regex, and of a word in brackets, which is read as one of its letters.
pub(super) fn odd_regex(source: &str, base: usize) -> Option<Diagnostic> {
    if let Some(mark) = MARKS.find(source).filter(|mark| !source[..mark.start()].ends_with("?P")) {
        let span = Span::new(mark.start(), mark.end()).shifted(base);
        let (what, help, fixed) = match mark.as_str() {
            "<HOST>" | "<ADDR>" | "<IP4>" | "<IP6>" => {
                ("is of fail2ban, and plain text here", r"write `(?P<ip>\S+)`", r"(?P<ip>\S+)")
            }
            text if text.starts_with("%(") => (
                "is of fail2ban, and plain text here",
                "leave it out: the time, host and program are not in the message",
                "",
            ),
            text if text.starts_with("%{") => ("is of grok, and plain text here", r"write `(?P<name>\S+)`", r"\S+"),
            _ => ("is of fail2ban, and plain text here", r"write `(?P<name>\S+)`", r"\S+"),
        };
        return Some(error::odd_regex(span, &format!("`{}` {what}", mark.as_str()), help).replace(span, fixed));
    }
    SETS.captures_iter(source).find_map(|set| {
        let (whole, word, repeated) = (set.get(0)?, set.get(1)?.as_str(), set.get(2)?);
        let is_escaped = source[..whole.start()].ends_with('\\') || source[..whole.start()].ends_with('[');
        if is_escaped || !repeated.as_str().is_empty() || !is_word(word) {
            return None;
        }
        let span = Span::new(whole.start(), whole.end()).shifted(base);
        let fixed = format!("\\[{word}\\]");
        let title = format!("`[{word}]` is one of these characters, not the word");
        Some(error::odd_regex(span, &title, &format!("write `{fixed}` for the word in brackets")).replace(span, fixed))
    })
}

/// Whether the characters of a set are rather a word: letters of one case that are not in the order of the alphabet.
fn is_word(set: &str) -> bool {
    if set.contains(' ') {
        return true;
    }
    let lower = set.to_lowercase();
    let is_one_case = set == lower || set == set.to_uppercase() || set[1..] == lower[1..];
    let is_sorted = lower.as_bytes().is_sorted();
    let is_level = crate::level::Level::by_word(lower.as_bytes()).is_some();
    let repeats = lower.char_indices().any(|(at, c)| lower[at + c.len_utf8()..].contains(c));
    is_one_case && (is_level || !is_sorted && (set.len() >= 5 || repeats))
}

/// Finds an alternative of a regex that another one hides: `/foo|foobar/`.
fn needless_in_regex(source: &str, base: usize) -> Option<Diagnostic> {
    let is_plain =
        source.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'-' | b'|' | b':'));
    if !is_plain || !source.contains('|') {
        return None;
    }
    let mut start = 0;
    let mut before: Vec<&str> = Vec::new();
    for alternative in source.split('|') {
        let hides = before.iter().find(|first| !first.is_empty() && alternative.starts_with(**first));
        if let Some(first) = hides {
            let span = Span::new(start, start + alternative.len()).shifted(base);
            let remove = Span::new(start - 1, start + alternative.len()).shifted(base);
            return Some(error::needless_in_regex(span, first, alternative).replace(remove, ""));
        }
        before.push(alternative);
        start += alternative.len() + 1;
    }
    None
}

/// Warns of alternatives of which one matches all that another matches.
pub(super) fn needless_alternatives(alternatives: &[Alternative]) -> Vec<Diagnostic> {
    let patterns: Vec<&PatternText> = alternatives
        .iter()
        .filter_map(|alternative| match alternative {
            Alternative::Pattern(pattern) => Some(pattern),
            Alternative::Any(_) | Alternative::Named(_) | Alternative::Symptom(_) => None,
        })
        .collect();
    if patterns.len() != alternatives.len() || patterns.len() < 2 {
        return Vec::new();
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    for (index, pattern) in patterns.iter().enumerate() {
        let others = patterns.iter().enumerate().filter(|(other, _)| *other != index);
        let is_wider = |(other, wide): &(usize, &&PatternText)| {
            covers(wide, pattern) && (*other < index || !covers(pattern, wide))
        };
        let covering = others.into_iter().find(is_wider);
        let Some((_, wide)) = covering else { continue };
        let equal = wide.source().node == pattern.source().node;
        let wrong = error::needless_alternative(pattern.source().span, wide.source().span, equal);
        let removed = match index {
            0 => Span::new(outer(pattern).start, outer(patterns[1]).start),
            _ => Span::new(outer(patterns[index - 1]).end, outer(pattern).end),
        };
        found.push(wrong.replace(removed, ""));
    }
    found
}

/// The place of a pattern with its marks.
fn outer(pattern: &PatternText) -> Span {
    let inner = pattern.source().span;
    match pattern {
        PatternText::Holes { ignore_case, .. } => Span::new(inner.start - 1 - usize::from(*ignore_case), inner.end + 1),
        PatternText::Regex { flags, .. } => Span::new(inner.start - 1, flags.span.end.max(inner.end + 1)),
    }
}

/// Whether every record that `narrow` matches is matched by `wide`, as far as this is easily seen.
fn covers(wide: &PatternText, narrow: &PatternText) -> bool {
    match (wide, narrow) {
        (PatternText::Holes { source, ignore_case }, PatternText::Holes { source: other, ignore_case: other_case }) => {
            if !*ignore_case && *other_case {
                return false;
            }
            if source.node == other.node {
                return true;
            }
            if other.node.contains('{') || source.node.contains('{') {
                return false;
            }
            let text = super::value::unescape(&other.node);
            Pattern::text(&source.node, *ignore_case).is_ok_and(|wide| wide.find(text.as_bytes()).is_some())
        }
        (PatternText::Regex { source, flags }, PatternText::Regex { source: other, flags: other_flags }) => {
            source.node == other.node && flags.node == other_flags.node
        }
        _ => false,
    }
}
