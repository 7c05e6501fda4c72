//! Checks an article for links to articles that do not exist and for missing sections. Only the command `kb check` does
//! this, for articles that its user can still change. Adding articles to the store does not.

use std::collections::BTreeSet;

use super::error;
use super::links::{self, Anchors, anchors};
use super::model::{Article, Layout, SectionKind};
use super::place::Place;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Returns the diagnostics of `article`, which was parsed from `text`. `known` tells whether an article with an id or
/// alias exists.
pub fn check(text: &str, article: &Article, known: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    // A link names a place, not an id; `check_links` looks at links.
    let mentions = article.references.iter().filter(|reference| !reference.id.contains('/'));
    let dead = mentions.filter(|reference| !known(&reference.id));
    let mut found = article.diagnostics.clone();
    found.extend(dead.map(|reference| error::dead_link(place_of(text, &reference.id), &reference.id)));
    found.extend(missing_sections(text, article));
    found
}

/// An article as its links see it.
pub struct LinkedArticle {
    anchors: Anchors,
}

impl LinkedArticle {
    /// Reads the headings and names to which links lead from `text`.
    pub fn read(text: &str) -> LinkedArticle {
        LinkedArticle { anchors: anchors(text) }
    }
}

/// Returns the diagnostics of the links in `text`, an article of the layout `layout` at `place`. `linked` finds the
/// article with an address; `exists` tells whether there is a file at a path, as the link states it.
pub fn check_links<'a>(
    text: &str,
    layout: Layout,
    place: &Place,
    linked: &dyn Fn(&str) -> Option<&'a LinkedArticle>,
    exists: &dyn Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let own = LinkedArticle::read(text);
    let mut found = Vec::new();
    for link in links::find(text, layout) {
        let Some(target) = links::target(&link, place) else { continue };
        let is_own = target.path.is_empty() && target.addresses.is_empty();
        let article = if is_own { Some(&own) } else { target.addresses.iter().find_map(|address| linked(address)) };
        match (article, &target.anchor) {
            (Some(article), Some(anchor)) if !article.anchors.contain(anchor) => {
                found.push(error::dead_anchor(link.span, anchor, &target.path));
            }
            (Some(_), _) => {}
            // A link from the root of a site may lead to another part of the site.
            (None, _) if exists(&target.path) => {}
            (None, _) if target.path.starts_with('/') && !target.is_file() => {}
            (None, _) => found.push(error::dead_file(link.span, link.target)),
        }
    }
    found
}

fn missing_sections(text: &str, article: &Article) -> Vec<Diagnostic> {
    let kinds: BTreeSet<SectionKind> = article.sections.iter().map(|section| section.kind).collect();
    let has = |any: &[SectionKind]| any.iter().any(|kind| kinds.contains(kind));
    let title = place_of(text, &article.title);
    let mut found = Vec::new();
    if !has(&[SectionKind::Symptoms, SectionKind::Summary, SectionKind::Body]) {
        found.push(error::missing_section(title, "what happens (SYMPTOMS) or what the article is about (SUMMARY)"));
    }
    if has(&[SectionKind::Symptoms]) && !has(&[SectionKind::Cause]) {
        found.push(error::missing_section(title, "why it happens (CAUSE)"));
    }
    if has(&[SectionKind::Symptoms]) && !has(&[SectionKind::Resolution, SectionKind::Workaround]) {
        found.push(error::missing_section(title, "what to do (RESOLUTION or WORKAROUND)"));
    }
    found
}

/// Returns the span of the first `needle` in `text`, or an empty span if `text` does not contain it literally.
fn place_of(text: &str, needle: &str) -> Span {
    let start = text.find(needle).unwrap_or(0);
    if start == 0 && !text.starts_with(needle) { Span::new(0, 0) } else { Span::new(start, start + needle.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::parse;

    const ARTICLE: &str = "DOCUMENT:cb-hum  12-NOV-2026  [test]\nTITLE   :It hums\nPRODUCT :Test\nPROD/VER:1.0\nOPER/SYS:\n\
        KEYWORDS:\n\nSYMPTOMS\n========\n\nIt hums, see Q100100 and Q100200.\n\nRESOLUTION\n==========\n\nStop it.\n";

    #[test]
    fn dead_links_and_missing_sections_are_reported_at_their_places() {
        let article = parse(ARTICLE, "").expect("an article");
        let remarks: Vec<(&str, String, &str)> = check(ARTICLE, &article, &|id| id == "Q100100")
            .into_iter()
            .map(|found| (found.code, found.title.clone(), &ARTICLE[found.span().start..found.span().end]))
            .filter(|(code, ..)| *code >= "A100")
            .collect();
        let expected = [
            ("A101", "the article `Q100200` does not exist".to_owned(), "Q100200"),
            ("A102", "no section says why it happens (CAUSE)".to_owned(), "It hums"),
        ];
        assert_eq!(remarks, expected);
    }
}
