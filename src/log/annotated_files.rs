//! Reads whole logs whose times others have written down: the test logs of fail2ban, with `failJSON` before each line.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::input::Input;
use super::reader::{ReadOptions, Reader};
use super::record::Record;
use super::timestamp::annotated::{annotation, logs};
use super::zone::zone_named;
use crate::source::SourceId;

/// The lines whose annotation is mistaken: fail2ban reads a TAI label as seconds since 1970, without the ten seconds that
/// daemontools adds; and a time in UTC as local time.
const MISTAKEN: [&str; 6] = ["dovecot:1", "dovecot:3", "dovecot:4", "dovecot:5", "cowrie:2", "cowrie:12"];

/// Returns a log without its comments, and the numbers and times of the annotated lines.
fn uncommented(log: &[u8]) -> (Vec<u8>, Vec<(u64, DateTime)>) {
    let (mut text, mut annotated) = (Vec::new(), Vec::new());
    let (mut time, mut n_lines) = (None, 0);
    for line in log.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"#") {
            time = annotation(line).or(time);
            continue;
        }
        n_lines += 1;
        text.extend_from_slice(line);
        if !line.trim_ascii().is_empty() {
            annotated.extend(time.take().map(|time| (n_lines, time)));
        }
    }
    (text, annotated)
}

/// Returns for each annotated line whether the record that contains it has the annotated time, and a description of the
/// line.
fn check(name: &str, log: &[u8], options: &ReadOptions) -> Vec<(bool, String)> {
    let (text, annotated) = uncommented(log);
    let mut reader = Reader::open(Input::bytes(name, text), options).expect("bytes can be opened");
    let mut annotated = annotated.into_iter().peekable();
    let mut checked = Vec::new();
    while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
        for record in (0..chunk.len()).map(|index| chunk.record(index, SourceId(0))) {
            let end = record.line + memchr::memchr_iter(b'\n', record.bytes.trim_ascii_end()).count() as u64;
            while let Some((line, time)) = annotated.next_if(|(line, _)| *line <= end) {
                let about =
                    format!("{name}:{line} {time} {:?} {}", record.time(), String::from_utf8_lossy(record.bytes));
                checked.push((is_right(&record, time, options), about));
            }
        }
    }
    checked
}

/// Whether `record` has the annotated time, to the second. Without a year in its stamp, the year is not compared.
fn is_right(record: &Record<'_>, time: DateTime, options: &ReadOptions) -> bool {
    let Some(found) = record.time() else { return false };
    let local = found.to_zoned(options.zone.clone()).datetime();
    let second = local.with().subsec_nanosecond(0).build().expect("a whole second");
    let has_year = record.stamp().is_none_or(|stamp| stamp.has_year()) && contains_year(record.bytes);
    let expected = if has_year { Some(second) } else { second.with().year(time.year()).build().ok() };
    expected == Some(time)
}

/// Whether `line` contains a number that may be a year.
fn contains_year(line: &[u8]) -> bool {
    let numbers = line.split(|byte| !byte.is_ascii_digit());
    numbers.into_iter().any(|number| number.len() == 4 && (number.starts_with(b"19") || number.starts_with(b"20")))
}

#[test]
fn whole_files_have_their_times() {
    let Some(logs) = logs() else { return };
    let now: Timestamp = "2005-08-14T10:00:00Z".parse().expect("a valid instant");
    let zone = zone_named("Europe/Zurich").expect("a known zone");
    let options = ReadOptions { zone, ..ReadOptions::at(now) };
    let checked: Vec<_> = logs.iter().flat_map(|(name, log)| check(name, log, &options)).collect();
    let wrong: Vec<&str> = checked.iter().filter(|(is_right, _)| !is_right).map(|(_, about)| about.as_str()).collect();
    let places: BTreeSet<&str> = wrong.iter().filter_map(|about| about.split(' ').next()).collect();
    assert_eq!(places, BTreeSet::from(MISTAKEN), "of {}:\n{}", checked.len(), wrong.join("\n"));
}
