//! Resolves what the findings of a symptom are told apart by.

use crate::rule::ast::{Key, KeyName};
use crate::rule::error;
use crate::rule::program::{FieldPath, FindingKey, PathStep, Template, TemplatePiece};

use super::symptom::Bindings;
use super::{ItemContext, Resolver};

impl Resolver<'_> {
    /// Returns the keys that are written after `by`. A key that no binding has is reported.
    pub(super) fn written_keys(&self, id: usize, written: &[Key], cx: &mut ItemContext<'_>) -> Vec<FindingKey> {
        let bindings = &self.bindings[id];
        let mut keys: Vec<FindingKey> = Vec::new();
        for key in written {
            let Some(first) = key.names.first() else { continue };
            let name = shown_name(first);
            let of: Vec<Option<String>> =
                (0..bindings.bindings.len()).map(|binding| value_of(key, bindings, binding)).collect();
            if of.iter().all(Option::is_none) && !bindings.own.incomplete && !bindings.bindings.is_empty() {
                cx.diagnostics.push(error::unknown_capture(first.span, &name, &bindings.own.names()));
            }
            match keys.iter().any(|known| known.name == name) {
                true => cx.diagnostics.push(error::repeated_reference(key.span, written[0].span, "key")),
                false => keys.push(FindingKey { name, of }),
            }
        }
        keys
    }

    /// Returns the captures that the title names as keys, for a symptom without `by`. `is_needed` says which bindings must
    /// have a capture for it to be a key.
    pub(super) fn title_keys(&self, id: usize, title: &Template, is_needed: impl Fn(usize) -> bool) -> Vec<FindingKey> {
        let bindings = &self.bindings[id];
        let mut keys: Vec<FindingKey> = Vec::new();
        for piece in &title.0 {
            let TemplatePiece::Capture(name) = piece else { continue };
            // Every record can have a field.
            let has = |binding: usize| name.starts_with('.') || bindings.each[binding].0.kind(name).is_some();
            let all = 0..bindings.bindings.len();
            let is_key = all.clone().any(has) && all.clone().all(|binding| has(binding) || !is_needed(binding));
            if is_key && keys.iter().all(|known| known.name != *name) {
                keys.push(FindingKey { name: name.clone(), of: all.map(|b| has(b).then(|| name.clone())).collect() });
            }
        }
        keys
    }

    /// Returns the fields of records that the texts, the keys and the conditions on time of a symptom need.
    pub(super) fn needed_fields(
        &self,
        id: usize,
        by: &[Key],
        measured: Vec<(String, FieldPath)>,
    ) -> Vec<(String, FieldPath)> {
        let named = by.iter().flat_map(|key| &key.names).filter(|name| !name.path.is_empty());
        let of_keys = named.map(|name| (field_name(&name.path), FieldPath(name.path.clone())));
        let mut fields: Vec<(String, FieldPath)> =
            self.bindings[id].fields.iter().cloned().chain(of_keys).chain(measured).collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        fields.dedup_by(|a, b| a.0 == b.0);
        fields
    }
}

/// The name of a key in a finding: that of the capture, or the path of the field with its dot.
fn shown_name(name: &KeyName) -> String {
    match (name.word.node.is_empty(), name.path.as_slice()) {
        (false, []) => name.word.node.clone(),
        // `k.name` is the capture `name`, if it is one.
        (false, [PathStep::Name(capture)]) => capture.clone(),
        (_, path) => field_name(path),
    }
}

/// Returns the capture or field with the value of the key in the records of a binding. A name for this binding alone counts
/// more than one for all.
fn value_of(key: &Key, bindings: &Bindings, binding: usize) -> Option<String> {
    let (captures, _) = &bindings.each[binding];
    let special = key.names.iter().find(|name| {
        !name.word.node.is_empty() && !name.path.is_empty() && name.word.node == bindings.bindings[binding].name
    });
    if let Some(special) = special {
        return Some(binding_value(&special.path, captures));
    }
    key.names.iter().find_map(|name| match (name.word.node.as_str(), name.path.as_slice()) {
        ("", path) => Some(field_name(path)),
        (word, []) => captures.kind(word).map(|_| word.to_owned()),
        _ => None,
    })
}

/// The capture with this name if the binding has one, or else the field.
pub(super) fn binding_value(path: &[PathStep], captures: &super::template::Captures) -> String {
    match path {
        [PathStep::Name(name)] if captures.kind(name).is_some() => name.clone(),
        path => field_name(path),
    }
}

pub(super) fn field_name(path: &[PathStep]) -> String {
    FieldPath(path.to_vec()).to_string()
}
