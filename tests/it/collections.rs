//! Tests searches in some of the collections.

use serde_json::{Value, json};

use casebook::query;
use casebook::store::{SearchOptions, Store, search};

use crate::support::{Workspace, document};

fn workspace() -> Workspace {
    let workspace = Workspace::with_config("kb = ['archive', 'runbooks']\nrules = []\n");
    let article = |path: &str, id: &str, text: &str| workspace.write(path, document(id, &format!("About {id}"), text));
    article("archive/a.txt", "Q100100", "The pump hums and the pump stops.");
    article("archive/b.txt", "Q100200", "The pump hums.");
    article(
        "runbooks/c.txt",
        "Q100300",
        "A pump was heard, and there is much else to say about what was heard that day.",
    );
    workspace
}

fn ids(found: &Value) -> Vec<&str> {
    found["hits"].as_array().expect("a list").iter().map(|hit| hit["id"].as_str().expect("an id")).collect()
}

#[test]
fn a_search_can_be_kept_to_collections() {
    let workspace = workspace();
    let all = workspace.json(&["search", "--facets", "pump"]);
    assert_eq!((all["total"].clone(), ids(&all)[2]), (json!(3), "Q100300"));
    for args in [
        &["search", "--in", "runbooks", "pump"][..],
        &["search", "in:runbooks pump"],
        &["search", "pump", "in:runbooks"],
        &["search", "--in", "runbooks", "in:runbooks", "pump"],
    ] {
        let found = workspace.json(&[&["search", "--facets"], &args[1..]].concat());
        assert_eq!((ids(&found), &found["total"]), (vec!["Q100300"], &json!(1)), "{args:?}");
        assert_eq!(found["facets"]["collection"], json!({ "runbooks": 1 }));
        assert_eq!(found["hits"][0]["collection"], "runbooks");
    }
    let both = workspace.json(&["search", "--facets", "--in", "runbooks", "--in", "archive", "pump"]);
    assert_eq!((&both["total"], &both["facets"]), (&all["total"], &all["facets"]));
    assert_eq!(workspace.json(&["status"])["collections"], json!({ "archive": 2, "runbooks": 1 }));
}

#[test]
fn what_names_no_collection_is_plain_text() {
    let workspace = workspace();
    let found = workspace.json(&["search", "in:basement pump"]);
    assert_eq!(found["total"], 3);
    assert_eq!(ids(&workspace.json(&["search", "in:runbooks"])), Vec::<&str>::new());
}

#[test]
fn a_suggestion_keeps_what_says_where_to_search() {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "Compressor hums", "It hums.");
    assert_eq!(workspace.json(&["search", "in:kb", "compresor"])["suggestion"], "in:kb compressor");
}

#[test]
fn a_weight_multiplies_the_scores_of_its_collection() {
    let workspace = workspace();
    workspace.json(&["ingest"]);
    let store = Store::open(&workspace.path(".casebook")).expect("the store");
    let ranked = |weights: &[(&str, f32)], only: &[&str]| {
        let weights = weights.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
        let only = only.iter().map(|name| (*name).to_owned()).collect();
        let options = SearchOptions { weights, only, ..SearchOptions::default() };
        let found = search::find(store.index(), &query::parse("pump"), &options).expect("a search");
        assert_eq!(found.total, found.hits.len());
        let hits: Vec<(String, f32)> = found.hits.into_iter().map(|hit| (hit.stored.article.id, hit.score)).collect();
        let as_ranked = search::rank(store.index(), "pump", &options)
            .expect("a search")
            .into_iter()
            .map(|ranked| (ranked.id, ranked.score));
        assert_eq!(as_ranked.collect::<Vec<_>>(), hits);
        hits
    };
    let plain = ranked(&[], &[]);
    assert_eq!(ranked(&[("runbooks", 1.0), ("nowhere", 2.0)], &[]), plain);
    let preferred = ranked(&[("runbooks", 100.0)], &[]);
    let names: Vec<&str> = preferred.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(names, ["Q100300", &plain[0].0, &plain[1].0]);
    assert!((preferred[0].1 / plain[2].1 - 100.0).abs() < 0.01, "{preferred:?} {plain:?}");
    assert_eq!(preferred[1..], plain[..2]);
    assert_eq!(ranked(&[("runbooks", 0.5), ("archive", 2.0)], &["runbooks"]).len(), 1);
}
