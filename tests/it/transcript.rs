//! Transcripts: files that show commands with their whole output.
//!
//! ```text
//! # A comment.
//! copy archive          the workspace: a copy of `workspaces/archive`
//! shared archive        the same without a copy of its own, for cases that only read
//! env COLUMNS=40        a variable for the commands below
//! file notes.txt        a new file; its content follows, indented by two blanks
//!   Remember the milk.
//! $$ casebook ingest     a command that succeeds, without its output
//! $ casebook diagnose - 'a word'
//! < standard input
//!   standard output; JSON is printed with one value on each line
//! ! standard error
//! ? 2
//! ```
//!
//! The last line is the exit code, if it is not 0. `$ cat`, `$ rm`, `$ mv` and `$ model` (a tiny sentence encoder) change files
//! between commands. Output that differs from run to run is replaced by a name in brackets.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use jiff::Timestamp;
use regex::{Captures, Regex};
use serde_json::Value;

use crate::support::{Workspace, files};

/// The workspaces that cases only read. Each is created and ingested once.
#[derive(Default)]
pub(crate) struct Shared(Mutex<HashMap<String, Arc<Workspace>>>);

impl Shared {
    fn get(&self, name: &str) -> Arc<Workspace> {
        let mut all = self.0.lock().expect("no case panics while it holds the lock");
        let workspace = all.entry(name.to_owned()).or_insert_with(|| {
            let workspace = Workspace::copy_of(name);
            workspace.stdout(&["search", "x"]);
            Arc::new(workspace)
        });
        Arc::clone(workspace)
    }

    /// Fails if a case changed a workspace that it shares with others.
    pub(crate) fn assert_unchanged(&self) {
        for (name, workspace) in self.0.lock().expect("no case panics while it holds the lock").iter() {
            assert_eq!(
                files(workspace.dir.path()),
                files(Workspace::copy_of(name).dir.path()),
                "a case changes `shared {name}`"
            );
        }
    }
}

/// Runs the commands of the transcript `text`, and returns it with the output that they print now.
pub(crate) fn replay(text: &str, shared: &Shared) -> String {
    let mut run = Run { shared, workspace: shared.get("book"), env: Vec::new(), shown: String::new() };
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let mut block = Vec::new();
        while let Some(next) = lines.next_if(|next| is_below(line, next)) {
            block.push(next);
        }
        run.step(line, &block);
    }
    format!("{}\n", run.shown.trim_end())
}

/// Whether the line `next` belongs to the file or command that begins with `line`.
fn is_below(line: &str, next: &str) -> bool {
    ["file ", "$ ", "$$ "].iter().any(|start| line.starts_with(start))
        && (next.is_empty() || next.starts_with("  ") || next.starts_with(['<', '!', '?']))
}

/// The state of a transcript that is being run.
struct Run<'a> {
    shared: &'a Shared,
    workspace: Arc<Workspace>,
    env: Vec<(String, String)>,
    shown: String,
}

impl Run<'_> {
    fn step(&mut self, line: &str, block: &[&str]) {
        self.shown.push_str(line);
        self.shown.push('\n');
        match line.split_once(' ') {
            _ if line.is_empty() => {}
            Some(("#", _)) => {}
            Some(("copy", name)) => self.workspace = Arc::new(Workspace::copy_of(name)),
            Some(("shared", name)) => self.workspace = self.shared.get(name),
            Some(("env", pair)) => {
                let (name, value) = pair.split_once('=').expect("NAME=VALUE");
                self.env.push((name.to_owned(), value.to_owned()));
            }
            Some(("file", name)) => self.write(name, block),
            Some(("$", command)) => {
                let shown = self.command(command, block);
                self.shown.push_str(&shown);
                self.shown.push('\n');
            }
            Some(("$$", command)) => {
                let shown = self.command(command, block);
                assert!(!shown.lines().any(|line| line.starts_with('?')), "$$ {command}\n{shown}");
            }
            _ => panic!("not a line of a transcript: {line}"),
        }
    }

    fn write(&mut self, name: &str, block: &[&str]) {
        let end = block.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        let content: String = block[..end].iter().map(|line| format!("{}\n", line.get(2..).unwrap_or(""))).collect();
        self.workspace.write(name, &content);
        block[..end].iter().for_each(|line| self.shown.push_str(&format!("{line}\n")));
        self.shown.push('\n');
    }

    fn command(&mut self, command: &str, block: &[&str]) -> String {
        let input: Vec<&str> = block.iter().copied().filter(|line| line.starts_with('<')).collect();
        input.iter().for_each(|line| self.shown.push_str(&format!("{line}\n")));
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let path = |name: &str| self.workspace.path(name);
        match words.as_slice() {
            ["casebook", args @ ..] => self.casebook(args, &input),
            ["cat", file] => {
                let text = fs::read_to_string(path(file)).expect("a file");
                prefixed("  ", &stable(&text, self.workspace.dir.path()))
            }
            ["rm", file] => fs::remove_file(path(file)).map(|()| String::new()).expect("a file"),
            ["mv", from, to] => fs::rename(path(from), path(to)).map(|()| String::new()).expect("a file"),
            #[cfg(feature = "semantic")]
            ["model", dir] => {
                crate::tiny_model::write(&path(dir));
                String::new()
            }
            _ => panic!("not a command of a transcript: {command}"),
        }
    }

    /// Runs the binary. Returns its output, each line with the prefix of its stream.
    fn casebook(&self, args: &[&str], input: &[&str]) -> String {
        let input: String = input.iter().map(|line| format!("{}\n", line.get(2..).unwrap_or(""))).collect();
        let mut command = self.workspace.casebook(args);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        let output = command.write_stdin(input).output().expect("the binary runs");
        let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
        let code = output.status.code().expect("an exit, not a signal");
        let code = if code == 0 { String::new() } else { format!("? {code}\n") };
        let stable = |text: &str| stable(text, self.workspace.dir.path());
        prefixed("  ", &stable(&with_json_in_lines(&out))) + &prefixed("! ", &stable(&err)) + &code
    }
}

fn prefixed(prefix: &str, text: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { format!("{}\n", prefix.trim()) } else { format!("{prefix}{line}\n") })
        .collect()
}

/// Splits a command into words as a shell does, with quotes but without escapes.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c == ' ' => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!(quote, None, "an open quote: {command}");
    words.extend(word);
    words
}

/// Spreads each line of `text` that is a JSON object over several lines, and rounds its fractions to six digits.
fn with_json_in_lines(text: &str) -> String {
    let line = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(mut value @ Value::Object(_)) => {
            value.sort_all_objects();
            round(&mut value);
            format!("{value:#}\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// Rounds fractions to six digits, because further digits depend on the platform.
fn round(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(round),
        Value::Object(fields) => fields.values_mut().for_each(round),
        Value::Number(number) if number.is_f64() => {
            let rounded: f64 = format!("{:.5e}", number.as_f64().expect("a float")).parse().expect("a number");
            *value = rounded.into();
        }
        Value::Number(_) | Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Replaces what differs from run to run in `text` by names in brackets: the folder, how long something took, the
/// current time, the version. Also makes escape characters visible, and replaces the style of a page, which would only
/// make the transcript long.
fn stable(text: &str, dir: &Path) -> String {
    static VARIES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let pairs = [
            (r#"("(?:took_ms|p50|p95|p99)": )[0-9.e-]+"#, "$1[TIME]"),
            (r"\b[0-9.]+ (µs|ms|s)\b", "[TIME] $1"),
            (r"\([0-9.]+/s\)", "([RATE]/s)"),
            (r"(?s)<style>.*?</style>", "<style>[STYLE]</style>"),
            ("\u{1b}", "␛"),
            (r#""casebook": "[^"]+""#, r#""casebook": "[VERSION]""#),
            (concat!(r"\bcasebook ", env!("CARGO_PKG_VERSION")), "casebook [VERSION]"),
        ];
        pairs.map(|(pattern, name)| (Regex::new(pattern).expect("a pattern"), name)).to_vec()
    });
    let canonical = dir.canonicalize().expect("the workspace");
    let text =
        [&*canonical, dir].iter().fold(text.to_owned(), |text, dir| text.replace(&*dir.to_string_lossy(), "[DIR]"));
    VARIES.iter().fold(without_now(&text), |text, (pattern, name)| pattern.replace_all(&text, *name).into_owned())
}

/// Replaces times close to the current time by `NOW`; the times in logs stay.
fn without_now(text: &str) -> String {
    let instant = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").expect("a pattern");
    let now = Timestamp::now().as_second();
    let shown = instant.replace_all(text, |found: &Captures| {
        let at: Timestamp = found[0].parse().expect("an instant");
        if (now - at.as_second()).abs() < 3600 { "NOW".to_owned() } else { found[0].to_owned() }
    });
    shown.into_owned()
}
