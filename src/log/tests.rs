//! Each `tests/cases/log/*.log` beside what is read out of it; `UPDATE_EXPECT=1` writes the expectations anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Input, ReadOptions, Reader, Record, Step};
use crate::source::SourceId;

/// Fields that are shown where a record has them.
const FIELDS: [&[&str]; 4] = [&["host"], &["event", "id"], &["direction"], &["reply"]];

/// Format, then per record: line, time, level, program, further fields and message.
fn outline(path: &Path) -> String {
    let bytes = fs::read(path).expect("a readable case");
    let now = "2017-01-02T00:00:00Z".parse().expect("a valid instant");
    let options = ReadOptions { chunk_bytes: 64, format: None, now };
    let mut reader = Reader::open(Input::bytes("case", bytes), &options).expect("bytes can be opened");
    let mut outline = format!("{}\n", reader.layout().format.name());
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

/// ` name=value `, if the record has it.
fn shown_field(record: &Record<'_>, path: &[&str]) -> Option<String> {
    let steps: Vec<Step> = path.iter().copied().map(Step::Name).collect();
    let value = record.field(&steps)?;
    Some(format!("{}={value} ", path.join(".")))
}

#[test]
fn every_case_is_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/log");
    let files =
        fs::read_dir(folder).expect("the folder of cases").map(|entry| entry.expect("a readable folder").path());
    let logs: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "log")).collect();
    assert!(logs.len() >= 23);
    for log in logs {
        let expected = log.with_extension("out");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&expected, outline(&log)).expect("a writable folder");
        }
        assert_eq!(outline(&log), fs::read_to_string(&expected).unwrap_or_default(), "{}", log.display());
    }
}

#[test]
fn every_record_of_the_sample_logs_has_a_stamp() {
    let unpacked = std::env::var_os("CASEBOOK_LOGHUB").map(PathBuf::from);
    let folder = unpacked.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/loghub"));
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!(
            "skipped: {} does not hold the unpacked sample logs; CASEBOOK_LOGHUB names another folder",
            folder.display()
        );
        return;
    };
    for path in files.map(|entry| entry.expect("a readable folder").path()) {
        let options = ReadOptions { chunk_bytes: 1 << 20, format: None, now: jiff::Timestamp::UNIX_EPOCH };
        let mut reader = Reader::open(Input::path(&path), &options).expect("a readable sample");
        let (mut stamped, mut all) = (0, 0);
        while let Some(chunk) = reader.next_chunk().expect("a readable sample") {
            all += chunk.len();
            stamped += (0..chunk.len()).filter(|index| chunk.record(*index, SourceId(0)).time().is_some()).count();
        }
        assert!(stamped * 1000 >= all * 995, "{}: {stamped} of {all}", path.display());
    }
}
