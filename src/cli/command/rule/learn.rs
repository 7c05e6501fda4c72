//! `casebook rule learn`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::replace_file;
use crate::book;
use crate::case::{self, Case, CaseFile, Proposal, Uncounted};
use crate::cli::args::Output;
use crate::cli::command::case::{files_in, open};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, now, rules, warn};
use crate::report::{LearnView, json, text};
use crate::rule::{self, ChanceRelation, Edit, RuleText};

const EXAMPLES: &str = "\
A chance p that held in k of n closed cases becomes (10 p + k) / (10 + n).
With fewer than 3 cases it stays as it is.

Examples:
  casebook rule learn cases/                        print the diff
  casebook rule learn cases/ > learnt.diff          save it for `patch -p0`
  casebook rule learn cases/ other/mail.toml --write";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RuleLearnArgs {
    /// Case files, and folders with case files; only closed cases count
    #[arg(value_name = "CASE-OR-DIR", required = true)]
    cases: Vec<PathBuf>,

    /// Write the changes into the rule files; bundled rules are never changed
    #[arg(long)]
    write: bool,

    #[command(flatten)]
    output: Output,
}

pub(in crate::cli) fn run(context: &Context, args: &RuleLearnArgs) -> CommandResult {
    let files = rules::read_active(&context.workspace()?)?;
    let (program, errors) = rules::load(&files);
    let files = files.texts();
    let mut cases = cases(context, &args.cases)?;
    let (counts, uncounted) = case::tally(&program, cases.values().map(|(_, case)| case));
    let proposals = case::proposals(&program, &files, &counts);
    let names: Vec<PathBuf> = cases.keys().cloned().collect();
    let left_out: Vec<(&Path, &Uncounted)> =
        uncounted.iter().map(|(index, why)| (names[*index].as_path(), why)).collect();
    if args.write {
        let writable: Vec<&Proposal> = proposals.iter().filter(|proposal| is_writable(proposal, &files)).collect();
        write(&files, &edits(&writable), errors)?;
        let learnt: Vec<ChanceRelation> = writable.iter().map(|proposal| proposal.place.relation).collect();
        for (file, case) in cases.values_mut() {
            if case::mark_learnt(&program, case, &learnt) {
                file.save(&context.here, case, now())?;
            }
        }
    }
    let is_written = args.write;
    let (here, n_counted) = (context.here.as_path(), cases.len() - left_out.len());
    let view = LearnView {
        program: &program,
        files: &files,
        here,
        proposals: &proposals,
        n_counted,
        left_out: &left_out,
        is_written,
    };
    context.answer(&args.output, |page| text::learn(page, view), || json::learn(view))?;
    Ok(ExitCode::SUCCESS)
}

/// Cases with their files, by path.
type Cases = BTreeMap<PathBuf, (CaseFile, Case)>;

/// Opens the cases at these paths and in these folders, each case once.
fn cases(context: &Context, places: &[PathBuf]) -> Result<Cases, CommandError> {
    let mut cases = Cases::new();
    let mut known = Vec::new();
    for place in places {
        let is_folder = context.here.join(place).is_dir();
        let paths = if is_folder { files_in(context, place)? } else { vec![place.clone()] };
        for path in paths {
            let real = context.here.join(&path).canonicalize().unwrap_or_else(|_| path.clone());
            if known.contains(&real) {
                continue;
            }
            match open(context, &path) {
                Ok(opened) => {
                    known.push(real);
                    cases.insert(path, opened);
                }
                // A file in a folder need not be a case, so a mistake in one is only a warning.
                Err(error) if is_folder => warn(&error.in_a_line()),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(cases)
}

/// The changes of each file (by its index), in the order of their positions.
fn edits(proposals: &[&Proposal]) -> BTreeMap<usize, Vec<Edit>> {
    let mut edits: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
    for proposal in proposals {
        edits.entry(proposal.place.source.0 as usize).or_default().extend(proposal.edit());
    }
    edits
}

/// Whether the chance is written in a rule file of the user, so that `--write` can change it.
fn is_writable(proposal: &Proposal, files: &[RuleText]) -> bool {
    proposal.place.span.is_some() && !files[proposal.place.source.0 as usize].path.starts_with(book::PREFIX)
}

/// Writes the changed files. Writes nothing if the changed rules have
/// more mistakes than `errors`.
fn write(files: &[RuleText], edits: &BTreeMap<usize, Vec<Edit>>, errors: usize) -> Result<(), CommandError> {
    let mut revised = files.to_vec();
    for (&index, edits) in edits {
        revised[index].text = rule::revised(&files[index].text, edits);
    }
    let (_, found) = rule::load_without_tests(&revised);
    if rules::count(&found).0 > errors {
        return Err(CommandError::failure("the changed rules would have mistakes; nothing was written"));
    }
    for (before, after) in files.iter().zip(&revised).filter(|(before, after)| before.text != after.text) {
        replace_file(before, &after.text)?;
    }
    Ok(())
}
