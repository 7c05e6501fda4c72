//! Resolves the commands of rules, in which captures are quoted for the shell.

use crate::diagnostic::Diagnostic;
use crate::pattern::HoleKind;
use crate::rule::ast::{Command, Quoted};
use crate::rule::error;
use crate::rule::program::Shell;
use crate::rule::program::{CommandPiece, Quoting, ShellCommand};
use crate::source::Span;

use super::shell::{Place, Takes, Token, places};
use super::template::{Captures, capture_name, check_known, field_name};

/// A part of a command: a character of the shell's, or a capture and where its name is written.
enum Part<'a> {
    Char(char),
    Capture(&'a str, Span),
}

/// Warns of a command of PowerShell after a plain `run`.
fn powershell(written: &Command) -> Option<Diagnostic> {
    const VERBS: &[&str] = &[
        "Get", "Set", "New", "Remove", "Restart", "Start", "Stop", "Test", "Invoke", "Add", "Clear", "Enable",
        "Disable", "Export", "Import", "Resume", "Select", "Where", "Out", "Write", "Unlock", "Move", "Copy",
    ];
    // `powershell -Command '…'` is a command of the shell.
    let is_called = written.text.node.contains("powershell") || written.text.node.contains("pwsh");
    if written.shell != Shell::Posix || is_called {
        return None;
    }
    let text = &written.text.node;
    let word = text.split([' ', '|', ';', '(', '\t']).find(|word| {
        let (verb, noun) = word.split_once('-').unwrap_or_default();
        VERBS.contains(&verb)
            && noun.len() > 2
            && noun.starts_with(|c: char| c.is_ascii_uppercase())
            && noun.chars().all(|c| c.is_ascii_alphabetic())
    })?;
    let start = written.text.span.start + text.find(word)?;
    Some(error::powershell(Span::new(start, start + word.len()), word))
}

/// Resolves a command. A brace that does not begin a capture belongs to the shell: `{}`, `${HOME}`, `{print $1}`.
pub(super) fn command(written: &Command, captures: &Captures, diagnostics: &mut Vec<Diagnostic>) -> ShellCommand {
    diagnostics.extend(powershell(written));
    let parts = parts(&written.text, captures);
    let tokens: Vec<Token> = parts.iter().map(Part::token).collect();
    let mut places = places(written.shell, &tokens).into_iter();
    let mut pieces = Vec::new();
    let mut parts = parts.into_iter();
    while let Some(part) = parts.next() {
        let Part::Capture(name, span) = part else {
            push(&mut pieces, &part);
            continue;
        };
        let place = places.next().expect("every capture has a place");
        if !check_known(name, span, captures, diagnostics) {
            continue;
        }
        let kind = captures.kind(name).unwrap_or(HoleKind::Int);
        if let Some(found) = mistake(name, span, kind, place) {
            diagnostics.push(found);
            continue;
        }
        if place.may_be_option && !kind.is_typed() {
            diagnostics.push(error::may_be_option(span, name));
        }
        let quoting = if place.takes == Takes::Text { Quoting::Word } else { Quoting::Plain };
        if place.own_quotes && quoting == Quoting::Word {
            drop_last_char(&mut pieces);
            parts.next();
        }
        pieces.push(CommandPiece::Value { name: name.to_owned(), quoting, may_be_option: place.may_be_option });
    }
    ShellCommand { shell: written.shell, pieces }
}

impl Part<'_> {
    fn token(&self) -> Token {
        match self {
            Part::Char(c) => Token::Char(*c),
            Part::Capture(..) => Token::Capture,
        }
    }
}

/// Splits a command. `{.name}` is a field only if the texts of the symptom show it: it belongs to the shell elsewhere, as in
/// `-o jsonpath='{.status}'`.
fn parts<'a>(written: &'a Quoted, captures: &Captures) -> Vec<Part<'a>> {
    let raw = written.node.as_str();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        let field = || field_name(&raw[at..]).filter(|name| captures.kind(name).is_some());
        match capture_name(&raw[at..]).or_else(field).filter(|_| !raw[..at].ends_with('$')) {
            Some(name) => {
                let end = at + name.len() + 2;
                parts.push(Part::Capture(name, Span::new(at + 1, end - 1).shifted(written.span.start)));
                at = end;
            }
            None => {
                parts.push(Part::Char(c));
                at += c.len_utf8() + usize::from(raw[at..].starts_with("{{"));
            }
        }
    }
    parts
}

fn mistake(name: &str, span: Span, kind: HoleKind, place: Place) -> Option<Diagnostic> {
    if !place.takes.all_of(kind) {
        return Some(match place.takes {
            Takes::Nothing | Takes::Integers | Takes::Numbers => error::unproven_run(span, name, place.why),
            Takes::Plain | Takes::Text => error::unsafe_run(span, name, place.why),
        });
    }
    (!place.own_quotes && place.takes == Takes::Text && !kind.is_typed()).then(|| error::unsafe_run(span, name, ""))
}

fn push(pieces: &mut Vec<CommandPiece>, part: &Part<'_>) {
    let Part::Char(c) = part else { return };
    match pieces.last_mut() {
        Some(CommandPiece::Text(last)) => last.push(*c),
        Some(CommandPiece::Value { .. }) | None => pieces.push(CommandPiece::Text(c.to_string())),
    }
}

/// Removes the last character, the quote that was opened only for a capture.
fn drop_last_char(pieces: &mut Vec<CommandPiece>) {
    if let Some(CommandPiece::Text(last)) = pieces.last_mut() {
        last.pop();
        if last.is_empty() {
            pieces.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::program::Shell;

    fn read(shell: Shell, raw: &str) -> Result<String, Vec<String>> {
        let mut captures = Captures::default();
        captures.add("host", HoleKind::Host, false);
        captures.add("dev", HoleKind::Path, false);
        captures.add("user", HoleKind::Word, false);
        captures.add("n", HoleKind::Int, false);
        captures.add(".user.name", HoleKind::Word, false);
        let mut diagnostics = Vec::new();
        let text = Quoted { node: raw.to_string(), span: Span::new(0, raw.len()) };
        let command = command(&Command { shell, text }, &captures, &mut diagnostics);
        diagnostics.retain(|found| found.severity == crate::diagnostic::Severity::Error);
        if !diagnostics.is_empty() {
            return Err(diagnostics.iter().map(|found| format!("{} {:?}", found.code, found.span())).collect());
        }
        let shown = command.pieces.into_iter().map(|piece| match piece {
            CommandPiece::Text(text) => text,
            CommandPiece::Value { name, quoting: Quoting::Plain, .. } => format!("<{name}>"),
            CommandPiece::Value { name, quoting: Quoting::Word, may_be_option } => {
                format!("<{}'{name}'>", if may_be_option { "-" } else { "" })
            }
        });
        Ok(shown.collect())
    }

    #[track_caller]
    fn accepted(raw: &str, expected: &str) {
        assert_eq!(read(Shell::Posix, raw).as_deref(), Ok(expected), "{raw}");
    }

    #[test]
    fn commands_quote_what_they_fill_in() {
        accepted("dig {host} '{user}' \"{user}\"", "dig <-'host'> <-'user'> <-'user'>");
        accepted("id -- '{.user.name}' {.other.name}", "id -- <'.user.name'> {.other.name}");
        accepted("ssh {host} \"df {host}\"", "ssh <host> \"df <host>\"");
        accepted("awk '{print $1}' ${HOME} {} {{host}", "awk '{print $1}' ${HOME} {} {host}");
        accepted("umount /dev/'{dev}' && fsck /dev/'{dev}'", "umount /dev/<'dev'> && fsck /dev/<'dev'>");
        accepted("ss -ltn 'sport = :{n}'", "ss -ltn 'sport = :<n>'");
        accepted(
            "if sudo -u '{user}' ls x; then id -- '{user}'; fi",
            "if sudo -u <-'user'> ls x; then id -- <'user'>; fi",
        );
        accepted("(cd /tmp && ls -- '{dev}') 2>/dev/null", "(cd /tmp && ls -- <'dev'>) 2>/dev/null");
        accepted("echo $((60 * {n})) $(grep -Fe '{user}' x)", "echo $((60 * <n>)) $(grep -Fe <-'user'> x)");
        accepted("grep -F -e '{user}' x # $' {n}", "grep -F -e <'user'> x # $' <n>");
        accepted("grep '{user}' x | awk '{print $1}'", "grep <-'user'> x | awk '{print $1}'");
    }

    /// In each of them, a shell would execute some value of a capture, or change it.
    #[test]
    fn text_that_a_shell_would_read_is_refused() {
        let refused = [
            "id {user}",
            "echo \"x {user}\"",
            "echo 'x {dev}'",
            "echo \\'{user}'",
            "printf '%s' $'{user}'",
            "echo $\"{user}\"",
            "echo $(( '{user}' ))",
            "echo $(({host}))",
            "echo ${x:-'{user}'}",
            "echo \"${x:-{user}}\"",
            "'{user}' -v",
            "sudo '{user}'",
            "env A=1 '{user}'",
            "sh -c '{user}'",
            "sh -c \"id {dev}\"",
            "eval echo '{user}'",
            "x='{user}'",
            "x=$(echo '{user}'); $x",
            "$(echo '{user}') -v",
            "$CMD '{user}'",
            "echo '{user}' | sh",
            "echo '{user}' | xargs ls",
            "ssh h '{user}'",
            "awk '{user}' x",
            "find '{dev}' -exec sh -c 'x {}' \\;",
            "kubectl exec p -- sh -c '{user}'",
            "xterm -e bash -lc '{user}'",
            "cat <<'{user}'",
            "cat > '{dev}'",
            "cat <<< '{user}'",
            "[[ '{user}' -eq 1 ]]",
            "[ -v '{user}' ]",
            "for x in '{user}'; do $x; done",
            "case '{user}' in x) ;; esac",
            "(( '{user}' ))",
            "ls # '{user}'",
            "echo ~'{user}'",
            "echo !'{user}'",
            "echo $x'{user}'",
            "echo \"$(id '{user}')\"",
            "printf '{user}'",
            "printf -v '{user}' x",
            "ls &> x '{user}'",
            "2>&1 '{user}'",
            "ls; '{user}'",
            "ls | '{user}'",
            "if '{user}'; then x; fi",
            "echo '{user}",
            "echo \"'{user}'",
            "ls <('{user}')",
            "echo @('{user}')",
            "f() { '{user}'; }",
            "let '{user}'",
            "echo $'a\\'b' '{user}'",
            "echo $['{user}']",
            "echo \\{dev}",
            "ls {dev}>x",
            "env -S '{user}'",
            "echo $'\\'{user}'",
            "echo $'\\' '{user}",
        ];
        for raw in refused {
            let codes = read(Shell::Posix, raw).expect_err(raw);
            assert!(codes.iter().all(|code| code.starts_with("R052") || code.starts_with("R053")), "{raw}: {codes:?}");
        }
    }

    #[test]
    fn commands_of_powershell_have_rules_of_their_own() {
        let accepted =
            |raw: &str, expected: &str| assert_eq!(read(Shell::PowerShell, raw).as_deref(), Ok(expected), "{raw}");
        accepted("Get-Item '{dev}' | Select-Object -First {n}", "Get-Item <-'dev'> | Select-Object -First <-'n'>");
        accepted(
            "Get-Service | Where-Object { $_.Name -eq \"{user}\" }",
            "Get-Service | Where-Object { $_.Name -eq <-'user'> }",
        );
        accepted("Test-Path \"C:\\Belts\\{host}\"", "Test-Path \"C:\\Belts\\<host>\"");
        for raw in [
            "id {user}",
            "Write-Host \"x {user}\"",
            "iex '{user}'",
            "& '{user}'",
            ". '{user}'",
            "cmd /c '{user}'",
            "x --% '{user}'",
            "[scriptblock]::Create('{user}')",
            "$x.Invoke('{user}')",
            "echo $('{user}')",
            "echo @'{user}'",
            "echo x'{user}'",
            "Get-Item '{user}' # x",
            "echo ’'{user}'",
            "echo '{user}",
            "powershell -Command '{user}'",
        ] {
            assert!(read(Shell::PowerShell, raw).is_err(), "{raw}");
        }
    }
}
