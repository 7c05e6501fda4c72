//! Warnings: the item works, but probably not as meant.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

codes! { "Warnings";
    /// slow pattern
    ///
    /// The pattern has no fixed text of three bytes or more, so every record has to be tried. Add some text if you can.
    SLOW_PATTERN = "R080";

    /// symptom that no cause shows
    ///
    /// The symptom is found but points to no cause. Add `shows` to a cause.
    SYMPTOM_UNUSED = "R081";

    /// cause that shows nothing
    ///
    /// No finding can point to the cause. Add `shows`, or `leads to` a cause that shows something.
    CAUSE_SHOWS_NOTHING = "R082";

    /// cause without a resolution
    ///
    /// The report can name the cause but offers no way to fix it. Add a resolution that `resolves` it.
    CAUSE_UNRESOLVED = "R083";

    /// dead link
    ///
    /// No article has this id. Correct the id, or add the article.
    DEAD_LINK = "R084";

    /// symptom without a test
    ///
    /// No test expects to see the symptom.
    NO_TEST = "R085";

    /// symptom without a negative test
    ///
    /// No test says when the symptom must not be seen. The best such test feeds a line that differs from a real one in one detail.
    NO_NEGATIVE_TEST = "R086";

    /// value that may be an option
    ///
    /// A value that begins with `-` would be read as an option. Put `--` before the capture if the program knows it, or join the
    /// capture to its option. Without that, the command is not shown for such a value.
    ///
    ///     run `id '{user}'`         # run `id -- '{user}'`
    MAY_BE_OPTION = "R087";
}

pub(in crate::rule) fn may_be_option(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(MAY_BE_OPTION, span, format!("a value of `{name}` that begins with `-` would be an option"))
        .help(format!("put `--` before it, or join it to its option: `--option='{{{name}}}'`"))
}

pub(in crate::rule) fn slow_pattern(span: Span) -> Diagnostic {
    Diagnostic::warning(
        SLOW_PATTERN,
        span,
        "the pattern has no fixed text of three bytes or more, so every record is tried",
    )
    .help("add text that every match contains")
}

pub(in crate::rule) fn symptom_unused(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(SYMPTOM_UNUSED, span, format!("no cause shows `{name}`"))
        .help(format!("add `shows {name} usually` to a cause, or remove the symptom"))
}

pub(in crate::rule) fn cause_shows_nothing(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(CAUSE_SHOWS_NOTHING, span, format!("`{name}` shows no symptom, so nothing can point to it"))
        .help("add `shows symptom usually`, or `leads to` a cause that shows one")
}

pub(in crate::rule) fn cause_unresolved(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(CAUSE_UNRESOLVED, span, format!("no resolution resolves `{name}`"))
        .help(format!("add a resolution with `resolves {name} usually`"))
}

pub(in crate::rule) fn dead_link(span: Span, id: &str) -> Diagnostic {
    Diagnostic::warning(DEAD_LINK, span, format!("no article has the id `{id}`"))
        .help("correct the id, or add the article")
}

pub(in crate::rule) fn no_test(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(NO_TEST, span, format!("no test expects `{name}`"))
        .help(format!("add a test with a `feed` and `expect {name}`"))
}

pub(in crate::rule) fn no_negative_test(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(NO_NEGATIVE_TEST, span, format!("no test says when `{name}` must not be seen"))
        .help(format!("add a test that feeds a similar line and says `expect no {name}`"))
}
