//! The attributes by which articles are filtered and counted: products, kinds, sections, events, dates. This module
//! makes their index terms from an article, and reads the terms when a filter is looked up.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::article::Article;
use crate::identifier::IdentifierKind;
use crate::product::{ProductRange, Range, Versions};
use crate::query;

/// Separates the parts of a product term. No name contains it.
const TAB: char = '\t';

/// The product terms of an article, one for each product: its canonical name and its versions, separated by tabs, as in
/// `exchange server⇥4.0⇥5.5 SP1 and later`.
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

/// Returns the canonical name of the product in a product term.
pub(super) fn product_name(term: &str) -> &str {
    term.split_once(TAB).map_or(term, |(name, _)| name)
}

/// A product as a filter names it: by any of its names, or by whole words of one.
pub(super) struct AskedProduct {
    /// The text of the filter, in lower case.
    written: String,
    /// The canonical name of the product, with the release if the filter names one, as in `exchange 2000`.
    range: ProductRange,
}

impl AskedProduct {
    pub(super) fn new(written: &str) -> AskedProduct {
        AskedProduct { written: written.to_lowercase(), range: ProductRange::parse(written, []) }
    }

    /// Whether a product term names this product. If both term and filter have versions, some of them must overlap.
    pub(super) fn is(&self, term: &str) -> bool {
        let name = product_name(term);
        if !holds_words(name, &self.range.product) && !holds_words(name, &self.written) {
            return false;
        }
        let (versions, asked) = (product_versions(term), &self.range.versions);
        let overlaps = |range: &Range| versions.ranges().iter().any(|own| own.overlaps(range) == Some(true));
        asked.is_empty() || versions.is_empty() || asked.ranges().iter().any(overlaps)
    }
}

/// Whether `name` contains `words` as whole words in a row.
fn holds_words(name: &str, words: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| c == ' ');
    name.match_indices(words)
        .any(|(at, _)| ends(name[..at].chars().next_back()) && ends(name[at + words.len()..].chars().next()))
}

/// Whether a product term has the version `asked` or a service pack of it. For a term without versions, returns
/// `may_be_unnamed`.
pub(super) fn has_version(term: &str, asked: &str, may_be_unnamed: bool) -> bool {
    let versions = product_versions(term);
    if versions.is_empty() {
        return may_be_unnamed;
    }
    let asked = Range::parse(product_name(term), asked);
    let level_of_asked = format!("{asked} ");
    let is_meant = |own: &Range| own.overlaps(&asked) == Some(true) || own.to_string().starts_with(&level_of_asked);
    versions.ranges().iter().any(is_meant)
}

pub(super) fn product_versions(term: &str) -> Versions {
    let mut parts = term.split(TAB);
    let name = parts.next().unwrap_or_default();
    Versions::parse(name, parts)
}

/// The kinds of an article in canonical spelling: the prefix of its title and the types in its footer.
pub(super) fn kinds(article: &Article) -> BTreeSet<String> {
    let types = article.issue_type.iter().flat_map(|types| types.split_whitespace());
    let types = types.map(|name| name.strip_prefix("kb").unwrap_or(name));
    types.chain(article.prefix.as_deref()).map(query::kind).collect()
}

/// The kinds of those sections of an article that contain text, by name.
pub(super) fn sections(article: &Article) -> BTreeSet<String> {
    let filled = article.sections.iter().filter(|section| !section.text.trim().is_empty());
    filled.map(|section| section.kind.name().to_owned()).collect()
}

/// The event terms of an article: for each event its source alone and the event with its source, in lower case: `disk/`
/// and `disk/7`. The event ids alone are indexed as codes.
pub(super) fn event_terms(article: &Article) -> BTreeSet<String> {
    let events = article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Event);
    let events = events.filter_map(|found| found.value.rsplit_once('/'));
    events.flat_map(|(source, number)| [source_term(source), event_term(source, number)]).collect()
}

/// The term of an event source, in lower case: `disk/`.
pub(super) fn source_term(source: &str) -> String {
    event_term(source, "")
}

/// The term of an event with its source, in lower case: `disk/7`.
pub(super) fn event_term(source: &str, number: &str) -> String {
    format!("{}/{number}", source.to_lowercase())
}

/// Converts a date to a number that sorts like dates and whose digits show the date: 19990331.
pub(super) fn day(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// Converts a [`day`] to a score > 1, which is higher for a later day. The score is exact: whole numbers up to 16
/// million fit an `f32`.
pub(super) fn score_of_day(day: i64) -> f32 {
    let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
    (1 + (year * 12 + month) * 31 + day) as f32
}

/// The year of a [`day`].
pub(super) fn year(day: i64) -> i64 {
    day / 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_found_by_any_of_its_names_or_by_words_of_one() {
        let term = "exchange server\t4.0\t5.5 SP1 and later";
        for name in ["exchange", "Microsoft Exchange Server", "server", "Exchange Server 4.0", "exchange 2000"] {
            assert!(AskedProduct::new(name).is(term), "{name}");
        }
        for name in ["outlook", "exchang", "exchange client", "exchange 5.0"] {
            assert!(!AskedProduct::new(name).is(term), "{name}");
        }
        assert!(AskedProduct::new("windows").is("windows nt server\t4.0"));
        assert!(AskedProduct::new("nt").is("windows nt server\t4.0"));
        assert!(!AskedProduct::new("windows 95").is("windows nt server\t4.0"));
    }

    #[test]
    fn a_version_is_meant_with_its_service_packs() {
        let term = "exchange server\t4.0\t5.5 SP1 and later";
        for version in ["4.0", "5.5", "5.5 SP3", "2000", "5.x", "4.0 and later"] {
            assert!(has_version(term, version, false), "{version}");
        }
        for version in ["5.0", "3.5", "4.0 SP1"] {
            assert!(!has_version(term, version, false), "{version}");
        }
        assert!(has_version("exchange server", "5.5", true));
        assert!(!has_version("exchange server", "5.5", false));
    }
}
