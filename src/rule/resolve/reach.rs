//! Finds captures in titles that have no value in some or in all findings, and text that is meant as a capture.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::Diagnostic;
use crate::rule::ast::{Alternative, Item, Quoted, StatementNode};
use crate::rule::error;
use crate::rule::program::{Matcher, Template, TemplatePiece};
use crate::source::Span;

use super::symptom::Bindings;
use super::template::Captures;

/// Text in titles that is a capture in other languages: numbers of groups, `{{name}}`, `${name}`.
static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\$[1-9]\b|\\[1-9]\b|\{\{ ?[A-Za-z_]\w* ?\}\}|\$\{[A-Za-z_]\w*\}|%\([A-Za-z_]\w*\)s")
        .expect("a valid regex")
});

/// Warns of text in a title that is meant as a capture.
pub(super) fn foreign_captures(title: &Quoted, captures: &Captures) -> Vec<Diagnostic> {
    if !title.node.contains(['$', '\\', '{', '%']) {
        return Vec::new();
    }
    let found = FOREIGN.find_iter(&title.node).map(|part| {
        let span = Span::new(part.start(), part.end()).shifted(title.span.start);
        let name: String = part.as_str().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let name = if part.as_str().starts_with('%') { name.trim_end_matches('s').to_owned() } else { name };
        match name.starts_with(|c: char| c.is_ascii_digit()) {
            true => {
                let help = "name the group, `(?P<user>…)`, and write `{user}`";
                error::not_a_capture(span, part.as_str(), help)
            }
            false => {
                let fixed = format!("{{{name}}}");
                let wrong = error::not_a_capture(span, part.as_str(), &format!("a capture is written `{fixed}`"));
                if captures.kind(&name).is_some() { wrong.replace(span, fixed) } else { wrong }
            }
        }
    });
    found.collect()
}

/// Warns of captures that the title shows and an alternative of a pattern lacks.
pub(super) fn lacking_alternatives(item: &Item, bindings: &Bindings, title: &Template) -> Vec<Diagnostic> {
    let shown: Vec<&str> = captures_of(title).collect();
    let mut found = Vec::new();
    if shown.is_empty() {
        return found;
    }
    for statement in &item.statements {
        let StatementNode::Match { binding, alternatives, .. } = &statement.node else { continue };
        let name = &binding.as_ref().unwrap_or(&item.name).node;
        let Some(resolved) = bindings.bindings.iter().find(|binding| binding.name == *name) else { continue };
        // With many alternatives, it is known that some say less.
        if alternatives.len() != 2 || resolved.alternatives.len() != 2 {
            continue;
        }
        for (written, matcher) in alternatives.iter().zip(&resolved.alternatives) {
            let (Alternative::Pattern(written), Matcher::Pattern(pattern)) = (written, matcher) else { continue };
            let has = |pattern: &crate::pattern::Pattern, name: &str| {
                pattern.holes().iter().any(|hole| hole.name.as_deref() == Some(name))
            };
            let others = resolved.alternatives.iter().filter_map(|other| match other {
                Matcher::Pattern(other) => Some(other),
                Matcher::Any => None,
            });
            let others: Vec<_> = others.collect();
            let lacking = shown.iter().find(|name| !has(pattern, name) && others.iter().any(|other| has(other, name)));
            if let Some(name) = lacking {
                found.push(error::lacks_capture(written.source().span, name, place(&item.title, name)));
            }
        }
    }
    found
}

/// Warns of captures in the title that only records have which must not be seen. `is_evidence` says which bindings are seen.
pub(super) fn never_captured(
    item: &Item,
    bindings: &Bindings,
    title: &Template,
    is_evidence: impl Fn(usize) -> bool,
) -> Vec<Diagnostic> {
    let has = |binding: usize, name: &str| bindings.each[binding].0.kind(name).is_some();
    let all = 0..bindings.bindings.len();
    let never = captures_of(title).filter_map(|name| {
        let mut having = all.clone().filter(|binding| has(*binding, name));
        let first = having.next()?;
        let is_seen = is_evidence(first) || having.any(&is_evidence);
        (!is_seen).then(|| error::never_captured(place(&item.title, name), name, &bindings.bindings[first].name))
    });
    never.collect()
}

fn captures_of(title: &Template) -> impl Iterator<Item = &str> {
    title.0.iter().filter_map(|piece| match piece {
        TemplatePiece::Capture(name) if !name.starts_with('.') && name != "count" => Some(name.as_str()),
        TemplatePiece::Capture(_) | TemplatePiece::Text(_) => None,
    })
}

/// The place of a capture in a title.
fn place(title: &Quoted, name: &str) -> Span {
    let start = title.node.find(&format!("{{{name}}}")).map_or(0, |at| at + 1);
    Span::new(start, start + name.len()).shifted(title.span.start)
}
