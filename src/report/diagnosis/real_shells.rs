//! Tests filled commands with real shells: whatever a log contains, nothing of it is executed, and it arrives byte for
//! byte.
//!
//! Every context that the lexer accepts is tried with generated values. `CASEBOOK_SHELL_VALUES` is their number.

use std::path::Path;
use std::process::{Command, Stdio};

use super::fill::fill;
use crate::matching::Captures;
use crate::rule::{RuleText, ShellCommand, load};
use crate::value::Value;

/// Commands with a value. The function `show` prints its arguments.
const CONTEXTS: [&str; 26] = [
    "show -- '{u}'",
    "show -- \"{u}\"",
    "show a/'{u}'/b",
    "show --a='{u}'",
    "show -- '{u}''{u}'\"{u}\"",
    "(cd . && show -- '{u}')",
    "if show -- '{u}'; then :; else show -- '{u}'; fi",
    "{{ show -- '{u}'; }",
    "! show -- '{u}'",
    "while show -- '{u}'; do break; done",
    "show -- '{u}' && show -- x '{u}'; show -- '{u}' | cat",
    "show -- a\\ b '{u}' \"c $HOME\" 'd'",
    "show -- $'x y' '{u}'",
    "show -- $\"x\" '{u}'",
    "show -- $(printf '%s' y)'{u}'",
    "show -- \"it's\" '{u}' \"it's\"",
    "show -- \\''{u}'\\'",
    "show -- \\\"'{u}'\\\"",
    "show -- \"a\\\"b\" '{u}'",
    "show -- ${{HOME}x '{u}' $$'{u}' $?'{u}'",
    "show -- $(( (1 + 2) * 3 )) '{u}'",
    "show -- {{a,'{u}'}",
    "show -- *'{u}' [a]'{u}'",
    "show -- '{u}' 2>/dev/null # it's",
    "A=1 show -- '{u}' x#'{u}'",
    "show -- \"$(printf %s \"x y\")\" '{u}' \"\"'{u}'''",
];

/// Pieces of which values are made. Most of them mean something to some shell.
const PIECES: [&str; 44] = [
    "'",
    "\"",
    "\\",
    "$",
    "(",
    ")",
    ";",
    "&",
    "|",
    "<",
    ">",
    "*",
    "?",
    "~",
    "#",
    "!",
    "{",
    "}",
    "[",
    "]",
    "=",
    "%",
    " ",
    "-",
    "^",
    ",",
    ":",
    "/",
    "a",
    "7",
    "é",
    "‘",
    "touch PWNED",
    "$(touch PWNED)",
    "`touch PWNED`",
    "; touch PWNED; ",
    "\\'; touch PWNED; #",
    "$'",
    "$((",
    "))",
    "${",
    "<<E",
    "a[$(touch PWNED)]",
    "{a,b}",
];

/// A value that no shell acts on, to learn what a command prints.
const HARMLESS: &str = "Qq7z";

/// A generator of numbers that needs no state but the last one (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn value(&mut self) -> String {
        let n = 1 + self.below(6);
        (0..n).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

fn commands() -> Vec<ShellCommand> {
    let symptoms: String = CONTEXTS
        .iter()
        .enumerate()
        .map(|(n, run)| format!("symptom s{n} \"S\" {{ for a probe \"p\" run `{run}` match \"gr{{_}}\" }}\n"))
        .collect();
    let text = format!("symptom a \"A\" {{ match \"user={{u:..}} end\" }}\n{symptoms}");
    let files = [RuleText { path: "a.rules".to_owned(), text }];
    let (program, diagnostics) = load(&files, None);
    let errors: Vec<_> =
        diagnostics.iter().filter(|found| found.1.severity == crate::diagnostic::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let probes = program.symptoms.into_iter().filter_map(|symptom| symptom.probe?.run);
    probes.collect()
}

fn filled(command: &ShellCommand, value: &str) -> Result<String, String> {
    fill(command, &Captures::from([("u".to_owned(), Value::Text(value.as_bytes().to_vec().into()))]))
}

/// Runs the commands in one process of `shell`, and returns what each printed: its arguments, each with a NUL after it.
fn printed(shell: &str, folder: &Path, commands: &[String]) -> Vec<Vec<u8>> {
    let mut script = "show() { printf '%s\\000' \"$@\"; }\n".to_owned();
    for command in commands {
        script.push_str(&format!("{command}\nprintf '\\001'\n"));
    }
    std::fs::write(folder.join("script"), script).expect("a writable folder");
    let output = Command::new(shell)
        .arg("script")
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", "/home")
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let mut printed: Vec<Vec<u8>> = output.stdout.split(|byte| *byte == 1).map(<[u8]>::to_vec).collect();
    printed.pop();
    printed
}

/// The output of a command with `value`, from that with the harmless value. The number of the process is a digit.
fn expected(harmless: &[u8], value: &str) -> String {
    String::from_utf8_lossy(harmless).replace(HARMLESS, value)
}

#[test]
fn values_of_a_log_execute_nothing_and_arrive_as_they_are() {
    let commands = commands();
    assert_eq!(commands.len(), CONTEXTS.len());
    let n: usize = std::env::var("CASEBOOK_SHELL_VALUES").map_or(2_000, |n| n.parse().expect("a number"));
    for shell in ["bash", "dash"] {
        if Command::new(shell).arg("-c").arg(":").status().is_err() {
            eprintln!("skipped: there is no {shell}");
            continue;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for _ in 0..n.div_ceil(1_000) {
            let values: Vec<(usize, String)> = (0..1_000).map(|at| (at % commands.len(), random.value())).collect();
            let runs: Vec<(&(usize, String), String)> =
                values.iter().filter_map(|value| Some((value, filled(&commands[value.0], &value.1).ok()?))).collect();
            assert!(runs.len() > 900, "few values are withheld: {}", runs.len());
            let mut scripts: Vec<String> = runs.iter().map(|(_, run)| run.clone()).collect();
            scripts.extend(commands.iter().map(|command| filled(command, HARMLESS).expect("it is harmless")));
            // The number of the process differs from run to run, so both are in one script.
            let printed = printed(shell, folder.path(), &scripts);
            assert_eq!(printed.len(), scripts.len());
            let harmless = &printed[runs.len()..];
            for (((context, value), run), found) in runs.iter().zip(&printed) {
                let expected = expected(&harmless[*context], value);
                assert_eq!(String::from_utf8_lossy(found), expected, "{shell}: {run}");
            }
            let left: Vec<_> =
                std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|file| file.file_name()).collect();
            assert_eq!(left, ["script"], "{shell} executed part of a value");
        }
    }
}
