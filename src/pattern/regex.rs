//! Regexes for a linear-time engine, with the literals that every match contains. A regex is compiled when it is first needed:
//! of thousands of rules, few have a literal that occurs in a log.

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::ast;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};

use super::error::{PatternError, PatternErrorKind};
use super::hole::{Hole, HoleKind};
use super::matched::{Capture, Literal, Match};
use super::rarity::rarity;
use super::text::MIN_REQUIRED;

/// The memory that a compiled regex may take. Rules need far less, and 10,000 regexes must fit in one process.
const MAX_COMPILED_BYTES: usize = 1 << 20;

/// How deep groups and repetitions may be nested.
const MAX_NESTING: u32 = 100;

/// Sets of more literals than this are not used, because a prefilter with them would be slower than none.
const MAX_REQUIRED: usize = 64;

/// A regex of at most this [size](size_of) is compiled when it is first needed, since it surely takes less memory than allowed. One
/// Unicode class such as `\w` has 800, and takes some 70 KB.
const MAX_LAZY: usize = 6_000;

/// The limit for those that are compiled when they are first needed. None comes near it.
const MAX_LAZY_BYTES: usize = 64 << 20;

/// The Kelvin sign and the long s, which are equal to `k` and `s` if case is ignored. Required literals are right only for
/// texts without them.
pub(crate) const FOLD_INTO_ASCII: [char; 2] = ['\u{212A}', '\u{17F}'];

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RegexPattern {
    pub(super) source: String,
    #[serde(skip)]
    regex: OnceLock<Regex>,
    pub(super) flags: String,
    pub(super) holes: Vec<Hole>,
    /// The index of the regex group for each hole.
    groups: Vec<usize>,
    pub(super) required: Vec<Vec<Literal>>,
}

/// Compiles `source`; see [`super::Pattern::regex`].
pub(super) fn compile(source: &str, flags: &str) -> Result<RegexPattern, PatternError> {
    let whole = |kind| PatternError::new(0, source.len(), kind);
    if source.is_empty() {
        return Err(whole(PatternErrorKind::Empty));
    }
    if let Some(unknown) = flags.chars().find(|flag| !"isx".contains(*flag)) {
        return Err(whole(PatternErrorKind::UnknownFlag(unknown)));
    }
    let flag = |flag| flags.contains(flag);
    let hir = ParserBuilder::new()
        .utf8(false)
        .case_insensitive(flag('i'))
        .dot_matches_new_line(flag('s'))
        .ignore_whitespace(flag('x'))
        .nest_limit(MAX_NESTING)
        .build()
        .parse(source)
        .map_err(syntax_error)?;
    let regex = OnceLock::new();
    if size_of(&hir) > MAX_LAZY {
        let compiled = engine(source, flags, MAX_COMPILED_BYTES).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => whole(PatternErrorKind::TooLarge),
            other => whole(PatternErrorKind::Regex(other.to_string())),
        })?;
        regex.get_or_init(|| compiled);
    }
    let mut named = Vec::new();
    add_named_groups(&hir, &mut named);
    let hole = |(group, name)| (group, Hole { name: Some(name), kind: HoleKind::Group });
    let (groups, holes) = named.into_iter().map(hole).unzip();
    let required = required(&hir).into_iter().filter(|literals| literals.len() <= MAX_REQUIRED).collect();
    let pattern = RegexPattern { source: source.to_owned(), regex, flags: flags.to_owned(), holes, groups, required };
    match pattern.holes.iter().find(|hole| hole.name.as_deref() == Some("count")) {
        Some(_) => Err(whole(PatternErrorKind::ReservedName("count".to_string()))),
        None => Ok(pattern),
    }
}

fn engine(source: &str, flags: &str, most_bytes: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source)
        .case_insensitive(flags.contains('i'))
        .dot_matches_new_line(flags.contains('s'))
        .ignore_whitespace(flags.contains('x'))
        .nest_limit(MAX_NESTING)
        .size_limit(most_bytes)
        .build()
}

/// An estimate of the size of the compiled regex: the literal bytes and the ranges of classes, as often as they are repeated.
fn size_of(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            size_of(&repetition.sub).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => size_of(&capture.sub).saturating_add(1),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(size_of).fold(0, usize::saturating_add)
        }
    }
}

/// Adds the named groups of `hir` with their indices, in order.
fn add_named_groups(hir: &Hir, named: &mut Vec<(usize, String)>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => {}
        HirKind::Repetition(repetition) => add_named_groups(&repetition.sub, named),
        HirKind::Capture(capture) => {
            let name = capture.name.as_ref().map(|name| (capture.index as usize, name.to_string()));
            named.extend(name);
            add_named_groups(&capture.sub, named);
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| add_named_groups(part, named));
        }
    }
}

fn syntax_error(error: regex_syntax::Error) -> PatternError {
    let (span, kind) = match &error {
        regex_syntax::Error::Parse(error) => (*error.span(), parse_error(error.kind())),
        regex_syntax::Error::Translate(error) => (*error.span(), PatternErrorKind::Regex(error.kind().to_string())),
        other => return PatternError::new(0, 0, PatternErrorKind::Regex(other.to_string())),
    };
    PatternError::new(span.start.offset, span.end.offset.max(span.start.offset), kind)
}

fn parse_error(kind: &ast::ErrorKind) -> PatternErrorKind {
    match kind {
        ast::ErrorKind::UnsupportedLookAround => PatternErrorKind::LookAround,
        ast::ErrorKind::UnsupportedBackreference => PatternErrorKind::BackReference,
        other => PatternErrorKind::Regex(other.to_string()),
    }
}

impl RegexPattern {
    /// The leftmost match in `text`.
    pub(super) fn find(&self, text: &[u8]) -> Option<Match> {
        let regex = self.regex.get_or_init(|| {
            engine(&self.source, &self.flags, MAX_LAZY_BYTES)
                .expect("it was parsed, and its size is far below the limit")
        });
        if self.holes.is_empty() {
            return regex.find(text).map(|found| Match { range: found.range(), captures: Vec::new() });
        }
        let found = regex.captures(text)?;
        let range = |group: usize| -> Option<Range<usize>> { found.get(group).map(|group| group.range()) };
        let captures = self
            .groups
            .iter()
            .enumerate()
            .filter_map(|(hole, &group)| Some(Capture { hole, range: range(group)? }))
            .collect();
        Some(Match { range: range(0)?, captures })
    }
}

/// Returns sets of literals. Every match of `hir` contains at least one literal of each set. The sets come from each
/// part, and from runs of neighbouring parts.
fn required(hir: &Hir) -> Vec<Vec<Literal>> {
    match hir.kind() {
        HirKind::Literal(literal) => long_enough(Literal::new(literal.0.to_vec(), false)),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Concat(parts) => {
            runs(parts).into_iter().flat_map(long_enough).chain(parts.iter().flat_map(required)).collect()
        }
        HirKind::Alternation(parts) => {
            let of_each: Option<Vec<Vec<Literal>>> =
                parts.iter().map(|part| required(part).into_iter().max_by_key(|literals| rarity(literals))).collect();
            of_each.into_iter().map(|literals| literals.concat()).collect()
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => Vec::new(),
    }
}

fn long_enough(literal: Literal) -> Vec<Vec<Literal>> {
    if literal.bytes.len() >= MIN_REQUIRED { vec![vec![literal]] } else { Vec::new() }
}

/// Returns the runs of neighbouring letters whose case is ignored: the parser turns `(?i)find` into one class `[Ff]`
/// for each letter. The classes of `k` and `s` also have one of [`FOLD_INTO_ASCII`]. Runs of exact letters are left out,
/// because they are literals already.
fn runs(parts: &[Hir]) -> Vec<Literal> {
    let foldable = |part: &Hir| folded_bytes(part).is_some();
    let runs = parts.chunk_by(|a, b| foldable(a) && foldable(b));
    runs.filter(|run| run.iter().any(|part| matches!(part.kind(), HirKind::Class(_))))
        .filter_map(|run| run.iter().map(folded_bytes).collect::<Option<Vec<_>>>())
        .map(|bytes| Literal::new(bytes.concat(), true))
        .collect()
}

/// The lower-case ASCII bytes that `hir` matches in either case. An exact ASCII literal counts as well: ignoring more
/// case than needed finds more candidates, never fewer.
fn folded_bytes(hir: &Hir) -> Option<Vec<u8>> {
    match hir.kind() {
        HirKind::Literal(literal) if literal.0.is_ascii() => Some(literal.0.to_ascii_lowercase()),
        HirKind::Class(class) => both_cases(class).map(|letter| vec![letter]),
        _ => None,
    }
}

/// The lower-case letter of a class that contains exactly one ASCII letter in both cases, and the sign of
/// [`FOLD_INTO_ASCII`] that is equal to it, if there is one.
fn both_cases(class: &Class) -> Option<u8> {
    let mut letters = match class {
        Class::Unicode(class) => {
            class.ranges().iter().map(|range| (range.start() as u32, range.end() as u32)).collect::<Vec<_>>()
        }
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    letters.retain(|(start, end)| start != end || !FOLD_INTO_ASCII.iter().any(|sign| u32::from(*sign) == *start));
    letters.sort_unstable();
    let [(upper, upper_end), (lower, lower_end)] = letters[..] else { return None };
    let letter = u8::try_from(lower).ok().filter(u8::is_ascii_lowercase)?;
    (upper == upper_end && lower == lower_end && upper == u32::from(letter.to_ascii_uppercase())).then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_required(source: &str, flags: &str, expected: &[&[(&str, bool)]]) {
        let literal = |(text, ignore_case): &(&str, bool)| Literal::new(text.as_bytes().to_vec(), *ignore_case);
        let expected: Vec<Vec<Literal>> = expected.iter().map(|set| set.iter().map(literal).collect()).collect();
        assert_eq!(compile(source, flags).expect("a valid regex").required, expected);
    }

    #[test]
    fn a_regex_is_compiled_when_it_is_needed_unless_it_may_be_too_large() {
        let is_compiled = |source: &str| compile(source, "").expect("a valid regex").regex.get().is_some();
        assert!(!is_compiled(r"belt (?P<n>\d+) of \w+ slips"));
        assert!(is_compiled(r"\w\w\w\w\w\w\w\w"));
        assert_eq!(compile(r"\w{99}", "").expect_err("too large").kind, PatternErrorKind::TooLarge);
        let source = r"(?P<b>b(?P<a>a)|(c)(?P<d>d))";
        let pattern = compile(source, "").expect("a valid regex");
        let names: Vec<&str> = pattern.holes.iter().filter_map(|hole| hole.name.as_deref()).collect();
        assert_eq!((names, pattern.groups.clone()), (vec!["b", "a", "d"], vec![1, 2, 4]));
        let found = pattern.find(b"xcd").expect("it matches");
        assert_eq!((found.range, found.captures.len()), (1..3, 2));
        assert!(pattern.regex.get().is_some());
    }

    /// What passes as small takes less than the limit, so nothing that was allowed is refused, and nothing else allowed.
    #[test]
    fn what_is_small_compiles_within_the_limit() {
        let sources = [r"\w+\W+\w+\s\w+\d\w+", r"[\pL\pN]+ \w \w \w \w", r"(?:a|b|\w){2} .{900}", r"[^\w]{5}x\D"];
        for source in sources {
            let hir = ParserBuilder::new().utf8(false).build().parse(source).expect("a valid regex");
            assert!(size_of(&hir) <= MAX_LAZY, "{source}: {}", size_of(&hir));
            assert!(engine(source, "", MAX_COMPILED_BYTES).is_ok(), "{source}");
        }
    }

    #[test]
    fn literals_are_found_inside_and_in_alternatives() {
        check_required(r"\d+ connection refused \w+", "", &[&[(" connection refused ", false)]]);
        check_required("(?:timeout|refused)", "", &[&[("timeout", false), ("refused", false)]]);
        check_required(r"(?:timeout|\d+)", "", &[]);
        check_required(r"(?P<what>refused)+", "", &[&[("refused", false)]]);
        check_required(r"(?:refused)?", "", &[]);
        check_required(r"\d\d", "", &[]);
    }

    #[test]
    fn of_each_part_something_is_required_and_of_each_alternative_what_is_rarest() {
        check_required(
            r"lookup \S+: server misbehaving",
            "",
            &[&[("lookup ", false)], &[(": server misbehaving", false)]],
        );
        check_required(
            r"dial (?:\d+ failed: ECONN|i/o \d+ timeout)",
            "",
            &[&[("dial ", false)], &[(" failed: ECONN", false), (" timeout", false)]],
        );
    }

    #[test]
    fn letters_that_others_are_equal_to_are_in_a_literal() {
        check_required("unable to connect", "i", &[&[("unable to connect", true)]]);
        check_required("diskfull", "i", &[&[("diskfull", true)]]);
        check_required("ssk", "i", &[&[("ssk", true)]]);
    }

    #[test]
    fn an_exact_literal_is_not_required_a_second_time_in_any_case() {
        check_required(r"abc(?i:def)\dghi", "", &[&[("abcdef", true)], &[("abc", false)], &[("ghi", false)]]);
    }

    #[test]
    fn what_a_linear_engine_cannot_do_is_named() {
        let kind = |source| compile(source, "").map(|_| ()).map_err(|error| error.kind);
        assert_eq!(kind("a(?=b)"), Err(PatternErrorKind::LookAround));
        assert_eq!(kind(r"(a)\1"), Err(PatternErrorKind::BackReference));
        assert_eq!(kind("(?:a{1000}){1000}"), Err(PatternErrorKind::TooLarge));
        assert_eq!(kind("a"), Ok(()));
        let unclosed = compile("a(b", "").map(|_| ()).map_err(|error| error.span);
        assert_eq!(unclosed, Err(crate::source::Span::new(1, 2)));
    }
}
