//! Resolves resolutions: the causes they resolve, their cost, and how to carry them out.

use std::time::Duration;

use crate::rule::ast::{Item, Statement, StatementNode, TextAndCommand};
use crate::rule::chance::{CHANCES, DEFAULT_RESOLUTION_COST};
use crate::rule::error;
use crate::rule::program::{CauseId, Resolution, ResolutionStep, Risk, SymptomId, Template, Verify};
use crate::source::Span;

use super::cause::mention;
use super::command::command;
use super::names::NameKind;
use super::template::{self, Captures};
use super::{ItemContext, Resolver, id, once, value};

const RISKS: &[(&str, Risk)] = &[("low", Risk::Low), ("medium", Risk::Medium), ("high", Risk::High)];

/// The statements that a resolution can have at most once.
#[derive(Default)]
struct Once {
    cost: Option<(Duration, Span)>,
    risk: Option<(Risk, Span)>,
    verify: Option<(Verify, Span)>,
    undo: Option<(Template, Span)>,
}

impl<'a> Resolver<'a> {
    /// Resolves a resolution. Its texts can use the captures that texts about the causes it resolves can use.
    pub(super) fn resolution(
        &mut self,
        item: &'a Item,
        of_causes: &[Captures],
        cx: &mut ItemContext<'a>,
    ) -> Resolution {
        let (resolves, captures) = self.resolves(item, of_causes, cx);
        let mut parts = Once::default();
        let (mut needs, mut steps, mut kb) = (Vec::new(), Vec::new(), Vec::new());
        let mut irreversible = false;
        for statement in &item.statements {
            match &statement.node {
                StatementNode::Needs(texts) => {
                    needs.extend(texts.iter().map(|text| template::text(text, &captures, &mut cx.diagnostics)));
                }
                StatementNode::Step(written) => steps.push(step(written, &captures, cx)),
                StatementNode::Irreversible => irreversible = true,
                StatementNode::Kb(ids) => kb.extend(self.links(ids, cx)),
                _ => self.part(statement, &captures, &mut parts, cx),
            }
        }
        Resolution {
            name: item.name.node.clone(),
            title: template::text(&item.title, &captures, &mut cx.diagnostics),
            resolves,
            cost: parts.cost.map_or(DEFAULT_RESOLUTION_COST, |(cost, _)| cost),
            risk: parts.risk.map_or_else(Risk::default, |(risk, _)| risk),
            needs,
            steps,
            verify: parts.verify.map(|(verify, _)| verify),
            undo: parts.undo.map(|(undo, _)| undo),
            irreversible,
            kb,
            meta: super::meta(item),
        }
    }

    fn resolves(
        &self,
        item: &Item,
        of_causes: &[Captures],
        cx: &mut ItemContext<'_>,
    ) -> (Vec<(CauseId, f64)>, Captures) {
        let mut captures = Captures::none(item.unread);
        let mut mentioned = Vec::new();
        let mut resolves = Vec::new();
        for statement in &item.statements {
            let StatementNode::Resolves(cause, chance) = &statement.node else { continue };
            let chance = cx.ok(value::chance(chance, CHANCES));
            let Some(cause) = cause else {
                cx.diagnostics.push(error::name_needed(statement.span, "resolves"));
                continue;
            };
            let Some(cause) = self.find(NameKind::Cause, cause, cx) else {
                captures.incomplete = true;
                continue;
            };
            captures.extend(&of_causes[cause]);
            mention(&mut mentioned, cause, statement.span, "cause", cx);
            resolves.extend(chance.map(|chance| (CauseId(id(cause)), chance)));
        }
        (resolves, captures)
    }

    fn part(&self, statement: &Statement, captures: &Captures, parts: &mut Once, cx: &mut ItemContext<'_>) {
        let span = statement.span;
        match &statement.node {
            StatementNode::Cost(cost) => {
                if let Some(cost) = cx.ok(value::duration(cost)) {
                    once(&mut parts.cost, cost, span, "cost", &mut cx.diagnostics);
                }
            }
            StatementNode::Risk(word) => {
                if let Some(risk) = cx.ok(value::word(word, RISKS)) {
                    once(&mut parts.risk, risk, span, "risk", &mut cx.diagnostics);
                }
            }
            StatementNode::VerifySilence(symptom, time) => {
                let symptom = self.find(NameKind::Symptom, symptom, cx);
                let time = cx.ok(value::duration(time));
                if let Some((symptom, time)) = symptom.zip(time) {
                    let verify = Verify::Silence(SymptomId(id(symptom)), time);
                    once(&mut parts.verify, verify, span, "verify", &mut cx.diagnostics);
                }
            }
            StatementNode::VerifyCheck(written) => {
                let verify = Verify::Check(step(written, captures, cx));
                once(&mut parts.verify, verify, span, "verify", &mut cx.diagnostics);
            }
            StatementNode::Undo(text) => {
                let undo = template::text(text, captures, &mut cx.diagnostics);
                once(&mut parts.undo, undo, span, "undo", &mut cx.diagnostics);
            }
            _ => {}
        }
    }
}

fn step(written: &TextAndCommand, captures: &Captures, cx: &mut ItemContext<'_>) -> ResolutionStep {
    let text = template::text(&written.text, captures, &mut cx.diagnostics);
    let run = written.run.as_ref().map(|run| command(run, captures, &mut cx.diagnostics));
    ResolutionStep { text, run }
}
