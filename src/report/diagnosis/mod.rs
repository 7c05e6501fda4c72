//! Turns a diagnosis into a [`Document`]: decides which items a reader sees, in which order and in which words.

pub(super) mod articles;
mod causes;
pub(super) mod checks;
mod fill;
mod incidents;
mod read;
#[cfg(all(test, unix))]
mod real_shells;
mod resolutions;
mod seen;
mod standouts;
mod why;
mod why_not;

use super::clean::on_one_line;
use super::document::{Document, Headline, Section, Sources};
use super::number::{counted, percent};
use crate::infer::{Diagnosis, Explanation, RankedCause, SymptomState, Verdict};
use crate::matching::{Finding, LineNo, NotSeen, Status};
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

pub(super) use checks::{How, question};
pub(super) use fill::{fill, plain};
pub(super) use read::notes;
#[cfg(feature = "cli")]
pub(super) use read::{records_of, span_words, taken_of};
pub(super) use standouts::{Striking, striking};
pub(super) use why::section as why;

/// A diagnosis, the rules that it is about, and how much of it to show.
#[derive(Clone, Copy)]
pub struct DiagnosisView<'a> {
    /// The rules that were used.
    pub program: &'a Program,
    /// The result.
    pub diagnosis: &'a Diagnosis,
    /// Most entries of each list.
    pub limit: usize,
    /// How the probability of one cause was calculated, if that was asked for.
    pub why: Option<&'a Explanation>,
    /// Why symptoms were not seen, for the symptoms that were asked about.
    pub why_not: &'a [NotSeen],
}

impl<'a> DiagnosisView<'a> {
    /// The whole report.
    pub(super) fn document(self) -> Document<'a> {
        let lists = [
            self.incidents(),
            self.seen(),
            self.standouts(),
            self.causes(),
            self.resolutions(),
            self.articles(),
            self.next_checks(),
        ];
        let why = self.why.map(|explanation| why(self.program, explanation));
        let why_not = (1..).zip(self.why_not).map(|(number, not_seen)| why_not::section(self, number, not_seen));
        let sections = lists.into_iter().flatten().chain([self.read()]).chain(why).chain(why_not).collect();
        let sources = Sources(self.diagnosis.sources.iter().map(|source| source.name.as_str()).collect());
        Document { headline: self.headline(), sections, sources }
    }

    pub(super) fn headline(self) -> Headline {
        let read = self.read_in_all();
        match self.explanation() {
            Some((title, probability)) if self.diagnosis.verdict != Verdict::Unknown => {
                let read = match self.diagnosis.over_since(self.program) {
                    Some(time) => format!("last seen {time:.0}, and the logs go on; {read}"),
                    None => read,
                };
                Headline { verdict: self.diagnosis.verdict, title, probability: Some(percent(probability)), read }
            }
            _ => Headline { verdict: Verdict::Unknown, title: self.no_explanation(), probability: None, read },
        }
    }

    /// Title and probability of the cause or article that the verdict is about.
    fn explanation(self) -> Option<(String, f64)> {
        if self.diagnosis.rests_on_cause() {
            return self.diagnosis.causes.first().map(|top| (self.cause_title(top), top.probability));
        }
        let article = self.diagnosis.articles.first()?;
        Some((format!("{} {}", article.id, article.title), article.confidence))
    }

    fn no_explanation(self) -> String {
        if self.diagnosis.nothing_stands_out {
            return "nothing stands out: no symptom was seen, and no unusual record tells of trouble".to_owned();
        }
        if let Some(top) = self.diagnosis.causes.first() {
            let (title, probability) = (self.cause_title(top), percent(top.probability));
            return format!("no cause is likely; the most likely one is: {title} ({probability})");
        }
        let seen = self.diagnosis.findings.iter().any(|finding| finding.status != Status::Answered(false));
        let no_rule = if seen { "no rule explains what was seen" } else { "no rule fits these records" };
        match self.diagnosis.articles.as_slice() {
            [] => format!("{no_rule}, and no article was found"),
            _ => format!("{no_rule}, and no article is likely"),
        }
    }

    /// The first [`limit`](Self::limit) items of a list.
    fn top<T>(self, items: &'a [T]) -> &'a [T] {
        &items[..items.len().min(self.limit)]
    }

    /// Says how many of `len` items [`top`](Self::top) leaves out. `one` and `many` are the noun, such as "more cause"
    /// and "more causes".
    fn more(self, len: usize, one: &str, many: &str) -> Option<String> {
        let hidden = len.saturating_sub(self.limit);
        (hidden > 0).then(|| format!("and {} (--limit)", counted(hidden as u64, one, many)))
    }

    fn place(self, (source, line): (SourceId, LineNo)) -> String {
        on_one_line(&format!("{}:{line}", self.diagnosis.sources[source.0 as usize].name))
    }

    fn finding_title(self, finding: &Finding) -> String {
        plain(&self.program.symptom(finding.symptom).title, &finding.captures, Some(finding.count))
    }

    /// The title of a symptom, with the captures of its first finding filled in; without a finding, with the names of
    /// the captures.
    fn symptom_title(self, id: SymptomId) -> String {
        match self.diagnosis.findings.iter().find(|finding| finding.symptom == id) {
            Some(finding) => self.finding_title(finding),
            None => plain(&self.program.symptom(id).title, &Default::default(), None),
        }
    }
}

/// The most characters of the title of a cause.
const MAX_CAUSE_TITLE: usize = 80;

/// The title of a cause with its captures, cut at a word if these make it longer than 80 characters.
pub(super) fn cause_title(program: &Program, ranked: &RankedCause) -> String {
    cut_at_word(&plain(&program.cause(ranked.cause).title, &ranked.captures, None), MAX_CAUSE_TITLE)
}

/// The first words of `text` that take at most `room` characters, with `…` if there are more. A first word that is
/// longer is cut itself.
fn cut_at_word(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let end = text.char_indices().nth(room - 1).map_or(text.len(), |(at, _)| at);
    let is_between = text[end..].starts_with(' ');
    let kept = match text[..end].rfind(' ') {
        Some(space) if !is_between => &text[..space],
        _ => &text[..end],
    };
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '(']))
}

/// Returns the section, or `None` if its list is empty.
fn unless_empty(section: Section) -> Option<Section> {
    (!section.items.is_empty()).then_some(section)
}

/// The word for a verdict.
pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Known => "Known",
        Verdict::Likely => "Likely",
        Verdict::Unknown => "Unknown",
    }
}

fn state_word(state: SymptomState) -> &'static str {
    match state {
        SymptomState::Present => "seen",
        SymptomState::Absent => "not seen",
        SymptomState::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::cut_at_word;

    #[test]
    fn a_long_title_is_cut_at_a_word() {
        assert_eq!(cut_at_word("spindle jammed", 14), "spindle jammed");
        assert_eq!(cut_at_word("spindle jammed", 13), "spindle…");
        assert_eq!(cut_at_word("spindle, jammed", 10), "spindle…");
        assert_eq!(cut_at_word("spindleofthelathe", 8), "spindle…");
        assert_eq!(cut_at_word("é é é", 4), "é é…");
    }
}
