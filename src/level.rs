//! The level of a record, and the words that logs use for levels: shared by rules and records.

/// The level of a record, from the least to the most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Every step of the program.
    Trace,
    /// Details for developers.
    Debug,
    /// Normal operation.
    Info,
    /// Normal, but worth a look.
    Notice,
    /// May become an error.
    Warning,
    /// Something did not work.
    Error,
    /// Something important does not work; logs also call it alert or emergency.
    Critical,
    /// The program cannot go on; logs also call it panic.
    Fatal,
}

/// The words for levels, in lower case. Android and klog write single letters. EventReporter writes `aus` for a
/// successful audit, and `auf` for a failed one.
const WORDS: &[(&str, Level)] = &[
    ("trace", Level::Trace),
    ("verbose", Level::Trace),
    ("v", Level::Trace),
    ("debug", Level::Debug),
    ("d", Level::Debug),
    ("info", Level::Info),
    ("inf", Level::Info),
    ("success audit", Level::Info),
    ("audit success", Level::Info),
    ("aus", Level::Info),
    ("information", Level::Info),
    ("i", Level::Info),
    ("notice", Level::Notice),
    ("warn", Level::Warning),
    ("warning", Level::Warning),
    ("wrn", Level::Warning),
    ("failure audit", Level::Warning),
    ("audit failure", Level::Warning),
    ("auf", Level::Warning),
    ("w", Level::Warning),
    ("error", Level::Error),
    ("err", Level::Error),
    ("severe", Level::Error),
    ("failure", Level::Error),
    ("e", Level::Error),
    ("fatal", Level::Fatal),
    ("critical", Level::Critical),
    ("crit", Level::Critical),
    ("alert", Level::Critical),
    ("emerg", Level::Critical),
    ("emergency", Level::Critical),
    ("panic", Level::Fatal),
    ("f", Level::Fatal),
];

impl Level {
    /// Returns the level that `word` names, ignoring case; `None` if the word is unknown.
    pub fn by_word(word: &[u8]) -> Option<Level> {
        WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes())).map(|(_, level)| *level)
    }

    /// Returns every word for a level, in lower case.
    pub(crate) fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(word, _)| *word)
    }

    /// All levels, from the least to the most severe.
    pub const ALL: [Level; 8] = [
        Level::Trace,
        Level::Debug,
        Level::Info,
        Level::Notice,
        Level::Warning,
        Level::Error,
        Level::Critical,
        Level::Fatal,
    ];

    /// Returns the word for the level in a syslog priority, which is 8 × facility + level.
    pub(crate) fn word_for_priority(priority: u16) -> &'static str {
        ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"][usize::from(priority % 8)]
    }

    /// Returns the word for the level of a numbered reply or an HTTP status: `error` for 5xx, `warning` for 4xx,
    /// otherwise `None`.
    pub(crate) fn word_for_reply(reply: &[u8]) -> Option<&'static [u8]> {
        match reply.first() {
            Some(b'5') => Some(b"error"),
            Some(b'4') => Some(b"warning"),
            _ => None,
        }
    }

    /// Returns the name of the level, which is also the value of the field `.severity`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Notice => "notice",
            Level::Warning => "warning",
            Level::Error => "error",
            Level::Critical => "critical",
            Level::Fatal => "fatal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_ordered_by_severity_and_named_by_words() {
        assert!(Level::ALL.is_sorted());
        assert_eq!(Level::ALL.map(|level| Level::by_word(level.name().as_bytes())), Level::ALL.map(Some));
        let meant = ["warn", "err", "crit", "emerg", "alert", "panic"].map(|word| Level::by_word(word.as_bytes()));
        let (critical, error) = (Some(Level::Critical), Some(Level::Error));
        assert_eq!(meant, [Some(Level::Warning), error, critical, critical, critical, Some(Level::Fatal)]);
        assert_eq!(Level::by_word(b"warnign"), None);
    }
}
