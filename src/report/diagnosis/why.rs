//! Explains how the probability of a cause was calculated (`casebook diagnose --why CAUSE`), item by item.

use super::{plain, state_word};
use crate::infer::{Because, ExplainedSymptom, Explanation, Rival, SymptomState};
use crate::matching::{Finding, Status};
use crate::report::document::{Block, Item, Mark, Section, TextLine, Tone};
use crate::report::evidence::weight;
use crate::report::number::{counted, exact_percent, percent};
use crate::rule::span;
use crate::rule::{Program, SymptomId};
use crate::timed::{Expr, When};
use crate::value::duration_text;

/// The section that explains the probability of one cause. `findings` are those of the diagnosis.
pub(in crate::report) fn section<'a>(program: &'a Program, why: &Explanation, findings: &[Finding]) -> Section<'a> {
    let cause = program.cause(why.cause);
    Section {
        name: Some(&cause.name),
        lead: Some(plain(&cause.title, &Default::default(), None)),
        ..Section::new("why", "Why", items(program, why, findings))
    }
}

/// The items: the probability before the evidence, each piece of evidence, and the probability after it.
fn items(program: &Program, why: &Explanation, findings: &[Finding]) -> Vec<Item<'static>> {
    if why.out_of_range {
        let text = "left out: it does not occur with the product or version that was given";
        return vec![item("", text.to_owned())];
    }
    let prior = if why.led_to_by.is_empty() { "prior" } else { "prior, by itself" };
    let before = item("before:", format!("{} of all cases ({prior})", exact_percent(why.prior)));
    let shows = why.shows.iter().map(|shown| symptom(program, shown, findings));
    let indirect = why.indirect.iter().map(|because| indirect(program, because));
    let against = why.against.iter().map(|&(symptom, ratio)| {
        let (name, state) = (&program.symptom(symptom).name, state_word(SymptomState::Present));
        item("against:", format!("{name} ({state}, odds ÷ {:.0})", 1.0 / ratio))
    });
    let tried = why.tried.iter().map(|&(resolution, fails)| {
        let name = &program.resolution(resolution).name;
        item("tried:", format!("{name} did not help, as in {} of such cases", exact_percent(fails)))
    });
    let linked = |mark, verb: &'static str| {
        move |other: &Rival| {
            let (name, chance) = (&program.cause(other.cause).name, exact_percent(other.chance));
            item(mark, format!("{name} ({}), which {verb} in {chance}", percent(other.probability)))
        }
    };
    let roots = why.led_to_by.iter().map(linked("led to by:", "leads to it"));
    let consequences = why.leads_to.iter().map(linked("leads to:", "follows"));
    let evidence = shows.chain(indirect).chain(against).chain(tried);
    [before].into_iter().chain(evidence).chain(roots).chain(consequences).chain([after(why)]).collect()
}

fn after(why: &Explanation) -> Item<'static> {
    let after = percent(why.probability);
    let rest = match why.none_of_these {
        Some(none) => format!(", none of these {}", percent(none)),
        None => ", unchanged: nothing that was seen speaks for or against it".to_owned(),
    };
    let by_itself = match why.led_to_by.is_empty() {
        true => String::new(),
        false => format!("; by itself {}", percent(why.by_itself)),
    };
    item("after:", format!("{after}{rest}{by_itself}"))
}

/// Creates an item that consists of one sentence after the sign or word `mark`.
pub(super) fn item(mark: &'static str, text: String) -> Item<'static> {
    Item::new(Mark::Label(mark), text)
}

/// Creates a quiet line below an item.
pub(super) fn below(mark: &'static str, text: String) -> Block<'static> {
    Block::Line(TextLine { mark, ..TextLine::new(Tone::Quiet, text) })
}

fn symptom(program: &Program, shown: &ExplainedSymptom, findings: &[Finding]) -> Item<'static> {
    let (chance, leak) = (exact_percent(shown.chance), exact_percent(shown.leak));
    let rule = below("", format!("this cause shows it in {chance} of cases; without any cause it is seen in {leak}"));
    let rival = |rival: &Rival| {
        let (name, chance) = (&program.cause(rival.cause).name, exact_percent(rival.chance));
        below("also explained by:", format!("{name} ({}, shows it in {chance} of cases)", percent(rival.probability)))
    };
    let times = times(program, shown.symptom, findings).into_iter().map(|text| below("", text));
    let whole = shown
        .part_of
        .map(|whole| format!("all of it belongs to {}, which counts instead", program.symptom(whole).name));
    let whole = whole.map(|text| below("", text));
    Item {
        parts: times.chain(whole).chain([rule]).chain(shown.rivals.iter().map(rival)).collect(),
        ..weighed(program, shown.symptom, shown.state, shown.decibans)
    }
}

/// At most so many findings of a symptom are told.
const MAX_TOLD: usize = 3;

/// Tells how a symptom with conditions on time met them: `6 records for ip = 192.0.2.1 within 25s (5 within 2m are needed)`.
fn times(program: &Program, symptom: SymptomId, findings: &[Finding]) -> Vec<String> {
    let definition = program.symptom(symptom);
    let Some(timing) = definition.time.as_deref() else { return Vec::new() };
    let of_symptom = findings.iter().filter(|one| one.symptom == symptom && one.timing.is_episode);
    let mut told: Vec<&Finding> = of_symptom.collect();
    told.sort_by_key(|finding| std::cmp::Reverse(finding.count));
    let more = told.len().saturating_sub(MAX_TOLD);
    let more = (more > 0).then(|| format!("and {}", counted(more as u64, "more finding", "more findings")));
    let needed = needed(&timing.when);
    let told = told.into_iter().take(MAX_TOLD).map(|finding| {
        let key: Vec<String> =
            finding.key_captures(definition).iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let key = if key.is_empty() { String::new() } else { format!(" for {}", key.join(", ")) };
        let took = finding.first.zip(finding.last).map(|(first, last)| last.duration_since(first).unsigned_abs());
        let took = took
            .filter(|took| !took.is_zero())
            .map(|took| format!(" within {}", duration_text(took)))
            .unwrap_or_default();
        let open = if finding.status == Status::Unconfirmed { ", not confirmed: the log ends too early" } else { "" };
        let ended = finding.timing.ended.map(|time| format!(", over since {time:.0}")).unwrap_or_default();
        format!("{}{key}{took}{needed}{open}{ended}", counted(finding.count, "record", "records"))
    });
    told.chain(more).collect()
}

/// Says what a condition needs: ` (5 within 2m are needed)`.
fn needed(when: &When) -> String {
    let within = when.within.map(|within| format!(" within {}", span(within))).unwrap_or_default();
    match &when.expr {
        Expr::Count { at_least, .. } if *at_least > 1 => format!(" ({at_least}{within} are needed)"),
        Expr::Distinct { at_least, .. } => format!(" ({at_least} different values{within} are needed)"),
        Expr::Lasting { span: wanted, .. } => format!(" ({} without a break are needed)", span(*wanted)),
        Expr::Seen(_) => String::new(),
        _ if within.is_empty() => String::new(),
        _ => format!(" (all{within} is needed)"),
    }
}

fn indirect(program: &Program, because: &Because) -> Item<'static> {
    Item {
        parts: vec![below("", "by way of other causes".to_owned())],
        ..weighed(program, because.symptom, because.state, because.decibans)
    }
}

/// The item for a symptom, with its weight in words, as a factor and in decibans.
fn weighed(program: &Program, id: SymptomId, state: SymptomState, decibans: Option<f64>) -> Item<'static> {
    let weight = decibans.map(|decibans| match weight(decibans) {
        Some(weight) => {
            let lean = if weight.is_for { "for" } else { "against" };
            format!(": {} evidence {lean} it, {}, {decibans:+.1} dB", weight.strength, weight.odds)
        }
        None => format!(": no evidence either way, {decibans:+.1} dB"),
    });
    let text = format!("{} ({}{})", program.symptom(id).name, state_word(state), weight.unwrap_or_default());
    let mark = match state {
        SymptomState::Present => "●",
        SymptomState::Absent => "○",
        SymptomState::Unknown => "?",
    };
    item(mark, text)
}
