//! Mentions of other articles.

use std::collections::HashMap;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::lines::{Line, just_before, lines};
use super::model::{Reference, Section};

/// A line of the archive is wrapped when the next word would pass this column; a title this close to it may go on below.
const WRAP_COLUMN: usize = 79;

/// A title in parentheses is not longer; the longest of the archive has 143 bytes.
const LONGEST_TITLE: usize = 160;

/// The articles that `sections` mention, each once, in order of first mention, without those in `own`.
pub(super) fn find(sections: &[Section], own: &[&str]) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for section in sections {
        for mention in mentions(&section.text) {
            if own.contains(&mention.id.as_str()) {
                continue;
            }
            let title = title_of(&section.text, &mention);
            match places.get(&mention.id) {
                Some(&place) => found[place].title = found[place].title.take().or(title),
                None => {
                    places.insert(mention.id.clone(), found.len());
                    found.push(Reference { id: mention.id, title });
                }
            }
        }
    }
    found
}

/// The id of a list entry stands within this many bytes of its line start: after a margin or an `ARTICLE-ID :`.
const MARGIN: usize = 40;

/// An article id at `start..end` of a text.
struct Mention {
    id: String,
    start: usize,
    end: usize,
}

/// `Q123456`, `KB123456` and `cb-name`, in order.
fn mentions(text: &str) -> Vec<Mention> {
    static OURS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("cb-"));
    let bytes = text.as_bytes();
    let numbered = memchr::memchr2_iter(b'Q', b'K', bytes).filter_map(|at| numbered_mention(text, at));
    let mut found: Vec<Mention> = numbered.collect();
    let n_numbered = found.len();
    found.extend(OURS.find_iter(bytes).filter_map(|at| named_mention(text, at)));
    if found.len() > n_numbered {
        found.sort_by_key(|mention| mention.start);
    }
    found
}

fn numbered_mention(text: &str, start: usize) -> Option<Mention> {
    let rest = &text.as_bytes()[start..];
    let letters = if rest.starts_with(b"KB") { 2 } else { 1 };
    let n_digits = rest[letters..].iter().take_while(|b| b.is_ascii_digit()).count();
    // Longer ones with a `Q` are the serial numbers of disk files.
    let is_id = if letters == 2 { (5..=7).contains(&n_digits) } else { rest[0] == b'Q' && (5..=6).contains(&n_digits) };
    let end = start + letters + n_digits;
    // A few titles follow their id without a blank; within a line this is a file name.
    let is_entry = just_before(text, start, MARGIN).rsplit('\n').next().is_some_and(|before| before.trim().is_empty());
    if !is_id || !starts_word(text, start) || !(is_entry || ends_word(text, end)) {
        return None;
    }
    Some(Mention { id: format!("Q{}", &text[start + letters..end]), start, end })
}

fn named_mention(text: &str, start: usize) -> Option<Mention> {
    // A name holds further hits of `cb-`, and is not to be read again from each.
    if !starts_word(text, start) {
        return None;
    }
    let rest = &text[start..];
    let len = rest.bytes().take_while(|&b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-').count();
    let id = rest[..len].trim_end_matches('-');
    let is_name = id.len() > "cb-".len();
    (is_name && ends_word(text, start + len)).then(|| Mention { id: id.to_owned(), start, end: start + id.len() })
}

fn starts_word(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\\' | '/' | '-'))
}

fn ends_word(text: &str, at: usize) -> bool {
    !text[at..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\\'))
}

/// The title that is quoted with a mention: after the id of a list entry, below an `ARTICLE-ID:`, or in parentheses.
fn title_of(text: &str, mention: &Mention) -> Option<String> {
    let title = match line_start(text, mention.start).map(|start| (start, text[start..mention.start].trim())) {
        Some((start, "")) if starts_entry(text, start) => entry(&text[start..], mention.end - start),
        Some((_, before)) if before.starts_with("ARTICLE-ID") => {
            let below = lines(&text[mention.end..]).nth(1)?;
            let title = below.content().strip_prefix("TITLE")?.trim_start().strip_prefix(':')?;
            Some(title.trim().to_owned())
        }
        _ => in_parentheses(&text[mention.end..]),
    };
    title.filter(|title| is_title(title))
}

/// Where the line begins that byte `at` is in, if that is within [`MARGIN`].
fn line_start(text: &str, at: usize) -> Option<usize> {
    let margin = just_before(text, at, MARGIN);
    let start = at - margin.rsplit('\n').next().unwrap_or(margin).len();
    (start == 0 || text[..start].ends_with('\n')).then_some(start)
}

/// Whether the line at `start` begins a paragraph or follows another entry, so that it is not running text.
fn starts_entry(text: &str, start: usize) -> bool {
    let Some(above) = text[..start].strip_suffix('\n') else {
        return start == 0;
    };
    let is_paragraph = above.is_empty() || above.ends_with('\n');
    let reachable = just_before(above, above.len(), 2 * WRAP_COLUMN);
    let line_above = reachable.rsplit('\n').next().unwrap_or(reachable).trim_start();
    is_paragraph || line_above.strip_prefix('Q').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The rest of an entry whose id ends at byte `from` of `text`, with the line below if the title was wrapped.
fn entry(text: &str, from: usize) -> Option<String> {
    let mut all = lines(text);
    let first = all.next()?;
    let mut title = first.text[from..].trim_start_matches([':', '.', ',', ' ', '-', '\u{a0}']).to_owned();
    if let Some(below) = all.next().filter(|below| is_wrapped(first, *below)) {
        title.push(' ');
        title.push_str(below.content());
    }
    Some(title)
}

fn is_wrapped(line: Line<'_>, below: Line<'_>) -> bool {
    let next_word = below.content().split(' ').next().unwrap_or_default();
    let is_next_entry = next_word.strip_prefix('Q').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let would_not_fit = line.text.len() + 1 + next_word.len() > WRAP_COLUMN;
    !below.is_blank() && below.indent() == line.indent() && !is_next_entry && would_not_fit
}

fn in_parentheses(after: &str) -> Option<String> {
    let inside = after.trim_start().strip_prefix('(')?;
    let end = memchr::memchr(b')', &inside.as_bytes()[..inside.len().min(LONGEST_TITLE + 1)])?;
    Some(inside[..end].split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A title has several words and does not begin like the rest of a sentence.
fn is_title(text: &str) -> bool {
    text.contains(' ') && !text.starts_with(|c: char| c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::model::SectionKind;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, Option<&str>)]) {
        let section =
            Section { kind: SectionKind::References, title: "REFERENCES".into(), level: 1, text: text.to_owned() };
        let references = find(&[section], &["Q100000", "cb-own"]);
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
    fn other_words_are_no_ids() {
        check("SQ123456 Q1234 Q1234567 run Q123456_x.exe, \\Q123456, K123456, KB1234, cb-, abcb-x, Quit", &[]);
    }
}
