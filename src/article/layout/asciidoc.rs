//! Layout "AsciiDoc": a runbook or a module of a manual.

mod attributes;
mod block_style;
mod conditions;
mod include;
mod inline;
mod line;
mod macros;
mod reader;
mod signs;
mod table;

use self::attributes::{Attributes, attribute_line};
use self::block_style::attribute_list;
pub(in crate::article) use self::include::with_includes;
use self::inline::{Titles, pieces};
pub(in crate::article) use self::signs::{is_underlined, signs};
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

/// The greatest length of the title of an anchor in bytes. Each cross-reference without a label prints it.
const LONGEST_TITLE: usize = 120;

/// Reads an AsciiDoc file. Its includes have been replaced by their texts, as far as these are there.
/// Returns the reason if there is no text, as in a file of attributes.
pub(in crate::article) fn read(text: &str, name: FileName<'_>) -> Result<MarkedArticle, NotAnArticle> {
    let (mut fields, body) = front_matter::split(text).unwrap_or((Vec::new(), text));
    let mut outline = Outline::default();
    let header = reader::read_into(&mut outline, body, &titles(body));
    let mut blocks = outline.into_blocks();
    if blocks.is_empty() {
        return Err(NotAnArticle::NoText);
    }
    let stated = fields.iter().find(|(name, _)| *name == FieldName::Title).map(|(_, title)| title.as_str());
    let title = take_title(&mut blocks, stated, name);
    fields.extend(header);
    fields.extend(notices::take(&mut blocks));
    Ok(MarkedArticle::new(Layout::AsciiDoc, title, fields, sections_of(&blocks)))
}

/// Returns the titles of the anchors of a text, for cross-references without a label: those that stand above a heading,
/// and those that AsciiDoc makes from the words of headings.
fn titles(text: &str) -> Titles {
    let mut titles = Titles::new();
    let mut known = Attributes::default();
    let mut anchors: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if let Some(set) = attribute_line(line) {
            known.set(set.name, set.value);
        } else if let Some(list) = attribute_list(line) {
            anchors.extend(anchor(list).map(|anchor| known.printed(anchor).into_owned()));
        } else if let Some((_, words)) = line::heading(line) {
            let mut title = plain(&pieces(&known.printed(words), &Titles::new()));
            title.truncate(title.floor_char_boundary(LONGEST_TITLE));
            anchors.push(made_anchor(&title));
            titles.extend(anchors.drain(..).map(|anchor| (anchor, title.clone())));
        } else if !line.is_empty() {
            anchors.clear();
        }
    }
    titles
}

/// Returns the anchor in a list of attributes: `[[name]]`, `[#name]` or `[id="name"]`.
fn anchor(list: &str) -> Option<&str> {
    if let Some(name) = list.strip_prefix('[') {
        return name.split([',', ']']).next();
    }
    let at = list.find('#').map(|at| at + 1).or_else(|| list.find("id=").map(|at| at + 3))?;
    let rest = list[at..].trim_start_matches(['"', '\'']);
    rest.split(['"', '\'', ',', '.', '%']).next()
}

/// Returns the anchor that AsciiDoc makes for a heading: `_it_hums`.
fn made_anchor(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(String::new(), |anchor, word| anchor + "_" + &word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::article::parse_file;

    /// Found by the fuzzer: the margin of a listing was counted in blanks of any kind, and cut within one of two bytes.
    #[test]
    fn a_no_break_space_is_no_margin() {
        let text = "= Belt\n\n== Symptoms\n\n oil\n\u{a0}-q\n";
        let article = parse_file(text, "kb/belt.adoc", "kb/belt").expect("an article");
        assert_eq!(article.sections[0].text, "    oil\n    -q");
    }
}
