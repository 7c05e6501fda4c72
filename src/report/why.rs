//! The sum behind one probability (`casebook diagnose --why CAUSE`), item by item, in words without markup.

use super::diagnosis::{decibans, state};
use super::number::percent;
use crate::infer::{ExplainedSymptom, Explanation, Rival, SymptomState};
use crate::rule::Program;

/// One item of the sum.
pub(super) struct Item {
    /// What stands before it: `before:`, `●`; empty where nothing does.
    pub(super) mark: &'static str,
    pub(super) text: String,
    /// What the rules say of it, with what stands before.
    pub(super) below: Vec<(&'static str, String)>,
}

/// Before the evidence, each piece of it, and after it.
pub(super) fn items(program: &Program, why: &Explanation) -> Vec<Item> {
    if why.out_of_range {
        return vec![item("", "left out: it does not occur with the product or version that was given".to_owned())];
    }
    let by_itself = if why.led_to_by.is_empty() { "prior" } else { "prior, by itself" };
    let before = item("before:", format!("{} of all cases ({by_itself})", exact(why.prior)));
    let indirect = why.indirect.iter().map(|because| {
        let (name, weight) = (&program.symptom(because.symptom).name, because.decibans.map(decibans));
        let facts: Vec<String> = std::iter::once(state(because.state).to_owned()).chain(weight).collect();
        let way = vec![("", "by way of other causes".to_owned())];
        Item { below: way, ..item(mark(because.state), format!("{name} ({})", facts.join(", "))) }
    });
    let shows = why.shows.iter().map(|shown| symptom(program, shown));
    let against = why.against.iter().map(|&(symptom, ratio)| {
        let (name, state) = (&program.symptom(symptom).name, state(SymptomState::Present));
        item("against:", format!("{name} ({state}, odds divided by {:.0})", 1.0 / ratio))
    });
    let tried = why.tried.iter().map(|&(resolution, fails)| {
        let name = &program.resolution(resolution).name;
        item("tried:", format!("{name} did not help, as in {} of such cases", exact(fails)))
    });
    let linked = |mark, verb: &'static str| {
        move |other: &Rival| {
            let name = &program.cause(other.cause).name;
            item(mark, format!("{name} ({}), which {verb} in {}", percent(other.probability), exact(other.chance)))
        }
    };
    let links = why
        .led_to_by
        .iter()
        .map(linked("led to by:", "leads to it"))
        .chain(why.leads_to.iter().map(linked("leads to:", "follows")));
    let after = percent(why.probability);
    let after = match why.none_of_these {
        Some(none) => format!("{after}, none of these {}", percent(none)),
        None => format!("{after}, since nothing was seen that bears on it"),
    };
    let after = match why.led_to_by.is_empty() {
        true => item("after:", after),
        false => item("after:", format!("{after}; by itself {}", percent(why.by_itself))),
    };
    std::iter::once(before)
        .chain(shows)
        .chain(indirect)
        .chain(against)
        .chain(tried)
        .chain(links)
        .chain([after])
        .collect()
}

/// An item that needs no more words.
pub(super) fn item(mark: &'static str, text: String) -> Item {
    Item { mark, text, below: Vec::new() }
}

fn symptom(program: &Program, shown: &ExplainedSymptom) -> Item {
    let weight = shown.decibans.map(|weight| format!(", {}", decibans(weight))).unwrap_or_default();
    let text = format!("{} ({}{weight})", program.symptom(shown.symptom).name, state(shown.state));
    let rule = format!("shown in {}, seen without any cause in {}", exact(shown.chance), exact(shown.leak));
    let rival = |rival: &Rival| {
        let name = &program.cause(rival.cause).name;
        ("rival:", format!("{name} ({}, shows it in {})", percent(rival.probability), exact(rival.chance)))
    };
    let below = std::iter::once(("", rule)).chain(shown.rivals.iter().map(rival)).collect();
    Item { mark: mark(shown.state), text, below }
}

fn mark(state: SymptomState) -> &'static str {
    match state {
        SymptomState::Present => "●",
        SymptomState::Absent => "○",
        SymptomState::Unknown => "?",
    }
}

/// A number of a rule, as exact as rules give it: `0.0005` as `0.05 %`.
fn exact(chance: f64) -> String {
    format!("{}\u{a0}%", (chance * 1e6).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_of_rules_are_shown_as_written() {
        assert_eq!(exact(1.0 / 2000.0), "0.05\u{a0}%");
        assert_eq!(exact(0.9), "90\u{a0}%");
        assert_eq!(exact(1.0 - 0.9), "10\u{a0}%");
    }
}
