//! How severe a record says it is.

/// The level of a record, from the least to the most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Every step.
    Trace,
    /// For developers.
    Debug,
    /// The normal course.
    Info,
    /// Normal but worth a look.
    Notice,
    /// May become an error.
    Warning,
    /// Something did not work.
    Error,
    /// Something stopped working: also critical, alert, emergency, panic.
    Fatal,
}

/// How logs write levels, in lower case; single letters are those of Android and klog, `aus` and `auf` the
/// audits of EventReporter, which calls a failed one a warning.
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

    /// The level of a syslog priority number, facility included.
    pub(super) fn of_priority(priority: u16) -> &'static str {
        ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"][usize::from(priority % 8)]
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
