//! Decides whether a cause can be present at all, given the products and versions in use.

use crate::product::Release;
use crate::rule::{Applies, Cause};

/// Whether a cause can be present, as far as the versions given decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applicability {
    /// The cause names no product, or a version in range was given.
    Applies,
    /// Versions were given for every product that it names, and all are out of range.
    OutOfRange,
    /// Too little is known: a version was not given, or cannot be compared.
    Unknown,
}

/// Decides whether `cause` can be present, given the versions in `products`. Several `applies` are alternatives, as in
/// the "applies to" list of an article: one in range is enough. A product may be given in several versions.
pub(crate) fn applicability(cause: &Cause, products: &[Release]) -> Applicability {
    let each = || cause.applies.iter().map(|applies| in_range(applies, products));
    if cause.applies.is_empty() || each().any(|fits| fits == Some(true)) {
        Applicability::Applies
    } else if each().all(|fits| fits == Some(false)) {
        Applicability::OutOfRange
    } else {
        Applicability::Unknown
    }
}

/// Returns whether any version given for the product of `applies` is in range. `None` if that is not known: no version
/// was given, or one cannot be compared and none is in range.
fn in_range(applies: &Applies, products: &[Release]) -> Option<bool> {
    let given = || products.iter().filter(|release| release.product() == applies.canonical());
    let covered = || given().map(|release| applies.covers(release));
    if covered().any(|found| found == Some(true)) {
        return Some(true);
    }
    (given().next().is_some() && covered().all(|found| found == Some(false))).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::testing::Book;
    use crate::rule::Comparison;

    #[track_caller]
    fn check(products: &[(&str, &str)], expected: Applicability) {
        let mut book = Book::default();
        let cause = book.cause("dns", 0.05, &[]);
        book.applies(cause, "exchange", &[(Comparison::GreaterOrEqual, "5.0"), (Comparison::Less, "6.0")]);
        book.applies(cause, "imail", &[(Comparison::Equal, "3")]);
        let products: Vec<_> = products.iter().flat_map(|(name, version)| Release::stated(name, version)).collect();
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
    fn a_product_is_the_same_by_any_name() {
        check(&[("Microsoft Exchange Server", "5.5")], Applicability::Applies);
        check(&[("MSExchange", "2000"), ("imail", "4")], Applicability::OutOfRange);
        check(&[("exchange", "SP4"), ("imail", "4")], Applicability::Unknown);
    }

    #[test]
    fn a_cause_that_names_no_product_applies() {
        let mut book = Book::default();
        book.cause("any", 0.05, &[]);
        assert_eq!(applicability(&book.program.causes[0], &[]), Applicability::Applies);
    }
}
