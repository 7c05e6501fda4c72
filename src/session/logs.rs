//! The logs of a session: read together, and again whenever one is added.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{SessionError, Warning, given};
use crate::case::{self, Given, Log, SavedDiagnosis};
use crate::log::{self, Input, Period, Profile, ReadOptions, SourceZone, SourceZones};
use crate::matching::{self, Scan, ScanOptions, Unreadable};
use crate::rule::Program;

/// Findings of all logs.
pub(super) struct Logs {
    /// The findings of the logs, without the output of probes; of the logs in `gone`, the findings of the last
    /// diagnosis.
    pub(super) scan: Scan,
    /// The paths of the logs that could not be read.
    pub(super) gone: Vec<PathBuf>,
}

/// Everything except the list of logs that reading them depends on.
pub(super) struct Reading<'a> {
    pub(super) here: &'a Path,
    pub(super) piped: Option<&'a Input>,
    pub(super) normal: Option<Arc<Profile>>,
    pub(super) zones: &'a [SourceZone],
    pub(super) now: Timestamp,
}

impl Logs {
    /// Reads all logs of `given`. For those that cannot be read, the findings of `before` are kept.
    pub(super) fn read(
        program: &Program,
        given: &Given,
        before: Option<&SavedDiagnosis>,
        reading: Reading<'_>,
    ) -> Result<Logs, SessionError> {
        let Reading { here, piped, normal, zones, now } = reading;
        let options = ScanOptions { normal, ..scan_options(program, given, zones, now)? };
        let (inputs, lost) = inputs(given, here, piped);
        let mut scan = matching::scan(program, inputs, &options);
        scan.unreadable.extend(lost);
        let gone = given.logs.iter().filter(|log| is_unreadable(log, &scan)).map(|log| log.path.clone()).collect();
        let mut logs = Logs { scan, gone };
        if let Some(before) = before {
            case::keep(program, &mut logs.scan, before, &logs.gone);
        }
        Ok(logs)
    }

    pub(super) fn warn_about_unread(&self, has_earlier: bool, warn: &mut dyn FnMut(Warning)) {
        for unreadable in &self.scan.unreadable {
            warn(Warning::Unreadable(unreadable.reason.clone()));
        }
        if has_earlier && !self.gone.is_empty() {
            warn(Warning::FindingsKept);
        }
    }

    /// Whether no log was read and no finding was kept.
    pub(super) fn hold_nothing(&self) -> bool {
        self.scan.sources.is_empty() && self.scan.findings.is_empty()
    }
}

/// Returns how to scan the logs of `given` for the symptoms of `program`. `zones` are the zones that casebook.toml states.
pub(super) fn scan_options(
    program: &Program,
    given: &Given,
    zones: &[SourceZone],
    now: Timestamp,
) -> Result<ScanOptions, SessionError> {
    let own_formats = program.formats.clone();
    let format = given.log_format.as_deref().map(|name| given::log_format(name, &own_formats)).transpose()?;
    let stated = given.zone.as_deref().map(given::zone).transpose()?;
    let zones = SourceZones { stated, configured: zones.to_vec() };
    let period = Period { since: given.since, until: given.until };
    Ok(ScanOptions { format, own_formats, zones, period, ..ScanOptions::at(now) })
}

/// Returns the time that is by `last` before the latest time in the logs. Reads them to their ends.
pub(super) fn start_of_last(
    last: Span,
    program: &Program,
    given: &Given,
    reading: &Reading<'_>,
) -> Result<Timestamp, SessionError> {
    let options = scan_options(program, given, reading.zones, reading.now)?;
    let (inputs, _) = inputs(given, reading.here, reading.piped);
    let (format, own_formats) = (options.format, options.own_formats);
    let read = ReadOptions { format, own_formats, ..ReadOptions::at(reading.now) };
    let latest = log::latest_time(inputs, &read, &options.zones).ok_or(SessionError::NoTimes)?;
    let zone = options.zones.stated.unwrap_or(TimeZone::UTC);
    Ok(log::before(latest, last, &zone).unwrap_or(Timestamp::MIN))
}

/// Reads the logs from normal operation at `paths`, in the same log format as those of `given`. Returns their messages;
/// `None` if `paths` is empty.
pub(super) fn profile(
    program: &Program,
    here: &Path,
    paths: &[PathBuf],
    given: &Given,
    now: Timestamp,
) -> Result<Option<Arc<Profile>>, SessionError> {
    let mut profile = Profile::default();
    let options = scan_options(program, given, &[], now)?;
    for path in paths {
        let input = Input::path_in(here, path);
        profile.read(input, &options.all_reading(), &options.zones).map_err(SessionError::Baseline)?;
    }
    Ok((!paths.is_empty()).then(|| Arc::new(profile)))
}

/// Returns the inputs for the logs of `given`, and the logs that cannot be read again because they were piped in.
pub(super) fn inputs(given: &Given, here: &Path, piped: Option<&Input>) -> (Vec<Input>, Vec<Unreadable>) {
    let mut inputs = Vec::with_capacity(given.logs.len());
    let mut lost = Vec::new();
    for log in &given.logs {
        match (log.is_piped(), piped, &log.source) {
            (true, Some(piped), _) => inputs.push(Input { name: log.name(), ..piped.clone() }),
            (true, None, _) => lost.push(Unreadable {
                name: log.name(),
                reason: "the log that was piped in before cannot be read again".to_owned(),
                is_partial: false,
            }),
            (false, _, Some(name)) => inputs.push(Input::named(name, here.join(&log.path))),
            (false, _, None) => inputs.push(Input::path_in(here, &log.path)),
        }
    }
    (inputs, lost)
}

/// Whether the log, or a file in it, could not be read to its end. Files that are no logs do not count.
fn is_unreadable(log: &Log, scan: &Scan) -> bool {
    let names = scan.unreadable.iter().filter(|unreadable| !unreadable.is_partial).map(|unreadable| &unreadable.name);
    names.into_iter().any(|name| *name == log.name() || Path::new(name).starts_with(&log.path))
}
