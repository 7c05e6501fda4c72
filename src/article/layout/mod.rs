//! Reads articles, one file per layout. The older layouts turn the pairs of a pest grammar into an
//! [`ArticleDraft`](super::draft::ArticleDraft). HTML and Markdown are read into blocks and then into a
//! [`MarkedArticle`](marked::MarkedArticle). An export is already a record with fields.
//!
//! No other module uses types of pest or pulldown-cmark.

pub(super) mod document;
pub(super) mod export;
pub(super) mod html;
pub(super) mod markdown;
pub(super) mod marked;
pub(super) mod page;
pub(super) mod text;
pub(super) mod web_text;

mod blocks;
mod body;
mod front_matter;
mod inline;
mod link;
mod notices;
mod sections;

use pest::RuleType;
use pest::iterators::Pair;

use super::draft::FieldValue;

/// The text of a pair and its place.
fn field_of<'a, R: RuleType>(pair: &Pair<'a, R>) -> FieldValue<'a> {
    let span = pair.as_span();
    FieldValue::new(span.as_str(), span.start())
}

/// The name and the value of a pair that consists of these two.
fn named_field<'a, R: RuleType>(pair: Pair<'a, R>) -> Option<(&'a str, FieldValue<'a>)> {
    let mut parts = pair.into_inner();
    let name = parts.next()?.as_str().trim_end();
    Some((name, field_of(&parts.next()?)))
}

/// The value of a pair that consists only of it.
fn only_value<'a, R: RuleType>(pair: Pair<'a, R>) -> Option<FieldValue<'a>> {
    pair.into_inner().next().map(|value| field_of(&value))
}
