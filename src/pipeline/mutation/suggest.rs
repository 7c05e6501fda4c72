//! Writes the test that would notice a change: the nearest one to those that there are.
//!
//! A test is only suggested if it holds for the rule as it is and fails for the changed one.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::example::example;
use super::{ChangedItem, Differing, Trial, clock, diagnose, holds, with_related};
use crate::infer::Diagnosis;
use crate::log::timestamp::{StampRules, find_stamp};
use crate::matching::{Pass, ScanOptions};
use crate::pattern::quantity::duration_prefix;
use crate::rule::{CauseId, Expectation, Feed, Matcher, Mutant, MutantKind, SymptomId, Test};
use crate::source::{LineIndex, Span};

/// The most tests from which records are taken.
const MOST_TESTS: usize = 4;

/// The most words of a record that are replaced.
const MOST_WORDS: usize = 12;

impl Trial<'_> {
    /// Returns a test that would notice the change.
    pub(super) fn suggestion(&mut self, mutant: &mut Mutant, differing: &Differing) -> Option<String> {
        match mutant.changed {
            ChangedItem::Symptom(of, id) => {
                let tests = differing.get(&id).into_iter().flatten();
                let seen_in: Vec<usize> = tests.copied().filter(|index| self.baselines.contains_key(index)).collect();
                seen_in
                    .into_iter()
                    .find_map(|index| self.completed(mutant, of, index))
                    .or_else(|| self.of_symptom(mutant, of))
            }
            ChangedItem::Cause(of, _) => self.of_cause(mutant, of),
            ChangedItem::Resolution(of, _) => {
                let causes = self.program.resolution(of).resolves.iter().map(|(cause, _)| *cause).collect::<Vec<_>>();
                let expected = Expectation::FirstResolution(of);
                let name = self.program.resolution(of).name.clone();
                causes.into_iter().find_map(|cause| {
                    let test = self.showing(cause)?;
                    self.telling(mutant, Test { expectations: vec![(expected.clone(), Span::default())], ..test })
                        .map(|test| written(&name, &test, &format!("expect first resolution {name}")))
                })
            }
        }
    }

    /// An expectation that is missing in a test whose records tell the change.
    fn completed(&mut self, mutant: &mut Mutant, of: SymptomId, index: usize) -> Option<String> {
        let given = &self.tests[index];
        let (title, (source, span)) = (given.title.clone(), given.at);
        let given = given.expecting_nothing();
        let (expectation, words) = self.told(of, &given)?;
        let test = Test { expectations: vec![(expectation, Span::default())], ..given };
        self.telling(mutant, test)?;
        let file = &self.files[source.0 as usize];
        let line = LineIndex::new(&file.text).line_col(&file.text, span.start).line;
        Some(format!("add `{words}` to the test \"{title}\" in line {line}"))
    }

    fn of_symptom(&mut self, mutant: &mut Mutant, of: SymptomId) -> Option<String> {
        let name = self.program.symptom(of).name.clone();
        for given in self.near(mutant, of) {
            let Some((expectation, words)) = self.told(of, &given) else { continue };
            let test = Test { expectations: vec![(expectation, Span::default())], ..given };
            if let Some(test) = self.telling(mutant, test) {
                return Some(written(&name, &test, &words));
            }
        }
        None
    }

    /// What is expected of the symptom in this test.
    fn told(&self, of: SymptomId, given: &Test) -> Option<(Expectation, String)> {
        let name = &self.program.symptom(of).name;
        let findings = self.run(given, of).findings;
        let n = findings.iter().filter(|finding| finding.symptom == of).count();
        Some(match n {
            0 => (Expectation::NoSymptom(of), format!("expect no {name}")),
            1 => (Expectation::Symptom { symptom: of, findings: None, with: None }, format!("expect {name}")),
            n => {
                let findings = Some(u32::try_from(n).ok()?);
                (Expectation::Symptom { symptom: of, findings, with: None }, format!("expect {name} x {n}"))
            }
        })
    }

    /// Runs a test, looking for the symptom and for what is seen where it is seen.
    fn run(&self, test: &Test, of: SymptomId) -> Diagnosis {
        let showing = self.baselines.values().filter(|baseline| baseline.seen.contains_key(&of)).take(MOST_TESTS);
        let seen: BTreeSet<SymptomId> =
            showing.flat_map(|baseline| baseline.seen.keys().copied()).chain([of]).collect();
        let wanted = with_related(&self.program, seen);
        let pass = Pass::looking_for(&self.program, ScanOptions::at(clock(test)), &|id| wanted.contains(&id));
        diagnose(&self.program, pass, test)
    }

    /// Returns the test if it holds as things are and fails with the change.
    fn telling(&mut self, mutant: &mut Mutant, test: Test) -> Option<Test> {
        let passes = |this: &Self| match expected_symptom(&test) {
            Some(of) => holds(&this.program, &this.run(&test, of), &test),
            None => {
                let pass = Pass::new(&this.program, ScanOptions::at(clock(&test)));
                holds(&this.program, &diagnose(&this.program, pass, &test), &test)
            }
        };
        (passes(self) && !self.changing(mutant, passes)).then_some(test)
    }

    /// Records near those that show the symptom.
    fn near(&self, mutant: &Mutant, of: SymptomId) -> Vec<Test> {
        let file = &self.files[mutant.source.0 as usize];
        let part = file.text.get(mutant.span.start..mutant.span.end).unwrap_or_default();
        let records: Vec<&String> =
            self.baselines.values().filter_map(|baseline| baseline.seen.get(&of)).take(MOST_TESTS).collect();
        let fed = |line: String, times: u32| {
            let lines = line.lines().map(str::to_owned).collect();
            Test {
                feeds: vec![Feed { source: None, lines, times, every: None, from: None }],
                ..Test::empty(mutant.source)
            }
        };
        let mut tests = Vec::new();
        match mutant.kind {
            MutantKind::Word => {
                let plain = part.replace("\\\"", "\"");
                tests.extend(
                    records
                        .iter()
                        .filter(|line| line.contains(&plain))
                        .map(|line| fed(line.replacen(&plain, "another", 1), 1)),
                );
            }
            MutantKind::Number => {
                let limit: u32 = part.parse().unwrap_or(0);
                let near = [limit.saturating_sub(1), limit, limit.saturating_add(1)];
                for line in &records {
                    let times = near.iter().filter(|n| (1..=1000).contains(*n));
                    tests.extend(times.map(|n| fed((*line).clone(), *n)));
                    let values: Vec<String> = near.iter().map(u32::to_string).collect();
                    tests.extend(with_other_words(line, &values).map(|line| fed(line, 1)));
                }
            }
            MutantKind::Condition | MutantKind::Branch => {
                let values = literals(part);
                for line in records.iter().take(2) {
                    tests.extend(with_other_words(line, &values).map(|line| fed(line, 1)));
                }
            }
            _ => {}
        }
        if mutant.kind == MutantKind::Word {
            let showing = self.baselines.iter().filter(|(_, baseline)| baseline.seen.contains_key(&of));
            tests.extend(showing.take(MOST_TESTS).map(|(index, _)| {
                let mut copy = self.tests[*index].expecting_nothing();
                let lines = copy.feeds.iter_mut().flat_map(|feed| &mut feed.lines);
                lines.for_each(|line| *line = line.replacen(part, "another", 1));
                copy
            }));
        }
        let bindings = self.program.symptom(of).bindings.iter().flat_map(|binding| &binding.alternatives);
        let patterns = bindings.filter_map(|matcher| match matcher {
            Matcher::Pattern(pattern) => Some(pattern),
            Matcher::Any => None,
        });
        let examples =
            patterns.filter(|pattern| pattern.source() == part || mutant.kind == MutantKind::Word).filter_map(example);
        for text in examples.take(MOST_TESTS) {
            match mutant.kind {
                MutantKind::Word => tests.push(fed(text.replacen(part, "another", 1), 1)),
                _ => tests.push(fed(text, 1)),
            }
        }
        tests.extend(self.shortened(of, part));
        tests
    }

    /// Tests of the symptom without one of their records, or with other distances.
    fn shortened(&self, of: SymptomId, changed: &str) -> Vec<Test> {
        let mut tests = Vec::new();
        let limit = changed.parse::<u32>().ok().filter(|limit| *limit <= 1000);
        let limits: Vec<u32> = limit
            .into_iter()
            .flat_map(|limit| [limit.saturating_sub(1), limit, limit + 1])
            .filter(|n| *n > 0)
            .collect();
        let window = duration_prefix(changed.as_bytes()).and_then(|(window, _)| SignedDuration::try_from(window).ok());
        let moves: Vec<SignedDuration> =
            window.into_iter().flat_map(|window| [window + window / 2, window - window / 4]).collect();
        let showing = self.baselines.iter().filter(|(_, baseline)| baseline.seen.contains_key(&of)).take(MOST_TESTS);
        for (index, _) in showing {
            let test = &self.tests[*index];
            let start = test.feeds.iter().filter_map(|feed| first_time(feed, clock(test))).min();
            for at in 0..test.feeds.len() {
                let changed = |change: &dyn Fn(&mut Feed)| {
                    let mut copy = test.expecting_nothing();
                    change(&mut copy.feeds[at]);
                    copy
                };
                if test.feeds.len() > 1 {
                    let mut copy = test.expecting_nothing();
                    copy.feeds.remove(at);
                    tests.push(copy);
                }
                if test.feeds[at].times > 1 {
                    tests.push(changed(&|feed| feed.times -= 1));
                }
                if let Some(every) = test.feeds[at].every {
                    tests.push(changed(&|feed| feed.every = Some(every + every / 2)));
                    tests.push(changed(&|feed| feed.every = Some(every * 2)));
                    tests.push(changed(&|feed| feed.every = Some(every / 2)));
                }
                tests.extend(limits.iter().map(|limit| changed(&|feed| feed.times = *limit)));
                let time = first_time(&test.feeds[at], clock(test));
                let later =
                    start.into_iter().flat_map(|time| moves.iter().filter_map(move |by| time.checked_add(*by).ok()));
                tests.extend(later.map(|time| changed(&|feed| feed.from = Some(time))));
                let next = test.feeds.get(at + 1).and_then(|next| first_time(next, clock(test)));
                if let Some((time, next)) = time.zip(next) {
                    let mut copy = changed(&|feed| feed.from = Some(next));
                    copy.feeds[at + 1].from = Some(time);
                    tests.push(copy);
                }
            }
        }
        tests
    }

    fn of_cause(&mut self, mutant: &mut Mutant, of: CauseId) -> Option<String> {
        let cause = self.program.cause(of);
        let shown: Vec<SymptomId> = cause.shows.iter().chain(&cause.against).map(|(id, _)| *id).collect();
        let causes: Vec<CauseId> = std::iter::once(of).chain(cause.leads_to.iter().map(|(to, _)| *to)).collect();
        causes.into_iter().find_map(|cause| self.of_probability(mutant, cause, &shown))
    }

    /// A test of the probability of a cause that depends on the change.
    fn of_probability(&mut self, mutant: &mut Mutant, of: CauseId, shown: &[SymptomId]) -> Option<String> {
        let name = self.program.cause(of).name.clone();
        for &symptom in shown {
            let Some(test) = self.seeing(symptom) else { continue };
            let probability = |this: &Self| {
                let diagnosis = this.run(&test, symptom);
                diagnosis.causes.iter().find(|ranked| ranked.cause == of).map_or(0.0, |ranked| ranked.probability)
            };
            let (before, after) = (probability(self), self.changing(mutant, probability));
            // Below 5 % whole percents are too coarse.
            let parts = if before < 0.05 { 10.0 } else { 1.0 };
            let percent = before * 100.0 * parts;
            let (floor, ceiling) = (percent.floor() / parts, percent.ceil() / parts);
            let (at_least, percent) = match before > after {
                true => (true, floor),
                false => (false, ceiling),
            };
            let expectation = Expectation::Cause { cause: of, at_least, chance: percent / 100.0 };
            let test = Test { expectations: vec![(expectation, Span::default())], ..test };
            let told = if at_least { after * 100.0 < floor } else { after * 100.0 >= ceiling };
            if told && percent > 0.0 {
                let sign = if at_least { ">=" } else { "<" };
                return Some(written(&name, &test, &format!("expect cause {name} {sign} {percent}%")));
            }
        }
        None
    }

    /// A test in which the cause shows something.
    fn showing(&self, cause: CauseId) -> Option<Test> {
        self.program.cause(cause).shows.iter().find_map(|(symptom, _)| self.seeing(*symptom))
    }

    /// A test in which the symptom is seen: one record if that is enough.
    fn seeing(&self, symptom: SymptomId) -> Option<Test> {
        let definition = self.program.symptom(symptom);
        let bare = || Test::empty(crate::source::SourceId(0));
        if definition.ask.is_some() && definition.bindings.is_empty() {
            return Some(Test { answers: vec![(symptom, true)], ..bare() });
        }
        let showing =
            self.baselines.iter().filter_map(|(index, baseline)| Some((*index, baseline.seen.get(&symptom)?)));
        let mut candidates = showing.take(MOST_TESTS).flat_map(|(index, record)| {
            let lines = record.lines().map(str::to_owned).collect();
            let alone = Test { feeds: vec![Feed { source: None, lines, times: 1, every: None, from: None }], ..bare() };
            [alone, self.tests[index].expecting_nothing()]
        });
        let is_seen = |test: &Test| self.run(test, symptom).findings.iter().any(|finding| finding.symptom == symptom);
        candidates.find(is_seen)
    }
}

/// The texts and numbers in a part of a rule, and a word that is none of them.
fn literals(part: &str) -> Vec<String> {
    let mut found: Vec<String> = part.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let numbers = part.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.parse::<u64>().is_ok());
    found.extend(numbers.map(str::to_owned));
    if found.is_empty() && !part.contains(' ') {
        found.push(part.to_owned());
    }
    found.push("another".to_owned());
    found
}

/// The line with each of its first words replaced by each of the values.
fn with_other_words<'l>(line: &'l str, values: &'l [String]) -> impl Iterator<Item = String> + 'l {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (at, c) in line.char_indices().filter(|(_, c)| is_part(*c)) {
        match words.last_mut().filter(|(_, end)| *end == at) {
            Some((_, end)) => *end += c.len_utf8(),
            None => words.push((at, at + c.len_utf8())),
        }
    }
    // The message stands at the end of a record.
    let last = words.into_iter().rev().take(MOST_WORDS);
    last.flat_map(move |(start, end)| {
        values.iter().map(move |value| format!("{}{value}{}", &line[..start], &line[end..]))
    })
}

/// The time of the first line with a stamp.
fn first_time(feed: &Feed, now: Timestamp) -> Option<Timestamp> {
    let rules = StampRules::utc(now);
    feed.from.or_else(|| feed.lines.iter().find_map(|line| find_stamp(line.as_bytes(), &rules)).map(|stamp| stamp.time))
}

/// The symptom of which a test expects something.
fn expected_symptom(test: &Test) -> Option<SymptomId> {
    match test.expectations.first() {
        Some((Expectation::Symptom { symptom, .. } | Expectation::NoSymptom(symptom), _)) => Some(*symptom),
        _ => None,
    }
}

/// Writes a test as a rule file contains it.
fn written(item: &str, test: &Test, expectation: &str) -> String {
    let quoted = |line: &String| format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""));
    let mut lines = vec![match expectation.starts_with("expect no ") {
        true => format!("test \"near miss of {item}\" {{"),
        false => format!("test \"{item}\" {{"),
    }];
    for feed in &test.feeds {
        let source = feed.source.as_ref().map(|source| format!("{source} ")).unwrap_or_default();
        let times = if feed.times > 1 { format!(" x {}", feed.times) } else { String::new() };
        let every =
            feed.every.map(|every| format!(" every {}", crate::value::duration_text(every))).unwrap_or_default();
        let fed: Vec<String> = feed.lines.iter().map(quoted).collect();
        let from = feed.from.map(|from| format!(" from {from}")).unwrap_or_default();
        lines.push(format!("  feed {source}{}{times}{every}{from}", fed.join(" ")));
    }
    lines.push(format!("  {expectation}"));
    lines.push("}".to_owned());
    lines.join("\n")
}
