//! Measures the time to load rules: to parse, resolve and compile them.
//!
//! Loads the bundled rules, and generated packs of `rule` items with one pattern each. Reads no files, so only the rule
//! stage is measured. Prints medians; the ratios between the generated packs show how the time grows.
//!
//! ```text
//! cargo bench --bench compile
//! ```

use std::time::Instant;

use casebook::book;
use casebook::rule::{RuleText, load};

fn main() {
    let bundled: Vec<RuleText> = book::rules()
        .into_iter()
        .map(|file| RuleText { path: file.path.to_owned(), text: file.text.to_owned() })
        .collect();
    report("bundled rules", &bundled);
    for n in [100, 1_000, 10_000] {
        report(&format!("{n} generated rules"), &[generated(n)]);
    }
}

fn report(name: &str, files: &[RuleText]) {
    let bytes: usize = files.iter().map(|file| file.text.len()).sum();
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            let (program, remarks) = load(files, None);
            let time = start.elapsed().as_secs_f64() * 1000.0;
            assert!(!program.symptoms.is_empty(), "{remarks:?}");
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    println!("{name:<24} {:>6} KiB {median:>9.2} ms  {:>6.0} ns a byte", bytes >> 10, median * 1e6 / bytes as f64);
}

fn generated(n: usize) -> RuleText {
    let rule = |n: usize| {
        format!(
            "rule fault_{n} \"Fault {n} of {{unit}}\" {{\n  match \"unit {{unit}} reports fault code F{n:05} at {{_:int}}\"\n  \
             prior uncommon\n  resolution \"Reset it\" {{ cost 5m risk low step \"Press reset\" run `reset '{{unit}}'` }}\n}}\n"
        )
    };
    RuleText { path: "generated.rules".to_owned(), text: (0..n).map(rule).collect() }
}
