//! What is only worth knowing never leads a report before what does not work.

use super::model::RankedCause;
use super::observe::present;
use super::weights::LIKELY;
use crate::rule::Program;
use crate::rule::program::SymptomSeverity;

/// Moves the first likely cause of higher severity before a first one of low severity. `causes` are causes that go on, most
/// probable first.
pub(super) fn fault_first(program: &Program, causes: &mut [RankedCause]) {
    let n_likely = causes.iter().take_while(|ranked| ranked.probability >= LIKELY).count();
    let is_low = |ranked: &RankedCause| severity(program, ranked) == Some(SymptomSeverity::Low);
    let likely = &mut causes[..n_likely];
    if likely.first().is_some_and(is_low)
        && let Some(at) = likely.iter().position(|ranked| !is_low(ranked))
    {
        likely[..=at].rotate_right(1);
    }
}

/// The highest severity of the symptoms that show a cause and were seen.
fn severity(program: &Program, ranked: &RankedCause) -> Option<SymptomSeverity> {
    present(program, ranked.cause, &ranked.because).map(|symptom| program.symptom(symptom).severity).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::model::{Because, SymptomState};
    use crate::infer::testing::Book;
    use crate::matching::Captures;

    /// Ranks causes, given with probability and severity, most probable first. Returns the number of the first.
    fn first(causes: &[(f64, SymptomSeverity)]) -> u32 {
        let mut book = Book::default();
        let mut ranked: Vec<RankedCause> = Vec::new();
        for (index, (probability, severity)) in causes.iter().enumerate() {
            let symptom = book.symptom(&format!("symptom_{index}"), 0.001);
            book.program.symptoms[index].severity = *severity;
            let cause = book.cause(&format!("cause_{index}"), 0.1, &[(symptom, 0.9)]);
            let because = vec![Because { symptom, state: SymptomState::Present, decibans: Some(30.0) }];
            ranked.push(RankedCause {
                cause,
                probability: *probability,
                by_itself: *probability,
                follows: Vec::new(),
                captures: Captures::new(),
                articles: Vec::new(),
                because,
            });
        }
        fault_first(&book.program, &mut ranked);
        ranked[0].cause.0
    }

    const HIGH: SymptomSeverity = SymptomSeverity::High;

    #[test]
    fn what_is_only_worth_knowing_does_not_come_first() {
        assert_eq!(first(&[(0.99, SymptomSeverity::Low), (0.9, HIGH)]), 1);
        assert_eq!(first(&[(0.99, SymptomSeverity::Low), (0.7, HIGH)]), 0);
        assert_eq!(first(&[(0.99, HIGH), (0.9, SymptomSeverity::Low)]), 0);
    }
}
