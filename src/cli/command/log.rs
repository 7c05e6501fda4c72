//! `casebook log`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::tz::TimeZone;

use crate::cli::args::{Output, Part, PartArgs, files_or_pipe, limit, log_format_help, pair, piped_in_memory};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, now, rules};
use crate::log::{self, Input, Listed, Period, ReadOptions, SourceZones, SurveyOptions};
use crate::report::{json, text};
use crate::session::{self, SessionError};

const EXAMPLES: &str = "\
Examples:
  casebook log app.log                       its format and why, its fields, times and borders
  casebook log app.log --records 20          the parsed fields of the first 20 records
  casebook log app.log --records 20 --tail   of the last 20
  casebook log app.log --unread              the lines that are in no known form
  journalctl -o short | casebook log -       a log from a pipe
  casebook log /var/log --last 2h            the last two hours of every log in a folder
  casebook log app.log --zone Europe/Berlin --since '2026-11-12 10:00'
  casebook log app.log --records 100 --format json | jq '.sources[].listed[].fields'

The report says of each source:
  format   the format, and how many of its first records are written in it
  size     records, lines and bytes; with --since, --until or --last, how many records were taken
  fields   the share of records that have a time, a level and a program
  times    the earliest and the latest time, in UTC
  zone     the zone of times that name none, and what states it
  year     the year of times without one
  dates    whether the day or the month comes first where both are possible
  borders  records of one line and of several lines, records that were too long, the longest record
  unread   lines that are in no known form";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct LogArgs {
    /// Log files or folders, plain or gzipped; `-` reads standard input, and so does no FILE in a pipe
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Read the log at PATH under the name NAME; may be repeated
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    source: Vec<(String, String)>,

    #[arg(long, value_name = "NAME", help = log_format_help())]
    log_format: Option<String>,

    #[command(flatten)]
    part: PartArgs,

    /// Print the parsed fields of the first N records of each source
    #[arg(long, value_name = "N", value_parser = limit)]
    records: Option<usize>,

    /// With --records, print the last records instead of the first
    #[arg(long, requires = "records")]
    tail: bool,

    /// Print only the lines that are in no known form, each with its file and line
    #[arg(long, conflicts_with = "records")]
    unread: bool,

    #[command(flatten)]
    output: Output,
}

pub(in crate::cli) fn run(context: &Context, args: &LogArgs) -> CommandResult {
    let part = args.part.check(now())?;
    let own_formats = rules::formats(context)?;
    let format = args.log_format.as_deref().map(|name| session::log_format(name, &own_formats)).transpose()?;
    let reading = ReadOptions { format, own_formats, ..ReadOptions::at(now()) };
    let stated = part.zone.as_deref().map(session::zone).transpose()?;
    let zones = SourceZones { stated, configured: context.workspace()?.zones };
    let inputs = inputs(&context.here, args, part.last.is_some())?;
    let period = period(&part, &inputs, &reading, &zones)?;
    let most = args.records.unwrap_or(0);
    let listed = if args.tail { Listed::Last(most) } else { Listed::First(most) };
    let options = SurveyOptions { reading, zones, period, listed, keeps_unread: args.unread };
    let surveys = log::survey(inputs, &options);
    let text = |page: &mut text::Page| match args.unread {
        true => text::unread_lines(page, &surveys),
        false => text::log(page, &surveys, period),
    };
    context.answer(&args.output, text, || json::log(&surveys, period))?;
    match surveys.sources.is_empty() && !surveys.unreadable.is_empty() {
        true => Err(SessionError::NothingRead.into()),
        false => Ok(ExitCode::SUCCESS),
    }
}

/// Returns the inputs. Standard input is read into memory if it is read `twice`.
fn inputs(here: &Path, args: &LogArgs, twice: bool) -> Result<Vec<Input>, CommandError> {
    let file = |path: &PathBuf| match (path.as_os_str() == "-", twice) {
        (true, true) => piped_in_memory("--last"),
        (true, false) => Ok(Input::stdin()),
        (false, _) => Ok(Input::path_in(here, path)),
    };
    let named = args.source.iter().map(|(name, path)| Ok(Input::named(name, here.join(path))));
    files_or_pipe(&args.files, !args.source.is_empty())?.iter().map(file).chain(named).collect()
}

/// Returns the period to read. If only the last part is asked for, reads the inputs to find their latest time.
fn period(part: &Part, inputs: &[Input], reading: &ReadOptions, zones: &SourceZones) -> Result<Period, CommandError> {
    let Some(last) = part.last else { return Ok(part.period) };
    let latest = log::latest_time(inputs.to_vec(), reading, zones).ok_or(SessionError::NoTimes)?;
    let zone = zones.stated.clone().unwrap_or(TimeZone::UTC);
    Ok(Period { since: log::before(latest, last, &zone), until: None })
}
