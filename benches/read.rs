//! Reading logs: finds the records, the symptoms of the bundled rules, and the salient records.
//!
//! Measures the throughput of a scan in memory on one thread, for each file, against counting the line ends of the same
//! bytes in the same run. Corpus: each `*.log` in a folder, repeated up to the given size; by default the cases of the
//! tests, which are stranger than real logs. Isolates the cost of each log format. Prints the best of five runs.
//!
//! ```text
//! cargo bench --bench read -- [FOLDER] [MIB]      default: tests/cases/log 16
//! ```

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use casebook::book;
use casebook::log::Input;
use casebook::matching::{ScanOptions, scan};
use casebook::rule::{Program, RuleText, load};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let cases = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/log");
    let folder = args.first().map_or(cases, PathBuf::from);
    let mib: usize = args.get(1).map_or(16, |size| size.parse().expect("a number of MiB"));
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a readable folder").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    paths.sort();
    let rules = bundled();
    println!("{:<28} {:<14} {:>10} {:>12} {:>8}", "log", "format", "scan MB/s", "count MB/s", "ratio");
    for path in paths {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        report(&name, &repeated(&std::fs::read(&path).expect("a readable log"), mib << 20), &rules);
    }
}

fn report(name: &str, bytes: &[u8], rules: &Program) {
    let options = ScanOptions::at(jiff::Timestamp::UNIX_EPOCH);
    let mut format = String::new();
    let scanned = best(|| {
        let input = vec![Input::bytes(name, bytes)];
        let start = Instant::now();
        format = scan(rules, input, &options).sources.first().map_or_else(String::new, |source| source.format.clone());
        start.elapsed().as_secs_f64()
    });
    let counted = best(|| {
        let start = Instant::now();
        black_box(memchr::memchr_iter(b'\n', black_box(bytes)).count());
        start.elapsed().as_secs_f64()
    });
    let speed = |seconds: f64| bytes.len() as f64 / 1e6 / seconds;
    println!("{name:<28} {format:<14} {:>10.0} {:>12.0} {:>8.1}", speed(scanned), speed(counted), scanned / counted);
}

fn best(mut run: impl FnMut() -> f64) -> f64 {
    (0..5).map(|_| run()).fold(f64::INFINITY, f64::min)
}

fn repeated(log: &[u8], size: usize) -> Vec<u8> {
    let line_end: &[u8] = if log.ends_with(b"\n") { b"" } else { b"\n" };
    let once = [log, line_end].concat();
    once.repeat(size.div_ceil(once.len()))
}

fn bundled() -> Program {
    let texts: Vec<RuleText> = book::rules()
        .into_iter()
        .map(|file| RuleText { path: file.path.to_owned(), text: file.text.to_owned() })
        .collect();
    load(&texts, None).0
}
