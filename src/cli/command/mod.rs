//! The commands. Each file holds the arguments of one command and its `run`.

mod case;
mod diagnose;
mod eval;
mod ingest;
mod init;
mod kb;
mod rule;
mod search;
#[cfg(feature = "semantic")]
mod semantic;
mod show;
mod status;

use clap::Subcommand;

use super::args::Output;
use super::{Outcome, Session};

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
}

pub(super) fn run(session: &Session, command: &Command) -> Outcome {
    match command {
        Command::Diagnose(args) => diagnose::run(session, args),
        Command::Case(args) => case::run(session, args),
        Command::Search(args) => search::run(session, args),
        Command::Show(args) => show::run(session, args),
        Command::Ingest(args) => ingest::run(session, args),
        Command::Rule(args) => rule::run(session, args),
        Command::Kb(args) => kb::run(session, args),
        Command::Eval(args) => eval::run(session, args),
        #[cfg(feature = "semantic")]
        Command::Semantic(args) => semantic::run(session, args),
        Command::Status(args) => status::run(session, args),
        Command::Init(args) => init::run(session, args),
    }
}
