//! A part of the logs: the records of a period of time.

use jiff::Timestamp;

use super::input::{Input, OpenedInput};
use super::reader::{ReadOptions, Reader};
use super::record::Record;
use super::record_buffer::Chunk;
use super::zone::SourceZones;
use crate::source::SourceId;

/// A period of time, its ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// Its first instant; `None` if it has no beginning.
    pub since: Option<Timestamp>,
    /// Its last instant; `None` if it has no end.
    pub until: Option<Timestamp>,
}

impl Period {
    /// Whether the period contains all times.
    pub fn is_unlimited(self) -> bool {
        self == Period::default()
    }

    /// Whether `time` is in the period.
    pub fn contains(self, time: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= time) && self.until.is_none_or(|until| time <= until)
    }
}

/// Decides which records of a source belong to a period. A record without a time belongs to the last stamped record
/// before it. Records before the first stamped one are taken; so a source without any time is taken as a whole.
#[derive(Debug, Clone)]
pub(crate) struct PeriodFilter {
    period: Period,
    /// The time of the last stamped record.
    time: Option<Timestamp>,
    /// The earliest and the latest time of the stamped records that were taken.
    span: Option<(Timestamp, Timestamp)>,
}

/// The records of a chunk that are taken.
pub(crate) struct Taken(Option<Vec<bool>>);

impl PeriodFilter {
    pub(crate) fn new(period: Period) -> Self {
        PeriodFilter { period, time: None, span: None }
    }

    /// The period; `None` if it contains all times, so that records are not looked at.
    pub(crate) fn period(&self) -> Option<Period> {
        (!self.period.is_unlimited()).then_some(self.period)
    }

    /// Whether some record that was looked at had a time.
    pub(crate) fn has_times(&self) -> bool {
        self.time.is_some()
    }

    /// The earliest and the latest time of the stamped records that were taken.
    pub(crate) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        self.span
    }

    /// Whether `record` is taken. The records of a source must be passed in their order.
    pub(crate) fn takes(&mut self, record: &Record<'_>) -> bool {
        let Some(period) = self.period() else { return true };
        let own = record.time();
        self.time = own.or(self.time);
        let takes = self.time.is_none_or(|time| period.contains(time));
        if let Some(time) = own.filter(|_| takes) {
            self.span = Some(self.span.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
        }
        takes
    }

    /// Returns which records of the next chunk are taken.
    pub(crate) fn taken(&mut self, chunk: &Chunk<'_>, source: SourceId) -> Taken {
        let takes =
            |filter: &mut Self| (0..chunk.len()).map(|index| filter.takes(&chunk.record(index, source))).collect();
        Taken(self.period().map(|_| takes(self)))
    }
}

impl Taken {
    /// All records of a chunk.
    pub(crate) const ALL: Taken = Taken(None);

    /// Whether the record `index` of the chunk is taken.
    pub(crate) fn contains(&self, index: usize) -> bool {
        self.0.as_ref().is_none_or(|taken| taken[index])
    }

    /// The number of records that are taken, of `len` in the chunk.
    pub(crate) fn count(&self, len: usize) -> u64 {
        let count = self.0.as_ref().map_or(len, |taken| taken.iter().filter(|taken| **taken).count());
        count as u64
    }
}

/// Returns the latest time in the inputs; `None` if no record has a time. Reads every record. Inputs that cannot be
/// read are skipped.
pub fn latest_time(inputs: Vec<Input>, reading: &ReadOptions, zones: &SourceZones) -> Option<Timestamp> {
    let mut latest = None;
    for input in inputs {
        input.visit(&mut |opened| {
            let Ok(opened) = opened else { return };
            latest = latest.max(latest_in(opened, reading, zones));
        });
    }
    latest
}

fn latest_in(opened: OpenedInput<'_>, reading: &ReadOptions, zones: &SourceZones) -> Option<Timestamp> {
    let reading = zones.reading(reading, &opened);
    let mut reader = Reader::new(opened, &reading);
    let mut latest = None;
    loop {
        match reader.next_chunk() {
            Ok(Some(chunk)) => {
                let times = (0..chunk.len()).filter_map(|index| chunk.record(index, SourceId(0)).time());
                latest = times.chain(latest).max();
            }
            Ok(None) => return latest,
            // The records before the error come as one more chunk.
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::format::Format;

    const NOW: &str = "2026-11-12T09:30:00Z";

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a valid instant")
    }

    fn reading() -> ReadOptions {
        ReadOptions { format: Format::by_name("json"), ..ReadOptions::at(time(NOW)) }
    }

    /// Returns the lines that are taken of a log, read in chunks of `chunk_bytes`.
    fn taken(log: &str, period: Period, chunk_bytes: usize) -> Vec<u64> {
        let options = ReadOptions { chunk_bytes, ..reading() };
        let mut reader = Reader::open(Input::bytes("x", log), &options).expect("bytes can be opened");
        let mut filter = PeriodFilter::new(period);
        let mut lines = Vec::new();
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            let taken = filter.taken(&chunk, SourceId(0));
            lines.extend(
                (0..chunk.len())
                    .filter(|index| taken.contains(*index))
                    .map(|index| chunk.record(index, SourceId(0)).line),
            );
        }
        lines
    }

    /// A line without a time is a record of its own in a log of JSON.
    const LOG: &str = r#"banner
{"time":"2026-11-12T08:00:00Z"}
odd
{"time":"2026-11-12T09:00:00Z"}
odd
  more
{"time":"2026-11-12T10:00:00Z"}
{"time":"2026-11-12T08:30:00Z"}
odd
"#;
    const EIGHT: &str = "{\"time\":\"2026-11-12T08:00:00Z\"}\n";

    #[test]
    fn a_record_without_a_time_belongs_to_the_one_before_it() {
        let period =
            |since: Option<&str>, until: Option<&str>| Period { since: since.map(time), until: until.map(time) };
        let nine = Some("2026-11-12T09:00:00Z");
        assert_eq!(taken(LOG, Period::default(), 7), [1, 2, 3, 4, 5, 7, 8, 9]);
        assert_eq!(taken(LOG, period(nine, None), 7), [1, 4, 5, 7]);
        assert_eq!(taken(LOG, period(None, nine), 7), [1, 2, 3, 4, 5, 8, 9]);
        assert_eq!(taken(LOG, period(nine, nine), 1 << 20), [1, 4, 5]);
        assert_eq!(taken("no\ntimes\n", period(nine, nine), 7), [1, 2]);
        assert_eq!(taken(EIGHT, period(nine, nine), 7), [] as [u64; 0]);
    }

    #[test]
    fn the_latest_time_may_be_anywhere() {
        let latest = |logs: &[&str]| {
            let inputs = logs.iter().map(|log| Input::bytes("x", *log)).collect();
            latest_time(inputs, &reading(), &SourceZones::default())
        };
        assert_eq!(latest(&[EIGHT, LOG, "odd\n"]), Some(time("2026-11-12T10:00:00Z")));
        assert_eq!(latest(&["odd\n", "\0"]), None);
    }
}
