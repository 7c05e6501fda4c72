//! Writes what `casebook diagnose -i` prints: a question, the effect of an answer, and the result at the end.

use std::io;
use std::path::Path;

use super::{DIM, HEADING, MARK, NAME, Page};
use crate::infer::{AnyCheck, CheckMeans, Diagnosis, Proposed, RankedCause};
use crate::report::DiagnosisView;
use crate::report::clean::on_one_line;
use crate::report::diagnosis::checks::about;
use crate::report::diagnosis::{How, plain, question, verdict_word};
use crate::report::number::percent;
use crate::rule::{CauseId, Program};

/// The changes of at most this many of the first causes are shown.
const MAX_CHANGES: usize = 3;

/// Writes a check as a question, with the answers that it accepts.
pub fn check(page: &mut Page, view: DiagnosisView, check: AnyCheck) -> io::Result<()> {
    let lead = format!("{MARK}?{MARK:#} ");
    page.blank()?;
    let check = match check {
        AnyCheck::Symptom(check) => check,
        AnyCheck::Version(check) => {
            let product = on_one_line(&check.product);
            page.paragraph(&lead, &format!("{HEADING}Which version of {product} is installed?{HEADING:#}"))?;
            return page
                .paragraph("  ", &format!("{DIM}saves {} on average; a version, or ?{DIM:#}", about(check.value)));
        }
    };
    let (text, how) = question(view.program.symptom(check.symptom), check);
    page.paragraph(&lead, &format!("{HEADING}{text}{HEADING:#}"))?;
    match how {
        Some(How::Command(run)) => page.command("  ", &run)?,
        Some(How::Words(how)) => page.paragraph("  ", &on_one_line(&how))?,
        None => {}
    }
    let answers = match check.means {
        CheckMeans::Ask => "y, n or ?",
        CheckMeans::Probe => "paste the output, then a line with only a dot; or y, n or ?",
        CheckMeans::Source => "the path of that log; or y, n or ?",
    };
    page.paragraph("  ", &format!("{DIM}{}; {answers}{DIM:#}", view.check_facts(check)))
}

/// Writes how the verdict, the first causes and the first resolution changed.
pub fn changes(page: &mut Page, program: &Program, before: &Diagnosis, after: &Diagnosis) -> io::Result<()> {
    let mut lines = Vec::new();
    let [old, new] = [before, after].map(|diagnosis| verdict_word(diagnosis.verdict));
    if old != new {
        lines.push(format!("{old} → {HEADING}{new}{HEADING:#}"));
    }
    for cause in causes_to_show(before, after) {
        let [old, new] = [before, after].map(|diagnosis| probability(diagnosis, cause));
        if old != new {
            let rule = program.cause(cause);
            let captures = ranked(after, cause).map_or_else(Default::default, |ranked| ranked.captures.clone());
            let title = plain(&rule.title, &captures, None);
            lines.push(format!("{old:>5} → {new:>5}  {title}  {NAME}{}{NAME:#}", rule.name));
        }
    }
    let [old, new] = [before, after].map(first_resolution);
    if old != new {
        let name = |first: Option<&Proposed>| {
            first.map_or("nothing".to_owned(), |first| on_one_line(&first.as_rule(program).name))
        };
        lines.push(format!("do first: {HEADING}{}{HEADING:#} (before: {})", name(new), name(old)));
    }
    if lines.is_empty() {
        lines.push("this changes nothing".to_owned());
    }
    lines.iter().try_for_each(|line| page.paragraph("  ", line))
}

/// The first causes after the answer, then those that were among the first before it but no longer are.
fn causes_to_show(before: &Diagnosis, after: &Diagnosis) -> Vec<CauseId> {
    let first =
        |diagnosis: &Diagnosis| diagnosis.causes.iter().take(MAX_CHANGES).map(|top| top.cause).collect::<Vec<_>>();
    let mut shown = first(after);
    let left: Vec<CauseId> = first(before).into_iter().filter(|cause| !shown.contains(cause)).collect();
    shown.extend(left);
    shown
}

fn ranked(diagnosis: &Diagnosis, cause: CauseId) -> Option<&RankedCause> {
    diagnosis.causes.iter().find(|ranked| ranked.cause == cause)
}

fn probability(diagnosis: &Diagnosis, cause: CauseId) -> String {
    ranked(diagnosis, cause).map_or_else(|| "–".to_owned(), |ranked| percent(ranked.probability))
}

fn first_resolution(diagnosis: &Diagnosis) -> Option<&Proposed> {
    diagnosis.resolutions.first().map(|first| &first.resolution)
}

/// Writes the headline, what to do first and, if the case is saved at `path`, how to close it.
pub fn ended(page: &mut Page, view: DiagnosisView, path: Option<&Path>) -> io::Result<()> {
    page.blank()?;
    super::document::headline(page, &view.headline())?;
    let first = view.diagnosis.resolutions.first();
    if let Some(first) = first {
        let resolution = first.resolution.as_rule(view.program);
        let title = plain(&resolution.title, &first.captures, None);
        page.paragraph(
            "do first: ",
            &format!("{HEADING}{title}{HEADING:#}  {NAME}{}{NAME:#}", on_one_line(&resolution.name)),
        )?;
    }
    let Some(path) = path else { return Ok(()) };
    let path = on_one_line(&path.display().to_string());
    // A case is closed with the name of a resolution in the rules. A resolution proposed by an article has none.
    let name = match first.map(|first| &first.resolution) {
        Some(Proposed::Rule(id)) => &view.program.resolution(*id).name,
        Some(Proposed::Article(_)) | None => "RESOLUTION",
    };
    page.paragraph(
        "",
        &format!(
            "saved in {path}; once the problem is fixed: {NAME}casebook case close {path} --fixed-by {name}{NAME:#}"
        ),
    )
}
