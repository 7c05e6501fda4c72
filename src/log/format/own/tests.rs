//! Tests of formats that users describe.

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::log::format::{FieldStep, Format};
use crate::log::{Input, ReadOptions, Reader, zone_named};
use crate::own_format::{FormatParts, written_pattern};
use crate::source::SourceId;

fn pattern(written: &str) -> Pattern {
    written_pattern(written).expect("a valid pattern")
}

fn parts(starts_with: &[&str], matches: &[&str]) -> FormatParts {
    FormatParts {
        name: "own".to_owned(),
        starts_with: starts_with.iter().map(|written| pattern(written)).collect(),
        matches: matches.iter().map(|written| pattern(written)).collect(),
        ..FormatParts::default()
    }
}

fn options(parts: FormatParts) -> ReadOptions {
    let own = Arc::new(OwnFormat::new(parts).expect("a valid format"));
    let own_formats = std::iter::once(own).collect();
    ReadOptions { own_formats, ..ReadOptions::at("2026-11-12T00:00:00Z".parse().expect("a valid instant")) }
}

/// Returns the format of a log and, for each record, its line, time, level, program, message and the field `name`.
fn read_with(options: &ReadOptions, log: &str, name: &str) -> (String, Vec<String>) {
    let mut reader = Reader::open(Input::bytes("shop.log", log), options).expect("bytes can be opened");
    let mut records = Vec::new();
    while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
        for index in 0..chunk.len() {
            let record = chunk.record(index, SourceId(0));
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let path: Vec<FieldStep> = name.split('.').map(FieldStep::Name).collect();
            records.push(format!(
                "{} {} {} {} {:?} {}",
                record.line,
                record.time().map_or("-".to_owned(), |time| time.to_string()),
                record.level().map_or("-", crate::level::Level::name),
                record.program().map_or("-".to_owned(), |program| text(&program)),
                text(&record.message()),
                record.field(&path).map_or("-".to_owned(), |value| value.to_string()),
            ));
        }
    }
    (reader.format().name().to_owned(), records)
}

#[track_caller]
fn check(parts: FormatParts, log: &str, name: &str, expected: &[&str]) {
    let (format, records) = read_with(&options(parts), log, name);
    assert_eq!((format.as_str(), records), ("own", expected.iter().map(|line| (*line).to_owned()).collect()));
}

#[test]
fn holes_become_fields_and_lines_after_the_first_belong_to_the_record() {
    check(
        parts(&["/^\\d+[-/]/"], &["{time} {level} {logger} #{order:int}: {msg:rest}", "{time} {msg:rest}"]),
        "2026-11-12 08:00:00 ERROR Till #7: jammed\r\nat the shop\r\n  again\r\n12/Nov/2026:20:00:01 +0100 opened\r\nby Eve\r\n",
        "order",
        &[
            "1 2026-11-12T08:00:00Z error Till \"jammed\\r\\nat the shop\\r\\n  again\" 7",
            "4 2026-11-12T19:00:01Z - - \"opened\\r\\nby Eve\" -",
        ],
    );
}

#[test]
fn a_regex_has_named_groups_and_names_can_be_stated() {
    let mut parts = parts(&[], &[r"/^<(?P<when>[^>]+)> (?P<prio>\w+)\|(?P<who>[^|]*)\|/"]);
    parts.names.set(KnownField::Time, "when".to_owned());
    parts.names.set(KnownField::Level, "prio".to_owned());
    parts.zone = zone_named("Europe/Berlin").ok();
    check(
        parts,
        "<12.11.2026 08:00:00> warn|Eve| till open\n<12.11.2026 08:00:01> fatal|Bob|\n",
        "who",
        &[
            "1 2026-11-12T07:00:00Z warning - \"till open\" Eve",
            "2 2026-11-12T07:00:01Z fatal - \"<12.11.2026 08:00:01> fatal|Bob|\" Bob",
        ],
    );
}

#[test]
fn json_after_a_prefix_and_alone() {
    let log = "till7 {\"at\":\"2026-11-12T08:00:00Z\",\"sev\":\"error\",\"text\":\"jammed\",\"order\":{\"id\":7}}\n";
    let named = |mut parts: FormatParts| {
        for (field, name) in [(KnownField::Time, "at"), (KnownField::Level, "sev"), (KnownField::Message, "text")] {
            parts.names.set(field, name.to_owned());
        }
        FormatParts { json: true, ..parts }
    };
    let expected = ["1 2026-11-12T08:00:00Z error till7 \"jammed\" 7"];
    check(named(parts(&[], &["{program} {msg:rest}"])), log, "order.id", &expected);
    check(named(parts(&[], &["{program} {text:rest}"])), log, "order.id", &expected);
    let pretty = log.trim_start_matches("till7 ").replace(",", ",\n");
    let expected = ["1 2026-11-12T08:00:00Z error - \"jammed\" 7"];
    check(named(parts(&["{{"], &[])), &pretty, "order.id", &expected);
}

#[test]
fn pairs_after_a_prefix_and_alone() {
    let prefixed = FormatParts { logfmt: true, ..parts(&[], &["[{time}] {msg:rest}"]) };
    check(
        prefixed,
        "[2026-11-12 08:00:00] unit=till7 level=err msg=\"till \\\"7\\\" jammed\" order=7\n",
        "order",
        &["1 2026-11-12T08:00:00Z error till7 \"till \\\"7\\\" jammed\" 7"],
    );
    let mut alone = FormatParts { logfmt: true, ..parts(&[], &[]) };
    alone.names.set(KnownField::Message, "said".to_owned());
    check(alone, "order=7 said=jammed severity=warn\n", "order", &["1 - warning - \"jammed\" 7"]);
}

#[test]
fn sources_are_found_by_name_and_by_form() {
    let format = |parts: FormatParts, log: &str| read_with(&options(parts), log, "x").0;
    let fits = "till7|jammed\ntill8|open\n";
    assert_eq!(format(parts(&[], &["{unit}|{msg:rest}"]), fits), "own");
    assert_eq!(format(parts(&[], &["{unit}|{msg:rest}"]), "till7 jammed\ntill8|open\n"), "plain");
    let on = |name: &str| FormatParts { on: vec![name.to_owned()], ..parts(&[], &["{unit}|{msg:rest}"]) };
    assert_eq!(format(on("SHOP.log"), "till7 jammed\n"), "own");
    assert_eq!(format(on("bank"), fits), "plain");
    let files = FormatParts { files: vec!["sh*.log".to_owned()], ..parts(&[], &["{unit}|{msg:rest}"]) };
    assert_eq!(format(files, "till7 jammed\n"), "own");
}

#[test]
fn other_records_are_read_in_their_own_form() {
    let parts = FormatParts { on: vec!["shop.log".to_owned()], ..parts(&[], &["{unit}|{msg:rest}"]) };
    check(
        parts,
        "till7|jammed\n2026-11-12 08:00:00 ERROR no paper\nodd\n",
        "message",
        &[
            "1 - - till7 \"jammed\" jammed",
            "2 2026-11-12T08:00:00Z error - \"no paper\" no paper",
            "3 - - - \"odd\" odd",
        ],
    );
}

#[test]
fn a_start_that_no_line_has_joins_nothing() {
    let starts = parts(&["BEGIN"], &["{unit}|{msg:rest}"]);
    let parts = FormatParts { on: vec!["shop.log".to_owned()], ..starts };
    check(parts, "till7|jammed\ntill8|open\n", "x", &["1 - - till7 \"jammed\" -", "2 - - till8 \"open\" -"]);
}

#[test]
fn seconds_since_1970_are_times() {
    check(
        parts(&[], &["{time} {msg:rest}"]),
        "1794470400 a\n1794470401.5 b\n",
        "x",
        &["1 2026-11-12T08:00:00Z - - \"a\" -", "2 2026-11-12T08:00:01.5Z - - \"b\" -"],
    );
}

#[test]
fn a_stated_zone_counts_more_than_that_of_the_format() {
    let parts = FormatParts { zone: zone_named("Asia/Tokyo").ok(), ..parts(&[], &["{time} {msg:rest}"]) };
    let log = "2026-11-12 08:00:00 a\n";
    let own = options(parts);
    assert_eq!(read_with(&own, log, "x").1, ["1 2026-11-11T23:00:00Z - - \"a\" -"]);
    let stated = ReadOptions { zone_origin: crate::log::ZoneOrigin::Stated, ..own };
    assert_eq!(read_with(&stated, log, "x").1, ["1 2026-11-12T08:00:00Z - - \"a\" -"]);
}

#[test]
fn a_start_is_tried_at_the_beginning_of_each_line_alone() {
    let starts = [pattern("/x+|BEGIN/")];
    assert!(begins(&starts, b"BEGIN") && begins(&starts, b"xx y\nz"));
    assert!(!begins(&starts, b" BEGIN") && !begins(&starts, b"a\nx") && !begins(&starts, b""));
}

const PIECES: [&str; 9] = ["12", "-", " ", "\n", "\r\n", "a=b ", "{\"a\":1}", "é\u{0}", "2026-11-12 08:00:00"];

fn any_parts() -> impl Strategy<Value = (usize, bool, bool, bool)> {
    (0..3_usize, any::<bool>(), any::<bool>(), any::<bool>())
}

fn made((matches, json, logfmt, has_start): (usize, bool, bool, bool)) -> ReadOptions {
    let patterns = ["{time} {msg:rest}", r"/^(?P<n>\d+)-?(?P<message>.*)/"];
    let starts: &[&str] = if has_start { &["/[0-9]+/", "a="] } else { &[] };
    let json = json || (matches == 0 && !logfmt);
    options(FormatParts { json, logfmt, ..parts(starts, &patterns[..matches]) })
}

proptest! {
    #[test]
    fn nothing_depends_on_the_size_of_chunks(
        of in any_parts(),
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60),
        chunk_bytes in 1_usize..60,
    ) {
        // The reader refuses text with zero bytes.
        let log = pieces.concat().replace('\0', "");
        let options = made(of);
        let format = options.own_formats.named("own").cloned().map(Format::own);
        let whole = ReadOptions { format, ..options };
        let parts = ReadOptions { chunk_bytes, ..whole.clone() };
        prop_assert_eq!(read_with(&parts, &log, "n"), read_with(&whole, &log, "n"));
    }

    #[test]
    fn all_bytes_can_be_parsed(of in any_parts(), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let options = made(of);
        let own = options.own_formats.named("own").expect("the only format");
        let rules = StampRules::utc(Timestamp::UNIX_EPOCH);
        let records = OwnRecords::new(own, &rules);
        records.json(&bytes, &rules);
        if let Some(header) = records.header(&bytes, &rules) {
            prop_assert!(header.message.len() <= bytes.len());
        }
        records.field_names(&bytes);
        records.fits_most(&bytes);
    }
}
