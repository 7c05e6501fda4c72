//! A query as a list of pieces, in the order of the text.

use std::fmt;

use jiff::civil::Date;

use crate::article::SectionKind;

/// A parsed query. Its printed form parses to the same query.
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
    /// At least two words that must occur in a row.
    Phrase(String),
    /// A word or phrase that must not occur.
    Excluded(String),
    /// An attribute that an article must have, or must not have.
    Filter(Filter),
}

/// An attribute that an article must have, or must not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Whether the filter excludes the articles that match it.
    pub negated: bool,
    /// The value to match.
    pub value: FilterValue,
    /// The value as typed, without quotes.
    pub written: String,
}

/// The field of a filter, which is the word before the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilterField {
    /// A product that the article applies to.
    Product,
    /// A version of the product in another filter, or of any product.
    Version,
    /// The kind of the article.
    Kind,
    /// The section that contains the words.
    Section,
    /// An error code.
    Code,
    /// An event id, with or without its source.
    Event,
    /// The source of an event.
    Source,
    /// A program, library or driver.
    File,
    /// The id of the article.
    Id,
    /// The earliest date of its last modification.
    Since,
    /// The latest date of its last modification.
    Until,
    /// The collection.
    In,
}

/// The value of a filter, in canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterValue {
    /// The name of a product or a part of it, as typed, since the products are not known here.
    Product(String),
    /// A version as typed. Its comparison depends on the product.
    Version(String),
    /// A kind, in lower case and one spelling: `howto`.
    Kind(String),
    /// A section of this kind.
    Section(SectionKind),
    /// The identifiers that the number or name may mean, at least one: `10061` is a Win32 error or a reply.
    Code(Vec<String>),
    /// An event.
    Event {
        /// Its source in lower case; `None` for any source.
        source: Option<String>,
        /// Its number, up to ten digits.
        number: String,
    },
    /// The source of an event, in lower case.
    Source(String),
    /// A file name in lower case, with its version if one is typed: `store.exe 5.5.2408.0`.
    File(String),
    /// Canonical id.
    Id(String),
    /// This day or later.
    Since(Date),
    /// This day or earlier.
    Until(Date),
    /// The name of a collection, as typed.
    In(String),
}

impl FilterField {
    /// All fields, in the order of the help.
    pub const ALL: [FilterField; 12] = [
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
    ];

    /// The word before the colon.
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
        }
    }
}

impl Filter {
    /// The field that it filters by.
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
        }
    }
}

impl Query {
    /// Creates a query of text alone, without syntax, for text that was not typed as a query, such as a log.
    pub fn plain(text: &str) -> Query {
        let text = text.trim();
        let piece = (!text.is_empty()).then(|| QueryPiece::Text(text.to_owned()));
        Query { pieces: piece.into_iter().collect() }
    }

    /// The text to search for, in order, including the words of phrases.
    pub fn text(&self) -> String {
        let words = self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Text(text) | QueryPiece::Phrase(text) => Some(text.as_str()),
            QueryPiece::Excluded(_) | QueryPiece::Filter(_) => None,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The phrases that must occur.
    pub fn phrases(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Phrase(phrase) => Some(phrase.as_str()),
            QueryPiece::Text(_) | QueryPiece::Excluded(_) | QueryPiece::Filter(_) => None,
        })
    }

    /// The words and phrases that must not occur.
    pub fn excluded(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Excluded(words) => Some(words.as_str()),
            QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Filter(_) => None,
        })
    }

    /// The filters.
    pub fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Filter(filter) => Some(filter),
            QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Excluded(_) => None,
        })
    }

    /// The kinds of sections that must contain the words; none when any section may.
    pub fn sections(&self) -> impl Iterator<Item = SectionKind> {
        self.filters().filter(|filter| !filter.negated).filter_map(|filter| match filter.value {
            FilterValue::Section(kind) => Some(kind),
            _ => None,
        })
    }

    /// The same filters and exclusions with another text.
    #[must_use]
    pub fn with_text(&self, text: String) -> Query {
        let restricts = |piece: &&QueryPiece| matches!(piece, QueryPiece::Filter(_) | QueryPiece::Excluded(_));
        let restrictions = self.pieces.iter().filter(restricts).cloned();
        Query { pieces: restrictions.chain([QueryPiece::Text(text)]).collect() }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A stray quotation mark would form a phrase with the next one before a blank. With quoted values there is no such mark.
        let is_stray = |piece: &QueryPiece| matches!(piece, QueryPiece::Text(text) if text.contains(['"', '“', '”']));
        let quotes_all = self.pieces.iter().any(is_stray);
        for (index, piece) in self.pieces.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            if quotes_all { write!(out, "{gap}{piece:#}")? } else { write!(out, "{gap}{piece}")? }
        }
        Ok(())
    }
}

/// With `#`, every value is quoted.
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

/// With `#`, the value is quoted even if it needs no quotes.
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

/// Whether an excluded word needs no quotes. The grammar accepts more words without quotes.
fn is_plain(word: &str) -> bool {
    word.len() > 1
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|b| b.is_ascii_alphanumeric())
}
