//! The pasted output of a command that a symptom's `probe` asked for, as one more source of a scan.

use super::finding::{Evidence, LineNo, Scan, SourceSummary};
use super::grouping::lossy_start;
use super::scan::read_probe;
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

/// Reads `output`, which the user calls `name`, for the symptom whose probe asked for it. Whether it shows the symptom:
/// then `scan` has one more finding, with the line that shows it and the captures of the symptom that it is `for`.
pub fn add_probe(program: &Program, scan: &mut Scan, symptom: SymptomId, name: &str, output: &[u8]) -> bool {
    let source = SourceId(u32::try_from(scan.sources.len()).expect("fewer sources than files a system can hold"));
    scan.sources.push(summary(program, name, output));
    let Some(mut finding) = read_probe(program, symptom, output) else { return false };
    let of = program.symptom(symptom).of;
    if let Some(of) = scan.findings.iter().find(|finding| Some(finding.symptom) == of) {
        for (name, value) in &of.captures {
            finding.captures.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    finding.evidence = vec![evidence(program, symptom, source, output)];
    scan.findings.push(finding);
    true
}

/// The first line that shows the symptom by itself; the first of all where it takes several.
fn evidence(program: &Program, symptom: SymptomId, source: SourceId, output: &[u8]) -> Evidence {
    let lines = || (1..).zip(output.split(|&byte| byte == b'\n'));
    let showing = lines().find(|(_, line)| read_probe(program, symptom, line).is_some());
    let (line, text): (LineNo, &[u8]) = showing.or_else(|| lines().next()).unwrap_or((1, b""));
    Evidence { source, line, text: lossy_start(text) }
}

/// Probe output is read for one symptom alone: whatever is read from named sources is not looked for in it.
fn summary(program: &Program, name: &str, output: &[u8]) -> SourceSummary {
    let elsewhere = (0..).map(SymptomId).zip(&program.symptoms).filter(|(_, symptom)| !symptom.on.is_empty());
    SourceSummary {
        name: name.to_owned(),
        format: "probe output",
        records: 1,
        bytes: output.len() as u64,
        first: None,
        last: None,
        not_looked_for: elsewhere.map(|(id, _)| id).collect(),
        cut: 0,
    }
}
