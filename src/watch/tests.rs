use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use super::*;
use crate::rule::RuleText;

const RULES: &str = "symptom pump_hums \"Pump {n} hums\" { match \"pump {n:int} hums\" }\n\
                     symptom is_stormy \"A storm\" { match \"gust\" where count >= 3 }\n";

fn program() -> Program {
    let (program, mistakes) = crate::rule::load(&[RuleText { path: "t.rules".into(), text: RULES.into() }], None);
    assert!(mistakes.iter().all(|(_, mistake)| mistake.severity < crate::diagnostic::Severity::Error), "{mistakes:?}");
    program
}

fn watch<'p>(program: &'p Program, log: &Path, state: State) -> Watch<'p> {
    let options = ScanOptions::at("2026-11-12T12:00:00Z".parse().expect("an instant"));
    Watch::new(program, options, vec![Input::named("log", log)], StartAt::Beginning, state)
}

fn add(log: &Path, text: &str) {
    let file = OpenOptions::new().create(true).append(true).open(log);
    file.expect("a writable folder").write_all(text.as_bytes()).expect("a writable file");
}

fn poll(watch: &mut Watch<'_>) {
    let mut problems = Vec::new();
    watch.poll(Instant::now(), Timestamp::now(), &mut |notice| problems.push(notice));
    problems.retain(|notice| matches!(notice, Notice::Problem(_)));
    assert_eq!(problems, []);
}

/// The title number, count, lines and first and last time of each finding.
fn found(scan: &Scan) -> Vec<(String, u64, Vec<u64>)> {
    let of = |finding: &Finding| {
        let captures = finding.captures.values().map(ToString::to_string).collect::<String>();
        (captures, finding.count, finding.evidence.iter().map(|evidence| evidence.line).collect())
    };
    scan.findings.iter().map(of).collect()
}

/// Reads lines, with `between` after each of them.
#[track_caller]
fn check(between: impl for<'p> Fn(&'p Program, &Path, Watch<'p>) -> Watch<'p>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("app.log");
    let program = program();
    let mut watch = watch(&program, &log, State::default());
    let long = "2026-11-12 10:00:00 quiet\n".repeat(3_000);
    let stamped = |text: &str| format!("2026-11-12 10:00:00 {text}");
    let short = ["pump 1 hums\n", "pump 2 hums\n more\n", "gust\n", "gust\n"].map(stamped);
    let last = ["\x1b[31mgust\x1b[0m\n", "1%\rpump 1 hums\n"].map(stamped);
    for text in short.iter().chain([&long]).chain(&last) {
        add(&log, text);
        poll(&mut watch);
        watch = between(&program, &log, watch);
    }
    poll(&mut watch);
    let scan = watch.scan();
    let expected = [("1", 2, vec![1, 3007]), ("2", 1, vec![2]), ("", 3, vec![4, 5, 3006])];
    assert_eq!(found(&scan), expected.map(|(captures, count, lines)| (captures.to_owned(), count, lines)));
    assert_eq!(scan.sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(), ["log"]);
}

#[test]
fn a_watch_finds_what_is_added() {
    check(|_, _, watch| watch);
}

#[test]
fn a_restart_after_each_poll_changes_nothing() {
    check(|program, log, old| {
        let state = serde_json::to_vec(&old.state()).expect("JSON");
        watch(program, log, serde_json::from_slice(&state).expect("the same"))
    });
}

#[test]
fn a_new_pass_after_each_poll_changes_nothing() {
    check(|_, _, mut watch| {
        watch.replace_pass(Instant::now(), "2026-11-12T12:00:00Z".parse().expect("an instant"));
        watch
    });
}

#[test]
fn records_and_bytes_are_those_of_all_passes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("app.log");
    let program = program();
    let mut watch = watch(&program, &log, State::default());
    for n in 0..5_000 {
        add(&log, &format!("2026-11-12 10:00:00 \x1b[1mline {n} of many\x1b[0m\n"));
        if n % 1_000 == 500 {
            poll(&mut watch);
            watch.replace_pass(Instant::now(), Timestamp::UNIX_EPOCH);
        }
    }
    poll(&mut watch);
    let sources = watch.scan().sources;
    assert_eq!((sources[0].records, sources.len()), (5_000, 1));
    let n_raw = std::fs::metadata(&log).expect("the log").len();
    assert_eq!(sources[0].bytes, n_raw - 5_000 * "\x1b[1m\x1b[0m".len() as u64);
}

#[test]
fn a_finding_is_news_once_and_again_when_it_has_grown_for_a_while() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("app.log");
    let program = program();
    let mut watch = watch(&program, &log, State::default());
    let (begin, every) = (Instant::now(), Duration::from_secs(60));
    let mut news = |text: &str, seconds: u64| {
        add(&log, text);
        poll(&mut watch);
        let news = watch.news(begin + Duration::from_secs(seconds), every);
        news.map(|news| news.changes.iter().map(|change| (change.added, change.is_first)).collect::<Vec<_>>())
    };
    assert_eq!(news("quiet\n", 0), None);
    assert_eq!(news("pump 1 hums\n", 1), Some(vec![(1, true)]));
    assert_eq!(news("pump 1 hums\n", 2), None);
    assert_eq!(news("pump 2 hums\n", 3), Some(vec![(1, true)]));
    assert_eq!(news("pump 1 hums\n", 60), None);
    assert_eq!(news("", 61), Some(vec![(2, false)]));
    assert_eq!(news("", 1_000), None);
}

#[test]
fn a_state_that_is_none_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("s");
    assert_eq!(State::read(&path).expect("no file is the first state"), State::default());
    std::fs::write(&path, "{}").expect("a writable folder");
    assert!(State::read(&path).is_err_and(|error| error.to_string().contains("is not a state of this casebook")));
    let lock = State::lock(&path).expect("a free lock");
    assert!(matches!(State::lock(&path), Err(StateError::Busy { .. })));
    drop(lock);
    State::lock(&path).expect("a free lock again");
}
