//! Tests what `search` prints: explained scores, why an article is not found, similar articles, and other output
//! formats.

use serde_json::{Value, json};

use crate::support::{Workspace, check_cases};

/// A text about the product `name`. It is so long that two articles with it and different names are near-copies.
fn twice(name: &str) -> String {
    format!(
        "When a letter is sent with {name}, it comes twice. The first copy comes at once, and the other one after the \
         connection was closed and opened again by the computer at the other end. Nobody is told, and the counters on \
         which the bill rests are wrong from then on. To see which letters came twice, stop the program and count what \
         lies in the folder where {name} keeps them."
    )
}

/// A workspace with articles that contain the word `mail`, some of them about products, two of them near-copies; and
/// one without the word.
fn archive() -> Workspace {
    let workspace = Workspace::with_config("kb = ['kb']\nrules = []\n");
    let article = |id: &str, title: &str, front: &str, body: &str| {
        let text = format!("---\nid: {id}\ntitle: '{title}'\n{front}---\n\n# {title}\n\n{body}\n");
        workspace.write(&format!("kb/{id}.md"), text);
    };
    article(
        "Q100100",
        "BUG: Mail waits in the queue",
        "products: ['Microsoft Exchange Server 5.5']\nmodified: 1999-03-16\n",
        "## Symptoms\n\nMail waits in the queue. The error is 0x80040e14.\n\n## Cause\n\nThe disk is full. See Q100200.",
    );
    article(
        "Q100200",
        "Mail is lost",
        "products: ['Microsoft Outlook 2000']\nmodified: 2000-03-31\n",
        "## Symptoms\n\nA letter is lost, and no mail comes.\n\n## Resolution\n\nFree the disk.",
    );
    article("Q100300", "The printer hums", "modified: 2001-12-31\n", "It hums, and the calendar is late.");
    // These two are near-copies.
    for (id, name) in [("Q100400", "Test Server"), ("Q100500", "Test Gateway")] {
        article(id, "Mail comes twice", "modified: 2001-12-31\n", &twice(name));
    }
    workspace
}

fn why_not(workspace: &Workspace, id: &str, query: &str) -> Value {
    workspace.json(&["search", "--limit", "1", "--why-not", id, query])["why_not"].clone()
}

#[test]
fn an_explanation_is_given_when_asked_for_and_adds_up() {
    let workspace = archive();
    let found = workspace.json(&["search", "--explain", "mail queue 0x80040e14 elsewhere"]);
    for hit in found["hits"].as_array().expect("a list") {
        let parts = hit["explanation"]["parts"].as_array().expect("a list");
        let sum: f64 = parts.iter().map(|part| part["score"].as_f64().expect("a number")).sum();
        let score = hit["score"].as_f64().expect("a number");
        assert!((sum - score).abs() < 1e-3 * score, "{sum} is not {score}");
    }
    let first = &found["hits"][0]["explanation"]["parts"][0];
    assert_eq!(
        (&first["kind"], &first["value"], &first["score"]),
        (&json!("code"), &json!("0x80040e14"), &json!(25.0))
    );
    let plain = workspace.json(&["search", "mail"]);
    assert_eq!((plain["hits"][0].get("explanation"), plain.get("why_not")), (None, None));
}

#[test]
fn what_became_of_an_article_is_said() {
    let workspace = archive();
    let outcome = |id: &str, query: &str| {
        let why = why_not(&workspace, id, query);
        (why["outcome"].as_str().expect("an outcome").to_owned(), why["rank"].clone(), why["kept_out_by"].clone())
    };
    let plain = |name: &str, rank: Value| (name.to_owned(), rank, json!([]));
    let kept_out = |by: Value| ("kept_out".to_owned(), Value::Null, by);
    assert_eq!(outcome("KB100100", "mail queue"), plain("shown", json!(1)));
    assert_eq!(outcome("Q100200", "mail queue"), plain("behind", json!(2)));
    assert_eq!(outcome("Q100300", "mail queue"), plain("holds_nothing", Value::Null));
    assert_eq!(outcome("Q100201", "mail queue"), plain("not_held", Value::Null));
    assert_eq!(outcome("Q100200", "mail product:exchange"), kept_out(json!([["product:exchange"]])));
    assert_eq!(outcome("Q100200", "mail version:5.5"), kept_out(json!([["version:5.5"]])));
    assert_eq!(outcome("Q100200", "mail product:exchange version:5.5"), kept_out(json!([["product:exchange"]])));
    assert_eq!(
        outcome("Q100300", "mail product:exchange product:outlook since:2000"),
        kept_out(json!([["product:exchange", "product:outlook"]]))
    );
    assert_eq!(outcome("Q100200", "mail -lost until:1999"), kept_out(json!([["-lost"], ["until:1999"]])));
    assert_eq!(outcome("Q100200", "queue \"mail waits\""), kept_out(json!([["\"mail waits\""]])));
    assert_eq!(outcome("Q100200", "disk section:cause"), kept_out(json!([["section:cause"]])));
    assert_eq!(outcome("Q100100", "since:1999"), plain("behind", json!(4)));
    assert_eq!(why_not(&workspace, "Q100201", "mail")["did_you_mean"][0], "Q100200");
}

#[test]
fn an_article_that_is_behind_is_compared_with_the_last_hit() {
    let workspace = archive();
    let why = why_not(&workspace, "Q100200", "mail queue");
    assert_eq!(why["against"]["id"], "Q100100");
    let lacks = |part: &&Value| part["value"] == "queue" && part["score"] == 0.0;
    assert_eq!(why["explanation"]["parts"].as_array().map(|parts| parts.iter().filter(lacks).count()), Some(1));
}

#[test]
fn an_empty_page_says_what_made_it_empty() {
    let workspace = archive();
    let nothing = |query: &str| workspace.json(&["search", query])["nothing"].clone();
    assert_eq!(
        nothing("calender product:exchange -printer"),
        json!({
            "unknown_words": [{ "word": "calender", "near": [] }],
            "without": [],
            "let_through": 1,
        })
    );
    assert_eq!(
        nothing("hums product:exchange product:outlook since:2000"),
        json!({
            "unknown_words": [],
            "without": [{ "left_out": ["product:exchange", "product:outlook"], "query": "hums since:2000", "total": 1 }],
            "let_through": 1,
        })
    );
    assert_eq!(
        nothing("printre prnter"),
        json!({
            "unknown_words": [{ "word": "printre", "near": ["printer"] }, { "word": "prnter", "near": ["printer"] }],
            "without": [],
            "let_through": null,
        })
    );
    assert_eq!(nothing("hums"), Value::Null);
}

#[test]
fn a_weak_first_hit_is_called_one_and_a_good_one_is_not() {
    let workspace = archive();
    let lacking = |query: &str| workspace.json(&["search", query])["lacking"].clone();
    assert_eq!(lacking("mail calendar sync"), json!(["mail", "sync"]));
    assert_eq!(lacking("mail backup tape drive"), json!(["backup", "tape", "drive"]));
    assert_eq!(lacking("mail waits queue tape"), json!([]));
    assert_eq!(lacking("mail backup"), json!([]));
    assert_eq!(lacking("0x80040e14 backup tape drive"), json!([]));
}

#[test]
fn a_rare_word_of_a_weak_hit_is_held_to_be_misspelt() {
    let workspace = Workspace::bare();
    for n in 0..25 {
        workspace.article(
            &format!("Q1001{n:02}"),
            &format!("The calendar of room {n}"),
            &format!("It is shown {n} times."),
        );
    }
    workspace.article("Q100200", "It hums", "The calender hums.");
    let suggestion = |query: &str| workspace.json(&["search", query])["suggestion"].clone();
    assert_eq!(suggestion("calender tape drive room"), json!("calendar tape drive room"));
    assert_eq!(suggestion("calender hums"), Value::Null);
}

#[test]
fn articles_like_one_come_without_it_and_its_near_copies() {
    let workspace = archive();
    let like = |args: &[&str]| workspace.json(&[&["search", "--more-like"], args].concat());
    let found = like(&["KB100100"]);
    assert_eq!(found["like"]["id"], "Q100100");
    assert_eq!(found["like"]["words"], json!(["BUG", "Mail", "waits", "queue", "error", "0x80040e14"]));
    assert_eq!(found["hits"][0]["id"], "Q100200");
    assert_eq!(found["hits"][0]["relations"][0]["relation"], "cites");
    let ids = |found: &Value| -> Vec<String> {
        let hits = found["hits"].as_array().expect("a list");
        hits.iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()).collect()
    };
    let copy = like(&["Q100500"]);
    assert_eq!(copy["like"]["near_copies"][0]["id"], "Q100400");
    assert!(!ids(&copy).iter().any(|id| id == "Q100400" || id == "Q100500"), "{copy}");
    assert_eq!(ids(&like(&["Q100100", "product:outlook"])), ["Q100200"]);
    assert_eq!(ids(&like(&["Q100100", "product:exchange"])), Vec::<String>::new());
    workspace.casebook(&["search", "--more-like", "Q100109"]).assert().code(3);
    assert_eq!(workspace.json(&["search", "mail"])["hits"][0].get("relations"), None);
}

#[test]
fn a_row_of_csv_is_a_hit() {
    let workspace = archive();
    let csv = workspace.stdout(&["search", "--format", "csv", "mail"]);
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers().expect("a header").clone();
    assert_eq!(header, vec!["id", "title", "score", "product", "version", "date", "section", "snippet", "source"]);
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    let hits = workspace.json(&["search", "mail"])["hits"].clone();
    let ids: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    let expected: Vec<&str> = hits.as_array().expect("a list").iter().filter_map(|hit| hit["id"].as_str()).collect();
    assert_eq!(ids, expected);
}

/// Compares the output for each list of arguments under `tests/cases/search`. `DIR` in them stands for the folder of
/// the articles.
#[test]
fn pages_are_as_expected() {
    let workspace = archive();
    let dir = workspace.dir.path().canonicalize().expect("the folder is there").display().to_string();
    check_cases("search", |args| {
        let args: Vec<&str> = std::iter::once("search").chain(args.iter().copied()).collect();
        workspace.stdout(&args).replace(&dir, "DIR")
    });
}

#[test]
fn an_article_that_only_its_version_would_lift_is_overlooked_on_a_short_page() {
    let workspace = Workspace::with_config("kb = ['kb']\nrules = []\n");
    for n in 0..130 {
        let words: String = (0..60).map(|w| format!("n{n}w{w} ")).collect();
        workspace.article(
            &format!("Q1{n:05}"),
            &format!("Mail of exchange {}", 1_000 + n),
            &format!("Mail, mail. {words}"),
        );
    }
    let front = "id: Q200000\ntitle: A letter\nproducts: ['Microsoft Exchange Server 5.5']";
    workspace.write("kb/Q200000.md", format!("---\n{front}\n---\n\n# A letter\n\n## Cause\n\nIt is a mail.\n"));
    let query = "mail on exchange 5.5";
    let why = why_not(&workspace, "Q200000", query);
    assert_eq!((&why["outcome"], &why["rank"]), (&json!("overlooked"), &Value::Null));
    let found = workspace.json(&["search", "--limit", "200", query]);
    assert_eq!(found["hits"][0]["id"], "Q200000");
}
