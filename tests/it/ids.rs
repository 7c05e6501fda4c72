//! Tests that no article is lost because another has its id, and that an id outlives the name of a file.

use serde_json::{Value, json};

use crate::support::{Workspace, document};

fn runbook(id: &str, title: &str) -> String {
    format!("---\nid: {id}\ntitle: {title}\n---\n\n# {title}\n\n## Symptoms\n\nIt hums at noon: {title}.\n")
}

/// Id and title of each article that a search for "hums" finds, by id.
fn found(workspace: &Workspace) -> Vec<(String, String)> {
    let hits = workspace.json(&["search", "hums"])["hits"].clone();
    let text = |hit: &Value, name: &str| hit[name].as_str().expect("a text").to_owned();
    let mut found: Vec<_> =
        hits.as_array().expect("hits").iter().map(|hit| (text(hit, "id"), text(hit, "title"))).collect();
    found.sort();
    found
}

fn pairs(expect: &[(&str, &str)]) -> Vec<(String, String)> {
    expect.iter().map(|(id, title)| ((*id).to_owned(), (*title).to_owned())).collect()
}

#[test]
fn two_files_that_state_one_id_are_two_articles() {
    let workspace = Workspace::bare();
    workspace.write("kb/new/lift.md", runbook("lift", "Lift of the new hall"));
    workspace.write("kb/old/lift.md", runbook("lift", "Crane in the yard"));
    let report = workspace.json(&["ingest", "--strict"]);
    let path = workspace.path("kb/old/lift.md").canonicalize().expect("a file");
    assert_eq!(report["namesakes"], json!([{ "path": path, "asked": "lift", "id": "kb/old/lift" }]));
    let both = pairs(&[("kb/old/lift", "Crane in the yard"), ("lift", "Lift of the new hall")]);
    assert_eq!(found(&workspace), both);
    assert_eq!(workspace.json(&["show", "kb/old/lift"])["title"], "Crane in the yard");
    std::fs::remove_file(workspace.path("kb/new/lift.md")).expect("a removal");
    assert_eq!(found(&workspace), pairs(&[("lift", "Crane in the yard")]));
}

#[test]
fn the_first_by_path_has_the_id_whatever_the_order_of_ingests() {
    let workspace = Workspace::with_config("kb = ['b']\nrules = []\n");
    workspace.write("b/lift.md", runbook("lift", "Lift of b"));
    workspace.write("c/lift.md", runbook("lift", "Crane of c"));
    workspace.write("a/lift.md", runbook("lift", "Hoist of a"));
    for folder in ["c", "b", "a"] {
        workspace.json(&["ingest", folder]);
    }
    let all = pairs(&[("b/lift", "Lift of b"), ("c/lift", "Crane of c"), ("lift", "Hoist of a")]);
    assert_eq!(found(&workspace), all);
}

#[test]
fn copies_of_one_file_are_one_article() {
    let workspace = Workspace::bare();
    workspace.write("kb/a/lift.md", runbook("lift", "Lift"));
    workspace.write("kb/b/lift.md", runbook("lift", "Lift"));
    let report = workspace.json(&["ingest", "--strict"]);
    assert_eq!((&report["articles"], &report["duplicates"]), (&json!(1), &json!(1)));
}

#[test]
fn numbers_of_exports_belong_to_their_collection() {
    let workspace = Workspace::with_config("kb = ['mail', 'print']\nrules = []\n");
    workspace.write(
        "mail/all.json",
        r#"[{"id":104,"title":"Gate","body":"It hums at the gate."},{"id":"KB300104","title":"Old","body":"Old."}]"#,
    );
    workspace.write("print/all.json", r#"[{"id":104,"title":"Roller","body":"It hums in the roller."}]"#);
    assert_eq!(found(&workspace), pairs(&[("mail/all/104", "Gate"), ("print/all/104", "Roller")]));
    workspace.casebook(&["show", "Q104"]).assert().code(3);
    assert_eq!(workspace.json(&["show", "Q300104"])["title"], "Old");
}

#[test]
fn a_file_and_a_folder_of_one_name_are_two_articles() {
    let workspace = Workspace::bare();
    workspace.write("kb/SAFETY.md", "# Safety first\n\nIt hums when it is safe.\n");
    workspace.write("kb/Safety/README.md", "# All on safety\n\nIt hums in this folder.\n");
    let expected = pairs(&[("kb/safety", "Safety first"), ("kb/safety/readme.md", "All on safety")]);
    assert_eq!(found(&workspace), expected);
}

#[test]
fn an_article_that_is_hidden_by_a_shared_id_is_reported_with_both_paths() {
    let workspace = Workspace::bare();
    workspace.write("kb/a.txt", document("Q100100", "First", "It hums."));
    workspace.write("kb/b.md", runbook("Q100100", "Another"));
    let report = workspace.json(&["ingest"]);
    let first = workspace.path("kb/a.txt").canonicalize().expect("a file");
    let reason = format!("{} has the id `Q100100` as well: give one of them another", first.display());
    assert_eq!(report["skipped"][0]["reason"], reason);
    workspace.casebook(&["ingest", "--strict"]).assert().code(3);
}

#[test]
fn a_renamed_file_keeps_its_former_id() {
    let workspace = Workspace::bare();
    workspace.write("kb/lift.md", "# Lift hums\n\nIt hums at noon.\n");
    workspace.write("rules/a.rules", "cause noon \"Noon\" { kb \"kb/lift\" }\n");
    workspace.json(&["ingest"]);
    std::fs::create_dir(workspace.path("kb/hall")).expect("a folder");
    std::fs::rename(workspace.path("kb/lift.md"), workspace.path("kb/hall/hoist.md")).expect("a rename");
    workspace.json(&["ingest"]);
    let shown = workspace.json(&["show", "kb/lift"]);
    assert_eq!((&shown["id"], &shown["aliases"]), (&json!("kb/hall/hoist"), &json!(["kb/lift"])));
    // It keeps the id when its text changes and when it is renamed again.
    workspace.write("kb/hall/hoist.md", "# Lift hums\n\nIt hums at night.\n");
    workspace.json(&["ingest"]);
    std::fs::rename(workspace.path("kb/hall/hoist.md"), workspace.path("kb/crane.md")).expect("a rename");
    workspace.json(&["ingest"]);
    let shown = workspace.json(&["show", "kb/lift"]);
    assert_eq!(shown["id"], "kb/crane");
    assert_eq!(shown["aliases"], json!(["kb/hall/hoist", "kb/lift"]));
    // A new file under the old name is an article of its own.
    workspace.write("kb/lift.md", "# Another lift\n\nIt rattles.\n");
    workspace.json(&["ingest"]);
    assert_eq!(workspace.json(&["show", "kb/lift"])["title"], "Another lift");
    assert_eq!(workspace.json(&["show", "kb/hall/hoist"])["title"], "Lift hums");
}

/// macOS decomposes the letters in the names of files; keyboards type them composed.
#[test]
fn an_article_has_one_id_however_its_letters_are_composed() {
    let spellings = ["größe", "gro\u{308}ße"];
    let text = "# Disk of another size\n\n## Symptoms\n\nIt hums at noon.\n";
    let workspace = Workspace::bare();
    workspace.write(&format!("kb/{}.md", spellings[1]), text);
    workspace.write("kb/link.md", format!("# Links\n\n## Symptoms\n\nSee [it]({}.md).\n", spellings[0]));
    workspace.json(&["ingest", "--strict"]);
    for spelling in spellings {
        let shown = workspace.json(&["show", &format!("kb/{spelling}")]);
        assert_eq!((&shown["id"], &shown["title"]), (&json!("kb/größe"), &json!("Disk of another size")), "{spelling}");
        assert_eq!(workspace.json(&["search", &format!("id:kb/{spelling}")])["hits"][0]["id"], "kb/größe");
        let cause = format!(
            "symptom s \"s\" {{ match \"hums\" }}\ncause c \"c\" {{ shows s usually\n kb \"kb/{spelling}\" }}\n"
        );
        workspace.write("rules/a.rules", cause);
        let checked = workspace.stdout(&["rule", "check"]);
        assert!(!checked.contains("article"), "{checked}");
    }
    let related = workspace.json(&["show", "kb/link"]);
    assert!(related.to_string().contains("kb/größe"), "{related}");

    workspace.write(&format!("kb/{}.md", spellings[0]), text);
    let report = workspace.json(&["ingest", "--strict"]);
    assert_eq!((&report["articles"], &report["duplicates"]), (&json!(2), &json!(1)));
    workspace.write(&format!("kb/{}.md", spellings[0]), text.replace("noon", "night"));
    assert_eq!(workspace.json(&["ingest", "--strict"])["articles"], 3);
}

#[test]
fn a_collection_has_one_name_however_its_letters_are_composed() {
    let workspace = Workspace::with_config("kb = []\nrules = []\n");
    workspace.write("pages/a.md", "# Fan\n\n## Symptoms\n\nIt hums at noon.\n");
    workspace.json(&["ingest", "--collection", "cafe\u{301}", "pages"]);
    for spelling in ["café", "cafe\u{301}"] {
        assert_eq!(workspace.json(&["search", "--in", spelling, "hums"])["hits"][0]["id"], "café/a");
        assert_eq!(workspace.json(&["search", &format!("hums in:{spelling}")])["hits"][0]["id"], "café/a");
    }
}
