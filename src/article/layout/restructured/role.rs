//! The roles of texts in backticks: ``:ref:`label` ``, ``:kbd:`Ctrl+C` ``.

use std::borrow::Cow;

use super::targets::{Targets, normal};

/// How a text with a role is printed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown<'t> {
    Text(Cow<'t, str>),
    /// A label, which is a link to an address.
    Link(&'t str, &'t str),
}

/// Parses `:name:` at the start of `text`, which `after` must follow, if it is given. Returns the name and its length with
/// the colons.
pub(super) fn name_before(text: &str, after: Option<char>) -> Option<(&str, usize)> {
    const LONGEST: usize = 40;
    let inner = text.strip_prefix(':')?;
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'+');
    let len = inner.bytes().take(LONGEST).take_while(|b| is_name(b)).count();
    let name = inner[..len].strip_suffix(':').filter(|name| !name.is_empty())?;
    let fits = after.is_none_or(|after| inner[len..].starts_with(after));
    (fits && !name.starts_with(':')).then_some((name, len + 1))
}

/// Splits `label <target>`.
pub(super) fn label_and_target(inner: &str) -> (&str, Option<&str>) {
    match inner.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((label, target)) => (label.trim(), Some(target.trim())),
        None => (inner, None),
    }
}

/// Returns how the text `inner` with the role `name` is printed.
pub(super) fn shown<'t>(name: &str, inner: &'t str, targets: &Targets) -> Shown<'t> {
    let (label, target) = label_and_target(inner);
    let role = name.rsplit(':').next().unwrap_or(name);
    let text = |text: &'t str| Shown::Text(Cow::Borrowed(text));
    let owned = |text: String| Shown::Text(Cow::Owned(text));
    match (role, target) {
        ("doc" | "download", Some(target)) => Shown::Link(if label.is_empty() { target } else { label }, target),
        ("doc" | "download", None) => Shown::Link("", inner.trim()),
        (role, None) if role == "ref" || role == "numref" => match targets.titles.get(&normal(inner)) {
            Some(title) => owned(title.clone()),
            None => text(inner),
        },
        ("rfc" | "pep" | "cve", None) => owned(format!("{} {inner}", role.to_uppercase())),
        ("menuselection", _) => owned(inner.replace("-->", ">").replace('&', "")),
        ("guilabel", _) => owned(inner.replace('&', "")),
        ("file" | "samp", _) => owned(inner.replace(['{', '}'], "")),
        ("octicon" | "fa" | "fas" | "fab" | "material-regular" | "material-outlined", _) => text(""),
        (role, _) if role.starts_with("raw-") || role == "raw" => text(""),
        (_, Some(_)) if !label.is_empty() => text(label),
        (_, Some(target)) => text(target),
        // `~a.b.c` is printed as `c`, and `!a.b` is no link.
        _ => match inner.strip_prefix('~') {
            Some(path) => text(path.trim_end_matches("()").rsplit('.').next().unwrap_or(path)),
            None => text(inner.strip_prefix('!').unwrap_or(inner)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, inner: &str, expect: Shown<'_>) {
        let mut targets = Targets::default();
        targets.titles.insert("stops".to_owned(), "The belt stops".to_owned());
        assert_eq!(shown(name, inner, &targets), expect);
    }

    #[test]
    fn roles_print_their_text() {
        check("ref", "Stops", Shown::Text("The belt stops".into()));
        check("ref", "why <stops>", Shown::Text("why".into()));
        check("doc", "the shop </belts/shop>", Shown::Link("the shop", "/belts/shop"));
        check("doc", "/belts/shop", Shown::Link("", "/belts/shop"));
        check("py:func", "~belts.shop.open", Shown::Text("open".into()));
        check("menuselection", "&File --> Save", Shown::Text("File > Save".into()));
        check("rfc", "2822", Shown::Text("RFC 2822".into()));
        check("issue", "17", Shown::Text("17".into()));
    }

    #[test]
    fn names_of_roles_are_between_colons() {
        assert_eq!(name_before(":py:mod:`x`", Some('`')), Some(("py:mod", 8)));
        assert_eq!(name_before(": x:`y`", Some('`')), None);
        assert_eq!(name_before(":x: `y`", Some('`')), None);
    }
}
