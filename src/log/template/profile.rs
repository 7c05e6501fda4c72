//! A profile of normal operation: the kinds of messages in logs of normal operation, and their frequencies.

use super::group::MessageKinds;
use super::miner::Miner;
use super::model::Template;
use crate::log::{Input, InputError, OpenedInput, ReadOptions, Reader, SourceZones, Taken};
use crate::source::SourceId;

/// A kind of message that is at least this many times as frequent as in normal operation is not normal.
const FLOOD: f64 = 10.0;

/// The factor by which a profile reduces the weight of a normal record. It is not 0, because the record may still be
/// part of the problem.
const NORMAL: f64 = 0.1;

/// A record is of a normal kind if at least this share of its words, position by position, is the same as in a message
/// of that kind. So names may differ.
const SAME: f64 = 0.75;

/// The kinds of messages in logs of normal operation. Each log adds at most as many kinds as it has templates.
#[derive(Debug, Default)]
pub struct Profile {
    kinds: MessageKinds,
    /// The number of records that were looked at.
    sampled: u64,
}

impl Profile {
    /// Adds a log of normal operation; of a folder or archive, all logs in it. What can be read is added, and the first
    /// error is returned. Files that are not text are no error in a folder or archive with others.
    pub fn read(&mut self, input: Input, options: &ReadOptions, zones: &SourceZones) -> Result<(), InputError> {
        let mut result = Ok(());
        input.visit(&mut |opened| {
            let read = opened.map_err(|failed| failed.error).and_then(|opened| self.read_text(opened, options, zones));
            if let Err(error) = read
                && result.is_ok()
                && !error.is_partial()
            {
                result = Err(error);
            }
        });
        result
    }

    fn read_text(
        &mut self,
        opened: OpenedInput<'_>,
        options: &ReadOptions,
        zones: &SourceZones,
    ) -> Result<(), InputError> {
        let options = zones.reading(options, &opened);
        let mut reader = Reader::new(opened, &options);
        let mut miner = Miner::new(SourceId(0));
        let read = loop {
            match reader.next_chunk() {
                Ok(Some(chunk)) => miner.observe(&chunk, &Taken::ALL),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        let (templates, sampled) = miner.templates();
        templates.iter().for_each(|template| {
            self.kinds.add(&template.message, template.count);
        });
        self.sampled += sampled;
        read
    }

    /// Returns the factor for the weight of the records of one kind: 1 if the kind is new or at least [`FLOOD`] times
    /// as frequent as in this profile, otherwise [`NORMAL`]. The kind, to which `template` belongs, has `count` of
    /// `sampled` records.
    pub(super) fn share(&self, template: &Template, count: u64, sampled: u64) -> f64 {
        let Some(normal) = self.kinds.count(&template.message, SAME) else { return 1.0 };
        let rate = |count: u64, all: u64| count as f64 / all.max(1) as f64;
        if rate(count, sampled) >= FLOOD * rate(normal, self.sampled) { 1.0 } else { NORMAL }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::template::standouts as found_standouts;

    fn options() -> ReadOptions {
        ReadOptions::at(jiff::Timestamp::UNIX_EPOCH)
    }

    fn profile(log: &str) -> Profile {
        let mut profile = Profile::default();
        profile.read(Input::bytes("normal", log), &options(), &SourceZones::default()).expect("bytes can be read");
        profile
    }

    /// Text and weight of the records of `log` that stand out.
    fn standouts(log: &str, normal: Option<&Profile>) -> Vec<(String, f64)> {
        let mut reader = Reader::open(Input::bytes("x", log), &options()).expect("bytes can be opened");
        let mut miner = Miner::new(SourceId(0));
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            miner.observe(&chunk, &Taken::ALL);
        }
        let text =
            |standout: &crate::log::template::weight::Standout| String::from_utf8_lossy(&standout.text).into_owned();
        found_standouts(&miner, normal).iter().map(|standout| (text(standout), standout.weight)).collect()
    }

    fn lines(times: usize, message: &str) -> String {
        (0..times).map(|n| format!("2026-01-01 10:{:02}:{:02} ERROR app: {message}\n", n / 60, n % 60)).collect()
    }

    #[test]
    fn a_new_message_comes_before_a_normal_one() {
        let noise = lines(300, "request 7 served");
        let log = noise.clone() + &lines(1, "cache miss failed for user bob") + &lines(1, "disk sda1 failed in bay 7");
        let first = |normal| standouts(&log, normal)[0].0.clone();
        assert_eq!(first(None), "cache miss failed for user bob");
        let normal = profile(&(noise + &lines(3, "cache miss failed for user eve")));
        assert_eq!(first(Some(&normal)), "disk sda1 failed in bay 7");
        let weight = |normal, text: &str| standouts(&log, normal).iter().find(|(one, _)| one == text).map(|(_, w)| *w);
        let disk = "disk sda1 failed in bay 7";
        assert_eq!(weight(Some(&normal), disk), weight(None, disk));
        let cache = "cache miss failed for user bob";
        assert_eq!(weight(Some(&normal), cache), weight(None, cache).map(|weight| weight * NORMAL));
    }

    #[test]
    fn a_normal_message_that_floods_the_log_is_not_normal() {
        let seldom = lines(990, "request 7 served") + &lines(10, "login refused for bob");
        let normal = profile(&seldom);
        let share = |log: &str| {
            let mut miner = Miner::new(SourceId(0));
            let mut reader = Reader::open(Input::bytes("x", log), &options()).expect("bytes can be opened");
            while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
                miner.observe(&chunk, &Taken::ALL);
            }
            let (templates, sampled) = miner.templates();
            let refused =
                templates.iter().find(|template| template.message.starts_with(b"login")).expect("it is there");
            normal.share(refused, refused.count, sampled)
        };
        assert_eq!(share(&seldom), NORMAL);
        assert_eq!(share(&(lines(100, "request 7 served") + &lines(11, "login refused for eve"))), NORMAL);
        assert_eq!(share(&(lines(90, "request 7 served") + &lines(10, "login refused for eve"))), 1.0);
    }
}
