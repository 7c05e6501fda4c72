//! Heads of items and definitions as people write them at first: names with `-`, titles that are missing.

use super::Failed;
use super::statement::needless;
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    let is_test = failed.form.word == "test";
    let is_nested = failed.form.word == "resolution" && failed.form.form.starts_with("resolution \"");
    if is_nested && failed.at == failed.first + 1 && failed.is_word(failed.at) {
        return Some(needless(failed, failed.at, failed.at, "a resolution in a `rule` has the name of the rule"));
    }
    if is_nested && failed.at >= failed.end {
        let end = Span::new(failed.here().end, failed.here().end);
        let wrong = error::missing_part(failed.here(), "the title", "write `resolution \"what to do\" { … }`");
        return Some(wrong.replace(end, " \"Fix it\"").guessed());
    }
    if is_test {
        return test(failed);
    }
    if is_nested { None } else { name(failed).or_else(|| title(failed)) }
}

/// `test name { … }`: the title is text.
fn test(failed: &Failed<'_>) -> Option<Diagnostic> {
    let first = failed.first + 1;
    if failed.at != first || first >= failed.end {
        return (first >= failed.end)
            .then(|| error::missing_part(failed.here(), "the title", "write `test \"what it shows\" { … }`"));
    }
    let whole = failed.span(first, failed.end - 1);
    let is_words = (first..failed.end).all(|index| failed.is_word(index) || failed.is_number(index));
    let fixed = format!("\"{}\"", failed.slice(whole).replace('_', " "));
    let title = "the title of a test is text";
    let has_title = failed.is_string(failed.end - 1);
    match (is_words, has_title) {
        (true, _) => Some(error::foreign_form(whole, title, format!("write `test {fixed}`")).replace(whole, fixed)),
        (false, true) if first + 1 < failed.end => {
            Some(needless(failed, first, failed.end - 2, "a test has a title and no name"))
        }
        _ => None,
    }
}

/// A name with signs that names do not have: `disk-full`, `größe`, `2a`, `a.b`.
fn name(failed: &Failed<'_>) -> Option<Diagnostic> {
    let first = failed.first + 1;
    if first >= failed.end || failed.is_string(first) || matches!(failed.text_of(first), ":" | "=") {
        return None;
    }
    let mut last = first;
    while last + 1 < failed.end
        && failed.is_glued(last + 1)
        && !failed.is_string(last + 1)
        && failed.text_of(last + 1) != ":"
    {
        last += 1;
    }
    let span = failed.span(first, last);
    let written = failed.slice(span);
    let meant = plain_name(written);
    if failed.at > last + 1 || meant == written {
        return None;
    }
    let wrong = error::bad_name(span, written, &meant);
    let is_taken = (0..failed.tokens.len()).any(|index| {
        let token = failed.tokens[index];
        failed.text[token.span.start..token.span.end] == meant
    });
    let is_number = written.starts_with(|c: char| c.is_ascii_digit());
    Some(if is_taken || is_number { wrong.guessed() } else { wrong })
}

/// Returns a name that looks like `written`.
pub(super) fn plain_name(written: &str) -> String {
    let mut plain = String::new();
    for c in written.chars() {
        match c {
            'ä' | 'Ä' => plain.push_str("ae"),
            'ö' | 'Ö' => plain.push_str("oe"),
            'ü' | 'Ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            'à' | 'á' | 'â' | 'å' => plain.push('a'),
            'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
            'ñ' => plain.push('n'),
            'ç' => plain.push('c'),
            c if c.is_ascii_alphanumeric() => plain.push(c),
            _ if plain.ends_with('_') => {}
            _ => plain.push('_'),
        }
    }
    let plain = plain.trim_matches('_').to_owned();
    match plain.chars().next() {
        None => "name".to_owned(),
        Some(c) if c.is_ascii_digit() => {
            let ordinal =
                [("1st", "first"), ("2nd", "second"), ("3rd", "third")].into_iter().find(|(n, _)| plain.starts_with(n));
            match ordinal {
                Some((n, word)) => format!("{word}{}", &plain[n.len()..]),
                None => format!("n{plain}"),
            }
        }
        Some(_) => plain,
    }
}

/// A title or name that is missing, a sign between them, and the wrong order.
fn title(failed: &Failed<'_>) -> Option<Diagnostic> {
    let (first, at) = (failed.first + 1, failed.at);
    let keyword = failed.form.word;
    if matches!(failed.found(), ":" | "=") && at == first + 1 {
        return Some(needless(failed, at, at, "the title follows the name directly"));
    }
    let end = |index: usize| Span::new(failed.span(index, index).end, failed.span(index, index).end);
    if failed.is_word(first) && at == first + 1 && at >= failed.end {
        let title = failed.text_of(first).replace('_', " ");
        let help = format!("write `{keyword} {} \"what it is\" {{ … }}`", failed.text_of(first));
        return Some(
            error::missing_part(failed.span(first, first), "the title", help)
                .replace(end(first), format!(" \"{title}\""))
                .guessed(),
        );
    }
    if failed.is_word(first) && failed.is_word(at) && at == first + 1 {
        let whole = failed.span(at, failed.end - 1);
        let fixed = format!("\"{}\"", failed.slice(whole));
        let is_words = (at..failed.end).all(|index| failed.is_word(index) || failed.is_number(index));
        let title = "a title is written in quotes";
        return is_words.then(|| error::foreign_form(whole, title, format!("write `{fixed}`")).replace(whole, fixed));
    }
    if !failed.is_string(first) || at != first {
        return None;
    }
    if failed.is_word(first + 1) && first + 2 == failed.end {
        let whole = failed.span(first, first + 1);
        let fixed = format!("{} {}", failed.text_of(first + 1), failed.text_of(first));
        return Some(
            error::foreign_form(whole, "the name comes before the title", format!("write `{keyword} {fixed}`"))
                .replace(whole, fixed),
        );
    }
    let name = plain_name(&failed.inner(first).to_lowercase());
    let front = Span::new(failed.here().start, failed.here().start);
    let help = format!("write `{keyword} {name} {} {{ … }}`", failed.text_of(first));
    Some(error::missing_part(failed.here(), "the name", help).replace(front, format!("{name} ")).proposed())
}

/// `define x "foo"`, `define x: "foo"`, `define x = ("a", "b")`.
pub(super) fn define(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if let Some(wrong) = name(failed).filter(|_| at <= failed.first + 4) {
        return Some(wrong);
    }
    let front = Span::new(failed.here().start, failed.here().start);
    if at == failed.first + 2 {
        let more = failed.is_glued(at + 1) && failed.after(1) == "=";
        let span = failed.span(at.min(failed.end - 1), (at + usize::from(more)).min(failed.end - 1));
        return match failed.found() {
            "file" | "list" if failed.is_string(at + 1) => {
                Some(error::missing_part(failed.here(), "`=`", "write `= list file`").replace(front, "= "))
            }
            ":" | "as" | "is" => {
                Some(error::foreign_word(span, failed.slice(span), "=").help("write `=`").replace(span, "="))
            }
            _ if failed.is_string(at) || failed.is_regex(at) || failed.found() == "[" => {
                Some(error::missing_part(failed.here(), "`=`", "write `=` after the name").replace(front, "= "))
            }
            _ => None,
        };
    }
    if failed.is_string(at) && matches!(failed.before(1), "file" | "list") && failed.before(2) == "=" {
        let whole = failed.span(at - 1, at - 1);
        let fixed = "list file";
        let wrong = error::foreign_form(
            whole,
            "a list in a file is written `list file`",
            format!("write `{fixed} {}`", failed.found()),
        );
        return Some(wrong.replace(whole, fixed));
    }
    let is_value = |index: usize| failed.is_string(index) || failed.is_number(index);
    if is_value(at) && is_value(at - 1) && (failed.first..at).any(|index| failed.text_of(index) == "[") {
        let end = failed.span(at - 1, at - 1).end;
        let wrong = error::missing_part(failed.here(), "`,` before this", "values in a list are separated by `,`");
        return Some(wrong.replace(Span::new(end, end), ","));
    }
    let close = match failed.found() {
        "(" => ")",
        "{" => "}",
        _ => return None,
    };
    let is_value = failed.before(1) == "=";
    let last = (at..failed.end).find(|index| failed.text_of(*index) == close).filter(|_| is_value)?;
    let wrong = error::foreign_form(failed.here(), "a list is written in brackets", "write `[\"a\", \"b\"]`");
    Some(wrong.replace(failed.here(), "[").replace(failed.span(last, last), "]"))
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn names_are_made_plain() {
        let names = ["disk-full", "größe", "2a", "a.b", "Mail waits", "--", "a - b"].map(plain_name);
        assert_eq!(names, ["disk_full", "groesse", "n2a", "a_b", "Mail_waits", "name", "a_b"]);
    }
}
