//! A report as data: its sections in reading order, built once and written as text, Markdown or HTML.
//!
//! A document carries meaning (a title, a quiet fact, a command, a quoted record). Looks, wrapping and escaping belong to
//! the writers. Its strings may contain anything that a log, an article or a rule contains: a writer makes every string
//! safe before it prints it.

use super::matched::matched;
use crate::infer::Verdict;
use crate::matching::{Finding, LineNo};
use crate::rule::Symptom;
use crate::source::SourceId;

/// One line of one source.
pub(super) type Place = (SourceId, LineNo);

/// A whole report.
pub(super) struct Document<'a> {
    pub(super) headline: Headline,
    pub(super) sections: Vec<Section<'a>>,
    pub(super) sources: Sources<'a>,
}

/// The names of the sources, by [`SourceId`].
pub(super) struct Sources<'a>(pub(super) Vec<&'a str>);

impl Sources<'_> {
    pub(super) fn name(&self, id: SourceId) -> &str {
        self.0[id.0 as usize]
    }

    /// A place as `app.log:12`.
    pub(super) fn place(&self, (source, line): Place) -> String {
        format!("{}:{line}", self.name(source))
    }
}

/// The verdict in one line.
pub(super) struct Headline {
    /// How sure the report is; [`Verdict::Unknown`] where `title` is a sentence that says so.
    pub(super) verdict: Verdict,
    /// The cause or the article that explains the problem, or a sentence.
    pub(super) title: String,
    /// Probability of the title, in words.
    pub(super) probability: Option<String>,
    /// The input in a few words.
    pub(super) read: String,
}

/// A list under a heading.
pub(super) struct Section<'a> {
    /// Unique in the document; ASCII letters, digits and `-`.
    pub(super) id: String,
    pub(super) heading: &'static str,
    /// Name of the rule item that the section is about, after the heading.
    pub(super) name: Option<&'a str>,
    /// A sentence before the list.
    pub(super) lead: Option<String>,
    pub(super) items: Vec<Item<'a>>,
    /// Sentences after the list, such as how many items are not shown.
    pub(super) notes: Vec<String>,
}

impl<'a> Section<'a> {
    pub(super) fn new(id: &str, heading: &'static str, items: Vec<Item<'a>>) -> Self {
        Section { id: id.to_owned(), heading, name: None, lead: None, items, notes: Vec::new() }
    }
}

/// One entry of a list: a head, and parts below it.
pub(super) struct Item<'a> {
    pub(super) mark: Mark,
    /// Where links to the item lead.
    pub(super) anchor: Option<Anchor>,
    /// The id of an article, before the title.
    pub(super) id: Option<&'a str>,
    pub(super) title: String,
    /// Whether the title names something, such as a cause, and is no sentence.
    pub(super) is_name: bool,
    /// Its name in the rules, after the title.
    pub(super) name: Option<&'a str>,
    /// Short facts after the title.
    pub(super) facts: Vec<String>,
    /// A fact that needs attention.
    pub(super) badge: Option<&'static str>,
    /// Whether a page shows the parts on demand only; those of the first item of a list are always shown.
    pub(super) folds: bool,
    pub(super) parts: Vec<Block<'a>>,
}

impl Item<'_> {
    /// An item of one sentence.
    pub(super) fn new(mark: Mark, title: String) -> Self {
        Item {
            mark,
            anchor: None,
            id: None,
            title,
            is_name: false,
            name: None,
            facts: Vec::new(),
            badge: None,
            folds: false,
            parts: Vec::new(),
        }
    }
}

/// The name of an item in links, and the words of a link to it.
pub(super) struct Anchor {
    pub(super) id: String,
    pub(super) label: String,
}

/// The beginning of an item.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Plain,
    /// Its place in the list, from 1.
    Number(usize),
    /// A finding: whether the symptom is there.
    Seen(bool),
    Question,
    /// 0–1.
    Probability(f64),
    /// A word or a sign; may be empty.
    Label(&'static str),
}

/// Something below the head of an item.
pub(super) enum Block<'a> {
    Line(TextLine),
    /// How to find something out: a command or a sentence.
    How(String),
    Step(Instruction),
    /// The records that show a finding.
    Records(QuotedRecords<'a>),
    Evidence(EvidenceLine<'a>),
    Reason(ListingReason<'a>),
}

/// Words below an item.
pub(super) struct TextLine {
    /// A word or a sign before it; may be empty.
    pub(super) mark: &'static str,
    pub(super) tone: Tone,
    /// An option of the command line that the line begins with, after "then".
    pub(super) option: Option<String>,
    pub(super) text: String,
}

impl TextLine {
    pub(super) fn new(tone: Tone, text: String) -> Self {
        TextLine { mark: "", tone, option: None, text }
    }
}

/// How much a line matters.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Tone {
    Plain,
    /// Supporting detail.
    Quiet,
    /// A relation to another item of the list.
    Relation,
}

/// Something to do.
pub(super) struct Instruction {
    pub(super) label: InstructionLabel,
    pub(super) text: String,
    /// To be run by hand; on one line.
    pub(super) command: Option<String>,
}

#[derive(Clone, Copy)]
pub(super) enum InstructionLabel {
    /// Its place in the procedure, from 1.
    Number(usize),
    /// In lower case: `needs`.
    Word(&'static str),
}

/// Records that show a finding: the first few as text, the others by place.
pub(super) struct QuotedRecords<'a> {
    pub(super) records: Vec<QuotedRecord<'a>>,
    /// How many of them every form shows.
    pub(super) n_shown: usize,
    /// Whether there are more than these.
    pub(super) is_cut: bool,
}

impl QuotedRecords<'_> {
    /// Where the records are that no form shows as text.
    pub(super) fn also(&self) -> Option<String> {
        let hidden = self.records.get(self.n_shown..).unwrap_or_default();
        let lines: Vec<String> = hidden.iter().map(|record| record.at.1.to_string()).collect();
        let noun = if lines.len() == 1 && !self.is_cut { "line" } else { "lines" };
        (!lines.is_empty()).then(|| format!("also {noun} {}{}", lines.join(", "), self.ellipsis()))
    }

    pub(super) fn ellipsis(&self) -> &'static str {
        if self.is_cut { " …" } else { "" }
    }
}

/// A record of a log.
pub(super) struct QuotedRecord<'a> {
    pub(super) at: Place,
    pub(super) text: &'a str,
    /// The finding that it shows, if any.
    pub(super) shows: Option<(&'a Symptom, &'a Finding)>,
}

impl QuotedRecord<'_> {
    /// The part of the text that shows the finding.
    pub(super) fn matched(&self) -> Option<std::ops::Range<usize>> {
        self.shows.and_then(|(symptom, finding)| matched(symptom, finding, self.text))
    }
}

/// A symptom for or against a cause.
pub(super) struct EvidenceLine<'a> {
    pub(super) title: String,
    pub(super) name: &'a str,
    /// `seen`, `not seen` or `unknown`.
    pub(super) state: &'static str,
    /// The first record that shows it.
    pub(super) at: Option<Place>,
    /// `None` where the probabilities are estimates.
    pub(super) weight: Option<Weight>,
}

impl EvidenceLine<'_> {
    /// Which way it points, and by how much: `strong evidence for`, `odds × 890`.
    pub(super) fn words(&self) -> (String, Option<String>) {
        match &self.weight {
            Some(Weight { is_for, strength, odds }) => {
                let lean = if *is_for { "for" } else { "against" };
                (format!("{strength} evidence {lean}"), Some(odds.clone()))
            }
            None => ("rests on".to_owned(), None),
        }
    }
}

/// How much a piece of evidence changes what is believed.
pub(super) struct Weight {
    pub(super) is_for: bool,
    /// `very strong`.
    pub(super) strength: &'static str,
    /// `odds × 890`.
    pub(super) odds: String,
}

/// Why an article is listed.
pub(super) struct ListingReason<'a> {
    /// The channel and its detail: `rule: cause dns_misconfigured`.
    pub(super) words: String,
    /// How much the reason counts.
    pub(super) weight: Option<String>,
    /// The line that it rests on.
    pub(super) at: Option<Place>,
    /// The record at that line, if it led to the article.
    pub(super) record: Option<&'a str>,
    /// How much of the record is quoted.
    pub(super) quote: Quote,
    /// Whether only a page has room for it.
    pub(super) is_minor: bool,
}

impl ListingReason<'_> {
    pub(super) fn is_quoted(&self) -> bool {
        self.quote != Quote::No
    }
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Quote {
    No,
    Beginning,
    Whole,
}
