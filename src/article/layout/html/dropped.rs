//! Decides which elements of a page are dropped: hidden ones, and those that belong to the site around the article.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::element::Element;
use super::markup::StartTag;
use crate::article::synonym::entries;

/// Whether the element of `tag` is dropped: it is hidden, or its class, id or role shows that it belongs to the site.
pub(super) fn is_dropped(tag: &StartTag<'_>, element: Element) -> bool {
    if element == Element::Dropped || is_hidden(tag) {
        return true;
    }
    let is_content = matches!(tag.name.as_ref(), "html" | "body")
        || matches!(element, Element::Main | Element::Article | Element::Heading(_) | Element::Pre);
    if is_content {
        return false;
    }
    // The id of a `section` does not count: generators make it from the words of the heading.
    let id = tag.attribute("id").filter(|_| tag.name != "section");
    let classes = tag.attribute("class").unwrap_or_default().split_ascii_whitespace();
    // An export of Confluence lists the attachments and comments of a page in such parts below its text.
    let is_below_page =
        || tag.attribute("class").is_some_and(|class| class.split_ascii_whitespace().any(|name| name == "pageSection"));
    let has_role = || tag.attribute("role").is_some_and(|role| ["navigation", "search", "menu"].contains(&role));
    let is_footer = tag.name == "div" && tag.attribute("id") == Some("footer");
    has_role() || is_footer || is_below_page() || classes.chain(id).any(is_of_site)
}

fn is_hidden(tag: &StartTag<'_>) -> bool {
    let style = || tag.attribute("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    tag.attribute("hidden").is_some()
        || tag.attribute("aria-hidden") == Some("true")
        || tag.attribute("style").is_some() && ["display:none", "visibility:hidden"].iter().any(|s| style().contains(s))
}

/// Whether a class name or an id contains a word for a part of the site (`cookieBanner`), and otherwise only words that
/// may be beside it. It is split at punctuation and capitals.
fn is_of_site(name: &str) -> bool {
    /// The known words, and whether they mean a part of the site; the others may be beside such a word.
    static WORDS: LazyLock<HashMap<&'static str, bool>> =
        LazyLock::new(|| entries(include_str!("site_names.txt")).map(|(kind, word)| (word, kind == "site")).collect());
    let mut found = false;
    let mut rest = name;
    while !rest.is_empty() {
        let (word, after) = first_word(rest);
        rest = after;
        match WORDS.get(word.to_ascii_lowercase().as_str()) {
            Some(is_of_site) => found |= is_of_site,
            None if word.is_empty() => {}
            None => return false,
        }
    }
    found
}

/// Splits `name` after its first word. The word is empty if `name` begins with punctuation. A capital begins a word.
fn first_word(name: &str) -> (&str, &str) {
    let is_letter = |b: u8| b.is_ascii_alphabetic() || !b.is_ascii();
    let bytes = name.as_bytes();
    if !is_letter(bytes[0]) {
        return ("", &name[1..]);
    }
    let begins_word = |at: usize| bytes[at].is_ascii_uppercase() && !bytes[at - 1].is_ascii_uppercase();
    let end = (1..bytes.len()).find(|&at| !is_letter(bytes[at]) || begins_word(at)).unwrap_or(bytes.len());
    name.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::layout::html::element::element;
    use crate::article::layout::html::markup::{HtmlToken, tokens};

    #[track_caller]
    fn check(html: &str, expect: bool) {
        let Some(HtmlToken::Start(tag)) = tokens(html).next() else { panic!("{html} is no start tag") };
        assert_eq!(is_dropped(&tag, element(&tag.name)), expect, "{html}");
    }

    #[test]
    fn what_belongs_to_the_site_is_dropped() {
        for html in [
            "<script>",
            "<nav>",
            "<button>",
            "<div hidden>",
            "<span aria-hidden=true>",
            "<p style='Display: none'>",
            "<div class='x cookie-banner'>",
            "<div id=CookieConsent>",
            "<ul class=breadcrumbs>",
            "<div role=navigation>",
            "<a class=skip-link>",
            "<section class=related-articles>",
            "<div class='left-sidebar'>",
            "<div id=page_feedback>",
        ] {
            check(html, true);
        }
    }

    #[test]
    fn content_is_not_dropped_for_its_names() {
        for html in [
            "<body class='sidebar'>",
            "<main class=menu>",
            "<h2 id=related>",
            "<section id=feedback>",
            "<div id=network-share>",
            "<div class=has-sidebar>",
            "<div class=related-errors>",
            "<div class=content>",
            "<p>",
            "<div aria-hidden=false>",
            "<div class='é-menü'>",
            "<pre class=menu>",
        ] {
            check(html, false);
        }
    }
}
