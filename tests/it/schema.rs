//! Checks the JSON output. The schemas under `docs/schema/` must be those generated from the Rust types, and every
//! answer must conform to its schema.

use std::path::PathBuf;

use casebook::report::json;
use schemars::{JsonSchema, Schema, schema_for};
use serde_json::Value;

/// Fails if `answer`, printed by `command`, does not conform to the schema of the command.
#[track_caller]
pub(crate) fn check(command: &str, answer: &Value) {
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path(command)).expect("a schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(answer).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn path(command: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{command}.schema.json"))
}

/// Checks that the schema on disk is the one generated from the type `T`. `UPDATE_EXPECT=1` rewrites it.
#[track_caller]
fn is_fresh<T: JsonSchema>(command: &str) {
    let mut generated = schema_for!(T).to_value();
    // The order of members depends on a feature of `serde_json` that another dependency turns on.
    generated.sort_all_objects();
    let generated = Schema::try_from(generated).expect("a schema");
    let generated = serde_json::to_string_pretty(&generated).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path(command), &generated).expect("docs/schema is writable");
    }
    let on_disk = std::fs::read_to_string(path(command)).unwrap_or_default();
    assert_eq!(on_disk, generated, "docs/schema is out of date: run the tests with UPDATE_EXPECT=1");
}

#[test]
fn schemas_on_disk_are_those_of_the_wire_types() {
    is_fresh::<json::Search>("search");
    is_fresh::<json::Show>("show");
    is_fresh::<json::Ingest>("ingest");
    is_fresh::<json::Diagnose>("diagnose");
    is_fresh::<json::Eval>("eval");
    is_fresh::<json::Status>("status");
    is_fresh::<json::Config>("config");
    is_fresh::<json::Book>("book");
    is_fresh::<json::BookList>("book_list");
    is_fresh::<json::BookCause>("book_show");
    is_fresh::<json::RuleExplain>("rule_explain");
    is_fresh::<json::RuleMutation>("rule_mutation");
    is_fresh::<json::Case>("case");
    is_fresh::<json::Cases>("cases");
    is_fresh::<json::Learn>("learn");
    is_fresh::<json::WatchLine>("watch");
    is_fresh::<json::Log>("log");
}

#[test]
#[should_panic(expected = "is not of type")]
fn an_answer_that_breaks_its_schema_is_noticed() {
    check("ingest", &serde_json::json!({ "files": "many" }));
}
