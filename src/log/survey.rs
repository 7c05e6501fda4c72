//! Surveys inputs: how each source is written, which parts of its records could be read, and what was assumed.

mod model;

use std::collections::VecDeque;

use jiff::tz::TimeZone;

use super::format::{FieldStep, Format};
use super::input::{Input, InputError, OpenedInput};
use super::period::PeriodFilter;
use super::reader::Reader;
use super::record::Record;
use super::zone::ZoneOrigin;
use crate::source::SourceId;

pub use model::{
    FormatChoice, Listed, ListedRecord, Longest, MAX_UNREAD_LINES, StampSurvey, Survey, SurveyOptions, Surveys,
    UnreadLine,
};

/// The number of records at the beginning of a source that say how well its format fits.
const FITTED_RECORDS: u64 = 200;

/// The most bytes of a line in no form that are kept.
const MAX_LINE_BYTES: usize = 1024;

/// The most fields of a record that are listed.
const MAX_FIELDS: usize = 1000;

/// Reads all inputs to their ends, and says how they were understood.
pub fn survey(inputs: Vec<Input>, options: &SurveyOptions) -> Surveys {
    let mut surveys = Surveys::default();
    for input in inputs {
        input.visit(&mut |opened| match opened {
            Ok(opened) => survey_source(opened, options, &mut surveys),
            Err(failed) => surveys.note_unreadable(&failed.name, &failed.error),
        });
    }
    surveys
}

impl Surveys {
    fn note_unreadable(&mut self, name: &str, error: &InputError) {
        self.unreadable.push((name.to_owned(), error.to_string()));
    }
}

fn survey_source(opened: OpenedInput<'_>, options: &SurveyOptions, surveys: &mut Surveys) {
    let (name, is_file) = (opened.name.clone(), opened.modified.is_some());
    let reading = options.zones.reading(&options.reading, &opened);
    let mut reader = Reader::new(opened, &reading);
    let format = reader.format();
    let (zone, origin) = match (format.zone(), reading.zone_origin) {
        (Some(zone), ZoneOrigin::Assumed) => (zone.clone(), ZoneOrigin::Format),
        (_, origin) => (reading.zone, origin),
    };
    let mut pass = SurveyPass::new(name, format, options, &zone);
    pass.survey.stamps.origin = origin;
    pass.survey.stamps.years_from_file = is_file;
    loop {
        match reader.next_chunk() {
            Ok(Some(chunk)) => {
                pass.survey.bytes += chunk.n_bytes();
                (0..chunk.len()).for_each(|index| pass.read(&chunk.record(index, SourceId(0))));
            }
            Ok(None) => break,
            Err(error) => surveys.note_unreadable(&pass.survey.name, &error),
        }
    }
    surveys.sources.push(pass.finish(reader.n_cut()));
}

/// The survey of a source that has not ended.
struct SurveyPass<'o> {
    options: &'o SurveyOptions,
    zone: TimeZone,
    filter: PeriodFilter,
    /// Of the first [`FITTED_RECORDS`] records of the whole source: how many are in its format, and how many there are.
    fitted: (u64, u64),
    listed: VecDeque<ListedRecord>,
    survey: Survey,
}

impl<'o> SurveyPass<'o> {
    fn new(name: String, format: Format, options: &'o SurveyOptions, zone: &TimeZone) -> Self {
        let stamps = StampSurvey { zone: super::zone::zone_name(zone, options.reading.now), ..StampSurvey::default() };
        let survey = Survey {
            name,
            format,
            choice: FormatChoice::Stated,
            records: 0,
            left_out: 0,
            lines: 0,
            bytes: 0,
            timed: 0,
            levelled: 0,
            programmed: 0,
            untimed_lines: 0,
            first: None,
            last: None,
            stamps,
            several_lines: 0,
            cut: 0,
            longest: None,
            unread_lines: 0,
            unread: Vec::new(),
            listed: Vec::new(),
        };
        let filter = PeriodFilter::new(options.period);
        SurveyPass { options, zone: zone.clone(), filter, fitted: (0, 0), listed: VecDeque::new(), survey }
    }

    fn read(&mut self, record: &Record<'_>) {
        if self.fitted.1 < FITTED_RECORDS {
            self.fitted = (self.fitted.0 + u64::from(record.is_usual()), self.fitted.1 + 1);
        }
        if !self.filter.takes(record) {
            self.survey.left_out += 1;
            return;
        }
        let lines = record.line_count();
        self.note_borders(record, lines);
        self.note_fields(record, lines);
        self.note_stamp(record);
        self.note_unread(record);
        self.list(record);
    }

    fn note_borders(&mut self, record: &Record<'_>, lines: u64) {
        let survey = &mut self.survey;
        survey.records += 1;
        survey.lines += lines;
        survey.several_lines += u64::from(lines > 1);
        let this = Longest { line: record.line, lines, bytes: record.bytes.len() as u64 };
        let is_longer = |longest: &Longest| (this.lines, this.bytes) > (longest.lines, longest.bytes);
        if survey.longest.as_ref().is_none_or(is_longer) {
            survey.longest = Some(this);
        }
    }

    fn note_fields(&mut self, record: &Record<'_>, lines: u64) {
        let survey = &mut self.survey;
        survey.levelled += u64::from(record.level().is_some());
        survey.programmed += u64::from(record.program().is_some());
        let Some(time) = record.time() else {
            survey.untimed_lines += lines;
            return;
        };
        survey.timed += 1;
        survey.first = Some(survey.first.map_or(time, |first| first.min(time)));
        survey.last = Some(survey.last.map_or(time, |last| last.max(time)));
    }

    fn note_stamp(&mut self, record: &Record<'_>) {
        let Some(stamp) = record.stamp() else { return };
        let stamps = &mut self.survey.stamps;
        stamps.zoneless += u64::from(!stamp.zoned());
        let date = || stamp.time.to_zoned(self.zone.clone()).date();
        if !stamp.has_year() {
            let year = date().year();
            stamps.years = Some(stamps.years.map_or((year, year), |(first, last)| (first.min(year), last.max(year))));
        }
        if stamps.day_month.is_none()
            && let Some(written) = record.bytes.get(stamp.range.clone())
            && let Some((a, b)) = exchangeable(written)
        {
            let date = date();
            let day_first = date.day() == a && date.month() == b;
            let month_first = date.day() == b && date.month() == a;
            stamps.day_month = (a != b && (day_first || month_first)).then_some((date, day_first));
        }
    }

    fn note_unread(&mut self, record: &Record<'_>) {
        let unread = record.unread_lines();
        self.survey.unread_lines += unread.len() as u64;
        if self.options.keeps_unread {
            let room = MAX_UNREAD_LINES - self.survey.unread.len();
            let kept = unread.into_iter().take(room);
            self.survey.unread.extend(kept.map(|(line, text)| UnreadLine { line, text: beginning(text) }));
        }
    }

    fn list(&mut self, record: &Record<'_>) {
        match self.options.listed {
            Listed::First(most) if self.listed.len() < most => self.listed.push_back(listed(record)),
            Listed::Last(most) if most > 0 => {
                if self.listed.len() == most {
                    self.listed.pop_front();
                }
                self.listed.push_back(listed(record));
            }
            Listed::First(_) | Listed::Last(_) => {}
        }
    }

    fn finish(self, n_cut: u64) -> Survey {
        let choice = match self.options.reading.format {
            Some(_) => FormatChoice::Stated,
            None => FormatChoice::Detected { fitting: self.fitted.0, looked_at: self.fitted.1 },
        };
        Survey { choice, cut: n_cut, listed: self.listed.into(), ..self.survey }
    }
}

/// Returns the two numbers at the beginning of a date such as `05/06/2026` if either may be the day.
fn exchangeable(stamp: &[u8]) -> Option<(i8, i8)> {
    let separator = stamp.iter().position(|byte| !byte.is_ascii_digit()).filter(|at| (1..=2).contains(at))?;
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<i8>().ok().filter(|n| (1..=12).contains(n));
    let mut parts = stamp.splitn(3, |byte| *byte == stamp[separator]);
    let (first, second, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let has_year = rest.len() >= 4 && rest[..4].iter().all(u8::is_ascii_digit);
    (b"/-.".contains(&stamp[separator]) && has_year).then(|| Some((number(first)?, number(second)?))).flatten()
}

fn beginning(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8_lossy(&line[..line.len().min(MAX_LINE_BYTES)]).into_owned()
}

fn listed(record: &Record<'_>) -> ListedRecord {
    let value = |name: String| {
        let path: Vec<FieldStep> = name.split('.').map(FieldStep::Name).collect();
        let value = record.field(&path)?.into_owned();
        Some((name, value))
    };
    ListedRecord {
        line: record.line,
        time: record.time(),
        level: record.level(),
        message: String::from_utf8_lossy(&record.message()).into_owned(),
        fields: record.field_names_up_to(MAX_FIELDS).into_iter().filter_map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::log::ReadOptions;
    use crate::log::period::Period;
    use crate::log::zone::SourceZones;

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a valid instant")
    }

    fn options() -> SurveyOptions {
        SurveyOptions {
            reading: ReadOptions { chunk_bytes: 16, ..ReadOptions::at(time("2017-01-02T00:00:00Z")) },
            zones: SourceZones::default(),
            period: Period::default(),
            listed: Listed::First(0),
            keeps_unread: false,
        }
    }

    fn survey_of(log: &str, options: &SurveyOptions) -> Survey {
        survey(vec![Input::bytes("x", log)], options).sources.remove(0)
    }

    const LOG: &str = "odd one\nJun 14 15:16:01 combo sshd[1]: a\n  more\nJun 14 15:20:00 combo sshd[1]: b\n\
                       Jun 14 15:18:00 combo x: c";

    #[test]
    fn a_source_is_surveyed() {
        let expected = Survey {
            name: "x".to_owned(),
            format: Format::by_name("syslog").expect("a format"),
            choice: FormatChoice::Detected { fitting: 3, looked_at: 4 },
            records: 4,
            left_out: 0,
            lines: 5,
            bytes: LOG.len() as u64,
            timed: 3,
            levelled: 0,
            programmed: 3,
            untimed_lines: 1,
            first: Some(time("2016-06-14T15:16:01Z")),
            last: Some(time("2016-06-14T15:20:00Z")),
            stamps: StampSurvey {
                zone: "UTC".to_owned(),
                zoneless: 3,
                years: Some((2016, 2016)),
                ..StampSurvey::default()
            },
            several_lines: 1,
            cut: 0,
            longest: Some(Longest { line: 2, lines: 2, bytes: 40 }),
            unread_lines: 1,
            unread: Vec::new(),
            listed: Vec::new(),
        };
        assert_eq!(survey_of(LOG, &options()), expected);
    }

    #[test]
    fn lines_in_no_form_are_kept_when_they_are_asked_for() {
        let options = SurveyOptions { keeps_unread: true, ..options() };
        let unread = |log| survey_of(log, &options).unread;
        assert_eq!(unread(LOG), [UnreadLine { line: 1, text: "odd one".to_owned() }]);
        assert_eq!(unread(&LOG.replace("odd one\n", "")), []);
    }

    #[test]
    fn the_first_or_the_last_records_are_listed() {
        let lines = |listed| {
            let survey = survey_of(LOG, &SurveyOptions { listed, ..options() });
            survey.listed.iter().map(|record| record.line).collect::<Vec<_>>()
        };
        assert_eq!(lines(Listed::First(2)), [1, 2]);
        assert_eq!(lines(Listed::Last(2)), [4, 5]);
        assert_eq!(lines(Listed::Last(0)), [] as [u64; 0]);
        let survey = survey_of(LOG, &SurveyOptions { listed: Listed::First(2), ..options() });
        let record = &survey.listed[1];
        let names: Vec<&str> = record.fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["time", "host", "program", "pid", "event.source", "message"]);
        assert_eq!((record.text("pid"), record.text("level")), (Some("1".to_owned()), None));
        assert_eq!((record.message.as_str(), record.level), ("a\n  more", None));
    }

    #[test]
    fn a_period_leaves_records_out() {
        let since = Some(time("2016-06-14T15:18:00Z"));
        let survey = survey_of(LOG, &SurveyOptions { period: Period { since, until: None }, ..options() });
        assert_eq!((survey.records, survey.left_out, survey.lines, survey.timed), (3, 1, 3, 2));
        assert_eq!(survey.first, since);
    }

    #[test]
    fn a_source_lacks_times_if_more_than_a_fifth_of_its_lines_have_none() {
        let lacks = |odd| {
            let log = "odd\n".repeat(odd) + &"Jun 14 15:16:01 combo sshd[1]: a\n".repeat(8);
            survey_of(&log, &options()).lacks_times()
        };
        assert_eq!([lacks(2), lacks(3)], [false, true]);
        assert!(!survey_of("odd\n", &options()).lacks_times());
    }

    #[test]
    fn the_order_of_day_and_month_is_noted_if_it_matters() {
        assert_eq!(exchangeable(b"05/06/2026 10:00"), Some((5, 6)));
        assert_eq!(exchangeable(b"5-6-2026"), Some((5, 6)));
        for text in ["25/06/2026 10:00", "2026/05/06", "05/06 10:00", "Jun 14", ""] {
            assert_eq!(exchangeable(text.as_bytes()), None, "{text}");
        }
        let noted = |log| survey_of(log, &options()).stamps.day_month;
        let date = |text: &str| text.parse().expect("a valid date");
        assert_eq!(noted("4/5/2001 2:00:31 AM x\n"), Some((date("2001-04-05"), false)));
        assert_eq!(noted("4/17/2001 2:00:31 AM x\n"), None);
    }

    #[test]
    fn an_input_that_cannot_be_read_leaves_the_others() {
        let surveys = survey(vec![Input::path("no/such.log"), Input::bytes("x", LOG)], &options());
        assert_eq!(surveys.sources.len(), 1);
        let (name, reason) = &surveys.unreadable[0];
        assert_eq!(name, "no/such.log");
        assert!(reason.starts_with("cannot open no/such.log: "), "{reason}");
    }
}
