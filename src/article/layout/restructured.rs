//! Layout "reStructuredText": a page of a manual made with Sphinx or Docutils.

mod directive;
mod include;
mod inline;
mod line;
mod reader;
mod role;
mod signs;
mod table;
mod targets;

pub(in crate::article) use self::include::with_includes;
use self::inline::pieces;
use self::line::Line;
pub(in crate::article) use self::signs::signs;
use self::targets::Targets;
use super::blocks::Outline;
use super::markdown::take_title;
use super::marked::MarkedArticle;
use super::piece::plain;
use super::sections::sections_of;
use super::{front_matter, notices};
use crate::article::error::NotAnArticle;
use crate::article::field_name::FieldName;
use crate::article::file_name::FileName;
use crate::article::model::Layout;

/// Reads a file of reStructuredText. Its includes have been replaced by their texts, as far as these are there.
/// Returns the reason if there is no text, as in a file of attributes.
pub(in crate::article) fn read(text: &str, name: FileName<'_>) -> Result<MarkedArticle, NotAnArticle> {
    let (mut fields, body) = front_matter::split(text).unwrap_or((Vec::new(), text));
    let lines: Vec<Line<'_>> = body.lines().map(Line::new).collect();
    let mut outline = Outline::default();
    let header = reader::read_into(&mut outline, &lines, &Targets::of(&lines));
    let mut blocks = outline.into_blocks();
    if blocks.is_empty() {
        return Err(NotAnArticle::NoText);
    }
    let stated = fields.iter().find(|(name, _)| *name == FieldName::Title).map(|(_, title)| title.as_str());
    let title = take_title(&mut blocks, stated, name);
    fields.extend(header);
    fields.extend(notices::take(&mut blocks));
    Ok(MarkedArticle::new(Layout::ReStructuredText, title, fields, sections_of(&blocks)))
}

/// Returns lines of code without the marks in them.
fn plain_lines(code: &str, targets: &Targets) -> String {
    code.lines().map(|line| plain(&pieces(line, targets)) + "\n").collect()
}
