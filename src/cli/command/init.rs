//! `casebook init`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::{Context, Outcome};
use crate::workspace::FILE;

#[derive(Debug, Args)]
pub(in crate::cli) struct InitArgs {
    /// Folder to make the workspace in
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

const CONFIG: &str = r#"# A casebook workspace. Paths are relative to this file; "book" is what is bundled with casebook.
kb = ["kb", "book"]
rules = ["rules", "book"]
store = ".casebook"
"#;

pub(in crate::cli) fn run(context: &Context, args: &InitArgs) -> Outcome {
    let dir = context.here.join(&args.dir);
    for folder in ["kb", "rules"] {
        let path = dir.join(folder);
        fs::create_dir_all(&path).map_err(|error| cannot_make(&path, &error))?;
    }
    let path = dir.join(FILE);
    match fs::File::create_new(&path).and_then(|mut file| std::io::Write::write_all(&mut file, CONFIG.as_bytes())) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(CommandError::input(format!("`{}` is there already", path.display())));
        }
        Err(error) => return Err(cannot_make(&path, &error)),
    }
    context.page(|page| {
        page.note(&format!(
            "A workspace in {}: put articles into kb, rules into rules, then `casebook ingest`.",
            dir.display()
        ))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn cannot_make(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::failure(format!("cannot make `{}`: {error}", path.display()))
}
