//! Runs the tests in rule files. Each test runs the real engine on its own lines.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use crate::infer::{self, Diagnosis, Facts, PLAUSIBLE, Proposed, Verdict};
use crate::log::Input;
use crate::log::timestamp::{StampRules, find_stamp};
use crate::matching::{
    self, Finding, NotSeen, Obstacle, Pass, ScanOptions, SearchedInputs, Status, Unmet, why_not_seen,
};
use crate::pattern::MissKind;
use crate::product::Release;
use crate::rule::{CauseId, Condition, Expectation, Feed, Matcher, Program, RuleText, SymptomId, Test};
use crate::source::LineIndex;

/// The name of the source for lines for which a test names no source.
const NAMELESS: &str = "test";

/// The current time in every test, fixed so that a test gives the same result in ten years. Time stamps without a year
/// are read as stamps of 2024, a leap year. This is a day before its end because the reader accepts stamps that are up
/// to a day in the future.
pub(super) const CLOCK: Timestamp = Timestamp::constant(1_735_603_199, 0); // 2024-12-30T23:59:59Z

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
    /// What was found instead, and what came nearest.
    pub notes: Vec<String>,
}

/// Runs all tests of `program`, as [`run_chosen_tests`] does.
pub fn run_tests(program: &Program, files: &[RuleText]) -> Vec<TestOutcome> {
    run_chosen_tests(program, files, &|_| true)
}

/// Runs the tests of `program` for which `is_chosen` is true, in order. `files` are the texts it was loaded from. The time is always
/// the end of 2024, so stamps without a year are of that year.
pub fn run_chosen_tests(
    program: &Program,
    files: &[RuleText],
    is_chosen: &(dyn Fn(&Test) -> bool + Sync),
) -> Vec<TestOutcome> {
    // The search for all patterns is prepared once: each test begins with a copy of this pass.
    let pass = Pass::new(program, ScanOptions::at(CLOCK));
    let chosen = program.tests.par_iter().filter(|test| is_chosen(test));
    chosen.map(|test| run(program, pass.clone(), test, &files[test.at.0.0 as usize])).collect()
}

fn run(program: &Program, pass: Pass<'_>, test: &Test, file: &RuleText) -> TestOutcome {
    let index = LineIndex::new(&file.text);
    let line_of = |offset| index.line_col(&file.text, offset).line;
    let pass = test.now.map_or(pass, |now| Pass::new(program, ScanOptions::at(now)));
    let diagnosis = diagnose(program, pass, test);
    let failures = test.expectations.iter().filter_map(|(expectation, span)| {
        let text = failure(program, &diagnosis, expectation)?;
        let notes = explanation(program, &diagnosis, test, expectation);
        Some(Failure { line: line_of(span.start), text, notes })
    });
    TestOutcome {
        title: test.title.clone(),
        place: format!("{}:{}", file.path, line_of(test.at.1.start)),
        failures: failures.collect(),
    }
}

pub(super) fn clock(test: &Test) -> Timestamp {
    test.now.unwrap_or(CLOCK)
}

/// Returns the sources that a test feeds, by name.
pub(super) fn sources(test: &Test) -> Vec<Input> {
    let mut sources: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for feed in &test.feeds {
        let lines = sources.entry(feed.source.as_deref().unwrap_or(NAMELESS)).or_default();
        for line in fed_lines(feed, clock(test)) {
            lines.extend_from_slice(line.as_bytes());
            lines.push(b'\n');
        }
    }
    sources.into_iter().map(|(name, bytes)| Input::bytes(name, bytes)).collect()
}

pub(super) fn diagnose(program: &Program, mut pass: Pass<'_>, test: &Test) -> Diagnosis {
    sources(test).into_iter().for_each(|source| pass.read(source));
    let mut scan = pass.finish();
    let products = test.products.iter().flat_map(|(name, version)| Release::stated(name, version)).collect();
    let mut facts = Facts { answers: test.answers.clone(), products, ..Facts::default() };
    for (symptom, output) in &test.outputs {
        // Output that does not show the symptom answers no.
        if !matching::add_probe(program, &mut scan, *symptom, "output", output.as_bytes()) {
            facts.answers.push((*symptom, false));
        }
    }
    infer::diagnose(program, scan, &facts, &infer::Searched::default(), &|_| None)
}

/// Returns the lines of one `feed`: all of them once, then all again. With `every`, the stamp in a line is that of the first time, and
/// later ones have later stamps. A line without a stamp begins with `from` if that is given.
fn fed_lines(feed: &Feed, clock: Timestamp) -> Vec<String> {
    let rules = StampRules::utc(clock);
    let lines = feed.lines.iter().map(|line| match feed.from {
        Some(from) if find_stamp(line.as_bytes(), &rules).is_none() => format!("{from} {line}"),
        _ => line.clone(),
    });
    let stamped: Vec<_> = lines.map(|line| (find_stamp(line.as_bytes(), &rules), line)).collect();
    // `from` is the time of the first line with a stamp; the others keep their distance from it.
    let first = stamped.iter().find_map(|(stamp, _)| stamp.as_ref()).map(|stamp| stamp.time);
    let nth = |n: u32| {
        stamped.iter().map(move |(stamp, line)| {
            let Some(stamp) = stamp else { return line.clone() };
            let start = match (feed.from, first) {
                (Some(from), Some(first)) => from.checked_add(stamp.time.duration_since(first)).ok(),
                _ => Some(stamp.time),
            };
            moved(start, feed.every, n).map_or_else(|| line.clone(), |time| stamp.rewrite(line, time))
        })
    };
    (0..feed.times).flat_map(nth).collect()
}

/// Returns the time of line `n`, from 0: `start` + `n` · `every`. `None` without a start, or if the time is out of
/// range.
fn moved(start: Option<Timestamp>, every: Option<Duration>, n: u32) -> Option<Timestamp> {
    let step = every.unwrap_or_default().checked_mul(n)?;
    start?.checked_add(SignedDuration::try_from(step).ok()?).ok()
}

/// Returns the reason why the expectation fails; `None` if it holds.
pub(super) fn failure(program: &Program, diagnosis: &Diagnosis, expectation: &Expectation) -> Option<String> {
    match expectation {
        Expectation::Symptom { symptom, findings, with } => {
            let seen = seen(diagnosis, *symptom, with.as_ref()).count();
            let wanted = findings.map_or("at least one finding".to_owned(), |n| format!("{n} findings"));
            let holds = findings.map_or(seen > 0, |n| seen == n as usize);
            let with = with.as_ref().map(|with| format!(" with {with}")).unwrap_or_default();
            (!holds).then(|| format!("expected {wanted} of {}{with}, got {seen}", program.symptom(*symptom).name))
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
        Expectation::Cause { cause, at_least, chance } => {
            let found = probability(diagnosis, *cause);
            let holds = if *at_least { found >= *chance } else { found < *chance };
            let bound = format!("{} {:.1} %", if *at_least { "at least" } else { "less than" }, chance * 100.0);
            let name = &program.cause(*cause).name;
            (!holds).then(|| format!("expected {name} with {bound}, got {:.1} %", found * 100.0))
        }
        Expectation::NoCause(cause) => {
            let found = probability(diagnosis, *cause);
            let name = &program.cause(*cause).name;
            (found >= PLAUSIBLE).then(|| format!("expected that {name} is not likely, got {:.1} %", found * 100.0))
        }
        Expectation::Unknown => {
            let top = diagnosis.causes.first().filter(|_| diagnosis.verdict != Verdict::Unknown)?;
            let percent = top.probability * 100.0;
            Some(format!("expected that no cause is likely, got {} ({percent:.1} %)", program.cause(top.cause).name))
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

/// The probability of a cause; 0 if nothing points to it.
fn probability(diagnosis: &Diagnosis, cause: CauseId) -> f64 {
    diagnosis.causes.iter().find(|ranked| ranked.cause == cause).map_or(0.0, |ranked| ranked.probability)
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

/// At most this many findings or causes explain a failure.
const MOST_NOTES: usize = 3;

/// Says what was found instead of what `expectation` expects, and what came nearest.
fn explanation(program: &Program, diagnosis: &Diagnosis, test: &Test, expectation: &Expectation) -> Vec<String> {
    match expectation {
        Expectation::Symptom { symptom, .. } => {
            let found: Vec<String> = seen(diagnosis, *symptom, None).take(MOST_NOTES).map(described).collect();
            let is_open = |finding: &&Finding| finding.symptom == *symptom && finding.status == Status::Unconfirmed;
            match (found.is_empty(), diagnosis.findings.iter().find(is_open)) {
                (false, _) => found,
                (true, Some(open)) => unconfirmed(program, open),
                (true, None) => {
                    nearest(program, *symptom, test).into_iter().chain(assumed_year(program, *symptom, test)).collect()
                }
            }
        }
        Expectation::TopCause(..) | Expectation::Cause { .. } => {
            let causes = diagnosis.causes.iter().take(MOST_NOTES);
            let named = causes
                .map(|ranked| format!("{} {:.1} %", program.cause(ranked.cause).name, ranked.probability * 100.0));
            let causes = named.collect::<Vec<_>>().join(", ");
            if causes.is_empty() { unseen(program, diagnosis) } else { vec![format!("found causes: {causes}")] }
        }
        Expectation::Unconfirmed(symptom) => seen(diagnosis, *symptom, None).take(MOST_NOTES).map(described).collect(),
        Expectation::NoSymptom(symptom) => assumed_year(program, *symptom, test).into_iter().collect(),
        Expectation::NoCause(_) | Expectation::Unknown => Vec::new(),
        Expectation::FirstResolution(_) => Vec::new(),
    }
}

/// Describes a finding by its captures and count.
fn described(finding: &Finding) -> String {
    let values = finding.captures.iter().map(|(name, value)| format!("{name} = {value}"));
    let parts: Vec<String> = values.chain([format!("count = {}", finding.count)]).collect();
    format!("found: {}", parts.join(", "))
}

/// Says why a finding does not count yet, and what a test can expect of it.
fn unconfirmed(program: &Program, open: &Finding) -> Vec<String> {
    let name = &program.symptom(open.symptom).name;
    vec![
        format!("{}, but it is unconfirmed: the records end before it is certain", described(open)),
        format!("write `expect unconfirmed {name}`, or feed a later record of the same log"),
    ]
}

/// Says as of which day a stamp without a year is read, if the symptom depends on the day or the time of day.
fn assumed_year(program: &Program, symptom: SymptomId, test: &Test) -> Option<String> {
    let definition = program.symptom(symptom);
    let depends = definition.bindings.iter().filter_map(|binding| binding.filter.as_ref()).any(is_about_calendar)
        || program.mutes.iter().any(|mute| mute.symptom == symptom);
    if !depends || test.now.is_some() {
        return None;
    }
    let rules = StampRules::utc(CLOCK);
    let mut lines = test.feeds.iter().flat_map(|feed| &feed.lines);
    let read = lines.find_map(|line| {
        let time = find_stamp(line.as_bytes(), &rules)?.time.to_zoned(jiff::tz::TimeZone::UTC);
        (!line.contains(&time.year().to_string())).then_some(time)
    })?;
    let (day, weekday) = (read.date(), read.strftime("%A"));
    Some(format!(
        "a stamp without a year is read as of 2024, here {day}, a {weekday}; `now 2026-12-31` sets another time"
    ))
}

/// Whether a condition is about the time of day or the day of the week.
fn is_about_calendar(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::AnyOf(parts) => parts.iter().any(is_about_calendar),
        Condition::Not(inner) | Condition::Each(_, inner) => is_about_calendar(inner),
        Condition::TimeOfDay(..) | Condition::Weekdays(_) => true,
        Condition::Exists(_)
        | Condition::Compare { .. }
        | Condition::Severity(..)
        | Condition::Regex(..)
        | Condition::InCidr(..) => false,
    }
}

/// Says that no symptom was seen, or which ones were.
fn unseen(program: &Program, diagnosis: &Diagnosis) -> Vec<String> {
    let names: Vec<&str> =
        diagnosis.findings.iter().map(|finding| program.symptom(finding.symptom).name.as_str()).collect();
    match names.as_slice() {
        [] => vec!["no symptom was seen".to_owned()],
        names => vec![format!("seen: {}", names.join(", "))],
    }
}

/// Says which of the fed records come nearest to a symptom that was not seen, and why they do not show it.
fn nearest(program: &Program, symptom: SymptomId, test: &Test) -> Vec<String> {
    let outputs = test.outputs.iter().filter(|(of, _)| *of == symptom);
    let probes = outputs.map(|(_, output)| ("output", output.as_bytes())).collect();
    let searched = SearchedInputs { inputs: sources(test), probes };
    let not_seen = why_not_seen(program, symptom, searched, &ScanOptions::at(clock(test)));
    if let Some(short) = not_seen.short.first() {
        return vec![format!("{} records match, but {}", short.count, unmet(&short.unmet))];
    }
    if !not_seen.together.is_empty() {
        return together(program, symptom, &not_seen);
    }
    let nearest = not_seen.patterns.iter().flat_map(|pattern| pattern.nearest.iter().map(move |near| (pattern, near)));
    let notes = nearest.take(MOST_NOTES).map(|(pattern, near)| {
        let why = match &near.because {
            Obstacle::Where(failed) => unmet(failed),
            Obstacle::Pattern(miss) => missed(&miss.kind),
            Obstacle::Header(header) => matching::header_words(header.trim()),
        };
        let binding = &program.symptom(symptom).bindings[pattern.binding];
        let written = match &binding.alternatives[pattern.alternative] {
            Matcher::Pattern(pattern) => pattern.written(),
            _ => "any".to_owned(),
        };
        format!("nearest to {written}: {}: {why}", near.at.text)
    });
    let notes: Vec<String> = notes.collect();
    let read: u64 = not_seen.sources.iter().map(|source| source.read).sum();
    match notes.is_empty() {
        true if read == 0 => vec!["it was looked for in no record: see its `on`".to_owned()],
        true => vec!["no record comes near".to_owned()],
        false => notes,
    }
}

/// Says for each key what is missing for the conditions on time.
fn together(program: &Program, symptom: SymptomId, not_seen: &NotSeen) -> Vec<String> {
    let when = program.symptom(symptom).time.as_ref().map(|time| &time.when);
    let place = |source: u32, line: u64| match not_seen.sources.get(source as usize) {
        Some(source) if source.name != NAMELESS => format!("record {line} of {}", source.name),
        _ => format!("record {line}"),
    };
    let notes = not_seen.together.iter().map(|missed| {
        let key: Vec<String> = missed.key.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let of_key = if key.is_empty() { String::new() } else { format!("for {}: ", key.join(", ")) };
        format!("{of_key}{}", missed.words(when, &place))
    });
    notes.collect()
}

/// Says which comparisons are false, with the values that they compare.
fn unmet(failed: &[Unmet]) -> String {
    let described = failed.iter().map(|unmet| match (&unmet.left, unmet.missing()) {
        (_, Some(missing)) => format!("`{}` is false: there is no {missing}", unmet.condition),
        (Some(value), None) => format!("`{}` is false: it is {value}", unmet.condition),
        (None, None) => format!("`{}` is false", unmet.condition),
    });
    described.collect::<Vec<_>>().join("; ")
}

/// Says why a pattern does not match.
fn missed(kind: &MissKind) -> String {
    match kind {
        MissKind::Case { stands } => format!("only the case differs: `{stands}`"),
        MissKind::Edge { part, within } => format!("a word edge is needed: `{part}` is inside `{within}`"),
        MissKind::Stopped { matched, instead, .. } => {
            format!("it matches up to `{}`, then comes `{}`", matched.trim_end(), instead.trim_end())
        }
        MissKind::Words { missing } => format!("these words are missing: {}", missing.join(", ")),
        MissKind::Literal { held } => format!("it contains `{held}` and does not match"),
    }
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

    fn lines(line: &str, times: u32, every: Option<u64>, from: Option<&str>) -> Vec<String> {
        let feed = Feed {
            source: None,
            lines: vec![line.to_owned()],
            times,
            every: every.map(Duration::from_secs),
            from: from.map(|time| time.parse().expect("a time stamp")),
        };
        fed_lines(&feed, CLOCK)
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

    /// Loads `rules` and runs their only test. Returns its failures with their notes.
    fn failures(rules: &str) -> Vec<String> {
        let files = [RuleText { path: "a.rules".to_owned(), text: rules.to_owned() }];
        let (program, _) = crate::rule::load(&files, None);
        let outcomes = run_tests(&program, &files);
        let [outcome] = outcomes.as_slice() else { panic!("one test: {:?}", program.left_out_tests) };
        let lines = outcome.failures.iter().map(|failure| format!("{} | {}", failure.text, failure.notes.join(" | ")));
        lines.collect()
    }

    const PUMPS: &str = r#"
        symptom stops "Pump {n} of {unit} stops" { match "pump {n:int} of {unit} stops" }
        symptom often "Often" { match "valve {n:int} opens" where count >= 3 }
        symptom hot "Hot" { probe "How hot?" run `heat` match "heat {h:int}" where h > 90 }
        cause worn "Worn" { prior common shows stops usually applies pump >= 2.0 }
        cause dry "Dry" { prior common shows stops usually shows hot usually }
    "#;

    #[track_caller]
    fn check(test: &str, expected: &[&str]) {
        assert_eq!(failures(&format!("{PUMPS} test \"t\" {{ {test} }}")), expected);
    }

    #[test]
    fn several_lines_outputs_products_and_the_clock_are_given() {
        check(
            "feed \"pump 1 of a stops\" \"pump 2 of a stops\" x 2 expect stops x 2 expect stops with n == 2 and count == 2",
            &[],
        );
        check(
            "feed \"pump 1 of a stops\" probe hot \"now\" \"heat 95\" expect hot with h == 95 expect top cause dry",
            &[],
        );
        check("feed \"pump 1 of a stops\" probe hot \"heat 5\" expect no hot expect no cause dry", &[]);
        check("feed \"pump 1 of a stops\" product pump = 1.0 expect cause worn < 1% expect cause dry >= 50%", &[]);
        check("feed \"pump 1 of a stops\" product pump = \"2.1 SP1\" expect cause worn >= 20%", &[]);
        check("now 2020-03-01 feed \"Feb 29 10:00:00 host app: pump 1 of a stops\" expect stops", &[]);
        check("feed \"all is well\" expect unknown expect no cause worn", &[]);
        check(
            "feed \"valve 1 opens\" x 2 feed \"valve 1 opens\" from \"2026-11-12T10:00:00Z\" expect often with count == 3",
            &[],
        );
    }

    #[test]
    fn a_failure_says_what_was_found() {
        check(
            "feed \"pump 7 of a stops\" expect stops with n == 8",
            &["expected at least one finding of stops with n == 8, got 0 | found: n = 7, unit = a, count = 1"],
        );
        check(
            "feed \"valve 1 opens\" x 2 expect often",
            &["expected at least one finding of often, got 0 | 2 records match, but `count >= 3` is false: it is 2"],
        );
        check(
            "feed \"pump 7 of a halts\" expect stops",
            &[
                "expected at least one finding of stops, got 0 | nearest to \"pump {n:int} of {unit} stops\": pump 7 of a halts: \
             it matches up to `pump {n:int} of {unit}`, then comes `halts`",
            ],
        );
        check(
            "feed \"pump 7 of a stops\" expect cause dry >= 99%",
            &["expected dry with at least 99.0 %, got 50.9 % | found causes: dry 50.9 %, worn 50.9 %"],
        );
        check(
            "feed \"all is well\" expect top cause dry",
            &["expected dry as the top cause, but there is none | no symptom was seen"],
        );
        let known = format!("{PUMPS} test \"t\" {{ product pump = 1.0 feed \"pump 7 of a stops\" expect unknown }}");
        let found = failures(&known);
        assert!(found[0].starts_with("expected that no cause is likely, got dry"), "{found:?}");
    }

    /// Runs the only test of rules with conditions on time. Returns its failures with their notes.
    #[track_caller]
    fn check_timed(test: &str, expected: &[&str]) {
        let rules = r#"
            symptom guessing "Guessing from {ip}" { match "failed from {ip:ip}" when count(guessing) >= 3 within 2m by ip }
            symptom hangs "{job} hangs" {
                match started: "job {job} started" match done: "job {job} done"
                when started then no done within 10m by job
            }
            symptom night "Night" { match "login of {user}" where .time in 22:00..06:00 }
        "#;
        assert_eq!(failures(&format!("{rules} test \"t\" {{ {test} }}")), expected);
    }

    #[test]
    fn a_failed_condition_on_time_says_what_is_missing() {
        check_timed(
            "feed \"2026-11-12T10:00:00Z sshd: failed from 192.0.2.7\" x 2 every 10s expect guessing",
            &[
                "expected at least one finding of guessing, got 0 | for ip = 192.0.2.7: 2 of 3 within 2m (up to record 2)",
            ],
        );
        check_timed(
            "feed \"2026-11-12T10:00:00Z sshd: failed from 192.0.2.7\" x 3 every 80s expect guessing",
            &[
                "expected at least one finding of guessing, got 0 | for ip = 192.0.2.7: 2 of 3 within 2m; the third came 40s late (record 3)",
            ],
        );
        check_timed(
            "feed \"2026-11-12T10:00:00Z a: job x started\" \"2026-11-12T10:01:00Z a: job x done\" \"2026-11-12T10:20:00Z a: idle\" expect hangs",
            &[
                "expected at least one finding of hangs, got 0 | for job = x: what must not be seen was seen at record 2",
            ],
        );
        check_timed(
            "feed \"2026-11-12T10:00:00Z a: job x started\" expect hangs",
            &[
                "expected at least one finding of hangs, got 0 | found: job = x, count = 1, but it is unconfirmed: the records end before \
             it is certain | write `expect unconfirmed hangs`, or feed a later record of the same log",
            ],
        );
    }

    #[test]
    fn a_stamp_without_a_year_is_said_to_be_of_the_year_of_tests() {
        check_timed(
            "feed \"Nov 12 12:00:25 gate sshd[811]: login of ann\" expect night",
            &[
                "expected at least one finding of night, got 0 | nearest to \"login of {user}\": Nov 12 12:00:25 gate sshd[811]: login of ann: \
             `.time in 22:00..06:00` is false | a stamp without a year is read as of 2024, here 2024-11-12, a Tuesday; \
             `now 2026-12-31` sets another time",
            ],
        );
    }

    #[test]
    fn a_pattern_with_the_header_of_a_log_line_is_named() {
        let rules = r#"symptom failed "F" { match "sshd[811]: Failed password for {user}" }
            test "t" { feed "Nov 12 04:10:00 gate sshd[811]: Failed password for root from 192.0.2.7" expect failed }"#;
        assert_eq!(
            failures(rules),
            ["expected at least one finding of failed, got 0 | nearest to \"sshd[811]: Failed password for {user}\": \
             Nov 12 04:10:00 gate sshd[811]: Failed password for root from 192.0.2.7: it matches only with \
             `Nov 12 04:10:00 gate sshd[811]:`, which is no part of the message: leave time, host and program out of the pattern",]
        );
    }

    #[test]
    fn the_lines_of_a_file_are_read_as_those_of_that_file() {
        let file = |path: &str, text: &str| RuleText { path: path.to_owned(), text: text.to_owned() };
        let rules = r#"format till { files "till*.log" match "{msg:rest}#{till:int}" message msg }
            symptom paid "Paid" { on till1 match "paid {n:int}" }
            test "by file" { feed file "till1.log" expect paid }
            test "by name" { feed till1.log "paid 5 #7" expect paid }
            test "another" { feed kasse.log "paid 5 #7" expect no paid }"#;
        let files = [file("book/a.rules", rules), file("book/till1.log", "paid 5 #7\n")];
        let (program, _) = crate::rule::load(&files, None);
        let outcomes = run_tests(&program, &files);
        let failures: Vec<_> = outcomes.iter().map(|outcome| outcome.failures.clone()).collect();
        assert_eq!(failures, [const { Vec::new() }; 3]);
    }

    #[test]
    fn a_file_beside_the_rules_is_fed() {
        let file = |path: &str, text: &str| RuleText { path: path.to_owned(), text: text.to_owned() };
        let test = "test \"t\" { feed plant file \"logs/case.log\" expect stops x 2 expect stops with n == 2 }";
        let files = [
            file("book/a.rules", &format!("{PUMPS} {test}")),
            file("book/logs/case.log", "pump 1 of a stops\npump 2 of b stops\n"),
        ];
        let (program, _) = crate::rule::load(&files, None);
        let outcomes = run_tests(&program, &files);
        assert_eq!(outcomes.iter().map(|outcome| outcome.failures.clone()).collect::<Vec<_>>(), [Vec::new()]);
        // The log is no rule file, and without it the test is left out.
        let (program, found) = crate::rule::load(&files[..1], None);
        assert_eq!((program.tests.len(), program.left_out_tests.len()), (0, 1));
        assert!(found.iter().any(|(_, found)| found.code == "R063"), "{found:?}");
    }

    #[test]
    fn tests_that_a_mistake_leaves_out_are_listed() {
        let text =
            format!("{PUMPS} symptom bad \"B\" {{ match \"{{\" }} test \"of bad\" {{ feed \"x\" expect no bad }}");
        let (program, _) = crate::rule::load(&[RuleText { path: "a.rules".to_owned(), text }], None);
        let titles: Vec<&str> = program.left_out_tests.iter().map(|(title, ..)| title.as_str()).collect();
        assert_eq!((titles, program.tests.len()), (vec!["of bad"], 0));
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
