//! `casebook diagnose -i`: asks the check that is worth most, and says what the answer changes, until no check is worth its
//! cost.
//!
//! Plain lines in and out, as in `search -i`. Logs are read again only where a new one comes; an answer makes the diagnosis
//! anew from what was read.

use std::io::{BufRead, Write};

use super::given::is_version;
use super::reply::{HELP, Reply, reply};
use super::work::Work;
use crate::case::{Answer, Given, Log, Probe};
use crate::cli::error::CommandError;
use crate::cli::rules;
use crate::infer::{AnyCheck, CheckMeans, Diagnosis, checks_by_value};
use crate::pipeline::in_full;
use crate::report::DiagnosisView;
use crate::report::text::{self, Page};
use crate::rule::{Program, SymptomId};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    /// Yes or no.
    Question(SymptomId),
    /// What the command of its probe prints.
    Output(SymptomId),
    /// A log of a source that it is read from.
    Source(SymptomId),
    /// The version of a product.
    Version(String),
}

/// How a reply leaves the dialogue.
enum Then {
    /// Something new is known.
    Changed,
    /// Something else is asked.
    Next,
    /// It ends.
    Quit,
}

struct Dialogue<'a, 'w> {
    work: &'a mut Work<'w>,
    diagnosis: Diagnosis,
    /// Entries of each list of a report.
    limit: usize,
    /// Not to be asked again.
    skipped: Vec<Asked>,
    out: &'a mut dyn Write,
    width: usize,
}

/// Goes on from `diagnosis` as the lines of `input` say, until they end or nothing is worth asking. Returns what the
/// diagnosis has become.
pub(super) fn talk(
    work: &mut Work,
    diagnosis: Diagnosis,
    limit: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    width: usize,
) -> Result<Diagnosis, CommandError> {
    let skipped = not_to_be_told(work.program, &work.case.given);
    let mut dialogue = Dialogue { work, diagnosis, limit, skipped, out, width };
    dialogue.run(input)?;
    Ok(dialogue.diagnosis)
}

/// What the case says cannot be told.
fn not_to_be_told(program: &Program, given: &Given) -> Vec<Asked> {
    let unknown = given.answers.iter().filter(|(_, answer)| **answer == Answer::Unknown);
    let symptoms = unknown.filter_map(|(name, _)| program.symptom_named(name));
    symptoms.flat_map(|id| [Asked::Question(id), Asked::Output(id), Asked::Source(id)]).collect()
}

impl Dialogue<'_, '_> {
    fn run(&mut self, input: &mut dyn BufRead) -> Result<(), CommandError> {
        writeln!(self.out)?;
        self.page().note(HELP)?;
        while let Some(asked) = self.ask()? {
            let then = loop {
                write!(self.out, "> ")?;
                self.out.flush()?;
                let Some(line) = next_line(input)? else {
                    writeln!(self.out)?;
                    break Then::Quit;
                };
                if let Some(then) = self.take(&asked, &line, input)? {
                    break then;
                }
            };
            match then {
                Then::Changed => self.go_on()?,
                Then::Next => self.skipped.push(asked),
                Then::Quit => break,
            }
        }
        self.end()
    }

    fn page(&mut self) -> Page<'_> {
        Page::new(self.out, self.width)
    }

    /// Puts the question that is worth most, if one is left.
    fn ask(&mut self) -> Result<Option<Asked>, CommandError> {
        let program = self.work.program;
        let open = |check: &AnyCheck| !self.skipped.contains(&asked(check));
        let Some(check) = checks_by_value(program, &self.diagnosis).into_iter().find(open) else {
            self.page().note("nothing else is worth finding out")?;
            return Ok(None);
        };
        let view = DiagnosisView { program, diagnosis: &self.diagnosis, limit: self.limit, why: None, why_not: &[] };
        text::check(&mut Page::new(self.out, self.width), view, check)?;
        Ok(Some(asked(&check)))
    }

    /// Does what `line` says. `None` where the same is to be asked again.
    fn take(&mut self, asked: &Asked, line: &str, input: &mut dyn BufRead) -> Result<Option<Then>, CommandError> {
        Ok(match reply(line) {
            Reply::Quit => Some(Then::Quit),
            Reply::Skip => Some(Then::Next),
            Reply::Help => self.say(HELP)?,
            Reply::Report => {
                let view = DiagnosisView {
                    program: self.work.program,
                    diagnosis: &self.diagnosis,
                    limit: self.limit,
                    why: None,
                    why_not: &[],
                };
                text::diagnosis(&mut Page::new(self.out, self.width), view)?;
                None
            }
            Reply::Why(name) => self.why(name.as_deref())?,
            Reply::Tried(name) => match rules::resolution(self.work.program, &name) {
                Ok(id) => {
                    let name = self.work.program.resolution(id).name.clone();
                    self.work.case.given.tried.insert(name);
                    Some(Then::Changed)
                }
                Err(error) => self.say(&error.in_a_line())?,
            },
            Reply::Log(path) => self.read(Log { path, source: None })?,
            Reply::Save(path) => match self.work.keep_at(&path) {
                Ok(true) => self.save_now()?,
                Ok(false) => self.say(&format!("there is a file `{}` already", path.display()))?,
                Err(error) => self.say(&in_full(&error))?,
            },
            given => self.answer(asked, given, line, input)?,
        })
    }

    /// Takes what is no command as the answer that was asked for.
    fn answer(
        &mut self,
        asked: &Asked,
        given: Reply,
        line: &str,
        input: &mut dyn BufRead,
    ) -> Result<Option<Then>, CommandError> {
        let program = self.work.program;
        Ok(match (asked, given) {
            (Asked::Version(_), Reply::Unknown) => Some(Then::Next),
            (Asked::Question(id) | Asked::Output(id) | Asked::Source(id), Reply::Unknown) => {
                self.put(*id, Answer::Unknown);
                self.keep()?;
                Some(Then::Next)
            }
            (Asked::Question(id) | Asked::Output(id) | Asked::Source(id), Reply::Yes) => {
                Some(self.put(*id, Answer::Yes))
            }
            (Asked::Question(id) | Asked::Output(id) | Asked::Source(id), Reply::No) => Some(self.put(*id, Answer::No)),
            (Asked::Output(id), _) => {
                let symptom = program.symptom(*id).name.clone();
                let (name, output) = (format!("{symptom} (pasted)"), pasted(line, input)?);
                let probes = vec![Probe { symptom, name, output }];
                self.work.case.given.take_up(Given { probes, ..Given::default() });
                Some(Then::Changed)
            }
            (Asked::Source(id), Reply::Text(path)) if !path.is_empty() => {
                let source = program.symptom(*id).on.first().cloned();
                self.read(Log { path: path.into(), source })?
            }
            (Asked::Version(product), Reply::Text(version)) if is_version(product, &version) => {
                let products = [(product.clone(), version)].into();
                self.work.case.given.take_up(Given { products, ..Given::default() });
                Some(Then::Changed)
            }
            (Asked::Question(_), _) => self.say("y, n or ?; or see `help`")?,
            (Asked::Source(_), _) => self.say("the path of a log, or ?; or see `help`")?,
            (Asked::Version(_), _) => self.say("a version such as `5.5` or `5.5 SP3`, or ?; or see `help`")?,
        })
    }

    fn put(&mut self, id: SymptomId, answer: Answer) -> Then {
        let name = self.work.program.symptom(id).name.clone();
        self.work.case.given.answers.insert(name, answer);
        Then::Changed
    }

    fn say(&mut self, text: &str) -> Result<Option<Then>, CommandError> {
        self.page().note(text)?;
        Ok(None)
    }

    fn read(&mut self, log: Log) -> Result<Option<Then>, CommandError> {
        match self.work.add_log(log)? {
            None => Ok(Some(Then::Changed)),
            Some(reason) => self.say(&reason),
        }
    }

    fn why(&mut self, name: Option<&str>) -> Result<Option<Then>, CommandError> {
        let program = self.work.program;
        let cause = match name {
            Some(name) => rules::cause(program, name).map_err(|error| error.in_a_line()),
            None => {
                let top = self.diagnosis.causes.first().map(|top| top.cause);
                top.ok_or_else(|| "no cause was considered: no rule says why what was seen happens".to_owned())
            }
        };
        match cause {
            Ok(cause) => text::why(&mut Page::new(self.out, self.width), program, &self.work.explain(cause))?,
            Err(reason) => self.page().note(&reason)?,
        }
        Ok(None)
    }

    /// Makes the diagnosis anew, says what changed, and keeps it.
    fn go_on(&mut self) -> Result<(), CommandError> {
        let before = std::mem::replace(&mut self.diagnosis, self.work.diagnose()?);
        let program = self.work.program;
        text::changes(&mut Page::new(self.out, self.width), program, &before, &self.diagnosis)?;
        self.keep()
    }

    fn save_now(&mut self) -> Result<Option<Then>, CommandError> {
        match self.work.save(&self.diagnosis) {
            Ok(()) => self.say("saved"),
            Err(error) => self.say(&in_full(&error)),
        }
    }

    /// Writes the case down. One that cannot be kept is no reason to stop.
    fn keep(&mut self) -> Result<(), CommandError> {
        match self.work.save(&self.diagnosis) {
            Ok(()) => Ok(()),
            Err(error) => Ok(self.page().note(&format!("not saved: {}; keep it with `save FILE`", in_full(&error)))?),
        }
    }

    /// Where things stand, and how to close the case.
    fn end(&mut self) -> Result<(), CommandError> {
        let program = self.work.program;
        let view = DiagnosisView { program, diagnosis: &self.diagnosis, limit: self.limit, why: None, why_not: &[] };
        text::ended(&mut Page::new(self.out, self.width), view, self.work.path())?;
        Ok(())
    }
}

fn asked(check: &AnyCheck) -> Asked {
    match check {
        AnyCheck::Version(check) => Asked::Version(check.product.clone()),
        AnyCheck::Symptom(check) => match check.means {
            CheckMeans::Ask => Asked::Question(check.symptom),
            CheckMeans::Probe => Asked::Output(check.symptom),
            CheckMeans::Source => Asked::Source(check.symptom),
        },
    }
}

/// The next line with its end; `None` at the end of the input.
fn next_line(input: &mut dyn BufRead) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let len = input.read_until(b'\n', &mut line)?;
    Ok((len > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}

/// What is pasted from `first` on, up to a line with only a dot, or the end.
fn pasted(first: &str, input: &mut dyn BufRead) -> std::io::Result<String> {
    let mut output = String::new();
    let mut line = Some(first.to_owned());
    while let Some(text) = line.filter(|line| line.trim_end() != ".") {
        output.push_str(&text);
        line = next_line(input)?;
    }
    Ok(output)
}
