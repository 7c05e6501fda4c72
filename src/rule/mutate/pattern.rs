//! Changes of patterns: one that never matches, and ones in which a word need not be there.

use std::ops::Range;

use regex_syntax::ast::{Ast, Flag, FlagsItemKind, LiteralKind, parse::Parser};

use super::condition::Change;
use super::{MutantKind, excerpt};
use crate::rule::ast::{Alternative, PatternText, Quoted, Spanned};
use crate::source::Span;

/// Characters for private use, which no log contains.
const NEVER: &str = "\u{e000}\u{e001}\u{e000}";

/// A word is left out only if it has this many letters: shorter ones hardly tell messages apart.
const SHORTEST_WORD: usize = 4;

/// The alternatives with a changed one.
pub(super) fn replaced(alternatives: &[Alternative], index: usize, new: Alternative) -> Vec<Alternative> {
    let mut changed = alternatives.to_vec();
    changed[index] = new;
    changed
}

/// Returns the changes of each pattern, with its index.
pub(super) fn pattern_changes(alternatives: &[Alternative], text: &str) -> Vec<(usize, Change<Alternative>)> {
    let mut changes = Vec::new();
    for (index, alternative) in alternatives.iter().enumerate() {
        let Alternative::Pattern(written) = alternative else { continue };
        changes.push((index, disabled(written, text)));
        changes.extend(looser(written).into_iter().map(|change| (index, change)));
    }
    changes
}

/// The pattern with characters that no log contains, so that it has the same captures and never matches.
pub(super) fn disabled(written: &PatternText, text: &str) -> Change<Alternative> {
    let span = written.source().span;
    let new = match written {
        PatternText::Holes { source, ignore_case } => {
            let source = Quoted { node: format!("{NEVER} {}", source.node), span };
            PatternText::Holes { source, ignore_case: *ignore_case }
        }
        PatternText::Regex { source, flags } => {
            let source = Quoted { node: format!("{NEVER}(?:{})", source.node), span };
            PatternText::Regex { source, flags: flags.clone() }
        }
    };
    let text = format!("`{}` never matches", excerpt(text, span));
    Change { new: Alternative::Pattern(new), span, kind: MutantKind::Branch, text }
}

/// Returns a looser pattern for each word that tells it from others: any text may stand in its place.
fn looser(written: &PatternText) -> Vec<Change<Alternative>> {
    let source = written.source();
    let (words, any) = match written {
        PatternText::Holes { .. } => (words_of_text(&source.node), "{..}"),
        PatternText::Regex { flags, .. } => (words_of_regex(&source.node, flags), ".*?"),
    };
    if words.len() < 2 {
        return Vec::new();
    }
    let changed = words.into_iter().map(|word| {
        let span = Span::new(word.start, word.end).shifted(source.span.start);
        let change = format!("any text may stand for `{}`", &source.node[word.clone()]);
        let source = Quoted { node: without(&source.node, &word, any), span: source.span };
        let new = match written {
            PatternText::Holes { ignore_case, .. } => PatternText::Holes { source, ignore_case: *ignore_case },
            PatternText::Regex { flags, .. } => PatternText::Regex { source, flags: flags.clone() },
        };
        Change { new: Alternative::Pattern(new), span, kind: MutantKind::Word, text: change }
    });
    changed.collect()
}

/// Replaces a word by what takes any text; a word at an end of the pattern is left out.
fn without(source: &str, word: &Range<usize>, any: &str) -> String {
    let (before, after) = (&source[..word.start], &source[word.end..]);
    match (before.trim().is_empty(), after.trim().is_empty()) {
        (true, _) => after.trim_start().to_owned(),
        (false, true) => before.trim_end().to_owned(),
        (false, false) => format!("{before}{any}{after}"),
    }
}

fn is_telling(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST_WORD
}

/// Returns the places of the words outside of holes.
fn words_of_text(source: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut add = |range: Range<usize>| {
        let mut at = range.start;
        for word in source[range.clone()].split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            if is_telling(bare) {
                words.push(at..at + bare.len());
            }
            at += word.len();
        }
    };
    while let Some(open) = source[start..].find('{').map(|at| at + start) {
        if source[open..].starts_with("{{") {
            // A brace: the word around it is not left out.
            add(start..open);
            start = open + 2;
            continue;
        }
        add(start..open);
        start = source[open..].find('}').map_or(source.len(), |close| open + close + 1);
    }
    add(start..source.len());
    words
}

/// Returns the places of the words that each match of the regex contains, as far as they are written plainly.
fn words_of_regex(source: &str, flags: &Spanned<String>) -> Vec<Range<usize>> {
    if flags.node.contains('x') {
        return Vec::new();
    }
    let Ok(tree) = Parser::new().parse(source) else { return Vec::new() };
    let mut runs: Vec<Range<usize>> = Vec::new();
    if !literal_runs(&tree, &mut runs) {
        return Vec::new();
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words = runs.into_iter().flat_map(|run| {
        let mut found = Vec::new();
        let mut at = run.start;
        for part in source[run].split_inclusive(|c: char| !is_word(c)) {
            let bare = part.trim_end_matches(|c: char| !is_word(c));
            if is_telling(bare) {
                found.push(at..at + bare.len());
            }
            at += part.len();
        }
        found
    });
    words.collect()
}

/// Adds the runs of plain characters that are not in a group, repeated or one of several. Returns false if the regex sets
/// the flag `x`, with which blanks mean nothing.
fn literal_runs(tree: &Ast, runs: &mut Vec<Range<usize>>) -> bool {
    match tree {
        Ast::Literal(literal) if literal.kind == LiteralKind::Verbatim => {
            let (start, end) = (literal.span.start.offset, literal.span.end.offset);
            match runs.last_mut().filter(|last| last.end == start) {
                Some(last) => last.end = end,
                None => runs.push(start..end),
            }
            true
        }
        Ast::Concat(concat) => concat.asts.iter().all(|part| literal_runs(part, runs)),
        Ast::Flags(set) => {
            set.flags.items.iter().all(|item| !matches!(item.kind, FlagsItemKind::Flag(Flag::IgnoreWhitespace)))
        }
        _ => true,
    }
}
