//! What matching and inference need of all items of a program, whatever the log is about. It is saved with the program, so that
//! only those items are read that a log shows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::program::{CauseId, Program, ResolutionId, Symptom, SymptomId};

/// The patterns, names and relations of a program, as numbers.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Digest {
    /// The place of each pattern of the symptoms that are read from records, in the order of symptom, binding and alternative.
    pub(crate) patterns: Vec<PatternPlace>,
    /// For each symptom, whether it is read from records, and not only from answers or the output of a command.
    pub(crate) is_read: Vec<bool>,
    /// The symptoms that are read only from some sources, with the names of these (`on`), by id.
    pub(crate) limited: Vec<(SymptomId, Vec<String>)>,
    /// For each cause, the symptoms that it shows.
    shows: Links,
    /// For each cause, the causes that it leads to.
    leads_to: Links,
    /// The causes that apply only to some products.
    pub(crate) limited_causes: Vec<CauseId>,
    /// For each resolution, the causes that it resolves.
    resolves: Links,
    /// The articles that several causes name, each with these causes.
    pub(crate) shared_articles: Vec<(String, Vec<CauseId>)>,
}

/// The place of a pattern in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PatternPlace {
    pub(crate) symptom: SymptomId,
    pub(crate) binding: usize,
    pub(crate) alternative: usize,
}

/// For each item of a kind, the numbers of others.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Links {
    /// For each item, the end of its part of `to`.
    ends: Vec<u32>,
    to: Vec<u32>,
}

impl Digest {
    pub(super) fn of(program: &Program) -> Digest {
        let symptoms = || (0..).map(SymptomId).zip(&program.symptoms);
        let limited = symptoms().filter(|(_, symptom)| !symptom.on.is_empty());
        let limited_causes = (0..).map(CauseId).zip(&program.causes).filter(|(_, cause)| !cause.applies.is_empty());
        Digest {
            patterns: symptoms().flat_map(|(id, symptom)| patterns_of(id, symptom)).collect(),
            is_read: program.symptoms.iter().map(is_read_from_records).collect(),
            limited: limited.map(|(id, symptom)| (id, symptom.on.clone())).collect(),
            shows: Links::new(program.causes.iter().map(|cause| cause.shows.iter().map(|(symptom, _)| symptom.0))),
            leads_to: Links::new(program.causes.iter().map(|cause| cause.leads_to.iter().map(|(led_to, _)| led_to.0))),
            limited_causes: limited_causes.map(|(id, _)| id).collect(),
            resolves: Links::new(program.resolutions.iter().map(|fix| fix.resolves.iter().map(|(cause, _)| cause.0))),
            shared_articles: shared_articles(program),
        }
    }

    /// The names of the sources that the symptom is read from; none if it is read from all.
    pub(crate) fn on(&self, symptom: SymptomId) -> &[String] {
        let found = self.limited.binary_search_by_key(&symptom, |(id, _)| *id);
        found.map_or(&[], |index| &self.limited[index].1)
    }

    /// The symptoms that the cause shows.
    pub(crate) fn shows(&self, cause: CauseId) -> impl Iterator<Item = SymptomId> {
        self.shows.of(cause.0).iter().copied().map(SymptomId)
    }

    /// The causes that the cause leads to.
    pub(crate) fn leads_to(&self, cause: CauseId) -> impl Iterator<Item = CauseId> {
        self.leads_to.of(cause.0).iter().copied().map(CauseId)
    }

    /// The causes that the resolution resolves.
    pub(crate) fn resolves(&self, resolution: ResolutionId) -> impl Iterator<Item = CauseId> {
        self.resolves.of(resolution.0).iter().copied().map(CauseId)
    }
}

impl Links {
    fn new(of_each: impl Iterator<Item = impl Iterator<Item = u32>>) -> Links {
        let mut links = Links::default();
        for of_item in of_each {
            links.to.extend(of_item);
            links.ends.push(u32::try_from(links.to.len()).expect("fewer than four billion relations"));
        }
        links
    }

    fn of(&self, item: u32) -> &[u32] {
        let item = item as usize;
        let start = item.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.to[start as usize..self.ends[item] as usize]
    }
}

fn shared_articles(program: &Program) -> Vec<(String, Vec<CauseId>)> {
    let mut causes: BTreeMap<&str, BTreeSet<CauseId>> = BTreeMap::new();
    for (id, cause) in (0..).map(CauseId).zip(&program.causes) {
        for name in &cause.kb {
            causes.entry(name).or_default().insert(id);
        }
    }
    let several = causes.into_iter().filter(|(_, causes)| causes.len() > 1);
    several.map(|(name, causes)| (name.to_owned(), causes.into_iter().collect())).collect()
}

/// Whether the symptom is read from records, and not only from answers or the output of a command.
pub(crate) fn is_read_from_records(symptom: &Symptom) -> bool {
    symptom.probe.is_none() && !symptom.bindings.is_empty()
}

fn patterns_of(symptom: SymptomId, definition: &Symptom) -> Vec<PatternPlace> {
    let bindings = if is_read_from_records(definition) { definition.bindings.as_slice() } else { &[] };
    let bindings = bindings.iter().enumerate();
    bindings
        .flat_map(|(binding, defined)| {
            (0..defined.alternatives.len()).map(move |alternative| PatternPlace { symptom, binding, alternative })
        })
        .collect()
}
