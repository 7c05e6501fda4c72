//! `casebook diagnose --format markdown`: a diagnosis as it stands well in a ticket.

use std::io::{self, Write};

use super::escape::{block, code, escaped, fenced, prose};
use crate::infer::{RankedArticle, RankedCause, RankedResolution};
use crate::matching::{Evidence, Finding, NotSeen, Status};
use crate::report::DiagnosisView;
use crate::report::clean::on_one_line;
use crate::report::diagnosis::{
    Headline, MAX_RECORDS, Reason, also_lines, decibans, near_copies, read_as, severity, status, verdict,
};
use crate::report::fill::{fill, plain, question};
use crate::report::number::{counted, percent};
use crate::report::why::{Item, items};
use crate::report::why_not as missing;
use crate::rule::{ResolutionStep, Template, Verify};

/// Characters of a log line that are quoted as the reason for an article.
const MAX_QUOTE: usize = 200;

/// The whole report: the verdict as a heading, a section for each list.
pub fn diagnosis(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    headline(out, view)?;
    incidents(out, view)?;
    findings(out, view)?;
    causes(out, view)?;
    resolutions(out, view)?;
    articles(out, view)?;
    next_checks(out, view)?;
    sources(out, view)?;
    why(out, view)?;
    view.why_not.iter().try_for_each(|not_seen| why_not(out, view, not_seen))
}

fn headline(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    let word = verdict(view.diagnosis);
    match view.headline() {
        Headline::Sure(title, probability) => writeln!(out, "## {word}: {} ({probability})", escaped(&title)),
        Headline::Unknown(sentence) => writeln!(out, "## {word}: {}", escaped(&sentence)),
    }
}

fn heading(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n### {text}\n")
}

fn incidents(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    let incidents = view.incidents();
    if incidents.is_empty() {
        return Ok(());
    }
    heading(out, "Several problems, in order of time")?;
    for (number, incident) in (1..).zip(&incidents) {
        writeln!(out, "{number}. {}", escaped(&incident.when))?;
        let indent = format!("{number}. ").len();
        for line in incident.explained_by.iter().chain(&incident.follows) {
            writeln!(out, "{:indent$}- {}", "", escaped(line))?;
        }
    }
    Ok(())
}

fn findings(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    let findings = &view.diagnosis.findings;
    if findings.is_empty() {
        return Ok(());
    }
    heading(out, "Seen")?;
    view.top(findings).iter().try_for_each(|one| finding(out, view, one))?;
    more(out, view.more(findings.len(), "finding", "findings"))
}

fn finding(out: &mut dyn Write, view: DiagnosisView, finding: &Finding) -> io::Result<()> {
    let severity = match finding.status {
        Status::Confirmed => severity(view.program.symptom(finding.symptom).severity),
        Status::Answered(_) => None,
    };
    let severity = severity.map(|severity| format!(", {severity}")).unwrap_or_default();
    writeln!(out, "- **{}** {}{severity}", prose(&view.finding_title(finding)), status(finding))?;
    let shown: Vec<String> = finding.evidence.iter().take(MAX_RECORDS).map(|evidence| record(view, evidence)).collect();
    if !shown.is_empty() {
        write!(out, "\n{}", fenced(&shown.concat(), "text", 2))?;
    }
    match also_lines(finding) {
        Some(lines) => writeln!(out, "\n  {lines}\n"),
        None if shown.is_empty() => Ok(()),
        None => writeln!(out),
    }
}

/// A record after its place, its further lines below.
fn record(view: DiagnosisView, evidence: &Evidence) -> String {
    let mut lines = evidence.text.lines().map(str::trim_end);
    let first = lines.next().unwrap_or_default();
    let rest: String = lines.map(|line| format!("    {line}\n")).collect();
    format!("{}  {first}\n{rest}", view.place((evidence.source, evidence.line)))
}

fn causes(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    if view.diagnosis.causes.is_empty() {
        return Ok(());
    }
    heading(out, "Causes")?;
    let (backed, bare) = view.causes();
    for ranked in backed {
        cause(out, view, ranked)?;
    }
    writeln!(out, "- **{}** none of these", percent_of(view.diagnosis.none_of_these))?;
    if let Some(names) = view.bare_causes(&bare) {
        writeln!(out, "- {}", prose(&names))?;
    }
    view.left_out().try_for_each(|cause| writeln!(out, "- {}", prose(&cause)))?;
    more(out, view.more(view.diagnosis.causes.len(), "cause", "causes"))
}

fn cause(out: &mut dyn Write, view: DiagnosisView, ranked: &RankedCause) -> io::Result<()> {
    let (title, name) = (view.cause_title(ranked), &view.cause(ranked).name);
    writeln!(out, "- **{}** {} ({})", percent_of(ranked.probability), escaped(&title), code(name))?;
    view.links(ranked).iter().try_for_each(|link| writeln!(out, "  - {}", prose(link)))?;
    for because in view.weighed(ranked) {
        let place = because.place().map(|place| code(&view.place(place)));
        let facts = [Some(because.state.to_owned()), place, because.decibans.map(decibans)];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        writeln!(out, "  - {}: {} ({})", because.lean(), code(because.name), facts.join(", "))?;
    }
    Ok(())
}

fn resolutions(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    let resolutions = &view.diagnosis.resolutions;
    if resolutions.is_empty() {
        return Ok(());
    }
    heading(out, "What to do, in this order")?;
    for (rank, ranked) in (1..).zip(view.top(resolutions)) {
        resolution(out, view, rank, ranked)?;
    }
    more(out, view.more(resolutions.len(), "resolution", "resolutions"))
}

fn resolution(out: &mut dyn Write, view: DiagnosisView, rank: usize, ranked: &RankedResolution) -> io::Result<()> {
    let resolution = view.resolution(ranked);
    let title = prose(&plain(&resolution.title, &ranked.captures, None));
    writeln!(out, "{rank}. **{title}** ({}): {}\n", code(&resolution.name), prose(&view.resolution_facts(ranked)))?;
    // What belongs to an item is indented as far as its text.
    let indent = format!("{rank}. ").len();
    for need in &resolution.needs {
        writeln!(out, "{:indent$}Needs: {}\n", "", escaped(need))?;
    }
    for (number, one) in (1..).zip(&resolution.steps) {
        step(out, indent, &format!("{number}. "), one, ranked)?;
    }
    if !resolution.steps.is_empty() {
        writeln!(out)?;
    }
    match &resolution.verify {
        Some(Verify::Check(check)) => {
            step(out, indent, "Verify: ", check, ranked)?;
            writeln!(out)?;
        }
        Some(Verify::Silence(symptom, time)) => {
            let silence = view.silence(*symptom, *time, ranked);
            writeln!(out, "{:indent$}Verify: {}\n", "", escaped(&silence))?;
        }
        None => {}
    }
    match &resolution.undo {
        Some(undo) => writeln!(out, "{:indent$}Undo: {}\n", "", escaped(&plain(undo, &ranked.captures, None))),
        None => Ok(()),
    }
}

/// What to do after `lead`, and the command for it in a block of its own.
fn step(
    out: &mut dyn Write,
    indent: usize,
    lead: &str,
    step: &ResolutionStep,
    ranked: &RankedResolution,
) -> io::Result<()> {
    writeln!(out, "{:indent$}{lead}{}", "", prose(&plain(&step.text, &ranked.captures, None)))?;
    let Some(run) = &step.run else { return Ok(()) };
    let is_item = lead.starts_with(|c: char| c.is_ascii_digit());
    let indent = indent + if is_item { lead.len() } else { 0 };
    write!(out, "\n{}", fenced(&on_one_line(&fill(run, &ranked.captures, None)), "sh", indent))
}

fn articles(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    if view.diagnosis.articles.is_empty() {
        return Ok(());
    }
    heading(out, "Articles")?;
    let shown = view.articles();
    for (rank, ranked) in (1..).zip(&shown) {
        article(out, view, rank, ranked)?;
    }
    let hidden = view.diagnosis.articles.len() - shown.len();
    more(out, (hidden > 0).then(|| format!("and {} more", counted(hidden as u64, "article", "articles"))))
}

fn article(out: &mut dyn Write, view: DiagnosisView, rank: usize, article: &RankedArticle) -> io::Result<()> {
    let indent = format!("{rank}. ").len();
    let missing = if article.known { "" } else { ", not in this KB" };
    writeln!(
        out,
        "{rank}. {} {} (confidence {}{missing})",
        code(&article.id),
        escaped(article.title.trim()),
        percent_of(article.confidence)
    )?;
    for one in view.main_reasons(article) {
        writeln!(out, "{:indent$}- {}", "", reason(view, one))?;
    }
    match near_copies(&article.near_copies) {
        Some(copies) => writeln!(out, "{:indent$}- {}", "", prose(&copies)),
        None => Ok(()),
    }
}

fn reason(view: DiagnosisView, reason: Reason) -> String {
    let Reason { words, weight, at, record, is_record } = reason;
    let place = at.map(|at| code(&view.place(at)));
    if let Some(record) = record.filter(|_| is_record) {
        let start: String = on_one_line(record).chars().take(MAX_QUOTE).collect();
        return format!("{}, {}: {}", prose(&words), place.unwrap_or_default(), code(&start));
    }
    let facts: Vec<String> = weight.into_iter().map(|weight| prose(&weight)).chain(place).collect();
    format!("{} ({})", prose(&words), facts.join(", "))
}

fn next_checks(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    if !view.has_checks() {
        return Ok(());
    }
    heading(out, "Worth finding out")?;
    for check in view.top(&view.diagnosis.next_checks) {
        let (question, how) = question(view.checked(check), check);
        let how = how.map(|how| format!(": {}", code(&how))).unwrap_or_default();
        writeln!(out, "- {}{how}", prose(&question))?;
        let (option, facts) = view.check_facts(check);
        let then = option.map(|option| format!("then {}; ", code(&option))).unwrap_or_default();
        writeln!(out, "  - {then}{}", escaped(&facts))?;
    }
    for check in &view.diagnosis.version_checks {
        let then = code(&format!("--product {}=VERSION", check.product));
        writeln!(out, "- Which version of {} runs? Then {then}", escaped(&check.product))?;
    }
    Ok(())
}

fn sources(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    heading(out, "Read")?;
    for source in &view.diagnosis.sources {
        writeln!(out, "- {}: {}", code(&source.name), escaped(&read_as(source)))?;
    }
    view.remarks().iter().try_for_each(|remark| writeln!(out, "- {}", prose(remark)))
}

fn why(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    let Some(why) = view.why else { return Ok(()) };
    let cause = view.program.cause(why.cause);
    account(out, &format!("Why {}", code(&cause.name)), &cause.title, &items(view.program, why))
}

fn why_not(out: &mut dyn Write, view: DiagnosisView, not_seen: &NotSeen) -> io::Result<()> {
    let symptom = view.program.symptom(not_seen.symptom);
    account(out, &format!("Why not {}", code(&symptom.name)), &symptom.title, &missing::items(view, not_seen))
}

fn account(out: &mut dyn Write, name: &str, title: &Template, items: &[Item]) -> io::Result<()> {
    heading(out, name)?;
    writeln!(out, "{}\n", prose(&plain(title, &Default::default(), None)))?;
    for item in items {
        writeln!(out, "- {}", marked(item.mark, &item.text))?;
        item.below.iter().try_for_each(|(mark, text)| writeln!(out, "  - {}", marked(mark, text)))?;
    }
    Ok(())
}

fn marked(mark: &str, text: &str) -> String {
    block(&format!("{mark} {}", escaped(text)))
}

/// A list that was cut says so in a paragraph of its own.
fn more(out: &mut dyn Write, more: Option<String>) -> io::Result<()> {
    match more {
        Some(more) => writeln!(out, "\n{more}"),
        None => Ok(()),
    }
}

/// As prose: `<1 %` and `>99 %` hold characters of HTML.
fn percent_of(probability: f64) -> String {
    escaped(&percent(probability))
}
