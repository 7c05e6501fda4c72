//! Writes `casebook rule explain`.

use std::io;

use super::{DIM, HEADING, NAME, Page};
use crate::matching::{MAX_EVENTS, MAX_FINDINGS, MAX_KEYS};
use crate::report::book::{how_common, how_often, how_strongly, severity_word};
use crate::report::clean::on_one_line;
use crate::report::number::thousands;
use crate::report::rule_explain::{ExplainView, ExplainedItem, required_literals, type_word};
use crate::rule::span;
use crate::rule::{
    Binding, CauseId, Matcher, Meta, Program, ResolutionId, Symptom, condition_words, time_sentences, time_statements,
};
use crate::value::duration_text;

/// Writes what an item means.
pub fn rule_explain(page: &mut Page, view: &ExplainView) -> io::Result<()> {
    let program = view.program;
    match view.item {
        ExplainedItem::Symptom(id) => {
            let symptom = program.symptom(id);
            head(page, view, "symptom", &symptom.name, &symptom.title.to_string())?;
            symptom_body(page, program, symptom)
        }
        ExplainedItem::Cause(id) => cause(page, view, id),
        ExplainedItem::Resolution(id) => resolution(page, view, id),
    }
}

fn head(page: &mut Page, view: &ExplainView, kind: &str, name: &str, title: &str) -> io::Result<()> {
    let (name, title) = (on_one_line(name), on_one_line(title));
    page.paragraph(&format!("{NAME}{name}{NAME:#}  "), &format!("{HEADING}{title}{HEADING:#}"))?;
    fact(page, "kind", &format!("{kind} of the pack {}", view.pack))?;
    match &view.place {
        Some((path, line)) => fact(page, "written in", &format!("{path}:{line}")),
        None => Ok(()),
    }
}

fn fact(page: &mut Page, name: &str, value: &str) -> io::Result<()> {
    page.paragraph(&format!("  {DIM}{name:<11}{DIM:#} "), &on_one_line(value))
}

/// Writes metadata, one line a key.
fn meta(page: &mut Page, meta: &Meta) -> io::Result<()> {
    meta.iter().try_for_each(|(key, texts)| fact(page, key, &texts.join(", ")))
}

fn cause(page: &mut Page, view: &ExplainView, id: CauseId) -> io::Result<()> {
    let (program, cause) = (view.program, view.program.cause(id));
    head(page, view, "cause", &cause.name, &cause.title.to_string())?;
    fact(page, "prior", &how_common(cause.prior))?;
    for applies in &cause.applies {
        fact(page, "applies to", &applies.to_string())?;
    }
    for (symptom, chance) in &cause.shows {
        fact(page, "shows", &format!("{}  {}", program.symptom(*symptom).name, how_often(*chance)))?;
    }
    for (symptom, factor) in &cause.against {
        fact(page, "against", &format!("{}  {}", program.symptom(*symptom).name, how_strongly(*factor)))?;
    }
    for (to, chance) in &cause.leads_to {
        fact(page, "leads to", &format!("{}  {}", program.cause(*to).name, how_often(*chance)))?;
    }
    let resolving = program.resolutions.iter().filter_map(|one| {
        let (_, chance) = one.resolves.iter().find(|(of, _)| *of == id)?;
        Some(format!("{}  {}", one.name, how_often(*chance)))
    });
    resolving.collect::<Vec<_>>().iter().try_for_each(|text| fact(page, "fixed by", text))?;
    meta(page, &cause.meta)?;
    for (symptom, _) in cause.shows.iter().chain(&cause.against) {
        let symptom = program.symptom(*symptom);
        let title = on_one_line(&symptom.title.to_string());
        page.blank()?;
        page.paragraph(&format!("{NAME}{}{NAME:#}  ", on_one_line(&symptom.name)), &title)?;
        symptom_body(page, program, symptom)?;
    }
    Ok(())
}

fn resolution(page: &mut Page, view: &ExplainView, id: ResolutionId) -> io::Result<()> {
    let (program, one) = (view.program, view.program.resolution(id));
    head(page, view, "resolution", &one.name, &one.title.to_string())?;
    for (cause, chance) in &one.resolves {
        fact(page, "resolves", &format!("{}  {}", program.cause(*cause).name, how_often(*chance)))?;
    }
    fact(page, "takes", &duration_text(one.cost))?;
    fact(page, "risk", one.risk.name())?;
    meta(page, &one.meta)
}

fn symptom_body(page: &mut Page, program: &Program, symptom: &Symptom) -> io::Result<()> {
    let on = if symptom.on.is_empty() { "any log".to_owned() } else { format!("logs of {}", symptom.on.join(" or ")) };
    let read = match (&symptom.probe, &symptom.ask, symptom.bindings.is_empty()) {
        (Some(_), _, _) => "the output of a command".to_owned(),
        (None, Some(_), true) => "an answer".to_owned(),
        (None, Some(_), false) => format!("{on}, or an answer"),
        (None, None, _) => on,
    };
    fact(page, "read from", &read)?;
    fact(page, "severity", severity_word(symptom.severity))?;
    fact(
        page,
        "leak",
        &format!("seen without its causes in 1 of {} cases", thousands((1.0 / symptom.leak).round() as u64)),
    )?;
    let keys: Vec<&str> = symptom.keys.iter().map(|key| key.name.as_str()).collect();
    let one_each = match keys.as_slice() {
        [] => "one for all records".to_owned(),
        keys => format!("one for each {}", keys.join(", ")),
    };
    fact(page, "findings", &one_each)?;
    meta(page, &symptom.meta)?;
    for binding in &symptom.bindings {
        self::binding(page, program, binding, symptom.bindings.len() > 1)?;
    }
    if let Some(filter) = &symptom.filter {
        page.line(format_args!("  where {}", on_one_line(&filter.to_string())))?;
        page.paragraph("    = ", &on_one_line(&condition_words(filter)))?;
    }
    for statement in time_statements(symptom) {
        page.line(format_args!("  {}", on_one_line(&statement)))?;
    }
    for sentence in time_sentences(symptom) {
        page.paragraph("    = ", &on_one_line(&sentence))?;
    }
    match symptom.bindings.is_empty() || symptom.probe.is_some() {
        true => Ok(()),
        false => fact(page, "state", &state(symptom)),
    }
}

fn binding(page: &mut Page, program: &Program, binding: &Binding, is_named: bool) -> io::Result<()> {
    let name = if is_named { format!("{}: ", on_one_line(&binding.name)) } else { String::new() };
    if let Some(symptom) = binding.symptom {
        return page.line(format_args!("  match {name}symptom {}", on_one_line(&program.symptom(symptom).name)));
    }
    let mut lead = format!("  match {name}");
    for matcher in &binding.alternatives {
        let Matcher::Pattern(pattern) = matcher else {
            page.line(format_args!("{lead}any"))?;
            continue;
        };
        // On one line, so that it can be copied.
        page.line(format_args!("{lead}{}", on_one_line(&pattern.written())))?;
        let required = required_literals(pattern);
        let quoted =
            |any_of: &Vec<String>| any_of.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(" or ");
        let words = match required.is_empty() {
            true => "requires no text, so it is tried on every record".to_owned(),
            false => format!("requires {}", required.iter().map(quoted).collect::<Vec<_>>().join(" and ")),
        };
        page.paragraph("      ", &format!("{DIM}{}{DIM:#}", on_one_line(&words)))?;
        let captures = pattern
            .holes()
            .iter()
            .filter_map(|hole| Some(format!("{} ({})", hole.name.as_ref()?, type_word(hole.kind))));
        let captures: Vec<String> = captures.collect();
        if !captures.is_empty() {
            page.paragraph("      ", &format!("{DIM}captures {}{DIM:#}", on_one_line(&captures.join(", "))))?;
        }
        lead = "     or ".to_owned();
    }
    if let Some(filter) = &binding.filter {
        page.line(format_args!("    where {}", on_one_line(&filter.to_string())))?;
        page.paragraph("      = ", &on_one_line(&condition_words(filter)))?;
    }
    Ok(())
}

/// What is kept while a log is read, and at most how much of it.
fn state(symptom: &Symptom) -> String {
    let Some(timing) = &symptom.time else {
        return format!("at most {} findings", thousands(MAX_FINDINGS as u64));
    };
    let most = format!("at most {} records and {} keys", thousands(MAX_EVENTS as u64), thousands(MAX_KEYS as u64));
    match timing.when.horizon().filter(|horizon| *horizon > 0) {
        Some(horizon) => {
            format!("records of the last {}, {most}", span(horizon))
        }
        None => format!("records of the present episodes, {most}"),
    }
}
