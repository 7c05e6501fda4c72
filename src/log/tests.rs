//! Each `tests/cases/log/*.log` is read and compared with the `.out` file beside it; `UPDATE_EXPECT=1` rewrites those.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::{FieldStep, Input, ReadOptions, Reader, Record};
use crate::source::SourceId;

/// Paths of the fields that `outline` shows if a record has them.
const FIELDS: [&[&str]; 4] = [&["host"], &["event", "id"], &["direction"], &["reply"]];

/// Returns the name of the format, then a line for each record: line, time, level, program, further fields and message.
fn outline(path: &Path) -> String {
    let bytes = fs::read(path).expect("a readable case");
    let now = "2017-01-02T00:00:00Z".parse().expect("a valid instant");
    let options = ReadOptions { chunk_bytes: 64, ..ReadOptions::at(now) };
    let mut reader = Reader::open(Input::bytes("case", bytes), &options).expect("bytes can be opened");
    let mut outline = format!("{}\n", reader.format().name());
    while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
        for record in (0..chunk.len()).map(|index| chunk.record(index, SourceId(0))) {
            let time = record.time().map_or("-".to_owned(), |time| time.to_string());
            let level = record.level().map_or("-", |level| level.name());
            let program = record.program().map_or("-".to_owned(), |name| String::from_utf8_lossy(&name).into_owned());
            let fields: String = FIELDS.iter().filter_map(|path| shown_field(&record, path)).collect();
            let message = String::from_utf8_lossy(&record.message()).into_owned();
            writeln!(outline, "{} {time} {level} {program} {fields}{message:?}", record.line)
                .expect("writing to memory");
        }
    }
    outline
}

/// Returns `name=value` and a blank, if the record has the field.
fn shown_field(record: &Record<'_>, path: &[&str]) -> Option<String> {
    let steps: Vec<FieldStep> = path.iter().copied().map(FieldStep::Name).collect();
    let value = record.field(&steps)?;
    Some(format!("{}={value} ", path.join(".")))
}

#[test]
fn every_case_is_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/log");
    let files =
        fs::read_dir(folder).expect("the folder of cases").map(|entry| entry.expect("a readable folder").path());
    let logs: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "log")).collect();
    assert!(logs.len() >= 51);
    for log in logs {
        let expected = log.with_extension("out");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&expected, outline(&log)).expect("a writable folder");
        }
        assert_eq!(outline(&log), fs::read_to_string(&expected).unwrap_or_default(), "{}", log.display());
    }
}

/// For each family of sample logs: its name, its format, and the shares of records of which the time, the level and the
/// program are read, in percent, rounded down. Some lines do not contain all three.
#[rustfmt::skip]
const SHARES: [(&str, &str, [usize; 3]); 16] = [
    ("Android",     "dated",   [100, 100, 100]),
    ("Apache",      "dated",   [100, 100, 0]),
    ("BGL",         "cluster", [100, 100, 100]),
    ("HDFS",        "dated",   [100, 100, 100]),
    ("HPC",         "dated",   [100, 35, 0]),
    ("Hadoop",      "dated",   [100, 100, 100]),
    ("HealthApp",   "dated",   [100, 0, 100]),
    ("Linux",       "syslog",  [100, 2, 99]),
    ("Mac",         "syslog",  [100, 0, 96]),
    ("OpenSSH",     "syslog",  [100, 2, 100]),
    ("OpenStack",   "dated",   [100, 100, 100]),
    ("Proxifier",   "dated",   [100, 0, 99]),
    ("Spark",       "dated",   [100, 100, 100]),
    ("Thunderbird", "cluster", [100, 1, 99]),
    ("Windows",     "dated",   [100, 100, 100]),
    ("Zookeeper",   "dated",   [100, 100, 100]),
];

#[test]
fn time_level_and_program_of_the_sample_logs_are_read() {
    let unpacked = std::env::var_os("CASEBOOK_LOGHUB").map(PathBuf::from);
    let folder = unpacked.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/loghub"));
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!(
            "skipped: {} does not hold the unpacked sample logs; CASEBOOK_LOGHUB names another folder",
            folder.display()
        );
        return;
    };
    let mut wrong = Vec::new();
    for path in files.map(|entry| entry.expect("a readable folder").path()) {
        let options = ReadOptions::at(jiff::Timestamp::UNIX_EPOCH);
        let mut reader = Reader::open(Input::path(&path), &options).expect("a readable sample");
        let format = reader.format();
        let (mut counts, mut all) = ([0; 3], 0);
        while let Some(chunk) = reader.next_chunk().expect("a readable sample") {
            all += chunk.len();
            for record in (0..chunk.len()).map(|index| chunk.record(index, SourceId(0))) {
                let has = [record.time().is_some(), record.level().is_some(), record.program().is_some()];
                counts.iter_mut().zip(has).for_each(|(count, has)| *count += usize::from(has));
            }
        }
        let found = counts.map(|count| count * 100 / all);
        let name = path.file_name().expect("the name of a file").to_string_lossy().replace("_2k.log", "");
        let (_, expected_format, expected) =
            SHARES.iter().find(|(family, ..)| *family == name).expect("a known family");
        if (format.name(), found) != (*expected_format, *expected) {
            wrong.push((name, format.name().to_owned(), found));
        }
    }
    assert_eq!(wrong, []);
}
