//! `casebook eval`.

use std::io;

use super::{BAD, DIM, GOOD, HEADING, NAME, Page, counted};
use crate::eval::chance::{Difference, Estimate};
use crate::eval::{Calibration, Comparison, Confident, CrossValidated, Group, Metric, Miss, Moved, Summary, Tuned};
use crate::report::clean::on_one_line;
use crate::report::metrics_table::{NAME_WIDTH, cells, fit_table};

/// The parts of a run to show.
#[derive(Clone, Copy)]
pub struct EvalView<'a> {
    /// The metrics.
    pub summary: &'a Summary,
    /// The differences from an earlier run.
    pub comparison: Option<&'a Comparison>,
    /// The result of fitting the weights of the ranking.
    pub tuned: Option<&'a Tuned>,
    /// Whether confidences agree with results.
    pub confident: Option<&'a Confident>,
    /// Whether to list the questions that were missed.
    pub misses: bool,
}

/// A difference with a smaller p-value is unlikely to be chance.
const SIGNIFICANT: f64 = 0.05;

/// The metrics with their intervals, the times, the differences from an earlier run, and the missed questions.
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
    if let Some(tuned) = view.tuned {
        self::tuned(page, tuned)?;
    }
    if let Some(confident) = view.confident {
        self::confident(page, confident)?;
    }
    if view.misses { self::misses(page, misses) } else { Ok(()) }
}

fn group(page: &mut Page, group: &Group) -> io::Result<()> {
    let name = format!("{} ({})", on_one_line(group.style.as_deref().unwrap_or("all")), group.questions);
    let means = cells(&group.metrics.map(|estimate| format!("{:.3}", estimate.value)));
    let ends = cells(&group.metrics.map(|Estimate { low, high, .. }| format!("{low:.2}–{high:.2}")));
    // A long name takes a line of its own, so that the columns stay.
    if textwrap::core::display_width(&name) > NAME_WIDTH - 2 {
        page.line(&name)?;
        page.line(format_args!("{:NAME_WIDTH$}{means}", ""))?;
    } else {
        page.line(format_args!("{name}{}{means}", " ".repeat(NAME_WIDTH - textwrap::core::display_width(&name))))?;
    }
    page.line(format_args!("{:NAME_WIDTH$}{DIM}{ends}{DIM:#}", ""))
}

/// Whether confidences agree with results, and the weights that were fitted.
fn confident(page: &mut Page, confident: &Confident) -> io::Result<()> {
    page.heading("Confidence of the first article")?;
    for (name, found) in [("now", &confident.now), ("fitted, on held-out excerpts", &confident.held_out)] {
        if let Some(found) = found {
            calibration(page, name, found)?;
        }
    }
    let Some(fitted) = &confident.fitted else { return Ok(()) };
    let [intercept, held, lead, score, repeated] = fitted.weights();
    page.line(format_args!(
        "fitted weights: intercept = {intercept:.2}, held = {held:.2}, lead = {lead:.2}, score = {score:.2}, \
         repeated = {repeated:.2}"
    ))
}

fn calibration(page: &mut Page, name: &str, found: &Calibration) -> io::Result<()> {
    page.line(format_args!(
        "{name}: {}, mean confidence {:.3}, share that is right {:.3}; expected calibration error {:.3}",
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
        "Against the earlier run: {} in both",
        counted(comparison.questions as u64, "question", "questions")
    ))?;
    if comparison.not_before > 0 {
        let only = counted(comparison.not_before as u64, "question was", "questions were");
        page.line(format_args!("{only} not in the earlier run, or worded differently"))?;
    }
    if comparison.questions == 0 {
        return Ok(());
    }
    differences(page, &comparison.metrics)?;
    page.blank()?;
    comparison.moved.iter().try_for_each(|one| moved(page, one))
}

/// One line a metric: how it changed, and whether that is more than chance.
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

fn moved(page: &mut Page, moved: &Moved) -> io::Result<()> {
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

/// A question on one line.
fn entry(page: &mut Page, lead: &str, id: &str, query: &str) -> io::Result<()> {
    page.cut_record(&format!("{lead}{NAME}{}{NAME:#}  ", on_one_line(id)), query)
}

/// A rank, or a dash for none.
fn shown(rank: Option<usize>) -> String {
    rank.map_or("–".to_owned(), |rank| rank.to_string())
}

/// The weights that a fit changed, and the effect on questions that were held out.
fn tuned(page: &mut Page, tuned: &Tuned) -> io::Result<()> {
    let tried = counted(tuned.fit.evaluations as u64, "set of weights", "sets of weights");
    page.heading(&format!("Fitted weights: {tried} tried"))?;
    let moved = || tuned.start.iter().zip(&tuned.fit.weights).filter(|(weight, now)| weight.value != **now);
    if moved().next().is_none() {
        return page.line("  no change of a weight improves the result");
    }
    for (weight, now) in moved() {
        page.line(format_args!("  {:<24}{:>9.4} → {now:.4}", on_one_line(&weight.name), weight.value))?;
    }
    page.blank()?;
    fit_table(tuned).iter().try_for_each(|line| page.line(line))?;
    match &tuned.held_out {
        Some(held_out) => cross_validated(page, held_out),
        None => {
            page.heading("On the questions used for fitting: always too optimistic")?;
            differences(page, &tuned.fitted)
        }
    }
}

fn cross_validated(page: &mut Page, held_out: &CrossValidated) -> io::Result<()> {
    let folds = counted(held_out.folds.len() as u64, "fold", "folds");
    page.heading(&format!("On held-out questions, in {folds}"))?;
    differences(page, &held_out.change)?;
    for (number, fold) in (1..).zip(&held_out.folds) {
        let of = counted(fold.questions as u64, "question", "questions");
        page.line(format_args!("  {DIM}fold {number}, {of}: {:.3} → {:.3}{DIM:#}", fold.before, fold.after))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Objective, Question, QuestionSet, RankedHit, Rankings, Step, Weight, tune};

    /// Rankings that are right with a weight of at least 2.
    fn rank(weights: &[f64]) -> Result<Rankings, ()> {
        let hit = |id: &str| RankedHit { id: id.to_owned(), score: 1.0, near_copies: Vec::new() };
        let hits = |id: &str| if weights[0] >= 2.0 { vec![hit(id)] } else { vec![hit("x"), hit(id)] };
        Ok(vec![hits("a"), hits("b")])
    }

    /// The report on two weights of at most `highest`, fitted to these questions, without its styles.
    fn report(highest: f64) -> String {
        let question = |id: &str| Question {
            id: id.to_owned(),
            query: "hum".to_owned(),
            relevant: vec![id.to_owned()],
            style: None,
        };
        let weight =
            |name: &str| Weight { name: name.to_owned(), value: 1.0, low: 1.0, high: highest, step: Step::Plus(1.0) };
        let objective = Objective { folds: 2, ..Objective::default() };
        let sets = [QuestionSet { name: "judged".to_owned(), questions: vec![question("a"), question("b")] }];
        let tuned = tune(&sets, &[weight("title"), weight("body")], &objective, &mut rank).expect("no error");
        let mut out = Vec::new();
        super::tuned(&mut Page::new(&mut out, 100), &tuned).expect("a Vec");
        anstream::adapter::strip_str(&String::from_utf8(out).expect("UTF-8")).to_string()
    }

    #[test]
    fn a_fit_shows_changed_weights_and_their_effect_on_held_out_questions() {
        let expected = "
Fitted weights: 10 sets of weights tried
  title                      1.0000 → 2.0000

                       success@1   success@5  success@10      MRR@10     nDCG@10
all (2)
  start                    0.000       1.000       1.000       0.500       0.631
  fitted                   1.000       1.000       1.000       1.000       1.000
  held out                 1.000       1.000       1.000       1.000       1.000

On held-out questions, in 2 folds
  success@1    +1.000  +1.000 to +1.000  p 0.500  may be chance
  success@5    +0.000  +0.000 to +0.000  p 1.000  may be chance
  success@10   +0.000  +0.000 to +0.000  p 1.000  may be chance
  MRR@10       +0.500  +0.500 to +0.500  p 0.500  may be chance
  nDCG@10      +0.369  +0.369 to +0.369  p 0.500  may be chance
  fold 1, 1 question: 0.500 → 1.000
  fold 2, 1 question: 0.500 → 1.000
";
        assert_eq!(report(2.0), expected);
    }

    #[test]
    fn a_fit_without_a_change_says_so() {
        assert_eq!(
            report(1.5),
            "\nFitted weights: 7 sets of weights tried\n  no change of a weight improves the result\n"
        );
    }
}
