//! What each element of a page means for its text.

use super::markup::StartTag;

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
pub(super) fn element_of(tag: &StartTag<'_>) -> Element {
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
