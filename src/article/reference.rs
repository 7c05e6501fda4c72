//! Finds mentions of other articles.

mod title;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::lines::just_before;
use super::model::{Reference, Section};

/// Returns the articles that `sections` mention, each once, in order of first mention, without those whose ids are in
/// `own`.
///
/// The key of an issue (`OPS-12`) counts only in an article that is an issue of the same project, since many other things
/// are written like it.
pub(super) fn find(title: &str, sections: &[Section], own: &[&str]) -> Vec<Reference> {
    let projects: BTreeSet<String> = own.iter().filter_map(|id| project_of(id)).collect();
    let projects: Vec<&str> = projects.iter().map(String::as_str).collect();
    let mut found: Vec<Reference> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for mention in mentions(title, &projects) {
        if !own.contains(&mention.id.as_str()) && !places.contains_key(&mention.id) {
            places.insert(mention.id.clone(), found.len());
            found.push(Reference { id: mention.id, others: Vec::new(), title: None });
        }
    }
    for section in sections {
        for mention in mentions(&section.text, &projects) {
            if own.contains(&mention.id.as_str()) {
                continue;
            }
            let title = title::quoted_title(section, mention.start, mention.end);
            match places.get(&mention.id) {
                Some(&place) => found[place].title = found[place].title.take().or(title),
                None => {
                    places.insert(mention.id.clone(), found.len());
                    found.push(Reference { id: mention.id, others: Vec::new(), title });
                }
            }
        }
    }
    found
}

/// An article id at bytes `start..end` of a text.
struct ArticleMention {
    id: String,
    start: usize,
    end: usize,
}

/// Finds the ids of the forms `Q123456`, `KB123456` and `cb-name` in `text`, in order; also those of the form `OPS-12` if
/// `projects` contains `OPS`.
fn mentions(text: &str, projects: &[&str]) -> Vec<ArticleMention> {
    static OURS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("cb-"));
    let bytes = text.as_bytes();
    let numbered = memchr::memchr2_iter(b'Q', b'K', bytes).filter_map(|at| numbered_mention(text, at));
    let mut found: Vec<ArticleMention> = numbered.collect();
    let n_numbered = found.len();
    found.extend(OURS.find_iter(bytes).filter_map(|at| named_mention(text, at)));
    for project in projects {
        let keys = memchr::memmem::find_iter(bytes, project.as_bytes());
        found.extend(keys.filter_map(|at| issue_mention(text, at, project.len())));
    }
    if found.len() > n_numbered {
        found.sort_by_key(|mention| mention.start);
    }
    found
}

fn numbered_mention(text: &str, start: usize) -> Option<ArticleMention> {
    let rest = &text.as_bytes()[start..];
    let letters = if rest.starts_with(b"KB") { 2 } else { 1 };
    let n_digits = rest[letters..].iter().take_while(|b| b.is_ascii_digit()).count();
    // Longer numbers after a `Q` are not article ids but serial numbers of disk files.
    let is_id = if letters == 2 { (5..=7).contains(&n_digits) } else { rest[0] == b'Q' && (5..=6).contains(&n_digits) };
    let end = start + letters + n_digits;
    // At the start of a line a title may follow its id without a blank; within a line such a word is a file name.
    let is_entry =
        just_before(text, start, title::MARGIN).rsplit('\n').next().is_some_and(|before| before.trim().is_empty());
    if !is_id || !starts_word(text, start) || !(is_entry || ends_word(text, end)) {
        return None;
    }
    // Seven digits of which the first is a zero are those of ServiceNow, whose ids keep their letters.
    let is_of_servicenow = n_digits == 7 && rest[letters] == b'0';
    let id =
        if is_of_servicenow { text[start..end].to_lowercase() } else { format!("Q{}", &text[start + letters..end]) };
    Some(ArticleMention { id, start, end })
}

/// The mention of an issue such as `OPS-12` at `start`, whose project has a name of `len` bytes.
fn issue_mention(text: &str, start: usize, len: usize) -> Option<ArticleMention> {
    let digits = text[start + len..].strip_prefix('-')?;
    let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    let end = start + len + 1 + n_digits;
    let is_key = n_digits > 0 && starts_word(text, start) && ends_word(text, end);
    is_key.then(|| ArticleMention { id: text[start..end].to_lowercase(), start, end })
}

/// The project of an issue, in capitals: `OPS` for `ops-12`. `None` for any other id.
pub(super) fn project_of(id: &str) -> Option<String> {
    let (project, number) = id.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let is_project = (2..=10).contains(&project.len())
        && project.starts_with(|c: char| c.is_ascii_lowercase())
        && project.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    (is_number && is_project).then(|| project.to_uppercase())
}

fn named_mention(text: &str, start: usize) -> Option<ArticleMention> {
    // A name may contain `cb-` again. Only the `cb-` at its start begins a mention.
    if !starts_word(text, start) {
        return None;
    }
    let rest = &text[start..];
    let len = rest.bytes().take_while(|&b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-').count();
    let id = rest[..len].trim_end_matches('-');
    let is_name = id.len() > "cb-".len();
    (is_name && ends_word(text, start + len)).then(|| ArticleMention {
        id: id.to_owned(),
        start,
        end: start + id.len(),
    })
}

fn starts_word(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\\' | '/' | '-'))
}

fn ends_word(text: &str, at: usize) -> bool {
    !text[at..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\\'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::model::SectionKind;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, Option<&str>)]) {
        let section = Section {
            kind: SectionKind::References,
            title: "REFERENCES".into(),
            level: 1,
            text: text.to_owned(),
            listings: None,
        };
        let references = find("", &[section], &["Q100000", "cb-own", "ops-7"]);
        let found: Vec<_> = references.iter().map(|r| (r.id.as_str(), r.title.as_deref())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn entries_quote_titles() {
        check(
            "see these:\n\n   Q123456 XFOR: How Mail Waits\n   Q234567: Another One\n\n   Q34567\n",
            &[("Q123456", Some("XFOR: How Mail Waits")), ("Q234567", Some("Another One")), ("Q34567", None)],
        );
    }

    #[test]
    fn a_wrapped_title_is_put_together() {
        check(
            "   Q123456 How to Make a Title So Long That Its Last Word Stands on the Next\n   Line\n\n   Q234567 Short One\n   Not a title\n",
            &[
                ("Q123456", Some("How to Make a Title So Long That Its Last Word Stands on the Next Line")),
                ("Q234567", Some("Short One")),
            ],
        );
    }

    #[test]
    fn the_old_list_form_is_read() {
        check(
            "   ARTICLE-ID: Q123456\n   TITLE     : Old Ways of Listing\n",
            &[("Q123456", Some("Old Ways of Listing"))],
        );
    }

    #[test]
    fn running_text_mentions_without_title_or_with_one_in_parentheses() {
        check(
            "refer to Q150969. See article KB305394 (Mail That\nWaits) or\nQ123456 for more, or cb-mail-mx.",
            &[("Q150969", None), ("Q305394", Some("Mail That Waits")), ("Q123456", None), ("cb-mail-mx", None)],
        );
    }

    #[test]
    fn each_article_is_listed_once_and_not_itself() {
        check("Q123456 and Q100000, cb-own\n\n   Q123456 A Title Then\n", &[("Q123456", Some("A Title Then"))]);
    }

    #[test]
    fn numbers_of_servicenow_and_issues_of_the_own_project_are_ids() {
        check(
            "See KB0010024, KB3201500, OPS-12, OPS-7 and (OPS-13). Not KB00100241, UTF-8, DEVOPS-3, OPS-x or OPS-1a.",
            &[("kb0010024", None), ("Q3201500", None), ("ops-12", None), ("ops-13", None)],
        );
    }

    #[test]
    fn a_title_refers_to_articles_too() {
        let found = find("Update KB3201500 stops the belt", &[], &["Q100000"]);
        assert_eq!(found, [Reference { id: "Q3201500".to_owned(), others: Vec::new(), title: None }]);
    }

    #[test]
    fn other_words_are_no_ids() {
        check("SQ123456 Q1234 Q1234567 run Q123456_x.exe, \\Q123456, K123456, KB1234, cb-, abcb-x, Quit", &[]);
    }
}
