//! The commands. Each file holds the arguments of one command and its `run`.

mod case;
mod completions;
mod config;
mod diagnose;
mod eval;
mod ingest;
mod init;
mod kb;
mod man;
mod rule;
mod search;
#[cfg(feature = "semantic")]
mod semantic;
mod show;
mod status;

use clap::Subcommand;

use super::args::Output;
use super::{Context, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find what is wrong in a log: ranked causes, articles and fixes, with their evidence
    Diagnose(diagnose::DiagnoseArgs),
    /// Look after cases, which `diagnose --case` keeps
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// Find articles by symptom or by a pasted message
    Search(search::SearchArgs),
    /// Print an article
    Show(show::ShowArgs),
    /// Read articles from files and folders into the store
    Ingest(ingest::IngestArgs),
    /// Check and test rules
    #[command(subcommand)]
    Rule(rule::RuleCommand),
    /// Look after articles
    #[command(subcommand)]
    Kb(kb::KbCommand),
    /// Measure how good the search is
    #[command(subcommand)]
    Eval(eval::EvalCommand),
    /// Find articles by meaning as well as by words, with a sentence encoder of your own
    #[cfg(feature = "semantic")]
    #[command(subcommand)]
    Semantic(semantic::SemanticCommand),
    /// Say what the store holds
    Status(Output),
    /// Make a workspace: a casebook.toml, a folder for articles and one for rules
    Init(init::InitArgs),
    /// Show every setting, where it comes from, and its value
    Config(config::ConfigArgs),
    /// Print a script that completes commands and flags in your shell
    Completions(completions::CompletionsArgs),
    /// Write a man page for each command
    Man(man::ManArgs),
}

pub(super) fn run(context: &Context, command: &Command) -> Outcome {
    match command {
        Command::Diagnose(args) => diagnose::run(context, args),
        Command::Case(args) => case::run(context, args),
        Command::Search(args) => search::run(context, args),
        Command::Show(args) => show::run(context, args),
        Command::Ingest(args) => ingest::run(context, args),
        Command::Rule(args) => rule::run(context, args),
        Command::Kb(args) => kb::run(context, args),
        Command::Eval(args) => eval::run(context, args),
        #[cfg(feature = "semantic")]
        Command::Semantic(args) => semantic::run(context, args),
        Command::Status(args) => status::run(context, args),
        Command::Init(args) => init::run(context, args),
        Command::Config(args) => config::run(context, args),
        Command::Completions(args) => completions::run(context, args),
        Command::Man(args) => man::run(context, args),
    }
}
