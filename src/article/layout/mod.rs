//! One file per layout. The older ones turn the pairs of a pest grammar into a [`ArticleDraft`](super::draft::ArticleDraft); HTML and
//! Markdown mark their pieces, and are read into blocks first, then into a [`MarkedArticle`](marked::MarkedArticle); an export is a record
//! already. Nothing else sees a type of pest or pulldown-cmark.

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

/// The text of a pair and where it stands.
fn field_of<'a, R: RuleType>(pair: &Pair<'a, R>) -> FieldValue<'a> {
    let span = pair.as_span();
    FieldValue::new(span.as_str(), span.start())
}

/// Name and value of a pair that holds just these two.
fn named_field<'a, R: RuleType>(pair: Pair<'a, R>) -> Option<(&'a str, FieldValue<'a>)> {
    let mut parts = pair.into_inner();
    let name = parts.next()?.as_str().trim_end();
    Some((name, field_of(&parts.next()?)))
}

/// The value of a pair that holds nothing else.
fn only_value<'a, R: RuleType>(pair: Pair<'a, R>) -> Option<FieldValue<'a>> {
    pair.into_inner().next().map(|value| field_of(&value))
}
