//! The places of a text where a blank of a pattern matches other bytes than one space: a run of blanks, or a tab.

/// A text made of the surroundings of all such places within lines, in which each run of blanks is one space. A window
/// that contains blanks and occurs in the original text, with any runs for its blanks, occurs in one of the two.
#[derive(Debug, Default)]
pub(super) struct EvenText {
    pub(super) bytes: Vec<u8>,
    /// For each part of `bytes`: where it begins, and a byte of the original text in the same line.
    parts: Vec<(usize, usize)>,
}

impl EvenText {
    /// Returns the surroundings in `text`: `n_around` bytes on each side, but none of another line.
    pub(super) fn around_uneven_blanks(text: &[u8], n_around: usize) -> EvenText {
        let mut even = EvenText::default();
        let mut from = 0;
        while let Some(run) = uneven_blanks(text, from) {
            let line = run
                - memchr::memrchr(b'\n', &text[run.saturating_sub(n_around)..run])
                    .map_or_else(|| run.min(n_around), |line_end| run.min(n_around) - line_end - 1);
            // Nothing of a window is before a run at the beginning of a line.
            from = if line == run { run + blanks_len(&text[run..]) } else { even.add(text, line, run, n_around) };
        }
        even
    }

    /// Adds the part that begins at `start` and surrounds the run of blanks at `run`, together with further runs that are less
    /// than `n_around` bytes apart. Returns where it ends.
    fn add(&mut self, text: &[u8], start: usize, run: usize, n_around: usize) -> usize {
        self.parts.push((self.bytes.len(), run));
        self.bytes.extend_from_slice(&text[start..run]);
        let (mut at, mut end) = (run, run + n_around);
        while at < text.len().min(end) && text[at] != b'\n' {
            let n_blanks = blanks_len(&text[at..]);
            if n_blanks == 0 {
                self.bytes.push(text[at]);
                at += 1;
                continue;
            }
            self.bytes.push(b' ');
            if n_blanks > 1 || text[at] != b' ' {
                end = at + n_blanks + n_around;
            }
            at += n_blanks;
        }
        self.bytes.push(b'\n');
        at
    }

    /// Returns a byte of the original text in the same line as the byte `at` of this one.
    pub(super) fn original(&self, at: usize) -> usize {
        let part = self.parts.partition_point(|(start, _)| *start <= at);
        self.parts[part - 1].1
    }
}

/// Returns the start of the next run of blanks from `from` on that is not one space.
fn uneven_blanks(text: &[u8], from: usize) -> Option<usize> {
    /// The bytes that are tested without a branch.
    const BLOCK: usize = 64;
    let is_uneven = |(first, second): (&u8, &u8)| (*first == b'\t') | ((*first == b' ') & is_blank(*second));
    let mut at = from;
    while let Some(block) = text.get(at..=at + BLOCK) {
        if block.iter().zip(&block[1..]).fold(false, |any, pair| any | is_uneven(pair)) {
            break;
        }
        at += BLOCK;
    }
    let rest = &text[at.min(text.len())..];
    let behind = rest.iter().skip(1).chain(Some(&b'\n'));
    rest.iter().zip(behind).position(is_uneven).map(|offset| at + offset)
}

/// Returns the number of blanks at the beginning of `text`.
pub(super) fn blanks_len(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_blank(**byte)).count()
}

fn is_blank(byte: u8) -> bool {
    (byte == b' ') | (byte == b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let even = EvenText::around_uneven_blanks(text.as_bytes(), 4);
        assert_eq!(String::from_utf8_lossy(&even.bytes), expected);
    }

    #[test]
    fn single_spaces_and_indents_have_no_surroundings() {
        check("one two three", "");
        check("  one\n\ttwo", "");
        check("", "");
        check("one  ", "one \n");
    }

    #[test]
    fn runs_become_one_space_with_what_is_around_them() {
        check("abcdef  ghijkl", "cdef ghij\n");
        check("ab\tcd  ef g h i", "ab cd ef g\n");
        check("x\nab \t cd\nefgh", "ab cd\n");
        check(&format!("{}a  b", "-".repeat(200)), "---a b\n");
    }

    #[test]
    fn a_place_is_mapped_to_its_line() {
        let text = "first  line\nsecond line\nthird\tline\n";
        let even = EvenText::around_uneven_blanks(text.as_bytes(), 3);
        assert_eq!(even.bytes, b"rst lin\nird lin\n");
        assert_eq!((even.original(0), even.original(7), even.original(8), even.original(15)), (5, 5, 29, 29));
    }
}
