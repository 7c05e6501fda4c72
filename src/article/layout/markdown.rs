//! Layout "Markdown": a runbook or a page of notes, with or without front matter.

mod bounded;
mod reader;

use super::blocks::{Block, Kind, Outline};
use super::marked::Marked;
use super::sections::sections_of;
use super::{front_matter, notices};
use crate::article::field_name::FieldName;
use crate::article::model::{Layout, SectionKind};
use crate::article::section_name::kind_of_marked;

/// A first line that is longer is a paragraph, not a title.
const LONGEST_TITLE: usize = 120;

/// Reads a Markdown file.
pub(in crate::article) fn read(text: &str) -> Marked {
    let (mut fields, body) = front_matter::split(text).unwrap_or((Vec::new(), text));
    let mut outline = Outline::default();
    reader::read_into(&mut outline, body);
    let mut blocks = outline.into_blocks();
    let stated = fields.iter().find(|(name, _)| *name == FieldName::Title).map(|(_, title)| title.clone());
    let title = take_title(&mut blocks, stated);
    fields.extend(notices::take(&mut blocks));
    Marked::new(Layout::Markdown, title, fields, sections_of(&blocks))
}

/// Adds what a Markdown text says to `outline`.
pub(super) fn read_into(outline: &mut Outline, text: &str) {
    reader::read_into(outline, text);
}

/// The title of the article: the stated one, else that of the first main heading, which is then no section; else the first
/// line. A main heading such as `Symptoms` is a section, not a title.
fn take_title(blocks: &mut Vec<Block>, stated: Option<String>) -> String {
    let is_heading = |block: &&Block| block.is_at_margin() && matches!(block.kind, Kind::Heading(_));
    let Some(title) = stated else {
        let is_title = |block: &Block| {
            block.kind == Kind::Heading(1) && block.is_at_margin() && kind_of_marked(&block.text) == SectionKind::Titled
        };
        if let Some(at) = blocks.iter().position(is_title) {
            return blocks.remove(at).text;
        }
        let first = blocks.first().filter(|block| !is_heading(block) && block.kind != Kind::Code);
        let line = first.and_then(|block| block.text.lines().next()).unwrap_or_default();
        return if line.len() <= LONGEST_TITLE { line.to_owned() } else { String::new() };
    };
    let says_it = |block: &Block| is_heading(&block) && block.text.eq_ignore_ascii_case(&title);
    if let Some(at) = blocks.iter().position(says_it) {
        blocks.remove(at);
    }
    title
}
