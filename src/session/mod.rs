//! A session: keeps everything that is known about one problem, and can make a new diagnosis each time more is known.
//!
//! Every front end calls this module: the command line, and later a server and an editor. It reads the logs and the case
//! file that it is given. It does not print, and it reads neither the clock, the environment nor standard input: the caller
//! passes the time, the current folder and what was piped in. Warnings are data, passed to the caller as they arise.

mod error;
mod given;
mod logs;
mod question;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{Span, Timestamp};

use crate::case::{self, Case, CaseError, CaseFile, Given, Log, SavedDiagnosis};
use crate::infer::{self, Confidence, Diagnosis, Explanation, Facts};
use crate::log::{Input, Profile, SourceZone};
use crate::matching::{self, Finding, NotSeen, Scan, SearchedInputs, Status, Unreadable};
use crate::pipeline::{self, Consulted};
use crate::redact::{self, Redactor};
use crate::rule::{CauseId, Program, SymptomId};
use crate::store::{Index, SearchOptions};

pub use error::{SessionError, Warning};
pub use given::{NameKind, cause, check_given, check_version, log_format, probed_symptom, resolution, symptom, zone};
pub use question::{Effect, Question, Reply};

use logs::{Logs, Reading};

/// The knowledge base that a session searches.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    /// The articles.
    pub index: &'a Index,
    /// How the articles are searched.
    pub options: &'a SearchOptions,
    /// The weights that give an article its confidence.
    pub confidence: &'a Confidence,
}

/// The input of a new session.
pub struct Start<'a> {
    /// The current folder, which relative paths start from.
    pub here: &'a Path,
    /// The case file to continue, or to create.
    pub case: Option<&'a Path>,
    /// Logs, answers and other facts, as [`check_given`] returns them.
    pub given: Given,
    /// The content of the log called `-`; `None` when nothing was piped in.
    pub piped: Option<Input>,
    /// Logs from normal operation, or folders of such logs. Messages in them count for little when the articles are
    /// searched.
    pub baseline: &'a [PathBuf],
    /// The zones of logs that do not say it, from casebook.toml.
    pub zones: Vec<SourceZone>,
    /// How far the last part of the logs reaches back from their latest time, if only that part is to be read. Then what
    /// was piped in must be in memory, because it is read twice.
    pub last: Option<Span>,
    /// The current time.
    pub now: Timestamp,
}

/// The case and the logs of a session that has not searched the knowledge base yet. So a front end need not open a knowledge
/// base for logs that cannot be read.
pub struct ReadLogs<'a> {
    program: &'a Program,
    here: PathBuf,
    case: Case,
    /// The file that the case is saved to, if any.
    file: Option<CaseFile>,
    /// The diagnosis that the case held before this session.
    before: Option<SavedDiagnosis>,
    piped: Option<Input>,
    /// The messages of normal operation, if the user gave a baseline.
    normal: Option<Arc<Profile>>,
    zones: Vec<SourceZone>,
    logs: Logs,
}

/// One problem that is being diagnosed.
pub struct Session<'a> {
    read: ReadLogs<'a>,
    knowledge: Knowledge<'a>,
    /// The articles that fit the logs.
    consulted: Consulted,
    /// Questions that are not asked again.
    skipped: Vec<Question>,
}

impl<'a> ReadLogs<'a> {
    /// Opens the case, if one is named, and reads the logs with the rules of `program`.
    pub fn read(
        program: &'a Program,
        start: Start<'_>,
        warn: &mut dyn FnMut(Warning),
    ) -> Result<ReadLogs<'a>, SessionError> {
        let Start { here, case, given, piped, baseline, zones, last, now } = start;
        let (file, mut case) = open_case(here, case, now)?;
        case.given.use_names_of(program);
        warn_about_case(&case, program, warn);
        add_given(here, &mut case.given, given, warn);
        if case.given.logs.is_empty() {
            return Err(SessionError::NoLog);
        }
        let before = case.found.clone();
        let normal = logs::profile(program, here, baseline, &case.given, now)?;
        let reading = Reading { here, piped: piped.as_ref(), normal: normal.clone(), zones: &zones, now };
        if let Some(last) = last {
            case.given.since = Some(logs::start_of_last(last, program, &case.given, &reading)?);
            case.given.until = None;
        }
        let logs = Logs::read(program, &case.given, before.as_ref(), reading)?;
        logs.warn_about_unread(before.is_some(), warn);
        if logs.hold_nothing() {
            return Err(SessionError::NothingRead);
        }
        Ok(ReadLogs { program, here: here.to_owned(), case, file, before, piped, normal, zones, logs })
    }

    /// Searches the knowledge base for the logs, and begins the session.
    pub fn consult(self, knowledge: Knowledge<'a>) -> Result<Session<'a>, SessionError> {
        let Knowledge { index, options, confidence } = knowledge;
        let consulted = pipeline::consult(index, &self.logs.scan, options, confidence)?;
        let skipped = question::not_to_ask(self.program, &self.case.given);
        Ok(Session { read: self, knowledge, consulted, skipped })
    }
}

impl<'a> Session<'a> {
    /// The rules of this session.
    pub fn program(&self) -> &'a Program {
        self.read.program
    }

    /// The path that the case is saved to, as the user gave it.
    pub fn path(&self) -> Option<&Path> {
        self.read.file.as_ref().map(CaseFile::path)
    }

    /// Makes a diagnosis from everything known. The logs are not read again, and the knowledge base is not searched
    /// again.
    pub fn diagnose(&self) -> Result<Diagnosis, SessionError> {
        let (scan, facts) = self.known();
        Ok(pipeline::conclude(self.read.program, self.knowledge.index, scan, &facts, self.consulted.clone())?)
    }

    /// Explains the probability of `cause`.
    pub fn explain(&self, cause: CauseId) -> Explanation {
        let (scan, facts) = self.known();
        infer::explain(self.program(), &scan, &facts, cause)
    }

    /// Explains why the logs did not show `symptom`, by reading them once more. Empty for a symptom that `diagnosis` contains.
    pub fn why_not_seen(
        &self,
        symptom: SymptomId,
        diagnosis: &Diagnosis,
        now: Timestamp,
    ) -> Result<NotSeen, SessionError> {
        let is_seen = |finding: &Finding| finding.symptom == symptom && finding.status == Status::Confirmed;
        if diagnosis.findings.iter().any(is_seen) {
            return Ok(NotSeen::nothing_read(symptom));
        }
        let given = &self.read.case.given;
        let (inputs, _) = logs::inputs(given, &self.read.here, self.read.piped.as_ref());
        let name = &self.program().symptom(symptom).name;
        let probes = given.probes.iter().filter(|probe| probe.symptom == *name);
        let probes = probes.map(|probe| (probe.name.as_str(), probe.output.as_bytes())).collect();
        let options = logs::scan_options(self.program(), given, &self.read.zones, now)?;
        Ok(matching::why_not_seen(self.program(), symptom, SearchedInputs { inputs, probes }, &options))
    }

    /// Makes `redactor` learn the names in the logs and in the output of probes, by reading the logs once more.
    pub fn teach(&self, redactor: &mut Redactor, now: Timestamp) -> Result<(), SessionError> {
        let given = &self.read.case.given;
        let (inputs, _) = logs::inputs(given, &self.read.here, self.read.piped.as_ref());
        let options = logs::scan_options(self.program(), given, &self.read.zones, now)?;
        redact::learn_inputs(redactor, inputs, &options.all_reading(), &options.zones);
        given.probes.iter().for_each(|probe| redactor.learn(&probe.output));
        Ok(())
    }

    /// Returns the findings of logs and probes, and the facts that the user gave. A probe that does not show its
    /// symptom counts as the answer no.
    fn known(&self) -> (Scan, Facts) {
        let (program, given) = (self.program(), &self.read.case.given);
        let (mut scan, mut facts) = (self.read.logs.scan.clone(), given.facts(program));
        for probe in &given.probes {
            let Some(id) = program.symptom_named(&probe.symptom) else { continue };
            if !matching::add_probe(program, &mut scan, id, &probe.name, probe.output.as_bytes()) {
                facts.answers.push((id, false));
            }
        }
        (scan, facts)
    }

    /// Reads one more log. Returns [`Effect::Unreadable`] and changes nothing if it cannot be read.
    pub fn add_log(&mut self, log: Log, now: Timestamp) -> Result<Effect, SessionError> {
        let name = log.name();
        let mut given = self.read.case.given.clone();
        given.logs.push(log);
        let normal = self.read.normal.clone();
        let zones = &self.read.zones;
        let reading = Reading { here: &self.read.here, piped: self.read.piped.as_ref(), normal, zones, now };
        let Knowledge { index, options, confidence } = self.knowledge;
        let logs = Logs::read(self.read.program, &given, self.read.before.as_ref(), reading)?;
        let is_unread = |unreadable: &&Unreadable| unreadable.name == name && !unreadable.is_partial;
        if let Some(unreadable) = logs.scan.unreadable.iter().find(is_unread) {
            return Ok(Effect::Unreadable(unreadable.reason.clone()));
        }
        self.consulted = pipeline::consult(index, &logs.scan, options, confidence)?;
        self.read.logs = logs;
        self.read.case.given = given;
        Ok(Effect::Changed)
    }

    /// Notes that a resolution was tried and did not help.
    pub fn add_tried(&mut self, name: &str) -> Result<(), SessionError> {
        let id = resolution(self.program(), name)?;
        self.read.case.given.tried.insert(self.program().resolution(id).name.clone());
        Ok(())
    }

    /// Writes everything known and `diagnosis` into the case file, if there is one.
    pub fn save(&mut self, diagnosis: &Diagnosis, now: Timestamp) -> Result<(), CaseError> {
        let (program, given, gone) = (self.program(), &self.read.case.given, &self.read.logs.gone);
        let Some(file) = &mut self.read.file else { return Ok(()) };
        self.read.case.found =
            Some(SavedDiagnosis::new(program, diagnosis, given, self.read.before.as_ref(), gone, now));
        file.save(&self.read.here, &self.read.case, now)
    }

    /// Makes [`save`](Self::save) write the case to `path` from now on. Returns `false` and changes nothing if another
    /// file exists there.
    pub fn set_path(&mut self, path: &Path) -> Result<bool, CaseError> {
        let here = &self.read.here;
        if self.path().is_some_and(|current| here.join(current) == here.join(path)) {
            return Ok(true);
        }
        if here.join(path).exists() {
            return Ok(false);
        }
        let (file, _) = CaseFile::open(here, path)?;
        self.read.file = Some(file);
        Ok(true)
    }
}

/// Opens the case file at `path`, if one is given. Returns it with its case, or with a new case if the file does not
/// exist.
fn open_case(here: &Path, path: Option<&Path>, now: Timestamp) -> Result<(Option<CaseFile>, Case), CaseError> {
    let new = Case::opened(now);
    let Some(path) = path else { return Ok((None, new)) };
    let (file, case) = CaseFile::open(here, path)?;
    Ok((Some(file), case.unwrap_or(new)))
}

fn warn_about_case(case: &Case, program: &Program, warn: &mut dyn FnMut(Warning)) {
    for unknown in case::unknown_names(case, program) {
        warn(Warning::UnknownName(unknown));
    }
    if case.closed.is_some() {
        warn(Warning::Closed);
    }
}

/// Adds `newer` to `given`, with a warning for each log that it replaces.
fn add_given(here: &Path, given: &mut Given, newer: Given, warn: &mut dyn FnMut(Warning)) {
    let replaced = given.add(newer);
    let place = |log: &Log| here.join(&log.path);
    let named: Vec<PathBuf> = given.logs.iter().map(place).collect();
    for log in replaced.iter().filter(|log| !named.contains(&place(log))) {
        warn(Warning::LogReplaced(log.name()));
    }
}
