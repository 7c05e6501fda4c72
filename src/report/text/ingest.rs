//! Writes `casebook ingest` and `casebook status`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::{DIM, GOOD, HEADING, Page, counted, thousands};
use crate::ingest::{IngestReport, Namesake};
use crate::pipeline::Overview;
use crate::report::clean::on_one_line;
use crate::store::References;

/// At most this many skipped files are shown by path; the rest is summed up by reason.
const MAX_SKIPPED: usize = 20;

/// Writes how many articles and files an ingest found, and which files were skipped.
pub fn ingest(page: &mut Page, report: &IngestReport, references: &References, seconds: f64) -> io::Result<()> {
    let articles = counted(report.articles, "article", "articles");
    let files = counted(report.files, "file", "files");
    page.line(format_args!("{GOOD}{articles}{GOOD:#} from {files} in {seconds:.1} s"))?;
    page.line(format_args!(
        "  files: {} added, {} changed, {} removed, {} renamed, {} unchanged",
        thousands(report.added),
        thousands(report.changed),
        thousands(report.removed),
        thousands(report.renamed),
        thousands(report.unchanged)
    ))?;
    if report.duplicates > 0 {
        page.line(format_args!(
            "  {} with an article that another file contains, too",
            counted(report.duplicates, "file", "files")
        ))?;
    }
    let layouts: Vec<String> =
        report.layouts.iter().map(|(layout, count)| format!("{} {layout}", thousands(*count))).collect();
    if !layouts.is_empty() {
        page.paragraph("  layouts: ", &layouts.join(", "))?;
    }
    let codes: Vec<String> =
        report.diagnostics.iter().map(|(code, count)| format!("{code} ×{}", thousands(*count))).collect();
    if !codes.is_empty() {
        page.paragraph("  diagnostics: ", &codes.join(", "))?;
    }
    if references.dead > 0 {
        page.line(format_args!(
            "  references: {}, {} of them to articles that are not in this KB",
            thousands(references.total),
            thousands(references.dead)
        ))?;
    }
    namesakes(page, &report.namesakes)?;
    skipped(page, report)
}

/// At most this many articles with the id of another are shown; the rest is only counted.
const MAX_NAMESAKES: usize = 5;

fn namesakes(page: &mut Page, namesakes: &[Namesake]) -> io::Result<()> {
    for Namesake { path, asked, id } in namesakes.iter().take(MAX_NAMESAKES) {
        page.paragraph("  ", &on_one_line(&format!("{path}: another article is `{asked}`, so this one is `{id}`")))?;
    }
    match namesakes.len().saturating_sub(MAX_NAMESAKES) {
        0 => Ok(()),
        rest => page.line(format_args!(
            "  and {} with a longer id because another article has the one they ask for",
            counted(rest as u64, "more article", "more articles")
        )),
    }
}

fn skipped(page: &mut Page, report: &IngestReport) -> io::Result<()> {
    if report.skipped.is_empty() {
        return Ok(());
    }
    page.heading(&format!("Skipped: {}", thousands(report.skipped.len() as u64)))?;
    for (path, reason) in report.skipped.iter().take(MAX_SKIPPED) {
        page.paragraph("  ", &on_one_line(&format!("{path}: {reason}")))?;
    }
    let mut rest: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, reason) in report.skipped.iter().skip(MAX_SKIPPED) {
        *rest.entry(reason).or_default() += 1;
    }
    for (reason, count) in rest {
        page.line(format_args!("  and {} more: {}", thousands(count), on_one_line(reason)))?;
    }
    Ok(())
}

/// At most this many missing articles are named; the rest is only counted.
const MAX_MISSING: usize = 5;

/// Writes what the store contains.
pub fn status(page: &mut Page, store: &Path, overview: &Overview) -> io::Result<()> {
    let head = &overview.head;
    page.line(format_args!("{HEADING}{}{HEADING:#}", on_one_line(&store.display().to_string())))?;
    page.line(format_args!(
        "  {} from {}",
        counted(head.articles, "article", "articles"),
        counted(head.files, "file", "files")
    ))?;
    for (layout, count) in &overview.layouts {
        page.line(format_args!("  {:>8} {layout}", thousands(*count)))?;
    }
    for (name, count) in &overview.collections {
        page.line(format_args!("  {:>8} in collection {}", thousands(*count), on_one_line(name)))?;
    }
    references(page, &overview.references)?;
    for root in &head.roots {
        page.line(format_args!("  {DIM}from{DIM:#} {} ({})", on_one_line(&root.path), on_one_line(&root.collection)))?;
    }
    if head.book.is_some() {
        page.line(format_args!("  {DIM}from{DIM:#} the bundled book"))?;
    }
    match jiff::Timestamp::from_millisecond(head.started_ms) {
        Ok(time) if head.files > 0 => page.line(format_args!("  {DIM}as of{DIM:#} {time:.0}")),
        _ => page.line("  nothing was ingested yet: `casebook ingest PATH`"),
    }
}

/// Writes how many references there are between articles, and which lead to articles that the store does not contain.
fn references(page: &mut Page, references: &References) -> io::Result<()> {
    if references.total == 0 {
        return Ok(());
    }
    let total = counted(references.total, "reference", "references");
    if references.dead == 0 {
        return page.line(format_args!("  {total} between articles, none of them dead"));
    }
    let most: Vec<String> =
        references.missing.iter().take(MAX_MISSING).map(|(id, by)| format!("{id} ({by})")).collect();
    page.paragraph(
        "  ",
        &format!(
            "{total} between articles, {} of them dead: {} not in this KB, most often {}",
            thousands(references.dead),
            counted(references.missing.len() as u64, "article", "articles"),
            on_one_line(&most.join(", "))
        ),
    )
}
