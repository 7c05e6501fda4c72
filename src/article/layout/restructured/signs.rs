//! Decides whether a text is reStructuredText.

use super::line::{self, Line};
use super::{role, table};

/// Returns the number of marks in `head`, the start of a text, that only reStructuredText has: directives, labels, roles,
/// headings with lines above them or underlined with unusual characters. Markdown underlines headings as well, with `=` and
/// `-`. `None` if there are too few.
pub(in crate::article) fn signs(head: &str) -> Option<usize> {
    let lines: Vec<Line<'_>> = head.lines().map(Line::new).collect();
    let (mut n_marks, mut n_heads, mut n_foreign) = (0, 0, 0);
    let mut has_unusual = false;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if let Some(heading) = line::heading(&lines[at..]).filter(|heading| heading.text.contains(char::is_alphabetic))
        {
            let (mark, is_over) = heading.style;
            let is_usual = matches!(mark, '=' | '-') && !is_over;
            n_heads += 1;
            has_unusual |= !is_usual && matches!(mark, '=' | '-' | '~' | '^' | '"' | '*' | '+' | '#' | '\'');
            at += heading.n_lines;
            continue;
        }
        let n_found = marks(line, &lines[at + 1..]);
        n_marks += n_found;
        if n_found > 0 && (line.text.starts_with(".. ") || line.text.ends_with("::")) {
            // What is indented below may be code of any language.
            at += 1 + line::n_indented(&lines[at + 1..], line.indent);
            continue;
        }
        n_foreign += usize::from(is_foreign(line.text));
        at += 1;
    }
    // Older AsciiDoc has such headings, too, so all of them count as one mark.
    n_marks += usize::from(has_unusual);
    (n_marks > n_foreign && (n_heads > 0 || n_marks >= 2)).then_some(n_marks)
}

/// Returns the number of marks in a line that only reStructuredText has.
fn marks(line: Line<'_>, below: &[Line<'_>]) -> usize {
    let text = line.text;
    if let Some(rest) = text.strip_prefix(".. ") {
        let is_target = rest.starts_with('_') && rest.contains(':') || rest.starts_with('|') || rest.starts_with('[');
        return usize::from(is_target || line::directive(rest).is_some()) * 2;
    }
    let announces_code = text.ends_with("::")
        && line.indent == 0
        && below.first().is_some_and(|line| line.is_blank())
        && below.iter().find(|line| !line.is_blank()).is_some_and(|line| line.indent > 0);
    let has_role = text.match_indices(':').any(|(at, _)| role::name_before(&text[at..], Some('`')).is_some());
    let has_link = text.contains(">`_") || text.contains("`__");
    let has_literal = text.match_indices("``").count() >= 2 && !text.contains("```");
    usize::from(announces_code)
        + usize::from(has_role)
        + usize::from(has_link)
        + usize::from(has_literal)
        + usize::from(table::is_grid(text))
}

/// Whether a line is one of Markdown or a program.
fn is_foreign(text: &str) -> bool {
    text.starts_with("```")
        || text.starts_with("# ")
        || text.starts_with("## ")
        || text.contains("](")
        || text.ends_with([';', '{'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_restructured_text_are_known() {
        for text in [
            "The belt stops\n==============\n\n.. note::\n\n   Slowly.\n",
            ".. _stops:\n\n==============\nThe belt stops\n==============\n\nIt stops.\n",
            "The belt stops\n==============\n\nRun::\n\n   beltctl oil\n",
            "Belts\n~~~~~\n\nSee :ref:`stops`.\n",
        ] {
            assert!(signs(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "Title\n=====\n\nIt stops, see [this](x).\n",
            "# Title\n\nRun `a`.\n",
            "= Title\n\nterm::\n  text\n",
            "Dear all,\n\nthe canteen is shut.\n----\nAnn\n",
            "namespace a::\nint x;\n",
        ] {
            assert_eq!(signs(text), None, "{text:?}");
        }
    }
}
