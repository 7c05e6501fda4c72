//! Tests `casebook diagnose --why-not`: what it says about symptoms that a log does not show.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Workspace, check_cases};

/// A workspace with the rules and logs under `tests/cases/why_not`.
fn post() -> Workspace {
    let workspace = Workspace::bare();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/why_not");
    let read = |name: &str| std::fs::read(cases.join(PathBuf::from(name))).expect("a file of the cases");
    workspace.write("rules/post.rules", read("post.rules"));
    workspace.write("post.log", read("post.log"));
    workspace.write("lookup.txt", read("lookup.txt"));
    workspace
}

/// The part of a report from the first "Why not" section on. On an HTML page, it ends with the sections.
fn accounts(answer: &str) -> String {
    let start = answer.find("Why not").expect("an account");
    let line = answer[..start].rfind('\n').map_or(0, |end| end + 1);
    let rest = &answer[line..];
    rest[..rest.find("</main>").unwrap_or(rest.len())].to_owned()
}

#[test]
fn accounts_are_as_expected() {
    let workspace = post();
    check_cases("why_not", |args| accounts(&workspace.stdout(&[&["diagnose", "post.log"], args].concat())));
}

#[test]
fn programs_get_the_parts_of_it() {
    let workspace = post();
    assert_eq!(workspace.json(&["diagnose", "post.log"])["why_not"], json!([]));
    let answer = workspace.json(&["diagnose", "post.log", "--why-not", "refused", "--why-not", "worker_failed"]);
    let [refused, worker] = answer["why_not"].as_array().expect("a list").as_slice() else { panic!("{answer}") };
    assert_eq!((&refused["symptom"], &refused["sources"][0]["read"]), (&json!("refused"), &json!(19)));
    let because = |pattern: &Value| {
        let nearest = pattern["nearest"].as_array().expect("a list").iter();
        nearest.map(|one| format!("{} {} {}", one["line"], one["because"], one["records"])).collect::<Vec<_>>()
    };
    let [first, _, regex] = refused["patterns"].as_array().expect("a list").as_slice() else { panic!("{refused}") };
    assert_eq!(because(first), ["4 \"edge\" 1", "2 \"stopped\" 1", "3 \"stopped\" 1"]);
    assert_eq!((&first["near"], &first["matched"]), (&json!(6), &json!(0)));
    assert_eq!(first["nearest"][1]["expected"], "{domain:host}");
    assert_eq!(because(regex), ["8 \"case\" 1", "9 \"literal\" 1"]);
    let nearest = &worker["patterns"][0]["nearest"];
    assert_eq!(nearest[0]["unmet"], json!([{ "condition": "n > 3", "left": 1, "right": null }]));
    assert_eq!((&nearest[1]["unmet"][0]["left"], &nearest[1]["records"]), (&json!(2), &json!(2)));
}

#[test]
fn what_is_piped_in_is_looked_at_as_well() {
    let workspace = post();
    let log = std::fs::read(workspace.path("post.log")).expect("the log");
    let piped = |args: &[&str]| {
        let all = [&["diagnose", "-", "--format", "json"], args].concat();
        let output = workspace.casebook(&all).write_stdin(log.clone()).assert().success().get_output().stdout.clone();
        serde_json::from_slice::<Value>(&output).expect("JSON")
    };
    let answer = piped(&["--why-not", "full"]);
    assert_eq!(answer["why_not"][0]["patterns"][0]["nearest"][0]["line"], 10);
    assert_eq!(answer["why_not"][0]["sources"][0]["name"], "-");
    assert_eq!(answer["findings"], piped(&[])["findings"]);
}

/// Rules with conditions on time, and a log that comes near to each of them.
const TIMED: &str = r#"
symptom guess "{count} failed logins from {ip}" {
  match bad: "failed login from {ip:ip}"
  match good: "login of {ip:ip}"
  when count(bad) >= 5 within 2m by ip
  resets ip on good
}
symptom hangs "The job {j} hangs" {
  match begins: "job {j} begins"
  match ends: "job {j} ends"
  when begins then no ends within 10m by j
}
symptom pair "A ping without a pong in time for {n}" { match a: "ping {n:int}" match b: "pong {n:int}" when a then b within 5s by n }
symptom hot "{d} is hot for a minute" { match t: "disk {d} at {c:int} degrees" where c > 60 when t for 1m by d }
symptom share "Too many requests of {v} fail" {
  match bad: "{v} answers 5{_:int}"
  match all: "{v} answers {_:int}"
  when ratio(bad, all) > 50% within 5m by v
}
symptom spray "Many users from {h}" { match u: "user {u} at {h}" when distinct(u.u) >= 4 within 1m by h }
cause guessed "Somebody guesses" { prior common shows guess usually shows hangs often }
resolution ask "Ask them" { resolves guessed usually step "Ask" }
"#;

const TIMED_LOG: &str = "\
2026-11-12T10:00:00Z app: failed login from 192.0.2.1
2026-11-12T10:00:10Z app: failed login from 192.0.2.1
2026-11-12T10:00:20Z app: failed login from 192.0.2.1
2026-11-12T10:00:30Z app: failed login from 192.0.2.1
2026-11-12T10:02:07Z app: failed login from 192.0.2.1
2026-11-12T10:10:00Z app: failed login from 192.0.2.2
2026-11-12T10:10:01Z app: failed login from 192.0.2.2
2026-11-12T10:10:02Z app: failed login from 192.0.2.2
2026-11-12T10:10:03Z app: login of 192.0.2.2
2026-11-12T10:10:04Z app: failed login from 192.0.2.2
2026-11-12T10:10:05Z app: failed login from 192.0.2.2
2026-11-12T10:20:00Z app: failed login from 192.0.2.3
2026-11-12T10:30:00Z app: job 7 begins
2026-11-12T10:34:00Z app: job 7 ends
2026-11-12T10:40:00Z app: ping 1
2026-11-12T10:40:09Z app: pong 1
2026-11-12T10:50:00Z app: disk sda at 70 degrees
2026-11-12T10:50:20Z app: disk sda at 71 degrees
2026-11-12T10:50:40Z app: disk sda at 72 degrees
2026-11-12T11:00:00Z app: shop answers 200
2026-11-12T11:00:01Z app: shop answers 500
2026-11-12T11:00:02Z app: user ann at gate
2026-11-12T11:00:03Z app: user bob at gate
2026-11-12T12:00:00Z app: idle
";

#[test]
fn a_condition_on_time_says_how_near_its_records_come() {
    let workspace = Workspace::bare();
    workspace.write("rules/timed.rules", TIMED);
    workspace.write("a.log", TIMED_LOG);
    let words = |symptom: &str| {
        let answer = workspace.stdout(&["diagnose", "a.log", "--why-not", symptom]);
        let account = accounts(&answer);
        let lines = account.lines().map(str::trim).skip_while(|line| !line.starts_with("when:")).skip(1);
        lines.take_while(|line| !line.starts_with("match:")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        words("guess"),
        [
            "for ip = 192.0.2.2: reset by a.log:9",
            "for ip = 192.0.2.1: 4 of 5 within 2m; the fifth came 7s late (a.log:5)",
            "for ip = 192.0.2.3: 1 of 5 within 2m (up to a.log:12)",
        ]
    );
    assert_eq!(words("hangs"), ["for j = 7: what must not be seen was seen at a.log:14"]);
    assert_eq!(words("pair"), ["for n = 1: all was seen, but 4s too far apart (a.log:16)"]);
    assert_eq!(words("hot"), ["for d = sda: 40s of 1m (up to a.log:19)"]);
    assert_eq!(
        words("share"),
        ["for v = shop: the nearest number is 0.5, and more than 0.5 is needed (up to a.log:21)"]
    );
    assert_eq!(words("spray"), ["for h = gate: 2 of 4 within 1m (up to a.log:23)"]);
    let answer = workspace.json(&["diagnose", "a.log", "--why-not", "guess", "--why-not", "hangs"]);
    let at = |line: u64| json!({ "source": "a.log", "line": line });
    let blank = json!({ "seen": null, "wanted": null, "by_s": null, "by": null });
    let miss = |ip: &str, missing: &str, line: u64, more: Value| {
        let mut all = blank.as_object().expect("an object").clone();
        all.extend([
            ("key".to_owned(), json!({ "ip": ip })),
            ("missing".to_owned(), json!(missing)),
            ("at".to_owned(), at(line)),
        ]);
        all.extend(more.as_object().expect("an object").clone());
        Value::Object(all)
    };
    assert_eq!(
        answer["why_not"][0]["together"],
        json!([
            miss("192.0.2.2", "reset", 11, json!({ "by": at(9) })),
            miss("192.0.2.1", "late", 5, json!({ "seen": 4.0, "wanted": 5.0, "by_s": 7.0 })),
            miss("192.0.2.3", "few", 12, json!({ "seen": 1.0, "wanted": 5.0 })),
        ])
    );
    assert_eq!(answer["why_not"][1]["together"][0]["missing"], "refuted");
}

#[test]
fn why_tells_how_a_condition_on_time_was_met() {
    let workspace = Workspace::bare();
    workspace.write("rules/timed.rules", TIMED);
    let more = "2026-11-12T10:00:40Z app: failed login from 192.0.2.1\n2026-11-12T11:59:00Z app: job 8 begins\n";
    workspace.write("a.log", format!("{TIMED_LOG}{more}"));
    let answer = workspace.stdout(&["diagnose", "a.log", "--why", "guessed"]);
    let words = &answer[answer.find("before:").expect("an account")..];
    let told: Vec<&str> =
        words.lines().map(str::trim).filter(|line| line.contains(" for ip") || line.contains(" for j")).collect();
    assert_eq!(
        told,
        [
            "6 records for ip = 192.0.2.1 within 2m7s (5 within 2m are needed)",
            "1 record for j = 8, not confirmed: the log ends too early",
        ]
    );
}
