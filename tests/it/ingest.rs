//! What `ingest` adds, changes, removes and skips, and that it loses nothing.

use serde_json::{Value, json};

use crate::support::{Workspace, document, shared};

/// The counts of a report, without times, layouts and diagnostics.
fn counts(report: &Value) -> [u64; 7] {
    ["files", "articles", "added", "changed", "removed", "unchanged", "duplicates"]
        .map(|name| report[name].as_u64().expect("a count"))
}

#[test]
fn files_are_added_changed_renamed_and_removed() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.article("Q200", "Two", "It rattles.");
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 2, 2, 0, 0, 0, 0]);
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 2, 0, 0, 0, 2, 0]);

    workspace.article("Q100", "One", "It hums loudly.");
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 2, 0, 1, 0, 1, 0]);
    assert_eq!(workspace.json(&["search", "loudly"])["hits"][0]["id"], "Q100");

    std::fs::rename(workspace.path("kb/Q200.txt"), workspace.path("kb/renamed.txt")).expect("a rename");
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 2, 1, 0, 1, 1, 0]);

    std::fs::remove_file(workspace.path("kb/renamed.txt")).expect("a removal");
    assert_eq!(counts(&workspace.json(&["ingest"])), [1, 1, 0, 0, 1, 1, 0]);
    workspace.casebook(&["show", "Q200"]).assert().code(3);
}

#[test]
fn an_unchanged_tree_writes_nothing() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.json(&["ingest"]);
    let files = || {
        let entries = std::fs::read_dir(workspace.path(".casebook/index")).expect("the index");
        let mut files: Vec<_> = entries
            .map(|entry| {
                entry.and_then(|entry| Ok((entry.file_name(), entry.metadata()?.modified()?))).expect("a file")
            })
            .collect();
        files.sort();
        files
    };
    let before = files();
    workspace.json(&["ingest"]);
    assert_eq!(files(), before);
}

#[test]
fn what_is_no_article_is_skipped_with_its_reason() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.write("kb/empty.txt", "");
    workspace.write("kb/notes.txt", "Remember the milk.\n");
    workspace.write("kb/program.bin", [0u8, 1, 2, 3, 0, 0]);
    workspace.write("kb/huge.txt", vec![b'x'; (16 << 20) + 1]);
    workspace.write("kb/.hidden.txt", "not looked at");
    let report = workspace.json(&["ingest"]);
    let skipped: Vec<(String, &str)> = report["skipped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|skipped| {
            let path = skipped["path"].as_str().expect("a path");
            (path.rsplit('/').next().expect("a name").to_owned(), skipped["reason"].as_str().expect("a reason"))
        })
        .collect();
    let expected = [
        ("empty.txt", "empty file"),
        ("huge.txt", "larger than 16 MiB"),
        ("notes.txt", "no known article layout"),
        ("program.bin", "binary file"),
    ];
    assert_eq!(skipped, expected.map(|(name, reason)| (name.to_owned(), reason)));
    assert_eq!(counts(&report), [5, 1, 5, 0, 0, 0, 0]);
    workspace.casebook(&["ingest", "--strict"]).assert().code(3);
}

#[test]
fn the_first_file_of_an_article_is_held_and_the_next_one_takes_over() {
    let workspace = Workspace::bare();
    workspace.write("kb/a.txt", document("Q100", "First copy", "It hums."));
    workspace.write("kb/b.txt", document("Q100", "Second copy", "It hums."));
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 1, 2, 0, 0, 0, 1]);
    assert_eq!(workspace.json(&["show", "Q100"])["title"], "First copy");
    std::fs::remove_file(workspace.path("kb/a.txt")).expect("a removal");
    assert_eq!(counts(&workspace.json(&["ingest"])), [1, 1, 0, 0, 1, 1, 0]);
    assert_eq!(workspace.json(&["show", "Q100"])["title"], "Second copy");
}

#[test]
fn roots_are_remembered_until_pruned() {
    let workspace = Workspace::bare();
    workspace.write("elsewhere/a.txt", document("Q100", "Far", "It hums."));
    workspace.json(&["ingest", "elsewhere"]);
    workspace.article("Q200", "Near", "It rattles.");
    assert_eq!(workspace.json(&["ingest"])["articles"], 2);
    assert_eq!(workspace.json(&["ingest", "--prune", "kb"])["removed"], 1);
    workspace.casebook(&["show", "Q100"]).assert().code(3);
}

#[test]
fn a_root_that_is_not_there_is_said_and_costs_the_others_nothing() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    let output = workspace.casebook(&["ingest", "--format", "json", "nowhere"]).assert().code(3).get_output().clone();
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["articles"], 1);
    assert!(report["skipped"][0]["reason"].as_str().expect("a reason").starts_with("cannot read: "), "{report}");
}

#[test]
fn the_seeds_are_searchable() {
    let Some(seeds) = shared("seeds") else { return };
    let workspace = Workspace::with_config("kb = []\nrules = []\n");
    let report = workspace.json(&["ingest", seeds.to_str().expect("UTF-8")]);
    assert_eq!(report["layouts"], json!({ "document": 2, "page": 2, "web text": 1 }));
    assert_eq!(report["skipped"], json!([]));
    let top = |query: &str| workspace.json(&["search", query])["hits"][0]["id"].clone();
    assert_eq!(top("outgoing mail stays in the queue behind an ISA server"), "Q305394");
    assert_eq!(top("421 Unable to contact destination SMTP demon"), "Q169781");
    assert_eq!(workspace.json(&["show", "KB146556"])["referenced_by"], json!(["Q262270"]));
}
