//! Layout "HTML": a page of a knowledge base, a help centre or a wiki.
//!
//! Reads the text of the article that a browser shows, without scripts, navigation and banners. A Microsoft article has
//! the same result as its web text.

mod content;
mod dropped;
mod element;
mod entity;
mod markup;
mod page;
mod signs;

pub(super) use self::entity::decode_one as decode_entity;
use self::page::HtmlPage;
pub(in crate::article) use self::signs::{has_tags, is_fragment, is_page};
use super::blocks::{Block, BlockKind, Outline};
use super::link::LinkAddress;
use super::marked::MarkedArticle;
use super::notices;
use super::sections::sections_of;
use crate::article::date::parse_date;
use crate::article::field_name::{FieldName, field_named};
use crate::article::id::is_article_number;
use crate::article::model::Layout;

/// Reads a whole page.
pub(in crate::article) fn read(html: &str) -> MarkedArticle {
    let mut page = page::read(html);
    let (title, id) = split_id(&title(&page));
    let id = take_title(&mut page.blocks, &title).or(id);
    let notices = notices::take(&mut page.blocks);
    let mut fields: Vec<(FieldName, String)> = id.map(|id| (FieldName::Id, id)).into_iter().collect();
    fields.extend(metadata(&page));
    fields.extend(notices);
    fields.extend(addresses(&page).filter_map(|url| LinkAddress::new(url).article()).map(|id| (FieldName::Id, id)));
    fields.extend(page.tags.iter().map(|tag| (FieldName::Keywords, tag.clone())));
    fields.extend(times(&page));
    MarkedArticle::new(Layout::Html, title, fields, sections_of(&page.blocks))
}

/// Adds the blocks of a fragment of HTML to `outline`.
pub(super) fn read_into(outline: &mut Outline, html: &str) {
    page::read_into(outline, html);
}

/// Separators between the title of a page and the name of its site.
const SEPARATORS: [&str; 7] = [" - ", " | ", " – ", " — ", " · ", " :: ", " » "];

/// Returns the title of the article: the first heading if it agrees with a title in the page's metadata, otherwise such
/// a title without the name of the site. On many pages the first heading is the name of the site.
fn title(page: &HtmlPage) -> String {
    let shared = page.metadata.iter().find(|(name, _)| name == "og:title").map_or("", |(_, content)| content.as_str());
    let (heading, own) = (page.first_heading.as_str(), page.title.as_str());
    let titles = [shared, own];
    let begins_with = |title: &str, start: &str| {
        title.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
            || start.get(..title.len()).is_some_and(|head| head.eq_ignore_ascii_case(title))
    };
    let agree = titles.iter().any(|title| !title.is_empty() && begins_with(title, heading));
    if !heading.is_empty() && (agree || titles.iter().all(|title| title.is_empty())) {
        return heading.to_owned();
    }
    let title = if shared.is_empty() { own } else { shared };
    let site = [heading, own, shared].into_iter().find(|other| !other.is_empty() && *other != title);
    let end = site.and_then(|other| without_site(title, other)).unwrap_or(title);
    if end.is_empty() { heading.to_owned() } else { end.to_owned() }
}

/// Returns `Mail waits` for the title `Mail waits - Acme Help`, if `other` is one of the two parts.
fn without_site<'a>(title: &'a str, other: &str) -> Option<&'a str> {
    SEPARATORS.iter().find_map(|separator| {
        let (before, site) = title.rsplit_once(separator)?;
        (site == other || before == other).then_some(before)
    })
}

/// Splits `Mail waits (305394)`, `Mail waits (cb-mail-waits)`, `Q305394 - Mail waits` or `KB305394: Mail waits` into
/// title and id.
fn split_id(title: &str) -> (String, Option<String>) {
    let title = title.trim();
    if let Some((before, id)) = title.strip_suffix([')', ']']).and_then(|rest| rest.rsplit_once(['(', '['])) {
        // A bare number of four digits is a year.
        if id.starts_with("cb-") || is_article_id(id) && id.len() >= "30539".len() {
            return (before.trim().to_owned(), Some(id.to_owned()));
        }
    }
    let first = title.split([' ', ':']).next().unwrap_or_default();
    if is_article_id(first) && first.starts_with(['Q', 'K']) {
        let rest = title[first.len()..].trim_start_matches([' ', ':', '-', '–']);
        return (rest.to_owned(), Some(first.to_owned()));
    }
    (title.to_owned(), None)
}

/// Whether a word is an id such as `305394`, `Q305394` or `KB305394`.
fn is_article_id(word: &str) -> bool {
    let digits = word.strip_prefix("KB").or_else(|| word.strip_prefix('Q')).unwrap_or(word);
    is_article_number(digits)
}

/// Removes the heading that is the title, and returns the id in this heading, if any.
fn take_title(blocks: &mut Vec<Block>, title: &str) -> Option<String> {
    let mut heads = blocks.iter().enumerate().filter(|(_, block)| {
        matches!(block.kind, BlockKind::Heading(_) | BlockKind::Bold)
            && block.is_at_margin()
            && block.text.len() >= title.len()
    });
    let (at, id) = heads.find_map(|(at, block)| {
        let (text, id) = split_id(&block.text);
        text.eq_ignore_ascii_case(title).then_some((at, id))
    })?;
    blocks.remove(at);
    id
}

/// Returns the fields in the `meta` elements, without the title.
fn metadata(page: &HtmlPage) -> impl Iterator<Item = (FieldName, String)> {
    let named = page.metadata.iter().filter_map(|(name, content)| Some((field_named(name)?, content)));
    let told = named.filter(|(name, _)| *name != FieldName::Title);
    let is_day = |name: &FieldName| matches!(name, FieldName::Modified | FieldName::Created);
    // Servers and generators often write something else than a date there.
    let sound = told.filter(move |(name, content)| !is_day(name) || parse_date(content).is_some());
    sound.flat_map(|(name, content)| notices::split_value(name, content).map(move |value| (name, value.to_owned())))
}

/// Returns the addresses that the page states for itself in its metadata.
fn addresses(page: &HtmlPage) -> impl Iterator<Item = &str> {
    let shared = page.metadata.iter().filter(|(name, _)| name == "og:url").map(|(_, content)| content.as_str());
    page.canonical.as_deref().into_iter().chain(shared)
}

/// Returns the dates in the `time` elements of the page: of a change, or of creation.
fn times(page: &HtmlPage) -> impl Iterator<Item = (FieldName, String)> {
    let days = page.times.iter().filter(|(_, time)| parse_date(time).is_some());
    days.map(|(is_change, time)| (if *is_change { FieldName::Modified } else { FieldName::Created }, time.clone()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Generates a piece of a page: markup, or a word.
    fn piece() -> impl Strategy<Value = String> {
        let markup = "</?(p|b|div|ul|ol|li|table|tr|td|th|h2|h3|pre|blockquote|dl|dt|dd|a|details|summary|article|main|header|span)>|<br>|<hr>";
        prop_oneof![markup.prop_map(|tag: String| tag), Just(" ".to_owned()), Just("word ".to_owned())]
    }

    proptest! {
        #[test]
        fn every_word_of_a_fragment_is_kept_in_its_place(pieces in proptest::collection::vec(piece(), 0..60)) {
            let numbered = pieces.iter().enumerate().map(|(at, piece)| piece.replace("word", &format!("w{at}")));
            let html: String = numbered.collect();
            let mut outline = Outline::default();
            read_into(&mut outline, &html);
            let sections = sections_of(&outline.into_blocks());
            let shown: String = sections.iter().map(|section| format!("{}\n{}\n", section.title, section.text)).collect();
            let words = |text: &str| -> Vec<String> {
                let words = text.split(|c: char| !c.is_alphanumeric());
                words.filter(|word| word.starts_with('w')).map(str::to_owned).collect()
            };
            let written: Vec<String> = (0..pieces.len()).filter(|&at| pieces[at] == "word ").map(|at| format!("w{at}")).collect();
            prop_assert_eq!(words(&shown), written, "{}", html);
        }
    }

    fn page(shared: &str, heading: &str, own: &str) -> HtmlPage {
        HtmlPage {
            title: own.to_owned(),
            first_heading: heading.to_owned(),
            metadata: vec![("og:title".to_owned(), shared.to_owned())],
            ..HtmlPage::default()
        }
    }

    #[test]
    fn the_name_of_the_site_is_no_part_of_the_title() {
        for (shared, heading, own, expect) in [
            ("", "Mail waits", "Mail waits - Acme Help", "Mail waits"),
            ("", "Acme Help", "Mail waits | Acme Help", "Mail waits"),
            ("Mail waits", "Welcome", "Mail waits – Acme Help", "Mail waits"),
            ("Mail waits – Acme Help", "Mail waits", "", "Mail waits"),
            ("Mail waits – Acme", "", "Mail waits", "Mail waits"),
            ("", "", "Mail waits - or does it", "Mail waits - or does it"),
            ("", "Mail waits", "", "Mail waits"),
            ("", "", "", ""),
        ] {
            assert_eq!(title(&page(shared, heading, own)), expect, "{shared:?} {heading:?} {own:?}");
        }
    }

    #[test]
    fn ids_are_split_off_titles() {
        for (whole, title, id) in [
            ("Mail waits (305394)", "Mail waits", Some("305394")),
            ("Mail waits [Q30539]", "Mail waits", Some("Q30539")),
            ("Q305394 - XFOR: Mail waits", "XFOR: Mail waits", Some("Q305394")),
            ("KB305394: Mail waits", "Mail waits", Some("KB305394")),
            ("Mail waits (cb-mail-waits)", "Mail waits", Some("cb-mail-waits")),
            ("Mail waits (2003)", "Mail waits (2003)", None),
            ("2003: Mail waits", "2003: Mail waits", None),
            ("404 errors", "404 errors", None),
            ("Queue waits", "Queue waits", None),
            ("", "", None),
        ] {
            assert_eq!(split_id(whole), (title.to_owned(), id.map(str::to_owned)), "{whole}");
        }
    }
}
