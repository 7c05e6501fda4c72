//! Reads the "applies to" block: product names, versions and operating systems.

use super::list::once;
use super::model::Product;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct AppliesTo {
    /// The products in order, without repeated bullets.
    pub(super) products: Vec<Product>,
    /// The operating systems in order, each once.
    pub(super) os: Vec<String>,
}

/// A bullet that introduces nested bullets ends in one of these phrases. They do not belong to the name of the product.
const ANNOUNCEMENTS: [&str; 3] = [", used with:", ", on platform(s):", ", included with:"];

/// Notes of the archive's editors that were printed by mistake before names and versions.
const EDITOR_NOTES: [&str; 2] = ["*EDITOR Please do not choose this product*", "*DO_NOT_USE* "];

/// Reads the bullets of an "applies to" block, nested ones included.
pub(super) fn read<'a>(bullets: impl IntoIterator<Item = &'a str>) -> AppliesTo {
    let mut read = AppliesTo::default();
    for bullet in once(bullets) {
        let bullet = ANNOUNCEMENTS.iter().find_map(|end| bullet.strip_suffix(end)).unwrap_or(bullet);
        if let Some(os) = bullet.strip_prefix("the operating system:") {
            read.os.push(os.trim().to_owned());
        } else if !bullet.starts_with("the hardware:") && !bullet.is_empty() {
            read.products.push(product(bullet));
        }
    }
    read
}

/// Makes a product from the product line and the version line of a header, such as `Microsoft Exchange` and
/// `winnt:4.0,5.0`. Used for articles without an "applies to" block. Returns `None` if the header names no product.
pub(super) fn from_header(name: &str, versions: &str) -> Option<Product> {
    const NO_PRODUCT: [&str; 3] = ["", "See article", "DELETE ME"];
    if NO_PRODUCT.contains(&name) {
        return None;
    }
    let lists = versions.split([';', '|']).map(|platform| platform.rsplit(':').next().unwrap_or(platform));
    let versions = lists.flat_map(|list| list.split(',')).flat_map(header_versions);
    Some(Product { name: name.to_owned(), versions: once(versions).map(str::to_owned).collect() })
}

/// Splits a list such as `4.00 4.00b 5.5 SP3` into versions. Each begins with a digit.
fn header_versions(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list.trim();
    std::iter::from_fn(move || {
        let starts_next = |at: usize| rest[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        let end = rest.match_indices(' ').map(|(at, _)| at).find(|&at| starts_next(at)).unwrap_or(rest.len());
        let (version, after) = rest.split_at(end);
        rest = after.trim_start();
        (!version.is_empty()).then(|| version.trim_end())
    })
}

/// Parses a bullet such as `Microsoft Exchange Server, versions 4.0, 5.0` in its many variants.
fn product(bullet: &str) -> Product {
    let bullet = without_notes(bullet).trim();
    let Some((name, list)) = split_at_versions(bullet) else {
        return Product { name: bullet.to_owned(), versions: Vec::new() };
    };
    let mut product = Product { name: name.trim_end_matches([',', ' ']).to_owned(), versions: Vec::new() };
    for item in list.split(',').flat_map(both_sides).map(str::trim).filter(|item| !item.is_empty()) {
        let item = item.strip_prefix("and ").unwrap_or(item);
        if is_version(item) {
            product.versions.push(item.to_owned());
        } else {
            // `Windows NT Server version 4.0, Terminal Server Edition`: the name continues after the version.
            product.name.push_str(", ");
            product.name.push_str(item);
        }
    }
    product
}

fn without_notes(text: &str) -> &str {
    EDITOR_NOTES.iter().find_map(|note| text.strip_prefix(note)).unwrap_or(text)
}

/// Splits `6.0 and 6.0a` into two versions. Leaves `6.5 and later` unchanged.
fn both_sides(item: &str) -> impl Iterator<Item = &str> {
    let sides = item.split_once(" and ").filter(|(_, last)| is_version(last));
    let (first, last) = sides.map_or((item, None), |(first, last)| (first, Some(last)));
    std::iter::once(first).chain(last)
}

/// Splits a bullet into name and versions: at the last ` version ` or ` versions ` that is followed by a version, or at
/// a ` Version ` before the last word. Returns `None` if there is no version.
fn split_at_versions(bullet: &str) -> Option<(&str, &str)> {
    let listed = bullet.rmatch_indices(" version").find_map(|(at, word)| {
        let rest = &bullet[at + word.len()..];
        let list = without_notes(rest.strip_prefix('s').unwrap_or(rest).strip_prefix(' ')?);
        is_version(list).then_some((&bullet[..at], list))
    });
    let single = || bullet.rsplit_once(" Version ").filter(|(_, last)| is_version(last) && !last.contains(' '));
    listed.or_else(single)
}

fn is_version(item: &str) -> bool {
    const WORDS: [&str; 5] = ["Build ", "Service Release ", "SP", "sp", "(all"];
    item.starts_with(|c: char| c.is_ascii_digit()) || WORDS.iter().any(|word| item.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bullet: &str, name: &str, versions: &[&str]) {
        let versions = versions.iter().map(|version| (*version).to_owned()).collect();
        assert_eq!(product(bullet), Product { name: name.to_owned(), versions });
    }

    #[test]
    fn versions_are_split_off_the_name() {
        check("Acme Mail Server, versions 4.0, 5.0, 5.5", "Acme Mail Server", &["4.0", "5.0", "5.5"]);
        check("Acme Mail Server, version 5.5 SP3", "Acme Mail Server", &["5.5 SP3"]);
        check("Acme Small Server versions 4.0, 4.0a", "Acme Small Server", &["4.0", "4.0a"]);
        check("Acme C, 32-bit Edition, versions 1.0, and 2.0x", "Acme C, 32-bit Edition", &["1.0", "2.0x"]);
        check("Acme NT Server version 4.0, Terminal Edition", "Acme NT Server, Terminal Edition", &["4.0"]);
        check("Acme C, versions 5.1, 6.0 and 6.0a", "Acme C", &["5.1", "6.0", "6.0a"]);
        check("Acme C, versions 6.5 and later, 7.0", "Acme C", &["6.5 and later", "7.0"]);
        check("Acme Network Version 7.0", "Acme Network", &["7.0"]);
        check("Acme Server, versions *DO_NOT_USE* 3.0 (all SP), 4.0", "Acme Server", &["3.0 (all SP)", "4.0"]);
    }

    #[test]
    fn a_name_without_versions_stays_whole() {
        check("Acme Mail 2000", "Acme Mail 2000", &[]);
        check("Acme Mail, Japanese version", "Acme Mail, Japanese version", &[]);
        check("Acme Mail, version for Windows", "Acme Mail, version for Windows", &[]);
        check("Inside Acme C Version 4 ISBN 1-2", "Inside Acme C Version 4 ISBN 1-2", &[]);
    }

    #[test]
    fn systems_and_hardware_are_no_products() {
        let bullets = [
            "Acme Basic, version 5.0, used with:",
            "the operating system: Acme 95",
            "the operating system: Acme 95",
            "the hardware: x86",
        ];
        assert_eq!(
            read(bullets),
            AppliesTo {
                products: vec![Product { name: "Acme Basic".into(), versions: vec!["5.0".into()] }],
                os: vec!["Acme 95".into()],
            }
        );
    }

    #[test]
    fn the_header_stands_in_for_a_missing_block() {
        let versions = vec!["4.0".to_owned(), "5.0".to_owned()];
        assert_eq!(from_header("Acme", "winnt:4.0,5.0; x:4.0"), Some(Product { name: "Acme".into(), versions }));
        assert_eq!(from_header("Acme", ":1.0"), Some(Product { name: "Acme".into(), versions: vec!["1.0".into()] }));
        let printed = |versions| from_header("Acme", versions).map(|product| product.versions);
        assert_eq!(printed("4.00 4.00b  4.50 | 4.50"), Some(["4.00", "4.00b", "4.50"].map(str::to_owned).to_vec()));
        assert_eq!(
            printed("WINDOWS:98 Second Edition,5.5 SP3"),
            Some(["98 Second Edition", "5.5 SP3"].map(str::to_owned).to_vec())
        );
        assert_eq!(from_header("See article", "1.0"), None);
        assert_eq!(from_header("", "1.0"), None);
    }
}
