//! Finds where blocks of code between fences begin and end.

/// The fence that opened a block of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fence {
    mark: u8,
    len: usize,
    is_quoted: bool,
}

impl Fence {
    /// The fence that `line` is, after the marks of a list item and of quotations.
    pub(super) fn opening(line: &str) -> Option<Self> {
        let mut text = line.trim_start();
        let mut is_quoted = false;
        while let Some(rest) = text.strip_prefix('>') {
            (text, is_quoted) = (rest.trim_start(), true);
        }
        let text = without_marker(text);
        let mark = text.bytes().next().filter(|b| matches!(b, b'`' | b'~'))?;
        let len = text.bytes().take_while(|&b| b == mark).count();
        let is_fence = len >= 3 && !(mark == b'`' && text[len..].contains('`'));
        is_fence.then_some(Fence { mark, len, is_quoted })
    }

    /// Whether `line` ends the block of code.
    pub(super) fn is_closed_by(self, line: &str) -> bool {
        let text = line.trim();
        if self.is_quoted && !text.starts_with('>') {
            return true;
        }
        let text = if self.is_quoted { text.trim_start_matches(['>', ' ']) } else { text };
        text.len() >= self.len && text.bytes().all(|b| b == self.mark)
    }

    /// The line that closes the fence.
    pub(super) fn closing(self) -> String {
        char::from(self.mark).to_string().repeat(self.len)
    }
}

/// Returns `text` without the marker of a list item.
pub(super) fn without_marker(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = if digits > 0 { text[digits..].strip_prefix(['.', ')']) } else { text.strip_prefix(['-', '*', '+']) };
    rest.filter(|rest| rest.starts_with([' ', '\t'])).map_or(text, str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_told_from_code_within_a_line() {
        for (line, is_fence) in [
            ("```bash", true),
            ("  ~~~", true),
            ("1. ```", true),
            ("> ```", true),
            ("``` FATAL: slots ```. So", false),
            ("``x``", false),
            ("-```", false),
        ] {
            assert_eq!(Fence::opening(line).is_some(), is_fence, "{line}");
        }
    }

    #[test]
    fn a_fence_is_closed_by_one_as_long() {
        let fence = Fence::opening("````md").expect("a fence");
        assert!(!fence.is_closed_by("```"));
        assert!(!fence.is_closed_by("````md"));
        assert!(fence.is_closed_by("  `````"));
        let quoted = Fence::opening("> ```").expect("a fence");
        assert!(quoted.is_closed_by("> ```") && quoted.is_closed_by("text") && !quoted.is_closed_by("> text"));
        assert_eq!(fence.closing(), "````");
    }
}
