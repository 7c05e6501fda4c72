//! The lines that a user can type at the prompt of `diagnose -i`.

use std::path::PathBuf;

/// The help text: what can be typed, on one line.
pub(super) const HELP: &str = "y, n or ? (unknown): answer · skip: ask something else · why [CAUSE] · tried RESOLUTION · \
     log PATH: read another log · save FILE: save the case · report · quit";

/// A line that the user typed, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Yes,
    No,
    Unknown,
    Skip,
    /// Explain the probability of this cause; without a name, of the most probable one.
    Why(Option<String>),
    Tried(String),
    Log(PathBuf),
    Save(PathBuf),
    Report,
    Help,
    Quit,
    /// Any other text, without blanks around it; may be empty.
    Text(String),
}

impl Line {
    /// Parses a line. A command without the argument that it needs is [`Line::Text`].
    pub(super) fn parse(line: &str) -> Line {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim_start();
        match (word, rest) {
            ("y" | "yes", "") => Line::Yes,
            ("n" | "no", "") => Line::No,
            ("?" | "unknown", "") => Line::Unknown,
            ("skip", "") => Line::Skip,
            ("why", "") => Line::Why(None),
            ("why", cause) => Line::Why(Some(cause.to_owned())),
            ("report", "") => Line::Report,
            ("help", "") => Line::Help,
            ("quit" | "q", "") => Line::Quit,
            ("tried", name) if !name.is_empty() => Line::Tried(name.to_owned()),
            ("log", path) if !path.is_empty() => Line::Log(path.into()),
            ("save", path) if !path.is_empty() => Line::Save(path.into()),
            _ => Line::Text(line.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_answer_a_command_or_text() {
        assert_eq!(
            [Line::parse("y\n"), Line::parse(" no \r\n"), Line::parse("?")],
            [Line::Yes, Line::No, Line::Unknown]
        );
        assert_eq!(
            [Line::parse("why"), Line::parse("why  a_cause")],
            [Line::Why(None), Line::Why(Some("a_cause".into()))]
        );
        assert_eq!(Line::parse("tried new_belt\n"), Line::Tried("new_belt".into()));
        assert_eq!(Line::parse("log my logs/a.log"), Line::Log("my logs/a.log".into()));
        assert_eq!(
            [Line::parse("quit"), Line::parse("help"), Line::parse("skip")],
            [Line::Quit, Line::Help, Line::Skip]
        );
    }

    #[test]
    fn what_only_begins_like_a_command_is_text() {
        for text in ["", "tried", "log", "quit now", "yes it does", "5.5 SP3", "whynot"] {
            assert_eq!(Line::parse(text), Line::Text(text.to_owned()));
        }
    }
}
