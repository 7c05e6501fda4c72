//! `casebook eval background`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use walkdir::WalkDir;

use super::lab::cannot_write;
use crate::background::{self, Counts};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};
use crate::store;

/// The most bytes of a document that are counted.
const MAX_BYTES: usize = 1 << 20;

const EXAMPLES: &str = "\
Examples:
  casebook eval background articles/ manuals/ programs/ --out background.bin";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct EvalBackgroundArgs {
    /// A folder with the documents of one collection, a text file each
    #[arg(value_name = "FOLDER", required = true)]
    folders: Vec<PathBuf>,

    /// The file to write the table to
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Counts the words of documents for the table of the background.
pub(super) fn background(_: &Context, args: &EvalBackgroundArgs) -> CommandResult {
    let mut counts = Counts::default();
    for folder in &args.folders {
        let files = files(folder)?;
        counts.add_collection(&|take| {
            for file in &files {
                // A file that went away is counted as empty.
                let mut bytes = std::fs::read(file).unwrap_or_default();
                bytes.truncate(MAX_BYTES);
                take(String::from_utf8_lossy(&bytes).lines().map(stems).collect());
            }
        });
    }
    std::fs::write(&args.out, counts.table()).map_err(|error| cannot_write(&args.out, &error))?;
    Ok(ExitCode::SUCCESS)
}

/// The stems of a line in order, then its codes.
fn stems(line: &str) -> Vec<String> {
    let codes = store::codes(line).into_iter().map(|code| background::code_key(&code));
    store::words(line).into_iter().map(|(stem, _)| stem).chain(codes).collect()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| CommandError::input(error.to_string()))?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}
