//! `casebook completions`.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use crate::cli::{CommandResult, Context};

const EXAMPLES: &str = "\
Examples:
  casebook completions bash > ~/.local/share/bash-completion/completions/casebook
  casebook completions zsh > ~/.zfunc/_casebook
  casebook completions fish > ~/.config/fish/completions/casebook.fish
  casebook completions powershell >> $PROFILE
  casebook completions elvish >> ~/.config/elvish/rc.elv

zsh needs `fpath+=~/.zfunc` before `compinit` in ~/.zshrc.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(in crate::cli) fn run(context: &Context, args: &CompletionsArgs) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut (context.definition)(), "casebook", &mut script);
    context.write(|out| out.write_all(&script))?;
    Ok(ExitCode::SUCCESS)
}
