//! The pieces of a paragraph: text, and the marks that begin and end bold type and links. AsciiDoc and reStructuredText
//! are split into them.

use std::borrow::Cow;

use super::inline::InlineText;
use super::link::LinkAddress;

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(Cow<'a, str>),
    OpenBold,
    CloseBold,
    /// Begins a link to this address.
    OpenLink(String),
    CloseLink,
    /// Begins a new line of the same paragraph.
    Break,
}

/// Adds the pieces to a paragraph.
pub(super) fn fill(inline: &mut InlineText, pieces: &[Piece<'_>]) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => inline.push(text),
            Piece::OpenBold => inline.open_bold(),
            Piece::CloseBold => inline.close_bold(),
            Piece::OpenLink(address) => inline.open_link(LinkAddress::new(address)),
            Piece::CloseLink => inline.close_link(),
            Piece::Break => inline.break_line(),
        }
    }
}

/// Returns the text of the pieces with its blanks, without the addresses of links.
pub(super) fn plain(pieces: &[Piece<'_>]) -> String {
    let text = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => text.to_string(),
        Piece::Break => "\n".to_owned(),
        Piece::OpenBold | Piece::CloseBold | Piece::OpenLink(_) | Piece::CloseLink => String::new(),
    };
    pieces.iter().map(text).collect()
}
