//! Checks that work grows no more than linearly with its input: twice as much takes at most 2.2 times as many instructions.
//!
//! ```sh
//! cargo bench --bench steps -- [TEXT]      TEXT selects cases by a text in their names; default: all
//! ```
//!
//! Instructions are counted by cachegrind, so this needs `valgrind`, and what else the machine does changes nothing. Each case runs
//! in a process of its own, with its input and with four times as much; what a process needs that does nothing is taken off. Ends
//! with an error if a case grows more.

use std::fmt::Write;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use casebook::ingest::{Inputs, Root, ingest};
use casebook::log::Input;
use casebook::matching::{self, ScanOptions};
use casebook::pipeline::{self, CheckedArticle};
use casebook::report::text::{self, Page};
use casebook::rule::{RuleText, load};
use casebook::store::Store;
use jiff::Timestamp;

/// The most that the number of instructions may grow if the input doubles twice.
const MOST: f64 = 2.2 * 2.2;

/// Less than a millisecond is mostly the cost of beginning, in instructions.
const BEGINNING: f64 = 2e6;

/// Tells a child which case to run, and how large: `INDEX SIZE`.
const CASE: &str = "CASEBOOK_STEPS";

/// Work of a size that can be chosen.
struct Case {
    name: String,
    size: usize,
    work: Box<dyn Fn(usize) + Sync>,
}

impl Case {
    fn new(name: impl Into<String>, size: usize, work: impl Fn(usize) + Sync + 'static) -> Case {
        Case { name: name.into(), size, work: Box::new(work) }
    }
}

fn main() -> ExitCode {
    let cases = cases();
    if let Ok(case) = std::env::var(CASE) {
        let (index, size) = case.split_once(' ').expect("an index and a size");
        if let Some(case) = cases.get(index.parse::<usize>().expect("an index")) {
            (case.work)(size.parse().expect("a size"));
        }
        return ExitCode::SUCCESS;
    }
    let asked = std::env::args().skip(1).find(|arg| !arg.starts_with("--")).unwrap_or_default();
    let chosen: Vec<usize> = (0..cases.len()).filter(|index| cases[*index].name.contains(&asked)).collect();
    // No case has this index.
    let nothing = instructions(cases.len(), 0);
    let (next, too_much) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(index) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let case = &cases[*index];
                    let [once, four_times] = [1, 4].map(|times| instructions(*index, times * case.size) - nothing);
                    let growth = four_times / once.max(BEGINNING);
                    println!("{growth:5.2}  {:8.1} million  {}", four_times / 1e6, case.name);
                    if growth > MOST {
                        too_much.lock().unwrap_or_else(PoisonError::into_inner).push(case.name.clone());
                    }
                }
            });
        }
    });
    let too_much = too_much.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("{} of {} cases grow by more than {MOST:.2} with four times their input", too_much.len(), chosen.len());
    too_much.iter().for_each(|name| println!("  {name}"));
    ExitCode::from(u8::from(!too_much.is_empty()))
}

/// Returns the number of instructions of the case `index` with input of `size`.
fn instructions(index: usize, size: usize) -> f64 {
    let this = std::env::current_exe().expect("the path of this program");
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(this)
        .env(CASE, format!("{index} {size}"))
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("valgrind must be installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let line = errors.lines().find(|line| line.contains("refs:")).unwrap_or_else(|| panic!("no count in {errors}"));
    let count: String = line.rsplit(':').next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    count.parse().expect("a number of instructions")
}

fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::new("rule check: mistakes, one a line", 2_000, |n| rule_mistakes(n, "\n")),
        Case::new("rule check: mistakes in one line", 2_000, |n| rule_mistakes(n, " ")),
        Case::new("kb check: broken links in one line", 1_000, |n| article_mistakes(n, " ")),
        Case::new("kb check: broken links, one a line", 1_000, |n| article_mistakes(n, "\n")),
        Case::new("kb check: broken links, one a paragraph", 1_000, |n| article_mistakes(n, "\n\n")),
        Case::new("show --related: an article with many codes", 500, related),
        Case::new("a pattern of one long literal", 1_000, long_literal),
    ];
    for line in LINES {
        let name = format!("lines {line:?}");
        cases.push(Case::new(name, bytes_of_lines(line.len() + 1), move |bytes| {
            scan(format!("{line}\n").repeat(bytes / (line.len() + 1)));
        }));
    }
    for piece in PIECES {
        for start in ["", "2026-11-12 10:00:00 ERROR a: "] {
            let name = format!("one line, {start:?} and {piece:?}");
            cases.push(Case::new(name, RECORD_BYTES, move |bytes| {
                scan(format!("{start}{}\n", piece.repeat(bytes / piece.len())));
            }));
        }
    }
    cases
}

fn draw(path: &str, text: &str, found: &[&casebook::Diagnostic]) {
    let mut out = Vec::new();
    text::diagnostics(&mut Page::new(&mut out, 100), path, text, found).expect("a Vec takes all");
}

fn rule_mistakes(n: usize, separator: &str) {
    let items: Vec<String> = (0..n).map(|n| format!("symptom s{n} {{ matches \"x\" }}")).collect();
    let file = RuleText { path: "a.rules".to_owned(), text: items.join(separator) };
    let (_, found) = load(std::slice::from_ref(&file), None);
    let found: Vec<_> = found.iter().map(|(_, diagnostic)| diagnostic).collect();
    assert!(found.len() >= n);
    draw(&file.path, &file.text, &found);
}

fn article_mistakes(n: usize, separator: &str) {
    let links: Vec<String> = (0..n).map(|n| format!("see [x{n}](missing{n}.md)")).collect();
    let text =
        format!("---\nid: a\ntitle: Disk full\n---\n\n# Disk full\n\n## Symptoms\n\n{}\n", links.join(separator));
    let place = casebook::ingest::place_below("/kb".as_ref(), "/kb/a.md".as_ref());
    let article = casebook::parse_article(&text, "kb/a").expect("an article");
    let checked = CheckedArticle { text, article, place };
    let found = pipeline::check_articles(std::slice::from_ref(&checked), &|_, _| false);
    let found: Vec<_> = found.iter().map(|(_, diagnostic)| diagnostic).collect();
    draw("a.md", &checked.text, &found);
}

/// Each code is looked up, and the article itself has all of them.
fn related(n: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let codes: String = (0..n).fold(String::new(), |mut text, n| {
        write!(text, " 0x8007{n:04x}").expect("a String takes any text");
        text
    });
    let articles = [
        ("a.md", format!("# Codes\n\n## Symptoms\n\nOne of{codes}.\n")),
        ("b.md", "# Another\n\n## Symptoms\n\nIt is 0x80070001 and nothing else.\n".to_owned()),
    ];
    let kb = folder.path().join("kb");
    std::fs::create_dir(&kb).expect("a folder");
    for (name, text) in articles {
        std::fs::write(kb.join(name), text).expect("an article");
    }
    let mut store = Store::in_memory();
    ingest(&mut store, &Inputs::new([Root::new(kb)], false, 0), &|_| {}).expect("an ingest");
    let shown = pipeline::show(store.index(), "kb/a", Some(10), true).expect("a store").expect("an article");
    assert_eq!(shown.related.expect("it was asked for").len(), 1);
}

fn long_literal(n: usize) {
    let pattern = "letter ".repeat(n);
    let text = format!("symptom s \"x\" {{ match \"{pattern}\" }}\ncause c \"c\" {{ shows s }}\n");
    let (program, _) = load(&[RuleText { path: "a.rules".to_owned(), text }], None);
    let log = vec![Input::bytes("a.log", "a letter letter of many\n".repeat(50))];
    matching::scan(&program, log, &ScanOptions::at(Timestamp::constant(1_800_000_000, 0)));
}

fn scan(log: String) {
    let (program, _) = load(&[], None);
    let options = ScanOptions::at(Timestamp::constant(1_800_000_000, 0));
    matching::scan(&program, vec![Input::bytes("a.log", log)], &options);
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

/// More than the size at which a record is cut.
const RECORD_BYTES: usize = 320_000;

/// The first records of a log are all looked at, and nothing is searched for in them. This costs less than what comes after them, where
/// a word for trouble has to be found before a record is looked at.
const LOOKED_AT: usize = 10_000;

/// The size of a log of lines of `len` bytes, such that four times as much is on the same side of [`LOOKED_AT`].
fn bytes_of_lines(len: usize) -> usize {
    let has_fewer = 4 * BYTES / len <= LOOKED_AT;
    if has_fewer { BYTES } else { BYTES.max(LOOKED_AT * 5 / 4 * len) }
}
