//! `casebook rule test --mutate --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::pipeline::MutationReport;

/// `casebook rule test --mutate --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleMutation {
    /// The number of changes that were made to rules, one at a time.
    changes: usize,
    /// The number of these that a test notices.
    noticed: usize,
    /// `noticed` divided by `changes`, 0–1; null without changes.
    score: Option<f64>,
    /// The number of patterns, alternatives and branches of conditions.
    branches: usize,
    /// The number of these without which a test fails.
    exercised: usize,
    /// The number of tests that fail without any change. They notice nothing.
    failing_tests: usize,
    files: Vec<RuleMutationFile>,
    /// The changes that no test notices, in the order of files and lines.
    survivors: Vec<RuleMutationSurvivor>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RuleMutationFile {
    path: String,
    changes: usize,
    noticed: usize,
    branches: usize,
    exercised: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RuleMutationSurvivor {
    path: String,
    /// The line of what was changed, from 1.
    line: usize,
    /// The name of the symptom, cause or resolution.
    item: String,
    /// `branch`, `word`, `condition`, `number`, `time` or `relation`.
    kind: &'static str,
    /// The change in words.
    change: String,
    /// A test that would notice it; null if none could be made.
    test: Option<String>,
}

/// Returns what tests notice of changes.
pub fn rule_mutation(report: &MutationReport) -> RuleMutation {
    let files = report.packs.iter().map(|pack| RuleMutationFile {
        path: pack.path.clone(),
        changes: pack.changes,
        noticed: pack.noticed,
        branches: pack.branches,
        exercised: pack.exercised,
    });
    let survivors = report.survivors.iter().map(|survivor| RuleMutationSurvivor {
        path: survivor.path.clone(),
        line: survivor.line,
        item: survivor.item.clone(),
        kind: survivor.kind.name(),
        change: survivor.change.clone(),
        test: survivor.test.clone(),
    });
    let (files, survivors): (Vec<_>, Vec<_>) = (files.collect(), survivors.collect());
    let changes = files.iter().map(|file| file.changes).sum();
    let noticed = files.iter().map(|file| file.noticed).sum();
    RuleMutation {
        changes,
        noticed,
        score: (changes > 0).then(|| noticed as f64 / changes as f64),
        branches: files.iter().map(|file| file.branches).sum(),
        exercised: files.iter().map(|file| file.exercised).sum(),
        failing_tests: report.failing,
        files,
        survivors,
    }
}
