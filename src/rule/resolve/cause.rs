//! Resolves causes: how common they are, which symptoms they show, which speak against them, and what they apply to.

use crate::rule::Applies;
use crate::rule::ast::{Item, Spanned, StatementNode};
use crate::rule::chance::{CHANCES, DEFAULT_PRIOR, PRIORS, STRENGTHS};
use crate::rule::error;
use crate::rule::program::{Cause, CauseId, Comparison, SymptomId};
use crate::source::Span;

use super::names::NameKind;
use super::template::{self, Captures};
use super::{ItemContext, Resolver, id, once, value};

impl<'a> Resolver<'a> {
    /// Resolves a cause. Also returns the captures that texts about it can use: those of the symptoms that it shows.
    pub(super) fn cause(
        &mut self,
        item: &'a Item,
        of_symptoms: &[Captures],
        cx: &mut ItemContext<'a>,
    ) -> (Cause, Captures) {
        let mut captures = Captures::none(item.unread);
        let mut prior = None;
        let mut shows: Vec<(SymptomId, f64)> = Vec::new();
        let mut against: Vec<(SymptomId, f64)> = Vec::new();
        let mut mentioned: Vec<(usize, Span)> = Vec::new();
        let mut leads_to: Vec<(CauseId, f64)> = Vec::new();
        let mut led_to: Vec<(usize, Span)> = Vec::new();
        let mut applies = Vec::new();
        let mut kb = Vec::new();
        for statement in &item.statements {
            let span = statement.span;
            match &statement.node {
                StatementNode::Prior(chance) => {
                    if let Some(chance) = cx.ok(value::chance(chance, PRIORS)) {
                        once(&mut prior, chance, span, "prior", &mut cx.diagnostics);
                    }
                }
                StatementNode::Shows(None, _) => cx.diagnostics.push(error::name_needed(span, "shows")),
                StatementNode::Shows(Some(symptom), chance) => {
                    let chance = cx.ok(value::chance(chance, CHANCES));
                    let Some(symptom) = self.find(NameKind::Symptom, symptom, cx) else {
                        captures.incomplete = true;
                        continue;
                    };
                    captures.extend(&of_symptoms[symptom]);
                    mention(&mut mentioned, symptom, span, "symptom", cx);
                    shows.extend(chance.map(|chance| (SymptomId(id(symptom)), chance)));
                }
                StatementNode::Against(symptom, strength) => {
                    let ratio = cx.ok(value::word(strength, STRENGTHS));
                    let Some(symptom) = self.find(NameKind::Symptom, symptom, cx) else { continue };
                    mention(&mut mentioned, symptom, span, "symptom", cx);
                    against.extend(ratio.map(|ratio| (SymptomId(id(symptom)), ratio)));
                }
                StatementNode::LeadsTo(cause, chance) => {
                    let chance = cx.ok(value::chance(chance, CHANCES));
                    let Some(cause) = self.find(NameKind::Cause, cause, cx) else { continue };
                    mention(&mut led_to, cause, span, "cause", cx);
                    leads_to.extend(chance.map(|chance| (CauseId(id(cause)), chance)));
                }
                StatementNode::Applies { product, bounds } => {
                    let bounded = bounded(product, bounds);
                    if bounded.is_empty() {
                        let last = bounds.last().map_or(product.span, |(_, version)| version.span);
                        let span = Span::new(product.span.start, last.end.max(product.span.end));
                        cx.diagnostics.push(error::no_version(span, &product.node));
                    }
                    applies.push(bounded);
                }
                StatementNode::Kb(ids) => kb.extend(self.links(ids, cx)),
                _ => {}
            }
        }
        if applies.is_empty() {
            applies = pack_applies(cx);
        }
        self.leads_to.push(led_to);
        let title = template::text(&item.title, &captures, &mut cx.diagnostics);
        let prior = prior.map_or(DEFAULT_PRIOR, |(prior, _)| prior);
        let (name, meta) = (item.name.node.clone(), super::meta(item));
        (Cause { name, title, prior, shows, against, leads_to, applies, kb, meta }, captures)
    }
}

/// Notes in `mentioned` that a statement refers to the item `index`. Reports a second reference to the same item.
pub(super) fn mention(
    mentioned: &mut Vec<(usize, Span)>,
    index: usize,
    span: Span,
    kind: &str,
    cx: &mut ItemContext<'_>,
) {
    match mentioned.iter().find(|(known, _)| *known == index) {
        Some((_, first)) => cx.diagnostics.push(error::repeated_reference(span, *first, kind)),
        None => mentioned.push((index, span)),
    }
}

fn bounded(product: &Spanned<String>, bounds: &[(Comparison, Spanned<String>)]) -> Applies {
    let bounds = bounds.iter().map(|(comparison, version)| (*comparison, value::unescape(&version.node)));
    Applies::new(value::unescape(&product.node), bounds)
}

/// Returns the products that the pack applies to. They are used for each cause of the pack without an `applies`.
fn pack_applies(cx: &ItemContext<'_>) -> Vec<Applies> {
    let statements = cx.unit.pack_item.iter().flat_map(|pack| &pack.statements);
    let applies = statements.filter_map(|statement| match &statement.node {
        StatementNode::Applies { product, bounds } => Some(bounded(product, bounds)),
        _ => None,
    });
    applies.collect()
}
