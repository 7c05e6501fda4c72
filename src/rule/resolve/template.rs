//! Resolves texts with captures: titles, questions, steps.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::pattern::HoleKind;
use crate::rule::ast::Quoted;
use crate::rule::error;
use crate::rule::program::{Template, TemplatePiece};
use crate::source::Span;

use super::value::unescape;

/// The captures that a text can use, with the kinds of their holes.
#[derive(Debug, Clone, Default)]
pub(super) struct Captures {
    kinds: BTreeMap<String, HoleKind>,
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
    pub(super) fn add(&mut self, name: &str, kind: HoleKind) {
        let known = self.kinds.entry(name.to_string()).or_insert(kind);
        if *known != kind {
            *known = HoleKind::Word;
        }
    }

    pub(super) fn extend(&mut self, other: &Captures) {
        for (name, kind) in &other.kinds {
            self.add(name, *kind);
        }
        self.incomplete |= other.incomplete;
    }

    pub(super) fn kind(&self, name: &str) -> Option<HoleKind> {
        self.kinds.get(name).copied()
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
        let Some(name) = capture_name(&raw[brace..]) else {
            let span = Span::new(brace, brace + 1).shifted(quoted.span.start);
            diagnostics.push(error::bad_template(span));
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
        captures.add("host", HoleKind::Host);
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
        assert_eq!(read("{hots}"), Err(vec!["R050 Span { start: 1, end: 5 }".to_string()]));
        assert_eq!(read("a { b"), Err(vec!["R051 Span { start: 2, end: 3 }".to_string()]));
    }
}
