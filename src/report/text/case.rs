//! Writes `casebook case show` and `casebook case list`.

use std::io;

use super::{DIM, HEADING, NAME, Page};
use crate::case::{Case, Closed, Given, SavedDiagnosis, SavedFinding};
use crate::report::clean::on_one_line;
use crate::report::diagnosis::verdict_word;
use crate::report::json::case::answer_word;
use crate::report::number::{counted, percent, thousands};

/// Writes one case, without the output of probes.
pub fn case(page: &mut Page, id: &str, case: &Case) -> io::Result<()> {
    page.paragraph("", &format!("{NAME}{}{NAME:#}  opened {:.0}, {}", on_one_line(id), case.opened, state(case)))?;
    given(page, &case.given)?;
    if let Some(found) = &case.found {
        result(page, found)?;
    }
    if !case.notes.is_empty() {
        page.heading("Notes")?;
        for note in &case.notes {
            page.paragraph("  ", &format!("{DIM}{:.0}{DIM:#}  {}", note.at, on_one_line(&note.text)))?;
        }
    }
    match case.closed.as_ref().and_then(|closed| closed.note.as_ref()) {
        Some(note) => page.paragraph("  closed: ", &on_one_line(note)),
        None => Ok(()),
    }
}

/// Writes one line for each case.
pub fn cases(page: &mut Page, cases: &[(String, Case)]) -> io::Result<()> {
    for (id, case) in cases {
        let found = case.found.as_ref().map_or_else(|| "not diagnosed".to_owned(), in_short);
        let lead = format!("{NAME}{}{NAME:#}  ", on_one_line(id));
        page.paragraph(&lead, &format!("{DIM}{:.0}{DIM:#}  {found}; {}", case.opened, state(case)))?;
    }
    page.note(&counted(cases.len() as u64, "case", "cases"))
}

/// The verdict, with the cause or the article that it is about.
fn in_short(found: &SavedDiagnosis) -> String {
    let verdict = verdict_word(found.verdict);
    match &found.subject {
        Some(subject) => format!("{verdict}: {} ({})", on_one_line(&subject.id), percent(subject.confidence)),
        None => verdict.to_owned(),
    }
}

fn state(case: &Case) -> String {
    let Some(Closed { at, fixed_by, cause, .. }) = &case.closed else { return "open".to_owned() };
    let how =
        fixed_by.as_ref().map_or_else(|| "unresolved".to_owned(), |name| format!("fixed by {}", on_one_line(name)));
    let cause = cause.as_ref().map(|name| format!(", cause {}", on_one_line(name))).unwrap_or_default();
    format!("closed {at:.0}, {how}{cause}")
}

fn given(page: &mut Page, given: &Given) -> io::Result<()> {
    page.heading("Input")?;
    for log in &given.logs {
        let source = log.source.as_ref().map(|name| format!("{}: ", on_one_line(name))).unwrap_or_default();
        page.paragraph("  ", &format!("log {source}{}", on_one_line(&log.path.display().to_string())))?;
    }
    if let Some(format) = &given.log_format {
        page.paragraph("  ", &format!("log format {}", on_one_line(format)))?;
    }
    if let Some(zone) = &given.zone {
        page.paragraph("  ", &format!("zone {}", on_one_line(zone)))?;
    }
    for (word, time) in [("since", given.since), ("until", given.until)] {
        time.map_or(Ok(()), |time| page.line(format_args!("  {word} {time:.0}")))?;
    }
    for (symptom, answer) in &given.answers {
        page.paragraph("  ", &format!("{}: {}", on_one_line(symptom), answer_word(*answer)))?;
    }
    for probe in &given.probes {
        let lines = counted(probe.output.lines().count() as u64, "line", "lines");
        page.paragraph("  ", &format!("{}: output of its probe, {lines}", on_one_line(&probe.symptom)))?;
    }
    for (product, version) in &given.products {
        page.paragraph("  ", &format!("{} {}", on_one_line(product), on_one_line(version)))?;
    }
    given.tried.iter().try_for_each(|name| page.paragraph("  ", &format!("tried: {}", on_one_line(name))))
}

fn result(page: &mut Page, found: &SavedDiagnosis) -> io::Result<()> {
    page.heading("Result")?;
    let (verdict, by) = (verdict_word(found.verdict), on_one_line(&found.casebook));
    page.paragraph("  ", &format!("{HEADING}{verdict}{HEADING:#}  {DIM}{:.0}, casebook {by}{DIM:#}", found.at))?;
    for finding in &found.findings {
        page.paragraph("  ● ", &seen(finding))?;
    }
    for symptom in &found.not_seen {
        page.paragraph("  ○ ", &on_one_line(symptom))?;
    }
    for cause in &found.causes {
        let lead = format!("{:>6}  ", percent(cause.probability));
        page.paragraph(&lead, &on_one_line(&cause.cause))?;
    }
    for article in &found.articles {
        let lead = format!("{:>6}  {NAME}{}{NAME:#}  ", percent(article.confidence), on_one_line(&article.id));
        page.paragraph(&lead, &on_one_line(&article.title))?;
    }
    Ok(())
}

fn seen(finding: &SavedFinding) -> String {
    let mut text = format!("{} ×{}", on_one_line(&finding.symptom), thousands(finding.count));
    for (name, value) in &finding.captures {
        text.push_str(&format!(", {} {}", on_one_line(name), on_one_line(value)));
    }
    if let (Some(first), Some(last)) = (finding.first, finding.last) {
        text.push_str(&format!(", {first:.0} to {last:.0}"));
    }
    if finding.kept {
        text.push_str(", kept from an earlier diagnosis");
    }
    text
}
