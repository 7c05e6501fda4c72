//! Runs the tests in rule files. Each test runs the real engine on its own lines.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use crate::infer::{self, Diagnosis, Facts, Proposed};
use crate::log::Input;
use crate::log::timestamp::{StampRules, find_stamp};
use crate::matching::{self, Finding, Pass, ScanOptions, Status};
use crate::rule::{Condition, Expectation, Feed, Program, RuleText, SymptomId, Test};
use crate::source::LineIndex;

/// The name of the source for lines for which a test names no source.
const NAMELESS: &str = "test";

/// The current time in every test, fixed so that a test gives the same result in ten years. Time stamps without a year
/// are read as stamps of 2024, a leap year. This is a day before its end because the reader accepts stamps that are up
/// to a day in the future.
const CLOCK: Timestamp = Timestamp::constant(1_735_603_199, 0); // 2024-12-30T23:59:59Z

/// The outcome of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOutcome {
    /// The title of the test.
    pub title: String,
    /// File and line of the test.
    pub place: String,
    /// Expectations that failed; empty if the test passed.
    pub failures: Vec<Failure>,
}

/// An expectation that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its line in the rule file, from 1.
    pub line: usize,
    /// The expectation and the actual result.
    pub text: String,
}

/// Runs all tests of `program`, in order. `files` are the texts it was loaded from. The time is always the end of 2024,
/// so stamps without a year are of that year.
pub fn run_tests(program: &Program, files: &[RuleText]) -> Vec<TestOutcome> {
    // The search for all patterns is prepared once: each test begins with a copy of this pass.
    let pass = Pass::new(program, ScanOptions::at(CLOCK));
    program.tests.par_iter().map(|test| run(program, pass.clone(), test, &files[test.at.0.0 as usize])).collect()
}

fn run(program: &Program, pass: Pass<'_>, test: &Test, file: &RuleText) -> TestOutcome {
    let index = LineIndex::new(&file.text);
    let line_of = |offset| index.line_col(&file.text, offset).line;
    let diagnosis = diagnose(program, pass, test);
    let failures = test.expectations.iter().filter_map(|(expectation, span)| {
        let text = failure(program, &diagnosis, expectation)?;
        Some(Failure { line: line_of(span.start), text })
    });
    TestOutcome {
        title: test.title.clone(),
        place: format!("{}:{}", file.path, line_of(test.at.1.start)),
        failures: failures.collect(),
    }
}

fn diagnose(program: &Program, mut pass: Pass<'_>, test: &Test) -> Diagnosis {
    let mut sources: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for feed in &test.feeds {
        let lines = sources.entry(feed.source.as_deref().unwrap_or(NAMELESS)).or_default();
        for line in fed_lines(feed) {
            lines.extend_from_slice(line.as_bytes());
            lines.push(b'\n');
        }
    }
    sources.into_iter().for_each(|(name, bytes)| pass.read(Input::bytes(name, bytes)));
    let scan = pass.finish();
    let facts = Facts { answers: test.answers.clone(), ..Facts::default() };
    infer::diagnose(program, scan, &facts, &infer::Searched::default(), &|_| None)
}

/// Returns the lines of one `feed`. With `every`, the stamp in the line is that of the first line, and later lines have
/// later stamps. A line without a stamp begins with `from` if that is given.
fn fed_lines(feed: &Feed) -> Vec<String> {
    let line = match feed.from {
        Some(from) if find_stamp(feed.line.as_bytes(), &StampRules::utc(CLOCK)).is_none() => {
            format!("{from} {}", feed.line)
        }
        _ => feed.line.clone(),
    };
    let stamp = find_stamp(line.as_bytes(), &StampRules::utc(CLOCK));
    let start = feed.from.or(stamp.as_ref().map(|stamp| stamp.time));
    let nth = |n: u32| match (&stamp, start, moved(start, feed.every, n)) {
        (Some(stamp), Some(_), Some(time)) => stamp.rewrite(&line, time),
        _ => line.clone(),
    };
    (0..feed.times).map(nth).collect()
}

/// Returns the time of line `n`, from 0: `start` + `n` · `every`. `None` without a start, or if the time is out of
/// range.
fn moved(start: Option<Timestamp>, every: Option<Duration>, n: u32) -> Option<Timestamp> {
    let step = every.unwrap_or_default().checked_mul(n)?;
    start?.checked_add(SignedDuration::try_from(step).ok()?).ok()
}

/// Returns the reason why the expectation fails; `None` if it holds.
fn failure(program: &Program, diagnosis: &Diagnosis, expectation: &Expectation) -> Option<String> {
    match expectation {
        Expectation::Symptom { symptom, findings, with } => {
            let seen = seen(diagnosis, *symptom, with.as_ref()).count();
            let wanted = findings.map_or("at least one finding".to_owned(), |n| format!("{n} findings"));
            let holds = findings.map_or(seen > 0, |n| seen == n as usize);
            (!holds).then(|| format!("expected {wanted} of {}, got {seen}", program.symptom(*symptom).name))
        }
        Expectation::NoSymptom(symptom) => {
            let finding = seen(diagnosis, *symptom, None).next()?;
            let line = finding.evidence.first().map(|evidence| format!(": {}", evidence.text)).unwrap_or_default();
            Some(format!("expected no {}, but it was seen{line}", program.symptom(*symptom).name))
        }
        Expectation::Unconfirmed(symptom) => {
            let is_open = |finding: &&Finding| finding.symptom == *symptom && finding.status == Status::Unconfirmed;
            if diagnosis.findings.iter().any(|finding| is_open(&finding)) {
                return None;
            }
            let name = &program.symptom(*symptom).name;
            let actual = match seen(diagnosis, *symptom, None).next() {
                Some(_) => "it is confirmed",
                None => "it was not seen",
            };
            Some(format!("expected {name} to be unconfirmed, but {actual}"))
        }
        Expectation::TopCause(cause, at_least) => {
            let name = &program.cause(*cause).name;
            let Some(top) = diagnosis.causes.first() else {
                return Some(format!("expected {name} as the top cause, but there is none"));
            };
            let percent = top.probability * 100.0;
            if top.cause != *cause {
                let other = &program.cause(top.cause).name;
                return Some(format!("expected {name} as the top cause, got {other} ({percent:.1} %)"));
            }
            let least = at_least.filter(|&least| top.probability < least)?;
            Some(format!("expected {name} with at least {:.1} %, got {percent:.1} %", least * 100.0))
        }
        Expectation::FirstResolution(resolution) => {
            let name = &program.resolution(*resolution).name;
            match diagnosis.resolutions.first() {
                Some(first) if first.resolution == Proposed::Rule(*resolution) => None,
                Some(first) => {
                    let other = &first.resolution.as_rule(program).name;
                    Some(format!("expected {name} as the first resolution, got {other}"))
                }
                None => Some(format!("expected {name} as the first resolution, but there is none")),
            }
        }
    }
}

/// Returns the findings of a symptom that was seen or answered yes for which the condition holds.
fn seen<'a>(
    diagnosis: &'a Diagnosis,
    symptom: SymptomId,
    with: Option<&'a Condition>,
) -> impl Iterator<Item = &'a Finding> {
    diagnosis.findings.iter().filter(move |finding| {
        finding.symptom == symptom
            && !matches!(finding.status, Status::Answered(false) | Status::Unconfirmed)
            && with.is_none_or(|condition| matching::holds_for(condition, finding))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loads the text and runs its tests. Returns what is wrong.
    fn wrong(name: &str, text: String) -> String {
        let files = [RuleText { path: name.to_owned(), text }];
        let (program, remarks) = crate::rule::load(&files, None);
        let errors = remarks.iter().filter(|(_, remark)| remark.severity == crate::diagnostic::Severity::Error);
        let mut wrong: String =
            errors.map(|(_, error)| format!("{name}: {} {:?}\n", error.title, error.span())).collect();
        for outcome in run_tests(&program, &files).iter().filter(|outcome| !outcome.failures.is_empty()) {
            let failures = outcome.failures.iter().map(|failure| format!("\n    {}: {}", failure.line, failure.text));
            wrong += &format!("{} ({}){}\n", outcome.place, outcome.title, failures.collect::<String>());
        }
        wrong
    }

    /// Each file of `tests/cases/rule_tests` contains rules and tests of them, which must pass.
    #[test]
    fn every_case_passes_its_own_tests() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/rule_tests");
        let entries = std::fs::read_dir(folder).expect("the folder is there");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
        paths.sort();
        assert!(paths.len() >= 6);
        let of = |path: &std::path::PathBuf| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            wrong(&name, std::fs::read_to_string(path).expect("a case is UTF-8"))
        };
        assert_eq!(paths.iter().map(of).collect::<String>(), "");
    }

    /// Each example of the documentation that has tests passes them.
    #[test]
    fn every_example_with_tests_passes_them() {
        let text = include_str!("../../docs/rule-language.md");
        let blocks = text.split("```").skip(1).step_by(2);
        let examples: Vec<&str> = blocks.filter(|block| block.contains("\ntest \"")).collect();
        assert!(examples.len() >= 6);
        let of = |(n, example): (usize, &&str)| wrong(&format!("example {n}"), (*example).to_owned());
        assert_eq!((1..).zip(&examples).map(of).collect::<String>(), "");
    }

    fn lines(line: &str, times: u32, every: Option<u64>, from: Option<&str>) -> Vec<String> {
        let feed = Feed {
            source: None,
            line: line.to_owned(),
            times,
            every: every.map(Duration::from_secs),
            from: from.map(|time| time.parse().expect("a time stamp")),
        };
        fed_lines(&feed)
    }

    /// Returns the examples of the language's documentation that are whole items, each with the line where it begins.
    fn examples() -> Vec<(usize, String)> {
        let docs = include_str!("../../docs/rule-language.md");
        let mut found = Vec::new();
        let mut example: Option<(usize, String)> = None;
        for (line, text) in (1..).zip(docs.lines()) {
            match (&mut example, text.starts_with("```")) {
                (None, true) if text == "```" => example = Some((line, String::new())),
                (None, true) => example = Some((0, String::new())),
                (Some(_), true) => found.extend(example.take()),
                (Some((_, example)), false) => *example += &format!("{text}\n"),
                (None, false) => {}
            }
        }
        let begins = ["pack ", "define ", "symptom ", "cause ", "rule ", "test ", "format "];
        found.retain(|(line, text)| *line > 0 && begins.iter().any(|word| text.starts_with(word)));
        found
    }

    #[test]
    fn the_examples_of_the_documentation_hold() {
        let examples = examples();
        assert!(examples.len() >= 10, "{}", examples.len());
        for (line, text) in examples {
            let files = [RuleText { path: "example.rules".to_owned(), text }];
            let (program, found) = crate::rule::load(&files, None);
            let is_error = |found: &crate::diagnostic::Diagnostic| found.severity == crate::diagnostic::Severity::Error;
            // An excerpt can name items that it does not show.
            let errors: Vec<_> = found.iter().filter(|(_, found)| is_error(found) && found.code != "R041").collect();
            assert!(errors.is_empty(), "line {line}: {errors:?}");
            let failed: Vec<_> =
                run_tests(&program, &files).into_iter().filter(|outcome| !outcome.failures.is_empty()).collect();
            assert!(failed.is_empty(), "line {line}: {failed:?}");
        }
    }

    #[test]
    fn stamps_move_on_in_their_own_form() {
        assert_eq!(
            lines("1999-03-01T10:00:00Z imc: x", 3, Some(300), None),
            ["1999-03-01T10:00:00Z imc: x", "1999-03-01T10:05:00Z imc: x", "1999-03-01T10:10:00Z imc: x"]
        );
    }

    #[test]
    fn a_stamp_without_a_year_is_of_the_tests_own_leap_year() {
        assert_eq!(CLOCK.to_string(), "2024-12-30T23:59:59Z");
        for (stamp, time) in [("Jan  1 00:00:00", "2024-01-01T00:00:00Z"), ("Dec 31 23:59:59", "2024-12-31T23:59:59Z")]
        {
            let found = find_stamp(stamp.as_bytes(), &StampRules::utc(CLOCK)).map(|found| found.time.to_string());
            assert_eq!(found.as_deref(), Some(time));
        }
        assert_eq!(
            lines("Feb 28 23:59:30 combo x", 2, Some(60), None),
            ["Feb 28 23:59:30 combo x", "Feb 29 00:00:30 combo x"]
        );
    }

    #[test]
    fn a_line_without_a_stamp_is_repeated_as_it_is_or_gets_one() {
        assert_eq!(lines("x", 2, Some(60), None), ["x", "x"]);
        assert_eq!(
            lines("x", 2, Some(60), Some("1999-03-01T10:00:00Z")),
            ["1999-03-01T10:00:00Z x", "1999-03-01T10:01:00Z x"]
        );
    }
}
