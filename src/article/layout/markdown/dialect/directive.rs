//! Reads the directives between colons, `:::note` and `:::image … :::`, and the marks `[!NOTE]`, `[!INCLUDE …]` of
//! Microsoft's pages.

use std::borrow::Cow;

use super::announcement::announcement;
use super::tag::SiteTag;
use super::template::Replacement;

/// Directives that are a part of a line, up to the next `:::`.
const WITHIN: [&str; 2] = [":::image ", ":::no-loc "];

/// The greatest length of a mark in brackets, in bytes.
const LONGEST_MARK: usize = 1000;

/// The mark of a quotation is at most this many bytes before the mark of a box.
const BEFORE_MARK: usize = 6;

/// Returns the replacement of a line of a directive; `None` if `text` is another line. `:::` alone ends a box.
pub(super) fn line(text: &str) -> Option<Replacement> {
    let inside = text.strip_prefix(":::")?.trim_start_matches(':').trim();
    if WITHIN.iter().any(|name| text.starts_with(name) && text[name.len()..].contains(":::")) {
        return None;
    }
    let nothing = Replacement::Text(String::new());
    let inside = inside.trim_start_matches('{').trim_start_matches('.').trim();
    if inside.is_empty() {
        return Some(nothing);
    }
    let len = inside.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(inside.len());
    let (kind, rest) = inside.split_at(len);
    let title = rest.trim_matches([':', ' ', '}', '"']);
    let bracketed = title.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let title = bracketed.unwrap_or_else(|| title.split('{').next().unwrap_or_default().trim());
    Some(match (announcement(kind), kind) {
        (Some(kind), _) => Replacement::Box(kind, title.to_owned()),
        (None, "details" | "dropdown" | "spoiler" | "tab" | "tab-item") => Replacement::Label(title.to_owned()),
        (None, _) => nothing,
    })
}

/// Returns `line` with pictures and plain text in place of the directives that are a part of a line.
pub(super) fn within(line: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (start, _) in line.match_indices(":::") {
        let is_start = start >= copied && WITHIN.iter().any(|name| line[start..].starts_with(name));
        let inside = start + ":::".len();
        let Some(len) = is_start.then(|| line[inside..].find(":::")).flatten() else { continue };
        out.push_str(&line[copied..start]);
        out.push_str(&SiteTag::parse(&line[inside..inside + len]).map(|tag| written(&tag)).unwrap_or_default());
        copied = inside + len + ":::".len();
    }
    if copied == 0 {
        return Cow::Borrowed(line);
    }
    out.push_str(&line[copied..]);
    Cow::Owned(out)
}

fn written(tag: &SiteTag<'_>) -> String {
    if tag.name == "no-loc" {
        return tag.attribute(&["text"]).unwrap_or_default().to_owned();
    }
    let words = tag.attribute(&["alt-text"]).unwrap_or_default().replace(['[', ']'], "");
    let source = tag.attribute(&["source"]).unwrap_or_default().replace([' ', '(', ')'], "%20");
    if words.is_empty() { String::new() } else { format!("![{words}]({source})") }
}

/// Returns `line` with the words that announce boxes in place of marks such as `[!NOTE]`, and without the other marks.
pub(super) fn without_marks(line: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    while let Some(start) = line[copied..].find("[!").map(|at| copied + at) {
        out.push_str(&line[copied..start]);
        let mark = &line[start..];
        let len = mark_len(mark);
        let inside = mark[..len].trim_start_matches("[!").trim_end_matches(']');
        let (name, rest) = inside.split_at(inside.find(|c: char| !c.is_alphanumeric()).unwrap_or(inside.len()));
        copied = start + len;
        let before = &out[out.floor_char_boundary(out.len().saturating_sub(BEFORE_MARK))..];
        if before.trim_end_matches([' ', '-', '*']).ends_with('>') && rest.is_empty() {
            let kind = announcement(name).map_or_else(|| name.to_uppercase(), str::to_owned);
            copied += line[copied..].bytes().take_while(|b| matches!(b, b'+' | b'-')).count();
            out.push_str(&format!("{kind}: "));
            copied += line[copied..].len() - line[copied..].trim_start().len();
        } else if name.eq_ignore_ascii_case("video") {
            out.push_str(rest.trim());
        } else if !is_site_mark(name) {
            out.push_str(&mark[..len]);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(line);
    }
    out.push_str(&line[copied..]);
    Cow::Owned(out)
}

/// Whether a mark is an instruction for the site: `[!INCLUDE [note](note.md)]`, `[!div class="x"]`, `[!code-xml[x](y)]`.
fn is_site_mark(name: &str) -> bool {
    ["include", "div", "code", "index", "tab"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Returns the length of the mark at the start of `text`, with the brackets in it.
fn mark_len(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, b) in text.bytes().enumerate().take(LONGEST_MARK) {
        match b {
            b'[' => depth += 1,
            b']' if depth == 1 => return at + 1,
            b']' => depth -= 1,
            _ => {}
        }
    }
    "[!".len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_boxes_labels_or_nothing() {
        let nothing = Replacement::Text(String::new());
        let boxed = |kind, title: &str| Replacement::Box(kind, title.to_owned());
        for (text, expect) in [
            (":::note", boxed("NOTE", "")),
            ("::::danger[Hot belts]", boxed("CAUTION", "Hot belts")),
            ("::: tip Oil them {.x}", boxed("TIP", "Oil them")),
            (":::{warning}", boxed("WARNING", "")),
            ("::: details More", Replacement::Label("More".into())),
            (":::", nothing.clone()),
            (":::row:::", nothing.clone()),
            ("::: zone pivot=\"x\"", nothing),
        ] {
            assert_eq!(line(text), Some(expect), "{text}");
        }
        assert_eq!(line(":: x"), None);
    }

    #[test]
    fn pictures_within_a_line_are_written_in_markdown() {
        for (text, expect) in [
            (
                r#"Select :::image type="icon" source="a b.png" alt-text="Oil [can]" border="false"::: now."#,
                "Select ![Oil can](a%20b.png) now.",
            ),
            (r#":::image source="x.png":::"#, ""),
            (r#"the :::no-loc text="Belt"::: tool"#, "the Belt tool"),
            (":::image open", ":::image open"),
        ] {
            assert_eq!(within(text), expect);
        }
    }

    #[test]
    fn marks_in_brackets_are_words_or_nothing() {
        for (text, expect) in [
            ("> [!NOTE]", "> NOTE: "),
            ("> [!caution] Hot", "> CAUTION: Hot"),
            (">[!bug]- Belts", ">CAUTION: Belts"),
            ("   > [!TIP]  ", "   > TIP: "),
            ("> [!div class=\"next\"]", "> "),
            ("a [!INCLUDE [x](../y.md)] b", "a  b"),
            ("> [!VIDEO https://x.example/1]", "> https://x.example/1"),
            ("an array[!i] of [!open", "an array[!i] of [!open"),
        ] {
            assert_eq!(without_marks(text), expect);
        }
    }
}
