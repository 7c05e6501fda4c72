//! Writes the findings of a watch as they come.

use std::io;

use super::{DIM, HEADING, MARK, Page};
use crate::report::clean::on_one_line;
use crate::report::number::{percent, thousands};
use crate::report::{ChangedFinding, WatchView};

/// Writes a finding that is new or has grown: its count, its latest record and its likely cause.
pub fn watch_finding(page: &mut Page, view: WatchView, change: &ChangedFinding) -> io::Result<()> {
    let finding = &change.finding;
    let count = match change.is_first {
        true => format!("×{}", thousands(finding.count)),
        false => format!("×{} (+{})", thousands(finding.count), thousands(change.added)),
    };
    let lead = format!("{DIM}{:.0}{DIM:#}  {MARK}●{MARK:#} ", view.at);
    page.paragraph(&lead, &format!("{HEADING}{}{HEADING:#}  {count}", view.title(finding)))?;
    if let Some(latest) = finding.evidence.last() {
        let source = &view.diagnosis.sources[latest.source.0 as usize].name;
        page.record(&format!("    {DIM}{}:{}{DIM:#}  ", on_one_line(source), latest.line), &latest.text)?;
    }
    match view.cause(finding) {
        Some(cause) => page
            .paragraph("    likely cause: ", &format!("{} ({})", view.cause_title(cause), percent(cause.probability))),
        None => Ok(()),
    }
}
