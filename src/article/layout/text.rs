//! Reads the text of one field of an export, which may be HTML, Markdown, the markup of a wiki, or plain.

use super::blocks::Outline;
use super::sections::sections_of as sections_of_blocks;
use super::{html, markdown, wiki};
use crate::article::draft::HeadStyle;
use crate::article::model::Section;
use crate::article::section;

/// Returns the sections of a text, whose markup (HTML, Markdown, that of a wiki, or none) is detected from its content. A text without
/// headings is one section of kind `Body`; a blank text has no section.
pub(in crate::article) fn sections_of(text: &str) -> Vec<Section> {
    let mut outline = Outline::default();
    if html::has_tags(text) {
        html::read_into(&mut outline, text);
    } else if let Some(text) = wiki::to_markdown(text) {
        markdown::read_into(&mut outline, &text);
    } else if markdown::has_marks(text) {
        markdown::read_into(&mut outline, text);
    } else {
        return section::split(text, HeadStyle::UpperCase);
    }
    sections_of_blocks(&outline.into_blocks())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::model::SectionKind;

    #[track_caller]
    fn check(text: &str, expect: &[(SectionKind, &str)]) {
        let sections = sections_of(text);
        let found: Vec<_> = sections.iter().map(|section| (section.kind, section.text.as_str())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn html_markdown_and_plain_text_are_told_apart() {
        let cause = (SectionKind::Cause, "1. One\n2. Two");
        check("<h2>Cause</h2><ol><li>One<li>Two</ol>", &[cause]);
        check("## Cause\n\n1. One\n2. Two\n", &[cause]);
        check("CAUSE\n\n1. One\n2. Two\n", &[cause]);
        check("h2. Cause\n# One\n# Two\n", &[cause]);
        check("== Cause ==\n# One\n# Two\n", &[cause]);
        check("a < b && c > d\n\nList<String> # x", &[(SectionKind::Body, "a < b && c > d\n\nList<String> # x")]);
        check(" \n", &[]);
    }

    #[test]
    fn a_fragment_keeps_its_text_in_order() {
        check("Call <b>us</b>,<br>or wait", &[(SectionKind::Body, "Call us,\nor wait")]);
        check("Run `ls`:\n\n- **a**\n- b", &[(SectionKind::Body, "Run ls:\n\n- a\n- b")]);
    }
}
