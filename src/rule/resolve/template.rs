//! Resolves texts with captures: titles, questions, steps.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::pattern::HoleKind;
use crate::rule::ast::Quoted;
use crate::rule::error;
use crate::rule::program::{FieldPath, PathStep, Template, TemplatePiece};
use crate::source::Span;

use super::value::unescape;

/// The captures that a text can use, with the kinds of their holes.
#[derive(Debug, Clone, Default)]
pub(super) struct Captures {
    kinds: BTreeMap<String, HoleKind>,
    /// The captures that are followed by `%` in every pattern that has them.
    percents: BTreeSet<String>,
    /// Whether captures are missing because the symptom they come from has mistakes.
    pub(super) incomplete: bool,
}

impl Captures {
    /// Makes an empty set of captures. `incomplete` says that the item has mistakes, so captures may be missing from
    /// it.
    pub(super) fn none(incomplete: bool) -> Self {
        Captures { incomplete, ..Captures::default() }
    }

    /// Adds a capture. If its name is known with another kind, it becomes a word, because its value can be any text
    /// then.
    pub(super) fn add(&mut self, name: &str, kind: HoleKind, is_percent: bool) {
        let is_first = !self.kinds.contains_key(name);
        if is_first && is_percent {
            self.percents.insert(name.to_owned());
        } else if !is_percent {
            self.percents.remove(name);
        }
        let known = self.kinds.entry(name.to_string()).or_insert(kind);
        if *known != kind {
            *known = HoleKind::Word;
        }
    }

    pub(super) fn extend(&mut self, other: &Captures) {
        for (name, kind) in &other.kinds {
            self.add(name, *kind, other.percents.contains(name));
        }
        self.incomplete |= other.incomplete;
    }

    pub(super) fn kind(&self, name: &str) -> Option<HoleKind> {
        self.kinds.get(name).copied()
    }

    /// Whether a value of the capture counts to 100.
    pub(super) fn is_percent(&self, name: &str) -> bool {
        self.percents.contains(name)
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.kinds.keys().map(String::as_str).collect()
    }
}

/// Resolves a text that is shown to the user: finds its captures and removes its escapes.
pub(super) fn text(quoted: &Quoted, captures: &Captures, diagnostics: &mut Vec<Diagnostic>) -> Template {
    let raw = quoted.node.as_str();
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(brace) = raw[at..].find('{').map(|brace| at + brace) {
        push_text(&mut pieces, &unescape(&raw[at..brace]));
        if raw[brace + 1..].starts_with('{') {
            push_text(&mut pieces, "{");
            at = brace + 2;
            continue;
        }
        let Some(name) = capture_name(&raw[brace..]).or_else(|| field_name(&raw[brace..])) else {
            let span = Span::new(brace, brace + 1).shifted(quoted.span.start);
            diagnostics.push(error::bad_template(span, &raw[brace..], &captures.names()));
            at = brace + 1;
            continue;
        };
        at = brace + name.len() + 2;
        check_known(name, Span::new(brace + 1, at - 1).shifted(quoted.span.start), captures, diagnostics);
        pieces.push(TemplatePiece::Capture(name.to_string()));
    }
    push_text(&mut pieces, &unescape(&raw[at..]));
    Template(pieces)
}

/// The name in `{name}` at the start of `text`.
pub(super) fn capture_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.split_once('}')?.0;
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some(name)
}

/// The field in `{.name}` at the start of `text`, with its dot.
pub(super) fn field_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.split_once('}')?.0;
    field_path(name).is_some().then_some(name)
}

/// Reads a path such as `.user.name` or `.items[0].name`.
pub(super) fn field_path(name: &str) -> Option<FieldPath> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '-');
    let mut steps = Vec::new();
    for part in name.strip_prefix('.')?.split('.') {
        let (part, index) = match part.split_once('[') {
            Some((part, index)) => (part, Some(index.strip_suffix(']')?.parse().ok()?)),
            None => (part, None),
        };
        if part.is_empty() || !part.chars().all(is_part) {
            return None;
        }
        steps.push(PathStep::Name(part.to_owned()));
        steps.extend(index.map(PathStep::Index));
    }
    Some(FieldPath(steps))
}

/// Returns the fields that a text shows.
pub(super) fn fields(quoted: &Quoted) -> Vec<(String, FieldPath)> {
    let starts = quoted.node.match_indices("{.").map(|(at, _)| &quoted.node[at..]);
    let names = starts.filter_map(field_name);
    names.filter_map(|name| Some((name.to_owned(), field_path(name)?))).collect()
}

/// Whether a capture can be used. `count` always can. Reports an unknown one.
pub(super) fn check_known(name: &str, span: Span, captures: &Captures, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let known = name == "count" || captures.kind(name).is_some() || captures.incomplete;
    if !known {
        diagnostics.push(error::unknown_capture(span, name, &captures.names()));
    }
    known
}

fn push_text(pieces: &mut Vec<TemplatePiece>, text: &str) {
    match pieces.last_mut() {
        Some(TemplatePiece::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(TemplatePiece::Text(text.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Result<String, Vec<String>> {
        let mut captures = Captures::default();
        captures.add("host", HoleKind::Host, false);
        captures.add(".user.name", HoleKind::Word, false);
        let mut diagnostics = Vec::new();
        let quoted = Quoted { node: raw.to_string(), span: Span::new(0, raw.len()) };
        let template = text(&quoted, &captures, &mut diagnostics);
        if !diagnostics.is_empty() {
            return Err(diagnostics.iter().map(|found| format!("{} {:?}", found.code, found.span())).collect());
        }
        let shown = template.0.into_iter().map(|piece| match piece {
            TemplatePiece::Text(text) => text,
            TemplatePiece::Capture(name) => format!("<{name}>"),
        });
        Ok(shown.collect())
    }

    #[test]
    fn texts_fill_captures_and_keep_doubled_braces() {
        assert_eq!(read(r#"{count} on {host}: {{x} \"y\""#).as_deref(), Ok(r#"<count> on <host>: {x} "y""#));
        assert_eq!(read("for {.user.name}").as_deref(), Ok("for <.user.name>"));
        assert_eq!(read("{.user}"), Err(vec!["R050 Span { start: 1, end: 6 }".to_string()]));
        assert_eq!(read("{hots}"), Err(vec!["R050 Span { start: 1, end: 5 }".to_string()]));
        assert_eq!(read("a { b"), Err(vec!["R051 Span { start: 2, end: 3 }".to_string()]));
    }
}
