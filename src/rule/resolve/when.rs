//! Resolves the conditions of a symptom on time: gives each binding that they speak of a slot, and checks that each key is
//! known and each time has a limit.

use crate::rule::ast::{Item, KeyName, Rearm, Reference, Spanned, StatementNode, When, WhenExpr};
use crate::rule::error;
use crate::rule::program::{ENDED_BY, FieldPath, FindingKey, SymptomId, Template, TimedSlot, Timing};
use crate::source::Span;
use crate::timed::{self, Edge, Expr, Micros, Side, Slot, SlotSet, Step, slot_set};

use super::names::NameKind;
use super::symptom::Bindings;
use super::{ItemContext, Resolver, id, measure, value};

/// The most slots of a symptom.
const MAX_SLOTS: usize = 60;

/// Whether a statement makes a symptom one with conditions on time.
fn is_about_time(node: &StatementNode) -> bool {
    matches!(
        node,
        StatementNode::When(_)
            | StatementNode::Unless(..)
            | StatementNode::Resets(..)
            | StatementNode::Rearm(_)
            | StatementNode::EndedBy { .. }
    )
}

/// The names that an expression speaks of, with their places.
fn names_in<'w>(expr: &'w WhenExpr, names: &mut Vec<Reference>) {
    match expr {
        WhenExpr::Name(name) | WhenExpr::Lasting(name, _) | WhenExpr::No(name, ..) => names.push(name.clone()),
        WhenExpr::First(name, _) => names.extend(name.clone()),
        WhenExpr::Measured(measured) => names.extend(measure::names(measured)),
        WhenExpr::All(parts) | WhenExpr::Any(parts) | WhenExpr::Then(parts) => {
            parts.iter().for_each(|part: &'w WhenExpr| names_in(part, names));
        }
        WhenExpr::Group(inner, _) => names_in(inner, names),
    }
}

impl<'a> Resolver<'a> {
    /// Adds the bindings that the conditions on time speak of: other symptoms, and the pattern of `ended by`.
    pub(super) fn time_bindings(&self, item: &'a Item, found: &mut Bindings, cx: &mut ItemContext<'a>) {
        found.is_timed = !found.chained.is_empty();
        for statement in &item.statements {
            found.is_timed |= is_about_time(&statement.node);
            let mut names = Vec::new();
            match &statement.node {
                StatementNode::When(when) => names_in(&when.expr, &mut names),
                StatementNode::Unless(name, _)
                | StatementNode::Resets(_, name)
                | StatementNode::Rearm(Rearm::On(name)) => names.push(name.clone()),
                StatementNode::EndedBy { alternatives, filter } => {
                    self.binding((ENDED_BY, statement.span), alternatives, filter.as_ref(), found, cx);
                }
                _ => {}
            }
            for name in names {
                if found.bindings.iter().any(|binding| binding.name == name.node) {
                    continue;
                }
                match self.names.find(NameKind::Symptom, &cx.unit.pack, &name) {
                    Ok(symptom) => {
                        found.chain(&name.node, symptom, name.span);
                    }
                    Err(_) if found.own.incomplete => {}
                    Err(_) => {
                        let known: Vec<&str> = found.bindings.iter().map(|binding| binding.name.as_str()).collect();
                        let owner = (0..found.bindings.len()).find(|at| found.each[*at].0.kind(&name.node).is_some());
                        cx.diagnostics.push(match owner {
                            Some(owner) => error::capture_as_binding(name.span, &name.node, known[owner]),
                            None => error::unknown_binding(name.span, &name.node, &known),
                        });
                    }
                }
            }
        }
    }

    /// Returns the conditions on time, if there are any, what findings are told apart by, and the fields that are needed.
    pub(super) fn timing(
        &self,
        item: &'a Item,
        id: usize,
        title: &Template,
        cx: &mut ItemContext<'a>,
    ) -> (Option<Timing>, Vec<FindingKey>, Vec<(String, FieldPath)>) {
        let written = Written::new(item, cx);
        let bindings = &self.bindings[id];
        if !bindings.is_timed {
            let keys = match written.by.is_empty() {
                true => self.title_keys(id, title, |_| false),
                false => self.written_keys(id, &written.by, cx),
            };
            return (None, keys, self.needed_fields(id, &written.by, Vec::new()));
        }
        if bindings.bindings.is_empty() || item.statements.iter().any(|one| matches!(one.node, StatementNode::Probe(_)))
        {
            if let Some((span, word)) = written.first {
                cx.diagnostics.push(error::needs_records(span, word));
            }
            return (None, Vec::new(), self.needed_fields(id, &[], Vec::new()));
        }
        let mut plan = SlotPlan::new(bindings, written.within);
        let (expr, edges) = plan.whole(written.when.as_ref().map(|when| &when.expr), cx);
        let evidence = plan.evidence(&expr);
        let is_evidence =
            |binding: usize| evidence.iter().any(|slot| plan.slots[usize::from(*slot)].binding == binding);
        let keys = match written.by.is_empty() {
            true => self.title_keys(id, title, is_evidence),
            false => self.written_keys(id, &written.by, cx),
        };
        if expr.is_some() && !bindings.own.incomplete {
            cx.diagnostics.extend(super::reach::never_captured(item, bindings, title, |binding| {
                is_evidence(binding) || bindings.bindings[binding].name == ENDED_BY
            }));
        }
        let evidence = evidence.iter().fold(0, |set, slot| set | slot_set(*slot));
        let when = plan.finish(expr, edges, evidence, &written, &keys, cx);
        let fields = self.needed_fields(id, &written.by, plan.fields);
        (when, keys, fields)
    }

    /// Returns the symptoms that this one hides.
    pub(super) fn hidden(&self, item: &Item, cx: &mut ItemContext<'_>) -> Vec<SymptomId> {
        let hides = item.statements.iter().filter_map(|statement| match &statement.node {
            StatementNode::Hides(names) => Some(names),
            _ => None,
        });
        hides.flatten().filter_map(|name| self.find(NameKind::Symptom, name, cx)).map(|of| SymptomId(id(of))).collect()
    }
}

/// The statements about time, as written.
struct Written<'a> {
    when: Option<&'a When>,
    within: Option<Micros>,
    by: Vec<crate::rule::ast::Key>,
    unless: Vec<(&'a Reference, Option<Micros>, Span)>,
    resets: Vec<(&'a [KeyName], &'a Reference)>,
    rearm: Option<&'a Rearm>,
    /// The first of the statements, and its word.
    first: Option<(Span, &'static str)>,
}

impl<'a> Written<'a> {
    fn new(item: &'a Item, cx: &mut ItemContext<'_>) -> Self {
        let (unless, resets) = (Vec::new(), Vec::new());
        let mut written =
            Written { when: None, within: None, by: Vec::new(), unless, resets, rearm: None, first: None };
        let (mut when, mut by, mut rearm) = (None, None, None);
        for statement in &item.statements {
            let span = statement.span;
            let word = match &statement.node {
                StatementNode::When(one) => {
                    super::once(&mut when, one, span, "when", &mut cx.diagnostics);
                    "when"
                }
                StatementNode::By(keys) => {
                    super::once(&mut by, keys, span, "by", &mut cx.diagnostics);
                    "by"
                }
                StatementNode::Unless(name, within) => {
                    let within = within.as_ref().and_then(|within| micros(within, cx));
                    written.unless.push((name, within, span));
                    "unless"
                }
                StatementNode::Resets(keys, name) => {
                    written.resets.push((keys, name));
                    "resets"
                }
                StatementNode::Rearm(one) => {
                    super::once(&mut rearm, one, span, "rearm", &mut cx.diagnostics);
                    "rearm"
                }
                StatementNode::EndedBy { .. } => "ended",
                _ => continue,
            };
            written.first.get_or_insert((span, word));
        }
        written.when = when.map(|(when, _): (&When, Span)| when);
        written.rearm = rearm.map(|(rearm, _)| rearm);
        if let Some(when) = written.when {
            // A time with a mistake is reported. Any other one serves to check the rest.
            written.within = when.within.as_ref().map(|within| micros(within, cx).unwrap_or(600_000_000));
            written.by.clone_from(&when.by);
        }
        if let Some((keys, span)) = by {
            match written.by.first() {
                Some(first) => cx.diagnostics.push(error::repeated_statement(span, first.span, "by")),
                None => written.by.clone_from(keys),
            }
        }
        written
    }
}

/// Reads a span of time.
pub(super) fn micros(written: &Spanned<String>, cx: &mut ItemContext<'_>) -> Option<Micros> {
    let span = cx.ok(value::duration(written))?;
    Some(Micros::try_from(span.as_micros()).unwrap_or(Micros::MAX / 64).min(Micros::MAX / 64))
}

/// The slots of a symptom while its conditions are resolved.
pub(super) struct SlotPlan<'b> {
    pub(super) bindings: &'b Bindings,
    pub(super) slots: Vec<TimedSlot>,
    pub(super) values: Vec<(usize, String, crate::rule::program::ValueUse)>,
    /// The fields of records among them.
    pub(super) fields: Vec<(String, FieldPath)>,
    /// The limit in which a part must be met: that of the nearest group, or of the whole.
    pub(super) within: Option<Micros>,
    /// Slots with keys of their own, which are not told apart by all keys.
    own_keys: Vec<(Slot, Vec<String>)>,
}

impl<'b> SlotPlan<'b> {
    fn new(bindings: &'b Bindings, within: Option<Micros>) -> Self {
        let (slots, values, fields, own_keys) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        SlotPlan { bindings, slots, values, fields, within, own_keys }
    }

    /// Returns the slot for the records of a binding.
    pub(super) fn slot(&mut self, binding: usize, is_counter: bool) -> Slot {
        let same = |slot: &TimedSlot| slot.binding == binding && slot.is_counter == is_counter;
        let at = self.slots.iter().position(same);
        let at = at.filter(|at| self.own_keys.iter().all(|(slot, _)| usize::from(*slot) != *at));
        at.map_or_else(|| self.add(binding, is_counter), slot_number)
    }

    fn add(&mut self, binding: usize, is_counter: bool) -> Slot {
        self.slots.push(TimedSlot { binding, is_counter, keys: Vec::new() });
        slot_number(self.slots.len() - 1)
    }

    /// Returns the index of a binding. An unknown one was reported when the bindings were collected.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.bindings.bindings.iter().position(|binding| binding.name == name)
    }

    /// The expression of the whole, and what must not be near it.
    fn whole(&mut self, expr: Option<&WhenExpr>, cx: &mut ItemContext<'_>) -> (Option<Expr>, Vec<Edge>) {
        let mut edges = Vec::new();
        let expr = match expr {
            None => {
                let shown = (0..self.bindings.bindings.len()).filter(|&b| self.bindings.bindings[b].name != ENDED_BY);
                let shown: Vec<usize> = shown.collect();
                Some(Expr::Any(shown.into_iter().map(|binding| Expr::Seen(self.slot(binding, false))).collect()))
            }
            Some(WhenExpr::No(name, span, place)) => {
                let span = self.edge_span(span.as_ref(), *place, cx);
                let slot = self.named(&name.node).map(|binding| self.slot(binding, false));
                slot.zip(span).map(|(slot, span)| {
                    edges.push(Edge { slots: slot_set(slot), side: Side::After, span });
                    Expr::Seen(slot)
                })
            }
            Some(WhenExpr::All(parts)) => self.together(parts, &mut edges, cx),
            Some(WhenExpr::Then(parts)) => self.sequence(parts, Some(&mut edges), cx),
            Some(other) => self.expr(other, cx),
        };
        (expr, edges)
    }

    fn together(&mut self, parts: &[WhenExpr], edges: &mut Vec<Edge>, cx: &mut ItemContext<'_>) -> Option<Expr> {
        let mut seen = Vec::new();
        for part in parts {
            match part {
                WhenExpr::No(name, span, place) => {
                    let span = self.edge_span(span.as_ref(), *place, cx);
                    edges.extend(self.edge(name, span, Side::Around));
                }
                part => seen.push(self.expr(part, cx)),
            }
        }
        if seen.is_empty() {
            cx.diagnostics.push(error::nothing_to_see(whole_span(parts)));
            return None;
        }
        Some(single(seen.into_iter().collect::<Option<Vec<Expr>>>()?, Expr::All))
    }

    /// A sequence. Absences at its ends are edges, which only the whole can have.
    fn sequence(
        &mut self,
        parts: &[WhenExpr],
        mut edges: Option<&mut Vec<Edge>>,
        cx: &mut ItemContext<'_>,
    ) -> Option<Expr> {
        let is_no = |part: &WhenExpr| matches!(part, WhenExpr::No(..));
        let Some(last) = parts.iter().rposition(|part| !is_no(part)) else {
            cx.diagnostics.push(error::nothing_to_see(whole_span(parts)));
            return None;
        };
        let (mut steps, mut without, mut is_whole) = (Vec::new(), 0, true);
        for (at, part) in parts.iter().enumerate() {
            let WhenExpr::No(name, span, place) = part else {
                let expr = self.expr(part, cx);
                is_whole &= expr.is_some();
                steps.extend(expr.map(|expr| Step { without, expr }));
                without = 0;
                continue;
            };
            let side = if at > last { Side::After } else { Side::Before };
            let is_inside = at < last && parts[..at].iter().any(|part| !is_no(part));
            match (&mut edges, is_inside, span) {
                (_, true, None) => without |= self.set(name),
                (Some(edges), false, span) => {
                    let span = self.edge_span(span.as_ref(), *place, cx);
                    edges.extend(self.edge(name, span, side));
                }
                _ => {
                    cx.diagnostics.push(error::misplaced_no(*place));
                    is_whole = false;
                }
            }
        }
        is_whole.then(|| match steps.len() {
            1 => steps.remove(0).expr,
            _ => Expr::Then(steps),
        })
    }

    fn expr(&mut self, written: &WhenExpr, cx: &mut ItemContext<'_>) -> Option<Expr> {
        match written {
            WhenExpr::Name(name) => Some(Expr::Seen(self.seen(name)?)),
            WhenExpr::Lasting(name, span) => {
                let span = micros(span, cx);
                let binding = self.named(&name.node)?;
                let of = self.slot(binding, false);
                let counter = slot_set(self.slot(binding, true));
                Some(Expr::Lasting { of, counter, span: span? })
            }
            WhenExpr::No(_, _, place) => {
                cx.diagnostics.push(error::misplaced_no(*place));
                None
            }
            WhenExpr::First(name, place) => {
                let binding = match name {
                    Some(name) => self.named(&name.node)?,
                    None => 0,
                };
                let of = self.slot(binding, false);
                let Some(window) = self.within else {
                    cx.diagnostics.push(error::no_limit(*place, "within 30d"));
                    return None;
                };
                Some(Expr::First { of, window })
            }
            WhenExpr::Measured(measured) => self.measured(measured, cx),
            WhenExpr::Any(parts) => self.all_of(parts, Expr::Any, cx),
            WhenExpr::All(parts) => self.all_of(parts, Expr::All, cx),
            WhenExpr::Then(parts) => self.sequence(parts, None, cx),
            WhenExpr::Group(inner, within) => {
                let outer = self.within;
                let within = within.as_ref().and_then(|within| micros(within, cx));
                self.within = within.or(outer);
                let inner = self.expr(inner, cx);
                self.within = outer;
                match within {
                    Some(within) => Some(Expr::Within(Box::new(inner?), within)),
                    None => inner,
                }
            }
        }
    }

    fn all_of(&mut self, parts: &[WhenExpr], join: fn(Vec<Expr>) -> Expr, cx: &mut ItemContext<'_>) -> Option<Expr> {
        let parts: Vec<Option<Expr>> = parts.iter().map(|part| self.expr(part, cx)).collect();
        Some(join(parts.into_iter().collect::<Option<Vec<Expr>>>()?))
    }

    fn seen(&mut self, name: &Reference) -> Option<Slot> {
        let binding = self.named(&name.node)?;
        Some(self.slot(binding, false))
    }

    fn set(&mut self, name: &Reference) -> SlotSet {
        self.seen(name).map_or(0, slot_set)
    }

    fn edge(&mut self, name: &Reference, span: Option<Micros>, side: Side) -> Option<Edge> {
        let slots = self.set(name);
        Some(Edge { slots, side, span: span? }).filter(|edge| edge.slots != 0)
    }

    fn edge_span(&self, span: Option<&Spanned<String>>, place: Span, cx: &mut ItemContext<'_>) -> Option<Micros> {
        match (span, self.within) {
            (Some(span), _) => micros(span, cx),
            (None, Some(within)) => Some(within),
            (None, None) => {
                cx.diagnostics.push(error::no_limit(place, "for 10m"));
                None
            }
        }
    }

    /// The slots of records that are evidence.
    fn evidence(&self, expr: &Option<Expr>) -> Vec<Slot> {
        let mut evidence = Vec::new();
        if let Some(expr) = expr {
            slots_of(expr, &mut evidence);
        }
        evidence
    }

    fn finish(
        &mut self,
        expr: Option<Expr>,
        mut edges: Vec<Edge>,
        evidence: SlotSet,
        written: &Written<'_>,
        keys: &[FindingKey],
        cx: &mut ItemContext<'_>,
    ) -> Option<Timing> {
        for (name, within, span) in &written.unless {
            let Some(span) = within.or(written.within) else {
                cx.diagnostics.push(error::no_limit(*span, &format!("unless {} within 1h", name.node)));
                continue;
            };
            edges.extend(self.edge(name, Some(span), Side::Around));
        }
        let mut resets = 0;
        for (names, on) in &written.resets {
            resets |= self.reset(names, on, keys, cx);
        }
        let rearm = self.rearm(written, expr.as_ref(), &edges, cx);
        let ended_by = self.named(ENDED_BY).map_or(0, |binding| slot_set(self.slot(binding, false)));
        self.set_keys(evidence, keys, written, cx);
        let when = timed::When { expr: expr?, within: written.within, edges, evidence, resets, ended_by, rearm };
        let place = written.when.map(|when| when.span);
        if let Some(place) = place.filter(|_| when.horizon().is_none()) {
            cx.diagnostics.push(error::no_limit(place, "within 10m"));
        }
        if self.slots.len() > MAX_SLOTS {
            cx.diagnostics.push(error::too_many_bindings(place.unwrap_or_default()));
            return None;
        }
        self.report_unused(written, cx);
        let (slots, values) = (std::mem::take(&mut self.slots), std::mem::take(&mut self.values));
        Some(Timing { when, slots, values })
    }

    fn reset(&mut self, names: &[KeyName], on: &Reference, keys: &[FindingKey], cx: &mut ItemContext<'_>) -> SlotSet {
        let Some(binding) = self.named(&on.node) else { return 0 };
        if names.is_empty() {
            return slot_set(self.slot(binding, false));
        }
        let mut own = Vec::new();
        for name in names {
            let written = match name.path.is_empty() {
                true => name.word.node.clone(),
                false => super::key::field_name(&name.path),
            };
            match keys.iter().find(|key| key.name == written) {
                Some(key) if key.of[binding].is_none() => {
                    cx.diagnostics.push(error::key_missing(name.span, &written, &on.node));
                }
                Some(_) => own.push(written),
                None => {
                    let known: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
                    cx.diagnostics.push(error::unknown_capture(name.span, &written, &known));
                }
            }
        }
        let slot = self.add(binding, false);
        self.own_keys.push((slot, own));
        slot_set(slot)
    }

    fn rearm(
        &mut self,
        written: &Written<'_>,
        expr: Option<&Expr>,
        edges: &[Edge],
        cx: &mut ItemContext<'_>,
    ) -> timed::Rearm {
        let gap = expr.and_then(|expr| timed::usual_gap(expr, written.within, edges)).or(written.within);
        match written.rearm {
            None => timed::Rearm::After(gap),
            Some(Rearm::For(span)) => timed::Rearm::After(micros(span, cx).max(gap)),
            Some(Rearm::EveryMatch) => timed::Rearm::EveryMatch,
            Some(Rearm::On(name)) => timed::Rearm::On(self.set(name)),
        }
    }

    /// Notes for each slot by which keys its records are told apart. Evidence needs all of them.
    fn set_keys(&mut self, evidence: SlotSet, keys: &[FindingKey], written: &Written<'_>, cx: &mut ItemContext<'_>) {
        for (at, slot) in self.slots.iter_mut().enumerate() {
            let own = self.own_keys.iter().find(|(own, _)| usize::from(*own) == at).map(|(_, own)| own);
            let has =
                |key: &FindingKey| key.of[slot.binding].is_some() && own.is_none_or(|own| own.contains(&key.name));
            slot.keys = keys.iter().map(has).collect();
            if slot_set(slot_number(at)) & evidence == 0 {
                continue;
            }
            let (captures, place) = &self.bindings.each[slot.binding];
            // A key that no binding has was reported.
            let missing = keys.iter().zip(&slot.keys).find(|(key, has)| !**has && key.of.iter().any(Option::is_some));
            if let Some((key, _)) = missing.filter(|_| !captures.incomplete) {
                let name = &self.bindings.bindings[slot.binding].name;
                let by = written
                    .by
                    .iter()
                    .find(|by| by.names.iter().any(|one| one.word.node == key.name || is_path(one, &key.name)));
                let all_have = self.bindings.each.iter().all(|(captures, _)| captures.kind(&key.name).is_some());
                cx.diagnostics.push(match by.filter(|by| all_have && by.names.len() == 1) {
                    Some(by) => error::needless_binding(by.span, &key.name),
                    None => error::key_missing(by.map_or(*place, |by| by.span), &key.name, name),
                });
            }
        }
    }

    fn report_unused(&self, written: &Written<'_>, cx: &mut ItemContext<'_>) {
        if written.when.is_none() || !cx.is_sound() {
            return;
        }
        for (index, (binding, (_, place))) in self.bindings.bindings.iter().zip(&self.bindings.each).enumerate() {
            if !self.slots.iter().any(|slot| slot.binding == index) {
                cx.diagnostics.push(error::unused_binding(*place, &binding.name));
            }
        }
    }
}

/// Whether a key is written `a.name` for the capture `name`.
fn is_path(key: &KeyName, name: &str) -> bool {
    matches!(key.path.as_slice(), [crate::rule::program::PathStep::Name(step)] if step == name && !key.word.node.is_empty())
}

/// The slots of records that are seen, in the order in which they are written.
fn slots_of(expr: &Expr, slots: &mut Vec<Slot>) {
    match expr {
        Expr::Seen(slot) => slots.push(*slot),
        Expr::Any(parts) | Expr::All(parts) => parts.iter().for_each(|part| slots_of(part, slots)),
        Expr::Then(steps) => steps.iter().for_each(|step| slots_of(&step.expr, slots)),
        Expr::Count { of, .. } | Expr::Distinct { of, .. } | Expr::First { of, .. } | Expr::Lasting { of, .. } => {
            slots.push(*of);
        }
        Expr::Measured { measure, .. } => slots.push(measure.slot()),
        Expr::Within(inner, _) => slots_of(inner, slots),
    }
}

fn whole_span(parts: &[WhenExpr]) -> Span {
    match parts {
        [] => Span::default(),
        [first, ..] => Span::new(first.span().start, parts[parts.len() - 1].span().end),
    }
}

fn single(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.len() {
        1 => parts.remove(0),
        _ => join(parts),
    }
}

fn slot_number(at: usize) -> Slot {
    // A symptom with more slots than fit is reported; the number does not matter then.
    Slot::try_from(at.min(MAX_SLOTS)).unwrap_or_default()
}
