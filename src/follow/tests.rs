//! Writers that rotate in every way, compared with what was written.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Event, FileId, Follower, Polled, SavedFiles, StartAt};
use crate::log::Input;

/// A folder with the log `app.log`, its writer and its follower.
struct World {
    folder: tempfile::TempDir,
    follower: Follower,
    root: Input,
    now: Instant,
    clock: SystemTime,
    writer: Option<File>,
    written: Vec<u8>,
    /// The bytes that were returned, in this order.
    returned: Vec<(FileId, Vec<u8>)>,
    /// How much of `returned` cannot be returned again: it is from earlier followers, or nowhere any more.
    n_earlier: usize,
    opened: Vec<(String, u64)>,
    closed: Vec<FileId>,
    problems: Vec<String>,
    n_lines: usize,
}

impl World {
    fn new(of_folder: bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = if of_folder { folder.path().to_owned() } else { folder.path().join("app.log") };
        let root = Input::named("app", root);
        let follower = Follower::new(vec![root.clone()], StartAt::End, SavedFiles::default());
        let (written, returned, opened, closed, problems) = Default::default();
        let now = Instant::now();
        World {
            folder,
            follower,
            root,
            now,
            clock: SystemTime::now(),
            writer: None,
            written,
            returned,
            n_earlier: 0,
            opened,
            closed,
            problems,
            n_lines: 0,
        }
    }

    /// A world whose writer has begun and whose follower has seen the empty log.
    fn begun(of_folder: bool) -> Self {
        let mut world = World::new(of_folder);
        world.create();
        world.poll();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn create(&mut self) {
        let file = OpenOptions::new().create(true).append(true).open(self.path("app.log"));
        self.writer = Some(file.expect("a writable folder"));
        self.touch();
    }

    fn write(&mut self, text: &str) {
        self.writer.as_mut().expect("a writer").write_all(text.as_bytes()).expect("a writable file");
        self.touch();
        self.written.extend_from_slice(text.as_bytes());
    }

    fn write_lines(&mut self, n: usize) {
        for _ in 0..n {
            self.n_lines += 1;
            self.write(&format!("{} something happened\n", self.n_lines));
        }
    }

    fn shift(&self) {
        for n in (1..20).rev() {
            let old = self.path(&format!("app.log.{n}"));
            if old.exists() {
                fs::rename(old, self.path(&format!("app.log.{}", n + 1))).expect("a rename");
            }
        }
    }

    fn rename(&mut self) {
        self.shift();
        fs::rename(self.path("app.log"), self.path("app.log.1")).expect("a rename");
        self.create();
    }

    fn copy_and_truncate(&mut self) {
        self.shift();
        self.copy();
        self.truncate();
    }

    fn copy(&mut self) {
        fs::copy(self.path("app.log"), self.path("app.log.1")).expect("a copy");
        self.clock += Duration::from_millis(1);
        let copy = OpenOptions::new().append(true).open(self.path("app.log.1")).expect("the copy");
        copy.set_modified(self.clock).expect("a file of ours");
    }

    fn truncate(&mut self) {
        self.writer.as_mut().expect("a writer").set_len(0).expect("a truncation");
        self.touch();
    }

    /// Gives the log the next time of change. The clock of the file system would give the same one to several changes.
    fn touch(&mut self) {
        self.clock += Duration::from_millis(1);
        self.writer.as_ref().expect("a writer").set_modified(self.clock).expect("a file of ours");
    }

    fn poll(&mut self) -> Polled {
        self.poll_while(|_| ())
    }

    /// Polls, and lets the writer act at each event.
    fn poll_while(&mut self, mut act: impl FnMut(&mut World)) -> Polled {
        let nothing = Follower::new(Vec::new(), StartAt::End, SavedFiles::default());
        let mut follower = std::mem::replace(&mut self.follower, nothing);
        let (now, time) = (self.now, Timestamp::try_from(self.clock).expect("a time of this age"));
        let polled = follower.poll(now, time, &mut |event| {
            self.note(event);
            act(self);
        });
        self.follower = follower;
        polled
    }

    fn note(&mut self, event: Event<'_>) {
        match event {
            Event::Opened { log, line, .. } => self.opened.push((log.name.clone(), line)),
            Event::Bytes { file, bytes } => self.returned.push((file, bytes.to_vec())),
            Event::Closed { file } => self.closed.push(file),
            Event::Problem(problem) => self.problems.push(problem),
        }
    }

    /// Whether all returned lines have their ends. The open line of a rotated file is returned again when its file is
    /// closed, which is after later lines.
    fn has_open_lines(&self) -> bool {
        self.returned.iter().any(|(_, bytes)| !bytes.ends_with(b"\n"))
    }

    /// Ends the follower and begins another one at the places that it reached. The last returned line is returned
    /// again if `again`.
    fn restart(&mut self, again: bool) {
        let is_open = |(id, _): &&mut (FileId, Vec<u8>)| !self.closed.contains(id);
        let again = again && !self.has_open_lines();
        let last = self.returned[self.n_earlier..].last_mut().filter(|_| again).filter(is_open);
        let (id, bytes) = match last {
            Some((id, bytes)) => {
                let line = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                (*id, bytes.split_off(line))
            }
            None => (FileId(0), Vec::new()),
        };
        let newlines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let unread = |file| if file == id { (bytes.len() as u64, newlines) } else { (0, 0) };
        let places = self.follower.places(&unread);
        let places = serde_json::to_string(&places).expect("JSON");
        let places = serde_json::from_str(&places).expect("the same");
        self.follower = Follower::new(vec![self.root.clone()], StartAt::End, places);
        self.returned.retain(|(_, bytes)| !bytes.is_empty());
        self.n_earlier = self.returned.len();
        self.closed.clear();
    }

    #[track_caller]
    fn check(&mut self) {
        self.poll();
        self.now += Duration::from_secs(60);
        self.poll();
        let returned: Vec<u8> = self.returned.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        assert_eq!(String::from_utf8_lossy(&returned), String::from_utf8_lossy(&self.written));
        assert_eq!(self.problems, Vec::<String>::new());
    }
}

#[test]
fn lines_are_returned_once_they_are_whole() {
    let mut world = World::begun(false);
    world.write("one\ntwo");
    world.poll();
    assert_eq!(world.returned, [(FileId(1), b"one\n".to_vec())]);
    world.write(" and more\n");
    world.check();
}

#[test]
fn a_file_that_exists_is_followed_from_the_end_of_its_last_line() {
    let mut world = World::new(false);
    fs::write(world.path("app.log"), "old\nolder\nnew").expect("a writable folder");
    world.create();
    world.poll();
    assert_eq!(world.opened, [("app".to_owned(), 3)]);
    world.write("est\n");
    world.poll();
    assert_eq!(world.returned, [(FileId(1), b"newest\n".to_vec())]);
}

#[test]
fn from_the_start_a_file_is_read_whole() {
    let mut world = World::new(false);
    world.follower = Follower::new(vec![world.root.clone()], StartAt::Beginning, SavedFiles::default());
    world.create();
    world.write_lines(3);
    world.check();
}

#[test]
fn a_file_that_appears_late_is_read_whole() {
    for of_folder in [false, true] {
        let mut world = World::new(of_folder);
        world.poll();
        world.create();
        world.write_lines(3);
        world.check();
        assert_eq!(world.opened, [("app".to_owned(), 1)]);
    }
}

#[test]
fn the_rest_of_a_renamed_file_comes_before_the_new_one() {
    for of_folder in [false, true] {
        let mut world = World::begun(of_folder);
        world.write_lines(3);
        world.poll();
        world.write_lines(2);
        world.write("an open line");
        world.rename();
        world.write_lines(2);
        world.check();
    }
}

#[test]
fn an_old_file_is_read_on_while_its_writer_has_not_left_it() {
    let mut world = World::begun(false);
    world.write_lines(1);
    world.poll();
    let old = world.writer.take();
    world.rename();
    let new = std::mem::replace(&mut world.writer, old);
    world.poll();
    world.write_lines(2);
    world.poll();
    world.write_lines(1);
    world.writer = new;
    world.write_lines(1);
    world.check();
}

#[test]
fn a_late_line_of_another_process_is_not_lost() {
    let mut world = World::begun(false);
    world.write_lines(1);
    let old = world.writer.take();
    world.rename();
    world.write_lines(1);
    world.poll();
    let new = std::mem::replace(&mut world.writer, old);
    world.write_lines(1);
    world.poll();
    world.writer = new;
    world.write_lines(1);
    world.check();
}

#[test]
fn several_rotations_between_two_polls_lose_nothing() {
    for of_folder in [false, true] {
        let mut world = World::begun(of_folder);
        world.write_lines(1);
        world.poll();
        for _ in 0..4 {
            world.write_lines(2);
            world.rename();
        }
        world.write_lines(1);
        world.check();
    }
}

#[test]
fn a_copied_and_truncated_file_is_read_to_its_end_in_the_copy() {
    for of_folder in [false, true] {
        let mut world = World::begun(of_folder);
        world.write_lines(10);
        world.poll();
        world.write_lines(2);
        world.copy_and_truncate();
        world.write_lines(30);
        world.check();
    }
}

#[test]
fn several_copies_between_two_polls_lose_nothing() {
    let mut world = World::begun(true);
    world.write_lines(10);
    world.poll();
    for n in [3, 1, 2] {
        world.write_lines(n);
        world.copy_and_truncate();
    }
    world.write_lines(1);
    world.check();
}

#[test]
fn a_copy_of_less_than_was_read_is_not_read_again() {
    let mut world = World::begun(true);
    world.write_lines(10);
    world.copy();
    world.write_lines(1);
    world.poll();
    world.truncate();
    world.write_lines(1);
    world.check();
}

#[test]
fn a_log_that_is_truncated_again_while_its_copies_are_read_loses_nothing() {
    for (restarts, n_lines, n_times) in [(false, 0, 1), (false, 1, 3), (true, 0, 1), (true, 1, 1), (true, 2, 3)] {
        let mut world = World::begun(false);
        world.write_lines(3);
        world.poll();
        if restarts {
            world.restart(false);
        }
        world.write_lines(2);
        world.copy_and_truncate();
        world.write_lines(n_lines);
        let mut n_events = 0;
        world.poll_while(|world| {
            n_events += 1;
            if n_events <= n_times {
                world.write_lines(2);
                world.copy_and_truncate();
                world.write_lines(1);
            }
        });
        assert!(n_events >= n_times);
        world.write_lines(1);
        world.check();
    }
}

#[test]
fn a_copy_of_a_log_that_is_not_truncated_yet_is_not_read_twice() {
    for restarts in [false, true] {
        let mut world = World::begun(false);
        world.write_lines(3);
        world.poll();
        if restarts {
            world.restart(false);
        }
        world.write_lines(2);
        world.copy_and_truncate();
        world.write_lines(3);
        world.shift();
        world.copy();
        world.poll();
        world.truncate();
        world.write_lines(1);
        world.check();
    }
}

#[test]
fn a_truncated_file_is_read_from_its_beginning() {
    let mut world = World::begun(false);
    world.write_lines(10);
    world.poll();
    world.truncate();
    world.write_lines(1);
    world.poll();
    world.truncate();
    world.write_lines(50);
    world.check();
    assert_eq!(world.opened.len(), 3);
}

#[test]
fn the_hole_of_a_writer_that_does_not_append_is_left_out() {
    let mut world = World::begun(false);
    world.writer = Some(OpenOptions::new().write(true).open(world.path("app.log")).expect("the log"));
    world.write_lines(100);
    world.poll();
    world.truncate();
    world.write_lines(2);
    world.restart(false);
    world.poll();
    world.restart(true);
    world.write_lines(2);
    let lost = "the hole is found on a restart";
    world.poll();
    world.problems.retain(|problem| !problem.contains("cannot be found"));
    assert!(world.problems.is_empty(), "{lost}");
    world.check();
}

#[test]
fn a_removed_file_is_read_to_its_end() {
    let mut world = World::begun(true);
    world.write_lines(2);
    world.poll();
    world.write_lines(2);
    fs::remove_file(world.path("app.log")).expect("a file");
    world.poll();
    world.create();
    world.write_lines(2);
    world.check();
}

#[test]
fn a_file_that_is_moved_away_and_back_goes_on() {
    let mut world = World::begun(true);
    world.write_lines(2);
    world.poll();
    fs::rename(world.path("app.log"), world.path("elsewhere.txt")).expect("a rename");
    world.poll();
    fs::rename(world.path("elsewhere.txt"), world.path("app.log")).expect("a rename");
    world.write_lines(2);
    world.check();
}

#[test]
fn compressed_files_and_rotated_ones_are_no_logs() {
    let mut world = World::begun(true);
    fs::write(world.path("app.log.2.gz"), "not even gzip\n").expect("a writable folder");
    fs::write(world.path("app.log.1"), "what was there before\n").expect("a writable folder");
    let before = OpenOptions::new().append(true).open(world.path("app.log.1")).expect("that file");
    before.set_modified(world.clock - Duration::from_secs(60)).expect("a file of ours");
    fs::write(world.path(".hidden"), "no\n").expect("a writable folder");
    world.write_lines(1);
    world.check();
    fs::write(world.path("other.log"), "yes\n").expect("a writable folder");
    world.written.extend_from_slice(b"yes\n");
    world.check();
}

#[test]
fn a_compressed_file_that_is_named_is_refused_once() {
    let mut world = World::new(false);
    let named = Input::named("old", world.path("app.log.1.gz"));
    world.follower = Follower::new(vec![named], StartAt::End, SavedFiles::default());
    world.poll();
    world.poll();
    let expected = "old is compressed, so nothing is added to it: read it with `casebook diagnose`";
    assert_eq!(world.problems, [expected]);
}

#[test]
fn a_restarted_follower_goes_on_in_files_that_were_renamed_meanwhile() {
    for of_folder in [false, true] {
        for again in [false, true] {
            let mut world = World::begun(of_folder);
            world.write_lines(10);
            world.poll();
            world.restart(again);
            world.write_lines(2);
            world.rename();
            world.write_lines(3);
            world.rename();
            world.write_lines(1);
            world.check();
        }
    }
}

#[test]
fn a_log_that_appears_late_and_is_rotated_at_once_is_read_whole() {
    for of_folder in [false, true] {
        for restarts in [false, true] {
            let mut world = World::new(of_folder);
            fs::write(world.path("app.log.1"), "this was there before\n").expect("a writable folder");
            world.clock += Duration::from_secs(1);
            world.poll();
            if restarts {
                world.restart(false);
            }
            world.clock += Duration::from_secs(1);
            world.create();
            for _ in 0..3 {
                world.write_lines(2);
                world.rename();
            }
            world.write_lines(1);
            // In the folder alone, the file before is a log of its own until there is an `app.log`.
            world.check();
        }
    }
}

#[test]
fn what_is_lost_while_nobody_watches_is_said() {
    let mut world = World::begun(false);
    world.write_lines(10);
    world.poll();
    world.restart(false);
    fs::remove_file(world.path("app.log")).expect("a file");
    world.create();
    world.write_lines(1);
    world.poll();
    assert_eq!(
        world.problems,
        [
            "app was replaced while nobody watched it, and its old content cannot be found: what it contained after line 10 \
         is lost"
        ]
    );
    world.problems.clear();
    world.check();
}

/// What happens to a log.
/// The lost file of before the restart says from when on files are new, and not the time of the last look.
#[test]
fn all_files_rotated_after_a_lost_one_are_read_after_a_restart() {
    let mut world = World::begun(false);
    world.write_lines(5);
    world.act(&Act::Remove);
    world.write_lines(1);
    world.rename();
    world.write_lines(12);
    world.copy_and_truncate();
    world.poll();
    world.act(&Act::Restart(false));
    world.write_lines(1);
    world.poll();
    world.problems.retain(|problem| !problem.contains("cannot be found"));
    world.check();
}

#[derive(Debug, Clone)]
enum Act {
    Lines(usize),
    OpenLine,
    Rename,
    CopyAndTruncate,
    Truncate,
    Remove,
    Poll,
    Restart(bool),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1..5_usize).prop_map(Act::Lines),
        1 => Just(Act::OpenLine),
        2 => Just(Act::Rename),
        2 => Just(Act::CopyAndTruncate),
        1 => Just(Act::Truncate),
        1 => Just(Act::Remove),
        3 => Just(Act::Poll),
        2 => any::<bool>().prop_map(Act::Restart),
    ]
}

impl World {
    fn act(&mut self, act: &Act) {
        match act {
            Act::Lines(n) => self.write_lines(*n),
            Act::OpenLine => {
                self.n_lines += 1;
                self.write(&format!("{}…", self.n_lines));
            }
            Act::Rename => self.rename(),
            Act::CopyAndTruncate => self.copy_and_truncate(),
            // What was not read before is lost.
            Act::Truncate => {
                self.write("\n");
                self.write_lines(1);
                self.poll();
                self.n_earlier = self.returned.len();
                self.truncate();
            }
            Act::Remove => {
                self.write("\n");
                self.write_lines(1);
                self.poll();
                self.n_earlier = self.returned.len();
                fs::remove_file(self.path("app.log")).expect("a file");
                self.create();
            }
            Act::Poll => {
                self.poll();
            }
            Act::Restart(again) => self.restart(*again),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 3000, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_returned(acts in prop::collection::vec(act(), 0..30), of_folder in any::<bool>()) {
        let mut world = World::begun(of_folder);
        world.write_lines(5);
        world.poll();
        for act in &acts {
            world.act(act);
        }
        world.write_lines(1);
        world.poll();
        // A restarted follower does not know that a removed or truncated file had nothing new.
        world.problems.retain(|problem| !problem.contains("cannot be found"));
        world.check();
    }
}
