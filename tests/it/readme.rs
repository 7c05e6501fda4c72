//! Tests that the README is true: its transcript is what the command prints, and its rule works.

use crate::support::Workspace;

fn readme() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README")
}

/// Returns what follows the first `start` in the README, up to the end of the fenced block.
fn block<'a>(readme: &'a str, start: &str) -> &'a str {
    let at = readme.find(start).expect("the README has the block");
    readme[at + start.len()..].split("```").next().expect("a block ends")
}

#[test]
fn the_transcript_is_what_the_command_prints() {
    let workspace = Workspace::book();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    std::fs::create_dir(workspace.path("samples")).expect("a new folder");
    std::fs::copy(format!("{samples}/mail-queue.log"), workspace.path("samples/mail-queue.log")).expect("the sample");
    let printed = workspace.stdout(&["diagnose", "samples/mail-queue.log"]);
    let readme = readme();
    let transcript = block(&readme, "```text\n").split("[…]").next().expect("the part before the cut");
    let beginning: String = printed.lines().take(transcript.lines().count()).map(|line| format!("{line}\n")).collect();
    assert_eq!(transcript, beginning);
}

#[test]
fn the_rule_has_no_mistakes_and_its_test_passes() {
    let workspace = Workspace::with_config("kb = ['book']\nrules = ['rules']\n");
    let readme = readme();
    let rule = format!("rule disk_full{}", block(&readme, "rule disk_full"));
    workspace.write("rules/readme.rules", rule);
    workspace.stdout(&["rule", "check"]);
    workspace.stdout(&["rule", "test"]);
}

/// Each row of the table in the README of the samples names a file and, in its last column, the cause that must come
/// first for it.
#[test]
fn each_sample_gives_the_cause_that_its_readme_names() {
    let workspace = Workspace::book();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let readme = std::fs::read_to_string(format!("{samples}/README.md")).expect("the samples' README");
    let quoted = |cell: &str| cell.split('`').nth(1).expect("a name in backticks").to_owned();
    let rows = readme.lines().filter(|line| line.starts_with("| `"));
    let named: Vec<(String, String)> = rows
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
            (quoted(cells[0]), quoted(cells[2]))
        })
        .collect();
    let first: Vec<(String, String)> = named
        .iter()
        .map(|(file, _)| {
            let answer = workspace.json(&["diagnose", &format!("{samples}/{file}")]);
            (file.clone(), answer["causes"][0]["cause"].as_str().expect("a cause").to_owned())
        })
        .collect();
    assert_eq!(named.len(), 6);
    assert_eq!(first, named);
}
