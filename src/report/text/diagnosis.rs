//! `casebook diagnose`: the verdict first, then what to do, then everything it rests on.

use std::collections::BTreeSet;
use std::io;

use super::{BAD, DIM, GOOD, HEADING, MARK, NAME, Page, near_copies};
use crate::infer::{RankedArticle, RankedCause, RankedResolution, Verdict};
use crate::matching::{Finding, LineNo, Status};
use crate::report::DiagnosisView;
use crate::report::clean::on_one_line;
use crate::report::diagnosis::{
    Headline, MAX_RECORDS, Reason, Weighed, also_lines, decibans, read_as, severity, status, verdict,
};
use crate::report::fill::{fill, plain, question};
use crate::report::number::{counted, percent};
use crate::rule::{ResolutionStep, Verify};
use crate::source::SourceId;

/// The whole report.
pub fn diagnosis(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    headline(page, view)?;
    incidents(page, view)?;
    findings(page, view)?;
    causes(page, view)?;
    resolutions(page, view)?;
    articles(page, view)?;
    next_checks(page, view)?;
    sources(page, view)?;
    if let Some(explanation) = view.why {
        super::why(page, view.program, explanation)?;
    }
    view.why_not.iter().try_for_each(|not_seen| super::why::why_not(page, view, not_seen))
}

pub(super) fn headline(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    let (headline, word) = (view.headline(), verdict(view.diagnosis));
    let style = match (&headline, view.diagnosis.verdict) {
        (Headline::Unknown(_), _) | (Headline::Sure(..), Verdict::Unknown) => BAD,
        (Headline::Sure(..), Verdict::Known) => GOOD,
        (Headline::Sure(..), Verdict::Likely) => MARK,
    };
    let text = match headline {
        Headline::Sure(title, probability) => format!("{HEADING}{title}{HEADING:#} ({probability})"),
        Headline::Unknown(sentence) => sentence,
    };
    page.paragraph(&format!("{style}{word}{style:#}{:width$}", "", width = 9 - word.len()), &text)
}

fn incidents(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    let incidents = view.incidents();
    if incidents.is_empty() {
        return Ok(());
    }
    page.heading("Several problems, in order of time")?;
    for (number, incident) in (1..).zip(&incidents) {
        page.paragraph(&format!("{number:>3}. "), &format!("{DIM}{}{DIM:#}", incident.when))?;
        incident.explained_by.iter().try_for_each(|line| page.paragraph("     ", line))?;
        if let Some(follows) = &incident.follows {
            page.paragraph("     ", &format!("{MARK}{follows}{MARK:#}"))?;
        }
    }
    Ok(())
}

fn findings(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    let findings = &view.diagnosis.findings;
    if findings.is_empty() {
        return Ok(());
    }
    page.heading("Seen")?;
    view.top(findings).iter().try_for_each(|one| finding(page, view, one))?;
    more(page, view, findings.len(), "finding", "findings")
}

fn finding(page: &mut Page, view: DiagnosisView, finding: &Finding) -> io::Result<()> {
    let mark = if finding.status == Status::Answered(false) { "○" } else { "●" };
    let severity = match finding.status {
        Status::Confirmed => severity(view.program.symptom(finding.symptom).severity),
        Status::Answered(_) => None,
    };
    let severity = severity.map(|severity| format!("  {severity}")).unwrap_or_default();
    let (title, how) = (view.finding_title(finding), status(finding));
    page.paragraph(&format!("  {mark} "), &format!("{title}  {DIM}{how}{severity}{DIM:#}"))?;
    for (index, evidence) in finding.evidence.iter().take(MAX_RECORDS).enumerate() {
        let lead = format!("      {DIM}{}{DIM:#}  ", view.place((evidence.source, evidence.line)));
        // Further records say the same in other places: their beginning is enough.
        if index == 0 { page.record(&lead, &evidence.text)? } else { page.cut_record(&lead, &evidence.text)? }
    }
    match also_lines(finding) {
        Some(lines) => page.paragraph("      ", &format!("{DIM}{lines}{DIM:#}")),
        None => Ok(()),
    }
}

fn causes(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    if view.diagnosis.causes.is_empty() {
        return Ok(());
    }
    page.heading("Causes")?;
    let (backed, bare) = view.causes();
    for ranked in backed {
        cause(page, view, ranked)?;
    }
    page.line(format_args!("{:>6}  none of these", percent(view.diagnosis.none_of_these)))?;
    if let Some(names) = view.bare_causes(&bare) {
        page.paragraph("        ", &format!("{DIM}{names}{DIM:#}"))?;
    }
    more(page, view, view.diagnosis.causes.len(), "cause", "causes")?;
    for cause in view.left_out() {
        page.paragraph("        ", &format!("{DIM}{cause}{DIM:#}"))?;
    }
    Ok(())
}

fn cause(page: &mut Page, view: DiagnosisView, ranked: &RankedCause) -> io::Result<()> {
    let (title, name) = (view.cause_title(ranked), &view.cause(ranked).name);
    let lead = format!("{:>6}  ", percent(ranked.probability));
    page.paragraph(&lead, &format!("{HEADING}{title}{HEADING:#}  {NAME}{name}{NAME:#}"))?;
    for link in view.links(ranked) {
        page.paragraph("        ", &format!("{MARK}{link}{MARK:#}"))?;
    }
    for because in view.weighed(ranked) {
        page.paragraph("        ", &format!("{DIM}{}{DIM:#}", in_words(view, &because)))?;
    }
    Ok(())
}

fn in_words(view: DiagnosisView, because: &Weighed) -> String {
    let place = because.place().map(|place| format!(", {}", view.place(place))).unwrap_or_default();
    let weight = because.decibans.map(|weight| format!(", {}", decibans(weight))).unwrap_or_default();
    format!("{}: {} ({}{place}{weight})", because.lean(), because.name, because.state)
}

fn resolutions(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    let resolutions = &view.diagnosis.resolutions;
    if resolutions.is_empty() {
        return Ok(());
    }
    page.heading("What to do, in this order")?;
    for (rank, ranked) in (1..).zip(view.top(resolutions)) {
        resolution(page, view, rank, ranked)?;
    }
    more(page, view, resolutions.len(), "resolution", "resolutions")
}

fn resolution(page: &mut Page, view: DiagnosisView, rank: usize, ranked: &RankedResolution) -> io::Result<()> {
    let resolution = view.resolution(ranked);
    let title = plain(&resolution.title, &ranked.captures, None);
    page.paragraph(
        &format!("{rank:>3}. "),
        &format!("{HEADING}{title}{HEADING:#}  {NAME}{}{NAME:#}", resolution.name),
    )?;
    page.paragraph("     ", &format!("{DIM}{}{DIM:#}", view.resolution_facts(ranked)))?;
    for need in &resolution.needs {
        page.paragraph("     needs: ", &on_one_line(need))?;
    }
    for (number, one) in (1..).zip(&resolution.steps) {
        step(page, &format!("     {number}. "), one, ranked)?;
    }
    match &resolution.verify {
        Some(Verify::Check(check)) => step(page, "     verify: ", check, ranked)?,
        Some(Verify::Silence(symptom, time)) => {
            page.paragraph("     verify: ", &view.silence(*symptom, *time, ranked))?
        }
        None => {}
    }
    match &resolution.undo {
        Some(undo) => page.paragraph("     undo: ", &plain(undo, &ranked.captures, None)),
        None => Ok(()),
    }
}

fn step(page: &mut Page, lead: &str, step: &ResolutionStep, ranked: &RankedResolution) -> io::Result<()> {
    page.paragraph(lead, &plain(&step.text, &ranked.captures, None))?;
    match &step.run {
        // A command stays on one line, so that it can be copied.
        Some(run) => {
            page.line(format_args!("        {NAME}$ {}{NAME:#}", on_one_line(&fill(run, &ranked.captures, None))))
        }
        None => Ok(()),
    }
}

fn articles(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    if view.diagnosis.articles.is_empty() {
        return Ok(());
    }
    page.heading("Articles")?;
    let shown = view.articles();
    let mut quoted = BTreeSet::new();
    for (rank, article) in (1..).zip(&shown) {
        let facts = if article.known { percent(article.confidence) } else { "not in this KB".to_owned() };
        page.paragraph(
            &format!("{rank:>3}. {NAME}{}{NAME:#}  ", on_one_line(&article.id)),
            &format!("{} {DIM}({facts}){DIM:#}", on_one_line(&article.title)),
        )?;
        reasons(page, view, article, &mut quoted)?;
        near_copies(page, "     ", &article.near_copies)?;
    }
    match view.diagnosis.articles.len() - shown.len() {
        0 => Ok(()),
        hidden => {
            let hidden = counted(hidden as u64, "article", "articles");
            page.line(format_args!("     {DIM}and {hidden} more: --format json{DIM:#}"))
        }
    }
}

/// The reasons that are worth a line. A record is quoted with the first article that rests on it; `quoted` has those that were.
/// Where it is said what the article has of the log, its beginning is enough, and later not even that.
fn reasons(
    page: &mut Page,
    view: DiagnosisView,
    article: &RankedArticle,
    quoted: &mut BTreeSet<Option<(SourceId, LineNo)>>,
) -> io::Result<()> {
    let mut is_explained = false;
    for Reason { words, weight, at, record, is_record } in view.main_reasons(article) {
        let place = at.map(|at| view.place(at));
        let Some(record) = record.filter(|_| is_record) else {
            let facts: Vec<String> = weight.into_iter().chain(place).collect();
            page.record("     ", &format!("{words} ({})", facts.join(", ")))?;
            is_explained = true;
            continue;
        };
        let found = format!("{words}: {}", place.unwrap_or_default());
        match (quoted.insert(at), is_explained) {
            (true, true) => page.cut_record("     ", &format!("{found}  {record}"))?,
            (true, false) => page.record("     ", &format!("{found}  {record}"))?,
            (false, true) => {}
            (false, false) => page.record("     ", &found)?,
        }
    }
    Ok(())
}

fn next_checks(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    if !view.has_checks() {
        return Ok(());
    }
    page.heading("Worth finding out")?;
    for check in view.top(&view.diagnosis.next_checks) {
        let (question, how) = question(view.checked(check), check);
        page.paragraph("  ? ", &on_one_line(&question))?;
        if let Some(how) = how {
            page.paragraph("    ", &format!("{NAME}{}{NAME:#}", on_one_line(&how)))?;
        }
        let (option, facts) = view.check_facts(check);
        let then = option.map(|option| format!("then {option}; ")).unwrap_or_default();
        page.paragraph("    ", &format!("{DIM}{then}{facts}{DIM:#}"))?;
    }
    for check in &view.diagnosis.version_checks {
        page.paragraph(
            "  ? ",
            &format!("Which version of {0} runs?  {DIM}then --product {0}=VERSION{DIM:#}", on_one_line(&check.product)),
        )?;
    }
    Ok(())
}

fn sources(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    page.heading("Read")?;
    for source in &view.diagnosis.sources {
        page.paragraph("  ", &format!("{}: {}", on_one_line(&source.name), read_as(source)))?;
    }
    view.remarks().iter().try_for_each(|remark| page.paragraph("  ", &format!("{DIM}{remark}{DIM:#}")))
}

fn more(page: &mut Page, view: DiagnosisView, len: usize, one: &str, many: &str) -> io::Result<()> {
    match view.more(len, one, many) {
        Some(more) => page.line(format_args!("     {DIM}{more}: --limit{DIM:#}")),
        None => Ok(()),
    }
}
