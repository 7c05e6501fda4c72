//! The level of a record, and the words that logs use for levels.

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
    /// Something stopped working: also critical, alert, emergency, panic.
    Fatal,
}

/// The words for levels in lower case. Single letters are those of Android and klog; `aus` and `auf` are the audits of
/// EventReporter, which calls a failed audit a warning.
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
    ("critical", Level::Fatal),
    ("crit", Level::Fatal),
    ("alert", Level::Fatal),
    ("emerg", Level::Fatal),
    ("emergency", Level::Fatal),
    ("panic", Level::Fatal),
    ("f", Level::Fatal),
];

impl Level {
    /// The level that `word` names, in any case.
    pub fn by_word(word: &[u8]) -> Option<Level> {
        WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes())).map(|(_, level)| *level)
    }

    /// The word for the level of a syslog priority number, which includes the facility.
    pub(super) fn word_for_priority(priority: u16) -> &'static str {
        ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"][usize::from(priority % 8)]
    }

    /// The word for the level of a reply or HTTP status: `error` from 500 on, `warning` from 400 on.
    pub(super) fn word_for_reply(reply: &[u8]) -> Option<&'static [u8]> {
        match reply.first() {
            Some(b'5') => Some(b"error"),
            Some(b'4') => Some(b"warning"),
            _ => None,
        }
    }

    /// The name that `.severity` gives.
    pub fn name(self) -> &'static str {
        match self {
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Notice => "notice",
            Level::Warning => "warning",
            Level::Error => "error",
            Level::Fatal => "fatal",
        }
    }
}
