//! `casebook init`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};
use crate::workspace::FILE;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  casebook init ~/kb && cd ~/kb && casebook ingest")]
pub(in crate::cli) struct InitArgs {
    /// Folder of the workspace; created if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

const CONFIG: &str = r#"# A casebook workspace. Paths are relative to this file; "book" means the articles and rules bundled with casebook.
kb = ["kb", "book"]
rules = ["rules", "book"]
store = ".casebook"
"#;

pub(in crate::cli) fn run(context: &Context, args: &InitArgs) -> CommandResult {
    let dir = context.here.join(&args.dir);
    for folder in ["kb", "rules"] {
        let path = dir.join(folder);
        fs::create_dir_all(&path).map_err(|error| cannot_create(&path, &error))?;
    }
    let path = dir.join(FILE);
    match fs::File::create_new(&path).and_then(|mut file| std::io::Write::write_all(&mut file, CONFIG.as_bytes())) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(CommandError::input(format!("`{}` exists already", path.display())));
        }
        Err(error) => return Err(cannot_create(&path, &error)),
    }
    context.page(|page| {
        page.note(&format!(
            "Created a workspace in {}: put articles into kb and rules into rules, then run `casebook ingest`.",
            dir.display()
        ))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn cannot_create(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::cannot("create", path, error)
}
