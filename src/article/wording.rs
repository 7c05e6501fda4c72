//! Turns a message into a pattern with holes for the parts that change each time the message is printed.
//!
//! These parts are quoted names, numbers other than codes, paths, documents, addresses, times, and placeholders of the
//! article itself (`<server name>`, `%1`, `xxxx`). Each becomes a hole of the pattern language that matches only values
//! of its kind. The rest of the message is literal.

use std::ops::Range;

use super::variable::{Variable, variables_in};
use crate::identifier::{self, IdentifierKind};
use crate::pattern::{HoleKind, Pattern, escape};
use crate::source::Span;

#[derive(Debug)]
struct HolePlace {
    /// The byte range of the message that the hole replaces.
    range: Range<usize>,
    variable: Variable,
}

/// Returns the pattern of a canonical message. It always matches the message itself.
///
/// Where a hole ends depends only on the hole and the literal text after it, so a pattern with holes may fail to match
/// its own message. In this case the pattern is the literal message.
pub(super) fn pattern(message: &str) -> String {
    // The pattern leaves out the full stop, because in a log it may be missing.
    let message = message.trim_end_matches('.');
    let places = places(message);
    let with_holes = write(message, &places);
    let fits = Pattern::text(&with_holes, false).is_ok_and(|pattern| pattern.find(message.as_bytes()).is_some());
    if fits { with_holes } else { escape(message) }
}

/// Returns the byte ranges of a canonical message that are holes in its pattern, each with the name of the hole.
pub(super) fn variable_parts(message: &str) -> Vec<(Range<usize>, String)> {
    let places = places(message.trim_end_matches('.'));
    places.into_iter().map(|place| (place.range, place.variable.name)).collect()
}

fn write(message: &str, places: &[HolePlace]) -> String {
    let mut out = String::with_capacity(message.len() + 16 * places.len());
    let mut names: Vec<String> = Vec::new();
    let mut literal = 0;
    for place in places {
        out.push_str(&escape(&message[literal..place.range.start]));
        let n_before = names.iter().filter(|name| **name == place.variable.name).count();
        names.push(place.variable.name.clone());
        let number = if n_before == 0 { String::new() } else { format!("_{}", n_before + 1) };
        let kind = suffix(kind(message, place));
        out.push_str(&format!("{{{}{number}{kind}}}", place.variable.name));
        literal = place.range.end;
    }
    out.push_str(&escape(&message[literal..]));
    out
}

/// Returns the kind of hole that matches all text at a place: the kind of the variable if it does, otherwise a word,
/// otherwise the rest of the message or a stretch of text.
fn kind(message: &str, place: &HolePlace) -> HoleKind {
    let taken = &message[place.range.clone()];
    let next = message[place.range.end..].chars().next();
    match place.variable.kind {
        HoleKind::Quoted => HoleKind::Quoted,
        kind if kind != HoleKind::Word && kind.takes(taken.as_bytes()) => kind,
        _ if !taken.contains(' ') && !next.is_some_and(|next| taken.contains(next)) => HoleKind::Word,
        _ if next.is_none() => HoleKind::Rest,
        _ => HoleKind::Stretch,
    }
}

fn suffix(kind: HoleKind) -> String {
    match kind.name() {
        Some(name) => format!(":{name}"),
        None => String::new(),
    }
}

/// Returns the parts of a message that vary, in order. Adjacent parts are joined.
fn places(message: &str) -> Vec<HolePlace> {
    let codes = codes(message);
    let is_code = |range: &Range<usize>| codes.iter().any(|code| code.start < range.end && range.start < code.end);
    let mut places: Vec<HolePlace> = Vec::new();
    let mut before = "";
    let mut at = 0;
    while at < message.len() {
        let end = at + token_len(&message[at..]);
        let is_last = end == message.len();
        for (range, variable) in variables_in(&message[at..end], before, is_last) {
            let range = at + range.start..at + range.end;
            match places.last_mut() {
                _ if is_code(&range) => {}
                Some(last) if last.range.end == range.start => last.range.end = range.end,
                _ => places.push(HolePlace { range, variable }),
            }
        }
        before = &message[at..end];
        at = end + message[end..].len() - message[end..].trim_start_matches(' ').len();
    }
    places
}

/// Finds the codes that identify the message. They never vary.
fn codes(message: &str) -> Vec<Span> {
    let found = identifier::find(message).into_iter().chain(identifier::reply_at(message, 0));
    let is_code = |kind| {
        matches!(kind, IdentifierKind::Code | IdentifierKind::Stop | IdentifierKind::Event | IdentifierKind::Reply)
    };
    found.filter(|found| is_code(found.kind)).map(|found| found.span).collect()
}

/// Returns the length in bytes of the first word of `text`. A quoted or bracketed name is one word, and so is a path
/// with blanks.
fn token_len(text: &str) -> usize {
    let mut end = 0;
    while let Some(c) = text[end..].chars().next() {
        let rest = &text[end..];
        end += match c {
            ' ' if continues_path(&text[..end], &rest[1..]) => 1,
            ' ' => break,
            '"' | '\'' if end == 0 || text[..end].ends_with('(') => super::variable::quoted_len(rest).unwrap_or(1),
            '<' | '[' | '{' => super::variable::placeholder_len(rest).unwrap_or(1),
            c => c.len_utf8(),
        };
    }
    end
}

/// Whether the path `before` continues after a blank with `after`: the next word contains a backslash, and `before`
/// does not end in punctuation.
fn continues_path(before: &str, after: &str) -> bool {
    let is_path = before.contains(":\\") || before.starts_with("\\\\");
    let next = after.split(' ').next().unwrap_or_default();
    let is_inner = next.find('\\').is_some_and(|at| at > 0 && !next[..at].ends_with(':'));
    is_path && is_inner && !before.ends_with([',', ';', '.', ':', ')', '"', '\''])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(message: &str, expect: &str) {
        assert_eq!(pattern(message), expect);
    }

    #[test]
    fn a_message_without_names_stays_as_it_is() {
        for message in
            ["Access is denied", "E-mail and/or TCP/IP (RPC) isn't there!", "Run-time error '429'", "421 Busy"]
        {
            check(message, message);
        }
        check("a \"b\\c\" {d} e", "a {name:quoted} {{d} e");
        check("The end.", "The end");
    }

    #[test]
    fn numbers_are_holes_unless_they_are_the_code() {
        check("Error 1720: 5 of 12 parts failed", "Error 1720: {number:int} of {number_2:int} parts failed");
        check("5 parts of Windows 95 and Service Pack 3", "5 parts of Windows 95 and Service Pack 3");
        check("Could not connect (10061)", "Could not connect (10061)");
        check("Used 93% of 1,024 KB in 2.5 seconds", "Used {number:int}% of {number_2} KB in {number_3:num} seconds");
        check("HTTP/1.0 500 Server Error in 2 parts", "HTTP/1.0 500 Server Error in {number:int} parts");
        check("Driver 2.00.2317 of 03.12.1998", "Driver {version} of {date}");
        check("Disk2 at line 12.", "Disk2 at line {number:int}");
    }

    #[test]
    fn addresses_are_holes_and_codes_are_not() {
        check(
            "The instruction at \"0x77f5cd\" referenced memory at 0x00000014",
            "The instruction at {name:quoted} referenced memory at {address:hex}",
        );
        check("fails with 0x80040e14 or c0000005 (error 0x5)", "fails with 0x80040e14 or c0000005 (error 0x5)");
        check("*** STOP: 0x0000000A (0x00000004, 0x00000002)", "*** STOP: 0x0000000A ({address:hex}, {address_2:hex})");
        check("APP caused a fault in module X.DLL at 0028:C0011E36", "APP caused a fault in module X.DLL at {address}");
    }

    #[test]
    fn names_given_as_placeholders_are_holes_with_that_name() {
        check("Cannot find <File name> on \\\\<server>\\<share>.", "Cannot find {file_name:..} on {path}");
        check("User <user name>", "User {user_name:rest}");
        check("Mail for <alias>@<domain> waits", "Mail for {alias}@{domain} waits");
        check(
            "Invalid [path] from [Microsoft][ODBC Driver] at %1 to %2!s! and {0}",
            "Invalid {path} from [Microsoft][ODBC Driver] at {value} to {value_2} and {value_3}",
        );
        check(
            "Server SERVERNAME or MyServer at xxx.xxx.xxx.xxx is nnnn",
            "Server {servername} or {name} at {value} is {value_2}",
        );
        check("The filename is too long, <count>", "The filename is too long, {value}");
    }

    #[test]
    fn paths_documents_and_hosts_are_holes() {
        check("Can't open C:\\Program Files\\App\\x.dll, or Book1.xls", "Can't open {path:..}, or {file}");
        check(
            "Missing file C:\\Windows\\System\\ega.3gr. Kernel32.dll is here",
            "Missing file {path:path}. Kernel32.dll is here",
        );
        check(
            "Ask bob@corp.example at mail.corp.example (192.0.2.7)",
            "Ask {address:email} at {host:host} ({address_2:ip})",
        );
        check("See http://corp.example/a for {00020420-0000-0000-C000-000000000046}", "See {url:url} for {{{id:uuid}}");
        check("Started 12/03/98 10:15:22 on drive C: ok", "Started {date} {time:time} on drive {drive}: ok");
    }

    proptest! {
        #[test]
        fn every_pattern_compiles_and_matches_its_message(
            words in prop::collection::vec(
                prop_oneof![
                    "[a-zA-Z]{1,8}",
                    "[ -~]{1,12}",
                    "\\PC{1,6}",
                    "(<[a-z ]{1,9}>|\\[[a-z]{1,5}\\]|%[1-9]|0x[0-9A-F]{1,9}|[0-9]{1,12}|'[a-z ]{1,8}'|\"[A-Z]{1,5}\")[.,:;)%]{0,2}",
                    "(C:|\\\\\\\\srv|<share>)\\\\[a-z]{1,5}( [a-z]{1,4}\\\\[a-z]{1,4})?",
                    "[a-z]{1,5}(@|\\.)[a-z]{1,5}\\.(com|txt|xls|dll)",
                    "[0-9]{1,4}[:/.-][0-9]{1,2}[:/.-][0-9]{1,4}",
                ],
                1..20,
            ),
        ) {
            let message = crate::article::lines::with_single_blanks(&words.join(" "));
            prop_assume!(!message.trim_end_matches('.').trim().is_empty());
            let source = pattern(&message);
            let compiled = Pattern::text(&source, false).expect("a pattern made from a message is one");
            prop_assert!(compiled.find(message.as_bytes()).is_some(), "{source}");
        }
    }
}
