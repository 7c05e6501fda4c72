//! Compiles anything and matches anything: rules that are cut up and put together again, with conditions on time of every kind,
//! and logs of their own lines in any order. Nothing panics, places of mistakes are whole characters, and the order of reading,
//! the size of portions and the way of reading change nothing.
//!
//! `PROPTEST_CASES=100000` tries for about ten minutes.

use std::sync::LazyLock;

use casebook::matching::{SearchedInputs, why_not_seen};
use casebook::{Input, Pass, RuleText, Scan, ScanOptions, SymptomId, load_rules, scan};
use proptest::prelude::*;

/// The rules of the cases, by items and by statements, and the lines that their tests feed.
struct Pieces {
    items: Vec<String>,
    statements: Vec<String>,
    lines: Vec<String>,
}

static PIECES: LazyLock<Pieces> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/rule_tests");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let text: String = paths.iter().map(|path| std::fs::read_to_string(path).expect("UTF-8") + "\n").collect();
    let begins = ["symptom ", "cause ", "define ", "mute ", "rule ", "resolution "];
    let mut pieces = Pieces { items: Vec::new(), statements: Vec::new(), lines: Vec::new() };
    let mut item: Option<String> = None;
    for line in text.lines() {
        if begins.iter().any(|word| line.starts_with(word)) {
            item = Some(String::new());
        }
        if let Some(item) = &mut item {
            *item += line;
            item.push('\n');
        }
        let ends = line.ends_with('}') && (line == "}" || !line.starts_with(' '));
        if (ends || line.starts_with("define "))
            && let Some(item) = item.take()
        {
            pieces.items.push(item);
        }
        let words = line.trim_start();
        if line.starts_with("  ")
            && ["match", "when", "resets", "rearm", "ended", "unless", "by"].iter().any(|word| words.starts_with(word))
        {
            pieces.statements.push(words.to_owned());
        }
        if words.starts_with("feed ") {
            // Strings stand between unescaped quotes.
            let plain = words.replace("\\\"", "\u{1}");
            pieces.lines.extend(
                plain.split('"').skip(1).step_by(2).map(|line| line.replace('\u{1}', "\"").replace("\\\\", "\\")),
            );
        }
    }
    assert!(pieces.items.len() > 100 && pieces.lines.len() > 200 && pieces.statements.len() > 100);
    pieces
});

/// Some items, a few of which have a statement of another one, lack a part, or have signs that do not belong there.
fn rules() -> impl Strategy<Value = String> {
    let item = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0..6_u8,
        "[\"{}()/`#a0 é.,=<]{0,3}",
    );
    prop::collection::vec(item, 1..6).prop_map(|items| {
        let changed = items.into_iter().map(|(item, statement, at, how, signs)| {
            let mut item = item.get(&PIECES.items).clone();
            let border = (0..=at.index(item.len())).rev().find(|at| item.is_char_boundary(*at)).unwrap_or(0);
            match how {
                0 => item.insert_str(border, &signs),
                1 | 2 => {
                    let end = item.rfind('}').unwrap_or(item.len());
                    item.insert_str(end, &format!("\n  {}\n", statement.get(&PIECES.statements)));
                }
                3 => {
                    item = item
                        .split_whitespace()
                        .enumerate()
                        .filter(|(n, _)| n % 7 != border % 7)
                        .map(|(_, word)| format!("{word} "))
                        .collect()
                }
                _ => {}
            }
            item
        });
        changed.collect()
    })
}

/// Lines that the tests feed, a few of them damaged.
fn log() -> impl Strategy<Value = String> {
    let line = (any::<prop::sample::Index>(), 0..9_u8, prop::collection::vec(any::<u8>(), 0..9));
    prop::collection::vec(line, 0..30).prop_map(|lines| {
        let damaged = lines.into_iter().map(|(line, how, bytes)| {
            let line = line.get(&PIECES.lines).clone();
            if how == 0 { format!("{line}{}\n", String::from_utf8_lossy(&bytes)) } else { line + "\n" }
        });
        damaged.collect()
    })
}

fn options() -> ScanOptions {
    ScanOptions::at("2026-12-31T00:00:00Z".parse().expect("a time"))
}

/// The findings and remarks, to be compared.
fn parts(scan: Scan) -> impl PartialEq + std::fmt::Debug {
    (scan.findings, scan.silent, scan.sources, scan.remarks)
}

proptest! {
    #[test]
    fn whatever_compiles_matches_whatever_comes(rules in rules(), log in log(), portion in 1_usize..200) {
        let files = [RuleText { path: "any.rules".to_owned(), text: rules.clone() }];
        let (program, found) = load_rules(&files, None);
        for (_, diagnostic) in &found {
            let labels = diagnostic.labels.iter().map(|label| label.span);
            for span in labels.chain(diagnostic.fix.iter().map(|change| change.span)) {
                prop_assert!(rules.get(span.start..span.end).is_some(), "{:?}", diagnostic);
            }
        }
        let whole = scan(&program, vec![Input::bytes("any.log", log.as_str())], &options());
        let mut pass = Pass::new(&program, options());
        let source = pass.open(&Input::bytes("any.log", ""));
        log.as_bytes().chunks(portion).for_each(|bytes| pass.feed(source, bytes));
        prop_assert_eq!(parts(pass.finish()), parts(whole));
        let mut live = Pass::following(&program, options(), Vec::new());
        let source = live.open(&Input::bytes("any.log", ""));
        for bytes in log.as_bytes().chunks(portion) {
            live.feed(source, bytes);
        }
        live.snapshot();
        for symptom in (0..program.symptoms.len() as u32).map(SymptomId).take(3) {
            let searched = SearchedInputs { inputs: vec![Input::bytes("any.log", log.as_str())], probes: Vec::new() };
            why_not_seen(&program, symptom, searched, &options());
        }
    }
}
