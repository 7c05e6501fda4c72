//! Tests that links between files lead to articles.

use serde_json::{Value, json};

use crate::support::Workspace;

/// A workspace with files whose links have every usual form.
fn hall() -> Workspace {
    let workspace = Workspace::bare();
    let article = |title: &str, text: &str| format!("# {title}\n\n## Steps\n\n{text}\n");
    workspace.write(
        "kb/belt.md",
        article(
            "Belt stops",
            "The belt stops at noon, and nobody knows why.\n\nPlease read all of these pages before you call.\n\nPlease call before you oil it, since oil is dear.\n\nSee [the gate](gate.md), [oil](hall/oil.md#steps), [the ramp](/hall/ramp), [the lift](./hall/lift),\n\
             [the crane][1], [[Yard Door]], {{< ref \"scale.md\" >}} and [gone](gone.md).\n\n[1]: hall/crane.md\n",
        ),
    );
    for (path, title, text) in [
        ("gate.md", "Gate jams", "Back to [the belt](belt.md) and [home](https://acme.example/gate.md)."),
        ("hall/oil.md", "Oil is low", "See [belt](../belt.md#no-such-part) and [crane](crane#steps)."),
        ("hall/ramp.md", "Ramp is icy", "See [belt](../belt)."),
        ("hall/lift/README.md", "Lift hums", "Wait until the light is green, and then go on as before."),
        ("hall/crane.md", "Crane hangs", "Wait until the light is green, and then go on as before."),
        ("doors/yard-door.md", "Yard door is open", "Wait until the light is green, and then go on as before."),
        ("02-scales/01-scale.md", "Scale drifts", "Wait until the light is green, and then go on as before."),
    ] {
        workspace.write(&format!("kb/{path}"), article(title, text));
    }
    workspace.write(
        "kb/old.md",
        "---\naliases: [/attic/ladder/, ladder-old]\nredirect_from: /attic/steps\n---\n# Ladder\n\nWait.\n",
    );
    workspace.write("kb/new.md", "# Shelf\n\nSee [ladder](/attic/ladder) and [steps](attic/steps).\n");
    workspace
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|item| item["id"].as_str().expect("an id")).collect()
}

#[test]
fn links_of_every_form_lead_to_articles() {
    let workspace = hall();
    let shown = workspace.json(&["show", "kb/belt", "--related"]);
    let expected = [
        ("kb/gate", true),
        ("kb/hall/oil", true),
        ("kb/hall/ramp", true),
        ("kb/hall/lift", true),
        ("kb/doors/yard-door", true),
        ("kb/02-scales/01-scale", true),
        ("kb/gone.md", false),
        ("kb/hall/crane", true),
    ];
    let references: Vec<(&str, bool)> = shown["references"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|found| (found["id"].as_str().expect("an id"), found["known"].as_bool().expect("a bool")))
        .collect();
    assert_eq!(references, expected);
    assert_eq!(shown["references"][0]["title"], "the gate");
    assert_eq!(shown["referenced_by"], json!(["kb/gate", "kb/hall/oil", "kb/hall/ramp"]));
    let related = ids(&shown["related"]);
    assert!(["kb/gate", "kb/hall/oil", "kb/hall/ramp"].iter().all(|id| related.contains(id)), "{related:?}");
    assert_eq!(related.len(), 7);
    let references = workspace.json(&["status"])["references"].clone();
    let missing = json!([{ "id": "kb/gone.md", "cited_by": 1 }]);
    assert_eq!(references, json!({ "total": 14, "dead": 1, "missing": missing }));
}

#[test]
fn former_addresses_are_aliases() {
    let workspace = hall();
    for name in ["/attic/ladder/", "attic/ladder", "ladder-old", "attic/steps"] {
        assert_eq!(workspace.json(&["show", name])["id"], "kb/old", "{name}");
    }
    assert_eq!(workspace.json(&["show", "kb/old"])["referenced_by"], json!(["kb/new"]));
}

#[test]
fn a_link_leads_to_an_article_that_comes_later_and_no_longer_to_one_that_is_gone() {
    let workspace = hall();
    workspace.json(&["ingest"]);
    workspace.write("kb/gone.md", "---\nid: here-again\n---\n# Here again\n\nWait.\n");
    let known = |workspace: &Workspace| workspace.json(&["show", "kb/belt"])["references"][6].clone();
    assert_eq!(known(&workspace), json!({ "id": "here-again", "title": "gone", "known": true }));
    assert_eq!(workspace.json(&["show", "here-again"])["referenced_by"], json!(["kb/belt"]));
    std::fs::remove_file(workspace.path("kb/gone.md")).expect("a removal");
    assert_eq!(known(&workspace), json!({ "id": "kb/gone.md", "title": "gone", "known": false }));
}

#[test]
fn links_count_as_references_in_the_ranking() {
    let workspace = Workspace::bare();
    for name in ["a", "b"] {
        workspace.write(
            &format!("kb/hall/{name}.md"),
            format!("---\nid: {name}-1\n---\n# Spindle jams\n\nTurn the spindle {name}.\n"),
        );
    }
    workspace.write("kb/more.md", "# More\n\nSee [this](hall/b.md).\n");
    let explained = workspace.json(&["search", "spindle", "--explain"]);
    let cited: Vec<bool> = explained["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .map(|hit| hit.to_string().contains("\"kind\":\"cited\""))
        .collect();
    assert_eq!(ids(&explained["hits"])[0], "b-1", "{explained}");
    assert_eq!(cited, [true, false], "{explained}");
}
