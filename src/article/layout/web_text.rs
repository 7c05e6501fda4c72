//! Layout "web text": an article copied from a browser.

use std::borrow::Cow;

use pest::Parser;

use super::body::{Margin, clean};
use super::{field_of, only_value, set_field};
use crate::article::draft::{ArticleDraft, DraftBody, HeadStyle};
use crate::article::id::is_article_number;
use crate::article::model::Layout;

#[derive(pest_derive::Parser)]
#[grammar = "grammar/common.pest"]
#[grammar = "grammar/article_web_text.pest"]
struct WebTextGrammar;

/// Whether a text with the first line `first` and the start `head` is web text. Many first lines end in a number in
/// parentheses, so `head` must also contain one of the lines that only such articles have.
pub(in crate::article) fn is_web_text(first: &str, head: &str) -> bool {
    const SIGNS: [&str; 4] = [
        "The information in this article applies to",
        "This article was previously published under",
        "Modification Type:",
        "Last Reviewed:",
    ];
    const HEADS: [&str; 4] = ["SYMPTOMS", "SUMMARY", "CAUSE", "MORE INFORMATION"];
    let is_sign = |line: &str| SIGNS.iter().any(|sign| line.starts_with(sign)) || HEADS.contains(&line.trim_end());
    ends_in_id(first) && head.lines().any(is_sign)
}

/// Whether `line` is a title and an id, `(305394)` or `(cb-mail-isa)`.
fn ends_in_id(line: &str) -> bool {
    let Some((title, id)) = line.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) else {
        return false;
    };
    let is_ours = id.strip_prefix("cb-").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    });
    !title.trim().is_empty() && (is_article_number(id) || is_ours)
}

/// Reads a text that [`detect`](crate::article::detect()) found to be web text. `None` if its first line does not end
/// in an id.
pub(in crate::article) fn read(text: &str) -> Option<ArticleDraft<'_>> {
    let mut draft = ArticleDraft::new(Layout::WebText, text);
    let article = WebTextGrammar::parse(Rule::web_text, text).ok()?.next()?;
    for pair in article.into_inner() {
        match pair.as_rule() {
            Rule::title => draft.title = Cow::Borrowed(field_of(&pair).text),
            Rule::id => draft.id = field_of(&pair),
            Rule::alias => draft.add_aliases(pair.as_str()),
            Rule::bullet => draft.applies_to.extend(only_value(pair)),
            Rule::body => {
                draft.body = DraftBody::Text { text: clean(pair.as_str(), Margin::None), heads: HeadStyle::UpperCase }
            }
            Rule::footer_field => {
                set_field(&mut draft, pair)?;
                draft.is_complete = true;
            }
            _ => {}
        }
    }
    draft.take_issue_type_from_keywords();
    Some(draft)
}
