//! Tests `casebook diagnose --why-not`: what it says about symptoms that a log does not show.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Workspace, check_cases};

/// A workspace with the rules and logs under `tests/cases/why_not`.
fn post() -> Workspace {
    let workspace = Workspace::bare();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/why_not");
    let read = |name: &str| std::fs::read(cases.join(PathBuf::from(name))).expect("a file of the cases");
    workspace.write("rules/post.rules", read("post.rules"));
    workspace.write("post.log", read("post.log"));
    workspace.write("lookup.txt", read("lookup.txt"));
    workspace
}

/// The part of a report from the first "Why not" section on. On an HTML page, it ends with the sections.
fn accounts(answer: &str) -> String {
    let start = answer.find("Why not").expect("an account");
    let line = answer[..start].rfind('\n').map_or(0, |end| end + 1);
    let rest = &answer[line..];
    rest[..rest.find("</main>").unwrap_or(rest.len())].to_owned()
}

#[test]
fn accounts_are_as_expected() {
    let workspace = post();
    check_cases("why_not", |args| accounts(&workspace.stdout(&[&["diagnose", "post.log"], args].concat())));
}

#[test]
fn programs_get_the_parts_of_it() {
    let workspace = post();
    assert_eq!(workspace.json(&["diagnose", "post.log"])["why_not"], json!([]));
    let answer = workspace.json(&["diagnose", "post.log", "--why-not", "refused", "--why-not", "worker_failed"]);
    let [refused, worker] = answer["why_not"].as_array().expect("a list").as_slice() else { panic!("{answer}") };
    assert_eq!((&refused["symptom"], &refused["sources"][0]["read"]), (&json!("refused"), &json!(19)));
    let because = |pattern: &Value| {
        let nearest = pattern["nearest"].as_array().expect("a list").iter();
        nearest.map(|one| format!("{} {} {}", one["line"], one["because"], one["records"])).collect::<Vec<_>>()
    };
    let [first, _, regex] = refused["patterns"].as_array().expect("a list").as_slice() else { panic!("{refused}") };
    assert_eq!(because(first), ["4 \"edge\" 1", "2 \"stopped\" 1", "3 \"stopped\" 1"]);
    assert_eq!((&first["near"], &first["matched"]), (&json!(6), &json!(0)));
    assert_eq!(first["nearest"][1]["expected"], "{domain:host}");
    assert_eq!(because(regex), ["8 \"case\" 1", "9 \"literal\" 1"]);
    let nearest = &worker["patterns"][0]["nearest"];
    assert_eq!(nearest[0]["unmet"], json!([{ "condition": "n > 3", "left": 1, "right": null }]));
    assert_eq!((&nearest[1]["unmet"][0]["left"], &nearest[1]["records"]), (&json!(2), &json!(2)));
}

#[test]
fn what_is_piped_in_is_looked_at_as_well() {
    let workspace = post();
    let log = std::fs::read(workspace.path("post.log")).expect("the log");
    let piped = |args: &[&str]| {
        let all = [&["diagnose", "-", "--format", "json"], args].concat();
        let output = workspace.casebook(&all).write_stdin(log.clone()).assert().success().get_output().stdout.clone();
        serde_json::from_slice::<Value>(&output).expect("JSON")
    };
    let answer = piped(&["--why-not", "full"]);
    assert_eq!(answer["why_not"][0]["patterns"][0]["nearest"][0]["line"], 10);
    assert_eq!(answer["why_not"][0]["sources"][0]["name"], "-");
    assert_eq!(answer["findings"], piped(&[])["findings"]);
}
