//! Each `tests/cases/query/*.lines` contains queries, one for each line, and each `*.paste` one pasted query. The `.out` file
//! beside it has the parsed pieces. `UPDATE_EXPECT=1` rewrites the expectations.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{Query, QueryPiece, parse};

/// Describes a parsed query: a line with the query as typed, then a line for each piece. Adjacent texts share one line.
fn outline(query: &str) -> String {
    let mut outline = format!("{query}\n");
    let mut text: Vec<String> = Vec::new();
    let flush = |text: &mut Vec<String>, outline: &mut String| {
        if !text.is_empty() {
            writeln!(outline, "    text {}", std::mem::take(text).join(" ")).expect("writing to memory");
        }
    };
    for piece in parse(query).pieces {
        if let QueryPiece::Text(words) = piece {
            text.push(words);
            continue;
        }
        flush(&mut text, &mut outline);
        let line = match &piece {
            QueryPiece::Text(_) => unreachable!("text was taken above"),
            QueryPiece::Phrase(phrase) => format!("phrase {phrase}"),
            QueryPiece::Excluded(words) => format!("without {words}"),
            QueryPiece::Filter(filter) => {
                format!("{} {:?}", if filter.negated { "not" } else { "only" }, filter.value)
            }
        };
        writeln!(outline, "    {line}").expect("writing to memory");
    }
    flush(&mut text, &mut outline);
    outline
}

#[test]
fn every_case_is_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/query");
    let files =
        fs::read_dir(folder).expect("the folder of cases").map(|entry| entry.expect("a readable folder").path());
    let mut n_cases = 0;
    for path in files {
        let text = fs::read_to_string(&path).expect("a readable case");
        let found: String = match path.extension().and_then(|extension| extension.to_str()) {
            Some("lines") => text.lines().map(outline).collect(),
            Some("paste") => outline(&text),
            _ => continue,
        };
        n_cases += 1;
        let expected = path.with_extension("out");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&expected, &found).expect("a writable folder");
        }
        assert_eq!(found, fs::read_to_string(&expected).unwrap_or_default(), "{}", path.display());
    }
    assert!(n_cases >= 7);
}

#[test]
fn a_query_in_parts() {
    let query = parse(r#"mail "public folder" -"free busy" stays product:exchange section:cause -kind:bug"#);
    assert_eq!(query.text(), "mail public folder stays");
    assert_eq!(query.phrases().collect::<Vec<_>>(), ["public folder"]);
    assert_eq!(query.excluded().collect::<Vec<_>>(), ["free busy"]);
    let filters: Vec<String> = query.filters().map(ToString::to_string).collect();
    assert_eq!(filters, ["product:exchange", "section:cause", "-kind:bug"]);
    assert_eq!(query.sections().count(), 1);
    let other = query.with_text("calendar".to_owned());
    assert_eq!(other.to_string(), r#"-"free busy" product:exchange section:cause -kind:bug calendar"#);
}

#[test]
fn plain_text_has_no_syntax() {
    let query = Query::plain(" a -b product:exchange \"c d\" ");
    assert_eq!(query.pieces, [QueryPiece::Text("a -b product:exchange \"c d\"".to_owned())]);
    assert_eq!(Query::plain(" \n"), Query::default());
}

#[test]
fn a_long_query_takes_linear_time() {
    for unit in ["\"", "-\"", "\"a", "product:\"", "-id:\"", "“ ", "-", "a:", "code:0x", "'\"-", "é"] {
        let long = unit.repeat(1 << 15);
        let start = std::time::Instant::now();
        parse(&long);
        assert!(start.elapsed().as_secs() < 5, "{unit}");
    }
}

/// Generates a part of a query: syntax, text that looks like syntax, or other text.
fn piece() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        "\"",
        "-",
        "\"\"",
        "“",
        "”",
        "'",
        ":",
        "-\"",
        "product:",
        "-version:",
        "kind:",
        "section:",
        "code:",
        "event:",
        "source:",
        "file:",
        "id:",
        "since:",
        "until:",
        "in:",
        "state:",
        "//",
        "\\",
        "/",
        "--",
        "(",
        ")",
    ]);
    let words = prop::sample::select(vec![
        "mail",
        "exchange",
        "5.5",
        "2000-03",
        "2000",
        "howto",
        "cause",
        "0x80040e14",
        "-2147024882",
        "9035",
        "Disk/7",
        "store.exe",
        "Q169781",
        "-u",
        "a",
        "runbooks",
        "retired",
        "Get-Item",
        "é",
        "ß",
        "Ⅷ",
        "12:30",
        "|",
    ]);
    prop_oneof![3 => marks.prop_map(str::to_owned), 4 => words.prop_map(str::to_owned), 1 => "\\PC{0,3}"]
}

fn text() -> impl Strategy<Value = String> {
    let gap = prop::sample::select(vec!["", "", " ", " ", "  ", "\t", "\u{a0}", "\n"]);
    prop::collection::vec((piece(), gap), 0..12).prop_map(|parts| parts.into_iter().map(|(a, b)| a + b).collect())
}

#[test]
fn a_stray_quotation_mark_makes_no_phrase_when_printed() {
    let query = parse("\"-\u{b}event:\"0\"  event:\" \"");
    assert_eq!(query.to_string(), r#""- event:"0" event:" ""#);
    assert_eq!(parse(&query.to_string()), query);
    let excluded = parse(r#"say "x -"word" "y"#);
    assert_eq!(excluded.to_string(), r#"say "x -"word" "y"#);
    assert_eq!(parse(&excluded.to_string()), excluded);
}

/// The letter in this query is unknown to the standard library, whose tables of letters differ from those of the
/// grammar.
#[test]
fn an_exclusion_contains_a_letter_or_a_digit() {
    let query = parse("\" say -\u{558}-");
    assert_eq!(query.text(), "\" say -\u{558}-");
    assert_eq!(parse(&query.to_string()), query);
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_printed_is_read_again(text in text()) {
        let query = parse(&text);
        prop_assert_eq!(parse(&query.to_string()), query);
    }

    #[test]
    fn nothing_is_lost(text in text()) {
        let query = parse(&text);
        let kept = query.pieces.iter().flat_map(|piece| match piece {
            QueryPiece::Text(words) | QueryPiece::Phrase(words) | QueryPiece::Excluded(words) => vec![words.clone()],
            QueryPiece::Filter(filter) => vec![filter.field().name().to_owned(), filter.written.clone()],
        });
        prop_assert_eq!(kept.flat_map(|piece| words(&piece)).collect::<Vec<_>>(), words(&text));
    }

    #[test]
    fn what_excludes_has_something_to_exclude_from(text in text()) {
        let query = parse(&text);
        let excludes = query.excluded().next().is_some() || query.filters().any(|filter| filter.negated);
        let asks = !query.text().is_empty() || query.filters().any(|filter| !filter.negated);
        prop_assert!(asks || !excludes, "{:?}", query);
    }
}
