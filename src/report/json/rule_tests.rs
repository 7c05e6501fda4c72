//! `casebook rule test --format json`.

use serde::Serialize;

use crate::pipeline::TestOutcome;

/// `casebook rule test --format json`.
#[derive(Debug, Serialize)]
pub struct RuleTests<'a> {
    passed: usize,
    failed: usize,
    /// Tests that did not run because of a mistake in the rules.
    left_out: Vec<LeftOutTest<'a>>,
    tests: Vec<RuleTest<'a>>,
}

#[derive(Debug, Serialize)]
struct LeftOutTest<'a> {
    title: &'a str,
    /// File and line.
    place: &'a str,
}

#[derive(Debug, Serialize)]
struct RuleTest<'a> {
    title: &'a str,
    /// File and line.
    place: &'a str,
    passed: bool,
    failures: Vec<RuleTestFailure<'a>>,
}

#[derive(Debug, Serialize)]
struct RuleTestFailure<'a> {
    /// The line of the expectation, from 1.
    line: usize,
    text: &'a str,
    /// What was found instead, and what came nearest.
    notes: &'a [String],
}

/// Returns the outcomes of tests. `left_out` has the title and the place of tests that did not run.
pub fn rule_tests<'a>(outcomes: &'a [TestOutcome], left_out: &'a [(String, String)]) -> RuleTests<'a> {
    let tests: Vec<RuleTest> = outcomes
        .iter()
        .map(|outcome| RuleTest {
            title: &outcome.title,
            place: &outcome.place,
            passed: outcome.failures.is_empty(),
            failures: outcome
                .failures
                .iter()
                .map(|failure| RuleTestFailure { line: failure.line, text: &failure.text, notes: &failure.notes })
                .collect(),
        })
        .collect();
    let passed = tests.iter().filter(|test| test.passed).count();
    let left_out = left_out.iter().map(|(title, place)| LeftOutTest { title, place }).collect();
    RuleTests { passed, failed: tests.len() - passed, left_out, tests }
}
