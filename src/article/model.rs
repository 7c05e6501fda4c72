//! The article model: the result of parsing, the same for all layouts.
//!
//! All text has `\n` line ends. An [`Identifier`] refers to a byte range in the text of its section.

use std::ops::Range;

use super::wording;
use crate::diagnostic::Diagnostic;
use crate::identifier::IdentifierKind;
use crate::source::Span;

/// One KB article.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Canonical id: `Q305394` for Microsoft articles, `cb-…` for bundled ones.
    pub id: String,
    /// Other ids of this article: `same_as` in the front matter, "previously published under".
    pub aliases: Vec<String>,
    /// The layout of its file.
    pub layout: Layout,
    /// Title without id and without [`prefix`](Article::prefix).
    pub title: String,
    /// The tag before the title: `XFOR`, `PRB`, `BUG`, `FIX`, `HOWTO` …
    pub prefix: Option<String>,
    /// `kbprb`, `kbhowto`, `kbbug` … as printed in the footer.
    pub issue_type: Option<String>,
    /// The products that the article applies to, in the order of the article.
    pub products: Vec<Product>,
    /// The operating systems that it names.
    pub os: Vec<String>,
    /// The date of the last change.
    pub modified: Option<jiff::civil::Date>,
    /// Keywords in order, each once. "Additional query words" are not among them: they are a section of their own kind.
    pub keywords: Vec<String>,
    /// Technology tags from the footer.
    pub technology: Vec<String>,
    /// Sections in order. Text before the first head is a section of kind [`SectionKind::Body`].
    pub sections: Vec<Section>,
    /// Numbered procedures of all sections, in order.
    pub procedures: Vec<Procedure>,
    /// The articles that this one mentions, each once, in order of first mention.
    pub references: Vec<Reference>,
    /// Error messages, codes, event ids and the like with their places, in order.
    pub identifiers: Vec<Identifier>,
    /// Problems in the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// How an article is laid out in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    /// A header block that begins with `DOCUMENT:Q…`, then text with underlined heads.
    Document,
    /// Front matter, then a body that is indented by a tab.
    Page,
    /// Text copied from a browser: a title line that ends in `(305394)`, bullets, upper-case heads.
    WebText,
    /// An HTML page: a Microsoft article, a page of a help centre, a runbook.
    Html,
    /// A Markdown runbook, with or without front matter.
    Markdown,
    /// A record of a JSON or CSV export with canonical field names.
    Export,
}

impl Layout {
    /// All layouts, the older ones first.
    pub const ALL: [Layout; 6] =
        [Layout::Document, Layout::Page, Layout::WebText, Layout::Html, Layout::Markdown, Layout::Export];

    /// The name used in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Document => "document",
            Layout::Page => "page",
            Layout::WebText => "web text",
            Layout::Html => "html",
            Layout::Markdown => "markdown",
            Layout::Export => "export",
        }
    }
}

/// A product and the versions that the article applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The name as printed, without the versions.
    pub name: String,
    /// Single versions as printed, such as `5.5 SP3`; empty if the article names none.
    pub versions: Vec<String>,
}

/// The topic of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionKind {
    /// Text before the first head.
    Body,
    /// The subject of the article.
    Summary,
    /// Messages and failures that users see.
    Symptoms,
    /// Why it happens.
    Cause,
    /// How to fix it.
    Resolution,
    /// How to avoid it.
    Workaround,
    /// The vendor's statement about the problem.
    Status,
    /// Background.
    MoreInformation,
    /// Other articles and documents.
    References,
    /// "Additional query words": words that people search for.
    QueryWords,
    /// A section with any other head.
    Titled,
}

impl SectionKind {
    /// The name used in reports, JSON and `section:` queries.
    pub fn name(self) -> &'static str {
        match self {
            SectionKind::Body => "body",
            SectionKind::Summary => "summary",
            SectionKind::Symptoms => "symptoms",
            SectionKind::Cause => "cause",
            SectionKind::Resolution => "resolution",
            SectionKind::Workaround => "workaround",
            SectionKind::Status => "status",
            SectionKind::MoreInformation => "more_information",
            SectionKind::References => "references",
            SectionKind::QueryWords => "query_words",
            SectionKind::Titled => "titled",
        }
    }
}

/// A head and the text under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The topic, as its head tells.
    pub kind: SectionKind,
    /// The head as printed; empty for [`SectionKind::Body`].
    pub title: String,
    /// 1 for a main head, 2 for a head below it (underlined with dashes), and so on.
    pub level: u8,
    /// The text without the head and without blank lines at either end.
    pub text: String,
}

/// A numbered list of steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    /// Index into [`Article::sections`].
    pub section: usize,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step of a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// As printed, with the numbers of the steps around it: `2`, `2.a`.
    pub number: String,
    /// The text including notes within the step; the lines of a paragraph are joined.
    pub text: String,
}

/// A mention of another article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Canonical id of the other article.
    pub id: String,
    /// Its title, if the article quotes it.
    pub title: Option<String>,
}

/// A string that identifies a problem exactly (a message, code, event id …), and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// Message, code, event id and so on.
    pub kind: IdentifierKind,
    /// Canonical form.
    pub value: String,
    /// Index into [`Article::sections`].
    pub section: usize,
    /// Byte range in that section's text.
    pub span: Span,
}

impl Identifier {
    /// A message as a text template in the notation of rules: `Unable to contact {host} on port {number:int}`. `None`
    /// if this is not a message.
    ///
    /// Computed on demand: it takes about 10 µs per message, and parsing an article takes only 40 µs.
    pub fn pattern(&self) -> Option<String> {
        (self.kind == IdentifierKind::Message).then(|| wording::pattern(&self.value))
    }

    /// The parts of a message that change each time it is printed: byte ranges of `value`, in order and not adjacent,
    /// each with the name of its hole in the pattern. Empty if this is not a message.
    pub fn variable_parts(&self) -> Vec<(Range<usize>, String)> {
        if self.kind == IdentifierKind::Message { wording::variable_parts(&self.value) } else { Vec::new() }
    }
}
