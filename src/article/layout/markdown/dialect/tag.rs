//! Reads the tags that sites put into Markdown: a name, then values and pairs such as `title="Steps"`.
//!
//! Hugo's shortcodes, the tags of Liquid, components and the directives between colons all are such tags, with other
//! marks around them.

/// A tag without the marks around it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SiteTag<'a> {
    /// The name without the mark of an end tag: `alert` for `/alert` and for `endalert`.
    pub(super) name: &'a str,
    pub(super) is_end: bool,
    /// Values without a name, in order and without quotes.
    values: Vec<&'a str>,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> SiteTag<'a> {
    /// Reads the text between the marks of a tag. `None` if no name begins it.
    pub(super) fn parse(inside: &'a str) -> Option<Self> {
        let inside = inside.trim().trim_matches('-').trim();
        let (inside, is_end) = inside.strip_prefix('/').map_or((inside, false), |rest| (rest.trim_start(), true));
        let inside = inside.trim_end_matches('/');
        let len = inside.find(|c: char| !is_of_name(c)).unwrap_or(inside.len());
        let (name, rest) = inside.split_at(len);
        let mut tag = SiteTag { name, is_end, ..SiteTag::default() };
        if let Some(ended) = name.strip_prefix("end").filter(|ended| !ended.is_empty()) {
            (tag.name, tag.is_end) = (ended, true);
        }
        tag.take_arguments(rest);
        (!name.is_empty()).then_some(tag)
    }

    fn take_arguments(&mut self, mut rest: &'a str) {
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if rest.is_empty() {
                return;
            }
            let len = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(len);
            let value = after.trim_start().strip_prefix('=').filter(|_| !name.is_empty());
            let (text, after) = value_at(value.unwrap_or(rest).trim_start());
            match value {
                Some(_) => self.pairs.push((name, text)),
                None => self.values.push(text),
            }
            rest = after;
        }
    }

    /// Returns the value of the first of `names` that the tag has and that is not empty.
    pub(super) fn attribute(&self, names: &[&str]) -> Option<&'a str> {
        let named = |name: &&str| self.pairs.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        names.iter().filter_map(named).map(|(_, value)| value.trim()).find(|value| !value.is_empty())
    }

    pub(super) fn first_value(&self) -> Option<&'a str> {
        self.values.first().copied().filter(|value| !value.is_empty())
    }

    pub(super) fn last_value(&self) -> Option<&'a str> {
        self.values.last().copied().filter(|value| !value.is_empty())
    }

    /// Returns the title that the tag gives to the text in it.
    pub(super) fn title(&self) -> Option<&'a str> {
        self.attribute(&["title", "label", "summary", "header", "tabName", "name", "value"])
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/')
}

/// Returns the value at the start of `text`, quoted or up to a blank, and the text after it. Takes at least one
/// character.
fn value_at(text: &str) -> (&str, &str) {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`' | '{' | '[')) else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return text.split_at(end);
    };
    let closing = match quote {
        '{' => '}',
        '[' => ']',
        same => same,
    };
    let inside = &text[1..];
    match inside.find(closing) {
        // A component may have its text in braces and quotes: `label={"Shell"}`.
        Some(end) => (inside[..end].trim_matches(['"', '\'', '`']), &inside[end + 1..]),
        None => (inside, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_pairs_are_read() {
        let tag = SiteTag::parse(r#" alert title="Cold belts" color=info 'x y' last "#).expect("a tag");
        assert_eq!((tag.name, tag.is_end), ("alert", false));
        assert_eq!(tag.title(), Some("Cold belts"));
        assert_eq!(tag.attribute(&["type", "color"]), Some("info"));
        assert_eq!((tag.first_value(), tag.last_value()), (Some("x y"), Some("last")));
        assert_eq!(tag.attribute(&["type"]), None);
    }

    #[test]
    fn end_tags_and_odd_ones_are_read() {
        for (inside, name, is_end) in
            [("/alert", "alert", true), ("- endraw -", "raw", true), ("Foo /", "Foo", false), ("end", "end", false)]
        {
            let tag = SiteTag::parse(inside).expect("a tag");
            assert_eq!((tag.name, tag.is_end), (name, is_end), "{inside}");
        }
        let tag = SiteTag::parse(r#"TabItem label={"Shell"} default x="open"#).expect("a tag");
        assert_eq!((tag.title(), tag.first_value()), (Some("Shell"), Some("default")));
        assert_eq!(SiteTag::parse(" ?"), None);
    }
}
