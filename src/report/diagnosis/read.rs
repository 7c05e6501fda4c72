//! The section of the sources that were read and the assumptions about them.

use super::DiagnosisView;
use crate::infer::{Diagnosis, Note};
use crate::log::Period;
use crate::matching::{Remark, SourceSummary};
use crate::report::document::{Item, Mark, Section};
use crate::report::number::{counted, thousands};
use crate::rule::{CauseId, Program, SymptomId};
use crate::source::SourceId;

impl<'a> DiagnosisView<'a> {
    pub(super) fn read(self) -> Section<'a> {
        let sources = self.diagnosis.sources.iter().map(|source| format!("{}: {}", source.name, read_as(source)));
        let remarks = notes(self.program, self.diagnosis).into_iter().chain(self.not_looked_for());
        let remarks = remarks.map(|text| self.without_only_source(text));
        let items = sources.chain(remarks).map(|text| Item::new(Mark::Plain, text)).collect();
        Section::new("read", "Read", items)
    }

    /// Leaves out the name of the source, with which a remark begins, if there is only one.
    fn without_only_source(self, text: String) -> String {
        match self.diagnosis.sources.as_slice() {
            [only] => text.strip_prefix(&format!("{}: ", only.name)).map(str::to_owned).unwrap_or(text),
            _ => text,
        }
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
                let sum = |n: fn(&SourceSummary) -> u64| sources.iter().map(n).sum();
                let records = taken_of(sum(|source| source.records), sum(|source| source.left_out));
                format!("{records} in {}", counted(sources.len() as u64, "source", "sources"))
            }
        }
    }
}

/// Says how a source was read: `170 records, dated, … to …`.
fn read_as(source: &SourceSummary) -> String {
    let mut parts = vec![taken_of(source.records, source.left_out), source.format.clone()];
    if let (Some(first), Some(last)) = (source.first, source.last) {
        parts.push(format!("{first:.0} to {last:.0}"));
    }
    if source.cut > 0 {
        parts.push(format!("{} too long and cut", records_of(source.cut)));
    }
    parts.join(", ")
}

pub(in crate::report) fn records_of(n: u64) -> String {
    counted(n, "record", "records")
}

/// Says how many records were taken, and of how many if only a period was asked for.
pub(in crate::report) fn taken_of(taken: u64, left_out: u64) -> String {
    match left_out {
        0 => records_of(taken),
        left_out => format!("{} of {}", thousands(taken), records_of(taken + left_out)),
    }
}

/// Says what was assumed, estimated or left out, in one sentence each.
pub(in crate::report) fn notes(program: &Program, diagnosis: &Diagnosis) -> Vec<String> {
    let causes = |ids: &[CauseId]| ids.iter().map(|&id| program.cause(id).name.as_str()).collect::<Vec<_>>().join(", ");
    let notes = diagnosis.notes.iter().map(|note| match note {
        Note::Sampled { causes: ids, margin } => format!(
            "too many linked symptoms and causes for an exact calculation: the probabilities of {} are estimates \
             (±{:.1} percentage points: with 95 % certainty each is no further from the exact value), and the weight of each \
             symptom is left out",
            causes(ids),
            // Rounded up, so that the interval is no narrower than what was computed.
            (margin * 1000.0).ceil() / 10.0
        ),
        Note::ChecksNotWeighed { causes: ids } => {
            let causes = causes(ids);
            format!("too many linked symptoms and causes to say what to find out next about {causes}")
        }
    });
    let unread = diagnosis.unreadable.iter().map(|unreadable| format!("not read: {}", unreadable.reason));
    unread.chain(remarks(program, diagnosis)).chain(notes).collect()
}

/// The most sources that a sentence about several of them names.
const MAX_NAMED: usize = 3;

/// Says what was assumed and left out while the logs were read. An assumption about several sources is one sentence.
fn remarks(program: &Program, diagnosis: &Diagnosis) -> Vec<String> {
    let remarks = &diagnosis.remarks;
    let about = |pick: &dyn Fn(&Remark) -> Option<String>, rest: &str| {
        let names: Vec<String> = remarks.iter().filter_map(pick).collect();
        (!names.is_empty()).then(|| format!("{}: {rest}", few(&names)))
    };
    let name = |id: &SourceId| Some(diagnosis.sources[id.0 as usize].name.clone());
    let whole = |remark: &Remark| if let Remark::TakenWhole(id) = remark { name(id) } else { None };
    let utc = |remark: &Remark| if let Remark::AssumedUtc(id) = remark { name(id) } else { None };
    let year = |remark: &Remark| if let Remark::AssumedYear(id) = remark { name(id) } else { None };
    let inherited = |remark: &Remark| if let Remark::InheritedTime(id) = remark { name(id) } else { None };
    let untimed = |remark: &Remark| match remark {
        Remark::LacksTimes { source, percent } => Some(format!("{} ({percent} % of its lines)", name(source)?)),
        _ => None,
    };
    let of_sources = [
        about(&whole, "read as a whole, since no record has a time"),
        about(&utc, "times without a time zone are read as UTC (--zone)"),
        about(&year, "times without a year: the latest possible year is assumed"),
        about(&untimed, "no time was read, although other lines have one; see `casebook log --unread FILE`"),
        about(&inherited, "records without a time are taken to be as old as the one before them"),
    ];
    let of_all = remarks.iter().filter_map(|remark| match remark {
        Remark::Period(period) => Some(period_words(*period, &diagnosis.sources)),
        _ => None,
    });
    let of_symptoms = remarks.iter().filter_map(|remark| of_symptom(program, remark));
    of_all.chain(of_sources.into_iter().flatten()).chain(of_symptoms).collect()
}

fn of_symptom(program: &Program, remark: &Remark) -> Option<String> {
    match remark {
        Remark::Kept(symptom, records) => {
            Some(format!("{} ×{records}: kept from the case, since its log is gone", program.symptom(*symptom).name))
        }
        Remark::Forgotten(symptom, records) => {
            let records = counted(*records, "record with further captures was", "records with further captures were");
            Some(format!("{}: {records} left out", program.symptom(*symptom).name))
        }
        Remark::Untimed(symptom, records) => {
            let records = counted(*records, "record without a time was", "records without a time were");
            Some(format!("{}: {records} left out, since others have one", program.symptom(*symptom).name))
        }
        Remark::Late(symptom, records) => {
            let records = counted(*records, "record came", "records came");
            Some(format!("{}: {records} too late to be compared with others", program.symptom(*symptom).name))
        }
        Remark::Muted(symptom, records, reason) => {
            let records = counted(*records, "record is", "records are");
            Some(format!("{}: {records} muted ({})", program.symptom(*symptom).name, reason))
        }
        Remark::Hidden(symptom, by, findings) => {
            let findings = counted(*findings, "finding is", "findings are");
            let (name, by) = (&program.symptom(*symptom).name, &program.symptom(*by).name);
            Some(format!("{name}: {findings} left out, since {by} includes what they say"))
        }
        Remark::Period(_)
        | Remark::TakenWhole(_)
        | Remark::AssumedUtc(_)
        | Remark::AssumedYear(_)
        | Remark::LacksTimes { .. }
        | Remark::InheritedTime(_) => None,
    }
}

/// Says which part of the logs was read: `12 of 340 records between … and … were read`.
fn period_words(period: Period, sources: &[SourceSummary]) -> String {
    let sum = |n: fn(&SourceSummary) -> u64| sources.iter().map(n).sum::<u64>();
    let (taken, left_out) = (sum(|source| source.records), sum(|source| source.left_out));
    let records = format!("{} of {}", thousands(taken), records_of(taken + left_out));
    format!("only a part was read: {records}, those {}", span_words(period))
}

/// Says which period it is: `between … and …`.
pub(in crate::report) fn span_words(period: Period) -> String {
    match (period.since, period.until) {
        (Some(since), Some(until)) => format!("between {since} and {until}"),
        (Some(since), None) => format!("since {since}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "of any time".to_owned(),
    }
}

/// Joins the first [`MAX_NAMED`] names, and says how many more there are.
fn few(names: &[String]) -> String {
    let shown = names.iter().take(MAX_NAMED).cloned();
    let more = names.len().saturating_sub(MAX_NAMED);
    let more = (more > 0).then(|| format!("{} more", thousands(more as u64)));
    shown.chain(more).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::{self, Facts};
    use crate::log::Input;
    use crate::matching::{ScanOptions, scan};

    /// Returns the remarks on logs of these names and texts.
    fn said(logs: &[(&str, &str)]) -> Vec<String> {
        let program = Program::default();
        let inputs = logs.iter().map(|(name, text)| Input::bytes(*name, *text)).collect();
        let scan = scan(&program, inputs, &ScanOptions::at(jiff::Timestamp::UNIX_EPOCH));
        let diagnosis = infer::diagnose(&program, scan, &Facts::default(), &infer::Searched::default(), &|_| None);
        notes(&program, &diagnosis)
    }

    #[test]
    fn an_assumption_about_several_sources_is_said_once() {
        let log = "2016-01-01 10:00:00 a\n";
        let utc = |names: &str| format!("{names}: times without a time zone are read as UTC (--zone)");
        assert_eq!(said(&[("a", log)]), [utc("a")]);
        assert_eq!(said(&[("a", log), ("b", "odd\n"), ("c", log)]), [utc("a, c")]);
        let logs = ["a", "b", "c", "d", "e"].map(|name| (name, log));
        assert_eq!(said(&logs), [utc("a, b, c, 2 more")]);
        assert_eq!(said(&[("a", "2016-01-01T10:00:00Z a\n"), ("b", "odd\n")]), [] as [String; 0]);
    }

    #[test]
    fn lines_without_a_time_are_said_with_the_remedy() {
        let log = "odd\n".to_owned() + &"2016-01-01T10:00:00Z a\n".repeat(3);
        assert_eq!(
            said(&[("a", &log), ("b", "2016-01-01T10:00:00Z a\n")]),
            [
                "a (25 % of its lines): no time was read, although other lines have one; see `casebook log --unread FILE`"
            ]
        );
    }
}
