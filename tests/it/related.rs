//! Tests near-copies (which count as one hit), related articles, and references to missing articles.

use std::collections::BTreeMap;

use casebook::article;
use casebook::ingest::{Inputs, Root, ingest};
use casebook::query;
use casebook::store::{SearchOptions, Store, relations, search};
use serde_json::{Value, json};

use crate::support::{Workspace, document};

/// A text of about eighty words that mentions `product`.
fn symptoms(product: &str) -> String {
    format!(
        "When you send a message with {product}, it stays in the queue and is not sent until the service is restarted. \
         This happens when the name server answers late, and the connection is closed before the answer comes. Other \
         messages in the queue are not sent either, and nothing is written to the event log of the computer on which \
         {product} runs. To see which message it is, stop the service and look at the folder of outgoing mail."
    )
}

fn ids(hits: &Value) -> Vec<&str> {
    hits.as_array().expect("a list").iter().map(|hit| hit["id"].as_str().expect("an id")).collect()
}

/// Creates a workspace with three articles that are near-copies about different products, and three other articles.
fn three_of_one() -> Workspace {
    let workspace = Workspace::bare();
    for (id, product) in [("Q100100", "Test Server"), ("Q100200", "Test Gateway"), ("Q100300", "Test Connector")] {
        workspace.article(id, "Messages Stay in the Queue", &symptoms(product));
    }
    workspace.article("Q100400", "Messages Are Lost", "A message in the queue of Test Server is lost.");
    workspace.article("Q100500", "It Hums", "The queue hums.");
    workspace.article("Q100600", "It Rattles", "It rattles.");
    workspace
}

#[test]
fn near_copies_are_one_hit() {
    let workspace = three_of_one();
    let found = workspace.json(&["search", "messages in the queue of Test Gateway"]);
    assert_eq!(ids(&found["hits"])[0], "Q100200");
    assert_eq!(found["hits"][0]["near_copies"], json!(["Q100100", "Q100300"]));
    assert_eq!(ids(&found["hits"])[1..], ["Q100400", "Q100500"]);
    assert_eq!(found["hits"][1]["near_copies"], json!([]));
    assert_eq!(found["total"], 5);
}

#[test]
fn the_limit_counts_groups_and_near_copies_need_not_be_hits() {
    let workspace = three_of_one();
    let two = workspace.json(&["search", "--limit", "2", "messages queue"]);
    assert_eq!(two["hits"].as_array().map(Vec::len), Some(2));
    let gateway = workspace.json(&["search", "gateway"]);
    assert_eq!((&gateway["total"], ids(&gateway["hits"])), (&json!(1), vec!["Q100200"]));
    assert_eq!(gateway["hits"][0]["near_copies"], json!(["Q100100", "Q100300"]));
}

#[test]
fn a_limit_is_reached_through_many_near_copies() {
    let workspace = Workspace::bare();
    for n in 0..60 {
        workspace.article(&format!("Q2{n:05}"), "Messages Stay in the Queue", &symptoms("Test Server"));
    }
    for n in 0..5 {
        let rare = format!("A queue {}", (0..60).map(|w| format!("n{n}w{w} ")).collect::<String>());
        workspace.article(&format!("Q3{n:05}"), &format!("Bay {n}"), &rare);
    }
    let found = workspace.json(&["search", "--limit", "4", "queue messages stay"]);
    assert_eq!(ids(&found["hits"]), ["Q200000", "Q300000", "Q300001", "Q300002"]);
    assert_eq!(found["hits"][0]["near_copies"].as_array().map(Vec::len), Some(59));
}

#[test]
fn a_removed_near_copy_is_gone_and_a_new_one_joins() {
    let workspace = three_of_one();
    workspace.json(&["ingest"]);
    std::fs::remove_file(workspace.path("kb/Q100100.txt")).expect("a removal");
    workspace.article("Q100700", "Messages Stay in the Queue", &symptoms("Test Client"));
    let found = workspace.json(&["search", "gateway"]);
    assert_eq!(found["hits"][0]["near_copies"], json!(["Q100300", "Q100700"]));
}

#[test]
fn a_diagnosis_names_near_copies_with_the_better_article() {
    let workspace = three_of_one();
    workspace.write("mail.log", "ERROR Test Gateway message stays in the queue, name server answers late\n");
    let diagnosis = workspace.json(&["diagnose", "mail.log"]);
    assert_eq!(ids(&diagnosis["articles"])[0], "Q100200");
    assert_eq!(diagnosis["articles"][0]["near_copies"], json!(["Q100100", "Q100300"]));
    assert!(!ids(&diagnosis["articles"]).contains(&"Q100100"));
}

#[test]
fn an_article_that_a_rule_names_stays_beside_its_near_copies() {
    let workspace = three_of_one();
    workspace.write("mail.log", "ERROR Test Gateway message stays in the queue, name server answers late\n");
    workspace.write(
        "rules/a.rules",
        "symptom stays \"Stays\" { match \"message stays in the queue\" }\n\
         cause late \"Late\" { shows stays usually kb \"Q100300\" }\n",
    );
    let diagnosis = workspace.json(&["diagnose", "mail.log"]);
    // The one that names the gateway repeats the record, the other is named by the rule: both stay.
    assert_eq!(ids(&diagnosis["articles"])[..2], ["Q100200", "Q100300"]);
    assert_eq!(diagnosis["articles"][0]["near_copies"], json!(["Q100100"]));
    assert_eq!(diagnosis["articles"][1]["near_copies"], json!([]));
}

/// Creates a workspace with articles that refer to one another, and to an article that does not exist.
fn graph() -> Workspace {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "Center", &format!("{} See Q100200 and Q999999. Event ID: 9035", symptoms("It")));
    workspace.article("Q100200", "Named by the center", "It hums, and error 0x80040e14 comes.");
    workspace.article("Q100300", "Names the center", "See Q100100 and Q100500, and Q999999.");
    workspace.article("Q100400", "Has the same event", "Event ID: 9035 is logged at times.");
    workspace.article("Q100500", "Named beside the center", "It rattles.");
    workspace.article("Q100600", "Center", &format!("{} Event ID: 9035", symptoms("It")));
    workspace
}

#[test]
fn show_says_what_is_related_and_why() {
    let workspace = graph();
    let shown = workspace.json(&["show", "--related", "Q100100"]);
    let similarity = shown["related"][0]["reasons"][0]["similarity"].clone();
    assert!(similarity.as_f64().is_some_and(|alike| (0.85..=1.0).contains(&alike)), "{similarity}");
    let reason = |relation: &str| json!({ "relation": relation, "identifiers": [] });
    let event = json!({ "relation": "shares_identifiers", "identifiers": ["9035"] });
    let expected = json!([
        { "id": "Q100600", "title": "Center", "reasons": [
            { "relation": "near_copy", "similarity": similarity, "identifiers": [] }, event ] },
        { "id": "Q100200", "title": "Named by the center", "reasons": [reason("cites")] },
        { "id": "Q100300", "title": "Names the center", "reasons": [reason("cited_by")] },
        { "id": "Q100400", "title": "Has the same event", "reasons": [event] },
        { "id": "Q100500", "title": "Named beside the center", "reasons": [
            { "relation": "cited_together", "by": 1, "identifiers": [] } ] },
    ]);
    assert_eq!(shown["related"], expected);
    let two = workspace.json(&["show", "--related", "--limit", "2", "Q100100"]);
    assert_eq!(ids(&two["related"]), ["Q100600", "Q100200"]);
    assert_eq!(workspace.json(&["show", "Q100100"]).get("related"), None);
}

#[test]
fn dead_references_are_counted_until_the_article_is_there() {
    let workspace = graph();
    workspace.json(&["ingest"]);
    let references = |workspace: &Workspace| workspace.json(&["status"])["references"].clone();
    let missing = json!([{ "id": "Q999999", "cited_by": 2 }]);
    assert_eq!(references(&workspace), json!({ "total": 5, "dead": 2, "missing": missing }));
    workspace.article("Q999999", "Here now", "It hums.");
    workspace.json(&["ingest"]);
    assert_eq!(references(&workspace), json!({ "total": 5, "dead": 0, "missing": [] }));
    std::fs::remove_file(workspace.path("kb/Q999999.txt")).expect("a removal");
    std::fs::remove_file(workspace.path("kb/Q100300.txt")).expect("a removal");
    workspace.json(&["ingest"]);
    let missing = json!([{ "id": "Q999999", "cited_by": 1 }]);
    assert_eq!(references(&workspace), json!({ "total": 2, "dead": 1, "missing": missing }));
}

/// What a store says about near-copies.
#[derive(Debug, PartialEq)]
struct Answers {
    /// For each article, its near-copies.
    near: BTreeMap<String, Vec<String>>,
    /// The hits of a search, each with its near-copies.
    hits: Vec<(String, Vec<String>)>,
}

/// What a store says after it has ingested `batches` one after the other. Each batch is a list of articles.
fn answers(workspace: &Workspace, batches: &[&[&str]]) -> Answers {
    let mut store = Store::in_memory();
    for batch in batches {
        let paths = batch
            .iter()
            .map(|name| workspace.path(&format!("kb/{name}.txt")).canonicalize().expect("a file"))
            .map(Root::new);
        ingest(&mut store, &Inputs::new(paths, false, 0), &|_| {}).expect("an ingest");
    }
    let names = batches.iter().flat_map(|batch| batch.iter());
    let copies = |name: &str| {
        relations::near_copies(store.index(), name).expect("a look-up").into_iter().map(|(id, _)| id).collect()
    };
    let near = names.map(|name| (article::canonical_id(name), copies(name))).collect();
    let found =
        search::find(store.index(), &query::parse("messages queue test"), &SearchOptions::default()).expect("a search");
    let hits = found.hits.into_iter().map(|hit| (hit.stored.article.id, hit.near_copies));
    Answers { near, hits: hits.collect() }
}

#[test]
fn the_order_of_ingests_does_not_matter() {
    let workspace = three_of_one();
    workspace.write("kb/twin.txt", document("Q100800", "Messages Stay in the Queue", &symptoms("Test Server")));
    std::fs::rename(workspace.path("kb/twin.txt"), workspace.path("kb/Q100800.txt")).expect("a rename");
    let all = ["Q100100", "Q100200", "Q100300", "Q100400", "Q100500", "Q100600", "Q100800"];
    let at_once = answers(&workspace, &[&all]);
    assert_eq!(at_once.near["Q100100"][0], "Q100800");
    assert_eq!(at_once.near["Q100100"].len(), 3);
    let backwards: Vec<&[&str]> = all.chunks(1).rev().collect();
    assert_eq!(answers(&workspace, &backwards), at_once);
    assert_eq!(answers(&workspace, &[&all[3..], &all[..3]]), at_once);
}

#[test]
fn show_says_what_a_log_gives_an_article_away_by() {
    let workspace = Workspace::bare();
    let text =
        "Event ID 9035 is logged by MSExchangeIMC, then \"spindle 4 of lathe C:\\bay is jammed\" and 0x8007000E.";
    workspace.article("Q100100", "Lathe jams", text);
    workspace.article("Q100200", "Memory", "The call fails with 0x8007000E. See http://shop.example for more.");
    let shown = workspace.json(&["show", "--signatures", "Q100100"]);
    let of = |signature: &Value| (signature["kind"].clone(), signature["text"].clone(), signature["articles"].clone());
    let found: Vec<_> = shown["signatures"].as_array().expect("a list").iter().map(of).collect();
    let expected = [
        (json!("message"), json!("spindle {number:int} of lathe {path:path} is jammed"), json!(null)),
        (json!("event"), json!("9035"), json!(1)),
        (json!("code"), json!("0x8007000e"), json!(2)),
    ];
    assert_eq!(found, expected);
    assert_eq!(workspace.json(&["show", "Q100100"]).get("signatures"), None);
}
