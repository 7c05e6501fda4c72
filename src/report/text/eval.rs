//! Writes the report of `casebook eval`.

#[cfg(any(test, feature = "lab"))]
mod fit;

use std::io;

use super::{BAD, DIM, GOOD, HEADING, NAME, Page, counted};
use crate::eval::bootstrap::{Difference, Estimate};
use crate::eval::{Calibration, Comparison, Metric, Miss, RankChange, StyleGroup, Summary};
use crate::report::clean::on_one_line;
use crate::report::metrics_table::{NAME_WIDTH, cells};
use crate::report::{ConfidenceView, EvalView};

/// A difference with a p-value below this is reported as "more than chance".
const SIGNIFICANT: f64 = 0.05;

/// Writes the metrics with their intervals, the times, the comparison with an earlier run, and the misses.
pub fn eval(page: &mut Page, view: EvalView<'_>) -> io::Result<()> {
    let Summary { groups, latency, misses } = view.summary;
    let heads = cells(&Metric::ALL.map(|metric| metric.name().to_owned()));
    page.line(format_args!("{:NAME_WIDTH$}{HEADING}{heads}{HEADING:#}", ""))?;
    groups.iter().try_for_each(|one| group(page, one))?;
    page.line(format_args!("{DIM}second lines: 95 % intervals (bootstrap over the questions){DIM:#}"))?;
    if let Some(latency) = latency {
        let [p50, p95, p99] = [latency.p50, latency.p95, latency.p99];
        page.line(format_args!("Time of a search: p50 {p50:.1} ms, p95 {p95:.1} ms, p99 {p99:.1} ms"))?;
    }
    if let Some(comparison) = view.comparison {
        self::comparison(page, comparison)?;
    }
    #[cfg(any(test, feature = "lab"))]
    if let Some(report) = view.fit {
        fit::fit(page, report)?;
    }
    if let Some(view) = view.confidence {
        confidence(page, view)?;
    }
    if view.misses { self::misses(page, misses) } else { Ok(()) }
}

fn group(page: &mut Page, group: &StyleGroup) -> io::Result<()> {
    let name = format!("{} ({})", on_one_line(group.style.as_deref().unwrap_or("all")), group.questions);
    let means = cells(&group.metrics.map(|estimate| format!("{:.3}", estimate.value)));
    let ends = cells(&group.metrics.map(|Estimate { low, high, .. }| format!("{low:.2}–{high:.2}")));
    // A long name gets a line of its own, so that the columns stay aligned.
    if textwrap::core::display_width(&name) > NAME_WIDTH - 2 {
        page.line(&name)?;
        page.line(format_args!("{:NAME_WIDTH$}{means}", ""))?;
    } else {
        page.line(format_args!("{name}{}{means}", " ".repeat(NAME_WIDTH - textwrap::core::display_width(&name))))?;
    }
    page.line(format_args!("{:NAME_WIDTH$}{DIM}{ends}{DIM:#}", ""))
}

/// The calibration of the confidence, now and with fitted weights.
fn confidence(page: &mut Page, view: ConfidenceView<'_>) -> io::Result<()> {
    page.heading("Confidence of the first article")?;
    if let Some(found) = view.now {
        calibration(page, "now", found)?;
    }
    #[cfg(any(test, feature = "lab"))]
    if let Some(fitted) = view.fitted {
        fit::confidence(page, fitted)?;
    }
    Ok(())
}

fn calibration(page: &mut Page, name: &str, found: &Calibration) -> io::Result<()> {
    page.line(format_args!(
        "{name}: {}, mean confidence {:.3}, share correct {:.3}; expected calibration error {:.3}",
        counted(found.n as u64, "log", "logs"),
        found.mean,
        found.right,
        found.ece
    ))?;
    page.line(format_args!(
        "  Brier {:.3} = reliability {:.3} - resolution {:.3} + uncertainty {:.3}; confidence of at least 50 % in {}, {} of them wrong",
        found.brier, found.reliability, found.resolution, found.uncertainty, found.sure, found.sure_and_wrong
    ))
}

fn comparison(page: &mut Page, comparison: &Comparison) -> io::Result<()> {
    page.heading(&format!(
        "Compared with the earlier run: {} in both",
        counted(comparison.questions as u64, "question", "questions")
    ))?;
    if comparison.not_before > 0 {
        let only = counted(comparison.not_before as u64, "question was", "questions were");
        page.line(format_args!("{only} not in the earlier run, or worded otherwise"))?;
    }
    if comparison.questions == 0 {
        return Ok(());
    }
    differences(page, &comparison.metrics)?;
    page.blank()?;
    comparison.moved.iter().try_for_each(|one| rank_change(page, one))
}

/// Writes one line for each metric: how much it changed, and whether that is more than chance.
fn differences(page: &mut Page, metrics: &[Difference; Metric::ALL.len()]) -> io::Result<()> {
    for (metric, difference) in Metric::ALL.into_iter().zip(metrics) {
        let Estimate { value, low, high } = difference.change;
        let (style, verdict) = match () {
            () if difference.p_value >= SIGNIFICANT => (DIM, "may be chance"),
            () if value > 0.0 => (GOOD, "better, more than chance"),
            () => (BAD, "worse, more than chance"),
        };
        page.line(format_args!(
            "  {:<12}{value:>+7.3}  {DIM}{low:+.3} to {high:+.3}{DIM:#}  p {:.3}  {style}{verdict}{style:#}",
            metric.name(),
            difference.p_value
        ))?;
    }
    Ok(())
}

fn rank_change(page: &mut Page, moved: &RankChange) -> io::Result<()> {
    let style = if moved.gain() > 0.0 { GOOD } else { BAD };
    let ranks = format!("{:>5} → {:<5}", shown(moved.before), shown(moved.after));
    entry(page, &format!("{style}{ranks}{style:#} "), &moved.id, &moved.query)
}

fn misses(page: &mut Page, misses: &[Miss]) -> io::Result<()> {
    page.heading(&counted(
        misses.len() as u64,
        "question without its article first",
        "questions without their article first",
    ))?;
    for miss in misses {
        let lead = format!("{:>5}  ", shown(miss.rank));
        entry(page, &lead, &miss.id, &miss.query)?;
        let first = miss.first.as_deref().map_or("nothing".to_owned(), on_one_line);
        let wanted = on_one_line(&miss.wanted.join(", "));
        page.paragraph("       ", &format!("{DIM}wanted {wanted}; first was {first}{DIM:#}"))?;
    }
    Ok(())
}

/// Writes a question on one line.
fn entry(page: &mut Page, lead: &str, id: &str, query: &str) -> io::Result<()> {
    page.cut_record(&format!("{lead}{NAME}{}{NAME:#}  ", on_one_line(id)), query)
}

/// Formats a rank; a dash if there is none.
fn shown(rank: Option<usize>) -> String {
    rank.map_or("–".to_owned(), |rank| rank.to_string())
}
