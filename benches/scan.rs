//! Measures the search for many literals in a log, beside aho-corasick and, if its program is given, Hyperscan.
//!
//! Measures wall time on one core, in chunks of 1 MiB; medians of seven rounds. The literals are searched for as those of text
//! patterns, so a blank in one matches any run of blanks. Isolates the filter: nothing is parsed, and no pattern decides on a
//! candidate, except that whole literals are compared.
//!
//! ```text
//! cargo bench --bench scan -- LITERALS LOG [HYPERSCAN]
//! ```
//!
//! `LITERALS` has one literal a line, `LOG` is any text. `HYPERSCAN` is the program that `benches/reference/hyperscan.c` makes.

use std::borrow::Cow;
use std::process::Command;
use std::time::Instant;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use casebook::matching::prefilter::{Prefilter, TargetLiterals};
use casebook::pattern::Literal;

const ROUNDS: usize = 7;
const CHUNK: usize = 1 << 20;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [literals, log, rest @ ..] = args.as_slice() else {
        println!("usage: cargo bench --bench scan -- LITERALS LOG [HYPERSCAN]");
        return;
    };
    let list = std::fs::read_to_string(literals).expect("a file of literals");
    let text = std::fs::read(log).expect("a log");
    let all: Vec<&str> = list.lines().filter(|line| line.len() >= 3).collect();
    for n in [100, 1_000, 5_000, 10_000] {
        let some = &all[..n.min(all.len())];
        println!("{} literals, {} MB of log", some.len(), text.len() / 1_000_000);
        measure(some, &text, false);
        measure(some, &text, true);
        if let [program] = rest {
            hyperscan(program, some, log, text.len());
        }
        if n >= all.len() {
            break;
        }
    }
}

fn measure(literals: &[&str], text: &[u8], ignore_case: bool) {
    let literal = |text: &&str| match ignore_case {
        true => Literal::new(text.to_ascii_lowercase().into_bytes(), true),
        false => Literal::new(text.as_bytes().to_vec(), false),
    };
    let runs: Vec<Literal> = literals.iter().map(literal).collect();
    let targets = runs.iter().map(|run| TargetLiterals { sets: Cow::Borrowed(&[]), runs: std::slice::from_ref(run) });
    let targets: Vec<_> = targets.collect();
    let start = Instant::now();
    let filter = Prefilter::for_log(&targets, &text[..text.len().min(256 << 10)]);
    let compile = start.elapsed().as_secs_f64() * 1e3;
    let name = if ignore_case { "this filter, any case" } else { "this filter" };
    report(name, compile, text, |chunk| filter.candidates(chunk).len());
    if !ignore_case {
        let start = Instant::now();
        let filter = Prefilter::new(&targets);
        let compile = start.elapsed().as_secs_f64() * 1e3;
        report("  without a sample", compile, text, |chunk| filter.candidates(chunk).len());
    }
    if !ignore_case {
        let start = Instant::now();
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(literals);
        let automaton = automaton.expect("few enough literals");
        let compile = start.elapsed().as_secs_f64() * 1e3;
        report("aho-corasick", compile, text, |chunk| automaton.find_overlapping_iter(chunk).count());
    }
}

fn report(name: &str, compile: f64, text: &[u8], scan: impl Fn(&[u8]) -> usize) {
    let mut n_found = 0;
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            n_found = text.chunks(CHUNK).map(&scan).sum();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    print(name, compile, times[ROUNDS / 2], text.len(), n_found as u64);
}

fn hyperscan(program: &str, literals: &[&str], log: &str, len: usize) {
    let list = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(list.path(), literals.join("\n")).expect("a writable file");
    for caseless in [&[][..], &["caseless"]] {
        let mut command = Command::new(program);
        command.arg(list.path()).args([log, &ROUNDS.to_string()]).args(caseless);
        let output = command.output().expect("the reference program runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [compile, median, found] = numbers[..] else { panic!("the reference program failed: {output:?}") };
        let name = if caseless.is_empty() { "Hyperscan" } else { "Hyperscan, any case" };
        print(name, compile, median, len, found as u64);
    }
}

fn print(name: &str, compile: f64, median: f64, len: usize, found: u64) {
    let speed = len as f64 / 1e6 / median;
    println!("  {name:<22} built in {compile:>7.1} ms, {median:>8.1} ms, {speed:>6.2} GB/s, {found} found");
}
