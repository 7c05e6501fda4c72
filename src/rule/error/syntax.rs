//! Diagnostics about how a file is written: items, statements, blocks, quotes, reserved words.

use super::{did_you_mean, helped, kind_name, list};
use crate::diagnostic::Diagnostic;
use crate::rule::ast::ItemKind;
use crate::source::Span;

codes! { "Syntax";
    /// text outside of items
    ///
    /// A file is a list of items: `pack`, `define`, `symptom`, `cause`, `resolution`, `rule`, `test`, `format`. This text
    /// belongs to none of them. Usually a keyword is misspelt.
    ///
    ///     symptm disk_full "The disk is full" { … }
    ///
    /// Correct the word, or put `#` before it if it is a comment.
    STRAY_TEXT = "R001";

    /// unknown statement
    ///
    /// This kind of item has no such statement.
    ///
    ///     symptom disk_full "The disk is full" { prior common }
    ///
    /// Correct the word, or move the statement to the item that it belongs to. `prior`, for example, belongs to a `cause`.
    UNKNOWN_STATEMENT = "R002";

    /// something else was expected
    ///
    /// A statement, or the line that begins an item, has the wrong form. The message says what was expected, and the help shows
    /// the form.
    ///
    ///     cost soon          # cost 10m
    UNEXPECTED = "R003";

    /// block not closed
    ///
    /// The `{` of the item has no `}`. The file ends, or the next item begins, before the block is closed.
    ///
    ///     symptom a "…" { match "foo"
    ///     symptom b "…" { match "bar" }
    ///
    /// Add the brace.
    UNCLOSED_BLOCK = "R004";

    /// string, regex or command not closed
    ///
    /// Strings (`"…"`), regexes (`/…/`) and commands (in backticks) end on the line on which they begin.
    ///
    ///     match "no space left
    ///
    /// Add the closing mark. Inside a string write `\"` for a quote, inside a regex `\/` for a slash.
    UNCLOSED_STRING = "R005";

    /// nested too deeply
    ///
    /// Parentheses can be nested up to 64 levels deep.
    TOO_DEEP = "R006";

    /// reserved name
    ///
    /// A keyword of the language cannot be the name of an item, and a keyword of `when` cannot be the name of a binding that the
    /// `when` uses. Captures and fields can have any name.
    ///
    ///     symptom match "…" { … }      # symptom match_fails "…" { … }
    RESERVED_NAME = "R007";

    /// `and` and `or` mixed
    ///
    /// `and` and `or` have no order of precedence, so nobody has to remember one. The help shows one way to group them.
    ///
    ///     where .a == 1 and .b == 2 or .c == 3      # where (.a == 1 and .b == 2) or .c == 3
    MIXED_AND_OR = "R008";

    /// not supported yet
    ///
    /// The word is kept for a statement of a format that does not work yet: `late` or `keep`. The format is left out. The help
    /// says what the word will do.
    NOT_SUPPORTED = "R009";

    /// second pack
    ///
    /// A file can have one `pack`. Put the other one into its own file.
    SECOND_PACK = "R010";

    /// given twice
    ///
    /// A statement that is allowed once is given twice (`prior`, `cost`, `ask` …), or a cause names a symptom twice, or a
    /// resolution names a cause twice.
    ///
    ///     cause c "…" { prior common prior rare }
    ///
    /// Keep one of them.
    REPEATED_STATEMENT = "R011";
}

pub(in crate::rule) fn stray_text(span: Span, word: &str, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(STRAY_TEXT, span, format!("`{word}` does not begin an item"));
    helped(diagnostic, word, near, || {
        "an item begins with `symptom`, `cause`, `resolution`, `rule`, `test` …".to_string()
    })
}

pub(in crate::rule) fn unknown_statement(
    span: Span,
    word: &str,
    kind: ItemKind,
    known: impl Iterator<Item = &'static str> + Clone,
) -> Diagnostic {
    let kind = kind_name(kind);
    let diagnostic = Diagnostic::error(UNKNOWN_STATEMENT, span, format!("a {kind} has no statement `{word}`"));
    helped(diagnostic, word, did_you_mean(word, known.clone()), || match nearest(word, known.clone()).as_slice() {
        [] => format!("a {kind} has statements such as {}", list(known.take(5))),
        near => format!("near it are {}", list(near)),
    })
}

/// The words of `known` that are most like `word`: three at most.
fn nearest(word: &str, known: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let distance = |known: &&str| strsim::damerau_levenshtein(word, known);
    let mut near: Vec<&str> = known.filter(|known| 2 * distance(known) <= word.chars().count()).collect();
    near.sort_by_key(distance);
    near.truncate(3);
    near
}

/// Reports a backtick that ends a command too early.
pub(in crate::rule) fn nested_backtick(span: Span) -> Diagnostic {
    Diagnostic::error(UNEXPECTED, span, "this backtick ends the command")
        .help("write `$(…)` for the output of a command within a command")
}

/// Reports `…`, which stands for something left out.
pub(in crate::rule) fn left_out(span: Span, written: &str) -> Diagnostic {
    Diagnostic::error(UNEXPECTED, span, format!("`{written}` stands for something that is left out"))
        .help("write it, or remove the sign")
}

/// Reports a brace that closes nothing.
pub(in crate::rule) fn extra_brace(span: Span) -> Diagnostic {
    Diagnostic::error(STRAY_TEXT, span, "there is one `}` too many").help("remove it").replace(span, "")
}

/// Reports a block that is not written in braces. `what` says how it is written.
pub(in crate::rule) fn not_in_braces(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(UNEXPECTED, span, what).help("a block is written in braces: `{ … }`")
}

/// Sets the word that is meant as the advice of a diagnostic about an unknown word. It is sure if both words mean the same.
pub(in crate::rule) fn meant(wrong: Diagnostic, meant: &str, is_same: bool) -> Diagnostic {
    let span = wrong.span();
    let fixed = Diagnostic { fix: Vec::new(), ..wrong }.help(format!("write `{meant}`")).replace(span, meant);
    if is_same { fixed.sure() } else { fixed.proposed() }
}

/// Sets the advice of a diagnostic about an unknown word that no single word replaces.
pub(in crate::rule) fn advised(wrong: Diagnostic, advice: &str) -> Diagnostic {
    Diagnostic { fix: Vec::new(), ..wrong }.help(advice)
}

/// Says which items have the statement that an item does not have.
pub(in crate::rule) fn of_other_item(wrong: Diagnostic, owners: &[&str]) -> Diagnostic {
    let owners: Vec<String> = owners.iter().map(|owner| format!("a `{owner}`")).collect();
    Diagnostic { fix: Vec::new(), ..wrong }.help(format!("it belongs to {}", owners.join(" or ")))
}

/// Reports a file in the language of another program, which nothing in it is parsed of.
pub(in crate::rule) fn other_language(span: Span, language: &str) -> Diagnostic {
    Diagnostic::error(STRAY_TEXT, span, format!("this is {language}, not a file of rules"))
        .help("an item is written `symptom name \"title\" { match \"text\" where .field == \"value\" }`")
}

pub(in crate::rule) fn unexpected(span: Span, found: &str, expected: &str, form: &str) -> Diagnostic {
    let title = match expected {
        "" => format!("`{found}` is not expected here"),
        expected => format!("expected {expected}, found `{found}`"),
    };
    Diagnostic::error(UNEXPECTED, span, title).help(format!("the form is: {form}"))
}

pub(in crate::rule) fn ends_early(last: Span, expected: &str, form: &str) -> Diagnostic {
    let title = match expected {
        "" => "something is missing after this".to_string(),
        expected => format!("expected {expected} after this"),
    };
    Diagnostic::error(UNEXPECTED, last, title).help(format!("the form is: {form}"))
}

pub(in crate::rule) fn no_block(head: Span) -> Diagnostic {
    Diagnostic::error(UNEXPECTED, head, "expected a block in braces after this").help("write `{ … }` after the title")
}

pub(in crate::rule) fn unclosed_block(head: Span, open: Span) -> Diagnostic {
    Diagnostic::error(UNCLOSED_BLOCK, head, "the block of this item is not closed")
        .label(open, "opened here")
        .help("add a `}` at its end")
}

pub(in crate::rule) fn unclosed_string(span: Span, text: &str) -> Diagnostic {
    let (what, mark, sign) = match text.chars().next() {
        Some('/') => ("regex", "slash", "/"),
        Some('`') => ("command", "backtick", "`"),
        _ => ("string", "quote", "\""),
    };
    if let Some(at) = text.rfind("\\\"").filter(|_| sign == "\"") {
        let backslash = Span::new(span.start + at, span.start + at + 2);
        return Diagnostic::error(UNCLOSED_STRING, backslash, "the backslash makes the quote a part of the text")
            .help("write `\\\\` for a backslash at the end of a text")
            .replace(Span::new(backslash.start, backslash.start), "\\");
    }
    let wrong = Diagnostic::error(UNCLOSED_STRING, span, format!("the {what} is not closed on its line"))
        .help(format!("add a {mark} at its end"));
    let end = span.start + text.trim_end().len();
    if text.contains(['{', '}']) { wrong } else { wrong.replace(Span::new(end, end), sign).proposed() }
}

pub(in crate::rule) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(TOO_DEEP, span, "parentheses are nested too deeply").help("at most 64 levels are allowed")
}

pub(in crate::rule) fn reserved_name(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(RESERVED_NAME, span, format!("`{word}` is a keyword and cannot be the name of an item"))
        .help(format!("choose another name, such as `{word}_seen`"))
        .replace(span, format!("{word}_seen"))
        .guessed()
}

pub(in crate::rule) fn binding_is_keyword(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        RESERVED_NAME,
        span,
        format!("`{word}` is a keyword of `when`, which cannot speak of a binding of that name"),
    )
    .help(format!("choose another name, such as `{word}_seen`, here and in `when`"))
}

pub(in crate::rule) fn mixed_and_or(span: Span, fix: &str) -> Diagnostic {
    Diagnostic::error(MIXED_AND_OR, span, "`and` and `or` are mixed without parentheses")
        .help(format!("write `{fix}`, or group them the other way"))
}

/// Reports the reserved word `written`. `purpose` says what it will do, worded to follow "it will".
pub(in crate::rule) fn not_supported(span: Span, written: &str, purpose: &str) -> Diagnostic {
    Diagnostic::error(NOT_SUPPORTED, span, format!("`{written}` is not supported yet"))
        .help(format!("it will {purpose}; until then this item is left out, and the rest of the file works"))
}

pub(in crate::rule) fn second_pack(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(SECOND_PACK, span, "the file already has a pack")
        .label(first, "the first one")
        .help("put this pack into its own file")
}

pub(in crate::rule) fn repeated_statement(span: Span, first: Span, word: &str) -> Diagnostic {
    repeated(span, first, format!("`{word}` is given twice"))
}

/// Reports a second reference to the same item. `kind` is the kind of that item.
pub(in crate::rule) fn repeated_reference(span: Span, first: Span, kind: &str) -> Diagnostic {
    repeated(span, first, format!("the same {kind} is named twice"))
}

fn repeated(span: Span, first: Span, title: String) -> Diagnostic {
    Diagnostic::error(REPEATED_STATEMENT, span, title).label(first, "the first time").help("keep one of them")
}
