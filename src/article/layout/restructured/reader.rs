//! Reads reStructuredText into blocks. What is indented below a line belongs to it, and is read in the same way; this is
//! limited in depth, so the time is linear.

use super::inline::pieces;
use super::line::{self, Line, Marker};
use super::table;
use super::targets::Targets;
use crate::article::field_name::{FieldName, field_named};
use crate::article::layout::blocks::{BlockKind, ListStyle, Outline};
use crate::article::layout::inline::InlineText;
use crate::article::layout::notices;
use crate::article::layout::piece::{Piece, fill, plain};

/// The greatest depth of indented text that is read as blocks. Deeper text is one paragraph.
pub(super) const MAX_DEPTH: usize = 16;

/// Adds the blocks of `lines` to `outline`, and returns the fields at the start of the text.
pub(super) fn read_into(outline: &mut Outline, lines: &[Line<'_>], targets: &Targets) -> Vec<(FieldName, String)> {
    let mut reader =
        Reader { outline, targets, styles: Vec::new(), label: String::new(), is_at_start: true, fields: Vec::new() };
    reader.blocks(lines, 0);
    reader.settle();
    reader.fields
}

pub(super) struct Reader<'o> {
    pub(super) outline: &'o mut Outline,
    pub(super) targets: &'o Targets,
    /// The styles of headings, the highest level first.
    styles: Vec<(char, bool)>,
    /// The label of an admonition, which is printed before its first paragraph.
    pub(super) label: String,
    /// Whether there was no text yet, only the title.
    is_at_start: bool,
    pub(super) fields: Vec<(FieldName, String)>,
}

impl Reader<'_> {
    /// Reads lines at any indent.
    pub(super) fn blocks(&mut self, lines: &[Line<'_>], depth: usize) {
        if depth > MAX_DEPTH {
            let words: Vec<&str> = lines.iter().map(|line| line.text).collect();
            self.push_text(&words.join("\n"));
            return;
        }
        let margin = line::margin(lines);
        let mut at = 0;
        while at < lines.len() {
            at += if lines[at].is_blank() { 1 } else { self.block(&lines[at..], margin, depth) };
        }
    }

    /// Reads the block at the start of `lines`, which is not blank, and returns the number of its lines.
    fn block(&mut self, lines: &[Line<'_>], margin: usize, depth: usize) -> usize {
        let first = lines[0];
        if first.indent > margin {
            return self.quotation(lines, margin, depth);
        }
        if first.text == ".." || first.text.starts_with(".. ") {
            let n_below = line::n_indented(&lines[1..], margin);
            self.explicit(first.text[2..].trim_start(), &lines[1..=n_below], depth);
            return 1 + n_below;
        }
        if first.text.starts_with("__ ") {
            return 1;
        }
        if depth == 0
            && let Some(heading) = line::heading(lines)
        {
            self.heading(heading.text, heading.style);
            return heading.n_lines;
        }
        if table::is_grid(first.text) || table::is_simple(first.text) {
            return self.table(lines, margin, depth);
        }
        if line::adornment(first.text).is_some() && first.text.len() >= 4 {
            return 1;
        }
        if let Some((name, value)) = line::field(first.text) {
            let n_below = line::n_indented(&lines[1..], margin);
            self.field(name, value, &lines[1..=n_below], depth);
            return 1 + n_below;
        }
        self.is_at_start = false;
        if line::item(first.text).is_some() {
            return self.list(lines, margin, depth);
        }
        if first.text.starts_with(">>> ") {
            let len = lines.iter().take_while(|line| !line.is_blank()).count();
            self.push_code(&lines[..len]);
            return len;
        }
        if first.text.starts_with("| ") || first.text == "|" {
            return self.line_block(lines);
        }
        self.described(lines, margin, depth).unwrap_or_else(|| self.paragraph(lines, margin))
    }

    fn quotation(&mut self, lines: &[Line<'_>], margin: usize, depth: usize) -> usize {
        let len = line::n_indented(lines, margin).max(1);
        self.settle();
        self.outline.open_quote();
        self.blocks(&lines[..len], depth + 1);
        self.settle();
        self.outline.close_quote();
        len
    }

    /// Reads what follows `.. `: a directive, a footnote, or something that prints nothing.
    fn explicit(&mut self, text: &str, below: &[Line<'_>], depth: usize) {
        if let Some((name, argument)) = line::directive(text) {
            self.directive(name, argument, below, depth);
        } else if let Some((label, note)) = text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            let text = format!("[{label}] {note}");
            let mut lines = vec![Line { indent: line::margin(below), text: &text }];
            lines.extend_from_slice(below);
            self.blocks(&lines, depth + 1);
        }
        // Targets and substitutions have been collected before. Everything else is a comment.
    }

    fn heading(&mut self, text: &str, style: (char, bool)) {
        let level = self.styles.iter().position(|known| *known == style).unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        let text = self.plain(text);
        self.outline.push(BlockKind::Heading(level.min(6) as u8 + 1), text);
    }

    fn table(&mut self, lines: &[Line<'_>], margin: usize, depth: usize) -> usize {
        let len = if table::is_grid(lines[0].text) {
            lines.iter().take_while(|line| line.indent >= margin && line.text.starts_with(['+', '|'])).count()
        } else {
            simple_len(lines)
        };
        let rows = if table::is_grid(lines[0].text) {
            table::grid_rows(&lines[..len])
        } else {
            table::simple_rows(&lines[..len])
        };
        for row in &rows {
            let cells: Vec<Vec<Line<'_>>> =
                row.iter().map(|cell| cell.iter().map(|line| Line::new(line)).collect()).collect();
            let cells: Vec<&[Line<'_>]> = cells.iter().map(Vec::as_slice).collect();
            self.row(&cells, depth);
        }
        len
    }

    /// Prints a row of a table.
    pub(super) fn row(&mut self, cells: &[&[Line<'_>]], depth: usize) {
        self.settle();
        self.outline.open_row();
        for cell in cells {
            self.outline.open_cell();
            self.blocks(cell, depth + 1);
        }
        self.outline.close_row();
    }

    /// Reads a field. At the start of a text it describes the text.
    fn field(&mut self, name: &str, value: &str, below: &[Line<'_>], depth: usize) {
        const OF_SPHINX: [&str; 6] = ["orphan", "tocdepth", "nosearch", "nocomments", "no-search", "hide-toc"];
        if !self.is_at_start {
            let text = if value.is_empty() { format!("{name}:") } else { format!("{name}: {value}") };
            self.push_text(&text);
            self.nested(below, depth);
            return;
        }
        let all = below.iter().fold(value.to_owned(), |text, line| text + " " + line.text);
        match field_named(name).filter(|field| *field != FieldName::Title) {
            Some(field) => {
                self.fields.extend(notices::split_value(field, all.trim()).map(|value| (field, value.to_owned())))
            }
            None if OF_SPHINX.contains(&name) || all.trim().is_empty() => {}
            None => self.push_text(&format!("{name}: {all}")),
        }
    }

    fn nested(&mut self, lines: &[Line<'_>], depth: usize) {
        if !lines.is_empty() {
            self.outline.open_quote();
            self.blocks(lines, depth + 1);
            self.outline.close_quote();
        }
    }

    fn list(&mut self, lines: &[Line<'_>], margin: usize, depth: usize) -> usize {
        self.settle();
        let mut at = 0;
        let mut open: Option<Marker> = None;
        while let Some(line) = lines.get(at) {
            if line.is_blank() {
                at += 1;
                continue;
            }
            let Some(item) = line::item(line.text).filter(|_| line.indent == margin) else { break };
            if open.is_none_or(|open| !open.is_continued_by(item.marker)) {
                if open.is_some() {
                    break;
                }
                self.outline.open_list(match item.marker {
                    Marker::Bullet(_) => ListStyle::Bullets,
                    Marker::Next => ListStyle::Numbers(1),
                    Marker::Number(first) => ListStyle::Numbers(first),
                    Marker::Letter(first) => ListStyle::Letters(first),
                });
            }
            open = Some(item.marker);
            let n_below = line::n_indented(&lines[at + 1..], margin);
            self.item(&item, *line, &lines[at + 1..=at + n_below], depth);
            at += 1 + n_below;
        }
        self.outline.close_list();
        at
    }

    fn item(&mut self, item: &line::ItemStart<'_>, first: Line<'_>, below: &[Line<'_>], depth: usize) {
        let stated = match item.marker {
            Marker::Number(number) | Marker::Letter(number) => Some(number),
            Marker::Bullet(_) | Marker::Next => None,
        };
        self.outline.open_item(stated);
        let indent = if below.is_empty() { first.indent + item.width } else { line::margin(below) };
        let mut lines = vec![Line { indent, text: item.text }];
        lines.extend_from_slice(below);
        self.blocks(&lines, depth + 1);
        self.outline.close_item();
    }

    fn line_block(&mut self, lines: &[Line<'_>]) -> usize {
        let mut inline = InlineText::default();
        let mut len = 0;
        for line in lines {
            let Some(text) = line.text.strip_prefix('|').filter(|text| text.is_empty() || text.starts_with(' ')) else {
                break;
            };
            inline.break_line();
            fill(&mut inline, &pieces(text.trim(), self.targets));
            len += 1;
        }
        self.settle();
        self.outline.push(BlockKind::Paragraph, inline.take());
        len
    }

    /// Reads a term or an option and its description, which is indented below it.
    fn described(&mut self, lines: &[Line<'_>], margin: usize, depth: usize) -> Option<usize> {
        let first = lines[0].text;
        let n_below = line::n_indented(&lines[1..], margin);
        let option = line::option(first);
        let has_text_below = lines.get(1).is_some_and(|next| !next.is_blank() && next.indent > margin);
        if option.is_none() && (!has_text_below || first.ends_with("::")) {
            return None;
        }
        let (term, description) = option.unwrap_or((first, ""));
        self.push_text(term);
        self.outline.open_quote();
        let below = &lines[1..=n_below];
        let mut inner = vec![Line { indent: line::margin(below), text: description }];
        inner.extend_from_slice(below);
        self.blocks(&inner, depth + 1);
        self.outline.close_quote();
        Some(1 + n_below)
    }

    /// Reads a paragraph, and the lines of code below it if it ends in `::`.
    fn paragraph(&mut self, lines: &[Line<'_>], margin: usize) -> usize {
        let len = lines.iter().take_while(|line| !line.is_blank() && line.indent == margin).count().max(1);
        let text = lines[..len].iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
        let Some(before) = text.strip_suffix("::") else {
            self.push_text(&text);
            return len;
        };
        if !before.trim().is_empty() {
            let colon = if before.ends_with(char::is_whitespace) { "" } else { ":" };
            self.push_text(&format!("{}{colon}", before.trim_end()));
        }
        let below = &lines[len..];
        let n_blank = below.iter().take_while(|line| line.is_blank()).count();
        let mut n_code = line::n_indented(below, margin);
        if n_code == 0 {
            // Lines that all begin with the same mark need no indent.
            let mark = below.get(n_blank).and_then(|line| line.text.chars().next()).filter(char::is_ascii_punctuation);
            let quoted =
                below[n_blank..].iter().take_while(|line| mark.is_some_and(|mark| line.text.starts_with(mark)));
            n_code = match quoted.count() {
                0 => 0,
                n_quoted => n_blank + n_quoted,
            };
        }
        self.push_code(&below[..n_code]);
        len + n_code
    }

    pub(super) fn push_code(&mut self, lines: &[Line<'_>]) {
        self.settle();
        self.is_at_start = false;
        self.outline.push_code(&line::joined(lines));
    }

    pub(super) fn plain(&self, text: &str) -> String {
        let mut inline = InlineText::default();
        inline.push(&plain(&pieces(text, self.targets)));
        inline.take()
    }

    /// Prints the label of an admonition that begins with something else than a paragraph.
    pub(super) fn settle(&mut self) {
        let label = std::mem::take(&mut self.label);
        if !label.is_empty() {
            self.outline.push(BlockKind::Paragraph, format!("{label}:"));
        }
    }

    pub(super) fn push_text(&mut self, text: &str) {
        self.is_at_start = false;
        let label = std::mem::take(&mut self.label);
        let mut inline = InlineText::default();
        if !label.is_empty() {
            fill(&mut inline, &[Piece::Text(format!("{label}: ").into())]);
        }
        fill(&mut inline, &pieces(text, self.targets));
        let kind = if inline.is_bold() { BlockKind::Bold } else { BlockKind::Paragraph };
        self.outline.push(kind, inline.take());
    }
}

/// Returns the number of lines of a table without vertical lines: up to a border that a blank line follows.
fn simple_len(lines: &[Line<'_>]) -> usize {
    const LONGEST: usize = 1_000;
    let is_end = |at: usize| table::is_simple(lines[at].text) && lines.get(at + 1).is_none_or(|next| next.is_blank());
    let below = (1..lines.len().min(LONGEST)).find(|&at| is_end(at));
    below.map_or_else(|| lines.iter().take_while(|line| !line.is_blank()).count(), |at| at + 1)
}
