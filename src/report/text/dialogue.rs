//! What `casebook diagnose -i` says: a question, what an answer changed, how things stand at the end.

use std::io;
use std::path::Path;

use super::{DIM, HEADING, MARK, NAME, Page};
use crate::infer::{AnyCheck, CheckMeans, Diagnosis, Proposed, RankedCause};
use crate::report::DiagnosisView;
use crate::report::clean::on_one_line;
use crate::report::diagnosis::verdict;
use crate::report::fill::{about, plain, question};
use crate::report::number::percent;
use crate::rule::{CauseId, Program};

/// Causes whose change is told.
const MAX_CHANGES: usize = 3;

/// A check as a question, with what is taken for an answer.
pub fn check(page: &mut Page, view: DiagnosisView, check: AnyCheck) -> io::Result<()> {
    let lead = format!("{MARK}?{MARK:#} ");
    page.blank()?;
    let check = match check {
        AnyCheck::Symptom(check) => check,
        AnyCheck::Version(check) => {
            let product = on_one_line(&check.product);
            page.paragraph(&lead, &format!("{HEADING}Which version of {product} runs?{HEADING:#}"))?;
            return page
                .paragraph("  ", &format!("{DIM}saves {} on average; a version, or ?{DIM:#}", about(check.value)));
        }
    };
    let (text, how) = question(view.checked(check), check);
    page.paragraph(&lead, &format!("{HEADING}{text}{HEADING:#}"))?;
    match (how, check.means) {
        // A command stays on one line, so that it can be copied.
        (Some(run), CheckMeans::Probe) => page.line(format_args!("  {NAME}$ {}{NAME:#}", on_one_line(&run)))?,
        (Some(how), CheckMeans::Ask | CheckMeans::Source) => page.paragraph("  ", &on_one_line(&how))?,
        (None, _) => {}
    }
    let taken = match check.means {
        CheckMeans::Ask => "y, n or ?",
        CheckMeans::Probe => "paste what it prints, then a line with only a dot; or y, n or ?",
        CheckMeans::Source => "the path of that log; or y, n or ?",
    };
    let (_, facts) = view.check_facts(check);
    page.paragraph("  ", &format!("{DIM}{facts}; {taken}{DIM:#}"))
}

/// What became of the verdict, the first causes and the first resolution; that nothing did, where nothing did.
pub fn changes(page: &mut Page, program: &Program, before: &Diagnosis, after: &Diagnosis) -> io::Result<()> {
    let mut lines = Vec::new();
    let (old, new) = (verdict(before), verdict(after));
    if old != new {
        lines.push(format!("{old} → {HEADING}{new}{HEADING:#}"));
    }
    for cause in causes_to_tell(before, after) {
        let [old, new] = [before, after].map(|diagnosis| probability(diagnosis, cause));
        if old != new {
            let rule = program.cause(cause);
            let title = of(after, cause).map_or_else(Default::default, |ranked| ranked.captures.clone());
            let title = plain(&rule.title, &title, None);
            lines.push(format!("{old:>5} → {new:>5}  {title}  {NAME}{}{NAME:#}", rule.name));
        }
    }
    let [old, new] = [before, after].map(first_resolution);
    if old != new {
        let name = |first: Option<&Proposed>| {
            first.map_or("nothing".to_owned(), |first| on_one_line(&first.as_rule(program).name))
        };
        lines.push(format!("first to do: {HEADING}{}{HEADING:#} (was {})", name(new), name(old)));
    }
    if lines.is_empty() {
        lines.push("that changes nothing".to_owned());
    }
    lines.iter().try_for_each(|line| page.paragraph("  ", line))
}

/// The first causes of now, and those that were first before.
fn causes_to_tell(before: &Diagnosis, after: &Diagnosis) -> Vec<CauseId> {
    let first =
        |diagnosis: &Diagnosis| diagnosis.causes.iter().take(MAX_CHANGES).map(|top| top.cause).collect::<Vec<_>>();
    let mut told = first(after);
    let left: Vec<CauseId> = first(before).into_iter().filter(|cause| !told.contains(cause)).collect();
    told.extend(left);
    told
}

fn of(diagnosis: &Diagnosis, cause: CauseId) -> Option<&RankedCause> {
    diagnosis.causes.iter().find(|ranked| ranked.cause == cause)
}

fn probability(diagnosis: &Diagnosis, cause: CauseId) -> String {
    of(diagnosis, cause).map_or_else(|| "–".to_owned(), |ranked| percent(ranked.probability))
}

fn first_resolution(diagnosis: &Diagnosis) -> Option<&Proposed> {
    diagnosis.resolutions.first().map(|first| &first.resolution)
}

/// The headline, what to do first, and how to close the case kept at `path`.
pub fn ended(page: &mut Page, view: DiagnosisView, path: Option<&Path>) -> io::Result<()> {
    page.blank()?;
    super::diagnosis::headline(page, view)?;
    let first = view.diagnosis.resolutions.first();
    if let Some(first) = first {
        let resolution = view.resolution(first);
        let title = plain(&resolution.title, &first.captures, None);
        page.paragraph(
            "do first: ",
            &format!("{HEADING}{title}{HEADING:#}  {NAME}{}{NAME:#}", on_one_line(&resolution.name)),
        )?;
    }
    let Some(path) = path else { return Ok(()) };
    let path = on_one_line(&path.display().to_string());
    // What an article says to do is no resolution of a rule, by which alone cases are closed.
    let name = match first.map(|first| &first.resolution) {
        Some(Proposed::Rule(id)) => &view.program.resolution(*id).name,
        Some(Proposed::Article(_)) | None => "RESOLUTION",
    };
    page.paragraph(
        "",
        &format!("kept in {path}; once it is mended: {NAME}casebook case close {path} --fixed-by {name}{NAME:#}"),
    )
}
