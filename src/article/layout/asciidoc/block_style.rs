//! The lines above a block that say what it is: `[source,bash]`, `[NOTE]`, `[cols="1,2"]`, `.Title`.

/// What the lines above a block say about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BlockStyle<'t> {
    /// The first word: `source`, `NOTE`, `loweralpha`.
    pub(super) name: &'t str,
    /// The title, without the dot before it.
    pub(super) title: &'t str,
    /// The value of `cols`.
    pub(super) columns: Option<&'t str>,
    /// The value of `subs`.
    pub(super) substitutions: &'t str,
    /// The value of `start`.
    pub(super) start: Option<u64>,
}

/// Returns the content of a line of attributes, `[…]`. `[[anchor]]` is one, too. A line of text in brackets is none.
pub(super) fn attribute_list(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('[')?.strip_suffix(']')?;
    let is_list = inner.is_empty()
        || inner.starts_with(|c: char| {
            c.is_ascii_alphabetic() || matches!(c, '.' | '#' | '%' | '[' | '"' | '_' | ',' | '{')
        });
    (is_list && !inner.contains("](")).then_some(inner)
}

impl<'t> BlockStyle<'t> {
    /// Adds the attributes in `list`.
    pub(super) fn add(&mut self, list: &'t str) {
        if list.starts_with('[') {
            return;
        }
        for (at, part) in split_list(list).enumerate() {
            match part.split_once('=') {
                Some((name, value)) => self.set(name.trim(), value.trim().trim_matches(['"', '\''])),
                None if at == 0 => {
                    let name = part.trim().trim_matches('"');
                    let end = name.find(['#', '.', '%']).unwrap_or(name.len());
                    if end > 0 {
                        self.name = &name[..end];
                    }
                }
                None => {}
            }
        }
    }

    fn set(&mut self, name: &str, value: &'t str) {
        match name {
            "cols" => self.columns = Some(value),
            "subs" => self.substitutions = value,
            "start" => self.start = value.parse().ok(),
            "title" => self.title = value,
            _ => {}
        }
    }

    /// The label of an admonition: `NOTE`.
    pub(super) fn admonition(&self) -> Option<&'t str> {
        ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"].contains(&self.name).then_some(self.name)
    }

    /// Whether the block contains lines to be kept unchanged.
    pub(super) fn is_code(&self) -> bool {
        const CODE: [&str; 14] = [
            "source",
            "listing",
            "literal",
            "screen",
            "stem",
            "latexmath",
            "asciimath",
            "plantuml",
            "mermaid",
            "graphviz",
            "ditaa",
            "console",
            "terminal",
            "code",
        ];
        CODE.contains(&self.name)
    }
}

/// Splits a list at the commas that are not within quotes.
fn split_list(list: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    list.split(move |c| {
        is_quoted ^= c == '"';
        c == ',' && !is_quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, style: BlockStyle<'_>) {
        let mut found = BlockStyle::default();
        found.add(attribute_list(line).expect("attributes"));
        assert_eq!(found, style);
    }

    #[test]
    fn attributes_are_read() {
        let named = |name| BlockStyle { name, ..BlockStyle::default() };
        check("[source,bash]", named("source"));
        check("[NOTE.left#id%open]", named("NOTE"));
        check("[[anchor]]", named(""));
        check("[id=\"a\",role=x]", named(""));
        check(
            "[cols=\"1,2a\", start=4]",
            BlockStyle { columns: Some("1,2a"), start: Some(4), ..BlockStyle::default() },
        );
        check("[,bash,subs=\"attributes+\"]", BlockStyle { substitutions: "attributes+", ..BlockStyle::default() });
        assert_eq!(attribute_list("[1] see below]"), None);
    }
}
