//! Diagnostics about statements that speak of time: `when`, `by`, `unless`, `resets`, `mute`.

use super::{did_you_mean, helped, list};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

codes! { "Time";
    /// `then`, `and` and `or` mixed
    ///
    /// The words of a `when` have no order of precedence, so nobody has to remember one. The help shows one way to group them.
    ///
    ///     when a and b then c within 5m      # when (a and b) then c within 5m
    MIXED_WHEN = "R130";

    /// unknown binding
    ///
    /// A `when` speaks of the bindings of its symptom (`match name: …`) and of other symptoms. This name is neither.
    ///
    ///     match bad: "Failed password"  when count(bda) >= 5 within 2m
    UNKNOWN_BINDING = "R131";

    /// no limit in time
    ///
    /// Two records that may be any time apart would have to be remembered for ever. Say how near they must be.
    ///
    ///     when a then b                      # when a then b within 10m
    NO_LIMIT = "R132";

    /// key that a record does not have
    ///
    /// A `when` looks at the records of one key at a time. Each binding that must be seen needs all parts of the key. If a
    /// binding calls a part by another name, write both: `by pod = k.name`.
    KEY_MISSING = "R133";

    /// `no` in the wrong place
    ///
    /// `no x` can be between two others (`a then no x then b`), at the start or the end of the whole (`a then no x for 10m`),
    /// or a part of the whole (`a and no x`). A time after it is possible only where it ends the whole or begins it.
    MISPLACED_NO = "R134";

    /// nothing that must be seen
    ///
    /// At least one part of a `when` must be seen, or it could begin at any time.
    ///
    ///     when no a and no b                 # when c and no a and no b within 5m
    NOTHING_TO_SEE = "R135";

    /// wrong use of a function
    ///
    /// The functions are `count(a)`, `distinct(a.user)`, `sum(a.bytes)`, `min`, `max`, `avg`, `p95`, and `ratio(a, b)`. `count`
    /// and `distinct` are compared with `>=` or `>` and a whole number. `usual` is for `count`.
    WRONG_FUNCTION = "R136";

    /// condition on time without records
    ///
    /// The output of a probe has no times, and an answer has none. Conditions on time need records of logs.
    NEEDS_RECORDS = "R137";

    /// symptom that matches itself
    ///
    /// Followed from symptom to symptom, `match symptom` and the names in `when` must not come back to where they began. The
    /// message shows the circle.
    CIRCULAR_MATCH = "R138";

    /// `mute` without `reason` or `until`
    ///
    /// What is not reported must have a reason, and an end. Otherwise nobody knows in a year whether it is still wanted.
    ///
    ///     mute disk_full { where host == "test1" until 2027-01-31 reason "it is filled on purpose" }
    INCOMPLETE_MUTE = "R139";

    /// too many bindings
    ///
    /// A symptom with conditions on time can speak of 60 bindings.
    TOO_MANY_BINDINGS = "R140";

    /// `symptom` among patterns
    ///
    /// `match symptom name` matches the records of another symptom. It is a `match` of its own, and is possible only in a
    /// symptom or rule.
    MATCH_SYMPTOM_ALONE = "R141";

    /// binding that `when` does not use (a warning)
    ///
    /// The symptom has a `when`, which does not speak of this binding, so its records count for nothing.
    UNUSED_BINDING = "R142";
}

pub(in crate::rule) fn mixed_when(span: Span, first: &str, other: &str, fix: &str) -> Diagnostic {
    Diagnostic::error(MIXED_WHEN, span, format!("`{first}` and `{other}` are mixed without parentheses"))
        .help(format!("write `{fix}`, or group them the other way"))
}

pub(in crate::rule) fn unknown_binding(span: Span, name: &str, known: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(UNKNOWN_BINDING, span, format!("there is no binding or symptom called `{name}`"));
    helped(diagnostic, name, did_you_mean(name, known.iter().copied()), || match known {
        [] => format!("name a pattern: `match {name}: \"…\"`"),
        known => format!("the bindings of this symptom are {}", list(known)),
    })
}

/// Reports a capture where a binding is expected. `binding` has it.
pub(in crate::rule) fn capture_as_binding(span: Span, name: &str, binding: &str) -> Diagnostic {
    Diagnostic::error(UNKNOWN_BINDING, span, format!("`{name}` is a capture of `{binding}`, not a binding")).help(
        format!(
            "write `count({binding})` for the number of records, or `distinct({binding}.{name})` for different values"
        ),
    )
}

pub(in crate::rule) fn no_limit(span: Span, fix: &str) -> Diagnostic {
    Diagnostic::error(NO_LIMIT, span, "it is not said how near in time this must be")
        .help(format!("add a time: `{fix}`"))
}

pub(in crate::rule) fn key_missing(span: Span, key: &str, binding: &str) -> Diagnostic {
    Diagnostic::error(KEY_MISSING, span, format!("the records of `{binding}` have no `{key}`")).help(format!(
        "add a hole `{{{key}}}` to its pattern, or say what it is called there: `{key} = {binding}.name`"
    ))
}

/// Reports a key with a binding before it, although the records of all bindings have it.
pub(in crate::rule) fn needless_binding(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(KEY_MISSING, span, "a key with a binding before it is that of this binding alone")
        .help(format!("all patterns have `{{{key}}}`: write `by {key}`"))
        .replace(span, key)
}

pub(in crate::rule) fn misplaced_no(span: Span) -> Diagnostic {
    Diagnostic::error(MISPLACED_NO, span, "`no` is not possible here")
        .help("it can be between two parts (`a then no x then b`), or begin or end the whole (`a then no x for 10m`)")
}

pub(in crate::rule) fn nothing_to_see(span: Span) -> Diagnostic {
    Diagnostic::error(NOTHING_TO_SEE, span, "nothing in this must be seen")
        .help("add a binding without `no`, or write `no x for 10m` alone, which begins with an `x`")
}

pub(in crate::rule) fn wrong_function(span: Span, what: &str, help: &str) -> Diagnostic {
    Diagnostic::error(WRONG_FUNCTION, span, what.to_owned()).help(help.to_owned())
}

/// The functions of conditions on time.
pub(in crate::rule) const FUNCTIONS: [&str; 8] = ["count", "distinct", "sum", "min", "max", "avg", "p95", "ratio"];

pub(in crate::rule) fn unknown_function(span: Span, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(WRONG_FUNCTION, span, format!("there is no function `{name}`"));
    if let Some(meant) = crate::rule::parse::function_synonym(name) {
        return diagnostic.help(format!("write `{meant}`")).replace(span, meant);
    }
    helped(diagnostic, name, did_you_mean(name, FUNCTIONS), || format!("the functions are {}", list(FUNCTIONS)))
}

pub(in crate::rule) fn needs_records(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(NEEDS_RECORDS, span, format!("`{word}` needs records of logs"))
        .help("add a `match`, and put what a probe finds into a symptom of its own")
}

pub(in crate::rule) fn circular_match(span: Span, names: &[&str]) -> Diagnostic {
    Diagnostic::error(CIRCULAR_MATCH, span, format!("a symptom matches itself: {}", names.join(" → ")))
        .help("remove one of these links")
}

pub(in crate::rule) fn incomplete_mute(span: Span, missing: &str, example: &str) -> Diagnostic {
    Diagnostic::error(INCOMPLETE_MUTE, span, format!("a `mute` needs `{missing}`")).help(format!("add `{example}`"))
}

pub(in crate::rule) fn too_many_bindings(span: Span) -> Diagnostic {
    Diagnostic::error(TOO_MANY_BINDINGS, span, "the symptom speaks of more than 60 bindings")
        .help("join patterns with `or`, or split the symptom")
}

pub(in crate::rule) fn match_symptom_alone(span: Span) -> Diagnostic {
    Diagnostic::error(MATCH_SYMPTOM_ALONE, span, "a symptom cannot be one of several patterns here")
        .help("write a `match` of its own for it: `match name: symptom other`")
}

pub(in crate::rule) fn unused_binding(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(UNUSED_BINDING, span, format!("`when` does not use the binding `{name}`"))
        .help("use it in `when`, or remove it")
}
