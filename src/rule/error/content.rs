//! Diagnostics about items that lack a part they need.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

codes! { "Content";
    /// no way to see it
    ///
    /// A symptom needs `match`, `ask` or `probe`. A `rule` needs one of them or a `shows`.
    NOTHING_SHOWS_IT = "R065";

    /// name missing
    ///
    /// `shows usually` without a symptom, and `resolves usually` without a cause, are about the parts of a `rule`. Elsewhere they
    /// need a name.
    NAME_NEEDED = "R066";
}

pub(in crate::rule) fn nothing_shows_it(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::error(NOTHING_SHOWS_IT, span, format!("this {kind} does not say how it is seen"))
        .help("add `match`, `ask` or `probe`")
}

pub(in crate::rule) fn name_needed(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(NAME_NEEDED, span, format!("`{word}` needs a name before the chance"))
        .help(format!("write `{word} name usually`; the name can be left out only in a `rule`"))
}
