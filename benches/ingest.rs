//! Compares the ingest of a folder of articles with a bare tantivy program that indexes title and body of the same files.
//!
//! Measures wall time and peak memory of whole processes, in turn (A B C D E A B …). Prints median times and the
//! highest peak memory of each, and two ratios: the whole ingest compared with bare tantivy, and an ingest without
//! changes compared with reading all files once.
//! Corpus: any folder of articles in the document layout, such as the `txt` half of the Microsoft KB archive, unpacked. One
//! file is rewritten with the same content and one line end more or less.
//! Isolates: everything casebook does beyond indexing (detection, parsing, identifiers, the manifest), and the time that it saves.
//!
//! ```text
//! cargo bench --bench ingest -- path/to/txt [runs]
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use casebook::ingest::{Inputs, Root, ingest};
use casebook::store::Store;
use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexWriter, doc};

/// The processes to measure, in the order of a round.
const WHICH: [&str; 5] = ["bare tantivy", "casebook", "unchanged", "one changed", "read all files"];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["child", which, corpus, out] => child(which, Path::new(corpus), Path::new(out)),
        [corpus] => compare(Path::new(corpus), 5),
        [corpus, runs] => compare(Path::new(corpus), runs.parse().expect("the number of runs")),
        _ => println!("usage: cargo bench --bench ingest -- FOLDER [RUNS]"),
    }
}

fn compare(corpus: &Path, runs: usize) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let changing = files_below(corpus).next().expect("a file");
    let mut results: [Vec<(f64, u64, u64)>; WHICH.len()] = Default::default();
    for run in 0..=runs {
        let store = scratch.path().join(format!("store-{run}"));
        let bare = scratch.path().join(format!("bare-{run}"));
        for (which, results) in WHICH.into_iter().zip(&mut results) {
            let out = if which == "bare tantivy" { &bare } else { &store };
            if which == "unchanged" {
                // Files younger than the clock's grain would be read again.
                std::thread::sleep(std::time::Duration::from_secs(3));
            }
            if which == "one changed" {
                touch(&changing);
            }
            let measured = spawn(which, corpus, out);
            // The first round warms the page cache.
            if run > 0 {
                results.push(measured);
            }
        }
        for out in [bare, store] {
            std::fs::remove_dir_all(out).expect("the child made it");
        }
    }
    let medians = results.map(medians);
    for (name, (seconds, peak, bytes)) in WHICH.into_iter().zip(medians) {
        println!("{name:<20} {seconds:>7.3} s  {:>5} MiB peak  {:>5} MiB on disk", peak >> 10, bytes >> 20);
    }
    let [bare, casebook, unchanged, _, read] = medians;
    println!("casebook / bare      {:>7.2}", casebook.0 / bare.0);
    println!("unchanged / read all {:>7.2}", unchanged.0 / read.0);
}

/// Changes a file by adding or removing a line end at its end.
fn touch(path: &Path) {
    let mut bytes = std::fs::read(path).expect("a readable file");
    match bytes.strip_suffix(b"\n\n") {
        Some(_) => bytes.truncate(bytes.len() - 1),
        None => bytes.push(b'\n'),
    }
    std::fs::write(path, bytes).expect("a writable file");
}

fn medians(mut runs: Vec<(f64, u64, u64)>) -> (f64, u64, u64) {
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let peak = runs.iter().map(|run| run.1).max().unwrap_or(0);
    (runs[runs.len() / 2].0, peak, runs[0].2)
}

fn spawn(which: &str, corpus: &Path, out: &Path) -> (f64, u64, u64) {
    let this = std::env::current_exe().expect("the path of this program");
    let output = Command::new(this).args(["child", which]).arg(corpus).arg(out).output().expect("the child runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("numbers");
    let mut numbers = text.split_whitespace();
    let mut next = || numbers.next().expect("three numbers").parse::<f64>().expect("a number");
    (next(), next() as u64, next() as u64)
}

/// Runs in a process of its own: does the work `which`, and prints seconds, peak memory in KiB, and bytes on disk.
fn child(which: &str, corpus: &Path, out: &Path) {
    let start = Instant::now();
    match which {
        "bare tantivy" => bare(corpus, out),
        "read all files" => read_all(corpus),
        _ => {
            let mut store = Store::open_or_create(out).expect("a new store");
            let now_ms = jiff::Timestamp::now().as_millisecond();
            let inputs = Inputs::new([Root::new(corpus)], false, now_ms);
            ingest(&mut store, &inputs, &|_| {}).expect("the ingest succeeds");
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{seconds} {} {}", peak_kib(), bytes_below(out));
}

/// What an ingest without changes is compared with: one thread opens each file and reads it to the end.
fn read_all(corpus: &Path) {
    use std::io::Read;
    let mut buffer = Vec::new();
    for path in files_below(corpus) {
        buffer.clear();
        std::fs::File::open(&path).and_then(|mut file| file.read_to_end(&mut buffer)).expect("a readable file");
    }
}

/// What an ingest is compared with: tantivy alone, as in its tutorial, over the same titles and texts, with two
/// threads.
fn bare(corpus: &Path, out: &Path) {
    let words = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(words) | STORED;
    let mut schema = Schema::builder();
    let title = schema.add_text_field("title", options.clone());
    let body = schema.add_text_field("body", options);
    std::fs::create_dir_all(out).expect("a folder for the index");
    let index = Index::create_in_dir(out, schema.build()).expect("a new index");
    let mut writer: IndexWriter = index.writer_with_num_threads(2, 100_000_000).expect("a writer");
    for path in files_below(corpus) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        let title_text = text.lines().find_map(|line| line.strip_prefix("TITLE   :")).unwrap_or_default();
        let body_text = text.split_once("\r\n\r\n").map_or(&*text, |(_, body)| body);
        writer.add_document(doc!(title => title_text, body => body_text)).expect("the writer takes it");
    }
    writer.commit().expect("the commit succeeds");
    writer.wait_merging_threads().expect("the merges succeed");
}

fn files_below(root: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("a readable folder"));
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path)
}

fn bytes_below(root: &Path) -> u64 {
    files_below(root).map(|path| path.metadata().expect("a file").len()).sum()
}

/// Peak resident memory of this process in KiB, as Linux reports it; 0 on other systems.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
