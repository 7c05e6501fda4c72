//! Reads the name of an article's file: the layout that it tells, and a title for a text that states none.

use super::model::Layout;

/// Files with these names are the start page of their folder, whose name says more.
const FOLDER_FILES: [&str; 5] = ["index", "_index", "readme", "home", "default"];

/// Folders of parts that other pages include.
const FOLDERS_OF_PARTS: [&str; 8] =
    ["includes", "include", "_includes", "partials", "_partials", "snippets", "_snippets", "fragments"];

/// The endings of Markdown files.
const MARKDOWN: [&str; 5] = ["md", "markdown", "mdx", "mdown", "mkd"];

/// The endings of files in AsciiDoc and in reStructuredText.
const ASCIIDOC: [&str; 3] = ["adoc", "asciidoc", "asc"];
const RESTRUCTURED: [&str; 2] = ["rst", "rest"];

/// The path of the file that a text comes from, with `/` between its parts; empty if the text is not from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FileName<'a> {
    path: &'a str,
}

impl<'a> FileName<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        FileName { path }
    }

    /// Returns the layout that the ending of the name tells, if it is one that texts without marks may have.
    pub(super) fn layout(self) -> Option<Layout> {
        let (_, end) = self.file().rsplit_once('.')?;
        let is_one_of = |known: &[&str]| known.iter().any(|known| end.eq_ignore_ascii_case(known));
        if is_one_of(&MARKDOWN) {
            Some(Layout::Markdown)
        } else if is_one_of(&ASCIIDOC) {
            Some(Layout::AsciiDoc)
        } else {
            is_one_of(&RESTRUCTURED).then_some(Layout::ReStructuredText)
        }
    }

    /// Whether the file is in a folder of parts that other pages include.
    pub(super) fn is_part(self) -> bool {
        let folder = self.folders().next().unwrap_or_default();
        FOLDERS_OF_PARTS.iter().any(|known| folder.eq_ignore_ascii_case(known))
    }

    /// Returns a title made of the name of the file, or of its folder if the file is the start page of one. `None` if
    /// there is no name.
    pub(super) fn title(self) -> Option<String> {
        let stem = stem(self.file());
        let is_start_page = FOLDER_FILES.iter().any(|known| stem.eq_ignore_ascii_case(known));
        let name = if is_start_page { self.folders().next().unwrap_or(stem) } else { stem };
        Some(spaced(name)).filter(|title| title.contains(char::is_alphanumeric))
    }

    fn file(self) -> &'a str {
        self.path.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// Returns the names of the folders, the innermost first.
    fn folders(self) -> impl Iterator<Item = &'a str> {
        self.path.rsplit(['/', '\\']).skip(1).filter(|name| !name.is_empty())
    }
}

/// Returns `name` without the endings of Markdown and of what made the file: `page` for `page.gotmpl.md`.
fn stem(name: &str) -> &str {
    let without = |name: &str, ends: &[&str]| {
        let (stem, end) = name.rsplit_once('.')?;
        (!stem.is_empty() && ends.iter().any(|known| end.eq_ignore_ascii_case(known))).then_some(stem.len())
    };
    const OTHERS: [&str; 7] = ["txt", "html", "htm", "adoc", "rst", "gotmpl", "tmpl"];
    let mut name = name;
    while let Some(len) = without(name, &MARKDOWN).or_else(|| without(name, &OTHERS)) {
        name = &name[..len];
    }
    name
}

/// Returns a name with blanks in place of `-` and `_`, and a capital at its start if it has none. A name with blanks is
/// a title already.
fn spaced(name: &str) -> String {
    if name.contains(' ') {
        return name.trim().to_owned();
    }
    let words = name.split(['-', '_']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if words.contains(char::is_uppercase) {
        return words;
    }
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_made_of_the_file_or_its_folder() {
        for (path, title) in [
            ("kb/How to oil a belt.md", Some("How to oil a belt")),
            ("kb/belt-creaks.md", Some("Belt creaks")),
            ("kb/DepotDoorOpen.md", Some("DepotDoorOpen")),
            ("kb/belt_tool.1.md", Some("Belt tool.1")),
            ("kb/belt-chart.gotmpl.md", Some("Belt chart")),
            ("kb/cold-belts/README.md", Some("Cold belts")),
            ("kb/belts/_index.md", Some("Belts")),
            ("README.md", Some("README")),
            ("a.tar!/belts/index.md", Some("Belts")),
            ("", None),
            ("kb/---.md", None),
        ] {
            assert_eq!(FileName::of(path).title().as_deref(), title, "{path}");
        }
    }

    #[test]
    fn parts_are_in_folders_of_their_own() {
        assert!(FileName::of("kb/Includes/note.md").is_part());
        assert!(!FileName::of("includes/kb/note.md").is_part());
        assert!(!FileName::of("includes.md").is_part());
    }
}
