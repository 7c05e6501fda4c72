//! The questions of a session: which to ask next, and what a reply changes.

use jiff::Timestamp;

use super::given::is_version;
use super::{Session, SessionError};
use crate::case::{Answer, Given, Log, Probe};
use crate::infer::{AnyCheck, CheckMeans, Diagnosis, checks_by_value};
use crate::rule::{Program, SymptomId};

/// A question to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Whether the symptom is there: yes or no.
    YesNo(SymptomId),
    /// The output of the symptom's probe.
    Output(SymptomId),
    /// A log of a source that the symptom is read from.
    Log(SymptomId),
    /// The version of a product.
    Version(String),
}

/// A reply to a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The symptom is there.
    Yes,
    /// The symptom is not there.
    No,
    /// The user cannot tell.
    Unknown,
    /// The output of a probe, the path of a log, or a version.
    Text(String),
}

/// The effect of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Something new is known: the diagnosis has to be made again.
    Changed,
    /// The case notes that the user cannot tell; the diagnosis stays the same.
    Noted,
    /// Nothing changed: the user does not know the answer.
    Nothing,
    /// The log cannot be read. Contains the reason.
    Unreadable(String),
    /// The reply does not fit the question.
    Misfit,
}

impl Question {
    fn from_check(check: &AnyCheck) -> Question {
        match check {
            AnyCheck::Version(check) => Question::Version(check.product.clone()),
            AnyCheck::Symptom(check) => match check.means {
                CheckMeans::Ask => Question::YesNo(check.symptom),
                CheckMeans::Probe => Question::Output(check.symptom),
                CheckMeans::Source => Question::Log(check.symptom),
            },
        }
    }
}

/// The questions that the user answered with "unknown" before.
pub(super) fn not_to_ask(program: &Program, given: &Given) -> Vec<Question> {
    let unknown = given.answers.iter().filter(|(_, answer)| **answer == Answer::Unknown);
    let symptoms = unknown.filter_map(|(name, _)| program.symptom_named(name));
    symptoms.flat_map(|id| [Question::YesNo(id), Question::Output(id), Question::Log(id)]).collect()
}

impl Session<'_> {
    /// The open question that is worth most for its cost, with the check that it comes from. `None` if no question is
    /// worth its cost.
    pub fn next_question<'d>(&self, diagnosis: &'d Diagnosis) -> Option<(Question, AnyCheck<'d>)> {
        let checks = checks_by_value(self.program(), diagnosis).into_iter();
        let mut questions = checks.map(|check| (Question::from_check(&check), check));
        questions.find(|(question, _)| !self.skipped.contains(question))
    }

    /// Makes sure that `question` is not asked again in this session.
    pub fn skip(&mut self, question: Question) {
        self.skipped.push(question);
    }

    /// Adds the reply to what is known.
    pub fn reply(&mut self, question: &Question, reply: Reply, now: Timestamp) -> Result<Effect, SessionError> {
        let program = self.program();
        match (question, reply) {
            (Question::Version(_), Reply::Unknown) => Ok(Effect::Nothing),
            (Question::YesNo(id) | Question::Output(id) | Question::Log(id), Reply::Unknown) => {
                self.add_answer(*id, Answer::Unknown);
                Ok(Effect::Noted)
            }
            (Question::YesNo(id) | Question::Output(id) | Question::Log(id), Reply::Yes) => {
                Ok(self.add_answer(*id, Answer::Yes))
            }
            (Question::YesNo(id) | Question::Output(id) | Question::Log(id), Reply::No) => {
                Ok(self.add_answer(*id, Answer::No))
            }
            (Question::Output(id), Reply::Text(output)) => {
                let symptom = program.symptom(*id).name.clone();
                let probes = vec![Probe { name: format!("{symptom} (pasted)"), symptom, output }];
                Ok(self.add(Given { probes, ..Given::default() }))
            }
            (Question::Log(id), Reply::Text(path)) if !path.is_empty() => {
                let source = program.symptom(*id).on.first().cloned();
                self.add_log(Log { path: path.into(), source }, now)
            }
            (Question::Version(product), Reply::Text(version)) if is_version(product, &version) => {
                let products = [(product.clone(), version)].into();
                Ok(self.add(Given { products, ..Given::default() }))
            }
            (Question::YesNo(_) | Question::Log(_), Reply::Text(_)) | (Question::Version(_), _) => Ok(Effect::Misfit),
        }
    }

    fn add_answer(&mut self, id: SymptomId, answer: Answer) -> Effect {
        let name = self.program().symptom(id).name.clone();
        self.add(Given { answers: [(name, answer)].into(), ..Given::default() })
    }

    fn add(&mut self, newer: Given) -> Effect {
        self.read.case.given.add(newer);
        Effect::Changed
    }
}
