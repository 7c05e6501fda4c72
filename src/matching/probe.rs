//! The output of a command that the `probe` of a symptom asks for, as one more source of a scan.

use super::eval;
use super::finding::{Evidence, Finding, LineNo, Scan, SourceSummary};
use super::grouping::empty_finding;
use super::occurrence::with_plain_addresses;
use crate::log::Record;
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

/// Adds `output`, which the user calls `name`, to the sources of `scan`, and returns whether it shows the symptom whose
/// probe asks for it. If so, `scan` gets a finding with the line that shows it and the captures of the symptom that the
/// probe is `for`.
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

/// Reads the output of the command that the probe of a symptom asks for. The finding has no evidence. `None` if the output
/// does not show the symptom.
pub(super) fn read_probe(program: &Program, symptom: SymptomId, output: &[u8]) -> Option<Finding> {
    let record = Record::bare(SourceId(0), 1, output);
    let definition = program.symptom(symptom);
    let captures = eval::shown(definition, &record, |_, _| true)?.captures;
    let finding = Finding { count: 1, ..empty_finding(symptom, with_plain_addresses(captures)) };
    eval::meets_count_condition(definition, &finding).then_some(finding)
}

/// Returns the first line that shows the symptom by itself; if only several lines together show it, the first line of
/// the output.
fn evidence(program: &Program, symptom: SymptomId, source: SourceId, output: &[u8]) -> Evidence {
    let lines = || (1..).zip(output.split(|&byte| byte == b'\n'));
    let showing = lines().find(|(_, line)| read_probe(program, symptom, line).is_some());
    let (line, text): (LineNo, &[u8]) = showing.or_else(|| lines().next()).unwrap_or((1, b""));
    Evidence::new(source, line, text)
}

/// Returns the output as a source of the scan. All symptoms with `on` count as not looked for in it, because the output
/// of a probe is read for one symptom only.
fn summary(program: &Program, name: &str, output: &[u8]) -> SourceSummary {
    let elsewhere = (0..).map(SymptomId).zip(&program.symptoms).filter(|(_, symptom)| !symptom.on.is_empty());
    SourceSummary {
        name: name.to_owned(),
        format: "probe output".to_owned(),
        records: 1,
        left_out: 0,
        bytes: output.len() as u64,
        first: None,
        last: None,
        not_looked_for: elsewhere.map(|(id, _)| id).collect(),
        cut: 0,
    }
}
