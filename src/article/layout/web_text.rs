//! Layout "web text": an article as copied out of a browser.

use std::borrow::Cow;

use pest::Parser;

use super::body::{Margin, clean};
use super::{field_of, named_field, only_value};
use crate::article::draft::{Body, Draft, Heads};
use crate::article::model::Layout;

#[derive(pest_derive::Parser)]
#[grammar = "grammar/common.pest"]
#[grammar = "grammar/article_web_text.pest"]
struct WebTextGrammar;

/// Reads a text that [`detect`](crate::article::detect) calls web text. `None` if its first line does not end in an id.
pub(in crate::article) fn read(text: &str) -> Option<Draft<'_>> {
    let mut draft = Draft::new(Layout::WebText, text);
    let article = WebTextGrammar::parse(Rule::web_text, text).ok()?.next()?;
    for pair in article.into_inner() {
        match pair.as_rule() {
            Rule::title => draft.title = Cow::Borrowed(field_of(&pair).text),
            Rule::id => draft.id = field_of(&pair),
            Rule::alias => draft.add_aliases(pair.as_str()),
            Rule::bullet => draft.applies_to.extend(only_value(pair)),
            Rule::body => draft.body = Body::Text { text: clean(pair.as_str(), Margin::None), heads: Heads::UpperCase },
            Rule::footer_field => {
                let (name, value) = named_field(pair)?;
                draft.set(name, value);
                draft.is_complete = true;
            }
            _ => {}
        }
    }
    draft.take_issue_type_from_keywords();
    Some(draft)
}
