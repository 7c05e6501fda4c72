//! Replaces `.. include:: path` and `.. literalinclude:: path` in reStructuredText.

use super::line::{Line, directive, field};
use crate::article::include::{Folder, Includes};

/// The indent of included code relative to its directive.
const CODE_INDENT: usize = 3;

/// Returns `text`, which is from a file in `folder`, with the texts of the files that it includes.
pub(in crate::article) fn with_includes(text: &str, includes: &mut Includes<'_>, folder: Folder) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(raw) = lines.next() {
        let line = Line::new(raw.trim_end());
        let include = line
            .text
            .strip_prefix(".. ")
            .and_then(directive)
            .filter(|(name, _)| matches!(*name, "include" | "literalinclude"));
        let taken =
            include.and_then(|(name, target)| Some((name, includes.take(target.trim_start_matches('/'), &folder)?)));
        let Some((name, (included, inner))) = taken else {
            out.push_str(raw);
            continue;
        };
        let mut options = Vec::new();
        while let Some(raw) =
            lines.next_if(|raw| Line::new(raw.trim_end()).indent > line.indent && !raw.trim().is_empty())
        {
            options.extend(field(raw.trim()));
        }
        let option = |name: &str| options.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let selected = selected(&included, option("start-after"), option("end-before"));
        if name == "literalinclude" || option("literal").is_some() || option("code").is_some() {
            push_indented(&mut out, "::\n\n", line.indent);
            push_indented(&mut out, selected, line.indent + CODE_INDENT);
            out.push('\n');
        } else {
            push_indented(&mut out, &with_includes(selected, includes, inner), line.indent);
        }
    }
    out
}

/// Returns the part of a text after the first `start` and before the next `end`.
fn selected<'t>(text: &'t str, start: Option<&str>, end: Option<&str>) -> &'t str {
    let from = start.and_then(|start| text.find(start).map(|at| at + start.len())).unwrap_or(0);
    let rest = &text[from..];
    &rest[..end.and_then(|end| rest.find(end)).unwrap_or(rest.len())]
}

fn push_indented(out: &mut String, text: &str, indent: usize) {
    for line in text.lines() {
        if !line.trim().is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
        out.push('\n');
    }
}
