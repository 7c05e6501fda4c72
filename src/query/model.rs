//! A query as a list of pieces, in the order of the text.

use std::fmt;

use jiff::civil::Date;

use crate::article::{ArticleState, SectionKind};

/// A parsed query. Parsing its `Display` text gives the same query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The pieces, in the order of the text.
    pub pieces: Vec<QueryPiece>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryPiece {
    /// Text to search for, as typed: a word, or all of a pasted text.
    Text(String),
    /// At least two words that must occur one after the other.
    Phrase(String),
    /// A word or phrase that the article must not contain.
    Excluded(String),
    /// A filter: an attribute that an article must have, or must not have.
    Filter(Filter),
}

/// An attribute that an article must have, or must not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Whether the filter excludes the articles that match it.
    pub negated: bool,
    /// The value that the attribute is compared with.
    pub value: FilterValue,
    /// The text of the value as typed, without quotes.
    pub written: String,
}

/// The field of a filter, which is the word before the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilterField {
    /// A product that the article applies to.
    Product,
    /// A version that the article applies to: of the products in the product filters, or of any product without such a
    /// filter.
    Version,
    /// The kind of the article.
    Kind,
    /// The kind of section that must contain the words of the query.
    Section,
    /// An error code in the article.
    Code,
    /// The id of an event in the article, with or without the source of the event.
    Event,
    /// The source of an event in the article.
    Source,
    /// The file name of a program, library or driver in the article.
    File,
    /// The id of the article.
    Id,
    /// The earliest date on which the article was last modified.
    Since,
    /// The latest date on which the article was last modified.
    Until,
    /// The collection that contains the article.
    In,
    /// The state of the article: draft, published or retired.
    State,
}

/// The field and the value of a filter. Values are in canonical form where that does not depend on the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterValue {
    /// The name of a product or words of it, as typed. The parser does not know the products, so it cannot check the
    /// name.
    Product(String),
    /// A version, as typed. How versions are compared depends on the product.
    Version(String),
    /// A kind of article in its canonical spelling: `howto` for `How-To`.
    Kind(String),
    /// A kind of section.
    Section(SectionKind),
    /// The identifiers that a code may mean, at least one: `5` is a Win32 error or the code of a STOP screen.
    Code(Vec<String>),
    /// An event id, with or without a source.
    Event {
        /// The source in lower case; `None` for any source.
        source: Option<String>,
        /// The event id, of at most ten digits.
        number: String,
    },
    /// The source of an event, in lower case.
    Source(String),
    /// A file name in lower case, with its version if one is typed: `store.exe 5.5.2408.0`.
    File(String),
    /// The id of an article in canonical form: `Q305394` for `kb305394`.
    Id(String),
    /// The first day on which the article may have been last modified.
    Since(Date),
    /// The last day on which the article may have been last modified.
    Until(Date),
    /// The name of a collection, as typed.
    In(String),
    /// The state of the article.
    State(ArticleState),
}

impl FilterField {
    /// All fields, in the order in which the help lists them.
    pub const ALL: [FilterField; 13] = [
        FilterField::Product,
        FilterField::Version,
        FilterField::Kind,
        FilterField::Section,
        FilterField::Code,
        FilterField::Event,
        FilterField::Source,
        FilterField::File,
        FilterField::Id,
        FilterField::Since,
        FilterField::Until,
        FilterField::In,
        FilterField::State,
    ];

    /// Returns the name of the field in a query, which is the word before the colon: `product`.
    pub fn name(self) -> &'static str {
        match self {
            FilterField::Product => "product",
            FilterField::Version => "version",
            FilterField::Kind => "kind",
            FilterField::Section => "section",
            FilterField::Code => "code",
            FilterField::Event => "event",
            FilterField::Source => "source",
            FilterField::File => "file",
            FilterField::Id => "id",
            FilterField::Since => "since",
            FilterField::Until => "until",
            FilterField::In => "in",
            FilterField::State => "state",
        }
    }
}

impl Filter {
    /// Returns the field that the filter compares.
    pub fn field(&self) -> FilterField {
        match self.value {
            FilterValue::Product(_) => FilterField::Product,
            FilterValue::Version(_) => FilterField::Version,
            FilterValue::Kind(_) => FilterField::Kind,
            FilterValue::Section(_) => FilterField::Section,
            FilterValue::Code(_) => FilterField::Code,
            FilterValue::Event { .. } => FilterField::Event,
            FilterValue::Source(_) => FilterField::Source,
            FilterValue::File(_) => FilterField::File,
            FilterValue::Id(_) => FilterField::Id,
            FilterValue::Since(_) => FilterField::Since,
            FilterValue::Until(_) => FilterField::Until,
            FilterValue::In(_) => FilterField::In,
            FilterValue::State(_) => FilterField::State,
        }
    }
}

impl Query {
    /// Creates a query that searches for `text` without interpreting any syntax in it. For text that was not typed as a
    /// query, such as a log.
    pub fn plain(text: &str) -> Query {
        let text = text.trim();
        let piece = (!text.is_empty()).then(|| QueryPiece::Text(text.to_owned()));
        Query { pieces: piece.into_iter().collect() }
    }

    /// Returns the texts and phrases to search for, in the order of the query, joined by blanks.
    pub fn text(&self) -> String {
        let words = self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Text(text) | QueryPiece::Phrase(text) => Some(text.as_str()),
            QueryPiece::Excluded(_) | QueryPiece::Filter(_) => None,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Returns the phrases that must occur, in the order of the query.
    pub fn phrases(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Phrase(phrase) => Some(phrase.as_str()),
            QueryPiece::Text(_) | QueryPiece::Excluded(_) | QueryPiece::Filter(_) => None,
        })
    }

    /// Returns the words and phrases that must not occur, in the order of the query.
    pub fn excluded(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Excluded(words) => Some(words.as_str()),
            QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Filter(_) => None,
        })
    }

    /// Returns the filters, in the order of the query.
    pub fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Filter(filter) => Some(filter),
            QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Excluded(_) => None,
        })
    }

    /// Returns the kinds of sections of which one must contain the words; empty when any section may contain them.
    pub fn sections(&self) -> impl Iterator<Item = SectionKind> {
        self.filters().filter(|filter| !filter.negated).filter_map(|filter| match filter.value {
            FilterValue::Section(kind) => Some(kind),
            _ => None,
        })
    }

    /// Returns a query with the filters and exclusions of this one, and `text` instead of its texts and phrases.
    #[must_use]
    pub fn with_text(&self, text: String) -> Query {
        let restricts = |piece: &&QueryPiece| matches!(piece, QueryPiece::Filter(_) | QueryPiece::Excluded(_));
        let restrictions = self.pieces.iter().filter(restricts).cloned();
        Query { pieces: restrictions.chain([QueryPiece::Text(text)]).collect() }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A quotation mark inside a text would form a phrase with the next mark that has a blank behind it. If all
        // values are quoted, the next mark opens a value, so no blank is behind it.
        let is_stray = |piece: &QueryPiece| matches!(piece, QueryPiece::Text(text) if text.contains(['"', '“', '”']));
        let quotes_all = self.pieces.iter().any(is_stray);
        for (index, piece) in self.pieces.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            if quotes_all { write!(out, "{gap}{piece:#}")? } else { write!(out, "{gap}{piece}")? }
        }
        Ok(())
    }
}

/// Prints the piece in the syntax of a query. With `{:#}`, every excluded word and filter value is quoted.
impl fmt::Display for QueryPiece {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueryPiece::Text(text) => out.write_str(text),
            QueryPiece::Phrase(phrase) => write!(out, "\"{phrase}\""),
            QueryPiece::Excluded(word) if is_plain(word) && !out.alternate() => write!(out, "-{word}"),
            QueryPiece::Excluded(words) => write!(out, "-\"{words}\""),
            QueryPiece::Filter(filter) => filter.fmt(out),
        }
    }
}

/// Prints the filter in the syntax of a query. With `{:#}`, the value is quoted even if it needs no quotes.
impl fmt::Display for Filter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.negated { "-" } else { "" };
        let (field, written) = (self.field().name(), &self.written);
        let is_bare =
            written.starts_with(|c: char| c.is_ascii_alphanumeric()) && !written.contains(char::is_whitespace);
        if is_bare && !out.alternate() {
            write!(out, "{minus}{field}:{written}")
        } else {
            write!(out, "{minus}{field}:\"{written}\"")
        }
    }
}

/// Whether an excluded word is printed without quotes. The grammar would accept further words without quotes.
fn is_plain(word: &str) -> bool {
    word.len() > 1
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|b| b.is_ascii_alphanumeric())
}
