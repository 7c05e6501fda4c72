//! Parses versions as people write them.

use super::{DECIMAL_UNIT, Scheme, TailPart, Version, is_short_year, is_year};
use crate::product::{release, table};

/// From this major version on, the minors of all products are whole numbers, as in Visual Studio 16.10, which came
/// after 16.9. Below it, the minors of products in the table are decimals. The highest major version in the archive is
/// 9.
const FIRST_DOTTED_MAJOR: u64 = 10;

/// Words with which a version without numbers may begin: levels, some of them abbreviated.
const LEVEL_WORDS: [&str; 5] = ["build", "osr", "rc", "sp", "sr"];

impl Version {
    /// Reads a version of the product whose canonical name is `product`.
    ///
    /// Any text is accepted: if it contains neither numbers nor a level, it is a name, which equals only itself.
    /// Remarks in parentheses and the platform in `4.0 for Windows 95` are ignored. The name of a release is replaced
    /// by its number: `2000` of Exchange is `6.0`.
    pub fn parse(product: &str, text: &str) -> Version {
        let is_old = table::product(product).is_some();
        let text = plain(text);
        let text = release::with_number(product, &text).unwrap_or(text);
        let Some((numbers, rest)) = leading_numbers(&text) else {
            return without_numbers(&text);
        };
        match counted(&numbers, is_old) {
            Some((scheme, numbers)) => Version { scheme, numbers: without_zeros(numbers), tail: parts(rest) },
            None => name(&text),
        }
    }
}

/// Returns `text` in lower case, without the word `version`, remarks in parentheses, and `for` with all text after it.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0u32;
    for c in text.to_lowercase().chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    let words = out.split_whitespace().filter(|word| !matches!(*word, "version" | "versions" | "u.s."));
    let text = words.take_while(|word| *word != "for").collect::<Vec<_>>().join(" ");
    let bare = text.trim_start_matches(['v', '\'']);
    if bare.starts_with(|c: char| c.is_ascii_digit()) { bare.to_owned() } else { text }
}

/// Splits `text` into the numbers at its beginning, which have points between them, and the rest. `None` if it does not
/// begin with a number.
fn leading_numbers(text: &str) -> Option<(Vec<&str>, &str)> {
    let is_number = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit());
    let mut rest = text;
    let mut numbers = Vec::new();
    while is_number(&rest) {
        let (digits, after) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        numbers.push(digits);
        rest = after;
        match rest.strip_prefix('.').filter(is_number) {
            Some(more) => rest = more,
            None => break,
        }
    }
    (!numbers.is_empty()).then_some((numbers, rest))
}

/// Returns the scheme and the numbers of a version that is written in these `digits`. `is_old` says whether the product
/// is in the table of names. `None` if a number is too large.
fn counted(digits: &[&str], is_old: bool) -> Option<(Scheme, Vec<u64>)> {
    let mut numbers: Vec<u64> = digits.iter().map(|digits| digits.parse().ok()).collect::<Option<_>>()?;
    match digits {
        [year] if is_year(year) => Some((Scheme::Year, numbers)),
        [year] if is_old && is_short_year(year) => Some((Scheme::Year, vec![1900 + numbers[0]])),
        [_, minor, ..] if is_old && numbers[0] < FIRST_DOTTED_MAJOR => {
            let minor = minor.trim_end_matches('0');
            let unit = 10u64.checked_pow(minor.len() as u32).filter(|unit| *unit <= DECIMAL_UNIT)?;
            numbers[1] = minor.parse().unwrap_or(0) * (DECIMAL_UNIT / unit);
            Some((Scheme::Decimal, numbers))
        }
        [_] if is_old && numbers[0] < FIRST_DOTTED_MAJOR => Some((Scheme::Decimal, numbers)),
        _ => Some((Scheme::Dotted, numbers)),
    }
}

fn without_zeros(mut numbers: Vec<u64>) -> Vec<u64> {
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

/// Parses a version that does not begin with a number: a level such as `Service Pack 4`, `SR-1` or `OSR 2.5`, or else a
/// name.
fn without_numbers(text: &str) -> Version {
    let tail = parts(text);
    match tail.as_slice() {
        [TailPart::Word(word), TailPart::Number(_), ..] if LEVEL_WORDS.contains(&word.as_str()) => {
            Version { scheme: Scheme::Level, numbers: Vec::new(), tail }
        }
        _ => name(text),
    }
}

fn name(text: &str) -> Version {
    Version { scheme: Scheme::Name, numbers: Vec::new(), tail: vec![TailPart::Word(text.to_owned())] }
}

/// Splits a text into words and numbers. The words of levels are abbreviated.
fn parts(text: &str) -> Vec<TailPart> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let is_part = |c: char| if is_digit { c.is_ascii_digit() } else { c.is_alphabetic() };
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end.max(first.len_utf8()));
        match part.parse() {
            Ok(number) if is_digit => parts.push(TailPart::Number(number)),
            _ if first.is_alphanumeric() => push_word(&mut parts, part),
            _ => {}
        }
        rest = after;
    }
    parts
}

/// Adds a word to `parts`. `service pack` becomes `sp`, and `oem service release` becomes `osr`; words such as
/// `edition` are left out.
fn push_word(parts: &mut Vec<TailPart>, word: &str) {
    let ends_in = |parts: &[TailPart], word: &str| matches!(parts.last(), Some(TailPart::Word(last)) if last == word);
    let word = match word {
        "pack" | "packs" if ends_in(parts, "service") => "sp",
        "release" | "releases" if ends_in(parts, "service") => "sr",
        "edition" | "editions" | "version" | "versions" | "for" => return,
        _ => {
            parts.push(TailPart::Word(word.to_owned()));
            return;
        }
    };
    parts.pop();
    let is_oem = word == "sr" && ends_in(parts, "oem");
    if is_oem {
        parts.pop();
    }
    parts.push(TailPart::Word(if is_oem { "osr" } else { word }.to_owned()));
}
