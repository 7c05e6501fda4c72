//! Wiring and exit codes: what a user sees when something is wrong.

use predicates::prelude::*;

use crate::support::Workspace;

#[test]
fn help_and_version_go_to_standard_output() {
    let workspace = Workspace::bare();
    workspace.casebook(&["--help"]).assert().success().stdout(predicate::str::contains("diagnose"));
    workspace.casebook(&["--version"]).assert().success().stdout(predicate::str::starts_with("casebook "));
}

#[test]
fn usage_mistakes_exit_with_2() {
    let workspace = Workspace::book();
    workspace.casebook(&["sarch", "x"]).assert().code(2).stderr(predicate::str::contains("search"));
    workspace.casebook(&["diagnose"]).assert().code(2);
    workspace
        .casebook(&["diagnose", "-", "--answer", "no_such_symptom=yes"])
        .write_stdin("x\n")
        .assert()
        .code(2)
        .stderr(predicate::str::contains("no rule has a symptom called `no_such_symptom`"));
}

#[test]
fn a_near_miss_of_a_name_is_suggested() {
    let workspace = Workspace::book();
    workspace
        .casebook(&["diagnose", "-", "--answer", "mx_lookup_fail=yes"])
        .write_stdin("x\n")
        .assert()
        .code(2)
        .stderr(predicate::str::contains("did you mean `mx_lookup_fails`?"));
}

#[test]
fn a_missing_article_and_a_missing_log_exit_with_3() {
    let workspace = Workspace::book();
    workspace.casebook(&["show", "Q1"]).assert().code(3).stderr(predicate::str::contains("there is no article `Q1`"));
    workspace.casebook(&["diagnose", "nowhere.log"]).assert().code(3).stderr(predicate::str::contains("nowhere.log"));
}

#[test]
fn one_unreadable_log_costs_the_others_nothing() {
    let workspace = Workspace::book();
    workspace.write("a.log", "kernel: Out of memory: Killed process 4711 (java)\n");
    workspace
        .casebook(&["diagnose", "nowhere.log", "a.log"])
        .assert()
        .success()
        .stderr(predicate::str::contains("nowhere.log"))
        .stdout(predicate::str::contains("a.log"));
}

#[test]
fn a_workspace_without_its_file_is_said() {
    let workspace = Workspace::bare();
    workspace
        .casebook(&["--workspace", "kb", "status"])
        .assert()
        .code(3)
        .stderr(predicate::str::contains("there is no casebook.toml"));
}

#[test]
fn a_mistake_in_the_workspace_file_is_shown_at_its_place() {
    let workspace = Workspace::with_config("kb = ['kb']\nrule = []\n");
    workspace
        .casebook(&["status"])
        .assert()
        .code(3)
        .stderr(predicate::str::contains("line 2").and(predicate::str::contains("unknown field `rule`")));
}

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
fn a_diagnosis_goes_on_without_a_store_that_cannot_be_read() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.stdout(&["ingest"]);
    workspace.write(".casebook/index/meta.json", "{ not json");
    workspace
        .casebook(&["diagnose", "-"])
        .write_stdin("disk full\n")
        .assert()
        .success()
        .stderr(predicate::str::contains("continuing with the bundled articles"));
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
fn a_limit_beyond_reason_is_refused() {
    let workspace = Workspace::book();
    for limit in ["0", "99999999999", "-1", "x"] {
        workspace.casebook(&["search", "--limit", limit, "disk"]).assert().code(2);
    }
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
fn a_damaged_store_is_said_and_not_a_panic() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.stdout(&["ingest"]);
    workspace.write(".casebook/index/meta.json", "{ not json");
    workspace.casebook(&["search", "hums"]).assert().code(4).stderr(predicate::str::contains("casebook ingest"));
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
fn a_rules_path_that_is_not_there_is_said_and_costs_nothing_else() {
    let workspace = Workspace::with_config("kb = []\nrules = ['rulez', 'book']\n");
    workspace
        .casebook(&["rule", "test"])
        .assert()
        .success()
        .stderr(predicate::str::contains("rulez` does not exist").and(predicate::str::contains("casebook.toml")));
    let workspace = Workspace::book();
    workspace.casebook(&["rule", "test"]).assert().success().stderr("");
}

#[test]
fn status_says_what_the_store_holds() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.stdout(&["ingest"]);
    let answer = workspace.json(&["status"]);
    let expected = serde_json::json!({
        "store": answer["store"],
        "articles": 1,
        "files": 1,
        "roots": [workspace.path("kb").canonicalize().expect("the folder is there")],
        "book": false,
        "layouts": { "document": 1 },
        "collections": { "kb": 1 },
        "references": { "total": 0, "dead": 0, "missing": [] },
    });
    assert_eq!(answer, expected);
    assert!(answer["store"].as_str().is_some_and(|store| store.ends_with(".casebook")));
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
fn init_makes_a_workspace_once() {
    let workspace = Workspace::bare();
    workspace.casebook(&["init", "new"]).assert().success();
    workspace.casebook(&["--workspace", "new", "search", "disk full"]).assert().success();
    workspace.casebook(&["init", "new"]).assert().code(3).stderr(predicate::str::contains("exists already"));
}

#[test]
fn kb_check_takes_a_runbook_that_names_no_id() {
    let workspace = Workspace::bare();
    workspace.write("kb/pump.md", "# The pump\n\n## Symptoms\n\nIt hums, and nobody knows why.\n\n## Fix\n\nOil it.\n");
    let said = workspace.casebook(&["kb", "check", "kb"]).assert().get_output().stdout.clone();
    assert!(
        String::from_utf8_lossy(&said).contains("1 article, 0 files skipped"),
        "{}",
        String::from_utf8_lossy(&said)
    );
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

/// The names of all commands, as help lists them: `rule test`.
fn commands(workspace: &Workspace, command: &str) -> Vec<String> {
    let args: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
    let help = workspace.stdout(&args);
    let listed = help.split_once("Commands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or(""));
    let is_name = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let names = listed.lines().filter(is_name).filter_map(|line| line.split_whitespace().next());
    let names = names.filter(|name| *name != "help").map(|name| format!("{command} {name}").trim().to_owned());
    names.flat_map(|name| std::iter::once(name.clone()).chain(commands(workspace, &name))).collect()
}

#[test]
fn every_command_has_a_man_page_with_its_help() {
    let workspace = Workspace::book();
    workspace.stdout(&["man", "pages/man1"]);
    let commands = commands(&workspace, "");
    assert!(commands.contains(&"rule learn".to_owned()), "{commands:?}");
    let pages = commands.iter().map(|command| format!("casebook-{}.1", command.replace(' ', "-")));
    let mut pages: Vec<String> = pages.chain(["casebook.1".to_owned()]).collect();
    pages.sort();
    let written = std::fs::read_dir(workspace.path("pages/man1")).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name().into_string();
    let mut written: Vec<String> = written.map(|entry| name(entry).expect("UTF-8")).collect();
    written.sort();
    assert_eq!(written, pages);
    let page = std::fs::read_to_string(workspace.path("pages/man1/casebook-rule-learn.1")).expect("a page");
    for part in [".SH SYNOPSIS", "CASE\\-OR\\-DIR", "\\-\\-write", "casebook rule learn cases/"] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn config_shows_each_value_and_its_origin() {
    let workspace = Workspace::with_config("kb = ['kb', 'book']\n[search]\nranking = 'mine.toml'\n");
    let kb = workspace.path("kb").canonicalize().expect("the folder is there");
    let text = workspace.stdout(&["config"]);
    assert!(text.contains(&format!("casebook.toml:1        {}, book", kb.display())), "{text}");
    assert!(text.contains("rules                 default                book\n"), "{text}");
    let answer = workspace.json(&["config"]);
    let setting = |name: &str| {
        let all = answer["settings"].as_array().expect("a list").iter();
        all.clone().find(|setting| setting["name"] == name).expect("a setting").clone()
    };
    assert_eq!(setting("workspace")["origin"], "nearest");
    assert_eq!(setting("search.ranking")["line"], 3);
    assert_eq!(setting("diagnosis.confidence")["value"], serde_json::Value::Null);
    let named = workspace.stdout(&["--workspace", ".", "--color", "never", "config"]);
    assert!(named.contains("--workspace") && named.contains("--color"), "{named}");
    let by_variable = workspace.casebook(&["config"]).env("CASEBOOK_WORKSPACE", ".").assert().success();
    by_variable.stdout(predicate::str::contains("CASEBOOK_WORKSPACE"));
}

#[test]
fn config_prints_the_weights_in_use_and_the_shipped_ones() {
    let workspace = Workspace::with_config("[search]\nranking = 'mine.toml'\n");
    let shipped = workspace.stdout(&["config", "ranking", "--shipped"]);
    assert!(shipped.contains("title_words = "), "{shipped}");
    workspace.write("mine.toml", "lead = 0.25\n");
    assert_eq!(workspace.stdout(&["config", "ranking"]), "lead = 0.25\n");
    assert!(workspace.stdout(&["config", "confidence"]).contains("intercept = "));
    workspace.write("mine.toml", shipped);
    workspace.stdout(&["search", "disk full"]);
}

#[test]
fn config_needs_no_workspace() {
    let workspace = Workspace::book();
    std::fs::remove_file(workspace.path("casebook.toml")).expect("it is there");
    let text = workspace.stdout(&["config"]);
    assert!(text.contains("(none: the store of this user)"), "{text}");
    assert!(text.contains(".local/share/casebook"), "{text}");
}
