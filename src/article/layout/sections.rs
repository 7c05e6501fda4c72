//! Groups blocks into sections: finds the blocks that are section headings, and prints the others as plain text.
//!
//! The text follows the conventions of the older layouts, which all later stages expect: steps are `1. …`, bullets `-
//! …`, code and quotations are indented, cells are separated by ` | `, and a blank line is between paragraphs.

use super::blocks::{Block, BlockKind};
use crate::article::model::{Section, SectionKind};
use crate::article::section::{as_query_words, is_bare_head};
use crate::article::section_name::kind_of_marked;
use crate::source::Span;

/// The indent of code in blanks, relative to the text around it.
const CODE_INDENT: usize = 3;

/// Returns the sections of `blocks` in order. Text before the first heading is a section of kind `Body`. No word is
/// lost.
pub(super) fn sections_of(blocks: &[Block]) -> Vec<Section> {
    let top = blocks.iter().filter_map(heading_level).min().unwrap_or(1);
    let mut found: Vec<Section> = Vec::new();
    let mut open = Section { kind: SectionKind::Body, ..head("", 1) };
    // The level of the last real heading. A bold line is the heading of a part of that section.
    let mut heading = 0;
    let mut previous = None;
    for block in blocks {
        if let Some(level) = heading_level(block) {
            heading = level - top + 1;
            found.extend(close(std::mem::replace(&mut open, head(&block.text, heading))));
            previous = None;
        } else if is_bold_head(block) {
            found.extend(close(std::mem::replace(&mut open, head(&block.text, heading + 1))));
            previous = None;
        } else if let Some((title, words)) = as_query_words(&block.text).filter(|_| block.is_at_margin()) {
            let words = Section { kind: SectionKind::QueryWords, text: words.to_owned(), ..head(title, 1) };
            found.extend(close(std::mem::replace(&mut open, words)));
            previous = None;
        } else {
            draw(&mut open, previous, block);
            previous = Some(block);
        }
    }
    found.extend(close(open));
    found
}

fn head(title: &str, level: u8) -> Section {
    Section {
        kind: kind_of_marked(title),
        title: title.to_owned(),
        level,
        text: String::new(),
        listings: Some(Vec::new()),
    }
}

/// Returns the section, unless it is a body without text or query words without words.
fn close(section: Section) -> Option<Section> {
    let may_be_left_out = matches!(section.kind, SectionKind::Body) || section.title.is_empty();
    let is_empty_query = section.kind == SectionKind::QueryWords && section.text.is_empty();
    (!(section.text.is_empty() && may_be_left_out || is_empty_query)).then_some(section)
}

fn heading_level(block: &Block) -> Option<u8> {
    match block.kind {
        BlockKind::Heading(level) if block.is_at_margin() => Some(level),
        _ => None,
    }
}

/// Whether a block is a bold line that is a section heading: it has the words of one, or is in capitals.
pub(super) fn is_bold_head(block: &Block) -> bool {
    let says_so = || kind_of_marked(&block.text) != SectionKind::Titled || is_bare_head(&block.text);
    block.kind == BlockKind::Bold && block.is_at_margin() && !block.text.contains('\n') && says_so()
}

/// Adds `block`, which follows `previous` in its section, to the section.
fn draw(section: &mut Section, previous: Option<&Block>, block: &Block) {
    let text = &mut section.text;
    if let Some(previous) = previous {
        text.push_str(if are_tight(previous, block) { "\n" } else { "\n\n" });
    }
    let start = text.len();
    let marker = block.marker.map(|marker| marker.printed()).unwrap_or_default();
    let code = if block.kind == BlockKind::Code && marker.is_empty() { CODE_INDENT } else { 0 };
    for (number, line) in block.text.split('\n').enumerate() {
        let before = if number == 0 { marker.as_str() } else { "" };
        if number > 0 {
            text.push('\n');
        }
        let blanks = block.indent + code + if number == 0 { 0 } else { marker.len() };
        text.extend(std::iter::repeat_n(' ', blanks));
        text.push_str(before);
        text.push_str(line);
        text.truncate(text.trim_end_matches(' ').len());
    }
    if let Some(listings) = section.listings.as_mut().filter(|_| block.kind == BlockKind::Code) {
        listings.push(Span::new(start, text.len()));
    }
}

/// Whether no blank line is between two blocks, because both are list items or both rows of a table.
fn are_tight(previous: &Block, block: &Block) -> bool {
    let is_item = |block: &Block| block.marker.is_some();
    is_item(previous) && is_item(block) || previous.kind == BlockKind::Row && block.kind == BlockKind::Row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::layout::blocks::{ListStyle, Outline};

    #[track_caller]
    fn check(outline: Outline, expect: &[(SectionKind, &str, u8, &str)]) {
        let sections = sections_of(&outline.into_blocks());
        let found: Vec<_> = sections.iter().map(|s| (s.kind, s.title.as_str(), s.level, s.text.as_str())).collect();
        assert_eq!(found, expect);
    }

    fn outline(blocks: &[(BlockKind, &str)]) -> Outline {
        let mut outline = Outline::default();
        for (kind, text) in blocks {
            outline.push(*kind, (*text).to_owned());
        }
        outline
    }

    #[test]
    fn levels_count_from_the_highest_heading_there_is() {
        let blocks = [
            (BlockKind::Paragraph, "Before."),
            (BlockKind::Heading(2), "1. Symptoms:"),
            (BlockKind::Paragraph, "It stops."),
            (BlockKind::Heading(3), "In the log"),
            (BlockKind::Code, "a\n  b\n\nc"),
            (BlockKind::Heading(2), "Fix"),
        ];
        check(
            outline(&blocks),
            &[
                (SectionKind::Body, "", 1, "Before."),
                (SectionKind::Symptoms, "1. Symptoms:", 1, "It stops."),
                (SectionKind::Titled, "In the log", 2, "   a\n     b\n\n   c"),
                (SectionKind::Resolution, "Fix", 1, ""),
            ],
        );
    }

    #[test]
    fn a_bold_line_is_a_head_if_its_words_are_those_of_one() {
        let blocks = [
            (BlockKind::Bold, "SYMPTOMS"),
            (BlockKind::Bold, "Read this first"),
            (BlockKind::Heading(2), "Details"),
            (BlockKind::Bold, "Workaround:"),
            (BlockKind::Paragraph, "Wait."),
        ];
        check(
            outline(&blocks),
            &[
                (SectionKind::Symptoms, "SYMPTOMS", 1, "Read this first"),
                (SectionKind::MoreInformation, "Details", 1, ""),
                (SectionKind::Workaround, "Workaround:", 2, "Wait."),
            ],
        );
    }

    #[test]
    fn query_words_are_a_section_of_their_own() {
        let blocks = [(BlockKind::Paragraph, "Text."), (BlockKind::Paragraph, "Additional query words: mx queue")];
        check(
            outline(&blocks),
            &[(SectionKind::Body, "", 1, "Text."), (SectionKind::QueryWords, "Additional query words", 1, "mx queue")],
        );
        check(outline(&[(BlockKind::Paragraph, "Additional query words:")]), &[]);
    }

    #[test]
    fn items_follow_each_other_directly_and_their_blocks_are_indented() {
        let mut outline = outline(&[(BlockKind::Paragraph, "Do this:")]);
        outline.open_list(ListStyle::Numbers(1));
        outline.open_item(None);
        outline.push(BlockKind::Paragraph, "One\nand a half.".to_owned());
        outline.close_item();
        outline.open_item(None);
        outline.push(BlockKind::Paragraph, "Type:".to_owned());
        outline.push(BlockKind::Code, "ls\nls -l".to_owned());
        outline.close_item();
        outline.open_item(None);
        outline.push(BlockKind::Code, "pwd\ncd".to_owned());
        outline.close_item();
        outline.close_list();
        outline.push(BlockKind::Row, "a | b".to_owned());
        outline.push(BlockKind::Row, "c | d".to_owned());
        check(
            outline,
            &[(
                SectionKind::Body,
                "",
                1,
                "Do this:\n\n1. One\n   and a half.\n2. Type:\n\n      ls\n      ls -l\n\n3. pwd\n   cd\n\na | b\nc | d",
            )],
        );
    }
}
