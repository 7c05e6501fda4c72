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
use crate::infer::{Diagnosis, Explanation, RankedCause, Subject, SymptomState, Verdict};
use crate::matching::{Finding, LineNo, NotSeen, Status};
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

pub(super) use checks::{How, question};
use fill::plain_within;
pub(super) use fill::{as_written, fill, plain};
pub(super) use read::notes;
#[cfg(feature = "cli")]
pub(super) use read::{records_of, span_words, taken_of};
pub(super) use standouts::{Striking, striking};
pub(super) use why::section as why;

/// How many entries of each list a report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// What a tired reader needs: a few entries, and none that is hardly possible.
    Brief,
    /// The first entries, at most this many.
    AtMost(usize),
    /// Every entry.
    All,
}

/// The number of causes, resolutions and articles in a brief report.
const BRIEF: usize = 3;

/// The number of checks in a brief report.
const BRIEF_CHECKS: usize = 2;

/// The number of findings in a brief report.
const BRIEF_FINDINGS: usize = 5;

/// A brief report has no cause of a lower probability, and no resolution that helps with a lower one, unless it is the
/// first.
const LEAST_SHOWN: f64 = 0.05;

/// A cause behind the verdict is one of several possible ones from this probability on.
const LEAST_UNDECIDED: f64 = 0.15;

/// A diagnosis, the rules that it is about, and how much of it to show.
#[derive(Clone, Copy)]
pub struct DiagnosisView<'a> {
    /// The rules that were used.
    pub program: &'a Program,
    /// The result.
    pub diagnosis: &'a Diagnosis,
    /// How many entries of each list to show.
    pub amount: Amount,
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
            self.resolutions(),
            self.causes(),
            self.next_checks(),
            self.articles(),
        ];
        let why = self.why.map(|explanation| why(self.program, explanation, &self.diagnosis.findings));
        let why_not = (1..).zip(self.why_not).map(|(number, not_seen)| why_not::section(self, number, not_seen));
        let sections = lists.into_iter().flatten().chain([self.read()]).chain(why).chain(why_not).collect();
        Document { headline: self.headline(), sections, sources: self.sources() }
    }

    fn sources(self) -> Sources<'a> {
        Sources::new(self.diagnosis.sources.iter().map(|source| source.name.as_str()).collect())
    }

    pub(super) fn headline(self) -> Headline {
        let read = self.read_in_all();
        match self.explanation() {
            Some((title, probability)) if self.diagnosis.verdict != Verdict::Unknown => {
                let over = self.diagnosis.over_since(self.program);
                let over = over.map(|time| format!("It was last seen at {time:.0}, and the logs go on."));
                let notes = over.into_iter().chain(self.undecided()).collect();
                Headline {
                    verdict: self.diagnosis.verdict,
                    title,
                    probability: Some(percent(probability)),
                    notes,
                    read,
                }
            }
            _ => {
                let title = self.no_explanation();
                Headline { verdict: Verdict::Unknown, title, probability: None, notes: Vec::new(), read }
            }
        }
    }

    /// Names the causes behind the verdict that the logs cannot tell apart, and what to find out first.
    fn undecided(self) -> Option<String> {
        let behind = self.causes_behind();
        let names: Vec<String> = behind
            .into_iter()
            .filter(|ranked| ranked.probability >= LEAST_UNDECIDED)
            .take(BRIEF)
            .map(|ranked| format!("{} ({})", self.cause_title(ranked), percent(ranked.probability)))
            .collect();
        let decides = self.diagnosis.next_checks.first().map(|check| {
            let (question, _) = question(self.program.symptom(check.symptom), check);
            format!(" To find out first: {question}")
        });
        (names.len() > 1)
            .then(|| format!("The reason is open: {}.{}", names.join(", or "), decides.unwrap_or_default()))
    }

    /// The causes that lead to the cause of the verdict; if it is about an article, the causes of this article.
    fn causes_behind(self) -> Vec<&'a RankedCause> {
        let causes = &self.diagnosis.causes;
        match &self.diagnosis.subject {
            Some(Subject::Cause { cause, .. }) => match causes.iter().find(|ranked| ranked.cause == *cause) {
                Some(of) => causes.iter().filter(|ranked| of.follows.contains(&ranked.cause)).collect(),
                None => Vec::new(),
            },
            Some(Subject::Article { id, .. }) => causes.iter().filter(|ranked| ranked.articles.contains(id)).collect(),
            None => Vec::new(),
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
        if self.diagnosis.sources.iter().all(|source| source.records == 0) {
            return "no record was read, so there is nothing to explain".to_owned();
        }
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

    /// The first items of a list, at most `brief` in a brief report.
    fn top<T>(self, items: &'a [T], brief: usize) -> &'a [T] {
        let most = match self.amount {
            Amount::Brief => brief,
            Amount::AtMost(most) => most,
            Amount::All => items.len(),
        };
        &items[..items.len().min(most)]
    }

    /// The first items of a list that is ordered by use. In a brief report, those after the first whose probability is low
    /// are left out.
    fn likely<T>(self, items: &'a [T], probability: impl Fn(&T) -> f64) -> Vec<&'a T> {
        if self.amount != Amount::Brief {
            return self.top(items, BRIEF).iter().collect();
        }
        let (first, rest) = items.split_at(items.len().min(1));
        first.iter().chain(rest.iter().filter(|item| probability(item) >= LEAST_SHOWN)).take(BRIEF).collect()
    }

    /// Says that `n_hidden` items are left out. `one` and `many` are the noun, such as "more cause" and "more causes".
    fn more(self, n_hidden: usize, one: &str, many: &str) -> Option<String> {
        (n_hidden > 0).then(|| format!("and {} (--all)", counted(n_hidden as u64, one, many)))
    }

    fn place(self, at: (SourceId, LineNo)) -> String {
        on_one_line(&self.sources().place(at))
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

/// The title of a cause with its captures, which are cut if they make it longer than 80 characters.
pub(super) fn cause_title(program: &Program, ranked: &RankedCause) -> String {
    cut_at_word(&plain_within(&program.cause(ranked.cause).title, &ranked.captures, MAX_CAUSE_TITLE), MAX_CAUSE_TITLE)
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
