//! Writes the changes that `casebook rule fix` makes.

use std::io;

use super::Page;
use super::learn::patch;
use crate::report::clean::on_one_line;
use crate::rule::{Edit, RuleText, hunks};

/// Writes the changes of one file as a patch.
pub fn fixes(page: &mut Page, file: &RuleText, edits: &[Edit]) -> io::Result<()> {
    let path = on_one_line(&file.path);
    for hunk in hunks(&file.text, edits) {
        patch(page, &path, &hunk)?;
        page.blank()?;
    }
    Ok(())
}
