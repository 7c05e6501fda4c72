//! The page as a whole, and its short sections. [`parts`](super::parts) has causes, resolutions and articles.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::escape::text;
use super::lines::Lines;
use super::parts;
use crate::infer::Verdict;
use crate::matching::{Finding, Status};
use crate::report::DiagnosisView;
use crate::report::clean::on_one_line;
use crate::report::diagnosis::{Headline, read_as, read_in_all, severity, status, verdict};
use crate::report::fill::{plain, question};
use crate::report::why::{Item, items};
use crate::report::why_not as missing;
use crate::rule::Template;

/// The looks of the page, for both schemes of colours and for paper.
const STYLE: &str = include_str!("style.css");

/// What a reader may want to know of the numbers.
const LEGEND: &str = "Probabilities are those of the rules, given what was seen. Weights of evidence are in decibans \
                      (dB): each ten multiply the odds by ten, negative ones divide them.";

/// The whole page.
pub fn diagnosis(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    let mut page = String::new();
    write_page(&mut page, view).expect("a String takes everything");
    out.write_all(page.as_bytes())
}

fn write_page(out: &mut String, view: DiagnosisView) -> fmt::Result {
    let lines = Lines::of(view);
    head(out, view)?;
    writeln!(out, "<body>\n<main>")?;
    headline(out, view)?;
    incidents(out, view)?;
    findings(out, view, &lines)?;
    parts::causes(out, view, &lines)?;
    parts::resolutions(out, view)?;
    parts::articles(out, view, &lines)?;
    next_checks(out, view)?;
    if !lines.is_empty() {
        section(out, "lines", "Log lines", |out| lines.write(out, view))?;
    }
    sources(out, view)?;
    why(out, view)?;
    why_not(out, view)?;
    writeln!(out, "</main>\n<footer><p>Made by casebook. {LEGEND}</p></footer>\n</body>\n</html>")
}

/// A section with its heading.
pub(super) fn section(
    out: &mut String,
    id: &str,
    heading: &str,
    content: impl FnOnce(&mut String) -> fmt::Result,
) -> fmt::Result {
    writeln!(out, "<section id=\"{id}\" aria-labelledby=\"{id}-heading\">\n<h2 id=\"{id}-heading\">{heading}</h2>")?;
    content(out)?;
    writeln!(out, "</section>")
}

/// A paragraph that says how much of a list is not shown.
pub(super) fn more(out: &mut String, more: Option<String>) -> fmt::Result {
    match more {
        Some(more) => writeln!(out, "<p class=\"quiet\">{}</p>", text(&more)),
        None => Ok(()),
    }
}

fn head(out: &mut String, view: DiagnosisView) -> fmt::Result {
    let what = match view.headline() {
        Headline::Sure(title, _) => title,
        Headline::Unknown(sentence) => sentence,
    };
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}: {}</title>\n<style>\n{STYLE}</style>\n</head>\n",
        verdict(view.diagnosis),
        text(&what)
    )
}

fn headline(out: &mut String, view: DiagnosisView) -> fmt::Result {
    let (word, headline) = (verdict(view.diagnosis), view.headline());
    let class = match (&headline, view.diagnosis.verdict) {
        (Headline::Unknown(_), _) | (Headline::Sure(..), Verdict::Unknown) => "unknown",
        (Headline::Sure(..), Verdict::Known) => "known",
        (Headline::Sure(..), Verdict::Likely) => "likely",
    };
    write!(out, "<header class=\"{class}\">\n<p class=\"verdict\">{word}</p>\n<h1>")?;
    match headline {
        Headline::Sure(title, probability) => {
            writeln!(out, "{} <span class=\"chance\">{}</span></h1>", text(&title), text(&probability))?;
        }
        Headline::Unknown(sentence) => writeln!(out, "{}</h1>", text(&sentence))?,
    }
    writeln!(out, "<p class=\"quiet\">{}</p>", text(&read_in_all(view.diagnosis)))?;
    writeln!(out, "</header>")
}

fn incidents(out: &mut String, view: DiagnosisView) -> fmt::Result {
    let incidents = view.incidents();
    if incidents.is_empty() {
        return Ok(());
    }
    section(out, "incidents", "Several problems, in order of time", |out| {
        writeln!(out, "<ol>")?;
        for incident in &incidents {
            writeln!(out, "<li><span class=\"quiet\">{}</span>\n<ul>", text(&incident.when))?;
            for line in incident.explained_by.iter().chain(&incident.follows) {
                writeln!(out, "<li>{}</li>", text(line))?;
            }
            writeln!(out, "</ul></li>")?;
        }
        writeln!(out, "</ol>")
    })
}

fn findings(out: &mut String, view: DiagnosisView, lines: &Lines) -> fmt::Result {
    let findings = &view.diagnosis.findings;
    if findings.is_empty() {
        return Ok(());
    }
    section(out, "seen", "Seen", |out| {
        writeln!(out, "<ul class=\"findings\">")?;
        for (number, one) in (1..).zip(view.top(findings)) {
            finding(out, view, lines, number, one)?;
        }
        writeln!(out, "</ul>")?;
        more(out, view.more(findings.len(), "finding", "findings"))
    })
}

fn finding(out: &mut String, view: DiagnosisView, lines: &Lines, number: usize, finding: &Finding) -> fmt::Result {
    write!(
        out,
        "<li id=\"finding-{number}\">{} <span class=\"count\">{}</span>",
        text(&view.finding_title(finding)),
        status(finding)
    )?;
    if let (Status::Confirmed, Some(severity)) =
        (finding.status, severity(view.program.symptom(finding.symptom).severity))
    {
        write!(out, " <span class=\"badge {severity}\">{severity}</span>")?;
    }
    evidence(out, view, lines, finding)?;
    writeln!(out, "</li>")
}

/// The first record that shows a finding, and links to this and the other ones.
fn evidence(out: &mut String, view: DiagnosisView, lines: &Lines, finding: &Finding) -> fmt::Result {
    let Some(first) = finding.evidence.first() else { return Ok(()) };
    write!(out, "\n<pre>")?;
    lines.record(out, (first.source, first.line))?;
    let noun = if finding.evidence.len() == 1 { "line" } else { "lines" };
    write!(out, "</pre>\n<div class=\"quiet\">{noun}")?;
    let mut before = (view.diagnosis.sources.len() == 1).then_some(first.source);
    for evidence in &finding.evidence {
        if before != Some(evidence.source) {
            write!(out, " {}:", text(&view.source(evidence.source)))?;
        }
        before = Some(evidence.source);
        out.push(' ');
        lines.link(out, (evidence.source, evidence.line))?;
    }
    let more = if finding.count > finding.evidence.len() as u64 { " …" } else { "" };
    write!(out, "{more}</div>")
}

fn next_checks(out: &mut String, view: DiagnosisView) -> fmt::Result {
    if !view.has_checks() {
        return Ok(());
    }
    section(out, "checks", "Worth finding out", |out| {
        writeln!(out, "<ul>")?;
        for check in view.top(&view.diagnosis.next_checks) {
            let (question, how) = question(view.checked(check), check);
            write!(out, "<li>{}", text(&question))?;
            if let Some(how) = how {
                write!(out, "\n<pre>{}</pre>", text(&on_one_line(&how)))?;
            }
            let (option, facts) = view.check_facts(check);
            let then = option.map(|option| format!("then <code>{}</code>; ", text(&option))).unwrap_or_default();
            writeln!(out, "\n<div class=\"quiet\">{then}{}</div></li>", text(&facts))?;
        }
        for check in &view.diagnosis.version_checks {
            let product = text(&check.product);
            writeln!(
                out,
                "<li>Which version of {product} runs?\n\
                 <div class=\"quiet\">then <code>--product {product}=VERSION</code></div></li>"
            )?;
        }
        writeln!(out, "</ul>")
    })
}

fn sources(out: &mut String, view: DiagnosisView) -> fmt::Result {
    section(out, "read", "Read", |out| {
        writeln!(out, "<ul>")?;
        for source in &view.diagnosis.sources {
            writeln!(out, "<li>{}: {}</li>", text(&source.name), text(&read_as(source)))?;
        }
        view.remarks().iter().try_for_each(|remark| writeln!(out, "<li>{}</li>", text(remark)))?;
        writeln!(out, "</ul>")
    })
}

fn why(out: &mut String, view: DiagnosisView) -> fmt::Result {
    let Some(why) = view.why else { return Ok(()) };
    let cause = view.program.cause(why.cause);
    let heading = format!("Why <code>{}</code>", text(&cause.name));
    section(out, "why", &heading, |out| account(out, &cause.title, &items(view.program, why)))
}

fn why_not(out: &mut String, view: DiagnosisView) -> fmt::Result {
    for (number, not_seen) in (1..).zip(view.why_not) {
        let symptom = view.program.symptom(not_seen.symptom);
        let heading = format!("Why not <code>{}</code>", text(&symptom.name));
        let items = missing::items(view, not_seen);
        section(out, &format!("why-not-{number}"), &heading, |out| account(out, &symptom.title, &items))?;
    }
    Ok(())
}

fn account(out: &mut String, title: &Template, items: &[Item]) -> fmt::Result {
    writeln!(out, "<p>{}</p>\n<ul>", text(&plain(title, &Default::default(), None)))?;
    for item in items {
        write!(out, "<li>{} {}", item.mark, text(&item.text))?;
        for (mark, below) in &item.below {
            write!(out, "\n<div class=\"quiet\">{mark} {}</div>", text(below))?;
        }
        writeln!(out, "</li>")?;
    }
    writeln!(out, "</ul>")
}
