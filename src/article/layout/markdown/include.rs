//! Replaces the includes that sites write in Markdown: Microsoft's `[!INCLUDE [name](path)]`, the snippets `--8<-- "path"`
//! and `{!path!}` of MkDocs, and the includes of Hugo, Jekyll and Liquid, such as `{{% include "path" %}}`.

use std::ops::Range;

use crate::article::include::{Folder, Includes};
use crate::article::layout::front_matter;

/// An include in Markdown begins with one of these.
pub(in crate::article) const MARKS: [&str; 5] = ["[!", "--8<--", "{!", "{%", "{{<"];

/// Returns `text`, which is from a file in `folder`, with the texts of the files that it includes.
pub(in crate::article) fn with_includes(text: &str, includes: &mut Includes<'_>, folder: &Folder) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let end = out.len();
        let mut rest = line;
        while let Some((range, target)) = find(rest) {
            let mark_end = range.end;
            out.push_str(&rest[..range.start]);
            match includes.take(target, folder) {
                Some((included, inner)) => {
                    let body = front_matter::split(&included).map_or(included.as_str(), |(_, body)| body);
                    let before = out[end..].to_owned();
                    push_included(&mut out, &before, with_includes(body, includes, &inner).trim());
                }
                None => out.push_str(&rest[range]),
            }
            rest = &rest[mark_end..];
        }
        out.push_str(rest);
    }
    out
}

/// Adds an included text behind `before` on a line. Where that is an indent or the mark of a quote, each line gets it.
fn push_included(out: &mut String, before: &str, text: &str) {
    let is_margin = before.chars().all(|c| matches!(c, ' ' | '\t' | '>'));
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
            out.push_str(if is_margin { before } else { "" });
        }
        out.push_str(line);
    }
}

/// Returns the first include in a line, and the path that it names.
fn find(line: &str) -> Option<(Range<usize>, &str)> {
    microsoft(line).or_else(|| {
        let bare = line.trim();
        let target = snippet(bare).or_else(|| shortcode(bare))?;
        let start = line.len() - line.trim_start().len();
        Some((start..start + bare.len(), target))
    })
}

/// Reads `[!INCLUDE [name](path)]` anywhere in a line.
fn microsoft(line: &str) -> Option<(Range<usize>, &str)> {
    const NAME: &str = "[!include";
    let is_name = |at: &usize| line.get(*at..at + NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME));
    let start = line.match_indices("[!").map(|(at, _)| at).find(is_name)?;
    let link = &line[start..];
    let open = link.find("](")?;
    let close = open + link[open..].find(')')?;
    let end = close + 1 + link[close + 1..].strip_prefix(']').map(|_| 1)?;
    let target = link[open + "](".len()..close].split_whitespace().next()?;
    Some((start..start + end, target))
}

/// Reads `--8<-- "path"` or `{!path!}` on a line of its own. The name of a section or the numbers of lines behind a path
/// (`path:3:9`) are not heeded: the whole file is read.
fn snippet(line: &str) -> Option<&str> {
    if let Some(quoted) = line.strip_prefix("--8<--") {
        let path = quoted.trim().strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
        return path.split(':').next();
    }
    line.strip_prefix("{!")?.strip_suffix("!}").map(str::trim)
}

/// Reads a shortcode on a line of its own: `{{% include "path" %}}`, `{{< readfile file="path" >}}`, `{% include path %}`.
fn shortcode(line: &str) -> Option<&str> {
    const BRACES: [(&str, &str); 3] = [("{{%", "%}}"), ("{{<", ">}}"), ("{%", "%}")];
    let inner = BRACES.iter().find_map(|(open, close)| line.strip_prefix(open)?.strip_suffix(close))?;
    let (name, rest) = inner.trim().trim_end_matches('/').split_once(char::is_whitespace)?;
    if !matches!(name, "include" | "include_relative" | "readfile") {
        return None;
    }
    let first = rest.split_whitespace().next()?;
    let value = ["file=", "path="].iter().find_map(|name| first.strip_prefix(name)).unwrap_or(first);
    Some(value.trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_of_all_sites_are_found_with_their_paths() {
        for (line, expect) in [
            ("a [!INCLUDE [belt note](../includes/belt.md)] b\n", Some((2..45, "../includes/belt.md"))),
            ("[!include[x](x.md \"title\")]", Some((0..27, "x.md"))),
            ("  --8<-- \"parts/oil.md:start\"\n", Some((2..29, "parts/oil.md"))),
            ("{!oil.md!}", Some((0..10, "oil.md"))),
            ("{{% include \"oil.md\" %}}", Some((0..24, "oil.md"))),
            ("{{< readfile file=\"oil.md\" code=\"true\" >}}", Some((0..42, "oil.md"))),
            ("{% include oil.md belt=\"7\" %}", Some((0..29, "oil.md"))),
            ("[!INCLUDE [open](x.md)", None),
            ("[!NOTE] [x](y.md)]", None),
            ("text {!oil.md!}", None),
            ("{{% notice note %}}", None),
            ("--8<--", None),
        ] {
            assert_eq!(find(line), expect, "{line}");
        }
    }
}
