//! Every remark about rule text: its code, its wording, its advice. docs/diagnostics.md explains each code.
//!
//! Constructors are named after the mistake. Codes are never given a second meaning; R001–R069 are errors, R080 and up
//! are warnings.

use crate::diagnostic::{self, Diagnostic};
use crate::pattern::{HoleKind, PatternError, PatternErrorKind};
use crate::rule::ast::ItemKind;
use crate::source::Span;

/// Declares the codes and the list of them, so that none can be left out of it.
macro_rules! codes {
    ($($name:ident = $code:literal,)*) => {
        $(const $name: &str = $code;)*
        /// Every code that the rule stage can report.
        #[cfg(test)]
        pub(crate) const CODES: &[&str] = &[$($code),*];
    };
}

codes! {
    STRAY_TEXT = "R001",
    UNKNOWN_STATEMENT = "R002",
    UNEXPECTED = "R003",
    UNCLOSED_BLOCK = "R004",
    UNCLOSED_STRING = "R005",
    TOO_DEEP = "R006",
    RESERVED_NAME = "R007",
    MIXED_AND_OR = "R008",
    NOT_SUPPORTED = "R009",
    SECOND_PACK = "R010",
    REPEATED_STATEMENT = "R011",
    EMPTY_PATTERN = "R020",
    UNCLOSED_HOLE = "R021",
    BAD_HOLE = "R022",
    UNKNOWN_KIND = "R023",
    ADJACENT_HOLES = "R024",
    AFTER_REST = "R025",
    STRETCH_AT_END = "R026",
    DUPLICATE_CAPTURE = "R027",
    RESERVED_CAPTURE = "R028",
    NOT_LINEAR = "R029",
    REGEX_TOO_LARGE = "R030",
    BAD_REGEX = "R031",
    UNKNOWN_FLAG = "R032",
    TOO_MANY_HOLES = "R033",
    DUPLICATE_NAME = "R040",
    UNKNOWN_NAME = "R041",
    WRONG_KIND = "R042",
    DUPLICATE_BINDING = "R043",
    CIRCULAR_FOR = "R044",
    CIRCULAR_LEADS_TO = "R045",
    UNKNOWN_CAPTURE = "R050",
    BAD_TEMPLATE = "R051",
    UNSAFE_RUN = "R052",
    TYPE_MISMATCH = "R055",
    WRONG_OPERAND = "R056",
    BAD_VALUE = "R060",
    UNKNOWN_WORD = "R061",
    NOTHING_SHOWS_IT = "R065",
    NAME_NEEDED = "R066",
    SLOW_PATTERN = "R080",
    SYMPTOM_UNUSED = "R081",
    CAUSE_SHOWS_NOTHING = "R082",
    CAUSE_UNRESOLVED = "R083",
    DEAD_LINK = "R084",
    NO_TEST = "R085",
    NO_NEGATIVE_TEST = "R086",
}

/// The word that begins an item, or what a user would call it.
pub(crate) fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Pack => "pack",
        ItemKind::Symptom => "symptom",
        ItemKind::Cause => "cause",
        ItemKind::Resolution | ItemKind::RuleResolution => "resolution",
        ItemKind::Rule => "rule",
        ItemKind::Test => "test",
    }
}

fn list(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The candidate that a user may have meant. Of one or two letters nearly everything is near.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    (name.chars().count() > 2).then(|| diagnostic::did_you_mean(name, candidates)).flatten()
}

fn helped(diagnostic: Diagnostic, near: Option<&str>, otherwise: impl FnOnce() -> String) -> Diagnostic {
    diagnostic.help(near.map_or_else(otherwise, |near| format!("did you mean `{near}`?")))
}

// ---- syntax ----

pub(crate) fn stray_text(span: Span, word: &str, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(STRAY_TEXT, span, format!("`{word}` begins no item"));
    helped(diagnostic, near, || "an item begins with `symptom`, `cause`, `resolution`, `rule`, `test` …".to_string())
}

pub(crate) fn unknown_statement(
    span: Span,
    word: &str,
    kind: ItemKind,
    known: impl Iterator<Item = &'static str> + Clone,
) -> Diagnostic {
    let title = format!("`{word}` begins no statement of a {}", kind_name(kind));
    let near = did_you_mean(word, known.clone());
    helped(Diagnostic::error(UNKNOWN_STATEMENT, span, title), near, || format!("what can stand here: {}", list(known)))
}

pub(crate) fn unexpected(span: Span, found: &str, expected: &str, form: &str) -> Diagnostic {
    let title = match expected {
        "" => format!("`{found}` does not fit here"),
        expected => format!("expected {expected}, found `{found}`"),
    };
    Diagnostic::error(UNEXPECTED, span, title).help(format!("the form is: {form}"))
}

pub(crate) fn ends_early(last: Span, expected: &str, form: &str) -> Diagnostic {
    let title = match expected {
        "" => "something is missing after this".to_string(),
        expected => format!("expected {expected} after this"),
    };
    Diagnostic::error(UNEXPECTED, last, title).help(format!("the form is: {form}"))
}

pub(crate) fn no_block(head: Span) -> Diagnostic {
    Diagnostic::error(UNEXPECTED, head, "expected a block in braces after this").help("write `{ … }` behind the title")
}

pub(crate) fn unclosed_block(head: Span, open: Span) -> Diagnostic {
    Diagnostic::error(UNCLOSED_BLOCK, head, "the block of this item is not closed")
        .label(open, "opened here")
        .help("add a `}` at its end")
}

pub(crate) fn unclosed_string(span: Span, text: &str) -> Diagnostic {
    let (what, mark) = match text.chars().next() {
        Some('/') => ("regex", "slash"),
        Some('`') => ("command", "backtick"),
        _ => ("string", "quote"),
    };
    Diagnostic::error(UNCLOSED_STRING, span, format!("the {what} is not closed on its line"))
        .help(format!("add a {mark} at its end"))
}

pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(TOO_DEEP, span, "parentheses are nested too deeply")
        .help("at most 64 levels; use `define` for parts")
}

pub(crate) fn reserved_name(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(RESERVED_NAME, span, format!("`{word}` is a word of the language and cannot name an item"))
        .help(format!("a longer name will do, such as `{word}_seen`"))
}

pub(crate) fn mixed_and_or(span: Span, fix: &str) -> Diagnostic {
    Diagnostic::error(MIXED_AND_OR, span, "`and` and `or` are mixed without parentheses")
        .help(format!("write `{fix}`, or group the other way"))
}

/// `purpose` says what the word will do, after "it will".
pub(crate) fn not_supported(span: Span, written: &str, purpose: &str) -> Diagnostic {
    Diagnostic::error(NOT_SUPPORTED, span, format!("`{written}` is not supported yet"))
        .help(format!("it will {purpose}; until then this item is left out, and the rest of the file works"))
}

pub(crate) fn second_pack(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(SECOND_PACK, span, "a file holds one pack")
        .label(first, "the first one")
        .help("put this pack into a file of its own")
}

pub(crate) fn repeated_statement(span: Span, first: Span, word: &str) -> Diagnostic {
    Diagnostic::error(REPEATED_STATEMENT, span, format!("`{word}` stands here for the second time"))
        .label(first, "the first time")
        .help("keep one of them")
}

// ---- patterns ----

/// A mistake in a pattern whose source begins at `base` of the file.
pub(crate) fn bad_pattern(error: &PatternError, base: usize) -> Diagnostic {
    let at = |code, title: String| Diagnostic::error(code, error.span.shifted(base), title);
    match &error.kind {
        PatternErrorKind::Empty => at(EMPTY_PATTERN, "the pattern holds nothing to look for".into())
            .help("it would match everywhere; `match any where …` looks at every record"),
        PatternErrorKind::UnclosedHole => {
            at(UNCLOSED_HOLE, "the hole is not closed".into()).help("add a `}`, or write `{{` for a brace")
        }
        PatternErrorKind::BadHole(inner) => at(BAD_HOLE, format!("`{{{inner}}}` is not a hole"))
            .help("a hole is `{name}`, `{name:kind}`, `{_}` or `{..}`; `{{` is a brace"),
        PatternErrorKind::UnknownKind(kind) => {
            let near = did_you_mean(kind, HoleKind::names());
            helped(at(UNKNOWN_KIND, format!("unknown kind of hole `{kind}`")), near, || {
                format!("the kinds are {}", list(HoleKind::names()))
            })
        }
        PatternErrorKind::AdjacentHoles => at(ADJACENT_HOLES, "two holes stand side by side".into())
            .help("put the text between them that tells where the first one ends"),
        PatternErrorKind::AfterRest => at(AFTER_REST, "nothing can follow a hole of kind `rest`".into())
            .help("`rest` takes all of the line; use `{name:..}` to stop at the next text"),
        PatternErrorKind::StretchAtEnd => at(STRETCH_AT_END, "`{..}` at the end takes nothing".into())
            .help("leave it out, or use `{name:rest}` to take the rest of the line"),
        PatternErrorKind::DuplicateName(name) => {
            at(DUPLICATE_CAPTURE, format!("a second hole is called `{name}`")).help("give it another name, or `_`")
        }
        PatternErrorKind::ReservedName(name) => at(RESERVED_CAPTURE, format!("no capture can be called `{name}`"))
            .help(format!("`{name}` is how often the symptom was seen")),
        PatternErrorKind::TooManyHoles => at(TOO_MANY_HOLES, "the pattern has too many holes".into())
            .help("at most 100; `{..}` takes any stretch of text"),
        PatternErrorKind::LookAround => at(NOT_LINEAR, "look-around is not supported".into())
            .help("put what must hold besides into `where`, with `not` for what must not"),
        PatternErrorKind::BackReference => at(NOT_LINEAR, "back-references are not supported".into())
            .help("capture both places and compare them: `where a == b`"),
        PatternErrorKind::TooLarge => at(REGEX_TOO_LARGE, "the regex is too large when compiled".into())
            .help("large counted repetitions such as `{1000}` are the usual reason"),
        PatternErrorKind::UnknownFlag(flag) => at(UNKNOWN_FLAG, format!("unknown flag `{flag}`"))
            .help("the flags are `i` (ignore case), `s` (dot matches line ends) and `x` (blanks and comments)"),
        PatternErrorKind::Regex(problem) => at(BAD_REGEX, format!("not a regex: {}", one_line(problem))),
    }
}

/// The first line of a foreign message, in our style.
fn one_line(problem: &str) -> String {
    let line = problem.lines().next().unwrap_or(problem).trim_end_matches('.');
    line.to_string()
}

// ---- names ----

pub(crate) fn duplicate_name(span: Span, name: &str, kind: &str, first: Option<Span>, file: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(DUPLICATE_NAME, span, format!("a second {kind} is called `{name}`"));
    match first {
        Some(first) => diagnostic.label(first, "the first one").help("give it another name"),
        None => diagnostic.help(format!("the first one is in `{file}`; give this one another name")),
    }
}

pub(crate) fn unknown_name(span: Span, name: &str, kind: &str, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(UNKNOWN_NAME, span, format!("no {kind} is called `{name}`"));
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

pub(crate) fn name_of_other_pack(span: Span, name: &str, kind: &str, full: &str) -> Diagnostic {
    Diagnostic::error(UNKNOWN_NAME, span, format!("no {kind} of this pack is called `{name}`"))
        .help(format!("to mean the one of another pack, write `{full}`"))
}

pub(crate) fn wrong_kind(span: Span, name: &str, wanted: &str, found: &str) -> Diagnostic {
    Diagnostic::error(WRONG_KIND, span, format!("`{name}` is a {found}, and a {wanted} is needed here"))
}

pub(crate) fn duplicate_binding(span: Span, first: Span, name: &str) -> Diagnostic {
    Diagnostic::error(DUPLICATE_BINDING, span, format!("a second `match` is called `{name}`"))
        .label(first, "the first one")
        .help("join them with `or`, or name each: `match name: …`")
}

pub(crate) fn circular_for(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(CIRCULAR_FOR, span, format!("`{name}` is `for` itself, by way of others"))
}

/// `circle` is the names on the way, the first of them again at the end.
pub(crate) fn circular_leads_to(span: Span, circle: &[&str]) -> Diagnostic {
    let title = match circle {
        [cause, _] => format!("`{cause}` leads to itself"),
        circle => format!("`{}` leads to itself: {}", circle[0], circle.join(" → ")),
    };
    Diagnostic::error(CIRCULAR_LEADS_TO, span, title).help("leave out the link that is the weakest")
}

// ---- templates ----

pub(crate) fn unknown_capture(span: Span, name: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(UNKNOWN_CAPTURE, span, format!("no capture is called `{name}`"));
    helped(diagnostic, did_you_mean(name, known.iter().copied()), || match known {
        [] => "there are no captures here; `{{` is a brace".to_string(),
        known => format!("the captures here are {}", list(known)),
    })
}

pub(crate) fn bad_template(span: Span) -> Diagnostic {
    Diagnostic::error(BAD_TEMPLATE, span, "this brace begins no capture").help("write `{name}`, or `{{` for a brace")
}

pub(crate) fn unsafe_run(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(UNSAFE_RUN, span, format!("`{name}` may hold any text, and a shell would read it"))
        .help(format!("put it in quotes of its own, `'{{{name}}}'`, or give its hole a type such as `{{{name}:host}}`"))
}

// ---- conditions ----

pub(crate) fn type_mismatch(span: Span, left: &str, is: &str, cannot: &str) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("`{left}` is {is} and {cannot}"))
}

pub(crate) fn field_of_finding(span: Span) -> Diagnostic {
    Diagnostic::error(WRONG_OPERAND, span, "a finding has no fields, since it may rest on many records")
        .help("a condition with `count` is about the finding: ask for fields in the `where` of a `match`, and for `count` in one of its own")
}

// ---- values ----

pub(crate) fn bad_value(span: Span, value: &str, why: &str) -> Diagnostic {
    Diagnostic::error(BAD_VALUE, span, format!("`{value}` {why}"))
}

pub(crate) fn unknown_word(span: Span, word: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(UNKNOWN_WORD, span, format!("`{word}` means nothing here"));
    helped(diagnostic, did_you_mean(word, known.iter().copied()), || format!("the words are {}", list(known)))
}

// ---- content ----

pub(crate) fn nothing_shows_it(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::error(NOTHING_SHOWS_IT, span, format!("nothing tells how to see this {kind}"))
        .help("add `match`, `ask` or `probe`")
}

pub(crate) fn name_needed(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(NAME_NEEDED, span, format!("`{word}` needs a name before the chance"))
        .help(format!("write `{word} name usually`; only within a `rule` the name may be left out"))
}

// ---- warnings ----

pub(crate) fn slow_pattern(span: Span) -> Diagnostic {
    Diagnostic::warning(
        SLOW_PATTERN,
        span,
        "the pattern has no fixed text of three bytes or more, so every record is tried",
    )
    .help("add text that each match must hold")
}

pub(crate) fn symptom_unused(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(SYMPTOM_UNUSED, span, format!("no cause shows `{name}`"))
        .help("add it to a cause, or leave it out")
}

pub(crate) fn cause_shows_nothing(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(CAUSE_SHOWS_NOTHING, span, format!("`{name}` shows no symptom, so nothing can point to it"))
        .help("add `shows symptom usually`, or `leads to` a cause that shows one")
}

pub(crate) fn cause_unresolved(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(CAUSE_UNRESOLVED, span, format!("nothing resolves `{name}`"))
        .help(format!("add a resolution with `resolves {name} usually`"))
}

pub(crate) fn dead_link(span: Span, id: &str) -> Diagnostic {
    Diagnostic::warning(DEAD_LINK, span, format!("no article has the id `{id}`"))
}

pub(crate) fn no_test(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(NO_TEST, span, format!("no test sees `{name}`"))
        .help(format!("add a test that feeds a line and says `expect {name}`"))
}

pub(crate) fn no_negative_test(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(NO_NEGATIVE_TEST, span, format!("no test shows when `{name}` stays silent"))
        .help(format!("add a test that feeds a near miss and says `expect no {name}`"))
}
