//! Each folder of `tests/cases/scan` contains rules, logs and the result of a scan; `UPDATE_EXPECT=1` rewrites the result.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Finding, Scan, ScanOptions, compare, scan};
use crate::diagnostic::Severity;
use crate::log::Input;
use crate::rule::{Program, RuleText, SymptomId, load};

#[test]
fn every_case_is_scanned_as_expected() {
    let cases = all();
    assert!(cases.len() >= 4);
    for (folder, program, inputs) in cases {
        let outline = outline(&program, &scan(&program, inputs, &ScanOptions::at(jiff::Timestamp::UNIX_EPOCH)));
        let expected = folder.join("expected.out");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&expected, &outline).expect("a writable folder");
        }
        assert_eq!(outline, fs::read_to_string(&expected).unwrap_or_default(), "{}", folder.display());
    }
}

/// Returns the folder of each case, with its compiled rules and its logs.
pub(super) fn all() -> Vec<(PathBuf, Program, Vec<Input>)> {
    let folders = sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/scan"));
    let case = |folder: PathBuf| {
        let logs = with_extension(&folder, "log");
        let inputs = logs.iter().map(|log| Input::named(file_name(log), log)).collect();
        (folder.clone(), program(&folder), inputs)
    };
    folders.into_iter().map(case).collect()
}

/// Compiles the text of a rule file, which must contain no errors.
pub(super) fn program_of(text: &str) -> Program {
    let (program, remarks) = load(&[RuleText { path: "a.rules".to_owned(), text: text.to_owned() }], None);
    let errors: Vec<_> = remarks.iter().filter(|(_, remark)| remark.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    program
}

fn program(folder: &Path) -> Program {
    let read = |path: &PathBuf| fs::read_to_string(path).expect("a readable case");
    let rules = with_extension(folder, "rules");
    let texts: Vec<_> = rules.iter().map(|path| RuleText { path: file_name(path), text: read(path) }).collect();
    let (program, remarks) = load(&texts, None);
    let errors: Vec<_> = remarks.iter().filter(|(_, remark)| remark.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{}: {errors:?}", folder.display());
    program
}

fn outline(program: &Program, scan: &Scan) -> String {
    let names = |symptoms: &[SymptomId]| {
        symptoms.iter().map(|id| program.symptom(*id).name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut outline = String::new();
    let mut line = |text: String| writeln!(outline, "{text}").expect("writing to memory");
    for source in &scan.sources {
        line(format!("source {} {} records {}", source.name, source.format, source.records));
        line(format!("  not looked for: {}", names(&source.not_looked_for)));
    }
    for finding in &scan.findings {
        line(format!("{} x {}", names(&[finding.symptom]), finding.count));
        details(finding).into_iter().for_each(|detail| line(format!("  {detail}")));
    }
    line(format!("silent: {}", names(&scan.silent)));
    outline
}

fn details(finding: &Finding) -> Vec<String> {
    let captures = finding.captures.iter();
    let captures =
        captures.map(|(name, value)| format!("{name} = {}", String::from_utf8_lossy(&compare::printed(value))));
    let evidence = finding.evidence.iter().map(|evidence| format!("line {}: {:?}", evidence.line, evidence.text));
    captures.chain(evidence).collect()
}

fn with_extension(folder: &Path, extension: &str) -> Vec<PathBuf> {
    sorted(folder).into_iter().filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().expect("a file has a name").to_string_lossy().into_owned()
}
