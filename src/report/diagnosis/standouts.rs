//! The records that stand out, and why.

use super::{DiagnosisView, cut_at_word, unless_empty};
use crate::infer::{Verdict, is_severe};
use crate::matching::{Salient, SourceSummary};
use crate::report::clean::on_one_line;
use crate::report::document::{Item, Mark, Section};
use crate::report::number::thousands;

/// At most this many records are shown.
const MAX_SHOWN: usize = 6;

/// The most characters of a record that are shown.
const MAX_TEXT: usize = 160;

/// A record is rare if at most one record in this many of its source is of its kind.
const RARE: u64 = 100;

/// A respect in which a record stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Striking {
    /// Logs of normal operation do not contain its kind, or far less of it.
    New,
    /// Its level or its words tell of trouble.
    Severe,
    /// There are few records of its kind in its source.
    Rare,
}

impl Striking {
    pub(in crate::report) fn name(self) -> &'static str {
        match self {
            Striking::New => "new",
            Striking::Severe => "severe",
            Striking::Rare => "rare",
        }
    }
}

impl<'a> DiagnosisView<'a> {
    /// The records that look like the fault, if nothing explains them: those that are new or severe come first.
    pub(super) fn standouts(self) -> Option<Section<'a>> {
        if self.diagnosis.verdict != Verdict::Unknown || self.diagnosis.nothing_stands_out {
            return None;
        }
        let mut records: Vec<&Salient> = self.diagnosis.standouts.iter().collect();
        records.sort_by_key(|record| !(record.is_new || is_severe(record)));
        let items = records.into_iter().take(MAX_SHOWN).map(|record| self.standout(record)).collect();
        let notes = vec!["with a log of normal operation, `--baseline FILE` shows which of them are new".to_owned()];
        unless_empty(Section { notes, ..Section::new("standouts", "Unusual records", items) })
    }

    fn standout(self, record: &Salient) -> Item<'a> {
        let source = &self.diagnosis.sources[record.source.0 as usize];
        let why: Vec<&str> = striking(record, source).into_iter().map(Striking::name).collect();
        let times = match (record.own_time(), record.last) {
            (Some(first), Some(last)) if record.count > 1 => Some(format!("{first:.0} to {last:.0}")),
            (first, _) => first.map(|time| format!("{time:.0}")),
        };
        let level = record.level.map(|level| level.name().to_owned());
        let facts = [Some(self.place((record.source, record.line))), Some(format!("×{}", thousands(record.count)))];
        let facts = facts.into_iter().chain([times, level, Some(why.join(", "))]).flatten().collect();
        Item { facts, ..Item::new(Mark::Plain, cut_at_word(&on_one_line(&record.text), MAX_TEXT)) }
    }
}

/// Returns the respects in which a record of `source` stands out, at least one. A record that is neither new nor severe
/// was chosen because it is rarer than others, so it counts as rare.
pub(in crate::report) fn striking(record: &Salient, source: &SourceSummary) -> Vec<Striking> {
    let (new, severe) = (record.is_new, is_severe(record));
    let rare = record.count == 1 || record.count.saturating_mul(RARE) <= source.records || !(new || severe);
    let all = [(new, Striking::New), (severe, Striking::Severe), (rare, Striking::Rare)];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, striking)| striking).collect()
}
