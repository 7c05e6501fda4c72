//! A report as data: its sections in reading order. It is built once and written as text, Markdown or HTML.
//!
//! A document says what each piece is (a title, a minor fact, a command, a quoted record). Writers decide on looks,
//! wrapping and escaping. Its strings may contain anything that a log, an article or a rule contains, so a writer makes
//! each of them safe before it prints it.

use std::borrow::Cow;

use super::matched::matched;
use crate::infer::Verdict;
use crate::matching::{Finding, LineNo};
use crate::rule::Symptom;
use crate::source::SourceId;

/// A line of a source.
pub(super) type Place = (SourceId, LineNo);

/// A whole report.
pub(super) struct Document<'a> {
    pub(super) headline: Headline,
    pub(super) sections: Vec<Section<'a>>,
    pub(super) sources: Sources<'a>,
}

/// The names of the sources, by [`SourceId`].
pub(super) struct Sources<'a> {
    names: Vec<&'a str>,
    /// The length of the folders that all names begin with.
    n_shared: usize,
}

impl<'a> Sources<'a> {
    pub(super) fn new(names: Vec<&'a str>) -> Sources<'a> {
        let n_shared = names.split_first().map_or(0, |(first, rest)| {
            let n_common = rest.iter().map(|name| common_bytes(first, name)).min().unwrap_or(0);
            first.as_bytes()[..n_common].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1)
        });
        Sources { names, n_shared }
    }

    pub(super) fn names(&self) -> &[&'a str] {
        &self.names
    }

    pub(super) fn name(&self, id: SourceId) -> &'a str {
        self.names[id.0 as usize]
    }

    /// Names a place as briefly as it can be told from all others: `line 12` if there is one source, else `app.log:12`,
    /// without the folders that all sources share.
    pub(super) fn place(&self, (source, line): Place) -> String {
        match self.names.as_slice() {
            [_] => format!("line {line}"),
            _ => format!("{}:{line}", &self.name(source)[self.n_shared..]),
        }
    }
}

/// The number of bytes that both begin with.
fn common_bytes(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// The verdict on the problem, in one line.
pub(super) struct Headline {
    /// How sure the report is. [`Verdict::Unknown`] if `title` is a sentence that says that nothing is likely.
    pub(super) verdict: Verdict,
    /// Title of the cause or article that explains the problem, or a sentence if there is none.
    pub(super) title: String,
    /// Probability that `title` is right, in words.
    pub(super) probability: Option<String>,
    /// What a reader must know before acting on it, in one sentence each.
    pub(super) notes: Vec<String>,
    /// The sources and the number of records that were read, in a few words.
    pub(super) read: String,
}

/// A heading with a list below it.
pub(super) struct Section<'a> {
    /// Unique in the document; consists of ASCII letters, digits and `-`.
    pub(super) id: String,
    pub(super) heading: &'static str,
    /// Name (in the rules) of what the section is about; shown after the heading.
    pub(super) name: Option<&'a str>,
    /// A sentence above the list.
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

/// One entry of a list: its first line, and parts below it.
pub(super) struct Item<'a> {
    pub(super) mark: Mark,
    /// The target for links to the item; `None` if nothing links to it.
    pub(super) anchor: Option<Anchor>,
    /// The id of an article, shown before the title.
    pub(super) id: Option<&'a str>,
    pub(super) title: String,
    /// Whether the title names something, such as a cause. `false` if it is a sentence.
    pub(super) is_name: bool,
    /// The name of the item in the rules, shown after the title.
    pub(super) name: Option<&'a str>,
    /// Short facts, shown after the title.
    pub(super) facts: Vec<String>,
    /// A fact to emphasise.
    pub(super) badge: Option<&'static str>,
    /// Whether an HTML page shows the parts only when the item is opened. Those of the first item of a list are always
    /// shown.
    pub(super) folds: bool,
    pub(super) parts: Vec<Block<'a>>,
}

impl Item<'_> {
    /// Creates an item that consists of one sentence.
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

/// The target of links to an item.
pub(super) struct Anchor {
    pub(super) id: String,
    pub(super) label: String,
}

/// The text before the title of an item.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Plain,
    /// The position of the item in the list, from 1.
    Number(usize),
    /// For a finding: whether the symptom is present.
    Seen(bool),
    Question,
    /// A probability, 0 to 1.
    Probability(f64),
    /// A word or a sign; may be empty.
    Label(&'static str),
}

/// A part below the first line of an item.
pub(super) enum Block<'a> {
    Line(TextLine),
    /// How to find something out: a command, or a sentence.
    How(String),
    Step(Instruction),
    /// The records that show a finding.
    Records(QuotedRecords<'a>),
    Evidence(EvidenceLine<'a>),
    Reason(ListingReason<'a>),
}

/// A line of words below an item.
pub(super) struct TextLine {
    /// A word or sign before the line; may be empty.
    pub(super) mark: &'static str,
    pub(super) tone: Tone,
    /// A command-line option that the line begins with, as "then OPTION; ".
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
    /// A supporting detail.
    Quiet,
    /// How the item relates to another item of the list.
    Relation,
}

/// Something that the reader should do.
pub(super) struct Instruction {
    pub(super) label: InstructionLabel,
    pub(super) text: String,
    /// A command to run by hand, on one line.
    pub(super) command: Option<String>,
}

#[derive(Clone, Copy)]
pub(super) enum InstructionLabel {
    /// The position of the step in the procedure, from 1.
    Number(usize),
    /// A label in lower case, such as `needs`.
    Word(&'static str),
}

/// A record of more lines is shown by its first line and those that show the finding.
const MAX_GIST_LINES: usize = 2;

/// Records that show a finding. The first few are shown as text, of the others only the places.
pub(super) struct QuotedRecords<'a> {
    pub(super) records: Vec<QuotedRecord<'a>>,
    /// How many of the records, from the first on, are shown as text.
    pub(super) n_shown: usize,
    /// Whether more records show the finding than are listed here.
    pub(super) is_cut: bool,
}

impl QuotedRecords<'_> {
    /// Says on which lines the records are that are not shown as text: `also lines 7, 9`. `None` if there are none.
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
    /// The symptom that the record shows, with its finding; `None` if the record shows none.
    pub(super) shows: Option<(&'a Symptom, &'a Finding)>,
}

impl QuotedRecord<'_> {
    /// The lines of the record that matter most: all of a short one; of a longer one its first line and those that show the
    /// finding.
    pub(super) fn gist(&self) -> Cow<'_, str> {
        let n_lines = self.text.lines().count();
        let (Some(shown), false) = (self.matched(), n_lines <= MAX_GIST_LINES) else { return Cow::Borrowed(self.text) };
        let line_begin = self.text[..shown.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[shown.end..].find('\n').map_or(self.text.len(), |at| shown.end + at);
        let first = self.text.lines().next().unwrap_or_default();
        let before = match line_begin {
            0 => String::new(),
            begin if begin == first.len() + 1 => format!("{first}\n"),
            _ => format!("{first} … "),
        };
        let after = if line_end == self.text.len() { "" } else { " …" };
        Cow::Owned(format!("{before}{}{after}", &self.text[line_begin..line_end]))
    }

    /// The span of the text that shows the finding.
    pub(super) fn matched(&self) -> Option<std::ops::Range<usize>> {
        self.shows.and_then(|(symptom, finding)| matched(symptom, finding, self.text))
    }
}

/// A symptom that is evidence for or against a cause.
pub(super) struct EvidenceLine<'a> {
    pub(super) title: String,
    pub(super) name: &'a str,
    /// `seen`, `not seen` or `unknown`.
    pub(super) state: &'static str,
    /// The first record that shows it.
    pub(super) at: Option<Place>,
    /// How much it changes the odds; `None` if the probabilities are only estimates.
    pub(super) weight: Option<Weight>,
}

impl EvidenceLine<'_> {
    /// Says which way the evidence points and how strongly, and by which factor: `strong evidence for`, `odds × 890`.
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

/// How strongly a piece of evidence changes the probability of a cause.
pub(super) struct Weight {
    pub(super) is_for: bool,
    /// In words: `very strong`.
    pub(super) strength: &'static str,
    /// As a factor: `odds × 890`.
    pub(super) odds: String,
}

/// A reason why an article is listed.
pub(super) struct ListingReason<'a> {
    /// How the article was found, and a detail: `rule: cause dns_misconfigured`.
    pub(super) words: String,
    /// How much the reason counts, in words.
    pub(super) weight: Option<String>,
    /// The log line that the reason is based on.
    pub(super) at: Option<Place>,
    /// The record at that line, if the article was found by it.
    pub(super) record: Option<&'a str>,
    /// How much of the record is quoted.
    pub(super) quote: Quote,
    /// Whether the reason is shown only on an HTML page. Other formats have no room for it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_briefly() {
        let places = |names: &[&str]| -> Vec<String> {
            let sources = Sources::new(names.to_vec());
            (0..names.len() as u32).map(|id| sources.place((SourceId(id), 7))).collect()
        };
        assert_eq!(places(&["/var/log/app.log"]), ["line 7"]);
        assert_eq!(places(&["/var/log/app.log", "/var/log/app/db.log"]), ["app.log:7", "app/db.log:7"]);
        assert_eq!(places(&["app.log", "/var/log/app.log"]), ["app.log:7", "/var/log/app.log:7"]);
        assert_eq!(places(&["é/a", "è/a"]), ["é/a:7", "è/a:7"]);
        assert_eq!(places(&["-", "a/x.log"]), ["-:7", "a/x.log:7"]);
    }
}
