//! Lines and the instants of their stamps, and lines without a stamp.

mod order;
mod rewrite;

use jiff::Timestamp;

use super::*;

fn rules() -> StampRules {
    StampRules::utc("2017-01-02T00:00:00Z".parse().expect("a valid instant"))
}

/// Checks that `line` contains the stamp `text`, that it means `instant`, and that rewriting it with this instant
/// changes nothing.
#[track_caller]
fn check(line: &str, text: &str, instant: &str) {
    let found = find_stamp(line.as_bytes(), &rules()).expect("a stamp");
    assert_eq!((&line[found.range.clone()], found.time), (text, instant.parse().expect("a valid instant")));
    assert_eq!(found.rewrite(line, found.time), line);
}

#[test]
fn each_family_is_read() {
    check("2015-10-18 18:01:47,978 INFO", "2015-10-18 18:01:47,978", "2015-10-18T18:01:47.978Z");
    check("at=2024-02-29T23:59:59+05:30 x", "2024-02-29T23:59:59+05:30", "2024-02-29T18:29:59Z");
    check("2005-06-03-15.42.50.675872 R02", "2005-06-03-15.42.50.675872", "2005-06-03T15:42:50.675872Z");
    check("20171224-0:7:20:444|Step", "20171224-0:7:20:444", "2017-12-24T00:07:20.444Z");
    check("[Sun Dec 04 04:47:44 2005] [notice]", "Sun Dec 04 04:47:44 2005", "2005-12-04T04:47:44Z");
    check("8.9.3; Tue, 5 Oct 1999 08:22:31 +0200", "Tue, 5 Oct 1999 08:22:31 +0200", "1999-10-05T06:22:31Z");
    check("::1 - - [04/Nov/2000:03:13:20 +0000]", "04/Nov/2000:03:13:20 +0000", "2000-11-04T03:13:20Z");
    check("Jun 14 2004 15:16:01: %ASA", "Jun 14 2004 15:16:01", "2004-06-14T15:16:01Z");
    check("30.10.2016 16:49:06 x", "30.10.2016 16:49:06", "2016-10-30T16:49:06Z");
    check("4/17/2001 2:00:31 PM x", "4/17/2001 2:00:31 PM", "2001-04-17T14:00:31Z");
    check("16/06/09 20:10:40 INFO", "16/06/09 20:10:40", "2016-06-09T20:10:40Z");
    check("081109 203615 148 INFO", "081109 203615", "2008-11-09T20:36:15Z");
    check("2005:06:03-15:42:50 utm", "2005:06:03-15:42:50", "2005-06-03T15:42:50Z");
    check("[2005.06.03-15.42.50:675][  0]Log", "2005.06.03-15.42.50:675", "2005-06-03T15:42:50.675Z");
    check("nov/12 10:00:00 system", "nov/12 10:00:00", "2016-11-12T10:00:00Z");
    check("[Nov12 10:00] usb", "Nov12 10:00", "2016-11-12T10:00:00Z");
    check("1 | 11/12/2005 | 10:00:00 | x", "11/12/2005 | 10:00:00", "2005-11-12T10:00:00Z");
    check("%Nov 12 10:00:00:123 2005 SW5", "Nov 12 10:00:00:123 2005", "2005-11-12T10:00:00.123Z");
    check("1117838570 2005.06.03 R02", "1117838570", "2005-06-03T22:42:50Z");
    check("1117838570123 x", "1117838570123", "2005-06-03T22:42:50.123Z");
}

#[test]
fn a_missing_year_is_the_latest_that_fits_and_rolls_over_new_year() {
    check("Jan  1 00:00:01 combo", "Jan  1 00:00:01", "2017-01-01T00:00:01Z");
    check("Dec 31 23:59:59 combo", "Dec 31 23:59:59", "2016-12-31T23:59:59Z");
    check("Feb 29 12:00:00 combo", "Feb 29 12:00:00", "2016-02-29T12:00:00Z");
    check("03-17 16:13:38.811  1702", "03-17 16:13:38.811", "2016-03-17T16:13:38.811Z");
    check("[10.30 16:49:06] chrome.exe", "10.30 16:49:06", "2016-10-30T16:49:06Z");
}

#[test]
fn a_leap_second_is_the_second_before_it() {
    let found = find_stamp(b"2016-12-31T23:59:60Z x", &rules()).map(|found| found.time);
    assert_eq!(found, Some("2016-12-31T23:59:59Z".parse().expect("a valid instant")));
}

#[test]
fn text_that_resembles_a_stamp_is_left() {
    for line in [
        "2015-13-18 18:01:47",
        "2015-02-30 18:01:47",
        "09:14:22 no date",
        "id 11178385701 is too long",
        "12025-10-18 18:01:47",
        "rotated-2017-05-16_13:53:08",
        "0000000000",
        "",
    ] {
        assert_eq!(find_stamp(line.as_bytes(), &rules()), None, "{line}");
    }
}

#[test]
fn a_stamp_in_a_file_name_is_skipped() {
    let line = "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO";
    check(line, "2017-05-16 00:00:00.008", "2017-05-16T00:00:00.008Z");
}

#[test]
fn stamps_tell_whether_they_contain_zone_and_year() {
    let found = |line: &str| find_stamp(line.as_bytes(), &rules()).map(|found| (found.zoned(), found.has_year()));
    assert_eq!(found("2015-10-18T18:01:47Z"), Some((true, true)));
    assert_eq!(found("2015-10-18 18:01:47"), Some((false, true)));
    assert_eq!(found("Jun 14 15:16:01"), Some((false, false)));
    assert_eq!(found("1117838570"), Some((true, true)));
}

/// Rules for a log that was last changed in November 2026.
fn young() -> StampRules {
    StampRules::utc("2026-11-29T00:00:00Z".parse().expect("a valid instant"))
}

/// Checks the stamp of each line: its text and its instant. Rewriting each with its own instant changes nothing.
#[track_caller]
fn check_all(rules: &StampRules, lines: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (line, text, instant) in lines {
        let expected = Some((*text, instant.parse::<Timestamp>().expect("a valid instant"), (*line).to_owned()));
        let found = find_stamp(line.as_bytes(), rules);
        let found = found.map(|found| (&line[found.range.clone()], found.time, found.rewrite(line, found.time)));
        if found != expected {
            wrong.push(format!("{line}\n  found    {found:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Checks that no line contains a stamp.
#[track_caller]
fn check_none(rules: &StampRules, lines: &[&str]) {
    let found = |line: &&str| find_stamp(line.as_bytes(), rules).map(|found| line[found.range].to_owned());
    let wrong: Vec<_> = lines.iter().filter_map(|line| Some((*line, found(line)?))).collect();
    assert_eq!(wrong, []);
}

#[test]
fn dates_that_begin_with_the_year() {
    let ten = "2026-11-12T10:00:00Z";
    check_all(
        &young(),
        &[
            ("2021-11-09  5:13:12 8 [Warning]", "2021-11-09  5:13:12", "2021-11-09T05:13:12Z"),
            ("2021-11-09 5:13:12 ERROR", "2021-11-09 5:13:12", "2021-11-09T05:13:12Z"),
            ("2026-11-12 10:00 ERROR no disk", "2026-11-12 10:00", ten),
            ("Start-Date: 2026-11-12  10:00:00", "2026-11-12  10:00:00", ten),
            ("2026-11-12\t10:00:00:123\t 1234", "2026-11-12\t10:00:00:123", "2026-11-12T10:00:00.123Z"),
            ("2026-11-12_10:00:00 x", "2026-11-12_10:00:00", ten),
            ("2026-11-12 10-00-00 x", "2026-11-12 10-00-00", ten),
            ("2026-11-12 10:00:00.12 Server", "2026-11-12 10:00:00.12", "2026-11-12T10:00:00.12Z"),
            (
                "2026-11-12T10:00:00.123456789012Z x",
                "2026-11-12T10:00:00.123456789012Z",
                "2026-11-12T10:00:00.123456789Z",
            ),
            ("2026-11-12 10:00:00, Info  CBS", "2026-11-12 10:00:00", ten),
            ("[GIN] 2026/11/12 - 10:00:00 | 200", "2026/11/12 - 10:00:00", ten),
            ("Date:2026/11/12 10:00:00", "2026/11/12 10:00:00", ten),
            ("app.log:2026-11-12 10:00:00 x", "2026-11-12 10:00:00", ten),
            ("2026.11.12 10:00:00 x", "2026.11.12 10:00:00", ten),
            ("2026-1-5 1:02:03 x", "2026-1-5 1:02:03", "2026-01-05T01:02:03Z"),
            ("2026-11-12 02:00:00 PM x", "2026-11-12 02:00:00 PM", "2026-11-12T14:00:00Z"),
            ("2015 Nov 13 13:40:01 ether", "2015 Nov 13 13:40:01", "2015-11-13T13:40:01Z"),
            ("2015-Nov-13 13:40:01 ether", "2015-Nov-13 13:40:01", "2015-11-13T13:40:01Z"),
            ("2026-316T10:00:00 x", "2026-316T10:00:00", ten),
            ("2026-316 10:00:00 x", "2026-316 10:00:00", ten),
            ("2026-W46-4T10:00:00 x", "2026-W46-4T10:00:00", ten),
            ("2026-11-12-10.00.00.123456+060 I1", "2026-11-12-10.00.00.123456+060", "2026-11-12T09:00:00.123456Z"),
            ("2026年11月12日 10:00:00 x", "2026年11月12日 10:00:00", ten),
            ("2026. 11. 12. 10:00:00 x", "2026. 11. 12. 10:00:00", ten),
        ],
    );
    check_none(
        &young(),
        &[
            "2026-11-12",
            "2026-11-31 10:00:00",
            "2026-11-12 25:00:00",
            "2026-11-12 10:60:00",
            "2026-11-12 10:00:0",
            "2026-11-12 13:00:00x",
            "2026-367T10:00:00",
            "2025-366T10:00:00",
            "2026-W54-1T10:00:00",
            "2026-W46-8T10:00:00",
            "2026 Foo 13 13:40:01",
        ],
    );
}

#[test]
fn dates_without_separators() {
    check_all(
        &young(),
        &[
            ("20261112T100000.123Z ERROR", "20261112T100000.123Z", "2026-11-12T10:00:00.123Z"),
            ("x 20261112T100000 ERROR", "20261112T100000", "2026-11-12T10:00:00Z"),
            ("20261112 100000 ERROR", "20261112 100000", "2026-11-12T10:00:00Z"),
            ("20261112100001 ERROR", "20261112100001", "2026-11-12T10:00:01Z"),
            ("[20220407-12:11:06] [INFO ]", "20220407-12:11:06", "2022-04-07T12:11:06Z"),
            ("20200308 23:47:32.089828 4004", "20200308 23:47:32.089828", "2020-03-08T23:47:32.089828Z"),
            ("  1234:20261112:100000.123 server", "20261112:100000.123", "2026-11-12T10:00:00.123Z"),
            ("[12:34:1112/100000.123456:ERROR:gpu.cc(1)]", "1112/100000.123456", "2026-11-12T10:00:00.123456Z"),
            ("161112  9:05:01 [Note]", "161112  9:05:01", "2016-11-12T09:05:01Z"),
        ],
    );
    check_none(
        &young(),
        &[
            "x 20261112 100000 y",
            "order 20261112100001 y",
            "1112/100000 done",
            "1234:20261112:100000 x",
            "20261312T100000",
            "20261112T250000",
            "20261112",
            "20261112-1000-4a2b-8c1d-0123456789ab",
            "202611121000",
        ],
    );
}

#[test]
fn counts_since_1970() {
    check_all(
        &young(),
        &[
            ("1763000000 x", "1763000000", "2025-11-13T02:13:20Z"),
            ("1763000000.123    345 192.0.2.1", "1763000000.123", "2025-11-13T02:13:20.123Z"),
            ("1763000000123 ERROR", "1763000000123", "2025-11-13T02:13:20.123Z"),
            ("1763000000123456 ERROR", "1763000000123456", "2025-11-13T02:13:20.123456Z"),
            ("1763000000123456789", "1763000000123456789", "2025-11-13T02:13:20.123456789Z"),
            ("[1387288694] nsd[7745]: info", "1387288694", "2013-12-17T13:58:14Z"),
            ("ts=1763000000.5 level=info", "1763000000.5", "2025-11-13T02:13:20.5Z"),
            ("type=SYSCALL msg=audit(1763000000.123:101): x", "1763000000.123", "2025-11-13T02:13:20.123Z"),
            ("msg=audit(11/13/2025 02:13:20.123:101)", "11/13/2025 02:13:20.123", "2025-11-13T02:13:20.123Z"),
            ("@400000004c91b044077a9e94 imap", "@400000004c91b044077a9e94", "2010-09-16T05:50:50.125476500Z"),
            ("@400000004c91b044 imap", "@400000004c91b044", "2010-09-16T05:50:50Z"),
        ],
    );
    check_none(
        &young(),
        &[
            "order 1700000000 shipped",
            "call from 1555123456 failed",
            "hostprofile[1001430319]: 05:34:23.666",
            "id=1763000000 x",
            "size (1763000000) x",
            "1763000000-4a2b-8c1d",
            "17630000001 x",
            "0763000000 x",
            "9763000000 x",
            "@400000004c91b04407 x",
            "user@400000004c91b044077a9e94",
        ],
    );
}

#[test]
fn a_number_is_a_stamp_only_where_a_value_begins() {
    let at = |line: &str, at: usize| stamp_at(line.as_bytes(), at, &young()).map(|found| found.range);
    assert_eq!(at("1763000000 x", 0), Some(0..10));
    assert_eq!(at("x=1763000000 x", 2), Some(2..12));
    assert_eq!(at("x [1763000000] x", 3), Some(3..13));
    assert_eq!(at("x[1763000000] x", 2), None);
    assert_eq!(at("x 1763000000 x", 2), None);
}

#[test]
fn dates_that_end_with_the_year() {
    let ten = "2026-11-12T10:00:00Z";
    check_all(
        &young(),
        &[
            ("11/12/2026, 10:00:00 AM ERROR", "11/12/2026, 10:00:00 AM", ten),
            ("4/17/2026 2:00 PM x", "4/17/2026 2:00 PM", "2026-04-17T14:00:00Z"),
            ("17/4/2026 2:00 PM x", "17/4/2026 2:00 PM", "2026-04-17T14:00:00Z"),
            ("11/12/2026 10:00:00\u{202f}AM x", "11/12/2026 10:00:00\u{202f}AM", ten),
            ("11/12/2026 10:00:00 a.m. x", "11/12/2026 10:00:00 a.m.", ten),
            ("11/12/2026 10:00:00 p. m. x", "11/12/2026 10:00:00 p. m.", "2026-11-12T22:00:00Z"),
            ("11/12/2026 12:00:00 AM x", "11/12/2026 12:00:00 AM", "2026-11-12T00:00:00Z"),
            ("11/12/2026-10:00:00.123456  [**]", "11/12/2026-10:00:00.123456", "2026-11-12T10:00:00.123456Z"),
            ("12.11.2026 10:00:00 x", "12.11.2026 10:00:00", ten),
            ("12. 11. 2026 10:00 x", "12. 11. 2026 10:00", ten),
            ("12.11.2026 10.00.00 x", "12.11.2026 10.00.00", ten),
            ("12.11.26 10:00:01 x", "12.11.26 10:00:01", "2026-11-12T10:00:01Z"),
            ("12/Nov/2026:10:00:00 +0100] x", "12/Nov/2026:10:00:00 +0100", "2026-11-12T09:00:00Z"),
            ("[12/Nov/2026 10:00:00] x", "12/Nov/2026 10:00:00", ten),
            ("[12-Nov-2026 10:00:00 Europe/Berlin] PHP", "12-Nov-2026 10:00:00 Europe/Berlin", "2026-11-12T09:00:00Z"),
            ("[12-Jul-2026 10:00:00 Europe/Berlin] PHP", "12-Jul-2026 10:00:00 Europe/Berlin", "2026-07-12T08:00:00Z"),
            ("12-Nov-26 10:00:00 x", "12-Nov-26 10:00:00", ten),
            ("12-NOV-26 10.00.00.5 AM", "12-NOV-26 10.00.00.5 AM", "2026-11-12T10:00:00.5Z"),
            ("[12Nov2026 10:00:00.5] [main/INFO]", "12Nov2026 10:00:00.5", "2026-11-12T10:00:00.5Z"),
            ("=INFO REPORT==== 12-Nov-2026::10:00:00 ===", "12-Nov-2026::10:00:00", ten),
            ("nov/12/2026 10:00:00 system", "nov/12/2026 10:00:00", ten),
            ("12 November 2026 10:00:00 ERROR", "12 November 2026 10:00:00", ten),
            ("758:M 28 Nov 2026 21:17:05.190 # W", "28 Nov 2026 21:17:05.190", "2026-11-28T21:17:05.190Z"),
            ("November 12, 2026 10:00:00 ERROR", "November 12, 2026 10:00:00", ten),
            ("Nov 12, 2026 10:00:00 AM x", "Nov 12, 2026 10:00:00 AM", ten),
            ("<Nov 12, 2026 10:00:00,123 AM CET> x", "Nov 12, 2026 10:00:00,123 AM CET", "2026-11-12T09:00:00.123Z"),
            ("Nov 12, 2026 at 10:00 AM x", "Nov 12, 2026 at 10:00 AM", ten),
            ("Nov 12 2026 10:00:00 host su", "Nov 12 2026 10:00:00", ten),
            ("Nov-12-26 10:00:00 [SSL-out]", "Nov-12-26 10:00:00", ten),
            ("[Thu Nov 12 10:00:00 2026] usb", "Thu Nov 12 10:00:00 2026", ten),
            ("Date:   Thu Nov 12 10:00:00 2026 +0100", "Thu Nov 12 10:00:00 2026 +0100", "2026-11-12T09:00:00Z"),
            ("Thu Nov 12 10:00:00.123 CET 2026 x", "Thu Nov 12 10:00:00.123 CET 2026", "2026-11-12T09:00:00.123Z"),
            ("Sat May  7 03:17:27 CDT 2011 backup", "Sat May  7 03:17:27 CDT 2011", "2011-05-07T08:17:27Z"),
            ("Thu Nov 12 10:00:00 -03 2026 x", "Thu Nov 12 10:00:00 -03 2026", "2026-11-12T13:00:00Z"),
            ("Thu Nov 12 10:00:00 AM UTC 2026 x", "Thu Nov 12 10:00:00 AM UTC 2026", ten),
            ("Thu 12 Nov 2026 10:00:00 AM CET x", "Thu 12 Nov 2026 10:00:00 AM CET", "2026-11-12T09:00:00Z"),
            ("(Tue Jul 14 11:01:17:259149 2020) x", "Tue Jul 14 11:01:17:259149 2020", "2020-07-14T11:01:17.259149Z"),
            ("Thu 2026-11-12 10:00:00 CET x", "Thu 2026-11-12 10:00:00 CET", "2026-11-12T09:00:00Z"),
            ("Thursday, November 12, 2026 10:00:00 AM", "Thursday, November 12, 2026 10:00:00 AM", ten),
        ],
    );
    check_none(
        &young(),
        &[
            "version 1.2.2026",
            "31.11.2026 10:00:00",
            "13/13/2026 10:00:00",
            "2/30/2026 10:00:00",
            "32/Nov/2026:10:00:00",
            "10.20.30.40 10:00:00",
            "12/2026 10:00:00",
            "11/12/2026,10:00:00 AM,Disk",
            "Nov 31 2026 10:00:00",
        ],
    );
}

#[test]
fn months_in_other_languages() {
    let ten = "2026-11-12T10:00:00Z";
    check_all(
        &young(),
        &[
            ("août 19 11:08:37 nlaptop app[4961]", "août 19 11:08:37", "2026-08-19T11:08:37Z"),
            ("19 août 2026 11:08:37 ERREUR", "19 août 2026 11:08:37", "2026-08-19T11:08:37Z"),
            ("Mär  3 10:00:00 host x", "Mär  3 10:00:00", "2026-03-03T10:00:00Z"),
            ("déc. 24 10:00:00 host x", "déc. 24 10:00:00", "2025-12-24T10:00:00Z"),
            ("[02/sept./2015:00:11:31 +0200]", "02/sept./2015:00:11:31 +0200", "2015-09-01T22:11:31Z"),
            ("Do 12. Nov 10:00:00 CET 2026 x", "Do 12. Nov 10:00:00 CET 2026", "2026-11-12T09:00:00Z"),
            ("12. November 2026 10:00:00 x", "12. November 2026 10:00:00", ten),
            ("jeu. 12 nov. 2026 10:00:00 CET x", "jeu. 12 nov. 2026 10:00:00 CET", "2026-11-12T09:00:00Z"),
            ("mar 10 nov 2026 10:00:00 x", "mar 10 nov 2026 10:00:00", "2026-11-10T10:00:00Z"),
            ("gio 12 nov 2026, 10:00:00, CET", "gio 12 nov 2026, 10:00:00", ten),
            ("czw, 12 lis 2026, 10:00:00 CET x", "czw, 12 lis 2026, 10:00:00 CET", "2026-11-12T09:00:00Z"),
            ("dic 24 2025 10:00:00 x", "dic 24 2025 10:00:00", "2025-12-24T10:00:00Z"),
            ("do 14 mei 2026 10:00:00 x", "do 14 mei 2026 10:00:00", "2026-05-14T10:00:00Z"),
            ("11月 12 10:00:00 host x", "11月 12 10:00:00", ten),
            ("янв 12 10:00:00 host x", "янв 12 10:00:00", "2026-01-12T10:00:00Z"),
        ],
    );
    check_none(&young(), &["août 32 11:08:37", "mein 12 10:00:00", "août 11:08:37", "Monat 3 10:00:00"]);
}

#[test]
fn dates_without_a_year() {
    check_all(
        &young(),
        &[
            ("*Nov 12 10:00:00.123: %LINK-3", "Nov 12 10:00:00.123", "2026-11-12T10:00:00.123Z"),
            ("Nov 12 10:00:01.123 CET: %SYS-5", "Nov 12 10:00:01.123 CET", "2026-11-12T09:00:01.123Z"),
            ("Nov 12 10:00:01 CET sshd[1]: x", "Nov 12 10:00:01", "2026-11-12T10:00:01Z"),
            ("Nov 12 10:00:01 2026 files", "Nov 12 10:00:01", "2026-11-12T10:00:01Z"),
            ("[758] 28 Nov 21:17:05.190 # W", "28 Nov 21:17:05.190", "2026-11-28T21:17:05.190Z"),
            ("Dec 10 06:55:46 host x", "Dec 10 06:55:46", "2025-12-10T06:55:46Z"),
            ("11-12 10:00:00.123  1702", "11-12 10:00:00.123", "2026-11-12T10:00:00.123Z"),
            ("10/05 10:00:00 x", "10/05 10:00:00", "2026-10-05T10:00:00Z"),
            ("30.10 10:00:00 x", "30.10 10:00:00", "2026-10-30T10:00:00Z"),
        ],
    );
    check_none(&young(), &["Feb 30 10:00:00 x", "-rw-r--r-- 1 a a 1 Nov 12 10:00 a.log", "31-31 10:00:00"]);
}

#[test]
fn zones_after_a_time() {
    check_all(
        &young(),
        &[
            ("2026-11-12 10:00:00.123 CET [1]", "2026-11-12 10:00:00.123 CET", "2026-11-12T09:00:00.123Z"),
            ("2026-11-12 10:00:00 EST ERROR", "2026-11-12 10:00:00 EST", "2026-11-12T15:00:00Z"),
            ("2026-11-12T10:00:00+1:00 x", "2026-11-12T10:00:00+1:00", "2026-11-12T09:00:00Z"),
            ("2026-11-12 10:00:00 GMT+2 x", "2026-11-12 10:00:00 GMT+2", "2026-11-12T08:00:00Z"),
            ("2026-11-12 10:00:00 UTC+02:00 x", "2026-11-12 10:00:00 UTC+02:00", "2026-11-12T08:00:00Z"),
            ("2026-11-12T10:00:00−05:00 x", "2026-11-12T10:00:00−05:00", "2026-11-12T15:00:00Z"),
            ("2026-11-12 10:00:00+01 x", "2026-11-12 10:00:00+01", "2026-11-12T09:00:00Z"),
            ("2026-07-12 10:00:00 America/New_York x", "2026-07-12 10:00:00 America/New_York", "2026-07-12T14:00:00Z"),
            ("[11/12/26 10:00:00:123 CET] 0001", "11/12/26 10:00:00:123 CET", "2026-11-12T09:00:00.123Z"),
            ("2026-11-12 10:00:00 INFO x", "2026-11-12 10:00:00", "2026-11-12T10:00:00Z"),
            ("2026-11-12 10:00:00 MSG x", "2026-11-12 10:00:00", "2026-11-12T10:00:00Z"),
            ("2026-11-12 10:00:00 Server/thread x", "2026-11-12 10:00:00", "2026-11-12T10:00:00Z"),
        ],
    );
}

#[test]
fn a_stamp_without_a_zone_is_read_in_the_zone_of_the_source() {
    let berlin = StampRules { zone: database_zone(b"Europe/Berlin").expect("a known zone"), ..young() };
    let time = |line: &str| find_stamp(line.as_bytes(), &berlin).map(|found| (found.time.to_string(), found.zoned()));
    let of = |time: &str, zoned: bool| Some((time.to_owned(), zoned));
    assert_eq!(time("2026-11-12 10:00:00"), of("2026-11-12T09:00:00Z", false));
    assert_eq!(time("2026-11-12 10:00:00 UTC"), of("2026-11-12T10:00:00Z", true));
    // In the gap the offset before it holds, in the fold the earlier of both times.
    assert_eq!(time("2026-03-29 02:30:00"), of("2026-03-29T01:30:00Z", false));
    assert_eq!(time("2026-10-25 02:30:00"), of("2026-10-25T00:30:00Z", false));
}

#[test]
fn a_time_alone_is_read_if_the_day_is_known() {
    let known = StampRules { day: Some("2026-11-12".parse().expect("a date")), ..young() };
    check_all(
        &known,
        &[
            ("10:00:00.123 [main] ERROR", "10:00:00.123", "2026-11-12T10:00:00.123Z"),
            ("[10:00:00] [Server thread/INFO]", "10:00:00", "2026-11-12T10:00:00Z"),
            ("10:00:00,123 INFO", "10:00:00,123", "2026-11-12T10:00:00.123Z"),
            ("10:00AM x", "10:00AM", "2026-11-12T10:00:00Z"),
            ("9:05:00 PM x", "9:05:00 PM", "2026-11-12T21:05:00Z"),
            ("2025-01-01 10:00:00 x", "2025-01-01 10:00:00", "2025-01-01T10:00:00Z"),
        ],
    );
    check_none(&known, &["25:00:00 x", "10:00 x", "10:00:00:00:1a x"]);
    check_none(&young(), &["10:00:00.123 [main] ERROR", "10:00AM x"]);
    let found = find_stamp(b"10:00:00 x", &known).expect("a stamp");
    assert_eq!((found.has_day(), found.has_year(), found.zoned()), (false, false, false));
}

#[test]
fn times_of_day_and_monotonic_times_are_recognised() {
    let time = |line: &str, at: usize| time_of_day_at(line.as_bytes(), at).map(|found| (found.range, found.time));
    assert_eq!(time("x 10:00:00.5 y", 2), Some((2..12, jiff::civil::time(10, 0, 0, 500_000_000))));
    assert_eq!(time("9:05 PM", 0), Some((0..7, jiff::civil::time(21, 5, 0, 0))));
    for (line, at) in [("10:00", 0), ("24:00:00", 0), ("x 10:00:00", 0), ("2026-11-12 10:00:00", 0)] {
        assert_eq!(time(line, at), None, "{line}");
    }
    let monotonic = |line: &str| monotonic_at(line.as_bytes(), 0);
    assert_eq!(monotonic("[123.456789] usb"), Some(0..12));
    assert_eq!(monotonic("[    5.123456] usb"), Some(0..14));
    assert_eq!(monotonic("[0.123s][info][gc]"), Some(0..8));
    for line in ["[1.2] x", "[1.2.3] x", "[123] x", "5.123456 x", "[a.123456]", "[    .123456]", ""] {
        assert_eq!(monotonic(line), None, "{line}");
    }
    assert_eq!(find_stamp(b"[    5.123456] usb", &young()), None);
}
