//! Diagnostics about text with holes and regexes.

use super::{did_you_mean, helped, list};
use crate::diagnostic::Diagnostic;
use crate::pattern::{HoleKind, PatternError, PatternErrorKind};
use crate::source::Span;

codes! { "Patterns";
    /// empty pattern
    ///
    /// The pattern has no text to look for, so it would match everywhere. To look at every record, write `match any where …`.
    EMPTY_PATTERN = "R020";

    /// hole not closed
    ///
    /// A `{` has no `}`. Close it, or write `{{` for a brace.
    ///
    ///     match "took {n:int"
    UNCLOSED_HOLE = "R021";

    /// not a hole
    ///
    /// The text in braces is neither a name, nor `_`, nor `..`.
    ///
    ///     match "took {n int}"      # {n:int}
    BAD_HOLE = "R022";

    /// unknown kind of hole
    ///
    /// The word after the colon is not a kind of hole. The kinds are
    /// `int num hex uuid dur size ip email host path url time quoted .. rest`.
    ///
    ///     match "from {ip:adress}"  # {ip:ip}
    UNKNOWN_KIND = "R023";

    /// two holes without text between them
    ///
    /// Nothing shows where the first hole ends.
    ///
    ///     match "{user}{host}"      # "{user}@{host}"
    ADJACENT_HOLES = "R024";

    /// text after `rest`
    ///
    /// `{x:rest}` takes everything to the end of the line, so nothing can follow it. To stop earlier, use `{x:..}`.
    AFTER_REST = "R025";

    /// `{..}` at the end
    ///
    /// `{..}` takes as little text as possible. At the end of a pattern that is nothing. Remove it, or use `{x:rest}`.
    STRETCH_AT_END = "R026";

    /// two holes with one name
    ///
    /// Give one of the holes another name, or call it `_` if you do not need its value.
    DUPLICATE_CAPTURE = "R027";

    /// reserved capture
    ///
    /// `count` is the number of records that show the symptom. A capture cannot have that name.
    RESERVED_CAPTURE = "R028";

    /// look-around or back-reference
    ///
    /// The regex engine takes linear time for any input. It has neither look-around nor back-references.
    ///
    ///     /error(?!.*retry)/        # match /error/ where not .message ~ /retry/
    ///     /(\w+) = \1/              # match /(?P<a>\w+) = (?P<b>\w+)/ where a == b
    NOT_LINEAR = "R029";

    /// regex too large
    ///
    /// The compiled regex takes more than 1 MiB. Large counted repetitions (`.{1000}`) are the usual reason.
    REGEX_TOO_LARGE = "R030";

    /// invalid regex
    ///
    /// Regexes have the syntax of the Rust crate `regex`. The message says what is wrong and where.
    BAD_REGEX = "R031";

    /// unknown flag
    ///
    /// The flags of a regex are `i` (ignore case), `s` (dot matches line ends) and `x` (blanks and comments are ignored).
    UNKNOWN_FLAG = "R032";

    /// too many holes
    ///
    /// A text pattern can have 100 holes.
    TOO_MANY_HOLES = "R033";
}

/// Returns the diagnostic for a mistake in a pattern whose source begins at byte `base` of the file.
pub(in crate::rule) fn bad_pattern(error: &PatternError, base: usize) -> Diagnostic {
    let at = |code, title: String| Diagnostic::error(code, error.span.shifted(base), title);
    match &error.kind {
        PatternErrorKind::Empty => at(EMPTY_PATTERN, "the pattern has no text to look for".into())
            .help("it would match everywhere; to look at every record, write `match any where …`"),
        PatternErrorKind::UnclosedHole => {
            at(UNCLOSED_HOLE, "the hole is not closed".into()).help("add a `}`, or write `{{` for a brace")
        }
        PatternErrorKind::BadHole(inner) => bad_hole(at(BAD_HOLE, format!("`{{{inner}}}` is not a hole")), inner),
        PatternErrorKind::UnknownKind(kind) => {
            let near = did_you_mean(kind, HoleKind::names());
            helped(at(UNKNOWN_KIND, format!("unknown kind of hole `{kind}`")), kind, near, || {
                format!("the kinds are {}", list(HoleKind::names()))
            })
        }
        PatternErrorKind::AdjacentHoles => at(ADJACENT_HOLES, "there is no text between two holes".into())
            .help("add the text that shows where the first one ends"),
        PatternErrorKind::AfterRest => at(AFTER_REST, "nothing can follow a hole of kind `rest`".into())
            .help("`rest` takes the rest of the line; use `{name:..}` to stop at the next text"),
        PatternErrorKind::StretchAtEnd => at(STRETCH_AT_END, "`{..}` at the end of a pattern takes nothing".into())
            .help("remove it, or use `{name:rest}` to take the rest of the line"),
        PatternErrorKind::DuplicateName(name) => at(DUPLICATE_CAPTURE, format!("two holes are called `{name}`"))
            .help("give one of them another name, or call it `_`"),
        PatternErrorKind::ReservedName(name) => at(RESERVED_CAPTURE, format!("a capture cannot be called `{name}`"))
            .help(format!("`{name}` is the number of records that show the symptom")),
        PatternErrorKind::TooManyHoles => at(TOO_MANY_HOLES, "the pattern has too many holes".into())
            .help("at most 100 are allowed; `{..}` takes any text"),
        PatternErrorKind::LookAround => at(NOT_LINEAR, "look-around is not supported".into())
            .help("check it with `where`, such as `where not .message ~ /retry/`"),
        PatternErrorKind::BackReference => at(NOT_LINEAR, "back-references are not supported".into())
            .help("capture both places and compare them: `where a == b`"),
        PatternErrorKind::TooLarge => at(REGEX_TOO_LARGE, "the regex is too large when compiled".into())
            .help("large counted repetitions such as `{1000}` are the usual reason"),
        PatternErrorKind::UnknownFlag('g') => at(UNKNOWN_FLAG, "unknown flag `g`".into())
            .help("every record that matches is found without it: remove it")
            .replace(error.span.shifted(base), ""),
        PatternErrorKind::UnknownFlag(flag) => at(UNKNOWN_FLAG, format!("unknown flag `{flag}`"))
            .help("the flags are `i` (ignore case), `s` (dot matches line ends) and `x` (blanks and comments)"),
        PatternErrorKind::Regex(problem) => {
            let wrong = at(BAD_REGEX, format!("invalid regex: {}", one_line(problem)));
            match problem {
                _ if problem.contains("unclosed group") => {
                    wrong.help("close it with `)`, or write `\\(` for the sign itself")
                }
                _ if problem.contains("unclosed character class") => {
                    wrong.help("close it with `]`, or write `\\[` for the sign itself")
                }
                _ if problem.contains("repetition") => {
                    wrong.help("something must be repeated; write `\\*` for the sign itself")
                }
                _ => wrong,
            }
        }
    }
}

/// Adds the hole that is probably meant to a diagnostic about `inner`, the text between braces.
fn bad_hole(wrong: Diagnostic, inner: &str) -> Diagnostic {
    let (name, kind) = inner.split_once(':').map_or((inner, ""), |(name, kind)| (name, kind));
    let name: String = name.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let name = name.trim_matches('_');
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let kind = if HoleKind::named(kind.trim()).is_some() { format!(":{}", kind.trim()) } else { String::new() };
    let fixed = match inner.trim() {
        "" => "_".to_owned(),
        "*" | "..." | ".*" => "..".to_owned(),
        _ if is_name => format!("{name}{kind}"),
        _ => return wrong.help("a hole is `{name}`, `{name:kind}`, `{_}` or `{..}`; write `{{` for a brace"),
    };
    let span = wrong.span();
    // Text of JSON is meant as it is.
    if inner.contains('"') || inner.contains(": ") || inner.trim().is_empty() {
        return wrong.help(
            "write `{{` for a brace; for a record in JSON, compare its fields: `match any where .level == \"error\"`",
        );
    }
    let help = format!("write `{{{fixed}}}` for a hole, or `{{{{` for a brace");
    let is_clear = inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '.' | '*' | ':'));
    let wrong = if is_clear { wrong } else { wrong.guessed() };
    if span.start == span.end { wrong.help(help) } else { wrong.help(help).replace(span, fixed) }
}

/// Reports text in braces that is no hole, such as a record in JSON.
pub(in crate::rule) fn text_in_braces(span: Span, written: &str) -> Diagnostic {
    Diagnostic::error(BAD_HOLE, span, format!("`{written}` is not a hole"))
        .help("write `{{` for a brace; for a record in JSON, compare its fields: `match any where .level == \"error\"`")
}

/// Reports a construct of other regex engines.
pub(in crate::rule) fn foreign_construct(span: Span, written: &str, what: &str, help: &str) -> Diagnostic {
    Diagnostic::error(BAD_REGEX, span, format!("`{written}` is {what}, which this engine does not have")).help(help)
}

/// Names of kinds in other pattern languages, and the kind here. Empty if a hole without a kind takes such a text.
const KINDS: &[(&str, &str)] = &[
    ("ipv4", "ip"),
    ("ipv6", "ip"),
    ("ipaddr", "ip"),
    ("ipaddress", "ip"),
    ("iporhost", "host"),
    ("inet", "ip"),
    ("addr", "ip"),
    ("address", "ip"),
    ("ip", "ip"),
    ("integer", "int"),
    ("long", "int"),
    ("digits", "int"),
    ("digit", "int"),
    ("uint", "int"),
    ("i64", "int"),
    ("posint", "int"),
    ("nonnegint", "int"),
    ("int", "int"),
    ("number", "num"),
    ("numeric", "num"),
    ("float", "num"),
    ("double", "num"),
    ("decimal", "num"),
    ("real", "num"),
    ("base10num", "num"),
    ("string", ""),
    ("str", ""),
    ("word", ""),
    ("text", ""),
    ("notspace", ""),
    ("username", ""),
    ("user", ""),
    ("any", ".."),
    ("data", ".."),
    ("*", ".."),
    ("all", ".."),
    ("greedydata", "rest"),
    ("line", "rest"),
    ("tail", "rest"),
    ("greedy", "rest"),
    ("duration", "dur"),
    ("bytes", "size"),
    ("bytesize", "size"),
    ("timestamp", "time"),
    ("date", "time"),
    ("datetime", "time"),
    ("ts", "time"),
    ("syslogtimestamp", "time"),
    ("timestamp_iso8601", "time"),
    ("hostname", "host"),
    ("fqdn", "host"),
    ("domain", "host"),
    ("mail", "email"),
    ("emailaddress", "email"),
    ("file", "path"),
    ("filename", "path"),
    ("filepath", "path"),
    ("dir", "path"),
    ("unixpath", "path"),
    ("uri", "url"),
    ("link", "url"),
    ("guid", "uuid"),
    ("hexadecimal", "hex"),
    ("quotedstring", "quoted"),
    ("qs", "quoted"),
    ("quote", "quoted"),
    ("port", "int"),
    ("pid", "int"),
    ("id", "int"),
    ("status", "int"),
    ("code", "int"),
    ("count", "int"),
    ("percent", "num"),
    ("boolean", ""),
    ("bool", ""),
    ("list", ""),
    ("json", "rest"),
    ("message", "rest"),
    ("msg", "rest"),
    ("level", ""),
    ("loglevel", ""),
    ("version", ""),
    ("mac", ""),
    ("[0-9]+", "int"),
    (r"[\d]+", "int"),
    (r"[a-z]+", ""),
    (r"[A-Za-z]+", ""),
    (r"[^ ]+", ""),
    (r"\d+", "int"),
    (r"\w+", ""),
    (r"\S+", ""),
    (".*", ".."),
    (".+", ".."),
];

/// Returns the kind of hole that `word` means in other pattern languages; empty for a word, which needs no kind.
pub(in crate::rule) fn kind_synonym(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let known = KINDS.iter().find(|(other, _)| *other == word || *other == lower).map(|(_, meant)| *meant);
    known.or_else(|| HoleKind::names().find(|name| *name == lower && lower != word))
}

pub(in crate::rule) fn kind_called(span: Span, kind: &str, meant: &str) -> Diagnostic {
    // What such a text is depends on the log.
    const OPEN: &[&str] =
        &["port", "pid", "id", "status", "code", "count", "percent", "json", "message", "msg", "domain", "dir", "file"];
    let wrong = Diagnostic::error(UNKNOWN_KIND, span, format!("unknown kind of hole `{kind}`"))
        .help(format!("it is called `{meant}`"))
        .replace(span, meant);
    if OPEN.contains(&kind.to_lowercase().as_str()) { wrong.proposed() } else { wrong }
}

/// Reports a kind that a hole does not need. `span` includes the colon.
pub(in crate::rule) fn needless_kind(span: Span, kind: &str, name: &str) -> Diagnostic {
    let of_kind = Span::new(span.start + 1, span.end);
    Diagnostic::error(UNKNOWN_KIND, of_kind, format!("unknown kind of hole `{kind}`"))
        .help(format!("a hole without a kind takes a word: `{{{name}}}`"))
        .replace(span, "")
}

/// Reports a hole in which the kind is written before the name.
pub(in crate::rule) fn kind_before_name(span: Span, written: &str, meant: &str) -> Diagnostic {
    Diagnostic::error(UNKNOWN_KIND, span, format!("in `{written}` the kind comes before the name"))
        .help(format!("write `{meant}`"))
        .replace(span, meant)
}

/// The first line of a message of the regex library, without a full stop.
fn one_line(problem: &str) -> &str {
    problem.lines().next().unwrap_or(problem).trim_end_matches('.')
}
