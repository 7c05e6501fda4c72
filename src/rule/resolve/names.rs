//! The names of all packs, looked up from within one pack.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::rule::ast::{Reference, Spanned};
use crate::rule::error;
use crate::source::{SourceId, Span};

/// A kind of item that can be referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum NameKind {
    Symptom,
    Cause,
    Resolution,
    Define,
    Format,
}

impl NameKind {
    const ALL: [NameKind; 5] =
        [NameKind::Symptom, NameKind::Cause, NameKind::Resolution, NameKind::Define, NameKind::Format];

    fn word(self) -> &'static str {
        match self {
            NameKind::Symptom => "symptom",
            NameKind::Cause => "cause",
            NameKind::Resolution => "resolution",
            NameKind::Define => "definition",
            NameKind::Format => "format",
        }
    }
}

/// An item with a name. Its index among the items of its kind is its provisional id. Items with mistakes have one too.
#[derive(Debug)]
pub(super) struct NamedItem {
    pub(super) source: SourceId,
    pub(super) pack: String,
    pub(super) name: Spanned<String>,
}

/// All names of a run.
#[derive(Debug, Default)]
pub(super) struct Names {
    named: HashMap<NameKind, Vec<NamedItem>>,
    /// The provisional id of each item, by kind, pack and local name.
    by_name: HashMap<(NameKind, String, String), usize>,
}

impl Names {
    /// Adds the next item of its kind. Returns a diagnostic if its pack has the name already.
    pub(super) fn add(
        &mut self,
        kind: NameKind,
        source: SourceId,
        pack: &str,
        name: &Spanned<String>,
        path: impl Fn(SourceId) -> String,
    ) -> Option<Diagnostic> {
        let of_kind = self.named.entry(kind).or_default();
        let index = of_kind.len();
        of_kind.push(NamedItem { source, pack: pack.to_string(), name: name.clone() });
        let key = (kind, pack.to_string(), name.node.clone());
        let first = match self.by_name.entry(key) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(index);
                return None;
            }
            std::collections::hash_map::Entry::Occupied(taken) => &self.named[&kind][*taken.get()],
        };
        let cx = (first.source == source).then_some(first.name.span);
        Some(error::duplicate_name(name.span, &name.node, kind.word(), cx, &path(first.source)))
    }

    /// All items of a kind in the order of their provisional ids.
    pub(super) fn of_kind(&self, kind: NameKind) -> &[NamedItem] {
        self.named.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Returns the provisional id of the item that `reference` means in `pack`.
    pub(super) fn find(&self, kind: NameKind, pack: &str, reference: &Reference) -> Result<usize, Diagnostic> {
        let (of_pack, local) = match reference.node.split_once('.') {
            Some((pack, local)) => (pack, local),
            None => (pack, reference.node.as_str()),
        };
        self.get(kind, of_pack, local).ok_or_else(|| self.not_found(kind, pack, of_pack, local, reference))
    }

    fn get(&self, kind: NameKind, pack: &str, local: &str) -> Option<usize> {
        self.by_name.get(&(kind, pack.to_string(), local.to_string())).copied()
    }

    fn not_found(&self, kind: NameKind, pack: &str, of_pack: &str, local: &str, reference: &Reference) -> Diagnostic {
        let span: Span = reference.span;
        if let Some(other) = NameKind::ALL.into_iter().find(|other| self.get(*other, of_pack, local).is_some()) {
            return error::wrong_kind(span, &reference.node, kind.word(), other.word());
        }
        let elsewhere = self
            .of_kind(kind)
            .iter()
            .find(|named| named.name.node == local && named.pack != of_pack && named.pack != pack);
        if let Some(elsewhere) = elsewhere {
            let full = format!("{}.{local}", elsewhere.pack);
            return error::name_of_other_pack(span, &reference.node, kind.word(), &full);
        }
        let plain = reference.node.replace('.', "_");
        if plain != reference.node && self.get(kind, pack, &plain).is_some() {
            return error::unknown_name(span, &reference.node, kind.word(), Some(&plain)).sure();
        }
        if reference.node.contains('.') && !self.named.values().flatten().any(|named| named.pack == of_pack) {
            let packs: std::collections::BTreeSet<&str> =
                self.named.values().flatten().map(|named| named.pack.as_str()).collect();
            let near = error::did_you_mean(of_pack, packs.iter().copied());
            let near = near.filter(|near| self.get(kind, near, local).is_some());
            return error::unknown_pack(span, of_pack, near);
        }
        let candidates: Vec<String> = self
            .of_kind(kind)
            .iter()
            .map(|named| match named.pack == pack {
                true => named.name.node.clone(),
                false => format!("{}.{}", named.pack, named.name.node),
            })
            .collect();
        let near = error::did_you_mean(&reference.node, candidates.iter().map(String::as_str));
        let wrong = error::unknown_name(span, &reference.node, kind.word(), near);
        let own: Vec<&str> = self
            .of_kind(kind)
            .iter()
            .filter(|named| named.pack == pack)
            .map(|named| named.name.node.as_str())
            .collect();
        match near {
            Some(_) => wrong,
            None => error::known_names(wrong, kind.word(), &own),
        }
    }
}
