//! Resolutions: what they resolve, what they cost, and how to carry them out.

use std::time::Duration;

use crate::rule::ast::{Item, Statement, StatementNode, Step};
use crate::rule::chance::{CHANCES, DEFAULT_RESOLUTION_COST};
use crate::rule::error;
use crate::rule::program::{CauseId, Resolution, ResolutionStep, Risk, SymptomId, Template, Verify};
use crate::source::Span;

use super::cause::mention;
use super::names::Kind;
use super::template::{self, Captures};
use super::{Place, Work, id, once, value};

const RISKS: &[(&str, Risk)] = &[("low", Risk::Low), ("medium", Risk::Medium), ("high", Risk::High)];

/// The statements of a resolution that may stand once.
#[derive(Default)]
struct Once {
    cost: Option<(Duration, Span)>,
    risk: Option<(Risk, Span)>,
    verify: Option<(Verify, Span)>,
    undo: Option<(Template, Span)>,
}

impl<'a> Work<'a> {
    /// Texts of a resolution may use what texts of the causes may use that it resolves.
    pub(super) fn resolution(&mut self, item: &'a Item, of_causes: &[Captures], place: &mut Place<'a>) -> Resolution {
        let (resolves, captures) = self.resolves(item, of_causes, place);
        let mut parts = Once::default();
        let (mut needs, mut steps, mut kb) = (Vec::new(), Vec::new(), Vec::new());
        let mut irreversible = false;
        for statement in &item.statements {
            match &statement.node {
                StatementNode::Needs(texts) => needs.extend(texts.iter().map(|text| value::unescape(&text.node))),
                StatementNode::Step(written) => steps.push(step(written, &captures, place)),
                StatementNode::Irreversible => irreversible = true,
                StatementNode::Kb(ids) => kb.extend(self.links(ids, place)),
                _ => self.part(statement, &captures, &mut parts, place),
            }
        }
        Resolution {
            name: item.name.node.clone(),
            title: template::text(&item.title, &captures, &mut place.diagnostics),
            resolves,
            cost: parts.cost.map_or(DEFAULT_RESOLUTION_COST, |(cost, _)| cost),
            risk: parts.risk.map_or_else(Risk::default, |(risk, _)| risk),
            needs,
            steps,
            verify: parts.verify.map(|(verify, _)| verify),
            undo: parts.undo.map(|(undo, _)| undo),
            irreversible,
            kb,
        }
    }

    fn resolves(&self, item: &Item, of_causes: &[Captures], place: &mut Place<'_>) -> (Vec<(CauseId, f64)>, Captures) {
        let mut captures = Captures::none(item.broken);
        let mut mentioned = Vec::new();
        let mut resolves = Vec::new();
        for statement in &item.statements {
            let StatementNode::Resolves(cause, chance) = &statement.node else { continue };
            let chance = place.ok(value::chance(chance, CHANCES));
            let Some(cause) = cause else {
                place.diagnostics.push(error::name_needed(statement.span, "resolves"));
                continue;
            };
            let Some(cause) = self.find(Kind::Cause, cause, place) else {
                captures.incomplete = true;
                continue;
            };
            captures.extend(&of_causes[cause]);
            mention(&mut mentioned, cause, statement.span, "cause", place);
            resolves.extend(chance.map(|chance| (CauseId(id(cause)), chance)));
        }
        (resolves, captures)
    }

    fn part(&self, statement: &Statement, captures: &Captures, parts: &mut Once, place: &mut Place<'_>) {
        let span = statement.span;
        match &statement.node {
            StatementNode::Cost(cost) => {
                if let Some(cost) = place.ok(value::duration(cost)) {
                    once(&mut parts.cost, cost, span, "cost", &mut place.diagnostics);
                }
            }
            StatementNode::Risk(word) => {
                if let Some(risk) = place.ok(value::word(word, RISKS)) {
                    once(&mut parts.risk, risk, span, "risk", &mut place.diagnostics);
                }
            }
            StatementNode::VerifySilence(symptom, time) => {
                let symptom = self.find(Kind::Symptom, symptom, place);
                let time = place.ok(value::duration(time));
                if let Some((symptom, time)) = symptom.zip(time) {
                    let verify = Verify::Silence(SymptomId(id(symptom)), time);
                    once(&mut parts.verify, verify, span, "verify", &mut place.diagnostics);
                }
            }
            StatementNode::VerifyCheck(written) => {
                let verify = Verify::Check(step(written, captures, place));
                once(&mut parts.verify, verify, span, "verify", &mut place.diagnostics);
            }
            StatementNode::Undo(text) => {
                let undo = template::text(text, captures, &mut place.diagnostics);
                once(&mut parts.undo, undo, span, "undo", &mut place.diagnostics);
            }
            _ => {}
        }
    }
}

fn step(written: &Step, captures: &Captures, place: &mut Place<'_>) -> ResolutionStep {
    let text = template::text(&written.text, captures, &mut place.diagnostics);
    let run = written.run.as_ref().map(|run| template::command(run, captures, &mut place.diagnostics));
    ResolutionStep { text, run }
}
