//! Fidelity over the whole archive: the 56,986 articles that it contains both as text and as page must have the same result.
//!
//! This does not measure time, but needs an optimised build: it parses 117,000 files in about twenty seconds, most of which is
//! reading. `CASEBOOK_ARCHIVE` names the folder of the unpacked archive, with `txt/` and `kb/`:
//!
//! `CASEBOOK_ARCHIVE=FOLDER cargo bench --bench twins`
//!
//! Prints the share of articles that agree in each field, with examples of those that do not, and fails if fewer than
//! [`LEAST`] agree in all fields.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use casebook::article::{Article, decode, parse};
use rayon::prelude::*;
use walkdir::WalkDir;

const LEAST: f64 = 0.995;

fn main() -> ExitCode {
    let Some(archive) = std::env::var_os("CASEBOOK_ARCHIVE").map(PathBuf::from) else {
        println!("skipped: CASEBOOK_ARCHIVE names no folder");
        return ExitCode::SUCCESS;
    };
    let mut pages = files(&archive.join("kb"));
    let twins: Vec<(String, PathBuf, PathBuf)> = files(&archive.join("txt"))
        .into_iter()
        .filter_map(|(id, document)| Some((pages.remove(&id)?, id, document)))
        .map(|(page, id, document)| (id, document, page))
        .collect();
    let differing: Vec<(&str, Vec<&str>)> = twins
        .par_iter()
        .map(|(id, document, page)| (id.as_str(), differences(&read(document), &read(page))))
        .filter(|(_, fields)| !fields.is_empty())
        .collect();
    let share = report(twins.len(), &differing);
    if twins.is_empty() || share < LEAST { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The files below `folder` by the ids of their articles, which are taken from the paths: `Q1234.TXT` or
/// `Q1234/README.md`.
fn files(folder: &Path) -> BTreeMap<String, PathBuf> {
    let files = WalkDir::new(folder).into_iter().map(|entry| entry.expect("is readable").into_path());
    files
        .filter(|path| path.is_file())
        .filter_map(|path| {
            let name = if path.ends_with("README.md") { path.parent()?.file_name()? } else { path.file_stem()? };
            Some((name.to_str()?.to_owned(), path))
        })
        .collect()
}

fn read(path: &Path) -> Article {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let article = decode(&bytes).and_then(|text| parse(&text, ""));
    article.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of the fields in which two versions of an article differ. Layout and diagnostics are not compared, because
/// they depend on the file format.
fn differences(one: &Article, other: &Article) -> Vec<&'static str> {
    let texts =
        |article: &Article| article.sections.iter().map(|s| (s.title.clone(), s.text.clone())).collect::<Vec<_>>();
    let kinds = |article: &Article| article.sections.iter().map(|s| (s.kind, s.level)).collect::<Vec<_>>();
    let fields = [
        ("id", one.id == other.id),
        ("title", one.title == other.title),
        ("prefix", one.prefix == other.prefix),
        ("issue type", one.issue_type == other.issue_type),
        ("products", one.products == other.products),
        ("os", one.os == other.os),
        ("modified", one.modified == other.modified),
        ("keywords", one.keywords == other.keywords),
        ("technology", one.technology == other.technology),
        ("section kinds", kinds(one) == kinds(other)),
        ("section texts", texts(one) == texts(other)),
        ("procedures", one.procedures == other.procedures),
        ("references", one.references == other.references),
        ("identifiers", one.identifiers == other.identifiers),
    ];
    fields.into_iter().filter(|(_, agrees)| !agrees).map(|(name, _)| name).collect()
}

/// Prints the differences and returns the share of articles that agree in every field.
fn report(n_twins: usize, differing: &[(&str, Vec<&str>)]) -> f64 {
    let mut by_field: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, fields) in differing {
        for field in fields {
            by_field.entry(field).or_default().push(id);
        }
    }
    let share = |n_differing: usize| 1.0 - n_differing as f64 / n_twins.max(1) as f64;
    for (field, ids) in &by_field {
        println!(
            "{field:<14} {:.4}  {:>5} differ, such as {}",
            share(ids.len()),
            ids.len(),
            ids[..ids.len().min(3)].join(" ")
        );
    }
    let agreement = share(differing.len());
    println!("{n_twins} twins, agreement in every field: {agreement:.4}");
    agreement
}
