//! The parts of an article file as printed, before they are interpreted.
//!
//! A layout finds the parts in its file and fills an [`ArticleDraft`]. [`super::parse()`] then interprets the draft in
//! the same way for all layouts.

use std::borrow::Cow;

use super::id::canonical_id;
use super::model::{ArticleState, Layout, Section};
use crate::source::Span;

/// The value of a field as printed in the file, without blanks around it, and its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FieldValue<'a> {
    pub(super) text: &'a str,
    span: Span,
}

impl<'a> FieldValue<'a> {
    /// Makes a value from `raw`, which starts at byte `start` of the file. Leaves out the blanks around it.
    pub(super) fn new(raw: &'a str, start: usize) -> Self {
        let rest = raw.trim_start();
        let text = rest.trim_end();
        let start = start + raw.len() - rest.len();
        FieldValue { text, span: Span::new(start, start + text.len()) }
    }

    /// Makes a value whose place is unknown, or that the file contains in another form. Its span is empty, at the start
    /// of the file.
    pub(super) fn without_place(text: &'a str) -> Self {
        FieldValue { text, span: Span::default() }
    }

    /// Makes a value from `text`, which comes from the part of the file at `span`.
    pub(super) fn at(text: &'a str, span: Span) -> Self {
        FieldValue { text, span }
    }

    /// Makes a value from `text`, which is a part of this value, with the span of the whole value.
    fn with_text(self, text: &'a str) -> Self {
        FieldValue { text, ..self }
    }

    pub(super) fn span(self) -> Span {
        self.span
    }

    pub(super) fn is_empty(self) -> bool {
        self.text.is_empty()
    }
}

#[derive(Debug)]
pub(super) enum DraftBody {
    /// Text that still contains the headings of its sections, without margin and without blanks at line ends.
    Text { text: String, heads: HeadStyle },
    /// The sections, already separated, because files of this layout mark them.
    Sections(Vec<Section>),
}

/// How section headings are marked in the text of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadStyle {
    /// A line of `=` or `-` follows the heading.
    Underlined,
    /// A heading is an upper-case line between blank lines.
    UpperCase,
}

/// The parts of one article file.
#[derive(Debug)]
pub(super) struct ArticleDraft<'a> {
    pub(super) layout: Layout,
    pub(super) id: FieldValue<'a>,
    /// Other ids of the article, in canonical form.
    pub(super) aliases: Vec<String>,
    /// The title with its prefix and without the id. Entities such as `&amp;` are decoded.
    pub(super) title: Cow<'a, str>,
    /// The product line of the header. It is less precise than `applies_to`.
    pub(super) product: FieldValue<'a>,
    /// The version line of the header: `winnt:4.0,5.0`.
    pub(super) versions: FieldValue<'a>,
    pub(super) os: FieldValue<'a>,
    pub(super) modified: FieldValue<'a>,
    /// The keywords of header and footer, one value per keyword.
    pub(super) keywords: Vec<FieldValue<'a>>,
    pub(super) technology: FieldValue<'a>,
    pub(super) issue_type: FieldValue<'a>,
    pub(super) state: ArticleState,
    pub(super) applies_to: Vec<FieldValue<'a>>,
    pub(super) body: DraftBody,
    /// Whether the file contains the end of the article, so that it is not cut off.
    pub(super) is_complete: bool,
    /// The length of the file in bytes.
    pub(super) len: usize,
}

impl<'a> ArticleDraft<'a> {
    pub(super) fn new(layout: Layout, text: &'a str) -> Self {
        ArticleDraft {
            layout,
            id: FieldValue::default(),
            aliases: Vec::new(),
            title: Cow::Borrowed(""),
            product: FieldValue::default(),
            versions: FieldValue::default(),
            os: FieldValue::default(),
            modified: FieldValue::default(),
            keywords: Vec::new(),
            technology: FieldValue::default(),
            issue_type: FieldValue::default(),
            state: ArticleState::default(),
            applies_to: Vec::new(),
            body: DraftBody::Sections(Vec::new()),
            is_complete: false,
            len: text.len(),
        }
    }

    /// Stores the value of a line `name: value` of a header, front matter or footer of any layout. Ignores names that
    /// have no counterpart in the model (`Hardware`, `permalink` …).
    pub(super) fn set(&mut self, name: &str, value: FieldValue<'a>) {
        match name {
            "Article" | "id" => first(&mut self.id, value),
            "TITLE" | "title" => self.title = Cow::Borrowed(value.text),
            "PRODUCT" | "Product(s)" => first(&mut self.product, value),
            "PROD/VER" | "Version(s)" | "Version" => first(&mut self.versions, value),
            "OPER/SYS" | "Operating System(s)" => first(&mut self.os, value),
            "KEYWORDS" | "Keyword(s)" | "Keywords" => {
                let words = value.text.split([' ', '|', '\t']).filter(|word| !word.is_empty());
                self.keywords.extend(words.map(|word| value.with_text(word)));
            }
            "Last Modified" | "Last Reviewed" => first(&mut self.modified, value),
            "Technology" => first(&mut self.technology, value),
            "Issue type" => first(&mut self.issue_type, value),
            "SAME-AS" | "Same as" | "same_as" => self.add_aliases(value.text),
            _ => {}
        }
    }

    /// Sets the products. A single product also gets `versions`, if there are any. With several products, `versions` is
    /// ignored.
    pub(super) fn set_products(&mut self, products: Vec<FieldValue<'a>>, versions: FieldValue<'a>) {
        match products[..] {
            [product] if !versions.is_empty() => (self.product, self.versions) = (product, versions),
            _ => self.applies_to = products,
        }
    }

    /// Sets the issue type to the first keyword that is one, for layouts whose footer has no line for it.
    pub(super) fn take_issue_type_from_keywords(&mut self) {
        const ISSUE_TYPES: [&str; 4] = ["kbbug", "kbprb", "kbinfo", "kbhowto"];
        let is_one = |keyword: &&FieldValue<'_>| ISSUE_TYPES.contains(&keyword.text);
        self.issue_type = self.keywords.iter().find(is_one).copied().unwrap_or_default();
    }

    /// Adds the ids in a list such as `Q262270, :Q135919` or `[Q262270]`, or a former address such as `/mail/queue/`.
    pub(super) fn add_aliases(&mut self, list: &str) {
        if list.contains('/') && !list.contains([',', ' ']) {
            self.aliases.push(canonical_id(path_of(list)));
            return;
        }
        let ids = list.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
        self.aliases.extend(ids.filter(|id| !id.is_empty()).map(canonical_id));
    }
}

/// Returns the path of an address, without scheme and host.
fn path_of(address: &str) -> &str {
    let Some((_, rest)) = address.split_once("://") else { return address };
    rest.split_once('/').map_or("", |(_, path)| path)
}

/// Sets `field` if it is still empty: of two lines for the same field, the first with a value counts.
fn first<'a>(field: &mut FieldValue<'a>, value: FieldValue<'a>) {
    if field.is_empty() {
        *field = value;
    }
}
