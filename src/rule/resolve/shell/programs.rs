//! What programs do with their arguments and their standard input, as far as it matters to a value from a log.

/// Programs that run the command after their options: the word there is not an argument. With each stand its options
/// that take a value.
const WRAPPERS: [(&str, &[&str]); 14] = [
    ("builtin", &[]),
    ("busybox", &[]),
    ("command", &[]),
    ("doas", &["-u"]),
    ("env", &["-u"]),
    ("exec", &["-a"]),
    ("ionice", &["-c", "-n"]),
    ("nice", &["-n"]),
    ("nohup", &[]),
    ("setsid", &[]),
    ("stdbuf", &["-i", "-o", "-e"]),
    ("sudo", &["-u", "-g"]),
    ("time", &[]),
    ("timeout", &["-s", "-k"]),
];

const SHELLS: [&str; 13] =
    ["ash", "bash", "cmd", "csh", "dash", "fish", "ksh", "mksh", "powershell", "pwsh", "sh", "tcsh", "zsh"];

/// Programs that take code, or another command, in their arguments, or names that they evaluate.
const EVALUATORS: [&str; 88] = [
    ".",
    "[",
    "alias",
    "at",
    "awk",
    "batch",
    "bc",
    "bind",
    "chroot",
    "chrt",
    "compgen",
    "complete",
    "crontab",
    "dc",
    "declare",
    "ed",
    "emacs",
    "entr",
    "eval",
    "ex",
    "expect",
    "expr",
    "export",
    "fakeroot",
    "fd",
    "fdfind",
    "firejail",
    "flock",
    "for",
    "gawk",
    "gdb",
    "gmake",
    "jshell",
    "jq",
    "let",
    "local",
    "lua",
    "m4",
    "make",
    "mapfile",
    "mawk",
    "mysql",
    "nawk",
    "nc",
    "ncat",
    "node",
    "nsenter",
    "numactl",
    "osascript",
    "parallel",
    "perf",
    "perl",
    "php",
    "proot",
    "psql",
    "python",
    "read",
    "readarray",
    "readonly",
    "rsh",
    "rsync",
    "ruby",
    "runuser",
    "scp",
    "screen",
    "script",
    "sed",
    "select",
    "setpriv",
    "socat",
    "source",
    "sqlite",
    "ssh",
    "strace",
    "su",
    "systemd-run",
    "taskset",
    "tclsh",
    "test",
    "tmux",
    "trap",
    "typeset",
    "unset",
    "unshare",
    "valgrind",
    "vim",
    "watch",
    "xargs",
];

/// Programs besides the shells that take commands or words of commands from their standard input.
const READERS: [&str; 24] = [
    ".",
    "at",
    "batch",
    "bc",
    "crontab",
    "dc",
    "ed",
    "eval",
    "mapfile",
    "mysql",
    "node",
    "parallel",
    "perl",
    "php",
    "psql",
    "python",
    "read",
    "readarray",
    "rsh",
    "ruby",
    "source",
    "sqlite",
    "ssh",
    "xargs",
];

/// Programs of containers, and the words with which they run a command.
const CONTAINER_TOOLS: [&str; 8] = ["crictl", "docker", "kubectl", "lxc", "machinectl", "nerdctl", "oc", "podman"];
const RUNS_IN_CONTAINER: [&str; 7] = ["create", "debug", "exec", "rsh", "run", "set", "shell"];

/// Options of `find` and its like that begin a command.
const EXEC_OPTIONS: [&str; 4] = ["-exec", "-execdir", "-ok", "-okdir"];

/// Programs whose option `-e` takes the next word, whatever it begins with.
const GREPS: [&str; 5] = ["egrep", "fgrep", "grep", "rg", "zgrep"];

/// The name of a program without its folder and version: `python` for `/usr/bin/python3.11`.
pub(super) fn program_name(word: &str) -> &str {
    let name = word.rsplit('/').next().unwrap_or(word);
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    if bare.is_empty() { name } else { bare }
}

/// The options of the wrapper `name` that take a value; `None` if it is no wrapper.
pub(super) fn wrapper(name: &str) -> Option<&'static [&'static str]> {
    WRAPPERS.iter().find(|(known, _)| *known == name).map(|(_, options)| *options)
}

pub(super) fn is_shell(name: &str) -> bool {
    SHELLS.contains(&name)
}

/// Whether the program evaluates its arguments.
pub(super) fn evaluates(name: &str) -> bool {
    is_shell(name) || EVALUATORS.contains(&name)
}

/// Whether the program executes its standard input, or makes words of commands of it.
pub(super) fn executes_input(name: &str) -> bool {
    is_shell(name) || READERS.contains(&name)
}

/// Whether `word` makes a command of the words after it, as an argument of `program`.
pub(super) fn begins_command(program: &str, word: &str) -> bool {
    let in_container = CONTAINER_TOOLS.contains(&program) && RUNS_IN_CONTAINER.contains(&word);
    let splits = program == "env" && (word.starts_with("-S") || word.starts_with("--split"));
    EXEC_OPTIONS.contains(&word) || in_container || splits
}

/// Whether the word after `option` is its value, so it is never an option itself.
pub(super) fn takes_value(program: &str, option: &str) -> bool {
    option == "-e" && GREPS.contains(&program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_any_of_their_names() {
        for (word, name) in [("/usr/bin/python3.11", "python"), ("sh", "sh"), ("perl5", "perl"), ("7", "7"), (".", ".")]
        {
            assert_eq!(program_name(word), name);
        }
        assert!(
            evaluates("sh")
                && evaluates("awk")
                && !evaluates("grep")
                && executes_input("xargs")
                && !executes_input("awk")
        );
        assert!(
            begins_command("kubectl", "exec") && !begins_command("kubectl", "logs") && begins_command("find", "-exec")
        );
        assert!(takes_value("grep", "-e") && !takes_value("chage", "-l"));
    }
}
