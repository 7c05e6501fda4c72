//! Diagnostics about titles, questions, steps and commands, and the captures in them.

use super::{did_you_mean, helped, list};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

codes! { "Texts and commands";
    /// unknown capture
    ///
    /// The text, command or condition uses a capture that does not exist. A symptom can use its own captures and those of the
    /// symptom that it is `for`; a cause those of the symptoms it shows; a resolution those of its causes. All can use `{count}`.
    /// In a condition, write text in quotes, and a field of the record with a dot.
    ///
    ///     where user == root        # where user == "root"
    UNKNOWN_CAPTURE = "R050";

    /// brace without a capture
    ///
    /// `{` begins a capture. Write `{{` for a brace.
    BAD_TEMPLATE = "R051";

    /// unsafe command
    ///
    /// A hole without a type takes any text, which an attacker may have put into the log. The shell would execute it if it were
    /// not quoted. Put the capture in its own quotes as an argument (they become the right ones for its value), or give the hole
    /// a type. Next to other text in quotes, and in the arguments of programs that evaluate them (`sh`, `awk`, `ssh`, `find -exec`),
    /// only numbers, addresses and names of hosts can be used.
    ///
    ///     run `id {user}`           # run `id '{user}'`, or match "… {user:host} …"
    ///     run `sh -c 'id {user}'`   # run `id '{user}'`
    UNSAFE_RUN = "R052";

    /// command that cannot be checked
    ///
    /// A capture cannot be the name of a command, a variable, the end of a variable's name, or part of `${…}`. In arithmetic it must
    /// be a whole number. After a construct that casebook does not read (here-documents, `case`, `[[`), it must be a number or
    /// an address. Use the capture as an argument of a command.
    ///
    ///     run `u='{user}'; id $u`   # run `id '{user}'`
    UNPROVEN_RUN = "R053";
}

pub(in crate::rule) fn unknown_capture(span: Span, name: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(UNKNOWN_CAPTURE, span, format!("there is no capture called `{name}`"));
    if name == "_" {
        return diagnostic.help("`_` takes a text without keeping it: give the hole a name, such as `{user}`");
    }
    helped(diagnostic, name, did_you_mean(name, known.iter().copied()), || match known {
        [] => "there are no captures here; write `{{` for a brace".to_string(),
        known => format!("the captures here are {}", list(known)),
    })
}

/// The name that a diagnostic about an unknown capture is about, if there are no captures that it may mean.
pub(in crate::rule) fn unknown_capture_name(wrong: &Diagnostic) -> Option<&str> {
    let is_unknown = wrong.code == UNKNOWN_CAPTURE && wrong.fix.is_empty();
    wrong.title.split('`').nth(1).filter(|name| is_unknown && *name != "_")
}

/// Says that the symptom `owner` has the capture.
pub(in crate::rule) fn capture_of_other(wrong: Diagnostic, owner: &str) -> Diagnostic {
    wrong.help(format!("`{owner}` has it: write `for {owner}` to use its captures"))
}

/// Reports a brace that begins no capture. `text` is what follows from it on, and `known` are the captures.
pub(in crate::rule) fn bad_template(span: Span, text: &str, known: &[&str]) -> Diagnostic {
    let wrong = Diagnostic::error(BAD_TEMPLATE, span, "this brace does not begin a capture");
    let inner = text.strip_prefix('{').and_then(|text| text.split_once('}')).map_or("", |(inner, _)| inner);
    let whole = Span::new(span.start, span.start + inner.len() + 2);
    let is_number = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
    let name = inner.trim().split(':').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    let meant = [name, last].into_iter().find(|name| known.contains(name));
    match (is_number, meant) {
        (true, _) => wrong.help("captures have names: `(?P<user>…)` in the regex, and `{user}` here"),
        (_, Some(meant)) if last != name => {
            let help = format!("the captures of all patterns have one name: write `{{{meant}}}`");
            wrong.help(help).replace(whole, format!("{{{meant}}}"))
        }
        (_, Some(meant)) => {
            let help = format!("the kind belongs to the pattern: write `{{{meant}}}` here");
            wrong.help(help).replace(whole, format!("{{{meant}}}"))
        }
        (_, None) => wrong.help("write `{name}`, or `{{` for a brace"),
    }
}

/// `why` says where the value would be; empty if it lacks quotes of its own.
pub(in crate::rule) fn unsafe_run(span: Span, name: &str, why: &str) -> Diagnostic {
    let quotes = format!("put it in its own quotes, `'{{{name}}}'`, or give its hole a type such as `{{{name}:host}}`");
    let typed =
        format!("make it an argument of its own, `'{{{name}}}'`, or give its hole a type such as `{{{name}:host}}`");
    let title = format!("`{name}` can be any text, which the shell would execute");
    match why {
        "" => Diagnostic::error(UNSAFE_RUN, span, title).help(quotes),
        why => Diagnostic::error(UNSAFE_RUN, span, format!("{title}: it would be {why}")).help(typed),
    }
}

/// `why` says where the value would be.
pub(in crate::rule) fn unproven_run(span: Span, name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(UNPROVEN_RUN, span, format!("`{name}` cannot be filled in here: it would be {why}"))
        .help(format!("use it as an argument of a simple command, in its own quotes: `'{{{name}}}'`"))
}
