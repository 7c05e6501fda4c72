//! Diagnostics about words and signs that other languages have and this one writes in another way.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

codes! { "Spelling";
    /// not UTF-8
    ///
    /// A rule file is text in UTF-8. This one is in another encoding, such as UTF-16 or Windows-1252, or was damaged. Save it as
    /// UTF-8. The other files are read.
    NOT_UTF8 = "R012";

    /// sign of another language
    ///
    /// The sign has no meaning here: curly quotes, single quotes, no-break spaces, `;`, `//` and `/* */`, `≥`. Text is written in
    /// `"…"`, a comment begins with `#`, a statement needs no sign at its end.
    ///
    ///     match “no space left”;     // a comment
    ///     match "no space left"      # a comment
    FOREIGN_SIGN = "R013";

    /// word of another language
    ///
    /// The language has another word for this. The help shows it.
    ///
    ///     where .message contains "x" && .level = "error"
    ///     where .message has "x" and .level == "error"
    FOREIGN_WORD = "R014";

    /// part missing
    ///
    /// The statement or the head of the item lacks a part that it cannot do without: a chance, a title, a name, a time, a unit.
    ///
    ///     cause c "…" { shows queue_grows }          # shows queue_grows usually
    MISSING_PART = "R015";

    /// not a name
    ///
    /// Names consist of the letters a to z, digits and `_`, and do not begin with a digit.
    ///
    ///     symptom disk-full "…" { … }                # disk_full
    BAD_NAME = "R016";
}

pub(in crate::rule) fn not_utf8(span: Span, utf16: bool) -> Diagnostic {
    let title = match utf16 {
        true => "the file is in UTF-16; rule files are in UTF-8",
        false => "this character was not UTF-8; the file is in another encoding, or it is damaged",
    };
    Diagnostic::error(NOT_UTF8, span, title).help("save the file as UTF-8")
}

/// Reports a compressed file.
pub(in crate::rule) fn compressed(span: Span) -> Diagnostic {
    Diagnostic::error(NOT_UTF8, span, "the file is compressed; rule files are text").help("unpack the file")
}

/// Reports a conflict that a version control system left in the file.
pub(in crate::rule) fn merge_conflict(span: Span) -> Diagnostic {
    Diagnostic::error(FOREIGN_SIGN, span, "the file has a merge conflict that is not resolved")
        .help("keep one of the two sides, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`")
}

/// Reports the entities of HTML in a file.
pub(in crate::rule) fn html_entity(span: Span, entity: &str, sign: &str) -> Diagnostic {
    Diagnostic::error(FOREIGN_SIGN, span, format!("`{entity}` is HTML for `{sign}`"))
        .help(format!("write `{sign}`, and the signs for all other entities too"))
}

/// Reports a sign that has no meaning here. `what` names it; `meant` says what to write.
pub(in crate::rule) fn foreign_sign(span: Span, what: &str, meant: &str) -> Diagnostic {
    Diagnostic::error(FOREIGN_SIGN, span, what).help(meant)
}

/// Reports the word or sign `found`, which is written `meant` here.
pub(in crate::rule) fn foreign_word(span: Span, found: &str, meant: &str) -> Diagnostic {
    Diagnostic::error(FOREIGN_WORD, span, format!("`{found}` is written `{meant}` here"))
}

/// Reports a form that has no single word to replace it. `title` says what is wrong.
pub(in crate::rule) fn foreign_form(span: Span, title: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error(FOREIGN_WORD, span, title).help(help)
}

/// Reports that a part is missing. `what` names it, such as `the chance`.
pub(in crate::rule) fn missing_part(span: Span, what: &str, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error(MISSING_PART, span, format!("{what} is missing")).help(help)
}

pub(in crate::rule) fn bad_name(span: Span, found: &str, meant: &str) -> Diagnostic {
    Diagnostic::error(BAD_NAME, span, format!("`{found}` cannot be a name"))
        .help(format!("a name consists of the letters a to z, digits and `_`: write `{meant}`"))
        .replace(span, meant)
}
