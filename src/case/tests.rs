//! Compares the counts from closed cases with a naive count.

use proptest::prelude::*;

use super::*;
use crate::rule::{ChanceRelation, Program, RuleText, load};

const RULES: &str = r#"
symptom hum "It hums" { match "humming" }
symptom smell "It smells" { ask "Does it smell?" }
symptom dust "There is dust" { probe "Look" match "dust" }
cause motor "The motor" { shows hum usually shows smell 70% shows dust often }
cause belt "The belt" { shows hum often }
resolution oil "Oil it" { resolves motor often }
resolution renew "Renew all" { resolves motor usually resolves belt 50% }
"#;

fn files() -> [RuleText; 1] {
    [RuleText { path: "saw.rules".to_owned(), text: RULES.to_owned() }]
}

fn program() -> Program {
    let (program, found) = load(&files(), None);
    assert_eq!(found.iter().filter(|(_, d)| d.severity == crate::diagnostic::Severity::Error).count(), 0);
    program
}

const SYMPTOMS: [&str; 3] = ["hum", "smell", "dust"];
const RESOLUTIONS: [&str; 2] = ["oil", "renew"];

/// A made-up case. `symptoms` has, for each symptom, an answer, and whether it was found, searched for and not found,
/// and probed.
#[derive(Debug, Clone)]
struct Made {
    symptoms: [(Option<Answer>, bool, bool, bool); 3],
    tried: [bool; 2],
    fixed_by: Option<usize>,
    cause: Option<&'static str>,
    is_closed: bool,
}

impl Made {
    fn case(&self) -> Case {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let mut case = Case::opened(at);
        let mut found = SavedDiagnosis {
            at,
            casebook: String::new(),
            verdict: crate::infer::Verdict::Known,
            subject: None,
            none_of_these: 0.0,
            not_seen: Default::default(),
            findings: Vec::new(),
            causes: Vec::new(),
            articles: Vec::new(),
        };
        for (name, (answer, seen, missed, probed)) in SYMPTOMS.into_iter().zip(self.symptoms) {
            case.given.answers.extend(answer.map(|answer| (name.to_owned(), answer)));
            found.findings.extend(seen.then(|| finding(name)));
            found.not_seen.extend(missed.then(|| name.to_owned()));
            let (symptom, name, output) = (name.to_owned(), String::new(), String::new());
            case.given.probes.extend(probed.then_some(Probe { symptom, name, output }));
        }
        let tried = RESOLUTIONS.iter().zip(self.tried).filter(|(_, tried)| *tried);
        case.given.tried = tried.map(|(name, _)| name.to_string()).collect();
        case.found = Some(found);
        let fixed_by = self.fixed_by.map(|index| RESOLUTIONS[index].to_owned());
        let cause = self.cause.map(str::to_owned);
        case.closed = self.is_closed.then_some(Closed { at, fixed_by, cause, note: None, learnt: Default::default() });
        case
    }

    /// Returns the cause that is certain: the one named, else the only one that the resolution fixes. `None` if the
    /// case is open.
    fn cause(&self) -> Option<&'static str> {
        match (self.is_closed, self.cause, self.fixed_by) {
            (false, _, _) => None,
            (true, Some(cause), _) => Some(cause),
            (true, None, Some(0)) => Some("motor"),
            (true, None, _) => None,
        }
    }

    fn is_seen(&self, symptom: usize) -> Option<bool> {
        match self.symptoms[symptom] {
            (Some(Answer::Yes), ..) => Some(true),
            (Some(Answer::No), ..) => Some(false),
            (_, true, _, _) => Some(true),
            (_, _, true, _) | (_, _, _, true) => Some(false),
            _ => None,
        }
    }

    fn helped(&self, resolution: usize) -> Option<bool> {
        if self.fixed_by == Some(resolution) { Some(true) } else { self.tried[resolution].then_some(false) }
    }
}

fn finding(name: &str) -> SavedFinding {
    SavedFinding {
        symptom: name.to_owned(),
        count: 1,
        first: None,
        last: None,
        kept: false,
        logs: Default::default(),
        captures: Default::default(),
    }
}

/// Counts the cases of `cause` for which `of` returns `Some(true)`, and those for which it returns any `Some`.
fn naive(made: &[Made], cause: &str, of: impl Fn(&Made) -> Option<bool>) -> Count {
    let known: Vec<bool> = made.iter().filter(|made| made.cause() == Some(cause)).filter_map(of).collect();
    Count { yes: known.iter().filter(|yes| **yes).count() as u32, known: known.len() as u32 }
}

fn made() -> impl Strategy<Value = Made> {
    let answer = prop_oneof![Just(None), Just(Some(Answer::Yes)), Just(Some(Answer::No)), Just(Some(Answer::Unknown))];
    let symptom = (answer, any::<bool>(), any::<bool>(), any::<bool>());
    let cause = prop_oneof![Just(None), Just(Some("motor")), Just(Some("belt"))];
    let rest = (any::<[bool; 2]>(), prop::option::of(0..2usize), cause, prop::bool::weighted(0.9));
    ([symptom.clone(), symptom.clone(), symptom], rest).prop_map(|(symptoms, (tried, fixed_by, cause, is_closed))| {
        Made { symptoms, tried, fixed_by, cause, is_closed }
    })
}

proptest! {
    #[test]
    fn counts_are_those_of_a_naive_tally(made in prop::collection::vec(made(), 0..20)) {
        let program = program();
        let cases: Vec<Case> = made.iter().map(Made::case).collect();
        let (counts, uncounted) = tally(&program, &cases);
        let count = |relation| counts.get(&relation).copied().unwrap_or_default();
        let (motor, belt) = (program.cause_named("motor").unwrap(), program.cause_named("belt").unwrap());
        for (index, name) in SYMPTOMS.iter().enumerate() {
            let symptom = program.symptom_named(name).unwrap();
            let expected = naive(&made, "motor", |made| made.is_seen(index));
            prop_assert_eq!(count(ChanceRelation::Shows(motor, symptom)), expected);
        }
        let hum = program.symptom_named("hum").unwrap();
        prop_assert_eq!(count(ChanceRelation::Shows(belt, hum)), naive(&made, "belt", |made| made.is_seen(0)));
        let [oil, renew] = RESOLUTIONS.map(|name| program.resolution_named(name).unwrap());
        prop_assert_eq!(count(ChanceRelation::Resolves(oil, motor)), naive(&made, "motor", |made| made.helped(0)));
        prop_assert_eq!(count(ChanceRelation::Resolves(renew, motor)), naive(&made, "motor", |made| made.helped(1)));
        prop_assert_eq!(count(ChanceRelation::Resolves(renew, belt)), naive(&made, "belt", |made| made.helped(1)));
        prop_assert_eq!(uncounted.len(), made.iter().filter(|made| made.cause().is_none()).count());
    }

    #[test]
    fn the_order_of_cases_changes_no_digit(made in prop::collection::vec(made(), 0..20)) {
        let program = program();
        let proposed = |cases: Vec<Case>| proposals(&program, &files(), &tally(&program, &cases).0);
        let forth = proposed(made.iter().map(Made::case).collect());
        let back = proposed(made.iter().rev().map(Made::case).collect());
        prop_assert_eq!(forth, back);
    }
}

#[test]
fn the_mean_moves_from_the_rule_to_the_cases_and_not_before_three() {
    let revised = |yes, known| Count { yes, known }.revised(0.9);
    assert_eq!(revised(2, 2), None);
    assert_eq!(revised(0, 3), Some(9.0 / 13.0));
    assert_eq!(revised(7, 8), Some(16.0 / 18.0));
    assert!((revised(0, 10_000).expect("enough cases") - 0.0009).abs() < 1e-5);
}

fn fixed_by_oil() -> Case {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let closed = Closed { at, fixed_by: Some("oil".into()), cause: None, note: None, learnt: Default::default() };
    Case { closed: Some(closed), ..Case::opened(at) }
}

#[test]
fn a_case_is_counted_once_for_each_chance() {
    let (program, mut case) = (program(), fixed_by_oil());
    case.given.answers.insert("smell".into(), Answer::Yes);
    let (counts, _) = tally(&program, [&case]);
    let [shows, resolves] = counts.into_keys().collect::<Vec<_>>().try_into().expect("two chances");
    assert!(mark_learnt(&program, &mut case, &[shows]));
    assert!(!mark_learnt(&program, &mut case, &[shows]));
    assert_eq!(tally(&program, [&case]).0.into_keys().collect::<Vec<_>>(), [resolves]);
    assert_eq!(case.closed.expect("closed").learnt.into_iter().collect::<Vec<_>>(), ["motor shows smell"]);
}

#[test]
fn a_case_that_names_what_rules_do_not_have_is_left_out() {
    let program = program();
    let case = fixed_by_oil();
    let mut other = case.clone();
    other.given.answers.insert("gone".into(), Answer::Yes);
    let (counts, uncounted) = tally(&program, [&case, &other, &Case::opened(case.opened)]);
    let names = vec![UnknownName::Symptom("gone".to_owned())];
    assert_eq!(uncounted.into_iter().collect::<Vec<_>>(), [(1, Uncounted::UnknownNames(names)), (2, Uncounted::Open)]);
    assert_eq!(counts.values().collect::<Vec<_>>(), [&Count { yes: 1, known: 1 }]);
}

#[test]
fn what_a_log_that_is_gone_showed_stands_beside_what_the_others_show() {
    let (program, log) = (program(), |path: &str| std::path::PathBuf::from(path));
    let inputs = vec![crate::log::Input::bytes("b.log", "humming\nhumming\n")];
    let options = crate::matching::ScanOptions::at(jiff::Timestamp::UNIX_EPOCH);
    let scan = crate::matching::scan(&program, inputs, &options);
    let made = Made {
        symptoms: [(None, true, false, false), (None, true, false, false), (None, false, false, false)],
        tried: [false; 2],
        fixed_by: None,
        cause: None,
        is_closed: false,
    };
    let mut before = made.case().found.expect("it was diagnosed");
    before.findings[0].count = 9;
    before.findings[0].logs = [log("a.log"), log("b.log")].into();
    before.findings[1].logs = [log("c.log")].into();
    let counts = |gone: &[&str]| {
        let mut scan = scan.clone();
        keep(&program, &mut scan, &before, &gone.iter().map(|path| log(path)).collect::<Vec<_>>());
        let counts = scan.findings.iter().map(|f| (program.symptom(f.symptom).name.clone(), f.count));
        (counts.collect::<Vec<_>>(), scan.remarks.len())
    };
    let [two, nine, one] = [("hum", 2), ("hum", 9), ("smell", 1)].map(|(name, count)| (name.to_owned(), count));
    assert_eq!(counts(&[]), (vec![two.clone()], 0));
    assert_eq!(counts(&["a.log"]), (vec![nine], 1));
    assert_eq!(counts(&["c.log"]), (vec![two, one], 1));
}
