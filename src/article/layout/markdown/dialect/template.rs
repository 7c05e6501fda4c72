//! Replaces the tags of site generators within a line: Hugo's shortcodes, and the tags and values of Liquid.
//!
//! A template that belongs to the text, such as `{{ $labels.pod }}` of an alert, is left alone.

use std::borrow::Cow;

use super::announcement::{announcement, is_box};
use super::tag::SiteTag;

/// The text that replaces a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Replacement {
    /// Text, or nothing for a tag that only arranges the page.
    Text(String),
    /// A box begins: the word that announces it, and its title.
    Box(&'static str, String),
    /// A part with a name begins: a tab, or a part that readers unfold.
    Label(String),
    /// A listing in this language begins.
    Code(String),
    CodeEnd,
    Comment,
    CommentEnd,
}

/// The marks around tags.
const MARKS: [(&str, &str); 4] = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")];

/// The greatest length of a tag in bytes.
const LONGEST: usize = 2000;

/// A tag in a line: its byte range there, and its replacement.
pub(super) struct FoundTag {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) replacement: Replacement,
}

/// Whether a tag is opened in `line` and not closed there.
pub(super) fn is_open(line: &str) -> bool {
    MARKS[..3].iter().any(|(open, close)| line.rfind(open).is_some_and(|at| !line[at..].contains(close)))
}

/// Returns the first tag in `line` from byte `from` on.
pub(super) fn first_tag(line: &str, from: usize) -> Option<FoundTag> {
    let braces = memchr::memchr_iter(b'{', &line.as_bytes()[from..]).map(|at| from + at);
    let mut passed = from;
    for start in braces {
        let Some((open, close)) =
            MARKS.into_iter().find(|(open, _)| start >= passed && line[start..].starts_with(open))
        else {
            continue;
        };
        let inside = &line[start + open.len()..];
        let inside = &inside[..inside.floor_char_boundary(LONGEST)];
        let Some(len) = inside.find(close) else { continue };
        let (inside, end) = (&inside[..len], start + open.len() + len + close.len());
        let is_address = line[..start].ends_with("](");
        let replacement = if open == "{{" { value(inside).map(Replacement::Text) } else { tag(inside, is_address) };
        if let Some(replacement) = replacement {
            return Some(FoundTag { start, end, replacement });
        }
        passed = end;
    }
    None
}

/// Whether a line is the tag that ends a listing.
pub(super) fn ends_code(text: &str) -> bool {
    text.starts_with('{')
        && first_tag(text, 0).is_some_and(|tag| tag.start == 0 && tag.replacement == Replacement::CodeEnd)
}

/// Returns a line of code with plain text in place of the tags that the site replaces in code, too.
pub(super) fn code_line(line: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    while let Some(found) = first_tag(line, copied) {
        let printed = &line[found.start..found.end];
        let text = match found.replacement {
            _ if printed.starts_with("{%") && !is_raw(printed) => printed.to_owned(),
            Replacement::Text(text) => text.replace('\\', ""),
            Replacement::Box(..)
            | Replacement::Label(_)
            | Replacement::Code(_)
            | Replacement::CodeEnd
            | Replacement::Comment
            | Replacement::CommentEnd => printed.to_owned(),
        };
        out.push_str(&line[copied..found.start]);
        out.push_str(&text);
        copied = found.end;
    }
    if copied == 0 {
        return Cow::Borrowed(line);
    }
    out.push_str(&line[copied..]);
    Cow::Owned(out)
}

/// Whether a tag of Liquid only says that what follows is no tag.
fn is_raw(tag: &str) -> bool {
    ["raw", "endraw"].contains(&tag.trim_matches(['{', '%', '}', '-', ' ']))
}

/// Returns the replacement of a shortcode or a tag. `is_address` tells that it is the address of a link.
fn tag(inside: &str, is_address: bool) -> Option<Replacement> {
    let text = |text: &str| Some(Replacement::Text(text.to_owned()));
    // `{{</* note */>}}` is how a page shows a shortcode itself.
    if inside.starts_with("/*") {
        return None;
    }
    let Some(tag) = SiteTag::parse(inside) else { return text("") };
    let name = tag.name.to_ascii_lowercase();
    let argument = || tag.attribute(&["path", "page", "url", "link", "href"]).or(tag.first_value()).unwrap_or_default();
    match name.as_str() {
        "comment" => Some(if tag.is_end { Replacement::CommentEnd } else { Replacement::Comment }),
        "highlight" | "codeblock" | "code-block" if tag.is_end => Some(Replacement::CodeEnd),
        _ if tag.is_end => text(""),
        "highlight" | "codeblock" | "code-block" => {
            Some(Replacement::Code(tag.attribute(&["lang", "language"]).or(tag.first_value()).unwrap_or("").to_owned()))
        }
        "ref" | "relref" | "link" | "post_url" => text(argument()),
        "tab" | "tabitem" | "expand" | "details" | "accordion" | "collapse" | "spoiler" | "step" | "content_tab" => {
            Some(Replacement::Label(tag.title().or(tag.first_value()).unwrap_or_default().to_owned()))
        }
        "figure" | "img" | "image" | "imgproc" | "imgtag" | "screenshot" => text(&picture(&tag)),
        "glossary_tooltip" => text(tag.attribute(&["text", "term_id"]).unwrap_or_default()),
        "heading" => text(&heading(tag.first_value().unwrap_or_default())),
        "param" | "skew" | "site-param" | "variable" | "var" | "data" | "siteparam" | "version" => {
            text(&named_value(tag.last_value().unwrap_or(tag.name), is_address))
        }
        "include" | "include_cached" | "include_relative" => included(&tag),
        _ => named_box(&tag).or_else(|| text(tag.attribute(&["text", "content"]).unwrap_or_default())),
    }
}

/// Returns the start of a box, if the tag is one: named after a kind, or a box with a kind among its attributes.
pub(super) fn named_box(tag: &SiteTag<'_>) -> Option<Replacement> {
    let title = tag.attribute(&["title", "heading", "header"]).or(tag.first_value()).unwrap_or_default();
    let styles = ["type", "kind", "level", "style", "color", "status", "severity"];
    let of_attributes = || {
        let named = announcement(title).or_else(|| announcement(tag.first_value()?));
        named.or_else(|| announcement(tag.attribute(&styles)?))
    };
    let kind = match is_box(tag.name) {
        true => of_attributes().or_else(|| announcement(tag.name)).unwrap_or("NOTE"),
        false => announcement(tag.name)?,
    };
    let title = if announcement(title).is_some() { "" } else { title };
    Some(Replacement::Box(kind, title.to_owned()))
}

/// Returns the replacement of a Liquid tag that includes a file: the text that it is given, as a box if the name of the
/// file tells its kind.
fn included(tag: &SiteTag<'_>) -> Option<Replacement> {
    let file = tag.first_value().unwrap_or_default();
    let stem = file.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    let content = tag.attribute(&["content", "text", "message", "body"]).unwrap_or_default();
    if ["image", "img", "figure", "screenshot"].contains(&stem) {
        return Some(Replacement::Text(picture(tag)));
    }
    let text = match announcement(stem).filter(|_| !content.is_empty()) {
        Some(kind) => format!("{kind}: {content}"),
        None => content.to_owned(),
    };
    Some(Replacement::Text(text))
}

/// Returns a picture in Markdown; an empty text if it has no words.
fn picture(tag: &SiteTag<'_>) -> String {
    match tag.attribute(&["alt", "caption", "title"]) {
        Some(words) => {
            let source = tag.attribute(&["src", "file", "url", "link"]).or(tag.first_value()).unwrap_or_default();
            format!("![{}]({})", words.replace(['[', ']'], ""), source.replace([' ', '(', ')'], "%20"))
        }
        None => String::new(),
    }
}

/// Returns the heading that a shortcode of Kubernetes names.
fn heading(name: &str) -> String {
    match name {
        "whatsnext" => "What's next".to_owned(),
        "prerequisites" => "Before you begin".to_owned(),
        "seealso" => "See also".to_owned(),
        other => {
            let mut chars = other.chars();
            chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        }
    }
}

/// Returns the placeholder for a value that only the site knows, such as `<currentVersion>`.
fn named_value(name: &str, is_address: bool) -> String {
    let name = name.rsplit('.').next().unwrap_or(name);
    if is_address { name.to_owned() } else { format!("\\<{name}\\>") }
}

/// Returns the text of `{{ … }}`, if it is a value of the site or a literal with a filter: `kb/old` for `"kb/old" |
/// relative_url`.
fn value(inside: &str) -> Option<String> {
    const ADDRESSES: [&str; 6] = ["baseurl", "url", "relative_url", "root", "base", "path"];
    const FILTERS: [&str; 3] = ["relative_url", "absolute_url", "relref"];
    let (value, filter) = inside.split_once('|').unwrap_or((inside, ""));
    let value = value.trim().trim_matches('-').trim();
    let quoted = value.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\'']));
    if let Some(text) = quoted.filter(|_| FILTERS.iter().any(|known| filter.contains(known))) {
        return Some(text.to_owned());
    }
    let (owner, name) = value.split_once('.')?;
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'[' | b']'));
    if !["site", "page", "include", "layout"].contains(&owner) || !is_plain {
        return None;
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    Some(match last {
        _ if ADDRESSES.contains(&last) => String::new(),
        _ if name.contains("alerts.") || last.starts_with("callout") => callout(last),
        last => last.replace('_', " "),
    })
}

/// Returns the text of a value that draws the start or the end of a box.
fn callout(name: &str) -> String {
    let kind = name.rsplit('_').next().and_then(announcement).map(|kind| format!("{kind}: "));
    kind.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expect: Option<Replacement>) {
        assert_eq!(first_tag(line, 0).map(|found| found.replacement), expect, "{line}");
    }

    fn text(text: &str) -> Option<Replacement> {
        Some(Replacement::Text(text.to_owned()))
    }

    #[test]
    fn shortcodes_are_read() {
        check(r#"See {{< ref "belts/oil.md" >}}."#, text("belts/oil.md"));
        check(r#"[x]({{< relref "oil" >}})"#, text("oil"));
        check(r#"{{% alert title="Note" color="info" %}}"#, Some(Replacement::Box("NOTE", String::new())));
        check(r#"{{< hint danger >}}"#, Some(Replacement::Box("CAUTION", String::new())));
        check(r#"{{< warning "Hot belts" >}}"#, Some(Replacement::Box("WARNING", "Hot belts".into())));
        check(r#"{{< /hint >}}"#, text(""));
        check(r#"{{< tab "Shell" >}}"#, Some(Replacement::Label("Shell".into())));
        check(r#"v{{< skew currentVersion >}}"#, text(r"\<currentVersion\>"));
        check(r#"{{< glossary_tooltip text="rollers" term_id="roller" >}}"#, text("rollers"));
        check(r#"## {{% heading "whatsnext" %}}"#, text("What's next"));
        check(r#"{{< figure src="a b.png" alt="A belt" >}}"#, text("![A belt](a%20b.png)"));
        check(r#"{{</* note */>}}"#, None);
    }

    #[test]
    fn tags_and_values_of_liquid_are_read() {
        check(r#"{% include note.html content="For **experts**." %}"#, text("NOTE: For **experts**."));
        check("{% highlight bash %}", Some(Replacement::Code("bash".into())));
        check("{%- endhighlight -%}", Some(Replacement::CodeEnd));
        check("[x]({% link kb/oil.md %})", text("kb/oil.md"));
        check("{{ site.product }} stands", text("product"));
        check("{{ site.baseurl }}/kb/oil/", text(""));
        check("{{ '/kb/oil/' | relative_url }}", text("/kb/oil/"));
        check("{{site.data.alerts.callout_danger}}", text("CAUTION: "));
        check("{% if x %}", text(""));
    }

    #[test]
    fn templates_of_alerts_and_charts_are_text() {
        check("{{ $labels.pod }} is down", None);
        check("{{ .Values.name }} and {{ include \"x\" . }}", None);
        check("{{ open", None);
    }

    #[test]
    fn code_keeps_all_but_what_the_site_replaces() {
        for (line, expect) in [
            ("curl v{{< skew latest >}}", "curl v<latest>"),
            ("{{ $value }} {% for x in y %}", "{{ $value }} {% for x in y %}"),
            ("{% raw %}{{ a }}{% endraw %}", "{{ a }}"),
        ] {
            assert_eq!(code_line(line), expect);
        }
    }
}
