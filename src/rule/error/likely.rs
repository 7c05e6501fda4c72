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

    /// wildcard or regex in plain text
    ///
    /// `==`, `has`, `starts` and `ends` compare with the text as it is. Wildcards (`*`, `?`) belong to `like`, regexes to `~`. `%` is
    /// no wildcard.
    ///
    ///     where .image == "*\cmd.exe"         # .image like "*\cmd.exe"
    ///     where .message has "time.*out"       # .message ~ /time.*out/
    WILDCARD_IN_TEXT = "R113";

    /// capture that an alternative lacks
    ///
    /// The title shows a capture that one alternative of the pattern does not have. For records that this alternative matches, the
    /// title has a gap.
    ///
    ///     symptom s "login of {user}" { match "failed for {user} from" or "authentication failure" }
    LACKS_CAPTURE = "R114";

    /// capture that is never seen
    ///
    /// Only records that must not be seen have the capture, so it never has a value.
    ///
    ///     symptom s "ended by {who}" { match a: "start" match b: "end by {who}" when a unless b within 1h }
    NEVER_CAPTURED = "R115";

    /// name of a file as a line
    ///
    /// `feed "case.log"` feeds this text as a line. The lines of a file are fed by `feed file "case.log"`.
    FILE_AS_LINE = "R116";

    /// unknown source
    ///
    /// The name is nearly that of a format or program that casebook knows. Ignore this if your source has this name.
    UNKNOWN_SOURCE = "R117";

    /// symptoms that match the same
    ///
    /// Two symptoms are seen in the same records, so one observation counts as two pieces of evidence.
    SAME_SYMPTOMS = "R118";

    /// header in a pattern
    ///
    /// A pattern is looked for in the message of a record, without what its format puts before it: time stamp, host, program, level.
    /// `where .raw ~ /…/` looks at the whole line.
    ///
    ///     match "Nov 12 04:10:00 gate sshd[811]: Failed password for {user}"      # match "Failed password for {user}"
    HEADER_IN_PATTERN = "R119";

    /// levels compared by the alphabet
    ///
    /// `.level` is the text in the log, and texts are compared by the alphabet: `"error" >= "warning"` is false. `.severity` is the
    /// level of the record, whatever its word.
    ///
    ///     where .level >= "warning"            # .severity >= warning
    LEVEL_BY_ALPHABET = "R120";

    /// regex that is not read as meant
    ///
    /// A set in brackets is one character, and marks of other tools (`<HOST>`, `%(name)s`, `%{IP:host}`) mean nothing.
    ///
    ///     match /[error] failed/               # /\[error\] failed/
    ODD_REGEX = "R121";

    /// PowerShell without `powershell`
    ///
    /// A command after `run` is quoted for a POSIX shell. One of PowerShell needs `run powershell`, which has other rules.
    POWERSHELL = "R122";

    /// text that is no capture
    ///
    /// `$1` and `{{name}}` are plain text in a title. A capture is shown by `{name}`.
    ///
    ///     symptom s "login of $1" { match /login of (\S+)/ }       # "login of {user}", /login of (?P<user>\S+)/
    NOT_A_CAPTURE = "R123";

    /// address where a network is meant
    ///
    /// The address has bits behind the prefix, so the condition is about the whole network. For the address alone, write `/32`.
    ///
    ///     where .ip in cidr "10.1.2.3/8"       # "10.0.0.0/8"
    HOST_BITS = "R124";
}

/// Reports a text that is compared as it is. `part` looks like a wildcard or a regex.
pub(in crate::rule) fn wildcard_in_text(span: Span, part: &str, op: &str) -> Diagnostic {
    Diagnostic::warning(WILDCARD_IN_TEXT, span, format!("`{part}` is plain text for `{op}`"))
}

/// Reports an alternative without a capture that the title shows.
pub(in crate::rule) fn lacks_capture(span: Span, name: &str, title: Span) -> Diagnostic {
    Diagnostic::warning(LACKS_CAPTURE, span, format!("this alternative has no `{{{name}}}`, which the title shows"))
        .label(title, "shown here")
        .help(format!("add a hole `{{{name}}}`, or leave it out of the title"))
}

pub(in crate::rule) fn never_captured(span: Span, name: &str, binding: &str) -> Diagnostic {
    let title = format!("`{name}` never has a value: only `{binding}` has it, whose records must not be seen");
    Diagnostic::warning(NEVER_CAPTURED, span, title).help("leave it out of the title")
}

pub(in crate::rule) fn file_as_line(span: Span, name: &str) -> Diagnostic {
    let front = Span::new(span.start - 1, span.start - 1);
    Diagnostic::warning(FILE_AS_LINE, span, format!("this feeds the text `{name}` as a line, not the lines of a file"))
        .help(format!("write `feed file \"{name}\"`"))
        .replace(front, "file ")
}

pub(in crate::rule) fn unknown_source(span: Span, name: &str, near: &str) -> Diagnostic {
    Diagnostic::warning(UNKNOWN_SOURCE, span, format!("no format that casebook knows is called `{name}`"))
        .help(format!("did you mean `{near}`?"))
        .replace(span, near)
}

pub(in crate::rule) fn path_as_source(span: Span, path: &str, stem: &str) -> Diagnostic {
    Diagnostic::warning(UNKNOWN_SOURCE, span, format!("`on` compares names of sources, and `{path}` is a path"))
        .help(format!("the name of a file is its name without folder and ending: write `on {stem}`"))
        .replace(Span::new(span.start - 1, span.end + 1), stem)
}

pub(in crate::rule) fn same_symptoms(span: Span, other: Option<Span>, names: [&str; 2]) -> Diagnostic {
    let [name, first] = names;
    let wrong = Diagnostic::warning(SAME_SYMPTOMS, span, format!("`{name}` is seen in the same records as `{first}`"));
    let wrong = other.into_iter().fold(wrong, |wrong, other| wrong.label(other, "the other symptom"));
    wrong.help(format!("use `{first}` for both, or match what is different"))
}

/// Reports a pattern that begins with what a log format puts before messages. `header` is that part.
pub(crate) fn header_in_pattern(span: Span, header: &str) -> Diagnostic {
    let title = format!("`{header}` is not in the message, but before it: it is its time, host or program");
    Diagnostic::warning(HEADER_IN_PATTERN, span, title)
        .help("leave it out; a pattern is looked for in the message alone")
        .replace(span, "")
}

/// Reports a regex that begins with a time stamp.
pub(crate) fn stamp_in_regex(span: Span, stamp: &str) -> Diagnostic {
    let title = format!("`{stamp}` matches a time stamp, which is not in the message");
    Diagnostic::warning(HEADER_IN_PATTERN, span, title)
        .help("leave it out, or look at the whole line: `match any where .raw ~ /…/`; the level is compared by `.severity >= error`")
}

/// Reports a level that is compared by the alphabet: an error if it is a word without quotes, which is no value.
pub(in crate::rule) fn level_by_alphabet(
    span: Span,
    field: &str,
    op: crate::rule::program::Comparison,
    level: &str,
    is_text: bool,
) -> Diagnostic {
    let title = format!("`{field}` is a text, which is compared by the alphabet");
    let help = format!("write `.severity {op} {level}`");
    match is_text {
        true => Diagnostic::warning(LEVEL_BY_ALPHABET, span, title).help(help),
        false => super::foreign_form(span, title, help),
    }
}

/// Reports a part of a regex that is not read as meant. `what` says how it is read.
pub(in crate::rule) fn odd_regex(span: Span, what: &str, help: &str) -> Diagnostic {
    Diagnostic::warning(ODD_REGEX, span, what).help(help)
}

pub(in crate::rule) fn powershell(span: Span, word: &str) -> Diagnostic {
    Diagnostic::warning(POWERSHELL, span, format!("`{word}` is a command of PowerShell"))
        .help("write `run powershell` before it, so that values are quoted for PowerShell")
}

/// Reports a network whose address is not its first one.
pub(in crate::rule) fn host_bits(span: Span, written: &str, network: &str) -> Diagnostic {
    Diagnostic::warning(HOST_BITS, span, format!("`{written}` is the whole network `{network}`"))
        .help(format!("write `\"{network}\"`, or the address with `/32`"))
        .replace(span, network)
}

/// Reports a field of a binding whose name is nearly that of a capture.
pub(in crate::rule) fn field_like_capture(span: Span, name: &str, near: &str) -> Diagnostic {
    Diagnostic::warning(UNKNOWN_FIELD, span, format!("there is no capture `{name}`, so this is a field of the record"))
        .help(format!("did you mean `{near}`?"))
        .replace(span, near)
}

/// Reports text in a title that is meant as a capture.
pub(in crate::rule) fn not_a_capture(span: Span, written: &str, help: &str) -> Diagnostic {
    Diagnostic::warning(NOT_A_CAPTURE, span, format!("`{written}` is plain text")).help(help)
}

/// Reports `part` of a pattern, which is plain text. `meant` says what is probably meant.
pub(in crate::rule) fn like_a_regex(span: Span, part: &str, meant: &str) -> Diagnostic {
    Diagnostic::warning(LIKE_A_REGEX, span, format!("`{part}` is plain text in a pattern")).help(meant)
}

pub(in crate::rule) fn special_blank(span: Span, c: char) -> Diagnostic {
    let title = format!("the pattern contains a no-break space (U+{:04X}) instead of a blank", c as u32);
    Diagnostic::warning(SPECIAL_BLANK, span, title).help("write a blank").replace(span, " ")
}

pub(in crate::rule) fn invisible_sign(span: Span, c: char) -> Diagnostic {
    let title = format!("the pattern contains a sign that cannot be seen (U+{:04X})", c as u32);
    Diagnostic::warning(SPECIAL_BLANK, span, title).help("remove it").replace(span, "")
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
