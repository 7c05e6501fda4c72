//! Products with versions: the one that runs, and those that an article or a rule applies to.

use super::name;
use super::range::Versions;
use super::version::Version;

/// Names of releases, in lower case, and the numbers they have.
type Releases = &'static [(&'static str, &'static str)];

/// Products whose releases are named rather than numbered.
const NAMED: [(&[&str], Releases); 7] = [
    (
        &["access", "excel", "office", "outlook", "powerpoint", "word"],
        &[
            ("95", "7.0"),
            ("97", "8.0"),
            ("2000", "9.0"),
            ("2002", "10.0"),
            ("xp", "10.0"),
            ("2003", "11.0"),
            ("2007", "12.0"),
            ("2010", "14.0"),
            ("2013", "15.0"),
            ("2016", "16.0"),
        ],
    ),
    (&["outlook"], &[("98", "8.5")]),
    (
        &["exchange server"],
        &[
            ("2000", "6.0"),
            ("2003", "6.5"),
            ("2007", "8.0"),
            ("2010", "14.0"),
            ("2013", "15.0"),
            ("2016", "15.1"),
            ("2019", "15.2"),
        ],
    ),
    (&["frontpage"], &[("97", "2.0"), ("98", "3.0"), ("2000", "4.0"), ("2002", "5.0")]),
    (
        &["sql server"],
        &[
            ("2000", "8.0"),
            ("2005", "9.0"),
            ("2008", "10.0"),
            ("2008 r2", "10.50"),
            ("2012", "11.0"),
            ("2014", "12.0"),
            ("2016", "13.0"),
            ("2017", "14.0"),
            ("2019", "15.0"),
            ("2022", "16.0"),
        ],
    ),
    (
        &["visual basic", "visual c++", "visual studio"],
        &[("97", "5.0"), ("2002", "7.0"), ("2003", "7.1"), ("2005", "8.0"), ("2008", "9.0"), ("2010", "10.0")],
    ),
    (&["windows"], &[("95", "4.0"), ("98", "4.1"), ("me", "4.9"), ("2000", "5.0"), ("xp", "5.1"), ("vista", "6.0")]),
];

/// Replaces the name of a release at the beginning of `version` by its number: `2000 sp1` of Exchange becomes `6.0 sp1`.
/// `version` must be in lower case. `None` if it begins with no named release of `product`.
pub(super) fn with_number(product: &str, version: &str) -> Option<String> {
    let releases = NAMED.iter().filter(|(products, _)| products.contains(&product)).flat_map(|(_, releases)| *releases);
    let rest_after = |release: &str| version.strip_prefix(release).filter(|rest| !goes_on(release, rest));
    let found = releases.filter_map(|(release, number)| Some((number, rest_after(release)?)));
    // The longest name is used: `2008 r2` rather than `2008`.
    let (number, rest) = found.min_by_key(|(_, rest)| rest.len())?;
    Some(format!("{number}{rest}"))
}

/// Whether `rest`, the text after `release`, makes it another word. `20001`, `2000.1` and `xpress` are other words;
/// `2000SP1` and `2000!` are the release 2000.
fn goes_on(release: &str, rest: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    match release.ends_with(is_digit) {
        true => rest.starts_with(is_digit) || rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(is_digit)),
        false => rest.starts_with(char::is_alphanumeric),
    }
}

/// A product that runs, with its version, as `--product exchange=5.5` states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Canonical name.
    product: String,
    /// `None` if no version is stated, or if the name includes it: `Windows 95`.
    version: Option<Version>,
}

impl Release {
    /// Reads a product's name and its version, both as people write them.
    ///
    /// Returns one or two readings: `windows=95` may mean version 95 of `windows`, or the product `windows 95`.
    pub fn stated(name: &str, version: &str) -> Vec<Release> {
        let product = name::canonical(name).into_owned();
        let full = match name::version_in(name) {
            // The name includes the release, and `version` is a level: `Exchange 2000` and `SP1`.
            Some(release) if !version.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{release} {version}")
            }
            _ => version.to_owned(),
        };
        let renamed = name::exactly(&format!("{product} {full}")).filter(|other| *other != product);
        let version = Some(Version::parse(&product, &full)).filter(|_| !full.trim().is_empty());
        let other = renamed.map(|other| Release { product: other.to_owned(), version: None });
        [Release { product, version }].into_iter().chain(other).collect()
    }

    /// Returns the canonical name of the product.
    pub fn product(&self) -> &str {
        &self.product
    }

    /// Returns the version; `None` if none is stated, or if the name includes it.
    pub fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }
}

/// A product, and some of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRange {
    /// Canonical name.
    pub product: String,
    /// The versions; empty if none is given, which means all.
    pub versions: Versions,
}

impl ProductRange {
    /// Reads a product line: the name, and the versions one by one.
    ///
    /// A version in the name is used if there is no other, or if no other can be compared with it, as in
    /// `Golf 2001, version 1.0`. A level such as `Service Release 1` of `Word 97` belongs to the version in the name.
    pub fn parse<'a>(name: &str, versions: impl IntoIterator<Item = &'a str>) -> ProductRange {
        let product = name::canonical(name).into_owned();
        let Some(named) = name::version_in(name) else {
            let versions = Versions::parse(&product, versions);
            return ProductRange { product, versions };
        };
        let of_named = |item: &str| match Version::parse(&product, item).is_level() {
            true => format!("{named} {item}"),
            false => item.to_owned(),
        };
        let full: Vec<String> = versions.into_iter().map(of_named).collect();
        let mut versions = Versions::parse(&product, full.iter().map(String::as_str));
        let release = Version::parse(&product, &named);
        if versions.ranges().iter().all(|range| range.contains(&release).is_none()) {
            versions = Versions::parse(&product, [named.as_str()]);
        }
        ProductRange { product, versions }
    }

    /// Whether a release is of this product and one of these versions. `None` if it is of another product, or if the
    /// versions cannot be compared.
    pub fn covers(&self, release: &Release) -> Option<bool> {
        if self.product != release.product {
            return None;
        }
        match &release.version {
            Some(version) => self.versions.contain(version),
            None => self.versions.is_empty().then_some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::table;

    fn stated(name: &str, version: &str) -> Vec<(String, String)> {
        let printed = |release: Release| (release.product, release.version.map(|v| v.to_string()).unwrap_or_default());
        Release::stated(name, version).into_iter().map(printed).collect()
    }

    #[track_caller]
    fn check(name: &str, version: &str, expect: &[(&str, &str)]) {
        let found = stated(name, version);
        let found: Vec<_> = found.iter().map(|(product, version)| (product.as_str(), version.as_str())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn what_runs_is_read_as_people_say_it() {
        check("exchange", "5.5", &[("exchange server", "5.5")]);
        check("Microsoft Exchange Server", "5.5 Service Pack 3", &[("exchange server", "5.5 SP3")]);
        check("Exchange 2000", "SP1", &[("exchange server", "6.0 SP1")]);
        check("Exchange 2000", "", &[("exchange server", "6.0")]);
        check("contoso", "", &[("contoso", "")]);
    }

    #[test]
    fn a_version_may_be_a_product_of_its_own() {
        check("windows", "95", &[("windows", "4.0"), ("windows 95", "")]);
        check("nt", "5.0", &[("windows nt", "5.0"), ("windows 2000", "")]);
        check("nt", "4.0", &[("windows nt", "4.0")]);
    }

    #[test]
    fn each_product_of_the_named_releases_is_known() {
        let products = NAMED.iter().flat_map(|(products, _)| *products);
        assert_eq!(products.filter(|product| table::product(product) != Some(product)).count(), 0);
    }

    #[test]
    fn a_version_in_the_name_and_others_are_put_together() {
        let versions = |name, versions: &[&str]| {
            let range = ProductRange::parse(name, versions.iter().copied());
            range.versions.ranges().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(versions("Microsoft Outlook 97", &["8.0", "8.03"]), ["8.0", "8.03"]);
        assert_eq!(versions("Microsoft Word 97 for Windows", &["Service Release 1 (SR-1)"]), ["8.0 SR1"]);
        assert_eq!(versions("Microsoft Golf 2001 Edition", &["1.0"]), ["2001"]);
        assert_eq!(versions("Microsoft Golf 2001 Edition", &[]), ["2001"]);
        assert_eq!(versions("Microsoft Golf", &["1.0"]), ["1.0"]);
    }

    #[test]
    fn a_range_covers_its_product_alone() {
        let range = |name, versions: &[&str]| ProductRange::parse(name, versions.iter().copied());
        let covers = |range: &ProductRange, name, version| range.covers(&Release::stated(name, version)[0]);
        let exchange = range("Microsoft Exchange Server", &["4.0", "5.5 SP1 and later"]);
        assert_eq!(covers(&exchange, "exchange", "5.5 SP3"), Some(true));
        assert_eq!(covers(&exchange, "exchange", "5.0"), Some(false));
        assert_eq!(covers(&exchange, "exchange", "5.5.2653"), None);
        assert_eq!(covers(&exchange, "outlook", "5.5"), None);
        assert_eq!(covers(&range("Microsoft Exchange 2000 Server", &[]), "exchange", "2000"), Some(true));
        assert_eq!(covers(&range("Windows 95", &[]), "win95", ""), Some(true));
        assert_eq!(covers(&range("Microsoft Word", &[]), "word", "97"), Some(true));
        assert_eq!(covers(&range("Microsoft Word", &["6.0"]), "word", ""), None);
    }
}
