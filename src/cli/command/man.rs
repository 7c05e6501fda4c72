//! `casebook man`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command};

use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};

const EXAMPLES: &str = "\
Examples:
  casebook man ~/.local/share/man/man1        then `man casebook-diagnose`
  casebook man . && man ./casebook.1";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ManArgs {
    /// Folder to write the pages into; created if it does not exist
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(in crate::cli) fn run(context: &Context, args: &ManArgs) -> CommandResult {
    let dir = context.here.join(&args.dir);
    let cannot_write = |path: &Path, error| CommandError::cannot("write", path, &error);
    fs::create_dir_all(&dir).map_err(|error| cannot_write(&dir, error))?;
    let pages = pages((context.definition)());
    for (name, page) in &pages {
        let path = dir.join(format!("{name}.1"));
        fs::write(&path, page).map_err(|error| cannot_write(&path, error))?;
    }
    context.page(|page| page.note(&format!("{} pages in {}", pages.len(), dir.display())))?;
    Ok(ExitCode::SUCCESS)
}

/// The man pages of all commands, each as its name (such as `casebook-rule-test`) and its text.
fn pages(root: Command) -> Vec<(String, String)> {
    let mut root = without_help(root);
    root.build();
    let mut pages = Vec::new();
    let mut open = vec![root];
    while let Some(command) = open.pop() {
        open.extend(command.get_subcommands().cloned());
        let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .source(concat!("casebook ", env!("CARGO_PKG_VERSION")))
            .render(&mut page)
            .expect("writing to memory cannot fail");
        let page = String::from_utf8(page).expect("help is UTF-8");
        // Examples keep their line breaks.
        let page =
            page.replace(".SH EXTRA\nExamples:\n", ".SH EXAMPLES\n.nf\n").replace(".SH EXTRA\n", ".SH NOTES\n.nf\n");
        let page = page.replace(".SH VERSION\n", ".fi\n.SH VERSION\n");
        pages.push((name, page));
    }
    pages
}

/// The command without the `help` subcommands, which have no pages to refer to.
fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}
