//! Layout "page": front matter, then a document that is indented by a tab, as static site generators store it.

use std::borrow::Cow;

use pest::Parser;

use super::body::{Margin, clean};
use super::{only_value, set_field};
use crate::article::draft::{ArticleDraft, DraftBody, HeadStyle};
use crate::article::model::Layout;

#[derive(pest_derive::Parser)]
#[grammar = "grammar/common.pest"]
#[grammar = "grammar/article_page.pest"]
struct PageGrammar;

/// Whether a text with the first line `first` and the start `head` is a page. Front matter is not enough: Markdown may
/// have it.
pub(in crate::article) fn is_page(first: &str, head: &str) -> bool {
    let names_itself = |line: &str| ["Article:", "id:"].iter().any(|name| value_of(line, name).is_some());
    let is_page_layout = |line: &str| value_of(line, "layout:") == Some("page");
    let has_header_line = |line: &str| value_of(line, "Article:").is_some();
    first.trim_end() == "---"
        && head.lines().any(names_itself)
        && head.lines().any(|line| is_page_layout(line) || has_header_line(line))
}

/// Returns the value of a line `name: value`, with or without a tab before it; `None` if the line has another name or
/// no value.
fn value_of<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let value = line.strip_prefix('\t').unwrap_or(line).strip_prefix(name)?.trim();
    (!value.is_empty()).then_some(value)
}

/// Reads a text that [`detect`](crate::article::detect()) found to be a page. `None` if it has no front matter or no
/// id.
pub(in crate::article) fn read(text: &str) -> Option<ArticleDraft<'_>> {
    let mut draft = ArticleDraft::new(Layout::Page, text);
    let page = PageGrammar::parse(Rule::page, text).ok()?.next()?;
    let mut is_raw_open = false;
    for pair in page.into_inner() {
        match pair.as_rule() {
            Rule::front_field | Rule::header_field => set_field(&mut draft, pair)?,
            Rule::footer_field => {
                set_field(&mut draft, pair)?;
                is_raw_open = false;
            }
            Rule::markdown_head if draft.title.is_empty() => {
                draft.title = Cow::Borrowed(only_value(pair)?.text);
            }
            Rule::raw => is_raw_open = true,
            Rule::bullet => draft.applies_to.extend(only_value(pair)),
            Rule::body => {
                draft.body = DraftBody::Text { text: clean(pair.as_str(), Margin::Tab), heads: HeadStyle::Underlined }
            }
            Rule::legal | Rule::end_raw => is_raw_open = false,
            _ => {}
        }
    }
    draft.is_complete = !is_raw_open;
    draft.title = title(&draft.title, draft.id.text).into_owned().into();
    (!draft.id.is_empty()).then_some(draft)
}

/// Returns the title without YAML quotes and without the id before it, with entities decoded.
fn title<'a>(quoted: &'a str, id: &str) -> Cow<'a, str> {
    let unquoted = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted);
    let after_id = unquoted.strip_prefix(id).and_then(|rest| rest.strip_prefix(':')).unwrap_or(unquoted);
    decode_entities(after_id.trim())
}

/// Decodes the entities that occur in titles of pages: numbers and a few names. Other text with `&` stays unchanged.
fn decode_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').and_then(|end| Some((end, entity_char(&rest[1..end])?)));
        let (len, decoded) = entity.map_or((1, '&'), |(end, decoded)| (end + 1, decoded));
        out.push(decoded);
        rest = &rest[len..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity_char(name: &str) -> Option<char> {
    Some(match name {
        "quot" => '"',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_quotes_id_and_entities() {
        assert_eq!(
            title(r#""Q1234: PRB: &quot;Out of &#91;x&#x5d;&quot; &amp; more""#, "Q1234"),
            r#"PRB: "Out of [x]" & more"#
        );
        assert_eq!(title("cb-disk-full: Disk full", "cb-disk-full"), "Disk full");
        assert_eq!(title("Another: title", "Q1234"), "Another: title");
    }

    #[test]
    fn what_is_no_entity_stays() {
        assert_eq!(decode_entities("AT&T; &moo; &#x110000; R&D &"), "AT&T; &moo; &#x110000; R&D &");
    }
}
