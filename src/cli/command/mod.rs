//! The commands. Each file holds the arguments of one command and its `run`.

mod book;
mod case;
mod completions;
mod config;
mod diagnose;
mod eval;
mod ingest;
mod init;
mod kb;
mod log;
mod man;
mod rule;
mod search;
#[cfg(feature = "semantic")]
mod semantic;
mod show;
mod status;
mod watch;

use clap::Subcommand;

use super::args::Output;
use super::{CommandResult, Context};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find out what is wrong from logs: causes, articles and fixes, best first, with their evidence
    Diagnose(diagnose::DiagnoseArgs),
    /// Follow logs while they are written, and print each new finding
    Watch(watch::WatchArgs),
    /// Show how logs are understood: format, fields, times, and the lines that no format fits
    Log(log::LogArgs),
    /// Show, annotate and close cases: problems that `diagnose --case` saved to a file
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// Search the articles by words, by a pasted message, or by filters
    Search(search::SearchArgs),
    /// Print an article
    Show(show::ShowArgs),
    /// List what casebook knows by system, and print what the rules say about a cause
    Book(book::BookArgs),
    /// Read articles from files, folders and archives into the store
    Ingest(ingest::IngestArgs),
    /// Check rules, run their tests, and learn probabilities from closed cases
    #[command(subcommand)]
    Rule(rule::RuleCommand),
    /// Check articles
    #[command(subcommand)]
    Kb(kb::KbCommand),
    /// Measure how good search and diagnosis are, on questions with known answers
    #[command(subcommand)]
    Eval(eval::EvalCommand),
    /// Search by meaning as well as by words, with a sentence encoder that you supply
    #[cfg(feature = "semantic")]
    #[command(subcommand)]
    Semantic(semantic::SemanticCommand),
    /// Show what the store contains
    Status(Output),
    /// Create a workspace: casebook.toml, a folder for articles and a folder for rules
    Init(init::InitArgs),
    /// Show every setting, where it comes from, and its value
    Config(config::ConfigArgs),
    /// Print a script that completes commands and flags in your shell
    Completions(completions::CompletionsArgs),
    /// Write a man page for each command
    Man(man::ManArgs),
}

pub(super) fn run(context: &Context, command: &Command) -> CommandResult {
    match command {
        Command::Diagnose(args) => diagnose::run(context, args),
        Command::Watch(args) => watch::run(context, args),
        Command::Log(args) => log::run(context, args),
        Command::Case(args) => case::run(context, args),
        Command::Search(args) => search::run(context, args),
        Command::Show(args) => show::run(context, args),
        Command::Book(args) => book::run(context, args),
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
