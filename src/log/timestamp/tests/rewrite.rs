//! Stamps that are moved to another time, and properties of all stamps.

use jiff::{SignedDuration, Timestamp};

use super::super::shape::SHAPES;
use super::super::*;
use super::{rules, young};

/// Checks that `line` becomes `moved` if its stamp is rewritten to a time that is later by `by`.
#[track_caller]
fn check_moved(line: &str, by: SignedDuration, moved: &str) {
    let found = find_stamp(line.as_bytes(), &rules()).expect("a stamp");
    assert_eq!(found.rewrite(line, found.time + by), moved);
}

#[test]
fn a_rewritten_stamp_keeps_its_form() {
    let five_minutes = SignedDuration::from_mins(5);
    check_moved("1999-03-01T09:58:00Z imc: 421", five_minutes, "1999-03-01T10:03:00Z imc: 421");
    check_moved("[Sat Dec 31 23:59:59 2005] x", five_minutes, "[Sun Jan  1 00:04:59 2006] x");
    check_moved("[Sun Dec 04 23:59:59 2005] x", five_minutes, "[Mon Dec 05 00:04:59 2005] x");
    check_moved("Jun  9 23:58:00 combo x", five_minutes, "Jun 10 00:03:00 combo x");
    check_moved("Jun 30 23:58:00 combo x", five_minutes, "Jul  1 00:03:00 combo x");
    check_moved("4/9/2001 11:58:31 AM x", five_minutes, "4/9/2001 12:03:31 PM x");
    check_moved("1117838570 x", five_minutes, "1117838870 x");
    check_moved("2015-10-18 18:01:47,978 +0200 x", SignedDuration::from_millis(23), "2015-10-18 18:01:48,001 +0200 x");
}

#[test]
fn rewritten_stamps_of_rarer_forms_keep_their_form() {
    let by = SignedDuration::from_hours(24 * 21);
    for (line, moved) in [
        ("[12-Oct-2026 10:00:00 Europe/Berlin] x", "[02-Nov-2026 09:00:00 Europe/Berlin] x"),
        ("Do 12. Mär 10:00:00 CET 2026", "Do 02. Apr 10:00:00 CET 2026"),
        ("2021-11-09  5:13:12 x", "2021-11-30  5:13:12 x"),
        ("11/12/2026, 9:00:00 AM", "12/3/2026, 9:00:00 AM"),
        ("2026-316T10:00:00", "2026-337T10:00:00"),
        ("2026-W46-4T10:00:00", "2026-W49-4T10:00:00"),
        ("2026-W50-4T10:00:00", "2026-W53-4T10:00:00"),
        ("2025-W50-4T10:00:00", "2026-W01-4T10:00:00"),
        ("1763000000123456", "1764814400123456"),
        ("1763000000.12", "1764814400.12"),
        ("@400000004c91b044077a9e94", "@400000004cad5fc4077a9e94"),
        ("août 19 11:08:37 x", "sept  9 11:08:37 x"),
    ] {
        let found = find_stamp(line.as_bytes(), &young()).expect("a stamp");
        assert_eq!(found.rewrite(line, found.time + by), moved);
    }
}

/// A stamp of each shape.
const OF_EACH_SHAPE: &[&str] = &[
    "1999-03-01T10:00:00Z",
    "2026/11/12 - 10:00:00",
    "2026-11-12-10.00.00.123456+060",
    "2026-11-12 10-00-00",
    "2026-316T10:00:00",
    "2026-W46-4T10:00:00",
    "2015 Nov 13 13:40:01",
    "2026. 11. 12. 10:00:00",
    "2026年11月12日 10:00:00",
    "20261112T100000.123Z",
    "20171224-0:7:20:444",
    "20261112 100000",
    "20261112100001",
    "081109 203615",
    "081109 20:36:15",
    "4/17/2001 2:00:31 AM",
    "17/06/09 20:10:40",
    "04/Nov/2000:03:13:20 +0230",
    "12-Nov-26 10:00:00",
    "6915410a.075bca00",
    "Do 12. Nov 10:00:00 CET 2026",
    "12. 11. 2026 10:00:00",
    "12.11.2026 10.00.00",
    "12.11.26 10:00:01",
    "Sun Dec 04 04:47:44 2005",
    "Nov 12, 2026 10:00:00,123 AM CET",
    "Nov-12-26 10:00:00",
    "1763000000.123456",
    "@400000004c91b044077a9e94",
    "12-Nov-2026 10:00:00 Europe/Berlin",
    "20261112:100000.123",
    "12Nov2026 10:00:00",
    "12-NOV-26 10.00.00.123456 AM",
    "1/5/2026, 9:05:07 AM",
    "Thursday, November 12, 2026 10:00:00 AM",
];

proptest::proptest! {
    #[test]
    fn looking_up_the_shapes_misses_no_stamp(
        line in "((Thu|do|mar)[.,]? )?([A-Z0-9@][0-9ouneyt,:/. -]{4,24}|[0-9年月日W/. -]{6,14} [0-9:.-]{5,12}|(Nov|août|sept\\.)[ -][0-9 :-]{8,20})( [AP]M)?( CET| 2026)?",
        day in proptest::bool::ANY,
    ) {
        let rules = if day { StampRules { day: Some(jiff::civil::date(2016, 5, 6)), ..rules() } } else { rules() };
        let line = line.as_bytes();
        let all = read_shapes(true, &rules);
        let naive = |weekday: usize| {
            let read = (0..SHAPES.len()).filter(|shape| all & (1 << shape) != 0);
            read.filter_map(|shape| read_shape(line, 0, weekday, shape, &rules)).next()
        };
        let weekday = weekday_len(line);
        let slow = naive(0).or_else(|| Some(weekday).filter(|len| *len > 0).and_then(naive));
        proptest::prop_assert_eq!(stamp_at(line, 0, &rules), slow);
    }

    #[test]
    fn any_bytes_are_read_without_panic(line in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
        if let Some(found) = find_stamp(&line, &rules()) {
            proptest::prop_assert!(found.range.end <= line.len());
        }
    }

    #[test]
    fn text_that_is_nearly_a_stamp_is_read_without_panic(
        sample in proptest::sample::select(OF_EACH_SHAPE),
        at in 0_usize..30,
        with in proptest::prelude::any::<char>(),
    ) {
        let line: String = sample.chars().enumerate().map(|(index, char)| if index == at { with } else { char }).collect();
        for start in 0..=line.len() {
            let _ = (time_of_day_at(line.as_bytes(), start), monotonic_at(line.as_bytes(), start));
            if let Some(found) = stamp_at(line.as_bytes(), start, &rules()) {
                let _ = (day_order(line.as_bytes(), &found), found.rewrite(&line, found.time));
            }
        }
    }

    #[test]
    fn a_stamp_moved_on_is_found_again_at_its_new_time(
        seconds in 900_000_000_i64..2_900_000_000,
        sample in proptest::sample::select(OF_EACH_SHAPE),
    ) {
        // A hexadecimal count is read up to 2054.
        let seconds = if sample == "6915410a.075bca00" { seconds.min(0x9fff_ffff) } else { seconds };
        // The order of `17/06/09` is kept, and its year is in the past.
        let later = Timestamp::from_second(seconds).expect("in range");
        let rules = StampRules { year_first: Some(true), ..StampRules::utc("2070-01-01T00:00:00Z".parse().expect("valid")) };
        let found = find_stamp(sample.as_bytes(), &rules).expect("a stamp");
        let line = found.rewrite(sample, later);
        let again = find_stamp(line.as_bytes(), &rules).map(|found| found.time);
        proptest::prop_assert_eq!(again, Some(later), "{}", line);
    }
}
