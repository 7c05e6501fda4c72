//! Reads articles. Each layout has its own file. For the older layouts a pest grammar splits the text into pairs
//! (matched parts), which become an [`ArticleDraft`]. HTML and Markdown are read into blocks and then into a
//! [`MarkedArticle`](marked::MarkedArticle). An export is already a record with fields.
//!
//! No other module uses types of pest or pulldown-cmark.

pub(super) mod asciidoc;
pub(super) mod document;
pub(super) mod export;
pub(super) mod html;
pub(super) mod markdown;
pub(super) mod marked;
pub(super) mod page;
pub(super) mod restructured;
pub(super) mod text;
pub(super) mod web_text;

mod blocks;
mod body;
mod csv_line;
mod front_matter;
mod inline;
mod link;
mod notices;
mod piece;
mod sections;
mod wiki;

use pest::RuleType;
use pest::iterators::Pair;

use super::draft::{ArticleDraft, FieldValue};

/// Returns the text of a pair (a part that the grammar has matched) and its place.
fn field_of<'a, R: RuleType>(pair: &Pair<'a, R>) -> FieldValue<'a> {
    let span = pair.as_span();
    FieldValue::new(span.as_str(), span.start())
}

/// Stores the value of a pair that consists of a name and a value. Returns `None` if it is another pair.
fn set_field<'a, R: RuleType>(draft: &mut ArticleDraft<'a>, pair: Pair<'a, R>) -> Option<()> {
    let mut parts = pair.into_inner();
    let name = parts.next()?.as_str().trim_end();
    draft.set(name, field_of(&parts.next()?));
    Some(())
}

/// Returns the value of a pair that consists only of a value.
fn only_value<'a, R: RuleType>(pair: Pair<'a, R>) -> Option<FieldValue<'a>> {
    pair.into_inner().next().map(|value| field_of(&value))
}
