//! `casebook rule learn`: a patch, and as its comments what it rests on.

use std::io;

use super::{BAD, DIM, GOOD, NAME, Page};
use crate::book;
use crate::case::Proposal;
use crate::report::clean::on_one_line;
use crate::report::learn::{LearnView, borne_out, why_not};
use crate::report::number::{counted, percent};
use crate::rule::{Edit, RuleText, hunks};

/// The whole report. Every line that is no part of the patch is a comment.
pub fn learn(page: &mut Page, view: LearnView) -> io::Result<()> {
    let (cases, out) = (counted(view.n_counted as u64, "case", "cases"), view.left_out.len());
    comment(page, &format!("{cases} counted, {out} left out"))?;
    for (path, uncounted) in view.left_out {
        comment(page, &format!("{}: {}", path.display(), why_not(uncounted)))?;
    }
    if view.proposals.is_empty() {
        return comment(page, "no chance would change visibly");
    }
    for of_file in view.proposals.chunk_by(|a, b| a.place.source == b.place.source) {
        let file = view.file(&of_file[0]);
        if file.path.starts_with(book::PREFIX) {
            comment(
                page,
                "the rules of the next part are bundled and cannot be written: it shows what to write in a pack of your own",
            )?;
        }
        diff(page, view, file, of_file)?;
    }
    match view.is_written && view.proposals.iter().any(|proposal| view.is_writable(proposal)) {
        true => comment(page, "written, and noted in the cases, so that they are not counted for it again"),
        false => Ok(()),
    }
}

/// The changes of one file, each hunk with the path, so that what stands between is a comment.
fn diff(page: &mut Page, view: LearnView, file: &RuleText, of_file: &[Proposal]) -> io::Result<()> {
    let (written, implied): (Vec<&Proposal>, Vec<&Proposal>) =
        of_file.iter().partition(|proposal| proposal.place.span.is_some());
    for proposal in implied {
        let relation = proposal.place.relation;
        // A rule is called like its cause.
        let (rule, [_, verb, _]) = (&view.program.cause(relation.cause()).name, relation.words(view.program));
        page.blank()?;
        reason(page, view, proposal)?;
        comment(
            page,
            &format!(
                "in {}: rule {rule} says nothing of it; write `{verb} {}` into it",
                view.path(file),
                proposal.text
            ),
        )?;
    }
    let edits: Vec<Edit> = written.iter().filter_map(|proposal| proposal.edit()).collect();
    let path = on_one_line(&view.path(file));
    for hunk in hunks(&file.text, &edits) {
        page.blank()?;
        written[hunk.edits.clone()].iter().try_for_each(|proposal| reason(page, view, proposal))?;
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
    }
    Ok(())
}

fn reason(page: &mut Page, view: LearnView, proposal: &Proposal) -> io::Result<()> {
    let relation = proposal.place.relation.words(view.program).join(" ");
    let (before, after) = (percent(proposal.before), percent(proposal.after));
    comment(page, &format!("{relation}: {}; {before} → {after}", borne_out(proposal)))
}

/// One line that no patch takes for a part of it.
fn comment(page: &mut Page, text: &str) -> io::Result<()> {
    page.line(format_args!("{DIM}# {}{DIM:#}", on_one_line(text)))
}
