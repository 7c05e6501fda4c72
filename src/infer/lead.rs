//! Which of several likely causes leads a report. What is only worth knowing does not lead before what does not work, and a rule
//! of a product that the log does not name does not lead before one of a product that it names.

use super::model::RankedCause;
use super::observe::present;
use super::weights::LIKELY;
use crate::matching::{Finding, SourceSummary};
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

/// The records that are searched for the name of a product, at most.
const MAX_SEARCHED: usize = 200;

/// The fewest letters of a name that is searched for.
const SHORTEST_NAME: usize = 3;

/// The greatest difference between the probabilities of two causes of which either may lead.
const TIE: f64 = 0.005;

/// Moves the first cause whose product the records or sources name before a first one, as probable, of another product that none
/// of them names: short messages of one product may be those of another. `causes` are causes that go on, most probable first.
pub(super) fn named_first(
    program: &Program,
    findings: &[Finding],
    sources: &[SourceSummary],
    causes: &mut [RankedCause],
) {
    let Some(top) = causes.first().map(|first| first.probability).filter(|top| *top >= LIKELY) else { return };
    let n_tied = causes.iter().take_while(|ranked| ranked.probability >= top - TIE).count();
    let tied = &mut causes[..n_tied];
    let Some((first, others)) = tied.split_first() else { return };
    let products: Vec<Option<String>> = others.iter().map(|ranked| product(program, ranked)).collect();
    let Some(of_first) = product(program, first).filter(|_| products.iter().any(Option::is_some)) else { return };
    let records = findings.iter().flat_map(|finding| &finding.evidence).take(MAX_SEARCHED);
    let texts = records.map(|evidence| evidence.text.as_str()).chain(sources.iter().map(|source| source.name.as_str()));
    let texts: Vec<String> = texts.map(str::to_lowercase).collect();
    let is_named = |product: &str| texts.iter().any(|text| text.contains(product));
    if is_named(&of_first) {
        return;
    }
    if let Some(at) = products.iter().position(|product| product.as_deref().is_some_and(is_named)) {
        tied[..=at + 1].rotate_right(1);
    }
}

/// The product that a cause is about, in lower case: the name of its pack, up to the first underscore, if the title of the cause
/// contains it. `None` for a cause that any program may have.
fn product(program: &Program, ranked: &RankedCause) -> Option<String> {
    let pack = program.pack_of(ranked.cause)?;
    let name = pack.name.split('_').next()?.to_lowercase();
    let is_in_title = program.cause(ranked.cause).title.to_string().to_lowercase().contains(&name);
    (name.len() >= SHORTEST_NAME && is_in_title).then_some(name)
}

/// The highest severity of the symptoms that show a cause and were seen.
fn severity(program: &Program, ranked: &RankedCause) -> Option<SymptomSeverity> {
    present(program, ranked.cause, &ranked.because).map(|symptom| program.symptom(symptom).severity).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::model::{Because, SymptomState};
    use crate::infer::testing::{Book, seen};
    use crate::matching::{Captures, Evidence};
    use crate::rule::CauseId;
    use crate::rule::program::Pack;
    use crate::source::SourceId;

    fn likely(cause: CauseId, probability: f64, because: Vec<Because>) -> RankedCause {
        let (follows, captures, articles) = (Vec::new(), Captures::new(), Vec::new());
        RankedCause { cause, probability, by_itself: probability, follows, captures, articles, because }
    }

    /// Ranks causes, given with probability and severity, most probable first. Returns the number of the first.
    fn first(causes: &[(f64, SymptomSeverity)]) -> u32 {
        let mut book = Book::default();
        let mut ranked: Vec<RankedCause> = Vec::new();
        for (index, (probability, severity)) in causes.iter().enumerate() {
            let symptom = book.symptom(&format!("symptom_{index}"), 0.001);
            book.program.symptoms[index].severity = *severity;
            let cause = book.cause(&format!("cause_{index}"), 0.1, &[(symptom, 0.9)]);
            let because = vec![Because { symptom, state: SymptomState::Present, decibans: Some(30.0) }];
            ranked.push(likely(cause, *probability, because));
        }
        fault_first(&book.program, &mut ranked);
        ranked[0].cause.0
    }

    const HIGH: SymptomSeverity = SymptomSeverity::High;

    /// Ranks two likely causes, one of a pack `quay` and one of a pack `depot`, with these titles, in a log with this record.
    /// Returns the name of the first.
    fn first_named(titles: [&str; 2], record: &str) -> String {
        let mut book = Book::default();
        let symptom = book.symptom("refused", 0.001);
        let mut ranked = Vec::new();
        for (title, pack) in titles.into_iter().zip(["quay", "depot_orders"]) {
            let cause = book.cause(title, 0.1, &[(symptom, 0.9)]);
            let (name, causes) = (pack.to_owned(), vec![cause]);
            book.program.packs.push(Pack { name, title: None, path: String::new(), causes, meta: Vec::new() });
            ranked.push(likely(cause, 0.99, Vec::new()));
        }
        let evidence = Evidence { source: SourceId(0), line: 1, text: record.to_owned() };
        let finding = Finding { evidence: vec![evidence], ..seen(symptom, 1, 1, &[]) };
        named_first(&book.program, &[finding], &[], &mut ranked);
        book.program.cause(ranked[0].cause).name.clone()
    }

    #[test]
    fn a_product_that_the_log_names_comes_first() {
        let both = ["Quay refuses the order", "The depot refuses the order"];
        assert_eq!(first_named(both, "Depot 7: order not found"), both[1]);
        assert_eq!(first_named(both, "Quay and depot: order not found"), both[0]);
        assert_eq!(first_named(both, "order not found"), both[0]);
        let any = ["The order has a mistake", "The depot refuses the order"];
        assert_eq!(first_named(any, "Depot 7: order not found"), any[0]);
        let any = ["Quay refuses the order", "The order has a mistake"];
        assert_eq!(first_named(any, "Depot 7: order not found"), any[0]);
    }

    #[test]
    fn what_is_only_worth_knowing_does_not_come_first() {
        assert_eq!(first(&[(0.99, SymptomSeverity::Low), (0.9, HIGH)]), 1);
        assert_eq!(first(&[(0.99, SymptomSeverity::Low), (0.7, HIGH)]), 0);
        assert_eq!(first(&[(0.99, HIGH), (0.9, SymptomSeverity::Low)]), 0);
    }
}
