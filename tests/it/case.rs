//! Tests cases through the binary, from the first log to what the rules learn from them.

use std::fs;

use predicates::prelude::*;
use serde_json::{Value, json};

use crate::support::Workspace;

/// A workspace about two saws, with rules for them.
fn workshop() -> Workspace {
    Workspace::copy_of("saws")
}

/// The JSON output of a command that consists of two words, after checking it against the schema `name`.
fn json_of(workspace: &Workspace, name: &str, args: &[&str]) -> Value {
    let answer: Value = serde_json::from_str(&workspace.stdout(args)).expect("one JSON document");
    crate::schema::check(name, &answer);
    answer
}

#[test]
fn json_answers_keep_to_their_schemas() {
    let workspace = workshop();
    workspace.stdout(&["diagnose", "--case", "a.toml", "shop.log", "--answer", "saw_smells=yes"]);
    workspace.stdout(&["case", "close", "a.toml", "--fixed-by", "new_belt", "--note", "worn"]);
    let case = json_of(&workspace, "case", &["case", "show", "a.toml", "--format", "json"]);
    assert_eq!((&case["id"], &case["found"]["findings"][0]["count"]), (&json!("a"), &json!(3)));
    assert_eq!((&case["given"]["answers"], &case["closed"]["note"]), (&json!({ "saw_smells": "yes" }), &json!("worn")));
    let cases = json_of(&workspace, "cases", &["case", "list", "--format", "json"]);
    assert_eq!(cases["cases"], json!([case]));
    let learnt = json_of(&workspace, "learn", &["rule", "learn", ".", "--format", "json"]);
    assert_eq!((&learnt["cases"], &learnt["proposals"], &learnt["written"]), (&json!(1), &json!([]), &json!(false)));
}

#[test]
fn a_file_that_is_no_case_is_never_written_over() {
    let workspace = workshop();
    for (content, line) in [
        ("version = 9\n", "line 1: a case of version 9"),
        ("hello\n", "line 1: "),
        (
            "version = 1\nopened = 2026-01-01T00:00:00Z\nsize = 3\n[saved]\nat = 2026-01-01T00:00:00Z\nby = ''\n",
            "line 3: unknown field `size`",
        ),
        ("version = 1\nopened = 2026-01-01T00:00:00Z\n[given]\n", "line 3: the file ends before `[saved]`"),
    ] {
        workspace.write("a.toml", content);
        for args in [
            &["diagnose", "--case", "a.toml", "shop.log"][..],
            &["case", "show", "a.toml"],
            &["case", "note", "a.toml", "x"],
            &["case", "close", "a.toml", "--unresolved"],
            &["rule", "learn", "a.toml"],
        ] {
            workspace.casebook(args).assert().code(3).stderr(predicate::str::contains(line));
            assert_eq!(fs::read_to_string(workspace.path("a.toml")).expect("a file"), content);
        }
    }
}

/// The proposals stay the same if cases are given in another order, or some of them twice.
#[test]
fn the_order_of_case_files_changes_nothing() {
    let workspace = workshop();
    for (name, smells) in [("a.toml", "yes"), ("b.toml", "no"), ("c.toml", "no"), ("d.toml", "no")] {
        workspace.stdout(&["diagnose", "--case", name, "shop.log", "--answer", &format!("saw_smells={smells}")]);
        workspace.stdout(&["case", "close", name, "--fixed-by", "new_belt"]);
    }
    let learnt = |cases: &[&str]| workspace.stdout(&[&["rule", "learn"], cases].concat());
    let forth = learnt(&["a.toml", "b.toml", "c.toml", "d.toml"]);
    assert_eq!(learnt(&["d.toml", "b.toml", "./a.toml", "c.toml", "."]), forth);
}

/// A dialogue ends when its input ends. Without `-i`, no question is asked.
#[test]
fn nothing_is_asked_without_being_asked_to() {
    let workspace = workshop();
    let silent = workspace.stdout(&["diagnose", "shop.log"]);
    assert!(!silent.contains("> "), "{silent}");
    let ended = workspace.stdout(&["diagnose", "-i", "shop.log"]);
    let rest = ended.strip_prefix(&silent).expect("the report comes first");
    assert_eq!(rest.matches("> ").count(), 1, "{rest}");
}
