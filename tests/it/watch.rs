//! Tests of `casebook watch` with a writer that is a process of its own, rotates its log, and is killed like the watch.
//!
//! The writer prints 50,000 lines; `CASEBOOK_WATCH_LINES` sets another number.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::Workspace;

const RULES: &str = "symptom batch_leaks \"Batch {n} leaks\" { match \"batch {n:int} leaks\" }\n";

/// The number of times that the log is rotated.
const ROTATIONS: usize = 10;

/// The speed of the writer.
const LINES_PER_MS: usize = 40;

/// The variable that makes this test binary a writer: the way to rotate, the last line written before, the number of lines.
const WRITER: &str = "CASEBOOK_TEST_WRITER";

/// Writes a log in the current folder when it is started by [`writer`]; else does nothing.
///
/// It does not write while it copies: what another process writes between the copy and the truncation would be lost to
/// everybody.
#[test]
fn writer_process() {
    let Ok(job) = std::env::var(WRITER) else { return };
    let [rotation, last, n_lines] = job.split(' ').collect::<Vec<_>>()[..] else { panic!("{job}") };
    let [last, n_lines]: [usize; 2] = [last, n_lines].map(|n| n.parse().expect("a number"));
    let mut log = open_log();
    for line in last..n_lines {
        if line > last && line.is_multiple_of(batch_size(n_lines)) {
            log = rotate(rotation, log);
        }
        let text =
            format!("2026-11-12T10:00:00Z pump[7]: batch {} leaks, drop {}\n", line / batch_size(n_lines), line + 1);
        log.write_all(text.as_bytes()).expect("a writable log");
        if line.is_multiple_of(LINES_PER_MS) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn open_log() -> File {
    OpenOptions::new().create(true).append(true).open("app.log").expect("a writable folder")
}

fn rotate(rotation: &str, log: File) -> File {
    for n in (1..100).rev().filter(|n| Path::new(&format!("app.log.{n}")).exists()) {
        std::fs::rename(format!("app.log.{n}"), format!("app.log.{}", n + 1)).expect("a rename");
    }
    if rotation == "rename" {
        std::fs::rename("app.log", "app.log.1").expect("a rename");
        return open_log();
    }
    std::fs::copy("app.log", "app.log.1").expect("a copy");
    log.set_len(0).expect("a truncation");
    log
}

/// The number of lines between two rotations.
fn batch_size(n_lines: usize) -> usize {
    n_lines / (ROTATIONS + 1) + 1
}

fn n_lines() -> usize {
    std::env::var("CASEBOOK_WATCH_LINES").ok().and_then(|text| text.parse().ok()).unwrap_or(50_000)
}

/// A log, its writer and its watch.
struct World {
    workspace: Workspace,
    rotation: &'static str,
    writer: Child,
    watch: Child,
}

impl World {
    fn new(rotation: &'static str) -> Self {
        let workspace = Workspace::bare();
        workspace.write("rules/pump.rules", RULES);
        let watch = watch(&workspace);
        // What is in the log before the watch looks at it for the first time is not new.
        while !workspace.path("watch.json").exists() {
            std::thread::sleep(Duration::from_millis(10));
        }
        let writer = writer(&workspace, rotation);
        World { workspace, rotation, writer, watch }
    }

    fn kill_watch(&mut self) {
        kill(&mut self.watch);
        self.watch = watch(&self.workspace);
    }

    fn kill_writer(&mut self) {
        kill(&mut self.writer);
        self.writer = writer(&self.workspace, self.rotation);
    }

    /// Whether the state contains all of the log. The older files are read before it.
    fn has_read_all(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        let Ok(state) = std::fs::read(self.workspace.path("watch.json")) else { return false };
        let state: Value = serde_json::from_slice(&state).expect("a whole state");
        let log = std::fs::metadata(self.workspace.path("app.log")).expect("the log");
        let files = state["files"]["files"].as_array().expect("files");
        let is_whole =
            |file: &Value| file["role"] == "current" && file["key"]["inode"] == log.ino() && file["read"] == log.len();
        files.iter().any(is_whole)
    }

    /// Ends the watch as a user does, and returns the counts of the diagnosis that it prints last.
    fn end(mut self) -> BTreeMap<String, u64> {
        Command::new("kill").args(["-TERM", &self.watch.id().to_string()]).status().expect("the signal is sent");
        assert!(self.watch.wait().expect("an end").success());
        let lines = std::fs::read_to_string(self.workspace.path("found.json")).expect("what it printed");
        let summary: Value = serde_json::from_str(lines.lines().last().expect("a line")).expect("JSON");
        assert_eq!(summary["event"], "summary");
        for batch in expected().keys() {
            assert!(lines.contains(&format!(r#""captures":{{"n":{batch}}}"#)), "batch {batch} was not printed");
        }
        let findings = summary["diagnosis"]["findings"].as_array().expect("findings").iter();
        let of = |finding: &Value| {
            let capture = finding["captures"]["n"].to_string().replace('"', "");
            (capture, finding["count"].as_u64().expect("a count"))
        };
        findings.map(of).collect()
    }
}

fn kill(child: &mut Child) {
    child.kill().expect("a kill");
    child.wait().expect("an end");
}

fn watch(workspace: &Workspace) -> Child {
    let mut command = workspace.process(&["watch", "app.log", "--state", "watch.json", "--poll", "20ms"]);
    command.args(["--every", "100ms", "--format", "json"]);
    let found = std::fs::OpenOptions::new().create(true).append(true).open(workspace.path("found.json"));
    command.stdout(found.expect("a writable folder")).stderr(Stdio::null()).spawn().expect("the binary starts")
}

/// Starts a writer that goes on after the last line of the one before.
fn writer(workspace: &Workspace, rotation: &str) -> Child {
    let lines = n_lines();
    let files = std::fs::read_dir(workspace.dir.path()).expect("a folder").map(|entry| entry.expect("an entry").path());
    let logs = files.filter(|path| path.to_string_lossy().contains("app.log"));
    let last = |text: String| text.lines().last().and_then(|line| line.rsplit_once(' ')?.1.parse::<usize>().ok());
    let last = logs.filter_map(|path| last(std::fs::read_to_string(path).ok()?)).max().unwrap_or(0);
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command.args(["--exact", "watch::writer_process"]).env(WRITER, format!("{rotation} {last} {lines}"));
    command.current_dir(workspace.dir.path()).stdout(Stdio::null()).spawn().expect("this binary starts")
}

/// The number of lines of each batch.
fn expected() -> BTreeMap<String, u64> {
    let size = batch_size(n_lines());
    let mut counts = BTreeMap::new();
    (0..n_lines()).for_each(|line| *counts.entry((line / size).to_string()).or_default() += 1);
    counts
}

/// Kills the writer and the watch again and again, and checks that each line was counted once.
#[track_caller]
fn check(rotation: &'static str) {
    let mut world = World::new(rotation);
    let begin = Instant::now();
    let mut round = 0_u64;
    while world.writer.try_wait().expect("a child").is_none() {
        round += 1;
        std::thread::sleep(Duration::from_millis(90 + round * 37 % 110));
        if round % 2 == 1 && world.writer.try_wait().expect("a child").is_none() {
            world.kill_writer();
        }
        world.kill_watch();
        std::thread::sleep(Duration::from_millis(250));
    }
    let patience = Duration::from_secs(20) + begin.elapsed();
    while !world.has_read_all() {
        assert!(begin.elapsed() < patience, "the watch does not come to the end of the log");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(round > 1, "nothing was killed");
    assert_eq!(world.end(), expected());
}

#[test]
fn a_log_that_is_renamed_loses_and_doubles_no_line() {
    check("rename");
}

#[test]
fn a_log_that_is_copied_and_truncated_loses_and_doubles_no_line() {
    check("copytruncate");
}

/// The arguments of a watch that reads what is new and ends.
const ONCE: [&str; 7] = ["watch", "app.log", "--once", "--from-start", "--state", "watch.json", "--format=json"];

/// A workspace with a log that grows line by line.
struct Growing {
    workspace: Workspace,
    lines: usize,
}

impl Growing {
    fn new() -> Self {
        let workspace = Workspace::bare();
        workspace.write("rules/pump.rules", RULES);
        Growing { workspace, lines: 0 }
    }

    fn append(&mut self, lines: usize) {
        let mut log = OpenOptions::new().create(true).append(true).open(self.workspace.path("app.log")).expect("a log");
        for _ in 0..lines {
            self.lines += 1;
            writeln!(log, "2026-11-12T10:00:00Z pump[7]: batch 1 leaks, drop {}", self.lines).expect("a writable log");
        }
    }

    /// The number of lines that a watch has counted in all its runs, this one included.
    fn counted(&self) -> u64 {
        let printed = self.workspace.stdout(&ONCE);
        let summary: Value = serde_json::from_str(printed.lines().last().expect("a line")).expect("JSON");
        summary["diagnosis"]["findings"][0]["count"].as_u64().expect("a count")
    }

    /// Appends a line, so that the watch has something to tell, and checks that it has counted all lines.
    #[track_caller]
    fn check(&mut self, after: &str) {
        self.append(1);
        assert_eq!(self.counted(), self.lines as u64, "{after}");
    }
}

/// `CASEBOOK_FAULTS` sets the number of writes that fail.
#[test]
fn a_watch_that_cannot_write_its_state_loses_and_doubles_no_line() {
    let faults = std::env::var("CASEBOOK_FAULTS").map_or(4, |n| n.parse().expect("a number"));
    let mut log = Growing::new();
    log.append(3);
    log.check("the first run");
    for round in 0..faults {
        log.append(1 + round % 5);
        if round % 7 == 3 {
            let rotated = log.workspace.path(&format!("app.log.{round}"));
            std::fs::rename(log.workspace.path("app.log"), rotated).expect("a rename");
            log.append(2);
        }
        let blocks = round as u64 % 4;
        let output = log.workspace.limited(blocks, &ONCE).output().expect("a shell");
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 4)), "{code:?}: {}", String::from_utf8_lossy(&output.stderr));
        log.check(&format!("writes of more than {blocks} blocks failed, round {round}"));
    }
}

/// What was counted in a rotated log stays counted when the next rotation removes it.
#[test]
fn a_rotated_log_that_is_removed_was_counted() {
    let mut log = Growing::new();
    log.append(5);
    log.check("the first run");
    let rotated = log.workspace.path("app.log.1");
    std::fs::rename(log.workspace.path("app.log"), &rotated).expect("a rename");
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(60);
    File::options().append(true).open(&rotated).expect("a log").set_modified(long_ago).expect("its own file");
    log.check("the rotation");
    log.check("a later run");
    std::fs::remove_file(&rotated).expect("a log");
    log.check("the removal");
}

/// A file that is gone for a while and comes back as another file of the same content, as after a stale handle or a new mount.
#[test]
fn a_log_that_comes_back_as_another_file_is_not_read_again() {
    let mut log = Growing::new();
    log.append(500);
    log.check("the first run");
    for round in 0..3 {
        let (path, away) = (log.workspace.path("app.log"), log.workspace.path("away"));
        std::fs::copy(&path, &away).expect("a copy");
        std::fs::remove_file(&path).expect("a log");
        assert!(log.workspace.process(&ONCE).output().expect("the binary runs").status.success());
        std::fs::rename(&away, &path).expect("a rename");
        log.append(10);
        log.check(&format!("round {round}"));
    }
}

/// A rename that takes time: for a while both names exist, or neither.
#[test]
fn a_slow_rename_loses_and_doubles_no_line() {
    let mut log = Growing::new();
    log.append(500);
    log.check("the first run");
    let (path, older) = (log.workspace.path("app.log"), log.workspace.path("app.log.1"));
    std::fs::hard_link(&path, &older).expect("a second name");
    log.append(5);
    log.check("both names");
    log.append(5);
    std::fs::remove_file(&path).expect("a log");
    assert!(log.workspace.process(&ONCE).output().expect("the binary runs").status.success());
    log.append(5);
    log.check("a new log");
}
