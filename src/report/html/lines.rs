//! The log lines of a page. Each is shown once, below its source, with links to the items that refer to it.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::ops::Range;

use super::escape::text;
use crate::matching::LineNo;
use crate::report::document::{Anchor, Block, Document, Place, QuotedRecord, Sources};
use crate::report::number::counted;
use crate::source::SourceId;

/// A source with more lines than this is folded at first.
const MANY: usize = 40;

/// The log lines of a page, by place.
pub(super) struct Lines<'a> {
    lines: BTreeMap<Place, Line<'a>>,
    sources: &'a Sources<'a>,
}

struct Line<'a> {
    text: &'a str,
    /// Spans of `text` that show a symptom; unsorted, may overlap.
    matched: Vec<Range<usize>>,
    /// The items that refer to the line.
    used_by: Vec<&'a Anchor>,
}

impl<'a> Lines<'a> {
    /// Collects the records that show the findings of the document, and those that led to its articles.
    pub(super) fn new(document: &'a Document<'a>) -> Lines<'a> {
        let mut lines = Lines { lines: BTreeMap::new(), sources: &document.sources };
        for item in document.sections.iter().flat_map(|section| &section.items) {
            let Some(anchor) = &item.anchor else { continue };
            for part in &item.parts {
                match part {
                    Block::Records(some) => some.records.iter().for_each(|record| lines.add(record, anchor)),
                    Block::Reason(reason) => {
                        let record =
                            reason.at.zip(reason.record).map(|(at, text)| QuotedRecord { at, text, shows: None });
                        record.iter().for_each(|record| lines.add(record, anchor));
                    }
                    Block::Line(_) | Block::How(_) | Block::Step(_) | Block::Evidence(_) => {}
                }
            }
        }
        lines
    }

    fn add(&mut self, record: &QuotedRecord<'a>, anchor: &'a Anchor) {
        let new = || Line { text: record.text, matched: Vec::new(), used_by: Vec::new() };
        let line = self.lines.entry(record.at).or_insert_with(new);
        line.matched.extend(record.matched().filter(|_| line.text == record.text));
        if !line.used_by.iter().any(|user| user.id == anchor.id) {
            line.used_by.push(anchor);
        }
    }

    /// The only source; `None` if there are several.
    pub(super) fn single_source(&self) -> Option<SourceId> {
        (self.sources.names().len() == 1).then_some(SourceId(0))
    }

    pub(super) fn source(&self, id: SourceId) -> &str {
        self.sources.name(id)
    }

    /// Writes the number of a line, as a link if the page shows the line.
    pub(super) fn link(&self, out: &mut String, at: Place) -> fmt::Result {
        match self.lines.contains_key(&at) {
            true => write!(out, "<a href=\"#{}\">{}</a>", anchor(at), at.1),
            false => write!(out, "{}", at.1),
        }
    }

    /// Writes the number of a line as [`link`](Self::link) does, after the name of its source if there are several.
    pub(super) fn place(&self, out: &mut String, at: Place) -> fmt::Result {
        if self.single_source().is_none() {
            write!(out, "{}:", text(self.source(at.0)))?;
        }
        self.link(out, at)
    }

    /// Writes the text of a line with the matched spans marked; nothing if the page does not show the line.
    pub(super) fn record(&self, out: &mut String, at: Place) -> fmt::Result {
        self.lines.get(&at).map_or(Ok(()), |line| marked(out, line.text, &line.matched))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Writes all lines, source by source.
    pub(super) fn write(&self, out: &mut String, sources: &Sources) -> fmt::Result {
        for (id, name) in (0..).map(SourceId).zip(sources.names()) {
            let of_source = || self.lines.range((id, 0)..=(id, LineNo::MAX));
            let count = of_source().count();
            if count == 0 {
                continue;
            }
            let open = if count > MANY { "" } else { " open" };
            let counted = counted(count as u64, "line", "lines");
            write!(out, "<details{open}>\n<summary><h3>{}</h3> {counted}</summary>\n", text(name))?;
            writeln!(out, "<ol class=\"log\">")?;
            let mut before = None;
            for (&at, line) in of_source() {
                let follows = before.is_none_or(|before| before + 1 == at.1);
                line.write(out, at, follows)?;
                before = Some(at.1);
            }
            writeln!(out, "</ol>\n</details>")?;
        }
        Ok(())
    }
}

impl Line<'_> {
    /// Writes one line. `follows`: whether the page also shows the line before it in the source.
    fn write(&self, out: &mut String, at: Place, follows: bool) -> fmt::Result {
        let (anchor, gap) = (anchor(at), if follows { "" } else { " class=\"gap\"" });
        write!(out, "<li id=\"{anchor}\"{gap}><a class=\"number\" href=\"#{anchor}\">{}</a> <code>", at.1)?;
        marked(out, self.text, &self.matched)?;
        write!(out, "</code> <span class=\"used\">")?;
        for (index, Anchor { id, label }) in self.used_by.iter().copied().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(out, "{comma}<a href=\"#{id}\">{}</a>", text(label))?;
        }
        writeln!(out, "</span></li>")
    }
}

/// Writes `line` with the spans `matched` marked. They may overlap.
fn marked(out: &mut String, line: &str, matched: &[Range<usize>]) -> fmt::Result {
    let mut ranges = matched.to_vec();
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut at = 0;
    let mut ranges = ranges.into_iter().peekable();
    while let Some(mut range) = ranges.next() {
        while let Some(next) = ranges.next_if(|next| next.start <= range.end) {
            range.end = range.end.max(next.end);
        }
        write!(out, "{}<mark>{}</mark>", text(&line[at..range.start]), text(&line[range.clone()]))?;
        at = range.end;
    }
    write!(out, "{}", text(&line[at..]))
}

/// The id of a line within the page: `L12` in the first source, `S2L12` in the second.
fn anchor((source, line): Place) -> String {
    match source.0 {
        0 => format!("L{line}"),
        nth => format!("S{}L{line}", nth + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_spans_are_marked_once() {
        let mut out = String::new();
        marked(&mut out, "a <b> cd é.", &[5..7, 2..5, 9..11]).expect("a String");
        assert_eq!(out, "a <mark>&lt;b&gt; c</mark>d <mark>é</mark>.");
    }

    #[test]
    fn lines_of_the_first_source_have_plain_names() {
        assert_eq!(anchor((SourceId(0), 12)), "L12");
        assert_eq!(anchor((SourceId(1), 12)), "S2L12");
    }
}
