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
    /// The layout of the file that contains the article.
    pub layout: Layout,
    /// Title without id and without [`prefix`](Article::prefix).
    pub title: String,
    /// The tag before the title: `XFOR`, `PRB`, `BUG`, `FIX`, `HOWTO` …
    pub prefix: Option<String>,
    /// The kind of article or issue as printed: `kbprb`, `kbhowto`, `kbbug` …
    pub issue_type: Option<String>,
    /// Whether the article is a draft, published, or retired.
    pub state: ArticleState,
    /// The products that the article applies to, in the order of the article.
    pub products: Vec<Product>,
    /// The operating systems that the article names.
    pub os: Vec<String>,
    /// The date of the last change.
    pub modified: Option<jiff::civil::Date>,
    /// Keywords in order, each once. "Additional query words" are not among them: they are a section of their own kind.
    pub keywords: Vec<String>,
    /// Technology tags from the footer.
    pub technology: Vec<String>,
    /// Sections in order. Text before the first heading is a section of kind [`SectionKind::Body`].
    pub sections: Vec<Section>,
    /// Numbered procedures of all sections, in order.
    pub procedures: Vec<Procedure>,
    /// The articles that this one mentions, each once, in order of first mention; then those that it links to.
    pub references: Vec<Reference>,
    /// The addresses by which links reach this article; empty until [`locate`](super::locate()) is told its place.
    pub addresses: Vec<String>,
    /// Error messages, codes, event ids and the like with their places, in order.
    pub identifiers: Vec<Identifier>,
    /// Problems that were found in the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The state of an article in the life of its KB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ArticleState {
    /// Not yet published.
    Draft,
    /// Published, or without a stated state.
    #[default]
    Published,
    /// No longer valid, or soon no longer.
    Retired,
}

impl ArticleState {
    /// All states, in the order of an article's life.
    pub const ALL: [ArticleState; 3] = [ArticleState::Draft, ArticleState::Published, ArticleState::Retired];

    /// The name used in queries, reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            ArticleState::Draft => "draft",
            ArticleState::Published => "published",
            ArticleState::Retired => "retired",
        }
    }

    /// The name, unless the article is published: what a reader has to know before using it.
    pub fn unless_published(self) -> Option<&'static str> {
        (self != ArticleState::Published).then(|| self.name())
    }
}

/// How an article is laid out in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    /// A header block that begins with `DOCUMENT:Q…`, then text with underlined headings.
    Document,
    /// YAML front matter between lines `---`, then a body in which a tab begins each line.
    Page,
    /// Text copied from a browser: a title line that ends in `(305394)`, bullets, upper-case headings.
    WebText,
    /// An HTML page: a Microsoft article, a page of a help centre, a runbook.
    Html,
    /// A Markdown runbook, with or without front matter.
    Markdown,
    /// AsciiDoc, with or without front matter.
    AsciiDoc,
    /// reStructuredText.
    ReStructuredText,
    /// A record of a JSON or CSV export with canonical field names.
    Export,
}

impl Layout {
    /// All layouts, the older ones first.
    pub const ALL: [Layout; 8] = [
        Layout::Document,
        Layout::Page,
        Layout::WebText,
        Layout::Html,
        Layout::Markdown,
        Layout::AsciiDoc,
        Layout::ReStructuredText,
        Layout::Export,
    ];

    /// Whether articles of this layout have links and are reached by links. Those of the old archive only mention ids.
    pub fn has_links(self) -> bool {
        match self {
            Layout::Document | Layout::Page | Layout::WebText => false,
            Layout::Html | Layout::Markdown | Layout::AsciiDoc | Layout::ReStructuredText | Layout::Export => true,
        }
    }

    /// The name used in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Document => "document",
            Layout::Page => "page",
            Layout::WebText => "web text",
            Layout::Html => "html",
            Layout::Markdown => "markdown",
            Layout::AsciiDoc => "asciidoc",
            Layout::ReStructuredText => "restructuredtext",
            Layout::Export => "export",
        }
    }
}

/// A product that the article applies to, and its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The name as printed, without the versions.
    pub name: String,
    /// The versions as printed, one by one, such as `5.5 SP3`; empty if the article names none.
    pub versions: Vec<String>,
}

/// The topic of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionKind {
    /// Text before the first heading.
    Body,
    /// The subject of the article.
    Summary,
    /// Messages and failures that users see.
    Symptoms,
    /// Why the problem happens.
    Cause,
    /// How to fix the problem.
    Resolution,
    /// How to avoid the problem without fixing it.
    Workaround,
    /// The vendor's statement about the problem.
    Status,
    /// Background information.
    MoreInformation,
    /// Mentions of other articles and documents.
    References,
    /// "Additional query words": words that people search for.
    QueryWords,
    /// A section with any other heading.
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

/// A section of an article: a heading and the text below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The topic, which the words of the heading tell.
    pub kind: SectionKind,
    /// The heading as printed; empty for [`SectionKind::Body`].
    pub title: String,
    /// The level of the heading: 1 for a main heading, 2 for one below it (underlined with dashes), and so on.
    pub level: u8,
    /// The text without the heading and without blank lines at either end.
    pub text: String,
    /// The byte ranges of the listings in `text`, in order; `None` if the layout does not mark them.
    pub listings: Option<Vec<Span>>,
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
    /// The number as printed, after the numbers of the steps that contain this one: `2`, or `2.a` within step 2.
    pub number: String,
    /// The text including notes within the step; the lines of a paragraph are joined.
    pub text: String,
}

/// A mention of another article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Canonical id of the other article, or for a link the address that it most likely has.
    pub id: String,
    /// The other ids or addresses that a link may mean, best first.
    pub others: Vec<String>,
    /// Its title, if the article quotes it.
    pub title: Option<String>,
}

impl Reference {
    /// Separates the ids in [`Reference::joined`]. No id contains it.
    pub const SEPARATOR: char = '\t';

    /// The ids and addresses that the reference may mean, best first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.id).chain(&self.others).map(String::as_str)
    }

    /// All ids and addresses in one text. That of two equal references is the same.
    pub fn joined(&self) -> String {
        self.ids().collect::<Vec<_>>().join(&Self::SEPARATOR.to_string())
    }
}

/// A string that identifies a problem exactly (a message, code, event id …), and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// Whether it is a message, a code, an event id and so on.
    pub kind: IdentifierKind,
    /// The string in canonical form.
    pub value: String,
    /// Index into [`Article::sections`].
    pub section: usize,
    /// Byte range in that section's text.
    pub span: Span,
}

impl Identifier {
    /// Returns a message as a text template in the notation of rules: `Unable to contact {host} on port {number:int}`.
    /// Returns `None` if this is not a message.
    ///
    /// Computed on demand: it takes about 10 µs per message, and parsing an article takes only 40 µs.
    pub fn pattern(&self) -> Option<String> {
        (self.kind == IdentifierKind::Message).then(|| wording::pattern(&self.value))
    }

    /// Returns the parts of a message that change each time it is printed: byte ranges of `value`, in order and not
    /// adjacent, each with the name of its hole in the pattern. Returns nothing if this is not a message.
    pub fn variable_parts(&self) -> Vec<(Range<usize>, String)> {
        if self.kind == IdentifierKind::Message { wording::variable_parts(&self.value) } else { Vec::new() }
    }
}
