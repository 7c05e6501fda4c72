//! Finds numbered procedures in the text of a section.
//!
//! A list begins with `1.` or `a.` and continues as long as each number follows the one before. Text between two steps
//! (further paragraphs, notes, even text without indent) belongs to the step before it. After the last step only
//! indented text belongs to it.

use super::lines::{TextLine, lines};
use super::model::{Procedure, Step};

/// At most this many lines without indent may be between two steps. After more, the list has ended. The longest note
/// between two steps in the archive has nine lines.
const LONGEST_INTERRUPTION: usize = 12;

/// The indents of two markers of one list may differ by this many blanks: `9.` and `10.` are aligned left or right.
const MISALIGNED: usize = 2;

/// The greatest depth of nested lists. A list below it is text of its step: each level costs time at every line, and no
/// article has more than four.
const MAX_DEPTH: usize = 8;

/// Finds the procedures in `text`, which is the text of section number `section`. A list with a single step is not a
/// procedure.
pub(super) fn find(section: usize, text: &str) -> Vec<Procedure> {
    let mut found = Vec::new();
    let mut open: Option<OpenList> = None;
    let mut previous = TextLine { text: "", start: 0 };
    for line in lines(text) {
        if !line.is_blank() {
            let is_of_list = open.as_mut().is_some_and(|list| list.take(line, previous));
            if !is_of_list {
                found.extend(open.take().and_then(|list| list.close(section)));
                open = OpenList::open(line, previous);
            }
        }
        previous = line;
    }
    found.extend(open.and_then(|list| list.close(section)));
    found
}

/// The start of a step: `2. text` or `b) text`.
#[derive(Clone, Copy)]
struct StepMarker<'a> {
    indent: usize,
    is_letter: bool,
    /// The number of the step, from 1; for a letter its place in the alphabet.
    ordinal: u32,
    label: &'a str,
    text: &'a str,
}

impl<'a> StepMarker<'a> {
    fn parse(line: TextLine<'a>) -> Option<Self> {
        let content = line.content();
        let is_letter = content.as_bytes().first()?.is_ascii_lowercase();
        let len = if is_letter { 1 } else { content.bytes().take(3).take_while(u8::is_ascii_digit).count() };
        let (label, rest) = content.split_at(len);
        let text = rest.strip_prefix(['.', ')'])?.strip_prefix(' ')?.trim_start();
        let ordinal = if is_letter { u32::from(label.as_bytes()[0] - b'a') + 1 } else { label.parse().ok()? };
        (len <= 2 && !text.is_empty()).then_some(StepMarker { indent: line.indent(), is_letter, ordinal, label, text })
    }
}

/// One level of an open list: the indent of its markers and the last marker.
struct ListLevel {
    indent: usize,
    is_letter: bool,
    ordinal: u32,
    label: String,
}

impl ListLevel {
    fn is_continued_by(&self, marker: StepMarker<'_>) -> bool {
        self.is_letter == marker.is_letter
            && self.ordinal + 1 == marker.ordinal
            && self.indent.abs_diff(marker.indent) <= MISALIGNED
    }
}

#[derive(Default)]
struct OpenList {
    steps: Vec<Step>,
    /// The nested levels of the list, the outermost first. Not empty after `open`.
    levels: Vec<ListLevel>,
    /// The lines without indent after the last step. They belong to it if the list continues.
    pending: String,
    n_pending: usize,
    /// The column at which the text of the last step begins. A paragraph with a larger indent is a listing: its lines
    /// are not joined.
    text_indent: usize,
    is_listing: bool,
}

impl OpenList {
    /// Opens a list if `line` is its first step. Such a line begins a paragraph, follows a colon, or has a larger
    /// indent than the line before it.
    fn open(line: TextLine<'_>, previous: TextLine<'_>) -> Option<OpenList> {
        let marker = StepMarker::parse(line).filter(|marker| marker.ordinal == 1)?;
        let stands_apart = previous.is_blank() || previous.text.ends_with(':') || previous.indent() < marker.indent;
        if !stands_apart {
            return None;
        }
        let mut list = OpenList::default();
        list.nest(marker);
        Some(list)
    }

    /// Adds `line` to the list. Returns `false` if the list has ended before it.
    fn take(&mut self, line: TextLine<'_>, previous: TextLine<'_>) -> bool {
        if let Some(marker) = StepMarker::parse(line) {
            if let Some(depth) = self.levels.iter().rposition(|level| level.is_continued_by(marker)) {
                self.go_on(depth, marker);
                return true;
            }
            if marker.ordinal == 1 && self.levels.len() < MAX_DEPTH {
                let innermost = self.levels.last().expect("an open list has a level");
                if marker.indent <= innermost.indent {
                    return false;
                }
                self.nest(marker);
                return true;
            }
        }
        self.take_text(line, previous)
    }

    fn go_on(&mut self, depth: usize, marker: StepMarker<'_>) {
        self.levels.truncate(depth + 1);
        let level = &mut self.levels[depth];
        level.ordinal = marker.ordinal;
        level.label = marker.label.to_owned();
        self.push_step(marker);
    }

    fn nest(&mut self, marker: StepMarker<'_>) {
        let StepMarker { indent, is_letter, ordinal, label, .. } = marker;
        self.levels.push(ListLevel { indent, is_letter, ordinal, label: label.to_owned() });
        self.push_step(marker);
    }

    fn push_step(&mut self, marker: StepMarker<'_>) {
        self.settle_pending();
        self.text_indent = marker.indent + marker.label.len() + ". ".len();
        self.is_listing = false;
        let labels: Vec<&str> = self.levels.iter().map(|level| level.label.as_str()).collect();
        self.steps.push(Step { number: labels.join("."), text: marker.text.to_owned() });
    }

    /// Adds the pending lines to the last step, because the list has continued.
    fn settle_pending(&mut self) {
        if let Some(step) = self.steps.last_mut()
            && !self.pending.is_empty()
        {
            step.text.push('\n');
            step.text.push_str(&self.pending);
        }
        self.pending.clear();
        self.n_pending = 0;
    }

    fn take_text(&mut self, line: TextLine<'_>, previous: TextLine<'_>) -> bool {
        let margin = self.levels[0].indent;
        let goes_on_at_margin = margin == 0 && self.n_pending == 0 && !previous.is_blank();
        let is_bullet = line.content().starts_with("- ") || line.content().starts_with("• ");
        if previous.is_blank() || is_bullet {
            self.is_listing = !is_bullet && line.indent() > self.text_indent;
        }
        let starts_paragraph = previous.is_blank() || is_bullet || self.is_listing;
        // An indented line below text without indent belongs to that text and is pending as well.
        let is_within_step = self.n_pending == 0 && line.indent() > margin;
        if is_within_step || goes_on_at_margin {
            self.settle_pending();
            let step = self.steps.last_mut().expect("an open list has a step");
            join(&mut step.text, line.content(), starts_paragraph);
            return true;
        }
        self.n_pending += 1;
        join(&mut self.pending, line.content(), starts_paragraph);
        self.n_pending <= LONGEST_INTERRUPTION
    }

    fn close(self, section: usize) -> Option<Procedure> {
        (self.steps.len() > 1).then_some(Procedure { section, steps: self.steps })
    }
}

fn join(text: &mut String, line: &str, starts_paragraph: bool) {
    if !text.is_empty() {
        text.push(if starts_paragraph { '\n' } else { ' ' });
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&[(&str, &str)]]) {
        let procedures = find(0, text);
        let found: Vec<Vec<_>> = procedures
            .iter()
            .map(|p| p.steps.iter().map(|step| (step.number.as_str(), step.text.as_str())).collect())
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn continued_lines_and_later_paragraphs_belong_to_their_step() {
        check(
            "Do this:\n\n1. Open the\n   file.\n\n   NOTE: it is\n   big.\n\n2. Read.\n\nDone.",
            &[&[("1", "Open the file.\nNOTE: it is big."), ("2", "Read.")]],
        );
    }

    #[test]
    fn lists_nest() {
        check(
            "1. One:\n   a. A\n   b. B\n       1) deep\n       2) deeper\n   c. C\n2. Two",
            &[&[
                ("1", "One:"),
                ("1.a", "A"),
                ("1.b", "B"),
                ("1.b.1", "deep"),
                ("1.b.2", "deeper"),
                ("1.c", "C"),
                ("2", "Two"),
            ]],
        );
    }

    #[test]
    fn text_without_indent_belongs_to_a_step_only_if_the_list_goes_on() {
        check(
            "1. One.\n\nNow do:\n\n  a. A\n\n  b. B\n\nBetween.\n\n2. Two.\n\nAfter.",
            &[&[("1", "One.\nNow do:"), ("1.a", "A"), ("1.b", "B\nBetween."), ("2", "Two.")]],
        );
    }

    #[test]
    fn what_is_indented_under_text_after_the_list_is_not_part_of_its_last_step() {
        check("1. One.\n\n2. Two.\n\nSee also:\n\n   Q100100 A title", &[&[("1", "One."), ("2", "Two.")]]);
    }

    #[test]
    fn a_new_first_step_opens_a_new_list() {
        check(
            "Add:\n  1. One.\n  2. Two.\nIf so, do:\n  1. Uno.\n  2. Due.",
            &[&[("1", "One."), ("2", "Two.")], &[("1", "Uno."), ("2", "Due.")]],
        );
    }

    #[test]
    fn bullets_within_a_step_keep_their_lines() {
        check(
            "1. Ask for:\n   - a thing,\n     or two\n   - more\n2. Go",
            &[&[("1", "Ask for:\n- a thing, or two\n- more"), ("2", "Go")]],
        );
    }

    #[test]
    fn a_listing_within_a_step_keeps_its_lines() {
        check(
            "1. Type:\n\n      cd mail\n      dir\n\n   Then\n   look.\n\n2. Go",
            &[&[("1", "Type:\ncd mail\ndir\nThen look."), ("2", "Go")]],
        );
    }

    #[test]
    fn numbers_in_running_text_are_no_steps() {
        check("We saw version\n1. That was\n2. Bad.", &[]);
        check("1. Alone.\n\nText.", &[]);
        check("2. Late.\n3. Later.", &[]);
        check("1.5 GB\n2.5 GB", &[]);
        let long = "x\n".repeat(LONGEST_INTERRUPTION + 1);
        check(&format!("1. One.\n\n{long}\n2. Two."), &[]);
    }
}
