//! `casebook diagnose -i`: asks the question whose answer is worth most for its cost, and shows what the answer
//! changes, until no question is worth its cost.
//!
//! Reads and writes plain lines, as `search -i` does. [`Session`] decides what to ask and what an answer changes.

use std::io::{self, BufRead, Write};

use super::line::{HELP, Line};
use crate::case::Log;
use crate::cli::error::CommandError;
use crate::cli::now;
use crate::error::chain;
use crate::infer::Diagnosis;
use crate::report::text::{self, Page};
use crate::report::{Amount, DiagnosisView};
use crate::session::{self, Effect, Question, Reply, Session};

/// The step after a question.
enum Next {
    /// Repeat the diagnosis with the answer, and show what changed.
    Diagnose,
    /// Ask another question instead.
    Skip,
    Quit,
}

struct Dialogue<'a, 's> {
    session: &'a mut Session<'s>,
    diagnosis: Diagnosis,
    /// Most entries of each list in a report.
    amount: Amount,
    out: &'a mut dyn Write,
    width: usize,
}

/// Asks questions, and reads answers and commands from `input`, until it ends or no question is worth its cost. Returns
/// the last diagnosis.
pub(super) fn run(
    session: &mut Session,
    diagnosis: Diagnosis,
    amount: Amount,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    width: usize,
) -> Result<Diagnosis, CommandError> {
    let mut dialogue = Dialogue { session, diagnosis, amount, out, width };
    dialogue.talk(input)?;
    Ok(dialogue.diagnosis)
}

impl Dialogue<'_, '_> {
    fn talk(&mut self, input: &mut dyn BufRead) -> Result<(), CommandError> {
        writeln!(self.out)?;
        self.page().note(HELP)?;
        while let Some(question) = self.ask()? {
            match self.answer(&question, input)? {
                Next::Diagnose => self.diagnose_again()?,
                Next::Skip => self.session.skip(question),
                Next::Quit => break,
            }
        }
        text::ended(
            &mut Page::new(self.out, self.width),
            view(self.session, &self.diagnosis, self.amount),
            self.session.path(),
        )?;
        Ok(())
    }

    fn page(&mut self) -> Page<'_> {
        Page::new(self.out, self.width)
    }

    /// Prints and returns the next question; `None` if no question is left.
    fn ask(&mut self) -> Result<Option<Question>, CommandError> {
        match self.session.next_question(&self.diagnosis) {
            Some((question, check)) => {
                text::check(
                    &mut Page::new(self.out, self.width),
                    view(self.session, &self.diagnosis, self.amount),
                    check,
                )?;
                Ok(Some(question))
            }
            None => {
                self.page().note("nothing else is worth finding out")?;
                Ok(None)
            }
        }
    }

    /// Reads lines until one of them answers, skips or ends the question.
    fn answer(&mut self, question: &Question, input: &mut dyn BufRead) -> Result<Next, CommandError> {
        loop {
            write!(self.out, "> ")?;
            self.out.flush()?;
            let Some(line) = next_line(input)? else {
                writeln!(self.out)?;
                return Ok(Next::Quit);
            };
            if let Some(next) = self.obey(question, &line, input)? {
                return Ok(next);
            }
        }
    }

    /// Obeys a line: a command, or an answer to `question`. Returns `None` if the question is still open.
    fn obey(&mut self, question: &Question, line: &str, input: &mut dyn BufRead) -> Result<Option<Next>, CommandError> {
        match Line::parse(line) {
            Line::Quit => Ok(Some(Next::Quit)),
            Line::Skip => Ok(Some(Next::Skip)),
            Line::Help => self.say(HELP),
            Line::Report => {
                text::diagnosis(
                    &mut Page::new(self.out, self.width),
                    view(self.session, &self.diagnosis, self.amount),
                )?;
                Ok(None)
            }
            Line::Why(name) => self.why(name.as_deref()),
            Line::Tried(name) => match self.session.add_tried(&name) {
                Ok(()) => Ok(Some(Next::Diagnose)),
                Err(error) => self.say(&CommandError::from(error).in_a_line()),
            },
            Line::Log(path) => {
                let effect = self.session.add_log(Log { path, source: None }, now())?;
                self.follow(question, effect)
            }
            Line::Save(path) => match self.session.set_path(&path) {
                Ok(true) => self.save_and_say(),
                Ok(false) => self.say(&format!("the file `{}` exists already", path.display())),
                Err(error) => self.say(&chain(&error)),
            },
            Line::Yes => self.reply(question, Reply::Yes),
            Line::No => self.reply(question, Reply::No),
            Line::Unknown => self.reply(question, Reply::Unknown),
            Line::Text(text) => {
                let text = if let Question::Output(_) = question { pasted(line, input)? } else { text };
                self.reply(question, Reply::Text(text))
            }
        }
    }

    fn reply(&mut self, question: &Question, reply: Reply) -> Result<Option<Next>, CommandError> {
        let effect = self.session.reply(question, reply, now())?;
        self.follow(question, effect)
    }

    fn follow(&mut self, question: &Question, effect: Effect) -> Result<Option<Next>, CommandError> {
        match effect {
            Effect::Changed => Ok(Some(Next::Diagnose)),
            Effect::Nothing => Ok(Some(Next::Skip)),
            Effect::Noted => {
                self.save()?;
                Ok(Some(Next::Skip))
            }
            Effect::Unreadable(reason) => self.say(&reason),
            Effect::Misfit => self.say(match question {
                Question::YesNo(_) | Question::Output(_) => "answer y, n or ?, or type `help`",
                Question::Log(_) => "type the path of a log, or ?, or `help`",
                Question::Version(_) => "type a version such as `5.5` or `5.5 SP3`, or ?, or `help`",
            }),
        }
    }

    fn say(&mut self, text: &str) -> Result<Option<Next>, CommandError> {
        self.page().note(text)?;
        Ok(None)
    }

    fn why(&mut self, name: Option<&str>) -> Result<Option<Next>, CommandError> {
        let program = self.session.program();
        let cause = match name {
            Some(name) => match session::cause(program, name) {
                Ok(cause) => Some(cause),
                Err(error) => return self.say(&CommandError::from(error).in_a_line()),
            },
            None => self.diagnosis.causes.first().map(|top| top.cause),
        };
        let Some(cause) = cause else {
            return self.say("there is no cause to explain: no rule connects what was seen with a cause");
        };
        let (why, findings) = (self.session.explain(cause), &self.diagnosis.findings);
        text::why(&mut Page::new(self.out, self.width), program, &why, findings)?;
        Ok(None)
    }

    /// Repeats the diagnosis, shows what changed, and saves the case.
    fn diagnose_again(&mut self) -> Result<(), CommandError> {
        let before = std::mem::replace(&mut self.diagnosis, self.session.diagnose()?);
        let program = self.session.program();
        text::changes(&mut Page::new(self.out, self.width), program, &before, &self.diagnosis)?;
        self.save()
    }

    fn save_and_say(&mut self) -> Result<Option<Next>, CommandError> {
        match self.session.save(&self.diagnosis, now()) {
            Ok(()) => self.say("saved"),
            Err(error) => self.say(&chain(&error)),
        }
    }

    /// Saves the case. If that fails, prints why, and the dialogue continues.
    fn save(&mut self) -> Result<(), CommandError> {
        match self.session.save(&self.diagnosis, now()) {
            Ok(()) => Ok(()),
            Err(error) => Ok(self.page().note(&format!("not saved: {}; use `save FILE`", chain(&error)))?),
        }
    }
}

fn view<'a>(session: &Session<'a>, diagnosis: &'a Diagnosis, amount: Amount) -> DiagnosisView<'a> {
    DiagnosisView { program: session.program(), diagnosis, amount, why: None, why_not: &[] }
}

/// Reads the next line with its line end; `None` at the end of the input.
fn next_line(input: &mut dyn BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let len = input.read_until(b'\n', &mut line)?;
    Ok((len > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}

/// Returns a pasted text whose first line is `first`; reads the other lines from `input`. The text ends before a line
/// with only a dot, or with the input.
fn pasted(first: &str, input: &mut dyn BufRead) -> io::Result<String> {
    let mut output = String::new();
    let mut line = Some(first.to_owned());
    while let Some(text) = line.filter(|line| line.trim_end() != ".") {
        output.push_str(&text);
        line = next_line(input)?;
    }
    Ok(output)
}
