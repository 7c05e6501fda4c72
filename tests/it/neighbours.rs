//! Ordinary records beside a fault, and the order of records, change neither the verdict nor a confidence.

use std::collections::BTreeMap;

use crate::support::Workspace;

/// Log excerpts with a fault: of the bundled rules, of their articles alone, and of neither.
const FAULTS: [&str; 6] = [
    "2026-11-12T08:00:01Z web1 shop[56]: Web server failed to start. Port 8080 was already in use.\n",
    "2026-11-12T08:00:01Z db1 postgres[41]: FATAL: sorry, too many clients already\n\
     2026-11-12T08:00:02Z db1 postgres[42]: FATAL: sorry, too many clients already\n",
    "2026-11-12T08:00:01Z web1 nginx[41]: [alert] 7#7: 1024 worker_connections are not enough\n",
    "2026-11-12T08:00:01Z web1 sync[411]: curl: (60) SSL certificate problem: certificate has expired\n",
    "2026-11-12T08:00:01Z build1 lathe[3]: ERROR spindle 4 of bay 7 is jammed by swarf\n",
    "2026-11-12T08:00:01Z app1 job[9]: Connection reset by peer\n",
];

/// Verdict, and the confidence of each article that is at least plausible.
type Verdict = (String, BTreeMap<String, f64>);

fn diagnosed(workspace: &Workspace, log: &str) -> Verdict {
    workspace.write("app.log", log);
    let answer = workspace.json(&["diagnose", "app.log"]);
    let articles = answer["articles"].as_array().expect("a list").iter();
    let confidence = articles.map(|one| (one["id"].to_string(), one["confidence"].as_f64().expect("a number")));
    (answer["verdict"].to_string(), confidence.filter(|(_, confidence)| *confidence >= 0.4).collect())
}

fn assert_same(fault: &str, what: &str, alone: &Verdict, other: &Verdict) {
    assert_eq!(alone.0, other.0, "{what}: {fault}");
    let ids: std::collections::BTreeSet<&String> = alone.1.keys().chain(other.1.keys()).collect();
    for id in ids {
        let of = |verdict: &Verdict| verdict.1.get(id).copied().unwrap_or(0.0);
        assert!((of(alone) - of(other)).abs() <= 0.05, "{what}: {fault}{id}: {alone:?} {other:?}");
    }
}

#[test]
fn ordinary_records_and_their_order_change_no_verdict() {
    let workspace = Workspace::with_config("kb = ['kb', 'book']\n");
    workspace.article("Q100", "The spindle jams", "The message \"spindle 1 of bay 2 is jammed by swarf\" appears.");
    let ordinary = |second: usize| {
        let texts =
            ["page 7 was served in 3 ms", "session 9 opened for user deploy", "3 files were rotated", "clock is set"];
        format!("2026-11-12T08:00:{second:02}Z web1 daemon[{second}]: {}\n", texts[second % texts.len()])
    };
    let before: String = (0..20).map(ordinary).collect();
    let after: String = (20..50).map(ordinary).collect();
    let verdicts = FAULTS.map(|fault| diagnosed(&workspace, fault).0);
    assert_eq!(verdicts, ["known", "known", "likely", "known", "known", "unknown"].map(|word| format!("\"{word}\"")));
    for fault in FAULTS {
        let alone = diagnosed(&workspace, fault);
        let among = before.clone() + fault + &after;
        assert_same(fault, "among ordinary records", &alone, &diagnosed(&workspace, &among));
        let mut lines: Vec<&str> = among.lines().collect();
        lines.sort_by_key(|line| {
            line.bytes().rev().map(u64::from).fold(7, |hash: u64, byte| hash.wrapping_mul(31) ^ byte)
        });
        assert_same(fault, "in another order", &alone, &diagnosed(&workspace, &(lines.join("\n") + "\n")));
        let wrapped = among.lines().map(|line| serde_json::json!({ "log": format!("{line}\n"), "stream": "stderr" }));
        let wrapped: String = wrapped.map(|line| format!("{line}\n")).collect();
        assert_same(fault, "in JSON lines", &alone, &diagnosed(&workspace, &wrapped));
    }
}
