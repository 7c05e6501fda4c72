//! Tests `eval search` and `eval diagnose`: metrics, saved results, and bad input. The module `eval_lab` tests the
//! parts of the feature `lab`.

use predicates::prelude::*;
use serde_json::{Value, json};

use crate::support::Workspace;

const JUDGED: &str = r#"{"id": "1", "query": "no inodes left", "relevant": ["cb-inodes-exhausted"], "style": "sentence"}
{"id": "2", "query": "zxqvw", "relevant": ["cb-clock-skew"], "style": "keywords"}
{"id": "3", "query": "kerberos clock skew", "relevant": ["CB-Clock-Skew"], "style": "keywords"}
"#;

/// A workspace with the bundled book and a file of questions with their right articles.
fn judged() -> Workspace {
    let workspace = Workspace::book();
    workspace.write("judged.jsonl", JUDGED);
    workspace
}

pub(crate) fn json(workspace: &Workspace, args: &[&str]) -> Value {
    let answer = workspace.stdout(&[&["eval"], args, &["--format", "json"]].concat());
    let answer = serde_json::from_str(&answer).expect("one JSON document");
    crate::schema::check("eval", &answer);
    answer
}

#[test]
fn a_judged_file_is_measured_as_a_whole_and_by_style() {
    let mut answer = json(&judged(), &["search", "judged.jsonl"]);
    let latency = answer["latency_ms"].take();
    assert!(latency["p50"].as_f64().is_some_and(|p50| p50 > 0.0) && latency["p99"].as_f64() >= latency["p50"].as_f64());
    let groups = answer["groups"].as_array().expect("groups");
    let mrr = |group: &Value| group["metrics"]["mrr_at_10"]["value"].as_f64().map(|mean| (mean * 1000.0).round());
    let means: Vec<_> =
        groups.iter().map(|group| (group["style"].clone(), group["questions"].clone(), mrr(group))).collect();
    assert_eq!(
        means,
        [
            (json!(null), json!(3), Some(667.0)),
            (json!("keywords"), json!(2), Some(500.0)),
            (json!("sentence"), json!(1), Some(1000.0))
        ]
    );
    assert_eq!(
        answer["misses"],
        json!([{ "id": "2", "query": "zxqvw", "wanted": ["cb-clock-skew"], "rank": null, "first": null }])
    );
    assert_eq!((&answer["not_held"], &answer["against"]), (&json!([]), &json!(null)));
}

#[test]
fn the_text_has_the_figures_and_on_demand_the_misses() {
    let workspace = judged();
    let plain = workspace.stdout(&["eval", "search", "judged.jsonl"]);
    assert!(
        plain.contains("all (3)                    0.667       0.667       0.667       0.667       0.667\n"),
        "{plain}"
    );
    assert!(!plain.contains("zxqvw"));
    let misses = workspace.stdout(&["eval", "search", "judged.jsonl", "--misses"]);
    assert!(misses.contains("1 question without its article first"), "{misses}");
    assert!(misses.contains("    –  2  zxqvw\n       wanted cb-clock-skew; first was nothing\n"), "{misses}");
}

#[test]
fn a_run_is_compared_with_a_saved_one() {
    let workspace = judged();
    workspace.stdout(&["eval", "search", "judged.jsonl", "--save", "before.json"]);
    let same = json(&workspace, &["search", "judged.jsonl", "--against", "before.json"]);
    assert_eq!(same["against"]["moved"], json!([]));
    assert_eq!(
        same["against"]["metrics"]["mrr_at_10"],
        json!({ "change": 0.0, "low": 0.0, "high": 0.0, "p_value": 1.0 })
    );
    let mut run: Value =
        serde_json::from_slice(&std::fs::read(workspace.path("before.json")).expect("the run was kept")).expect("JSON");
    run["answers"][0]["hits"] = json!([]);
    run["answers"][2]["query"] = json!("in other words");
    workspace.write("before.json", run.to_string());
    let better = json(&workspace, &["search", "judged.jsonl", "--against", "before.json"]);
    let against = &better["against"];
    assert_eq!((&against["questions"], &against["not_before"]), (&json!(2), &json!(1)));
    assert_eq!(against["moved"], json!([{ "id": "1", "query": "no inodes left", "before": null, "after": 1 }]));
    let text = workspace.stdout(&["eval", "search", "judged.jsonl", "--against", "before.json"]);
    assert!(
        text.contains("Compared with the earlier run: 2 questions in both\n1 question was not in the earlier run"),
        "{text}"
    );
    assert!(text.contains("  MRR@10       +0.500  +0.000 to +1.000") && text.contains("may be chance"), "{text}");
    assert!(text.contains("    – → 1     1  no inodes left\n"), "{text}");
}

#[test]
fn bad_lines_are_reported_and_the_others_count() {
    let workspace = judged();
    workspace.write("judged.jsonl", format!("{JUDGED}{{\"id\": \"4\", \"query\": \"x\"}}\nnonsense\n"));
    workspace
        .casebook(&["eval", "search", "judged.jsonl"])
        .assert()
        .success()
        .stdout(predicate::str::contains("all (3)"))
        .stderr(predicate::str::contains("J003").and(predicate::str::contains("judged.jsonl:4")))
        .stderr(predicate::str::contains("J001"))
        .stderr(predicate::str::contains("in `judged.jsonl`, 2 lines are not questions and are left out"));
    workspace.write("judged.jsonl", "nonsense\n");
    workspace
        .casebook(&["eval", "search", "judged.jsonl"])
        .assert()
        .code(3)
        .stderr(predicate::str::contains("`judged.jsonl` contains no question"));
}

#[test]
fn a_judged_article_that_is_not_in_the_store_is_reported() {
    let workspace = judged();
    workspace.write("judged.jsonl", "{\"id\": \"1\", \"query\": \"disk full\", \"relevant\": [\"KB999999\"]}\n");
    workspace
        .casebook(&["eval", "search", "judged.jsonl"])
        .assert()
        .success()
        .stderr(predicate::str::contains("1 judged article is not in the store and cannot be found: Q999999"));
    assert_eq!(json(&workspace, &["search", "judged.jsonl"])["not_held"], json!(["Q999999"]));
}

#[test]
fn files_and_values_that_cannot_be_used_are_reported() {
    let workspace = judged();
    workspace.write("run.json", "{\"answers\": 5}");
    for (args, code, said) in [
        (&["nowhere.jsonl"][..], 3, "cannot read `nowhere.jsonl`"),
        (&["judged.jsonl", "--against", "nowhere.json"], 3, "cannot read `nowhere.json`"),
        (&["judged.jsonl", "--against", "run.json"], 3, "`run.json` is not a saved run"),
        (&["judged.jsonl", "--save", "nowhere/run.json"], 4, "cannot write `nowhere/run.json`"),
        (&["judged.jsonl", "--in", "bok"], 2, "did you mean `book`?"),
        (&["judged.jsonl", "--limit", "9"], 2, "from 10 to"),
    ] {
        let args = [&["eval", "search"], args].concat();
        workspace.casebook(&args).assert().code(code).stderr(predicate::str::contains(said));
    }
}

/// A workspace with pairs of articles: the right one has more of the question's words in its text, the wrong one has
/// some of them in its title.
pub(crate) fn titles_and_bodies() -> Workspace {
    let workspace = Workspace::bare();
    for (number, word) in ["belt", "valve", "motor", "gauge"].into_iter().enumerate() {
        let title = format!("Noise of the {word} in winter");
        workspace.article(&format!("Q10010{number}"), &title, "It is heard at night, from the hall, by many people.");
        let body = format!("The {word} squeals, and the {word} is hot.");
        workspace.article(&format!("Q10020{number}"), &format!("Number {number}"), &body);
        let question = json!({ "id": number, "query": format!("{word} winter squeals hot"), "relevant": [format!("Q10020{number}")] });
        workspace.write(&format!("{word}.jsonl"), format!("{question}\n"));
    }
    workspace
}

#[test]
fn a_ranking_that_cannot_be_used_is_reported() {
    let workspace = titles_and_bodies();
    workspace.write("bad.toml", "leed = 1\n");
    let check = |args: &[&str], code: i32, said: &str| {
        workspace.casebook(args).assert().code(code).stderr(predicate::str::contains(said));
    };
    check(
        &["search", "hum", "--ranking", "bad.toml"],
        3,
        "the ranking in `bad.toml` has a mistake: there is no weight `leed`",
    );
    check(&["search", "hum", "--ranking", "bad.toml"], 3, "did you mean `lead`?");
    check(&["eval", "search", "belt.jsonl", "--ranking", "nowhere.toml"], 3, "cannot read `nowhere.toml`");
    workspace.write("casebook.toml", "kb = ['kb']\nrules = []\n[search]\nranking = 'bad.toml'\n");
    workspace.write("a.log", "It hums.\n");
    check(&["diagnose", "a.log"], 3, "there is no weight `leed`");
    check(&["search", "hum"], 3, "bad.toml` has a mistake");
    workspace.stdout(&["show", "Q100100"]);
}

/// A workspace with three articles, each quoting a message; excerpts for two of them with the right article; and a log
/// that no article covers.
pub(crate) fn messages() -> Workspace {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "Lathe jams", "The message \"spindle 4 of lathe is jammed by swarf\" appears.");
    workspace.article("Q100200", "Door alarm", "The message \"door of bay 7 was left open overnight\" appears.");
    workspace.article("Q100300", "Pump leaks", "The message \"coolant of pump 2 is running low again\" appears.");
    workspace.write(
        "logs.jsonl",
        "{\"id\": \"a\", \"log\": \"spindle 9 of lathe is jammed by swarf\", \"relevant\": [\"Q100100\"]}\n\
         {\"id\": \"b\", \"log\": \"coolant of pump 5 is running low again\", \"relevant\": [\"Q100200\"]}\n",
    );
    let calm: String = (0..60).map(|n| format!("2026-11-01 10:00:{n:02} INFO shop: order {n} packed\n")).collect();
    workspace.write("noise/calm.log", calm);
    workspace
}

#[test]
fn diagnoses_of_hidden_excerpts_are_scored_and_their_confidence_measured() {
    let workspace = messages();
    let eval = ["diagnose", "logs.jsonl", "--noise", "noise", "--lines", "20"];
    let answer = json(&workspace, &eval);
    // The right article given for the second excerpt is false on purpose.
    assert_eq!(answer["groups"][0]["metrics"]["success_at_1"]["value"], 0.5);
    let missed: Vec<_> = answer["misses"].as_array().expect("a list").iter().map(|miss| &miss["first"]).collect();
    assert_eq!(missed, ["Q100300"]);
    let now = &answer["confidence"]["now"];
    assert_eq!(
        (&now["sure"], &now["sure_and_wrong"], &answer["confidence"]["fitted"]),
        (&2.into(), &1.into(), &Value::Null)
    );
}

#[test]
fn weights_of_the_confidence_that_cannot_be_used_are_reported() {
    let workspace = messages();
    let config = std::fs::read_to_string(workspace.path("casebook.toml")).expect("a workspace");
    workspace.write("a.log", "spindle 9 of lathe is jammed by swarf\n");
    for (text, said) in [("intercept = 1\n", "missing field"), ("words = 'much'\n", "invalid type")] {
        workspace.write("bad.toml", text);
        workspace.write("casebook.toml", format!("{config}\n[diagnosis]\nconfidence = 'bad.toml'\n"));
        workspace.casebook(&["diagnose", "a.log"]).assert().code(3).stderr(predicate::str::contains(said));
    }
}

/// Without the feature `lab`, neither the help nor the argument parser knows its flags.
#[cfg(not(feature = "lab"))]
#[test]
fn a_default_build_has_no_flags_of_the_lab() {
    let workspace = judged();
    workspace.casebook(&["eval", "self"]).assert().code(2);
    for command in ["search", "diagnose"] {
        let help = workspace.stdout(&["eval", command, "--help"]);
        for flag in ["--fit", "--folds", "--generated", "--nothing"] {
            assert!(!help.contains(flag), "{help}");
            workspace.casebook(&["eval", command, "judged.jsonl", flag, "2"]).assert().code(2);
        }
    }
}
