//! Writes `casebook show`.

use std::io;

use super::{DIM, HEADING, NAME, Page, counted, percent};
use crate::article::{Section, SectionKind, full_title};
use crate::pipeline::Shown;
use crate::report::clean::{in_lines, on_one_line};
use crate::store::{ArticleSignature, Related, Relation};

/// Of the articles that refer to this one, at most this many are shown with their titles; there may be hundreds.
const MAX_TITLED: usize = 20;

/// Writes the whole article: facts, sections, and references in both directions.
pub fn show(page: &mut Page, shown: &Shown) -> io::Result<()> {
    let article = &shown.stored.article;
    page.paragraph(
        &format!("{NAME}{}{NAME:#}  ", on_one_line(&article.id)),
        &format!("{HEADING}{}{HEADING:#}", on_one_line(&full_title(article))),
    )?;
    let products = article.products.iter().map(|product| match product.versions.is_empty() {
        true => product.name.clone(),
        false => format!("{} {}", product.name, product.versions.join(", ")),
    });
    fact(page, "applies to", &products.collect::<Vec<_>>().join(" · "))?;
    fact(page, "system", &article.os.join(", "))?;
    fact(page, "state", article.state.unless_published().unwrap_or_default())?;
    fact(page, "modified", &article.modified.map(|date| date.to_string()).unwrap_or_default())?;
    fact(page, "also", &article.aliases.join(", "))?;
    fact(page, "keywords", &article.keywords.join(", "))?;
    fact(page, "source", &shown.stored.source)?;
    for section in &article.sections {
        one(page, section)?;
    }
    references(page, shown)?;
    shown.related.as_ref().map_or(Ok(()), |articles| related(page, articles))?;
    shown.signatures.as_ref().map_or(Ok(()), |found| signatures(page, found))
}

fn fact(page: &mut Page, name: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    page.paragraph(&format!("  {DIM}{name:<10}{DIM:#} "), &on_one_line(value))
}

fn one(page: &mut Page, section: &Section) -> io::Result<()> {
    match section.kind {
        SectionKind::Body => page.blank()?,
        _ => page.heading(&on_one_line(&section.title))?,
    }
    // Only lines that are too long are wrapped, because tables, code and nested steps need their columns.
    for line in in_lines(&section.text).lines() {
        let text = line.trim_start();
        let indent = format!("  {}", &line[..line.len() - text.len()]);
        match text {
            "" => page.blank()?,
            text if page.fits(&indent, text) => page.line(format_args!("{indent}{text}"))?,
            text => {
                let (marker, text) = text.split_at(marker_len(text));
                page.paragraph(&format!("{indent}{marker}"), text)?;
            }
        }
    }
    Ok(())
}

/// Length in bytes of the bullet or number at the beginning of a list item, including the blank; 0 without one. Further
/// lines of the item are indented by it.
fn marker_len(text: &str) -> usize {
    let (first, _) = text.split_once(' ').unwrap_or_default();
    let is_number = first.strip_suffix('.').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if is_number || matches!(first, "•" | "-" | "*") { first.len() + 1 } else { 0 }
}

fn references(page: &mut Page, shown: &Shown) -> io::Result<()> {
    if !shown.references.is_empty() {
        page.heading("Refers to")?;
    }
    for (reference, known) in &shown.references {
        let title = on_one_line(reference.title.as_deref().unwrap_or_default());
        let id = on_one_line(&reference.id);
        let missing = if *known { "" } else { " (not in this KB)" };
        page.paragraph(&format!("  {NAME}{id}{NAME:#}  "), &format!("{title}{DIM}{missing}{DIM:#}"))?;
    }
    referenced_by(page, &shown.referenced_by)
}

/// Writes which articles refer to this one: the first with their titles, the rest by id.
fn referenced_by(page: &mut Page, articles: &[(String, String)]) -> io::Result<()> {
    if articles.is_empty() {
        return Ok(());
    }
    page.heading("Referred to by")?;
    let (titled, rest) = articles.split_at(articles.len().min(MAX_TITLED));
    for (id, title) in titled {
        page.paragraph(&format!("  {NAME}{}{NAME:#}  ", on_one_line(id)), &on_one_line(title))?;
    }
    if rest.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = rest.iter().map(|(id, _)| id.as_str()).collect();
    page.paragraph("  ", &format!("{DIM}and {DIM:#}{}", on_one_line(&ids.join(", "))))
}

fn related(page: &mut Page, related: &[Related]) -> io::Result<()> {
    page.heading("Related")?;
    for article in related {
        let lead = format!("  {NAME}{}{NAME:#}  ", on_one_line(&article.id));
        let reasons: Vec<String> = article.reasons.iter().map(reason).collect();
        let reasons = on_one_line(&reasons.join("; "));
        page.paragraph(&lead, &format!("{}  {DIM}{reasons}{DIM:#}", on_one_line(&article.title)))?;
    }
    match related {
        [] => page.line("  nothing in this KB"),
        _ => Ok(()),
    }
}

fn signatures(page: &mut Page, signatures: &[ArticleSignature]) -> io::Result<()> {
    page.heading("Signatures")?;
    for ArticleSignature { kind, text, n_articles, weight, .. } in signatures {
        let rarity = match n_articles {
            Some(n) => counted(*n, "article names it", "articles name it"),
            None => format!("match weight {weight:.1}"),
        };
        let lead = format!("  {DIM}{:<8}{DIM:#} ", kind.name());
        page.paragraph(&lead, &format!("{}  {DIM}{rarity}{DIM:#}", on_one_line(text)))?;
    }
    match signatures {
        [] => page.line("  none: the article names no message, event, code or file"),
        _ => Ok(()),
    }
}

/// Says how an article is related to the one that is shown.
pub(super) fn reason(relation: &Relation) -> String {
    match relation {
        Relation::NearCopy { similarity } => format!("a near-copy, {} alike", percent(f64::from(*similarity))),
        Relation::Cites => "this one refers to it".to_owned(),
        Relation::CitedBy => "refers to this one".to_owned(),
        Relation::CitedTogether { by } => {
            format!("{} to both", counted(*by as u64, "article refers", "articles refer"))
        }
        Relation::Shares { identifiers } => format!("both name {}", identifiers.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_lines_of_a_list_item_are_indented() {
        for (text, len) in [("• one", 4), ("- one", 2), ("12. one", 4), ("one two", 0), (". one", 0), ("-one", 0)] {
            assert_eq!(marker_len(text), len, "{text}");
        }
    }
}
