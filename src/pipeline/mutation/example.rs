//! Makes a text that a pattern matches.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::pattern::{HoleKind, Pattern};

/// The most bytes of an example.
const MOST_BYTES: usize = 400;

/// Returns a text that the pattern matches; `None` if none is found.
pub(super) fn example(pattern: &Pattern) -> Option<String> {
    let written = pattern.written();
    let text = match written.strip_prefix('/') {
        Some(_) => of_regex(pattern.source())?,
        None => of_text(pattern),
    };
    let is_line = text.len() <= MOST_BYTES && !text.contains('\n');
    (is_line && pattern.find(text.as_bytes()).is_some()).then_some(text)
}

fn of_text(pattern: &Pattern) -> String {
    let mut text = String::new();
    let mut holes = pattern.holes().iter();
    let mut rest = pattern.source();
    while let Some(at) = rest.find(['{', '\\']) {
        text.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = match rest.as_bytes()[at] {
            b'\\' if after.starts_with(['"', '\\']) => {
                text.push_str(&after[..1]);
                &after[1..]
            }
            b'\\' => {
                text.push('\\');
                after
            }
            _ if after.starts_with('{') => {
                text.push('{');
                &after[1..]
            }
            _ => {
                text.push_str(holes.next().map_or("", |hole| value(hole.kind)));
                after.find('}').map_or("", |close| &after[close + 1..])
            }
        };
    }
    text + rest
}

/// A value that a hole takes.
pub(in crate::pipeline) fn value(kind: HoleKind) -> &'static str {
    match kind {
        HoleKind::Word | HoleKind::Group => "web1",
        HoleKind::Int | HoleKind::Num => "7",
        HoleKind::Hex => "0x1f",
        HoleKind::Uuid => "123e4567-e89b-12d3-a456-426614174000",
        HoleKind::Dur => "5s",
        HoleKind::Size => "10MiB",
        HoleKind::Ip => "192.0.2.7",
        HoleKind::Email => "ann@corp.example",
        HoleKind::Host => "web1.corp.example",
        HoleKind::Path => "/srv/data/a.txt",
        HoleKind::Url => "https://web1.corp.example/a",
        HoleKind::Time => "2026-11-12T10:00:00Z",
        HoleKind::Quoted => "\"a\"",
        HoleKind::Stretch => "a",
        HoleKind::Rest => "more",
    }
}

fn of_regex(source: &str) -> Option<String> {
    let hir = regex_syntax::parse(source).ok()?;
    let mut bytes = Vec::new();
    add(&hir, &mut bytes);
    String::from_utf8(bytes).ok()
}

/// Adds the shortest text that matches, with something for what may be empty only where it must not be.
fn add(hir: &Hir, text: &mut Vec<u8>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.extend_from_slice(&literal.0),
        HirKind::Class(class) => text.extend_from_slice(member(class).as_bytes()),
        // A gap between words is a blank.
        HirKind::Repetition(repetition) if repetition.min == 0 && takes_blank(&repetition.sub) => text.push(b' '),
        HirKind::Repetition(repetition) => (0..repetition.min.min(64)).for_each(|_| add(&repetition.sub, text)),
        HirKind::Capture(capture) => add(&capture.sub, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| add(part, text)),
        HirKind::Alternation(parts) => parts.iter().take(1).for_each(|part| add(part, text)),
    }
}

fn takes_blank(hir: &Hir) -> bool {
    matches!(hir.kind(), HirKind::Class(class) if member_of(class, ' '))
}

/// Whether a character is in the class.
fn member_of(class: &Class, c: char) -> bool {
    match class {
        Class::Unicode(class) => class.ranges().iter().any(|range| range.start() <= c && c <= range.end()),
        Class::Bytes(class) => {
            class.ranges().iter().any(|range| char::from(range.start()) <= c && c <= char::from(range.end()))
        }
    }
}

/// A member of a class: a usual one if there is one.
fn member(class: &Class) -> String {
    let usual = ['a', '7', 'A', ' ', '-', '.', ':', '/'].into_iter().find(|c| member_of(class, *c));
    let first = || match class {
        Class::Unicode(class) => class.ranges().first().map(|range| range.start()),
        Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
    };
    usual.or_else(first).map(String::from).unwrap_or_default()
}
