//! Converts the bytes that a hole took to a typed value.

use std::borrow::Cow;

use super::hole::HoleKind;
use super::{quantity, time};
use crate::value::Value;

/// The value of the bytes that a hole of `kind` took. It is text if the kind has no type of its own, or if the bytes
/// have no value of that type, such as a time stamp without a date or zone.
pub(super) fn value(kind: HoleKind, taken: &[u8]) -> Value<'_> {
    typed(kind, taken).unwrap_or(Value::Text(Cow::Borrowed(taken)))
}

fn typed(kind: HoleKind, taken: &[u8]) -> Option<Value<'static>> {
    let text = std::str::from_utf8(taken).ok()?;
    match kind {
        HoleKind::Int => text.parse().ok().map(Value::Int),
        HoleKind::Num => text.parse().ok().map(Value::Num),
        HoleKind::Dur => quantity::duration_prefix(taken).map(|(duration, _)| Value::Duration(duration)),
        HoleKind::Size => quantity::size_prefix(taken).map(|(size, _)| Value::Size(size)),
        HoleKind::Ip => text.parse().ok().map(Value::Ip),
        HoleKind::Time => time::instant(text).map(Value::Time),
        HoleKind::Word
        | HoleKind::Hex
        | HoleKind::Uuid
        | HoleKind::Email
        | HoleKind::Host
        | HoleKind::Path
        | HoleKind::Url
        | HoleKind::Quoted
        | HoleKind::Stretch
        | HoleKind::Rest
        | HoleKind::Group => None,
    }
}
