//! The article model: what every layout parses to.
//!
//! All text is UTF-8 with `\n` line ends. An [`Identifier`] points into the text of its section.

use std::ops::Range;

use super::wording;
use crate::diagnostic::Diagnostic;
use crate::identifier::IdentifierKind;
use crate::source::Span;

/// One KB article.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Canonical id: `Q305394` for the Microsoft families, `cb-…` for bundled ones.
    pub id: String,
    /// Other names that lead here: `same_as` of the front matter, "previously published under".
    pub aliases: Vec<String>,
    /// The source format.
    pub layout: Layout,
    /// Title without id and without [`prefix`](Article::prefix).
    pub title: String,
    /// Leading tag of the title: `XFOR`, `PRB`, `BUG`, `FIX`, `HOWTO` …
    pub prefix: Option<String>,
    /// `kbprb`, `kbhowto`, `kbbug` … as printed in the footer.
    pub issue_type: Option<String>,
    /// The products that the article applies to, in its order.
    pub products: Vec<Product>,
    /// Operating systems.
    pub os: Vec<String>,
    /// Last modified.
    pub modified: Option<jiff::civil::Date>,
    /// Keywords, in order, each once; "Additional query words" are a section of their own kind.
    pub keywords: Vec<String>,
    /// Technology tags of the footer.
    pub technology: Vec<String>,
    /// Sections in order; text before the first head is one of kind [`SectionKind::Body`].
    pub sections: Vec<Section>,
    /// Numbered procedures in order.
    pub procedures: Vec<Procedure>,
    /// Articles that this one refers to, each once, in order of first mention.
    pub references: Vec<Reference>,
    /// Error messages, codes, events … with their places, in order.
    pub identifiers: Vec<Identifier>,
    /// What was odd about the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// One source format of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    /// `DOCUMENT:Q…` header block, underlined heads.
    Document,
    /// Front matter and a body indented by a tab.
    Page,
    /// Title line ending in `(305394)`, bullets, upper-case heads.
    WebText,
    /// An HTML page: an article of the same families, a help centre's, a runbook's.
    Html,
    /// A Markdown runbook, with or without front matter.
    Markdown,
    /// A record of a JSON or CSV export, its fields under canonical names.
    Export,
}

impl Layout {
    /// Every layout, the older ones first.
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

/// A product and the versions of it that are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Name as printed, without the versions.
    pub name: String,
    /// Versions as printed, one by one: `5.5 SP3`; empty when none is given.
    pub versions: Vec<String>,
}

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionKind {
    /// Text before the first head.
    Body,
    /// What the article is about.
    Summary,
    /// What is seen.
    Symptoms,
    /// Why.
    Cause,
    /// What mends it.
    Resolution,
    /// What avoids it.
    Workaround,
    /// What the vendor says about it.
    Status,
    /// Background.
    MoreInformation,
    /// Where else to read.
    References,
    /// "Additional query words": what people search for.
    QueryWords,
    /// Any other head.
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
    /// What it is about.
    pub kind: SectionKind,
    /// The head as printed; empty for [`SectionKind::Body`].
    pub title: String,
    /// 1 for a main head, 2 for a sub-head (underlined with dashes), and so on.
    pub level: u8,
    /// The text without the head, without blank lines at either end.
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
    /// As printed, nested ones with their parents: `2`, `2.a`.
    pub number: String,
    /// The text, continued lines joined, notes within the step included.
    pub text: String,
}

/// A mention of another article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Canonical id of the other article.
    pub id: String,
    /// Its title as quoted here, if it is.
    pub title: Option<String>,
}

/// Something that identifies a problem exactly, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// What it is.
    pub kind: IdentifierKind,
    /// Canonical form.
    pub value: String,
    /// Index into [`Article::sections`].
    pub section: usize,
    /// Byte range in that section's text.
    pub span: Span,
}

impl Identifier {
    /// A message as text with holes, in the notation of rules: `Unable to contact {host} on port {number:int}`. `None` for
    /// everything else.
    ///
    /// Made when asked for: it takes some 10 µs a message, and parsing an article only 40 µs.
    pub fn pattern(&self) -> Option<String> {
        (self.kind == IdentifierKind::Message).then(|| wording::pattern(&self.value))
    }

    /// What of a message's value is of the occasion, in order and apart: byte ranges, each with the name of its hole in the
    /// pattern. Empty for everything else.
    pub fn variable_parts(&self) -> Vec<(Range<usize>, String)> {
        if self.kind == IdentifierKind::Message { wording::variable_parts(&self.value) } else { Vec::new() }
    }
}
