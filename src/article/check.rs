//! Checks an article for links to articles that do not exist and for missing sections. Only the command `kb check` does
//! this, for articles that its user can still change. Adding articles to the store does not.

use std::collections::BTreeSet;

use super::error;
use super::links::{self, Anchors, anchors};
use super::model::{Article, Layout, Section, SectionKind};
use super::place::Place;
use super::section_name::kind_of;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Returns the diagnostics of `article`, which was parsed from `text`. `known` tells whether an article with an id or
/// alias exists.
pub fn check(text: &str, article: &Article, known: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    // A link names a place, not an id; `check_links` looks at links.
    let mentions = article.references.iter().filter(|reference| !reference.id.contains('/'));
    let dead = mentions.filter(|reference| !known(&reference.id));
    let mut found = article.diagnostics.clone();
    found.extend(dead.map(|reference| error::dead_link(place_of_id(text, &reference.id), &reference.id)));
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

/// Reports missing sections, by the kind of the article. Only an article that tells symptoms as such describes a problem and
/// needs a remedy. In the layouts of the Microsoft archive it needs a cause as well, unless it is a runbook for an alert, and
/// every article must say what it is about. A how-to, a list or a reference needs nothing.
fn missing_sections(text: &str, article: &Article) -> Vec<Diagnostic> {
    let kinds: BTreeSet<SectionKind> = article.sections.iter().map(|section| section.kind).collect();
    let has = |any: &[SectionKind]| any.iter().any(|kind| kinds.contains(kind));
    let is_of_kb = matches!(article.layout, Layout::Document | Layout::Page | Layout::WebText);
    let title = place_of_title(text, &article.title);
    let mut found = Vec::new();
    if is_of_kb && !has(&[SectionKind::Symptoms, SectionKind::Summary, SectionKind::Body]) {
        found.push(error::missing_section(title, "what happens (SYMPTOMS) or what the article is about (SUMMARY)"));
    }
    let describes_problem = article.sections.iter().any(|section| kind_of(&section.title) == SectionKind::Symptoms);
    if is_of_kb && describes_problem && !is_alert_runbook(article) && !has(&[SectionKind::Cause]) {
        found.push(error::missing_section(title, "why it happens (CAUSE)"));
    }
    if describes_problem && !has(&[SectionKind::Resolution, SectionKind::Workaround]) {
        found.push(error::missing_section(title, "what to do (RESOLUTION or WORKAROUND)"));
    }
    found
}

/// Whether an article tells what to do when an alert fires: it has sections that only such runbooks have.
fn is_alert_runbook(article: &Article) -> bool {
    const HEADS: [&str; 8] =
        ["meaning", "impact", "diagnosis", "mitigation", "alert", "alerts", "escalation", "troubleshooting"];
    let is_head = |section: &Section| HEADS.contains(&section.title.trim_end_matches(':').to_lowercase().as_str());
    article.sections.iter().any(is_head)
}

/// Returns the place where a text mentions the article `id`, in any spelling. If the text does not contain it literally, the
/// span is empty, at the start.
fn place_of_id(text: &str, id: &str) -> Span {
    let number = id.strip_prefix('Q').filter(|number| number.bytes().all(|b| b.is_ascii_digit()));
    let spellings = match number {
        Some(number) => vec![id.to_owned(), format!("KB{number}"), number.to_owned()],
        None => vec![id.to_owned()],
    };
    let is_inner = |c: char| c.is_alphanumeric();
    let whole = |spelling: &String| {
        let found = text
            .match_indices(spelling.as_str())
            .find(|(at, _)| !text[..*at].ends_with(is_inner) && !text[at + spelling.len()..].starts_with(is_inner));
        found.map(|(at, _)| Span::new(at, at + spelling.len()))
    };
    spellings.iter().find_map(whole).unwrap_or_else(|| place_of(text, id))
}

/// Returns the place of the title in the first line that contains it: the whole line if the title has marks there that the
/// article does not have. Otherwise an empty span at the start.
fn place_of_title(text: &str, title: &str) -> Span {
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let wanted = bare(title);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim();
        if !wanted.is_empty() && bare(shown).contains(&wanted) {
            let start = start + line.len() - line.trim_start().len();
            let (at, len) = shown.find(title).map_or((0, shown.len()), |at| (at, title.len()));
            return Span::new(start + at, start + at + len);
        }
        start += line.len();
    }
    Span::new(0, 0)
}

/// Returns the span of the first `needle` in `text`, or an empty span if `text` does not contain it literally.
fn place_of(text: &str, needle: &str) -> Span {
    text.find(needle).map_or(Span::new(0, 0), |start| Span::new(start, start + needle.len()))
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

    #[track_caller]
    fn check_remarks(text: &str, expect: &[(&str, &str)]) {
        let article = parse(text, "it").expect("an article");
        let found = check(text, &article, &|_| false);
        let shown: Vec<(&str, &str)> = found
            .iter()
            .filter(|found| found.code >= "A100")
            .map(|found| (found.title.as_str(), &text[found.span().start..found.span().end]))
            .collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn the_kind_of_an_article_decides_what_it_needs() {
        let remedy = "no section says what to do (RESOLUTION or WORKAROUND)";
        check_remarks("# It *hums*\n\n## Symptoms\n\nIt hums.\n", &[(remedy, "# It *hums*")]);
        check_remarks("# It *hums*\n\n## Symptoms\n\nIt hums.\n\n## Fix\n\nOil it.\n", &[]);
        check_remarks("# BeltHums\n\n## Meaning\n\nIt hums.\n\n## Mitigation\n\nOil it.\n", &[]);
        check_remarks("# BeltHums\n\n## Symptoms\n\nIt hums.\n\n## Diagnosis\n\nListen.\n\n## Fix\n\nOil it.\n", &[]);
        check_remarks("# Oil a belt\n\n## Steps\n\n1. Open it.\n2. Oil it.\n", &[]);
    }

    #[test]
    fn a_dead_link_is_found_in_the_spelling_of_the_text() {
        let text = "# It hums\n\nWe have Q1001005 of them. See KB100100.\n";
        check_remarks(text, &[("the article `Q100100` does not exist", "KB100100")]);
    }
}
