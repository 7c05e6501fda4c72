//! Words that begin an item or statement elsewhere, and the word that is meant.

use crate::rule::ast::ItemKind;

/// Words of other languages that begin an item, and the word that is meant here.
const ITEMS: &[(&str, &str)] = &[
    ("symptoms", "symptom"),
    ("event", "symptom"),
    ("observation", "symptom"),
    ("detect", "symptom"),
    ("pattern", "symptom"),
    ("signature", "symptom"),
    ("causes", "cause"),
    ("reason", "cause"),
    ("root_cause", "cause"),
    ("problem", "cause"),
    ("hypothesis", "cause"),
    ("resolutions", "resolution"),
    ("fix", "resolution"),
    ("remedy", "resolution"),
    ("solution", "resolution"),
    ("action", "resolution"),
    ("remediation", "resolution"),
    ("workaround", "resolution"),
    ("alert", "rule"),
    ("rules", "rule"),
    ("tests", "test"),
    ("case", "test"),
    ("let", "define"),
    ("def", "define"),
    ("const", "define"),
    ("var", "define"),
    ("set", "define"),
    ("macro", "define"),
    ("list", "define"),
    ("package", "pack"),
    ("module", "pack"),
    ("decoder", "format"),
    ("parser", "format"),
];

/// Words of other languages that begin a statement, and what is meant here.
const STATEMENTS: &[(&str, &str)] = &[
    ("pattern", "match"),
    ("regex", "match"),
    ("detect", "match"),
    ("detection", "match"),
    ("search", "match"),
    ("contains", "match"),
    ("find", "match"),
    ("log", "match"),
    ("condition", "where"),
    ("filter", "where"),
    ("if", "where"),
    ("source", "on"),
    ("sources", "on"),
    ("logsource", "on"),
    ("level", "severity"),
    ("priority", "severity"),
    ("question", "ask"),
    ("hint", "how"),
    ("probability", "prior"),
    ("likelihood", "prior"),
    ("show", "shows"),
    ("causes", "shows"),
    ("symptom", "shows"),
    ("leadsto", "leads to"),
    ("leads_to", "leads to"),
    ("product", "applies"),
    ("versions", "applies"),
    ("article", "kb"),
    ("url", "kb"),
    ("link", "kb"),
    ("resolve", "resolves"),
    ("fixes", "resolves"),
    ("solves", "resolves"),
    ("time", "cost"),
    ("duration", "cost"),
    ("requires", "needs"),
    ("do", "step"),
    ("action", "step"),
    ("steps", "step"),
    ("check", "verify"),
    ("rollback", "undo"),
    ("revert", "undo"),
    ("input", "feed"),
    ("given", "feed"),
    ("line", "feed"),
    ("lines", "feed"),
    ("log", "feed"),
    ("assert", "expect"),
    ("expects", "expect"),
    ("then", "expect"),
    ("should", "expect"),
    ("start", "record"),
    ("regex", "match"),
    ("timestamp", "time"),
];

/// Words that statements of other languages begin with, and what to do here.
const ADVICE: &[(&str, &str)] = &[
    ("description", "write a comment after `#`, or say it in the title"),
    ("author", "write it in a `meta { author \"…\" }`"),
    ("tags", "write it in a `meta { tags \"…\" }`"),
    ("references", "write it in a `meta { references \"…\" }`"),
    ("falsepositives", "write it in a `meta { false_positives \"…\" }`"),
    ("title", "the title is the text after the name"),
    ("name", "the name follows the first word of the item"),
    ("id", "the name of the item is its id"),
    ("run", "`run` follows the text of a `step`, `verify` or `probe`: `step \"…\" run` and the command"),
    ("command", "write `step \"what to do\" run` and the command in backticks"),
    ("else", "write a second symptom with the opposite condition"),
    ("cause", "a `rule` is the cause itself: write `prior`, `shows` and `applies` directly into it"),
];

/// Words that do not begin an item, and what to write instead.
const ITEM_ADVICE: &[(&str, &str)] = &[
    ("if", "a condition belongs to a symptom: `symptom name \"title\" { match \"text\" where … }`"),
    ("when", "`when` belongs to a symptom: `symptom name \"title\" { when … }`"),
    ("match", "`match` belongs to a symptom: `symptom name \"title\" { match \"text\" }`"),
    ("import", "the files of a folder are loaded together; write `pack.name` for an item of another pack"),
    ("include", "the files of a folder are loaded together; write `pack.name` for an item of another pack"),
    ("use", "the files of a folder are loaded together; write `pack.name` for an item of another pack"),
    ("require", "the files of a folder are loaded together; write `pack.name` for an item of another pack"),
];

/// Returns what to write instead of an item that begins with `word`.
pub(in crate::rule::parse) fn item_advice(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    ITEM_ADVICE.iter().find(|(other, _)| *other == lower).map(|(_, advice)| *advice)
}

/// Whether there is advice on a statement that begins with `word`.
pub(in crate::rule::parse) fn is_advised(word: &str) -> bool {
    ADVICE.iter().any(|(other, _)| *other == word)
}

/// Whether `word` begins a statement of some kind of item, and can be nothing else.
pub(in crate::rule::parse) fn begins_any_statement(word: &str) -> bool {
    const STATEMENTS_ONLY: &[&str] = &[
        "prior",
        "shows",
        "against",
        "leads",
        "applies",
        "resolves",
        "risk",
        "needs",
        "step",
        "verify",
        "undo",
        "irreversible",
        "feed",
        "answer",
        "expect",
        "ask",
        "probe",
        "severity",
        "leak",
        "cost",
    ];
    STATEMENTS_ONLY.contains(&word)
}

/// Returns the word for an item that `word` means.
pub(in crate::rule::parse) fn item_synonym(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let same = super::super::outline::item_words().find(|known| *known == lower && lower != word);
    same.or_else(|| ITEMS.iter().find(|(other, _)| *other == lower).map(|(_, meant)| *meant))
}

/// Returns the word for a statement of an item of `kind` that `word` means, or else advice on what to write.
pub(in crate::rule::parse) fn statement_synonym(
    kind: ItemKind,
    word: &str,
) -> Result<&'static str, Option<&'static str>> {
    let lower = word.to_lowercase();
    let has = |meant: &str| super::super::syntax::words(kind).any(|known| Some(known) == meant.split(' ').next());
    let same = super::super::syntax::words(kind).find(|known| *known == lower && lower != word);
    let meant = STATEMENTS.iter().filter(|(other, _)| *other == lower).map(|(_, meant)| *meant);
    match same.or_else(|| meant.into_iter().find(|meant| has(meant))) {
        Some(meant) => Ok(meant),
        None => Err(ADVICE.iter().find(|(other, _)| *other == lower).map(|(_, advice)| *advice)),
    }
}

/// Returns the kinds of items that have a statement which begins with `word`.
pub(in crate::rule::parse) fn kinds_with(word: &str) -> Vec<&'static str> {
    use ItemKind::{Cause, Format, Pack, Resolution, Symptom, Test};
    let kinds = [
        (Symptom, "symptom"),
        (Cause, "cause"),
        (Resolution, "resolution"),
        (Test, "test"),
        (Format, "format"),
        (Pack, "pack"),
    ];
    let has = |kind: ItemKind| super::super::syntax::words(kind).any(|known| known == word);
    kinds.into_iter().filter(|(kind, _)| has(*kind)).map(|(_, name)| name).collect()
}
