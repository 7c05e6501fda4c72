use proptest::prelude::*;

use super::*;

/// A product in the table of names: the minors of its versions are decimals.
const OLD: &str = "ms-dos";
const NEW: &str = "contoso mail";

#[track_caller]
fn check(product: &str, text: &str, printed: &str) {
    assert_eq!(Version::parse(product, text).to_string(), printed, "{text}");
}

#[track_caller]
fn in_order(product: &str, versions: &[&str]) {
    for (at, low) in versions.iter().enumerate() {
        for high in &versions[at + 1..] {
            let [low, high] = [low, high].map(|version| Version::parse(product, version));
            assert_eq!(low.partial_cmp(&high), Some(Ordering::Less), "{low} < {high}");
            assert_eq!(high.partial_cmp(&low), Some(Ordering::Greater), "{high} > {low}");
        }
    }
}

#[track_caller]
fn without_order(product: &str, one: &str, other: &str) {
    let [one, other] = [one, other].map(|version| Version::parse(product, version));
    assert_eq!((one.partial_cmp(&other), other.partial_cmp(&one)), (None, None), "{one} {other}");
}

#[test]
fn versions_compare_number_by_number() {
    in_order(
        NEW,
        &["5.0", "5.5rc1", "5.5", "5.5b", "5.5 SP1", "5.5 SP3", "5.5 SP10", "5.10", "6.0", "6.0.1", "2000.1"],
    );
    in_order(NEW, &["5.5 beta", "5.5 beta 2", "5.5 rc", "5.5", "5.5-2"]);
}

#[test]
fn old_products_count_decimals() {
    in_order(OLD, &["2.03", "2.1", "2.11", "3.2", "3.21", "3.3", "6.2", "6.209", "6.21", "6.22", "10.9", "10.10"]);
    in_order("exchange server", &["5.0 SP2", "5.5", "5.5 SP1", "5.5 SP2", "5.5 SP3", "5.5 SP4", "6.0"]);
    assert_eq!(Version::parse(OLD, "5.10"), Version::parse(OLD, "5.1"));
}

#[test]
fn releases_named_after_years_have_their_place() {
    in_order("exchange server", &["5.5 SP4", "2000", "2000 SP3", "2003", "2007"]);
    in_order("word", &["6.0", "95", "97", "97 SR-1", "2000", "XP", "2003"]);
    in_order("sql server", &["6.5", "7.0", "2000", "2008", "2008 R2", "2012"]);
    in_order("encarta encyclopedia", &["1994 edition", "'95", "96", "97", "2000", "2002"]);
    in_order(NEW, &["2016", "2019", "2022"]);
    in_order(NEW, &["98", "100"]);
    without_order("encarta encyclopedia", "1.0", "97");
    without_order(NEW, "7.0", "2019");
}

#[test]
fn levels_compare_among_their_like() {
    in_order("windows 95", &["OSR 2", "OEM Service Release 2.1", "OSR 2.5"]);
    in_order(NEW, &["Service Pack 4", "SP6", "SP6a"]);
    in_order(NEW, &["Build 2.73.7269", "Build 2.573.2927", "Build 2.573.3513"]);
    without_order(NEW, "SP1", "SR-1");
    without_order(NEW, "SP1", "5.5");
    without_order(NEW, "XP", "Vista");
}

#[test]
fn a_service_pack_and_a_build_have_no_order() {
    in_order("exchange server", &["5.0 SP2", "5.5.1960", "5.5.2653.23", "6.0 SP1"]);
    in_order("exchange server", &["5.5", "5.5.2653.23"]);
    without_order("exchange server", "5.5 SP3", "5.5.2653.23");
    without_order(NEW, "5.5a", "5.5.1");
}

#[test]
fn spelling_makes_no_difference() {
    check(NEW, "5.5.0 sp3", "5.5 SP3");
    check(NEW, "5.5SP3", "5.5 SP3");
    check(NEW, "version 5.5 Service Pack 3 (US)", "5.5 SP3");
    check(NEW, "4.0SP6a", "4.0 SP6a");
    check(NEW, "v1.02", "1.2");
    check(OLD, "v1.02", "1.02");
    check(OLD, "3.30a", "3.3a");
    check(NEW, "4", "4.0");
    check(NEW, "6.0ax", "6.0ax");
    check(NEW, "4.01 for Windows 95", "4.1");
    check(NEW, "6.0.2600", "6.0.2600");
    check(NEW, "SR-1", "SR1");
    check(NEW, "2.5 Build 2.573.2927", "2.5 build 2.573.2927");
    check(NEW, "98 Second Edition", "98.0 second");
    check(OLD, "98 Second Edition", "1998 second");
    check("exchange server", "2000 SP1", "6.0 SP1");
    check("word", "2000!", "9.0");
    check("word", "2000SP1", "9.0 SP1");
    check(NEW, "Service Pack 4", "SP4");
    check(NEW, "XP", "xp");
    check(NEW, "", "");
}

/// A regex for parts of versions, in combinations that nobody would write.
const VERSION: &str = "(v|')?[0-9]{0,2}(\\.[0-9]{1,3}){0,3}( |\\.|-|SP|sp[1-3]|Service Pack|oem service release|beta|for|build|95|2000|xp|edition|a|x|é|\\([a-z]{0,2}\\)|\\PC){0,4}";

/// A regex for so few versions that equal and nearly equal ones are frequent.
const COMMON: &str = "[12](\\.(0|1|10|2)(\\.[12])?)?( ?(a|beta|rc1|SP[12]|SP6a|\\.3))?|2000( SP1)?|97|SP[12]|xp";

proptest! {
    #[test]
    fn what_is_printed_is_read_again(text in VERSION, product in "(ms-dos|word|x)") {
        let version = Version::parse(&product, &text);
        prop_assert_eq!(Version::parse(&product, &version.to_string()), version);
    }

    #[test]
    fn versions_are_ordered(a in COMMON, b in COMMON, c in COMMON, product in "(ms-dos|word|x)") {
        let [a, b, c] = [a, b, c].map(|text| Version::parse(&product, &text));
        prop_assert_eq!(a.partial_cmp(&b), b.partial_cmp(&a).map(Ordering::reverse));
        prop_assert_eq!(a.partial_cmp(&b) == Some(Ordering::Equal), a == b);
        if a < b && b < c {
            prop_assert!(a < c, "{a} < {b} < {c}");
        }
        if a == b {
            prop_assert_eq!(a.partial_cmp(&c), b.partial_cmp(&c));
        }
    }

    /// Any two versions with equally many numbers have an order.
    #[test]
    fn the_order_is_total_among_numbers_of_one_length(
        a in "[1-3]\\.[0-9]{1,2}(a|b| SP[1-3]| beta)?", b in "[1-3]\\.[0-9]{1,2}(a|b| SP[1-3]| beta)?", product in "(ms-dos|x)",
    ) {
        let [a, b] = [a, b].map(|text| Version::parse(&product, &text));
        prop_assert!(a.partial_cmp(&b).is_some(), "{a} {b}");
    }
}
