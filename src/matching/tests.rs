//! Whole scans with programs built in code, and comparisons of the scan with a naive one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::probe::read_probe;
use super::*;
use crate::log::{Format, Input, Period, SourceZones};
use crate::pattern::Pattern;
use crate::rule::program::{
    Binding, Comparison, Condition, FieldPath, FindingKey, Matcher, Operand, PathStep, Probe, Right, Symptom, Template,
};
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;
use crate::value::Value;

/// A symptom whose findings are told apart by all captures.
fn symptom(name: &str, alternatives: Vec<Matcher>) -> Symptom {
    let holes = alternatives.iter().filter_map(|matcher| match matcher {
        Matcher::Pattern(pattern) => Some(pattern.holes()),
        Matcher::Any => None,
    });
    let names = holes.flatten().filter_map(|hole| hole.name.clone());
    let keys = names.map(|name| FindingKey { name: name.clone(), of: vec![Some(name)] });
    Symptom {
        name: name.to_owned(),
        leak: 0.001,
        keys: keys.collect(),
        bindings: vec![Binding { name: name.to_owned(), alternatives, filter: None, symptom: None }],
        ..Symptom::default()
    }
}

fn text(source: &str) -> Matcher {
    Matcher::Pattern(Pattern::text(source, false).expect("a valid pattern"))
}

fn program(symptoms: Vec<Symptom>) -> Program {
    Program { symptoms: symptoms.into(), ..Program::default() }
}

fn options() -> ScanOptions {
    ScanOptions::at("2017-01-02T00:00:00Z".parse().expect("a valid instant"))
}

fn scan_text(program: &Program, log: &str) -> Scan {
    scan(program, vec![Input::bytes("x.log", log)], &options())
}

fn text_value(text: &str) -> Value<'static> {
    Value::Text(text.as_bytes().to_vec().into())
}

/// Returns the symptom, count and lines of each finding.
fn outline(scan: &Scan) -> Vec<(u32, u64, Vec<u64>)> {
    let lines = |finding: &Finding| finding.evidence.iter().map(|evidence| evidence.line).collect();
    scan.findings.iter().map(|finding| (finding.symptom.0, finding.count, lines(finding))).collect()
}

#[test]
fn records_with_equal_captures_are_one_finding() {
    let program = program(vec![symptom("unreachable", vec![text("421 {..} contact {domain:host}")])]);
    let log = "2016-03-01T10:05:00Z imc: 421 cannot contact a.example\n\
        2016-03-01T10:00:00Z imc: 421 cannot contact b.example\n\
        2016-03-01T10:01:00Z imc: 1421 cannot contact a.example\n\
        2016-03-01T10:00:00Z imc: 421 cannot contact a.example\n";
    let time = |text: &str| Some(text.parse::<Timestamp>().expect("a valid instant"));
    let evidence = |line: usize| Evidence {
        source: SourceId(0),
        line: line as u64,
        text: log.lines().nth(line - 1).expect("such a line").to_owned(),
    };
    let finding = |domain: &str, count, first, last, lines: &[usize]| Finding {
        symptom: SymptomId(0),
        status: Status::Confirmed,
        count,
        captures: BTreeMap::from([("domain".to_owned(), text_value(domain))]),
        first: time(first),
        last: time(last),
        evidence: lines.iter().map(|line| evidence(*line)).collect(),
        timing: FindingTiming::default(),
    };
    let expected = [
        finding("a.example", 2, "2016-03-01T10:00:00Z", "2016-03-01T10:05:00Z", &[1, 4]),
        finding("b.example", 1, "2016-03-01T10:00:00Z", "2016-03-01T10:00:00Z", &[2]),
    ];
    assert_eq!(scan_text(&program, log).findings, expected);
}

#[test]
fn evidence_is_bounded_and_the_count_is_not() {
    let program = program(vec![symptom("s", vec![text("disk full")])]);
    let finding = &scan_text(&program, &"disk full\n".repeat(100)).findings[0];
    assert_eq!((finding.count, finding.evidence.len()), (100, MAX_EVIDENCE));
}

#[test]
fn too_many_findings_are_left_out_and_counted() {
    let program = program(vec![symptom("s", vec![text("user {name} gone")])]);
    let log: String = (0..grouping::MAX_FINDINGS + 5).map(|n| format!("user u{n} gone\n")).collect();
    let scan = scan_text(&program, &log);
    assert_eq!(scan.findings.len(), grouping::MAX_FINDINGS);
    assert_eq!(scan.remarks, [Remark::Forgotten(SymptomId(0), 5)]);
}

#[test]
fn a_filter_sees_fields_captures_and_in_the_end_the_count() {
    let compare = |left, op, right| Condition::Compare { left, op, right: Right::Value(right) };
    let level = || Operand::Field(FieldPath(vec![PathStep::Name("severity".to_owned())]));
    let mut both = symptom("s", vec![text("disk {dev} full")]);
    both.bindings[0].filter = Some(compare(level(), Comparison::Equal, text_value("error")));
    both.filter = Some(Condition::All(vec![
        compare(Operand::Capture("dev".to_owned()), Comparison::NotEqual, text_value("sdc")),
        compare(Operand::Count, Comparison::GreaterOrEqual, Value::Int(2)),
    ]));
    let log = ["ERROR", "INFO", "ERROR"]
        .iter()
        .flat_map(|level| ["sda", "sdb", "sdc"].map(|dev| format!("2016-01-01 10:00:00 {level} disk {dev} full\n")))
        .chain(["2016-01-01 10:00:00 ERROR disk sdd full\n".to_owned()])
        .collect::<String>();
    assert_eq!(outline(&scan_text(&program(vec![both]), &log)), [(0, 2, vec![1, 7]), (0, 2, vec![2, 8])]);
}

#[test]
fn any_matches_every_record_of_json_lines() {
    let path = |names: &[&str]| FieldPath(names.iter().map(|name| PathStep::Name((*name).to_owned())).collect());
    let mut high = symptom("high", vec![Matcher::Any]);
    high.bindings[0].filter = Some(Condition::Compare {
        left: Operand::Field(path(&["disk", "used"])),
        op: Comparison::Greater,
        right: Right::Value(Value::Num(0.95)),
    });
    let log = "{\"disk\":{\"used\":0.96}}\n{\"disk\":{\"used\":0.5}}\n{\"disk\":{}}\n{\"disk\":{\"used\":1}}\n";
    assert_eq!(outline(&scan_text(&program(vec![high]), log)), [(0, 2, vec![1, 4])]);
}

#[test]
fn a_literal_that_json_escapes_is_found() {
    let quoted = symptom("s", vec![text("cannot open \"C:\\\\temp\\\\ä\"")]);
    let log = r#"{"msg":"cannot open \"C:\\temp\\\u00e4\""}"#;
    assert_eq!(outline(&scan_text(&program(vec![quoted]), log)), [(0, 1, vec![1])]);
}

#[test]
fn probes_are_read_in_pasted_output_only() {
    let mut probe = symptom("mx", vec![text("non-existent domain {name}")]);
    probe.probe = Some(Probe { question: Template(Vec::new()), run: None });
    let program = program(vec![probe]);
    assert_eq!(scan_text(&program, "non-existent domain x\n").findings, []);
    let read =
        |output: &[u8]| read_probe(&program, SymptomId(0), output).map(|finding| (finding.count, finding.captures));
    let captures = BTreeMap::from([("name".to_owned(), text_value("a.example"))]);
    assert_eq!(read(b"Server: ns\n\n*** non-existent domain a.example\n"), Some((1, captures)));
    assert_eq!(read(b"Server: ns\n"), None);
}

/// Returns a symptom that is read only from sources or programs called `on`.
fn on(name: &str, on: &str) -> Symptom {
    Symptom { on: vec![on.to_owned()], ..symptom(name, vec![text(name)]) }
}

#[test]
fn on_names_a_source_format_program_or_file() {
    let program = program(vec![
        on("alpha", "web"),
        on("beta", "sshd"),
        on("gamma", "syslog"),
        on("delta", "cron"),
        on("omega", "x"),
    ]);
    let line = "Jun 14 15:16:01 combo sshd[1]: alpha beta gamma delta omega\n";
    let inputs = vec![Input::bytes("web", line), Input::bytes("other", "beta\nalpha\n")];
    let scan = scan(&program, inputs, &options());
    assert_eq!(outline(&scan), [(0, 1, vec![1]), (1, 1, vec![1]), (2, 1, vec![1])]);
    let not_looked_for: Vec<_> = scan.sources.iter().map(|source| source.not_looked_for.as_slice()).collect();
    let all = [SymptomId(0), SymptomId(1), SymptomId(2), SymptomId(3), SymptomId(4)];
    assert_eq!(not_looked_for, [&all[3..], &all[..]]);
}

#[test]
fn a_symptom_that_was_looked_for_anywhere_at_any_time_is_silent() {
    let program = program(vec![on("alpha", "app"), on("beta", "app"), on("gamma", "old"), on("delta", "missing")]);
    let inputs = vec![
        Input::bytes("app", "2016-01-01 10:00:00 alpha\n2016-01-01 11:00:00 end\n"),
        Input::bytes("old", "2015-01-01 10:00:00 nothing\n"),
    ];
    assert_eq!(scan(&program, inputs, &options()).silent, [SymptomId(1), SymptomId(2)]);
}

#[test]
fn silence_counts_in_a_log_that_is_written_newest_first() {
    let program = program(vec![on("alpha", "app"), on("beta", "journal")]);
    let newest_first = "2016-01-01 11:00:00 c\n2016-01-01 10:30:00 b\n2016-01-01 09:00:00 a\n";
    let inputs = vec![Input::bytes("app", "2016-01-01 10:00:00 alpha\n"), Input::bytes("journal", newest_first)];
    assert_eq!(scan(&program, inputs, &options()).silent, [SymptomId(1)]);
}

#[test]
fn a_program_is_seen_in_a_record_that_is_like_others_or_that_could_show_a_symptom() {
    let line = |program: &str, message: &str| format!("Jun 14 15:16:01 combo {program}[1]: {message}\n");
    let is_looked_for = |symptom: Symptom, log: String| {
        let scan = scan_text(&program(vec![symptom]), &log);
        scan.sources[0].not_looked_for.is_empty()
    };
    let two_jobs = || line("job1", "done") + &line("job2", "done");
    assert!(is_looked_for(on("alpha", "job2"), two_jobs()));
    assert!(!is_looked_for(on("alpha", "job3"), two_jobs()));
    let long = line("cron", "done").repeat(10_001);
    let accepted =
        || Symptom { on: vec!["sshd".to_owned()], ..symptom("s", vec![text("Accepted publickey {..} root")]) };
    assert!(is_looked_for(accepted(), long.clone() + &line("sshd", "Accepted publickey for guest")));
    assert!(!is_looked_for(accepted(), long));
}

#[test]
fn an_unreadable_input_does_not_affect_others() {
    let program = program(vec![symptom("s", vec![text("disk full")])]);
    let inputs =
        vec![Input::path("no/such.log"), Input::bytes("zip", *b"PK\x03\x04\0"), Input::bytes("b", "disk full\n")];
    let scan = scan(&program, inputs, &options());
    assert_eq!(outline(&scan), [(0, 1, vec![1])]);
    let names: Vec<_> = scan.unreadable.iter().map(|unreadable| unreadable.name.as_str()).collect();
    assert_eq!(names, ["no/such.log", "zip"]);
    assert_eq!(scan.sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn a_source_is_summed_up() {
    let log = "Jun 14 15:16:01 combo sshd[1]: a\n  more\nno stamp\nJun 14 15:20:00 combo sshd[1]: b\nJun 14 15:18:00 combo x: c\n";
    let scan = scan_text(&program(vec![]), log);
    let time = |text: &str| Some(text.parse().expect("a valid instant"));
    let expected = SourceSummary {
        name: "x.log".to_owned(),
        format: "syslog".to_owned(),
        records: 3,
        left_out: 0,
        bytes: log.len() as u64,
        first: time("2016-06-14T15:16:01Z"),
        last: time("2016-06-14T15:20:00Z"),
        not_looked_for: vec![],
        cut: 0,
    };
    assert_eq!(scan.sources, [expected]);
    assert_eq!(scan.remarks, [Remark::AssumedUtc(SourceId(0)), Remark::AssumedYear(SourceId(0))]);
}

#[test]
fn a_record_without_a_stamp_is_as_old_as_the_one_before_it() {
    let json = |time: &str| format!("{{\"time\":\"2016-01-01T{time}Z\",\"msg\":\"a\"}}\n");
    let [first, second, third] = ["10:02:00", "10:05:00", "10:09:00"].map(json);
    let log = &format!("{first}{first}{second}odd one\nodd two\n{third}odd three\n");
    let program = program(vec![symptom("odd", vec![text("odd {_}")])]);
    let time = |text: &str| Some(text.parse().expect("a valid instant"));
    let scan = scan_text(&program, &log.replace("odd three\n", ""));
    assert_eq!(scan.findings[0].last, time("2016-01-01T10:05:00Z"));
    assert!(scan.remarks.contains(&Remark::InheritedTime(SourceId(0))));
    let scan = scan_text(&program, log);
    let span = |scan: &Scan| (scan.findings[0].first, scan.findings[0].last);
    assert_eq!(span(&scan), (time("2016-01-01T10:05:00Z"), time("2016-01-01T10:09:00Z")));

    let own = scan_text(&program, "2016-01-01 10:00:00 odd one\n");
    assert_eq!(own.remarks, [Remark::AssumedUtc(SourceId(0))]);
    let plain = scan_text(&program, "odd one\n");
    assert_eq!((span(&plain), plain.remarks), ((None, None), vec![]));
}

#[test]
fn a_source_lacks_times_if_more_than_a_fifth_of_its_lines_have_none() {
    let remarks = |odd| {
        let log = "odd\n".repeat(odd) + &"2016-01-01 10:00:00 a\n  more\n".repeat(4);
        scan_text(&program(vec![]), &log).remarks
    };
    let utc = Remark::AssumedUtc(SourceId(0));
    assert_eq!(remarks(2), std::slice::from_ref(&utc));
    assert_eq!(remarks(3), [utc, Remark::LacksTimes { source: SourceId(0), percent: 27 }]);
    assert_eq!(scan_text(&program(vec![]), "odd\n").remarks, []);
}

#[test]
fn a_stated_zone_moves_the_times_and_is_no_assumption() {
    let program = program(vec![symptom("odd", vec![text("odd {_}")])]);
    let tokyo = crate::log::zone_named("Asia/Tokyo").expect("a known zone");
    let stated = ScanOptions { zones: SourceZones { stated: Some(tokyo), configured: Vec::new() }, ..options() };
    let log = "2016-01-01 10:00:00 odd one\n";
    let whole = scan(&program, vec![Input::bytes("x", log)], &stated);
    let time = "2016-01-01T01:00:00Z".parse().ok();
    assert_eq!((whole.findings[0].first, whole.sources[0].first, whole.remarks), (time, time, vec![]));
    let mut pass = Pass::new(&program, stated);
    let source = pass.open(&Input::bytes("x", []));
    pass.feed(source, log.as_bytes());
    assert_eq!(pass.finish().findings[0].first, time);
}

fn minutes(since: u32, until: u32) -> Period {
    let time = |minute: u32| format!("2016-01-01T10:{minute:02}:00Z").parse().ok();
    Period { since: time(since), until: time(until) }
}

#[test]
fn a_period_takes_a_part_and_says_so() {
    let log = "2016-01-01 10:00:00 odd one\n2016-01-01 10:02:00 odd two\nodd three\n2016-01-01 10:05:00 x\n";
    let program = program(vec![symptom("odd", vec![text("odd {_}")])]);
    let inputs = || vec![Input::bytes("a", log), Input::bytes("b", "odd four\n")];
    let options = ScanOptions { period: minutes(1, 4), ..options() };
    let part = scan(&program, inputs(), &options);
    let time = "2016-01-01T10:02:00Z".parse().ok();
    let counts: Vec<_> = part.sources.iter().map(|source| (source.records, source.left_out, source.first)).collect();
    assert_eq!(counts, [(1, 2, time), (1, 0, None)]);
    assert_eq!(outline(&part), [(0, 2, vec![2, 1])]);
    let said = [Remark::Period(minutes(1, 4)), Remark::AssumedUtc(SourceId(0)), Remark::TakenWhole(SourceId(1))];
    assert!(said.iter().all(|remark| part.remarks.contains(remark)), "{:?}", part.remarks);
    let near = why_not_seen(&program, SymptomId(0), SearchedInputs { inputs: inputs(), probes: vec![] }, &options);
    assert_eq!(near.sources.iter().map(|source| source.records).collect::<Vec<_>>(), [1, 1]);
}

/// Returns the lines of the records that belong to `period`, by the texts of the records alone.
fn naive_part(log: &str, period: Period) -> Vec<u64> {
    let mut time = None;
    let mut lines = Vec::new();
    for (line, record) in naive_records(log) {
        let stamp = record.split('"').nth(3).and_then(|time| time.parse().ok());
        time = stamp.or(time);
        if time.is_none_or(|time| period.contains(time)) {
            lines.push(line);
        }
    }
    lines
}

/// Returns a program with patterns of all kinds over a small alphabet, so that they often match.
fn patterns() -> Program {
    let folded = Matcher::Pattern(Pattern::text("ABBA", true).expect("a valid pattern"));
    let regex = Matcher::Pattern(Pattern::regex("(?<x>a+)b(?:cab|bac)", "").expect("a valid pattern"));
    let mut late = symptom("late", vec![text("b {x}"), text("c")]);
    let second = vec![text("abc")];
    late.bindings.push(Binding { name: "second".to_owned(), alternatives: second, filter: None, symptom: None });
    program(vec![
        symptom("literal", vec![text("abc")]),
        symptom("holes", vec![text("cab {x} a"), text("bac {..} cab")]),
        symptom("folded", vec![folded]),
        symptom("regex", vec![regex]),
        symptom("short", vec![text("a")]),
        late,
        Symptom { on: vec!["json".to_owned()], ..symptom("bound", vec![text("abc")]) },
    ])
}

/// Finds what a scan should find, but without the prefilter and the reader: tries every pattern on every record.
fn naive(program: &Program, records: &[(u64, &str)]) -> Vec<(u32, Captures, u64, Vec<u64>)> {
    let mut found = Vec::<(u32, Captures, u64, Vec<u64>)>::new();
    for (id, symptom) in (0..).zip(&program.symptoms).filter(|(_, symptom)| symptom.on.is_empty()) {
        for (line, record) in records {
            let matchers = symptom.bindings.iter().flat_map(|binding| &binding.alternatives);
            let captures = matchers.filter_map(|matcher| match matcher {
                Matcher::Pattern(pattern) => pattern.captures(record.trim_ascii().as_bytes()),
                Matcher::Any => Some(Captures::new()),
            });
            let Some(captures) = captures.into_iter().next() else { continue };
            match found.iter_mut().find(|(other, shared, ..)| *other == id && *shared == captures) {
                Some((_, _, count, lines)) => {
                    *count += 1;
                    lines.push(*line);
                }
                None => found.push((id, captures, 1, vec![*line])),
            }
        }
    }
    found
}

/// Cuts a log into records: an unindented line, and the lines after it that are empty or indented. Returns the first
/// line and the text of each.
fn naive_records(log: &str) -> Vec<(u64, &str)> {
    let indented_excerpt = log.trim_start_matches(['\r', '\n']).starts_with([' ', '\t']);
    let mut records: Vec<(u64, usize, usize)> = Vec::new();
    let mut start = 0;
    for (number, line) in (1..).zip(log.split_inclusive('\n')) {
        let continues = line.starts_with(['\r', '\n']) || (!indented_excerpt && line.starts_with([' ', '\t']));
        match records.last_mut() {
            Some((_, _, end)) if continues => *end += line.len(),
            _ => records.push((number, start, start + line.len())),
        }
        start += line.len();
    }
    records.into_iter().map(|(number, start, end)| (number, &log[start..end])).collect()
}

/// Returns all of a scan as one value that can be compared.
fn parts(scan: Scan) -> impl PartialEq + std::fmt::Debug {
    (scan.findings, scan.silent, scan.sources, scan.salient, scan.unreadable, scan.remarks)
}

/// A log that ends in `end`. If `is_long`, so much filler comes before it that the format is detected before `end` is fed.
fn fed_log(is_long: bool, end: &str) -> String {
    let line = "2016-01-01 10:00:00 INFO filler of the log\n";
    if is_long { line.repeat(70_000 / line.len()) + end } else { end.to_owned() }
}

/// Feeds the logs in portions, then the rest of each. A portion is the index of a log, a number of bytes, and whether a
/// snapshot follows. Checks that each snapshot equals a scan of what was fed so far.
fn fed(program: &Program, logs: &[String], portions: &[(usize, usize, bool)]) -> Result<Scan, TestCaseError> {
    let name = |log: usize| format!("log{log}");
    let mut pass = Pass::new(program, options());
    let sources: Vec<_> = (0..logs.len()).map(|log| pass.open(&Input::bytes(name(log), []))).collect();
    let mut ends = vec![0; logs.len()];
    for (log, len, has_snapshot) in portions {
        let log = log % logs.len();
        let end = (ends[log] + len).min(logs[log].len());
        pass.feed(sources[log], &logs[log].as_bytes()[ends[log]..end]);
        ends[log] = end;
        if *has_snapshot {
            let inputs = (0..logs.len()).map(|log| Input::bytes(name(log), &logs[log].as_bytes()[..ends[log]]));
            prop_assert_eq!(parts(pass.snapshot()), parts(scan(program, inputs.collect(), &options())));
        }
    }
    for log in 0..logs.len() {
        pass.feed(sources[log], &logs[log].as_bytes()[ends[log]..]);
    }
    Ok(pass.finish())
}

#[test]
fn a_coloured_record_shows_a_symptom_and_its_evidence_is_clean() {
    let program = program(vec![symptom("s", vec![text("failed: disk full")])]);
    let log =
        "\x1b[31mERROR\x1b[0m write failed: \x1b[1mdisk full\x1b[0m\n10%\rfailed: disk full\nfailed: disk[1m full\n";
    let scan = scan_text(&program, log);
    let evidence = |line, text: &str| Evidence { source: SourceId(0), line, text: text.to_owned() };
    let expected = [evidence(1, "ERROR write failed: disk full"), evidence(2, "failed: disk full")];
    assert_eq!(scan.findings[0].evidence, expected);
}

#[test]
fn a_fed_source_that_is_not_text_is_unreadable_and_keeps_its_id() {
    let program = program(vec![symptom("s", vec![text("disk full")])]);
    let mut pass = Pass::new(&program, options());
    let (binary, log) = (pass.open(&Input::bytes("a", [])), pass.open(&Input::bytes("b", [])));
    pass.feed(binary, b"disk full\n\x01\0\x02\0");
    pass.feed(log, b"disk ");
    pass.feed(log, b"full");
    pass.close(binary);
    pass.feed(binary, b"disk full\n");
    let scan = pass.finish();
    assert_eq!(scan.findings[0].evidence, [Evidence { source: log, line: 1, text: "disk full".to_owned() }]);
    assert_eq!(scan.sources.iter().map(|source| source.records).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(scan.unreadable[0].reason, "a is not a text file");
}

#[test]
fn a_pass_may_move_to_another_thread() {
    fn check<T: Send>() {}
    check::<Pass<'_>>();
}

#[test]
fn evidence_of_sources_that_are_fed_in_turns_is_in_order_of_source_and_line() {
    let program = program(vec![symptom("s", vec![text("disk full")])]);
    let lines = |n: usize| "disk full\n".repeat(n);
    let mut pass = Pass::new(&program, options());
    let (first, second) = (pass.open(&Input::bytes("a", [])), pass.open(&Input::bytes("b", [])));
    pass.feed(second, lines(MAX_EVIDENCE).as_bytes());
    pass.close(second);
    pass.feed(first, lines(2).as_bytes());
    let finding = &pass.finish().findings[0];
    let places: Vec<_> = finding.evidence.iter().map(|evidence| (evidence.source, evidence.line)).collect();
    let expected = (1..=2).map(|line| (first, line)).chain((1..).map(|line| (second, line)));
    assert_eq!(places, expected.take(MAX_EVIDENCE).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn feeding_in_any_portions_with_snapshots_ends_in_the_same_scan(
        logs in prop::collection::vec((any::<bool>(), "((2016-01-01 10:0[0-9]:00 )?(\x1b\\[1m|\r)?[abc ]{0,9}\r?\n){0,12}[abc]{0,3}"), 1..4),
        portions in prop::collection::vec((0_usize..4, prop_oneof![0_usize..40, 0_usize..70_000], prop::bool::weighted(0.2)), 0..20),
    ) {
        let program = patterns();
        let logs: Vec<String> = logs.iter().map(|(is_long, end)| fed_log(*is_long, end)).collect();
        let inputs = (0..).zip(&logs).map(|(log, text)| Input::bytes(format!("log{log}"), text.as_str()));
        let whole = scan(&program, inputs.collect(), &options());
        prop_assert_eq!(parts(fed(&program, &logs, &portions)?), parts(whole));
    }
}

/// Found by the fuzzer: what comes before the first record of a document was counted only if it was read with it.
#[test]
fn the_size_of_chunks_does_not_matter_around_the_records_of_a_document() {
    for log in ["[{\"@", "[\n{\"a\":1},\n\n{\"a\":2}\n]\n"] {
        let scanned = |chunk_bytes| {
            let options = ScanOptions { chunk_bytes, ..options() };
            scan(&patterns(), vec![Input::bytes("x", log)], &options).sources
        };
        for chunk_bytes in 1..12 {
            assert_eq!(scanned(chunk_bytes), scanned(1 << 20), "{log}, {chunk_bytes} bytes at a time");
        }
    }
}

proptest! {
    #[test]
    fn the_fast_scan_finds_what_the_naive_one_finds(
        log in "([abcAB \t]{0,9}\n){0,12}[abc]{0,5}",
        // The first of many small chunks are searched without a filter.
        chunk_bytes in prop::sample::select(vec![1, 1 << 20]),
    ) {
        let program = patterns();
        let options = ScanOptions { chunk_bytes, ..options() };
        let scan = scan(&program, vec![Input::bytes("x.log", log.as_str())], &options);
        let found: Vec<_> = scan.findings.into_iter().map(|finding| {
            let lines: Vec<_> = finding.evidence.iter().map(|evidence| evidence.line).collect();
            (finding.symptom.0, finding.captures, finding.count, lines)
        }).collect();
        prop_assert_eq!(found, naive(&program, &naive_records(&log)));
    }

    #[test]
    fn the_size_of_chunks_does_not_matter(log in "((2016-01-01 10:0[0-9]:00 )?[abc ]{0,9}\n){0,12}", chunk_bytes in 1_usize..30) {
        let program = patterns();
        let scanned = |chunk_bytes| {
            let options = ScanOptions { chunk_bytes, ..options() };
            let scan = scan(&program, vec![Input::bytes("x", log.as_str())], &options);
            (scan.findings, scan.sources, scan.salient, scan.silent, scan.remarks)
        };
        prop_assert_eq!(scanned(chunk_bytes), scanned(1 << 20));
    }

    #[test]
    fn the_number_of_threads_does_not_matter(
        log in "((2016-01-01 10:0[0-9]:0[0-3] )?(ab: )?([abc ]{0,9}|error b[0-9]|fatal: c)\n){0,40}",
        chunk_bytes in 1_usize..90,
        is_part in any::<bool>(),
    ) {
        let mut program = patterns();
        let bound = Symptom { on: vec!["ab".to_owned()], ..symptom("by_program", vec![text("abc"), text("fatal")]) };
        program.symptoms.push(bound);
        let all = Period::default();
        let scanned = |n_threads| {
            let period = if is_part { minutes(2, 6) } else { all };
            let options = ScanOptions { chunk_bytes, n_threads, period, ..options() };
            let inputs = ["one", "two"].map(|name| Input::bytes(name, log.as_str()));
            format!("{:?}", parts(scan(&program, inputs.into(), &options)))
        };
        let expected = scanned(1);
        prop_assert_eq!(scanned(2), expected.clone());
        prop_assert_eq!(scanned(7), expected);
    }

    #[test]
    fn a_part_has_the_findings_of_its_records(
        log in r#"(\{"time":"2016-01-01T10:0[0-9]:00Z","msg":"[abc]{1,9}"\}\n|[abc]{1,9}\n){0,12}"#, since in 0_u32..9, len in 0_u32..9, chunk_bytes in 1_usize..90,
    ) {
        let program = patterns();
        let json = ScanOptions { chunk_bytes, format: Format::by_name("json"), ..options() };
        let period = minutes(since, since + len);
        let scanned = |period| scan(&program, vec![Input::bytes("x", log.as_str())], &ScanOptions { period, ..json.clone() });
        let taken = naive_part(&log, period);
        let lines = |finding: &Finding| {
            let lines = finding.evidence.iter().map(|evidence| evidence.line);
            (finding.symptom, finding.captures.clone(), lines.filter(|line| taken.contains(line)).collect::<Vec<_>>())
        };
        let part = scanned(period);
        let found: Vec<_> = part.findings.iter().map(lines).collect();
        let mut expected: Vec<_> = scanned(Period::default()).findings.iter().map(lines).collect();
        expected.retain(|(.., lines)| !lines.is_empty());
        expected.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
        let mut found_sorted = found.clone();
        found_sorted.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
        prop_assert_eq!(found_sorted, expected);
        prop_assert_eq!(part.sources[0].records, taken.len() as u64);
        prop_assert!(part.findings.iter().all(|finding| finding.count == finding.evidence.len() as u64));
    }

    #[test]
    fn any_bytes_are_scanned_without_panic(log in proptest::collection::vec(any::<u8>(), 0..300)) {
        let program = patterns();
        scan(&program, vec![Input::bytes("x", log.as_slice())], &options());
        let mut pass = Pass::new(&program, options());
        let source = pass.open(&Input::bytes("x", []));
        pass.feed(source, &log);
        pass.finish();
    }
}

/// Symptoms of all kinds about ten messages.
const TIMED: &str = r#"
    symptom burst "{n}" { match a: "alpha {n:int}" when count(a) >= 3 within 20s by n }
    symptom pair "x" { match a: "alpha {n:int}" match b: "beta {n:int}" when a then b within 10s by n }
    symptom gap "x" { match a: "alpha {n:int}" match b: "beta {n:int}" match c: "gamma" when a then no c then b within 30s by n }
    symptom missing "x" { match a: "alpha {n:int}" match b: "beta {n:int}" when a then no b within 15s by n }
    symptom both "x" { match a: "alpha" match b: "beta" match c: "gamma" when a and b and no c for 5s within 10s }
    symptom share "x" { match a: "alpha" match all: any when ratio(a, all) >= 40% and count(all) >= 3 within 15s }
    symptom kinds "x" { match a: "alpha {n:int}" when distinct(a.n) >= 3 within 25s unless gamma within 4s }
    symptom gamma "x" { match "gamma" ended by "beta" }
    symptom chain "x" { when count(pair) >= 2 within 40s }
    symptom either "x" { match a: "alpha {n:int}" match b: "beta {n:int}" when (count(a) >= 2 within 8s) or b within 9s by n rearm every match }
    symptom until "x" { match a: "alpha {n:int}" match b: "beta {n:int}" match c: "gamma" when a then b within 20s by n rearm on c }
    symptom before "x" { match a: "alpha" match c: "gamma" when no c for 20s then a }
    symptom silent "x" { match b: "beta {n:int}" when no b for 30s by n }
    symptom lasts "x" { match a: "alpha {n:int}" where n > 0 when a for 20s }
    symptom new "x" { match a: "alpha {n:int}" when first a within 60s by n }
    symptom unusual "x" { match a: "alpha {n:int}" when count(a) > 1 * usual within 15s }
    symptom total "x" { match a: "alpha {n:int}" when sum(a.n) > 2 within 20s }
    symptom least "x" { match a: "alpha {n:int}" when min(a.n) >= 1 and count(a) >= 2 within 20s }
    symptom most "x" { match a: "alpha {n:int}" when max(a.n) < 2 within 20s by n rearm for 50s }
    symptom mean "x" { match a: "alpha {n:int}" when avg(a.n) > 1.2 within 20s }
    symptom tail "x" { match a: "alpha {n:int}" when p95(a.n) > 1 within 20s }
    symptom anew "x" { match a: "alpha {n:int}" match c: "gamma" when count(a) >= 2 within 30s by n resets on c rearm for 50s }
"#;

fn message() -> impl Strategy<Value = String> {
    let number = 0..3_u8;
    prop_oneof![
        4 => number.clone().prop_map(|n| format!("alpha {n}")),
        3 => number.prop_map(|n| format!("beta {n}")),
        1 => Just("gamma".to_owned()),
        1 => Just("other".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Neither the order in which records come nor the files that they are in decide about conditions on time.
    #[test]
    fn order_and_files_do_not_matter(
        steps in prop::collection::vec((1..9_i64, message(), 0..3_usize), 1..40).prop_shuffle(),
        order in Just((0..40_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let program = cases::program_of(TIMED);
        let mut time = 1_770_000_000;
        let lines: Vec<(String, usize)> = steps.iter().map(|(step, message, file)| {
            time += step;
            (format!("{} {message}\n", Timestamp::from_second(time).expect("a time")), *file)
        }).collect();
        let outline = |inputs: Vec<Input>| {
            let scan = scan(&program, inputs, &options());
            let of = |finding: &Finding| {
                let text: Vec<String> = finding.evidence.iter().map(|one| one.text.clone()).collect();
                let timing = FindingTiming { is_order_uncertain: false, ..finding.timing };
                let what = (finding.symptom, finding.status, finding.count, finding.captures.clone());
                (format!("{what:?}"), finding.first, finding.last, format!("{timing:?}"), text)
            };
            let mut found: Vec<_> = scan.findings.iter().filter(|one| one.timing.is_episode).map(of).collect();
            found.sort();
            found
        };
        let whole: String = lines.iter().map(|(line, _)| line.as_str()).collect();
        let expected = outline(vec![Input::bytes("x.log", whole)]);
        let mut files = vec![String::new(); 3];
        for at in order.into_iter().filter(|at| *at < lines.len()) {
            files[lines[at].1] += &lines[at].0;
        }
        files.retain(|file| !file.is_empty());
        let split = files.iter().enumerate().map(|(n, text)| Input::bytes(format!("{n}.log"), text.clone()));
        prop_assert_eq!(outline(split.collect()), expected);
    }
}
