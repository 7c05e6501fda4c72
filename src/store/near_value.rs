//! Suggests a value for a filter that no article matches.

use std::collections::BTreeSet;

use tantivy::schema::Field;

use super::{Index, StoreError, attribute};
use crate::diagnostic::did_you_mean;
use crate::query::{FilterValue, QueryPiece};

/// Of the values that articles have, the one most similar to the value of a filter. `None` if none is similar, and for
/// numbers, dates and ids, where a similar value means something else.
pub(super) fn near_value(index: &Index, piece: &QueryPiece) -> Result<Option<String>, StoreError> {
    let QueryPiece::Filter(filter) = piece else { return Ok(None) };
    let written = filter.written.to_lowercase();
    let (field, name_in): (Field, fn(&str) -> Option<&str>) = match &filter.value {
        FilterValue::Product(_) => (index.fields.product, |term| Some(attribute::product_name(term))),
        FilterValue::Kind(_) => (index.fields.kind, whole),
        FilterValue::Source(_) => (index.fields.event, |term| term.strip_suffix('/')),
        FilterValue::File(_) => {
            (index.fields.code, |term| Some(term).filter(|term| term.contains('.') && !term.contains(' ')))
        }
        FilterValue::In(_) => (index.fields.collection, whole),
        FilterValue::Version(_)
        | FilterValue::Section(_)
        | FilterValue::Code(_)
        | FilterValue::Event { .. }
        | FilterValue::Id(_)
        | FilterValue::Since(_)
        | FilterValue::Until(_)
        | FilterValue::State(_) => return Ok(None),
    };
    let mut known: BTreeSet<String> = BTreeSet::new();
    index.for_each_term(field, |term, count| {
        let term = std::str::from_utf8(term).ok().filter(|_| count > 0);
        known.extend(term.and_then(name_in).map(str::to_owned));
    })?;
    // A word of the name of a product is also a valid value.
    let parts: BTreeSet<&str> = match filter.value {
        FilterValue::Product(_) => known.iter().flat_map(|name| name.split(' ')).collect(),
        _ => BTreeSet::new(),
    };
    let near = did_you_mean(&written, known.iter().map(String::as_str)).or_else(|| did_you_mean(&written, parts));
    Ok(near.map(str::to_owned))
}

fn whole(term: &str) -> Option<&str> {
    Some(term)
}
