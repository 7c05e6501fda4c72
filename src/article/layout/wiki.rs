//! Rewrites the markup of Jira, Confluence and MediaWiki as Markdown. Exports have it in their fields.

/// Returns `text` as Markdown if it has headings or blocks of code of a wiki: `h2. Cause`, `== Cause ==`, `{code}`. Lists
/// and links alone do not tell, since Markdown has the same.
pub(super) fn to_markdown(text: &str) -> Option<String> {
    let is_mark = |line: &str| {
        let line = line.trim();
        jira_heading(line).is_some() || wiki_heading(line).is_some() || block_mark(line).is_some()
    };
    if !text.lines().any(is_mark) {
        return None;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut is_code = false;
    for line in text.lines() {
        let content = line.trim();
        if is_code && !is_block_end(content) {
            out.push_str(line);
        } else if let Some(after) = block_mark(content) {
            is_code = !is_code;
            out.push_str("```");
            if !after.is_empty() {
                out.push('\n');
                out.push_str(after);
            }
        } else if let Some((level, heading)) = jira_heading(content).or_else(|| wiki_heading(content)) {
            out.push_str(&"#".repeat(level));
            out.push(' ');
            out.push_str(&inline(heading));
        } else {
            out.push_str(&item(content));
        }
        out.push('\n');
    }
    Some(out)
}

/// The level and the text of a heading such as `h2. Cause`.
fn jira_heading(line: &str) -> Option<(usize, &str)> {
    let (level, text) = line.strip_prefix('h')?.split_once(". ")?;
    let level = level.parse().ok().filter(|level| (1..=6).contains(level))?;
    Some((level, text.trim()))
}

/// The level and the text of a heading such as `== Cause ==`.
fn wiki_heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('=');
    let level = line.len() - text.len();
    let inner = text.strip_suffix(&line[..level])?.trim();
    ((1..=6).contains(&level) && !inner.is_empty() && !inner.contains('=')).then_some((level, inner))
}

/// Returns what follows after the mark of a block of code at the start of `line`; `None` if there is no such mark or the
/// block ends on the same line.
fn block_mark(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("{code").or_else(|| line.strip_prefix("{noformat"))?;
    let (options, after) = rest.split_once('}')?;
    let is_mark = options.is_empty() || options.starts_with(':');
    (is_mark && !after.contains("{code}") && !after.contains("{noformat}")).then_some(after.trim())
}

fn is_block_end(line: &str) -> bool {
    line.starts_with("{code}") || line.starts_with("{noformat}")
}

/// Returns a line outside of code as Markdown: an item of a list, or text.
fn item(line: &str) -> String {
    let text = line.trim_start_matches(['*', '#']);
    let marks = &line[..line.len() - text.len()];
    let Some(last) = marks.chars().last().filter(|_| text.starts_with(' ')) else { return inline(line) };
    let indent = "   ".repeat((marks.len() - 1).min(6));
    let marker = if last == '#' { "1." } else { "-" };
    format!("{indent}{marker}{}", inline(text))
}

/// Returns a piece of text as Markdown: links, bold type, and code within the line.
fn inline(text: &str) -> String {
    let text = text.replace("'''", "**").replace("{{", "`").replace("}}", "`");
    let text = text.replace("{code}", "`").replace("{noformat}", "`").replace("{quote}", "");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        let Some((inner, next)) = after.trim_start_matches('[').split_once(']') else {
            out.push('[');
            rest = after;
            continue;
        };
        let is_page = after.starts_with('[');
        rest = if is_page { next.strip_prefix(']').unwrap_or(next) } else { next };
        match inner.split_once('|') {
            Some((_, label)) if is_page => out.push_str(label),
            None if is_page => out.push_str(inner),
            Some((label, address)) if address.contains("://") => out.push_str(&format!("[{label}]({address})")),
            Some((label, _)) => out.push_str(label),
            None => out.push_str(&format!("[{inner}]")),
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_markup_of_jira_becomes_markdown() {
        let text = "h2. Cause\nThe {{ribbon}} is empty, see [OPS-13|https://j.example/browse/OPS-13].\n\n{code:bash}\n# no list\nrollctl stop\n{code}\nh3. Steps\n# Stop it\n## Really\n* Start it\n";
        let markdown = "## Cause\nThe `ribbon` is empty, see [OPS-13](https://j.example/browse/OPS-13).\n\n```\n# no list\nrollctl stop\n```\n### Steps\n1. Stop it\n   1. Really\n- Start it\n";
        assert_eq!(to_markdown(text).as_deref(), Some(markdown));
    }

    #[test]
    fn the_markup_of_mediawiki_becomes_markdown() {
        let text = "== Cause ==\nIt is '''icy''', see [[Ramp|the ramp]] and [[Gate]].\n# Salt it\n";
        let markdown = "## Cause\nIt is **icy**, see the ramp and Gate.\n1. Salt it\n";
        assert_eq!(to_markdown(text).as_deref(), Some(markdown));
    }

    #[test]
    fn other_text_stays() {
        for text in [
            "# Cause\n\n- Oil it\n",
            "a == b\n",
            "h2o. is water",
            "== ==",
            "{codename}",
            "[a|b]",
            "Use {code}x{code} now.",
        ] {
            assert_eq!(to_markdown(text), None, "{text}");
        }
    }
}
