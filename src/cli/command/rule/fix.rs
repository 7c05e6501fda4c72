//! `casebook rule fix`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{replace_file, texts};
use crate::book;
use crate::cli::{CommandResult, Context};
use crate::pipeline;
use crate::report::number::counted;
use crate::report::text;
use crate::rule::{self, FixedTexts, RuleText};

const EXAMPLES: &str = "\
Applies the remedies that `casebook rule check` names, as far as they surely mean the same.
A remedy that is only probable (\"did you mean\") is applied if you name its code.

Examples:
  casebook rule fix rules/mail.rules           print the changes as a diff
  casebook rule fix rules/ > fixes.diff        save them for `patch -p0`
  casebook rule fix rules/ --write             write them
  casebook rule fix rules/ --also R041         with the proposals for unknown names";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RuleFixArgs {
    /// Rule files and folders. Default: those of the workspace
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write the changes into the files; bundled rules are never changed
    #[arg(long)]
    write: bool,

    /// Apply the proposals of this diagnostic too, such as R041
    #[arg(long, value_name = "CODE")]
    also: Vec<String>,
}

pub(in crate::cli) fn run(context: &Context, args: &RuleFixArgs) -> CommandResult {
    let files = texts(context, &args.paths)?;
    let check = |files: &[RuleText]| pipeline::checked_rules(files, None).1;
    let is_own = |file: &RuleText| !file.path.starts_with(book::PREFIX);
    let FixedTexts { texts: fixed, n_fixed, n_left, proposed } = rule::fix(&files, &check, is_own, &args.also);
    let changed = || files.iter().zip(&fixed).filter(|(before, after)| before.text != after.text);
    if args.write {
        for (before, after) in changed() {
            replace_file(before, &after.text)?;
        }
    }
    context.page(|page| {
        for (before, after) in changed() {
            text::fixes(page, before, &changed_lines(&before.text, &after.text))?;
        }
        let left = counted(n_left as u64, "mistake", "mistakes");
        let verb = if args.write { "fixed" } else { "can be fixed" };
        page.note(&format!("{} {verb}, {left} left", counted(n_fixed as u64, "mistake", "mistakes")))?;
        match proposed.as_slice() {
            [] => Ok(()),
            [code, ..] => page.note(&format!(
                "there are proposals for {}, which `casebook rule check` shows; apply them with `--also {code}`",
                proposed.join(", ")
            )),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the changes between two texts, each of whole lines. If the number of lines differs, all lines from the first to the last
/// that differs are one change.
fn changed_lines(old: &str, new: &str) -> Vec<rule::Edit> {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let edit = |from: usize, old_to: usize, new_to: usize| {
        let start: usize = old_lines[..from].iter().map(|line| line.len()).sum();
        let len: usize = old_lines[from..old_to].iter().map(|line| line.len()).sum();
        let span = crate::source::Span::new(start, start + len);
        rule::Edit { span, text: new_lines[from..new_to].concat() }
    };
    if old_lines.len() == new_lines.len() {
        let differing = (0..old_lines.len()).filter(|&line| old_lines[line] != new_lines[line]);
        let without_end = |line: usize| {
            let rule::Edit { span, text } = edit(line, line + 1, line + 1);
            // With its line end, the edit would touch the next line.
            let end = usize::from(old_lines[line].ends_with('\n') && text.ends_with('\n'));
            let span = crate::source::Span::new(span.start, span.end - end);
            rule::Edit { span, text: text[..text.len() - end].to_owned() }
        };
        return differing.map(without_end).collect();
    }
    let same = |(a, b): &(&&str, &&str)| a == b;
    let from = old_lines.iter().zip(&new_lines).take_while(same).count();
    let most = old_lines.len().min(new_lines.len()) - from;
    let behind = old_lines.iter().rev().zip(new_lines.iter().rev()).take_while(same).count().min(most);
    vec![edit(from, old_lines.len() - behind, new_lines.len() - behind)]
}
