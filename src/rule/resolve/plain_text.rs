//! Finds texts of conditions that are meant as wildcards or regexes, and comparisons of levels by the alphabet.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::Diagnostic;
use crate::level::Level;
use crate::rule::ast::{self, LiteralKind, LiteralValue, Spanned};
use crate::rule::error;
use crate::rule::program::{Comparison, PathStep};
use crate::source::Span;

/// Parts of regexes that hardly occur in the texts that are compared.
static REGEX_PARTS: LazyLock<Regex> = LazyLock::new(|| {
    let parts = [
        r"\.[*+]",
        r"\\[dDsSwWb](?:[+*?{]|$|[^\w\\])",
        r"\[\^?(?:a-z|A-Z|0-9)[^\]]*\]",
        r"\([\w ]+(?:\|[\w ]+)+\)",
        r"^\^[\w\[(\\]",
        r"[\w)\]+*]\$$",
        r"\(\?[:iP<]",
    ];
    Regex::new(&parts.join("|")).expect("the table contains valid regexes")
});

/// Warns of a text that is compared as it is, but looks like a wildcard or a regex.
pub(super) fn remark(left: &ast::Operand, op: &Spanned<Comparison>, text: &LiteralValue) -> Option<Diagnostic> {
    if !matches!(text.kind, LiteralKind::Text | LiteralKind::TextIgnoringCase) {
        return None;
    }
    let is_equal = matches!(op.node, Comparison::Equal | Comparison::NotEqual);
    if op.node == Comparison::Like {
        return like(text);
    }
    if let Some(part) = REGEX_PARTS.find(&text.text) {
        return Some(regex(left, op, text, part.as_str()));
    }
    let has_word = text.text.chars().filter(|c| c.is_alphanumeric()).count() >= 2;
    let at_edge = text.text.starts_with('*') || text.text.ends_with('*');
    if !has_word || !at_edge || !(is_equal || super::condition::searches_text(op.node)) {
        return None;
    }
    let wrong = error::wildcard_in_text(text.span, &text.text, &op.node.to_string());
    let inner = text.text.trim_matches('*');
    Some(match op.node {
        Comparison::Equal => {
            wrong.help("write `like`, in which `*` is any text and `?` one character").replace(op.span, "like")
        }
        Comparison::NotEqual => {
            let start = left.span().start;
            wrong
                .help("write `not … like`, in which `*` is any text and `?` one character")
                .replace(Span::new(start, start), "not ")
                .replace(op.span, "like")
        }
        _ => wrong
            .help(format!("write `{} \"{inner}\"`, or `like \"{}\"`", op.node, text.text))
            .replace(text.span, inner),
    })
}

/// `like "%x%"`.
fn like(text: &LiteralValue) -> Option<Diagnostic> {
    let is_sql = (text.text.starts_with('%') || text.text.ends_with('%')) && !text.text.contains(['*', '?']);
    let is_percent =
        text.text.trim_end_matches('%').ends_with(|c: char| c.is_ascii_digit()) && !text.text.starts_with('%');
    if text.text.len() < 2 || !is_sql || is_percent {
        return None;
    }
    let fixed = format!(
        "{}{}{}",
        if text.text.starts_with('%') { "*" } else { "" },
        text.text.trim_matches('%'),
        if text.text.ends_with('%') { "*" } else { "" }
    );
    let wrong = error::wildcard_in_text(text.span, "%", "like");
    Some(
        wrong
            .help(format!("the wildcards of `like` are `*` and `?`: write `like \"{fixed}\"`"))
            .replace(text.span, fixed),
    )
}

fn regex(left: &ast::Operand, op: &Spanned<Comparison>, text: &LiteralValue, part: &str) -> Diagnostic {
    let wrong = error::wildcard_in_text(text.span, part, &op.node.to_string());
    let flags = if text.kind == LiteralKind::TextIgnoringCase { "i" } else { "" };
    let (before, after) = match op.node {
        Comparison::Starts if !text.text.starts_with('^') => ("^", ""),
        Comparison::Ends if !text.text.ends_with('$') => ("", "$"),
        _ => ("", ""),
    };
    let source = format!("/{before}{}{after}/{flags}", text.text.replace("\\\"", "\"").replace('/', "\\/"));
    let not = if op.node == Comparison::NotEqual { "not " } else { "" };
    let start = left.span().start;
    let quoted = Span::new(text.span.start - 1 - flags.len(), text.span.end + 1);
    let wrong = wrong.help(format!("a regex is compared with `~`: `{not}{} ~ {source}`", super::operand::show(left)));
    let wrong = wrong.replace(op.span, "~").replace(quoted, source);
    if not.is_empty() { wrong } else { wrong.replace(Span::new(start, start), not) }
}

/// Reports levels that are compared by the alphabet: `.level >= "warning"`, `.level >= error`. It is an error if the word is
/// not in quotes.
pub(super) fn level_by_alphabet(
    left: &ast::Operand,
    op: &Spanned<Comparison>,
    right: &ast::Right,
) -> Option<Diagnostic> {
    let ast::Operand::Field(field) = left else { return None };
    let Some(PathStep::Name(name)) = field.node.last() else { return None };
    let is_level = matches!(name.to_lowercase().as_str(), "level" | "lvl" | "loglevel" | "log_level" | "severity_text");
    let is_order = matches!(
        op.node,
        Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual
    );
    let (word, is_text, span) = match right {
        ast::Right::Literal(literal) if literal.kind == LiteralKind::Text => (&literal.text, true, literal.span),
        ast::Right::Operand(ast::Operand::Word(word)) => (&word.node, false, word.span),
        _ => return None,
    };
    if !is_level || !is_order {
        return None;
    }
    let level = Level::by_word(word.as_bytes())?;
    let wrong = error::level_by_alphabet(left.span(), &super::operand::show(left), op.node, level.name(), is_text);
    let place = if is_text { Span::new(span.start - 1, span.end + 1) } else { span };
    Some(wrong.replace(left.span(), ".severity").replace(place, word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::REGEX_PARTS;

    #[test]
    fn parts_of_regexes_are_told_from_text() {
        let regexes = ["time.*out", r"\d+ ms", "^foo", "bar$", "(a|b)", "[0-9]+", "(?i)x", r"took \d"];
        assert_eq!(regexes.map(|text| REGEX_PARTS.is_match(text)), [true; 8]);
        let texts = [
            r"C:\Windows\system32\drivers",
            "[error]",
            "a.b",
            "costs 5$ or 6$ a day",
            "(none)",
            "x^2",
            "file.txt",
            "100%",
        ];
        assert_eq!(texts.map(|text| REGEX_PARTS.is_match(text)), [false; 8]);
    }
}
