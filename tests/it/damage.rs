//! Tests that a damaged store gives the right answer or says that it is damaged, and that a rebuild heals it. Also that the
//! first runs of several processes give one answer.
//!
//! `CASEBOOK_DAMAGES` sets the number of damages that are tried.

use std::path::{Path, PathBuf};

use crate::support::Workspace;

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
    let n: usize = std::env::var("CASEBOOK_DAMAGES").map_or(16, |n| n.parse().expect("a number"));
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
