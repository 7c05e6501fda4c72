//! The order in which skipped files are reported: documents first, since they may hold articles that the user misses;
//! licences and pictures last.

/// Suffixes of files that people write articles in.
const DOCUMENTS: [&str; 24] = [
    "md",
    "markdown",
    "mdx",
    "mdown",
    "txt",
    "text",
    "html",
    "htm",
    "xhtml",
    "adoc",
    "asciidoc",
    "asc",
    "rst",
    "wiki",
    "mediawiki",
    "textile",
    "org",
    "tex",
    "docx",
    "doc",
    "odt",
    "rtf",
    "pdf",
    "log",
];

/// Suffixes of files that hold no text to read: pictures, sounds, fonts, programs.
const NO_TEXTS: [&str; 22] = [
    "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "bmp", "tif", "tiff", "drawio", "mp4", "webm", "mov", "mp3",
    "woff", "woff2", "ttf", "eot", "css", "js", "lock",
];

/// Names, without suffix and in lower case, of files about a repository rather than a product.
const ABOUT_REPOSITORY: [&str; 9] =
    ["license", "licence", "copying", "notice", "codeowners", "authors", "makefile", "dockerfile", "owners"];

/// How likely the file at `path` is to hold an article that was missed: 0 for a document, 2 for a file that holds none.
pub(super) fn rank(path: &str) -> u8 {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let (stem, suffix) = name.rsplit_once('.').unwrap_or((&name, ""));
    let is_about_repository = ABOUT_REPOSITORY
        .iter()
        .any(|known| stem.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_', '.'])));
    match suffix {
        suffix if is_about_repository || NO_TEXTS.contains(&suffix) => 2,
        suffix if DOCUMENTS.contains(&suffix) => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_first_and_licences_and_pictures_last() {
        for (path, expected) in [
            ("/kb/Gate.MD", 0),
            ("/kb/export.zip!/gate.docx", 0),
            ("/kb/gate.yaml", 1),
            ("/kb/licensing.md", 0),
            ("/kb/gate", 1),
            ("/kb/LICENSE", 2),
            ("/kb/LICENSE-MIT.txt", 2),
            ("/kb/gate.png", 2),
        ] {
            assert_eq!(rank(path), expected, "{path}");
        }
    }
}
