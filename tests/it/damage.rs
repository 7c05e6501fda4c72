//! Tests that a damaged store gives the right answer or says that it is damaged, and that a rebuild heals it. Also that the
//! first runs of several processes give one answer.
//!
//! Most damages are tried in this process, where 1,000 take seconds; `CASEBOOK_DAMAGES` sets another number. A few are tried with
//! the binary, a sixtieth of that number and at least 16.

use std::collections::BTreeMap;
use std::io::{Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use casebook::infer::{Confidence, Facts};
use casebook::ingest::{Inputs, Root, ingest};
use casebook::log::Input;
use casebook::matching::{self, ScanOptions};
use casebook::rule::{Program, load};
use casebook::store::{Index, SearchOptions, Store, StoreError, search};
use casebook::{pipeline, query};
use jiff::Timestamp;

use crate::support::{Workspace, document};

fn damages() -> usize {
    std::env::var("CASEBOOK_DAMAGES").map_or(1_000, |n| n.parse().expect("a number"))
}

/// A generator of pseudo-random numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit.max(1) as u64) as usize
    }
}

fn workspace() -> Workspace {
    let workspace = Workspace::bare();
    for n in 0..12 {
        let symptoms = format!("The spindle {n} of depot {} hums, and the belt reports error 0x8007{n:04}.", n % 5);
        workspace.article(&format!("Q{}", 100 + n), &format!("Spindle {n} hums"), &symptoms);
    }
    workspace.stdout(&["ingest"]);
    workspace
}

/// What a command answered: its exit code, its output without times, and its errors.
fn answer(workspace: &Workspace, args: &[&str]) -> (i32, String, String) {
    let output = workspace.casebook(args).output().expect("the binary runs");
    let times = regex::Regex::new(r"\d+(\.\d+)? ?m?s\b").expect("a valid regex");
    let text = |bytes: &[u8]| times.replace_all(&String::from_utf8_lossy(bytes), "").into_owned();
    (output.status.code().expect("it is not killed"), text(&output.stdout), text(&output.stderr))
}

const QUESTIONS: [&[&str]; 2] = [&["search", "spindle hums belt 0x80070003"], &["show", "Q104"]];

fn files_of_store(workspace: &Workspace) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(workspace.path(".casebook")).sort_by_file_name().into_iter();
    let files = walk.map(|entry| entry.expect("an entry")).filter(|entry| entry.file_type().is_file());
    // Locks are empty, and their names are all that counts.
    files.map(|entry| entry.into_path()).filter(|path| path.metadata().expect("a file").len() > 0).collect()
}

/// Damages one file, or two, and says how.
fn damage(files: &[PathBuf], dice: &mut Dice) -> String {
    let file = &files[dice.below(files.len())];
    let mut bytes = std::fs::read(file).expect("a readable file");
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    match dice.below(6) {
        0 => {
            std::fs::remove_file(file).expect("a file");
            format!("{name} removed")
        }
        1 => {
            let len = dice.below(bytes.len());
            std::fs::write(file, &bytes[..len]).expect("a writable file");
            format!("{name} cut to {len}")
        }
        2 => {
            let other = &files[dice.below(files.len())];
            let theirs = std::fs::read(other).expect("a readable file");
            std::fs::write(other, &bytes).expect("a writable file");
            std::fs::write(file, theirs).expect("a writable file");
            format!("{name} swapped with {}", other.display())
        }
        _ => {
            let (at, bit) = (dice.below(bytes.len()), dice.below(8));
            bytes[at] ^= 1 << bit;
            std::fs::write(file, bytes).expect("a writable file");
            format!("bit {bit} of byte {at} of {name}")
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::remove_dir_all(to).ok();
    for entry in walkdir::WalkDir::new(from).into_iter().map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.path().strip_prefix(from).expect("an entry below the folder"));
        match entry.file_type().is_dir() {
            true => std::fs::create_dir_all(target).expect("a new folder"),
            false => drop(std::fs::copy(entry.path(), target).expect("a readable file")),
        }
    }
}

#[test]
fn a_damaged_store_answers_rightly_or_says_so_and_a_rebuild_heals_it() {
    let workspace = workspace();
    let sound = QUESTIONS.map(|question| answer(&workspace, question));
    assert!(sound.iter().all(|(code, ..)| *code == 0), "{sound:?}");
    copy(&workspace.path(".casebook"), &workspace.path("sound"));
    let n = (damages() / 60).max(16);
    let mut dice = Dice(7);
    let mut detected = 0;
    for _ in 0..n {
        copy(&workspace.path("sound"), &workspace.path(".casebook"));
        let how = damage(&files_of_store(&workspace), &mut dice);
        let found = QUESTIONS.map(|question| answer(&workspace, question));
        let mut is_detected = false;
        for (found, sound) in found.iter().zip(&sound) {
            assert!(!found.2.contains("panicked"), "{how}: {found:?}");
            match found.0 {
                0 => assert_eq!(found.1, sound.1, "{how}: {}", found.2),
                code => assert_eq!((code, found.1.as_str()), (4, ""), "{how}: {}", found.2),
            }
            is_detected |= found.0 == 4;
        }
        if is_detected {
            detected += 1;
            let (code, _, errors) = answer(&workspace, &["ingest", "--rebuild"]);
            assert_eq!((code, errors.as_str()), (0, ""), "{how}");
            assert_eq!(QUESTIONS.map(|question| answer(&workspace, question)), sound, "{how}");
        }
    }
    assert!(detected > n / 3, "{detected} of {n} were detected");
}

/// The files of a store with their contents.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn contents(dir: &Path) -> Files {
    let walk = walkdir::WalkDir::new(dir).into_iter().map(|entry| entry.expect("an entry"));
    let files = walk.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path());
    files.map(|path| (path.clone(), std::fs::read(path).expect("a readable file"))).collect()
}

/// Makes the files of a store those of `sound` again.
fn restore(dir: &Path, sound: &Files) {
    for (path, now) in contents(dir) {
        match sound.get(&path) {
            Some(before) if *before == now => {}
            Some(before) => std::fs::write(path, before).expect("a writable file"),
            None => std::fs::remove_file(path).expect("a file"),
        }
    }
    for (path, bytes) in sound.iter().filter(|(path, _)| !path.exists()) {
        std::fs::write(path, bytes).expect("a writable file");
    }
}

fn ingest_all(workspace: &Workspace) {
    let mut store = Store::open_or_create(&workspace.path(".casebook")).expect("a store");
    let inputs = Inputs::new([Root::new(workspace.path("kb"))], false, 0);
    ingest(&mut store, &inputs, &|_| {}).expect("an ingest");
}

/// A workspace whose store has several segments, some with removed articles.
fn workspace_with_segments() -> Workspace {
    let workspace = Workspace::bare();
    for round in 0..3 {
        for n in 0..9 {
            let symptoms = format!("The spindle {n} of depot {round} hums, and the belt reports error 0x8007{n:04}.");
            workspace.article(&format!("Q{}", 100 + 10 * round + n), &format!("Spindle {n} hums"), &symptoms);
        }
        if round == 2 {
            std::fs::remove_file(workspace.path("kb/Q112.txt")).expect("an article");
        }
        ingest_all(&workspace);
    }
    workspace
}

/// Everything that the store at `path` answers.
fn answers(path: &Path, program: &Program) -> Result<String, StoreError> {
    let store = Store::open(path)?;
    let index: &Index = store.index();
    let found = search::find(index, &query::parse("spindle hums belt 0x80070003"), &SearchOptions::default())?;
    let shown = pipeline::show(index, "Q104", Some(5), true)?;
    let log = "2026-11-12 10:00:00 ERROR belt: the spindle 3 hums, error 0x80070003\n".repeat(3);
    let scan = matching::scan(
        program,
        vec![Input::bytes("belt.log", log)],
        &ScanOptions::at(Timestamp::constant(1_800_000_000, 0)),
    );
    let options = SearchOptions::default();
    let diagnosis = pipeline::diagnose(program, index, scan, &Facts::default(), &options, &Confidence::default())?;
    Ok(format!("{found:?}\n{shown:?}\n{diagnosis:?}"))
}

#[test]
fn no_damage_gives_a_wrong_answer_or_a_panic() {
    let workspace = workspace_with_segments();
    let path = workspace.path(".casebook");
    let (program, _) = load(&[], None);
    let expected = answers(&path, &program).expect("a sound store");
    let sound = contents(&path);
    // The scores of a store that is built anew differ, since removed articles count until their segment is merged.
    let rebuilt = || {
        Store::clear(&path).expect("a store to remove");
        ingest_all(&workspace);
        answers(&path, &program).expect("a rebuilt store")
    };
    let expected_when_rebuilt = rebuilt();
    restore(&path, &sound);
    let segments = sound.keys().filter(|path| path.extension().is_some_and(|ending| ending == "store")).count();
    assert!(segments >= 3, "{segments}");
    let names: Vec<PathBuf> =
        sound.iter().filter(|(_, bytes)| !bytes.is_empty()).map(|(name, _)| name.clone()).collect();
    let mut dice = Dice(11);
    let (mut detected, mut wrong) = (0, Vec::new());
    for round in 0..damages() {
        let how = damage(&names, &mut dice);
        match catch_unwind(AssertUnwindSafe(|| answers(&path, &program))) {
            Ok(Ok(answer)) if answer == expected => {}
            Ok(Ok(_)) => wrong.push(how),
            Err(_) => wrong.push(format!("a panic after {how}")),
            Ok(Err(_)) => {
                detected += 1;
                if round % 20 == 0 {
                    assert_eq!(rebuilt(), expected_when_rebuilt, "{how}");
                }
            }
        }
        restore(&path, &sound);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(detected > damages() / 3, "{detected} of {} were detected", damages());
}

/// The rot of a disk leaves no trace in the times of a file, and the files of a large store are not read whole.
#[test]
fn an_article_that_rots_while_the_store_is_open_is_not_shown() {
    let workspace = Workspace::bare();
    workspace.write("kb/Q100.txt", document("Q100", "Spindle hums", "Wait for 90 days, then oil the spindle."));
    ingest_all(&workspace);
    let path = workspace.path(".casebook");
    let is_store = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "store");
    let file = files_of_store(&workspace).into_iter().find(is_store).expect("a file of texts");
    let sound = std::fs::read(&file).expect("a readable file");
    let expected = Store::open(&path).expect("a store").index().get("Q100").expect("a store");
    let write = |at: usize, byte: u8| {
        let mut file = std::fs::File::options().write(true).open(&file).expect("a writable file");
        file.seek(SeekFrom::Start(at as u64)).expect("a place in the file");
        file.write_all(&[byte]).expect("a writable file");
    };
    let mut detected = 0;
    for (at, &byte) in sound.iter().enumerate() {
        let store = Store::open(&path).expect("a sound store");
        write(at, byte ^ 1 << (at % 8));
        match catch_unwind(AssertUnwindSafe(|| store.index().get("Q100"))) {
            Ok(Ok(found)) => assert_eq!(found, expected, "byte {at}"),
            // The command line makes an error of a panic of the index library.
            Ok(Err(StoreError::Damaged { .. })) | Err(_) => detected += 1,
            Ok(Err(error)) => panic!("byte {at}: {error}"),
        }
        drop(store);
        write(at, byte);
    }
    assert!(detected > sound.len() / 2, "{detected} of {} were detected", sound.len());
}

/// Even where nothing of it is shown.
#[test]
fn a_changed_bit_is_found_by_status_and_by_verify() {
    let workspace = workspace();
    let is_store = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "store");
    let file = files_of_store(&workspace).into_iter().find(is_store).expect("a file of texts");
    let mut bytes = std::fs::read(&file).expect("a readable file");
    bytes[20] ^= 8;
    std::fs::write(&file, bytes).expect("a writable file");
    for args in [&["status"][..], &["ingest", "--verify"]] {
        let (code, output, errors) = answer(&workspace, args);
        assert_eq!((code, output.as_str()), (4, ""), "{args:?}");
        assert!(errors.contains("is damaged") && errors.contains("casebook ingest --rebuild"), "{errors}");
    }
}

#[test]
fn first_runs_in_parallel_give_one_answer() {
    let workspace = Workspace::bare();
    for n in 0..40 {
        workspace.article(&format!("Q{}", 100 + n), &format!("Spindle {n} hums"), &format!("The spindle {n} hums."));
    }
    let run = || answer(&workspace, &["search", "spindle 7 hums"]);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
        runs.into_iter().map(|run| run.join().expect("no panic")).collect()
    });
    assert!(answers[0].1.contains("Spindle 7 hums"), "{:?}", answers[0]);
    for found in &answers {
        assert_eq!((found.0, &found.1), (0, &answers[0].1), "{}", found.2);
    }
}
