//! Reads Markdown into blocks. pulldown-cmark does the parsing.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::bounded::bounded;
use super::dialect;
use crate::article::layout::blocks::{BlockKind, ListStyle, Outline};
use crate::article::layout::html;
use crate::article::layout::inline::InlineText;
use crate::article::layout::link::LinkAddress;
use crate::article::message::message_in;

/// Adds the blocks of `text`, which has no front matter, to `outline`.
pub(super) fn read_into(outline: &mut Outline, text: &str) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let text = dialect::plain(text);
    let text = bounded(&text);
    let mut reader = MarkdownReader { outline, inline: InlineText::default(), verbatim: None, picture: None };
    for event in Parser::new_ext(&text, options) {
        reader.take(event);
    }
    reader.flush(BlockKind::Paragraph);
}

struct MarkdownReader<'o> {
    outline: &'o mut Outline,
    inline: InlineText,
    /// The lines of the current block of code or HTML.
    verbatim: Option<String>,
    /// The words for the current picture.
    picture: Option<String>,
}

impl MarkdownReader<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) | Event::Html(text) => match &mut self.verbatim {
                Some(lines) => lines.push_str(&text),
                None => self.push(&text),
            },
            // The quotes tell that the text is a message.
            Event::Code(text) if message_in(&text).is_some() => self.push(&format!("\"{}\"", text.trim())),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.push(&text),
            Event::InlineHtml(tag) => {
                if tag.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<br")) {
                    self.inline.break_line();
                }
            }
            Event::FootnoteReference(label) => self.inline.push(&format!("[{label}]")),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.inline.break_line(),
            Event::Rule => self.flush(BlockKind::Paragraph),
            Event::TaskListMarker(is_done) => self.inline.push(if is_done { "[x] " } else { "[ ] " }),
        }
    }

    fn push(&mut self, text: &str) {
        match &mut self.picture {
            Some(words) => words.push_str(text),
            None => self.inline.push(text),
        }
    }

    /// Ends the current text as a block of this kind. A paragraph entirely in bold becomes [`BlockKind::Bold`].
    fn flush(&mut self, kind: BlockKind) {
        let kind = if kind == BlockKind::Paragraph && self.inline.is_bold() { BlockKind::Bold } else { kind };
        let text = self.inline.take();
        self.outline.push(kind, text);
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.inline.open_bold(),
            Tag::Link { dest_url, .. } => self.inline.open_link(LinkAddress::new(&dest_url)),
            Tag::Image { .. } => self.picture = Some(String::new()),
            Tag::Emphasis | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            // Does not end the current text, which may be the label of a footnote or `NOTE:` before this paragraph.
            Tag::Paragraph => {}
            // Text before a block within an item has no end event, so it is ended here.
            _ => {
                self.flush(BlockKind::Paragraph);
                self.open_block(tag);
            }
        }
    }

    fn open_block(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(None) => self.outline.open_list(ListStyle::Bullets),
            Tag::List(Some(first)) => self.outline.open_list(ListStyle::Numbers(first)),
            Tag::Item => self.outline.open_item(None),
            Tag::BlockQuote(_) | Tag::DefinitionListDefinition => self.outline.open_quote(),
            Tag::Heading { .. } => self.inline.keep_links_apart(),
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => self.verbatim = Some(String::new()),
            Tag::FootnoteDefinition(label) => self.inline.push(&format!("[{label}] ")),
            Tag::Table(_) => self.outline.mark_row_as_layout(),
            Tag::TableHead | Tag::TableRow => self.outline.open_row(),
            Tag::TableCell => self.outline.open_cell(),
            Tag::Paragraph | Tag::DefinitionList | Tag::DefinitionListTitle => {}
            Tag::Strong
            | Tag::Link { .. }
            | Tag::Emphasis
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Image { .. } => {}
        }
    }

    /// Adds the words for a picture in brackets, so that they are not taken for the text around it.
    fn close_picture(&mut self) {
        let words = self.picture.take().unwrap_or_default();
        if !words.trim().is_empty() {
            self.inline.push(&format!("[{}]", words.trim()));
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.inline.close_bold(),
            TagEnd::Link => self.inline.close_link(),
            TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            TagEnd::Image => self.close_picture(),
            TagEnd::Heading(level) => {
                let links = self.inline.take_links_apart();
                self.flush(BlockKind::Heading(level as u8));
                links.into_iter().for_each(|link| self.outline.push(BlockKind::Paragraph, link));
            }
            TagEnd::CodeBlock => self.outline.push_code(&self.verbatim.take().unwrap_or_default()),
            TagEnd::HtmlBlock => html::read_into(self.outline, &self.verbatim.take().unwrap_or_default()),
            TagEnd::MetadataBlock(_) => self.verbatim = None,
            TagEnd::List(_) => self.outline.close_list(),
            TagEnd::Item => {
                self.flush(BlockKind::Paragraph);
                self.outline.close_item();
            }
            TagEnd::BlockQuote(_) | TagEnd::DefinitionListDefinition => {
                self.flush(BlockKind::Paragraph);
                self.outline.close_quote();
            }
            TagEnd::TableHead | TagEnd::TableRow => self.outline.close_row(),
            TagEnd::Paragraph
            | TagEnd::TableCell
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle => self.flush(BlockKind::Paragraph),
        }
    }
}
