//! Works out what a link leads to: the addresses that the article at its end may have, best first.

use super::scan::{LinkForm, WrittenLink};
use crate::article::id::canonical_id;
use crate::article::place::{Place, address_parts, plain};

/// Suffixes of files that contain articles. A link to another file leads to no article.
const ARTICLE_SUFFIXES: [&str; 11] =
    ["md", "markdown", "mdown", "mdx", "html", "htm", "xhtml", "adoc", "asciidoc", "rst", "txt"];

/// The end of a link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::article) struct Target {
    /// The path of the link, without anchor and query, and with `%20` and the like decoded; empty if the link leads
    /// into its own file.
    pub(in crate::article) path: String,
    /// The part after `#`.
    pub(in crate::article) anchor: Option<String>,
    /// The addresses that the article may have, best first; empty if the link leads to no article but to another file,
    /// or into its own.
    pub(in crate::article) addresses: Vec<String>,
}

/// Returns the target of `link` in the article at `place`; `None` if it leads out of the KB.
pub(in crate::article) fn target(link: &WrittenLink<'_>, place: &Place) -> Option<Target> {
    match link.form {
        LinkForm::Address if has_scheme(link.target) => exported(link.target, place),
        LinkForm::Address => address(link.target, place),
        LinkForm::Wiki => Some(wiki(link.target, place)),
        LinkForm::Page => Some(page(link.target, place)),
    }
}

/// Whether an address begins with a scheme (`https:`) or a host (`//`).
fn has_scheme(address: &str) -> bool {
    let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    address.starts_with("//") || is_scheme
}

fn address(written: &str, place: &Place) -> Option<Target> {
    let (path, anchor) = split_anchor(written);
    let Some(path) = path.split('?').next().filter(|path| !path.is_empty()) else {
        let is_own_anchor = anchor.is_some();
        return if is_own_anchor { Some(Target { anchor, ..Target::default() }) } else { exported(written, place) };
    };
    if written.contains("sysparm_article=") {
        return exported(written, place);
    }
    // A regular expression or a type (`List<x>`) in brackets looks like a link.
    if path.contains(['<', '>', '*', '|', '$', '{', '`', '\\']) {
        return None;
    }
    let path = decoded(path);
    let mut target = Target { anchor, ..Target::default() };
    if !is_other_file(&path) {
        match path.strip_prefix("@site").unwrap_or(&path) {
            rooted if rooted.starts_with('/') => from_site(rooted, place, &mut target),
            relative => from_page(relative, place, &mut target),
        }
    }
    target.path = path;
    Some(target)
}

/// Adds the addresses of a path from the root of the site, which may be the root of the collection, a folder below it
/// or one above it.
fn from_site(path: &str, place: &Place, target: &mut Target) {
    let parts = address_parts(path);
    target.push(place.below(&with_suffix(path)));
    target.push(place.below(&parts.join("/")));
    for from in 0..parts.len() {
        if from + 1 < parts.len() || is_telling(&parts[from]) {
            target.push(place.anywhere(&parts[from..].join("/")));
        }
    }
}

/// Adds the addresses of a path that is relative to the file. On a web site where each page is a folder, a path without
/// suffix is relative to the page.
fn from_page(path: &str, place: &Place, target: &mut Target) {
    let (folder, name) = place.path().rsplit_once('/').unwrap_or(("", place.path()));
    let Some(joined) = joined(folder, path) else {
        // It leads out of the collection, whose root may be below the root of the site.
        let parts = address_parts(path.trim_start_matches(['.', '/']));
        if parts.len() > 1 {
            target.push(place.anywhere(&parts.join("/")));
        }
        return;
    };
    target.push(place.below(&with_suffix(&joined)));
    target.push(place.below(&address_parts(&joined).join("/")));
    let parts = address_parts(path.trim_start_matches(['.', '/']));
    if !has_article_suffix(path) && !name.is_empty() {
        let page = address_parts(place.path()).join("/");
        if let Some(joined) = self::joined(&page, path) {
            target.push(place.below(&address_parts(&joined).join("/")));
        }
    }
    if parts.len() > 1 {
        target.push(place.anywhere(&parts.join("/")));
    }
}

/// Returns the target of a wiki link. Of `[[a|b]]`, some wikis take the left part for the page, some the right.
fn wiki(written: &str, place: &Place) -> Target {
    let mut target = Target::default();
    for side in written.split('|') {
        let (path, anchor) = split_anchor(side.trim());
        target.anchor = target.anchor.or(anchor);
        let path = decoded(path);
        let parts = address_parts(path.trim_start_matches(['.', '/']));
        if parts.is_empty() {
            continue;
        }
        let folder = place.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        if let Some(joined) = joined(folder, &path) {
            target.push(place.below(&address_parts(&joined).join("/")));
        }
        target.push(place.anywhere(&parts.join("/")));
        target.path = if target.path.is_empty() { path } else { target.path };
    }
    target
}

/// Returns the target of a page that a shortcode names.
fn page(written: &str, place: &Place) -> Target {
    let (path, anchor) = split_anchor(written);
    let mut target = Target { path: path.to_owned(), anchor, ..Target::default() };
    if path.is_empty() {
        return target;
    }
    if !path.starts_with('/') {
        from_page(path, place, &mut target);
    }
    let parts = address_parts(path.trim_start_matches(['.', '/']));
    target.push(place.below(&parts.join("/")));
    if !parts.is_empty() {
        target.push(place.anywhere(&parts.join("/")));
    }
    target
}

/// Returns the target of an address on the site from which articles were exported, if it names an article by its id.
fn exported(address: &str, place: &Place) -> Option<Target> {
    let (path, _) = split_anchor(address);
    let after = |name: &str| {
        let at = path.find(name)? + name.len();
        let id = path[at..].split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next()?;
        (!id.is_empty()).then_some(id)
    };
    let digits = |id: &str| id[..id.len() - id.trim_start_matches(|c: char| c.is_ascii_digit()).len()].to_owned();
    let number = ["/articles/", "pageId=", "/pages/"].into_iter().find_map(after).map(digits);
    let addresses = match number.filter(|number| !number.is_empty()) {
        Some(number) => vec![number.clone(), place.anywhere(&number)],
        None => vec![canonical_id(["sysparm_article=", "/browse/"].into_iter().find_map(after)?)],
    };
    Some(Target { path: path.to_owned(), anchor: None, addresses })
}

impl Target {
    /// Whether the link names a file, and not a page of a web site.
    pub(in crate::article) fn is_file(&self) -> bool {
        suffix(&self.path).is_some()
    }

    fn push(&mut self, address: String) {
        if !self.addresses.contains(&address) {
            self.addresses.push(address);
        }
    }
}

fn split_anchor(written: &str) -> (&str, Option<String>) {
    match written.split_once('#') {
        Some((path, anchor)) => (path, Some(decoded(anchor)).filter(|anchor| !anchor.is_empty())),
        None => (written, None),
    }
}

/// Returns the path of `path` from `folder`; `None` if it leads out of the root.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if path.starts_with('/') {
        parts.clear();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns a path in the spelling of addresses, with the suffix of its file.
fn with_suffix(path: &str) -> String {
    path.split('/').map(plain).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// Whether the last part of a path is a name that only one page is likely to have.
fn is_telling(name: &str) -> bool {
    name.len() >= 8 && name.contains(['-', '_'])
}

/// Whether a path ends in the name of a file that contains no article.
fn is_other_file(path: &str) -> bool {
    suffix(path).is_some_and(|suffix| !ARTICLE_SUFFIXES.contains(&suffix.to_ascii_lowercase().as_str()))
}

fn has_article_suffix(path: &str) -> bool {
    suffix(path).is_some_and(|suffix| ARTICLE_SUFFIXES.contains(&suffix.to_ascii_lowercase().as_str()))
}

/// Returns the suffix of the file at `path`. It has a letter, so `v1.2` has none.
fn suffix(path: &str) -> Option<&str> {
    let (stem, suffix) = path.rsplit('/').next()?.rsplit_once('.')?;
    let is_suffix = (1..=12).contains(&suffix.len())
        && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
        && suffix.bytes().any(|b| b.is_ascii_alphabetic());
    (is_suffix && !stem.is_empty()).then_some(suffix)
}

/// Decodes `%20` and the like, if the result is UTF-8.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.first_chunk::<2>().filter(|_| *first == b'%').and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok()
        });
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[track_caller]
    fn check(form: LinkForm, written: &str, expect: Option<&[&str]>) {
        let place = Place::new("kb", "hall/belt.md");
        let link = WrittenLink { form, target: written, label: "", span: Span::default() };
        let found = target(&link, &place).map(|target| target.addresses);
        let expect = expect.map(|addresses| addresses.iter().map(|&address| address.to_owned()).collect());
        assert_eq!(found, expect, "{written}");
    }

    #[test]
    fn a_path_is_relative_to_the_folder_of_the_file() {
        let check = |written, expect| check(LinkForm::Address, written, expect);
        check("oil.md", Some(&["kb/hall/oil.md", "kb/hall/oil"]));
        check("../Gate%20a.md#steps", Some(&["kb/gate-a.md", "kb/gate-a"]));
        check("./lift/README.md?x=1", Some(&["kb/hall/lift/readme.md", "kb/hall/lift"]));
        check("oil", Some(&["kb/hall/oil", "kb/hall/belt/oil"]));
        check("../gate/door", Some(&["kb/gate/door", "kb/hall/gate/door", "kb//gate/door"]));
        check("../../yard/ramp.md", Some(&["kb//yard/ramp"]));
        check("../../ramp.md", Some(&[]));
    }

    #[test]
    fn a_path_from_the_root_counts_from_any_root() {
        let check = |written, expect| check(LinkForm::Address, written, expect);
        check("/gate/door", Some(&["kb/gate/door", "kb//gate/door"]));
        check("/docs/gate-doors", Some(&["kb/docs/gate-doors", "kb//docs/gate-doors", "kb//gate-doors"]));
        check("@site/docs/gate.mdx", Some(&["kb/docs/gate.mdx", "kb/docs/gate", "kb//docs/gate"]));
    }

    #[test]
    fn what_is_no_article_has_no_address() {
        let check = |written, expect| check(LinkForm::Address, written, expect);
        check("#steps", Some(&[]));
        check("belt.png", Some(&[]));
        check("../rules/belt.libsonnet", Some(&[]));
        check("https://acme.example/belt.md", None);
        check("mailto:ops@acme.example", None);
        check("//acme.example/a", None);
        check("IEnumerable\\`1", None);
    }

    #[test]
    fn pages_are_named_with_or_without_folders() {
        check(LinkForm::Wiki, "Oil pump", Some(&["kb/hall/oil-pump", "kb//oil-pump"]));
        check(
            LinkForm::Wiki,
            "the pump|gate/Oil",
            Some(&["kb/hall/the-pump", "kb//the-pump", "kb/hall/gate/oil", "kb//gate/oil"]),
        );
        check(LinkForm::Page, "./oil.md", Some(&["kb/hall/oil.md", "kb/hall/oil", "kb/oil", "kb//oil"]));
        check(LinkForm::Page, "/gate/oil", Some(&["kb/gate/oil", "kb//gate/oil"]));
    }

    #[test]
    fn sites_of_exports_name_articles_by_id() {
        let check = |written, expect| check(LinkForm::Address, written, expect);
        check("https://x.example/hc/en-us/articles/360001-Locks", Some(&["360001", "kb//360001"]));
        check("kb_view.do?sysparm_article=KB0010024", Some(&["kb0010024"]));
        check("https://j.example/browse/OPS-13", Some(&["ops-13"]));
    }
}
