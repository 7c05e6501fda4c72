//! Resolves `mute symptom { … }`.

use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::rule::ast::{Item, Quoted, StatementNode};
use crate::rule::error;
use crate::rule::program::{Mute, SymptomId, WeekSpan};
use crate::source::Span;

use super::condition::ConditionSubject;
use super::names::NameKind;
use super::template::Captures;
use super::{ItemContext, Resolver, id, once, value};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl<'a> Resolver<'a> {
    pub(super) fn mute(&mut self, item: &'a Item, captures: &[Captures], cx: &mut ItemContext<'a>) -> Option<Mute> {
        let symptom = self.find(NameKind::Symptom, &item.name, cx);
        let mut filter = None;
        let mut during: Option<(WeekSpan, Span)> = None;
        let mut until: Option<(Timestamp, Span)> = None;
        let mut reason: Option<(String, Span)> = None;
        for statement in &item.statements {
            let span = statement.span;
            match &statement.node {
                StatementNode::Where(written) => {
                    let Some(symptom) = symptom else { continue };
                    filter = self.condition(written, &captures[symptom], ConditionSubject::Record, cx);
                }
                StatementNode::During(text) => {
                    if let Some(during_span) = cx.ok(week_span(text)) {
                        once(&mut during, during_span, span, "during", &mut cx.diagnostics);
                    }
                }
                StatementNode::Until(text) => {
                    if let Some(instant) = cx.ok(value::instant(text)) {
                        once(&mut until, instant, span, "until", &mut cx.diagnostics);
                    }
                }
                StatementNode::Reason(text) => {
                    once(&mut reason, value::unescape(&text.node), span, "reason", &mut cx.diagnostics);
                }
                _ => {}
            }
        }
        let is_written = |is: fn(&StatementNode) -> bool| item.statements.iter().any(|statement| is(&statement.node));
        if !item.unread {
            if !is_written(|node| matches!(node, StatementNode::Until(_))) {
                cx.diagnostics.push(error::incomplete_mute(item.name.span, "until", "until 2027-01-31"));
            }
            if !is_written(|node| matches!(node, StatementNode::Reason(_))) {
                let example = "reason \"why, and who decided it\"";
                cx.diagnostics.push(error::incomplete_mute(item.name.span, "reason", example));
            }
        }
        let (until, reason) = (until?.0, reason?.0);
        let during = during.map(|(during, _)| during);
        Some(Mute { symptom: SymptomId(id(symptom?)), filter, during, until, reason })
    }
}

/// Reads `sat 22:00-23:00`, `mon-fri 01:00-02:30` or `22:00-06:00`.
fn week_span(written: &Quoted) -> Result<WeekSpan, Diagnostic> {
    let wrong = || {
        error::bad_value(written.span, &written.node, "is not a time of the week")
            .help("write `22:00-06:00`, `sat 22:00-23:00` or `mon-fri 01:00-02:30`, in UTC")
    };
    let text = written.node.trim().to_ascii_lowercase();
    let (days, times) = match text.rsplit_once(char::is_whitespace) {
        Some((days, times)) => (Some(days), times),
        None => (None, text.as_str()),
    };
    let (from, to) =
        times.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?))).ok_or_else(wrong)?;
    let days = match days {
        None => [true; 7],
        Some(days) => days_of(days).ok_or_else(wrong)?,
    };
    Ok(WeekSpan { days, from, to })
}

fn days_of(written: &str) -> Option<[bool; 7]> {
    let day = |name: &str| DAYS.iter().position(|day| name.trim().starts_with(day));
    let mut days = [false; 7];
    for part in written.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (day(first)?, day(last)?),
            None => (day(part)?, day(part)?),
        };
        let mut at = first;
        loop {
            days[at] = true;
            if at == last {
                break;
            }
            at = (at + 1) % 7;
        }
    }
    Some(days)
}

/// The minute of the day of `22:30`; 24:00 is the end of the day.
fn minute(written: &str) -> Option<u16> {
    let (hour, minute) = written.trim().split_once(':')?;
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (hour < 24 && minute < 60 || (hour, minute) == (24, 0)).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_week_have_days_and_minutes() {
        let read = |text: &str| {
            let found = week_span(&Quoted { node: text.to_owned(), span: Span::new(0, text.len()) }).ok()?;
            let days = DAYS.iter().zip(found.days).filter(|(_, is)| *is).map(|(day, _)| *day);
            Some((days.collect::<Vec<_>>().join(" "), found.from, found.to))
        };
        assert_eq!(read("sat 22:00-23:00"), Some(("sat".to_owned(), 1320, 1380)));
        assert_eq!(read("fri-mon, wed 01:00-24:00"), Some(("mon wed fri sat sun".to_owned(), 60, 1440)));
        assert_eq!(read("22:00-06:30"), Some((DAYS.join(" "), 1320, 390)));
        for wrong in ["", "sat", "22-23", "someday 22:00-23:00", "sat 25:00-26:00", "22:00"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
