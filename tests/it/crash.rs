//! Tests that an ingest that is killed at any instant, or cannot write at some byte, leaves the store in the state
//! before it or the state after it.
//!
//! Each kind of test kills twice by default; `CASEBOOK_KILLS` sets another number. `CASEBOOK_FAULTS` does the same for writes that
//! fail.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use casebook::store::{FileOutcome, Store, StoreError};

use crate::support::{Workspace, document};

/// Number of articles in the generated KB: enough for several segments and merges, few enough for a debug build.
const ARTICLES: usize = 150;

/// The state of a store: titles by article id.
type State = BTreeMap<String, String>;

fn kills() -> usize {
    number("CASEBOOK_KILLS")
}

fn number(variable: &str) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(2)
}

/// A generator of pseudo-random numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}

/// Writes one version of the KB, and returns the state of a store that holds it. Between versions, articles are added,
/// changed and removed.
fn write_version(workspace: &Workspace, version: usize) -> State {
    let kb = workspace.path("kb");
    std::fs::remove_dir_all(&kb).expect("the old version goes");
    let mut state = State::new();
    for n in 0..ARTICLES {
        if (n + version).is_multiple_of(7) {
            continue;
        }
        let title = format!("Article {n} as of version {}", if n % 3 == 0 { version } else { 0 });
        let filler: String = (0..60).map(|w| format!("w{}x{w} ", (n * 31 + w) % 977)).collect();
        workspace
            .write(&format!("kb/{n}.txt"), document(&format!("Q{}", 1000 + n), &title, &format!("It hums. {filler}")));
        state.insert(format!("Q{}", 1000 + n), title);
    }
    state
}

/// The state of the store; reads each article. Empty if nothing was ever committed.
fn state_of(workspace: &Workspace) -> State {
    let store = match Store::open(&workspace.path(".casebook")) {
        Ok(store) => store,
        Err(StoreError::Missing { .. }) => return State::new(),
        Err(error) => panic!("the store does not open: {error}"),
    };
    let mut state = State::new();
    for entry in store.index().manifest().expect("a manifest").iter() {
        let FileOutcome::Article { name, .. } = entry.outcome else { panic!("{entry:?} is no article") };
        let stored = store.index().get(&name.id).expect("a look-up").expect("an article of the manifest is held");
        state.insert(name.id.into_owned(), stored.article.title);
    }
    assert_eq!(store.head().articles, state.len() as u64);
    state
}

fn start(workspace: &Workspace, args: &[&str]) -> Child {
    let mut command = workspace.process(args);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts")
}

/// The time that an ingest takes if it is not killed.
fn time_of_ingest(workspace: &Workspace) -> Duration {
    let start = Instant::now();
    workspace.json(&["ingest"]);
    start.elapsed()
}

/// Kills an ingest of `version` at a random instant, and checks that the store is in the state before it or after it.
/// Then checks that a further ingest completes it, and returns the state after it.
fn kill_once(workspace: &Workspace, before: &State, version: usize, dice: &mut Dice, whole: Duration) -> State {
    let after = write_version(workspace, version);
    let mut child = start(workspace, &["ingest"]);
    let instant = Duration::from_micros(dice.below(whole.as_micros() as u64 * 11 / 10));
    std::thread::sleep(instant);
    child.kill().expect("a kill");
    child.wait().expect("an end");
    let left = state_of(workspace);
    assert!(
        left == *before || left == after,
        "killed after {instant:?}, neither the old state nor the new one is left"
    );
    workspace.json(&["ingest"]);
    assert_eq!(state_of(workspace), after, "a further ingest completes what was killed after {instant:?}");
    after
}

#[test]
fn a_first_ingest_that_is_killed_leaves_nothing_or_all() {
    let mut dice = Dice(1);
    let workspace = Workspace::bare();
    write_version(&workspace, 1);
    let whole = time_of_ingest(&workspace);
    for _ in 0..kills() {
        std::fs::remove_dir_all(workspace.path(".casebook")).expect("a store to remove");
        kill_once(&workspace, &State::new(), 1, &mut dice, whole);
    }
}

#[test]
fn an_ingest_of_changes_that_is_killed_leaves_the_old_state_or_the_new_one() {
    let mut dice = Dice(2);
    let workspace = Workspace::bare();
    let mut before = write_version(&workspace, 1);
    let whole = time_of_ingest(&workspace);
    for version in 2..2 + kills() {
        before = kill_once(&workspace, &before, version, &mut dice, whole);
    }
}

#[test]
#[cfg(unix)]
fn an_ingest_that_cannot_write_leaves_the_old_state_or_the_new_one() {
    let mut dice = Dice(3);
    let workspace = Workspace::bare();
    let mut before = write_version(&workspace, 1);
    workspace.json(&["ingest"]);
    let largest = largest_file(&workspace.path(".casebook/index"));
    for version in 2..2 + number("CASEBOOK_FAULTS") {
        let after = write_version(&workspace, version);
        let blocks = dice.below(largest / 512 + 2);
        let output = workspace.limited(blocks, &["ingest"]).output().expect("a shell");
        let left = state_of(&workspace);
        match output.status.code() {
            Some(0) => assert_eq!(left, after),
            Some(4) => assert!(left == before || left == after, "writes of more than {blocks} blocks failed"),
            code => panic!("exit code {code:?}: {}", String::from_utf8_lossy(&output.stderr)),
        }
        workspace.json(&["ingest"]);
        assert_eq!(state_of(&workspace), after);
        before = after;
    }
}

#[test]
fn a_watch_that_is_killed_leaves_the_old_state_or_the_new_one() {
    let mut dice = Dice(4);
    let workspace = Workspace::bare();
    let mut before = write_version(&workspace, 1);
    workspace.json(&["ingest"]);
    for round in 0..kills() {
        let mut child = start(&workspace, &["ingest", "--watch", "--format", "json"]);
        let mut answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        answers.next().expect("an answer").expect("a readable one");
        let (id, title) = ("Q5000".to_owned(), format!("Round {round}"));
        workspace.write("new.txt", document(&id, &title, "It rattles."));
        std::fs::rename(workspace.path("new.txt"), workspace.path("kb/new.txt")).expect("a move into place");
        let mut after = before.clone();
        after.insert(id, title);
        std::thread::sleep(Duration::from_millis(150 + dice.below(600)));
        child.kill().expect("a kill");
        child.wait().expect("an end");
        let left = state_of(&workspace);
        assert!(left == before || left == after, "neither the old state nor the new one is left");
        workspace.json(&["ingest"]);
        assert_eq!(state_of(&workspace), after);
        before = after;
    }
}

#[test]
fn a_watch_takes_over_what_is_added_changed_and_removed() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    let mut child = start(&workspace, &["ingest", "--watch", "--format", "json"]);
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut next = || -> serde_json::Value {
        serde_json::from_str(&answers.next().expect("an answer").expect("a readable one")).expect("JSON")
    };
    assert_eq!(next()["added"], 1);
    workspace.article("Q200", "Two", "It rattles.");
    assert_eq!(next()["added"], 1);
    workspace.article("Q100", "One", "It hums loudly.");
    assert_eq!(next()["changed"], 1);
    std::fs::remove_file(workspace.path("kb/Q200.txt")).expect("a removal");
    assert_eq!(next()["removed"], 1);
    child.kill().expect("a kill");
    child.wait().expect("an end");
}

fn largest_file(dir: &Path) -> u64 {
    let sizes =
        std::fs::read_dir(dir).expect("the index").map(|entry| entry.and_then(|e| e.metadata()).expect("a file").len());
    sizes.max().expect("a file")
}
