//! Tests of `ingest` and `watch` on a network file system in trouble: short and interrupted reads, errors, handles that become stale,
//! and names that are seen late.
//!
//! A library that is loaded before the C library makes the faults; it is compiled by the test. Without a C compiler the tests are
//! skipped with a message.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::Workspace;

static FAULTS: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/network_faults/faults.c");
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{}.so", std::process::id()));
    let built = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).status();
    if !built.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no C compiler");
        return None;
    }
    Some(library)
});

/// A workspace whose files have faults.
struct World {
    workspace: Workspace,
    library: &'static Path,
}

impl World {
    fn new() -> Option<World> {
        let library = FAULTS.as_deref()?;
        let workspace = Workspace::bare();
        workspace.write("rules/pump.rules", "symptom leaks \"Pump {n} leaks\" { match \"pump {n:int} leaks\" }\n");
        Some(World { workspace, library })
    }

    /// From now on, files with `part` in their path have the fault `kind`.
    fn set(&self, kind: &str, number: u32, part: &str) {
        // Replaced at once, so that nobody reads half of it.
        self.workspace.write("control.new", format!("{kind} {number} {part}\n"));
        std::fs::rename(self.workspace.path("control.new"), self.workspace.path("control")).expect("a rename");
    }

    fn process(&self, args: &[&str]) -> Command {
        let mut command = self.workspace.process(args);
        command.env("LD_PRELOAD", self.library).env("FAULTS_CONTROL", self.workspace.path("control"));
        let below = self.workspace.dir.path().canonicalize().expect("a folder");
        command.env("FAULTS_BELOW", below);
        command
    }

    fn json(&self, code: i32, args: &[&str]) -> Value {
        let output = self.process(&[args, &["--format", "json"]].concat()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

/// The ids of all articles.
fn ids(world: &World) -> Vec<String> {
    let found = world.workspace.json(&["search", "hums"]);
    let mut ids: Vec<_> = found["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .map(|hit| hit["id"].as_str().expect("an id").to_owned())
        .collect();
    ids.sort();
    ids
}

#[test]
fn short_and_interrupted_reads_do_not_matter() {
    let Some(world) = World::new() else { return };
    for n in 0..3 {
        world.workspace.article(&format!("Q10{n}"), "Fan", &format!("It hums {n}."));
    }
    world.workspace.write("app.log", "pump 1 leaks\npump 2 leaks\n".repeat(20));
    let expected = world.workspace.json(&["diagnose", "app.log"])["findings"].clone();
    for kind in ["short", "again"] {
        world.set(kind, 0, "Q10");
        let report = world.json(0, &["ingest", "--verify"]);
        assert_eq!((&report["articles"], &report["changed"]), (&json!(3), &json!(0)), "{kind}");
        world.set(kind, 0, "app.log");
        assert_eq!(world.json(0, &["diagnose", "app.log"])["findings"], expected, "{kind}");
        let watched = world.process(&["watch", "--from-start", "--once", "--format", "json", "app.log"]).output();
        let watched = String::from_utf8(watched.expect("it runs").stdout).expect("UTF-8");
        let last: Value = serde_json::from_str(watched.lines().last().expect("a summary")).expect("JSON");
        let counts = |findings: &Value| -> Vec<Value> {
            findings.as_array().expect("findings").iter().map(|finding| finding["count"].clone()).collect()
        };
        assert_eq!(counts(&last["diagnosis"]["findings"]), counts(&expected), "{kind}");
    }
}

#[test]
fn an_ingest_keeps_what_it_cannot_read_for_now() {
    let Some(world) = World::new() else { return };
    for n in 0..3 {
        world.workspace.article(&format!("Q10{n}"), "Fan", "It hums.");
    }
    world.workspace.json(&["ingest"]);
    let all = ["Q100", "Q101", "Q102"];
    for kind in ["broken", "gone", "unseen"] {
        world.set(kind, 0, "Q101");
        let report = world.json(0, &["ingest", "--verify"]);
        assert_eq!((&report["articles"], &report["removed"]), (&json!(3), &json!(0)), "{kind}: {report}");
        assert_eq!(ids(&world), all, "{kind}");
        world.set("none", 0, "x");
        let report = world.json(0, &["ingest", "--verify", "--strict"]);
        assert_eq!(report["articles"], 3, "{kind}");
        assert_eq!(report["unreadable"].as_array().map(Vec::len).unwrap_or(0), 0, "{kind}: {report}");
    }
}

#[test]
fn an_article_does_not_change_because_a_file_that_it_includes_cannot_be_read() {
    let Some(world) = World::new() else { return };
    world.workspace.write("kb/a.adoc", "= Belt\n\n== Symptoms\n\nIt hums.\n\ninclude::parts/oil.adoc[]\n");
    world.workspace.write("kb/parts/oil.adoc", "The oil is black.\n");
    world.workspace.json(&["ingest"]);
    let before = world.workspace.json(&["show", "kb/a"]);
    assert!(before.to_string().contains("The oil is black"), "{before}");
    world.set("broken", 0, "oil.adoc");
    let report = world.json(0, &["ingest", "--verify"]);
    assert_eq!(report["changed"], 0, "{report}");
    assert!(report.to_string().contains("cannot read a file that it includes"), "{report}");
    assert_eq!(world.workspace.json(&["show", "kb/a"]), before);
}

struct Watched {
    world: World,
    child: Child,
}

impl Watched {
    /// Watches the log `app.log`, which consists of `first`, in which pump 1 leaks. Returns when that was found.
    fn of(world: World, first: &str) -> Watched {
        world.set("none", 0, "x");
        append(&world, "app.log", first);
        let watched = Watched::new(world, "app.log");
        watched.wait_for(1);
        watched
    }

    fn new(world: World, path: &str) -> Watched {
        let file = |name: &str| std::fs::File::create(world.workspace.path(name)).expect("a new file");
        let args = [
            "watch",
            "--from-start",
            "--poll",
            "20ms",
            "--every",
            "20ms",
            "--state",
            "watch.json",
            "--format",
            "json",
            path,
        ];
        let child =
            world.process(&args).stdout(file("found.json")).stderr(file("warnings")).spawn().expect("it starts");
        Watched { world, child }
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.world.workspace.path(name)).unwrap_or_default()
    }

    /// Waits until the watch has found the leak of the pump `n`.
    fn wait_for(&self, n: u32) {
        let begin = Instant::now();
        while !self.text("found.json").contains(&format!(r#""n":{n}}}"#)) {
            assert!(begin.elapsed() < Duration::from_secs(15), "pump {n} is not found: {}", self.text("warnings"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends the watch, and returns how often each pump leaks.
    fn end(&mut self) -> Vec<(String, u64)> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("the signal is sent");
        assert!(self.child.wait().expect("an end").success());
        let found = self.text("found.json");
        let summary: Value = serde_json::from_str(found.lines().last().expect("a line")).expect("JSON");
        let findings = summary["diagnosis"]["findings"].as_array().expect("findings").iter();
        let of = |finding: &Value| (finding["captures"]["n"].to_string(), finding["count"].as_u64().expect("a count"));
        let mut counts: Vec<_> = findings.map(of).collect();
        counts.sort();
        counts
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // It has ended unless the test failed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn counts(expected: &[(u32, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(pump, count)| (pump.to_string(), *count)).collect()
}

fn append(world: &World, name: &str, text: &str) {
    use std::io::Write;
    let mut file =
        std::fs::OpenOptions::new().append(true).create(true).open(world.workspace.path(name)).expect("a log");
    file.write_all(text.as_bytes()).expect("a writable log");
}

#[test]
fn a_watch_goes_on_where_it_was_if_a_handle_becomes_stale() {
    let Some(world) = World::new() else { return };
    let mut watched = Watched::of(world, "pump 1 leaks\npump 1 leaks\n");
    watched.world.set("stale", 1, "app.log");
    append(&watched.world, "app.log", "pump 1 leaks\npump 2 leaks\n");
    watched.wait_for(2);
    assert_eq!(watched.end(), counts(&[(1, 3), (2, 1)]), "{}", watched.text("warnings"));
}

#[test]
fn a_watch_finds_a_log_again_that_was_rotated_when_its_handle_became_stale() {
    let Some(world) = World::new() else { return };
    let first = "pump 1 leaks, and this is the first of all the lines that the log has\npump 1 leaks\n";
    let mut watched = Watched::of(world, first);
    watched.world.set("stale", 1, "app.log");
    append(&watched.world, "app.log", "pump 2 leaks\n");
    std::fs::rename(watched.world.workspace.path("app.log"), watched.world.workspace.path("app.log.1"))
        .expect("a rename");
    append(&watched.world, "app.log", "pump 3 leaks\n");
    watched.wait_for(3);
    assert_eq!(watched.end(), counts(&[(1, 2), (2, 1), (3, 1)]), "{}", watched.text("warnings"));
}

#[test]
fn a_watch_says_once_that_a_log_is_lost_and_follows_the_next_one() {
    let Some(world) = World::new() else { return };
    let mut watched = Watched::of(world, "pump 1 leaks\n");
    // Another computer removes the log and writes a new one.
    std::fs::remove_file(watched.world.workspace.path("app.log")).expect("a removal");
    watched.world.set("stale", 1, "app.log");
    std::thread::sleep(Duration::from_millis(200));
    append(&watched.world, "app.log", "pump 2 leaks\n");
    watched.wait_for(2);
    assert_eq!(watched.end(), counts(&[(1, 1), (2, 1)]));
    let warnings = watched.text("warnings");
    assert_eq!(warnings.matches("is lost").count(), 1, "{warnings}");
}

#[test]
fn a_watch_waits_until_a_log_can_be_read_again_and_says_so_once() {
    let Some(world) = World::new() else { return };
    let mut watched = Watched::of(world, "pump 1 leaks\n");
    watched.world.set("broken", 0, "app.log");
    append(&watched.world, "app.log", "pump 1 leaks\npump 2 leaks\n");
    std::thread::sleep(Duration::from_millis(300));
    watched.world.set("none", 0, "x");
    watched.wait_for(2);
    assert_eq!(watched.end(), counts(&[(1, 2), (2, 1)]));
    let warnings = watched.text("warnings");
    assert_eq!(warnings.matches("cannot follow").count(), 1, "{warnings}");
}

#[test]
fn a_watch_waits_for_a_name_that_is_seen_late() {
    let Some(world) = World::new() else { return };
    let mut watched = Watched::of(world, "pump 1 leaks\n");
    watched.world.set("unseen", 0, "app.log");
    append(&watched.world, "app.log", "pump 1 leaks\n");
    std::fs::rename(watched.world.workspace.path("app.log"), watched.world.workspace.path("app.log.1"))
        .expect("a rename");
    append(&watched.world, "app.log", "pump 2 leaks\n");
    std::thread::sleep(Duration::from_millis(300));
    watched.world.set("none", 0, "x");
    watched.wait_for(2);
    assert_eq!(watched.end(), counts(&[(1, 2), (2, 1)]), "{}", watched.text("warnings"));
}
