//! What articles are filtered and counted by, beside their words: products, kinds, sections, events, dates. Each is made
//! here from an article, and read here where a filter looks through the terms.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::article::Article;
use crate::identifier::IdentifierKind;
use crate::product::{ProductRange, Versions};
use crate::query;

/// Stands between the parts of a product term; no name holds it.
const TAB: char = '\t';

/// The products of an article, each as its canonical name and the versions that are meant: `exchange server⇥4.0⇥5.5 SP1 and
/// later`.
pub(super) fn product_terms(article: &Article) -> BTreeSet<String> {
    let term = |product: &crate::article::Product| {
        let range = ProductRange::parse(&product.name, product.versions.iter().map(String::as_str));
        let mut term = range.product.replace(TAB, " ");
        for versions in range.versions.ranges() {
            term.push(TAB);
            term.push_str(&versions.to_string());
        }
        term
    };
    article.products.iter().map(term).collect()
}

/// The canonical name in a product term.
pub(super) fn product_name(term: &str) -> &str {
    term.split_once(TAB).map_or(term, |(name, _)| name)
}

/// The versions in a product term; empty where none was named.
pub(super) fn product_versions(term: &str) -> Versions {
    let mut parts = term.split(TAB);
    let name = parts.next().unwrap_or_default();
    Versions::parse(name, parts)
}

/// What kind of article it is: what its title begins with and what its footer says, in one spelling.
pub(super) fn kinds(article: &Article) -> BTreeSet<String> {
    let types = article.issue_type.iter().flat_map(|types| types.split_whitespace());
    let types = types.map(|name| name.strip_prefix("kb").unwrap_or(name));
    types.chain(article.prefix.as_deref()).map(query::kind).collect()
}

/// Names of the kinds of its sections that hold text.
pub(super) fn sections(article: &Article) -> BTreeSet<String> {
    let filled = article.sections.iter().filter(|section| !section.text.trim().is_empty());
    filled.map(|section| section.kind.name().to_owned()).collect()
}

/// The sources of its events and each event with its source, in lower case: `disk/` and `disk/7`. The numbers alone are among
/// the codes.
pub(super) fn event_terms(article: &Article) -> BTreeSet<String> {
    let events = article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Event);
    let events = events.filter_map(|found| found.value.rsplit_once('/'));
    events.flat_map(|(source, number)| [source_term(source), event_term(source, number)]).collect()
}

/// The term of what logs an event.
pub(super) fn source_term(source: &str) -> String {
    event_term(source, "")
}

/// The term of an event with its source.
pub(super) fn event_term(source: &str, number: &str) -> String {
    format!("{}/{number}", source.to_lowercase())
}

/// A day as a number that has the order of days and shows the year: 19990331.
pub(super) fn day(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// The year of a [`day`].
pub(super) fn year(day: i64) -> i64 {
    day / 10_000
}
