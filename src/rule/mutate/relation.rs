//! Changes of what causes and resolutions say of other items.

use super::{Draft, MutantKind, draft, excerpt, without};
use crate::rule::ast::{Item, Spanned, StatementNode};

/// Returns the changes of a cause: what it shows, what speaks against it, what it leads to and applies to is left out.
pub(super) fn cause_drafts(item: &Item, text: &str) -> Vec<Draft> {
    let statements = item.statements.iter().enumerate().filter(|(_, statement)| match &statement.node {
        StatementNode::Shows(_, chance) => is_written(chance, text),
        StatementNode::Against(..) | StatementNode::LeadsTo(..) | StatementNode::Applies { .. } => true,
        _ => false,
    });
    statements.map(|(at, _)| without(item, at, MutantKind::Relation, text)).collect()
}

/// Whether a chance is in the text. One that a `rule` implies is not.
fn is_written(chance: &Spanned<String>, text: &str) -> bool {
    text.get(chance.span.start..chance.span.end) == Some(chance.node.as_str())
}

/// Returns the changes of a resolution: each cause is left out, or is another cause of the file.
pub(super) fn resolution_drafts(item: &Item, causes: &[&Spanned<String>], text: &str) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (at, statement) in item.statements.iter().enumerate() {
        let StatementNode::Resolves(Some(cause), chance) = &statement.node else { continue };
        if !is_written(chance, text) {
            continue;
        }
        drafts.push(without(item, at, MutantKind::Relation, text));
        let own = causes.iter().position(|other| other.node == cause.node);
        let other = own.and_then(|own| causes.get(own + 1).or_else(|| causes.first()));
        if let Some(other) = other.filter(|other| other.node != cause.node) {
            let named = Spanned { node: other.node.clone(), span: cause.span };
            let node = StatementNode::Resolves(Some(named), chance.clone());
            let change = format!("`{}` resolves `{}` instead", excerpt(text, statement.span), other.node);
            drafts.push(draft(item, at, Some(node), statement.span, MutantKind::Relation, change));
        }
    }
    drafts
}
