//! Single versions and ranges of versions.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Bound;

use super::version::Version;

/// Consecutive versions of one product.
///
/// Printed and read as people write it: `5.5 SP3`, `5.0 and later`, `earlier than 6.5`, `4.0 through 5.5`; where the upper
/// end is not included, `3.0 until 4.0`, which is also what `3.x` means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    from: Bound<Version>,
    to: Bound<Version>,
}

/// The versions of a product that an article or a rule applies to, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions(Vec<Range>);

const LATER: [&str; 8] =
    [" and later", " or later", " and above", " or above", " and higher", " or higher", " and newer", " or newer"];
const EARLIER_OR_SAME: [&str; 4] = [" and earlier", " or earlier", " and below", " or below"];
const AFTER: [&str; 3] = ["later than ", "newer than ", "after "];
const BEFORE: [&str; 5] = ["earlier than ", "prior to ", "before ", "lower than ", "below "];
const THROUGH: [&str; 4] = [" through ", " to ", " thru ", " - "];
const UP_TO: [&str; 3] = ["through ", "up to ", "to "];

impl Range {
    /// Returns the range that contains only `version`.
    pub fn point(version: Version) -> Range {
        Range { from: Bound::Included(version.clone()), to: Bound::Included(version) }
    }

    /// Reads a version or range of the product whose canonical name is `product`.
    pub fn parse(product: &str, text: &str) -> Range {
        let lower = text.trim().to_lowercase();
        let text = lower.strip_prefix("version ").or(lower.strip_prefix("versions ")).unwrap_or(&lower).trim();
        let version = |text: &str| Version::parse(product, text);
        let (from, to) = if matches!(text, "all" | "all versions" | "(all)" | "any") {
            (Bound::Unbounded, Bound::Unbounded)
        } else if let Some(from) = LATER.iter().find_map(|end| text.strip_suffix(end)).or(text.strip_suffix('+')) {
            (Bound::Included(version(from)), Bound::Unbounded)
        } else if let Some(to) = EARLIER_OR_SAME.iter().find_map(|end| text.strip_suffix(end)) {
            (Bound::Unbounded, Bound::Included(version(to)))
        } else if let Some(to) = BEFORE.iter().find_map(|start| text.strip_prefix(start)) {
            (Bound::Unbounded, Bound::Excluded(version(to)))
        } else if let Some(to) = UP_TO.iter().find_map(|start| text.strip_prefix(start)) {
            (Bound::Unbounded, Bound::Included(version(to)))
        } else {
            return between(product, text);
        };
        Range { from, to }
    }

    /// Whether `version` is in the range; `None` if it cannot be compared with an end of the range that matters.
    pub fn contains(&self, version: &Version) -> Option<bool> {
        let is_after = meets(&self.from, version, Ordering::Greater);
        let is_before = meets(&self.to, version, Ordering::Less);
        both(is_after, is_before)
    }

    /// Whether some version is in both ranges; `None` where their ends cannot be compared.
    pub fn overlaps(&self, other: &Range) -> Option<bool> {
        both(reaches(&self.from, &other.to), reaches(&other.from, &self.to))
    }
}

/// Whether a range that begins at `from` begins no later than `to`.
fn reaches(from: &Bound<Version>, to: &Bound<Version>) -> Option<bool> {
    match (from, to) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => Some(true),
        (Bound::Included(from), Bound::Included(to)) => from.partial_cmp(to).map(Ordering::is_le),
        (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => {
            from.partial_cmp(to).map(Ordering::is_lt)
        }
    }
}

/// Reads a range such as `later than 4.0 through 5.5`, `3.0 until 4.0` or `3.x`, or else a single version.
fn between(product: &str, text: &str) -> Range {
    let version = |text: &str| Version::parse(product, text);
    let after = AFTER.iter().find_map(|start| text.strip_prefix(start));
    let rest = after.unwrap_or(text);
    let from = |text: &str| match after {
        Some(_) => Bound::Excluded(version(text)),
        None => Bound::Included(version(text)),
    };
    if let Some((low, high)) = rest.split_once(" until ") {
        return Range { from: from(low), to: Bound::Excluded(version(high)) };
    }
    if let Some((low, high)) = THROUGH.iter().find_map(|word| rest.split_once(word)) {
        return Range { from: from(low), to: Bound::Included(version(high)) };
    }
    if after.is_some() {
        return Range { from: from(rest), to: Bound::Unbounded };
    }
    match family(rest) {
        Some((low, high)) => Range { from: from(&low), to: Bound::Excluded(version(&high)) },
        None => Range::point(version(rest)),
    }
}

/// Reads a family of versions, such as `3.x`, `2.5x` and `3.51 (all service packs)`. Returns the first version of the
/// family and the first one after it: 3 and 4 for `3.x`. `None` for any other text.
fn family(text: &str) -> Option<(String, String)> {
    let version = text.split_once(" (all").map_or(text, |(version, _)| version.trim_end());
    let version = version.strip_suffix('x').unwrap_or(version);
    if version.len() == text.len() {
        return None;
    }
    let text = version.trim_end_matches('.');
    let digits = text.rsplit('.').next().unwrap_or(text);
    let last: u64 = digits.parse().ok()?;
    let high = format!("{}{:0width$}", &text[..text.len() - digits.len()], last.checked_add(1)?, width = digits.len());
    Some((text.to_owned(), high))
}

/// Whether `version` is within `bound`: unequal to it on this `side`, or equal to it if the bound is included. `None`
/// if they cannot be compared.
fn meets(bound: &Bound<Version>, version: &Version, side: Ordering) -> Option<bool> {
    match bound {
        Bound::Unbounded => Some(true),
        Bound::Included(end) => version.partial_cmp(end).map(|order| order == side || order.is_eq()),
        Bound::Excluded(end) => version.partial_cmp(end).map(|order| order == side),
    }
}

/// Returns `Some(false)` if either is false, `Some(true)` if both are true, otherwise `None`.
fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    if one == Some(false) || other == Some(false) { Some(false) } else { one.zip(other).map(|_| true) }
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.to) {
            (Bound::Unbounded, Bound::Unbounded) => write!(out, "all versions"),
            (Bound::Unbounded, Bound::Included(to)) => write!(out, "through {to}"),
            (Bound::Unbounded, Bound::Excluded(to)) => write!(out, "earlier than {to}"),
            (Bound::Included(from), Bound::Unbounded) => write!(out, "{from} and later"),
            (Bound::Excluded(from), Bound::Unbounded) => write!(out, "later than {from}"),
            (Bound::Included(from), Bound::Included(to)) if from == to => write!(out, "{from}"),
            (Bound::Included(from), Bound::Included(to)) => write!(out, "{from} through {to}"),
            (Bound::Included(from), Bound::Excluded(to)) => write!(out, "{from} until {to}"),
            (Bound::Excluded(from), Bound::Included(to)) => write!(out, "later than {from} through {to}"),
            (Bound::Excluded(from), Bound::Excluded(to)) => write!(out, "later than {from} until {to}"),
        }
    }
}

impl Versions {
    /// Reads the items of a list of versions of the product whose canonical name is `product`.
    ///
    /// Lists were split at their commas, so an item may continue the one before it: `5.5 Service Packs 1`, `2`, `3`, or
    /// `5`, `0` for a mistyped `5.0`.
    pub fn parse<'a>(product: &str, items: impl IntoIterator<Item = &'a str>) -> Versions {
        let mut read: Vec<String> = Vec::new();
        for item in items.into_iter().map(str::trim).filter(|item| !item.is_empty()) {
            let is_number = |text: &str| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
            match read.last_mut() {
                Some(last) if item == "0" && is_number(last) => last.push_str(".0"),
                Some(last) => {
                    let packs = last.rsplit_once(' ').filter(|(base, _)| base.ends_with(" Service Packs"));
                    let full = packs.filter(|_| is_number(item)).map(|(base, _)| format!("{base} {item}"));
                    read.push(full.unwrap_or_else(|| item.to_owned()));
                }
                None => read.push(item.to_owned()),
            }
        }
        Versions(read.iter().map(|item| Range::parse(product, item)).collect())
    }

    /// Whether no version was named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the versions and ranges in the order of the text.
    pub fn ranges(&self) -> &[Range] {
        &self.0
    }

    /// Whether any of the ranges contains `version`; always true if there are none. `None` if no range is known to
    /// contain it, and it cannot be compared with some of them.
    pub fn contain(&self, version: &Version) -> Option<bool> {
        let mut in_any = Some(self.is_empty());
        for found in self.0.iter().map(|range| range.contains(version)) {
            match found {
                Some(true) => return Some(true),
                Some(false) => {}
                None => in_any = None,
            }
        }
        in_any
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXCHANGE: &str = "exchange server";

    #[track_caller]
    fn check(text: &str, printed: &str, within: &[&str], without: &[&str]) {
        let range = Range::parse(EXCHANGE, text);
        assert_eq!(range.to_string(), printed);
        for (versions, expected) in [(within, true), (without, false)] {
            for version in versions {
                assert_eq!(range.contains(&Version::parse(EXCHANGE, version)), Some(expected), "{version} in {text}");
            }
        }
    }

    #[test]
    fn a_point_is_one_version() {
        check("5.5 SP3", "5.5 SP3", &["5.5 Service Pack 3"], &["5.5", "5.5 SP2", "6.0"]);
        check("version 2000", "6.0", &["2000", "6.0"], &["2000 SP1", "5.5"]);
    }

    #[test]
    fn ranges_are_read_in_peoples_words() {
        check("5.0 and later", "5.0 and later", &["5.0", "5.5 SP1", "2000"], &["4.0 SP5"]);
        check("5.5 SP1 and above", "5.5 SP1 and later", &["5.5 SP1", "5.5 SP4"], &["5.5"]);
        check("5.0+", "5.0 and later", &["5.0"], &["4.0"]);
        check("later than 5.0", "later than 5.0", &["5.0 SP1"], &["5.0"]);
        check("through 5.5", "through 5.5", &["4.0", "5.5"], &["5.5 SP1"]);
        check("5.0 or earlier", "through 5.0", &["4.0"], &["5.5"]);
        check("earlier than 5.5", "earlier than 5.5", &["5.0 SP2"], &["5.5"]);
        check("prior to 5.5 SP3", "earlier than 5.5 SP3", &["5.5 SP2"], &["5.5 SP3"]);
        check("4.0 to 5.5", "4.0 through 5.5", &["4.0", "5.0", "5.5"], &["3.5", "6.0"]);
        check("all versions", "all versions", &["1.0", "XP"], &[]);
    }

    #[test]
    fn ranges_overlap_where_a_version_is_in_both() {
        let overlaps = |one, other| {
            let (one, other) = (Range::parse(EXCHANGE, one), Range::parse(EXCHANGE, other));
            assert_eq!(one.overlaps(&other), other.overlaps(&one));
            one.overlaps(&other)
        };
        for (one, other) in
            [("5.5", "5.5"), ("5.0 and later", "5.5"), ("4.0 through 5.5", "5.5 and later"), ("5.x", "5.5 SP3")]
        {
            assert_eq!(overlaps(one, other), Some(true), "{one}, {other}");
        }
        for (one, other) in
            [("5.5", "5.5 SP1"), ("5.x", "6.0"), ("earlier than 5.5", "5.5 and later"), ("4.0", "5.0 to 5.5")]
        {
            assert_eq!(overlaps(one, other), Some(false), "{one}, {other}");
        }
        assert_eq!(overlaps("5.5", "SP3"), None);
    }

    #[test]
    fn a_family_ends_where_the_next_begins() {
        check("5.x", "5.0 until 6.0", &["5.0", "5.5 SP4", "5.5.2653.23"], &["4.0", "6.0"]);
        check("2.5x", "2.5 until 2.6", &["2.5", "2.51", "2.5a"], &["2.6", "2.4"]);
        check("3.51 (all service packs)", "3.51 until 3.52", &["3.51", "3.51 SP5"], &["3.5", "4.0"]);
        check("3.0x (all SP)", "3.0 until 3.1", &["3.0", "3.05"], &["3.1"]);
        check("9.x", "9.0 until 10.0", &["9.9"], &["10.0"]);
        check("6.0ax", "6.0ax", &["6.0ax"], &["6.0"]);
        check("x", "x", &[], &[]);
    }

    #[test]
    fn what_cannot_be_compared_is_left_open() {
        let contains = |range, version| Range::parse(EXCHANGE, range).contains(&Version::parse(EXCHANGE, version));
        assert_eq!(contains("5.5 SP3 and later", "5.5.2653"), None);
        assert_eq!(contains("5.5 SP3 and later", "5.0.1457"), Some(false));
        assert_eq!(contains("5.5 SP1 through 6.0", "7.0.1"), Some(false));
        assert_eq!(contains("5.5", "SP3"), None);
    }

    #[test]
    fn a_list_is_its_items() {
        let parse = |items: &[&str]| Versions::parse(EXCHANGE, items.iter().copied());
        let printed = |items| parse(items).ranges().iter().map(Range::to_string).collect::<Vec<_>>();
        assert_eq!(printed(&["4.0", "5.0", "5.5 SP3"]), ["4.0", "5.0", "5.5 SP3"]);
        assert_eq!(printed(&["5.5 Service Packs 1", "2", "3"]), ["5.5 SP1", "5.5 SP2", "5.5 SP3"]);
        assert_eq!(printed(&["4.0", "5", "0"]), ["4.0", "5.0"]);
        let version = |text| Version::parse(EXCHANGE, text);
        assert_eq!(parse(&["4.0", "5.5"]).contain(&version("5.5")), Some(true));
        assert_eq!(parse(&["4.0", "5.5"]).contain(&version("5.0")), Some(false));
        assert_eq!(parse(&["4.0", "SP3"]).contain(&version("5.0")), None);
        assert_eq!(parse(&[]).contain(&version("5.0")), Some(true));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(
            text in "(later than |through |earlier than |to )?(2000|[1-9][0-9]?\\.[0-9x]{1,2}x?|xp|SP[1-3])( SP[1-3]| beta)?( and later| through 7| until 9| - 2| \\(all\\)|\\+)?",
            product in "(exchange server|contoso)",
        ) {
            let range = Range::parse(&product, &text);
            prop_assert_eq!(Range::parse(&product, &range.to_string()), range);
        }

        #[test]
        fn a_range_holds_what_lies_between_its_ends(
            versions in proptest::collection::vec("[1-9]\\.[0-9]( SP[1-3])?", 3), product in "(exchange server|contoso)",
        ) {
            let mut versions: Vec<Version> = versions.iter().map(|text| Version::parse(&product, text)).collect();
            versions.sort_by(|a, b| a.partial_cmp(b).expect("numbers of one length compare"));
            let [low, middle, high] = &versions[..] else { unreachable!("three versions") };
            let range = Range { from: Bound::Included(low.clone()), to: Bound::Included(high.clone()) };
            prop_assert_eq!(range.contains(middle), Some(true));
            let until = Range { from: Bound::Unbounded, to: Bound::Excluded(high.clone()) };
            prop_assert_eq!(until.contains(high), Some(false));
        }
    }
}
