//! Tests `rule check` and `rule test`, and checks the bundled rules.

use casebook::rule::{Expectation, Program, RuleText, SymptomId, load};
use predicates::prelude::*;

use crate::support::Workspace;

#[test]
fn a_file_too_large_for_an_article_is_not_checked_but_named() {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "One", "It hums.");
    workspace.write("kb/huge.txt", vec![b'x'; (16 << 20) + 1]);
    workspace
        .casebook(&["kb", "check"])
        .assert()
        .success()
        .stdout(predicate::str::contains("huge.txt: skipped, larger than 16 MiB"))
        .stdout(predicate::str::contains("1 article, 1 file skipped, 0 remarks"));
}

#[test]
fn what_records_show_is_rare_by_itself_even_where_it_is_asked_for_too() {
    let text = "symptom read \"A\" { match \"a b c\" }\n\
                symptom both \"B\" { match \"d e f\" ask \"Is it?\" }\n\
                symptom asked \"C\" { ask \"Is it?\" }\n\
                symptom probed \"D\" { probe \"Look\" match \"g h i\" }\n\
                symptom given \"E\" { match \"j k l\" ask \"Is it?\" leak 1/10 }\n\
                cause one \"F\" { shows read often shows both often shows asked often shows probed often shows given often }\n";
    let (program, _) = load(&[RuleText { path: "a.rules".into(), text: text.into() }], None);
    let leaks: Vec<(&str, f64)> = program.symptoms.iter().map(|symptom| (&*symptom.name, symptom.leak)).collect();
    assert_eq!(leaks, [("read", 0.001), ("both", 0.001), ("asked", 0.05), ("probed", 0.05), ("given", 0.1)]);
}

/// Checks that for each bundled symptom that is read from records, a test expects it to be seen, and a test expects it
/// not to be seen.
#[test]
fn every_bundled_symptom_has_a_test_that_fires_it_and_one_that_must_not() {
    let files: Vec<RuleText> = casebook::book::rules()
        .into_iter()
        .map(|file| RuleText { path: file.path.to_owned(), text: file.text.to_owned() })
        .collect();
    let (program, _) = load(&files, None);
    assert_eq!(untested(&program), []);
}

/// The symptoms that are read from records and lack a test. With each: whether some test expects it to be seen, and
/// whether some test expects it not to be seen.
pub(crate) fn untested(program: &Program) -> Vec<(&str, bool, bool)> {
    let expectations = || program.tests.iter().flat_map(|test| &test.expectations).map(|(expectation, _)| expectation);
    let mut untested = Vec::new();
    for (id, symptom) in (0..).map(SymptomId).zip(&program.symptoms) {
        let fires = expectations().any(|e| matches!(e, Expectation::Symptom { symptom, .. } if *symptom == id));
        let silent = expectations().any(|e| matches!(e, Expectation::NoSymptom(symptom) if *symptom == id));
        if symptom.probe.is_none() && !symptom.bindings.is_empty() && !(fires && silent) {
            untested.push((&*symptom.name, fires, silent));
        }
    }
    untested
}

#[test]
fn all_mistakes_of_a_file_are_reported_in_one_run() {
    let workspace = Workspace::bare();
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/rule_errors/ten_mistakes.rules");
    let output = workspace.casebook(&["rule", "check", cases]).assert().code(3).get_output().stdout.clone();
    let report = String::from_utf8(output).expect("UTF-8");
    assert!(report.matches("error[R").count() >= 10, "{report}");
}
