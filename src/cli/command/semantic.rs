//! `casebook semantic`.

mod setting;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};
use crate::report::text::{self, SemanticStatus};
use crate::semantic::{self, Encoder, Vectors};
use crate::store::Store;
use crate::workspace::Workspace;

#[derive(Debug, Subcommand)]
#[command(after_help = SEMANTIC_EXAMPLES)]
pub(in crate::cli) enum SemanticCommand {
    /// Use the sentence encoder in a folder: writes the folder into casebook.toml
    #[command(after_help = MODEL_FILES)]
    Use(SemanticUseArgs),
    /// Search by words alone again; existing vectors are kept
    Off,
    /// Compute the vectors of all articles that have none yet; after an interruption, run it again to continue
    Build,
    /// Show which model is used and how many passages have vectors
    Status,
}

const SEMANTIC_EXAMPLES: &str = "\
Examples:
  casebook semantic use models/all-MiniLM-L6-v2    choose the model of this workspace
  casebook semantic build                          compute vectors: about 20 ms per article
  casebook ingest && casebook semantic build       after changes: only new texts are encoded
  casebook semantic status
  casebook semantic off";

const MODEL_FILES: &str = "\
The folder contains the files of a sentence-transformers model:
  model.onnx (or onnx/model.onnx)     the network, with float or int8 weights
  vocab.txt or tokenizer.json         a WordPiece vocabulary
  1_Pooling/config.json               optional: pooling, mean (default) or first token
  sentence_bert_config.json           optional: maximum tokens per text (default 256)

Example:
  casebook semantic use models/all-MiniLM-L6-v2";

#[derive(Debug, Args)]
pub(in crate::cli) struct SemanticUseArgs {
    /// Folder of the model, such as models/all-MiniLM-L6-v2
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// A text that is encoded to find out whether a model works.
const TRIAL: &str = "Messages stay in the outbound queue.";

pub(in crate::cli) fn run(context: &Context, args: &SemanticCommand) -> CommandResult {
    let workspace = context.workspace()?;
    match args {
        SemanticCommand::Use(args) => set(context, &workspace, &args.dir)?,
        SemanticCommand::Off => off(context, &workspace)?,
        SemanticCommand::Build => build(context, &workspace)?,
        SemanticCommand::Status => status(context, &workspace)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn set(context: &Context, workspace: &Workspace, dir: &Path) -> Result<(), CommandError> {
    let given = context.here.join(dir);
    // Follows links and `..`, so that the path in `casebook.toml` is easy to read.
    let dir = given
        .canonicalize()
        .map_err(|error| CommandError::input(format!("cannot use the folder `{}`: {error}", given.display())))?;
    let not_text = || CommandError::input(format!("the path `{}` is not UTF-8", dir.display()));
    let name = dir.to_str().ok_or_else(not_text)?;
    let vectors = Encoder::open(&dir)?.encode(&[TRIAL])?;
    setting::set_model(workspace, Some(name))?;
    context.page(|page| {
        let n_values: usize = vectors.iter().map(Vec::len).sum();
        page.note(&format!(
            "The model in {} is used from now on ({n_values} values per passage). Next, run `casebook semantic build`.",
            dir.display()
        ))
    })
}

fn off(context: &Context, workspace: &Workspace) -> Result<(), CommandError> {
    setting::set_model(workspace, None)?;
    context.page(|page| page.note("No model is used from now on: articles are found by words alone."))
}

fn build(context: &Context, workspace: &Workspace) -> Result<(), CommandError> {
    let dir = model(workspace)?;
    let store = Store::open(&workspace.store)?;
    let encoder = Encoder::open(dir)?;
    let passages = store.index().passages()?;
    let folder = Vectors::folder(store.path());
    let start = Instant::now();
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} passages ({per_sec}), {eta} left");
    let bar = ProgressBar::new(0).with_style(style.expect("the template is a valid one"));
    let built = semantic::build(
        &folder,
        encoder.fingerprint(),
        &passages,
        |texts| encoder.encode(texts),
        |progress| {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
        },
    );
    bar.finish_and_clear();
    let built = built?;
    if built.replaced {
        crate::cli::warn("the existing vectors could not be read; all vectors were computed again");
    }
    context.page(|page| text::semantic_built(page, &built, start.elapsed().as_secs_f64()))
}

fn status(context: &Context, workspace: &Workspace) -> Result<(), CommandError> {
    let Some(dir) = &workspace.model else {
        return context.page(|page| page.note("No model is used: articles are found by words alone."));
    };
    let store = Store::open(&workspace.store)?;
    let encoder = Encoder::open(dir)?;
    let vectors = Vectors::open(&Vectors::folder(store.path()), encoder.fingerprint())?;
    let keys = store.index().passage_keys()?;
    let has_vector = |key: &&semantic::PassageKey| vectors.as_ref().is_some_and(|vectors| vectors.contains(**key));
    let status = SemanticStatus {
        model: dir,
        fingerprint: encoder.fingerprint(),
        passages: keys.len(),
        with_vector: keys.iter().filter(has_vector).count(),
    };
    context.page(|page| text::semantic_status(page, &status))
}

fn model(workspace: &Workspace) -> Result<&PathBuf, CommandError> {
    let error = || CommandError::input("no model is configured").hint("choose one with `casebook semantic use DIR`");
    workspace.model.as_ref().ok_or_else(error)
}
