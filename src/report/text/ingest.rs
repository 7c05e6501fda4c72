//! `casebook ingest` and `casebook status`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::{DIM, GOOD, HEADING, Page, counted, thousands};
use crate::ingest::IngestReport;
use crate::report::clean::on_one_line;
use crate::store::Head;

/// Skipped files shown by path; the rest is summed up by reason.
const MAX_SKIPPED: usize = 20;

/// What an ingest did, what it left out and why.
pub fn ingest(page: &mut Page, report: &IngestReport, seconds: f64) -> io::Result<()> {
    let articles = counted(report.articles, "article", "articles");
    let files = counted(report.files, "file", "files");
    page.line(format_args!("{GOOD}{articles}{GOOD:#} held, from {files} in {seconds:.1} s"))?;
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
            "  {} with an article that another file gave",
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
        page.paragraph("  remarks about articles: ", &codes.join(", "))?;
    }
    skipped(page, report)
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

/// What the store holds.
pub fn status(page: &mut Page, store: &Path, head: &Head, layouts: &BTreeMap<&str, u64>) -> io::Result<()> {
    page.line(format_args!("{HEADING}{}{HEADING:#}", on_one_line(&store.display().to_string())))?;
    page.line(format_args!(
        "  {} from {}",
        counted(head.articles, "article", "articles"),
        counted(head.files, "file", "files")
    ))?;
    for (layout, count) in layouts {
        page.line(format_args!("  {:>8} {layout}", thousands(*count)))?;
    }
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
