//! Decides whether a text is HTML.

use super::element;

/// A fragment of HTML has at least this many tags near its start.
const MANY: usize = 3;

/// The greatest length of a tag in bytes.
const LONGEST_TAG: usize = 2000;

/// Whether `head` is the start of a page: a doctype, `html`, `head` or `body` after comments and an XML declaration.
pub(in crate::article) fn is_page(head: &str) -> bool {
    const STARTS: [&str; 4] = ["<!doctype html", "<html", "<head", "<body"];
    let start = after_preamble(head);
    STARTS.iter().any(|name| {
        let rest = start.get(..name.len()).filter(|tag| tag.eq_ignore_ascii_case(name)).map(|_| &start[name.len()..]);
        rest.is_some_and(|rest| rest.starts_with(['>', ' ', '\n', '\t', '/']))
    })
}

/// Whether `head` begins with a tag of HTML and contains at least [`MANY`] of them.
pub(in crate::article) fn is_fragment(head: &str) -> bool {
    let start = after_preamble(head);
    start.starts_with('<')
        && tags(start).next().is_some_and(|tag| tag.start == 0)
        && tags(start).nth(MANY - 1).is_some()
}

/// Whether `text` has markup: an end tag, or an element that needs none. `<server>` alone is a placeholder.
pub(in crate::article) fn has_tags(text: &str) -> bool {
    tags(text).any(|tag| tag.is_end || ["br", "p", "li", "hr"].iter().any(|name| tag.name.eq_ignore_ascii_case(name)))
}

/// Returns the text after the comments, processing instructions and blanks at the start of `head`.
fn after_preamble(head: &str) -> &str {
    let mut rest = head.trim_start();
    loop {
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            ">"
        } else {
            return rest;
        };
        match rest.find(end) {
            Some(at) => rest = rest[at + end.len()..].trim_start(),
            None => return "",
        }
    }
}

/// A tag of a known element of HTML at byte `start`.
struct FoundTag<'a> {
    start: usize,
    name: &'a str,
    is_end: bool,
}

fn tags(text: &str) -> impl Iterator<Item = FoundTag<'_>> {
    memchr::memchr_iter(b'<', text.as_bytes()).filter_map(|start| {
        let rest = &text[start + 1..];
        let is_end = rest.starts_with('/');
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let (name, after) = rest.split_at(len);
        let near = &after.as_bytes()[..after.len().min(LONGEST_TAG)];
        let closes = memchr::memchr2(b'>', b'<', near).is_some_and(|at| near[at] == b'>');
        let is_tag =
            after.starts_with([' ', '>', '/', '\n', '\t']) && closes && element::is_known(&name.to_ascii_lowercase());
        is_tag.then_some(FoundTag { start, name, is_end })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_what_they_are() {
        for text in [
            "<!DOCTYPE html>\n<p>",
            "<?xml version=\"1.0\"?>\n<!-- saved -->\n<html lang=en>",
            "\n <HEAD><TITLE>",
            "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 3.2//EN\">",
        ] {
            assert!(is_page(text), "{text}");
        }
        for text in ["<!DOCTYPE plist>", "<?xml version=\"1.0\"?><project>", "<header>", "<!-- <html>", "html", ""] {
            assert!(!is_page(text), "{text}");
        }
    }

    #[test]
    fn parts_of_pages_are_mostly_tags() {
        assert!(is_fragment("<h1>Disk full</h1>\n<p>It is."));
        assert!(is_fragment("<div class=\"a\"><B>SYMPTOMS</B>"));
        for text in
            ["<project><name>x</name><p>", "<34>Oct 11 <b> </b> <b>", "<server> is <p> down", "text <p> <p> <p>", "<p>"]
        {
            assert!(!is_fragment(text), "{text}");
        }
    }

    #[test]
    fn a_placeholder_is_no_markup() {
        assert!(has_tags("one<br>two") && has_tags("a <b>b</b>"));
        assert!(!has_tags("copy <title> to <server> if a < b && b > c, Vec<T>"));
    }
}
