//! What each element of a page means for its text.

use super::markup::Tag;

/// What an element does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// Nothing that shows in plain text: `span`, `code`, unknown ones.
    Inline,
    /// Its text stands by itself: `div`, `section` …
    Block,
    Paragraph,
    Heading(u8),
    Bold,
    Anchor,
    Break,
    Rule,
    Image,
    List,
    Item,
    /// `dt` and `summary`: a line above what it names.
    Term,
    /// `blockquote` and `dd`.
    Quote,
    Pre,
    Table,
    Row,
    Cell,
    Main,
    Article,
    /// `header`, `footer`, `aside`: no content unless they stand within it.
    Edge,
    Title,
    Time,
    /// `meta` and `link`.
    Metadata,
    /// Not to be read: scripts, navigation, form controls.
    Dropped,
    /// Not to be read, and without an end tag.
    Empty,
}

/// What the element `name`, in lower case, does.
pub(super) fn element(name: &str) -> Element {
    match name {
        "p" => Element::Paragraph,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Element::Heading(name.as_bytes()[1] - b'0'),
        "b" | "strong" => Element::Bold,
        "a" => Element::Anchor,
        "br" => Element::Break,
        "hr" => Element::Rule,
        "img" => Element::Image,
        "ul" | "ol" | "menu" | "dir" => Element::List,
        "li" => Element::Item,
        "dt" | "summary" => Element::Term,
        "dd" | "blockquote" => Element::Quote,
        "pre" | "listing" | "xmp" | "plaintext" | "ac:plain-text-body" => Element::Pre,
        "table" => Element::Table,
        "tr" => Element::Row,
        "td" | "th" => Element::Cell,
        "main" => Element::Main,
        "article" => Element::Article,
        "header" | "footer" | "aside" => Element::Edge,
        "title" => Element::Title,
        "time" => Element::Time,
        "meta" | "link" => Element::Metadata,
        "script" | "style" | "noscript" | "template" | "svg" | "canvas" | "iframe" | "noembed" | "noframes"
        | "audio" | "video" | "nav" | "button" | "select" | "option" | "optgroup" | "datalist" | "textarea"
        | "dialog" | "ac:parameter" => Element::Dropped,
        "input" | "base" | "basefont" | "area" | "col" | "embed" | "param" | "source" | "track" | "wbr" | "keygen"
        | "frame" | "isindex" => Element::Empty,
        "html" | "body" | "head" | "div" | "section" | "form" | "fieldset" | "legend" | "details" | "figure"
        | "figcaption" | "address" | "center" | "dl" | "caption" | "thead" | "tbody" | "tfoot" | "hgroup"
        | "search" | "frameset" => Element::Block,
        _ => Element::Inline,
    }
}

/// What the element that `tag` opens does. Its role counts, since many pages have nothing but `div`.
pub(super) fn element_of(tag: &Tag<'_>) -> Element {
    match tag.attribute("role") {
        Some("main") => Element::Main,
        Some("banner" | "contentinfo" | "complementary") => Element::Edge,
        _ => element(&tag.name),
    }
}

impl Element {
    /// Whether a paragraph ends where it begins and where it ends.
    pub(super) fn ends_paragraph(self) -> bool {
        !matches!(
            self,
            Element::Inline
                | Element::Bold
                | Element::Anchor
                | Element::Break
                | Element::Image
                | Element::Time
                | Element::Metadata
                | Element::Title
                | Element::Dropped
                | Element::Empty
        )
    }

    /// Whether it is kept among the open elements. The others need no end tag, or only end what is being written.
    pub(super) fn is_kept_open(self) -> bool {
        let ends_by_itself = matches!(self, Element::Paragraph | Element::Heading(_) | Element::Term | Element::Rule);
        self.ends_paragraph() && !ends_by_itself || self == Element::Dropped
    }

    /// Whether it has no content and no end tag.
    pub(super) fn is_void(self) -> bool {
        matches!(self, Element::Break | Element::Rule | Element::Image | Element::Metadata | Element::Empty)
    }
}

/// Whether HTML has an element `name`, in lower case, that stands in the text of pages.
pub(super) fn is_known(name: &str) -> bool {
    const INLINE: [&str; 12] = ["code", "em", "font", "i", "kbd", "samp", "small", "span", "sub", "sup", "tt", "u"];
    !matches!(element(name), Element::Inline | Element::Dropped | Element::Empty) || INLINE.contains(&name)
}

/// Whether what `tag` opens is not to be read: it is hidden, or its names say that it belongs to the site and not to the page.
pub(super) fn is_dropped(tag: &Tag<'_>, element: Element) -> bool {
    if element == Element::Dropped || is_hidden(tag) {
        return true;
    }
    let is_content = matches!(tag.name.as_ref(), "html" | "body")
        || matches!(element, Element::Main | Element::Article | Element::Heading(_) | Element::Pre);
    if is_content {
        return false;
    }
    // Generators give a section the words of its heading for an id.
    let id = tag.attribute("id").filter(|_| tag.name != "section");
    let classes = tag.attribute("class").unwrap_or_default().split_ascii_whitespace();
    let has_role = || tag.attribute("role").is_some_and(|role| ["navigation", "search", "menu"].contains(&role));
    has_role() || classes.chain(id).any(is_noise)
}

fn is_hidden(tag: &Tag<'_>) -> bool {
    let style = || tag.attribute("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    tag.attribute("hidden").is_some()
        || tag.attribute("aria-hidden") == Some("true")
        || tag.attribute("style").is_some() && ["display:none", "visibility:hidden"].iter().any(|s| style().contains(s))
}

/// Words of class names and ids that belong to the site around a page.
const NOISE: [&str; 24] = [
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "navigation",
    "nav",
    "navbar",
    "sidebar",
    "menu",
    "share",
    "sharing",
    "social",
    "related",
    "feedback",
    "skip",
    "pagination",
    "toolbar",
    "promo",
    "advertisement",
    "newsletter",
    "toc",
];

/// Words that may stand beside them: with any other one, as in `network-share` or `related-errors`, a name means something else.
const BESIDE_NOISE: [&str; 56] = [
    "article",
    "articles",
    "area",
    "bar",
    "block",
    "body",
    "bottom",
    "box",
    "btn",
    "button",
    "buttons",
    "container",
    "content",
    "fixed",
    "footer",
    "form",
    "global",
    "group",
    "header",
    "icon",
    "icons",
    "inner",
    "item",
    "items",
    "js",
    "left",
    "link",
    "links",
    "list",
    "main",
    "media",
    "message",
    "modal",
    "notice",
    "overlay",
    "page",
    "panel",
    "policy",
    "popup",
    "posts",
    "primary",
    "right",
    "secondary",
    "section",
    "site",
    "to",
    "top",
    "topics",
    "widget",
    "wrap",
    "wrapper",
    "title",
    "mobile",
    "pages",
    "macro",
    "indentation",
];

/// Whether a class name or an id has a word of [`NOISE`] and no other than those that go with it. `cookieBanner` has two.
fn is_noise(name: &str) -> bool {
    let mut has_noise = false;
    let mut rest = name;
    while !rest.is_empty() {
        let (word, after) = first_word(rest);
        rest = after;
        let is_word = |known: &&str| known.eq_ignore_ascii_case(word);
        if NOISE.iter().any(|known| is_word(&known)) {
            has_noise = true;
        } else if !word.is_empty() && !BESIDE_NOISE.iter().any(|known| is_word(&known)) {
            return false;
        }
    }
    has_noise
}

/// The word that `name` begins with, blank if that is a mark, and what follows. A capital begins a word.
fn first_word(name: &str) -> (&str, &str) {
    let is_letter = |b: u8| b.is_ascii_alphabetic() || !b.is_ascii();
    let bytes = name.as_bytes();
    if !is_letter(bytes[0]) {
        return ("", name.get(1..).unwrap_or_default());
    }
    let goes_on =
        |&at: &usize| is_letter(bytes[at]) && !(bytes[at].is_ascii_uppercase() && !bytes[at - 1].is_ascii_uppercase());
    let end = (1..bytes.len()).find(|at| !goes_on(at)).unwrap_or(bytes.len());
    name.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::super::markup::{Token, tokens};
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: bool) {
        let Some(Token::Start(tag)) = tokens(html).next() else { panic!("{html} is no start tag") };
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
