//! The log lines that a page shows: each once, below its source, with what it shows and what rests on it.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::ops::Range;

use super::escape::text;
use super::matched::matched;
use crate::matching::LineNo;
use crate::report::DiagnosisView;
use crate::report::number::counted;
use crate::source::SourceId;

/// Lines of one source beyond which they are folded away until asked for.
const MANY: usize = 40;

/// The lines by their place.
pub(super) struct Lines<'a>(BTreeMap<(SourceId, LineNo), Line<'a>>);

struct Line<'a> {
    text: &'a str,
    /// What matched, as spans of `text`, in no order.
    matched: Vec<Range<usize>>,
    /// Where a reader comes from: anchors, with what stands there.
    used_by: Vec<(String, String)>,
}

impl<'a> Lines<'a> {
    /// The lines that show the findings of the page, and those that led to its articles.
    pub(super) fn of(view: DiagnosisView<'a>) -> Lines<'a> {
        let mut lines = Lines(BTreeMap::new());
        lines.add_findings(view);
        lines.add_articles(view);
        lines
    }

    fn add_findings(&mut self, view: DiagnosisView<'a>) {
        for (number, finding) in (1..).zip(view.top(&view.diagnosis.findings)) {
            let symptom = view.program.symptom(finding.symptom);
            for evidence in &finding.evidence {
                let line = self.line((evidence.source, evidence.line), evidence.text.trim_end());
                line.matched.extend(matched(symptom, finding, line.text));
                line.used_by.push((format!("finding-{number}"), view.finding_title(finding)));
            }
        }
    }

    fn add_articles(&mut self, view: DiagnosisView<'a>) {
        for (rank, article) in (1..).zip(view.articles()) {
            for reason in view.reasons(article) {
                let (Some(at), Some(record)) = (reason.at, reason.record) else { continue };
                let user = (format!("article-{rank}"), format!("article {}", article.id));
                let used_by = &mut self.line(at, record).used_by;
                if !used_by.contains(&user) {
                    used_by.push(user);
                }
            }
        }
    }

    fn line(&mut self, at: (SourceId, LineNo), text: &'a str) -> &mut Line<'a> {
        self.0.entry(at).or_insert_with(|| Line { text, matched: Vec::new(), used_by: Vec::new() })
    }

    /// The number of a line, which leads to it where the page shows it.
    pub(super) fn link(&self, out: &mut String, at: (SourceId, LineNo)) -> fmt::Result {
        match self.0.contains_key(&at) {
            true => write!(out, "<a href=\"#{}\">{}</a>", anchor(at), at.1),
            false => write!(out, "{}", at.1),
        }
    }

    /// The same with the name of its source, where there are several.
    pub(super) fn place(&self, out: &mut String, view: DiagnosisView, at: (SourceId, LineNo)) -> fmt::Result {
        if view.diagnosis.sources.len() > 1 {
            write!(out, "{}:", text(&view.source(at.0)))?;
        }
        self.link(out, at)
    }

    /// A line with what matched marked; nothing where the page does not show it.
    pub(super) fn record(&self, out: &mut String, at: (SourceId, LineNo)) -> fmt::Result {
        self.0.get(&at).map_or(Ok(()), |line| marked(out, line.text, &line.matched))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All lines, source by source.
    pub(super) fn write(&self, out: &mut String, view: DiagnosisView) -> fmt::Result {
        for id in (0..).map(SourceId).take(view.diagnosis.sources.len()) {
            let of_source = || self.0.range((id, 0)..=(id, LineNo::MAX));
            let count = of_source().count();
            if count == 0 {
                continue;
            }
            let open = if count > MANY { "" } else { " open" };
            let counted = counted(count as u64, "line", "lines");
            write!(out, "<details{open}>\n<summary><h3>{}</h3> {counted}</summary>\n", text(&view.source(id)))?;
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
    fn write(&self, out: &mut String, at: (SourceId, LineNo), follows: bool) -> fmt::Result {
        let (anchor, gap) = (anchor(at), if follows { "" } else { " class=\"gap\"" });
        write!(out, "<li id=\"{anchor}\"{gap}><a class=\"number\" href=\"#{anchor}\">{}</a> <code>", at.1)?;
        marked(out, self.text, &self.matched)?;
        write!(out, "</code> <span class=\"used\">")?;
        for (index, (anchor, what)) in self.used_by.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(out, "{comma}<a href=\"#{anchor}\">{}</a>", text(what))?;
        }
        writeln!(out, "</span></li>")
    }
}

/// `line` with the spans `matched` marked; they may overlap.
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

/// The name of a line within the page: `L12`; of another source than the first, `S2L12`.
fn anchor((source, line): (SourceId, LineNo)) -> String {
    match source.0 {
        0 => format!("L{line}"),
        nth => format!("S{}L{line}", nth + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matched_is_marked_once() {
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
