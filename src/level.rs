//! The level of a record, and the words that logs use for levels: shared by rules and records.

use serde::{Deserialize, Serialize};

/// The level of a record, from the least to the most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// The words for levels, in lower case and sorted by their bytes. Android and klog write single letters, MongoDB `D1` to
/// `D5`, PostgreSQL `LOG`, java.util.logging `FINE` and `SEVERE`. EventReporter writes `aus` for a successful audit, and
/// `auf` for a failed one. Windows writes its words in the language of the system; those that begin with a letter outside
/// ASCII have the case in which it writes them.
const WORDS: &[(&str, Level)] = &[
    ("advarsel", Level::Warning),
    ("advertencia", Level::Warning),
    ("aler", Level::Critical),
    ("alert", Level::Critical),
    ("alrt", Level::Critical),
    ("audit failure", Level::Warning),
    ("audit success", Level::Info),
    ("audit_failure", Level::Warning),
    ("audit_success", Level::Info),
    ("auf", Level::Warning),
    ("aus", Level::Info),
    ("ausführlich", Level::Trace),
    ("avertissement", Level::Warning),
    ("aviso", Level::Warning),
    ("avviso", Level::Warning),
    ("błąd", Level::Error),
    ("config", Level::Debug),
    ("crit", Level::Critical),
    ("critical", Level::Critical),
    ("critico", Level::Critical),
    ("critique", Level::Critical),
    ("crt", Level::Critical),
    ("crítico", Level::Critical),
    ("d", Level::Debug),
    ("d1", Level::Debug),
    ("d2", Level::Debug),
    ("d3", Level::Debug),
    ("d4", Level::Debug),
    ("d5", Level::Debug),
    ("dbg", Level::Debug),
    ("dbug", Level::Debug),
    ("debg", Level::Debug),
    ("debu", Level::Debug),
    ("debug", Level::Debug),
    ("debug1", Level::Debug),
    ("debug2", Level::Debug),
    ("debug3", Level::Debug),
    ("debug4", Level::Debug),
    ("debug5", Level::Debug),
    ("debugging", Level::Debug),
    ("depuración", Level::Debug),
    ("detallado", Level::Trace),
    ("dettagliato", Level::Trace),
    ("dpanic", Level::Fatal),
    ("e", Level::Error),
    ("emer", Level::Critical),
    ("emerg", Level::Critical),
    ("emergency", Level::Critical),
    ("erfolgsüberwachung", Level::Info),
    ("eror", Level::Error),
    ("err", Level::Error),
    ("erreur", Level::Error),
    ("erro", Level::Error),
    ("error", Level::Error),
    ("errore", Level::Error),
    ("f", Level::Fatal),
    ("fail", Level::Error),
    ("failure", Level::Error),
    ("failure audit", Level::Warning),
    ("fata", Level::Fatal),
    ("fatal", Level::Fatal),
    ("fault", Level::Fatal),
    ("fehler", Level::Error),
    ("feil", Level::Error),
    ("fein", Level::Debug),
    ("feiner", Level::Trace),
    ("fel", Level::Error),
    ("fine", Level::Debug),
    ("finer", Level::Trace),
    ("finest", Level::Trace),
    ("fout", Level::Error),
    ("ftl", Level::Fatal),
    ("hinweis", Level::Notice),
    ("i", Level::Info),
    ("inf", Level::Info),
    ("info", Level::Info),
    ("información", Level::Info),
    ("informacje", Level::Info),
    ("informasjon", Level::Info),
    ("informatie", Level::Info),
    ("information", Level::Info),
    ("informational", Level::Info),
    ("informationen", Level::Info),
    ("informations", Level::Info),
    ("informazioni", Level::Info),
    ("informações", Level::Info),
    ("konfiguration", Level::Debug),
    ("kritisch", Level::Critical),
    ("kritiskt", Level::Critical),
    ("log", Level::Info),
    ("note", Level::Notice),
    ("noti", Level::Notice),
    ("notice", Level::Notice),
    ("ntc", Level::Notice),
    ("ostrzeżenie", Level::Warning),
    ("pani", Level::Fatal),
    ("panic", Level::Fatal),
    ("schwerwiegend", Level::Error),
    ("severe", Level::Error),
    ("success", Level::Info),
    ("success audit", Level::Info),
    ("trac", Level::Trace),
    ("trace", Level::Trace),
    ("trc", Level::Trace),
    ("trce", Level::Trace),
    ("v", Level::Trace),
    ("varning", Level::Warning),
    ("verb", Level::Trace),
    ("verbose", Level::Trace),
    ("vrb", Level::Trace),
    ("w", Level::Warning),
    ("waarschuwing", Level::Warning),
    ("warn", Level::Warning),
    ("warning", Level::Warning),
    ("warnung", Level::Warning),
    ("wrn", Level::Warning),
    ("Überwachung erfolgreich", Level::Info),
    ("Überwachung gescheitert", Level::Warning),
    ("Критическая ошибка", Level::Critical),
    ("Критический", Level::Critical),
    ("Ошибка", Level::Error),
    ("Предупреждение", Level::Warning),
    ("Сведения", Level::Info),
    ("Успех аудита", Level::Info),
    ("критическая ошибка", Level::Critical),
    ("критический", Level::Critical),
    ("ошибка", Level::Error),
    ("предупреждение", Level::Warning),
    ("сведения", Level::Info),
    ("успех аудита", Level::Info),
    ("エラー", Level::Error),
    ("严重", Level::Error),
    ("信息", Level::Info),
    ("关键", Level::Critical),
    ("情報", Level::Info),
    ("警告", Level::Warning),
    ("重大", Level::Critical),
    ("错误", Level::Error),
];

/// For each byte, the index of the first word that begins with it or with a greater byte.
static STARTS: [u8; 257] = {
    let mut starts = [0; 257];
    let (mut byte, mut index) = (0, 0);
    while byte < starts.len() {
        while index < WORDS.len() && (WORDS[index].0.as_bytes()[0] as usize) < byte {
            index += 1;
        }
        starts[byte] = index as u8;
        byte += 1;
    }
    starts
};

/// Returns the level of a word in [`WORDS`].
fn known(word: &[u8]) -> Option<Level> {
    let first = usize::from(word.first()?.to_ascii_lowercase());
    let words = &WORDS[usize::from(STARTS[first])..usize::from(STARTS[first + 1])];
    words.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes())).map(|(_, level)| *level)
}

impl Level {
    /// Returns the level that `word` names, ignoring the case of ASCII letters; `None` if the word is unknown. A distance
    /// from a level, as in `DEBUG-4` or `INFO+2` of Go, is left out.
    pub fn by_word(word: &[u8]) -> Option<Level> {
        known(word).or_else(|| {
            let [name @ .., b'+' | b'-', b'0'..=b'9'] = word else { return None };
            known(name).filter(|_| name.len() > 1)
        })
    }

    /// Returns the level in a syslog priority, which is 8 × facility + level.
    pub(crate) fn by_priority(priority: u16) -> Level {
        match priority % 8 {
            0..=2 => Level::Critical,
            3 => Level::Error,
            4 => Level::Warning,
            5 => Level::Notice,
            6 => Level::Info,
            _ => Level::Debug,
        }
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
    fn each_word_of_the_table_is_found() {
        assert!(WORDS.is_sorted_by_key(|(word, _)| word.as_bytes()));
        assert!(WORDS.iter().all(|(word, level)| Level::by_word(word.as_bytes()) == Some(*level)));
    }

    #[test]
    fn each_family_of_words_is_known() {
        let level = |word: &str| Level::by_word(word.as_bytes());
        for (level_name, words) in [
            (Level::Trace, "TRACE trc Verbose FINEST finer"),
            (Level::Debug, "DBG D2 FINE config DEBUG-4"),
            (Level::Info, "inf Informational LOG INFO+2 I"),
            (Level::Warning, "WRN Avertissement Warnung aviso"),
            (Level::Error, "err SEVERE Fehler Erreur errore Fout"),
            (Level::Critical, "CRT alert EMERG Kritisch"),
            (Level::Fatal, "FTL panic Fault F dpanic"),
        ] {
            for word in words.split(' ') {
                assert_eq!(level(word), Some(level_name), "{word}");
            }
        }
        assert_eq!(level("Предупреждение"), Some(Level::Warning));
    }

    #[test]
    fn other_words_are_no_levels() {
        let long = "x".repeat(1000);
        for word in ["", "-", "unknown", "default", "none", "detail", "hint", "statement", "context", "i-1", &long] {
            assert_eq!(Level::by_word(word.as_bytes()), None, "{word}");
        }
    }

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
