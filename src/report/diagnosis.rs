//! What the forms of a diagnosis that people read have in common: which items are shown, and the words for them.
//!
//! Everything returned is text without markup, on one line and safe to print; a form adds its own marks and escapes.

use super::clean::on_one_line;
use super::fill::{about, notes, plain};
use super::number::{counted, percent, thousands};
use crate::identifier::IdentifierKind;
use crate::infer::{
    ArticleReason, CheckMeans, Diagnosis, Explanation, NextCheck, RankedArticle, RankedCause, RankedResolution,
    SymptomState, Verdict,
};
use crate::matching::{Evidence, Finding, LineNo, NotSeen, SourceSummary, Status};
use crate::rule::{Cause, Program, Resolution, Symptom, SymptomId, SymptomSeverity};
use crate::source::SourceId;
use crate::value::duration_text;

/// Articles shown that the search alone found, where rules name others.
const MAX_SEARCHED: usize = 3;

/// Records shown of a finding; the lines of the others are named.
pub(super) const MAX_RECORDS: usize = 3;

/// Near-copies named below the article that stands for them; there may be hundreds.
const MAX_COPIES: usize = 10;

/// Decibans below which a piece of evidence is not worth a line: they are shown as 0.0.
const MIN_DECIBANS: f64 = 0.05;

/// A diagnosis and what its names mean.
#[derive(Clone, Copy)]
pub struct DiagnosisView<'a> {
    /// The rules that were used.
    pub program: &'a Program,
    /// What came out.
    pub diagnosis: &'a Diagnosis,
    /// Entries of each list, at most.
    pub limit: usize,
    /// Where the probability of a cause comes from, if that was asked for.
    pub why: Option<&'a Explanation>,
    /// Why symptoms were not seen, of those for which that was asked.
    pub why_not: &'a [NotSeen],
}

/// The verdict in words.
pub(super) enum Headline {
    /// A cause stands out, or where none does an article: its title and probability.
    Sure(String, String),
    /// None does. A sentence.
    Unknown(String),
}

/// One symptom for or against a cause.
pub(super) struct Weighed<'a> {
    pub(super) symptom: SymptomId,
    pub(super) name: &'a str,
    pub(super) state: &'static str,
    /// The first record that shows it.
    pub(super) at: Option<&'a Evidence>,
    /// As in [`Because`](crate::infer::Because).
    pub(super) decibans: Option<f64>,
}

/// Why an article is listed.
pub(super) struct Reason<'a> {
    /// The channel, and what of it: `rule: cause dns_misconfigured`.
    pub(super) words: String,
    /// How much that counts for.
    pub(super) weight: Option<String>,
    /// The line that it rests on.
    pub(super) at: Option<(SourceId, LineNo)>,
    /// What that line says, where it led to the article; not yet safe to print.
    pub(super) record: Option<&'a str>,
    /// Whether the record is the reason, which is to be quoted, and not what the article has of it.
    pub(super) is_record: bool,
}

impl<'a> DiagnosisView<'a> {
    pub(super) fn headline(self) -> Headline {
        let top = self.diagnosis.causes.first().map(|top| (self.cause_title(top), percent(top.probability)));
        match (self.diagnosis.verdict, top) {
            (Verdict::Known | Verdict::Likely, _) if !self.diagnosis.rests_on_cause() => self.best_article(),
            (Verdict::Known | Verdict::Likely, Some((title, probability))) => Headline::Sure(title, probability),
            (Verdict::Unknown, Some((title, probability))) => {
                Headline::Unknown(format!("no cause is likely; the nearest is: {title} ({probability})"))
            }
            (Verdict::Known | Verdict::Likely | Verdict::Unknown, None) => Headline::Unknown(self.without_cause()),
        }
    }

    fn best_article(self) -> Headline {
        match self.diagnosis.articles.first() {
            Some(RankedArticle { id, title, confidence, .. }) => {
                Headline::Sure(format!("{} {}", on_one_line(id), on_one_line(title)), percent(*confidence))
            }
            None => Headline::Unknown(self.without_cause()),
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

    /// The first items of a list, as many as were asked for.
    pub(super) fn top<T>(self, items: &'a [T]) -> &'a [T] {
        &items[..items.len().min(self.limit)]
    }

    /// What [`top`](Self::top) leaves out, in words.
    pub(super) fn more(self, len: usize, one: &str, many: &str) -> Option<String> {
        let hidden = len.saturating_sub(self.limit);
        (hidden > 0).then(|| format!("and {} more", counted(hidden as u64, one, many)))
    }

    pub(super) fn source(self, id: SourceId) -> String {
        on_one_line(&self.diagnosis.sources[id.0 as usize].name)
    }

    pub(super) fn place(self, (source, line): (SourceId, LineNo)) -> String {
        format!("{}:{line}", self.source(source))
    }

    pub(super) fn finding_title(self, finding: &Finding) -> String {
        plain(&self.program.symptom(finding.symptom).title, &finding.captures, Some(finding.count))
    }

    /// The title of a symptom: as its first finding fills it, or with the names of its captures.
    pub(super) fn symptom_title(self, id: SymptomId) -> String {
        match self.diagnosis.findings.iter().find(|finding| finding.symptom == id) {
            Some(finding) => self.finding_title(finding),
            None => plain(&self.program.symptom(id).title, &Default::default(), None),
        }
    }

    /// Causes with evidence of their own or something that follows from them, and the others, which are but named.
    pub(super) fn causes(self) -> (Vec<&'a RankedCause>, Vec<&'a RankedCause>) {
        let has_reasons = |ranked: &&RankedCause| !ranked.because.is_empty() || !self.links(ranked).is_empty();
        self.top(&self.diagnosis.causes).iter().partition(has_reasons)
    }

    pub(super) fn cause(self, ranked: &RankedCause) -> &'a Cause {
        self.program.cause(ranked.cause)
    }

    pub(super) fn cause_title(self, ranked: &RankedCause) -> String {
        plain(&self.cause(ranked).title, &ranked.captures, None)
    }

    /// Names and probabilities of causes that have no evidence of their own.
    pub(super) fn bare_causes(self, bare: &[&RankedCause]) -> Option<String> {
        let name = |ranked: &&RankedCause| format!("{} {}", self.cause(ranked).name, percent(ranked.probability));
        let names = bare.iter().map(name).collect::<Vec<_>>().join(", ");
        (!bare.is_empty()).then(|| format!("without evidence of their own: {names}"))
    }

    /// What the cause follows from, and what follows from it, a line each.
    pub(super) fn links(self, ranked: &RankedCause) -> Vec<String> {
        let causes = &self.diagnosis.causes;
        let name = |cause: &RankedCause| format!("{} ({})", self.cause(cause).name, percent(cause.probability));
        let names = |causes: Vec<&RankedCause>| causes.into_iter().map(name).collect::<Vec<_>>().join(", ");
        let roots: Vec<&RankedCause> = causes.iter().filter(|cause| ranked.follows.contains(&cause.cause)).collect();
        let consequences: Vec<&RankedCause> =
            causes.iter().filter(|cause| cause.follows.contains(&ranked.cause)).collect();
        let by_itself = percent(ranked.by_itself);
        let from = (!roots.is_empty()).then(|| format!("follows from: {}; by itself {by_itself}", names(roots)));
        let to = (!consequences.is_empty()).then(|| format!("leads to: {}", names(consequences)));
        from.into_iter().chain(to).collect()
    }

    /// A line for each cause that was left out.
    pub(super) fn left_out(self) -> impl Iterator<Item = String> {
        self.diagnosis.not_applicable.iter().map(move |&cause| {
            let title = plain(&self.program.cause(cause).title, &Default::default(), None);
            format!("left out, other product or version: {title}")
        })
    }

    /// The evidence for and against a cause, but for what weighs next to nothing.
    pub(super) fn weighed(self, ranked: &'a RankedCause) -> impl Iterator<Item = Weighed<'a>> {
        let worth_a_line = |decibans: Option<f64>| decibans.is_none_or(|weight| weight.abs() >= MIN_DECIBANS);
        ranked.because.iter().filter(move |because| worth_a_line(because.decibans)).map(move |because| {
            let finding = self.diagnosis.findings.iter().find(|finding| finding.symptom == because.symptom);
            Weighed {
                symptom: because.symptom,
                name: &self.program.symptom(because.symptom).name,
                state: state(because.state),
                at: finding.and_then(|finding| finding.evidence.first()),
                decibans: because.decibans,
            }
        })
    }

    pub(super) fn resolution(self, ranked: &'a RankedResolution) -> &'a Resolution {
        ranked.resolution.as_rule(self.program)
    }

    /// What a resolution promises, takes and risks.
    pub(super) fn resolution_facts(self, ranked: &RankedResolution) -> String {
        let resolution = self.resolution(ranked);
        let undo = if resolution.irreversible { ", cannot be undone" } else { "" };
        let (helps, cost, risk) = (percent(ranked.p_resolves), duration_text(resolution.cost), resolution.risk.name());
        let then = match ranked.follow_up > ranked.p_resolves {
            true => format!(" by itself, with {} once what led to it is mended", percent(ranked.follow_up)),
            false => String::new(),
        };
        format!("helps with {helps}{then}, takes {cost}, {risk} risk{undo}")
    }

    /// How silence shows that a resolution worked.
    pub(super) fn silence(self, symptom: SymptomId, time: std::time::Duration, ranked: &RankedResolution) -> String {
        let title = plain(&self.program.symptom(symptom).title, &ranked.captures, None);
        format!("for {} not seen again: {title}", duration_text(time))
    }

    /// The articles shown: beside those that rules name, what the search found is an afterthought; alone, it is all there is.
    pub(super) fn articles(self) -> Vec<&'a RankedArticle> {
        let has_rules = self.diagnosis.articles.iter().any(|article| !is_search_alone(article));
        let searched = if has_rules { MAX_SEARCHED } else { self.limit };
        let mut n_searched = 0;
        let shown = self.top(&self.diagnosis.articles).iter().filter(|article| {
            n_searched += usize::from(is_search_alone(article));
            !is_search_alone(article) || n_searched <= searched
        });
        shown.collect()
    }

    /// Why an article is listed, strongest first.
    pub(super) fn reasons(self, article: &'a RankedArticle) -> impl Iterator<Item = Reason<'a>> {
        let alone = article.because.len() == 1;
        article.because.iter().map(move |reason| self.reason(reason, alone))
    }

    /// The reasons that are worth a line each: the strongest rule, or else what it quotes and how it was found.
    pub(super) fn main_reasons(self, article: &'a RankedArticle) -> impl Iterator<Item = Reason<'a>> {
        let n_by_search = article.because.iter().take_while(|reason| !reason.is_by_rule()).count();
        self.reasons(article).take(n_by_search.max(1))
    }

    /// `alone` says whether the article has no reasons of other channels.
    fn reason(self, reason: &'a ArticleReason, alone: bool) -> Reason<'a> {
        match reason {
            ArticleReason::Cause { cause, weight, at } => Reason {
                words: format!("rule: cause {}", self.program.cause(*cause).name),
                weight: Some(percent(*weight)),
                at: *at,
                record: None,
                is_record: false,
            },
            ArticleReason::Resolution { resolution, weight } => Reason {
                words: format!("rule: resolution {}", self.program.resolution(*resolution).name),
                weight: Some(format!("helps with {}", percent(*weight))),
                at: None,
                record: None,
                is_record: false,
            },
            ArticleReason::Signature { kind, text, at, record, .. } => Reason {
                words: signature(*kind, text),
                weight: None,
                at: Some(*at),
                record: Some(record),
                is_record: false,
            },
            ArticleReason::Search { text, at, .. } => {
                let words = if alone { "full text only" } else { "full text" };
                Reason { words: words.to_owned(), weight: None, at: Some(*at), record: Some(text), is_record: true }
            }
        }
    }

    /// Whether there is anything worth finding out.
    pub(super) fn has_checks(self) -> bool {
        !(self.diagnosis.next_checks.is_empty() && self.diagnosis.version_checks.is_empty())
    }

    pub(super) fn checked(self, check: &NextCheck) -> &'a Symptom {
        self.program.symptom(check.symptom)
    }

    /// How to hand in the answer to a check, if that takes an option, and what the check costs and saves.
    pub(super) fn check_facts(self, check: &NextCheck) -> (Option<String>, String) {
        let symptom = self.checked(check);
        let option = match check.means {
            CheckMeans::Ask => Some(format!("--answer {}=yes|no", symptom.name)),
            CheckMeans::Probe => Some(format!("--probe {}=OUTPUT", symptom.name)),
            CheckMeans::Source => None,
        };
        let (saves, cost) = (about(check.value), duration_text(symptom.cost));
        (option, format!("takes {cost}, saves {saves} on average"))
    }

    /// What the reader must know about how the diagnosis was come by, a sentence each.
    pub(super) fn remarks(self) -> Vec<String> {
        let notes = notes(self.program, self.diagnosis).into_iter().map(|note| on_one_line(&note));
        notes.chain(self.not_looked_for()).collect()
    }

    fn not_looked_for(self) -> Option<String> {
        let name = |id| {
            let symptom = self.program.symptom(id);
            format!("{} (on {})", symptom.name, symptom.on.join(", "))
        };
        let names: Vec<String> = self.looked_for_nowhere().into_iter().map(name).collect();
        (!names.is_empty()).then(|| on_one_line(&format!("not looked for, since no source fits: {}", names.join(", "))))
    }

    /// Symptoms whose `on` fits none of the sources.
    fn looked_for_nowhere(self) -> Vec<SymptomId> {
        let Some((first, rest)) = self.diagnosis.sources.split_first() else { return Vec::new() };
        let everywhere = |id: &&SymptomId| rest.iter().all(|source| source.not_looked_for.contains(id));
        first.not_looked_for.iter().filter(everywhere).copied().collect()
    }
}

impl Weighed<'_> {
    /// Which way it speaks.
    pub(super) fn lean(&self) -> &'static str {
        match self.decibans {
            Some(weight) if weight > 0.0 => "for",
            Some(_) => "against",
            None => "rests on",
        }
    }

    pub(super) fn place(&self) -> Option<(SourceId, LineNo)> {
        self.at.map(|evidence| (evidence.source, evidence.line))
    }
}

/// The one word of the verdict.
pub(super) fn verdict(diagnosis: &Diagnosis) -> &'static str {
    verdict_word(diagnosis.verdict)
}

pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Known => "Known",
        Verdict::Likely => "Likely",
        Verdict::Unknown => "Unknown",
    }
}

pub(super) fn state(state: SymptomState) -> &'static str {
    match state {
        SymptomState::Present => "seen",
        SymptomState::Absent => "not seen",
        SymptomState::Unknown => "unknown",
    }
}

/// A weight of evidence: `+29.5 dB`.
pub(super) fn decibans(weight: f64) -> String {
    format!("{weight:+.1} dB")
}

/// How a finding came to be known: how often it was seen, or what the answer was.
pub(super) fn status(finding: &Finding) -> String {
    match finding.status {
        Status::Confirmed => format!("×{}", thousands(finding.count)),
        Status::Answered(true) => "answered yes".to_owned(),
        Status::Answered(false) => "answered no".to_owned(),
    }
}

/// How bad it is to see a symptom, where that is not as usual.
pub(super) fn severity(severity: SymptomSeverity) -> Option<&'static str> {
    match severity {
        SymptomSeverity::Low => Some("low"),
        SymptomSeverity::Medium => None,
        SymptomSeverity::High => Some("high"),
        SymptomSeverity::Critical => Some("critical"),
    }
}

/// The lines of the records that are not shown, if there are any.
pub(super) fn also_lines(finding: &Finding) -> Option<String> {
    let hidden = &finding.evidence[finding.evidence.len().min(MAX_RECORDS)..];
    let lines: Vec<String> = hidden.iter().map(|evidence| evidence.line.to_string()).collect();
    let more = if finding.count > finding.evidence.len() as u64 { " …" } else { "" };
    (!lines.is_empty()).then(|| format!("also lines {}{more}", lines.join(", ")))
}

fn is_search_alone(article: &RankedArticle) -> bool {
    article.because.first().is_none_or(|strongest| !strongest.is_by_rule())
}

/// What an article has in common with a record, in words: `quotes “Unable to contact {host}”`, `names event 9035 of MSExchangeIMC`.
fn signature(kind: IdentifierKind, text: &str) -> String {
    let text = on_one_line(text);
    match (kind, text.rsplit_once('/')) {
        (IdentifierKind::Message, _) => format!("quotes “{text}”"),
        (IdentifierKind::Event, Some((source, number))) => format!("names event {number} of {source}"),
        (IdentifierKind::Stop, _) => format!("names {text}"),
        (IdentifierKind::Reply, _) => {
            let (protocol, number) = text.split_once(' ').unwrap_or(("", &text));
            format!("names {} reply {number}", protocol.to_uppercase())
        }
        (
            IdentifierKind::Code
            | IdentifierKind::Event
            | IdentifierKind::File
            | IdentifierKind::Registry
            | IdentifierKind::Url,
            _,
        ) => format!("names {} {text}", kind.name()),
    }
}

/// The near-copies of an article, if it has any.
pub(super) fn near_copies(ids: &[String]) -> Option<String> {
    let count = counted(ids.len() as u64, "near-copy", "near-copies");
    let named: Vec<String> = ids.iter().take(MAX_COPIES).map(|id| on_one_line(id)).collect();
    let more = if ids.len() > MAX_COPIES { " …" } else { "" };
    (!ids.is_empty()).then(|| format!("and {count}: {}{more}", named.join(", ")))
}

/// What was read, in few words.
pub(super) fn read_in_all(diagnosis: &Diagnosis) -> String {
    match diagnosis.sources.as_slice() {
        [source] => format!("{}: {}", on_one_line(&source.name), read_as(source)),
        sources => {
            let records = sources.iter().map(|source| source.records).sum();
            format!("{} records in {}", thousands(records), counted(sources.len() as u64, "source", "sources"))
        }
    }
}

/// How a source was read: `170 records, dated, … to …`.
pub(super) fn read_as(source: &SourceSummary) -> String {
    let mut parts = vec![counted(source.records, "record", "records"), source.format.to_owned()];
    if let (Some(first), Some(last)) = (source.first, source.last) {
        parts.push(format!("{first:.0} to {last:.0}"));
    }
    if source.cut > 0 {
        parts.push(format!("{} too long and cut", counted(source.cut, "record", "records")));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_called_what_it_is() {
        let cases = [
            (IdentifierKind::Message, "a/b {..} c", "quotes “a/b {..} c”"),
            (IdentifierKind::Event, "MS Mail/X/9123", "names event 9123 of MS Mail/X"),
            (IdentifierKind::Event, "9123", "names event 9123"),
            (IdentifierKind::Stop, "stop 0x0000000a", "names stop 0x0000000a"),
            (IdentifierKind::Reply, "smtp 5.7.1", "names SMTP reply 5.7.1"),
            (IdentifierKind::Code, "0x8007000e", "names code 0x8007000e"),
            (IdentifierKind::File, "parcel.dll 1.2", "names file parcel.dll 1.2"),
        ];
        for (kind, text, words) in cases {
            assert_eq!(signature(kind, text), words);
        }
    }
}
