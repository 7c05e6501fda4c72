//! The order of dates, and counts since 1970, as the beginning of a source decides them.

use super::super::*;
use super::{check_all, young};

#[test]
fn day_and_month_are_read_in_the_order_of_the_source() {
    let day_first = StampRules { day_first: true, ..young() };
    for (line, month_first, day_first_time) in [
        ("05/06/2026 10:00:00", "2026-05-06T10:00:00Z", "2026-06-05T10:00:00Z"),
        ("05-06-2026 10:00:00", "2026-05-06T10:00:00Z", "2026-06-05T10:00:00Z"),
        ("05/06/26 10:00:00", "2026-05-06T10:00:00Z", "2026-06-05T10:00:00Z"),
        ("05/06/2026 1:00:00 PM", "2026-05-06T13:00:00Z", "2026-06-05T13:00:00Z"),
        ("05.06.2026 10:00:00", "2026-06-05T10:00:00Z", "2026-06-05T10:00:00Z"),
        ("13/06/2026 10:00:00", "2026-06-13T10:00:00Z", "2026-06-13T10:00:00Z"),
        ("06/13/2026 10:00:00", "2026-06-13T10:00:00Z", "2026-06-13T10:00:00Z"),
        ("99/06/13 10:00:00", "1999-06-13T10:00:00Z", "1999-06-13T10:00:00Z"),
    ] {
        check_all(&young(), &[(line, line, month_first)]);
        check_all(&day_first, &[(line, line, day_first_time)]);
    }
}

#[test]
fn stamps_tell_the_order_of_their_dates() {
    let order = |line: &str| day_order(line.as_bytes(), &find_stamp(line.as_bytes(), &young())?);
    assert_eq!(order("x 13/06/2026 10:00:00"), Some(DayOrder::DayFirst));
    assert_eq!(order("x 06/13/2026 10:00:00"), Some(DayOrder::MonthFirst));
    assert_eq!(order("05-06-2026 10:00:00"), Some(DayOrder::Ambiguous));
    assert_eq!(order("17/06/09 10:00:00"), Some(DayOrder::Ambiguous));
    assert_eq!(order("99/06/09 10:00:00"), None);
    assert_eq!(order("05.06.2026 10:00:00"), None);
    assert_eq!(order("2026-06-05 10:00:00"), None);
}

#[test]
fn lines_that_can_be_read_in_one_order_decide_for_their_source() {
    let decided = |lines: &[&str]| {
        let rules = young().for_source(&lines.iter().map(|line| line.as_bytes()).collect::<Vec<_>>());
        (rules.day_first, rules.year_first)
    };
    assert_eq!(decided(&["05/06/2026 10:00:00 x", "13/06/2026 10:00:01 y"]), (true, None));
    assert_eq!(decided(&["05/06/2026 10:00:00 x", "06/13/2026 10:00:01 y"]), (false, None));
    assert_eq!(decided(&["no stamp", "05/06/2026 10:00:00 x"]), (false, None));
    assert_eq!(decided(&["17/06/09 10:00:00 x", "17/06/10 10:00:00 x"]), (false, Some(true)));
    assert_eq!(decided(&["17/06/09 10:00:00 x", "18/06/09 10:00:00 x"]), (true, Some(false)));
    assert_eq!(decided(&["11/12/26 10:00:00 x", "11/13/26 10:00:00 x"]), (false, Some(false)));
}

#[test]
fn counts_in_one_column_of_all_lines_are_stamps() {
    let lines = |words: [&str; 2]| {
        let line = |index: usize| format!("{} node {} 10778047{index:02} 1 link down", 4608 + index, words[index % 2]);
        (0..12).map(line).collect::<Vec<_>>()
    };
    let times = |lines: &[String]| {
        let rules = young().for_source(&lines.iter().map(String::as_bytes).collect::<Vec<_>>());
        lines.iter().filter(|line| find_stamp(line.as_bytes(), &rules).is_some()).count()
    };
    assert_eq!(times(&lines(["error", "action"])), 12);
    // The same word before each number is its name.
    assert_eq!(times(&lines(["order", "order"])), 0);
    assert_eq!(times(&lines(["error", "action"])[..9]), 0);
}
