//! The file that `casebook eval search --fit OUT.toml` writes: weights for `[search] ranking`, with comments on how
//! they were fitted.

use super::clean::on_one_line;
use super::metrics_table::fit_table;
use crate::eval::lab::FitReport;
use crate::store::Ranking;

/// The text of the file: all weights of `ranking`, so that it means the same to a version of casebook with other
/// defaults, and comments on how the weights in `report` were fitted to the questions in `files`.
pub fn ranking_file(ranking: &Ranking, report: &FitReport, files: &[String]) -> String {
    let mut text = format!(
        "# Weights of the ranking: name this file under `[search] ranking` in casebook.toml, or with `--ranking`.\n\
         # Fitted by {} to the questions of {}. Only the rows \"held out\" predict other questions.\n#\n",
        report.metric.name(),
        on_one_line(&files.join(", "))
    );
    fit_table(report).iter().for_each(|line| text += &format!("# {line}\n"));
    text.push('\n');
    for (name, value) in ranking.named() {
        // Rounded to `f32` as in the ranking, because those values were measured.
        text += &format!("{name} = {:?}", value as f32);
        let moved = report
            .start
            .iter()
            .zip(&report.fit.weights)
            .find(|(weight, now)| weight.name == name && weight.value != **now);
        text += &moved.map(|(weight, _)| format!("  # was {:?}", weight.value as f32)).unwrap_or_default();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::lab::{Objective, fit, fitted, weights};
    use crate::eval::{Question, QuestionSet, RankedHit};

    #[test]
    fn the_file_is_read_back_as_the_weights_that_were_fitted() {
        let question = Question { id: "1".into(), query: "hum".into(), relevant: vec!["a".into()], style: None };
        let sets = [QuestionSet { name: "judged".into(), questions: vec![question] }];
        let start = Ranking { code: 30.0, ..Ranking::default() };
        let weights = weights(&start);
        let title = weights.iter().position(|weight| weight.name == "title_words").expect("a weight");
        let mut rank = |values: &[f64]| {
            let hit = |id: &str| RankedHit { id: id.to_owned(), score: 1.0, near_copies: Vec::new() };
            Ok::<_, ()>(vec![if values[title] > 5.0 { vec![hit("a")] } else { vec![hit("x"), hit("a")] }])
        };
        let objective = Objective { folds: 0, ..Objective::default() };
        let report = fit(&sets, &weights, &objective, &mut rank).expect("no error");
        let found = fitted(&start, &report);
        assert_eq!(found, Ranking { title_words: 8.0, ..start });
        let text = ranking_file(&found, &report, &["a.jsonl".into(), "b\nc.jsonl".into()]);
        assert_eq!(Ranking::from_toml(&text), Ok(found));
        assert!(text.contains("# Fitted by MRR@10 to the questions of a.jsonl, b⏎c.jsonl. Only"), "{text}");
        assert!(text.contains("#   fitted                   1.000"), "{text}");
        assert!(text.contains("\ncode = 30.0\n") && text.contains("\ntitle_words = 8.0  # was 4.0\n"), "{text}");
    }
}
