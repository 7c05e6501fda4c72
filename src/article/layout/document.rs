//! Layout "document": a header block that begins with `DOCUMENT:`, and underlined headings.

use pest::Parser;

use super::body::{Margin, clean};
use super::{field_of, only_value, set_field};
use crate::article::draft::{ArticleDraft, DraftBody, HeadStyle};
use crate::article::model::Layout;

#[derive(pest_derive::Parser)]
#[grammar = "grammar/common.pest"]
#[grammar = "grammar/article_document.pest"]
struct DocumentGrammar;

/// Whether the first line of a text is `DOCUMENT:` and an id.
pub(in crate::article) fn is_first_line(line: &str) -> bool {
    line.strip_prefix("DOCUMENT:").is_some_and(|rest| !rest.trim().is_empty())
}

/// Reads a text that [`detect`](crate::article::detect()) found to be a document. `None` if its first line is
/// malformed.
pub(in crate::article) fn read(text: &str) -> Option<ArticleDraft<'_>> {
    let mut draft = ArticleDraft::new(Layout::Document, text);
    let document = DocumentGrammar::parse(Rule::document, text).ok()?.next()?;
    for pair in document.into_inner() {
        match pair.as_rule() {
            Rule::id => draft.id = field_of(&pair),
            Rule::date => draft.modified = field_of(&pair),
            Rule::header_field => set_field(&mut draft, pair)?,
            Rule::footer_field => {
                set_field(&mut draft, pair)?;
                draft.is_complete = true;
            }
            Rule::bullet => draft.applies_to.extend(only_value(pair)),
            Rule::body => {
                draft.body = DraftBody::Text { text: clean(pair.as_str(), Margin::None), heads: HeadStyle::Underlined }
            }
            Rule::legal => draft.is_complete = true,
            _ => {}
        }
    }
    Some(draft)
}
