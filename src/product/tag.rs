//! Technology tags of the archive: `kbExchange550` is Exchange Server 5.5.

use super::table;
use super::version::{Version, is_year};

/// Returns the canonical name of the product that a tag means, and the version, if the tag has one.
///
/// Versions have three digits (`400`, `550SP3`, `600a`) or are years. `None` for tags that mean no product, and for
/// those with more text after the version, such as `kbExchange400Win95`, which means a client. A tag with `search` at
/// its end, such as `kbWinNTS400search`, means several versions (any 4.0), so none is returned.
pub fn of_tag(tag: &str) -> Option<(&'static str, Option<Version>)> {
    let lower = tag.to_ascii_lowercase();
    let tag = lower.strip_suffix("search").unwrap_or(&lower);
    if let Some(product) = table::tagged(tag) {
        return Some((product, None));
    }
    // The name before the version may contain digits too: `kbwin2000serv`, `kbvc32bit`.
    let starts =
        tag.char_indices().filter(|(at, c)| c.is_ascii_digit() && !tag[..*at].ends_with(|c: char| c.is_ascii_digit()));
    starts.into_iter().find_map(|(at, _)| {
        let product = table::tagged(&tag[..at])?;
        let version = Version::parse(product, &version(&tag[at..])?);
        Some((product, Some(version).filter(|_| tag == lower)))
    })
}

/// Rewrites the version in a tag so that it can be parsed: `550sp3` becomes `5.50 sp3`. `None` if `code` is not a
/// version.
fn version(code: &str) -> Option<String> {
    let (digits, rest) = code.split_at(code.bytes().take_while(u8::is_ascii_digit).count());
    let (letter, level) = match rest.find("sp") {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let is_plain = |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if !(is_plain(letter, 1) && letter != "x" && is_plain(level, "sp6a".len()) && level != "sp") {
        return None;
    }
    let number = match digits.len() {
        3 => format!("{}.{}", &digits[..1], &digits[1..]),
        4 if is_year(digits) => digits.to_owned(),
        2 if digits.starts_with('9') => digits.to_owned(),
        _ => return None,
    };
    Some(format!("{number}{letter} {level}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tag: &str, expect: Option<(&str, &str)>) {
        let found = of_tag(tag).map(|(product, version)| (product, version.map(|v| v.to_string()).unwrap_or_default()));
        assert_eq!(found.as_ref().map(|(product, version)| (*product, version.as_str())), expect, "{tag}");
    }

    #[test]
    fn tags_are_products_with_versions() {
        check("kbExchange550", Some(("exchange server", "5.5")));
        check("kbExchange550SP3", Some(("exchange server", "5.5 SP3")));
        check("kbExchangeSearch", Some(("exchange server", "")));
        check("kbWinNTS400sp6a", Some(("windows nt server", "4.0 SP6a")));
        check("kbVFP500a", Some(("visual foxpro", "5.0a")));
        check("kbSNAServ211SP1", Some(("sna server", "2.11 SP1")));
        check("kbWord97", Some(("word", "8.0")));
        check("kbFlightSim2000", Some(("flight simulator", "2000")));
        check("kbWinNTS400search", Some(("windows nt server", "")));
        check("kbwin2000ServSearch", Some(("windows 2000 server", "")));
        check("kbVC32bitSearch", Some(("visual c++", "")));
    }

    #[test]
    fn other_tags_are_none() {
        for tag in [
            "kbZNotKeyword2",
            "kbAudDeveloper",
            "kbExchange400Win95",
            "kbWinNT400xsearch",
            "exchange550",
            "kb",
            "",
            "é1",
        ] {
            check(tag, None);
        }
    }
}
