//! `eval search`, `eval self` and `eval diagnose`: figures, files that are kept, and what is said of bad ones.

use predicates::prelude::*;
use serde_json::{Value, json};

use crate::support::Workspace;

const JUDGED: &str = r#"{"id": "1", "query": "the disk is full", "relevant": ["cb-disk-full"], "style": "sentence"}
{"id": "2", "query": "zxqvw", "relevant": ["cb-clock-skew"], "style": "keywords"}
{"id": "3", "query": "clock skew", "relevant": ["CB-Clock-Skew"], "style": "keywords"}
"#;

/// A workspace with the bundled book and a judged file.
fn judged() -> Workspace {
    let workspace = Workspace::book();
    workspace.write("judged.jsonl", JUDGED);
    workspace
}

fn json(workspace: &Workspace, args: &[&str]) -> Value {
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
fn a_run_is_compared_with_one_that_was_kept() {
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
    assert_eq!(against["moved"], json!([{ "id": "1", "query": "the disk is full", "before": null, "after": 1 }]));
    let text = workspace.stdout(&["eval", "search", "judged.jsonl", "--against", "before.json"]);
    assert!(text.contains("Against the earlier run: 2 questions in both\n1 question was not in the earlier run"), "{text}");
    assert!(text.contains("  MRR@10       +0.500  +0.000 to +1.000") && text.contains("may be chance"), "{text}");
    assert!(text.contains("    – → 1     1  the disk is full\n"), "{text}");
}

#[test]
fn bad_lines_are_drawn_and_the_others_count() {
    let workspace = judged();
    workspace.write("judged.jsonl", format!("{JUDGED}{{\"id\": \"4\", \"query\": \"x\"}}\nnonsense\n"));
    workspace
        .casebook(&["eval", "search", "judged.jsonl"])
        .assert()
        .success()
        .stdout(predicate::str::contains("all (3)"))
        .stderr(predicate::str::contains("J003").and(predicate::str::contains("judged.jsonl:4")))
        .stderr(predicate::str::contains("J001"))
        .stderr(predicate::str::contains("2 lines of `judged.jsonl` are not questions"));
    workspace.write("judged.jsonl", "nonsense\n");
    workspace
        .casebook(&["eval", "search", "judged.jsonl"])
        .assert()
        .code(3)
        .stderr(predicate::str::contains("`judged.jsonl` contains no question"));
}

#[test]
fn a_judged_article_that_is_not_held_is_said() {
    let workspace = judged();
    workspace.write("judged.jsonl", "{\"id\": \"1\", \"query\": \"disk full\", \"relevant\": [\"KB999999\"]}\n");
    workspace
        .casebook(&["eval", "search", "judged.jsonl"])
        .assert()
        .success()
        .stderr(predicate::str::contains("1 judged articles are not in the store and cannot be found: Q999999"));
    assert_eq!(json(&workspace, &["search", "judged.jsonl"])["not_held"], json!(["Q999999"]));
}

#[test]
fn files_and_values_that_cannot_be_used_are_said() {
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
    workspace.casebook(&["eval", "self", "--sample", "0"]).assert().code(2);
}

/// Articles whose symptoms share no word, and one without any.
fn hums_and_slips() -> Workspace {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "One", "Humming comes from underneath whenever pressure rises beyond red marks.");
    let message = "You may receive the following error message:\n\n   The belt of pump \"P7\" slips at 40 degrees.";
    workspace.article("Q100200", "Two", message);
    workspace.write("kb/none.txt", crate::support::document("Q100300", "Three", "Two one."));
    workspace
}

#[test]
fn articles_are_found_by_what_they_say() {
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
    // What is not searched is missed, and says what was wanted.
    let missed = json(&workspace, &["self", "--kind", "messages", "--in", "other"])["misses"].take();
    let wanted = |id: &str| missed.as_array()?.iter().find(|miss| miss["id"] == id).map(|miss| miss["wanted"].clone());
    assert_eq!(wanted("Q100100"), Some(json!(["Q100100", "Q100200"])));
    assert_eq!(wanted("Q100200"), Some(json!(["Q100100", "Q100200"])));
    assert_eq!(wanted("Q100300"), Some(json!(["Q100300"])));
}

/// Pairs of articles: the one that is asked for has more of the words in its text, the other one some in its title.
fn titles_and_bodies() -> Workspace {
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

#[test]
fn a_ranking_that_cannot_be_used_is_said() {
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
    check(&["eval", "self", "--ranking", "nowhere.toml"], 3, "cannot read `nowhere.toml`");
    workspace.write("casebook.toml", "kb = ['kb']\nrules = []\n[search]\nranking = 'bad.toml'\n");
    workspace.write("a.log", "It hums.\n");
    check(&["diagnose", "a.log"], 3, "there is no weight `leed`");
    check(&["search", "hum"], 3, "bad.toml` has a mistake");
    workspace.stdout(&["show", "Q100100"]);
    check(&["eval", "search", "--fit", "belt.jsonl", "valve.jsonl"], 2, "files of questions come before --fit");
    check(&["eval", "search", "belt.jsonl", "--folds", "3"], 2, "--fit");
    workspace.write("bad.toml", "");
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
fn a_store_that_gives_no_question_is_said() {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "It hums", "It hums.");
    workspace
        .casebook(&["eval", "self"])
        .assert()
        .code(3)
        .stderr(predicate::str::contains("no question can be made from the 1 article"));
}

/// Three articles, each with a message, a judged excerpt for each of two, and a log about none.
fn messages() -> Workspace {
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
fn diagnoses_of_hidden_excerpts_are_scored_and_their_confidence_held_to_it() {
    let workspace = messages();
    let eval = ["diagnose", "logs.jsonl", "--noise", "noise", "--lines", "20", "--nothing", "3"];
    let answer = json(&workspace, &eval);
    // The second judge is wrong on purpose.
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
fn fitted_weights_of_the_confidence_are_written_and_used() {
    let workspace = messages();
    workspace.casebook(&["eval", "diagnose", "logs.jsonl", "--fit", "fitted.toml", "--folds", "2"]).assert().success();
    let config = std::fs::read_to_string(workspace.path("casebook.toml")).expect("a workspace");
    let confidence = |file: &str| {
        workspace.write("casebook.toml", format!("{config}\n[diagnosis]\nconfidence = '{file}'\n"));
        workspace.write("a.log", "spindle 9 of lathe is jammed by swarf\n");
        workspace.json(&["diagnose", "a.log"])["articles"][0]["confidence"].as_f64().expect("a number")
    };
    workspace.write("never.toml", "intercept = -9\nheld = 0\nlead = 0\nscore = 0\nrepeated = 0\n");
    let never = confidence("never.toml");
    assert!((never - 1.0 / (1.0 + 9.0_f64.exp())).abs() < 1e-12, "{never}");
    // One of the two that it was fitted to is right.
    let fitted = confidence("fitted.toml");
    assert!((0.4..0.6).contains(&fitted), "{fitted}");
    for (text, said) in [("intercept = 1\n", "missing field"), ("held = 'much'\n", "invalid type")] {
        workspace.write("bad.toml", text);
        workspace.write("casebook.toml", format!("{config}\n[diagnosis]\nconfidence = 'bad.toml'\n"));
        workspace.casebook(&["diagnose", "a.log"]).assert().code(3).stderr(predicate::str::contains(said));
    }
}
