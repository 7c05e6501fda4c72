//! What a person may say at the prompt of a dialogue.

use std::path::PathBuf;

/// The words that [`reply`] knows, one line.
pub(super) const HELP: &str = "y, n or ? (unknown): answer · skip: ask something else · why [CAUSE] · tried RESOLUTION · \
     log PATH: read another log · save FILE: keep the case · report · quit";

/// One line of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    Yes,
    No,
    Unknown,
    Skip,
    /// Of this cause, or of the most probable one.
    Why(Option<String>),
    Tried(String),
    Log(PathBuf),
    Save(PathBuf),
    Report,
    Help,
    Quit,
    /// Anything else, without the blanks around it; perhaps nothing.
    Text(String),
}

/// What `line` says. A command whose argument is missing is text, which no question takes for an answer.
pub(super) fn reply(line: &str) -> Reply {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim_start();
    match (word, rest) {
        ("y" | "yes", "") => Reply::Yes,
        ("n" | "no", "") => Reply::No,
        ("?" | "unknown", "") => Reply::Unknown,
        ("skip", "") => Reply::Skip,
        ("why", "") => Reply::Why(None),
        ("why", cause) => Reply::Why(Some(cause.to_owned())),
        ("report", "") => Reply::Report,
        ("help", "") => Reply::Help,
        ("quit" | "q", "") => Reply::Quit,
        ("tried", name) if !name.is_empty() => Reply::Tried(name.to_owned()),
        ("log", path) if !path.is_empty() => Reply::Log(path.into()),
        ("save", path) if !path.is_empty() => Reply::Save(path.into()),
        _ => Reply::Text(line.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_answer_a_command_or_text() {
        assert_eq!([reply("y\n"), reply(" no \r\n"), reply("?")], [Reply::Yes, Reply::No, Reply::Unknown]);
        assert_eq!([reply("why"), reply("why  a_cause")], [Reply::Why(None), Reply::Why(Some("a_cause".into()))]);
        assert_eq!(reply("tried new_belt\n"), Reply::Tried("new_belt".into()));
        assert_eq!(reply("log my logs/a.log"), Reply::Log("my logs/a.log".into()));
        assert_eq!([reply("quit"), reply("help"), reply("skip")], [Reply::Quit, Reply::Help, Reply::Skip]);
    }

    #[test]
    fn what_only_begins_like_a_command_is_text() {
        for text in ["", "tried", "log", "quit now", "yes it does", "5.5 SP3", "whynot"] {
            assert_eq!(reply(text), Reply::Text(text.to_owned()));
        }
    }
}
