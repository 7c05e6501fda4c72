//! `casebook diagnose --why CAUSE`: the sum behind one probability, item by item.

use std::io;

use super::{DIM, Page};
use crate::infer::Explanation;
use crate::report::fill::plain;
use crate::report::why::items;
use crate::rule::Program;

/// Before the evidence, each piece of it, and after it.
pub fn why(page: &mut Page, program: &Program, why: &Explanation) -> io::Result<()> {
    let cause = program.cause(why.cause);
    page.heading(&format!("Why {}", cause.name))?;
    page.paragraph("  ", &plain(&cause.title, &Default::default(), None))?;
    for item in items(program, why) {
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
