//! The lines of the specification, one by one, and the fast evaluator against the slow one.

use proptest::prelude::*;

use super::episode::Known;
use super::naive::{Naive, Record};
use super::*;

const SECOND: Micros = 1_000_000;

fn event(time: Micros, line: u64, slot: Slot) -> Event {
    let place = Place { source: 0, line };
    let values = Box::default();
    Event { time: time * SECOND, place, slot, is_open: false, record: NO_RECORD, values, other: 0 }
}

fn when(expr: Expr, within: Option<Micros>) -> When {
    let mut evidence = 0;
    slots_of(&expr, &mut evidence);
    let within = within.map(|within| within * SECOND);
    When { expr, within, edges: Vec::new(), evidence, resets: 0, ended_by: 0, rearm: Rearm::After(within) }
}

fn slots_of(expr: &Expr, slots: &mut SlotSet) {
    match expr {
        Expr::Seen(of)
        | Expr::Count { of, .. }
        | Expr::Distinct { of, .. }
        | Expr::First { of, .. }
        | Expr::Lasting { of, .. } => *slots |= slot_set(*of),
        Expr::Measured { measure, .. } => *slots |= slot_set(measure.slot()),
        Expr::Any(parts) | Expr::All(parts) => parts.iter().for_each(|part| slots_of(part, slots)),
        Expr::Then(steps) => steps.iter().for_each(|step| slots_of(&step.expr, slots)),
        Expr::Within(inner, _) => slots_of(inner, slots),
    }
}

/// Evaluates events at seconds; all of them are known from `known.0` to `known.1` seconds.
fn found(when: &When, events: &[Event], known: (Micros, Micros)) -> Vec<Episode> {
    let span = |_: u32, _: SlotSet| Some((known.0 * SECOND, known.1 * SECOND));
    evaluate(when, events, &Known { is_timed: true, span: &span }, None)
}

/// The first and last second, the number of records and whether it is open, of each episode.
fn outline(episodes: &[Episode]) -> Vec<(Micros, Micros, u64, bool)> {
    episodes.iter().map(|one| (one.first / SECOND, one.last / SECOND, one.count, one.is_open)).collect()
}

fn seen(slot: Slot) -> Step {
    Step { without: 0, expr: Expr::Seen(slot) }
}

#[test]
fn equal_times_of_one_source_are_in_the_order_of_lines() {
    let sequence = when(Expr::Then(vec![seen(0), seen(1)]), Some(10));
    let in_order = [event(5, 1, 0), event(5, 2, 1)];
    assert_eq!(outline(&found(&sequence, &in_order, (0, 99))), [(5, 5, 2, false)]);
    let other_way = [event(5, 1, 1), event(5, 2, 0)];
    assert_eq!(outline(&found(&sequence, &other_way, (0, 99))), []);
    // One record is not before itself.
    assert_eq!(outline(&found(&sequence, &[event(5, 1, 0), event(5, 1, 1)], (0, 99))), []);
}

#[test]
fn equal_times_of_two_sources_are_in_an_order_that_is_not_certain() {
    let sequence = when(Expr::Then(vec![seen(0), seen(1)]), Some(10));
    let other =
        |time: Micros, source: u32, slot: Slot| Event { time, place: Place { source, line: 1 }, ..event(0, 1, slot) };
    let uncertain = |events: &[Event]| found(&sequence, events, (0, 99))[0].is_order_uncertain;
    assert!(uncertain(&[other(5 * SECOND, 0, 0), other(5 * SECOND, 1, 1)]));
    assert!(!uncertain(&[other(5 * SECOND, 0, 0), other(6 * SECOND, 1, 1)]));
    // The first stamp has no fraction, so it can be anywhere in its second.
    assert!(uncertain(&[other(5 * SECOND, 0, 0), other(5 * SECOND + 400_000, 1, 1)]));
    assert!(!uncertain(&[other(5 * SECOND + 100_000, 0, 0), other(5 * SECOND + 400_000, 1, 1)]));
}

#[test]
fn a_window_includes_both_ends_and_slides() {
    let count = when(Expr::Count { of: 0, at_least: 3 }, Some(10));
    let at = |times: &[Micros]| times.iter().zip(1..).map(|(time, line)| event(*time, line, 0)).collect::<Vec<_>>();
    assert_eq!(outline(&found(&count, &at(&[0, 5, 10]), (0, 99))), [(0, 10, 3, false)]);
    assert_eq!(outline(&found(&count, &at(&[0, 5, 11]), (0, 99))), []);
    // No fixed window of ten seconds has three of them.
    assert_eq!(outline(&found(&count, &at(&[8, 9, 12]), (0, 99))), [(8, 12, 3, false)]);
}

#[test]
fn without_times_only_the_order_counts_and_the_rest_is_assumed() {
    let span = |_: u32, _: SlotSet| None;
    let known = Known { is_timed: false, span: &span };
    let sequence = when(Expr::Then(vec![seen(0), seen(1)]), Some(10));
    let events = [event(0, 1, 0), event(0, 900, 1)];
    let episodes = evaluate(&sequence, &events, &known, None);
    assert_eq!((episodes.len(), episodes[0].is_assumed), (1, true));
    assert_eq!(evaluate(&sequence, &[event(0, 1, 1), event(0, 2, 0)], &known, None), []);
}

#[test]
fn absence_is_confirmed_open_or_refuted() {
    let edges = vec![Edge { slots: slot_set(1), side: Side::After, span: 10 * SECOND }];
    let absent = When { edges, ..when(Expr::Seen(0), None) };
    let with = |until: Micros, events: &[Event]| outline(&found(&absent, events, (0, until)));
    assert_eq!(with(16, &[event(5, 1, 0)]), [(5, 5, 1, false)]);
    // A record at the very end of the time may be followed by another one of that time.
    assert_eq!(with(15, &[event(5, 1, 0)]), [(5, 5, 1, true)]);
    assert_eq!(with(99, &[event(5, 1, 0), event(15, 2, 1)]), []);
    assert_eq!(with(99, &[event(5, 1, 0), event(16, 2, 1)]), [(5, 5, 1, false)]);
}

#[test]
fn what_was_missing_and_comes_late_ends_the_episode() {
    let edges = vec![Edge { slots: slot_set(1), side: Side::After, span: 10 * SECOND }];
    let absent = When { edges, ..when(Expr::Seen(0), None) };
    let ended = found(&absent, &[event(5, 1, 0), event(30, 2, 1)], (0, 99))[0].ended;
    assert_eq!(ended, Some(30 * SECOND));
}

#[test]
fn a_sequence_skips_what_does_not_belong_to_it_and_takes_what_fits() {
    let sequence = when(Expr::Then(vec![seen(0), seen(1), seen(2)]), Some(10));
    let events: Vec<Event> =
        [(0, 0), (6, 0), (7, 2), (8, 1), (9, 0), (12, 2)].iter().zip(1..).map(|((t, s), l)| event(*t, l, *s)).collect();
    // The record at 0 is too old; that at 6 fits. All evidence in between is counted.
    assert_eq!(outline(&found(&sequence, &events, (0, 99))), [(6, 12, 5, false)]);
}

/// Conditions of every kind about slots 0 to 3, and what they need besides.
fn costly() -> Vec<When> {
    let (window, bound) = (1_000_000 * SECOND, Bound { ordering: Ordering::GreaterOrEqual, limit: 1e9 });
    let measures = [
        Measure::Sum(0, 0),
        Measure::Min(0, 0),
        Measure::Max(0, 0),
        Measure::Mean(0, 0),
        Measure::P95(0, 0),
        Measure::Ratio(0, 1),
        Measure::Unusual(0),
    ];
    let measured = measures.map(|measure| Expr::Measured { measure, bound, window });
    let never = Expr::Count { of: 0, at_least: u64::MAX };
    let others = [
        Expr::Then((0..6).map(seen).collect()),
        Expr::Then(vec![seen(0), Step { without: slot_set(1), expr: Expr::Seen(2) }, seen(5)]),
        Expr::All(vec![Expr::Seen(0), never.clone(), Expr::Then(vec![seen(2), seen(0)])]),
        Expr::Any(vec![Expr::Within(Box::new(Expr::Count { of: 0, at_least: 999 }), SECOND), never]),
        Expr::Seen(0),
        Expr::Count { of: 0, at_least: 2 },
        Expr::Distinct { of: 0, value: 0, at_least: 3 },
        Expr::First { of: 3, window },
        Expr::Lasting { of: 0, counter: slot_set(1), span: window },
    ];
    let edge = |side| Edge { slots: slot_set(2), side, span: window };
    let edges = [vec![], vec![edge(Side::Before)], vec![edge(Side::After)], vec![edge(Side::Around)]];
    let rearms = [Rearm::After(Some(window)), Rearm::After(None), Rearm::EveryMatch, Rearm::On(slot_set(1))];
    let mut all = Vec::new();
    for expr in measured.into_iter().chain(others) {
        for (edges, rearm) in edges.iter().zip(rearms) {
            for breaks in [0, slot_set(1), slot_set(2)] {
                let edges = edges.clone();
                all.push(When {
                    edges,
                    rearm,
                    resets: breaks,
                    ended_by: breaks,
                    ..when(expr.clone(), Some(1_000_000))
                });
            }
        }
    }
    all
}

/// Logs that are hard in different ways, each as the slot of its n-th record.
const HARD: [fn(u64, u64) -> Slot; 6] = [
    |_, _| 0,
    |_, _| 1,
    |at, _| (at % 5) as Slot,
    |at, n| if at < n / 2 { 0 } else { 1 },
    |at, n| if at < n / 2 { 1 } else { 0 },
    |at, _| if at % 7 == 0 { 2 } else { (at % 2) as Slot },
];

#[test]
fn twice_the_records_cost_at_most_little_more_than_twice_as_many_looks_at_them() {
    let looks = |when: &When, hard: fn(u64, u64) -> Slot, n: u64| {
        let values = |at: u64| -> Box<[Option<u64>]> { Box::new([Some((at as f64).to_bits())]) };
        let event = |at: u64| Event { values: values(at), ..event(at as Micros, at, hard(at, n)) };
        let events: Vec<Event> = (0..n).map(event).collect();
        moment::LOOKS.set(0);
        found(when, &events, (0, 99));
        moment::LOOKS.get()
    };
    for when in costly() {
        for (at, hard) in HARD.into_iter().enumerate() {
            let (half, whole) = (looks(&when, hard, 500), looks(&when, hard, 1_000));
            assert!(whole as f64 <= 2.2 * half as f64, "log {at}: {half} {whole} {when:?}");
            // So that it is about the records and not about something else.
            assert!(half >= 500 && whole <= 100 * 1_000, "log {at}: {half} {whole} {when:?}");
        }
    }
}

#[test]
fn a_carried_episode_goes_on() {
    let count = when(Expr::Count { of: 0, at_least: 3 }, Some(10));
    let events: Vec<Event> = (0..40).map(|at| event(at, at as u64, 0)).collect();
    let whole = found(&count, &events, (0, 99));
    let first = found(&count, &events[..20], (0, 99));
    let span = |_: u32, _: SlotSet| Some((0, 99 * SECOND));
    let known = Known { is_timed: true, span: &span };
    let rest = evaluate(&count, &events[20..], &known, first.into_iter().next());
    assert_eq!(outline(&rest), outline(&whole));
}

/// `a then no x then (count(b) >= 3)`: no `x` between `a` and the three nearest `b`.
#[test]
fn what_follows_a_gap_without_records_is_as_short_as_it_can_be() {
    let three = Step { without: slot_set(2), expr: Expr::Count { of: 1, at_least: 3 } };
    let sequence = when(Expr::Then(vec![seen(0), three]), Some(100));
    let at = |slots: &[Slot]| slots.iter().zip(1..).map(|(slot, t)| event(t, t as u64, *slot)).collect::<Vec<_>>();
    assert_eq!(outline(&found(&sequence, &at(&[0, 1, 1, 1]), (0, 99))), [(1, 4, 4, false)]);
    // What is between the three does not matter.
    assert_eq!(outline(&found(&sequence, &at(&[0, 1, 2, 1, 1]), (0, 99))), [(1, 5, 4, false)]);
    assert_eq!(outline(&found(&sequence, &at(&[0, 2, 1, 1, 1]), (0, 99))), []);
    // Three of them have come when the fourth comes, and all of them are counted.
    assert_eq!(outline(&found(&sequence, &at(&[0, 1, 2, 1, 1, 1]), (0, 99))), [(1, 6, 5, false)]);
    let one = when(
        Expr::Then(vec![seen(0), Step { without: slot_set(2), expr: Expr::Count { of: 1, at_least: 1 } }]),
        Some(100),
    );
    assert_eq!(outline(&found(&one, &at(&[0, 2, 1]), (0, 99))), []);
    // What stands before the gap is as near as it can be.
    let before = Step { without: 0, expr: Expr::Count { of: 0, at_least: 2 } };
    let gap = when(Expr::Then(vec![before, Step { without: slot_set(2), expr: Expr::Seen(1) }]), Some(100));
    assert_eq!(outline(&found(&gap, &at(&[0, 0, 2, 0, 1]), (0, 99))), [(1, 5, 4, false)]);
    assert_eq!(outline(&found(&gap, &at(&[0, 0, 2, 1]), (0, 99))), []);
}

#[test]
fn what_is_missing_is_said() {
    let span = |_: u32, _: SlotSet| Some((0, 999 * SECOND));
    let known = Known { is_timed: true, span: &span };
    let missing = |when: &When, events: &[Event]| shortfall(when, events, &known).map(|(missing, _)| missing);
    let at = |times: &[Micros]| times.iter().zip(1..).map(|(time, line)| event(*time, line, 0)).collect::<Vec<_>>();
    let count = when(Expr::Count { of: 0, at_least: 5 }, Some(120));
    let late = Shortfall::Late { seen: 4, wanted: 5, by: 7 * SECOND };
    assert_eq!(missing(&count, &at(&[0, 10, 20, 30, 127])), Some(late));
    assert_eq!(missing(&count, &at(&[0, 10, 20])), Some(Shortfall::Few { seen: 3, wanted: 5 }));
    assert_eq!(missing(&count, &at(&[0, 10, 20, 30, 40])), None);
    let reset = When { resets: slot_set(1), ..count };
    let events: Vec<Event> = [0, 1, 2]
        .map(|t| event(t, t as u64 + 1, 0))
        .into_iter()
        .chain([event(3, 812, 1)])
        .chain([4, 5].map(|t| event(t, t as u64 + 900, 0)))
        .collect();
    assert_eq!(missing(&reset, &events), Some(Shortfall::Reset(Place { source: 0, line: 812 })));
    let sequence = when(Expr::Then(vec![seen(0), seen(1), seen(2)]), Some(10));
    let two = [event(0, 1, 0), event(1, 2, 1)];
    assert_eq!(missing(&sequence, &two), Some(Shortfall::Few { seen: 2, wanted: 3 }));
    let three = [event(0, 1, 0), event(1, 2, 1), event(15, 3, 2)];
    assert_eq!(missing(&sequence, &three), Some(Shortfall::TooLong(5 * SECOND)));
    let distinct = when(Expr::Distinct { of: 0, value: 0, at_least: 9 }, Some(10));
    let valued = |time: Micros, value: u64| Event { values: Box::new([Some(value)]), ..event(time, time as u64, 0) };
    let five = [1, 1, 2, 3, 3, 4, 5].into_iter().zip([1, 2, 3, 4, 5, 6, 99]).map(|(value, t)| valued(t, value));
    assert_eq!(missing(&distinct, &five.collect::<Vec<_>>()), Some(Shortfall::Few { seen: 4, wanted: 9 }));
    let high = when(Expr::Lasting { of: 0, counter: slot_set(1), span: 60 * SECOND }, None);
    let lasted = Shortfall::Short { lasted: 40 * SECOND, wanted: 60 * SECOND };
    assert_eq!(missing(&high, &at(&[0, 10, 20, 30, 40])), Some(lasted));
    let measured = |measure, ordering, limit| {
        let bound = Bound { ordering, limit };
        when(Expr::Measured { measure, bound, window: 10 * SECOND }, None)
    };
    let numbers = [(1, 2.0), (2, 3.5), (30, 4.0)].map(|(t, n)| valued(t, f64::to_bits(n)));
    let sum = measured(Measure::Sum(0, 0), Ordering::Greater, 9.0);
    assert_eq!(missing(&sum, &numbers), Some(Shortfall::Number(5_500_000)));
    let mean = measured(Measure::Mean(0, 0), Ordering::Less, 1.5);
    assert_eq!(missing(&mean, &numbers), Some(Shortfall::Number(2_000_000)));
    let edges = vec![Edge { slots: slot_set(1), side: Side::After, span: 10 * SECOND }];
    let absent = When { edges, ..when(Expr::Seen(0), None) };
    let refuted = Shortfall::Refuted(Place { source: 0, line: 2 });
    assert_eq!(missing(&absent, &[event(5, 1, 0), event(9, 2, 1)]), Some(refuted));
}

fn part() -> impl Strategy<Value = Expr> {
    let simple = prop_oneof![
        3 => (0..4_u8).prop_map(Expr::Seen),
        2 => (0..4_u8, 1..4_u64).prop_map(|(of, at_least)| Expr::Count { of, at_least }),
        1 => (0..4_u8, 1..4_u64).prop_map(|(of, at_least)| Expr::Distinct { of, value: 0, at_least }),
        1 => (0..4_u8, 1..9_i64).prop_map(|(of, window)| Expr::First { of, window: window * SECOND }),
    ];
    simple.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Any),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::All),
            (inner.clone(), prop::collection::vec((0..16_u64, inner.clone()), 1..3)).prop_map(|(first, steps)| {
                let steps = steps.into_iter().map(|(without, expr)| Step { without: without & 8, expr });
                Expr::Then(std::iter::once(Step { without: 0, expr: first }).chain(steps).collect())
            }),
            (inner, 1..9_i64).prop_map(|(inner, within)| Expr::Within(Box::new(inner), within * SECOND)),
        ]
    })
}

fn measured() -> impl Strategy<Value = Expr> {
    let bound = (0..4_u8, 0..12_u8).prop_map(|(ordering, limit)| {
        let ordering = match ordering {
            0 => Ordering::Greater,
            1 => Ordering::GreaterOrEqual,
            2 => Ordering::Less,
            _ => Ordering::LessOrEqual,
        };
        Bound { ordering, limit: f64::from(limit) / 2.0 }
    });
    let measure = prop_oneof![
        Just(Measure::Sum(0, 0)),
        Just(Measure::Min(0, 0)),
        Just(Measure::Max(0, 0)),
        Just(Measure::Mean(0, 0)),
        Just(Measure::P95(0, 0)),
        Just(Measure::Ratio(0, 1)),
        Just(Measure::Unusual(0)),
    ];
    let window = (measure, bound, 1..9_i64);
    prop_oneof![
        window.prop_map(|(measure, bound, window)| Expr::Measured { measure, bound, window: window * SECOND }),
        (0..4_u8, 1..9_i64).prop_map(|(of, span)| Expr::Lasting { of, counter: 8, span: span * SECOND }),
    ]
}

fn whole() -> impl Strategy<Value = When> {
    let edge = (0..4_u8, 0..3_u8, 1..9_i64).prop_map(|(slot, side, span)| {
        let side = [Side::Before, Side::After, Side::Around][usize::from(side)];
        Edge { slots: slot_set(slot), side, span: span * SECOND }
    });
    let rearm = prop_oneof![
        4 => (1..12_i64).prop_map(|gap| Rearm::After(Some(gap * SECOND))),
        1 => Just(Rearm::After(None)),
        1 => Just(Rearm::EveryMatch),
        1 => (0..16_u64).prop_map(Rearm::On),
    ];
    let expr = prop_oneof![3 => part(), 1 => measured()];
    let edges = prop::collection::vec(edge, 0..2);
    let breaks = prop_oneof![3 => Just(0_u64), 1 => Just(8_u64)];
    (expr, prop::option::of(1..12_i64), edges, rearm, breaks.clone(), breaks).prop_map(
        |(expr, within, edges, rearm, resets, ended_by)| When { edges, rearm, resets, ended_by, ..when(expr, within) },
    )
}

/// Records at whole seconds, in order, each with some of four slots and a value.
fn records() -> impl Strategy<Value = Vec<Record>> {
    let record = (0..4_i64, 1..16_u64, 0..4_u8);
    prop::collection::vec(record, 0..14).prop_map(|steps| {
        let mut time = 0;
        let next = |(step, slots, value): (i64, u64, u8)| {
            time += step * SECOND;
            Record { time, slots, value }
        };
        steps.into_iter().map(next).collect()
    })
}

fn events_of(records: &[Record]) -> Vec<Event> {
    let events = records.iter().zip(1..).flat_map(|(record, line)| {
        (0..4).filter(|slot| record.slots & slot_set(*slot) != 0).map(move |slot| Event {
            time: record.time,
            place: Place { source: 0, line },
            slot,
            is_open: false,
            record: NO_RECORD,
            values: Box::new([Some(f64::from(record.value).to_bits())]),
            other: 0,
        })
    });
    events.collect()
}

/// Leaves out of the fast result what the slow one does not know: how much before the latest start belongs to a match.
fn comparable(episodes: &[Episode]) -> Vec<(Micros, bool)> {
    episodes.iter().map(|one| (one.last, one.is_open)).collect()
}

proptest! {
    // `PROPTEST_CASES=10000` tries 160,000.
    #![proptest_config(ProptestConfig { cases: 16 * ProptestConfig::default().cases, ..ProptestConfig::default() })]

    #[test]
    fn fast_equals_naive(when in whole(), records in records()) {
        let events = events_of(&records);
        let known = (0, 20 * SECOND);
        let span = |_: u32, _: SlotSet| Some(known);
        let fast = evaluate(&when, &events, &Known { is_timed: true, span: &span }, None);
        let naive = Naive { when: &when, all: &records, known };
        let slow = naive.episodes();
        let slow_ends: Vec<(Micros, bool)> = slow.iter().map(|(_, last, _, is_open)| (*last, *is_open)).collect();
        let has_first = format!("{:?}", when.expr).contains("First");
        if has_first {
            // What is assumed to be the first may be open in the fast result.
            let ends: Vec<Micros> = slow.iter().map(|(_, last, ..)| *last).collect();
            prop_assert_eq!(fast.iter().map(|one| one.last).collect::<Vec<_>>(), ends);
        } else {
            prop_assert_eq!(comparable(&fast), slow_ends, "{:?}", events);
        }
        for (fast, slow) in fast.iter().zip(&slow) {
            // More of the same before the shortest match belongs to it.
            prop_assert!(fast.first <= slow.0 && fast.count >= slow.2, "{:?} {:?}", fast, slow);
        }
    }
}
