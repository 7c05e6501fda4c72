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
fn the_rules_have_no_mistakes_and_their_tests_pass() {
    let workspace = Workspace::with_config("kb = ['book']\nrules = ['rules']\n");
    let readme = readme();
    for name in ["disk_full", "broken_in"] {
        let start = format!("rule {name}");
        workspace.write(&format!("rules/{name}.rules"), start.clone() + block(&readme, &start));
    }
    workspace.stdout(&["rule", "check"]);
    workspace.stdout(&["rule", "test"]);
}

/// The beginning of the table of systems in the README.
const SYSTEMS: &str = "| area | systems | causes |\n|---|---|---|\n";

/// The rows of the table of systems. The system of a pack is its title up to a colon.
fn systems(book: &serde_json::Value) -> String {
    let areas = book["areas"].as_array().expect("areas");
    let row = |area: &serde_json::Value| {
        let packs = area["packs"].as_array().expect("packs");
        let title = |pack: &serde_json::Value| pack["title"].as_str().expect("a bundled pack has a title").to_owned();
        let mut systems: Vec<String> = Vec::new();
        for title in packs.iter().map(title) {
            let system = title.split(": ").next().expect("the beginning").to_owned();
            if !systems.contains(&system) {
                systems.push(system);
            }
        }
        let causes: u64 = packs.iter().map(|pack| pack["causes"].as_u64().expect("a number")).sum();
        format!("| {} | {} | {causes} |\n", area["name"].as_str().expect("a name"), systems.join(", "))
    };
    areas.iter().map(row).collect()
}

#[test]
fn the_table_of_systems_is_that_of_the_rules() {
    let rows = systems(&Workspace::book().json(&["book"]));
    let readme = readme();
    let (before, rest) = readme.split_once(SYSTEMS).expect("the README has the table");
    let (shown, after) = rest.split_once("\n\n").expect("the table ends with an empty line");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let updated = format!("{before}{SYSTEMS}{rows}\n{after}");
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"), updated).expect("the README is writable");
        return;
    }
    assert_eq!(format!("{shown}\n"), rows, "the table is out of date: run the tests with UPDATE_EXPECT=1");
}

#[test]
fn a_system_is_named_once_and_its_causes_are_added() {
    let pack = |title: &str, causes: u64| serde_json::json!({ "title": title, "causes": causes });
    let book = serde_json::json!({ "areas": [
        { "name": "dns", "packs": [pack("BIND", 3)] },
        { "name": "kernel", "packs": [pack("Linux: memory", 1), pack("Linux: disks", 2), pack("Tux", 4)] },
    ] });
    assert_eq!(systems(&book), "| dns | BIND | 3 |\n| kernel | Linux, Tux | 7 |\n");
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
