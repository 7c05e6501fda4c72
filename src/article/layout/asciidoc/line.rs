//! Recognizes what one line of AsciiDoc begins: a heading, a delimited block, a list item, a term.

/// A heading: the number of marks before it, from 1, and its text.
pub(super) fn heading(line: &str) -> Option<(u8, &str)> {
    let mark = line.chars().next().filter(|c| matches!(c, '=' | '#'))?;
    let level = line.bytes().take(7).take_while(|&b| b == mark as u8).count();
    let text = line[level..].strip_prefix([' ', '\t'])?.trim();
    let closed = text.trim_end_matches(mark);
    // A heading may be closed by as many marks as are before it.
    let text = if text.len() - closed.len() == level && closed.ends_with(' ') { closed.trim_end() } else { text };
    ((1..=6).contains(&level) && !text.is_empty()).then_some((level as u8, text))
}

/// Returns the level of a heading that is underlined by `line`; `None` if `line` does not underline `title`.
pub(super) fn underline(title: &str, line: &str) -> Option<u8> {
    let mark = line.chars().next()?;
    let level = ['=', '-', '~', '^', '+'].iter().position(|&known| known == mark)? as u8 + 1;
    let is_line = line.len() >= 3 && line.chars().all(|c| c == mark);
    let fits = title.chars().count().abs_diff(line.len()) <= 1 && title.contains(char::is_alphanumeric);
    (is_line && fits && !title.starts_with(char::is_whitespace)).then_some(level)
}

/// The kind of a delimited block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fence {
    /// Listing, literal or fenced code.
    Verbatim,
    /// Blocks with text of their own.
    Group,
    Quote,
    Passthrough,
    Comment,
    /// A table; contains the character between its cells.
    Table(char),
}

/// Returns the kind of the block that `line` delimits.
pub(super) fn fence(line: &str) -> Option<Fence> {
    let all = |mark: char| line.len() >= 4 && line.chars().all(|c| c == mark);
    match line.as_bytes().first()? {
        b'-' if line == "--" => Some(Fence::Group),
        b'-' | b'.' if all('-') || all('.') => Some(Fence::Verbatim),
        b'`' if line.starts_with("```") => Some(Fence::Verbatim),
        b'=' | b'*' if all('=') || all('*') => Some(Fence::Group),
        b'_' if all('_') => Some(Fence::Quote),
        b'+' if all('+') => Some(Fence::Passthrough),
        b'/' if all('/') => Some(Fence::Comment),
        &mark @ (b'|' | b',' | b':' | b'!') => {
            let rest = &line[1..];
            (rest.len() >= 3 && rest.bytes().all(|b| b == b'=')).then_some(Fence::Table(char::from(mark)))
        }
        _ => None,
    }
}

/// The marker of a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ItemStart<'t> {
    /// Markers of one list have the same key.
    pub(super) key: &'t str,
    pub(super) numbering: Numbering,
    pub(super) text: &'t str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    Bullet,
    Number,
    Letter,
    /// A number that the text states.
    Stated(u64),
}

/// Parses `* text`, `.. text`, `3. text`, `b. text` or `<1> text`.
pub(super) fn item(line: &str) -> Option<ItemStart<'_>> {
    const DEEPEST: usize = 6;
    let line = line.trim_start();
    let (marker, text) = line.split_once([' ', '\t'])?;
    let text = text.trim_start();
    let of_one = |mark: char| marker.len() <= DEEPEST && marker.chars().all(|c| c == mark);
    let numbering = match marker.as_bytes().first()? {
        b'*' if of_one('*') => Numbering::Bullet,
        b'-' if marker == "-" => Numbering::Bullet,
        b'.' if of_one('.') => {
            if marker.len() % 2 == 1 {
                Numbering::Number
            } else {
                Numbering::Letter
            }
        }
        b'0'..=b'9' => return stated(marker, text),
        b'a'..=b'z' if marker.len() == 2 && marker.ends_with('.') => {
            return Some(ItemStart { key: "a.", numbering: Numbering::Letter, text });
        }
        b'<' if is_callout(marker) => return Some(ItemStart { key: "<1>", numbering: Numbering::Number, text }),
        _ => return None,
    };
    (!text.is_empty()).then_some(ItemStart { key: marker, numbering, text })
}

fn stated<'t>(marker: &str, text: &'t str) -> Option<ItemStart<'t>> {
    let number = marker.strip_suffix('.')?;
    let is_number = (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let number = number.parse().ok().filter(|_| is_number && !text.is_empty())?;
    Some(ItemStart { key: "1.", numbering: Numbering::Stated(number), text })
}

fn is_callout(marker: &str) -> bool {
    let inner = marker.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| inner == "." || (!inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit())))
}

/// Removes the callouts at the end of a line of code: `<1>`, with or without the start of a comment before it.
pub(super) fn without_callouts(line: &str) -> &str {
    let mut rest = line.trim_end();
    let mut is_removed = false;
    while let Some((before, marker)) = rest.rsplit_once([' ', '\t']).or_else(|| is_callout(rest).then_some(("", rest)))
    {
        let marker = marker.strip_prefix("<!--").and_then(|inner| inner.strip_suffix("-->")).map_or(marker, |_| "<.>");
        if !is_callout(marker) {
            break;
        }
        (rest, is_removed) = (before.trim_end(), true);
    }
    if !is_removed {
        return line;
    }
    let bare = ["//", "#", "--", ";;"].iter().find_map(|mark| rest.strip_suffix(mark));
    bare.unwrap_or(rest).trim_end()
}

/// Parses `term:: text`: the term, the marker and the text.
pub(super) fn term(line: &str) -> Option<(&str, &str, &str)> {
    const LONGEST_TERM: usize = 300;
    let line = line.trim();
    let head = &line[..line.floor_char_boundary(LONGEST_TERM)];
    let mut from = 0;
    while let Some(found) =
        head.get(from..).unwrap_or_default().find("::").or_else(|| head.get(from..).unwrap_or_default().find(";;"))
    {
        let at = from + found;
        let mark = line.as_bytes()[at];
        let len = line.as_bytes()[at..].iter().take_while(|&&b| b == mark).count();
        let after = &line[at + len..];
        if (2..=4).contains(&len) && at > 0 && (after.is_empty() || after.starts_with([' ', '\t'])) {
            let term = line[..at].trim_end();
            return (!term.is_empty()).then_some((term, &line[at..at + len], after.trim_start()));
        }
        from = at + len;
    }
    None
}

/// Parses a macro that is a paragraph by itself, `name::target[attributes]`.
pub(super) fn block_macro(line: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = line.split_once("::")?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let (target, attributes) = rest.strip_suffix(']')?.split_once('[')?;
    (is_name && !target.contains(' ')).then_some((name, target, attributes))
}

/// Whether the line below a title names an author: two or three words that begin with capitals, or an address.
pub(super) fn is_author(line: &str) -> bool {
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '\'' | '_'))
    };
    let has_address = line.contains('<') && line.trim_end_matches(';').ends_with('>') && line.contains('@');
    let words = line.split(' ').count();
    has_address || ((2..=3).contains(&words) && line.split(' ').all(is_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_marked_or_underlined() {
        assert_eq!(heading("== Symptoms"), Some((2, "Symptoms")));
        assert_eq!(heading("== Symptoms =="), Some((2, "Symptoms")));
        assert_eq!(heading("=== a == b"), Some((3, "a == b")));
        assert_eq!(heading("==Symptoms"), None);
        assert_eq!(heading("===="), None);
        assert_eq!(underline("The belt", "~~~~~~~~"), Some(3));
        assert_eq!(underline("The belt", "----"), None);
        assert_eq!(underline("----", "----"), None);
    }

    #[test]
    fn lines_delimit_blocks() {
        assert_eq!(fence("----"), Some(Fence::Verbatim));
        assert_eq!(fence("....."), Some(Fence::Verbatim));
        assert_eq!(fence("--"), Some(Fence::Group));
        assert_eq!(fence("===="), Some(Fence::Group));
        assert_eq!(fence("|==="), Some(Fence::Table('|')));
        assert_eq!(fence("---"), None);
        assert_eq!(fence("--- a"), None);
        assert_eq!(fence("|=== x"), None);
    }

    #[test]
    fn items_have_markers() {
        let start = |key, numbering, text| Some(ItemStart { key, numbering, text });
        assert_eq!(item("* a"), start("*", Numbering::Bullet, "a"));
        assert_eq!(item(" .. a"), start("..", Numbering::Letter, "a"));
        assert_eq!(item("12. a"), start("1.", Numbering::Stated(12), "a"));
        assert_eq!(item("<1> a"), start("<1>", Numbering::Number, "a"));
        for line in ["*a*", "-- a", "1990 a", "...", "a", "e.g. a", "<a> b"] {
            assert_eq!(item(line), None, "{line}");
        }
    }

    #[test]
    fn callouts_are_removed_from_code() {
        assert_eq!(without_callouts("port: 80 # <1> <2>"), "port: 80");
        assert_eq!(without_callouts("run <1>"), "run");
        assert_eq!(without_callouts("<a/> <!--1-->"), "<a/>");
        assert_eq!(without_callouts("run <name>  "), "run <name>  ");
    }

    #[test]
    fn terms_end_in_colons() {
        assert_eq!(term("-n:: Do nothing"), Some(("-n", "::", "Do nothing")));
        assert_eq!(term("std::x;;"), Some(("std::x", ";;", "")));
        assert_eq!(term("std::x is"), None);
        assert_eq!(block_macro("image::a.png[The roller]"), Some(("image", "a.png", "The roller")));
        assert_eq!(block_macro("see image::a.png[The roller]"), None);
    }

    #[test]
    fn authors_are_known_by_capitals_or_an_address() {
        assert!(is_author("Ann Belt") && is_author("ann belt <ann@acme.example>"));
        assert!(!is_author("The belt stops.") && !is_author("Symptoms"));
    }
}
