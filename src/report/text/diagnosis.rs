//! `casebook diagnose`: the verdict first, then what to do, then everything it rests on.

use std::io;

use super::{BAD, DIM, GOOD, HEADING, MARK, NAME, Page, counted, near_copies, percent, thousands};
use crate::infer::{
    ArticleReason, Because, CheckMeans, Diagnosis, Explanation, RankedArticle, RankedCause, RankedResolution,
    SymptomState, Verdict,
};
use crate::matching::{Finding, SourceSummary, Status};
use crate::report::clean::on_one_line;
use crate::report::fill::{about, fill, notes, plain, question};
use crate::rule::{Program, ResolutionStep, SymptomId, SymptomSeverity, Verify};
use crate::source::SourceId;
use crate::value::duration_text;

/// Articles shown that the search alone found, where rules name others.
const MAX_SEARCHED: usize = 3;

/// Records shown of a finding, the first one whole; the lines of the others are named.
const MAX_RECORDS: usize = 3;

/// A diagnosis and what its names mean.
#[derive(Clone, Copy)]
pub struct DiagnosisView<'a> {
    /// The rules that were used.
    pub program: &'a Program,
    /// What came out.
    pub diagnosis: &'a Diagnosis,
    /// Articles shown at most; causes and resolutions likewise.
    pub limit: usize,
    /// Where the probability of a cause comes from, if that was asked for.
    pub why: Option<&'a Explanation>,
}

/// The whole report.
pub fn diagnosis(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    view.verdict(page)?;
    view.findings(page)?;
    view.causes(page)?;
    view.resolutions(page)?;
    view.articles(page)?;
    view.next_checks(page)?;
    view.sources(page)?;
    match view.why {
        Some(explanation) => super::why(page, view.program, explanation),
        None => Ok(()),
    }
}

impl DiagnosisView<'_> {
    fn verdict(self, page: &mut Page) -> io::Result<()> {
        let top = self.diagnosis.causes.first();
        let title = top.map(|ranked| plain(&self.program.cause(ranked.cause).title, &ranked.captures, None));
        let probability = top.map(|ranked| percent(ranked.probability)).unwrap_or_default();
        match (self.diagnosis.verdict, title) {
            (Verdict::Known, Some(title)) => page.paragraph(
                &format!("{GOOD}Known{GOOD:#}    "),
                &format!("{HEADING}{title}{HEADING:#} ({probability})"),
            ),
            (Verdict::Likely, Some(title)) => page.paragraph(
                &format!("{MARK}Likely{MARK:#}   "),
                &format!("{HEADING}{title}{HEADING:#} ({probability})"),
            ),
            (Verdict::Unknown, Some(title)) => page.paragraph(
                &format!("{BAD}Unknown{BAD:#}  "),
                &format!("no cause is likely; the nearest is: {title} ({probability})"),
            ),
            (_, None) => page.paragraph(&format!("{BAD}Unknown{BAD:#}  "), &self.without_cause()),
        }
    }

    fn without_cause(self) -> String {
        let seen = self.diagnosis.findings.iter().any(|finding| finding.status != Status::Answered(false));
        let no_rule = if seen { "no rule says why what was seen happens" } else { "no rule fits these records" };
        match self.diagnosis.articles.as_slice() {
            [] => format!("{no_rule}, and no article was found"),
            _ => format!("{no_rule}; the articles below were found by searching for the most striking records"),
        }
    }

    fn findings(self, page: &mut Page) -> io::Result<()> {
        if self.diagnosis.findings.is_empty() {
            return Ok(());
        }
        page.heading("Seen")?;
        self.diagnosis.findings.iter().take(self.limit).try_for_each(|finding| self.finding(page, finding))?;
        self.more(page, self.diagnosis.findings.len(), "finding", "findings")
    }

    fn finding(self, page: &mut Page, finding: &Finding) -> io::Result<()> {
        let symptom = self.program.symptom(finding.symptom);
        let title = plain(&symptom.title, &finding.captures, Some(finding.count));
        let (mark, how) = match finding.status {
            Status::Confirmed => ("●", format!("×{}{}", thousands(finding.count), severity(symptom.severity))),
            Status::Answered(true) => ("●", "answered yes".to_owned()),
            Status::Answered(false) => ("○", "answered no".to_owned()),
        };
        page.paragraph(&format!("  {mark} "), &format!("{title}  {DIM}{how}{DIM:#}"))?;
        for (index, evidence) in finding.evidence.iter().take(MAX_RECORDS).enumerate() {
            let place = format!("{}:{}", self.source(evidence.source), evidence.line);
            let lead = format!("      {DIM}{place}{DIM:#}  ");
            // Further records say the same in other places: their beginning is enough.
            if index == 0 { page.record(&lead, &evidence.text)? } else { page.cut_record(&lead, &evidence.text)? }
        }
        let hidden = &finding.evidence[finding.evidence.len().min(MAX_RECORDS)..];
        if hidden.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = hidden.iter().map(|evidence| evidence.line.to_string()).collect();
        let more = if finding.count > finding.evidence.len() as u64 { " …" } else { "" };
        page.paragraph("      ", &format!("{DIM}also lines {}{more}{DIM:#}", lines.join(", ")))
    }

    fn causes(self, page: &mut Page) -> io::Result<()> {
        if self.diagnosis.causes.is_empty() {
            return Ok(());
        }
        page.heading("Causes")?;
        let top = self.diagnosis.causes.iter().take(self.limit);
        let (backed, bare): (Vec<_>, Vec<_>) = top.partition(|ranked| !ranked.because.is_empty());
        for ranked in backed {
            self.cause(page, ranked)?;
        }
        page.line(format_args!("{:>6}  none of these", percent(self.diagnosis.none_of_these)))?;
        if !bare.is_empty() {
            let name = |ranked: &RankedCause| {
                format!("{} {}", self.program.cause(ranked.cause).name, percent(ranked.probability))
            };
            let names = bare.into_iter().map(name).collect::<Vec<_>>().join(", ");
            page.paragraph("        ", &format!("{DIM}without evidence of their own: {names}{DIM:#}"))?;
        }
        self.more(page, self.diagnosis.causes.len(), "cause", "causes")?;
        for &cause in &self.diagnosis.not_applicable {
            let title = plain(&self.program.cause(cause).title, &Default::default(), None);
            page.paragraph("        ", &format!("{DIM}left out, other product or version: {title}{DIM:#}"))?;
        }
        Ok(())
    }

    fn cause(self, page: &mut Page, ranked: &RankedCause) -> io::Result<()> {
        let cause = self.program.cause(ranked.cause);
        let title = plain(&cause.title, &ranked.captures, None);
        let lead = format!("{:>6}  ", percent(ranked.probability));
        page.paragraph(&lead, &format!("{HEADING}{title}{HEADING:#}  {NAME}{}{NAME:#}", cause.name))?;
        for because in
            ranked.because.iter().filter(|because| because.decibans.is_none_or(|weight| weight.abs() >= 0.05))
        {
            page.paragraph("        ", &format!("{DIM}{}{DIM:#}", self.because(because)))?;
        }
        Ok(())
    }

    fn because(self, because: &Because) -> String {
        let state = state(because.state);
        let finding = self.diagnosis.findings.iter().find(|finding| finding.symptom == because.symptom);
        let place = finding.and_then(|finding| finding.evidence.first());
        let place = place.map(|evidence| format!(", {}:{}", self.source(evidence.source), evidence.line));
        let (name, place) = (&self.program.symptom(because.symptom).name, place.unwrap_or_default());
        match because.decibans {
            Some(weight) if weight > 0.0 => format!("for: {name} ({state}{place}, {weight:+.1} dB)"),
            Some(weight) => format!("against: {name} ({state}{place}, {weight:+.1} dB)"),
            None => format!("rests on: {name} ({state}{place})"),
        }
    }

    fn resolutions(self, page: &mut Page) -> io::Result<()> {
        if self.diagnosis.resolutions.is_empty() {
            return Ok(());
        }
        page.heading("What to do, in this order")?;
        for (rank, ranked) in (1..).zip(self.diagnosis.resolutions.iter().take(self.limit)) {
            self.resolution(page, rank, ranked)?;
        }
        self.more(page, self.diagnosis.resolutions.len(), "resolution", "resolutions")
    }

    fn resolution(self, page: &mut Page, rank: usize, ranked: &RankedResolution) -> io::Result<()> {
        let resolution = self.program.resolution(ranked.resolution);
        let title = plain(&resolution.title, &ranked.captures, None);
        page.paragraph(
            &format!("{rank:>3}. "),
            &format!("{HEADING}{title}{HEADING:#}  {NAME}{}{NAME:#}", resolution.name),
        )?;
        let undo = if resolution.irreversible { ", cannot be undone" } else { "" };
        let (helps, cost, risk) = (percent(ranked.p_resolves), duration_text(resolution.cost), resolution.risk.name());
        page.paragraph("     ", &format!("{DIM}helps with {helps}, takes {cost}, {risk} risk{undo}{DIM:#}"))?;
        for need in &resolution.needs {
            page.paragraph("     needs: ", &on_one_line(need))?;
        }
        for (number, step) in (1..).zip(&resolution.steps) {
            self.step(page, &format!("     {number}. "), step, ranked)?;
        }
        match &resolution.verify {
            Some(Verify::Check(check)) => self.step(page, "     verify: ", check, ranked)?,
            Some(Verify::Silence(symptom, time)) => {
                let title = plain(&self.program.symptom(*symptom).title, &ranked.captures, None);
                page.paragraph("     verify: ", &format!("for {} not seen again: {title}", duration_text(*time)))?;
            }
            None => {}
        }
        match &resolution.undo {
            Some(undo) => page.paragraph("     undo: ", &plain(undo, &ranked.captures, None)),
            None => Ok(()),
        }
    }

    fn step(self, page: &mut Page, lead: &str, step: &ResolutionStep, ranked: &RankedResolution) -> io::Result<()> {
        page.paragraph(lead, &plain(&step.text, &ranked.captures, None))?;
        match &step.run {
            // A command stays on one line, so that it can be copied.
            Some(run) => {
                page.line(format_args!("        {NAME}$ {}{NAME:#}", on_one_line(&fill(run, &ranked.captures, None))))
            }
            None => Ok(()),
        }
    }

    fn articles(self, page: &mut Page) -> io::Result<()> {
        if self.diagnosis.articles.is_empty() {
            return Ok(());
        }
        page.heading("Articles")?;
        // Beside articles that rules name, what the search found is an afterthought; alone, it is all there is.
        let has_rules = self.diagnosis.articles.iter().any(|article| !is_search_alone(article));
        let searched = if has_rules { MAX_SEARCHED } else { self.limit };
        let mut n_searched = 0;
        let shown = self.diagnosis.articles.iter().take(self.limit).filter(|article| {
            n_searched += usize::from(is_search_alone(article));
            !is_search_alone(article) || n_searched <= searched
        });
        let shown: Vec<&RankedArticle> = shown.collect();
        for (rank, article) in (1..).zip(&shown) {
            let missing = if article.known { "" } else { " (not in this KB)" };
            page.paragraph(
                &format!("{rank:>3}. {NAME}{}{NAME:#}  ", on_one_line(&article.id)),
                &format!("{}{DIM}{missing}{DIM:#}", on_one_line(&article.title)),
            )?;
            page.record("     ", &self.reason(article))?;
            near_copies(page, "     ", &article.near_copies)?;
        }
        match self.diagnosis.articles.len() - shown.len() {
            0 => Ok(()),
            hidden => {
                let hidden = counted(hidden as u64, "article", "articles");
                page.line(format_args!("     {DIM}and {hidden} more: --format json{DIM:#}"))
            }
        }
    }

    /// The strongest reason for an article.
    fn reason(self, article: &RankedArticle) -> String {
        match article.because.first() {
            Some(ArticleReason::Cause { cause, weight, at }) => {
                let place = at.map(|(source, line)| format!(", {}:{line}", self.source(source))).unwrap_or_default();
                format!("rule: cause {} ({}{place})", self.program.cause(*cause).name, percent(*weight))
            }
            Some(ArticleReason::Resolution { resolution, weight }) => {
                format!(
                    "rule: resolution {} (helps with {})",
                    self.program.resolution(*resolution).name,
                    percent(*weight)
                )
            }
            Some(ArticleReason::Search { text, at: (source, line), .. }) => {
                format!("full text only: {}:{line}  {text}", self.source(*source))
            }
            None => String::new(),
        }
    }

    fn next_checks(self, page: &mut Page) -> io::Result<()> {
        if self.diagnosis.next_checks.is_empty() && self.diagnosis.version_checks.is_empty() {
            return Ok(());
        }
        page.heading("Worth finding out")?;
        for check in self.diagnosis.next_checks.iter().take(self.limit) {
            let symptom = self.program.symptom(check.symptom);
            let (question, how) = question(symptom, check);
            page.paragraph("  ? ", &on_one_line(&question))?;
            if let Some(how) = how {
                page.paragraph("    ", &format!("{NAME}{}{NAME:#}", on_one_line(&how)))?;
            }
            let (saves, cost) = (about(check.value), duration_text(symptom.cost));
            let then = match check.means {
                CheckMeans::Ask => format!("then --answer {}=yes|no; ", symptom.name),
                CheckMeans::Probe => format!("then --probe {}=OUTPUT; ", symptom.name),
                CheckMeans::Source => String::new(),
            };
            page.paragraph("    ", &format!("{DIM}{then}takes {cost}, saves {saves} on average{DIM:#}"))?;
        }
        for check in &self.diagnosis.version_checks {
            page.paragraph(
                "  ? ",
                &format!(
                    "Which version of {0} runs?  {DIM}then --product {0}=VERSION{DIM:#}",
                    on_one_line(&check.product)
                ),
            )?;
        }
        Ok(())
    }

    fn sources(self, page: &mut Page) -> io::Result<()> {
        page.heading("Read")?;
        for source in &self.diagnosis.sources {
            page.paragraph("  ", &format!("{}: {}", on_one_line(&source.name), read_as(source)))?;
        }
        for note in notes(self.program, self.diagnosis) {
            page.paragraph("  ", &format!("{DIM}{}{DIM:#}", on_one_line(&note)))?;
        }
        let nowhere = self.looked_for_nowhere();
        if nowhere.is_empty() {
            return Ok(());
        }
        let names = nowhere.iter().map(|&id| {
            let symptom = self.program.symptom(id);
            format!("{} (on {})", symptom.name, symptom.on.join(", "))
        });
        let names = names.collect::<Vec<_>>().join(", ");
        page.paragraph("  ", &format!("{DIM}not looked for, since no source fits: {}{DIM:#}", on_one_line(&names)))
    }

    /// Symptoms whose `on` fits none of the sources.
    fn looked_for_nowhere(self) -> Vec<SymptomId> {
        let Some((first, rest)) = self.diagnosis.sources.split_first() else { return Vec::new() };
        let everywhere = |id: &&SymptomId| rest.iter().all(|source| source.not_looked_for.contains(id));
        first.not_looked_for.iter().filter(everywhere).copied().collect()
    }

    fn more(self, page: &mut Page, len: usize, one: &str, many: &str) -> io::Result<()> {
        match len.saturating_sub(self.limit) {
            0 => Ok(()),
            hidden => {
                page.line(format_args!("     {DIM}and {} more: --limit{DIM:#}", counted(hidden as u64, one, many)))
            }
        }
    }

    fn source(self, id: SourceId) -> String {
        on_one_line(&self.diagnosis.sources[id.0 as usize].name)
    }
}

pub(super) fn state(state: SymptomState) -> &'static str {
    match state {
        SymptomState::Present => "seen",
        SymptomState::Absent => "not seen",
        SymptomState::Unknown => "unknown",
    }
}

fn is_search_alone(article: &RankedArticle) -> bool {
    matches!(article.because.first(), None | Some(ArticleReason::Search { .. }))
}

fn severity(severity: SymptomSeverity) -> &'static str {
    match severity {
        SymptomSeverity::Low => "  low",
        SymptomSeverity::Medium => "",
        SymptomSeverity::High => "  high",
        SymptomSeverity::Critical => "  critical",
    }
}

fn read_as(source: &SourceSummary) -> String {
    let mut parts = vec![counted(source.records, "record", "records"), source.format.to_owned()];
    if let (Some(first), Some(last)) = (source.first, source.last) {
        parts.push(format!("{first:.0} to {last:.0}"));
    }
    if source.cut > 0 {
        parts.push(format!("{} too long and cut", counted(source.cut, "record", "records")));
    }
    parts.join(", ")
}
