//! Tests that exported articles are read as the same articles again.

use std::path::Path;

use serde_json::Value;

use crate::support::Workspace;

/// An article as `show` prints it, without what depends on its file. The words of a text count, not its blanks.
fn shown(workspace: &Workspace, id: &str) -> (Vec<String>, Vec<(String, String, String)>) {
    let article: Value = serde_json::from_str(&workspace.stdout(&["show", id, "--format", "json"])).expect("JSON");
    let facts = ["id", "title", "products", "keywords", "modified", "aliases"];
    let facts = facts.iter().map(|name| format!("{name}: {}", article[*name])).collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let words = |value: &Value| text(value).split_whitespace().collect::<Vec<_>>().join(" ");
    let sections = article["sections"].as_array().expect("sections");
    (
        facts,
        sections
            .iter()
            .map(|section| (text(&section["kind"]), text(&section["title"]), words(&section["text"])))
            .collect(),
    )
}

fn copy(workspace: &Workspace, case: &str, to: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/article").join(case);
    workspace.write(to, std::fs::read_to_string(path).expect("the fixture"));
}

#[test]
fn an_export_holds_the_same_articles() {
    let config = "kb = ['kb']\n";
    let (before, after) = (Workspace::with_config(config), Workspace::with_config(config));
    let cases = [
        ("asciidoc/roller.adoc", "kb/rollers/roller.adoc"),
        ("restructured/crane.rst", "kb/crane.rst"),
        ("html/help_centre.html", "kb/help.html"),
        ("markdown/front_matter.md", "kb/notes/front.md"),
        ("markdown/nested.md", "kb/nested.md"),
        ("document/queue_waits.txt", "kb/queue.txt"),
    ];
    for (case, path) in cases {
        copy(&before, case, path);
    }
    before.stdout(&["ingest"]);
    before.stdout(&["kb", "export", "out"]);
    for entry in walkdir::WalkDir::new(before.path("out/kb")) {
        let entry = entry.expect("an entry");
        if entry.file_type().is_file() {
            let below = entry.path().strip_prefix(before.path("out")).expect("below the export").to_owned();
            after.write(&below.display().to_string(), std::fs::read_to_string(entry.path()).expect("UTF-8"));
        }
    }
    after.stdout(&["ingest"]);
    let ids = ids(&before);
    assert_eq!((ids.len(), &ids), (cases.len(), &self::ids(&after)));
    for id in &ids {
        let ((facts, mut sections), (own_facts, own_sections)) = (shown(&after, id), shown(&before, id));
        // In Markdown, more headings are known to be those of a section.
        for (section, (kind, ..)) in sections.iter_mut().zip(&own_sections).filter(|(_, own)| own.0 == "titled") {
            section.0.clone_from(kind);
        }
        assert_eq!((facts, sections), (own_facts, own_sections), "{id}");
    }
}

/// The ids of all articles, sorted.
fn ids(workspace: &Workspace) -> Vec<String> {
    let store = casebook::store::Store::open(&workspace.path(".casebook")).expect("the store");
    let manifest = store.index().manifest().expect("the manifest");
    let mut ids: Vec<String> = manifest.iter().filter_map(|entry| entry.held_id().map(str::to_owned)).collect();
    ids.sort();
    ids
}

#[test]
fn an_included_file_is_part_of_the_article_and_its_changes_are_seen() {
    let workspace = Workspace::bare();
    workspace.write("kb/belt.adoc", "= Belt\n\nIt stops.\n\ninclude::parts/oil.txt[]\n");
    workspace.write("kb/parts/oil.txt", "Use the grapefruit oil.\n");
    workspace.stdout(&["ingest"]);
    let finds = |word: &str| workspace.stdout(&["search", word]).contains("Belt");
    assert!(finds("grapefruit"));
    workspace.write("kb/parts/oil.txt", "Use the tangerine oil.\n");
    workspace.stdout(&["ingest"]);
    assert!(finds("tangerine") && !finds("grapefruit"));
}
