//! Replaces the includes of an AsciiDoc, Markdown or reStructuredText file by the texts of the included files.
//!
//! The caller reads the files, and decides which it may read. A file that is not there stays an include, of which the layout
//! prints the path.

use std::borrow::Cow;

use super::detect::detect_in;
use super::file_name::FileName;
use super::layout::{asciidoc, markdown, restructured};
use super::model::Layout;

/// The greatest depth of includes within included files.
const MAX_DEPTH: usize = 8;

/// The bytes that includes may add to one text. Later ones stay includes.
const BUDGET: usize = 1 << 20;

/// An include in AsciiDoc or reStructuredText contains this.
const MARK: &str = "include::";

/// Returns the text of a file at a path, which is relative to the folder of the including file; `None` if it is not there.
pub type ReadIncluded<'r> = dyn Fn(&str) -> Option<String> + 'r;

/// Replaces the includes in the text of the file at `path`. Returns borrowed text if there are none that can be read.
pub fn with_includes<'t>(text: &'t str, path: &str, read: &ReadIncluded<'_>) -> Cow<'t, str> {
    // To detect the layout takes longer.
    if !markdown::INCLUDE_MARKS.iter().chain(&[MARK]).any(|mark| text.contains(mark)) {
        return Cow::Borrowed(text);
    }
    let mut reading = Includes { read, n_added: 0, n_read: 0 };
    let replaced = match detect_in(text, FileName::of(path)) {
        Some(Layout::AsciiDoc) => asciidoc::with_includes(text, &mut reading, Folder::default()),
        Some(Layout::ReStructuredText) => restructured::with_includes(text, &mut reading, Folder::default()),
        Some(Layout::Markdown) => markdown::with_includes(text, &mut reading, &Folder::default()),
        _ => return Cow::Borrowed(text),
    };
    if reading.n_read == 0 { Cow::Borrowed(text) } else { Cow::Owned(replaced) }
}

/// The included files that were read for one text.
pub(super) struct Includes<'r> {
    read: &'r ReadIncluded<'r>,
    n_added: usize,
    n_read: usize,
}

/// The folder of a file, relative to that of the first file, and the number of files that lead to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Folder {
    path: String,
    depth: usize,
}

impl Includes<'_> {
    /// Returns the text of the file that `target` names in a file in `folder`, and the folder of that file. `None` if it
    /// is not there, or there has been enough.
    pub(super) fn take(&mut self, target: &str, folder: &Folder) -> Option<(String, Folder)> {
        if folder.depth >= MAX_DEPTH || target.is_empty() || target.contains("://") {
            return None;
        }
        let path = join(&folder.path, target);
        // Many sites include by paths from their root.
        let (path, text) =
            [path.as_str(), target].into_iter().find_map(|path| Some((path.to_owned(), (self.read)(path)?)))?;
        if self.n_added + text.len() > BUDGET {
            return None;
        }
        self.n_added += text.len();
        self.n_read += 1;
        let inner = path.rsplit_once('/').map_or("", |(inner, _)| inner);
        Some((text, Folder { path: inner.to_owned(), depth: folder.depth + 1 }))
    }
}

fn join(folder: &str, target: &str) -> String {
    if folder.is_empty() || target.starts_with('/') { target.to_owned() } else { format!("{folder}/{target}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, path: &str, expect: &str) {
        let read = |path: &str| {
            let text = match path {
                "parts/oil.adoc" => "= Oil\n\nOil it.\n\ninclude::more.adoc[]\n",
                "parts/more.adoc" => "// tag::a[]\nMore.\n// end::a[]\nMost.\n",
                "loop.adoc" => "x\ninclude::loop.adoc[]\n",
                "parts/note.md" => "---\ntitle: x\n---\n\nOil *it*.\n\n[!INCLUDE [m](more.md)]\n",
                "parts/more.md" => "More.\n",
                "oil.inc" => "Oil\nStart\nit.\nEnd\n",
                _ => return None,
            };
            Some(text.to_owned())
        };
        assert_eq!(with_includes(text, path, &read), expect);
    }

    #[test]
    fn asciidoc_includes_files_parts_of_them_and_moves_their_headings() {
        check(
            "= Belt\n\ninclude::parts/oil.adoc[leveloffset=+1]\nEnd.\n",
            "a.adoc",
            "= Belt\n\n:leveloffset: +1\n= Oil\n\nOil it.\n\nMore.\nMost.\n:leveloffset: -1\nEnd.\n",
        );
        check(":where: parts\ninclude::{where}/more.adoc[tag=a]\n", "a.adoc", ":where: parts\nMore.\n");
        check(
            "= Belt\n\ninclude::parts/more.adoc[lines=2]\ninclude::gone.adoc[]\n",
            "a.adoc",
            "= Belt\n\nMore.\ninclude::gone.adoc[]\n",
        );
        check(
            "include::gone.adoc[]\n\\include::parts/more.adoc[]\n",
            "a.adoc",
            "include::gone.adoc[]\n\\include::parts/more.adoc[]\n",
        );
    }

    #[test]
    fn markdown_includes_files_without_their_front_matter() {
        check(
            "# Belt\n\n> [!INCLUDE [n](parts/note.md)]\n\nThen [!INCLUDE[m](parts/more.md)] go. [!INCLUDE [g](gone.md)]\n",
            "a.md",
            "# Belt\n\n> Oil *it*.\n> \n> More.\n\nThen More. go. [!INCLUDE [g](gone.md)]\n",
        );
        check("# Belt\n\n--8<-- \"parts/more.md\"\n{!gone.md!}\n", "a.md", "# Belt\n\nMore.\n{!gone.md!}\n");
    }

    #[test]
    fn restructured_text_includes_text_and_code() {
        check(
            "Belt\n====\n\n.. include:: oil.inc\n   :start-after: Start\n   :end-before: End\n",
            "a.rst",
            "Belt\n====\n\n\nit.\n",
        );
        check(
            "#. Belt\n\n   .. literalinclude:: oil.inc\n      :language: ini\n",
            "a.rst",
            "#. Belt\n\n   ::\n\n      Oil\n      Start\n      it.\n      End\n\n",
        );
        check("Belt\n====\n\n.. include:: gone.inc\n", "a.rst", "Belt\n====\n\n.. include:: gone.inc\n");
    }

    #[test]
    fn a_file_that_includes_itself_ends() {
        let expect = "x\n".repeat(MAX_DEPTH) + "include::loop.adoc[]\n";
        check("include::loop.adoc[]\n", "a.adoc", &expect);
    }

    #[test]
    fn other_layouts_include_nothing() {
        check(
            "# Belt\n\nSee this text.\ninclude::oil.inc[]\n",
            "a.md",
            "# Belt\n\nSee this text.\ninclude::oil.inc[]\n",
        );
    }
}
