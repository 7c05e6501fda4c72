//! `casebook kb new`.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};

const EXAMPLES: &str = "\
Examples:
  casebook kb new kb/belt-stops.md
  casebook kb new kb/BeltStalled.md --template alert
  casebook kb new kb/oil.md --template how-to --title \"How to oil a belt\"";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct KbNewArgs {
    /// The Markdown file to write. A file that exists is left alone
    #[arg(value_name = "FILE", value_parser = markdown_path)]
    path: PathBuf,

    /// The kind of article
    #[arg(long, value_name = "KIND", default_value = "problem")]
    template: Template,

    /// The title. Default: the name of the file
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Template {
    /// What is seen, why, and what to do
    Problem,
    /// A runbook for an alert: meaning, impact, diagnosis, mitigation
    Alert,
    /// Steps that lead to a goal
    HowTo,
}

impl Template {
    /// The text, with `{title}` where the title belongs.
    fn text(self) -> &'static str {
        match self {
            Template::Problem => include_str!("problem.md"),
            Template::Alert => include_str!("alert.md"),
            Template::HowTo => include_str!("how_to.md"),
        }
    }
}

fn markdown_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension() {
        Some(extension) if extension == "md" => Ok(path),
        _ => Err("expected a name that ends in `.md`".to_owned()),
    }
}

pub(super) fn run(context: &Context, args: &KbNewArgs) -> CommandResult {
    let path = context.here.join(&args.path);
    let title = args.title.clone().unwrap_or_else(|| title_of(&path));
    let text = args.template.text().replace("{title}", &title.replace(['"', '\\', '\n'], " "));
    let cannot = |error: &std::io::Error| CommandError::cannot("create", &path, error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    }
    match fs::File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(CommandError::input(format!("`{}` exists already", path.display())));
        }
        Err(error) => return Err(cannot(&error)),
    }
    context.page(|page| {
        page.note(&format!("Wrote {}: fill in the sections, then run `casebook kb check` on it.", args.path.display()))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Makes a title of the name of a file: `Belt stops` for `belt-stops.md`.
fn title_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().replace(['-', '_'], " ");
    let mut chars = stem.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
