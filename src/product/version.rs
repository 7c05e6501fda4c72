//! Versions and their order: number by number, then by the parts after the numbers.
//!
//! The meaning of a version depends on how its product counts. `3.21` came before `3.3` of MS-DOS, whose minor versions are
//! decimals, and `1.9` before `1.10` of almost everything since; `2000` is a year, and Exchange 2000 is Exchange 6.0. So a
//! version is read for a product. Compare only versions that were read for one product. Even these have no order if they
//! count different things: a year and a dotted number, or a service pack and a build of one version.

use serde::{Deserialize, Serialize};

mod parse;
mod spelling;

use std::cmp::Ordering;
use std::fmt;

pub(super) use spelling::{is_short_year, is_version, is_year};

/// One version of a product: `5.5 SP3`, `4.0a`, `2000`, `6.0.2600`, `OSR 2.5`, `XP`.
///
/// Equal versions are printed alike, and what is printed is read again as the same version of the same product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Version {
    scheme: Scheme,
    /// Major, minor and further numbers, without zeros at the end (a single zero is kept). A decimal minor is in units
    /// of 1/[`DECIMAL_UNIT`]. Empty for levels and names.
    numbers: Vec<u64>,
    /// The parts after the numbers: `SP3`, `a`, `beta 2`.
    tail: Vec<TailPart>,
}

/// The kind of a version, which decides how it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum Scheme {
    /// Numbers of which the second is a decimal fraction of the first: 3.2 < 3.21 < 3.3.
    Decimal,
    /// Numbers that are each compared as a whole number: 1.9 < 1.10.
    Dotted,
    /// Years: `2000`, and `97` of products that are old enough.
    Year,
    /// A level without the version to which it belongs: `Service Pack 4`, `OSR 2.5`, `Build 2.573`.
    Level,
    /// Anything else, which equals itself: `XP`.
    Name,
}

/// A decimal minor has at most four digits: `6.209` is 2090 of these units.
const DECIMAL_UNIT: u64 = 10_000;

/// A part after the numbers: `SP3` is the word `sp` and the number 3.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum TailPart {
    /// A word in lower case; the word of a level is abbreviated (`sp` for `service pack`).
    Word(String),
    Number(u64),
}

/// With one of these words, a version is earlier than without it; with any other (`SP1`, `p1`, `b`), it is later.
const BEFORE_RELEASE: [&str; 6] = ["alpha", "beta", "dev", "pre", "preview", "rc"];

/// Words of levels, printed in capitals.
const LEVELS: [&str; 4] = ["osr", "rc", "sp", "sr"];

impl TailPart {
    fn compare(left: Option<&TailPart>, right: Option<&TailPart>) -> Ordering {
        TailPart::rank(left).cmp(&TailPart::rank(right)).then_with(|| match (left, right) {
            (Some(TailPart::Number(left)), Some(TailPart::Number(right))) => left.cmp(right),
            (Some(TailPart::Word(left)), Some(TailPart::Word(right))) => left.cmp(right),
            _ => Ordering::Equal,
        })
    }

    /// Returns the rank of a part in comparisons: a word of [`BEFORE_RELEASE`], then no part (the release itself), then
    /// any other word, then a number.
    fn rank(part: Option<&TailPart>) -> u8 {
        match part {
            Some(TailPart::Word(word)) if BEFORE_RELEASE.contains(&word.as_str()) => 0,
            None => 1,
            Some(TailPart::Word(_)) => 2,
            Some(TailPart::Number(_)) => 3,
        }
    }
}

fn compare_tails(left: &[TailPart], right: &[TailPart]) -> Ordering {
    let orders = (0..left.len().max(right.len())).map(|at| TailPart::compare(left.get(at), right.get(at)));
    orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

impl Version {
    /// Compares two versions with numbers. A service pack and a build of the same version have no order: their digits
    /// do not say whether `5.5.2653` is before `5.5 SP4`.
    fn compare_numbers(&self, other: &Version) -> Option<Ordering> {
        let number = |version: &Version, at: usize| version.numbers.get(at).copied().unwrap_or(0);
        let longest = self.numbers.len().max(other.numbers.len());
        let Some(at) = (0..longest).find(|&at| number(self, at) != number(other, at)) else {
            return (self.scheme == other.scheme).then(|| compare_tails(&self.tail, &other.tail));
        };
        let has_level_instead = |version: &Version| at >= version.numbers.len() && version.is_after_release();
        let is_open =
            at > 0 && self.scheme != other.scheme || at > 1 && (has_level_instead(self) || has_level_instead(other));
        (!is_open).then(|| number(self, at).cmp(&number(other, at)))
    }

    /// Whether it is a level without the version to which it belongs.
    pub(super) fn is_level(&self) -> bool {
        self.scheme == Scheme::Level
    }

    fn is_after_release(&self) -> bool {
        TailPart::rank(self.tail.first()) > TailPart::rank(None)
    }

    fn has_numbers(&self) -> bool {
        matches!(self.scheme, Scheme::Decimal | Scheme::Dotted)
    }
}

impl PartialOrd for Version {
    /// Returns `None` if the two count different things, such as a year and a level.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self.has_numbers() && other.has_numbers() {
            return self.compare_numbers(other);
        }
        match (self.scheme, other.scheme) {
            (Scheme::Year, Scheme::Year) => {
                Some(self.numbers.cmp(&other.numbers).then_with(|| compare_tails(&self.tail, &other.tail)))
            }
            (Scheme::Level, Scheme::Level) if self.tail.first() == other.tail.first() => {
                Some(compare_tails(&self.tail, &other.tail))
            }
            _ => (self == other).then_some(Ordering::Equal),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.scheme, self.numbers.as_slice()) {
            (Scheme::Decimal | Scheme::Dotted, [major]) => write!(out, "{major}.0")?,
            (Scheme::Decimal, [major, minor, rest @ ..]) => {
                let minor = format!("{minor:04}");
                write!(out, "{major}.{}", if minor == "0000" { "0" } else { minor.trim_end_matches('0') })?;
                rest.iter().try_for_each(|number| write!(out, ".{number}"))?;
            }
            (_, [major, rest @ ..]) => {
                write!(out, "{major}")?;
                rest.iter().try_for_each(|number| write!(out, ".{number}"))?;
            }
            (_, []) => {}
        }
        let mut previous = None;
        for part in &self.tail {
            match part {
                TailPart::Word(word) => write_word(out, word, previous, !self.numbers.is_empty())?,
                TailPart::Number(number) => write!(out, "{}{number}", before_number(previous))?,
            }
            previous = Some(part);
        }
        Ok(())
    }
}

/// Writes a word. One or two letters follow their number without a blank: `4.0a`, `SP6a`.
fn write_word(out: &mut fmt::Formatter<'_>, word: &str, previous: Option<&TailPart>, has_numbers: bool) -> fmt::Result {
    let is_level = LEVELS.contains(&word);
    let is_suffix = is_short(word) && !is_level && !matches!(previous, Some(TailPart::Word(_)));
    let blank = if is_suffix || previous.is_none() && !has_numbers { "" } else { " " };
    if is_level { write!(out, "{blank}{}", word.to_uppercase()) } else { write!(out, "{blank}{word}") }
}

fn before_number(previous: Option<&TailPart>) -> &'static str {
    match previous {
        None => "-",
        Some(TailPart::Number(_)) => ".",
        Some(TailPart::Word(word)) if is_short(word) || LEVELS.contains(&word.as_str()) => "",
        Some(TailPart::Word(_)) => " ",
    }
}

/// Whether a word is a suffix of a number: `a` and `ax` are, `beta` is not.
fn is_short(word: &str) -> bool {
    word.chars().count() <= 2
}

#[cfg(test)]
mod tests;
