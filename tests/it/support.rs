//! Creates a workspace for each test, and runs the binary in it with an empty environment.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

/// The folder with the transcripts of commands.
pub(crate) const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/cli");

/// The folder for compiled rules, which all tests share.
pub(crate) const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/cache");

/// A workspace in a temporary folder.
pub(crate) struct Workspace {
    pub(crate) dir: tempfile::TempDir,
}

impl Workspace {
    /// Creates a workspace with an empty folder `kb`, no rules and nothing bundled.
    pub(crate) fn bare() -> Self {
        Workspace::with_config("kb = ['kb']\nrules = ['rules']\n")
    }

    /// Creates a workspace with only the bundled book.
    pub(crate) fn book() -> Self {
        Workspace::with_config("")
    }

    pub(crate) fn with_config(config: &str) -> Self {
        // Always the same parent folder if possible: reports wrap lines, so their form depends on the length of the
        // path.
        let parent = if Path::new("/tmp").is_dir() { PathBuf::from("/tmp") } else { std::env::temp_dir() };
        let workspace = Workspace { dir: tempfile::tempdir_in(parent).expect("a temporary folder") };
        workspace.write("casebook.toml", config);
        std::fs::create_dir_all(workspace.path("kb")).expect("a new folder");
        std::fs::create_dir_all(workspace.path("rules")).expect("a new folder");
        workspace
    }

    /// Creates a workspace with the files of `tests/cases/cli/workspaces/<name>`.
    pub(crate) fn copy_of(name: &str) -> Self {
        let folder = Path::new(CASES).join("workspaces").join(name);
        assert!(folder.is_dir(), "there is no workspace `{name}`");
        let workspace = Workspace::book();
        for (path, content) in files(&folder) {
            workspace.write(path.to_str().expect("UTF-8"), content);
        }
        workspace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a new folder");
        std::fs::write(path, content).expect("a writable file");
    }

    /// Writes an article in the document layout.
    pub(crate) fn article(&self, id: &str, title: &str, symptoms: &str) {
        self.write(&format!("kb/{id}.txt"), document(id, title, symptoms));
    }

    pub(crate) fn casebook(&self, args: &[&str]) -> Command {
        Command::from_std(self.process(args))
    }

    /// The command as a process that a test starts, kills and redirects itself.
    pub(crate) fn process(&self, args: &[&str]) -> std::process::Command {
        self.prepared(std::process::Command::new(assert_cmd::cargo::cargo_bin("casebook")), args)
    }

    /// The command in a shell that limits its files to this number of blocks of 512 bytes, so that a write fails at some byte, as
    /// on a full disk.
    #[cfg(unix)]
    pub(crate) fn limited(&self, blocks: u64, args: &[&str]) -> std::process::Command {
        self.shell(&format!("trap '' XFSZ; ulimit -f {blocks}"), args)
    }

    /// The command in a shell that runs `before` first.
    #[cfg(unix)]
    pub(crate) fn shell(&self, before: &str, args: &[&str]) -> std::process::Command {
        let script = format!("{before}; exec \"$0\" \"$@\"");
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &script]).arg(assert_cmd::cargo::cargo_bin("casebook"));
        self.prepared(shell, args)
    }

    fn prepared(&self, mut command: std::process::Command, args: &[&str]) -> std::process::Command {
        command.env_clear().env("HOME", self.dir.path()).env("XDG_CACHE_HOME", CACHE);
        command.current_dir(self.dir.path()).args(args);
        command
    }

    /// Runs a command that must succeed, and returns its standard output.
    pub(crate) fn stdout(&self, args: &[&str]) -> String {
        let output = self.casebook(args).assert().success().get_output().stdout.clone();
        String::from_utf8(output).expect("UTF-8")
    }

    /// Runs a command that must succeed, and returns its JSON output after checking it against its schema.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let (command, rest) = args.split_first().expect("a command");
        let mut all = vec![*command, "--format", "json"];
        all.extend(rest);
        let answer: Value = serde_json::from_str(&self.stdout(&all)).expect("one JSON document");
        crate::schema::check(command, &answer);
        answer
    }
}

/// The text of an article in the document layout.
pub(crate) fn document(id: &str, title: &str, symptoms: &str) -> String {
    let rule = "=".repeat(70);
    let line = "-".repeat(79);
    format!(
        "DOCUMENT:{id}  12-NOV-2026  [test]\nTITLE   :{title}\nPRODUCT :Test Server\nPROD/VER:2.0\nOPER/SYS:\nKEYWORDS:kbtest\n\n\
         {rule}\n{line}\nThe information in this article applies to:\n\n - Test Server, version 2.0 \n{line}\n\n\
         SYMPTOMS\n========\n\n{symptoms}\n\nCAUSE\n=====\n\nA made-up one.\n\nRESOLUTION\n==========\n\n1. Do this.\n\n2. Do that.\n\n\
         {rule}\nKeywords          : kbtest \nVersion           : 2.0\nIssue type        : kbprb\n\n{line}\n"
    )
}

/// The paths and contents of the files below `dir`, sorted by path, except those of the store.
pub(crate) fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(|entry| entry.file_name() != ".casebook").map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|file| {
            let path = file.path().strip_prefix(dir).expect("an entry below the folder").to_owned();
            (path, std::fs::read(file.path()).expect("a readable file"))
        })
        .collect()
}

/// The folder `name` of the shared data beside the checkout. If it is missing, says so and returns `None`; the test is
/// then skipped.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

/// Calls `run` with the arguments in each `.args` file under `tests/cases/<topic>`, and compares the result with the
/// `.out` file beside it. `UPDATE_EXPECT=1` rewrites the `.out` files.
pub(crate) fn check_cases(topic: &str, run: impl Fn(&[&str]) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(topic);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("cases").map(|entry| entry.expect("an entry").path()).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "args"));
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        let args = read(&case);
        let printed = run(&args.lines().collect::<Vec<_>>());
        let expected = case.with_extension("out");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&expected, &printed).expect("the cases are writable");
        }
        assert_eq!(printed, read(&expected), "{}", case.display());
    }
}

/// All commands, each as the words after `casebook`. The binary itself is the first, without words.
pub(crate) fn commands() -> Vec<Vec<String>> {
    let workspace = Workspace::bare();
    let mut commands = vec![Vec::new()];
    let mut next = 0;
    while let Some(command) = commands.get(next).cloned() {
        let help: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        for name in listed(&workspace.stdout(&help)) {
            commands.push([&command[..], &[name]].concat());
        }
        next += 1;
    }
    assert!(commands.len() > 10, "{commands:?}");
    commands
}

/// The names of commands that a help page lists.
fn listed(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}
