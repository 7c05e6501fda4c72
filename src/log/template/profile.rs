//! What is normal: the kinds of records that logs of ordinary times hold, and how often.

use super::group::Kinds;
use super::{Miner, Template};
use crate::log::{Input, InputError, ReadOptions, Reader};
use crate::source::SourceId;

/// A kind that is so many times as frequent as in ordinary times is a flood, and not normal.
const FLOOD: f64 = 10.0;

/// What a normal record weighs, of what it would weigh otherwise: it may still be part of the trouble.
const NORMAL: f64 = 0.1;

/// Of the words of a normal record, position by position, those that must be equal: names differ, what happened does not.
const SAME: f64 = 0.75;

/// The kinds of records of ordinary times. At most as many are kept of a source as templates are.
#[derive(Debug, Default)]
pub struct Profile {
    kinds: Kinds,
    /// Records that were looked at.
    sampled: u64,
}

impl Profile {
    /// Adds what a log of ordinary times holds. Where it cannot be read to its end, what was read of it counts.
    pub fn read(&mut self, input: Input, options: &ReadOptions) -> Result<(), InputError> {
        let mut reader = Reader::open(input, options)?;
        let mut miner = Miner::new(SourceId(0));
        let read = loop {
            match reader.next_chunk() {
                Ok(Some(chunk)) => miner.observe(&chunk, |_| {}),
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

    /// What records of a kind weigh, of what they would weigh without this profile: all for what is new, or comes [`FLOOD`]
    /// times as often; [`NORMAL`] for the rest. `count` of `sampled` records are of the kind.
    pub(super) fn share(&self, template: &Template, count: u64, sampled: u64) -> f64 {
        let Some(ordinary) = self.kinds.count(&template.message, SAME) else { return 1.0 };
        let rate = |count: u64, all: u64| count as f64 / all.max(1) as f64;
        if rate(count, sampled) >= FLOOD * rate(ordinary, self.sampled) { 1.0 } else { NORMAL }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::template::Standout;

    fn options() -> ReadOptions {
        ReadOptions { chunk_bytes: 1 << 20, format: None, now: jiff::Timestamp::UNIX_EPOCH }
    }

    fn profile(log: &str) -> Profile {
        let mut profile = Profile::default();
        profile.read(Input::bytes("normal", log), &options()).expect("bytes can be read");
        profile
    }

    /// What stands out of `log`: text and weight.
    fn standouts(log: &str, normal: Option<&Profile>) -> Vec<(String, f64)> {
        let mut reader = Reader::open(Input::bytes("x", log), &options()).expect("bytes can be opened");
        let mut miner = Miner::new(SourceId(0));
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            miner.observe(&chunk, |_| {});
        }
        let text = |standout: &Standout| String::from_utf8_lossy(&standout.text).into_owned();
        miner.standouts(normal).iter().map(|standout| (text(standout), standout.weight)).collect()
    }

    fn lines(times: usize, message: &str) -> String {
        (0..times).map(|n| format!("2026-01-01 10:{:02}:{:02} ERROR app: {message}\n", n / 60, n % 60)).collect()
    }

    #[test]
    fn what_is_normal_steps_back_behind_what_is_new() {
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
    fn a_flood_of_what_is_normal_is_not() {
        let seldom = lines(990, "request 7 served") + &lines(10, "login refused for bob");
        let normal = profile(&seldom);
        let share = |log: &str| {
            let mut miner = Miner::new(SourceId(0));
            let mut reader = Reader::open(Input::bytes("x", log), &options()).expect("bytes can be opened");
            while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
                miner.observe(&chunk, |_| {});
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
