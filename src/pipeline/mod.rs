//! Runs the stages one after another, for every front end. Also decides when a store is brought up to date, and what replaces a
//! store that cannot be opened.

mod mutation;
mod pattern_headers;
mod rule_tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::article::{self, Article, LinkedArticle, Place, Reference};
use crate::book;
use crate::error::chain;
use crate::infer::{self, ArticleHit, Confidence, Diagnosis, Facts, QueryHit, Searched, Signs};
use crate::ingest::{self, IngestReport, Inputs, Root};
use crate::matching::Scan;
use crate::rule::Program;
use crate::store::{
    ArticleEvidence, ArticleSignature, CommitInfo, FileOutcome, Index, LogRecords, References, Related, SearchOptions,
    SeenSignature, SharedInformation, Store, StoreError, StoredArticle, relations, search,
};

pub use mutation::{MutationReport, PackScore, Survivor, mutation_report};
pub use pattern_headers::checked_rules;
pub use rule_tests::{Failure, TestOutcome, run_chosen_tests, run_tests};

/// Every search brings a knowledge base of at most this many files up to date, which takes a few milliseconds.
const SMALL_KB: usize = 1_000;

/// How long a process waits for another one that fills an empty store, and how often it looks.
const MOST_WAITING: Duration = Duration::from_secs(20);
const WAIT_STEP: Duration = Duration::from_millis(20);

/// At most this many hits are used for each query that is made from salient records.
const HITS_PER_QUERY: usize = 60;

/// Near-copies are looked up for this many of the best articles: nobody reads further.
const FOLDED: usize = 50;

/// A store that was opened for reading.
pub struct OpenedStore {
    /// The store.
    pub store: Store,
    /// Warnings for the user.
    pub notes: Vec<String>,
    /// Whether the workspace has at most [`SMALL_KB`] files.
    is_small: bool,
}

/// Opens the store at `path` for reading, as its last ingest left it; [`OpenedStore::refresh`] brings it up to date. If
/// nothing can be written, returns an empty store in memory, with a note. A missing store is an error if `inputs` has more than
/// 1,000 files.
pub fn open_store(path: &Path, inputs: &Inputs) -> Result<OpenedStore, StoreError> {
    let mut notes = Vec::new();
    let is_small = ingest::count_files(inputs.roots(), SMALL_KB + 1) <= SMALL_KB;
    let store = match Store::open(path) {
        Ok(store) => store,
        Err(StoreError::Missing { path }) if !is_small => return Err(StoreError::Missing { path }),
        Err(StoreError::Missing { .. }) => match Store::open_or_create(path) {
            Ok(store) => store,
            Err(error) => {
                notes.push(format!(
                    "{}; the bundled articles and a small KB are read into memory instead",
                    chain(&error)
                ));
                Store::in_memory()
            }
        },
        Err(StoreError::OtherFormat { .. }) if Store::remove_if_bundled(path) => Store::open_or_create(path)?,
        Err(error) => return Err(error),
    };
    Ok(OpenedStore { store, notes, is_small })
}

/// Returns an index of the bundled articles alone, in memory, for a diagnosis when the store cannot be read.
pub fn bundled_index(now_ms: i64) -> Result<Index, StoreError> {
    let mut store = Store::in_memory();
    ingest::ingest(&mut store, &Inputs::new([], true, now_ms), &|_| {})?;
    Ok(store.index().clone())
}

impl OpenedStore {
    /// Ingests what is new in `inputs` if that takes milliseconds: from a small knowledge base, and from the bundled
    /// book. A large knowledge base is ingested only by `casebook ingest`. A failure becomes a note, and the store
    /// stays as it is.
    pub fn refresh(&mut self, inputs: &Inputs) {
        let head = self.store.head();
        // The bundled book has some hundred files of its own.
        let small = self.is_small && head.files <= 2 * SMALL_KB as u64;
        if !small && !ingest::knows_roots(&self.store, inputs) {
            self.notes
                .push("the workspace names articles that were not ingested yet: run `casebook ingest`".to_owned());
        }
        if !small && ingest::has_book(&self.store, inputs) {
            return;
        }
        // Folders that were ingested from outside the workspace are refreshed too, unless the knowledge base is large.
        let remembered = head.roots.iter().map(|root| Root::remembered(&root.path, &root.collection));
        let roots: Vec<Root> =
            if small { inputs.roots().iter().cloned().chain(remembered).collect() } else { Vec::new() };
        if roots.is_empty() && head.roots.is_empty() && ingest::has_book(&self.store, inputs) {
            return;
        }
        let mut refreshed = Inputs::new(roots, inputs.book, inputs.now_ms);
        refreshed.fields = Arc::clone(&inputs.fields);
        let inputs = refreshed;
        match self.ingest_in_turn(&inputs) {
            Ok(report) => {
                self.notes.extend(report.unreadable_roots.iter().map(|(path, reason)| format!("{path}: {reason}")))
            }
            Err(error) => self.notes.push(format!("{}; articles may be out of date", chain(&error))),
        }
    }

    /// Ingests `inputs`. If another process is filling a store that is still empty, waits for it, and reads the articles into
    /// memory if that takes too long: an empty store would answer that nothing is found.
    fn ingest_in_turn(&mut self, inputs: &Inputs) -> Result<IngestReport, StoreError> {
        let start = Instant::now();
        loop {
            match ingest::ingest(&mut self.store, inputs, &|_| {}) {
                Err(StoreError::Busy { .. }) if self.store.head().files == 0 => {
                    if start.elapsed() > MOST_WAITING {
                        self.store = Store::in_memory();
                    }
                    std::thread::sleep(WAIT_STEP);
                    self.store.reload()?;
                }
                other => return other,
            }
        }
    }
}

/// An article with its references, as `show` prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The article.
    pub stored: StoredArticle,
    /// Articles it refers to, each once, and whether the store contains it.
    pub references: Vec<(Reference, bool)>,
    /// Articles that refer to it, with their titles, by id.
    pub referenced_by: Vec<(String, String)>,
    /// Related articles, best first; `None` if not asked for.
    pub related: Option<Vec<Related>>,
    /// Messages, codes and events that identify the article in a log, the rarest first; `None` if not asked for.
    pub signatures: Option<Vec<ArticleSignature>>,
}

/// Looks up an article with its references. Finds bundled articles even if the store does not contain them, since bundled rules
/// name them. `related` is the number of related articles to look up, `signatures` whether to look up signatures.
pub fn show(index: &Index, name: &str, related: Option<usize>, signatures: bool) -> Result<Option<Shown>, StoreError> {
    let Some(stored) = index.get(name)?.or_else(|| book::article(name)) else { return Ok(None) };
    let article = &stored.article;
    let references = resolved(index, article)?;
    let referenced_by = relations::referenced_by(index, article)?;
    let related = related.map(|limit| relations::related(index, &stored, limit)).transpose()?;
    let signatures = signatures.then(|| search::signatures(index, &stored.article)).transpose()?;
    Ok(Some(Shown { references, referenced_by, related, signatures, stored }))
}

/// The references of `article`, and whether the store contains the other article. A link that leads to one gets its id.
fn resolved(index: &Index, article: &Article) -> Result<Vec<(Reference, bool)>, StoreError> {
    let mut references: Vec<(Reference, bool)> = Vec::with_capacity(article.references.len());
    let mut seen = HashSet::from([article.id.clone()]);
    for reference in &article.references {
        let found = index.title_of_reference(reference)?;
        let is_known = found.is_some();
        let resolved = match found {
            Some((id, title)) if !reference.others.is_empty() => {
                Reference { id, others: Vec::new(), title: reference.title.clone().or(Some(title)) }
            }
            _ => reference.clone(),
        };
        if seen.insert(resolved.id.clone()) {
            references.push((resolved, is_known));
        }
    }
    Ok(references)
}

/// The content of a store, as `status` prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The description that the newest commit contains.
    pub head: CommitInfo,
    /// Number of files by layout, or by the reason why they have no article.
    pub layouts: BTreeMap<&'static str, u64>,
    /// Number of articles by collection, by name.
    pub collections: Vec<(String, u64)>,
    /// References between articles, and those that lead nowhere.
    pub references: References,
}

/// Summarizes the content of the store in one pass over the manifest and the references: 50 ms for 57,000 articles.
pub fn overview(index: &Index) -> Result<Overview, StoreError> {
    let mut layouts: BTreeMap<&str, u64> = BTreeMap::new();
    for entry in index.manifest()?.iter() {
        let name = match entry.outcome {
            FileOutcome::Article { name, .. } => name.layout.name(),
            FileOutcome::Duplicate { .. } => "with an article that another file gave",
            FileOutcome::Skipped { .. } => "without an article",
            FileOutcome::Container { .. } => continue,
        };
        *layouts.entry(name).or_default() += 1;
    }
    let (collections, references) = (index.collections()?, relations::references(index)?);
    Ok(Overview { head: index.head().clone(), layouts, collections, references })
}

/// Whether the store or the bundled book contains an article by this name.
pub fn knows(index: &Index, name: &str) -> bool {
    // If the store cannot be read, the link counts as valid.
    index.title_of(name).map_or(true, |found| found.is_some()) || book::article(name).is_some()
}

/// Returns the title of an article of the store or of the bundled book. Without an index, only the book is asked.
pub fn article_title(index: Option<&Index>, name: &str) -> Option<String> {
    // If the look-up fails, only the title is missing.
    let stored = index.and_then(|index| index.title_of(name).ok().flatten()).map(|(_, title)| title);
    stored.or_else(|| book::article(name).map(|stored| article::full_title(&stored.article)))
}

/// The articles that fit the salient records of a scan.
#[derive(Debug, Clone)]
pub struct Consulted {
    searched: Searched,
    /// The near-copies of the best articles.
    near: NearCopies,
}

/// Searches the knowledge base for the salient records of `scan`. Uses `options`, but with its own limit of hits.
pub fn consult(
    index: &Index,
    scan: &Scan,
    options: &SearchOptions,
    confidence: &Confidence,
) -> Result<Consulted, StoreError> {
    let glances = search::glance(index, &infer::without_varying(&scan.salient))?;
    let records = infer::chosen(&scan.salient, &glances);
    let queries = infer::queries(&records);
    let options = SearchOptions { limit: HITS_PER_QUERY, ..options.clone() };
    let texts: Vec<&str> = queries.iter().map(|query| query.text.as_str()).collect();
    let found = search::evidence(index, &texts, &options)?.into_iter();
    let found: Vec<Vec<QueryHit>> = found.map(|evidence| evidence.into_iter().map(query_hit).collect()).collect();
    let mut hits = infer::fuse_hits(&queries, &found);
    let near = near_copies(index, hits.iter().take(FOLDED).map(|hit| hit.id.as_str()))?;
    confidence.judge(&mut hits, (&queries, &found), &records, &near);
    for hit in infer::hits_for_remedies(&mut hits) {
        hit.remedies = index.get(&hit.id)?.map_or_else(Vec::new, |stored| article::remedies(&stored.article));
    }
    let printed = LogRecords::new(records.iter().map(|salient| salient.text.as_str()));
    let explain = |hit: &mut ArticleHit| {
        let Some(stored) = index.get(&hit.id)? else { return Ok(()) };
        let compared = infer::records_for(&records, hit);
        hit.signatures =
            search::seen_signatures(index, &stored.article, &printed, &compared)?.into_iter().map(signature).collect();
        Ok(())
    };
    infer::hits_for_signatures(&mut hits, &near).collect::<Vec<_>>().into_par_iter().try_for_each(explain)?;
    Ok(Consulted { searched: Searched { records, hits }, near })
}

fn signature(SeenSignature { kind, text, section, record, share, weight }: SeenSignature) -> infer::Signature {
    infer::Signature { kind, text, section, salient: record, share: share.into(), weight: weight.into() }
}

fn query_hit(evidence: ArticleEvidence) -> QueryHit {
    let ArticleEvidence { id, title, score, shared } = evidence;
    let SharedInformation { record, words, words_share, repeated, codes } = shared;
    let [score, record, words] = [score, record, words].map(f64::from);
    let [words_share, repeated, codes] = [words_share, repeated, codes].map(f64::from);
    QueryHit { id, title, signs: Signs { score, record, words, words_share, repeated, codes } }
}

/// The ids of the near-copies of articles, sorted, by the id of the article.
type NearCopies = BTreeMap<String, Vec<String>>;

fn near_copies<'a>(index: &Index, ids: impl Iterator<Item = &'a str>) -> Result<NearCopies, StoreError> {
    let near = |id: &str| {
        let mut copies: Vec<String> = relations::near_copies(index, id)?.into_iter().map(|(copy, _)| copy).collect();
        copies.sort_unstable();
        Ok((id.to_owned(), copies))
    };
    ids.collect::<Vec<&str>>().into_par_iter().map(near).collect()
}

/// Makes a diagnosis from a scan of logs and from facts that the user gave. Searches the knowledge base with `options`,
/// but with its own limit of hits.
pub fn diagnose(
    program: &Program,
    index: &Index,
    scan: Scan,
    facts: &Facts,
    options: &SearchOptions,
    confidence: &Confidence,
) -> Result<Diagnosis, StoreError> {
    let consulted = consult(index, &scan, options, confidence)?;
    conclude(program, index, scan, facts, consulted)
}

/// The second half of [`diagnose`], for facts that are newer than the search. `consulted` belongs to the same logs as `scan`.
pub fn conclude(
    program: &Program,
    index: &Index,
    scan: Scan,
    facts: &Facts,
    Consulted { searched, mut near }: Consulted,
) -> Result<Diagnosis, StoreError> {
    let titles = |name: &str| {
        // If the look-up fails, only a title is missing from the diagnosis.
        let held = index.title_of(name).ok().flatten();
        held.or_else(|| {
            book::article(name).map(|stored| (stored.article.id.clone(), article::full_title(&stored.article)))
        })
    };
    let mut diagnosis = infer::diagnose(program, scan, facts, &searched, &titles);
    let best = diagnosis.articles.iter().take(FOLDED).map(|article| article.id.as_str());
    let further: Vec<&str> = best.filter(|id| !near.contains_key(*id)).collect();
    near.extend(near_copies(index, further.into_iter())?);
    infer::fold_near_copies(&mut diagnosis.articles, &near);
    Ok(diagnosis)
}

/// An article to be checked.
#[derive(Debug, Clone)]
pub struct CheckedArticle {
    /// The text that the article was parsed from. Remarks are drawn into it.
    pub text: String,
    /// The article, with its links.
    pub article: Article,
    /// Where the article is.
    pub place: Place,
}

/// Checks articles that may refer to one another. `exists` tells whether there is a file at a path that a link in the
/// article with this index states. Returns each remark with the index of its article.
pub fn check_articles(
    articles: &[CheckedArticle],
    exists: &dyn Fn(usize, &str) -> bool,
) -> Vec<(usize, crate::diagnostic::Diagnostic)> {
    let linked: Vec<LinkedArticle> = articles.iter().map(|checked| LinkedArticle::read(&checked.text)).collect();
    let (mut names, mut addresses) = (HashSet::new(), HashMap::new());
    for (CheckedArticle { article, .. }, linked) in articles.iter().zip(&linked) {
        names.extend(std::iter::once(&article.id).chain(&article.aliases).map(String::as_str));
        for address in article.addresses.iter().chain([&article.id]).chain(&article.aliases) {
            addresses.entry(address.as_str()).or_insert(linked);
        }
    }
    let mut remarks = Vec::new();
    for (index, CheckedArticle { text, article, place }) in articles.iter().enumerate() {
        let mut found = article::check(text, article, &|id| names.contains(id));
        let linked = |address: &str| addresses.get(address).copied();
        found.extend(article::check_links(text, article.layout, place, &linked, &|path| exists(index, path)));
        remarks.extend(found.into_iter().map(|diagnostic| (index, diagnostic)));
    }
    remarks
}
