//! Returns the patterns of a rule file as they are written.

use super::ast::{Alternative, Defined, Item, PatternText, StatementNode};
use super::{RuleText, parse};
use crate::source::Span;

/// A pattern and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenPattern {
    /// The text between its quotes or slashes.
    pub source: String,
    /// The place of that text in the file.
    pub span: Span,
    /// Whether it is a regex.
    pub is_regex: bool,
}

/// Returns the patterns that are looked for in messages, in the order of the file. Takes as long as parsing it.
pub fn written_patterns(file: &RuleText) -> Vec<WrittenPattern> {
    let (tree, _) = parse::parse(&file.text, parse::Tests::PassedOver);
    let of_defines = tree.defines.iter().filter_map(|define| match &define.value {
        Defined::Patterns(alternatives) => Some(alternatives),
        Defined::List(_) | Defined::ListFile(_) | Defined::Condition(_) | Defined::CaselessFields(_) => None,
    });
    let of_items = tree.items.iter().filter(|item| item.kind != super::ast::ItemKind::Format).flat_map(patterns);
    let mut found: Vec<WrittenPattern> = of_defines.chain(of_items).flatten().filter_map(written).collect();
    found.sort_by_key(|pattern| pattern.span.start);
    found
}

fn patterns(item: &Item) -> impl Iterator<Item = &Vec<Alternative>> {
    item.statements.iter().filter_map(|statement| match &statement.node {
        StatementNode::Match { alternatives, .. } | StatementNode::EndedBy { alternatives, .. } => Some(alternatives),
        _ => None,
    })
}

fn written(alternative: &Alternative) -> Option<WrittenPattern> {
    let Alternative::Pattern(pattern) = alternative else { return None };
    let (source, is_regex) = match pattern {
        PatternText::Holes { source, .. } => (source, false),
        PatternText::Regex { source, .. } => (source, true),
    };
    Some(WrittenPattern { source: source.node.clone(), span: source.span, is_regex })
}
