//! Fills captures into titles, questions and commands.

use crate::matching::Captures;
use crate::report::clean::{is_acted_on, on_one_line};
use crate::rule::{Template, TemplatePiece};

/// Fills captures into `template` for reading: on one line, and safe to print. A capture without a value becomes its
/// name in angle brackets.
pub(in crate::report) fn plain(template: &Template, captures: &Captures, count: Option<u64>) -> String {
    on_one_line(&filled(template, captures, count, false))
}

/// Fills captures into `template` for a shell. Values in places that the rule marks for quoting are quoted if the shell
/// would act on them. The text of the rule itself is not changed.
pub(in crate::report) fn fill(template: &Template, captures: &Captures, count: Option<u64>) -> String {
    filled(template, captures, count, true)
}

fn filled(template: &Template, captures: &Captures, count: Option<u64>, for_shell: bool) -> String {
    let value = |name: &str| match (captures.get(name), count) {
        (Some(value), _) => Some(value.to_string()),
        (None, Some(count)) if name == "count" => Some(count.to_string()),
        (None, _) => None,
    };
    let mut text = String::new();
    for piece in &template.0 {
        match piece {
            TemplatePiece::Text(piece) => text.push_str(piece),
            TemplatePiece::Capture(name) => text.push_str(&value(name).unwrap_or_else(|| format!("<{name}>"))),
            TemplatePiece::ShellQuoted(name) => match value(name) {
                Some(value) if for_shell => text.push_str(&shell_quoted(&value)),
                Some(value) => text.push_str(&value),
                None => text.push_str(&format!("<{name}>")),
            },
        }
    }
    text
}

/// Quotes `text` as one word of a POSIX shell. Characters that a terminal acts on are dropped, because they could
/// change what a user pastes.
fn shell_quoted(text: &str) -> String {
    let text: String = text.chars().filter(|&c| !is_acted_on(c)).collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_from_a_log_cannot_leave_its_word() {
        assert_eq!(shell_quoted("corp.example"), "corp.example");
        assert_eq!(shell_quoted("x; rm -rf $HOME"), "'x; rm -rf $HOME'");
        assert_eq!(shell_quoted("it's\u{1b}[2J"), r"'it'\''s[2J'");
        assert_eq!(shell_quoted(""), "''");
    }

    #[test]
    fn a_capture_cannot_act_on_the_terminal() {
        let template = Template(vec![TemplatePiece::Text("{ ".into()), TemplatePiece::Capture("x".into())]);
        let value = crate::value::Value::Text(b"a\x1b[2J\n\xc2\x9b1m\xe2\x80\xaeb".as_slice().into());
        let captures = Captures::from([("x".to_owned(), value)]);
        assert_eq!(plain(&template, &captures, None), "{ a\u{fffd}[2J⏎\u{fffd}1m\u{fffd}b");
    }
}
