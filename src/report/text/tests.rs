//! Writes `casebook rule test`.

use std::io;

use super::{BAD, DIM, GOOD, Page, counted};
use crate::pipeline::TestOutcome;
use crate::report::clean::on_one_line;

/// Writes one line for each test, its failures, and the totals at the end.
pub fn tests(page: &mut Page, outcomes: &[TestOutcome]) -> io::Result<()> {
    for outcome in outcomes {
        let (mark, style) = if outcome.failures.is_empty() { ("ok", GOOD) } else { ("FAILED", BAD) };
        page.paragraph(
            &format!("{style}{mark:<6}{style:#} "),
            &format!("{}  {DIM}{}{DIM:#}", on_one_line(&outcome.title), on_one_line(&outcome.place)),
        )?;
        for failure in &outcome.failures {
            page.paragraph("         ", &format!("line {}: {}", failure.line, on_one_line(&failure.text)))?;
        }
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count() as u64;
    let passed = outcomes.len() as u64 - failed;
    page.line(format_args!("{} passed, {failed} failed", counted(passed, "test", "tests")))
}
