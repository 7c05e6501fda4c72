//! Looks up the names in a case in the current rules.

use std::collections::BTreeMap;

use super::model::{Answer, Case, Closed, Given, Log};
use crate::infer::Facts;
use crate::product::{self, Release};
use crate::rule::{CauseId, Program};

/// A name that no rule has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnknownName {
    /// The name of a symptom.
    Symptom(String),
    /// The name of a cause.
    Cause(String),
    /// The name of a resolution.
    Resolution(String),
}

impl Given {
    /// The facts to infer from, without the output of probes. Names that no rule has are left out.
    pub fn facts(&self, program: &Program) -> Facts {
        let answers = self.answers.iter().filter_map(|(name, answer)| {
            let answer = match answer {
                Answer::Yes => true,
                Answer::No => false,
                Answer::Unknown => return None,
            };
            Some((program.symptom_named(name)?, answer))
        });
        Facts {
            answers: answers.collect(),
            products: self.products.iter().flat_map(|(name, version)| Release::stated(name, version)).collect(),
            tried: self.tried.iter().filter_map(|name| program.resolution_named(name)).collect(),
        }
    }

    /// Adds `newer`. Where both have a value for the same thing, that of `newer` stays. If `newer` names logs, they
    /// replace all earlier logs, which are returned.
    pub fn add(&mut self, newer: Given) -> Vec<Log> {
        let Given { log_format, zone, since, until, tried, answers, products, logs, probes } = newer;
        self.log_format = log_format.or_else(|| self.log_format.take());
        self.zone = zone.or_else(|| self.zone.take());
        if since.is_some() || until.is_some() {
            (self.since, self.until) = (since, until);
        }
        self.tried.extend(tried);
        self.answers.extend(answers);
        for (name, version) in products {
            self.products.retain(|known, _| !product::same(known, &name));
            self.products.insert(name, version);
        }
        for probe in probes {
            self.probes.retain(|known| known.symptom != probe.symptom);
            self.probes.push(probe);
        }
        if logs.is_empty() { Vec::new() } else { std::mem::replace(&mut self.logs, logs) }
    }

    /// Replaces every name that a rule has by the name that reports use: a person may have written `pack.name`.
    pub fn use_names_of(&mut self, program: &Program) {
        let symptom = |name: String| match program.symptom_named(&name) {
            Some(id) => program.symptom(id).name.clone(),
            None => name,
        };
        let resolution = |name: String| match program.resolution_named(&name) {
            Some(id) => program.resolution(id).name.clone(),
            None => name,
        };
        let answers: BTreeMap<String, Answer> = std::mem::take(&mut self.answers);
        self.answers = answers.into_iter().map(|(name, answer)| (symptom(name), answer)).collect();
        self.tried = std::mem::take(&mut self.tried).into_iter().map(resolution).collect();
        for probe in &mut self.probes {
            probe.symptom = symptom(std::mem::take(&mut probe.symptom));
        }
    }
}

impl Closed {
    /// Returns the cause of the problem: the one that a person named, else the only one that the resolution fixes.
    /// `None` if the cause is not certain.
    pub fn confirmed(&self, program: &Program) -> Option<CauseId> {
        if let Some(name) = &self.cause {
            return program.cause_named(name);
        }
        let resolution = program.resolution_named(self.fixed_by.as_ref()?)?;
        match program.resolution(resolution).resolves.as_slice() {
            [(cause, _)] => Some(*cause),
            _ => None,
        }
    }
}

/// The names of symptoms, causes and resolutions in `case` that no rule has, each once, sorted.
pub fn unknown_names(case: &Case, program: &Program) -> Vec<UnknownName> {
    let given = &case.given;
    let found = case.found.iter();
    let seen = found.flat_map(|found| found.findings.iter().map(|finding| &finding.symptom).chain(&found.not_seen));
    let symptoms = given.answers.keys().chain(given.probes.iter().map(|probe| &probe.symptom)).chain(seen);
    let symptoms = symptoms.filter(|name| program.symptom_named(name).is_none()).cloned().map(UnknownName::Symptom);
    let closed = case.closed.iter();
    let causes = closed.clone().filter_map(|closed| closed.cause.as_ref());
    let causes = causes.filter(|name| program.cause_named(name).is_none()).cloned().map(UnknownName::Cause);
    let resolutions = given.tried.iter().chain(closed.filter_map(|closed| closed.fixed_by.as_ref()));
    let resolutions = resolutions.filter(|name| program.resolution_named(name).is_none());
    let resolutions = resolutions.cloned().map(UnknownName::Resolution);
    let mut unknown: Vec<UnknownName> = symptoms.chain(causes).chain(resolutions).collect();
    unknown.sort();
    unknown.dedup();
    unknown
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::case::Probe;

    #[test]
    fn what_is_newer_wins_and_what_it_leaves_open_stays() {
        let log = |path: &str| Log { path: path.into(), source: None };
        let probe = |symptom: &str, output: &str| Probe {
            symptom: symptom.to_owned(),
            name: String::new(),
            output: output.to_owned(),
        };
        let answers = |all: &[(&str, Answer)]| all.iter().map(|(name, answer)| (name.to_string(), *answer)).collect();
        let mut given = Given {
            log_format: Some("dated".to_owned()),
            zone: Some("UTC".to_owned()),
            since: Some(Timestamp::UNIX_EPOCH),
            until: None,
            tried: ["a".to_owned()].into(),
            answers: answers(&[("x", Answer::Yes), ("y", Answer::Yes)]),
            products: [("Microsoft Exchange Server".to_owned(), "5.0".to_owned())].into(),
            logs: vec![log("a.log")],
            probes: vec![probe("p", "old"), probe("q", "stays")],
        };
        let newer = Given {
            log_format: None,
            zone: None,
            since: None,
            until: Some(Timestamp::MAX),
            tried: ["b".to_owned()].into(),
            answers: answers(&[("y", Answer::Unknown)]),
            products: [("exchange".to_owned(), "5.5".to_owned())].into(),
            logs: Vec::new(),
            probes: vec![probe("p", "new")],
        };
        let logs_alone = Given { logs: vec![log("b.log")], ..Given::default() };
        assert_eq!(given.add(newer), []);
        assert_eq!(given.add(logs_alone), [log("a.log")]);
        let expected = Given {
            log_format: Some("dated".to_owned()),
            zone: Some("UTC".to_owned()),
            since: None,
            until: Some(Timestamp::MAX),
            tried: ["a".to_owned(), "b".to_owned()].into(),
            answers: answers(&[("x", Answer::Yes), ("y", Answer::Unknown)]),
            products: [("exchange".to_owned(), "5.5".to_owned())].into(),
            logs: vec![log("b.log")],
            probes: vec![probe("q", "stays"), probe("p", "new")],
        };
        assert_eq!(given, expected);
    }
}
