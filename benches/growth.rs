//! Measures how the cost of an ingest grows with the number of articles.
//!
//! Measures wall time per article and peak memory of whole processes over generated KBs of several sizes, each written to
//! disk first and read once to warm the page cache. Corpus: articles in the document layout, seeded; words follow Zipf's law
//! over 60,000 of them, and each article has some words of its own (numbers, names), as real ones do.
//! Isolates: what is not linear (merging of segments, the manifest, memory that no longer fits a cache).
//!
//! ```text
//! cargo bench --bench growth -- [SIZE …]      default: 6000 12000 57000; 500000 takes minutes and 2.5 GB of disk
//! ```

mod zipf;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use casebook::ingest::{Inputs, Root, ingest};
use casebook::store::Store;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["child", corpus, out] => child(Path::new(corpus), Path::new(out)),
        [] => [6_000, 12_000, 57_000].into_iter().for_each(measure),
        ref sizes => sizes.iter().for_each(|size| measure(size.parse().expect("a number of articles"))),
    }
}

fn measure(articles: u64) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let (corpus, out) = (scratch.path().join("kb"), scratch.path().join("store"));
    write_corpus(&corpus, articles);
    let this = std::env::current_exe().expect("the path of this program");
    let mut runs: Vec<(f64, u64)> = (0..if articles > 100_000 { 1 } else { 3 })
        .map(|_| {
            let output = Command::new(&this).arg("child").arg(&corpus).arg(&out).output().expect("the child runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            std::fs::remove_dir_all(&out).expect("the child made it");
            let text = String::from_utf8(output.stdout).expect("numbers");
            let (seconds, peak) = text.trim().split_once(' ').expect("two numbers");
            (seconds.parse().expect("seconds"), peak.parse().expect("KiB"))
        })
        .collect();
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (seconds, peak) = runs[runs.len() / 2];
    let each = seconds * 1e6 / articles as f64;
    println!("{articles:>8} articles {seconds:>8.2} s {each:>8.1} µs an article {:>6} MiB peak", peak >> 10);
}

fn child(corpus: &Path, out: &Path) {
    let start = Instant::now();
    let mut store = Store::open_or_create(out).expect("a new store");
    let inputs = Inputs::new([Root::new(corpus)], false, jiff::Timestamp::now().as_millisecond());
    let report = ingest(&mut store, &inputs, &|_| {}).expect("the ingest succeeds");
    assert_eq!(report.articles, report.files, "every file gives an article");
    println!("{} {}", start.elapsed().as_secs_f64(), peak_kib());
}

fn write_corpus(root: &Path, articles: u64) {
    const PER_FOLDER: u64 = 500;
    let mut dice = zipf::Dice::new();
    for n in 0..articles {
        let folder = root.join(format!("{:04}", n / PER_FOLDER));
        if n.is_multiple_of(PER_FOLDER) {
            std::fs::create_dir_all(&folder).expect("a new folder");
        }
        let text = dice.article(n, 60, 12);
        std::fs::write(folder.join(format!("Q{}.txt", 100_000 + n)), text).expect("a writable file");
    }
}

/// Peak resident memory of this process in KiB, as Linux reports it; 0 on other systems.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
