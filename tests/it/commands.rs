//! Compares the whole output of every command with what is expected. Each file under `tests/cases/cli` is a transcript
//! of one or more commands.
//!
//! To add a case, write a file with the commands and run the tests with `UPDATE_EXPECT=1`, which fills in the output.
//!
//! The help pages are those of a build with the default features.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use expect_test::expect_file;

use crate::support::{CASES, Workspace, commands};
use crate::transcript::{Shared, replay};

/// The transcripts, without the help pages and the commands of the feature `lab`.
fn cases() -> Vec<PathBuf> {
    let others = ["help", "lab", "workspaces"].map(|name| Path::new(CASES).join(name));
    let entries = walkdir::WalkDir::new(CASES).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(move |entry| !others.contains(&entry.path().to_owned()));
    let paths = entries.map(|entry| entry.expect("an entry").into_path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect()
}

#[test]
fn commands_print_what_their_cases_show() {
    let shared = Shared::default();
    let open = Mutex::new(cases().into_iter());
    let next = || open.lock().expect("no thread panics while it holds the lock").next();
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                while let Some(path) = next() {
                    let text = fs::read_to_string(&path).expect("a case");
                    expect_file![&path].assert_eq(&replay(&text, &shared));
                }
            });
        }
    });
    shared.assert_unchanged();
}

#[test]
fn each_command_has_a_help_page_and_a_case() {
    let (shared, commands) = (Shared::default(), commands());
    let mut names = BTreeSet::new();
    for command in &commands {
        let name = format!("{}.txt", if command.is_empty() { "casebook".to_owned() } else { command.join("_") });
        let line = ["$ casebook"].into_iter().chain(command.iter().map(String::as_str)).chain(["--help"]);
        let page = replay(&line.collect::<Vec<_>>().join(" "), &shared);
        expect_file![Path::new(CASES).join("help").join(&name)].assert_eq(&page);
        names.insert(name);
    }
    let files = fs::read_dir(Path::new(CASES).join("help")).expect("the help pages");
    let files: BTreeSet<String> =
        files.map(|file| file.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    assert_eq!(files, names, "help pages of commands that are gone");
    let run = commands_run();
    let is_group =
        |command: &[String]| commands.iter().any(|other| other.len() > command.len() && other.starts_with(command));
    let missing: Vec<&Vec<String>> = commands
        .iter()
        .filter(|command| !is_group(command) && !run.iter().any(|run| run.starts_with(command)))
        .collect();
    assert_eq!(missing, Vec::<&Vec<String>>::new(), "commands without a case");
}

#[test]
fn each_form_of_an_answer_has_a_case() {
    let run = commands_run();
    let mut missing = Vec::new();
    for command in commands().iter().filter(|command| !command.is_empty()) {
        for form in forms(command) {
            let asks = |run: &Vec<String>| {
                let named = run.windows(2).any(|pair| pair[0] == "--format" && pair[1] == form);
                run.starts_with(command) && (named || (form == "text" && !run.iter().any(|word| word == "--format")))
            };
            if !run.iter().any(asks) {
                missing.push(format!("{} --format {form}", command.join(" ")));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "forms without a case");
}

/// The commands that the transcripts run, each as the words after `casebook`.
fn commands_run() -> Vec<Vec<String>> {
    let texts = cases().into_iter().map(|path| fs::read_to_string(path).expect("a case"));
    let mut all = Vec::new();
    for text in texts {
        let lines = text.lines().filter_map(|line| line.trim_start_matches('$').strip_prefix(" casebook "));
        all.extend(lines.map(|line| line.split(' ').map(str::to_owned).collect()));
    }
    all
}

/// The values that a command accepts for `--format`; none if it has no such flag.
fn forms(command: &[String]) -> Vec<String> {
    let args: Vec<&str> = command.iter().map(String::as_str).chain(["--format", "?"]).collect();
    let output = Workspace::bare().casebook(&args).output().expect("the binary runs");
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    let values = error.split_once("[possible values: ").and_then(|(_, rest)| rest.split_once(']'));
    values.map_or(Vec::new(), |(values, _)| values.split(", ").map(str::to_owned).collect())
}
