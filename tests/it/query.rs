//! Tests each element of the query language with an article that it finds and one that it must not find.

use casebook::store::{SearchOptions, Store, search, verify};
use casebook::{article, query};
use serde_json::{Value, json};

use crate::support::Workspace;

/// A workspace with a store in which every article contains the word `mail`.
struct Archive {
    workspace: Workspace,
}

impl Archive {
    fn new() -> Archive {
        let workspace = Workspace::with_config("kb = ['kb', 'runbooks']\nrules = []\n");
        let runbook =
            |path: &str, front: &str, body: &str| workspace.write(path, format!("---\n{front}\n---\n\n{body}\n"));
        runbook(
            "kb/queue.md",
            "id: Q100100\nsame_as: [Q900100]\ntitle: 'BUG: Mail stays in the queue'\nproducts: ['Microsoft Exchange Server 5.5']\nmodified: 1999-03-16",
            "# BUG: Mail stays in the queue\n\n## Symptoms\n\nThe public folder is slow. Event ID: 9035\nSource: MSExchangeIMC\n\n\
             ## Cause\n\nThe disk is full.",
        );
        runbook(
            "kb/crash.md",
            "id: Q100200\ntitle: 'HOW TO: Read mail again'\nproducts: ['Microsoft Outlook 2000']\nmodified: 2000-03-31",
            "# HOW TO: Read mail again\n\n## Symptoms\n\nThe folder is public. The disk spins. The error is 0x80040E14 in Store.exe.\n\n\
             ## Resolution\n\nStart it again. Event ID: 9035\nSource: Disk",
        );
        runbook(
            "runbooks/restart.md",
            "id: rb-restart\ntitle: Restart the mail gateway\nmodified: 2001-12-31",
            "# Restart the mail gateway\n\n## Cause\n\nIt is stuck, error 0x8007000E.\n\n## Resolution\n\nRestart it.",
        );
        workspace.json(&["ingest"]);
        Archive { workspace }
    }

    fn found(&self, query: &str) -> Value {
        self.workspace.json(&["search", query])
    }

    /// Checks that `query` finds exactly the articles `expect` (sorted by id), and that every filter and phrase in it
    /// matches some article.
    #[track_caller]
    fn check(&self, query: &str, expect: &[&str]) {
        let found = self.found(query);
        assert_eq!((ids(&found), &found["unmatched"]), (expect.to_vec(), &json!([])), "{query}");
        assert_eq!(found["total"], expect.len(), "{query}");
    }
}

fn ids(found: &Value) -> Vec<&str> {
    let hits = found["hits"].as_array().expect("a list");
    let mut ids: Vec<&str> = hits.iter().map(|hit| hit["id"].as_str().expect("an id")).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn each_field_finds_what_fulfils_it_and_nothing_else() {
    let archive = Archive::new();
    for (query, expect) in [
        ("mail", &["Q100100", "Q100200", "rb-restart"][..]),
        ("mail product:exchange", &["Q100100"]),
        ("mail product:exchange product:outlook", &["Q100100", "Q100200"]),
        ("mail product:\"Microsoft Exchange Server\" version:5.5", &["Q100100"]),
        ("mail version:2000", &["Q100200"]),
        ("mail -product:exchange", &["Q100200", "rb-restart"]),
        ("mail kind:bug", &["Q100100"]),
        ("mail kind:how-to", &["Q100200"]),
        ("mail -kind:bug -kind:howto", &["rb-restart"]),
        ("disk section:cause", &["Q100100"]),
        ("disk section:symptoms", &["Q100200"]),
        ("mail code:-2147217900", &["Q100200"]),
        ("mail code:E_OUTOFMEMORY", &["rb-restart"]),
        ("mail event:9035", &["Q100100", "Q100200"]),
        ("mail event:msexchangeimc/9035", &["Q100100"]),
        ("mail source:Disk", &["Q100200"]),
        ("mail file:STORE.EXE", &["Q100200"]),
        ("mail id:KB900100", &["Q100100"]),
        ("id:Q100200", &["Q100200"]),
        ("mail since:2000", &["Q100200", "rb-restart"]),
        ("mail since:2000-04", &["rb-restart"]),
        ("mail since:2000-03-31 until:2000-03", &["Q100200"]),
        ("mail until:1999", &["Q100100"]),
        ("mail in:runbooks", &["rb-restart"]),
        ("mail -in:runbooks", &["Q100100", "Q100200"]),
        ("mail \"public folder\"", &["Q100100"]),
        ("mail -disk", &["rb-restart"]),
        ("mail -\"public folder\"", &["Q100200", "rb-restart"]),
        ("mail product:exchange kind:howto", &[]),
    ] {
        archive.check(query, expect);
    }
}

#[test]
fn the_passage_is_of_the_section_that_is_asked_for() {
    let archive = Archive::new();
    let section = |query: &str| archive.found(query)["hits"][0]["section"].clone();
    assert_eq!(section("the full disk section:cause"), "cause");
    assert_eq!(section("the public folder section:symptoms"), "symptoms");
}

#[test]
fn filters_alone_list_the_newest_first() {
    let archive = Archive::new();
    let found = archive.found("since:1999 -kind:howto");
    let ids: Vec<&str> = (0..2).map(|index| found["hits"][index]["id"].as_str().expect("an id")).collect();
    assert_eq!((ids, &found["total"]), (vec!["rb-restart", "Q100100"], &json!(2)));
}

#[test]
fn what_no_article_fulfils_is_said_and_searched_as_words() {
    let archive = Archive::new();
    let unmatched = |query: &str| {
        let found = archive.found(query);
        (ids(&found).len(), found["unmatched"].clone())
    };
    let one = |field: &str, value: &str, near: Value| json!([{ "field": field, "value": value, "near": near }]);
    assert_eq!(unmatched("mail product:exchnage"), (3, one("product", "exchnage", json!("exchange"))));
    assert_eq!(unmatched("mail kind:bugs"), (3, one("kind", "bugs", json!("bug"))));
    assert_eq!(unmatched("mail source:MSExchangeIMS"), (3, one("source", "MSExchangeIMS", json!("msexchangeimc"))));
    assert_eq!(unmatched("mail file:stor.exe"), (3, one("file", "stor.exe", json!("store.exe"))));
    assert_eq!(unmatched("mail in:runbook"), (3, one("in", "runbook", json!("runbooks"))));
    assert_eq!(unmatched("mail code:0x80040111"), (3, one("code", "0x80040111", Value::Null)));
    assert_eq!(unmatched("mail since:2002"), (3, one("since", "2002", Value::Null)));
    assert_eq!(unmatched("mail version:6.5"), (3, one("version", "6.5", Value::Null)));
    assert_eq!(unmatched("mail \"folder public\""), (3, one("phrase", "folder public", Value::Null)));
    assert_eq!(unmatched("mail section:workaround"), (3, one("section", "workaround", Value::Null)));
    assert_eq!(unmatched("spins section:cause"), (1, one("section", "cause", Value::Null)));
    assert_eq!(unmatched("disk section:cause product:exchnage"), (1, one("product", "exchnage", json!("exchange"))));
    assert_eq!(unmatched("mail -product:exchnage"), (3, one("product", "exchnage", json!("exchange"))));
    assert_eq!(unmatched("product:gateway"), (1, one("product", "gateway", Value::Null)));
    assert_eq!(unmatched("zzzz product:exchange"), (0, json!([])));
}

#[test]
fn facets_are_counted_when_asked_for() {
    let archive = Archive::new();
    assert_eq!(archive.found("mail")["facets"], json!({}));
    let facets = |query: &str| archive.workspace.json(&["search", "--facets", "--limit", "1", query])["facets"].clone();
    assert_eq!(
        facets("mail"),
        json!({
            "collection": { "kb": 2, "runbooks": 1 },
            "product": { "exchange server": 1, "outlook": 1 },
            "kind": { "bug": 1, "howto": 1 },
            "year": { "1999": 1, "2000": 1, "2001": 1 },
        })
    );
    let one = json!({
        "collection": { "kb": 1 }, "product": { "exchange server": 1 }, "kind": { "bug": 1 }, "year": { "1999": 1 },
    });
    for query in ["mail \"public folder\"", "mail product:exchange", "product:exchange"] {
        assert_eq!(facets(query), one, "{query}");
    }
}

#[test]
fn a_log_has_no_syntax() {
    let archive = Archive::new();
    let store = Store::open(&archive.workspace.path(".casebook")).expect("the store");
    let ids = |text: &str| {
        let ranked = search::rank(store.index(), text, &SearchOptions::default()).expect("a search");
        let mut ids: Vec<String> = ranked.into_iter().map(|ranked| ranked.id).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids("mail in:runbooks kind:bug"), ["Q100100", "Q100200", "rb-restart"]);
    assert_eq!(ids("disk -queue \"folder public\""), ["Q100100", "Q100200"]);
}

#[test]
fn groups_are_the_hits_of_a_search() {
    let archive = Archive::new();
    let store = Store::open(&archive.workspace.path(".casebook")).expect("the store");
    let options = SearchOptions::default();
    for (query, n_hits) in [
        ("mail disk", 3),
        ("mail product:exchange", 1),
        ("mail \"folder public\"", 3),
        ("mail kind:bug section:resolution", 1),
        ("since:2000", 2),
        ("zxqvw", 0),
        ("", 0),
    ] {
        let hits = search::find(store.index(), &query::parse(query), &options).expect("a search").hits.into_iter();
        let hits: Vec<_> = hits.map(|hit| (hit.stored.article.id, hit.score, hit.near_copies)).collect();
        let groups = search::find_ids(store.index(), &query::parse(query), &options).expect("a search").into_iter();
        assert_eq!(groups.map(|group| (group.id, group.score, group.near_copies)).collect::<Vec<_>>(), hits, "{query}");
        assert_eq!(hits.len(), n_hits, "{query}");
    }
}

#[test]
fn articles_can_be_held_against_a_query_without_a_store() {
    let text = "# Restart the gateway\n\n## Cause\n\nIt is stuck. Nobody knows why.\n\n## Resolution\n\nRestart the machine.\n";
    let article = article::parse(text, "rb").expect("an article");
    assert!(verify(&query::parse("section:resolution \"restart the machine\""), &article));
    assert!(!verify(&query::parse("section:cause \"restart the machine\""), &article));
}
