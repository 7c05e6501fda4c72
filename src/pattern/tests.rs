//! Tests of whole patterns, and of the matcher against the naive one.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::beginning::Beginnings;
use super::naive::{NaiveSegment, Wanted};
use super::*;

/// Matches `pattern` and returns its captures as `name=text`, in order. `None` if it does not match.
fn captured(pattern: &str, text: &str) -> Option<Vec<String>> {
    let pattern = Pattern::text(pattern, false).expect("a valid pattern");
    let found = pattern.find(text.as_bytes())?;
    let shown = found.captures.into_iter().map(|capture| {
        let name = pattern.holes()[capture.hole].name.as_deref().unwrap_or("_");
        format!("{name}={}", &text[capture.range])
    });
    Some(shown.collect())
}

#[track_caller]
fn check(pattern: &str, text: &str, expected: &[&str]) {
    assert_eq!(captured(pattern, text).expect("it matches"), expected);
}

#[track_caller]
fn check_not(pattern: &str, text: &str) {
    assert_eq!(captured(pattern, text), None);
}

#[test]
fn the_sample_of_the_language() {
    check(
        "421 {..} Unable to contact destination SMTP {_} {domain:host}",
        "imc: 421 NSO mail.example Unable to contact  destination SMTP daemon corp.example",
        &["_=NSO mail.example", "_=daemon", "domain=corp.example"],
    );
    check_not("421 {..} Unable", "imc: 1421 NSO Unable");
}

#[test]
fn a_word_stops_at_a_blank_or_before_the_next_literal() {
    check("for {user} from", "for bob from", &["user=bob"]);
    check("<{user}@{host}>", "to <bob@corp>", &["user=bob", "host=corp"]);
    check("{name}-v{n}", "my-app-v2", &["name=app", "n=2"]);
    check_not("for {user} from", "for invalid user from");
    check_not("for {user} from", "for  from");
    check("user={user}", "user=bob, x", &["user=bob,"]);
}

#[test]
fn a_stretch_is_shortest_and_crosses_lines() {
    check("a {x:..} b", "a 1\n2 b 3 b", &["x=1\n2"]);
    check("a{x:..}b", "ab", &["x="]);
    check("{x:..}: error", "disk sda: error", &["x=disk sda"]);
}

#[test]
fn the_rest_ends_with_the_line() {
    check("msg: {x:rest}", "msg: all of it\r\nnot this", &["x=all of it"]);
    check("msg:{x:rest}", "msg:", &["x="]);
}

#[test]
fn quotes_of_either_kind_are_left_out() {
    check("open {f:quoted} failed", "open 'a b' failed", &["f=a b"]);
    check("open {f:quoted} failed", "open \"a'b\" failed", &["f=a'b"]);
    check_not("open {f:quoted} failed", "open 'a b failed");
}

#[test]
fn paths_and_urls_leave_the_punctuation_of_the_sentence() {
    check("open {p:path}: no", "open /var/log/a.b: no", &["p=/var/log/a.b"]);
    check("open {p:path} no", r"open C:\pagefile.sys no", &[r"p=C:\pagefile.sys"]);
    check("see {u:url}", "see https://example.org/a?b=c.", &["u=https://example.org/a?b=c"]);
    check_not("open {p:path} no", "open pagefile no");
}

#[test]
fn a_leading_typed_hole_is_not_cut_out_of_a_word() {
    check("{n:int} failed", "x12 13 failed", &["n=13"]);
    check_not("{n:int} failed", "x13 failed");
    check_not("exit {n:int}", "exit 13a");
}

#[test]
fn a_start_that_fails_is_followed_by_the_next() {
    check("a {n:int} b", "a x b a 7 b", &["n=7"]);
    check("{user} failed", "bob and eve failed", &["user=eve"]);
}

#[test]
fn escapes_and_braces() {
    check(r#"{{\"level\": \"{level}\"}"#, r#"{"level": "ERROR"}"#, &["level=ERROR"]);
    check(r"\\srv\share", r"open \srv\share", &[]);
}

#[test]
fn case_is_ignored_where_asked() {
    let pattern = Pattern::text("CAN'T Find É", true).expect("a valid pattern");
    assert_eq!(pattern.find("** can't  find é".as_bytes()).map(|found| found.range), Some(3..17));
    let literal = Literal::new(b"can't".to_vec(), true);
    let find = Literal::new(b"find".to_vec(), true);
    assert_eq!(pattern.required(), [vec![literal], vec![find]]);
}

#[test]
fn each_word_of_three_letters_is_required() {
    let required = |source| Pattern::text(source, false).expect("a valid pattern").required().to_vec();
    let literal = |text: &str| vec![Literal::new(text.as_bytes().to_vec(), false)];
    assert_eq!(required("to contact {..}destination contact {_} x"), [literal("contact"), literal("destination")]);
    assert_eq!(required("a {x} bc"), [] as [Vec<Literal>; 0]);
}

#[test]
fn captures_are_typed_and_named() {
    let pattern = Pattern::text("{n:int} {_:int} {r:num} {d:dur} {s:size} {ip:ip} {t:time} {w}", false).expect("valid");
    let captures = pattern.captures(b"7 8 1.5 2s 3KiB ::1 1999-03-01T10:00:00Z w").expect("it matches");
    let expected = [
        ("n", Value::Int(7)),
        ("r", Value::Num(1.5)),
        ("d", Value::Duration(std::time::Duration::from_secs(2))),
        ("s", Value::Size(3072)),
        ("ip", Value::Ip([0, 0, 0, 0, 0, 0, 0, 1].into())),
        ("t", Value::Time("1999-03-01T10:00:00Z".parse().expect("a stamp"))),
        ("w", Value::Text(b"w".to_vec().into())),
    ];
    assert_eq!(captures, BTreeMap::from(expected.map(|(name, value)| (name.to_string(), value))));
}

#[test]
fn groups_of_a_regex_are_captures() {
    let pattern = Pattern::regex(r"(?P<user>\w+)@(?P<host>\w+)?", "i").expect("a valid regex");
    let captures = pattern.captures(b"to bob@ x").expect("it matches");
    assert_eq!(captures, BTreeMap::from([("user".to_string(), Value::Text(b"bob".to_vec().into()))]));
}

#[test]
fn mistakes_are_named_with_their_place() {
    let error = |source| {
        let error = Pattern::text(source, false).expect_err("a mistake");
        (error.kind, error.span.start..error.span.end)
    };
    assert_eq!(error("a {x"), (PatternErrorKind::UnclosedHole, 2..3));
    assert_eq!(error("a {x y}"), (PatternErrorKind::BadHole("x y".into()), 3..6));
    assert_eq!(error("a {x:in}"), (PatternErrorKind::UnknownKind("in".into()), 5..7));
    assert_eq!(error("a {x}{y}"), (PatternErrorKind::AdjacentHoles, 5..8));
    assert_eq!(error("a {x:rest} b"), (PatternErrorKind::AfterRest, 10..12));
    assert_eq!(error("a {..}"), (PatternErrorKind::StretchAtEnd, 2..6));
    assert_eq!(error("{x} {x}"), (PatternErrorKind::DuplicateName("x".into()), 4..7));
    assert_eq!(error("a {count}"), (PatternErrorKind::ReservedName("count".into()), 3..8));
    assert_eq!(error("  "), (PatternErrorKind::Empty, 0..2));
    assert_eq!(error(&"a{_}".repeat(10_000)), (PatternErrorKind::TooManyHoles, 401..404));
}

/// Searches that could start over again and again on a long hostile text. A quadratic matcher would take minutes.
#[test]
fn hostile_texts_take_linear_time() {
    let n = 1 << 17;
    let texts = [
        "a".repeat(n),
        "a ".repeat(n / 2),
        format!("{}{}", "a".repeat(n / 2), " ".repeat(n / 2)),
        "ab".repeat(n / 2),
        "1".repeat(n),
        "a/".repeat(n / 2),
        format!("a{}", ".".repeat(n)),
        "a'".repeat(n / 2),
    ];
    let patterns = [
        "a{..}b{..}c",
        "a{x}b",
        "a{x} b",
        "{x} b",
        "{x:..}c{..}d",
        "a{x:int}b",
        "1{x:int}b",
        "{x:hex}z",
        "a{x:path}z",
        ".{p:path}z",
        "a{x:quoted}z",
        "{x:host}!",
        "a a a b",
        "{x:url}!",
        " {..} b",
        "{x:dur}!",
    ];
    for pattern in patterns {
        let compiled = Pattern::text(pattern, false).expect("a valid pattern");
        for text in &texts {
            compiled.find(text.as_bytes());
            let trial = Trial::new(&compiled);
            trial.miss(text.as_bytes(), &trial.held(text.as_bytes()));
        }
    }
}

const LITERALS: &[&str] = &["a", " ", "ab", "a b", " a", "b ", "1", "aa", ".", "/"];
const KINDS: &[(&str, HoleKind)] = &[
    ("{_}", HoleKind::Word),
    ("{..}", HoleKind::Stretch),
    ("{_:int}", HoleKind::Int),
    ("{_:hex}", HoleKind::Hex),
    ("{_:host}", HoleKind::Host),
    ("{_:path}", HoleKind::Path),
    ("{_:quoted}", HoleKind::Quoted),
    ("{_:num}", HoleKind::Num),
];

/// Random patterns, in source form and as segments for the naive matcher. Some are invalid.
fn patterns() -> impl Strategy<Value = (String, Vec<NaiveSegment>)> {
    let parts = prop::collection::vec((0..LITERALS.len(), 0..KINDS.len()), 1..4);
    (parts, any::<bool>(), any::<bool>()).prop_map(|(parts, begins_with_hole, ends_with_hole)| {
        let (mut source, mut segments) = (String::new(), Vec::new());
        for (at, (literal, kind)) in parts.iter().enumerate() {
            if at > 0 || begins_with_hole {
                source.push_str(KINDS[*kind].0);
                segments.push(NaiveSegment::Hole(KINDS[*kind].1));
            }
            source.push_str(LITERALS[*literal]);
            segments.push(NaiveSegment::Fixed(LITERALS[*literal]));
        }
        if ends_with_hole {
            source.push_str("{_}");
            segments.push(NaiveSegment::Hole(HoleKind::Word));
        }
        (source, segments)
    })
}

/// Returns every place where a beginning of the pattern can end: the number of segments, and the number of bytes of the
/// last one.
fn ends(segments: &[NaiveSegment]) -> Vec<(usize, usize)> {
    let of_segment = |(segment, content): (usize, &NaiveSegment)| match content {
        NaiveSegment::Fixed(literal) => (1..=literal.len()).map(|bytes| (segment + 1, bytes)).collect(),
        NaiveSegment::Hole(HoleKind::Stretch) => Vec::new(),
        NaiveSegment::Hole(_) => vec![(segment + 1, 0)],
    };
    segments.iter().enumerate().flat_map(of_segment).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn fast_equals_naive((source, segments) in patterns(), text in "[ab1 ./'\n]{0,24}") {
        let Ok(pattern) = Pattern::text(&source, false) else { return Ok(()) };
        let found = pattern.find(text.as_bytes());
        let found = found.map(|found| (found.range, found.captures.into_iter().map(|taken| taken.range).collect()));
        prop_assert_eq!(found, Wanted { segments: &segments, only: None }.find(text.as_bytes()));
    }

    #[test]
    fn the_longest_beginning_is_that_of_trying_each((source, segments) in patterns(), text in "[ab1 ./'\n]{0,24}") {
        let Ok(pattern) = Pattern::text(&source, false) else { return Ok(()) };
        let PatternForm::Text(parsed) = &pattern.form else { unreachable!("it was made from text") };
        let beginnings = Beginnings::new(parsed, &source);
        let ends = ends(&segments);
        let places: Vec<_> = ends
            .iter()
            .map(|end| Wanted { segments: &segments, only: Some(*end) }.find(text.as_bytes()).map(|(range, _)| range))
            .collect();
        for (at, place) in places.iter().enumerate() {
            let found = beginnings.matching(at, text.as_bytes()).map(|beginning| beginning.found.range);
            prop_assert_eq!(&found, place);
        }
        let longest = beginnings.longest(text.as_bytes(), 0).map(|beginning| beginning.at);
        prop_assert_eq!(longest, places.iter().rposition(Option::is_some));
        prop_assert!(pattern.find(text.as_bytes()).is_none() || longest == ends.len().checked_sub(1));
    }

    #[test]
    fn what_does_not_match_has_a_reason_that_can_be_shown(
        (source, _) in patterns(), text in prop::collection::vec(prop::sample::select(b"ab1A. /'\n\xff\xc3\xa9".to_vec()), 0..30),
    ) {
        let Ok(pattern) = Pattern::text(&source, false) else { return Ok(()) };
        let trial = Trial::new(&pattern);
        if pattern.find(&text).is_none()
            && let Some(PatternMiss { kind: MissKind::Stopped { matched, .. }, .. }) = trial.miss(&text, &trial.held(&text))
        {
            prop_assert!(source.starts_with(matched.trim_end()), "{matched}");
        }
    }

    #[test]
    fn every_match_holds_a_literal_of_each_set(
        source in r"(foo|ba[rz]|[a-c]{2}|(abc|xyz)|d?|\w)(foo|ba[rz]|(?i)fOo)", text in "[a-cfoxyzrFO]{0,20}",
    ) {
        let Ok(pattern) = Pattern::regex(&source, "") else { return Ok(()) };
        let Some(found) = pattern.find(text.as_bytes()) else { return Ok(()) };
        let matched = &text.as_bytes()[found.range];
        let holds = |literal: &Literal| {
            matched.windows(literal.bytes.len()).any(|window| match literal.ignore_case {
                true => window.eq_ignore_ascii_case(&literal.bytes),
                false => window == literal.bytes,
            })
        };
        prop_assert!(pattern.required().iter().all(|any_of| any_of.iter().any(holds)));
    }

    #[test]
    fn arbitrary_sources_and_texts_never_panic(source in ".{0,40}", text in prop::collection::vec(any::<u8>(), 0..60)) {
        for ignore_case in [false, true] {
            if let Ok(pattern) = Pattern::text(&source, ignore_case) {
                pattern.captures(&text);
            }
        }
        if let Ok(pattern) = Pattern::regex(&source, "i") {
            pattern.captures(&text);
        }
    }

    #[test]
    fn errors_lie_within_the_source_on_character_borders(source in r"[{}a:.\\é(\[*?]{0,12}") {
        let errors = [Pattern::text(&source, false).err(), Pattern::regex(&source, "").err()];
        for error in errors.into_iter().flatten() {
            prop_assert!(source.get(error.span.start..error.span.end).is_some(), "{error:?}");
        }
    }
}
