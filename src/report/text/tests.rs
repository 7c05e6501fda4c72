//! Writes `casebook rule test`.

use std::io;

use super::{BAD, DIM, GOOD, Page, counted};
use crate::pipeline::TestOutcome;
use crate::report::clean::on_one_line;

/// Writes one line for each test, its failures, and the totals at the end.
///
/// `left_out` are tests that did not run because of a mistake in the rules, each with its place.
pub fn tests(page: &mut Page, outcomes: &[TestOutcome], left_out: &[(String, String)]) -> io::Result<()> {
    for outcome in outcomes {
        let (mark, style) = if outcome.failures.is_empty() { ("ok", GOOD) } else { ("FAILED", BAD) };
        page.paragraph(
            &format!("{style}{mark:<6}{style:#} "),
            &format!("{}  {DIM}{}{DIM:#}", on_one_line(&outcome.title), on_one_line(&outcome.place)),
        )?;
        for failure in &outcome.failures {
            page.paragraph("         ", &format!("line {}: {}", failure.line, on_one_line(&failure.text)))?;
            for note in &failure.notes {
                page.paragraph("           ", &on_one_line(note))?;
            }
        }
    }
    for (title, place) in left_out {
        let place = format!("{}  {DIM}{}{DIM:#}", on_one_line(title), on_one_line(place));
        page.paragraph(&format!("{BAD}left out{BAD:#} "), &place)?;
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count() as u64;
    let passed = outcomes.len() as u64 - failed;
    let left_out = match left_out.len() {
        0 => String::new(),
        n => format!(", {n} left out because of mistakes"),
    };
    page.line(format_args!("{} passed, {failed} failed{left_out}", counted(passed, "test", "tests")))
}
