//! Parses text to a [`Query`]. No other file of this module uses pest.

use pest::Parser;
use pest::iterators::Pair;

use super::model::{Filter, FilterField, FilterValue, Query, QueryPiece};
use super::paste;

#[derive(pest_derive::Parser)]
#[grammar = "grammar/query.pest"]
struct Grammar;

/// Parses a query. Never fails: everything that is not syntax is text. Takes time linear in the text.
///
/// ```
/// use casebook::query::parse;
///
/// let query = parse("mail stays product:exchange -\"public folder\"");
/// assert_eq!(query.text(), "mail stays");
/// assert_eq!(query.excluded().collect::<Vec<_>>(), ["public folder"]);
/// assert_eq!(query.filters().count(), 1);
///
/// // A path, an option and a field without a value are text.
/// assert_eq!(parse(r"C:\setup -u id: 5").text(), r"C:\setup -u id: 5");
/// ```
pub fn parse(text: &str) -> Query {
    if paste::is_pasted(text) {
        return Query::plain(text);
    }
    let pairs = Grammar::parse(Rule::query, text).expect("every text is at least a list of words");
    let read: Vec<ReadPiece<'_>> = pairs.filter(|pair| pair.as_rule() != Rule::EOI).map(read).collect();
    let words = || read.iter().filter(|read| read.is_word()).map(|read| read.typed);
    let may_exclude = read.iter().any(ReadPiece::is_positive) && !paste::is_command(words());
    Query { pieces: read.into_iter().map(|read| if may_exclude { read.piece } else { read.without_minus() }).collect() }
}

/// A piece of the query, with the text that it was parsed from.
struct ReadPiece<'t> {
    typed: &'t str,
    piece: QueryPiece,
}

impl ReadPiece<'_> {
    fn is_word(&self) -> bool {
        matches!(self.piece, QueryPiece::Text(_))
    }

    /// Whether the piece asks for something rather than excluding something.
    fn is_positive(&self) -> bool {
        match &self.piece {
            QueryPiece::Text(text) => text.contains(char::is_alphanumeric),
            QueryPiece::Phrase(_) => true,
            QueryPiece::Excluded(_) => false,
            QueryPiece::Filter(filter) => !filter.negated,
        }
    }

    fn without_minus(self) -> QueryPiece {
        match self.piece {
            QueryPiece::Excluded(_) | QueryPiece::Filter(Filter { negated: true, .. }) => {
                QueryPiece::Text(self.typed.to_owned())
            }
            other @ (QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Filter(_)) => other,
        }
    }
}

fn read(pair: Pair<'_, Rule>) -> ReadPiece<'_> {
    let typed = pair.as_str();
    let piece = match pair.as_rule() {
        Rule::filter => filter(pair, false).map(QueryPiece::Filter),
        Rule::phrase => {
            Some(inner(&pair)).filter(|phrase| is_phrase(phrase)).map(|phrase| QueryPiece::Phrase(phrase.to_owned()))
        }
        Rule::excluded => pair.into_inner().next().and_then(excluded),
        _ => None,
    };
    ReadPiece { typed, piece: piece.unwrap_or_else(|| QueryPiece::Text(typed.to_owned())) }
}

/// Parses what follows a minus; `None` when that is not a valid exclusion.
fn excluded(pair: Pair<'_, Rule>) -> Option<QueryPiece> {
    let words = match pair.as_rule() {
        Rule::filter => return filter(pair, true).map(QueryPiece::Filter),
        Rule::phrase => inner(&pair),
        _ => pair.as_str(),
    };
    words.contains(char::is_alphanumeric).then(|| QueryPiece::Excluded(words.to_owned()))
}

fn filter(pair: Pair<'_, Rule>, negated: bool) -> Option<Filter> {
    let mut parts = pair.into_inner();
    let (name, value) = (parts.next()?, parts.next()?);
    let field = FilterField::ALL.into_iter().find(|field| field.name() == name.as_str())?;
    let written = if value.as_rule() == Rule::phrase { inner(&value) } else { value.as_str() };
    let value = FilterValue::parse(field, written)?;
    Some(Filter { negated, value, written: written.to_owned() })
}

/// Returns the text between the quotes of `phrase`, without blanks at its ends.
fn inner<'t>(phrase: &Pair<'t, Rule>) -> &'t str {
    phrase.clone().into_inner().next().map_or("", |inner| inner.as_str().trim())
}

/// Whether a quoted text is a phrase, which has at least two words. A single quoted word is ordinary text, because
/// messages quote names, which differ on every machine.
fn is_phrase(quoted: &str) -> bool {
    quoted.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).nth(1).is_some()
}
