//! Cases from the first log to what is learnt of them, through the binary.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use predicates::prelude::*;
use serde_json::{Value, json};

use crate::support::Workspace;

/// A workshop with two saws and rules for them.
fn workshop() -> Workspace {
    let workspace = Workspace::bare();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/case");
    for (from, to) in [
        ("saw.rules", "rules/saw.rules"),
        ("shop.log", "shop.log"),
        ("motor.log", "motor.log"),
        ("blade.log", "blade.log"),
    ] {
        workspace.write(to, fs::read(folder.join(from)).expect("a fixture"));
    }
    workspace.article("Q100100", "The saw stops", "The saw stops. The log has: belt 3 slips.");
    workspace
}

/// What happens in a workshop when these steps are taken: `$` before the arguments of a command and below it its standard
/// input; `$$` for one whose output is not shown; `$ cat`, `$ rm` and `$ mv` are what they are elsewhere.
fn transcript(steps: &str) -> String {
    let workspace = workshop();
    let mut shown = String::new();
    for step in steps.strip_prefix('$').expect("a step").split("\n$") {
        let (is_quiet, step) = step.strip_prefix('$').map_or((false, step), |quiet| (true, quiet));
        let (line, input) = step.split_once('\n').unwrap_or((step, ""));
        let args: Vec<&str> = line.split_whitespace().collect();
        let printed = run(&workspace, &args, input);
        if !is_quiet {
            shown.push_str(&format!("${line}\n{printed}\n"));
        }
    }
    without_now(&shown.replace(&format!("{}/", workspace.dir.path().display()), ""))
}

fn run(workspace: &Workspace, args: &[&str], input: &str) -> String {
    match args {
        ["cat", file] => fs::read_to_string(workspace.path(file)).expect("a file"),
        ["rm", file] => fs::remove_file(workspace.path(file)).map(|()| String::new()).expect("a file"),
        ["mv", from, to] => {
            fs::rename(workspace.path(from), workspace.path(to)).map(|()| String::new()).expect("a file")
        }
        args => {
            let input = if input.is_empty() { String::new() } else { format!("{input}\n") };
            let output = workspace.casebook(args).write_stdin(input).output().expect("the binary runs");
            let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
            let code = output.status.code().filter(|code| *code != 0);
            err + &out + &code.map(|code| format!("[exit {code}]\n")).unwrap_or_default()
        }
    }
}

/// `NOW` for every instant of this hour; those of logs stay.
fn without_now(text: &str) -> String {
    let instant = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").expect("a valid regex");
    let now = Timestamp::now();
    let shown = instant.replace_all(text, |found: &regex::Captures| {
        let at: Timestamp = found[0].parse().expect("an instant");
        if (now.as_second() - at.as_second()).abs() < 3600 { "NOW".to_owned() } else { found[0].to_owned() }
    });
    shown.into_owned()
}

/// Each `.steps` file under `tests/cases/case` leads to the `.out` file beside it; `UPDATE_EXPECT=1` writes these anew.
#[test]
fn transcripts_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/case");
    let entries = fs::read_dir(folder).expect("cases").map(|entry| entry.expect("an entry").path());
    let mut all: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "steps")).collect();
    all.sort();
    assert!(!all.is_empty());
    for path in all {
        let printed = transcript(fs::read_to_string(&path).expect("steps").trim_end());
        let expected = path.with_extension("out");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&expected, &printed).expect("the cases are writable");
        }
        assert_eq!(printed, fs::read_to_string(&expected).unwrap_or_default(), "{}", path.display());
    }
}

/// The JSON answer of a command of two words, held against the schema `name`.
fn json_of(workspace: &Workspace, name: &str, args: &[&str]) -> Value {
    let answer: Value = serde_json::from_str(&workspace.stdout(args)).expect("one JSON document");
    crate::schema::check(name, &answer);
    answer
}

#[test]
fn json_answers_keep_to_their_schemas() {
    let workspace = workshop();
    workspace.stdout(&["diagnose", "--case", "a.toml", "shop.log", "--answer", "saw_smells=yes"]);
    workspace.stdout(&["case", "close", "a.toml", "--fixed-by", "new_belt", "--note", "worn"]);
    let case = json_of(&workspace, "case", &["case", "show", "a.toml", "--format", "json"]);
    assert_eq!((&case["id"], &case["found"]["findings"][0]["count"]), (&json!("a"), &json!(3)));
    assert_eq!((&case["given"]["answers"], &case["closed"]["note"]), (&json!({ "saw_smells": "yes" }), &json!("worn")));
    let cases = json_of(&workspace, "cases", &["case", "list", "--format", "json"]);
    assert_eq!(cases["cases"], json!([case]));
    let learnt = json_of(&workspace, "learn", &["rule", "learn", ".", "--format", "json"]);
    assert_eq!((&learnt["cases"], &learnt["proposals"], &learnt["written"]), (&json!(1), &json!([]), &json!(false)));
}

#[test]
fn a_file_that_is_no_case_is_never_written_over() {
    let workspace = workshop();
    for (content, line) in [
        ("version = 9\n", "line 1: a case of version 9"),
        ("hello\n", "line 1: "),
        (
            "version = 1\nopened = 2026-01-01T00:00:00Z\nsize = 3\n[saved]\nat = 2026-01-01T00:00:00Z\nby = ''\n",
            "line 3: unknown field `size`",
        ),
        ("version = 1\nopened = 2026-01-01T00:00:00Z\n[given]\n", "line 3: the file ends before `[saved]`"),
    ] {
        workspace.write("a.toml", content);
        for args in [
            &["diagnose", "--case", "a.toml", "shop.log"][..],
            &["case", "show", "a.toml"],
            &["case", "note", "a.toml", "x"],
            &["case", "close", "a.toml", "--unresolved"],
            &["rule", "learn", "a.toml"],
        ] {
            workspace.casebook(args).assert().code(3).stderr(predicate::str::contains(line));
            assert_eq!(fs::read_to_string(workspace.path("a.toml")).expect("a file"), content);
        }
    }
}

#[test]
fn usage_mistakes_of_cases_exit_with_2() {
    let workspace = workshop();
    workspace.stdout(&["diagnose", "--case", "a.toml", "shop.log"]);
    let fails = |args: &[&str], said: &str| {
        workspace.casebook(args).assert().code(2).stderr(predicate::str::contains(said));
    };
    fails(&["diagnose", "--case", "b.toml"], "there is no log to read");
    fails(&["diagnose", "--case", "shop.log"], "expected a name that ends in `.toml`");
    fails(&["diagnose", "-i", "--format", "json", "shop.log"], "cannot be used with");
    fails(&["case", "close", "a.toml"], "--fixed-by");
    fails(&["case", "close", "a.toml", "--unresolved", "--fixed-by", "new_belt"], "cannot be used with");
    fails(&["case", "close", "a.toml", "--fixed-by", "new_bell"], "did you mean `new_belt`?");
    fails(&["case", "close", "a.toml", "--unresolved", "--cause", "belt_wron"], "did you mean `belt_worn`?");
    workspace
        .casebook(&["case", "show", "b.toml"])
        .assert()
        .code(3)
        .stderr(predicate::str::contains("there is no case"));
}

#[test]
fn bundled_rules_are_shown_and_not_written() {
    let workspace = Workspace::book();
    let log = "1999-03-01T10:00:00Z imc: 421 NSO mail.example Unable to contact destination SMTP daemon corp.example\n";
    workspace.write("a.log", log);
    for name in ["cases/1.toml", "cases/2.toml", "cases/3.toml"] {
        workspace.write("cases/casebook.toml", "");
        workspace.stdout(&["diagnose", "--case", name, "a.log", "--answer", "outbound_queue_grows=no"]);
        workspace.stdout(&[
            "case",
            "close",
            name,
            "--fixed-by",
            "disable_search_list",
            "--cause",
            "resolver_search_list",
        ]);
    }
    let report = workspace.stdout(&["rule", "learn", "cases", "--write"]);
    assert!(report.contains("# the following rules are bundled and cannot be changed"), "{report}");
    assert!(report.contains("-  shows outbound_queue_grows usually\n+  shows outbound_queue_grows 69%\n"), "{report}");
    assert!(!report.contains("# written"), "{report}");
    // Nothing was noted in the cases either: they count the next time.
    assert_eq!(workspace.stdout(&["rule", "learn", "cases"]), report);
}

/// The same cases in another order, and some twice, propose the same.
#[test]
fn the_order_of_case_files_changes_nothing() {
    let workspace = workshop();
    for (name, smells) in [("a.toml", "yes"), ("b.toml", "no"), ("c.toml", "no"), ("d.toml", "no")] {
        workspace.stdout(&["diagnose", "--case", name, "shop.log", "--answer", &format!("saw_smells={smells}")]);
        workspace.stdout(&["case", "close", name, "--fixed-by", "new_belt"]);
    }
    let learnt = |cases: &[&str]| workspace.stdout(&[&["rule", "learn"], cases].concat());
    let forth = learnt(&["a.toml", "b.toml", "c.toml", "d.toml"]);
    assert!(forth.contains("shown in 1 of 4 cases; 60 % → 50 %"), "{forth}");
    assert_eq!(learnt(&["d.toml", "b.toml", "./a.toml", "c.toml", "."]), forth);
}

/// A dialogue ends with its input, and without `-i` nothing is asked.
#[test]
fn nothing_is_asked_without_being_asked_to() {
    let workspace = workshop();
    let silent = workspace.stdout(&["diagnose", "shop.log"]);
    assert!(!silent.contains("> "), "{silent}");
    let ended = workspace.stdout(&["diagnose", "-i", "shop.log"]);
    let rest = ended.strip_prefix(&silent).expect("the report comes first");
    assert_eq!(rest.matches("> ").count(), 1, "{rest}");
}
