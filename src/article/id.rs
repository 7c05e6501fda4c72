//! The canonical form of article ids, which have many spellings.

use crate::normal_form::composed;

/// Returns the canonical form of an article id: `Q169781` for `KB169781`, `ME169781`, `169781`, `q169781` and
/// `(169781)`; any other id in lower case, with as few characters as possible. An address such as `/old/queue/` loses the slashes
/// around it.
pub fn canonical_id(id: &str) -> String {
    let id = id.trim().trim_matches('/');
    let bare = id.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(id).trim();
    match number_of(bare) {
        Some(number) => format!("Q{number}"),
        None => composed(&bare.to_lowercase()).into_owned(),
    }
}

/// Whether an id, in canonical form, names one article in every collection: `Q305394` of Microsoft, `cb-…` of the bundled
/// book. Any other id belongs to its collection.
pub fn is_shared_id(id: &str) -> bool {
    id.starts_with("cb-") || id.strip_prefix('Q').is_some_and(is_article_number)
}

/// Returns the digits of the id of a Microsoft article: three to seven, with or without `Q`, `KB` or `ME` before them.
/// They never begin with a zero, unlike those of ServiceNow's `KB0010042`. Returns `None` for any other id.
fn number_of(id: &str) -> Option<&str> {
    let digits = id.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &id[..id.len() - digits.len()];
    let known = ["", "Q", "KB", "ME"].iter().any(|prefix| letters.eq_ignore_ascii_case(prefix));
    (known && is_article_number(digits) && !digits.starts_with('0')).then_some(digits)
}

/// Whether a text has the form of the number of a Microsoft article: three to seven digits.
pub(super) fn is_article_number(text: &str) -> bool {
    (3..=7).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_one_id() {
        for spelling in ["Q169781", "q169781", "KB169781", "kb169781", "ME169781", "169781", "(169781)", " Q169781 "] {
            assert_eq!(canonical_id(spelling), "Q169781", "{spelling}");
        }
    }

    #[test]
    fn the_ids_of_microsoft_and_of_the_book_are_shared() {
        for (id, is_shared) in [
            ("Q305394", true),
            ("cb-disk-full", true),
            ("overview", false),
            ("q305394", false),
            ("Q3x", false),
            ("104", false),
        ] {
            assert_eq!(is_shared_id(id), is_shared, "{id}");
        }
    }

    #[test]
    fn other_ids_are_lower_case() {
        assert_eq!(canonical_id("cb-Disk-Full"), "cb-disk-full");
        assert_eq!(canonical_id("X169781"), "x169781");
        assert_eq!(canonical_id("Q12"), "q12");
        assert_eq!(canonical_id("KB0010042"), "kb0010042");
        assert_eq!(canonical_id("/old/Queue/"), "old/queue");
        assert_eq!(canonical_id("()"), "");
        assert_eq!(canonical_id("kb/GRO\u{308}ßE"), "kb/größe");
    }
}
