//! The lines of reStructuredText, whose indents decide what belongs together, and what they begin.

/// A line without the blanks at its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// The column of the first character; a tab leads to the next multiple of eight.
    pub(super) indent: usize,
    pub(super) text: &'t str,
}

impl<'t> Line<'t> {
    pub(super) fn new(line: &'t str) -> Self {
        let text = line.trim_start_matches([' ', '\t']);
        let margin = &line[..line.len() - text.len()];
        let indent = margin.bytes().fold(0, |column, b| if b == b'\t' { (column / 8 + 1) * 8 } else { column + 1 });
        Line { indent, text: text.trim_end() }
    }

    pub(super) fn is_blank(self) -> bool {
        self.text.is_empty()
    }
}

/// Returns the least indent of the lines that are not blank.
pub(super) fn margin(lines: &[Line<'_>]) -> usize {
    lines.iter().filter(|line| !line.is_blank()).map(|line| line.indent).min().unwrap_or(0)
}

/// Returns the number of lines from the start of `lines` that are blank or indented more than `indent`, without blank lines
/// at the end.
pub(super) fn n_indented(lines: &[Line<'_>], indent: usize) -> usize {
    let within = lines.iter().take_while(|line| line.is_blank() || line.indent > indent).count();
    lines[..within].iter().rposition(|line| !line.is_blank()).map_or(0, |last| last + 1)
}

/// Returns the lines as text, without their common indent.
pub(super) fn joined(lines: &[Line<'_>]) -> String {
    let margin = margin(lines);
    let mut text = String::new();
    for line in lines {
        if !line.is_blank() {
            text.extend(std::iter::repeat_n(' ', (line.indent - margin).min(400)));
            text.push_str(line.text);
        }
        text.push('\n');
    }
    text
}

/// Returns the character of a line that consists of one punctuation character, at least twice.
pub(super) fn adornment(text: &str) -> Option<char> {
    let mark = text.chars().next().filter(char::is_ascii_punctuation)?;
    (text.len() >= 2 && text.bytes().all(|b| b == mark as u8)).then_some(mark)
}

/// The heading at the start of some lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heading<'t> {
    pub(super) text: &'t str,
    /// The character of the lines around it, and whether there is one above it. Headings of one level agree.
    pub(super) style: (char, bool),
    pub(super) n_lines: usize,
}

/// Parses a heading with a line below it, or with lines above and below.
pub(super) fn heading<'t>(lines: &[Line<'t>]) -> Option<Heading<'t>> {
    let first = lines.first()?;
    let long_enough = |rule: &str, title: &str| rule.len() >= title.chars().count() || rule.len() >= 4;
    if let Some(mark) = adornment(first.text) {
        let [_, title, below, ..] = lines else { return None };
        let is_heading = !title.is_blank()
            && adornment(title.text).is_none()
            && below.text == first.text
            && long_enough(below.text, title.text);
        return is_heading.then_some(Heading { text: title.text, style: (mark, true), n_lines: 3 });
    }
    let below = lines.get(1)?;
    let mark = adornment(below.text)?;
    let is_heading = !first.is_blank() && first.indent == 0 && below.indent == 0 && long_enough(below.text, first.text);
    is_heading.then_some(Heading { text: first.text, style: (mark, false), n_lines: 2 })
}

/// The marker of a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ItemStart<'t> {
    pub(super) marker: Marker,
    /// The length of the marker and of the blanks after it.
    pub(super) width: usize,
    pub(super) text: &'t str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Bullet(char),
    /// `#.`
    Next,
    Number(u64),
    /// The place of a letter in the alphabet.
    Letter(u64),
}

impl Marker {
    /// Whether an item with the marker `next` continues the list of this item.
    pub(super) fn is_continued_by(self, next: Marker) -> bool {
        match (self, next) {
            (Marker::Bullet(one), Marker::Bullet(other)) => one == other,
            (Marker::Letter(_), Marker::Letter(_)) => true,
            (Marker::Next | Marker::Number(_), Marker::Next | Marker::Number(_)) => true,
            (Marker::Letter(_), Marker::Next) => true,
            (Marker::Bullet(_) | Marker::Next | Marker::Number(_) | Marker::Letter(_), _) => false,
        }
    }
}

/// Parses `* text`, `#. text`, `3. text`, `(b) text`.
pub(super) fn item(text: &str) -> Option<ItemStart<'_>> {
    let (word, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    let content = rest.trim_start();
    let marker = match word {
        "*" | "-" | "+" | "•" => Marker::Bullet(word.chars().next()?),
        _ => enumerator(word)?,
    };
    let is_item = !content.is_empty() || matches!(marker, Marker::Bullet(_));
    is_item.then_some(ItemStart { marker, width: text.len() - content.len(), text: content })
}

fn enumerator(word: &str) -> Option<Marker> {
    let inner = word.strip_suffix(['.', ')'])?;
    let inner = if word.ends_with(')') { inner.strip_prefix('(').unwrap_or(inner) } else { inner };
    match inner.as_bytes() {
        b"#" => Some(Marker::Next),
        [letter @ b'a'..=b'z'] => Some(Marker::Letter(u64::from(letter - b'a') + 1)),
        digits if (1..=4).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => {
            inner.parse().ok().map(Marker::Number)
        }
        _ => None,
    }
}

/// Parses `:name: value`. A role before a text in backticks is none.
pub(super) fn field(text: &str) -> Option<(&str, &str)> {
    const LONGEST_NAME: usize = 60;
    let rest = text.strip_prefix(':')?;
    let end = rest.bytes().take(LONGEST_NAME).position(|b| b == b':')?;
    let (name, value) = (&rest[..end], &rest[end + 1..]);
    let is_field =
        !name.is_empty() && !name.starts_with([' ', '`']) && (value.is_empty() || value.starts_with([' ', '\t']));
    is_field.then_some((name, value.trim()))
}

/// Parses the start of a directive, `name:: argument`, which follows `.. ` or a substitution.
pub(super) fn directive(text: &str) -> Option<(&str, &str)> {
    let (name, argument) = text.split_once("::")?;
    let name = name.trim_end();
    let is_name = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.' | b'+'));
    (is_name && (argument.is_empty() || argument.starts_with([' ', '\t']))).then_some((name, argument.trim()))
}

/// Parses an option and its description, `-x, --long=VALUE  description`.
pub(super) fn option(text: &str) -> Option<(&str, &str)> {
    let is_option = text.starts_with('-') && text[1..].starts_with(|c: char| c == '-' || c.is_ascii_alphanumeric());
    let (option, description) = text.split_once("  ").unwrap_or((text, ""));
    (is_option && !description.trim().is_empty()).then_some((option, description.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line<'_>> {
        text.lines().map(Line::new).collect()
    }

    #[test]
    fn headings_have_lines_around_them() {
        let heading =
            |text| super::heading(&lines(text)).map(|found| (found.text.to_owned(), found.style, found.n_lines));
        assert_eq!(heading("The belt\n========\n"), Some(("The belt".to_owned(), ('=', false), 2)));
        assert_eq!(heading("====\n Belt\n====\n"), Some(("Belt".to_owned(), ('=', true), 3)));
        assert_eq!(heading("The belt stops\n--\n"), None);
        assert_eq!(heading("----\n\ntext"), None);
    }

    #[test]
    fn items_fields_options_and_directives_are_told_apart() {
        let start = |marker, width, text| Some(ItemStart { marker, width, text });
        assert_eq!(item("*  a"), start(Marker::Bullet('*'), 3, "a"));
        assert_eq!(item("#. a"), start(Marker::Next, 3, "a"));
        assert_eq!(item("(b) a"), start(Marker::Letter(2), 4, "a"));
        assert_eq!((item("*a*"), item("12345. a"), item("e.g. a")), (None, None, None));
        assert_eq!(field(":Date: 2026-01-02"), Some(("Date", "2026-01-02")));
        assert_eq!((field(":ref:`x`"), field("::"), field(": x:")), (None, None, None));
        assert_eq!(directive("code-block:: bash"), Some(("code-block", "bash")));
        assert_eq!((directive("a comment:: x"), directive("_label:")), (None, None));
        assert_eq!(option("-f, --force  Do it"), Some(("-f, --force", "Do it")));
        assert_eq!(option("- f  x"), None);
    }

    #[test]
    fn lines_keep_their_indents_relative_to_each_other() {
        let lines = lines("a\n    b\n\n\tc\n\nd");
        assert_eq!(n_indented(&lines[1..], 0), 3);
        assert_eq!(joined(&lines[1..4]), "b\n\n    c\n");
    }
}
