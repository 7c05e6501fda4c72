//! The section of the sources that were read and the assumptions about them.

use super::DiagnosisView;
use crate::infer::{Diagnosis, Note};
use crate::matching::{Remark, SourceSummary};
use crate::report::document::{Item, Mark, Section};
use crate::report::number::counted;
use crate::rule::{CauseId, Program, SymptomId};
use crate::source::SourceId;

impl<'a> DiagnosisView<'a> {
    pub(super) fn read(self) -> Section<'a> {
        let sources = self.diagnosis.sources.iter().map(|source| format!("{}: {}", source.name, read_as(source)));
        let remarks = notes(self.program, self.diagnosis).into_iter().chain(self.not_looked_for());
        let items = sources.chain(remarks).map(|text| Item::new(Mark::Plain, text)).collect();
        Section::new("read", "Read", items)
    }

    fn not_looked_for(self) -> Option<String> {
        let name = |id| {
            let symptom = self.program.symptom(id);
            format!("{} (on {})", symptom.name, symptom.on.join(", "))
        };
        let names: Vec<String> = self.looked_for_nowhere().into_iter().map(name).collect();
        (!names.is_empty()).then(|| format!("not looked for, because no log for it was given: {}", names.join(", ")))
    }

    /// Symptoms whose `on` names none of the sources, so that they were not looked for.
    fn looked_for_nowhere(self) -> Vec<SymptomId> {
        let Some((first, rest)) = self.diagnosis.sources.split_first() else { return Vec::new() };
        let everywhere = |id: &&SymptomId| rest.iter().all(|source| source.not_looked_for.contains(id));
        first.not_looked_for.iter().filter(everywhere).copied().collect()
    }

    /// Says what was read from all sources, in a few words.
    pub(super) fn read_in_all(self) -> String {
        match self.diagnosis.sources.as_slice() {
            [source] => format!("{}: {}", source.name, read_as(source)),
            sources => {
                let records = sources.iter().map(|source| source.records).sum();
                format!("{} in {}", records_of(records), counted(sources.len() as u64, "source", "sources"))
            }
        }
    }
}

/// Says how a source was read: `170 records, dated, … to …`.
fn read_as(source: &SourceSummary) -> String {
    let mut parts = vec![records_of(source.records), source.format.to_owned()];
    if let (Some(first), Some(last)) = (source.first, source.last) {
        parts.push(format!("{first:.0} to {last:.0}"));
    }
    if source.cut > 0 {
        parts.push(format!("{} too long and cut", records_of(source.cut)));
    }
    parts.join(", ")
}

fn records_of(n: u64) -> String {
    counted(n, "record", "records")
}

/// Says what was assumed, estimated or left out, in one sentence each.
pub(in crate::report) fn notes(program: &Program, diagnosis: &Diagnosis) -> Vec<String> {
    let source = |id: &SourceId| &diagnosis.sources[id.0 as usize].name;
    let causes = |ids: &[CauseId]| ids.iter().map(|&id| program.cause(id).name.as_str()).collect::<Vec<_>>().join(", ");
    let remarks = diagnosis.remarks.iter().map(|remark| match remark {
        Remark::AssumedUtc(id) => format!("{}: times without a time zone are read as UTC", source(id)),
        Remark::InheritedTime(id) => {
            format!("{}: records without a time are taken to be as old as the one before them", source(id))
        }
        Remark::AssumedYear(id) => format!("{}: times without a year: the latest possible year is assumed", source(id)),
        Remark::Kept(symptom, records) => {
            format!("{} ×{records}: kept from the case, since its log is gone", program.symptom(*symptom).name)
        }
        Remark::Forgotten(symptom, records) => {
            let records = counted(*records, "record with further captures was", "records with further captures were");
            format!("{}: {records} left out", program.symptom(*symptom).name)
        }
    });
    let notes = diagnosis.notes.iter().map(|note| match note {
        Note::Sampled { causes: ids, standard_error } => format!(
            "too many linked symptoms and causes for an exact calculation: the probabilities of {} are estimates, \
             ±{:.1} %, and the weight of each symptom is left out",
            causes(ids),
            standard_error * 100.0
        ),
        Note::ChecksNotWeighed { causes: ids } => {
            let causes = causes(ids);
            format!("too many linked symptoms and causes to say what to find out next about {causes}")
        }
    });
    let unread = diagnosis.unreadable.iter().map(|unreadable| format!("not read: {}", unreadable.reason));
    unread.chain(remarks).chain(notes).collect()
}
