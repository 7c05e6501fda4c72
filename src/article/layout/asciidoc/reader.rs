//! Reads AsciiDoc into blocks, line by line.
//!
//! Everything that is open at a line (delimited blocks, lists, terms) is in one list of frames, so nesting needs no
//! recursion. Only cells of tables that contain blocks are read by a reader of their own.

use super::attributes::{AttributeLine, Attributes, attribute_line};
use super::block_style::{BlockStyle, attribute_list};
use super::conditions::{Conditions, Fate};
use super::inline::{Titles, pieces};
use super::line::{self, Fence, ItemStart, Numbering};
use super::table;
use crate::article::field_name::{FieldName, field_named};
use crate::article::layout::blocks::{BlockKind, ListStyle, Outline};
use crate::article::layout::inline::InlineText;
use crate::article::layout::link::{LinkAddress, written_out};
use crate::article::layout::piece::{fill, plain};
use crate::article::layout::{html, notices};

/// The greatest number of blocks and lists within each other. What is deeper is read as if it were not nested.
const MAX_DEPTH: usize = 32;

/// The length in bytes after which the value of an attribute is not continued on the next line.
const LONGEST_VALUE: usize = 1_000;

/// The greatest number of tables within each other whose cells are read as blocks.
const MAX_TABLE_DEPTH: usize = 3;

/// Adds the blocks of `text` to `outline`, and returns the fields in its header. `titles` has the titles of its anchors.
pub(super) fn read_into(outline: &mut Outline, text: &str, titles: &Titles) -> Vec<(FieldName, String)> {
    let mut attributes = Attributes::default();
    let mut reader = Reader::new(outline, text.lines().collect(), &mut attributes, titles, 0);
    reader.read();
    reader.fields
}

/// Something that is open.
enum Frame<'t> {
    /// A delimited block and the line that ends it.
    Block {
        end: &'t str,
        is_quote: bool,
    },
    List {
        key: &'t str,
    },
    /// A list of terms; the text of a term is open.
    Terms {
        key: &'t str,
    },
}

struct Reader<'t, 'o> {
    lines: Vec<&'t str>,
    at: usize,
    outline: &'o mut Outline,
    attributes: &'o mut Attributes,
    titles: &'o Titles,
    conditions: Conditions,
    frames: Vec<Frame<'t>>,
    /// The lines of the current paragraph, and what was said about it.
    paragraph: String,
    paragraph_style: BlockStyle<'t>,
    /// What was said about the next block.
    style: BlockStyle<'t>,
    /// The label of an admonition, which is printed before its first paragraph.
    label: &'t str,
    n_blank: usize,
    /// Whether the next block belongs to the open list item because of a line `+`.
    is_attached: bool,
    /// Whether a term waits for its text.
    awaits_text: bool,
    /// Whether the lines directly below the title are being read.
    is_below_title: bool,
    n_headings: usize,
    level_offset: i8,
    table_depth: usize,
    fields: Vec<(FieldName, String)>,
}

impl<'t, 'o> Reader<'t, 'o> {
    fn new(
        outline: &'o mut Outline,
        lines: Vec<&'t str>,
        attributes: &'o mut Attributes,
        titles: &'o Titles,
        table_depth: usize,
    ) -> Self {
        Reader {
            lines,
            at: 0,
            outline,
            attributes,
            titles,
            conditions: Conditions::default(),
            frames: Vec::new(),
            paragraph: String::new(),
            paragraph_style: BlockStyle::default(),
            style: BlockStyle::default(),
            label: "",
            n_blank: 0,
            is_attached: false,
            awaits_text: false,
            is_below_title: false,
            n_headings: 0,
            level_offset: 0,
            table_depth,
            fields: Vec::new(),
        }
    }

    fn read(&mut self) {
        while let Some(line) = self.next_line() {
            self.take(line);
        }
        self.flush();
        self.settle();
        self.close_frames(0);
    }

    /// Returns the next line that no condition drops.
    fn next_line(&mut self) -> Option<&'t str> {
        loop {
            let line = *self.lines.get(self.at)?;
            self.at += 1;
            if let Fate::Kept(line) = self.conditions.take(line, self.attributes) {
                return Some(line.trim_end());
            }
        }
    }

    fn take(&mut self, line: &'t str) {
        if line.is_empty() {
            self.flush();
            self.n_blank += 1;
            self.is_below_title = false;
            return;
        }
        if line.starts_with("//") && !line.starts_with("///") {
            return;
        }
        let is_within = !self.paragraph.is_empty();
        if is_within && self.continues(line) {
            self.paragraph.push('\n');
            self.paragraph.push_str(line);
            return;
        }
        self.flush();
        // What is said about a block belongs to it, so the blank lines above it count for the block.
        if self.take_setting(line) {
            return;
        }
        if !(self.take_fence(line)
            || self.take_heading(line)
            || self.take_macro(line)
            || self.take_item(line)
            || self.take_term(line))
        {
            self.take_text(line);
        }
        self.n_blank = 0;
    }

    /// Whether `line` continues the current paragraph.
    fn continues(&self, line: &'t str) -> bool {
        if self.paragraph_style.is_code() {
            return true;
        }
        let is_block = line::fence(line).is_some() || attribute_list(line).is_some() || line == "+";
        let is_item = line::item(line)
            .is_some_and(|item| self.is_in_list() || matches!(item.numbering, Numbering::Bullet | Numbering::Number));
        let is_term = self.is_in_list() && line::term(line).is_some();
        !is_block && !is_item && !is_term
    }

    fn is_in_list(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::List { .. } | Frame::Terms { .. }))
    }

    /// Reads lines that print nothing: attributes, what is said about the next block, `+`, and the author of the text.
    fn take_setting(&mut self, line: &'t str) -> bool {
        if let Some(set) = attribute_line(line) {
            self.set(set);
            return true;
        }
        if let Some(list) = attribute_list(line) {
            self.style.add(list);
            return true;
        }
        if line == "+" {
            // Each blank line before it leads one list outwards.
            for _ in 0..self.n_blank {
                if self.frames.len() > self.base() + 1 {
                    self.close_frames(self.frames.len() - 1);
                }
            }
            (self.is_attached, self.n_blank) = (true, 0);
            return true;
        }
        let title = line.strip_prefix('.').filter(|title| !title.starts_with(['.', ' ', '\t']) && !title.is_empty());
        if let Some(title) = title {
            self.style.title = title;
            return true;
        }
        if matches!(line, "'''" | "---" | "***" | "- - -" | "* * *" | "<<<") {
            self.begin_block();
            return true;
        }
        self.is_below_title && self.take_author(line)
    }

    fn set(&mut self, AttributeLine { name, value }: AttributeLine<'t>) {
        let mut value = value.map(str::to_owned);
        while let Some(joined) = &mut value
            && joined.len() < LONGEST_VALUE
            && let Some(start) = joined.strip_suffix('\\')
        {
            let Some(next) = self.next_line() else { break };
            *joined = format!("{} {}", start.trim_end(), next.trim());
        }
        if name == "leveloffset" {
            let number = value.as_deref().unwrap_or("0");
            let offset: i8 = number.parse().unwrap_or(0);
            let is_relative = number.starts_with(['+', '-']);
            self.level_offset =
                if is_relative { self.level_offset.saturating_add(offset) } else { offset }.clamp(-5, 5);
            return;
        }
        if self.conditions.are_undecided() && self.attributes.is_known(name) {
            return;
        }
        self.attributes.set(name, value.as_deref());
        let field = if name == "revdate" { Some(FieldName::Modified) } else { field_named(name) };
        let field = field.filter(|field| *field != FieldName::Title && self.n_headings <= 1);
        if let (Some(field), Some(value)) = (field, self.attributes.value(name)) {
            let values = notices::split_value(field, value).map(|value| (field, value.to_owned()));
            self.fields.extend(values.collect::<Vec<_>>());
        }
    }

    /// Reads the author and the revision below the title. The revision contains a date.
    fn take_author(&mut self, line: &str) -> bool {
        let revision = line.strip_prefix('v').unwrap_or(line);
        if revision.starts_with(|c: char| c.is_ascii_digit()) && line.contains(['.', '-']) && !line.ends_with('.') {
            let mut dates = line.split(',').map(|part| part.split(": ").next().unwrap_or(part).trim().to_owned());
            let date = dates.rfind(|part| crate::article::date::parse_date(part).is_some());
            self.fields.extend(date.map(|date| (FieldName::Modified, date)));
            return true;
        }
        self.is_below_title = line::is_author(line);
        self.is_below_title
    }

    /// The number of frames up to and including the innermost delimited block.
    fn base(&self) -> usize {
        self.frames.iter().rposition(|frame| matches!(frame, Frame::Block { .. })).map_or(0, |at| at + 1)
    }

    fn close_frames(&mut self, keep: usize) {
        while self.frames.len() > keep {
            match self.frames.pop() {
                Some(Frame::List { .. }) => {
                    self.outline.close_item();
                    self.outline.close_list();
                }
                Some(Frame::Terms { .. } | Frame::Block { is_quote: true, .. }) => self.outline.close_quote(),
                Some(Frame::Block { is_quote: false, .. }) | None => {}
            }
        }
    }

    /// Ends the lists that the next block does not belong to, and prints its title.
    fn begin_block(&mut self) {
        if self.n_blank > 0 && !self.is_attached && !self.awaits_text {
            self.close_frames(self.base());
        }
        self.begin_within();
    }

    fn begin_within(&mut self) {
        self.is_attached = false;
        self.awaits_text = false;
        self.n_blank = 0;
        let title = std::mem::take(&mut self.style.title);
        if !title.is_empty() {
            self.settle();
            let title = self.plain(title);
            self.outline.push(BlockKind::Bold, title);
        }
    }

    /// Prints the label of an admonition that begins with something else than a paragraph.
    fn settle(&mut self) {
        let label = std::mem::take(&mut self.label);
        if !label.is_empty() {
            self.outline.push(BlockKind::Paragraph, format!("{label}:"));
        }
    }

    fn plain(&mut self, text: &str) -> String {
        let text = self.attributes.printed(text);
        let mut inline = InlineText::default();
        inline.push(&plain(&pieces(&text, self.titles)));
        inline.take()
    }

    fn take_fence(&mut self, line: &'t str) -> bool {
        let closes = |frame: &Frame<'_>| matches!(frame, Frame::Block { end, .. } if *end == line);
        if let Some(at) = self.frames.iter().rposition(closes) {
            self.settle();
            self.close_frames(at);
            self.is_attached = false;
            return true;
        }
        let Some(fence) = line::fence(line) else { return false };
        if fence == Fence::Comment {
            self.lines_until(line);
            return true;
        }
        self.begin_block();
        let style = std::mem::take(&mut self.style);
        match fence {
            Fence::Verbatim => {
                let end = if line.starts_with("```") { "```" } else { line };
                let lines = self.lines_until(end);
                self.push_code(&lines, &style);
            }
            Fence::Group | Fence::Quote if style.is_code() => {
                let lines = self.lines_until(line);
                self.push_code(&lines, &style);
            }
            Fence::Group | Fence::Quote => self.open_block(line, fence == Fence::Quote, &style),
            Fence::Passthrough => {
                let text = self.lines_until(line).join("\n");
                self.settle();
                if style.is_code() { self.outline.push_code(&text) } else { html::read_into(self.outline, &text) }
            }
            Fence::Table(separator) => {
                let lines = self.lines_until(line);
                self.settle();
                self.push_table(&table::rows(&lines, style.columns, separator));
            }
            Fence::Comment => {}
        }
        true
    }

    fn open_block(&mut self, end: &'t str, is_quote: bool, style: &BlockStyle<'t>) {
        self.settle();
        if self.frames.len() >= MAX_DEPTH {
            return;
        }
        self.label = style.admonition().unwrap_or_default();
        let is_quote = is_quote || !self.label.is_empty();
        if is_quote {
            self.outline.open_quote();
        }
        self.frames.push(Frame::Block { end, is_quote });
    }

    /// Returns the lines up to the line `end`, and skips that line.
    fn lines_until(&mut self, end: &str) -> Vec<&'t str> {
        let mut lines = Vec::new();
        while let Some(line) = self.next_line() {
            if line == end {
                break;
            }
            lines.push(line);
        }
        lines
    }

    fn push_code(&mut self, lines: &[&str], style: &BlockStyle<'_>) {
        self.settle();
        let is_printed = style.substitutions.contains("attributes") || style.substitutions.contains("normal");
        let is_typed = style.substitutions.contains("quotes")
            || style.substitutions.contains("normal")
            || style.substitutions.contains("macros");
        let mut code = String::new();
        for line in lines {
            let line = line::without_callouts(line);
            let line = if is_printed { self.attributes.printed(line) } else { line.into() };
            if is_typed {
                code.push_str(&plain(&pieces(&line, self.titles)));
            } else {
                code.push_str(&line);
            }
            code.push('\n');
        }
        self.outline.push_code(&code);
    }

    fn push_table(&mut self, rows: &[Vec<table::Cell>]) {
        for row in rows {
            self.outline.open_row();
            for cell in row {
                self.outline.open_cell();
                if cell.has_blocks && self.table_depth < MAX_TABLE_DEPTH {
                    let lines = cell.text.lines().collect();
                    Reader::new(self.outline, lines, self.attributes, self.titles, self.table_depth + 1).read();
                } else {
                    for paragraph in cell.text.trim().split("\n\n") {
                        self.push_text(paragraph, BlockKind::Paragraph);
                    }
                }
            }
            self.outline.close_row();
        }
    }

    fn take_heading(&mut self, line: &'t str) -> bool {
        let underlined = || {
            let level = self.lines.get(self.at).and_then(|next| line::underline(line, next.trim_end()));
            level
                .filter(|_| {
                    self.base() == 0 && (self.frames.is_empty() || self.n_blank > 0) && line::item(line).is_none()
                })
                .map(|level| (level, line))
        };
        let marked = line::heading(line);
        let Some((level, text)) = marked.or_else(underlined) else { return false };
        if marked.is_none() {
            self.at += 1;
        }
        self.close_frames(self.base());
        self.is_attached = false;
        self.begin_within();
        self.settle();
        let level = (level as i8 + self.level_offset).clamp(1, 7) as u8;
        self.is_below_title = self.n_headings == 0 && level == 1;
        self.n_headings += 1;
        self.style = BlockStyle::default();
        let text = self.plain(text);
        self.outline.push(BlockKind::Heading(level), text);
        true
    }

    fn take_macro(&mut self, line: &'t str) -> bool {
        let Some((name, target, inner)) = line::block_macro(line) else { return false };
        self.begin_block();
        self.style = BlockStyle::default();
        let words = match name {
            "include" if target.contains("attributes") => String::new(),
            // The text is not there, so the reader is told where it is.
            "include" => written_out("", &LinkAddress::new(&self.attributes.printed(target))).unwrap_or_default(),
            "toc" | "video" | "audio" => String::new(),
            _ => {
                let first = inner.split(',').next().unwrap_or_default();
                if first.contains('=') { String::new() } else { self.plain(first.trim_matches('"')) }
            }
        };
        self.outline.push(BlockKind::Paragraph, words);
        true
    }

    fn take_item(&mut self, line: &'t str) -> bool {
        let Some(item) = line::item(line) else { return false };
        // After a title or something that is no list a new list begins.
        let is_new = !self.style.title.is_empty() && self.n_blank > 0 && !self.is_attached;
        if is_new {
            self.close_frames(self.base());
        }
        let base = self.base();
        let same =
            self.frames[base..].iter().rposition(|frame| matches!(frame, Frame::List { key } if *key == item.key));
        match same {
            Some(at) if !self.is_attached => {
                self.close_frames(base + at + 1);
                self.outline.close_item();
            }
            _ => self.open_list(item),
        }
        self.is_attached = false;
        self.awaits_text = false;
        let stated = if let Numbering::Stated(number) = item.numbering { Some(number) } else { None };
        self.outline.open_item(stated);
        self.style = BlockStyle::default();
        self.start_paragraph(item.text);
        true
    }

    fn open_list(&mut self, item: ItemStart<'t>) {
        self.begin_within();
        self.settle();
        if self.frames.len() >= MAX_DEPTH {
            self.close_frames(self.base().max(MAX_DEPTH / 2));
        }
        let first = self.style.start.unwrap_or(1);
        let style = match (self.style.name, item.numbering) {
            (_, Numbering::Bullet) => ListStyle::Bullets,
            ("loweralpha" | "upperalpha", _) => ListStyle::Letters(first),
            ("arabic" | "decimal" | "lowerroman" | "upperroman", _) => ListStyle::Numbers(first),
            (_, Numbering::Letter) => ListStyle::Letters(first),
            (_, Numbering::Number | Numbering::Stated(_)) => ListStyle::Numbers(first),
        };
        self.outline.open_list(style);
        self.frames.push(Frame::List { key: item.key });
    }

    fn take_term(&mut self, line: &'t str) -> bool {
        let Some((term, key, text)) = line::term(line) else { return false };
        let base = self.base();
        let same =
            self.frames[base..].iter().rposition(|frame| matches!(frame, Frame::Terms { key: known } if *known == key));
        match same {
            Some(at) => self.close_frames(base + at),
            None if self.n_blank > 0 && !self.is_attached && !self.is_in_list() => self.close_frames(base),
            None => {}
        }
        self.begin_within();
        self.settle();
        if self.frames.len() >= MAX_DEPTH {
            self.close_frames(self.base().max(MAX_DEPTH / 2));
        }
        self.style = BlockStyle::default();
        self.push_text(term, BlockKind::Paragraph);
        self.outline.open_quote();
        self.frames.push(Frame::Terms { key });
        if text.is_empty() {
            self.awaits_text = true
        } else {
            self.start_paragraph(text)
        }
        true
    }

    fn take_text(&mut self, line: &'t str) {
        let is_literal =
            line.starts_with([' ', '\t']) && !self.awaits_text && !(self.is_in_list() && self.n_blank == 0);
        if is_literal && self.is_in_list() {
            self.is_attached = true;
        }
        self.begin_block();
        if !is_literal {
            self.start_paragraph(line);
            return;
        }
        self.settle();
        let mut lines = vec![line];
        while let Some(line) = self.next_line().filter(|line| !line.is_empty()) {
            lines.push(line);
        }
        self.n_blank = 1;
        // A no-break space is no margin, and has two bytes.
        let blanks = |line: &&str| line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let margin = lines.iter().map(blanks).min().unwrap_or(0);
        let lines: Vec<&str> = lines.iter().map(|line| &line[margin..]).collect();
        self.style = BlockStyle::default();
        self.outline.push_code(&lines.join("\n"));
        self.n_blank = 1;
    }

    fn start_paragraph(&mut self, text: &'t str) {
        self.paragraph_style = std::mem::take(&mut self.style);
        self.paragraph.push_str(text);
    }

    /// Prints the current paragraph.
    fn flush(&mut self) {
        if self.paragraph.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.paragraph);
        let style = std::mem::take(&mut self.paragraph_style);
        if style.is_code() {
            self.push_code(&text.lines().collect::<Vec<_>>(), &style);
            return;
        }
        if let Some(label) = style.admonition() {
            self.label = label;
        }
        let label = std::mem::take(&mut self.label);
        let text = if label.is_empty() { text } else { format!("{label}: {text}") };
        self.push_text(&text, BlockKind::Paragraph);
    }

    fn push_text(&mut self, text: &str, kind: BlockKind) {
        let text = self.attributes.printed(text);
        let mut inline = InlineText::default();
        fill(&mut inline, &pieces(&text, self.titles));
        let kind = if kind == BlockKind::Paragraph && inline.is_bold() { BlockKind::Bold } else { kind };
        let text = inline.take();
        self.outline.push(kind, text);
    }
}
