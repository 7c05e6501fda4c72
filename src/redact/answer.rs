//! Replaces names in a whole answer. Each struct is taken apart field by field, so that a new field does not compile until
//! somebody decides whether it can contain names.

use super::Redactor;
use crate::infer::{ArticleReason, Diagnosis, Incident, IncidentLink, RankedArticle};
use crate::matching::{
    Captures, Evidence, Finding, MAX_EVIDENCE_BYTES, MAX_MESSAGE_BYTES, NearMiss, NotSeen, Obstacle, SearchedSource,
    ShortFinding, SourceSummary, TriedPattern, Unmet, Unreadable,
};
use crate::pattern::{MissKind, PatternMiss};
use crate::value::Value;

/// Returns the diagnosis with pseudonyms in all texts of the user. Numbers and order are the same.
pub fn redacted(redactor: &mut Redactor, diagnosis: &Diagnosis) -> Diagnosis {
    let mut shown = diagnosis.clone();
    let Diagnosis {
        verdict: _,
        subject: _,
        standouts,
        nothing_stands_out: _,
        sources,
        findings,
        causes,
        none_of_these: _,
        articles,
        incidents,
        resolutions,
        next_checks,
        version_checks: _,
        not_applicable: _,
        notes: _,
        remarks: _,
        unreadable,
    } = &mut shown;
    // Captures say what a word means, so they come before the texts that contain the word.
    findings.iter_mut().for_each(|finding| redactor.captures(&mut finding.captures));
    causes.iter_mut().for_each(|cause| redactor.captures(&mut cause.captures));
    resolutions.iter_mut().for_each(|resolution| redactor.captures(&mut resolution.captures));
    next_checks.iter_mut().for_each(|check| redactor.captures(&mut check.captures));
    sources.iter_mut().for_each(|source| redactor.source(source));
    findings.iter_mut().for_each(|finding| redactor.finding(finding));
    standouts.iter_mut().for_each(|record| redactor.record(&mut record.text, MAX_MESSAGE_BYTES));
    articles.iter_mut().for_each(|article| redactor.article(article));
    incidents.iter_mut().for_each(|incident| redactor.incident(incident));
    unreadable.iter_mut().for_each(|one| redactor.unreadable(one));
    shown
}

/// Returns the answer to `--why-not` with pseudonyms in all texts of the user.
pub fn redacted_not_seen(redactor: &mut Redactor, not_seen: &NotSeen) -> NotSeen {
    let mut shown = not_seen.clone();
    let NotSeen { symptom: _, sources, patterns, short, n_short: _, together } = &mut shown;
    together.iter_mut().for_each(|missed| redactor.captures(&mut missed.key));
    for SearchedSource { name, names, programs, records: _, read: _ } in sources {
        redactor.text(name);
        names.iter_mut().chain(programs).for_each(|name| redactor.text(name));
    }
    for TriedPattern { elsewhere, nearest, .. } in patterns {
        elsewhere.iter_mut().for_each(|(_, at)| redactor.evidence(at));
        nearest.iter_mut().for_each(|miss| redactor.near_miss(miss));
    }
    for ShortFinding { captures, count: _, at, unmet } in short {
        redactor.captures(captures);
        at.iter_mut().for_each(|at| redactor.evidence(at));
        unmet.iter_mut().for_each(|unmet| redactor.unmet(unmet));
    }
    shown
}

impl Redactor {
    fn text(&mut self, text: &mut String) {
        *text = self.redact(text).into_owned();
    }

    /// Redacts the text of a record that was cut at `most` bytes. If it may have been, its last word is left out, which may
    /// be half a name.
    fn record(&mut self, text: &mut String, most: usize) {
        if text.len() + 3 >= most {
            text.truncate(text.rfind(char::is_whitespace).unwrap_or(0));
            text.push_str(" …");
        }
        self.text(text);
    }

    fn captures(&mut self, captures: &mut Captures) {
        for (name, value) in captures {
            *value = self.redact_value(name, value);
        }
    }

    fn source(&mut self, source: &mut SourceSummary) {
        let SourceSummary {
            name,
            format: _,
            records: _,
            left_out: _,
            bytes: _,
            first: _,
            last: _,
            not_looked_for: _,
            cut: _,
        } = source;
        self.text(name);
    }

    fn finding(&mut self, finding: &mut Finding) {
        let Finding { symptom: _, status: _, count: _, captures: _, first: _, last: _, evidence, timing: _ } = finding;
        evidence.iter_mut().for_each(|evidence| self.evidence(evidence));
    }

    fn evidence(&mut self, evidence: &mut Evidence) {
        let Evidence { source: _, line: _, text } = evidence;
        self.record(text, MAX_EVIDENCE_BYTES);
    }

    fn article(&mut self, article: &mut RankedArticle) {
        for reason in &mut article.because {
            match reason {
                ArticleReason::Signature { record, .. } => self.record(record, MAX_MESSAGE_BYTES),
                ArticleReason::Search { text, .. } => self.record(text, MAX_MESSAGE_BYTES),
                ArticleReason::Cause { .. } | ArticleReason::Resolution { .. } => {}
            }
        }
    }

    fn incident(&mut self, incident: &mut Incident) {
        let Incident { first: _, last: _, places: _, causes: _, articles: _, follows } = incident;
        if let Some(IncidentLink::Shared(names)) = follows.as_mut().map(|follows| &mut follows.link) {
            names.iter_mut().for_each(|name| self.text(name));
        }
    }

    fn unreadable(&mut self, unreadable: &mut Unreadable) {
        let Unreadable { name, reason, is_partial: _ } = unreadable;
        self.text(name);
        self.text(reason);
    }

    fn near_miss(&mut self, miss: &mut NearMiss) {
        let NearMiss { at, records: _, because, fields: _ } = miss;
        self.evidence(at);
        match because {
            Obstacle::Where(unmet) => unmet.iter_mut().for_each(|unmet| self.unmet(unmet)),
            Obstacle::Header(header) => self.part(header, &at.text),
            Obstacle::Pattern(PatternMiss { kind, nearness: _ }) => match kind {
                MissKind::Case { stands } => self.part(stands, &at.text),
                MissKind::Edge { part: _, within } => self.part(within, &at.text),
                MissKind::Stopped { matched: _, next: _, instead } => self.part(instead, &at.text),
                MissKind::Words { missing: _ } | MissKind::Literal { held: _ } => {}
            },
        }
    }

    /// Redacts a part of a record. It may begin or end within a name, and then it is left out: it is shown only if the
    /// redacted record contains it.
    fn part(&mut self, part: &mut String, record: &str) {
        self.text(part);
        if !record.contains(part.trim()) {
            "…".clone_into(part);
        }
    }

    fn unmet(&mut self, unmet: &mut Unmet) {
        let Unmet { condition: _, left, right } = unmet;
        for value in [left, right].into_iter().flatten() {
            let shown: Value<'static> = self.redact_value("", value);
            *value = shown;
        }
    }
}
