//! `casebook diagnose --why CAUSE` and `--why-not SYMPTOM`: what something rests on, item by item.

use std::io;

use super::{DIM, Page};
use crate::infer::Explanation;
use crate::matching::NotSeen;
use crate::report::fill::plain;
use crate::report::why::{Item, items};
use crate::report::{DiagnosisView, why_not as missing};
use crate::rule::{Program, Template};

/// Before the evidence, each piece of it, and after it.
pub fn why(page: &mut Page, program: &Program, why: &Explanation) -> io::Result<()> {
    let cause = program.cause(why.cause);
    section(page, &format!("Why {}", cause.name), &cause.title, &items(program, why))
}

/// What was looked at for a symptom, and what comes near it.
pub(super) fn why_not(page: &mut Page, view: DiagnosisView, not_seen: &NotSeen) -> io::Result<()> {
    let symptom = view.program.symptom(not_seen.symptom);
    section(page, &format!("Why not {}", symptom.name), &symptom.title, &missing::items(view, not_seen))
}

fn section(page: &mut Page, heading: &str, title: &Template, items: &[Item]) -> io::Result<()> {
    page.heading(heading)?;
    page.paragraph("  ", &plain(title, &Default::default(), None))?;
    for item in items {
        page.paragraph(&lead(2, item.mark), &item.text)?;
        for (mark, text) in &item.below {
            page.paragraph(&lead(4, mark), &format!("{DIM}{text}{DIM:#}"))?;
        }
    }
    Ok(())
}

fn lead(indent: usize, mark: &str) -> String {
    let gap = if mark.is_empty() { "" } else { " " };
    format!("{:indent$}{mark}{gap}", "")
}
