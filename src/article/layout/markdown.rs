//! Layout "Markdown": a runbook or a page of notes, with or without front matter.

mod bounded;
mod reader;
mod signs;

pub(in crate::article) use self::signs::{has_marks, is_markdown};
use super::blocks::{Block, BlockKind, Outline};
use super::marked::MarkedArticle;
use super::sections::sections_of;
use super::{front_matter, notices};
use crate::article::field_name::FieldName;
use crate::article::model::{Layout, SectionKind};
use crate::article::section_name::kind_of_marked;

/// The greatest length in bytes of a first line that is used as the title. A longer one is a paragraph.
const LONGEST_TITLE: usize = 120;

/// Reads a Markdown file.
pub(in crate::article) fn read(text: &str) -> MarkedArticle {
    let (mut fields, body) = front_matter::split(text).unwrap_or((Vec::new(), text));
    let mut outline = Outline::default();
    reader::read_into(&mut outline, body);
    let mut blocks = outline.into_blocks();
    let stated = fields.iter().find(|(name, _)| *name == FieldName::Title).map(|(_, title)| title.clone());
    let title = take_title(&mut blocks, stated);
    fields.extend(notices::take(&mut blocks));
    MarkedArticle::new(Layout::Markdown, title, fields, sections_of(&blocks))
}

/// Adds the blocks of a Markdown text to `outline`.
pub(super) fn read_into(outline: &mut Outline, text: &str) {
    reader::read_into(outline, text);
}

/// Returns the title of the article: the stated one, otherwise the first main heading, otherwise the first line.
/// Removes the heading with the title from `blocks`. A main heading such as `Symptoms` is a section, not a title.
fn take_title(blocks: &mut Vec<Block>, stated: Option<String>) -> String {
    let is_heading = |block: &&Block| block.is_at_margin() && matches!(block.kind, BlockKind::Heading(_));
    let Some(title) = stated else {
        let is_title = |block: &Block| {
            block.kind == BlockKind::Heading(1)
                && block.is_at_margin()
                && kind_of_marked(&block.text) == SectionKind::Titled
        };
        if let Some(at) = blocks.iter().position(is_title) {
            return blocks.remove(at).text;
        }
        let first = blocks.first().filter(|block| !is_heading(block) && block.kind != BlockKind::Code);
        let line = first.and_then(|block| block.text.lines().next()).unwrap_or_default();
        return if line.len() <= LONGEST_TITLE { line.to_owned() } else { String::new() };
    };
    let says_it = |block: &Block| is_heading(&block) && block.text.eq_ignore_ascii_case(&title);
    if let Some(at) = blocks.iter().position(says_it) {
        blocks.remove(at);
    }
    title
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces of Markdown without tables and without names of languages after fences: the reader drops a cell beyond
    /// the last column, and such names.
    const PIECES: &[&str] = &[
        "word ", "word ", "# ", "## ", "- ", "1. ", "7. ", "> ", "```\n", "`a ", "**", "*", "~~a ", "    ", "\t", " ",
        "\n", "\n\n", "===\n", "<b>", "</b>", "<br>", "<div>", "</div>",
    ];

    proptest! {
        #[test]
        fn every_word_of_a_text_is_kept_in_its_place(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
            let numbered = pieces.iter().enumerate().map(|(at, piece)| piece.replace("word", &format!("w{at}")));
            let text: String = numbered.collect();
            let mut outline = Outline::default();
            read_into(&mut outline, &text);
            let sections = sections_of(&outline.into_blocks());
            let shown: String = sections.iter().map(|section| format!("{}\n{}\n", section.title, section.text)).collect();
            for at in (0..pieces.len()).filter(|&at| pieces[at] == "word ") {
                let word = format!("w{at}");
                prop_assert!(shown.split(|c: char| !c.is_alphanumeric()).any(|shown| shown == word), "{} of {:?}", word, text);
            }
        }
    }

    fn heading(level: u8, text: &str) -> Block {
        Block { kind: BlockKind::Heading(level), marker: None, indent: 0, text: text.to_owned() }
    }

    #[track_caller]
    fn check(blocks: &[Block], stated: Option<&str>, title: &str, rest: &[&str]) {
        let mut blocks = blocks.to_vec();
        assert_eq!(take_title(&mut blocks, stated.map(str::to_owned)), title);
        assert_eq!(blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>(), rest);
    }

    #[test]
    fn the_title_is_stated_or_the_first_main_heading_that_is_no_section() {
        let blocks = [heading(1, "Symptoms"), heading(1, "Disk full"), heading(2, "Cause")];
        check(&blocks, None, "Disk full", &["Symptoms", "Cause"]);
        check(&blocks, Some("disk full"), "disk full", &["Symptoms", "Cause"]);
        check(&blocks, Some("Other"), "Other", &["Symptoms", "Disk full", "Cause"]);
        check(&blocks[2..], None, "", &["Cause"]);
    }

    #[test]
    fn a_first_line_replaces_a_missing_title() {
        let line = Block { kind: BlockKind::Paragraph, marker: None, indent: 0, text: "The disk\nis full".to_owned() };
        check(&[line, heading(2, "Cause")], None, "The disk", &["The disk\nis full", "Cause"]);
    }
}
