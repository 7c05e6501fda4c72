//! Prints the conditions of a symptom on time: as rules write them, and in words.

use std::time::Duration;

use super::program::{ENDED_BY, FindingKey, Matcher, Symptom, TimedSlot};
use crate::timed::{
    Bound, Edge, Expr, Measure, Micros, Ordering, Rearm, Side, Slot, SlotSet, When, slot_set, usual_gap,
};
use crate::value::duration_text;

/// Returns the statements about time, as a rule writes them; empty if there are none. Values that have several spellings, such as
/// `120s`, are written in one.
pub fn time_statements(symptom: &Symptom) -> Vec<String> {
    let Some(timing) = symptom.time.as_deref() else { return Vec::new() };
    Text { symptom, slots: &timing.slots, values: &timing.values, when: &timing.when }.statements()
}

/// Returns what the conditions on time mean, one sentence each; empty if there are none.
pub fn time_sentences(symptom: &Symptom) -> Vec<String> {
    let Some(timing) = symptom.time.as_deref() else { return Vec::new() };
    Text { symptom, slots: &timing.slots, values: &timing.values, when: &timing.when }.sentences()
}

/// Prints a span of time as rules write it.
pub(crate) fn span(micros: Micros) -> String {
    duration_text(Duration::from_micros(micros.unsigned_abs()))
}

struct Text<'a> {
    symptom: &'a Symptom,
    slots: &'a [TimedSlot],
    values: &'a [(usize, String, super::program::ValueUse)],
    when: &'a When,
}

impl Text<'_> {
    fn name(&self, slot: Slot) -> &str {
        let slot = self.slots.get(usize::from(slot));
        slot.map_or("", |slot| self.symptom.bindings[slot.binding].name.as_str())
    }

    /// The names of the slots of a set, without those that only count against something.
    fn names(&self, set: SlotSet) -> Vec<&str> {
        let slots = (0..).zip(self.slots).filter(|(slot, of)| set & slot_set(*slot) != 0 && !of.is_counter);
        slots.map(|(slot, _)| self.name(slot)).collect()
    }

    fn value(&self, value: usize) -> &str {
        self.values.get(value).map_or("", |(_, name, _)| name.trim_start_matches('.'))
    }

    fn keys(&self) -> &[FindingKey] {
        &self.symptom.keys
    }

    /// `by ip, pod = k.name`
    fn by(&self) -> String {
        let keys = self.keys().iter().map(|key| {
            let other = key.of.iter().zip(&self.symptom.bindings).find_map(|(of, binding)| {
                let other = of.as_ref().filter(|of| **of != key.name)?;
                Some(format!(" = {}.{}", binding.name, other.trim_start_matches('.')))
            });
            format!("{}{}", key.name, other.unwrap_or_default())
        });
        keys.collect::<Vec<_>>().join(", ")
    }

    fn statements(&self) -> Vec<String> {
        let mut statements = Vec::new();
        let within = self.when.within.map(|within| format!(" within {}", span(within))).unwrap_or_default();
        let by = Some(self.by()).filter(|by| !by.is_empty()).map(|by| format!(" by {by}")).unwrap_or_default();
        statements.push(format!("when {}{within}{by}", self.whole()));
        for edge in self.edges(Side::Around) {
            statements
                .extend(self.names(edge.slots).iter().map(|name| format!("unless {name} within {}", span(edge.span))));
        }
        for (slot, of) in (0..).zip(self.slots).filter(|(slot, _)| self.when.resets & slot_set(*slot) != 0) {
            let own = self.keys().iter().zip(&of.keys).filter(|(_, has)| **has).map(|(key, _)| key.name.as_str());
            let own: Vec<&str> = own.collect();
            let keys = if own.len() < self.keys().len() { format!("{} ", own.join(", ")) } else { String::new() };
            statements.push(format!("resets {keys}on {}", self.name(slot)));
        }
        match self.when.rearm {
            Rearm::EveryMatch => statements.push("rearm every match".to_owned()),
            Rearm::On(set) => statements.extend(self.names(set).iter().map(|name| format!("rearm on {name}"))),
            Rearm::After(gap) if gap == usual_gap(&self.when.expr, self.when.within, &self.when.edges) => {}
            Rearm::After(gap) => statements.extend(gap.map(|gap| format!("rearm for {}", span(gap)))),
        }
        statements.extend(self.ended_by().map(|end| format!("ended by {end}")));
        statements
    }

    fn edges(&self, side: Side) -> impl Iterator<Item = &Edge> {
        self.when.edges.iter().filter(move |edge| edge.side == side)
    }

    fn ended_by(&self) -> Option<String> {
        let binding = self.symptom.bindings.iter().find(|binding| binding.name == ENDED_BY)?;
        let patterns = binding.alternatives.iter().map(|matcher| match matcher {
            Matcher::Pattern(pattern) => pattern.written(),
            Matcher::Any => "any".to_owned(),
        });
        let filter = binding.filter.as_ref().map(|filter| format!(" where {filter}")).unwrap_or_default();
        Some(patterns.collect::<Vec<_>>().join(" or ") + &filter)
    }

    /// The expression with what must not be seen at its ends.
    fn whole(&self) -> String {
        let no = |edge: &Edge| {
            let names = self.names(edge.slots).into_iter().map(|name| format!("no {name} for {}", span(edge.span)));
            names.collect::<Vec<_>>()
        };
        // `no x for 10m` alone is an `x`, and no `x` after it.
        if let (Expr::Seen(slot), [edge]) = (&self.when.expr, self.when.edges.as_slice())
            && edge.side == Side::After
            && edge.slots == slot_set(*slot)
        {
            return no(edge).join("");
        }
        let before = self.edges(Side::Before).flat_map(no);
        let after = self.edges(Side::After).flat_map(no);
        let parts: Vec<String> = before.chain([self.nested(&self.when.expr)]).chain(after).collect();
        if parts.len() == 1 { self.expr(&self.when.expr) } else { parts.join(" then ") }
    }

    fn expr(&self, expr: &Expr) -> String {
        let joined = |parts: &[Expr], by: &str| parts.iter().map(|part| self.nested(part)).collect::<Vec<_>>().join(by);
        match expr {
            Expr::Seen(slot) => self.name(*slot).to_owned(),
            Expr::Any(parts) => joined(parts, " or "),
            Expr::All(parts) => joined(parts, " and "),
            Expr::Then(steps) => {
                let parts = steps.iter().flat_map(|step| {
                    let without = self.names(step.without).into_iter().map(|name| format!("no {name}"));
                    without.chain([self.nested(&step.expr)]).collect::<Vec<_>>()
                });
                parts.collect::<Vec<_>>().join(" then ")
            }
            Expr::Count { of, at_least } => format!("count({}) >= {at_least}", self.name(*of)),
            Expr::Distinct { of, value, at_least } => {
                format!("distinct({}.{}) >= {at_least}", self.name(*of), self.value(*value))
            }
            Expr::Measured { measure, bound, .. } => self.measured(*measure, *bound),
            Expr::First { of, .. } => format!("first {}", self.name(*of)),
            Expr::Lasting { of, span: time, .. } => format!("{} for {}", self.name(*of), span(*time)),
            Expr::Within(inner, within) => format!("({} within {})", self.expr(inner), span(*within)),
        }
    }

    fn nested(&self, expr: &Expr) -> String {
        match expr {
            Expr::Any(parts) | Expr::All(parts) if parts.len() > 1 => format!("({})", self.expr(expr)),
            Expr::Then(_) => format!("({})", self.expr(expr)),
            _ => self.expr(expr),
        }
    }

    fn measured(&self, measure: Measure, bound: Bound) -> String {
        let of =
            |function: &str, slot: Slot, value: usize| format!("{function}({}.{})", self.name(slot), self.value(value));
        let left = match measure {
            Measure::Sum(slot, value) => of("sum", slot, value),
            Measure::Min(slot, value) => of("min", slot, value),
            Measure::Max(slot, value) => of("max", slot, value),
            Measure::Mean(slot, value) => of("avg", slot, value),
            Measure::P95(slot, value) => of("p95", slot, value),
            Measure::Ratio(slot, all) => format!("ratio({}, {})", self.name(slot), self.name(all)),
            Measure::Unusual(slot) => format!("count({})", self.name(slot)),
        };
        let limit = match measure {
            Measure::Ratio(..) => format!("{}%", rounded(bound.limit * 100.0)),
            Measure::Unusual(_) => format!("{} * usual", bound.limit),
            _ => bound.limit.to_string(),
        };
        format!("{left} {} {limit}", sign(bound.ordering))
    }

    fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![capital(&self.words(&self.when.expr)) + &self.whole_limits()];
        for edge in &self.when.edges {
            let names = self.names(edge.slots).join("` or `");
            let time = span(edge.span);
            sentences.push(match edge.side {
                Side::Before => format!("In the {time} before, there is no `{names}`"),
                Side::After => {
                    format!("In the {time} after, there is no `{names}`; the log goes on for longer than that")
                }
                Side::Around => {
                    format!("There is no `{names}` from {time} before the first record to {time} after the last")
                }
            });
        }
        if self.when.resets != 0 {
            sentences
                .push(format!("After a `{}`, everything begins anew", self.names(self.when.resets).join("` or `")));
        }
        sentences.push(match self.when.rearm {
            Rearm::After(Some(gap)) => format!("An episode goes on while such records follow within {}", span(gap)),
            Rearm::After(None) => "All such records are one episode".to_owned(),
            Rearm::EveryMatch => "Each time is an episode of its own".to_owned(),
            Rearm::On(set) => format!("An episode goes on until a `{}`", self.names(set).join("` or `")),
        });
        sentences.extend(self.ended_by().map(|end| format!("It is over with {end}")));
        sentences
    }

    fn whole_limits(&self) -> String {
        let within = self.when.within.map(|within| format!(", all within {}", span(within))).unwrap_or_default();
        match self.keys() {
            [] => within,
            keys => {
                let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
                format!("{within}, for each {} by itself", names.join(", "))
            }
        }
    }

    /// The expression in words.
    fn words(&self, expr: &Expr) -> String {
        let joined = |parts: &[Expr], by: &str| parts.iter().map(|part| self.words(part)).collect::<Vec<_>>().join(by);
        match expr {
            Expr::Seen(slot) => format!("a record of `{}`", self.name(*slot)),
            Expr::Any(parts) => joined(parts, ", or "),
            Expr::All(parts) => joined(parts, " and "),
            Expr::Then(steps) => {
                let parts = steps.iter().map(|step| match self.names(step.without).as_slice() {
                    [] => self.words(&step.expr),
                    names => format!("without a `{}` in between {}", names.join("` or `"), self.words(&step.expr)),
                });
                parts.collect::<Vec<_>>().join(", then ")
            }
            Expr::Count { of, at_least } => format!("at least {at_least} records of `{}`", self.name(*of)),
            Expr::Distinct { of, value, at_least } => {
                format!(
                    "records of `{}` with at least {at_least} different values of `{}`",
                    self.name(*of),
                    self.value(*value)
                )
            }
            Expr::Measured { measure, bound, window } => {
                format!("{} over the {} before a record", self.measure_words(*measure, *bound), span(*window))
            }
            Expr::First { of, window } => {
                format!("a record of `{}`, and none in the {} before", self.name(*of), span(*window))
            }
            Expr::Lasting { of, span: time, .. } => {
                format!("every sample of `{}` for {}, without a long gap", self.name(*of), span(*time))
            }
            Expr::Within(inner, within) => format!("{} (within {})", self.words(inner), span(*within)),
        }
    }

    fn measure_words(&self, measure: Measure, bound: Bound) -> String {
        let of = |what: &str, slot: Slot, value: usize| {
            format!("{what} of `{}` of `{}`", self.value(value), self.name(slot))
        };
        let number = match measure {
            Measure::Sum(slot, value) => of("the sum", slot, value),
            Measure::Min(slot, value) => of("the least value", slot, value),
            Measure::Max(slot, value) => of("the greatest value", slot, value),
            Measure::Mean(slot, value) => of("the mean", slot, value),
            Measure::P95(slot, value) => of("the 95th percentile", slot, value),
            Measure::Ratio(slot, all) => {
                format!("the records of `{}` as a share of those of `{}`", self.name(slot), self.name(all))
            }
            Measure::Unusual(slot) => {
                format!("the records of `{}` as a multiple of their usual number", self.name(slot))
            }
        };
        let limit = match measure {
            Measure::Ratio(..) => format!("{} %", rounded(bound.limit * 100.0)),
            _ => bound.limit.to_string(),
        };
        let words = match bound.ordering {
            Ordering::Greater => "more than",
            Ordering::GreaterOrEqual => "at least",
            Ordering::Less => "less than",
            Ordering::LessOrEqual => "at most",
        };
        format!("{number}: {words} {limit}")
    }
}

/// Removes the last digits, which a product with 100 can leave.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

fn sign(ordering: Ordering) -> &'static str {
    match ordering {
        Ordering::Greater => ">",
        Ordering::GreaterOrEqual => ">=",
        Ordering::Less => "<",
        Ordering::LessOrEqual => "<=",
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{RuleText, load};

    fn symptom(statements: &str) -> Symptom {
        let text = format!(
            r#"symptom s "S of {{u}}" {{
                match a: "a {{u}} {{n:int}}"
                match b: "b {{u}} {{n:int}}"
                match c: "c {{u}}"
                {statements}
            }}"#
        );
        let (program, found) = load(&[RuleText { path: "a.rules".to_owned(), text }], None);
        program.symptoms.into_iter().next().unwrap_or_else(|| panic!("{statements}: {found:?}"))
    }

    /// Checks how the statements are written, and that they are read as the same conditions.
    #[track_caller]
    fn check(written: &str, expected: &[&str]) {
        let first = symptom(written);
        let statements = time_statements(&first);
        assert_eq!(statements, expected);
        assert_eq!(symptom(&statements.join("\n")).time, first.time);
    }

    #[test]
    fn conditions_on_time_are_written_as_they_are_read() {
        check("when count(a) >= 5 then b within 120s by u", &["when count(a) >= 5 then b within 2m by u"]);
        check("when a then no c then b within 1h by u", &["when a then no c then b within 1h by u"]);
        check(
            "when (count(a) >= 5 within 1m) then b within 1h by u",
            &["when (count(a) >= 5 within 1m) then b within 1h by u"],
        );
        check("when a then no b for 10m", &["when a then no b for 10m by u"]);
        check("when no a for 10m", &["when no a for 10m by u"]);
        check("when no b for 5m then a", &["when no b for 5m then a by u"]);
        check("when a for 10m", &["when a for 10m by u"]);
        check("when distinct(a.n) >= 3 within 1m", &["when distinct(a.n) >= 3 within 1m by u"]);
        check("when sum(a.n) > 100 within 1m", &["when sum(a.n) > 100 within 1m by u"]);
        check("when ratio(a, b) > 5% within 10m", &["when ratio(a, b) > 5% within 10m by u"]);
        check("when count(a) > 3 * usual within 10m", &["when count(a) > 3 * usual within 10m by u"]);
        check("when first a within 30d by u", &["when first a within 30d by u"]);
        check(
            "when a within 1m by u unless c within 1h resets on b rearm for 30m",
            &["when a within 1m by u", "unless c within 1h", "resets on b", "rearm for 30m"],
        );
        check(
            "when a or b by u rearm every match ended by \"c {u} ends\"",
            &["when a or b by u", "rearm every match", "ended by \"c {u} ends\""],
        );
    }

    #[test]
    fn conditions_on_time_are_told_in_words() {
        assert_eq!(
            time_sentences(&symptom("when count(a) >= 5 then no c then b within 2m by u unless c within 1h")),
            [
                "At least 5 records of `a`, then without a `c` in between a record of `b`, all within 2m, for each u by itself",
                "There is no `c` from 1h before the first record to 1h after the last",
                "An episode goes on while such records follow within 2m",
            ]
        );
        assert_eq!(
            time_sentences(&symptom("when ratio(a, b) > 5% within 10m")),
            [
                "The records of `a` as a share of those of `b`: more than 5 % over the 10m before a record, all within 10m, for each u by itself",
                "An episode goes on while such records follow within 10m",
            ]
        );
    }
}
