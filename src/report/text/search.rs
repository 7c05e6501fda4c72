//! Writes `casebook search`.

use std::cmp::Reverse;
use std::io;

use super::explain;
use super::show::reason;
use super::{DIM, HEADING, MARK, NAME, Page, counted, near_copies};
use crate::article::full_title;
use crate::report::clean::on_one_line;
use crate::store::{EmptyResult, Hit, SearchResults, SimilarTo, Snippet, UnknownWord, WhyNot};

/// Writes the hits, best first, each with its best passage; then the answer to `--why-not`.
pub fn search(page: &mut Page, query: &str, found: &SearchResults, why_not: Option<&WhyNot>) -> io::Result<()> {
    search_from(page, query, found, 0)?;
    let Some(why_not) = why_not else { return Ok(()) };
    page.blank()?;
    explain::why_not(page, why_not)
}

/// Writes the hits after the first `n_before`, which earlier pages have shown.
pub fn search_from(page: &mut Page, query: &str, found: &SearchResults, n_before: usize) -> io::Result<()> {
    found.like.as_ref().map_or(Ok(()), |of| like(page, of))?;
    match found.hits.is_empty() {
        true if found.like.is_some() => page.line("  no other article is similar"),
        true => nothing(page, query, found),
        false => hits(page, found, n_before),
    }
}

/// Writes which article `--more-like` named, and which of its words were searched for.
fn like(page: &mut Page, like: &SimilarTo) -> io::Result<()> {
    let lead = format!("Like {NAME}{}{NAME:#}  ", on_one_line(&like.id));
    page.paragraph(&lead, &format!("{HEADING}{}{HEADING:#}", on_one_line(&like.title)))?;
    page.paragraph("  searched for: ", &format!("{DIM}{}{DIM:#}", on_one_line(&like.words.join(" "))))?;
    let copies: Vec<String> = like.near_copies.iter().map(|(id, _)| id.clone()).collect();
    near_copies(page, "  ", &copies)?;
    page.blank()
}

fn hits(page: &mut Page, found: &SearchResults, n_before: usize) -> io::Result<()> {
    for (rank, hit) in (1..).zip(&found.hits).skip(n_before) {
        one(page, rank, hit)?;
    }
    facets(page, found)?;
    let total = counted(found.total as u64, "article matches", "articles match");
    page.line(format_args!("{DIM}{total}; read one with `casebook show ID`{DIM:#}"))?;
    unmatched(page, found)?;
    weak(page, found)?;
    suggestion(page, found)
}

/// Writes the most frequent values of each facet.
fn facets(page: &mut Page, found: &SearchResults) -> io::Result<()> {
    const SHOWN: usize = 8;
    for (facet, counts) in &found.facets {
        let mut counts: Vec<(&String, &u64)> = counts.iter().collect();
        counts.sort_by_key(|(value, count)| (Reverse(**count), *value));
        let shown = counts.iter().take(SHOWN).map(|(value, count)| format!("{} {count}", on_one_line(value)));
        let more = counts.len().saturating_sub(SHOWN);
        let rest = (more > 0).then(|| format!("{more} more"));
        let values = shown.chain(rest).collect::<Vec<_>>().join(" · ");
        page.paragraph(&format!("{HEADING}{facet}{HEADING:#}: "), &values)?;
    }
    if found.facets.is_empty() { Ok(()) } else { page.blank() }
}

/// Writes which filters and phrases the search ignored because no article matches them.
fn unmatched(page: &mut Page, found: &SearchResults) -> io::Result<()> {
    for filter in &found.unmatched {
        let value = on_one_line(&filter.value);
        let asked = match filter.field {
            None => format!("\"{value}\""),
            Some(field) => format!("{}:{value}", field.name()),
        };
        let near = filter.near.as_ref().map(|near| format!("; did you mean {}?", on_one_line(near)));
        let near = near.unwrap_or_default();
        page.paragraph("", &format!("No article matches {asked}, so the search ignored it{near}"))?;
    }
    Ok(())
}

fn nothing(page: &mut Page, query: &str, found: &SearchResults) -> io::Result<()> {
    page.paragraph("", &format!("Nothing found for {query:?}."))?;
    found.nothing.as_ref().map_or(Ok(()), |why| reasons(page, why))?;
    unmatched(page, found)?;
    page.paragraph("", "Try fewer or other words; part of the message is enough.")?;
    suggestion(page, found)
}

/// Writes why nothing was found, and how many articles match without one of the restrictions.
fn reasons(page: &mut Page, why: &EmptyResult) -> io::Result<()> {
    for UnknownWord { word, near } in &why.unknown {
        let near = match &near[..] {
            [] => String::new(),
            near => format!("; similar words in titles: {}", on_one_line(&near.join(", "))),
        };
        page.paragraph("  ", &format!("No article contains {HEADING}{}{HEADING:#}{near}", on_one_line(word)))?;
    }
    if let Some(n) = why.let_through {
        let matching = counted(n as u64, "article matches", "articles match");
        page.paragraph("  ", &format!("{matching} all filters and exclusions, without the words"))?;
    }
    for without in &why.without {
        let found = counted(without.total as u64, "article matches", "articles match");
        let (left_out, rest) = (explain::restriction(&without.restriction), on_one_line(&without.query));
        page.paragraph("  ", &format!("Without {left_out}, {found}: {HEADING}{rest}{HEADING:#}"))?;
    }
    Ok(())
}

/// Writes a warning if the best hit is a poor match.
fn weak(page: &mut Page, found: &SearchResults) -> io::Result<()> {
    if found.lacking.is_empty() {
        return Ok(());
    }
    let lacking = on_one_line(&found.lacking.join(", "));
    page.paragraph("", &format!("The first hit is a poor match: it does not contain {lacking}"))
}

fn suggestion(page: &mut Page, found: &SearchResults) -> io::Result<()> {
    match &found.suggestion {
        Some(better) => page.line(format_args!("Did you mean: {HEADING}{}{HEADING:#}", on_one_line(better))),
        None => Ok(()),
    }
}

fn one(page: &mut Page, rank: usize, hit: &Hit) -> io::Result<()> {
    let article = &hit.stored.article;
    let lead = format!("{rank:>3}. {NAME}{}{NAME:#}  ", on_one_line(&article.id));
    page.paragraph(&lead, &format!("{HEADING}{}{HEADING:#}", on_one_line(&full_title(article))))?;
    if !hit.snippet.text.is_empty() {
        page.paragraph("     ", &marked(&hit.snippet))?;
    }
    page.paragraph("     ", &format!("{DIM}{}{DIM:#}", on_one_line(&facts(hit))))?;
    near_copies(page, "     ", &hit.near_copies)?;
    let relations: Vec<String> = hit.relations.iter().map(reason).collect();
    if !relations.is_empty() {
        page.paragraph("     ", &format!("{DIM}{}{DIM:#}", on_one_line(&relations.join("; "))))?;
    }
    hit.explanation.as_ref().map_or(Ok(()), |explained| explain::explained(page, explained))?;
    page.blank()
}

/// The section of the passage, the products, the date and the collection of a hit, on one line.
fn facts(hit: &Hit) -> String {
    let article = &hit.stored.article;
    let products: Vec<String> = article.products.iter().take(2).map(product).collect();
    let more = article.products.len().saturating_sub(2);
    let mut facts = Vec::new();
    facts.extend(hit.section.map(|section| article.sections[section].kind.name().replace('_', " ")));
    facts.extend((!products.is_empty()).then(|| products.join(", ")));
    facts.extend((more > 0).then(|| format!("{more} more")));
    facts.extend(article.modified.map(|date| date.to_string()));
    facts.extend(article.state.unless_published().map(str::to_owned));
    facts.push(hit.stored.collection.clone());
    facts.join(" · ")
}

fn product(product: &crate::article::Product) -> String {
    if product.versions.is_empty() {
        return product.name.clone();
    }
    format!("{} {}", product.name, product.versions.join("/"))
}

fn marked(snippet: &Snippet) -> String {
    let mut text = String::new();
    let mut at = 0;
    for range in &snippet.highlights {
        text.push_str(&on_one_line(&snippet.text[at..range.start]));
        text.push_str(&format!("{MARK}{}{MARK:#}", on_one_line(&snippet.text[range.clone()])));
        at = range.end;
    }
    text + &on_one_line(&snippet.text[at..])
}
