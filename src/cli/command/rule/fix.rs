//! `casebook rule fix`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{replace_file, texts};
use crate::book;
use crate::cli::{CommandResult, Context, rules};
use crate::diagnostic::Diagnostic;
use crate::report::number::counted;
use crate::report::text;
use crate::rule::{self, RuleText};

const EXAMPLES: &str = "\
Applies the remedies that `casebook rule check` names, as far as they are certain.

Examples:
  casebook rule fix rules/mail.rules           print the changes as a diff
  casebook rule fix rules/ > fixes.diff        save them for `patch -p0`
  casebook rule fix rules/ --write             write them";

/// The most rounds. The fix of one mistake can make another one visible.
const MOST_ROUNDS: usize = 8;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RuleFixArgs {
    /// Rule files and folders. Default: those of the workspace
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write the changes into the files; bundled rules are never changed
    #[arg(long)]
    write: bool,
}

pub(in crate::cli) fn run(context: &Context, args: &RuleFixArgs) -> CommandResult {
    let files = texts(context, &args.paths)?;
    let (fixed, n_fixed, n_left) = fixed(&files);
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
        page.note(&format!("{} {verb}, {left} left", counted(n_fixed as u64, "mistake", "mistakes")))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the texts after all fixes, the number of mistakes that were fixed, and the number of those that are left.
fn fixed(files: &[RuleText]) -> (Vec<RuleText>, usize, usize) {
    let mut fixed = files.to_vec();
    let first = mistakes(&fixed);
    let mut left = first;
    for _ in 0..MOST_ROUNDS {
        let (_, found) = rule::load(&fixed, None);
        let mut next = fixed.clone();
        for (index, file) in next.iter_mut().enumerate() {
            let in_file = found.iter().filter(|(source, _)| source.0 as usize == index).map(|(_, found)| found);
            // What could not be read must not be written.
            if !file.path.starts_with(book::PREFIX) && !file.text.contains(char::REPLACEMENT_CHARACTER) {
                file.text = rule::revised(&file.text, &rule::fixes(in_file));
            }
        }
        let after = mistakes(&next);
        if next == fixed || after > left {
            break;
        }
        (fixed, left) = (next, after);
    }
    (fixed, first.saturating_sub(left), left)
}

/// The number of errors, and of warnings that have a fix.
fn mistakes(files: &[RuleText]) -> usize {
    let (_, found) = rule::load(files, None);
    let fixable = |diagnostic: &Diagnostic| !diagnostic.fix.is_empty();
    let is_warning = |diagnostic: &Diagnostic| diagnostic.severity == crate::diagnostic::Severity::Warning;
    let warnings = found.iter().filter(|(_, diagnostic)| is_warning(diagnostic) && fixable(diagnostic)).count();
    rules::count(&found).0 + warnings
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
