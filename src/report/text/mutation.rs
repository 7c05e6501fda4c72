//! Writes `casebook rule test --mutate`.

use std::io;

use super::{DIM, HEADING, NAME, Page, counted};
use crate::pipeline::{MutationReport, PackScore};
use crate::report::clean::on_one_line;
use crate::rule::area;

/// Writes the changes that no test notices, each with a test that would, and the score of each area or file at the end.
pub fn mutation(page: &mut Page, report: &MutationReport) -> io::Result<()> {
    for survivor in &report.survivors {
        let place = format!("{}:{}", on_one_line(&survivor.path), survivor.line);
        page.paragraph(
            &format!("{NAME}{}{NAME:#}  ", on_one_line(&survivor.item)),
            &format!("{}  {DIM}{place}{DIM:#}", on_one_line(&survivor.change)),
        )?;
        for line in survivor.test.iter().flat_map(|test| test.lines()) {
            // On one line, so that it can be copied.
            page.line(format_args!("    {}", on_one_line(line)))?;
        }
    }
    if !report.survivors.is_empty() {
        page.line(format_args!(""))?;
    }
    let groups = by_area(&report.packs);
    let width = groups.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(4);
    page.line(format_args!("{HEADING}{:<width$}  changes  noticed  score  branches  exercised{HEADING:#}", "area"))?;
    for (name, score) in groups.iter().chain([&("all".to_owned(), total(&report.packs))]) {
        page.line(format_args!(
            "{:<width$}  {:>7}  {:>7}  {:>5}  {:>8}  {:>9}",
            on_one_line(name),
            score.changes,
            score.noticed,
            percent(score.noticed, score.changes),
            score.branches,
            percent(score.exercised, score.branches),
        ))?;
    }
    match report.failing {
        0 => Ok(()),
        n => page.note(&format!("{} and can notice nothing", counted(n as u64, "test fails", "tests fail"))),
    }
}

/// Sums the files of each bundled area; other files stand alone.
fn by_area(packs: &[PackScore]) -> Vec<(String, PackScore)> {
    let mut groups: Vec<(String, PackScore)> = Vec::new();
    for pack in packs {
        let name = area(&pack.path).unwrap_or(&pack.path);
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, group)) => *group = total(&[group.clone(), pack.clone()]),
            None => groups.push((name.to_owned(), pack.clone())),
        }
    }
    groups.sort_by(|(a, _), (b, _)| a.cmp(b));
    groups
}

/// The sum of files.
fn total(packs: &[PackScore]) -> PackScore {
    let sum = |of: fn(&PackScore) -> usize| packs.iter().map(of).sum();
    PackScore {
        path: packs.first().map(|pack| pack.path.clone()).unwrap_or_default(),
        changes: sum(|pack| pack.changes),
        noticed: sum(|pack| pack.noticed),
        branches: sum(|pack| pack.branches),
        exercised: sum(|pack| pack.exercised),
    }
}

/// A share in whole percent, rounded down, so that 100 % means all.
fn percent(part: usize, whole: usize) -> String {
    match whole {
        0 => "–".to_owned(),
        whole => format!("{} %", part * 100 / whole),
    }
}
