//! Programs built in code, for the tests of `infer`.

use std::time::Duration;

use crate::matching::{Captures, Evidence, Finding, FindingTiming, Scan, Status};
use crate::rule::program::{Cause, Comparison, Program, Resolution, Risk, Symptom, Template, TemplatePiece};
use crate::rule::{Applies, CauseId, ResolutionId, SymptomId};
use crate::source::SourceId;
use crate::value::Value;

/// Builds a program item by item.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) program: Program,
}

impl Book {
    /// Adds a symptom that is read from records.
    pub(crate) fn symptom(&mut self, name: &str, leak: f64) -> SymptomId {
        let id = SymptomId(self.program.symptoms.len() as u32);
        self.program.symptoms.push(Symptom { name: name.into(), title: text(name), leak, ..Symptom::default() });
        id
    }

    /// Adds a symptom to ask the user for.
    pub(crate) fn question(&mut self, name: &str, leak: f64, minutes: u64) -> SymptomId {
        let id = self.symptom(name, leak);
        let symptom = &mut self.program.symptoms[id.0 as usize];
        symptom.ask = Some(text(name));
        symptom.cost = Duration::from_secs(60 * minutes);
        id
    }

    pub(crate) fn cause(&mut self, name: &str, prior: f64, shows: &[(SymptomId, f64)]) -> CauseId {
        let id = CauseId(self.program.causes.len() as u32);
        self.program.causes.push(Cause {
            name: name.into(),
            title: text(name),
            prior,
            shows: shows.to_vec(),
            against: Vec::new(),
            leads_to: Vec::new(),
            applies: Vec::new(),
            kb: Vec::new(),
            meta: Vec::new(),
        });
        id
    }

    pub(crate) fn against(&mut self, cause: CauseId, symptom: SymptomId, ratio: f64) {
        self.program.causes[cause.0 as usize].against.push((symptom, ratio));
    }

    pub(crate) fn leads_to(&mut self, cause: CauseId, led_to: CauseId, chance: f64) {
        self.program.causes[cause.0 as usize].leads_to.push((led_to, chance));
    }

    pub(crate) fn applies(&mut self, cause: CauseId, product: &str, bounds: &[(Comparison, &str)]) {
        let bounds = bounds.iter().map(|(op, version)| (*op, version.to_string()));
        self.program.causes[cause.0 as usize].applies.push(Applies::new(product.into(), bounds));
    }

    pub(crate) fn cause_kb(&mut self, cause: CauseId, ids: &[&str]) {
        self.program.causes[cause.0 as usize].kb = ids.iter().map(|id| id.to_string()).collect();
    }

    pub(crate) fn resolution(
        &mut self,
        name: &str,
        resolves: &[(CauseId, f64)],
        minutes: u64,
        risk: Risk,
    ) -> ResolutionId {
        let id = ResolutionId(self.program.resolutions.len() as u32);
        self.program.resolutions.push(Resolution {
            name: name.into(),
            title: text(name),
            resolves: resolves.to_vec(),
            cost: Duration::from_secs(60 * minutes),
            risk,
            needs: Vec::new(),
            steps: Vec::new(),
            verify: None,
            undo: None,
            irreversible: false,
            kb: Vec::new(),
            meta: Vec::new(),
        });
        id
    }
}

fn text(text: &str) -> Template {
    Template(vec![TemplatePiece::Text(text.into())])
}

/// Returns a finding of `symptom`, seen `count` times, first at `line` of source 0.
pub(crate) fn seen(symptom: SymptomId, count: u64, line: u64, captures: &[(&str, i64)]) -> Finding {
    Finding {
        symptom,
        status: Status::Confirmed,
        count,
        captures: captures.iter().map(|(name, n)| (name.to_string(), Value::Int(*n))).collect::<Captures>(),
        first: None,
        last: None,
        evidence: vec![Evidence { source: SourceId(0), line, text: String::new() }],
        timing: FindingTiming::default(),
    }
}

/// Returns a scan that found each of these symptoms once.
pub(crate) fn scan_of(symptoms: &[SymptomId]) -> Scan {
    let findings = symptoms.iter().zip(1..).map(|(&symptom, line)| seen(symptom, 1, line, &[])).collect();
    Scan { findings, ..Scan::default() }
}
