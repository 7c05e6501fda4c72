//! The order of day, month and year in dates such as `05/06/2026` and `17/06/09`, which may be read in several ways.

use super::shape::{StampPart, Unit};
use super::{FoundStamp, StampRules, find_stamp};

/// The order in which a date was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum DateOrder {
    #[default]
    MonthDay,
    DayMonth,
    YearMonth,
}

/// What one stamp says about the order of day and month in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// Only the day can be first, as in `13/06/2026`.
    DayFirst,
    /// Only the month can be first, as in `06/13/2026`.
    MonthFirst,
    /// Both orders are possible, as in `05/06/2026`.
    Ambiguous,
}

/// Returns what the date of `stamp`, which was found in `line`, says about the order of day and month; `None` if its
/// order is fixed, as in `2026-06-05` and `05.06.2026`.
pub fn day_order(line: &[u8], stamp: &FoundStamp) -> Option<DayOrder> {
    let numbers = numbers(line, stamp)?;
    Some(match numbers {
        ShortDate { first, .. } if first > 31 => return None,
        // Three short numbers may also begin with the year.
        ShortDate { first, third: Some(third), .. } if first > 12 && third <= 31 => DayOrder::Ambiguous,
        ShortDate { first, .. } if first > 12 => DayOrder::DayFirst,
        ShortDate { second, .. } if second > 12 => DayOrder::MonthFirst,
        _ => DayOrder::Ambiguous,
    })
}

/// The numbers of a date whose order is not fixed. The third is missing if there is no year or a long one.
#[derive(Clone, Copy)]
struct ShortDate {
    first: u8,
    second: u8,
    third: Option<u8>,
}

fn numbers(line: &[u8], stamp: &FoundStamp) -> Option<ShortDate> {
    let (mut first, mut second, mut third) = (None, None, None);
    let mut at = stamp.range.start + usize::from(stamp.form.weekday);
    for (part, len) in stamp.form.parts().iter().zip(stamp.form.lens) {
        let text = line.get(at..at + usize::from(len))?;
        let value = || std::str::from_utf8(text).ok().and_then(|digits| digits.parse().ok());
        match part {
            StampPart::Number(Unit::First, ..) => first = value(),
            StampPart::Number(Unit::Second2, ..) => second = value(),
            StampPart::Number(Unit::Third, ..) => third = value(),
            _ => {}
        }
        at += text.len();
    }
    Some(ShortDate { first: first?, second: second?, third })
}

/// What the dates in the first lines of a source say about the order of their numbers.
pub(super) struct SourceOrder {
    pub(super) day_first: Option<bool>,
    pub(super) year_first: Option<bool>,
}

/// Decides the order of the dates in `lines`. A line that can be read in one order only decides.
pub(super) fn source_order(lines: &[&[u8]], rules: &StampRules) -> SourceOrder {
    let dates: Vec<ShortDate> = lines.iter().filter_map(|line| numbers(line, &find_stamp(line, rules)?)).collect();
    let year_first = year_first(&dates);
    let is_year_last = |date: &&ShortDate| date.third.is_none() || year_first == Some(false);
    let count = |is: fn(&ShortDate) -> bool| dates.iter().filter(is_year_last).filter(|date| is(date)).count();
    let n_day_first = count(|date| date.first > 12 && date.second <= 12);
    let n_month_first = count(|date| date.second > 12 && date.first <= 12);
    let day_first = (n_day_first != n_month_first).then_some(n_day_first > n_month_first);
    SourceOrder { day_first, year_first }
}

/// Decides whether the year is the first of three short numbers; `None` if nothing decides it. Besides numbers that
/// cannot be days, the number that never changes while the other does is the year.
fn year_first(dates: &[ShortDate]) -> Option<bool> {
    let dates: Vec<(u8, u8, u8)> =
        dates.iter().filter_map(|date| Some((date.first, date.second, date.third?))).collect();
    let (first, _, third) = *dates.first()?;
    if dates.iter().any(|(first, ..)| *first > 31) {
        return Some(true);
    }
    if dates.iter().any(|(_, second, third)| *second > 12 || *third > 31) {
        return Some(false);
    }
    let first_varies = dates.iter().any(|date| date.0 != first);
    let third_varies = dates.iter().any(|date| date.2 != third);
    (first_varies != third_varies).then_some(third_varies)
}
