//! Layout "Markdown": a runbook or a page of notes, with or without front matter.

mod bounded;
mod dialect;
mod include;
mod reader;
mod signs;
mod title;

pub(in crate::article) use self::include::{MARKS as INCLUDE_MARKS, with_includes};
pub(in crate::article) use self::signs::{has_marks, is_markdown};
pub(super) use self::title::take as take_title;
use super::blocks::{Block, BlockKind, Outline};
use super::marked::MarkedArticle;
use super::sections::sections_of;
use super::{front_matter, notices};
use crate::article::error::NotAnArticle;
use crate::article::field_name::FieldName;
use crate::article::file_name::FileName;
use crate::article::model::Layout;

/// Reads the Markdown file `name`. Returns the reason if it contains no article: no text, or only a part of others.
pub(in crate::article) fn read(text: &str, name: FileName<'_>) -> Result<MarkedArticle, NotAnArticle> {
    let text = text.trim_start_matches('\n');
    let (mut fields, body) = front_matter::split(text).unwrap_or((Vec::new(), text));
    let mut outline = Outline::default();
    reader::read_into(&mut outline, body);
    let mut blocks = outline.into_blocks();
    let stated = fields.iter().find(|(name, _)| *name == FieldName::Title).map(|(_, title)| title.as_str());
    if blocks.is_empty() {
        return Err(NotAnArticle::NoText);
    }
    if stated.is_none() && name.is_part() && !blocks.iter().any(is_heading) {
        return Err(NotAnArticle::Fragment);
    }
    let title = title::take(&mut blocks, stated, name);
    fields.extend(notices::take(&mut blocks));
    Ok(MarkedArticle::new(Layout::Markdown, title, fields, sections_of(&blocks)))
}

fn is_heading(block: &Block) -> bool {
    block.is_at_margin() && matches!(block.kind, BlockKind::Heading(_))
}

/// Adds the blocks of a Markdown text to `outline`.
pub(super) fn read_into(outline: &mut Outline, text: &str) {
    reader::read_into(outline, text);
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

    #[track_caller]
    fn check(text: &str, path: &str, expect: Result<&str, NotAnArticle>) {
        let mut found = read(text, FileName::of(path));
        let title = found.as_mut().map(|article| article.draft(text).title.into_owned());
        assert_eq!(title.as_deref().map_err(|reason| **reason), expect);
    }

    #[test]
    fn a_page_without_text_and_a_part_of_pages_are_no_articles() {
        check("---\ntitle: Belts\n---\n<!-- soon -->\n", "kb/_index.md", Err(NotAnArticle::NoText));
        check("> [!NOTE]\n> Belts are hot.\n", "kb/includes/hot.md", Err(NotAnArticle::Fragment));
        check("# Hot belts\n\nMind them.\n", "kb/includes/hot.md", Ok("Hot belts"));
        check("> [!NOTE]\n> Belts are hot.\n", "kb/hot.md", Ok("Hot"));
        check("# Belts\n", "kb/hot.md", Ok("Belts"));
    }
}
