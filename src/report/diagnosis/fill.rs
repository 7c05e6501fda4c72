//! Fills captures into titles, questions and commands.

use crate::matching::Captures;
use crate::report::clean::{is_acted_on, on_one_line};
use crate::rule::{CommandPiece, Quoting, Shell, ShellCommand, Template, TemplatePiece};
use crate::value::Value;

/// Fills captures into `template` for reading: on one line, and safe to print. A capture without a value becomes its
/// name in angle brackets.
pub(in crate::report) fn plain(template: &Template, captures: &Captures, count: Option<u64>) -> String {
    let texts = template.0.iter().map(|piece| match piece {
        TemplatePiece::Text(text) => text.clone(),
        TemplatePiece::Capture(name) => printed(name, captures, count),
    });
    on_one_line(&texts.collect::<String>())
}

fn printed(name: &str, captures: &Captures, count: Option<u64>) -> String {
    match (captures.get(name), count) {
        (Some(value), _) => value.to_string(),
        (None, Some(count)) if name == "count" => count.to_string(),
        (None, _) => format!("<{name}>"),
    }
}

/// Fills captures into `template` like [`plain`], and cuts the longest values if the result has more than `room` characters,
/// since the words of a title say more than a value. Words that alone are longer stay whole.
pub(in crate::report) fn plain_within(template: &Template, captures: &Captures, room: usize) -> String {
    let whole = plain(template, captures, None);
    if whole.chars().count() <= room {
        return whole;
    }
    let value = |name: &str| on_one_line(&printed(name, captures, None));
    let n_chars = template.0.iter().map(|piece| match piece {
        TemplatePiece::Text(text) => (text.chars().count(), 0),
        TemplatePiece::Capture(name) => (0, value(name).chars().count()),
    });
    let (of_texts, of_values): (Vec<usize>, Vec<usize>) = n_chars.unzip();
    let room = room.saturating_sub(of_texts.iter().sum());
    let fits = |most: &usize| of_values.iter().map(|len| len.min(most)).sum::<usize>() <= room;
    let most = (SHORTEST_VALUE..=room).rev().find(fits).unwrap_or(SHORTEST_VALUE);
    let texts = template.0.iter().map(|piece| match piece {
        TemplatePiece::Text(text) => text.clone(),
        TemplatePiece::Capture(name) => cut(&value(name), most),
    });
    on_one_line(&texts.collect::<String>())
}

/// The fewest characters of a value in a title.
const SHORTEST_VALUE: usize = 8;

/// Cuts a value to at most `most` characters. Of a path its end is kept, which tells more than its start.
fn cut(value: &str, most: usize) -> String {
    let n_chars = value.chars().count();
    if n_chars <= most {
        return value.to_owned();
    }
    match value.contains('/') {
        true => format!("…{}", value.chars().skip(n_chars + 1 - most).collect::<String>()),
        false => format!("{}…", value.chars().take(most - 1).collect::<String>()),
    }
}

/// Fills captures into a command, quoted for its shell. The text of the rule itself is not changed.
///
/// # Errors
/// Returns why the command cannot be shown: a value is missing, or the shell or the program would not take it as it is.
pub(in crate::report) fn fill(command: &ShellCommand, captures: &Captures) -> Result<String, String> {
    let pieces = command.pieces.iter().map(|piece| match piece {
        CommandPiece::Text(text) => Ok(text.clone()),
        CommandPiece::Value { name, quoting, may_be_option } => {
            let Some(value) = captures.get(name) else {
                return Err(format!("no command: it needs `{name}`, which is not known"));
            };
            filled(value, command.shell, *quoting, *may_be_option)
                .map_err(|why| format!("no command: the value of `{name}` {why}"))
        }
    });
    pieces.collect()
}

/// The command as the rule states it, with the names of captures in braces.
pub(in crate::report) fn as_written(command: &ShellCommand) -> String {
    let pieces = command.pieces.iter().map(|piece| match piece {
        CommandPiece::Text(text) => text.clone(),
        CommandPiece::Value { name, quoting: Quoting::Word, .. } => format!("'{{{name}}}'"),
        CommandPiece::Value { name, quoting: Quoting::Plain, .. } => format!("{{{name}}}"),
    });
    pieces.collect()
}

fn filled(value: &Value, shell: Shell, quoting: Quoting, may_be_option: bool) -> Result<String, &'static str> {
    let text = match value {
        Value::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| "is not UTF-8")?.to_owned(),
        value => value.to_string(),
    };
    let dashes: &[char] = match shell {
        Shell::Posix => &['-'],
        Shell::PowerShell => &['-', '\u{2013}', '\u{2014}', '\u{2015}'],
    };
    if text.contains(|c| is_acted_on(c) || c == char::REPLACEMENT_CHARACTER) {
        return Err("has characters that cannot be seen");
    }
    if may_be_option && text.starts_with(dashes) {
        return Err("begins with `-`, so the program would read it as an option");
    }
    match (quoting, shell) {
        (Quoting::Plain, _) if is_plain(&text) => Ok(text),
        (Quoting::Plain, _) => Err("has characters that the shell acts on"),
        (Quoting::Word, Shell::Posix) => Ok(quoted(&text)),
        (Quoting::Word, Shell::PowerShell) => quoted_for_powershell(&text),
    }
}

/// Whether no shell acts on any character of the text.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@%+".contains(c))
}

/// Quotes `text` as one word of a POSIX shell if it needs quotes.
fn quoted(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Quotes `text` as one argument of PowerShell, which takes typographic single quotes for quotes too. Windows
/// PowerShell does not escape `"`, nor a backslash at the end, when it passes an argument on to a program.
fn quoted_for_powershell(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.contains('"') || text.ends_with('\\') {
        return Err("is empty, has a `\"`, or ends with `\\`, which PowerShell does not pass on to programs");
    }
    if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(text.to_owned());
    }
    let is_quote = |c| matches!(c, '\'' | '\u{2018}'..='\u{201b}');
    let doubled: String = text.chars().flat_map(|c| std::iter::repeat_n(c, 1 + usize::from(is_quote(c)))).collect();
    Ok(format!("'{doubled}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value<'static> {
        Value::Text(text.as_bytes().to_vec().into())
    }

    #[test]
    fn a_value_from_a_log_cannot_leave_its_word() {
        assert_eq!(quoted("corp.example"), "corp.example");
        assert_eq!(quoted("x; rm -rf $HOME"), "'x; rm -rf $HOME'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("=ls"), "'=ls'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted_for_powershell("it's ’; iex"), Ok("'it''s ’’; iex'".to_owned()));
        assert!(quoted_for_powershell(r#"a" -b"#).is_err() && quoted_for_powershell(r"C:\Belt\").is_err());
    }

    #[test]
    fn a_command_is_withheld_with_the_reason() {
        let value = |quoting| CommandPiece::Value { name: "x".to_owned(), quoting, may_be_option: true };
        let command = |quoting| ShellCommand {
            shell: Shell::Posix,
            pieces: vec![CommandPiece::Text("id ".to_owned()), value(quoting)],
        };
        let filled = |quoting, x: Option<Value<'static>>| {
            let captures: Captures = x.map(|x| ("x".to_owned(), x)).into_iter().collect();
            fill(&command(quoting), &captures).map_err(|why| why.trim_start_matches("no command: ").to_owned())
        };
        let err = |why: &str| Err(why.to_owned());
        assert_eq!(filled(Quoting::Word, Some(text("a b"))), Ok("id 'a b'".to_owned()));
        assert_eq!(filled(Quoting::Word, None), err("it needs `x`, which is not known"));
        assert_eq!(
            filled(Quoting::Word, Some(text("a\nb"))),
            err("the value of `x` has characters that cannot be seen")
        );
        assert_eq!(
            filled(Quoting::Word, Some(Value::Text(b"\xff".as_slice().into()))),
            err("the value of `x` is not UTF-8")
        );
        assert_eq!(
            filled(Quoting::Word, Some(Value::Int(-1))),
            err("the value of `x` begins with `-`, so the program would read it as an option")
        );
        assert_eq!(
            filled(Quoting::Plain, Some(text("a;b"))),
            err("the value of `x` has characters that the shell acts on")
        );
    }

    #[test]
    fn long_values_are_cut_before_the_words_of_a_title() {
        let template = Template(vec![
            TemplatePiece::Text("the name ".into()),
            TemplatePiece::Capture("name".into()),
            TemplatePiece::Text(" in ".into()),
            TemplatePiece::Capture("file".into()),
            TemplatePiece::Text(" cannot be resolved".into()),
        ]);
        let captures = |name: &'static str, file: &'static str| {
            Captures::from([("name".to_owned(), text(name)), ("file".to_owned(), text(file))])
        };
        let title = |room| plain_within(&template, &captures("api.internal.example:8080", "/etc/shop/a.conf"), room);
        assert_eq!(title(80), "the name api.internal.example:8080 in /etc/shop/a.conf cannot be resolved");
        assert_eq!(title(72), "the name api.internal.example:80… in /etc/shop/a.conf cannot be resolved");
        assert_eq!(title(60), "the name api.internal.… in …c/shop/a.conf cannot be resolved");
        assert_eq!(title(20), "the name api.int… in …/a.conf cannot be resolved");
    }

    #[test]
    fn a_capture_cannot_act_on_the_terminal() {
        let template = Template(vec![TemplatePiece::Text("{ ".into()), TemplatePiece::Capture("x".into())]);
        let value = Value::Text(b"a\x1b[2J\n\xc2\x9b1m\xe2\x80\xaeb".as_slice().into());
        let captures = Captures::from([("x".to_owned(), value)]);
        assert_eq!(plain(&template, &captures, None), "{ a\u{fffd}[2J⏎\u{fffd}1m\u{fffd}b");
    }
}
