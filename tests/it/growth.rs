//! Tests that work grows no more than linearly with its input: twice as much takes at most 2.2 times as long.
//!
//! Measured only with `CASEBOOK_GROWTH=1`, on a machine that does nothing else: a test that depends on time must fail for nobody else.
//! `CASEBOOK_SHAPES` selects shapes of logs by a text in them. The time is that which the scheduler gave to the thread, so other processes
//! hardly count, and the shortest of several runs. Growth is measured over two doublings. On systems that do not tell the time of a thread
//! nothing is measured.

use std::fmt::Write;

use casebook::ingest::{Inputs, Root, ingest};
use casebook::log::Input;
use casebook::matching::{self, ScanOptions};
use casebook::pipeline::{self, CheckedArticle};
use casebook::report::text::{self, Page};
use casebook::rule::{RuleText, load};
use casebook::store::Store;
use jiff::Timestamp;

use crate::support::Workspace;

/// The most that the time may grow if the input doubles twice.
const MOST: f64 = 2.2 * 2.2;

/// The shortest time of some runs of `work`, in nanoseconds of this thread; `None` if the system does not tell.
fn time_of(mut work: impl FnMut()) -> Option<f64> {
    let spent = || -> Option<f64> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split(' ').next()?.parse().ok()
    };
    let run = || -> Option<f64> {
        let before = spent()?;
        work();
        Some(spent()? - before)
    };
    std::iter::repeat_with(run).take(2).reduce(|a, b| Some(a?.min(b?)))?
}

/// Checks that `work` takes time linear in `size`. All its threads are one, so that all of its time is seen.
#[track_caller]
fn check<T: Sync>(name: &str, size: usize, prepare: impl Fn(usize) -> T + Sync, work: impl Fn(&T) + Sync) {
    if std::env::var_os("CASEBOOK_GROWTH").is_none() {
        return work(&prepare(size));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let tried = (0..4).map(|_| {
        let [small, large] = [size, 4 * size].map(|size| {
            let input = prepare(size);
            pool.install(|| time_of(|| work(&input)))
        });
        // Less than a millisecond is mostly the cost of beginning.
        Some(large? / small?.max(1e6))
    });
    let mut growths = Vec::new();
    for growth in tried {
        let Some(growth) = growth else { return };
        growths.push(growth);
        if growth <= MOST {
            // Seen with `--nocapture`.
            println!("{name}: {growths:.1?}");
            return;
        }
    }
    panic!("{name}: four times as much takes {growths:.1?} times as long");
}

fn draw(path: &str, text: &str, found: &[&casebook::Diagnostic]) {
    let mut out = Vec::new();
    text::diagnostics(&mut Page::new(&mut out, 100), path, text, found).expect("a Vec takes all");
}

#[test]
fn rule_files_with_many_mistakes() {
    for separator in ["\n", " "] {
        let file = |n: usize| {
            let items: Vec<String> = (0..n).map(|n| format!("symptom s{n} {{ matches \"x\" }}")).collect();
            RuleText { path: "a.rules".to_owned(), text: items.join(separator) }
        };
        check("rule check", 1_000, file, |file| {
            let (_, found) = load(std::slice::from_ref(file), None);
            let found: Vec<_> = found.iter().map(|(_, diagnostic)| diagnostic).collect();
            assert!(found.len() >= 1_000);
            draw(&file.path, &file.text, &found);
        });
    }
}

#[test]
fn articles_with_many_mistakes() {
    for separator in [" ", "\n", "\n\n"] {
        let checked = |n: usize| {
            let links: Vec<String> = (0..n).map(|n| format!("see [x{n}](missing{n}.md)")).collect();
            let text = format!(
                "---\nid: a\ntitle: Disk full\n---\n\n# Disk full\n\n## Symptoms\n\n{}\n",
                links.join(separator)
            );
            let place = casebook::ingest::place_below("/kb".as_ref(), "/kb/a.md".as_ref());
            let article = casebook::parse_article(&text, "kb/a").expect("an article");
            CheckedArticle { text, article, place }
        };
        check("kb check", 1_000, checked, |checked| {
            let found = pipeline::check_articles(std::slice::from_ref(checked), &|_, _| false);
            let found: Vec<_> = found.iter().map(|(_, diagnostic)| diagnostic).collect();
            draw("a.md", &checked.text, &found);
        });
    }
}

/// Each code is looked up, and the article itself holds all of them.
#[test]
fn relations_of_an_article_with_many_codes() {
    let store = |n: usize| {
        let workspace = Workspace::bare();
        let codes: String = (0..n).fold(String::new(), |mut text, n| {
            write!(text, " 0x8007{n:04x}").expect("a String takes any text");
            text
        });
        workspace.write("kb/a.md", format!("# Codes\n\n## Symptoms\n\nOne of{codes}.\n"));
        workspace.write("kb/b.md", "# Another\n\n## Symptoms\n\nIt is 0x80070001 and nothing else.\n");
        let mut store = Store::in_memory();
        let inputs = Inputs::new([Root::new(workspace.path("kb"))], false, 0);
        ingest(&mut store, &inputs, &|_| {}).expect("an ingest");
        store
    };
    check("show --related", 500, store, |store| {
        let shown = pipeline::show(store.index(), "kb/a", Some(10), true).expect("a store").expect("an article");
        assert_eq!(shown.related.expect("it was asked for").len(), 1);
    });
}

#[test]
fn a_pattern_of_one_long_literal() {
    let file = |n: usize| RuleText {
        path: "a.rules".to_owned(),
        text: format!("symptom s \"x\" {{ match \"{}\" }}\ncause c \"c\" {{ shows s }}\n", "letter ".repeat(n)),
    };
    check("a long literal", 1_000, file, |file| {
        let (program, _) = load(std::slice::from_ref(file), None);
        let log = vec![Input::bytes("a.log", "a letter letter of many\n".repeat(50))];
        matching::scan(&program, log, &ScanOptions::at(Timestamp::constant(1_800_000_000, 0)));
    });
}

/// Lines that are repeated, one of each kind that a reader of logs looks for, and what begins but does not end.
const LINES: [&str; 42] = [
    "",
    " ",
    "\t",
    "x",
    "{",
    "}",
    "[",
    "{\"a\":1}",
    "{\"a\":",
    "\"",
    "\"a\":{",
    "</a>",
    "<a>",
    "<Event>",
    "<Event xmlns='x'><System>",
    "-----",
    "| a | b |",
    "a,b,c",
    ",",
    "# comment",
    "\\",
    "\tat a.b.C(D.java:1)",
    "Caused by: a.b.C: x",
    "Traceback (most recent call last):",
    "  File \"a.py\", line 1, in x",
    "panic: x",
    "goroutine 1 [running]:",
    "2026-11-12 10:00:00 ERROR x failed",
    "2026-11-12T10:00:00Z host app[1]: x failed",
    "Nov 12 10:00:00 host app[1]: x failed",
    "12.11.2026 10:00 x failed",
    "1700000000 x failed",
    "<13>1 2026-11-12T10:00:00Z h a - - - x",
    "I1112 10:00:00.000000 1 a.go:1] x",
    "level=error msg=\"x failed\" err=",
    "type=AVC msg=audit(1700000000.1:1): x",
    "127.0.0.1 - - [12/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 500 1",
    "CEF:0|a|b|1|2|3|4|a=b",
    "2026-11-12T10:00:00.0Z stdout P x",
    "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-12T10:00:00Z\"}",
    "app-1  | x failed",
    "\u{1b}[31mx failed",
];

/// What is repeated within one line.
const PIECES: [&str; 22] = [
    "x",
    " ",
    "{",
    "[",
    "\"",
    "\\",
    "a=",
    "a=1 ",
    "\"a\":{",
    "<a>",
    "0",
    "é",
    "\0",
    "\r",
    "%",
    ":",
    "\u{1b}[",
    "0x8007000E ",
    "C:\\a",
    "/a",
    "2026-11-12 10:00:00 ",
    "{}",
];

/// More than a block of input, so that it does not matter where a block ends.
const BYTES: usize = 80_000;

/// The first records of a log are all looked at, and nothing is searched for in them. This costs less than what comes after them, where
/// a word for trouble has to be found before a record is looked at.
const LOOKED_AT: usize = 10_000;

/// The size of a log of lines of `len` bytes, such that four times as much is on the same side of [`LOOKED_AT`].
fn bytes_of_lines(len: usize) -> usize {
    let has_fewer = 4 * BYTES / len <= LOOKED_AT;
    if has_fewer { BYTES } else { BYTES.max(LOOKED_AT * 5 / 4 * len) }
}

/// A text that selects shapes, so that one can be looked into alone.
const SHAPES: &str = "CASEBOOK_SHAPES";

#[test]
fn logs_of_many_shapes() {
    let (program, _) = load(&[], None);
    let scan = |log: &Vec<u8>| {
        let options = ScanOptions::at(Timestamp::constant(1_800_000_000, 0));
        matching::scan(&program, vec![Input::bytes("a.log", log.clone())], &options);
    };
    let asked = std::env::var(SHAPES).unwrap_or_default();
    for line in LINES.into_iter().filter(|line| line.contains(&asked)) {
        check(
            &format!("lines {line:?}"),
            bytes_of_lines(line.len() + 1),
            |bytes| format!("{line}\n").repeat(bytes / (line.len() + 1)).into(),
            scan,
        );
    }
    for piece in PIECES.into_iter().filter(|piece| piece.contains(&asked)) {
        for start in ["", "2026-11-12 10:00:00 ERROR a: "] {
            let log = |bytes: usize| format!("{start}{}\n", piece.repeat(bytes / piece.len())).into_bytes();
            check(&format!("{start:?} and {piece:?}"), BYTES, log, scan);
        }
    }
}
