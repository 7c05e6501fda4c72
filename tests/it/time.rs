//! Tests what decides about time in the rule language, in the order of `docs/rule-language.md`, "Which time counts".
//!
//! | line | also tested by |
//! |---|---|
//! | event time, any order of lines and files | `matching::tests::order_and_files_do_not_matter`, `rule_tests/order.rules` (SEC: the clock is not that of reading) |
//! | late records | here |
//! | missing stamps | here, `rule_tests/problems.rules` (order alone), `log::years`, `log::zone` |
//! | order of equal stamps | `timed::tests::equal_times_of_one_source_…`, `…_of_two_sources_…` |
//! | windows include both ends and slide | `timed::tests::a_window_includes_both_ends_and_slides`, `rule_tests/count.rules` |
//! | absence is confirmed, open or refuted | here, `timed::tests::absence_is_confirmed_open_or_refuted`, `rule_tests/order.rules` (EQL: not before its time) |
//! | not seen is not negative | `matching::tests::a_symptom_that_was_looked_for_…` |
//! | episodes, and symptoms that share records | `rule_tests/life.rules`, `rule_tests/problems.rules` (Wazuh 30461) |
//! | sequences are linear, with keys and order | `timed::tests::twice_the_records_…`, `rule_tests/order.rules` (hayabusa 1809, 1810) |
//! | bounds | here, `matching::timeline` (a million keys) |
//! | chains, and what is taken back | `rule_tests/chains.rules` |
//! | records of several lines | `rule_tests/fail2ban.rules`, `rule_tests/cre.rules`, `log::record_buffer` |
//! | names that begin like a word; signs that a regex reads otherwise | `rule_tests/sigma.rules` (Sigma 3724), `rule_tests/cre.rules` (`[95%]`) |

use casebook::matching::Remark;
use casebook::{
    Finding, Input, Pass, Program, RuleText, Scan, ScanOptions, SourceId, Status, SymptomId, load_rules, scan,
};

use crate::support::Workspace;

fn program(rules: &str) -> Program {
    let (program, found) = load_rules(&[RuleText { path: "time.rules".into(), text: rules.into() }], None);
    let errors: Vec<_> = found.iter().filter(|(_, found)| found.severity == casebook::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    program
}

fn options() -> ScanOptions {
    ScanOptions::at("2026-12-31T00:00:00Z".parse().expect("a time"))
}

fn scanned(program: &Program, log: &str) -> Scan {
    scan(program, vec![Input::bytes("app.log", log)], &options())
}

/// The symptom, the count and the status of each finding.
fn outline(findings: &[Finding]) -> Vec<(u32, u64, Status)> {
    findings.iter().map(|finding| (finding.symptom.0, finding.count, finding.status)).collect()
}

const HANGS: &str =
    "symptom hangs \"{j}\" { match a: \"job {j} begins\" match b: \"job {j} ends\" when a then no b within 10m by j }";

#[test]
fn while_a_log_is_followed_absence_waits_five_seconds_for_late_records() {
    let program = program(HANGS);
    let mut pass = Pass::following(&program, options(), Vec::new());
    let source = pass.open(&Input::bytes("app.log", ""));
    let mut add = |line: &str| {
        pass.feed(source, format!("{line}\n").as_bytes());
        outline(&pass.snapshot().findings)
    };
    let open = vec![(0, 1, Status::Unconfirmed)];
    assert_eq!(add("2026-11-12T10:00:00Z app: job 7 begins"), open);
    assert_eq!(add("2026-11-12T10:10:05Z app: idle"), open);
    assert_eq!(add("2026-11-12T10:10:06Z app: idle"), [(0, 1, Status::Confirmed)]);
    // A late record takes it back.
    assert_eq!(add("2026-11-12T10:09:59Z app: job 7 ends"), []);
}

#[test]
fn a_file_that_was_read_whole_waits_for_nothing() {
    let log = "2026-11-12T10:00:00Z app: job 7 begins\n2026-11-12T10:10:01Z app: idle\n";
    assert_eq!(outline(&scanned(&program(HANGS), log).findings), [(0, 1, Status::Confirmed)]);
}

#[test]
fn a_record_that_comes_too_late_counts_for_itself_and_is_counted() {
    let program = program(
        "symptom burst \"B\" { match a: \"alpha\" when count(a) >= 2 within 2s }\nsymptom single \"S\" { match \"alpha\" }",
    );
    let mut pass = Pass::following(&program, options(), Vec::new());
    let source = pass.open(&Input::bytes("app.log", ""));
    let start: jiff::Timestamp = "2026-11-12T10:00:00Z".parse().expect("a time");
    let line = |second: i64| format!("{} app: alpha\n", start + jiff::SignedDuration::from_secs(second));
    let log: String = (0..10_100).map(line).collect();
    pass.feed(source, log.as_bytes());
    pass.feed(source, line(5).as_bytes());
    let scan = pass.finish();
    assert_eq!(outline(&scan.findings), [(0, 10_100, Status::Confirmed), (1, 10_101, Status::Confirmed)]);
    assert!(scan.remarks.contains(&Remark::Late(SymptomId(0), 1)), "{:?}", scan.remarks);
}

const PAIR: &str = "symptom pair \"P\" { match a: \"alpha\" match b: \"beta\" when a then b within 5s }";

#[test]
fn a_record_without_a_stamp_takes_the_time_of_the_one_before_and_this_is_said() {
    let log = "{\"time\":\"2026-11-12T10:00:00Z\",\"msg\":\"alpha\"}\nbeta\n{\"time\":\"2026-11-12T10:00:09Z\",\"msg\":\"idle\"}\n";
    let scan = scanned(&program(PAIR), log);
    assert_eq!(outline(&scan.findings), [(0, 2, Status::Confirmed)]);
    assert!(scan.remarks.contains(&Remark::InheritedTime(SourceId(0))), "{:?}", scan.remarks);
}

#[test]
fn records_before_the_first_stamp_are_left_out_and_counted() {
    let log = "alpha\n{\"time\":\"2026-11-12T10:00:00Z\",\"msg\":\"beta\"}\n";
    let scan = scanned(&program(PAIR), log);
    assert_eq!(outline(&scan.findings), []);
    assert!(scan.remarks.contains(&Remark::Untimed(SymptomId(0), 1)), "{:?}", scan.remarks);
}

#[test]
fn an_excerpt_without_stamps_has_an_order_and_the_rest_is_assumed() {
    let found = scanned(&program(PAIR), "alpha\nbeta\n").findings;
    assert_eq!((outline(&found), found[0].timing.is_assumed), (vec![(0, 2, Status::Confirmed)], true));
    let stamped = "2026-11-12T10:00:00Z app: alpha\n2026-11-12T10:00:01Z app: beta\n";
    assert!(!scanned(&program(PAIR), stamped).findings[0].timing.is_assumed);
}

#[test]
fn a_condition_without_a_limit_is_a_mistake() {
    let rules = "symptom pair \"P\" { match a: \"alpha\" match b: \"beta\" when a then b }";
    let (_, found) = load_rules(&[RuleText { path: "time.rules".into(), text: rules.into() }], None);
    let is_error = |found: &casebook::Diagnostic| found.severity == casebook::Severity::Error;
    let errors: Vec<&str> = found.iter().filter(|(_, it)| is_error(it)).map(|(_, it)| it.title.as_str()).collect();
    assert_eq!(errors, ["it is not said how near in time this must be"]);
}

#[test]
fn records_that_lack_a_part_of_the_key_are_said_to_be_left_out() {
    let workspace = Workspace::bare();
    workspace.write(
        "rules/slow.rules",
        "symptom slow \"Slow\" { match a: any where .took > 5 when count(a) >= 2 within 1m by .host }",
    );
    let line = |second: u32, host: &str| format!("{{\"time\":\"2026-11-12T10:00:0{second}Z\",\"took\":9{host}}}\n");
    let with = ",\"host\":\"web1\"";
    workspace.write("a.log", line(0, with) + &line(1, with) + &line(2, "") + &line(3, "") + &line(4, ""));
    let answer = workspace.stdout(&["diagnose", "a.log"]);
    let words = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "slow: 3 records were left out, since they lack .host, by which it is told apart";
    assert!(words.contains(said), "{answer}");
    assert_eq!(words.matches("by which it is told apart").count(), 1, "{answer}");
}
