//! Tests exit codes and error messages: what a user sees if something is wrong.

use std::process::Stdio;

use predicates::prelude::*;

use crate::support::{Workspace, commands};

#[test]
fn a_store_of_another_format_says_how_to_rebuild() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.stdout(&["ingest"]);
    let meta = workspace.path(".casebook/index/meta.json");
    let text = std::fs::read_to_string(&meta).expect("the index");
    let other = text.replace(r#"{\"format\":"#, r#"{\"format\":999"#);
    assert_ne!(text, other, "the commit names its format");
    std::fs::write(&meta, other).expect("a writable file");
    for command in [&["search", "hums"][..], &["ingest"], &["status"], &["show", "Q100"]] {
        workspace.casebook(command).assert().code(4).stderr(
            predicate::str::contains("another version of casebook").and(predicate::str::contains("casebook ingest")),
        );
    }
}

#[test]
fn a_store_of_another_format_with_the_book_alone_is_built_anew() {
    let workspace = Workspace::book();
    workspace.stdout(&["search", "disk full"]);
    let meta = workspace.path(".casebook/index/meta.json");
    let text = std::fs::read_to_string(&meta).expect("the index");
    std::fs::write(&meta, text.replace(r#"{\"format\":"#, r#"{\"format\":999"#)).expect("a writable file");
    assert!(workspace.stdout(&["search", "disk full"]).contains("cb-disk-full"));
}

#[test]
#[cfg(unix)]
fn a_store_that_cannot_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.stdout(&["ingest"]);
    let index = workspace.path(".casebook/index");
    std::fs::remove_file(index.join(".tantivy-meta.lock")).ok();
    std::fs::set_permissions(&index, std::fs::Permissions::from_mode(0o555)).expect("our own folder");
    let found = workspace.stdout(&["search", "hums"]);
    std::fs::set_permissions(&index, std::fs::Permissions::from_mode(0o755)).expect("our own folder");
    assert!(found.contains("Q100"), "{found}");
}

#[test]
#[cfg(unix)]
fn who_may_read_the_folder_may_read_the_store() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.stdout(&["ingest"]);
    let mode = |name: &str| workspace.path(name).metadata().expect("it is there").permissions().mode() & 0o444;
    assert_eq!(mode(".casebook/index/meta.json"), mode(".casebook/index"));
    assert_eq!(mode(".casebook/index/.managed.json"), mode(".casebook/index"));
}

#[test]
fn a_large_kb_without_a_store_asks_for_an_ingest() {
    let workspace = Workspace::bare();
    for n in 0..1001 {
        workspace.write(&format!("kb/{n}.txt"), "x");
    }
    workspace.casebook(&["search", "x"]).assert().code(4).stderr(predicate::str::contains("casebook ingest"));
}

#[test]
fn two_writers_at_once_are_told_apart() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    let mut store = casebook::store::Store::open_or_create(&workspace.path(".casebook")).expect("a new store");
    let _writer = store.writer().expect("the lock is free");
    workspace.casebook(&["ingest"]).assert().code(4).stderr(predicate::str::contains("another process is writing"));
}

#[test]
fn colour_is_for_terminals_and_on_demand() {
    let workspace = Workspace::book();
    let plain = workspace.stdout(&["search", "disk full"]);
    let colour = workspace.stdout(&["search", "disk full", "--color", "always"]);
    assert!(!plain.contains('\u{1b}'));
    assert!(colour.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&colour).to_string(), plain);
}

#[test]
fn nothing_of_an_article_or_a_log_acts_on_the_terminal() {
    let workspace = Workspace::with_config("kb = ['kb']\nrules = ['rules']\n");
    let hostile = "\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{7}";
    workspace.article("Q100", &format!("The frobnicator {hostile} stalls"), &format!("It stalls {hostile} in bay."));
    workspace.write("a.log", format!("ERROR frobnicator {hostile} stalls in bay 9\n"));
    workspace.write(
        "rules/a.rules",
        "symptom stall \"It stalls: {what}\" { match \"frobnicator {what:..} stalls\" }\n\
         cause jam \"Jam by {what}\" { shows stall usually kb \"Q100\" }\n",
    );
    for args in [&["search", "frobnicator stalls"][..], &["show", "Q100"], &["diagnose", "a.log", "--why", "jam"]] {
        let report = workspace.stdout(args);
        assert!(report.contains("rob"), "{report}");
        let acts = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}".contains(c);
        assert!(!report.contains(acts), "{report:?}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let workspace = Workspace::book();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("casebook"));
    command
        .args(["search", "disk full"])
        .current_dir(workspace.dir.path())
        .env_clear()
        .env("HOME", workspace.dir.path())
        .env("XDG_CACHE_HOME", crate::support::CACHE);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr)), (Some(0), "".into()));
}

#[test]
fn each_shell_gets_a_completion_script() {
    let workspace = Workspace::book();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = workspace.stdout(&["completions", shell]);
        for word in ["diagnose", "--why-not", "completions", "semantic"] {
            assert!(script.contains(word.trim_start_matches('-')), "{shell}: {word}");
        }
    }
    workspace.casebook(&["completions", "cmd"]).assert().code(2).stderr(predicate::str::contains("powershell"));
}

#[test]
fn every_command_has_a_man_page_with_its_help() {
    let workspace = Workspace::book();
    workspace.stdout(&["man", "pages/man1"]);
    let name_of = |command: &Vec<String>| format!("{}.1", [&["casebook".to_owned()], &command[..]].concat().join("-"));
    let mut pages: Vec<String> = commands().iter().map(name_of).collect();
    pages.sort();
    let written = std::fs::read_dir(workspace.path("pages/man1")).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name().into_string();
    let mut written: Vec<String> = written.map(|entry| name(entry).expect("UTF-8")).collect();
    written.sort();
    assert_eq!(written, pages);
}

#[test]
fn config_prints_the_weights_in_use_and_the_shipped_ones() {
    let workspace = Workspace::with_config("[search]\nranking = 'mine.toml'\n");
    let shipped = workspace.stdout(&["config", "ranking", "--shipped"]);
    workspace.write("mine.toml", "lead = 0.25\n");
    assert_eq!(workspace.stdout(&["config", "ranking"]), "lead = 0.25\n");
    workspace.write("mine.toml", shipped);
    workspace.stdout(&["search", "disk full"]);
}
