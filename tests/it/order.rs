//! The order in which rules, articles, logs and lines come changes no digit: no probability, confidence, score, rank, price
//! or weight of evidence, to the last bit.
//!
//! What may differ says where something stands: numbers of lines and sources, the order of findings (that of the rules, then
//! of the logs), and which twenty records of a finding are quoted.

use std::fmt::Write;

use casebook::infer::{self, Diagnosis, Facts};
use casebook::log::Input;
use casebook::matching::{self, Scan, ScanOptions};
use casebook::rule::{CauseId, Program, RuleText, SymptomId, load};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::networks::{Situation, networks};

/// Every number of a diagnosis by name, in the order of its lists; `{:?}` writes each bit of an `f64`.
fn digits(program: &Program, diagnosis: &Diagnosis) -> String {
    let symptom = |id: SymptomId| &*program.symptom(id).name;
    let cause = |id: CauseId| &*program.cause(id).name;
    let mut text = format!("{:?}, none of these {:?}\n", diagnosis.verdict, diagnosis.none_of_these);
    let mut line = |args: std::fmt::Arguments<'_>| writeln!(text, "{args}").expect("a String takes all");
    let mut findings: Vec<_> = diagnosis
        .findings
        .iter()
        .map(|f| (symptom(f.symptom), f.status, f.count, &f.captures, f.first, f.last))
        .map(|finding| format!("{finding:?}"))
        .collect();
    findings.sort();
    findings.iter().for_each(|finding| line(format_args!("finding {finding}")));
    for ranked in &diagnosis.causes {
        line(format_args!("cause {} {:?} {:?}", cause(ranked.cause), ranked.probability, ranked.captures));
        for because in &ranked.because {
            line(format_args!("  {} {:?} {:?}", symptom(because.symptom), because.state, because.decibans));
        }
    }
    for ranked in &diagnosis.resolutions {
        let name = &program.resolution(ranked.resolution).name;
        line(format_args!("resolution {name} {:?} {:?}", ranked.p_resolves, ranked.captures));
    }
    for check in &diagnosis.next_checks {
        line(format_args!("check {} {:?} {:?}", symptom(check.symptom), check.means, check.value));
    }
    for check in &diagnosis.version_checks {
        line(format_args!("version {} {:?}", check.product, check.value));
    }
    for article in &diagnosis.articles {
        line(format_args!("article {} {:?} {:?}", article.id, article.score, article.confidence));
    }
    text
}

/// What a situation comes to under `program`, its names being those of the pack `pack`.
fn diagnosed(program: &Program, pack: &str, situation: &Situation) -> String {
    let lines = |lines: &[String]| lines.join("\n").into_bytes();
    let app = Input::bytes("app.log", lines(&situation.log));
    let sources = situation.sources.iter().map(|(name, log)| Input::bytes(name, lines(log)));
    let mut scan = scan(program, std::iter::once(app).chain(sources).collect());
    let symptom = |name: &str| program.symptom_named(&format!("{pack}.{name}")).expect("a symptom of the pack");
    let mut facts = Facts::default();
    let given = situation.answers.iter().filter(|(_, answer)| *answer != "unknown");
    facts.answers.extend(given.map(|(name, answer)| (symptom(name), answer == "yes")));
    for (name, output) in &situation.probes {
        if !matching::add_probe(program, &mut scan, symptom(name), name, output.as_bytes()) {
            facts.answers.push((symptom(name), false));
        }
    }
    let resolution = |name: &String| program.resolution_named(&format!("{pack}.{name}")).expect("one of the pack");
    facts.tried = situation.tried.iter().map(resolution).collect();
    digits(program, &infer::diagnose(program, scan, &facts, &[], &|_| None))
}

fn scan(program: &Program, inputs: Vec<Input>) -> Scan {
    matching::scan(program, inputs, &ScanOptions::at(Timestamp::constant(1_800_000_000, 0)))
}

/// The items of a rule file. The files of the networks are written so that each of them ends in a line `}`, but for the
/// header, which is a line of its own.
fn items(rules: &str) -> Vec<String> {
    let (header, items) = rules.split_once("}\n").expect("a header");
    let items = items.split("\n}\n").filter(|item| !item.trim().is_empty()).map(|item| format!("{item}\n}}\n"));
    std::iter::once(format!("{header}}}\n")).chain(items).collect()
}

/// All networks as one program, the files and the items of each in the order that `shuffle` puts them in.
fn all_networks(mut shuffle: impl FnMut(&mut Vec<String>)) -> (Program, Vec<(String, Situation)>) {
    let mut files = Vec::new();
    let mut situations = Vec::new();
    for (name, rules, network) in networks() {
        let mut items = items(&rules);
        shuffle(&mut items);
        files.push(format!("{name}\n{}", items.concat()));
        situations.extend(network.situation.into_iter().map(|situation| (name.clone(), situation)));
    }
    shuffle(&mut files);
    let texts = files.iter().map(|file| file.split_once('\n').expect("a name and a text"));
    let texts: Vec<RuleText> =
        texts.map(|(name, text)| RuleText { path: format!("{name}.rules"), text: text.into() }).collect();
    let (program, remarks) = load(&texts, None);
    assert_eq!(remarks, []);
    (program, situations)
}

proptest! {
    // Each case is all situations of all networks.
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn neither_the_order_of_rules_nor_that_of_rule_files_changes_a_digit(seed in any::<u64>()) {
        let (sorted, situations) = all_networks(|_| {});
        let mut random = seed;
        let (shuffled, _) = all_networks(|list| shuffle(list, &mut random));
        for (pack, situation) in &situations {
            prop_assert_eq!(diagnosed(&shuffled, pack, situation), diagnosed(&sorted, pack, situation));
        }
    }
}

/// Fisher and Yates, by a linear congruential generator (Knuth's MMIX).
fn shuffle<T>(list: &mut [T], random: &mut u64) {
    for at in (1..list.len()).rev() {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(at, (*random >> 33) as usize % (at + 1));
    }
}
