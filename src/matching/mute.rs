//! What is not reported for a time: `mute`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::eval::{Scope, Shown, holds};
use super::finding::Captures;
use crate::log::Record;
use crate::rule::{Mute, Program, SymptomId, WeekSpan};
use crate::timed::slot_set;

/// Returns the index of the mute that leaves the record out of the report. Records that must not be seen are never muted,
/// because that would show the symptom.
pub(super) fn of_record(
    program: &Program,
    symptom: SymptomId,
    shown: &Shown,
    record: &Record<'_>,
    time: Option<Timestamp>,
) -> Option<usize> {
    if program.mutes.is_empty() || !is_evidence(program, symptom, shown) {
        return None;
    }
    program.mutes.iter().position(|mute| mute.symptom == symptom && is_muted(mute, Some(record), &shown.captures, time))
}

/// Returns the index of the mute that leaves a finding with these captures and this time out.
pub(super) fn of_finding(
    program: &Program,
    symptom: SymptomId,
    captures: &Captures,
    time: Option<Timestamp>,
) -> Option<usize> {
    program.mutes.iter().position(|mute| mute.symptom == symptom && is_muted(mute, None, captures, time))
}

fn is_evidence(program: &Program, symptom: SymptomId, shown: &Shown) -> bool {
    let Some(timing) = program.symptom(symptom).time.as_deref() else { return true };
    let slots = (0..)
        .zip(&timing.slots)
        .filter(|(_, slot)| slot.binding == shown.binding && slot.is_counter == shown.is_counter);
    let slots: Vec<u8> = slots.map(|(at, _)| at).collect();
    !slots.is_empty() && slots.iter().all(|slot| slot_set(*slot) & timing.when.evidence != 0)
}

fn is_muted(mute: &Mute, record: Option<&Record<'_>>, captures: &Captures, time: Option<Timestamp>) -> bool {
    let is_then = match (time, mute.during) {
        (Some(time), during) => time < mute.until && during.is_none_or(|during| contains(during, time)),
        // Without a time, it cannot be said to be outside of the days of the mute.
        (None, during) => during.is_none(),
    };
    let scope = Scope { record, captures, count: None };
    is_then && mute.filter.as_ref().is_none_or(|filter| holds(filter, &scope))
}

/// Whether the time is in the span of the week, in UTC.
fn contains(span: WeekSpan, time: Timestamp) -> bool {
    let at = time.to_zoned(TimeZone::UTC);
    let minute = u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs());
    let today = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
    let yesterday = (today + 6) % 7;
    if span.from < span.to {
        return span.days[today] && (span.from..span.to).contains(&minute);
    }
    (span.days[today] && minute >= span.from) || (span.days[yesterday] && minute < span.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_over_midnight_belongs_to_the_day_on_which_it_begins() {
        let saturday = [false, false, false, false, false, true, false];
        let is_in =
            |from, to, time: &str| contains(WeekSpan { days: saturday, from, to }, time.parse().expect("a time"));
        // 2026-11-28 is a Saturday.
        assert!(is_in(22 * 60, 23 * 60, "2026-11-28T22:00:00Z"));
        assert!(!is_in(22 * 60, 23 * 60, "2026-11-28T23:00:00Z"));
        assert!(!is_in(22 * 60, 23 * 60, "2026-11-29T22:30:00Z"));
        assert!(is_in(22 * 60, 6 * 60, "2026-11-29T05:59:59Z"));
        assert!(!is_in(22 * 60, 6 * 60, "2026-11-28T05:00:00Z"));
    }
}
