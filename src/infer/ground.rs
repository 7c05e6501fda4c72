//! Which of several likely causes the others stand on.
//!
//! Programs stand on services, and services on the machine and its network: a disk that fails takes a database along, and
//! that its clients. No rule can name all that may follow from a failing disk. So of likely causes that were seen
//! together, the one nearest to the machine comes first. What is only worth knowing never comes before what does not work.

use crate::rule::program::SymptomSeverity;
use crate::rule::{CauseId, Program};

use super::consequence::is_possible_in_time;
use super::model::{RankedCause, SymptomState, TimeSpan};
use super::weights::{KNOWN, LIKELY};

/// The areas of the bundled rules, from the machine up. Those that are not listed are on top. Causes of other rules have no
/// layer, and are moved for nothing.
const LAYERS: [&[&str]; 4] = [
    &["boot", "kernel", "memory", "network", "storage", "windows"],
    &["time"],
    &["dns", "identity", "tls"],
    &["cache", "cloud", "cluster", "container", "database", "kubernetes", "queue", "search", "service", "systemd"],
];

/// Moves the likely cause to the front that the first one probably follows from: of those that are known, the one that was seen
/// first; then one of a lower layer, if the times allow it. Before that, moves the first likely cause of higher severity before
/// a first one of low severity.
///
/// `causes` are causes that go on, most probable first; `span` gives the times of the records that show a cause.
pub(crate) fn ground_first(
    program: &Program,
    causes: &mut [RankedCause],
    span: impl Fn(&RankedCause) -> Option<TimeSpan>,
) {
    let n_likely = causes.iter().take_while(|ranked| ranked.probability >= LIKELY).count();
    let likely = &mut causes[..n_likely];
    let is_low = |ranked: &RankedCause| severity(program, ranked) == Some(SymptomSeverity::Low);
    if likely.first().is_some_and(is_low)
        && let Some(at) = likely.iter().position(|ranked| !is_low(ranked))
    {
        likely[..=at].rotate_right(1);
    }
    let known = likely.iter().take_while(|ranked| ranked.probability >= KNOWN && !is_low(ranked));
    let seen = known.enumerate().filter_map(|(at, ranked)| Some((span(ranked)?.0, at)));
    if let Some((_, at)) = seen.min() {
        likely[..=at].rotate_right(1);
    }
    let Some(first) = likely.first() else { return };
    let Some(top) = layer(program, first.cause) else { return };
    let span_of_first = span(first);
    let may_be_root = |ranked: &RankedCause| {
        let layer = layer(program, ranked.cause).filter(|&layer| layer < top && !is_low(ranked))?;
        is_possible_in_time(span(ranked), span_of_first).then_some(layer)
    };
    let roots = likely.iter().enumerate().filter_map(|(at, ranked)| Some((may_be_root(ranked)?, at)));
    if let Some((_, at)) = roots.min() {
        likely[..=at].rotate_right(1);
    }
}

/// The highest severity of the symptoms that show a cause and were seen.
fn severity(program: &Program, ranked: &RankedCause) -> Option<SymptomSeverity> {
    let shows = &program.cause(ranked.cause).shows;
    let seen = ranked.because.iter().filter(|because| because.state == SymptomState::Present);
    let shown = seen.filter(|because| shows.iter().any(|(symptom, _)| *symptom == because.symptom));
    shown.map(|because| program.symptoms[because.symptom.0 as usize].severity).max()
}

/// The layer of a cause of the bundled rules: 0 is the machine.
fn layer(program: &Program, cause: CauseId) -> Option<usize> {
    let area = program.packs.iter().find(|pack| pack.causes.contains(&cause))?.area()?;
    Some(LAYERS.iter().position(|areas| areas.contains(&area)).unwrap_or(LAYERS.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::model::Because;
    use crate::infer::testing::Book;
    use crate::matching::Captures;
    use crate::rule::Pack;
    use jiff::Timestamp;

    /// Ranks causes, given with the path of their pack, probability, severity and the second at which they were seen. Returns
    /// the number of the first.
    fn first(causes: &[(&str, f64, SymptomSeverity, i64)]) -> u32 {
        let mut book = Book::default();
        let mut ranked: Vec<RankedCause> = Vec::new();
        for (index, (path, probability, severity, _)) in causes.iter().enumerate() {
            let symptom = book.symptom(&format!("symptom_{index}"), 0.001);
            book.program.symptoms[index].severity = *severity;
            let cause = book.cause(&format!("cause_{index}"), 0.1, &[(symptom, 0.9)]);
            let pack =
                Pack { name: "x".into(), title: None, path: (*path).into(), causes: vec![cause], meta: Vec::new() };
            book.program.packs.push(pack);
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
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        ground_first(&book.program, &mut ranked, |ranked| {
            let second = causes[ranked.cause.0 as usize].3;
            Some((at(second), at(second + 5)))
        });
        ranked[0].cause.0
    }

    const HIGH: SymptomSeverity = SymptomSeverity::High;

    #[test]
    fn the_likely_cause_nearest_to_the_machine_comes_first() {
        let [queue, disk, dns] = ["book:queue/kafka.rules", "book:storage.rules", "book:dns.rules"];
        assert_eq!(first(&[(queue, 0.99, HIGH, 20), (dns, 0.95, HIGH, 15), (disk, 0.85, HIGH, 10)]), 2);
        assert_eq!(first(&[(queue, 0.99, HIGH, 20), (disk, 0.79, HIGH, 10)]), 0);
        // Both lie in one layer; or the times rule it out; or one is a rule of the user's own.
        assert_eq!(first(&[(queue, 0.99, HIGH, 20), ("book:cache/redis.rules", 0.94, HIGH, 10)]), 0);
        assert_eq!(first(&[(queue, 0.99, HIGH, 20), (disk, 0.94, HIGH, 9_000)]), 0);
        assert_eq!(first(&[("own.rules", 0.99, HIGH, 20), (disk, 0.94, HIGH, 10)]), 0);
    }

    #[test]
    fn of_known_causes_the_one_that_was_seen_first_comes_first() {
        let [one, other] = ["own.rules", "book:cache/redis.rules"];
        assert_eq!(first(&[(one, 0.99, HIGH, 20), (other, 0.96, HIGH, 10)]), 1);
        assert_eq!(first(&[(one, 0.99, HIGH, 10), (other, 0.96, HIGH, 10)]), 0);
        assert_eq!(first(&[(one, 0.99, HIGH, 20), (other, 0.94, HIGH, 10)]), 0);
    }

    #[test]
    fn what_is_only_worth_knowing_does_not_come_first() {
        let [noise, fault] = ["book:access.rules", "book:web/nginx.rules"];
        assert_eq!(first(&[(noise, 0.99, SymptomSeverity::Low, 10), (fault, 0.9, HIGH, 20)]), 1);
        assert_eq!(first(&[(noise, 0.99, SymptomSeverity::Low, 10), (fault, 0.7, HIGH, 20)]), 0);
        assert_eq!(first(&[(noise, 0.99, HIGH, 10), (fault, 0.9, HIGH, 20)]), 0);
    }
}
