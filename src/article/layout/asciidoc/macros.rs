//! Reads inline macros: `link:address[label]`, `https://address[label]`, `kbd:[Ctrl+C]`.

use std::borrow::Cow;

/// A macro in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InlineMacro<'t> {
    /// Where the macro begins, and where the text after it begins.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The range of the label.
    pub(super) label: (usize, usize),
    pub(super) shown: Shown<'t>,
}

/// How a macro is printed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown<'t> {
    Text(Cow<'t, str>),
    /// As its label, which is a link to this address.
    Link(&'t str),
}

/// The greatest length of a macro's name, of its target and of its brackets, in bytes.
const LONGEST_NAME: usize = 20;
const LONGEST_TARGET: usize = 500;
const LONGEST_LABEL: usize = 2_000;

/// Returns the macro whose first colon is at byte `colon` of `text`; `None` if there is none. Its name begins at byte
/// `from` or later.
pub(super) fn macro_at(text: &str, from: usize, colon: usize) -> Option<InlineMacro<'_>> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let n_name = text.as_bytes()[from..colon].iter().rev().take(LONGEST_NAME + 1).take_while(|b| is_name(b)).count();
    let start = colon - n_name;
    let name = &text[start..colon];
    if !(1..=LONGEST_NAME).contains(&n_name) || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let rest = &text[colon + 1..];
    if matches!(name, "http" | "https" | "ftp" | "irc" | "file") && rest.starts_with("//") {
        return Some(url_at(text, start, colon));
    }
    if !is_known(name) {
        return None;
    }
    let n_target = target_len(rest)?;
    let label = bracketed(text, colon + 1 + n_target)?;
    let target = &rest[..n_target];
    let end = label.1 + 1;
    let shown = shown(name, target, &text[label.0..label.1])?;
    let label = match shown {
        Shown::Link(_) => label_range(text, label),
        Shown::Text(_) => label,
    };
    Some(InlineMacro { start, end, label, shown })
}

fn is_known(name: &str) -> bool {
    const NAMES: [&str; 21] = [
        "xref",
        "mailto",
        "image",
        "icon",
        "anchor",
        "bibanchor",
        "indexterm",
        "indexterm2",
        "counter",
        "counter2",
        "kbd",
        "btn",
        "pass",
        "stem",
        "latexmath",
        "asciimath",
        "menu",
        "footnote",
        "footnoteref",
        "link",
        "man",
    ];
    NAMES.contains(&name) || name.starts_with("link") || name.starts_with("man")
}

fn shown<'t>(name: &str, target: &'t str, inner: &'t str) -> Option<Shown<'t>> {
    let text = |text: &'t str| Some(Shown::Text(Cow::Borrowed(text)));
    let positional = || inner.split(',').next().unwrap_or_default().trim_matches('"');
    match name {
        "link" | "xref" | "mailto" if !target.is_empty() => {
            Some(Shown::Link(target.trim_start_matches("++").trim_end_matches("++")))
        }
        "image" if !target.starts_with(':') => {
            text(positional().split('=').next().filter(|alt| alt.len() == positional().len()).unwrap_or_default())
        }
        "icon" | "anchor" | "bibanchor" | "indexterm" | "counter" | "counter2" => text(""),
        "kbd" | "btn" | "indexterm2" if target.is_empty() => text(inner),
        "pass" | "stem" | "latexmath" | "asciimath" => text(inner),
        "menu" => Some(Shown::Text(Cow::Owned(if inner.is_empty() {
            target.to_owned()
        } else {
            format!("{target} > {inner}")
        }))),
        "footnote" | "footnoteref" => Some(Shown::Text(Cow::Owned(format!(" ({inner})")))),
        // Links to man pages: `linkgit:git-add[1]`.
        _ if (name.starts_with("link") || name.starts_with("man")) && !target.is_empty() => {
            Some(Shown::Text(Cow::Owned(if inner.is_empty() {
                target.to_owned()
            } else {
                format!("{target}({inner})")
            })))
        }
        _ => None,
    }
}

/// Reads an address, with or without a label in brackets.
fn url_at(text: &str, start: usize, colon: usize) -> InlineMacro<'_> {
    let rest = &text[colon..];
    let len = rest.find(|c: char| c.is_whitespace() || matches!(c, '[' | '<' | '>' | '"')).unwrap_or(rest.len());
    let url_end = colon + len;
    let url = &text[start..url_end];
    match bracketed(text, url_end) {
        Some(label) => {
            InlineMacro { start, end: label.1 + 1, label: label_range(text, label), shown: Shown::Link(url) }
        }
        None => InlineMacro { start, end: url_end, label: (url_end, url_end), shown: Shown::Text(Cow::Borrowed(url)) },
    }
}

/// Returns the length of the target before `[`; `None` if there is none. A target has no blanks unless it is within `++`.
fn target_len(rest: &str) -> Option<usize> {
    if let Some(quoted) = rest.strip_prefix("++") {
        return Some(
            quoted.bytes().take(LONGEST_TARGET).collect::<Vec<u8>>().windows(3).position(|end| end == b"++[")? + 4,
        );
    }
    let len = rest.bytes().take(LONGEST_TARGET).position(|b| b == b'[' || b.is_ascii_whitespace())?;
    (rest.as_bytes()[len] == b'[').then_some(len)
}

/// Returns the range within the brackets at byte `open`; `None` if there are none. `\]` does not end them.
fn bracketed(text: &str, open: usize) -> Option<(usize, usize)> {
    let rest = text.get(open..)?.strip_prefix('[')?.as_bytes();
    let len = (0..rest.len().min(LONGEST_LABEL)).find(|&at| rest[at] == b']' && (at == 0 || rest[at - 1] != b'\\'))?;
    Some((open + 1, open + 1 + len))
}

/// Returns the range of the label without named attributes, quotes and the mark `^` of a new window.
fn label_range(text: &str, (start, end): (usize, usize)) -> (usize, usize) {
    let inner = &text[start..end];
    if let Some(quoted) = inner.strip_prefix('"')
        && let Some(len) = quoted.find('"')
    {
        return (start + 1, start + 1 + len);
    }
    let is_named = |part: &str| {
        part.split_once('=')
            .is_some_and(|(name, _)| name.trim().bytes().all(|b| b.is_ascii_alphabetic()) && !name.trim().is_empty())
    };
    let mut len = inner.len();
    if is_named(inner) {
        len = 0;
    } else if let Some(at) = inner.match_indices(',').map(|(at, _)| at).find(|&at| is_named(&inner[at + 1..])) {
        len = at;
    }
    let label = inner[..len].trim_end_matches('^').trim_end();
    (start, start + label.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, label: &str, after: &str, shown: Shown<'_>) {
        let colon = text.find(':').expect("a colon");
        let found = macro_at(text, 0, colon).expect("a macro");
        assert_eq!((&text[found.label.0..found.label.1], &text[found.end..], found.shown), (label, after, shown));
    }

    #[test]
    fn links_have_labels_without_attributes() {
        check("link:a/b.adoc[the belt^] x", "the belt", " x", Shown::Link("a/b.adoc"));
        check("xref:a.adoc#b[\"Belts, and more\",role=x]", "Belts, and more", "", Shown::Link("a.adoc#b"));
        check("https://acme.example/a[A, b,window=_blank].", "A, b", ".", Shown::Link("https://acme.example/a"));
        check("link:++a b++[x]", "x", "", Shown::Link("a b"));
        check("https://acme.example/a, b", "", " b", Shown::Text("https://acme.example/a,".into()));
    }

    #[test]
    fn other_macros_are_text() {
        check("kbd:[Ctrl+C]", "Ctrl+C", "", Shown::Text("Ctrl+C".into()));
        check("menu:File[Save > All]", "Save > All", "", Shown::Text("File > Save > All".into()));
        check("linkgit:git-add[1]", "1", "", Shown::Text("git-add(1)".into()));
        check("image:roller.png[The roller,200]", "The roller,200", "", Shown::Text("The roller".into()));
        check("footnote:[Since May.]", "Since May.", "", Shown::Text(" (Since May.)".into()));
    }

    #[test]
    fn other_colons_are_none() {
        for text in ["at 10:30 [x]", "see: [x]", "belt:7[x]", "link:a b[x]", "link:[x]", ":x[y]", "link:a[x"] {
            assert_eq!(macro_at(text, 0, text.find(':').expect("a colon")), None, "{text}");
        }
    }
}
