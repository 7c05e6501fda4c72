//! The product that a cause applies to, with bounds of its version.

use serde::{Deserialize, Serialize};

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use super::program::Comparison;
use crate::product::{self, Release, Version};

/// One `applies` statement: `applies product >= a, < b`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Applies {
    /// Product name as the rule writes it.
    pub product: String,
    canonical: String,
    /// The comparisons with versions. A version is covered if all of them hold.
    bounds: Vec<(Comparison, Version)>,
}

impl Applies {
    /// Reads the product and versions as a rule writes them.
    pub fn new(product: String, bounds: impl IntoIterator<Item = (Comparison, String)>) -> Applies {
        let canonical = product::canonical(&product).into_owned();
        let bounds = bounds.into_iter().map(|(comparison, version)| (comparison, Version::parse(&canonical, &version)));
        Applies { bounds: bounds.collect(), product, canonical }
    }

    /// Whether two of the bounds exclude each other, so that no version is covered.
    pub fn is_empty(&self) -> bool {
        let excludes = |(a, x): &(Comparison, Version), (b, y): &(Comparison, Version)| {
            let Some(order) = x.partial_cmp(y) else { return false };
            use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
            match (a, b) {
                (Equal, Equal) => order.is_ne(),
                (Greater | GreaterOrEqual | Equal, Less) | (Greater, LessOrEqual | Equal) => order.is_ge(),
                (GreaterOrEqual | Equal, LessOrEqual) | (GreaterOrEqual, Equal) => order.is_gt(),
                _ => false,
            }
        };
        self.bounds.iter().any(|a| self.bounds.iter().any(|b| excludes(a, b)))
    }

    /// The canonical name of the product. It is the same for all names of one product.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// Returns whether the version of `release` is within all bounds. `None` if it is another product, or if no bound
    /// is known to fail but one cannot be compared.
    pub fn covers(&self, release: &Release) -> Option<bool> {
        if release.product() != self.canonical {
            return None;
        }
        let meets = |(comparison, bound): &(Comparison, Version)| {
            let order = release.version()?.partial_cmp(bound)?;
            Some(holds(*comparison, order))
        };
        let all = || self.bounds.iter().map(meets);
        if all().any(|met| met == Some(false)) { Some(false) } else { all().all(|met| met.is_some()).then_some(true) }
    }
}

/// Prints the product with the bounds as a rule writes them. A version is printed in its canonical form.
impl Display for Applies {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.product)?;
        self.bounds.iter().enumerate().try_for_each(|(at, (comparison, version))| {
            write!(f, "{}{comparison} {version}", if at == 0 { " " } else { ", " })
        })
    }
}

fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
        // Never occurs, because the grammar allows only comparisons written as signs in bounds.
        Comparison::Has | Comparison::Starts | Comparison::Ends | Comparison::Like => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(product: &str, bounds: &[(Comparison, &str)], name: &str, versions: &[&str]) -> Vec<Option<bool>> {
        let applies = Applies::new(product.to_owned(), bounds.iter().map(|(sign, bound)| (*sign, (*bound).to_owned())));
        versions.iter().map(|version| applies.covers(&Release::stated(name, version)[0])).collect()
    }

    #[test]
    fn a_version_is_covered_when_all_bounds_hold() {
        let bounds = [(Comparison::GreaterOrEqual, "5.0"), (Comparison::Less, "6.0")];
        let expected = [Some(false), Some(true), Some(true), Some(false), Some(false)];
        let versions = ["4.9", "5", "5.5 SP4", "6.0.0", "2000"];
        assert_eq!(covered("exchange", &bounds, "exchange", &versions), expected);
        assert_eq!(covered("exchange", &bounds, "Microsoft Exchange Server", &versions), expected);
        assert_eq!(covered("exchange", &bounds, "imail", &["5.5"]), [None]);
    }

    #[test]
    fn bounds_are_written_as_in_a_rule() {
        let bounds = [(Comparison::GreaterOrEqual, "5.0"), (Comparison::Less, "6.0")];
        let bounds = bounds.map(|(sign, bound)| (sign, bound.to_owned()));
        assert_eq!(Applies::new("exchange".to_owned(), bounds).to_string(), "exchange >= 5.0, < 6.0");
        assert_eq!(Applies::new("Contoso Saw".to_owned(), []).to_string(), "Contoso Saw");
    }

    #[test]
    fn a_version_that_cannot_be_compared_is_neither() {
        let later = [(Comparison::GreaterOrEqual, "5.5 SP3")];
        assert_eq!(
            covered("exchange", &later, "exchange", &["5.5.2653", "5.0.1457", "SP4"]),
            [None, Some(false), None]
        );
        assert_eq!(covered("contoso", &[], "contoso", &["1", "XP"]), [Some(true), Some(true)]);
    }
}
