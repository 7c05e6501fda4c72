//! Tests that `casebook book` shows the bundled rules, and that its answers have the form of their schemas. The transcripts under
//! `tests/cases/cli/book` show whole answers.

use serde_json::Value;

use crate::schema::check;
use crate::support::Workspace;

fn answer(workspace: &Workspace, args: &[&str]) -> Value {
    serde_json::from_str(&workspace.stdout(&[args, &["--format", "json"]].concat())).expect("one JSON document")
}

#[test]
fn answers_have_the_form_of_their_schemas() {
    let workspace = Workspace::copy_of("press");
    check("book", &answer(&workspace, &["book"]));
    check("book_list", &answer(&workspace, &["book", "list", "press"]));
    check("book_show", &answer(&workspace, &["book", "show", "seal_worn"]));
    for item in ["seal_worn", "press.seal_worn"] {
        check("rule_explain", &answer(&workspace, &["rule", "explain", item]));
    }
    check("rule_mutation", &answer(&workspace, &["rule", "test", "rules", "--mutate"]));
}

#[test]
#[should_panic(expected = "is a required property")]
fn the_answer_of_another_command_is_noticed() {
    check("book_show", &answer(&Workspace::copy_of("press"), &["book"]));
}

#[test]
fn each_bundled_cause_has_a_page() {
    let workspace = Workspace::book();
    let listed = answer(&workspace, &["book", "list"]);
    let book = answer(&workspace, &["book"]);
    let causes = listed["causes"].as_array().expect("causes");
    assert_eq!(book["total"]["causes"], causes.len());
    assert_eq!(book["own"], serde_json::json!([]));
    let mut names: Vec<&str> = causes.iter().map(|cause| cause["cause"].as_str().expect("a name")).collect();
    // One of each hundred, because each page loads the rules.
    let some: Vec<&str> = names.iter().copied().step_by(100).collect();
    for name in some {
        let page = answer(&workspace, &["book", "show", name]);
        check("book_show", &page);
        assert_eq!(page["cause"], name);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), causes.len(), "two causes have one name");
}
