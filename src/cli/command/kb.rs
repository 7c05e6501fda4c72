//! `casebook kb check`.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::article;
use crate::book;
use crate::cli::args::Kb;
use crate::cli::error::CommandError;
use crate::cli::{Outcome, Session};
use crate::ingest;
use crate::pipeline;
use crate::report::text;

pub(in crate::cli) fn run(session: &Session, args: &Kb) -> Outcome {
    let Kb::Check(args) = args;
    check(session, &args.paths)
}

fn check(session: &Session, paths: &[PathBuf]) -> Outcome {
    let files = texts(session, paths)?;
    let mut articles = Vec::new();
    let mut names = Vec::new();
    let mut skipped = Vec::new();
    for (path, bytes) in files {
        match article::decode(&bytes).and_then(|text| Ok((article::parse(&text)?, text))) {
            Ok((article, text)) => {
                articles.push((text.into_owned(), article));
                names.push(path);
            }
            Err(reason) => skipped.push((path, reason)),
        }
    }
    let remarks = pipeline::check_articles(&articles);
    session.page(|page| {
        for (path, reason) in &skipped {
            page.note(&format!("{path}: skipped, {reason}"))?;
        }
        for (index, name) in names.iter().enumerate() {
            let found: Vec<_> = remarks.iter().filter(|(of, _)| *of == index).map(|(_, found)| found).collect();
            text::diagnostics(page, name, &articles[index].0, &found)?;
        }
        page.note(&format!("{} articles, {} files skipped, {} remarks", articles.len(), skipped.len(), remarks.len()))
    })?;
    Ok(if remarks.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// The files to check: those named, else the workspace's, else the bundled ones.
fn texts(session: &Session, paths: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, CommandError> {
    let mut roots: Vec<PathBuf> = paths.iter().map(|path| session.here.join(path)).collect();
    let mut texts = Vec::new();
    if paths.is_empty() {
        let workspace = session.workspace()?;
        roots = workspace.kb;
        if workspace.kb_book {
            let bundled = book::articles().into_iter();
            texts.extend(bundled.map(|file| (format!("{}{}", book::PREFIX, file.path), file.text.as_bytes().to_vec())));
        }
    }
    for path in ingest::files_below(&roots) {
        let name = path.display().to_string();
        let bytes =
            std::fs::read(&path).map_err(|error| CommandError::input(format!("cannot read `{name}`: {error}")))?;
        texts.push((name, bytes));
    }
    Ok(texts)
}
