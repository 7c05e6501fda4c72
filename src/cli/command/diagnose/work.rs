//! A diagnosis that goes on: what is known so far, and what follows each time something more is.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{DiagnoseArgs, given};
use crate::case::{self, Case, CaseError, CaseFile, Found, Given, Log, Unknown};
use crate::cli::error::CommandError;
use crate::cli::{Session, now, warn};
use crate::infer::{self, Confidence, Diagnosis, Explanation, Facts};
use crate::log::{Input, Profile};
use crate::matching::{self, Finding, Looking, NotSeen, Scan, ScanOptions, Status, Unreadable};
use crate::pipeline::{self, Consulted};
use crate::rule::{CauseId, Program, SymptomId};
use crate::store::{Index, SearchOptions};

/// Everything known of one problem, and what it is judged with.
pub(super) struct Work<'a> {
    session: &'a Session,
    pub(super) program: &'a Program,
    pub(super) case: Case,
    /// Where the case is kept, if anywhere.
    file: Option<CaseFile>,
    /// What had come of the case before this run.
    before: Option<Found>,
    stdin: Stdin,
    /// What is normal, where the user showed it.
    normal: Option<Arc<Profile>>,
    logs: Logs,
    /// What the KB has to say of these logs.
    consulted: Consulted,
    index: Index,
    options: SearchOptions,
    confidence: Confidence,
}

/// What a log called `-` is.
enum Stdin {
    /// Standard input, not read yet.
    Open,
    /// What it held, for reading it again.
    Held(Vec<u8>),
    /// That of an earlier run.
    Gone,
}

/// What the logs showed.
struct Logs {
    /// Without the output of probes; with what is kept from logs that are gone.
    scan: Scan,
    /// Paths of those that could not be read.
    gone: Vec<PathBuf>,
}

impl<'a> Work<'a> {
    /// Takes up the case, if one is named, reads the logs and opens the store.
    pub(super) fn open(
        session: &'a Session,
        program: &'a Program,
        given: Given,
        args: &DiagnoseArgs,
    ) -> Result<Work<'a>, CommandError> {
        let (file, mut case) = opened(session, args.case.as_deref())?;
        case.given.in_words_of(program);
        remark(&case, program);
        let stdin = Stdin::of(&given, args.interactive || !args.why_not.is_empty())?;
        take_up(session, &mut case.given, given);
        if case.given.logs.is_empty() {
            return Err(CommandError::usage("there is no log to read").hint("name one, or `-` for what is piped in"));
        }
        let before = case.found.clone();
        let normal = normal(&args.baseline, &case.given)?;
        let logs = Logs::read(session, program, &case.given, before.as_ref(), &stdin, normal.clone())?;
        logs.remark(before.is_some())?;
        let workspace = session.workspace()?;
        let (options, confidence) = (workspace.search_options(None)?, workspace.confidence()?);
        let index = match session.index_of(&workspace) {
            Ok(index) => index,
            Err(error) => {
                // Rules need no store: at night, a diagnosis without one's own articles is better than none.
                error.warn("going on with the bundled articles");
                pipeline::bundled_index(now().as_millisecond())?
            }
        };
        let consulted = pipeline::consult(&index, &logs.scan, &options, &confidence)?;
        Ok(Work { session, program, case, file, before, stdin, normal, logs, consulted, index, options, confidence })
    }

    /// What follows from everything known.
    pub(super) fn diagnose(&self) -> Result<Diagnosis, CommandError> {
        let (scan, facts) = self.known();
        Ok(pipeline::conclude(self.program, &self.index, scan, &facts, self.consulted.clone())?)
    }

    /// Where the probability of `cause` comes from.
    pub(super) fn explain(&self, cause: CauseId) -> Explanation {
        let (scan, facts) = self.known();
        infer::explain(self.program, &scan, &facts, cause)
    }

    /// Why the symptom was not seen, as far as what was given tells; nothing more where it is among the findings.
    pub(super) fn near(&self, symptom: SymptomId, diagnosis: &Diagnosis) -> Result<NotSeen, CommandError> {
        let is_seen = |finding: &Finding| finding.symptom == symptom && finding.status == Status::Confirmed;
        if diagnosis.findings.iter().any(is_seen) {
            return Ok(NotSeen::nothing_read(symptom));
        }
        let given = &self.case.given;
        let (inputs, _) = inputs(self.session, given, &self.stdin);
        let name = &self.program.symptom(symptom).name;
        let probes = given.probes.iter().filter(|probe| probe.symptom == *name);
        let probes = probes.map(|probe| (probe.name.as_str(), probe.output.as_bytes())).collect();
        Ok(matching::near(self.program, symptom, Looking { inputs, probes }, &scan_options(given)?))
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
        let (before, normal) = (self.before.as_ref(), self.normal.clone());
        let logs = Logs::read(self.session, self.program, &self.case.given, before, &self.stdin, normal)?;
        let unreadable = logs.scan.unreadable.iter().find(|unreadable| unreadable.name == name);
        if let Some(unreadable) = unreadable {
            self.case.given.logs.pop();
            return Ok(Some(unreadable.reason.clone()));
        }
        self.consulted = pipeline::consult(&self.index, &logs.scan, &self.options, &self.confidence)?;
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

/// How the logs of `given` are read.
fn scan_options(given: &Given) -> Result<ScanOptions, CommandError> {
    let format = given.log_format.as_deref().map(given::log_format).transpose()?;
    Ok(ScanOptions { format, ..ScanOptions::at(now()) })
}

/// What the logs of ordinary times at `paths` hold, which are read as those of `given` are; `None` without any.
fn normal(paths: &[PathBuf], given: &Given) -> Result<Option<Arc<Profile>>, CommandError> {
    let mut profile = Profile::default();
    let options = scan_options(given)?.reading();
    for input in paths.iter().flat_map(|path| Input::path(path).members()) {
        let read = input.and_then(|input| profile.read(input, &options));
        read.map_err(|error| CommandError::input(format!("of the baseline: {error}")))?;
    }
    Ok((!paths.is_empty()).then(|| Arc::new(profile)))
}

/// The case file that is named, and its case; a new one where there is none.
fn opened(session: &Session, path: Option<&Path>) -> Result<(Option<CaseFile>, Case), CommandError> {
    let new = Case::opened(now());
    let Some(path) = path else { return Ok((None, new)) };
    let (file, held) = CaseFile::open(&session.here, path)?;
    Ok((Some(file), held.unwrap_or(new)))
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

/// Adds what is `newer`, and says which logs that leaves out.
fn take_up(session: &Session, given: &mut Given, newer: Given) {
    let before = given.take_up(newer);
    let place = |log: &Log| session.here.join(&log.path);
    let named: Vec<PathBuf> = given.logs.iter().map(place).collect();
    for log in before.iter().filter(|log| !named.contains(&place(log))) {
        warn(&format!("the case's log `{}` is not read, since others were named", log.name()));
    }
}

impl Stdin {
    /// What it is to a run that is `given` these; `again` where logs may be read more than once.
    fn of(given: &Given, again: bool) -> Result<Stdin, CommandError> {
        if !given.logs.iter().any(Log::is_piped) {
            return Ok(Stdin::Gone);
        }
        if !again {
            return Ok(Stdin::Open);
        }
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| CommandError::input(format!("cannot read standard input: {error}")))?;
        Ok(Stdin::Held(bytes))
    }

    /// What is to be read for `log`, if it can be read at all.
    fn input(&self, session: &Session, log: &Log) -> Option<Input> {
        match (log.is_piped(), self, &log.source) {
            (true, Stdin::Gone, _) => None,
            (true, Stdin::Open, _) => Some(Input { name: log.name(), ..Input::stdin() }),
            (true, Stdin::Held(bytes), _) => Some(Input::bytes(log.name(), bytes.clone())),
            (false, _, Some(name)) => Some(Input::named(name, session.here.join(&log.path))),
            (false, _, None) => Some(Input::path(&log.path)),
        }
    }
}

impl Logs {
    /// Reads all logs of `given`. Those that cannot be read are noted; of `before`, what they showed is kept.
    fn read(
        session: &Session,
        program: &Program,
        given: &Given,
        before: Option<&Found>,
        stdin: &Stdin,
        normal: Option<Arc<Profile>>,
    ) -> Result<Logs, CommandError> {
        let options = ScanOptions { normal, ..scan_options(given)? };
        let (inputs, lost) = inputs(session, given, stdin);
        let mut scan = matching::scan(program, inputs, &options);
        scan.unreadable.extend(lost);
        let gone = given.logs.iter().filter(|log| is_unreadable(log, &scan)).map(|log| log.path.clone()).collect();
        let mut logs = Logs { scan, gone };
        if let Some(before) = before {
            case::keep(program, &mut logs.scan, before, &logs.gone);
        }
        Ok(logs)
    }

    /// Says what could not be read. Fails where nothing is known then.
    fn remark(&self, is_taken_up: bool) -> Result<(), CommandError> {
        for unreadable in &self.scan.unreadable {
            warn(&unreadable.reason);
        }
        if is_taken_up && !self.gone.is_empty() {
            warn("what was found in it last time is kept, but not the articles that a search for its records found");
        }
        if self.scan.sources.is_empty() && self.scan.findings.is_empty() {
            return Err(CommandError::input("none of the logs could be read"));
        }
        Ok(())
    }
}

/// What is to be read for the logs of `given`, and which of them cannot be.
fn inputs(session: &Session, given: &Given, stdin: &Stdin) -> (Vec<Input>, Vec<Unreadable>) {
    let mut inputs = Vec::with_capacity(given.logs.len());
    let mut lost = Vec::new();
    for log in &given.logs {
        match stdin.input(session, log) {
            Some(input) => inputs.push(input),
            None => lost.push(Unreadable {
                name: log.name(),
                reason: "what was piped in before cannot be read again".to_owned(),
            }),
        }
    }
    (inputs, lost)
}

/// Whether the log, or a file in it, could not be read, or not to its end.
fn is_unreadable(log: &Log, scan: &Scan) -> bool {
    let names = scan.unreadable.iter().map(|unreadable| &unreadable.name);
    names.into_iter().any(|name| *name == log.name() || Path::new(name).starts_with(&log.path))
}
