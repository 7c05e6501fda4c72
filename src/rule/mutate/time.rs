//! Changes of conditions on time.

use super::condition::Change;
use super::pattern::{disabled, replaced};
use super::{Draft, MutantKind, draft, excerpt, without};
use crate::pattern::quantity::duration_prefix;
use crate::rule::ast::{
    Alternative, Item, LiteralKind, LiteralValue, Measured, Rearm, Spanned, StatementNode, When, WhenExpr,
};
use crate::value::duration_text;

/// Returns the changes of the statement at `at`, if it is one about time.
pub(super) fn time_drafts(item: &Item, at: usize, text: &str) -> Vec<Draft> {
    let statement = &item.statements[at];
    let of = |change: Change<StatementNode>| draft(item, at, Some(change.new), change.span, change.kind, change.text);
    match &statement.node {
        StatementNode::When(when) => {
            let changes = when_changes(when, text).into_iter();
            changes.map(|change| of(change.map(StatementNode::When))).collect()
        }
        StatementNode::By(keys) if keys.len() > 1 => {
            let changes = (0..keys.len()).map(|index| {
                let mut rest = keys.clone();
                let span = rest.remove(index).span;
                let text = format!("`{}` tells nothing apart", excerpt(text, span));
                of(Change { new: StatementNode::By(rest), span, kind: MutantKind::Time, text })
            });
            changes.collect()
        }
        StatementNode::Unless(name, within) => {
            let mut drafts = vec![without(item, at, MutantKind::Time, text)];
            let longer = within.iter().flat_map(moved);
            drafts.extend(
                longer.map(|change| of(change.map(|within| StatementNode::Unless(name.clone(), Some(within))))),
            );
            drafts
        }
        StatementNode::Rearm(Rearm::For(span)) => {
            let mut drafts = vec![without(item, at, MutantKind::Time, text)];
            drafts.extend(
                moved(span).into_iter().map(|change| of(change.map(|span| StatementNode::Rearm(Rearm::For(span))))),
            );
            drafts
        }
        StatementNode::EndedBy { alternatives, filter } => {
            let patterns = alternatives.iter().enumerate().filter_map(|(index, alternative)| {
                let Alternative::Pattern(written) = alternative else { return None };
                let change = disabled(written, text);
                let (alternatives, filter) = (replaced(alternatives, index, change.new), filter.clone());
                let new = StatementNode::EndedBy { alternatives, filter };
                Some(of(Change { new, span: change.span, kind: change.kind, text: change.text }))
            });
            patterns.collect()
        }
        StatementNode::Resets(..) | StatementNode::Rearm(_) | StatementNode::Hides(_) | StatementNode::By(_) => {
            vec![without(item, at, MutantKind::Time, text)]
        }
        _ => Vec::new(),
    }
}

impl<T> Change<T> {
    fn map<U>(self, with: impl FnOnce(T) -> U) -> Change<U> {
        Change { new: with(self.new), span: self.span, kind: self.kind, text: self.text }
    }
}

fn when_changes(when: &When, text: &str) -> Vec<Change<When>> {
    let mut changes: Vec<Change<When>> = expr_changes(&when.expr, text)
        .into_iter()
        .map(|change| change.map(|expr| When { expr, ..when.clone() }))
        .collect();
    let within = when.within.iter().flat_map(moved);
    changes.extend(within.map(|change| change.map(|within| When { within: Some(within), ..when.clone() })));
    if when.by.len() > 1 {
        changes.extend((0..when.by.len()).map(|index| {
            let mut by = when.by.clone();
            let span = by.remove(index).span;
            let text = format!("`{}` tells nothing apart", excerpt(text, span));
            Change { new: When { by, ..when.clone() }, span, kind: MutantKind::Time, text }
        }));
    }
    changes
}

/// A time that is twice or half as long.
fn moved(span: &Spanned<String>) -> Vec<Change<Spanned<String>>> {
    let Some((time, _)) = duration_prefix(span.node.as_bytes()) else { return Vec::new() };
    let changed = [time.checked_mul(2), Some(time / 2)].into_iter().flatten().map(|new| {
        let node = Spanned { node: format!("{}ms", new.as_millis()), span: span.span };
        let text = format!("the time is {}, not {}", duration_text(new), span.node);
        Change { new: node, span: span.span, kind: MutantKind::Time, text }
    });
    changed.collect()
}

fn expr_changes(expr: &WhenExpr, text: &str) -> Vec<Change<WhenExpr>> {
    match expr {
        WhenExpr::Name(_) | WhenExpr::No(_, None, _) | WhenExpr::First(None, _) => Vec::new(),
        WhenExpr::Lasting(name, span) => {
            moved(span).into_iter().map(|change| change.map(|span| WhenExpr::Lasting(name.clone(), span))).collect()
        }
        WhenExpr::No(name, Some(span), place) => {
            let changed = moved(span).into_iter();
            changed.map(|change| change.map(|span| WhenExpr::No(name.clone(), Some(span), *place))).collect()
        }
        WhenExpr::First(Some(name), span) => {
            let text = "it need not be the first".to_owned();
            vec![Change { new: WhenExpr::Name(name.clone()), span: *span, kind: MutantKind::Time, text }]
        }
        WhenExpr::Measured(measured) => measured_changes(measured),
        WhenExpr::All(parts) => part_changes(parts, text, WhenExpr::All, MutantKind::Time),
        WhenExpr::Any(parts) => part_changes(parts, text, WhenExpr::Any, MutantKind::Branch),
        WhenExpr::Then(parts) => {
            let mut changes = part_changes(parts, text, WhenExpr::Then, MutantKind::Time);
            if !parts.iter().any(|part| matches!(part, WhenExpr::No(..))) {
                let text = "the order does not matter".to_owned();
                let (new, span) = (WhenExpr::All(parts.clone()), expr.span());
                changes.push(Change { new, span, kind: MutantKind::Time, text });
            }
            changes
        }
        WhenExpr::Group(inner, within) => {
            let group = |inner: WhenExpr| WhenExpr::Group(Box::new(inner), within.clone());
            let mut changes: Vec<Change<WhenExpr>> =
                expr_changes(inner, text).into_iter().map(|change| change.map(group)).collect();
            let longer = within.iter().flat_map(moved);
            changes.extend(longer.map(|change| change.map(|within| WhenExpr::Group(inner.clone(), Some(within)))));
            changes
        }
    }
}

/// Leaves out each part of a chain, and changes each part.
fn part_changes(
    parts: &[WhenExpr],
    text: &str,
    join: fn(Vec<WhenExpr>) -> WhenExpr,
    kind: MutantKind,
) -> Vec<Change<WhenExpr>> {
    let mut changes = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for change in expr_changes(part, text) {
            changes.push(change.map(|new| {
                let mut parts = parts.to_vec();
                parts[at] = new;
                join(parts)
            }));
        }
        if parts.len() < 2 {
            continue;
        }
        let mut rest = parts.to_vec();
        rest.remove(at);
        let new = if rest.len() == 1 { rest.remove(0) } else { join(rest) };
        let span = part.span();
        changes.push(Change { new, span, kind, text: format!("`{}` is left out", excerpt(text, span)) });
    }
    changes
}

/// Moves a limit by one.
fn measured_changes(measured: &Measured) -> Vec<Change<WhenExpr>> {
    let Some(limit) = &measured.limit else { return Vec::new() };
    let Some(number) = limit.text.parse::<i64>().ok().filter(|_| limit.kind == LiteralKind::Number) else {
        return Vec::new();
    };
    let moved = [number.checked_sub(1), number.checked_add(1)].into_iter().flatten().map(|moved| {
        let limit = Some(LiteralValue { text: moved.to_string(), ..limit.clone() });
        let text = format!("the limit is {moved}, not {number}");
        let new = WhenExpr::Measured(Measured { limit, ..measured.clone() });
        Change {
            new,
            span: measured.limit.as_ref().map_or(measured.span, |limit| limit.span),
            kind: MutantKind::Number,
            text,
        }
    });
    moved.collect()
}
