//! `casebook watch`.

mod wait;

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anstream::AutoStream;
use clap::Args;

use super::diagnose::index_or_book;
use crate::cli::args::{AmountArgs, Format, log_format_help, pair, stated_zone, wait_time};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, now, rules, warn, width};
use crate::follow::StartAt;
use crate::infer::{Confidence, Diagnosis, Facts};
use crate::log::{Input, InputKind, SourceZones};
use crate::matching::{Scan, ScanOptions};
use crate::pipeline;
use crate::report::text::Page;
use crate::report::{ChangedFinding, DiagnosisView, WatchView, json, text};
use crate::rule::Program;
use crate::session;
use crate::store::{Index, SearchOptions};
use crate::watch::{News, Notice, State, Watch};

use wait::Waiting;

const EXAMPLES: &str = "\
Examples:
  casebook watch /var/log/mail.log                     print what is wrong, as it is written
  casebook watch /var/log/app/                         all logs in a folder, and those to come
  casebook watch --state mail.state /var/log/mail.log  go on there after a restart
  casebook watch --format json app.log | jq .finding.symptom
  casebook watch --once --state mail.state /var/log/mail.log   for cron: what is new since then

Ctrl-C ends it, with a diagnosis of all that was found.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct WatchArgs {
    /// Log files and folders, present or not. Rotated and compressed logs in folders are left out
    #[arg(value_name = "PATH", required_unless_present = "source")]
    paths: Vec<PathBuf>,

    /// Watch the log at PATH as the source NAME, which rules refer to as `on NAME`; may be repeated
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    source: Vec<(String, String)>,

    #[arg(long, value_name = "NAME", help = log_format_help())]
    log_format: Option<String>,

    /// The zone of times in logs that name none: `Europe/Berlin`, `+02:00`, or `local` for that of this computer
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    zone: Option<String>,

    /// Begin at the beginning of files that exist, not at their end
    #[arg(long)]
    from_start: bool,

    /// Keep the places in all files and the counts of all findings in this file, and continue from it
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Look at the files at least this often
    #[arg(long, value_name = "TIME", default_value = "500ms", value_parser = wait_time)]
    poll: Duration,

    /// Print a finding that grows at most this often
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = wait_time)]
    every: Duration,

    /// End when nothing was written for this time
    #[arg(long, value_name = "TIME", value_parser = wait_time)]
    until_idle: Option<Duration>,

    /// Read what is new and end
    #[arg(long, conflicts_with = "until_idle")]
    once: bool,

    #[command(flatten)]
    amount: AmountArgs,

    /// Output format; JSON is one object on each line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(in crate::cli) fn run(context: &Context, args: &WatchArgs) -> CommandResult {
    if args.once && args.state.is_none() && !args.from_start {
        return Err(CommandError::usage("`--once` at the end of the logs reads nothing")
            .hint("add --state FILE to continue each time, or --from-start"));
    }
    let program = rules::program(context)?;
    let own_formats = program.formats.clone();
    let format = args.log_format.as_deref().map(|name| session::log_format(name, &own_formats)).transpose()?;
    let zone = args.zone.as_deref().map(|name| stated_zone(name, now()));
    let stated = zone.as_deref().map(session::zone).transpose()?;
    let path = args.state.as_ref().map(|path| context.here.join(path));
    let lock = path.as_deref().map(State::lock).transpose()?;
    let state = path.as_deref().map_or(Ok(State::default()), State::read)?;
    let workspace = context.workspace()?;
    let (options, confidence) = (workspace.search_options(None)?, workspace.confidence()?);
    let index = index_or_book(context, &workspace)?;
    let logs = logs(context, args);
    let paths = logs.iter().filter_map(path_of).collect::<Vec<_>>();
    let waiting = Waiting::new(args.poll, &paths)?;
    let start = if args.from_start { StartAt::Beginning } else { StartAt::End };
    let zones = SourceZones { stated, configured: workspace.zones.clone() };
    let scanning = ScanOptions { format, zones, own_formats, ..ScanOptions::at(now()) };
    let watch = Watch::new(&program, scanning, logs, start, state);
    let knowledge = Knowledge { program: &program, index, options, confidence };
    let store = path.map(|path| Kept { path, _lock: lock });
    Running { args, knowledge, watch, store, pace: Pace::default(), is_unsaved: true, has_printed: false }
        .run(&waiting)?;
    Ok(ExitCode::SUCCESS)
}

fn logs(context: &Context, args: &WatchArgs) -> Vec<Input> {
    let named = args.source.iter().map(|(name, path)| Input::named(name, context.here.join(path)));
    args.paths.iter().map(|path| Input::path_in(&context.here, path)).chain(named).collect()
}

fn path_of(log: &Input) -> Option<PathBuf> {
    match &log.kind {
        InputKind::Path(path) => Some(path.clone()),
        InputKind::Stdin | InputKind::Bytes(_) => None,
    }
}

/// What findings are judged by.
struct Knowledge<'a> {
    program: &'a Program,
    index: Index,
    options: SearchOptions,
    confidence: Confidence,
}

impl Knowledge<'_> {
    fn diagnose(&self, scan: Scan) -> Result<Diagnosis, CommandError> {
        let Knowledge { program, index, options, confidence } = self;
        Ok(pipeline::diagnose(program, index, scan, &Facts::default(), options, confidence)?)
    }
}

/// The file that holds the state.
struct Kept {
    path: PathBuf,
    _lock: Option<File>,
}

/// Does something at most a tenth of the time.
#[derive(Default)]
struct Pace {
    next: Option<Instant>,
}

impl Pace {
    fn is_due(&self) -> bool {
        self.next.is_none_or(|next| Instant::now() >= next)
    }

    fn did(&mut self, begin: Instant) {
        self.next = Some(Instant::now() + begin.elapsed() * 9);
    }
}

struct Running<'a> {
    args: &'a WatchArgs,
    knowledge: Knowledge<'a>,
    watch: Watch<'a>,
    store: Option<Kept>,
    pace: Pace,
    /// Whether something was read since the state was saved.
    is_unsaved: bool,
    has_printed: bool,
}

impl Running<'_> {
    fn run(&mut self, waiting: &Waiting) -> Result<(), CommandError> {
        let mut read_at = Instant::now();
        let mut is_first = true;
        loop {
            let polled = self.watch.poll(Instant::now(), now(), &mut tell);
            if is_first {
                self.say_what_is_missing();
            }
            if polled.has_read {
                read_at = Instant::now();
                self.is_unsaved = true;
            }
            if self.pace.is_due() {
                self.show_and_save(self.args.every)?;
            }
            is_first = false;
            let is_over = self.args.once && !polled.has_read
                || self.args.until_idle.is_some_and(|idle| !polled.has_read && read_at.elapsed() >= idle);
            if waiting.is_ended() || is_over {
                return self.end();
            }
            let goes_on = polled.has_more || self.args.once && polled.has_read;
            if !goes_on {
                waiting.wait();
            }
        }
    }

    fn say_what_is_missing(&self) {
        for path in &self.args.paths {
            if !path.exists() {
                anstream::eprintln!("waiting for {}", crate::report::clean::on_one_line(&path.display().to_string()));
            }
        }
    }

    /// Prints the news and saves the state; in this order, so that nothing is counted that was not printed or would be
    /// printed later.
    fn show_and_save(&mut self, every: Duration) -> Result<(), CommandError> {
        let begin = Instant::now();
        let news = self.watch.news(begin, every);
        let has_news = news.is_some();
        if let Some(news) = news {
            self.show(news)?;
        }
        if has_news || self.is_unsaved {
            self.save()?;
            self.is_unsaved = false;
            self.pace.did(begin);
        }
        Ok(())
    }

    fn save(&self) -> Result<(), CommandError> {
        match &self.store {
            Some(kept) => Ok(self.watch.state().write(&kept.path)?),
            None => Ok(()),
        }
    }

    fn show(&mut self, News { scan, changes }: News) -> Result<(), CommandError> {
        let changed = |change: &crate::watch::Change| ChangedFinding {
            finding: scan.findings[change.finding].clone(),
            added: change.added,
            is_first: change.is_first,
        };
        let changed: Vec<ChangedFinding> = changes.iter().map(changed).collect();
        let diagnosis = self.knowledge.diagnose(scan)?;
        let view = WatchView { program: self.knowledge.program, diagnosis: &diagnosis, at: now() };
        self.has_printed = true;
        let mut out = io::BufWriter::new(AutoStream::auto(io::stdout()));
        for change in &changed {
            match self.args.format {
                Format::Text => text::watch_finding(&mut Page::new(&mut out, width()), view, change)?,
                Format::Json => {
                    serde_json::to_writer(&mut out, &json::watch_finding(view, change)).map_err(io::Error::from)?;
                    writeln!(out)?;
                }
            }
        }
        Ok(out.flush()?)
    }

    /// Shows the rest of the news, saves the state, and prints the diagnosis of everything.
    fn end(&mut self) -> Result<(), CommandError> {
        self.show_and_save(Duration::ZERO)?;
        if self.args.once && !self.has_printed {
            return Ok(());
        }
        let diagnosis = self.knowledge.diagnose(self.watch.scan())?;
        let program = self.knowledge.program;
        let view = DiagnosisView {
            program,
            diagnosis: &diagnosis,
            amount: self.args.amount.amount(),
            why: None,
            why_not: &[],
        };
        let mut out = io::BufWriter::new(AutoStream::auto(io::stdout()));
        match self.args.format {
            Format::Text => {
                writeln!(out)?;
                text::diagnosis(&mut Page::new(&mut out, width()), view)?;
            }
            Format::Json => {
                serde_json::to_writer(&mut out, &json::watch_summary(view)).map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
        Ok(out.flush()?)
    }
}

fn tell(notice: Notice) {
    match notice {
        Notice::Opened { name, line } => {
            anstream::eprintln!("watching {} from line {line}", crate::report::clean::on_one_line(&name));
        }
        Notice::Problem(problem) => warn(&problem),
    }
}
