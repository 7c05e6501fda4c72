//! Tables with a column for each metric of an evaluation.

#[cfg(any(test, feature = "lab"))]
use super::clean::on_one_line;
#[cfg(any(test, feature = "lab"))]
use crate::eval::{Metric, lab::FitReport, metrics::Values};

/// Width in columns of a row's name, including two blanks after it.
pub(super) const NAME_WIDTH: usize = 20;

/// Width in columns of a metric.
const CELL_WIDTH: usize = 12;

pub(super) fn cells(texts: &[String]) -> String {
    texts.iter().map(|text| format!("{text:>CELL_WIDTH$}")).collect()
}

/// The lines of a table with the mean metrics before and after a fit: over all questions and, if there are several
/// files, for each file.
#[cfg(any(test, feature = "lab"))]
pub(super) fn fit_table(report: &FitReport) -> Vec<String> {
    let heads = cells(&Metric::ALL.map(|metric| metric.name().to_owned()));
    let row = |name: &str, means: &Values| {
        format!("  {name:<width$}{}", cells(&means.map(|mean| format!("{mean:.3}"))), width = NAME_WIDTH - 2)
    };
    let mut lines = vec![format!("{:NAME_WIDTH$}{heads}", "")];
    for means in &report.means {
        let name = match &means.set {
            Some(file) => on_one_line(file),
            None if report.means.len() > 1 => "all, each file counting the same".to_owned(),
            None => "all".to_owned(),
        };
        lines.push(format!("{name} ({})", means.questions));
        lines.push(row("start", &means.before));
        lines.push(row("fitted", &means.fitted));
        lines.extend(means.held_out.as_ref().map(|means| row("held out", means)));
    }
    lines
}
