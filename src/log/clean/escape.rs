//! Escape sequences of terminals (ECMA-48), one byte at a time.

use super::ESC;

/// The most bytes of the parameters of a control sequence. A terminal needs fewer than 100 for a colour.
const MAX_PARAMETER_BYTES: usize = 256;

/// The most intermediate bytes of a sequence such as `ESC ( B`, which selects a character set.
const MAX_INTERMEDIATE_BYTES: usize = 3;

/// The most bytes of a text that is addressed to the terminal: a title, or the target of a link.
const MAX_TEXT_BYTES: usize = 4096;

/// How far an escape sequence was read.
#[derive(Debug, Clone, Default)]
pub(super) enum Escape {
    /// No sequence is open.
    #[default]
    Closed,
    /// After `ESC`.
    Begun,
    /// After `ESC` and this number of intermediate bytes.
    Intermediate(usize),
    /// After `ESC [` and this number of parameter bytes.
    Control(usize),
    /// After `ESC ]` or another beginning of a text for the terminal, and this text. It ends with `BEL` or `ESC \`.
    Text(Vec<u8>),
    /// After such a text and `ESC`.
    TextEnd(Vec<u8>),
}

/// The result of giving a byte to an open sequence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// The byte belongs to the sequence and is removed with it.
    Removed,
    /// The byte does not belong to the sequence, which has ended; the byte is not used up. This text, which seemed to
    /// belong to the sequence, is part of the log.
    Text(Vec<u8>),
}

impl Escape {
    pub(super) fn is_open(&self) -> bool {
        !matches!(self, Escape::Closed)
    }

    /// Begins a sequence, after `ESC` and before `rest`. Returns the length of the rest of the sequence if it is a
    /// control sequence that ends in `rest`, as nearly all are; then the sequence is closed. Otherwise returns 0.
    pub(super) fn begin(&mut self, rest: &[u8]) -> usize {
        if let [b'[', parameters @ ..] = rest
            && let Some(len) =
                parameters.iter().take(MAX_PARAMETER_BYTES + 1).position(|byte| !matches!(byte, b' '..=b'?'))
            && matches!(parameters[len], 0x40..=0x7e)
        {
            return len + 2;
        }
        *self = Escape::Begun;
        0
    }

    /// Gives the next byte to the open sequence. A sequence ends at the first byte that may not occur in it, such as a
    /// line end.
    pub(super) fn take(&mut self, byte: u8) -> Taken {
        let next = match (&mut *self, byte) {
            (Escape::Begun, b'[') => Some(Escape::Control(0)),
            (Escape::Begun, b']' | b'P' | b'X' | b'^' | b'_' | b'k') => Some(Escape::Text(Vec::new())),
            (Escape::Begun | Escape::Intermediate(_), 0x30..=0x7e) => Some(Escape::Closed),
            (Escape::Begun, b' '..=b'/') => Some(Escape::Intermediate(1)),
            (Escape::Intermediate(n), b' '..=b'/') if *n < MAX_INTERMEDIATE_BYTES => Some(Escape::Intermediate(*n + 1)),
            (Escape::Control(_), 0x40..=0x7e) => Some(Escape::Closed),
            (Escape::Control(n), b' '..=b'?') if *n < MAX_PARAMETER_BYTES => Some(Escape::Control(*n + 1)),
            (Escape::Text(_), 0x07) | (Escape::TextEnd(_), b'\\') => Some(Escape::Closed),
            (Escape::Text(text), ESC) => Some(Escape::TextEnd(std::mem::take(text))),
            (Escape::Text(text), b' '..) if text.len() < MAX_TEXT_BYTES => {
                text.push(byte);
                return Taken::Removed;
            }
            _ => None,
        };
        match next {
            Some(next) => {
                *self = next;
                Taken::Removed
            }
            None => Taken::Text(self.give_up()),
        }
    }

    /// Ends the sequence at the end of the source. Returns the text that is part of the log.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        match std::mem::take(self) {
            Escape::Text(text) | Escape::TextEnd(text) => text,
            Escape::Closed | Escape::Begun | Escape::Intermediate(_) | Escape::Control(_) => Vec::new(),
        }
    }

    /// Ends a sequence that is not complete. The `ESC` that did not end a text begins another sequence.
    fn give_up(&mut self) -> Vec<u8> {
        let begins_next = matches!(self, Escape::TextEnd(_));
        let text = self.finish();
        if begins_next {
            *self = Escape::Begun;
        }
        text
    }
}
