//! Puts the sources of one log together: a rotated log is a source for each of its files.

use std::collections::HashMap;

use crate::log::Input;
use crate::matching::{Finding, Pass, Remark, Scan, SourceSummary};
use crate::source::SourceId;

/// The most salient records that are kept.
const MAX_SALIENT: usize = 12;

/// Adds `newer` to `scan`. Its findings replace those of `scan`; its sources are put together with those of the same name.
pub(super) fn add(scan: &mut Scan, newer: Scan) {
    let mut place: HashMap<String, usize> =
        (0..).zip(&scan.sources).map(|(index, source)| (source.name.clone(), index)).collect();
    let mut ids = Vec::with_capacity(newer.sources.len());
    for source in newer.sources {
        let index = *place.entry(source.name.clone()).or_insert(scan.sources.len());
        match scan.sources.get_mut(index) {
            Some(known) => add_source(known, source),
            None => scan.sources.push(source),
        }
        ids.push(SourceId(u32::try_from(index).expect("fewer than four billion sources")));
    }
    let id = |source: SourceId| ids[source.0 as usize];
    scan.findings = newer.findings.into_iter().map(|finding| with_sources(finding, id)).collect();
    scan.silent = newer.silent;
    scan.unreadable.extend(newer.unreadable);
    for mut salient in newer.salient {
        salient.source = id(salient.source);
        scan.salient.retain(|known| (known.source, known.line) != (salient.source, salient.line));
        scan.salient.push(salient);
    }
    scan.salient
        .sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| (a.source, a.line).cmp(&(b.source, b.line))));
    scan.salient.truncate(MAX_SALIENT);
    for remark in newer.remarks {
        let remark = match remark {
            Remark::AssumedUtc(source) => Remark::AssumedUtc(id(source)),
            Remark::AssumedYear(source) => Remark::AssumedYear(id(source)),
            Remark::InheritedTime(source) => Remark::InheritedTime(id(source)),
            Remark::TakenWhole(source) => Remark::TakenWhole(id(source)),
            Remark::LacksTimes { source, percent } => Remark::LacksTimes { source: id(source), percent },
            Remark::Period(_)
            | Remark::Forgotten(..)
            | Remark::Untimed(..)
            | Remark::Late(..)
            | Remark::Keyless(..)
            | Remark::Muted(..)
            | Remark::Hidden(..)
            | Remark::Kept(..) => remark,
        };
        if !scan.remarks.contains(&remark) {
            scan.remarks.push(remark);
        }
    }
}

fn add_source(known: &mut SourceSummary, newer: SourceSummary) {
    if newer.records > 0 {
        known.format = newer.format;
    }
    known.records += newer.records;
    known.bytes += newer.bytes;
    known.first = known.first.into_iter().chain(newer.first).min();
    known.last = known.last.into_iter().chain(newer.last).max();
    known.not_looked_for.retain(|symptom| newer.not_looked_for.contains(symptom));
    known.cut += newer.cut;
}

fn with_sources(mut finding: Finding, id: impl Fn(SourceId) -> SourceId) -> Finding {
    for evidence in &mut finding.evidence {
        evidence.source = id(evidence.source);
    }
    finding
}

/// The names of sources that a pass is about to get, in the order of their ids. Findings from before may be in logs that
/// no longer exist, so their sources are opened without bytes.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<String>,
    ids: HashMap<String, SourceId>,
}

impl Names {
    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }

    pub(super) fn push(&mut self, name: &str) {
        let id = SourceId(u32::try_from(self.names.len()).expect("fewer than four billion sources"));
        self.names.push(name.to_owned());
        self.ids.entry(name.to_owned()).or_insert(id);
    }

    /// Returns the id of the source with this name, which may be a new one.
    pub(super) fn id(&mut self, name: &str) -> SourceId {
        if !self.ids.contains_key(name) {
            self.push(name);
        }
        self.ids[name]
    }

    /// Replaces the sources of the evidence by those with the same names.
    pub(super) fn rename<'n>(&mut self, mut finding: Finding, name: impl Fn(SourceId) -> &'n String) -> Finding {
        for evidence in &mut finding.evidence {
            evidence.source = self.id(name(evidence.source));
        }
        finding
    }

    /// Opens all sources in `pass`, without bytes.
    pub(super) fn open_in(&self, pass: &mut Pass<'_>) {
        self.open_after(0, pass);
    }

    /// Opens the sources after the first `n`, without bytes.
    pub(super) fn open_after(&self, n: usize, pass: &mut Pass<'_>) {
        for name in &self.names[n..] {
            let source = pass.open(&Input::bytes(name.as_str(), b"".as_slice()));
            pass.close(source);
        }
    }
}
