//! Whether a cause can be there at all, given what is known of products and versions (LANGUAGE §5).

use std::cmp::Ordering;

use crate::rule::program::{Applies, Cause, Comparison};

/// Three-valued, as everything about what was not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applicability {
    /// It names no product, or a version in range was given.
    Applies,
    /// Versions were given for every product it names, and all are out of range.
    OutOfRange,
    /// Too little was given.
    Unknown,
}

/// Several `applies` are alternatives, as in the "applies to" list of an article: any one in range will do.
/// `products` are names with versions as given; a product may have several versions.
pub(crate) fn applicability(cause: &Cause, products: &[(String, String)]) -> Applicability {
    let each = || cause.applies.iter().map(|applies| in_range(applies, products));
    if cause.applies.is_empty() || each().any(|fits| fits == Some(true)) {
        Applicability::Applies
    } else if each().all(|fits| fits == Some(false)) {
        Applicability::OutOfRange
    } else {
        Applicability::Unknown
    }
}

/// Whether any version given for the product lies in range; `None` when none was given.
fn in_range(applies: &Applies, products: &[(String, String)]) -> Option<bool> {
    let mut versions = products
        .iter()
        .filter(|(name, _)| name.to_lowercase() == applies.product.to_lowercase())
        .map(|(_, version)| version)
        .peekable();
    versions.peek()?;
    Some(versions.any(|version| applies.bounds.iter().all(|(op, bound)| holds(version, *op, &bound.0))))
}

fn holds(version: &str, op: Comparison, bound: &str) -> bool {
    let order = compare_versions(version, bound);
    match op {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
        // The grammar of `applies` has the six above alone; these read a version as the text it is.
        Comparison::Has => version.contains(bound),
        Comparison::Starts => version.starts_with(bound),
        Comparison::Ends => version.ends_with(bound),
        Comparison::Like => version == bound,
    }
}

/// Compares number by number and, between numbers, letters as text whatever their case: `5.5` = `5.5.0` < `5.5 SP3` <
/// `5.10`. What stands between them (points, blanks, dashes) does not count.
pub(crate) fn compare_versions(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (a, b) = (version_parts(&a), version_parts(&b));
    let zero = Part::Number(0, "");
    (0..a.len().max(b.len()))
        .map(|index| a.get(index).unwrap_or(&zero).cmp(b.get(index).unwrap_or(&zero)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Part of a version. The derived order is the one wanted: numbers before words, shorter numbers before longer ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    /// How many digits, and the digits, without leading zeros: of any size.
    Number(usize, &'a str),
    Word(&'a str),
}

fn version_parts(version: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for run in version.split(|c: char| !c.is_alphanumeric()) {
        let mut rest = run;
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            let digits = part.trim_start_matches('0');
            parts.push(if is_digit { Part::Number(digits.len(), digits) } else { Part::Word(part) });
            rest = after;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::testing::Book;

    #[test]
    fn versions_compare_number_by_number() {
        let ascending = ["4.0", "5.0", "5.5", "5.5.2653.13", "5.5 SP3", "5.5sp4", "5.10", "2000"];
        for (index, low) in ascending.iter().enumerate() {
            for high in &ascending[index + 1..] {
                assert_eq!(compare_versions(low, high), Ordering::Less, "{low} < {high}");
                assert_eq!(compare_versions(high, low), Ordering::Greater, "{high} > {low}");
            }
        }
        assert_eq!(compare_versions("5.5", "5.5.0"), Ordering::Equal);
        assert_eq!(compare_versions("5.5 SP3", "05.5-sp03"), Ordering::Equal);
        assert_eq!(compare_versions("99999999999999999999999", "100000000000000000000000"), Ordering::Less);
    }

    #[track_caller]
    fn check(products: &[(&str, &str)], expected: Applicability) {
        let mut book = Book::default();
        let cause = book.cause("dns", 0.05, &[]);
        book.applies(cause, "exchange", &[(Comparison::GreaterOrEqual, "5.0"), (Comparison::Less, "6.0")]);
        book.applies(cause, "imail", &[(Comparison::Equal, "3")]);
        let products: Vec<_> = products.iter().map(|(name, version)| (name.to_string(), version.to_string())).collect();
        assert_eq!(applicability(&book.program.causes[0], &products), expected);
    }

    #[test]
    fn one_range_that_holds_is_enough() {
        check(&[("Exchange", "5.5 SP4")], Applicability::Applies);
        check(&[("exchange", "6.0"), ("imail", "3.0")], Applicability::Applies);
        check(&[("exchange", "6.0"), ("exchange", "5.5")], Applicability::Applies);
    }

    #[test]
    fn only_all_ranges_refuted_is_out_of_range() {
        check(&[("exchange", "6.0"), ("imail", "4")], Applicability::OutOfRange);
        check(&[("exchange", "6.0")], Applicability::Unknown);
        check(&[("windows", "5.5")], Applicability::Unknown);
        check(&[], Applicability::Unknown);
    }

    #[test]
    fn a_cause_that_names_no_product_applies() {
        let mut book = Book::default();
        book.cause("any", 0.05, &[]);
        assert_eq!(applicability(&book.program.causes[0], &[]), Applicability::Applies);
    }
}
