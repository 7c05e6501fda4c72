//! `casebook status`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use crate::cli::args::Output;
use crate::cli::{Outcome, Session};
use crate::report::{json, text};
use crate::store::{Fate, Store};

pub(in crate::cli) fn run(session: &Session, args: &Output) -> Outcome {
    let workspace = session.workspace()?;
    let store = Store::open(&workspace.store)?;
    let mut layouts: BTreeMap<&str, u64> = BTreeMap::new();
    for entry in store.manifest()?.iter() {
        let name = match entry.fate {
            Fate::Article { name, .. } => name.layout.name(),
            Fate::Duplicate { .. } => "with an article that another file gave",
            Fate::Skipped { .. } => "without an article",
            Fate::Container { .. } => continue,
        };
        *layouts.entry(name).or_default() += 1;
    }
    let head = store.head();
    session.answer(
        args,
        |page| text::status(page, store.path(), head, &layouts),
        || json::status(store.path(), head, &layouts),
    )?;
    Ok(ExitCode::SUCCESS)
}
