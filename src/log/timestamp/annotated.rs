//! Lines whose times others have written down: the test logs of fail2ban, with `failJSON` before each line.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use jiff::civil::DateTime;

use super::zone::database_zone;
use super::{StampRules, find_stamp};

const ARCHIVE: &str = "../shared/data/fail2ban.tar.zst";

/// A line and the local time that is annotated for it.
struct AnnotatedLine {
    text: Vec<u8>,
    time: DateTime,
}

/// Returns all lines of a log without comments, and those with an annotated time.
fn lines(log: &[u8]) -> (Vec<&[u8]>, Vec<AnnotatedLine>) {
    let (mut all, mut annotated) = (Vec::new(), Vec::new());
    let mut time = None;
    for line in log.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        if line.starts_with(b"#") {
            time = annotation(line).or(time);
            continue;
        }
        all.push(line);
        annotated.extend(time.take().map(|time| AnnotatedLine { text: line.to_vec(), time }));
    }
    (all, annotated)
}

/// Returns the annotated time. Where `match` is false, fail2ban does not compare the time, and some are mistaken.
pub(in crate::log) fn annotation(line: &[u8]) -> Option<DateTime> {
    let text = std::str::from_utf8(line).ok()?.trim_start_matches(['#', ' ']);
    let json: serde_json::Value = serde_json::from_str(text.strip_prefix("failJSON:")?).ok()?;
    json.get("match")?.as_bool().filter(|matches| *matches)?;
    json.get("time")?.as_str()?.parse().ok()
}

/// Returns the logs in the archive; `None` if it is missing.
pub(in crate::log) fn logs() -> Option<Vec<(String, Vec<u8>)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(ARCHIVE);
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("skipped: {} is missing", path.display());
        return None;
    };
    let mut archive = tar::Archive::new(zstd::Decoder::new(file).expect("a zstd stream"));
    let mut logs = Vec::new();
    for member in archive.entries().expect("a tar archive") {
        let mut member = member.expect("a readable member");
        let path = member.path().expect("a path").into_owned();
        let is_log =
            path.parent().is_some_and(|folder| folder.ends_with("logs")) && member.header().entry_type().is_file();
        if is_log {
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).expect("a readable member");
            logs.push((path.file_name().expect("a name").to_string_lossy().into_owned(), bytes));
        }
    }
    Some(logs)
}

/// Returns whether the stamp of `line` means the annotated time; `None` if there is no stamp. Without a year in the line,
/// the year is not compared.
fn is_right(line: &AnnotatedLine, rules: &StampRules) -> Option<bool> {
    let found = find_stamp(&line.text, rules)?;
    let local = found.time.to_zoned(rules.zone.clone()).datetime();
    let second = local.with().subsec_nanosecond(0).build().expect("a whole second");
    let same_year = if found.has_year() { second } else { second.with().year(line.time.year()).build().ok()? };
    Some(same_year == line.time)
}

/// Lines without a stamp in their first bytes: they continue a record, contain only a time, or are long JSON.
const WITHOUT_STAMP: [(&str, usize); 3] = [("cowrie", 2), ("ejabberd-auth", 1), ("guacamole", 4)];

#[test]
fn annotated_lines_have_their_times() {
    let Some(logs) = logs() else { return };
    let zone = database_zone(b"Europe/Zurich").expect("a known zone");
    let newest = "2005-08-14T10:00:00Z".parse().expect("a valid instant");
    let mut n_right = 0;
    let (mut wrong, mut without_stamp) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for (name, log) in &logs {
        let (all, annotated) = lines(log);
        let rules = StampRules { zone: zone.clone(), ..StampRules::utc(newest) }.for_source(&all);
        for line in annotated {
            match is_right(&line, &rules) {
                Some(true) => n_right += 1,
                Some(false) => wrong.push(format!("{name} {} {}", line.time, String::from_utf8_lossy(&line.text))),
                None => *without_stamp.entry(name).or_default() += 1,
            }
        }
    }
    assert_eq!(without_stamp, BTreeMap::from(WITHOUT_STAMP));
    // fail2ban reads a TAI label as seconds since 1970, without the ten seconds that daemontools adds.
    let is_tai = |line: &String| line.contains(" @4000000");
    assert_eq!((wrong.iter().filter(|line| is_tai(line)).count(), wrong.len()), (4, 4), "{}", wrong.join("\n"));
    assert!(n_right >= 99 * wrong.len(), "{n_right} right");
}
