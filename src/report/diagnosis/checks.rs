//! The section of the next checks, as questions.

use std::time::Duration;

use super::{BRIEF_CHECKS, DiagnosisView, fill, plain, unless_empty};
use crate::infer::{CheckMeans, NextCheck, VersionCheck};
use crate::report::document::{Block, Item, Mark, Section, TextLine, Tone};
use crate::rule::{Symptom, Template};
use crate::value::duration_text;

impl<'a> DiagnosisView<'a> {
    pub(super) fn next_checks(self) -> Option<Section<'a>> {
        let symptoms = self.top(&self.diagnosis.next_checks, BRIEF_CHECKS).iter().map(|check| self.check(check));
        let versions = self.diagnosis.version_checks.iter().map(version);
        let items = symptoms.chain(versions).collect();
        unless_empty(Section::new("checks", "Worth finding out", items))
    }

    fn check(self, check: &NextCheck) -> Item<'static> {
        let symptom = self.program.symptom(check.symptom);
        let (question, how) = question(symptom, check);
        let option = match check.means {
            CheckMeans::Ask => Some(format!("--answer {}=yes|no", symptom.name)),
            CheckMeans::Probe => Some(format!("--probe {}=FILE", symptom.name)),
            CheckMeans::Source => None,
        };
        let facts = TextLine { option, ..TextLine::new(Tone::Quiet, self.check_facts(check)) };
        let parts = how.map(|how| Block::How(how.into_text())).into_iter().chain([Block::Line(facts)]).collect();
        Item { parts, ..Item::new(Mark::Question, question) }
    }

    /// How long a check takes, and how much time its answer saves.
    pub(in crate::report) fn check_facts(self, check: &NextCheck) -> String {
        let cost = duration_text(self.program.symptom(check.symptom).cost);
        format!("takes {cost}, saves {} on average", about(check.value))
    }
}

fn version(check: &VersionCheck) -> Item<'static> {
    let option = Some(format!("--product {}=VERSION", check.product));
    let facts = TextLine { option, ..TextLine::new(Tone::Quiet, format!("saves {} on average", about(check.value))) };
    let question = format!("Which version of {} is installed?", check.product);
    Item { parts: vec![Block::Line(facts)], ..Item::new(Mark::Question, question) }
}

/// How to find the answer to a question.
pub(in crate::report) enum How {
    /// A command to run by hand.
    Command(String),
    /// Where to look.
    Words(String),
}

impl How {
    pub(in crate::report) fn into_text(self) -> String {
        match self {
            How::Command(text) | How::Words(text) => text,
        }
    }
}

/// The question that a check asks, and how to find the answer: a command or a place to look.
pub(in crate::report) fn question(symptom: &Symptom, check: &NextCheck) -> (String, Option<How>) {
    let text = |template: &Template| plain(template, &check.captures, None);
    let how = symptom.how.as_ref().map(|how| How::Words(text(how)));
    match (check.means, &symptom.ask, &symptom.probe) {
        (CheckMeans::Probe, _, Some(probe)) => {
            let run = probe.run.as_ref().map(|run| fill(run, &check.captures));
            let how = match (run, how) {
                (None, how) => how,
                (Some(Ok(run)), _) => Some(How::Command(run)),
                (Some(Err(withheld)), None) => Some(How::Words(withheld)),
                (Some(Err(withheld)), Some(how)) => Some(How::Words(format!("{} ({withheld})", how.into_text()))),
            };
            (text(&probe.question), how)
        }
        (CheckMeans::Ask, Some(ask), _) => (text(ask), how),
        (CheckMeans::Ask | CheckMeans::Probe | CheckMeans::Source, _, _) => {
            let logs = format!("hand in the log of {} as well", symptom.on.join(" or "));
            (text(&symptom.title), Some(How::Words(logs)))
        }
    }
}

/// Formats an expected time in whole seconds, at least one, because the estimate is no more exact than that.
pub(in crate::report) fn about(time: Duration) -> String {
    duration_text(Duration::from_secs(time.as_secs().max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_shown_in_whole_seconds() {
        assert_eq!(about(Duration::from_millis(90_250)), "1m30s");
        assert_eq!(about(Duration::from_millis(250)), "1s");
    }
}
