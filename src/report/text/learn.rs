//! Writes `casebook rule learn`: a patch, with the evidence in comments.

use std::io;

use super::{BAD, DIM, GOOD, NAME, Page};
use crate::book;
use crate::case::Proposal;
use crate::report::clean::on_one_line;
use crate::report::learn::{LearnView, why_not};
use crate::report::number::{counted, percent};
use crate::rule::{ChanceRelation, Edit, Hunk, RuleText, hunks};

/// Writes the whole report. Every line that does not belong to the patch is a comment.
pub fn learn(page: &mut Page, view: LearnView) -> io::Result<()> {
    let (cases, out) = (counted(view.n_counted as u64, "case", "cases"), view.left_out.len());
    comment(page, &format!("{cases} counted, {out} left out"))?;
    for (path, uncounted) in view.left_out {
        comment(page, &format!("{}: {}", path.display(), why_not(uncounted)))?;
    }
    if view.proposals.is_empty() {
        return comment(page, "no chance in a rule would change noticeably");
    }
    for of_file in view.proposals.chunk_by(|a, b| a.place.source == b.place.source) {
        let file = view.file(&of_file[0]);
        if file.path.starts_with(book::PREFIX) {
            comment(
                page,
                "the following rules are bundled and cannot be changed: write these chances in a pack of your own",
            )?;
        }
        diff(page, view, file, of_file)?;
    }
    match view.is_written && view.proposals.iter().any(|proposal| view.is_writable(proposal)) {
        true => comment(page, "written, and noted in the cases so that they are not counted again"),
        false => Ok(()),
    }
}

/// Writes the changes of one file. Each hunk repeats the path of the file, so that patch programs ignore the comments
/// between hunks.
fn diff(page: &mut Page, view: LearnView, file: &RuleText, of_file: &[Proposal]) -> io::Result<()> {
    let (written, implied): (Vec<&Proposal>, Vec<&Proposal>) =
        of_file.iter().partition(|proposal| proposal.place.span.is_some());
    for proposal in implied {
        let relation = proposal.place.relation;
        // A rule has the name of its cause.
        let (rule, [_, verb, _]) = (&view.program.cause(relation.cause()).name, relation.words(view.program));
        page.blank()?;
        reason(page, view, proposal)?;
        comment(
            page,
            &format!("in {}: rule {rule} does not mention it; add `{verb} {}`", view.path(file), proposal.text),
        )?;
    }
    let edits: Vec<Edit> = written.iter().filter_map(|proposal| proposal.edit()).collect();
    let path = on_one_line(&view.path(file));
    for hunk in hunks(&file.text, &edits) {
        page.blank()?;
        written[hunk.edits.clone()].iter().try_for_each(|proposal| reason(page, view, proposal))?;
        patch(page, &path, &hunk)?;
    }
    Ok(())
}

/// Writes one hunk as a patch of the file at `path`.
pub(super) fn patch(page: &mut Page, path: &str, hunk: &Hunk) -> io::Result<()> {
    page.line(format_args!("--- {path}\n+++ {path}"))?;
    for line in &hunk.lines {
        let style = match line.as_bytes().first() {
            Some(b'+') => GOOD,
            Some(b'-') => BAD,
            Some(b'@') => NAME,
            _ => anstyle::Style::new(),
        };
        page.line(format_args!("{style}{}{style:#}", crate::report::clean::in_lines(line)))?;
    }
    Ok(())
}

fn reason(page: &mut Page, view: LearnView, proposal: &Proposal) -> io::Result<()> {
    let relation = proposal.place.relation.words(view.program).join(" ");
    let (before, after) = (percent(proposal.before), percent(proposal.after));
    comment(page, &format!("{relation}: {}; {before} → {after}", borne_out(proposal)))
}

/// Says how often the cases confirm the rule: `shown in 7 of 8 cases`.
fn borne_out(proposal: &Proposal) -> String {
    let verb = match proposal.place.relation {
        ChanceRelation::Shows(..) => "shown",
        ChanceRelation::Resolves(..) => "helped",
    };
    let cases = counted(u64::from(proposal.count.known), "case", "cases");
    format!("{verb} in {} of {cases}", proposal.count.yes)
}

/// Writes a comment, which patch programs ignore.
fn comment(page: &mut Page, text: &str) -> io::Result<()> {
    page.line(format_args!("{DIM}# {}{DIM:#}", on_one_line(text)))
}
