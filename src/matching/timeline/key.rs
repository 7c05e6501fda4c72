//! The keys of a record, and the values that conditions on time measure.

use crate::matching::finding::Captures;
use crate::matching::grouping::{push_printed, rename_keys};
use crate::rule::{FindingKey, TimedSlot, Timing, ValueUse};
use crate::value::Value;

/// Returns the values of the keys that a slot has, as bytes, and whether it has all keys. `None` if a record lacks one of
/// them.
pub(super) fn values_of(keys: &[FindingKey], slot: &TimedSlot, captures: &Captures) -> Option<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    for (key, has) in keys.iter().zip(&slot.keys) {
        if *has {
            let name = key.of[slot.binding].as_ref()?;
            push_printed(&mut bytes, Some(captures.get(name)?));
        }
    }
    Some((bytes, slot.keys.iter().all(|has| *has)))
}

/// Returns the part of a whole key that has the keys of `mask`.
pub(super) fn projected(key: &[u8], mask: &[bool]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = key;
    for has in mask {
        // As `push_printed` writes it: a mark, the length, and the value.
        let Some((_, after)) = rest.split_at_checked(1) else { break };
        let Some((length, _)) = after.split_at_checked(size_of::<usize>()) else { break };
        let length = length.try_into().map(usize::from_le_bytes).unwrap_or_default();
        let end = (1 + size_of::<usize>() + length).min(rest.len());
        if *has {
            bytes.extend_from_slice(&rest[..end]);
        }
        rest = &rest[end..];
    }
    bytes
}

pub(super) fn key_values(keys: &[FindingKey], binding: usize, captures: &Captures) -> Captures {
    let mut captures = captures.clone();
    rename_keys(keys, binding, &mut captures);
    captures.retain(|name, _| keys.iter().any(|key| key.name == *name));
    captures
}

/// Reads the values that a `when` measures, at the indices that it gives them.
pub(super) fn measured(timing: &Timing, binding: usize, captures: &Captures) -> Box<[Option<u64>]> {
    if timing.values.iter().all(|(of, ..)| *of != binding) {
        return Box::default();
    }
    let read = |(of, name, how): &(usize, String, ValueUse)| {
        let value = captures.get(name).filter(|_| *of == binding)?;
        match how {
            ValueUse::Number => number(value).map(f64::to_bits),
            ValueUse::Identity => {
                let mut bytes = Vec::new();
                push_printed(&mut bytes, Some(value));
                Some(hash(&bytes))
            }
        }
    };
    timing.values.iter().map(read).collect()
}

/// Returns the number to measure: also a time in seconds, and a text that is a number.
fn number(value: &Value<'_>) -> Option<f64> {
    let number = match value {
        Value::Duration(span) => span.as_secs_f64(),
        Value::Text(text) => std::str::from_utf8(text).ok()?.trim().parse().ok()?,
        other => other.as_number()?,
    };
    Some(number).filter(|number| number.is_finite())
}

/// A hash of what a record says apart from the keys.
pub(super) fn other_hash(keys: &[FindingKey], captures: &Captures) -> u64 {
    let mut bytes = Vec::new();
    for (name, value) in captures.iter().filter(|(name, _)| keys.iter().all(|key| key.name != **name)) {
        push_printed(&mut bytes, Some(&Value::Text(name.as_bytes().into())));
        push_printed(&mut bytes, Some(value));
    }
    hash(&bytes)
}

fn hash(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    let (first, _) = hash.as_bytes().split_at(8);
    first.try_into().map(u64::from_le_bytes).unwrap_or_default()
}
