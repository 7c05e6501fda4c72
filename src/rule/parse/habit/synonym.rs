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
    ("silence", "mute"),
    ("inhibit", "mute"),
    ("suppress", "mute"),
    ("maintenance", "mute"),
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
    ("if", "where"),
    ("having", "where"),
    ("group_by", "by"),
    ("groupby", "by"),
    ("key", "by"),
    ("from", "on"),
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
    ("affects", "applies"),
    ("silence", "mute"),
    ("versions", "applies"),
    ("article", "kb"),
    ("link", "kb"),
    ("see", "kb"),
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
    ("should", "expect"),
    ("start", "record"),
    ("regex", "match"),
    ("timestamp", "time"),
];

/// Words that statements of other languages begin with, and what to do here. `{n}` is the number that follows the word, `{t}` the
/// time, `{v}` the text, and `{b}` the name of a match of the symptom.
const ADVICE: &[(&[&str], &str)] = &[
    // Conditions on time: Sigma, fail2ban, Wazuh, SEC, Prometheus, Elastic.
    (
        &[
            "timeframe",
            "timespan",
            "window",
            "time_window",
            "timewindow",
            "findtime",
            "lookback",
            "interval",
            "period",
            "within",
            "ttl",
            "range",
        ],
        "time belongs to a `when`: `when count({b}) >= 5 within {t}`, where `{b}` is the name of a match (`match {b}: \"…\"`)",
    ),
    (
        &[
            "maxretry",
            "threshold",
            "thresh",
            "frequency",
            "count",
            "min_events",
            "min_count",
            "num_events",
            "events",
            "at_least",
        ],
        "a number of records belongs to a `when`: `when count({b}) >= {n} within 10m by ip`, where `{b}` is the name of a match \
         (`match {b}: \"…\"`)",
    ),
    (
        &["distinct", "unique", "cardinality", "ratio", "rate", "sum", "avg"],
        "functions belong to a `when`, such as `when distinct({b}.user) >= 3 within 10m`",
    ),
    (
        &["bantime", "ban", "block", "banaction"],
        "casebook changes nothing: write what to do as a `step` of a `resolution`",
    ),
    (
        &[
            "same_source_ip",
            "same_src_ip",
            "same_dst_ip",
            "same_user",
            "same_field",
            "same_location",
            "same_srcuser",
            "different_url",
            "different_srcip",
            "aggregate",
        ],
        "records of one key belong together with `by`: `when count({b}) >= 5 within 10m by ip`",
    ),
    (
        &["if_sid", "if_matched_sid", "if_group", "if_matched_group", "depends", "depends_on", "parent"],
        "what another symptom has seen is matched by `match symptom other`",
    ),
    (
        &["throttle", "cooldown", "dedup", "suppress_for", "realert", "repeat_interval", "suppress"],
        "how soon a finding may come again is written `rearm for {t}`",
    ),
    (&["followed", "sequence", "maxspan"], "an order belongs to a `when`: `when a then b within {t}`"),
    (&["absence", "missing", "absent"], "what must not be seen belongs to a `when`: `when a then no b for {t}`"),
    // Conditions on records: Sigma, grep, fail2ban.
    (
        &[
            "exclude",
            "excludes",
            "ignore",
            "ignoreregex",
            "except",
            "not",
            "without",
            "whitelist",
            "allowlist",
            "drop",
            "skip",
            "but",
        ],
        "what must not be in a record is a condition of the `match`: `match \"…\" where not .message has {v}`",
    ),
    (
        &["selection", "selections", "filter", "keywords", "sel"],
        "write it before the symptom as `define {w} = where …`, and use its name: `match any where selection and not filter`",
    ),
    (
        &["condition"],
        "write `match any where …` with the names of conditions (`define name = where …`); a number of records is written \
         `when count({b}) >= 5 within 10m`",
    ),
    (
        &["nocase", "i", "icase", "ignorecase", "caseless", "case_insensitive"],
        "case is ignored in a text with an `i` before it: `i\"…\"`",
    ),
    (&["and", "or"], "a condition is one statement: write the `where` once, and join its parts"),
    (&["select"], "write `match any where …`; fields are shown in the title: `\"login of {.user}\"`"),
    // Metadata.
    (
        &["description", "comment", "summary", "details", "explanation", "message"],
        "say it in the title, or write a comment after `#`",
    ),
    (&["author", "owner", "contact"], "write it in a `meta { author \"…\" }`"),
    (&["tags", "tag", "labels", "mitre", "technique"], "write it in a `meta { tags \"…\" }`"),
    (&["attack"], "write it in a `meta { attack \"…\" }`"),
    (&["references", "reference", "url", "urls"], "write it in a `meta { references \"…\" }`"),
    (&["falsepositives", "false_positives"], "write it in a `meta { false_positives \"…\" }`"),
    (&["status", "license", "date", "modified", "cvss"], "write it in a `meta { {w} \"…\" }`"),
    (&["title"], "the title is the text after the name"),
    (&["name"], "the name follows the first word of the item"),
    (&["id", "uuid", "sid", "rev"], "the name of the item is its id"),
    (&["expr"], "write `match any where …`, and a condition on time in a `when`"),
    (&["annotations"], "write the text as the title of the item"),
    // Remedies.
    (&["run"], "`run` follows the text of a `step`, `verify` or `probe`: `step \"…\" run` and the command"),
    (&["command", "cmd", "exec", "shell", "script"], "write `step \"what to do\" run` and the command in backticks"),
    (&["else"], "write a second symptom with the opposite condition"),
    (&["cause"], "a `rule` is the cause itself: write `prior`, `shows` and `applies` directly into it"),
    (
        &["resolution"],
        "write it as an item of its own, `resolution name \"title\" { resolves cause usually step \"…\" }`, or make the cause a \
         `rule`",
    ),
    (&["fix", "remedy", "solution", "remediation", "workaround"], "write `resolution \"title\" { step \"…\" }`"),
    // Formats.
    (&["timezone", "tz"], "write it after `time`: `time zone {v}`"),
    (&["encoding", "charset"], "leave it out: the encoding of a log is recognised"),
    (
        &["delimiter", "separator", "columns", "fields"],
        "write the columns as a pattern: `match \"{time} {level} {msg:rest}\"`",
    ),
];

/// Advice that holds for one kind of item alone, before all other.
const OF_KIND: &[(ItemKind, &[&str], &str)] = &[
    (ItemKind::Mute, &["host", "user", "ip", "on", "source", "program", "if"], "write a condition: `where {w} == {v}`"),
    (
        ItemKind::Mute,
        &["for", "duration", "within", "expires", "from"],
        "write until when: `until 2027-01-31`, or `during \"sat 22:00-23:00\"`",
    ),
    (ItemKind::Mute, &["comment", "why", "because", "description", "note"], "write `reason \"why\"`"),
    (ItemKind::Test, &["meta"], "a test has no metadata: write a comment after `#`"),
    (
        ItemKind::Symptom,
        &["host", "program", "pid", "event_id", "reply"],
        "a field is compared in a condition: `match any where .{w} == {v}`",
    ),
];

/// Phrases of two words that begin a statement, and the word that is meant.
const PHRASES: &[([&str; 2], &str)] = &[
    (["group", "by"], "by"),
    (["grouped", "by"], "by"),
    (["partition", "by"], "by"),
    (["leads", "into"], "leads to"),
    (["caused", "by"], "shows"),
];

/// Words that mean the same as the word that is meant. All others are only probable.
const SAME: &[&str] = &[
    "if", "having", "source", "sources", "level", "question", "leadsto", "leads_to", "article", "requires", "input",
    "given", "assert", "should", "group_by", "groupby", "rollback", "revert", "let", "def", "const", "var", "package",
    "module", "detect", "search", "find", "silence", "from", "contains", "link", "alert",
];

/// Words that do not begin an item, and what to write instead.
const ITEM_ADVICE: &[(&str, &str)] = &[
    ("on", "`on` belongs to a symptom: `symptom name \"title\" { on sshd match \"text\" }`"),
    ("where", "a condition belongs to a symptom: `symptom name \"title\" { match \"text\" where … }`"),
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
    !matches!(word, "run" | "within") && ADVICE.iter().any(|(words, _)| words.contains(&word))
}

/// Whether `word` surely means the same as `meant`: it is the same word in another form, or a known synonym.
pub(in crate::rule::parse) fn same_word(word: &str, meant: &str) -> bool {
    let lower = word.to_lowercase();
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    stem(&lower) == stem(meant) || SAME.contains(&lower.as_str())
}

/// The word that the two words `first` and `second` mean.
pub(in crate::rule::parse) fn statement_phrase(first: &str, second: &str) -> Option<&'static str> {
    let [first, second] = [first, second].map(str::to_lowercase);
    PHRASES.iter().find(|(words, _)| *words == [first.as_str(), second.as_str()]).map(|(_, meant)| *meant)
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
    let advice = || ADVICE.iter().find(|(words, _)| words.contains(&lower.as_str())).map(|(_, advice)| *advice);
    let of_kind = OF_KIND.iter().find(|(of, words, _)| *of == kind && words.contains(&lower.as_str()));
    match (of_kind, same.or_else(|| meant.into_iter().find(|meant| has(meant)))) {
        (Some((_, _, advice)), _) => Err(Some(advice)),
        (None, Some(meant)) => Ok(meant),
        (None, None) => Err(advice()),
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
