//! The elements of HTML, grouped by their effect on plain text.

use super::markup::StartTag;

/// The effect of an element on plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// No effect: `span`, `code`, unknown elements.
    Inline,
    /// Its text is a block of its own: `div`, `section` …
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
    /// `dt` and `summary`: a line above the text that it names.
    Term,
    /// `blockquote` and `dd`.
    Quote,
    Pre,
    Table,
    Row,
    Cell,
    Main,
    Article,
    /// `header`, `footer`, `aside`: not content, unless they are within the content.
    Edge,
    Title,
    Time,
    /// `meta` and `link`.
    Metadata,
    /// Dropped with its content: scripts, navigation, form controls.
    Dropped,
    /// Dropped, without content and without an end tag: `input`, `wbr` …
    Empty,
}

/// Returns the effect of the element `name`, which must be in lower case.
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

/// Returns the effect of the element that `tag` opens. Its `role` attribute counts too, because many pages contain only
/// `div` elements.
pub(super) fn element_of(tag: &StartTag<'_>) -> Element {
    match tag.attribute("role") {
        Some("main") => Element::Main,
        Some("banner" | "contentinfo" | "complementary") => Element::Edge,
        _ => element(&tag.name),
    }
}

impl Element {
    /// Whether the start tag and the end tag of this element end the current paragraph.
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

    /// Whether it is kept in the list of open elements. The others need no end tag, or their end only ends the current
    /// paragraph.
    pub(super) fn is_kept_open(self) -> bool {
        let ends_by_itself = matches!(self, Element::Paragraph | Element::Heading(_) | Element::Term | Element::Rule);
        self.ends_paragraph() && !ends_by_itself || self == Element::Dropped
    }

    /// Whether it has neither content nor an end tag.
    pub(super) fn is_void(self) -> bool {
        matches!(self, Element::Break | Element::Rule | Element::Image | Element::Metadata | Element::Empty)
    }
}

/// Whether `name`, in lower case, is an HTML element that occurs in the text of pages.
pub(super) fn is_known(name: &str) -> bool {
    const INLINE: [&str; 12] = ["code", "em", "font", "i", "kbd", "samp", "small", "span", "sub", "sup", "tt", "u"];
    !matches!(element(name), Element::Inline | Element::Dropped | Element::Empty) || INLINE.contains(&name)
}
