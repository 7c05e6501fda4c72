//! Collects the text of one paragraph: joins runs of white space and adds the addresses of links.

use super::link::{LinkAddress, written_out};

/// The text of a paragraph, without markup. It knows whether all of it is bold, because old pages use bold lines as
/// headings.
#[derive(Debug, Default)]
pub(super) struct InlineText {
    text: String,
    n_bold: usize,
    /// Whether there are words in bold type; in `has_plain`, words in normal type.
    has_bold: bool,
    has_plain: bool,
    link: Option<OpenLink>,
    /// The links of a heading, written out. They are not a part of its text.
    apart: Option<Vec<String>>,
}

/// A link whose end has not been reached.
#[derive(Debug)]
struct OpenLink {
    /// The byte offset of the link's label in the text.
    start: usize,
    address: LinkAddress,
}

impl InlineText {
    /// Adds text. A run of white space becomes one blank, and invisible characters are dropped.
    pub(super) fn push(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
            } else if !is_invisible(c) {
                self.has_bold |= self.n_bold > 0 && c.is_alphanumeric();
                self.has_plain |= self.n_bold == 0 && c.is_alphanumeric();
                self.text.push(c);
            }
        }
    }

    /// Begins a new line of the same paragraph.
    pub(super) fn break_line(&mut self) {
        if !self.is_blank() {
            self.trim_end();
            self.text.push('\n');
        }
    }

    /// Whether a line break ends the paragraph, because the last line is still empty or all text is bold.
    pub(super) fn ends_at_break(&self) -> bool {
        self.text.trim_end_matches(' ').ends_with('\n') || self.is_bold()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim_end().is_empty()
    }

    pub(super) fn is_bold(&self) -> bool {
        self.has_bold && !self.has_plain
    }

    pub(super) fn open_bold(&mut self) {
        self.n_bold += 1;
    }

    pub(super) fn close_bold(&mut self) {
        self.n_bold = self.n_bold.saturating_sub(1);
    }

    /// Ends all bold type, as the start of a table cell does.
    pub(super) fn reset_bold(&mut self) {
        self.n_bold = 0;
    }

    /// Keeps the addresses of links apart from the text, until they are taken.
    pub(super) fn keep_links_apart(&mut self) {
        self.apart = Some(Vec::new());
    }

    /// Returns the links that were kept apart, each with its label. Further links become a part of the text.
    pub(super) fn take_links_apart(&mut self) -> Vec<String> {
        self.close_link();
        self.apart.take().unwrap_or_default()
    }

    /// Begins a link, and ends one that is still open.
    pub(super) fn open_link(&mut self, address: LinkAddress) {
        self.close_link();
        self.link = Some(OpenLink { start: self.text.len(), address });
    }

    pub(super) fn close_link(&mut self) {
        let Some(OpenLink { start, address }) = self.link.take() else {
            return;
        };
        // The text may be shorter now: the label was taken with its paragraph, or a blank at its start was removed.
        let Some(label) = self.text.get(start..) else {
            return;
        };
        if let Some(text) = written_out(label.trim(), &address) {
            if let Some(apart) = &mut self.apart {
                apart.push(text);
                return;
            }
            let n_blanks = label.len() - label.trim_start().len();
            let ends_in_blank = label.ends_with(' ');
            self.text.truncate(start + n_blanks);
            self.text.push_str(&text);
            if ends_in_blank {
                self.text.push(' ');
            }
        }
    }

    /// Returns the paragraph and begins the next one. Bold type continues.
    pub(super) fn take(&mut self) -> String {
        self.close_link();
        self.trim_end();
        self.has_bold = false;
        self.has_plain = false;
        std::mem::take(&mut self.text)
    }

    fn trim_end(&mut self) {
        self.text.truncate(self.text.trim_end().len());
    }
}

/// Whether a character is invisible: control characters, zero-width blanks and joiners, byte order marks, soft hyphens.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_folded_and_breaks_kept() {
        let mut inline = InlineText::default();
        inline.push(" \n one\u{a0}\t two\u{200b}three \0");
        inline.break_line();
        inline.push(" four ");
        assert_eq!(inline.take(), "one twothree\nfour");
        assert_eq!(inline.take(), "");
    }

    #[test]
    fn a_paragraph_is_bold_if_all_its_words_are() {
        let mut inline = InlineText::default();
        inline.open_bold();
        inline.push("CAUSE");
        inline.close_bold();
        inline.push(": ");
        assert!(inline.is_bold());
        inline.push("and more");
        assert!(!inline.is_bold());
        inline.take();
        assert!(!inline.is_bold());
    }

    #[test]
    fn links_are_written_out_where_they_end() {
        let mut inline = InlineText::default();
        inline.push("see");
        inline.open_link(LinkAddress::new("https://acme.example/a"));
        inline.push(" the page ");
        inline.close_link();
        inline.push("now");
        assert_eq!(inline.take(), "see the page (https://acme.example/a) now");
    }

    #[test]
    fn links_of_a_heading_are_kept_apart() {
        let mut inline = InlineText::default();
        inline.keep_links_apart();
        inline.push("Oil the ");
        inline.open_link(LinkAddress::new("https://acme.example/a"));
        inline.push("belt");
        assert_eq!(inline.take_links_apart(), ["belt (https://acme.example/a)"]);
        assert_eq!(inline.take(), "Oil the belt");
        assert_eq!(inline.take_links_apart(), [""; 0]);
    }
}
