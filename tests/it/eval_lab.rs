//! `eval self`, `--fit`, `--generated` and `--nothing`: the commands and flags of the feature `lab`.

use std::path::Path;

use expect_test::expect_file;
use predicates::prelude::*;
use serde_json::{Value, json};

use crate::eval::{json, messages, titles_and_bodies};
use crate::support::{CASES, Workspace};
use crate::transcript::{Shared, replay};

/// A workspace with three articles. The symptoms of two have no word in common; those of the third are too short to
/// make a question from.
fn hums_and_slips() -> Workspace {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "One", "Humming comes from underneath whenever pressure rises beyond red marks.");
    let message = "You may receive the following error message:\n\n   The belt of pump \"P7\" slips at 40 degrees.";
    workspace.article("Q100200", "Two", message);
    workspace.write("kb/none.txt", crate::support::document("Q100300", "Three", "Two one."));
    workspace
}

#[test]
fn articles_are_found_by_their_own_words() {
    let workspace = hums_and_slips();
    let answer = json(&workspace, &["self", "--seed", "3"]);
    assert_eq!(answer["groups"][0]["questions"], json!(2));
    assert_eq!(answer["groups"][0]["metrics"]["success_at_1"]["value"], json!(1.0));
    let one = json(&workspace, &["self", "--sample", "1"]);
    assert_eq!(one["groups"][0]["questions"], json!(1));
    let messages = json(&workspace, &["self", "--kind", "messages"]);
    assert_eq!(messages["groups"][0]["questions"], json!(1));
    assert_eq!(messages["groups"][0]["metrics"]["success_at_1"]["value"], json!(1.0));
}

#[test]
fn a_message_that_several_articles_quote_is_answered_by_any_of_them() {
    let config = "kb = ['kb']\nrules = []\n[[collection]]\nname = 'other'\npath = 'other'\n";
    let workspace = Workspace::with_config(config);
    let quoted = |message: &str, more: &str| {
        format!("You may receive the following error message:\n\n   {message}\n\nThis is about {more}.")
    };
    workspace.article("Q100100", "One", &quoted("The belt of pump \"P7\" slips at 40 degrees.", "heat in summer"));
    workspace.article("Q100200", "Two", &quoted("The Belt of pump \"A\" slips at 9 degrees", "frost by night"));
    workspace.article("Q100300", "Three", &quoted("No oil was found in any vessel.", "empty vessels"));
    workspace.write("other/four.txt", crate::support::document("Q100400", "Four", "It hums."));
    let answer = json(&workspace, &["self", "--kind", "messages"]);
    assert_eq!(answer["groups"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["groups"][0]["metrics"]["success_at_1"]["value"], json!(1.0));
    // An article that is not searched is missed, and the miss names the right articles.
    let missed = json(&workspace, &["self", "--kind", "messages", "--in", "other"])["misses"].take();
    let wanted = |id: &str| missed.as_array()?.iter().find(|miss| miss["id"] == id).map(|miss| miss["wanted"].clone());
    assert_eq!(wanted("Q100100"), Some(json!(["Q100100", "Q100200"])));
    assert_eq!(wanted("Q100200"), Some(json!(["Q100100", "Q100200"])));
    assert_eq!(wanted("Q100300"), Some(json!(["Q100300"])));
}

#[test]
fn weights_are_fitted_to_several_files_and_written_to_be_used() {
    let workspace = titles_and_bodies();
    workspace.write("casebook.toml", "kb = ['kb']\nrules = []\n[search]\nranking = 'start.toml'\n");
    workspace.write("start.toml", "title = 1\n");
    let before = json(&workspace, &["search", "belt.jsonl", "valve.jsonl"]);
    assert_eq!((&before["misses"][1]["first"], &before["fit"]), (&json!("Q100101"), &json!(null)));
    let fit = ["search", "belt.jsonl", "valve.jsonl", "--fit", "fitted.toml", "--folds", "2"];
    let answer = json(&workspace, &fit);
    let means = answer["fit"]["means"].as_array().expect("means");
    let mrr = |means: &Value, of: &str| means[of]["mrr_at_10"].clone();
    let shown: Vec<_> = means.iter().map(|m| (m["file"].clone(), mrr(m, "before"), mrr(m, "held_out"))).collect();
    let expected = |file: Value| (file, json!(0.5), json!(1.0));
    assert_eq!(shown, [json!(null), json!("belt.jsonl"), json!("valve.jsonl")].map(expected));
    assert_eq!(answer["fit"]["held_out"]["folds"].as_array().map(Vec::len), Some(2));
    let weights = answer["fit"]["weights"].as_array().expect("weights");
    assert_eq!(weights.iter().filter(|weight| weight["before"] != weight["after"]).count(), 1, "{weights:?}");
    let questions = ["search", "motor.jsonl", "gauge.jsonl", "--ranking"];
    let with = |ranking: &str| json(&workspace, &[&questions[..], &[ranking]].concat())["misses"].clone();
    assert_eq!((with("start.toml").as_array().map(Vec::len), with("fitted.toml")), (Some(2), json!([])));
    let text = workspace.stdout(&["eval", "search", "belt.jsonl", "valve.jsonl", "--fit", "--folds", "1"]);
    assert!(text.contains("all, each file counting the same (2)\n  start                    0.000"), "{text}");
    assert!(!text.contains("held out"), "{text}");
}

/// Does for this command what the module `commands` does for those of a default build.
#[test]
fn eval_self_prints_what_its_case_shows() {
    let (path, shared) = (Path::new(CASES).join("lab/self.txt"), Shared::default());
    let text = std::fs::read_to_string(&path).expect("a case");
    expect_file![&path].assert_eq(&replay(&text, &shared));
    shared.assert_unchanged();
}

#[test]
fn a_fit_that_cannot_be_written_is_reported() {
    let workspace = titles_and_bodies();
    let check = |args: &[&str], code: i32, said: &str| {
        workspace.casebook(args).assert().code(code).stderr(predicate::str::contains(said));
    };
    workspace.casebook(&["eval", "self", "--sample", "0"]).assert().code(2);
    check(&["eval", "self", "--ranking", "nowhere.toml"], 3, "cannot read `nowhere.toml`");
    check(&["eval", "search", "--fit", "belt.jsonl", "valve.jsonl"], 2, "files of questions come before --fit");
    check(&["eval", "search", "belt.jsonl", "--folds", "3"], 2, "--fit");
    check(&["eval", "search", "belt.jsonl", "--fit", "nowhere/out.toml"], 4, "cannot write `nowhere/out.toml`");
    workspace.write("folder.toml/a.txt", "");
    check(&["eval", "search", "belt.jsonl", "--fit", "folder.toml"], 4, "cannot write `folder.toml`");
}

#[test]
fn the_same_seed_asks_the_same_questions() {
    let workspace = hums_and_slips();
    let queries = |seed: &str, file: &str| {
        workspace.stdout(&["eval", "self", "--seed", seed, "--save", file]);
        let run: Value =
            serde_json::from_slice(&std::fs::read(workspace.path(file)).expect("the run was kept")).expect("JSON");
        let answers = run["answers"].as_array().expect("answers").clone();
        answers.into_iter().map(|answer| answer["query"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(queries("1", "a.json"), queries("1", "b.json"));
    assert_ne!(queries("1", "a.json"), queries("2", "c.json"));
}

#[test]
fn a_store_that_gives_no_question_is_reported() {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "It hums", "It hums.");
    workspace
        .casebook(&["eval", "self"])
        .assert()
        .code(3)
        .stderr(predicate::str::contains("no question can be made from the 1 article"));
}

#[test]
fn fitted_weights_of_the_confidence_are_written_and_used() {
    let workspace = messages();
    workspace.casebook(&["eval", "diagnose", "logs.jsonl", "--fit", "fitted.toml", "--folds", "2"]).assert().success();
    let config = std::fs::read_to_string(workspace.path("casebook.toml")).expect("a workspace");
    let confidence = |file: &str| {
        workspace.write("casebook.toml", format!("{config}\n[diagnosis]\nconfidence = '{file}'\n"));
        workspace.write("a.log", "spindle 9 of lathe is jammed by swarf\n");
        workspace.json(&["diagnose", "a.log"])["articles"][0]["confidence"].as_f64().expect("a number")
    };
    workspace.write("never.toml", "intercept = -9\nwords = 0\nwords_share = 0\nlead = 0\nrepeated = 0\nrepeated_share = 0\ncodes = 0\nseverity = 0\n");
    let never = confidence("never.toml");
    assert!((never - 1.0 / (1.0 + 9.0_f64.exp())).abs() < 1e-12, "{never}");
    // Of the two excerpts that it was fitted to, one has the right article first.
    let fitted = confidence("fitted.toml");
    assert!((0.4..0.6).contains(&fitted), "{fitted}");
}

#[test]
fn logs_about_nothing_and_generated_excerpts_are_diagnosed_with_the_judged_ones() {
    let workspace = messages();
    let eval = ["diagnose", "logs.jsonl", "--noise", "noise", "--lines", "20", "--nothing", "3", "--generated", "3"];
    let answer = json(&workspace, &eval);
    let groups = answer["groups"].as_array().expect("groups").iter();
    let groups: Vec<_> = groups.map(|group| (group["style"].clone(), group["questions"].clone())).collect();
    assert_eq!(groups, [(json!(null), json!(5)), (json!("generated"), json!(3)), (json!("judged"), json!(2))]);
    let now = &answer["confidence"]["now"];
    assert_eq!((&now["sure_and_wrong"], &answer["confidence"]["fitted"]), (&json!(1), &Value::Null));
}
