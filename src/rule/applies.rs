//! Versions in order: number by number, then what follows the numbers.

use std::cmp::Ordering;

use super::program::{Applies, Comparison, Version};

/// Suffixes that come before the version they belong to; any other (`SP1`, `p1`, `b`) comes after it.
const BEFORE_RELEASE: &[&str] = &["alpha", "beta", "dev", "pre", "preview", "rc"];

/// A part of what follows the numbers: `SP3` is the word `sp` and the number 3.
#[derive(Debug, PartialEq, Eq)]
enum Part<'v> {
    Word(String),
    Number(&'v str),
}

impl Version {
    /// The leading numbers, without zeros at the end, so that `5.5` equals `5.5.0`.
    fn numbers(&self) -> (Vec<&str>, &str) {
        let text = self.0.trim();
        let mut rest =
            text.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text);
        let mut numbers = Vec::new();
        loop {
            let len = rest.bytes().take_while(u8::is_ascii_digit).count();
            if len == 0 {
                break;
            }
            numbers.push(rest[..len].trim_start_matches('0'));
            rest = &rest[len..];
            match rest.strip_prefix('.') {
                Some(more) if more.starts_with(|c: char| c.is_ascii_digit()) => rest = more,
                _ => break,
            }
        }
        while numbers.last().is_some_and(|number| number.is_empty()) {
            numbers.pop();
        }
        (numbers, rest)
    }

    fn parts(suffix: &str) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let mut rest = suffix;
        while let Some(first) = rest.chars().next() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let letters: usize = rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
            let taken = match (digits, letters) {
                (0, 0) => first.len_utf8(),
                (0, letters) => {
                    parts.push(Part::Word(rest[..letters].to_lowercase()));
                    letters
                }
                (digits, _) => {
                    parts.push(Part::Number(rest[..digits].trim_start_matches('0')));
                    digits
                }
            };
            rest = &rest[taken..];
        }
        parts
    }
}

/// Compares digits without leading zeros, of any length.
fn by_value(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

impl Part<'_> {
    fn compare(left: Option<&Part<'_>>, right: Option<&Part<'_>>) -> Ordering {
        match (left, right) {
            (Some(Part::Number(left)), Some(Part::Number(right))) => by_value(left, right),
            (Some(Part::Word(left)), Some(Part::Word(right))) => left.cmp(right),
            (left, right) => Part::rank(left).cmp(&Part::rank(right)),
        }
    }

    /// Before the release, the release itself, after it.
    fn rank(part: Option<&Part<'_>>) -> u8 {
        match part {
            Some(Part::Word(word)) if BEFORE_RELEASE.contains(&word.as_str()) => 0,
            None => 1,
            Some(Part::Word(_)) => 2,
            Some(Part::Number(_)) => 3,
        }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let ((left, left_suffix), (right, right_suffix)) = (self.numbers(), other.numbers());
        for at in 0..left.len().max(right.len()) {
            let number = |numbers: &[&str]| numbers.get(at).copied().unwrap_or("").to_string();
            let order = by_value(&number(&left), &number(&right));
            if order.is_ne() {
                return order;
            }
        }
        let (left, right) = (Version::parts(left_suffix), Version::parts(right_suffix));
        let orders = (0..left.len().max(right.len())).map(|at| Part::compare(left.get(at), right.get(at)));
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl Applies {
    /// Whether `version` of the product lies within all bounds.
    pub fn covers(&self, version: &Version) -> bool {
        self.bounds.iter().all(|(comparison, bound)| {
            let order = version.cmp(bound);
            match comparison {
                Comparison::Equal => order.is_eq(),
                Comparison::NotEqual => order.is_ne(),
                Comparison::Less => order.is_lt(),
                Comparison::LessOrEqual => order.is_le(),
                Comparison::Greater => order.is_gt(),
                Comparison::GreaterOrEqual => order.is_ge(),
                // The grammar has only signs in bounds.
                Comparison::Has | Comparison::Starts | Comparison::Ends | Comparison::Like => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_number_by_number() {
        let sorted = ["5.0", "5.5rc1", "5.5", "5.5 SP1", "5.5 SP3", "5.5 SP10", "5.10", "6.0", "2000"];
        for (at, low) in sorted.iter().enumerate() {
            for high in &sorted[at + 1..] {
                assert!(Version(low.to_string()) < Version(high.to_string()), "{low} < {high}");
            }
        }
    }

    #[test]
    fn zeros_at_the_end_and_spelling_make_no_difference() {
        for (left, right) in [("5.5", "5.5.0"), ("5.5SP3", "5.5.0 sp3"), ("v1.2", "1.2"), ("1.02", "1.2")] {
            assert_eq!(Version(left.into()), Version(right.into()));
        }
        assert_ne!(Version("5.5".into()), Version("5.50".into()));
    }

    #[test]
    fn a_version_is_covered_when_all_bounds_hold() {
        let bound = |comparison, version: &str| (comparison, Version(version.to_string()));
        let bounds = vec![bound(Comparison::GreaterOrEqual, "5.0"), bound(Comparison::Less, "6.0")];
        let applies = Applies { product: "exchange".into(), bounds };
        let covered = ["4.9", "5", "5.5 SP4", "6.0.0"].map(|version| applies.covers(&Version(version.into())));
        assert_eq!(covered, [false, true, true, false]);
    }
}
