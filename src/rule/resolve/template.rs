//! Resolves texts with captures: titles and questions, and commands, in which captures are quoted for the shell.

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

/// Resolves a command. A brace that does not begin a capture belongs to the shell: `{}`, `${HOME}`, `{print $1}`.
pub(super) fn command(quoted: &Quoted, captures: &Captures, diagnostics: &mut Vec<Diagnostic>) -> Template {
    let raw = quoted.node.as_str();
    let mut pieces = Vec::new();
    let mut quotes = ShellQuotes::default();
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        let name = capture_name(&raw[at..]).filter(|_| !raw[..at].ends_with('$'));
        let Some(name) = name else {
            let doubled = raw[at..].starts_with("{{");
            push_text(&mut pieces, &raw[at..at + c.len_utf8()]);
            quotes.pass(c);
            at += c.len_utf8() + usize::from(doubled);
            continue;
        };
        let end = at + name.len() + 2;
        let span = Span::new(at + 1, end - 1).shifted(quoted.span.start);
        if check_known(name, span, captures, diagnostics) {
            let kind = captures.kind(name).unwrap_or(HoleKind::Int);
            let own_quotes = quotes.just_opened(&raw[..at]).is_some_and(|quote| raw[end..].starts_with(quote));
            match quotes.open {
                Some(_) if own_quotes => {
                    drop_last_char(&mut pieces);
                    pieces.push(TemplatePiece::ShellQuoted(name.to_string()));
                    quotes.open = None;
                    at = end + 1;
                    continue;
                }
                // A capture inside quotes with other text cannot be quoted again. Only values that need no quotes are
                // safe there.
                Some(_) if is_plain(kind) => pieces.push(TemplatePiece::Capture(name.to_string())),
                None if kind.is_typed() => pieces.push(TemplatePiece::ShellQuoted(name.to_string())),
                _ => diagnostics.push(error::unsafe_run(span, name)),
            }
        }
        at = end;
    }
    Template(pieces)
}

/// Tracks which quote is open while a shell command is read from left to right.
#[derive(Default)]
struct ShellQuotes {
    open: Option<char>,
    escaped: bool,
}

impl ShellQuotes {
    fn pass(&mut self, c: char) {
        if std::mem::take(&mut self.escaped) {
            return;
        }
        match (self.open, c) {
            (None | Some('"'), '\\') => self.escaped = true,
            (None, '"' | '\'') => self.open = Some(c),
            (Some(open), _) if open == c => self.open = None,
            _ => {}
        }
    }

    /// Returns the open quote if `before` ends with it.
    fn just_opened(&self, before: &str) -> Option<char> {
        self.open.filter(|open| before.ends_with(*open))
    }
}

/// Whether values of this kind contain nothing special to a shell, inside double quotes or without quotes.
fn is_plain(kind: HoleKind) -> bool {
    matches!(
        kind,
        HoleKind::Int | HoleKind::Num | HoleKind::Hex | HoleKind::Uuid | HoleKind::Dur | HoleKind::Ip | HoleKind::Host
    )
}

/// The name in `{name}` at the start of `text`.
fn capture_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.split_once('}')?.0;
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some(name)
}

/// Whether a capture can be used. `count` always can. Reports an unknown one.
fn check_known(name: &str, span: Span, captures: &Captures, diagnostics: &mut Vec<Diagnostic>) -> bool {
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

/// Removes the last character, the quote that was opened only for a capture.
fn drop_last_char(pieces: &mut Vec<TemplatePiece>) {
    if let Some(TemplatePiece::Text(last)) = pieces.last_mut() {
        last.pop();
        if last.is_empty() {
            pieces.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str, read: fn(&Quoted, &Captures, &mut Vec<Diagnostic>) -> Template) -> Result<String, Vec<String>> {
        let mut captures = Captures::default();
        captures.add("host", HoleKind::Host);
        captures.add("dev", HoleKind::Path);
        captures.add("user", HoleKind::Word);
        let mut diagnostics = Vec::new();
        let quoted = Quoted { node: raw.to_string(), span: Span::new(0, raw.len()) };
        let template = read(&quoted, &captures, &mut diagnostics);
        if !diagnostics.is_empty() {
            return Err(diagnostics.iter().map(|found| format!("{} {:?}", found.code, found.span())).collect());
        }
        let shown = template.0.into_iter().map(|piece| match piece {
            TemplatePiece::Text(text) => text,
            TemplatePiece::Capture(name) => format!("<{name}>"),
            TemplatePiece::ShellQuoted(name) => format!("<'{name}'>"),
        });
        Ok(shown.collect())
    }

    #[test]
    fn texts_fill_captures_and_keep_doubled_braces() {
        assert_eq!(read(r#"{count} on {host}: {{x} \"y\""#, text).as_deref(), Ok(r#"<count> on <host>: {x} "y""#));
        assert_eq!(read("{hots}", text), Err(vec!["R050 Span { start: 1, end: 5 }".to_string()]));
        assert_eq!(read("a { b", text), Err(vec!["R051 Span { start: 2, end: 3 }".to_string()]));
    }

    #[test]
    fn commands_quote_what_they_fill_in() {
        assert_eq!(read("dig {host} '{user}' \"{user}\"", command).as_deref(), Ok("dig <'host'> <'user'> <'user'>"));
        assert_eq!(read("ssh {host} \"df {host}\"", command).as_deref(), Ok("ssh <'host'> \"df <host>\""));
        assert_eq!(
            read("awk '{print $1}' ${HOME} {} {{host}", command).as_deref(),
            Ok("awk '{print $1}' ${HOME} {} {host}")
        );
    }

    #[test]
    fn text_that_a_shell_would_read_is_refused() {
        for unsafe_command in ["id {user}", "echo \"x {user}\"", "echo 'x {dev}'", "echo \\'{user}'"] {
            let codes = read(unsafe_command, command).expect_err("it is refused");
            assert!(codes.iter().all(|code| code.starts_with("R052")), "{unsafe_command}: {codes:?}");
        }
    }
}
