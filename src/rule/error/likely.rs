//! Warnings about text that works but means something else than its author thinks.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

codes! { "Likely mistakes";
    /// text like a regex
    ///
    /// In a pattern in quotes, `.*`, `\d+`, `^`, `%s`, `*` and `<HOST>` are plain text. `{name}` takes a word, `{name:int}` a number,
    /// `{..}` any text. A regex is written between slashes.
    ///
    ///     match "took .* (\d+) ms"     # match "took {..} {n:int} ms", or match /took .* (\d+) ms/
    LIKE_A_REGEX = "R100";

    /// special blank in a pattern
    ///
    /// The pattern contains a no-break space, which looks like a blank. Logs rarely have one, so the pattern would not match.
    SPECIAL_BLANK = "R101";

    /// never true
    ///
    /// The condition can never be true, so the symptom is never seen.
    ///
    ///     where n > 5 and n < 3
    NEVER_TRUE = "R102";

    /// always true
    ///
    /// The condition is always true, so it can be left out. Usually `and` was meant.
    ///
    ///     where user != "root" or user != "admin"      # and
    ALWAYS_TRUE = "R103";

    /// alternative that adds nothing
    ///
    /// Another alternative matches every record that this one matches.
    ///
    ///     match "no space left" or "no space left on device"
    NEEDLESS_ALTERNATIVE = "R104";

    /// causes that evidence cannot tell apart
    ///
    /// Two causes have the same prior and show the same symptoms with the same chances. The report always gives them the same
    /// probability. Add a symptom that only one of them shows, such as an `ask`.
    SAME_CAUSES = "R105";

    /// definition that is not used
    ///
    /// No pattern and no condition uses the definition.
    UNUSED_DEFINE = "R106";

    /// test that expects nothing
    ///
    /// A test without `expect` passes always.
    TEST_EXPECTS_NOTHING = "R107";

    /// two tests of one title
    ///
    /// A failure does not show which of the tests it is about.
    SAME_TITLE = "R108";

    /// resolution that resolves nothing
    ///
    /// The resolution is never proposed. Add `resolves`.
    RESOLVES_NOTHING = "R109";

    /// field that casebook does not know
    ///
    /// The name of the field is nearly that of a field that records have in every format. Ignore this if your log has it.
    ///
    ///     where .sevrity >= error      # .severity
    UNKNOWN_FIELD = "R110";

    /// wildcard in the name of a source
    ///
    /// The names after `on` are compared as they are. `*` and `?` match nothing else.
    SOURCE_WILDCARD = "R111";

    /// no version is covered
    ///
    /// No version can be within all bounds, so the cause never applies.
    ///
    ///     applies openssh >= 9.0, < 8.0
    NO_VERSION = "R112";
}

/// Reports `part` of a pattern, which is plain text. `meant` says what is probably meant.
pub(in crate::rule) fn like_a_regex(span: Span, part: &str, meant: &str) -> Diagnostic {
    Diagnostic::warning(LIKE_A_REGEX, span, format!("`{part}` is plain text in a pattern")).help(meant)
}

pub(in crate::rule) fn special_blank(span: Span, c: char) -> Diagnostic {
    let title = format!("the pattern contains a no-break space (U+{:04X}) instead of a blank", c as u32);
    Diagnostic::warning(SPECIAL_BLANK, span, title).help("write a blank").replace(span, " ")
}

/// `why` says why the condition is never true.
pub(in crate::rule) fn never_true(span: Span, other: Option<Span>, why: &str) -> Diagnostic {
    let wrong = Diagnostic::warning(NEVER_TRUE, span, why);
    let wrong = wrong.help("the symptom is never seen; correct one of the values");
    other.into_iter().fold(wrong, |wrong, other| wrong.label(other, "the other comparison"))
}

/// `why` says why the condition is always true.
pub(in crate::rule) fn always_true(span: Span, other: Option<Span>, why: &str, help: &str) -> Diagnostic {
    let wrong = Diagnostic::warning(ALWAYS_TRUE, span, why).help(help);
    other.into_iter().fold(wrong, |wrong, other| wrong.label(other, "the other comparison"))
}

/// Reports an alternative that another one makes needless; `equal` says that both are the same.
pub(in crate::rule) fn needless_alternative(span: Span, other: Span, equal: bool) -> Diagnostic {
    let title = match equal {
        true => "the same alternative is written twice",
        false => "every record that this matches is matched by another alternative",
    };
    Diagnostic::warning(NEEDLESS_ALTERNATIVE, span, title).label(other, "this one").help("remove it").sure()
}

/// Reports alternatives of a regex, of which the second never matches.
pub(in crate::rule) fn needless_in_regex(span: Span, first: &str, second: &str) -> Diagnostic {
    let title = format!("`{second}` never matches, because `{first}` matches its beginning");
    Diagnostic::warning(NEEDLESS_ALTERNATIVE, span, title)
        .help(format!("remove it, or write it before `{first}`"))
        .sure()
}

pub(in crate::rule) fn same_causes(span: Span, other: Option<Span>, names: [&str; 2]) -> Diagnostic {
    let [name, other_name] = names;
    let title = format!("`{name}` and `{other_name}` show the same symptoms, so nothing can tell them apart");
    let wrong = Diagnostic::warning(SAME_CAUSES, span, title);
    let wrong = other.into_iter().fold(wrong, |wrong, other| wrong.label(other, "the other cause"));
    wrong.help("add a symptom that only one of them shows, such as an `ask`, or make them one cause")
}

pub(in crate::rule) fn unused_define(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(UNUSED_DEFINE, span, format!("nothing uses the definition `{name}`"))
        .help("use its name in a `match` or a condition, or remove it")
}

pub(in crate::rule) fn test_expects_nothing(span: Span) -> Diagnostic {
    Diagnostic::warning(TEST_EXPECTS_NOTHING, span, "the test expects nothing, so it cannot fail")
        .help("add `expect symptom`, `expect no symptom` or `expect top cause name`")
}

pub(in crate::rule) fn same_title(span: Span, first: Span) -> Diagnostic {
    Diagnostic::warning(SAME_TITLE, span, "another test has this title")
        .label(first, "the first one")
        .help("say in the title what is different")
}

pub(in crate::rule) fn resolves_nothing(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(RESOLVES_NOTHING, span, format!("`{name}` resolves no cause, so it is never proposed"))
        .help("add `resolves cause usually`")
}

pub(in crate::rule) fn unknown_field(span: Span, name: &str, near: &str) -> Diagnostic {
    Diagnostic::warning(UNKNOWN_FIELD, span, format!("no format has a field `.{name}`"))
        .help(format!("did you mean `.{near}`?"))
        .replace(span, format!(".{near}"))
}

pub(in crate::rule) fn source_wildcard(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(SOURCE_WILDCARD, span, format!("`{name}` is compared as it is, without wildcards"))
        .help("name each source, joined by `,`")
}

pub(in crate::rule) fn no_version(span: Span, product: &str) -> Diagnostic {
    Diagnostic::warning(NO_VERSION, span, format!("no version of `{product}` is within these bounds"))
        .help("the lower bound must be below the upper one")
}
