//! The state of an article in the life of its KB: a draft, published, or retired.

use super::model::ArticleState;
use super::synonym::words_of;

/// The words for an article that is not yet published. Words of trackers of work, such as `in progress`, say nothing of the
/// article.
#[rustfmt::skip]
const DRAFT: [&str; 5] = ["draft", "wip", "work in progress", "review", "unpublished"];

/// The words for an article that no longer holds, or soon will not.
#[rustfmt::skip]
const RETIRED: [&str; 12] = [
    "retired", "pending retirement", "archived", "obsolete", "deprecated", "outdated", "withdrawn", "superseded", "expired",
    "trashed", "deleted", "end of life",
];

/// The words for an article that holds.
const PUBLISHED: [&str; 6] = ["published", "current", "online", "active", "approved", "live"];

impl ArticleState {
    /// Reads a state as ServiceNow, Confluence, Salesforce or an author writes it; case and punctuation do not matter. Returns
    /// `None` for a text that is none of the known words.
    pub(super) fn read(written: &str) -> Option<ArticleState> {
        let words = words_of(written);
        let is_one_of = |known: &[&str]| known.contains(&words.as_str());
        if is_one_of(&DRAFT) {
            Some(ArticleState::Draft)
        } else if is_one_of(&RETIRED) {
            Some(ArticleState::Retired)
        } else {
            is_one_of(&PUBLISHED).then_some(ArticleState::Published)
        }
    }

    /// The state that the fields of an article state: a word for the state, or yes for "is a draft" or "is retired". A later
    /// state in its life counts more.
    pub(super) fn of<'a>(
        states: impl Iterator<Item = &'a str>,
        draft: impl Iterator<Item = &'a str>,
        retired: impl Iterator<Item = &'a str>,
    ) -> ArticleState {
        let is_yes = |text: &str| ["true", "yes", "1"].contains(&text.trim().to_lowercase().as_str());
        let named = states.filter_map(ArticleState::read);
        let drafts = draft.filter(|text| is_yes(text)).map(|_| ArticleState::Draft);
        let retired = retired.filter(|text| is_yes(text)).map(|_| ArticleState::Retired);
        named.chain(drafts).chain(retired).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_many_spellings() {
        for (written, expect) in [
            ("Published", Some(ArticleState::Published)),
            ("WORK-IN-PROGRESS", Some(ArticleState::Draft)),
            ("Pending Retirement", Some(ArticleState::Retired)),
            ("retired", Some(ArticleState::Retired)),
            ("In Progress", None),
            ("We are looking into it.", None),
            ("", None),
        ] {
            assert_eq!(ArticleState::read(written), expect, "{written}");
        }
    }

    #[test]
    fn the_last_state_in_the_life_of_an_article_counts() {
        let of = |state: &str, draft: &str, retired: &str| {
            ArticleState::of([state].into_iter(), [draft].into_iter(), [retired].into_iter())
        };
        assert_eq!(of("open", "false", ""), ArticleState::Published);
        assert_eq!(of("", "true", "no"), ArticleState::Draft);
        assert_eq!(of("draft", "", "True"), ArticleState::Retired);
        assert_eq!(of("retired", "true", ""), ArticleState::Retired);
    }
}
