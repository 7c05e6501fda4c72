//! Who is called what: names of all packs, looked up from within one pack.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::rule::ast::{Reference, Spanned};
use crate::rule::error;
use crate::source::{SourceId, Span};

/// What can be referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Symptom,
    Cause,
    Resolution,
    Define,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Symptom, Kind::Cause, Kind::Resolution, Kind::Define];

    fn word(self) -> &'static str {
        match self {
            Kind::Symptom => "symptom",
            Kind::Cause => "cause",
            Kind::Resolution => "resolution",
            Kind::Define => "definition",
        }
    }
}

/// One item that has a name. Its index among those of its kind is its provisional id: items with mistakes have one too.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) source: SourceId,
    pub(super) pack: String,
    pub(super) name: Spanned<String>,
}

/// All names of a run.
#[derive(Debug, Default)]
pub(super) struct Names {
    named: HashMap<Kind, Vec<Named>>,
    /// By kind, pack and local name.
    by_name: HashMap<(Kind, String, String), usize>,
}

impl Names {
    /// Adds the next item of its kind. A name that its pack has already is refused.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        source: SourceId,
        pack: &str,
        name: &Spanned<String>,
        path: impl Fn(SourceId) -> String,
    ) -> Option<Diagnostic> {
        let of_kind = self.named.entry(kind).or_default();
        let index = of_kind.len();
        of_kind.push(Named { source, pack: pack.to_string(), name: name.clone() });
        let key = (kind, pack.to_string(), name.node.clone());
        let first = match self.by_name.entry(key) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(index);
                return None;
            }
            std::collections::hash_map::Entry::Occupied(taken) => &self.named[&kind][*taken.get()],
        };
        let place = (first.source == source).then_some(first.name.span);
        Some(error::duplicate_name(name.span, &name.node, kind.word(), place, &path(first.source)))
    }

    /// Every item of a kind, in order of the provisional ids.
    pub(super) fn of(&self, kind: Kind) -> &[Named] {
        self.named.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The provisional id of what `reference` means within `pack`.
    pub(super) fn find(&self, kind: Kind, pack: &str, reference: &Reference) -> Result<usize, Diagnostic> {
        let (of_pack, local) = match reference.node.split_once('.') {
            Some((pack, local)) => (pack, local),
            None => (pack, reference.node.as_str()),
        };
        self.get(kind, of_pack, local).ok_or_else(|| self.not_found(kind, pack, of_pack, local, reference))
    }

    fn get(&self, kind: Kind, pack: &str, local: &str) -> Option<usize> {
        self.by_name.get(&(kind, pack.to_string(), local.to_string())).copied()
    }

    fn not_found(&self, kind: Kind, pack: &str, of_pack: &str, local: &str, reference: &Reference) -> Diagnostic {
        let span: Span = reference.span;
        if let Some(other) = Kind::ALL.into_iter().find(|other| self.get(*other, of_pack, local).is_some()) {
            return error::wrong_kind(span, &reference.node, kind.word(), other.word());
        }
        let elsewhere = self.of(kind).iter().find(|named| named.name.node == local && named.pack != of_pack);
        if let Some(elsewhere) = elsewhere {
            let full = format!("{}.{local}", elsewhere.pack);
            return error::name_of_other_pack(span, &reference.node, kind.word(), &full);
        }
        let candidates: Vec<String> = self
            .of(kind)
            .iter()
            .map(|named| match named.pack == pack {
                true => named.name.node.clone(),
                false => format!("{}.{}", named.pack, named.name.node),
            })
            .collect();
        let near = did_you_mean(&reference.node, candidates.iter().map(String::as_str));
        error::unknown_name(span, &reference.node, kind.word(), near)
    }
}
