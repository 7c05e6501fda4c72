//! Decides the title of a Markdown article.
//!
//! In this order: the title in the front matter, the first main heading, a heading above all others, the first line of a
//! text without headings, the name of the file or its folder. A name that says nothing, such as `README`, is passed
//! over, and so is the heading of a section, such as `Symptoms`.

use super::is_heading;
use crate::article::file_name::FileName;
use crate::article::layout::blocks::{Block, BlockKind};
use crate::article::model::SectionKind;
use crate::article::section_name::{is_section_name, kind_of_marked};
use crate::article::synonym::words_of;

/// The greatest length in bytes of a first line that is used as the title. A longer one is a paragraph.
const LONGEST: usize = 120;

/// Titles that say nothing about the text.
const EMPTY: [&str; 12] = [
    "",
    "readme",
    "readme md",
    "index",
    "home",
    "contents",
    "table of contents",
    "toc",
    "title",
    "untitled",
    "article title",
    "document title",
];

/// Returns the title of the article in the file `name`; empty if there is none. Removes the heading with the title from
/// `blocks`. `stated` is the title in the front matter.
pub(in crate::article::layout) fn take(blocks: &mut Vec<Block>, stated: Option<&str>, name: FileName<'_>) -> String {
    if let Some(title) = stated.map(str::trim).filter(|title| !says_nothing(title) && !title.contains("{{")) {
        let says_it = |block: &Block| is_heading(block) && block.text.eq_ignore_ascii_case(title);
        if let Some(at) = blocks.iter().position(says_it) {
            blocks.remove(at);
        }
        return title.to_owned();
    }
    let heading = main_heading(blocks, name).or_else(|| first_heading(blocks, name));
    if let Some(at) = heading {
        return blocks.remove(at).text.trim_end_matches([':', ' ']).to_owned();
    }
    let line = named_in_manual(blocks).or_else(|| first_line(blocks, name));
    let of_file = || name.title().filter(|title| !says_nothing(title));
    let heading = || blocks.iter().find(|block| is_heading(block) && is_title(block)).map(|block| block.text.clone());
    line.or_else(of_file).or_else(heading).or_else(|| name.title()).unwrap_or_default()
}

/// Returns the index of the first main heading that is a title. If the first of several main headings is that of a
/// section or comes after another heading, all are sections, and the name of the file is a better title.
fn main_heading(blocks: &[Block], name: FileName<'_>) -> Option<usize> {
    let is_main = |block: &Block| is_heading(block) && block.kind == BlockKind::Heading(1);
    let mut mains: Vec<usize> = (0..blocks.len()).filter(|&at| is_main(&blocks[at])).collect();
    if mains.iter().any(|&at| !is_notice(&blocks[at].text)) {
        mains.retain(|&at| !is_notice(&blocks[at].text));
    }
    let first = &blocks[*mains.first()?];
    if mains.len() == 1 && is_background(first) && !is_template(first) && !says_nothing(&first.text) {
        return mains.first().copied();
    }
    let is_below_another =
        blocks[..*mains.first()?].iter().any(|block| is_heading(block) && is_title(block) && !is_notice(&block.text));
    let are_sections = is_template(first) || is_section_name(&first.text) || is_below_another;
    if are_sections && name.title().is_some() {
        return None;
    }
    mains.into_iter().find(|&at| is_title(&blocks[at]))
}

/// Returns the index of the heading that begins the text, if it is above all other headings or has the words of the
/// file's name.
fn first_heading(blocks: &[Block], name: FileName<'_>) -> Option<usize> {
    let level = |block: &Block| match block.kind {
        BlockKind::Heading(level) if block.is_at_margin() => Some(level),
        _ => None,
    };
    let first = level(blocks.first()?).filter(|_| is_title(&blocks[0]))?;
    let mut others = blocks.iter().skip(1).filter_map(level);
    (others.all(|level| level > first) || says_more(&blocks[0].text, name)).then_some(0)
}

/// Whether a heading has the words of the file's name, and at most one word more.
fn says_more(heading: &str, name: FileName<'_>) -> bool {
    let (heading, name) = (words_of(heading), words_of(&name.title().unwrap_or_default()));
    let mut words = name.split(' ').filter(|word| !word.is_empty()).peekable();
    let n_words = name.split(' ').count();
    words.peek().is_some()
        && heading.split(' ').count() <= n_words + 1
        && words.all(|word| heading.split(' ').any(|known| known == word))
}

/// Returns the first line below the heading `NAME` of a manual: `beltctl - controls the belt`.
fn named_in_manual(blocks: &[Block]) -> Option<String> {
    let at = blocks.iter().position(is_heading).filter(|&at| blocks[at].text == "NAME")?;
    let below = blocks.get(at + 1).filter(|block| block.is_at_margin() && !is_heading(block))?;
    Some(below.text.lines().next()?.to_owned()).filter(|line| line.len() <= LONGEST)
}

/// Returns the first line, if it is a title: short, alone in its paragraph and no sentence. In a text with headings it
/// is none, unless there is no other title.
fn first_line(blocks: &[Block], name: FileName<'_>) -> Option<String> {
    let first = blocks.first().filter(|block| !is_heading(block) && block.kind != BlockKind::Code)?;
    let line = first.text.lines().next().filter(|line| line.len() <= LONGEST)?;
    if name.title().is_none() {
        return Some(line.to_owned());
    }
    let is_prose = matches!(first.kind, BlockKind::Paragraph | BlockKind::Bold) && first.is_at_margin();
    let stands_out = !first.text.contains('\n') && !line.ends_with(['.', ':', ';', '!', ',', ')', ']']);
    let has_words = line.split(' ').filter(|word| word.starts_with(char::is_alphabetic)).count() >= 2;
    let is_title = is_prose && stands_out && has_words && !line.contains("://") && !is_notice(line);
    (is_title && !blocks.iter().any(is_heading) && !says_nothing(line)).then(|| line.to_owned())
}

/// Whether a heading is a title, and not the heading of a section.
fn is_title(block: &Block) -> bool {
    !is_section_name(&block.text) && !is_template(block) && !says_nothing(&block.text) && block.text != "NAME"
}

/// Whether a heading is the name of a section that a whole page may have as well, such as `Overview`.
fn is_background(block: &Block) -> bool {
    use SectionKind::{MoreInformation, References, Status, Summary};
    matches!(kind_of_marked(&block.text), Summary | MoreInformation | References | Status)
}

/// Whether a heading is one of a template: `[Article purpose]`.
fn is_template(block: &Block) -> bool {
    block.text.starts_with('[') && block.text.ends_with(']')
}

fn says_nothing(title: &str) -> bool {
    EMPTY.contains(&words_of(title).as_str())
}

/// Whether a heading is a remark about the article: `NOTE: This is for old belts`.
fn is_notice(text: &str) -> bool {
    const NOTICES: [&str; 6] = ["note", "important", "warning", "caution", "attention", "disclaimer"];
    let word = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let after = text.split_once(word).map_or("", |(_, after)| after);
    NOTICES.iter().any(|notice| word.eq_ignore_ascii_case(notice)) && after.starts_with([':', '!', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(level: u8, text: &str) -> Block {
        Block { kind: BlockKind::Heading(level), marker: None, indent: 0, text: text.to_owned() }
    }

    fn paragraph(text: &str) -> Block {
        Block { kind: BlockKind::Paragraph, marker: None, indent: 0, text: text.to_owned() }
    }

    /// Compares the title and the blocks that are left.
    #[track_caller]
    fn check(blocks: &[Block], stated: Option<&str>, path: &str, title: &str, rest: &[&str]) {
        let mut blocks = blocks.to_vec();
        assert_eq!(take(&mut blocks, stated, FileName::of(path)), title);
        assert_eq!(blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>(), rest);
    }

    #[test]
    fn the_title_is_stated_or_the_first_main_heading_that_is_no_section() {
        let blocks = [heading(1, "Symptoms"), heading(1, "Disk full"), heading(2, "Cause")];
        check(&blocks, None, "", "Disk full", &["Symptoms", "Cause"]);
        check(&blocks, Some("disk full"), "", "disk full", &["Symptoms", "Cause"]);
        check(&blocks, Some("Other"), "", "Other", &["Symptoms", "Disk full", "Cause"]);
        check(&blocks[2..], None, "", "", &["Cause"]);
        check(&blocks[1..], Some("Index"), "a.md", "Disk full", &["Cause"]);
    }

    #[test]
    fn main_headings_of_sections_are_no_titles() {
        let sections = [heading(1, "Summary"), heading(1, "Belts")];
        check(&sections, None, "kb/depot-belts.md", "Depot belts", &["Summary", "Belts"]);
        let template = [heading(1, "[Purpose of it]"), heading(1, "[Symptom]")];
        check(&template, None, "Oil a belt.md", "Oil a belt", &["[Purpose of it]", "[Symptom]"]);
        let notice = [heading(1, "NOTE: for old belts"), heading(1, "Oil a belt")];
        check(&notice, None, "x.md", "Oil a belt", &["NOTE: for old belts"]);
        check(&notice[..1], None, "x.md", "NOTE: for old belts", &[]);
        check(&[heading(1, "Overview"), heading(2, "Belts")], None, "x.md", "Overview", &["Belts"]);
    }

    #[test]
    fn a_lower_heading_is_the_title_if_it_is_above_all_others() {
        let blocks = [heading(2, "Oil a belt"), heading(3, "Cause"), heading(3, "Fix")];
        check(&blocks, None, "belts.md", "Oil a belt", &["Cause", "Fix"]);
        let equal = [heading(2, "Belts"), heading(2, "Rollers")];
        check(&equal, None, "kb/old-belts.md", "Old belts", &["Belts", "Rollers"]);
        check(&equal, None, "", "Belts", &["Belts", "Rollers"]);
        check(&equal, None, "kb/belts.md", "Belts", &["Rollers"]);
        check(
            &[heading(2, "Cold belts"), heading(1, "Alerts")],
            None,
            "kb/lamps.md",
            "Lamps",
            &["Cold belts", "Alerts"],
        );
        let manual = [heading(2, "NAME"), paragraph("beltctl - controls the belt"), heading(2, "SYNOPSIS")];
        let rest = ["NAME", "beltctl - controls the belt", "SYNOPSIS"];
        check(&manual, None, "man-beltctl.1.md", "beltctl - controls the belt", &rest);
    }

    #[test]
    fn a_first_line_replaces_a_missing_title() {
        let blocks = [paragraph("The disk\nis full"), heading(2, "Cause")];
        check(&blocks, None, "", "The disk", &["The disk\nis full", "Cause"]);
        check(&blocks, None, "full-disk.md", "Full disk", &["The disk\nis full", "Cause"]);
        let notes = [paragraph("Rough notes on belts"), paragraph("They creak.")];
        check(&notes, None, "notes.md", "Rough notes on belts", &["Rough notes on belts", "They creak."]);
        check(&notes[1..], None, "kb/belts/README.md", "Belts", &["They creak."]);
    }
}
