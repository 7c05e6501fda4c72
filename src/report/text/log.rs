//! Writes `casebook log`.

use std::io;

use jiff::Timestamp;

use super::{DIM, HEADING, Page, counted, cut, thousands};
use crate::log::{
    FormatChoice, ListedRecord, Longest, MAX_UNREAD_LINES, Period, StampSurvey, Survey, Surveys, ZoneOrigin,
};
use crate::report::clean::on_one_line;
use crate::report::diagnosis::{records_of, span_words, taken_of};

/// Writes how each source was understood, and the records that were asked for.
pub fn log(page: &mut Page, surveys: &Surveys, period: Period) -> io::Result<()> {
    for (at, survey) in surveys.sources.iter().enumerate() {
        if at > 0 {
            page.blank()?;
        }
        source(page, survey, period)?;
    }
    unreadable(page, surveys)
}

/// Writes the lines that are in no form, each after its place.
pub fn unread_lines(page: &mut Page, surveys: &Surveys) -> io::Result<()> {
    for survey in &surveys.sources {
        let name = on_one_line(&survey.name);
        for unread in &survey.unread {
            page.line(format_args!("{DIM}{name}:{}:{DIM:#} {}", unread.line, on_one_line(&unread.text)))?;
        }
        if survey.unread.len() == MAX_UNREAD_LINES {
            page.note(&format!("{name}: further lines are left out"))?;
        }
    }
    if surveys.sources.iter().all(|survey| survey.unread.is_empty()) {
        page.note("every line is in a known form")?;
    }
    unreadable(page, surveys)
}

fn unreadable(page: &mut Page, surveys: &Surveys) -> io::Result<()> {
    surveys.unreadable.iter().try_for_each(|(_, reason)| page.note(&format!("not read: {reason}")))
}

/// Width in columns of the labels before the facts about a source.
const LABEL_WIDTH: usize = 9;

fn source(page: &mut Page, survey: &Survey, period: Period) -> io::Result<()> {
    page.line(format_args!("{HEADING}{}{HEADING:#}", on_one_line(&survey.name)))?;
    for (label, text) in facts(survey, period) {
        page.paragraph(&format!("  {DIM}{label:<LABEL_WIDTH$}{DIM:#}"), &on_one_line(&text))?;
    }
    if survey.listed.is_empty() {
        return Ok(());
    }
    page.blank()?;
    table(page, &survey.listed)
}

/// Returns the facts about a source, each with its label.
fn facts(survey: &Survey, period: Period) -> Vec<(&'static str, String)> {
    let mut facts = vec![("format", format(survey)), ("size", size(survey, period))];
    if survey.records > 0 {
        facts.push(("fields", fields(survey)));
    }
    facts.extend(survey.first.zip(survey.last).map(|(first, last)| ("times", format!("{first} to {last}"))));
    facts.extend(assumptions(&survey.stamps, survey.format.name()));
    facts.extend(survey.longest.filter(|_| survey.records > 1).map(|longest| ("borders", borders(survey, longest))));
    if survey.unread_lines > 0 {
        let lines = counted(survey.unread_lines, "line is in no known form", "lines are in no known form");
        facts.push(("unread", format!("{lines} (--unread)")));
    }
    if survey.lacks_times() {
        let share = percent(survey.untimed_lines, survey.lines);
        facts.push(("note", format!("{share} of the lines have no time, although others have one")));
    }
    facts
}

fn format(survey: &Survey) -> String {
    let name = survey.format.name();
    match survey.choice {
        FormatChoice::Stated => format!("{name}, as --log-format states"),
        FormatChoice::Detected { fitting: 0, .. } => format!("{name}: no other format fits most of the first lines"),
        FormatChoice::Detected { looked_at: 1, .. } => format!("{name}: the only record fits"),
        FormatChoice::Detected { fitting, looked_at } => {
            format!("{name}: {} of the first {} records fit", thousands(fitting), thousands(looked_at))
        }
    }
}

fn size(survey: &Survey, period: Period) -> String {
    let records = taken_of(survey.records, survey.left_out);
    let lines = counted(survey.lines, "line", "lines");
    match period.is_unlimited() {
        true => format!("{records}, {lines}, {}", counted(survey.bytes, "byte", "bytes")),
        false if survey.timed == 0 && survey.left_out == 0 => {
            format!("{records}, {lines}; read as a whole, since no record has a time")
        }
        false => format!("{records}, those {}; {lines}", span_words(period)),
    }
}

fn fields(survey: &Survey) -> String {
    let share = |n| percent(n, survey.records);
    let (time, level, program) = (share(survey.timed), share(survey.levelled), share(survey.programmed));
    format!("time in {time}, level in {level}, program in {program} of the records")
}

/// Says what was assumed about stamps that do not say it.
fn assumptions(stamps: &StampSurvey, format: &str) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if stamps.zoneless > 0 {
        let named = counted(stamps.zoneless, "time names no zone", "times name no zone");
        let zone = &stamps.zone;
        facts.push((
            "zone",
            match stamps.origin {
                ZoneOrigin::Stated => format!("{zone}, as --zone states: {named}"),
                ZoneOrigin::Configured => format!("{zone}, as casebook.toml states: {named}"),
                ZoneOrigin::Format => format!("{zone}, as the format {format} states: {named}"),
                ZoneOrigin::Assumed => {
                    format!("{zone} is assumed: {named} (--zone, or `zone` in [[log]] of casebook.toml)")
                }
            },
        ));
    }
    if let Some((first, last)) = stamps.years {
        let years = if first == last { first.to_string() } else { format!("{first} to {last}") };
        let by = if stamps.years_from_file { "the time of the file" } else { "the present time" };
        facts.push(("year", format!("{years} is assumed, from {by}")));
    }
    if let Some((date, day_first)) = stamps.day_month {
        let order = if day_first { "the day comes before the month" } else { "the month comes before the day" };
        facts.push(("dates", format!("{order}: the first such date is read as {date}")));
    }
    facts
}

fn borders(survey: &Survey, longest: Longest) -> String {
    let one = counted(survey.records - survey.several_lines, "record of one line", "records of one line");
    let mut parts = vec![one, format!("{} of several lines", thousands(survey.several_lines))];
    if survey.cut > 0 {
        parts.push(format!("{} too long and cut", records_of(survey.cut)));
    }
    let lines = counted(longest.lines, "line", "lines");
    format!("{}; the longest has {lines} ({}:{})", parts.join(", "), survey.name, longest.line)
}

/// A share in whole percent, rounded down, so that only all of them are 100 %.
fn percent(n: u64, of: u64) -> String {
    match (n.saturating_mul(100)).checked_div(of) {
        Some(0) if n > 0 => "<1 %".to_owned(),
        percent => format!("{} %", percent.unwrap_or(0)),
    }
}

/// The most columns of each part of a record, except the message.
const COLUMNS: [(&str, usize); 6] =
    [("line", 8), ("time", 30), ("level", 8), ("program", 24), ("host", 20), ("pid", 8)];

/// The fewest columns of a message.
const MIN_MESSAGE: usize = 20;

/// Writes records as a table. A column that is empty in all of them is left out, and the message is cut to the page.
fn table(page: &mut Page, records: &[ListedRecord]) -> io::Result<()> {
    let rows: Vec<[String; COLUMNS.len()]> = records.iter().map(cells).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let columns = COLUMNS.iter().enumerate();
    let columns: Vec<(usize, usize)> =
        columns.filter(|(at, _)| width(*at) > 0).map(|(at, (name, _))| (at, width(at).max(name.len()))).collect();
    let used: usize = columns.iter().map(|(_, width)| width + 2).sum();
    let room = page.width.saturating_sub(used + 2).max(MIN_MESSAGE);
    let head: String = columns.iter().map(|(at, width)| format!("{:width$}  ", COLUMNS[*at].0)).collect();
    page.line(format_args!("  {DIM}{head}message{DIM:#}"))?;
    for (row, record) in rows.iter().zip(records) {
        let cells: String = columns.iter().map(|(at, width)| format!("{:width$}  ", row[*at])).collect();
        page.line(format_args!("  {cells}{}", cut(&on_one_line(record.message.trim_end()), room)))?;
    }
    Ok(())
}

fn cells(record: &ListedRecord) -> [String; COLUMNS.len()] {
    let field = |name: &str| record.text(name).unwrap_or_default();
    let texts = [
        record.line.to_string(),
        record.time.map(|time: Timestamp| time.to_string()).unwrap_or_default(),
        record.level.map_or("", |level| level.name()).to_owned(),
        field("program"),
        field("host"),
        field("pid"),
    ];
    let mut room = COLUMNS.iter().map(|(_, most)| *most);
    texts.map(|text| cut(&on_one_line(&text), room.next().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: usize, records: &[ListedRecord]) -> String {
        let mut out = Vec::new();
        table(&mut Page::new(&mut out, width), records).expect("a Vec");
        anstream::adapter::strip_bytes(&out).into_vec().iter().map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn a_table_has_the_columns_that_some_record_fills_and_fits_the_page() {
        let record = |line, message: &str, fields: &[(&str, &str)]| ListedRecord {
            line,
            time: None,
            level: None,
            message: message.to_owned(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), crate::value::Value::Text(value.as_bytes().to_vec().into())))
                .collect(),
        };
        let records = [
            record(9, "the belt of the saw has slipped again", &[("program", "saw")]),
            record(10, "short", &[("host", "shop")]),
        ];
        let expected = "  line  program  host  message\n  9     saw            the belt of the saw has sl...\n  10             shop  short\n";
        assert_eq!(shown(50, &records).replace("\u{e2}\u{80}\u{a6}", "..."), expected);
        let narrow = shown(1, &records);
        assert!(narrow.lines().all(|line| line.chars().count() < 60), "{narrow}");
    }

    #[test]
    fn a_share_is_all_only_if_it_is_all() {
        assert_eq!(
            [percent(0, 9), percent(1, 900), percent(899, 900), percent(9, 9)],
            ["0 %", "<1 %", "99 %", "100 %"]
        );
        assert_eq!(percent(0, 0), "0 %");
    }
}
