//! A query as a list of pieces, in the order in which they were typed.

use std::fmt;

use jiff::civil::Date;

use crate::article::SectionKind;

/// What is searched for. Printed, it is read again as the same query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// In the order in which they were typed.
    pub pieces: Vec<QueryPiece>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryPiece {
    /// Text to search for: a word, or all of a pasted text. As it was typed.
    Text(String),
    /// Words that stand together: at least two.
    Phrase(String),
    /// A word or phrase that must not occur.
    Excluded(String),
    /// What an article must be, or must not be.
    Filter(Filter),
}

/// What an article must be about, hold or have, beside the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Whether articles that fulfil it are left out, rather than kept.
    pub negated: bool,
    /// What is asked for.
    pub value: FilterValue,
    /// The value as typed, without quotes.
    pub written: String,
}

/// What a filter looks at: the word before the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilterField {
    /// A product that the article applies to.
    Product,
    /// A version of the product, or of any if none is named.
    Version,
    /// What kind of article it is.
    Kind,
    /// The section that the words stand in.
    Section,
    /// An error code.
    Code,
    /// An event id, with or without its source.
    Event,
    /// What logs an event.
    Source,
    /// A program, library or driver.
    File,
    /// The article's id.
    Id,
    /// The earliest day on which it was last modified.
    Since,
    /// The latest day on which it was last modified.
    Until,
    /// The collection.
    In,
}

/// What a filter asks for, in canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterValue {
    /// A product's name, or a part of one, as typed: which products there are is not known here.
    Product(String),
    /// A version as people write it; how it compares depends on the product.
    Version(String),
    /// In lower case, of one spelling: `howto`.
    Kind(String),
    /// A section of this kind.
    Section(SectionKind),
    /// The identifiers that the number or name may stand for, at least one: `10061` is a Win32 error or a reply.
    Code(Vec<String>),
    /// The number of an event, and its source in lower case.
    Event {
        /// In lower case; `None` for the event of any source.
        source: Option<String>,
        /// Up to ten digits.
        number: String,
    },
    /// In lower case.
    Source(String),
    /// A file name in lower case, with its version where one is typed: `store.exe 5.5.2408.0`.
    File(String),
    /// Canonical id.
    Id(String),
    /// This day or later.
    Since(Date),
    /// This day or earlier.
    Until(Date),
    /// A collection's name as typed.
    In(String),
}

impl FilterField {
    /// All of them, in the order in which the help lists them.
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
    /// What it looks at.
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
    /// A query of words alone, whatever they look like: for text that nobody typed as a query, such as a log's.
    pub fn plain(text: &str) -> Query {
        let text = text.trim();
        let piece = (!text.is_empty()).then(|| QueryPiece::Text(text.to_owned()));
        Query { pieces: piece.into_iter().collect() }
    }

    /// The text to search for, phrases included as their words, in order.
    pub fn text(&self) -> String {
        let words = self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Text(text) | QueryPiece::Phrase(text) => Some(text.as_str()),
            QueryPiece::Excluded(_) | QueryPiece::Filter(_) => None,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// What must stand in an article word for word.
    pub fn phrases(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Phrase(phrase) => Some(phrase.as_str()),
            QueryPiece::Text(_) | QueryPiece::Excluded(_) | QueryPiece::Filter(_) => None,
        })
    }

    /// Words and phrases that must not occur.
    pub fn excluded(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Excluded(words) => Some(words.as_str()),
            QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Filter(_) => None,
        })
    }

    /// What articles must be, or must not be, beside the words.
    pub fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.pieces.iter().filter_map(|piece| match piece {
            QueryPiece::Filter(filter) => Some(filter),
            QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Excluded(_) => None,
        })
    }

    /// The kinds of sections that the words must stand in; any, if there is none.
    pub fn sections(&self) -> impl Iterator<Item = SectionKind> {
        self.filters().filter(|filter| !filter.negated).filter_map(|filter| match filter.value {
            FilterValue::Section(kind) => Some(kind),
            _ => None,
        })
    }

    /// The same restrictions for another text.
    #[must_use]
    pub fn with_text(&self, text: String) -> Query {
        let restricts = |piece: &&QueryPiece| matches!(piece, QueryPiece::Filter(_) | QueryPiece::Excluded(_));
        let restrictions = self.pieces.iter().filter(restricts).cloned();
        Query { pieces: restrictions.chain([QueryPiece::Text(text)]).collect() }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A stray quotation mark would make a phrase with the next one that a blank follows. Quoted values leave none.
        let is_stray = |piece: &QueryPiece| matches!(piece, QueryPiece::Text(text) if text.contains(['"', '“', '”']));
        let quotes_all = self.pieces.iter().any(is_stray);
        for (index, piece) in self.pieces.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            if quotes_all { write!(out, "{gap}{piece:#}")? } else { write!(out, "{gap}{piece}")? }
        }
        Ok(())
    }
}

/// With `#`, every value stands in quotes.
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

/// With `#`, the value stands in quotes even if it needs none.
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

/// Whether an excluded word needs no quotes, whatever else the grammar takes without.
fn is_plain(word: &str) -> bool {
    word.len() > 1
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|b| b.is_ascii_alphanumeric())
}
