//! Tests `diagnose` through the binary: from a log to a diagnosis.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::{Workspace, shared};

/// A log of 2,000 ordinary lines, with three refusals for one domain among them, and the numbers of those three lines.
fn three_among_two_thousand() -> (String, [u64; 3]) {
    let places = [412, 977, 1803];
    let mut log = String::new();
    for line in 1..=2003u64 {
        let (minute, second) = (line / 60 % 60, line % 60);
        let stamp = format!("1999-03-01T{:02}:{minute:02}:{second:02}Z imc:", 10 + line / 3600);
        let text = match line {
            line if places.contains(&line) => {
                "421 NSO mail.example Unable to contact destination SMTP demon corp.example".into()
            }
            line if line % 7 == 0 => format!("250 message {line} delivered to site{}.example", line % 40),
            line => format!("220 connection {line} opened from 192.0.2.{}", line % 250),
        };
        writeln!(log, "{stamp} {text}").expect("a String takes all");
    }
    (log, places)
}

#[test]
fn three_lines_among_two_thousand_are_cited_and_explained() {
    let workspace = Workspace::book();
    let (log, places) = three_among_two_thousand();
    workspace.write("queue.log", log);
    let answer = workspace.json(&["diagnose", "queue.log"]);
    assert_eq!(answer["verdict"], "likely");
    assert_eq!(answer["causes"][0]["cause"], "resolver_search_list");
    let finding = &answer["findings"][0];
    assert_eq!((&finding["symptom"], &finding["count"]), (&json!("smtp_destination_unreachable"), &json!(3)));
    assert_eq!(finding["captures"], json!({ "domain": "corp.example" }));
    let lines: Vec<&Value> = finding["evidence"].as_array().expect("a list").iter().map(|e| &e["line"]).collect();
    assert_eq!(lines, places.map(|line| json!(line)).iter().collect::<Vec<_>>());
    let first = &answer["resolutions"][0];
    assert_eq!(first["resolution"], "disable_search_list");
    assert_eq!(first["steps"].as_array().expect("a list").len(), 2);
    assert_eq!(answer["articles"][0]["id"], "cb-mail-multiple-mx");
    let because = &answer["articles"][0]["because"][0];
    assert_eq!((&because["channel"], &because["line"]), (&json!("rule"), &json!(places[0])));
}

#[test]
fn articles_of_causes_and_resolutions_are_those_of_the_list() {
    let workspace = Workspace::book();
    workspace.write("queue.log", three_among_two_thousand().0);
    let answer = workspace.json(&["diagnose", "queue.log"]);
    let listed: Vec<&Value> = answer["articles"].as_array().expect("a list").iter().map(|a| &a["id"]).collect();
    assert_eq!(answer["causes"][0]["articles"], json!(["cb-mail-multiple-mx"]));
    for ranked in ["causes", "resolutions"] {
        for item in answer[ranked].as_array().expect("a list") {
            for id in item["articles"].as_array().expect("a list") {
                assert!(listed.contains(&id), "{id} of {item} is not among {listed:?}");
            }
        }
    }
}

#[test]
fn why_gives_the_numbers_behind_a_cause() {
    let workspace = Workspace::book();
    workspace.write("queue.log", three_among_two_thousand().0);
    assert_eq!(workspace.json(&["diagnose", "queue.log"])["why"], Value::Null);
    let args = ["diagnose", "queue.log", "--answer", "mx_lookup_fails=yes", "--why", "resolver_search_list"];
    let answer = workspace.json(&args);
    let (why, causes) = (&answer["why"], answer["causes"].as_array().expect("a list"));
    let ranked = causes.iter().find(|cause| cause["cause"] == "resolver_search_list").expect("the cause");
    assert_eq!((&why["cause"], &why["prior"]), (&json!("resolver_search_list"), &json!(0.005)));
    assert_eq!(why["probability"], ranked["probability"]);
    assert_eq!(why["against"], json!([{ "symptom": "mx_lookup_fails", "ratio": 0.02 }]));
    assert_eq!((&why["shows"][0]["state"], &why["shows"][0]["leak"]), (&json!("present"), &json!(0.001)));
}

#[test]
fn answers_move_the_ranking() {
    let workspace = Workspace::book();
    let line = "1999-03-01T10:00:00Z imc: 421 NSO mail.example Unable to contact destination SMTP demon corp.example\n";
    workspace.write("a.log", line);
    let top = |answers: &[&str]| {
        let mut args = vec!["diagnose", "a.log"];
        answers.iter().for_each(|answer| args.extend(["--answer", answer]));
        workspace.json(&args)["causes"][0]["cause"].clone()
    };
    assert_eq!(top(&[]), "resolver_search_list");
    assert_eq!(top(&["mx_lookup_fails=unknown"]), "resolver_search_list");
    assert_eq!(top(&["mx_lookup_fails=yes", "outbound_queue_grows=yes"]), "dns_misconfigured");
}

#[test]
fn a_log_that_no_rule_knows_still_gets_articles_marked_as_such() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "The frobnicator stalls", "The message \"frobnicator 17 stalled in bay\" appears.");
    workspace.write("a.log", "2026-11-01 10:00:00 ERROR frobnicator 3 stalled in bay 9\n");
    let answer = workspace.json(&["diagnose", "a.log"]);
    assert_eq!((&answer["verdict"], &answer["none_of_these"]), (&json!("known"), &json!(1.0)));
    assert_eq!(answer["articles"][0]["id"], "Q100");
    let because = answer["articles"][0]["because"].as_array().expect("a list");
    assert_eq!(because.len(), 2);
    for (because, channel) in because.iter().zip(["signature", "search"]) {
        assert_eq!((&because["channel"], &because["line"]), (&json!(channel), &json!(1)));
    }
    assert_eq!(because[0]["detail"], "frobnicator {number} stalled in bay");
    assert_eq!(because[0]["signature"], json!({ "kind": "message", "section": 0, "share": 1.0 }));
    assert_eq!(because[1]["signature"], json!(null));
}

#[test]
fn an_article_of_which_the_log_repeats_nothing_was_found_by_full_text_only() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "The frobnicator stalls", "The message \"it has no bay left to frobnicate in\" appears.");
    workspace.write("a.log", "2026-11-01 10:00:00 ERROR frobnicator 3 stalled in bay 9\n");
    let answer = workspace.json(&["diagnose", "a.log"]);
    assert_eq!(answer["articles"][0]["because"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["articles"][0]["because"][0]["channel"], "search");
}

#[test]
fn what_the_baseline_holds_is_searched_for_after_what_is_new() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "Cache misses", "The message \"cache miss failed for the user bob\" appears.");
    workspace.article("Q200", "Disk fails", "The message \"disk sda1 failed in bay 7\" appears.");
    let ordinary: String = (10..60).map(|n| format!("2026-11-01 10:00:{n} INFO app: request {n} served\n")).collect();
    let line = |text: &str| format!("2026-11-01 10:05:00 ERROR app: {text}\n");
    let cache = line("cache miss failed for the user eve");
    workspace.write("a.log", ordinary.clone() + &cache.replace("eve", "bob") + &line("disk sda1 failed in bay 7"));
    workspace.write("calm/x.log", ordinary + &cache + &cache);
    let first = |args: &[&str]| workspace.json(args)["articles"][0]["id"].clone();
    assert_eq!(first(&["diagnose", "a.log"]), "Q100");
    assert_eq!(first(&["diagnose", "a.log", "--baseline", "calm"]), "Q200");
}

/// A workspace without rules: an article, fifty others, and a log with a message that the first one quotes.
fn of_an_article(resolution: &str) -> Workspace {
    let workspace = Workspace::bare();
    workspace.write(
        "kb/Q100.md",
        format!(
            "---\nid: Q100\n---\n\n# The frobnicator stalls in its bay\n\n## Symptoms\n\nThe message \"frobnicator 17 stalled in \
             bay\" appears.\n\n## Resolution\n\n{resolution}\n\n## Workaround\n\nUse the frobnicator next door.\n"
        ),
    );
    for n in 0..50 {
        workspace.article(&format!("Q2{n:02}"), &format!("Order {n} of the week"), "The bay takes orders from 9 to 5.");
    }
    workspace.write("a.log", "2026-11-01 10:00:00 ERROR frobnicator 3 stalled in bay 9\n");
    workspace
}

#[test]
fn where_no_rule_knows_what_to_do_the_steps_of_the_article_are_proposed() {
    let workspace = of_an_article("1. Stop it.\n2. Under HKEY_LOCAL_MACHINE set Stall to 0.\n3. Start it.");
    let answer = workspace.json(&["diagnose", "a.log"]);
    let of = |resolution: &Value| {
        let steps: Vec<_> = resolution["steps"].as_array().expect("a list").iter().map(|step| &step["text"]).collect();
        (resolution["from"].clone(), resolution["articles"].clone(), json!(steps), resolution["needs"].clone())
    };
    let found: Vec<_> = answer["resolutions"].as_array().expect("a list").iter().map(of).collect();
    let steps = json!(["Stop it.", "Under HKEY_LOCAL_MACHINE set Stall to 0.", "Start it."]);
    let expected = [
        (json!("article"), json!(["Q100"]), json!(["Use the frobnicator next door."]), json!([])),
        (json!("article"), json!(["Q100"]), steps, json!(["a backup of the registry"])),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_an_article_says_that_cannot_be_undone_comes_last() {
    let workspace = of_an_article("Reformat the disk.");
    let answer = workspace.json(&["diagnose", "a.log"]);
    let facts: Vec<_> = answer["resolutions"].as_array().expect("a list").iter().map(|r| &r["irreversible"]).collect();
    assert_eq!(facts, [false, true]);
}

#[test]
fn the_only_article_with_a_word_of_the_log_is_not_what_is_wrong() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "The frobnicator stalls", "The message \"frobnicator 17 stalled in bay\" appears.");
    workspace.write("a.log", "2026-11-01 10:00:00 ERROR invoice of Monday stalled at the printer without paper\n");
    let answer = workspace.json(&["diagnose", "a.log"]);
    assert_eq!((&answer["verdict"], &answer["articles"][0]["id"]), (&json!("unknown"), &json!("Q100")));
}

#[test]
fn sources_bind_by_the_name_that_the_user_gives() {
    let workspace = Workspace::with_config("kb = []\nrules = ['rules']\n");
    workspace.write(
        "rules/door.rules",
        "symptom door_open \"The door is open\" { on porter match \"door open\" }\n\
         cause forgotten \"Nobody closed it\" { shows door_open usually }\n",
    );
    workspace.write("a.log", "door open\n");
    let symptoms = |args: &[&str]| workspace.json(args)["findings"].as_array().expect("a list").len();
    assert_eq!(symptoms(&["diagnose", "a.log"]), 0);
    assert_eq!(symptoms(&["diagnose", "--source", "porter=a.log"]), 1);
    assert_eq!(workspace.json(&["diagnose", "a.log"])["sources"][0]["not_looked_for"], json!(["door_open"]));
}

#[test]
fn a_pasted_log_is_read_from_standard_input() {
    let workspace = Workspace::book();
    let output = workspace
        .casebook(&["diagnose", "-", "--format", "json"])
        .write_stdin("Nov 12 03:00:01 web kernel: Out of memory: Killed process 4711 (java) total-vm:1kB\n")
        .assert()
        .success()
        .get_output()
        .stdout
        .clone();
    let answer: Value = serde_json::from_slice(&output).expect("JSON");
    assert_eq!(answer["sources"][0]["name"], "-");
    assert_eq!(answer["findings"][0]["evidence"][0]["line"], 1);
}

#[test]
fn the_output_of_a_probe_counts_whether_it_shows_the_symptom_or_not() {
    let workspace = Workspace::book();
    let line = "1999-03-01T10:00:00Z imc: 421 NSO mail.example Unable to contact destination SMTP demon corp.example\n";
    workspace.write("a.log", line);
    workspace.write("shows.txt", "Server: ns.example\n*** ns.example can't find corp.example: NXDOMAIN\n");
    workspace.write("fine.txt", "corp.example MX preference = 10, mail exchanger = mx.corp.example\n");
    let with = |file: &str| workspace.json(&["diagnose", "a.log", "--probe", &format!("mx_lookup_fails={file}")]);
    let finding = |answer: &Value| {
        let findings = answer["findings"].as_array().expect("a list").clone();
        findings.into_iter().find(|finding| finding["symptom"] == "mx_lookup_fails").expect("the probed symptom")
    };
    let shows = finding(&with("shows.txt"));
    assert_eq!((&shows["status"], &shows["captures"]["domain"]), (&json!("confirmed"), &json!("corp.example")));
    assert_eq!((&shows["evidence"][0]["source"], &shows["evidence"][0]["line"]), (&json!("shows.txt"), &json!(2)));
    let fine = finding(&with("fine.txt"));
    assert_eq!((&fine["status"], &fine["answer"]), (&json!("answered"), &json!(false)));
    workspace.casebook(&["diagnose", "a.log", "--probe", "outbound_queue_grows=fine.txt"]).assert().code(2);
}

#[test]
fn what_could_not_be_read_is_in_the_answer_too() {
    let workspace = Workspace::book();
    workspace.write("a.log", "all is well\n");
    let notes = workspace.json(&["diagnose", "a.log", "nowhere.log"])["notes"].to_string();
    assert!(notes.contains("nowhere.log"), "{notes}");
}

#[test]
fn a_folder_is_read_but_for_what_is_hidden() {
    let workspace = Workspace::book();
    workspace.write("logs/a.log", "all is well\n");
    workspace.write("logs/.git/b.log", "all is well\n");
    let sources = workspace.json(&["diagnose", "logs"])["sources"].as_array().expect("a list").clone();
    assert_eq!(sources.iter().map(|source| &source["name"]).collect::<Vec<_>>(), [&json!("logs/a.log")]);
}

#[test]
fn each_log_in_an_archive_is_a_source_and_its_other_files_are_counted() {
    let workspace = Workspace::book();
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    let files = [("var/a.log", &b"all is well\n"[..]), ("bin/a", b"MZ\0\0"), ("b.log", b"\x1b[1mall\x1b[0m is well\n")];
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, path, content).expect("writing to memory");
    }
    let bytes = archive.into_inner().and_then(flate2::write::GzEncoder::finish).expect("writing to memory");
    workspace.write("bundle.tar.gz", bytes);
    let answer = workspace.json(&["diagnose", "bundle.tar.gz"]);
    let sources = answer["sources"].as_array().expect("a list").iter();
    let sources: Vec<_> = sources.map(|source| (source["name"].as_str(), source["bytes"].as_u64())).collect();
    assert_eq!(sources, [(Some("bundle.tar.gz/var/a.log"), Some(12)), (Some("bundle.tar.gz/b.log"), Some(12))]);
    let notes = answer["notes"].to_string();
    assert!(notes.contains("bundle.tar.gz: 1 of 3 files is not text"), "{notes}");
}

#[test]
fn a_compression_that_is_not_read_is_named() {
    let workspace = Workspace::book();
    workspace.write("a.log.7z", b"7z\xbc\xaf\x27\x1c\0\x04rest");
    let assert = workspace.casebook(&["diagnose", "a.log.7z"]).assert().code(3);
    assert!(String::from_utf8_lossy(&assert.get_output().stderr).contains("7z x -so a.log.7z | casebook diagnose -"));
}

#[test]
fn ordinary_logs_show_only_what_is_true() {
    let Some(loghub) = std::env::var_os("CASEBOOK_LOGHUB").map(Into::into).or_else(|| shared("loghub")) else { return };
    let workspace = Workspace::book();
    // The servers of the last one lose each other 86 times, in three stretches, and one closes sessions meanwhile.
    let zookeeper = ["sessions_closed", "peer_not_reached"];
    for (log, expected) in
        [("Spark_2k.log", &[][..]), ("Hadoop_2k.log", &[]), ("Apache_2k.log", &[]), ("Zookeeper_2k.log", &zookeeper)]
    {
        let path = loghub.join(log);
        let answer = workspace.json(&["diagnose", path.to_str().expect("UTF-8")]);
        let findings = answer["findings"].as_array().expect("a list").iter();
        let mut symptoms: Vec<&str> = findings.filter_map(|finding| finding["symptom"].as_str()).collect();
        symptoms.dedup();
        assert_eq!(symptoms, expected, "{log}: {}", answer["findings"]);
        assert_eq!(answer["verdict"], "unknown", "{log}");
    }
}

#[test]
fn a_log_that_cannot_be_read_makes_no_store() {
    let workspace = Workspace::with_config("kb = ['book']\n");
    workspace.casebook(&["diagnose", "nowhere.log"]).assert().code(3);
    assert!(!workspace.path(".casebook").exists());
    workspace.write("a.log", "all is well\n");
    workspace.stdout(&["diagnose", "a.log"]);
    assert!(workspace.path(".casebook").exists());
}
