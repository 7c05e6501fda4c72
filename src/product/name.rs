//! Finds the canonical name of a product, which is the same for all spellings of its name.

use std::borrow::Cow;

use super::table;
use super::version::{is_short_year, is_version};

/// A text with more bytes than this is not a name and is not analysed. The longest name in the archive has 125 bytes.
const LONGEST: usize = 200;

/// Words before a name that are not part of it.
const MAKERS: [&str; 4] = ["the ", "microsoft ", "ms ", "mspress "];

const MARKS: [&str; 6] = ["(r)", "(tm)", "(c)", "®", "™", "©"];

/// Words before `Edition` that do not make it another product, as in `Enterprise Edition`. A `Second Edition` is
/// another product.
const EDITIONS: [&str; 13] = [
    "16-bit",
    "32-bit",
    "64-bit",
    "community",
    "deluxe",
    "developer",
    "enterprise",
    "express",
    "learning",
    "premium",
    "professional",
    "standard",
    "ultimate",
];

const BITS: [&str; 3] = ["16-bit", "32-bit", "64-bit"];

/// Names of platforms that may follow `for` in a product's name.
const PLATFORMS: [&str; 9] = ["windows", "macintosh", "mac", "macos", "ms-dos", "dos", "os/2", "unix", "linux"];

/// Words that may follow the name of a platform, besides numbers.
const PLATFORM_PARTS: [&str; 7] = ["and", "ce", "me", "nt", "or", "vista", "xp"];

/// Numbers that mean a release of Windows in `for Windows 95`. Other numbers mean a version of the product itself, as
/// in `for Windows 4.0`.
const WINDOWS_RELEASES: [&str; 12] = ["3.0", "3.1", "3.11", "3.x", "7", "8", "10", "11", "95", "98", "2000", "2003"];

/// Returns the canonical name of the product called `name`: in lower case, without maker, edition, platform and
/// version.
///
/// A name that is not in the table is shortened in the same way. The canonical name of a canonical name is that name
/// itself.
pub fn canonical(name: &str) -> Cow<'static, str> {
    let clean = clean(name);
    if clean.len() > LONGEST {
        return Cow::Owned(clean);
    }
    match known(&clean) {
        Some(product) => Cow::Borrowed(product),
        None => Cow::Owned(forms(without_maker(&clean)).last().unwrap_or_default().to_owned()),
    }
}

/// Whether two names mean the same product.
pub fn same(one: &str, other: &str) -> bool {
    canonical(one) == canonical(other)
}

/// Returns the product that has exactly this name in the table, apart from the maker. The name may include a version:
/// `Windows NT 5.0` is `windows 2000`.
pub(super) fn exactly(name: &str) -> Option<&'static str> {
    let clean = clean(name);
    table::product(without_maker(&clean))
}

fn known(clean: &str) -> Option<&'static str> {
    let bare = without_maker(clean);
    let unnumbered = |form| forms(&without_versions(form)?).find_map(table::product);
    table::product(clean).or_else(|| forms(bare).find_map(table::product)).or_else(|| forms(bare).find_map(unnumbered))
}

/// Returns the version in a name, unless it is part of the canonical name: `2000` in `Exchange 2000 Server`. `None` if
/// there is none, or if there are several.
pub(super) fn version_in(name: &str) -> Option<String> {
    let clean = clean(name);
    if clean.len() > LONGEST {
        return None;
    }
    let canonical = canonical(name);
    let bare = without_maker(&clean);
    let own = without_numbered_platform(bare);
    let words = own.split(' ').map(|word| word.trim_matches(['(', ')'])).filter(|word| is_number(word));
    let mut versions = words.filter(|word| canonical.split(' ').all(|own| own != *word));
    let level = level_at(own).map_or("", |at| &own[at + 1..]);
    match (versions.next(), versions.next()) {
        (Some(version), None) => Some(format!("{version} {level}").trim_end().to_owned()),
        (None, _) if !level.is_empty() && !canonical.ends_with(level) => Some(level.to_owned()),
        _ => None,
    }
}

/// Returns `name` in lower case, without trademark signs and commas, with one blank between words.
fn clean(name: &str) -> String {
    let mut text = name.to_lowercase();
    for mark in MARKS {
        if text.contains(mark) {
            text = text.replace(mark, " ");
        }
    }
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '*' | '"'));
    let mut out = String::with_capacity(text.len());
    for word in words.filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn without_maker(clean: &str) -> &str {
    let mut rest = clean;
    while let Some(bare) = MAKERS.iter().find_map(|maker| rest.strip_prefix(maker)) {
        rest = bare;
    }
    rest
}

/// Returns the name, then the name without its last qualifier, then without the last two, and so on.
fn forms(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| without_qualifier(name))
}

/// Returns `name` without the qualifier at its end: a remark in parentheses, an edition, a platform or a version.
/// `None` if it has no qualifier.
fn without_qualifier(name: &str) -> Option<&str> {
    let (before, last) = name.rsplit_once(' ')?;
    if name.ends_with(')') {
        return name.rfind(" (").map(|at| &name[..at]);
    }
    if matches!(last, "edition" | "editions") {
        let mut rest = before;
        while let Some((shorter, _)) = rest.rsplit_once(' ').filter(|(_, word)| EDITIONS.contains(word)) {
            rest = shorter;
        }
        return (rest.len() < before.len()).then_some(rest);
    }
    if BITS.contains(&last) || last == "version" {
        return Some(before);
    }
    let end = platform_at(name).or_else(|| level_at(name)).or_else(|| is_version(last).then_some(before.len()))?;
    Some(&name[..end])
}

/// Returns the offset at which the level at the end of a name begins: ` sp1`, ` service pack 1`, ` r2`.
fn level_at(name: &str) -> Option<usize> {
    let (before, last) = name.rsplit_once(' ')?;
    let is_number = |text: &str| matches!(text.as_bytes(), [b'0'..=b'9', ..]) && text.len() <= 2;
    if last == "r2" || last.strip_prefix("sp").is_some_and(is_number) {
        return Some(before.len());
    }
    let packs = [" service pack", " service release"].iter().find_map(|words| before.strip_suffix(words))?;
    is_number(last).then_some(packs.len())
}

/// Returns the offset at which a platform at the end of a name begins: ` for Windows 95` and the like.
fn platform_at(name: &str) -> Option<usize> {
    let at = name.rfind(" for ")?;
    let platform = &name[at + " for ".len()..];
    let mut words = platform.strip_prefix("the ").unwrap_or(platform).split(' ');
    let is_part = |word: &str| {
        PLATFORMS.contains(&word) || PLATFORM_PARTS.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit())
    };
    (words.next().is_some_and(|word| PLATFORMS.contains(&word)) && words.all(is_part)).then_some(at)
}

/// Returns `name` without the platform at its end. If a number there is the version of the product, as in
/// `for Windows 4.0`, returns all of `name`.
fn without_numbered_platform(name: &str) -> &str {
    let Some(at) = platform_at(name) else { return name };
    let words: Vec<&str> = name[at..].split(' ').collect();
    let is_platforms = |pair: &[&str]| pair[0] == "nt" || pair[0] == "windows" && WINDOWS_RELEASES.contains(&pair[1]);
    if words.windows(2).all(|pair| !is_number(pair[1]) || is_platforms(pair)) { &name[..at] } else { name }
}

fn is_number(word: &str) -> bool {
    is_version(word) || is_short_year(word)
}

/// Returns `name` without the versions and years in it. `None` if it contains none, or nothing else.
fn without_versions(name: &str) -> Option<String> {
    let rest: Vec<&str> = name.split(' ').filter(|word| !is_number(word)).collect();
    let rest = rest.join(" ");
    (!rest.is_empty() && rest.len() < name.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(name: &str, product: &str, version: Option<&str>) {
        assert_eq!((canonical(name).as_ref(), version_in(name).as_deref()), (product, version), "{name}");
    }

    #[test]
    fn spellings_of_one_product_have_one_name() {
        for name in ["Microsoft Exchange Server", "exchange", "MSExchange", "Microsoft(R) Exchange", "EXCHANGE SERVER"]
        {
            check(name, "exchange server", None);
        }
        assert!(same("Systems Management Server", "SMS") && same("Internet Information Server", "IIS"));
        assert!(!same("Windows NT Server", "Windows NT Workstation"));
    }

    #[test]
    fn maker_edition_and_platform_are_no_part_of_a_name() {
        check("Microsoft Visual Basic Enterprise Edition, 32-bit, for Windows", "visual basic", None);
        check("Microsoft Visual FoxPro for the Macintosh, Professional Edition", "visual foxpro", None);
        check("The Microsoft Foundation Classes (MFC)", "foundation classes", None);
        check("Microsoft Windows for Workgroups", "windows for workgroups", None);
        check("Microsoft Plus! for Windows 95", "plus!", None);
        check("Microsoft Windows 98 Second Edition", "windows 98 second edition", None);
    }

    #[test]
    fn a_version_in_a_name_is_found_unless_it_is_the_name() {
        check("Microsoft Exchange 2000 Server", "exchange server", Some("2000"));
        check("Microsoft Exchange Server 2003 Enterprise Edition", "exchange server", Some("2003"));
        check("Microsoft Word 97 for Windows", "word", Some("97"));
        check("Microsoft Visual SourceSafe, 32-bit, for Windows 4.0", "visual sourcesafe", Some("4.0"));
        check("Microsoft Visual C++.NET (2002)", "visual c++", Some("2002"));
        check("Microsoft Windows 2000 Server SP2", "windows 2000 server", Some("sp2"));
        check("Windows Server 2012 R2", "windows server", Some("2012 r2"));
        check("Microsoft SQL Server 7.0 Service Pack 2", "sql server", Some("7.0 service pack 2"));
        check("Microsoft Windows 95", "windows 95", None);
        check("Microsoft Windows 3.11", "windows", Some("3.11"));
    }

    #[test]
    fn an_unknown_product_is_called_what_it_is_called() {
        check("Contoso Mail Gateway(TM) for Windows NT", "contoso mail gateway", None);
        check("Contoso Mail Gateway 4.1 (beta)", "contoso mail gateway", Some("4.1"));
        check("Microsoft Windows Server 2019 Standard Edition", "windows server", Some("2019"));
        check("PostgreSQL", "postgresql", None);
        check("Windows 11", "windows 11", None);
        check("", "", None);
        check("Microsoft", "microsoft", None);
    }

    #[test]
    fn a_renamed_product_has_the_later_name() {
        assert_eq!(exactly("Microsoft Windows NT Server 5.0"), Some("windows 2000 server"));
        assert_eq!(canonical("Windows NT Advanced Server"), "windows nt server");
        assert_eq!(canonical("SourceSafe for MS-DOS"), "visual sourcesafe");
    }

    #[test]
    fn a_text_that_is_no_name_is_left_alone() {
        let text = "4.0 ".repeat(100_000);
        assert_eq!(canonical(&text).len(), text.len() - 1);
    }

    proptest! {
        #[test]
        fn canonical_names_are_fixed_points(
            name in "(Microsoft |the |MS |windows |Word |9[0-9] |2000 |exchange |server |[1-9]\\.[0-9]x? |enterprise |edition |editions |for |nt |\\([a-z9 ]{0,3}\\) ?|\\(r\\)|32-bit |version |,|\\PC){0,9}",
        ) {
            let once = canonical(&name);
            prop_assert_eq!(canonical(&once), once.clone());
            prop_assert_eq!(once.trim(), once.as_ref());
        }
    }
}
