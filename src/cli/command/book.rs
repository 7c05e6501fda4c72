//! `casebook book`.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::catalog;
use crate::cli::args::Output;
use crate::cli::{CommandResult, Context, rules};
use crate::pipeline;
use crate::report::{json, text};
use crate::session;

const EXAMPLES: &str = "\
Examples:
  casebook book                          the packs by area, with the number of their causes
  casebook book list postgresql slot     the causes with these words in title, name or pack
  casebook book show disk_full           one cause: what shows it, what tells it apart, what to do";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct BookArgs {
    #[command(flatten)]
    output: Output,

    #[command(subcommand)]
    part: Option<BookPart>,
}

#[derive(Debug, Subcommand)]
enum BookPart {
    /// List causes with their names
    #[command(after_help = "Examples:\n  casebook book list disk full\n  casebook book list kubernetes --format json")]
    List(BookListArgs),
    /// Print one cause with everything that the rules say about it
    #[command(after_help = "Examples:\n  casebook book show disk_full\n  casebook book show storage.disk_full")]
    Show(BookShowArgs),
}

#[derive(Debug, Args)]
struct BookListArgs {
    /// List only causes with all these words in their title, their name or their pack
    #[arg(value_name = "WORD")]
    words: Vec<String>,

    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
struct BookShowArgs {
    /// Name of the cause, or pack.name
    #[arg(value_name = "CAUSE")]
    cause: String,

    #[command(flatten)]
    output: Output,
}

pub(in crate::cli) fn run(context: &Context, args: &BookArgs) -> CommandResult {
    let workspace = context.workspace()?;
    let (program, _) = rules::load(&rules::read_active(&workspace)?);
    match &args.part {
        None => {
            let catalog = catalog::catalog(&program);
            context.answer(&args.output, |page| text::book(page, &catalog), || json::book(&catalog))?;
        }
        Some(BookPart::List(BookListArgs { words, output })) => {
            let causes = catalog::causes_with(&program, words);
            context.answer(output, |page| text::book_list(page, &causes), || json::book_list(&causes))?;
        }
        Some(BookPart::Show(BookShowArgs { cause, output })) => {
            let id = session::cause(&program, cause)?;
            // Without a store, only the titles of articles that are not bundled are missing.
            let index = context.index_of(&workspace).ok();
            let title = |article: &str| pipeline::article_title(index.as_ref(), article);
            let page = catalog::cause_page(&program, id, &title);
            context.answer(output, |out| text::book_cause(out, &page), || json::book_cause(&page))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
