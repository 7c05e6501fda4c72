//! Causes: how common they are, what shows them, what speaks against them, what they apply to.

use crate::rule::Applies;
use crate::rule::ast::{Item, Ordering, Spanned, StatementNode};
use crate::rule::chance::{CHANCES, DEFAULT_PRIOR, PRIORS, STRENGTHS};
use crate::rule::error;
use crate::rule::program::{Cause, CauseId, SymptomId};
use crate::source::Span;

use super::condition::order;
use super::names::Kind;
use super::template::{self, Captures};
use super::{Place, Work, id, once, value};

impl<'a> Work<'a> {
    /// A cause, and the captures that texts about it may use: those of the symptoms that it shows.
    pub(super) fn cause(
        &mut self,
        item: &'a Item,
        of_symptoms: &[Captures],
        place: &mut Place<'a>,
    ) -> (Cause, Captures) {
        let mut captures = Captures::none(item.broken);
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
                    if let Some(chance) = place.ok(value::chance(chance, PRIORS)) {
                        once(&mut prior, chance, span, "prior", &mut place.diagnostics);
                    }
                }
                StatementNode::Shows(None, _) => place.diagnostics.push(error::name_needed(span, "shows")),
                StatementNode::Shows(Some(symptom), chance) => {
                    let chance = place.ok(value::chance(chance, CHANCES));
                    let Some(symptom) = self.find(Kind::Symptom, symptom, place) else {
                        captures.incomplete = true;
                        continue;
                    };
                    captures.extend(&of_symptoms[symptom]);
                    mention(&mut mentioned, symptom, span, "symptom", place);
                    shows.extend(chance.map(|chance| (SymptomId(id(symptom)), chance)));
                }
                StatementNode::Against(symptom, strength) => {
                    let ratio = place.ok(value::word(strength, STRENGTHS));
                    let Some(symptom) = self.find(Kind::Symptom, symptom, place) else { continue };
                    mention(&mut mentioned, symptom, span, "symptom", place);
                    against.extend(ratio.map(|ratio| (SymptomId(id(symptom)), ratio)));
                }
                StatementNode::LeadsTo(cause, chance) => {
                    let chance = place.ok(value::chance(chance, CHANCES));
                    let Some(cause) = self.find(Kind::Cause, cause, place) else { continue };
                    mention(&mut led_to, cause, span, "cause", place);
                    leads_to.extend(chance.map(|chance| (CauseId(id(cause)), chance)));
                }
                StatementNode::Applies { product, bounds } => applies.push(bounded(product, bounds)),
                StatementNode::Kb(ids) => kb.extend(self.links(ids, place)),
                _ => {}
            }
        }
        if applies.is_empty() {
            applies = pack_applies(place);
        }
        self.leads_to.push(led_to);
        let title = template::text(&item.title, &captures, &mut place.diagnostics);
        let prior = prior.map_or(DEFAULT_PRIOR, |(prior, _)| prior);
        (Cause { name: item.name.node.clone(), title, prior, shows, against, leads_to, applies, kb }, captures)
    }
}

/// Notes that an item was mentioned; a second time is reported.
pub(super) fn mention(mentioned: &mut Vec<(usize, Span)>, index: usize, span: Span, kind: &str, place: &mut Place<'_>) {
    match mentioned.iter().find(|(known, _)| *known == index) {
        Some((_, first)) => place.diagnostics.push(error::repeated_reference(span, *first, kind)),
        None => mentioned.push((index, span)),
    }
}

fn bounded(product: &Spanned<String>, bounds: &[(Ordering, Spanned<String>)]) -> Applies {
    let bounds = bounds.iter().map(|(ordering, version)| (order(*ordering), value::unescape(&version.node)));
    Applies::new(value::unescape(&product.node), bounds)
}

/// What the pack applies to: it holds for each of its causes that says nothing itself.
fn pack_applies(place: &Place<'_>) -> Vec<Applies> {
    let statements = place.unit.pack_item.iter().flat_map(|pack| &pack.statements);
    let applies = statements.filter_map(|statement| match &statement.node {
        StatementNode::Applies { product, bounds } => Some(bounded(product, bounds)),
        _ => None,
    });
    applies.collect()
}
