//! Diagnostics about conditions, and about values such as times and chances.

use super::{did_you_mean, helped, list};
use crate::diagnostic::Diagnostic;
use crate::level::Level;
use crate::rule::unit_words::with_short_unit;
use crate::source::Span;

codes! { "Conditions and values";
    /// types do not fit
    ///
    /// A number is compared with text, a time with a size, and so on. A capture has the type of its hole.
    ///
    ///     match "took {t:dur}" where t > 5      # t > 5s
    TYPE_MISMATCH = "R055";

    /// fields of a finding
    ///
    /// A condition with `count`, a separate `where` and `expect … with` are about a finding. A finding can come from many
    /// records, so it has no fields. Use fields in the `where` of a `match`.
    WRONG_OPERAND = "R056";

    /// percent of what
    ///
    /// It is not known what 100 % is: `95%` can be 95 or 0.95. It is 95 for a capture that is followed by `%` in its pattern and for
    /// a field whose name says percent, and 0.95 for a ratio. Elsewhere write the number.
    ///
    ///     match "load {n:num} of it" where n > 95%      # n > 95, or match "load {n:num}%"
    PERCENT_OF_WHAT = "R057";

    /// condition that contains itself
    ///
    /// A definition of a condition uses its own name, directly or through others.
    CIRCULAR_DEFINE = "R058";

    /// mistake in a used condition
    ///
    /// A condition of a `define` cannot be used here, because it uses captures that this pattern does not have, or because it has a
    /// mistake itself.
    IN_DEFINITION = "R059";

    /// not a valid value
    ///
    /// The text is not a time, chance, date, network or number, or the value is out of range. Chances are greater than 0 and
    /// less than 1.
    ///
    ///     cost 5 minutes            # cost 5m
    BAD_VALUE = "R060";

    /// unknown word
    ///
    /// The statement does not know this word. The help lists the words that it knows.
    ///
    ///     prior comon               # prior common
    UNKNOWN_WORD = "R061";

    /// unknown severity
    ///
    /// `.severity` is compared with levels: `trace`, `debug`, `info`, `notice`, `warning`, `error`, `critical` and `fatal`, or
    /// other words that logs use for them, such as `warn`, `err` and `panic`.
    ///
    ///     match any where .severity >= warnign      # warning
    UNKNOWN_SEVERITY = "R062";

    /// file that cannot be read
    ///
    /// `list file "name"` and `feed file "name"` read a file in the folder of the rule file or below it.
    UNREAD_FILE = "R063";
}

pub(in crate::rule) fn percent_of_what(span: Span, operand: &str, percent: &str) -> Diagnostic {
    let number = percent.trim_end_matches('%');
    let fraction = number.parse::<f64>().map_or(0.0, |number| number / 100.0);
    Diagnostic::error(PERCENT_OF_WHAT, span, format!("it is not known whether `{operand}` counts to 100 or to 1"))
        .help(format!("write `{number}` if it counts to 100, or `{fraction}` if it is a ratio"))
}

pub(in crate::rule) fn circular_define(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(CIRCULAR_DEFINE, span, format!("the condition `{name}` contains itself"))
        .help("remove its name from its own definition")
}

/// Whether a diagnostic is about a definition that contains itself.
pub(in crate::rule) fn is_circular(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == CIRCULAR_DEFINE
}

/// Reports that the condition `name` cannot be used at `span`. `why` says what is wrong in it.
pub(in crate::rule) fn in_definition(span: Span, name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(IN_DEFINITION, span, format!("in the condition `{name}`, {why}"))
        .help("use fields of the record, or captures that every pattern with this condition has")
}

/// Reports a group of conditions, such as `sel_*`, to which none belongs.
pub(in crate::rule) fn no_conditions(span: Span, name: &str, near: Option<&str>) -> Diagnostic {
    let wrong = Diagnostic::error(IN_DEFINITION, span, format!("there is no condition called `{name}`"));
    match near {
        Some(near) => wrong.help(format!("did you mean `{near}`?")).replace(span, near).proposed(),
        None => wrong.help("define one: `define name = where .field == \"value\"`"),
    }
}

pub(in crate::rule) fn not_the_time(span: Span, operand: &str) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("`{operand}` has no time of day"))
        .help("write `.time in 22:00..06:00` or `.time on mon..fri`")
}

pub(in crate::rule) fn unread_file(span: Span, name: &str) -> Diagnostic {
    let is_outside = name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..");
    match is_outside {
        true => {
            Diagnostic::error(UNREAD_FILE, span, format!("the file `{name}` is outside of the folder of the rules"))
                .help("only files in the folder of this rule file, or in a folder in it, are read")
        }
        false => Diagnostic::error(UNREAD_FILE, span, format!("the file `{name}` cannot be read"))
            .help("is it there? It is looked for in the folder of this rule file"),
    }
}

pub(in crate::rule) fn type_mismatch(span: Span, left: &str, is: &str, cannot: &str) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("`{left}` is {is} and {cannot}"))
}

pub(in crate::rule) fn field_of_finding(span: Span) -> Diagnostic {
    Diagnostic::error(WRONG_OPERAND, span, "a finding has no fields, because it can come from many records")
        .help("write the condition after the pattern: `match \"text\" where .field == …`, or `match any where .field == …`; a `where` of its own compares captures and `count`")
}

pub(in crate::rule) fn bad_value(span: Span, value: &str, why: &str) -> Diagnostic {
    Diagnostic::error(BAD_VALUE, span, format!("`{value}` {why}"))
}

/// The days of `1mo` or `1y`, and the word for the unit.
fn in_days(value: &str) -> Option<(u64, &'static str)> {
    let end = value.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = value[..end].parse().ok()?;
    let (days, word) = match value[end..].to_lowercase().as_str() {
        "mo" | "mon" | "month" | "months" => (30, "month"),
        "y" | "yr" | "yrs" | "year" | "years" => (365, "year"),
        _ => return None,
    };
    Some((number.checked_mul(days)?, word))
}

/// Reports a number with a unit that is written in another way, or unknown. `why` says so.
pub(in crate::rule) fn wrong_unit(span: Span, value: &str, why: &str) -> Diagnostic {
    let wrong = bad_value(span, value, why);
    match with_short_unit(value) {
        Some(fixed) => wrong.help(format!("write `{fixed}`")).replace(span, fixed),
        None if let Some((days, word)) = in_days(value) => wrong
            .help(format!("there is no unit for a {word}: write `{days}d`"))
            .replace(span, format!("{days}d"))
            .proposed(),
        None if why == "is not a time" => wrong.help("the units are `ms`, `s`, `m`, `h`, `d` and `w`: `90s`, `1h30m`"),
        None => wrong.help("units of time are `ms s m h d w`, units of size are `B kB KiB MB MiB GB GiB TB TiB`"),
    }
}

pub(in crate::rule) fn unquoted(span: Span, word: &str) -> Diagnostic {
    bad_value(span, word, "is not a value").help(format!("text is written in quotes: `\"{word}\"`"))
}

/// Words for chances, severities and risks that are not words of the language, and the words that they can mean. The statement
/// decides which of them is meant.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("certain", &["always"]),
    ("certainly", &["always"]),
    ("sure", &["always"]),
    ("definitely", &["always"]),
    ("mostly", &["usually"]),
    ("frequently", &["often"]),
    ("frequent", &["often", "common"]),
    ("likely", &["often", "common"]),
    ("probable", &["often", "common"]),
    ("probably", &["often", "common"]),
    ("often", &["common"]),
    ("usually", &["common"]),
    ("always", &["common"]),
    ("common", &["usually"]),
    ("occasionally", &["sometimes"]),
    ("maybe", &["sometimes"]),
    ("possible", &["sometimes", "uncommon"]),
    ("possibly", &["sometimes"]),
    ("sometimes", &["uncommon"]),
    ("uncommon", &["sometimes"]),
    ("unlikely", &["rarely", "rare"]),
    ("seldom", &["rarely", "rare"]),
    ("never", &["rarely", "rare"]),
    ("rarely", &["rare"]),
    ("rare", &["rarely"]),
    ("high", &["usually", "common", "strongly"]),
    ("medium", &["sometimes", "uncommon"]),
    ("low", &["rarely", "rare", "weakly"]),
    ("hi", &["high"]),
    ("lo", &["low"]),
    ("mid", &["medium"]),
    ("middle", &["medium"]),
    ("med", &["medium"]),
    ("average", &["medium"]),
    ("strong", &["strongly"]),
    ("weak", &["weakly"]),
    ("slightly", &["weakly"]),
    ("debug", &["low"]),
    ("info", &["low"]),
    ("informational", &["low"]),
    ("notice", &["low"]),
    ("minor", &["low"]),
    ("none", &["low"]),
    ("no", &["low"]),
    ("minimal", &["low"]),
    ("small", &["low"]),
    ("warn", &["medium"]),
    ("warning", &["medium"]),
    ("moderate", &["medium"]),
    ("normal", &["medium"]),
    ("error", &["high"]),
    ("err", &["high"]),
    ("major", &["high"]),
    ("important", &["high"]),
    ("urgent", &["high"]),
    ("severe", &["critical", "high"]),
    ("crit", &["critical"]),
    ("fatal", &["critical", "high"]),
    ("emergency", &["critical", "high"]),
    ("critical", &["high"]),
];

/// Whether `word` can mean `meant`.
pub(in crate::rule) fn synonym(word: &str, meant: &str) -> bool {
    let lower = word.to_lowercase();
    SYNONYMS.iter().any(|(other, means)| *other == lower && means.contains(&meant))
}

pub(in crate::rule) fn unknown_word(span: Span, word: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(UNKNOWN_WORD, span, format!("unknown word `{word}`"));
    let lower = word.to_lowercase();
    let same = known.iter().find(|known| **known == lower);
    if let Some(meant) = same.or_else(|| known.iter().find(|known| synonym(word, known))) {
        let wrong = diagnostic.help(format!("write `{meant}`; the words are {}", list(known))).replace(span, *meant);
        return if same.is_some() { wrong } else { wrong.proposed() };
    }
    helped(diagnostic, word, did_you_mean(word, known.iter().copied()), || format!("the words are {}", list(known)))
}

pub(in crate::rule) fn unknown_severity(span: Span, word: &str) -> Diagnostic {
    let names = Level::ALL.map(Level::name);
    let near = did_you_mean(word, names).or_else(|| did_you_mean(word, Level::words()));
    let diagnostic = Diagnostic::error(UNKNOWN_SEVERITY, span, format!("there is no severity `{word}`"));
    helped(diagnostic, word, near, || format!("the severities are {}", list(names)))
}
