//! Recognizes documents of other programs, which are refused with a sentence that says how to convert them.

use std::fmt;

use super::error::NotAnArticle;

/// A format that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ForeignFormat {
    /// A PDF file.
    Pdf,
    /// A Word document, `.docx`.
    Word,
    /// A document of older Office versions: `.doc`, `.xls`, `.ppt`.
    OldOffice,
    /// A workbook, `.xlsx`.
    Workbook,
    /// Slides, `.pptx`.
    Slides,
    /// An OpenDocument text, `.odt`.
    OpenDocument,
    /// Rich text, `.rtf`.
    RichText,
    /// An e-book, `.epub`.
    Book,
    /// A page of MediaWiki.
    MediaWiki,
    /// All pages of a MediaWiki, as XML.
    MediaWikiDump,
}

impl fmt::Display for ForeignFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, advice) = match self {
            ForeignFormat::Pdf => ("a PDF file", "convert it with `pdftohtml -s -noframes FILE`"),
            ForeignFormat::Word => ("a Word document", "convert it with `pandoc -f docx -t gfm FILE -o FILE.md`"),
            ForeignFormat::OldOffice => {
                ("a document of an old Office", "save it as .docx and convert that with `pandoc -f docx -t gfm`")
            }
            ForeignFormat::Workbook => ("a workbook", "save it as CSV, with one article on each row"),
            ForeignFormat::Slides => ("slides", "save them as text or HTML"),
            ForeignFormat::OpenDocument => {
                ("an OpenDocument text", "convert it with `pandoc -f odt -t gfm FILE -o FILE.md`")
            }
            ForeignFormat::RichText => ("rich text", "convert it with `pandoc -f rtf -t gfm FILE -o FILE.md`"),
            ForeignFormat::Book => ("an e-book", "convert it with `pandoc -f epub -t gfm FILE -o FILE.md`"),
            ForeignFormat::MediaWiki => {
                ("MediaWiki text", "convert it with `pandoc -f mediawiki -t gfm FILE -o FILE.md`")
            }
            ForeignFormat::MediaWikiDump => {
                ("a dump of a MediaWiki", "write each page to a file and convert it with `pandoc -f mediawiki -t gfm`")
            }
        };
        write!(f, "{name}; {advice}")
    }
}

/// Returns why a file is refused, if it is a document of another program. Decides by its first bytes; for packed documents
/// also by the names of the files in them.
pub(super) fn foreign(bytes: &[u8]) -> Option<NotAnArticle> {
    let format = match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => ForeignFormat::Pdf,
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => ForeignFormat::OldOffice,
        [b'{', b'\\', b'r', b't', b'f', ..] => ForeignFormat::RichText,
        [b'P', b'K', 3, 4, ..] => packed(bytes)?,
        _ => dump(bytes)?,
    };
    Some(NotAnArticle::Foreign(format))
}

fn packed(bytes: &[u8]) -> Option<ForeignFormat> {
    const NAME_AT: usize = 30;
    let first = bytes.get(NAME_AT..)?;
    let holds = |name: &str| memchr::memmem::find(bytes, name.as_bytes()).is_some();
    if first.starts_with(b"mimetypeapplication/vnd.oasis.opendocument") {
        return Some(ForeignFormat::OpenDocument);
    }
    if first.starts_with(b"mimetypeapplication/epub") {
        return Some(ForeignFormat::Book);
    }
    let is_office = first.starts_with(b"[Content_Types].xml")
        || first.starts_with(b"_rels/")
        || first.starts_with(b"docProps/")
        || first.starts_with(b"word/");
    if !is_office {
        return None;
    }
    let known = [
        ("word/document", ForeignFormat::Word),
        ("xl/workbook", ForeignFormat::Workbook),
        ("ppt/presentation", ForeignFormat::Slides),
    ];
    known.into_iter().find(|(name, _)| holds(name)).map(|(_, format)| format)
}

fn dump(bytes: &[u8]) -> Option<ForeignFormat> {
    const HEAD: usize = 400;
    let head = &bytes[..bytes.len().min(HEAD)];
    let is_xml = head.trim_ascii_start().starts_with(b"<");
    (is_xml && memchr::memmem::find(head, b"<mediawiki").is_some()).then_some(ForeignFormat::MediaWikiDump)
}

/// Whether `head`, the start of a text, is of MediaWiki: it has headings that are closed by `=`, and other marks of a wiki.
pub(super) fn is_media_wiki(head: &str) -> bool {
    const MARKS: [&str; 7] = ["'''", "''", "[[", "{{", "{|", "<ref", "<nowiki"];
    const ENDINGS: [char; 4] = ['.', '!', '?', ':'];
    let is_head = |line: &&str| {
        let inner = line.trim_matches('=');
        let n_before = line.len() - line.trim_start_matches('=').len();
        let n_after = line.len() - line.trim_end_matches('=').len();
        (2..=6).contains(&n_before)
            && n_before == n_after
            && inner.contains(char::is_alphabetic)
            && !inner.trim().ends_with(ENDINGS)
    };
    let n_heads = head.lines().map(str::trim_end).filter(is_head).count();
    let n_marks = MARKS.iter().filter(|mark| head.contains(*mark)).count();
    let is_asciidoc =
        ["= ", ":toc", "[source"].map(|start| head.lines().any(|line| line.starts_with(start))).contains(&true);
    n_heads > 0 && n_heads + n_marks >= 2 && (!is_asciidoc || n_marks >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed_as(first: &str, rest: &str) -> Vec<u8> {
        [b"PK\x03\x04".as_slice(), &[0; 26], first.as_bytes(), rest.as_bytes()].concat()
    }

    #[test]
    fn documents_are_known_by_their_bytes() {
        let format = |bytes: &[u8]| foreign(bytes);
        let foreign = |format| Some(NotAnArticle::Foreign(format));
        assert_eq!(format(b"%PDF-1.7\n"), foreign(ForeignFormat::Pdf));
        assert_eq!(format(b"{\\rtf1 x}"), foreign(ForeignFormat::RichText));
        assert_eq!(format(&packed_as("[Content_Types].xml", "\0word/document.xml")), foreign(ForeignFormat::Word));
        assert_eq!(format(&packed_as("[Content_Types].xml", "\0xl/workbook.xml")), foreign(ForeignFormat::Workbook));
        assert_eq!(format(&packed_as("mimetype", "application/epub+zip")), foreign(ForeignFormat::Book));
        assert_eq!(format(b"<mediawiki xmlns=\"x\">"), foreign(ForeignFormat::MediaWikiDump));
        assert_eq!(format(&packed_as("notes/belt.md", "# word/document")), None);
        assert_eq!(format(b"# The <mediawiki> tag"), None);
    }

    #[test]
    fn a_refusal_says_how_to_convert() {
        assert_eq!(
            NotAnArticle::Foreign(ForeignFormat::Word).to_string(),
            "a Word document; convert it with `pandoc -f docx -t gfm FILE -o FILE.md`"
        );
    }

    #[test]
    fn pages_of_a_wiki_have_closed_headings() {
        assert!(is_media_wiki("== Symptoms ==\nThe ramp is '''icy'''.\n"));
        assert!(is_media_wiki("{{Box}}\n==Symptoms==\n# Salt it.\n# Wait.\n"));
        assert!(!is_media_wiki("= Ramp =\n\n== Symptoms ==\n\nIcy.\n"));
        assert!(!is_media_wiki("if a == b\n== x\n"));
        assert!(!is_media_wiki("The ramp is ''icy''.\n"));
    }
}
