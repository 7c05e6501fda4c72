//! The command line as a whole: global options and the list of commands.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Parser, ValueEnum};

use super::command::Command;
use crate::workspace::{Origin, Setting, SettingValue};

/// Search KB articles by symptom, diagnose logs, and write the rules that tie them together.
#[derive(Debug, Parser)]
#[command(name = "casebook", version, propagate_version = true, max_term_width = MAX_WIDTH, after_help = EXAMPLES)]
pub(super) struct Cli {
    /// Workspace folder. Default: this folder or the nearest parent that contains casebook.toml, else the user's own store
    #[arg(long, global = true, value_name = "DIR", env = WORKSPACE_VARIABLE, help_heading = "Global options")]
    pub(super) workspace: Option<PathBuf>,

    /// When to print in colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub(super) color: Color,

    #[command(subcommand)]
    pub(super) command: Command,
}

/// Maximum width of help texts, in columns.
const MAX_WIDTH: usize = 100;

const EXAMPLES: &str = "\
Examples:
  casebook diagnose /var/log/mail.log          what is wrong, why, and what to do
  journalctl -u nginx | casebook diagnose -    the same for a log from a pipe
  casebook search 421 Unable to contact destination SMTP daemon
  casebook show Q169781
  casebook ingest ~/kb-archive                 make articles searchable
  casebook rule test rules/                    run the tests in rule files

Exit codes:
  0  done
  1  a rule test failed, or the verdict reached --fail-on
  2  the command line is wrong
  3  a file, an article or a rule has a mistake
  4  reading or writing failed, or the store is damaged";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always, as for `less -R`
    Always,
    /// Never
    Never,
}

/// The environment variable that names the workspace folder.
const WORKSPACE_VARIABLE: &str = "CASEBOOK_WORKSPACE";

/// Says where the workspace folder comes from; [`Origin::Default`] if the user does not name one.
pub(super) fn workspace_origin(matches: &ArgMatches) -> Origin {
    match matches.value_source("workspace") {
        Some(ValueSource::CommandLine) => Origin::Flag("--workspace"),
        Some(ValueSource::EnvVariable) => Origin::Environment(WORKSPACE_VARIABLE),
        _ => Origin::Default,
    }
}

/// The setting that says when colour is used, for `casebook config`.
pub(super) fn color_setting(color: Color, matches: &ArgMatches) -> Setting {
    let is_flag = matches.value_source("color") == Some(ValueSource::CommandLine);
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let (value, origin) = match (color, is_flag) {
        (Color::Auto, false) if is_unwanted => ("never", Origin::Environment("NO_COLOR")),
        (Color::Auto, false) => ("auto", Origin::Default),
        (Color::Auto, true) => ("auto", Origin::Flag("--color")),
        (Color::Always, _) => ("always", Origin::Flag("--color")),
        (Color::Never, _) => ("never", Origin::Flag("--color")),
    };
    Setting { name: "color".to_owned(), value: SettingValue::Text(value.to_owned()), origin }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_every_flag_has_help() {
        let mut command = Cli::command();
        command.clone().debug_assert();
        command.build();
        let mut open = vec![command];
        while let Some(command) = open.pop() {
            let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let long = examples.lines().find(|line| line.chars().count() > MAX_WIDTH);
            assert_eq!(long, None, "this line of {} would be wrapped", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {} has no help", command.get_name(), argument.get_id());
            }
            open.extend(command.get_subcommands().cloned());
        }
    }
}
