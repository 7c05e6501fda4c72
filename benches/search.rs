//! Compares a warm search of the library with a bare tantivy query over title and body of the same articles, in one process.
//!
//! Measures the time of each of 400 queries of three to eight words (of titles and of symptoms, by turns) and of 20 pasted
//! traces of 30 lines: bare tantivy (any of the words, title counting double, ten best addresses), `rank` (ids and
//! titles), `find_ids` (ids and near-copies), `find` (articles with passages). Then measures queries per second of one thread
//! and of two that share an index. Each round runs all queries with each in turn. Prints the percentiles of the best round,
//! and in brackets those of the median round, which show how busy the machine was.
//! Corpus: a folder of articles, such as the `txt` half of the Microsoft KB archive, unpacked; without one, this many generated
//! articles of about 100 words with Zipf's law, seeded.
//! Isolates: the cost of ranking, near-copies and passages beyond reading the postings of the words.
//!
//! ```text
//! cargo bench --bench search -- [FOLDER | --synthetic N] [--keep DIR] [--rounds N]      default: --synthetic 57000
//! ```
//!
//! `--keep` keeps the store and the bare index in a folder, and reuses them if they exist.

mod zipf;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use casebook::article::{self, SectionKind};
use casebook::ingest::{Inputs, Root, ingest};
use casebook::query;
use casebook::store::{
    ArticleName, CommitInfo, FileEntry, FileOutcome, FileStat, NamedBy, SearchOptions, Store, StoredArticle, search,
};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexWriter, Searcher, Term, doc};

const N_QUERIES: usize = 400;
const N_TRACES: usize = 20;
const TRACE_LINES: usize = 30;
const WORDS_PER_LINE: usize = 8;

/// Words of a query are taken from this many words at the beginning of the symptoms.
const OPENING: usize = 40;

/// The arguments of the command line.
struct Arguments {
    folder: Option<PathBuf>,
    synthetic: u64,
    keep: Option<PathBuf>,
    rounds: usize,
}

fn main() {
    let args = arguments();
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let dir = args.keep.as_deref().unwrap_or(scratch.path());
    let store = store(&args, &dir.join("store"));
    let bare = Bare::open(&store, &dir.join("bare"));
    let sample: Vec<StoredArticle> = store
        .index()
        .shuffled(1)
        .expect("a manifest")
        .take(N_QUERIES + 5 * N_TRACES)
        .map(|a| a.expect("an article"))
        .collect();
    let (for_queries, for_traces) = sample.split_at(N_QUERIES.min(sample.len()));
    let queries: Vec<String> = for_queries.iter().enumerate().map(|(n, article)| query(n, article)).collect();
    let traces: Vec<String> = for_traces.chunks(5).map(trace).collect();
    println!("{} articles, {} rounds, load {}", store.head().articles, args.rounds, load());
    println!("\n{:<34}{:^22}{:^22}{:^22}{:>14}", "", "p50 ms", "p95 ms", "p99 ms", "÷ bare");
    compare(&format!("{} queries of 3–8 words", queries.len()), &store, &bare, &queries, args.rounds);
    compare(&format!("{} traces of {TRACE_LINES} lines", traces.len()), &store, &bare, &traces, args.rounds);
    println!("\n{:<34}{:>14}{:>14}{:>8}", "queries per second", "one thread", "two threads", "÷");
    for (name, ask) in engines(&store, &bare) {
        let best = |threads| (0..args.rounds).map(|_| rate(&ask, &queries, threads)).fold(0.0, f64::max);
        let (one, two) = (best(1), best(2));
        println!("  {name:<32}{one:>14.0}{two:>14.0}{:>8.2}", two / one);
    }
    println!("\nload {}", load());
}

fn arguments() -> Arguments {
    let mut args = Arguments { folder: None, synthetic: 57_000, keep: None, rounds: 7 };
    let mut given = std::env::args().skip(1).filter(|arg| arg != "--bench");
    while let Some(arg) = given.next() {
        let mut value = || given.next().unwrap_or_else(|| panic!("{arg} takes a value"));
        match arg.as_str() {
            "--synthetic" => args.synthetic = value().parse().expect("a number of articles"),
            "--keep" => args.keep = Some(value().into()),
            "--rounds" => args.rounds = value().parse::<usize>().expect("a number of rounds").max(1),
            _ => args.folder = Some(arg.into()),
        }
    }
    args
}

/// Opens the store at `path`, or creates it.
fn store(args: &Arguments, path: &Path) -> Store {
    let is_made = path.exists();
    let start = Instant::now();
    let mut store = Store::open_or_create(path).expect("a store");
    match &args.folder {
        _ if is_made => {}
        Some(folder) => {
            let inputs = Inputs::new([Root::new(folder)], false, jiff::Timestamp::now().as_millisecond());
            ingest(&mut store, &inputs, &|_| {}).expect("the ingest succeeds");
        }
        None => make_up(&mut store, args.synthetic),
    }
    println!("store opened or made in {:.1} s", start.elapsed().as_secs_f64());
    store
}

/// Fills a store with generated articles, without writing a file for each.
fn make_up(store: &mut Store, articles: u64) {
    let mut dice = zipf::Dice::new();
    let mut writer = store.writer().expect("no other writer");
    for n in 0..articles {
        let text = dice.article(n, 30, 2);
        let article = article::parse(&text, "").expect("the layout is known");
        let name = ArticleName::new(article.id.clone(), article.layout, NamedBy::Text);
        let outcome = FileOutcome::Article { name, codes: "".into() };
        let path = format!("/{:04}/{n}.txt", n / 500);
        let entry = FileEntry { path: path.into(), collection: "made-up".into(), stat: FileStat(0), hash: n, outcome };
        writer.put_article(&entry, &article, &text, "").expect("the writer takes it");
    }
    let head = CommitInfo { files: articles, articles, ..CommitInfo::default() };
    writer.commit(head).expect("the commit succeeds");
}

/// The `n`th query: for even `n` the first words of the title, for odd `n` words spread over the beginning of the
/// symptoms.
fn query(n: usize, StoredArticle { article, .. }: &StoredArticle) -> String {
    let length = 3 + n / 2 % 6;
    let symptoms = article.sections.iter().find(|section| section.kind == SectionKind::Symptoms);
    let words: Vec<&str> = match symptoms.filter(|_| n % 2 == 1) {
        None => words(&article.title).take(length).collect(),
        Some(symptoms) => {
            let opening: Vec<&str> = words(&symptoms.text).take(OPENING).collect();
            let step = (opening.len() / length).max(1);
            opening.into_iter().step_by(step).take(length).collect()
        }
    };
    words.join(" ")
}

/// The words without punctuation at their ends. Leaves out those with punctuation inside, which could be syntax.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric))
}

/// A log whose lines consist of the words of these articles.
fn trace(articles: &[StoredArticle]) -> String {
    let sections = articles.iter().flat_map(|stored| &stored.article.sections);
    let words: Vec<&str> = sections.flat_map(|section| words(&section.text)).collect();
    let line = |n: usize| {
        let said: Vec<&str> = words.iter().cycle().skip(n * WORDS_PER_LINE).take(WORDS_PER_LINE).copied().collect();
        let said = said.join(" ");
        match n % 3 {
            0 => format!("2026-11-12 14:05:{n:02}.131 ERROR [worker-{n}] {said}"),
            _ => format!("    at module.{said} (main.cpp:{}) 0x{:08x}", 40 + n, 0x77f5_cd12 + n),
        }
    };
    (0..TRACE_LINES).map(line).collect::<Vec<_>>().join("\n")
}

/// A function that runs a query and returns the number of hits.
type Ask<'a> = Box<dyn Fn(&str) -> usize + Sync + 'a>;

/// The functions to measure, the bare query first.
fn engines<'a>(store: &'a Store, bare: &'a Bare) -> [(&'static str, Ask<'a>); 4] {
    let options = SearchOptions::default();
    let (for_groups, for_search) = (options.clone(), options.clone());
    [
        ("bare tantivy", Box::new(|text| bare.ask(text))),
        ("rank", Box::new(move |text| search::rank(store.index(), text, &options).expect("a search").len())),
        (
            "find_ids",
            Box::new(move |text| {
                search::find_ids(store.index(), &query::parse(text), &for_groups).expect("a search").len()
            }),
        ),
        (
            "find",
            Box::new(move |text| {
                search::find(store.index(), &query::parse(text), &for_search).expect("a search").hits.len()
            }),
        ),
    ]
}

/// Prints the percentiles of each engine over the queries.
fn compare(what: &str, store: &Store, bare: &Bare, queries: &[String], rounds: usize) {
    println!("{what}");
    let engines = engines(store, bare);
    let mut measured: [Vec<[f64; 3]>; 4] = Default::default();
    for round in 0..=rounds {
        for ((_, ask), measured) in engines.iter().zip(&mut measured) {
            let mut took: Vec<f64> = queries.iter().map(|query| milliseconds(|| ask(query))).collect();
            // The first round warms the page cache.
            if round > 0 {
                took.sort_by(f64::total_cmp);
                measured.push([50, 95, 99].map(|part| took[(took.len() * part / 100).min(took.len() - 1)]));
            }
        }
    }
    let mut yardstick = [f64::NAN; 3];
    for ((name, _), rounds) in engines.iter().zip(measured) {
        let mut cells = String::new();
        let mut best = [0.0; 3];
        for (percentile, best) in best.iter_mut().enumerate() {
            let mut of_rounds: Vec<f64> = rounds.iter().map(|round| round[percentile]).collect();
            of_rounds.sort_by(f64::total_cmp);
            *best = of_rounds[0];
            cells += &format!("{:>11.2} {:<10}", *best, format!("({:.2})", of_rounds[of_rounds.len() / 2]));
        }
        if yardstick[0].is_nan() {
            yardstick = best;
        }
        println!("  {name:<32}{cells}{:>6.1} {:>6.1}", best[0] / yardstick[0], best[2] / yardstick[2]);
    }
}

fn milliseconds(ask: impl FnOnce() -> usize) -> f64 {
    let start = Instant::now();
    std::hint::black_box(ask());
    start.elapsed().as_secs_f64() * 1000.0
}

/// The number of queries per second that `threads` threads answer together. Each thread takes the next query from one
/// list.
fn rate(ask: &Ask<'_>, queries: &[String], threads: usize) -> f64 {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(query) = queries.get(next.fetch_add(1, Ordering::Relaxed)) {
                    std::hint::black_box(ask(query));
                }
            });
        }
    });
    queries.len() as f64 / start.elapsed().as_secs_f64()
}

/// A search with tantivy alone, as in its tutorial, over titles and texts of the same articles.
struct Bare {
    searcher: Searcher,
    tokenizer: TextAnalyzer,
    title: Field,
    body: Field,
}

impl Bare {
    /// Opens the index at `path`, or creates it from the articles of `store`.
    fn open(store: &Store, path: &Path) -> Bare {
        let words = TextFieldIndexing::default()
            .set_tokenizer("en_stem")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(words) | STORED;
        let mut schema = Schema::builder();
        let (title, body) = (schema.add_text_field("title", options.clone()), schema.add_text_field("body", options));
        let index = match path.exists() {
            true => Index::open_in_dir(path).expect("the index that was kept"),
            false => {
                std::fs::create_dir_all(path).expect("a folder for the index");
                let index = Index::create_in_dir(path, schema.build()).expect("a new index");
                let mut writer: IndexWriter = index.writer_with_num_threads(2, 100_000_000).expect("a writer");
                for stored in store.index().shuffled(0).expect("a manifest") {
                    let article = stored.expect("an article").article;
                    let sections: Vec<String> = article.sections.into_iter().map(|section| section.text).collect();
                    writer.add_document(doc!(title => article.title, body => sections.join("\n"))).expect("is taken");
                }
                writer.commit().expect("the commit succeeds");
                writer.wait_merging_threads().expect("the merges succeed");
                index
            }
        };
        let tokenizer = index.tokenizers().get("en_stem").expect("tantivy has it");
        Bare { searcher: index.reader().expect("a reader").searcher(), tokenizer, title, body }
    }

    /// Searches for the ten best documents with any of the words, with titles counting double. Returns how many there
    /// are.
    fn ask(&self, text: &str) -> usize {
        let mut words: Vec<String> = Vec::new();
        let mut tokenizer = self.tokenizer.clone();
        tokenizer.token_stream(text).process(&mut |token| words.push(token.text.clone()));
        words.sort_unstable();
        words.dedup();
        let in_field =
            |field: Field, word: &str| TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs);
        let queries = words.iter().flat_map(|word| -> [Box<dyn Query>; 2] {
            let title = BoostQuery::new(Box::new(in_field(self.title, word)), 2.0);
            [Box::new(title), Box::new(in_field(self.body, word))]
        });
        let any = BooleanQuery::union(queries.collect());
        self.searcher.search(&any, &TopDocs::with_limit(10).order_by_score()).expect("a search").len()
    }
}

/// The load of the machine over one, five and fifteen minutes, as Linux reports it.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
