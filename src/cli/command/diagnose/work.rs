//! A diagnosis that goes on: what is known so far, and what follows each time something more is.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::given;
use crate::case::{self, Case, CaseError, CaseFile, Found, Given, Log, Unknown};
use crate::cli::args::Diagnose;
use crate::cli::error::CommandError;
use crate::cli::{Session, now, warn};
use crate::infer::{self, Confidence, Diagnosis, Explanation, Facts};
use crate::log::Input;
use crate::matching::{self, Scan, ScanOptions, Unreadable};
use crate::pipeline;
use crate::rule::{CauseId, Program};
use crate::store::{SearchOptions, Store};

/// Everything known of one problem, and what it is judged with.
pub(super) struct Work<'a> {
    session: &'a Session,
    pub(super) program: &'a Program,
    pub(super) case: Case,
    /// Where the case is kept, if anywhere.
    file: Option<CaseFile>,
    /// What had come of the case before this run.
    before: Option<Found>,
    logs: Logs,
    store: Store,
    options: SearchOptions,
    confidence: Confidence,
}

/// What the logs showed.
struct Logs {
    /// Without the output of probes; with what is kept from logs that are gone.
    scan: Scan,
    /// Paths of those that could not be read.
    gone: Vec<PathBuf>,
    /// What standard input held, for reading it again.
    stdin: Option<Vec<u8>>,
}

impl<'a> Work<'a> {
    /// Takes up the case, if one is named, reads the logs and opens the store.
    pub(super) fn open(
        session: &'a Session,
        program: &'a Program,
        given: Given,
        args: &Diagnose,
    ) -> Result<Work<'a>, CommandError> {
        let mut file = None;
        let mut case = Case::opened(now());
        if let Some(path) = &args.case {
            let (opened, held) = CaseFile::open(&session.here, path)?;
            case = held.unwrap_or(case);
            file = Some(opened);
        }
        case.given.in_words_of(program);
        remark(&case, program);
        // Standard input of another run is gone.
        let holds_stdin = given.logs.iter().any(Log::is_piped);
        let dropped = case.given.take_up(given);
        let is_named = |log: &Log| {
            case.given.logs.iter().any(|named| session.here.join(&named.path) == session.here.join(&log.path))
        };
        for log in dropped.iter().filter(|log| !is_named(log)) {
            warn(&format!("the case's log `{}` is not read, since others were named", log.name()));
        }
        if case.given.logs.is_empty() {
            return Err(CommandError::usage("there is no log to read").hint("name one, or `-` for what is piped in"));
        }
        let stdin = if holds_stdin && args.interactive { Some(read_stdin()?) } else { None };
        let mut logs = Logs { scan: Scan::default(), gone: Vec::new(), stdin };
        let before = case.found.clone();
        logs.read(session, program, &case.given, before.as_ref(), holds_stdin)?;
        for unreadable in &logs.scan.unreadable {
            warn(&unreadable.reason);
        }
        if before.is_some() && !logs.gone.is_empty() {
            warn("what was found in it last time is kept, but not the articles that a search for its records found");
        }
        if logs.scan.sources.is_empty() && logs.scan.findings.is_empty() {
            return Err(CommandError::input("none of the logs could be read"));
        }
        let workspace = session.workspace()?;
        let (options, confidence) = (workspace.search_options(None)?, workspace.confidence()?);
        let store = match session.store_of(&workspace) {
            Ok(store) => store,
            Err(error) => {
                // Rules need no store: at night, a diagnosis without one's own articles is better than none.
                error.warn("going on with the bundled articles");
                pipeline::bundled_store(now().as_millisecond())?
            }
        };
        Ok(Work { session, program, case, file, before, logs, store, options, confidence })
    }

    /// What follows from everything known.
    pub(super) fn diagnose(&self) -> Result<Diagnosis, CommandError> {
        let (scan, facts) = self.known();
        Ok(pipeline::diagnose(self.program, &self.store, scan, &facts, &self.options, &self.confidence)?)
    }

    /// Where the probability of `cause` comes from.
    pub(super) fn explain(&self, cause: CauseId) -> Explanation {
        let (scan, facts) = self.known();
        infer::explain(self.program, &scan, &facts, cause)
    }

    /// What logs and probes showed, and what was said. A probe that does not show its symptom is as good as the answer no.
    fn known(&self) -> (Scan, Facts) {
        let given = &self.case.given;
        let (mut scan, mut facts) = (self.logs.scan.clone(), given.facts(self.program));
        for probe in &given.probes {
            let Some(id) = self.program.symptom_named(&probe.symptom) else { continue };
            if !matching::add_probe(self.program, &mut scan, id, &probe.name, probe.output.as_bytes()) {
                facts.answers.push((id, false));
            }
        }
        (scan, facts)
    }

    /// Reads one more log. What is wrong with it, if it cannot be read; then nothing has changed.
    pub(super) fn add_log(&mut self, log: Log) -> Result<Option<String>, CommandError> {
        let name = log.name();
        self.case.given.logs.push(log);
        let stdin = self.logs.stdin.clone();
        let has_stdin = stdin.is_some();
        let mut logs = Logs { scan: Scan::default(), gone: Vec::new(), stdin };
        logs.read(self.session, self.program, &self.case.given, self.before.as_ref(), has_stdin)?;
        let unreadable = logs.scan.unreadable.iter().find(|unreadable| unreadable.name == name);
        if let Some(unreadable) = unreadable {
            self.case.given.logs.pop();
            return Ok(Some(unreadable.reason.clone()));
        }
        self.logs = logs;
        Ok(None)
    }

    /// Writes down in the case what is known and what came of it, if the case is kept.
    pub(super) fn save(&mut self, diagnosis: &Diagnosis) -> Result<(), CaseError> {
        let (program, given, gone) = (self.program, &self.case.given, &self.logs.gone);
        let Some(file) = &mut self.file else { return Ok(()) };
        self.case.found = Some(Found::of(program, diagnosis, given, self.before.as_ref(), gone, now()));
        file.save(&self.session.here, &self.case, now())
    }

    /// Keeps the case at `path` from now on. `false` where there is another file.
    pub(super) fn keep_at(&mut self, path: &Path) -> Result<bool, CaseError> {
        let here = &self.session.here;
        if self.path().is_some_and(|kept| here.join(kept) == here.join(path)) {
            return Ok(true);
        }
        if here.join(path).exists() {
            return Ok(false);
        }
        let (file, _) = CaseFile::open(here, path)?;
        self.file = Some(file);
        Ok(true)
    }

    /// Where the case is kept.
    pub(super) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(CaseFile::path)
    }
}

/// What the user must know of a case that is taken up.
fn remark(case: &Case, program: &Program) {
    for unknown in case::unknown_names(case, program) {
        let (kind, name) = match &unknown {
            Unknown::Symptom(name) => ("symptom", name),
            Unknown::Cause(name) => ("cause", name),
            Unknown::Resolution(name) => ("resolution", name),
        };
        warn(&format!("no rule has the {kind} `{name}` of the case: it stays there, and counts for nothing"));
    }
    if case.closed.is_some() {
        warn("the case is closed, and stays so");
    }
}

fn read_stdin() -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| CommandError::input(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}

impl Logs {
    /// Reads all logs of `given`. Those that cannot be read are noted; of `before`, what they showed is kept.
    fn read(
        &mut self,
        session: &Session,
        program: &Program,
        given: &Given,
        before: Option<&Found>,
        has_stdin: bool,
    ) -> Result<(), CommandError> {
        let mut options = ScanOptions::at(now());
        options.format = given.log_format.as_deref().map(given::log_format).transpose()?;
        let (lost, readable): (Vec<&Log>, Vec<&Log>) = given.logs.iter().partition(|log| log.is_piped() && !has_stdin);
        let inputs = readable.into_iter().map(|log| self.input(session, log)).collect();
        self.scan = matching::scan(program, inputs, &options);
        self.scan.unreadable.extend(lost.iter().map(|log| Unreadable {
            name: log.name(),
            reason: "what was piped in before cannot be read again".to_owned(),
        }));
        let is_gone = |log: &&Log| {
            let of_log =
                |unread: &Unreadable| unread.name == log.name() || Path::new(&unread.name).starts_with(&log.path);
            self.scan.unreadable.iter().any(of_log)
        };
        self.gone = given.logs.iter().filter(is_gone).map(|log| log.path.clone()).collect();
        if let Some(before) = before {
            case::keep(program, &mut self.scan, before, &self.gone);
        }
        Ok(())
    }

    fn input(&self, session: &Session, log: &Log) -> Input {
        match (&self.stdin, &log.source) {
            (Some(bytes), _) if log.is_piped() => Input::bytes(log.name(), bytes.clone()),
            (None, _) if log.is_piped() => Input { name: log.name(), ..Input::stdin() },
            (_, Some(name)) => Input::named(name, session.here.join(&log.path)),
            (_, None) => Input::path(&log.path),
        }
    }
}
