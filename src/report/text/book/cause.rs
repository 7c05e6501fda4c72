//! Writes `casebook book show`: one cause as an article.

use std::io;

use crate::catalog::{CausePage, RivalCause};
use crate::report::book::{how_common, how_often, how_strongly, patterns, severity_word};
use crate::report::clean::on_one_line;
use crate::report::diagnosis::as_written;
use crate::report::number::counted;
use crate::report::text::{DIM, HEADING, NAME, Page};
use crate::rule::{
    CauseId, Program, Resolution, ResolutionStep, ShellCommand, Symptom, SymptomId, Template, Verify, time_statements,
};
use crate::value::duration_text;

/// At most this many rivals are shown; there may be dozens that share one symptom.
const MAX_RIVALS: usize = 5;

/// At most this many symptoms tell a rival apart.
const MAX_TELLING: usize = 4;

/// Writes the cause with everything that rules say about it.
pub fn book_cause(page: &mut Page, shown: &CausePage) -> io::Result<()> {
    let CausePage { program, cause, .. } = shown;
    let title = line(&cause.title);
    page.paragraph(&format!("{NAME}{}{NAME:#}  ", on_one_line(&cause.name)), &format!("{HEADING}{title}{HEADING:#}"))?;
    if let Some(pack) = shown.pack {
        let title = pack.title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
        fact(page, "pack", &format!("{}{title}", pack.name))?;
        fact(page, "file", &pack.path)?;
    }
    fact(page, "how common", &how_common(cause.prior))?;
    let applies: Vec<String> = cause.applies.iter().map(ToString::to_string).collect();
    fact(page, "applies to", &applies.join(" · "))?;
    cause.meta.iter().try_for_each(|(key, texts)| fact(page, key, &texts.join(", ")))?;
    section(page, "What shows it", &cause.shows, |page, &(id, chance)| {
        symptom(page, program, program.symptom(id), &how_often(chance))
    })?;
    section(page, "What speaks against it", &cause.against, |page, &(id, factor)| {
        symptom(page, program, program.symptom(id), &how_strongly(factor))
    })?;
    section(page, "What it leads to", &cause.leads_to, |page, &link| linked(page, program, link))?;
    section(page, "What it comes from", &shown.led_to_by, |page, &link| linked(page, program, link))?;
    rivals(page, shown)?;
    section(page, "What to ask and run", &shown.checks, |page, &id| check(page, program.symptom(id)))?;
    let numbered: Vec<_> = (1..).zip(&shown.resolutions).collect();
    section(page, "What to do, in this order", &numbered, |page, &(number, &(one, chance))| {
        resolution(page, program, number, one, chance)
    })?;
    section(page, "Articles", &shown.articles, |page, (id, title)| {
        let title = title.as_deref().map_or_else(|| format!("{DIM}not in this KB{DIM:#}"), on_one_line);
        page.paragraph(&format!("  {NAME}{}{NAME:#}  ", on_one_line(id)), &title)
    })
}

/// Writes a heading and an entry for each item; nothing without items.
fn section<T>(
    page: &mut Page,
    heading: &str,
    items: &[T],
    write: impl Fn(&mut Page, &T) -> io::Result<()>,
) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    page.heading(heading)?;
    items.iter().try_for_each(|item| write(page, item))
}

fn fact(page: &mut Page, name: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    page.paragraph(&format!("  {DIM}{name:<10}{DIM:#} "), &on_one_line(value))
}

fn line(template: &Template) -> String {
    on_one_line(&template.to_string())
}

/// Writes a symptom, how often the cause shows it, and how it is recognised.
fn symptom(page: &mut Page, program: &Program, symptom: &Symptom, how_often: &str) -> io::Result<()> {
    let Symptom { title, name, on, severity, probe, ask, bindings, filter, .. } = symptom;
    page.paragraph("  ● ", &format!("{}  {NAME}{}{NAME:#}", line(title), on_one_line(name)))?;
    let place = match (probe, ask, bindings.is_empty()) {
        (Some(_), _, _) => "in the output of a command".to_owned(),
        (None, Some(_), true) => "asked".to_owned(),
        (None, _, _) if on.is_empty() => "in any log".to_owned(),
        (None, _, _) => format!("in logs of {}", on_one_line(&on.join(" or "))),
    };
    let timed = if symptom.time.is_some() { ", with a condition on time" } else { "" };
    let facts = format!("{how_often}, {} severity, {place}{timed}", severity_word(*severity));
    page.paragraph("      ", &format!("{DIM}{facts}{DIM:#}"))?;
    for binding in bindings {
        let name = if bindings.len() > 1 { format!("{}: ", on_one_line(&binding.name)) } else { String::new() };
        let mut lead = format!("      {name}");
        for pattern in patterns(program, binding) {
            // On one line, so that it can be copied.
            page.line(format_args!("{lead}{}", on_one_line(&pattern)))?;
            lead = format!("      {:>width$}or ", "", width = name.len());
        }
        if let Some(condition) = &binding.filter {
            page.line(format_args!("        where {}", on_one_line(&condition.to_string())))?;
        }
    }
    if let Some(condition) = filter {
        page.line(format_args!("      where {}", on_one_line(&condition.to_string())))?;
    }
    let statements = time_statements(symptom);
    statements.iter().try_for_each(|statement| page.line(format_args!("      {}", on_one_line(statement))))
}

fn linked(page: &mut Page, program: &Program, (id, chance): (CauseId, f64)) -> io::Result<()> {
    let cause = program.cause(id);
    let text = format!("{}  {DIM}{}{DIM:#}", line(&cause.title), how_often(chance));
    page.paragraph(&format!("  {NAME}{}{NAME:#}  ", on_one_line(&cause.name)), &text)
}

fn rivals(page: &mut Page, shown: &CausePage) -> io::Result<()> {
    let first = &shown.rivals[..shown.rivals.len().min(MAX_RIVALS)];
    section(page, "What else it may be", first, |page, one| rival(page, shown, one))?;
    match shown.rivals.len() - first.len() {
        0 => Ok(()),
        more => {
            let more = counted(more as u64, "more cause shares", "more causes share");
            page.paragraph("  ", &format!("{DIM}{more} a symptom with it; --format json lists all{DIM:#}"))
        }
    }
}

/// Writes another cause, the symptoms that both show, and those that tell them apart.
fn rival(page: &mut Page, shown: &CausePage, rival: &RivalCause) -> io::Result<()> {
    let program = shown.program;
    let other = program.cause(rival.cause);
    page.paragraph(&format!("  {NAME}{}{NAME:#}  ", on_one_line(&other.name)), &line(&other.title))?;
    let telling = [
        ("both show".to_owned(), &rival.shared),
        (format!("for {}", on_one_line(&shown.cause.name)), &rival.for_cause),
        (format!("for {}", on_one_line(&other.name)), &rival.for_rival),
    ];
    for (label, symptoms) in telling {
        if !symptoms.is_empty() {
            page.paragraph(&format!("    {DIM}{label}:{DIM:#} "), &titles(program, symptoms))?;
        }
    }
    Ok(())
}

/// The titles of symptoms, each with its name if it can be asked or probed, so that the reader finds it among the checks.
fn titles(program: &Program, ids: &[SymptomId]) -> String {
    let title = |id: &SymptomId| {
        let symptom = program.symptom(*id);
        let means = match (&symptom.probe, &symptom.ask) {
            (Some(_), _) => " (command)",
            (None, Some(_)) => " (question)",
            (None, None) => "",
        };
        format!("{}{means}", line(&symptom.title))
    };
    let mut titles: Vec<String> = ids.iter().take(MAX_TELLING).map(title).collect();
    if ids.len() > MAX_TELLING {
        titles.push(format!("{} more", ids.len() - MAX_TELLING));
    }
    titles.join("; ")
}

/// Writes how to find out whether a symptom is present.
fn check(page: &mut Page, symptom: &Symptom) -> io::Result<()> {
    let name = on_one_line(&symptom.name);
    let questions = [
        symptom.probe.as_ref().map(|probe| (&probe.question, probe.run.as_ref(), format!("--probe {name}=FILE"))),
        symptom.ask.as_ref().map(|ask| (ask, None, format!("--answer {name}=yes|no"))),
    ];
    for (question, run, option) in questions.into_iter().flatten() {
        page.paragraph("  ? ", &line(question))?;
        command(page, "    ", run)?;
        if let Some(how) = &symptom.how {
            page.paragraph("    ", &line(how))?;
        }
        let facts = format!("takes {}; then {option}", duration_text(symptom.cost));
        page.paragraph("    ", &format!("{DIM}{facts}{DIM:#}"))?;
    }
    Ok(())
}

fn command(page: &mut Page, indent: &str, command: Option<&ShellCommand>) -> io::Result<()> {
    command.map_or(Ok(()), |command| page.command(indent, &as_written(command)))
}

fn resolution(
    page: &mut Page,
    program: &Program,
    number: usize,
    resolution: &Resolution,
    chance: f64,
) -> io::Result<()> {
    let title = line(&resolution.title);
    let name = on_one_line(&resolution.name);
    page.paragraph(&format!("{number:>3}. "), &format!("{HEADING}{title}{HEADING:#}  {NAME}{name}{NAME:#}"))?;
    let (helps, cost, risk) = (how_often(chance), duration_text(resolution.cost), resolution.risk.name());
    let undo = if resolution.irreversible { ", cannot be undone" } else { "" };
    page.paragraph("     ", &format!("{DIM}helps {helps}, takes {cost}, {risk} risk{undo}{DIM:#}"))?;
    for need in &resolution.needs {
        page.paragraph("     needs: ", &line(need))?;
    }
    for (number, one) in (1..).zip(&resolution.steps) {
        step(page, &format!("     {number}. "), one)?;
    }
    match &resolution.verify {
        Some(Verify::Check(check)) => step(page, "     verify: ", check)?,
        Some(Verify::Silence(symptom, time)) => {
            let title = line(&program.symptom(*symptom).title);
            let silent = format!("for {} the log no longer shows: {title}", duration_text(*time));
            page.paragraph("     verify: ", &silent)?;
        }
        None => {}
    }
    resolution.undo.as_ref().map_or(Ok(()), |undo| page.paragraph("     undo: ", &line(undo)))
}

fn step(page: &mut Page, lead: &str, step: &ResolutionStep) -> io::Result<()> {
    page.paragraph(lead, &line(&step.text))?;
    command(page, "        ", step.run.as_ref())
}
