//! The places of a text where a blank of a pattern matches other bytes than one space: a run of blanks, or a tab.

/// A text made of the surroundings of all such places within lines, in which each run of blanks is one space. A window
/// that contains blanks and occurs in the original text, with any runs for its blanks, occurs in one of the two.
#[derive(Debug, Default)]
pub(super) struct EvenText {
    pub(super) bytes: Vec<u8>,
    /// For each part of `bytes`: where it begins, and a byte of the original text in the same line.
    parts: Vec<(usize, usize)>,
}

/// The pairs of bytes that are on both sides of a blank in a literal, whatever the case of letters.
#[derive(Debug)]
pub(super) struct BlankPairs {
    bits: Vec<u64>,
    pub(super) is_empty: bool,
}

impl BlankPairs {
    pub(super) fn new() -> Self {
        BlankPairs { bits: vec![0; 1 << 10], is_empty: true }
    }

    /// Adds the pairs of the blanks within `literal`.
    pub(super) fn add(&mut self, literal: &[u8]) {
        for pair in literal.windows(3).filter(|three| three[1] == b' ') {
            let (word, bit) = place(pair[0], pair[2]);
            self.bits[word] |= 1 << bit;
            self.is_empty = false;
        }
    }

    fn contains(&self, before: u8, behind: u8) -> bool {
        let (word, bit) = place(before, behind);
        self.bits[word] >> bit & 1 != 0
    }
}

fn place(before: u8, behind: u8) -> (usize, u32) {
    let pair = usize::from(before | 0x20) << 8 | usize::from(behind | 0x20);
    (pair >> 6, (pair & 63) as u32)
}

impl EvenText {
    /// Returns the surroundings in `text` of the runs that are between one of `pairs`: `n_around` bytes on each side, but none
    /// of another line.
    pub(super) fn around_uneven_blanks(text: &[u8], n_around: usize, pairs: &BlankPairs) -> EvenText {
        let mut even = EvenText::default();
        let mut from = 0;
        while let Some(run) = uneven_blanks(text, from) {
            let end = run + blanks_len(&text[run..]);
            let is_wanted = match (text[..run].last(), text.get(end)) {
                (Some(b'\n') | None, _) | (_, Some(b'\n') | None) => false,
                (Some(before), Some(behind)) => pairs.contains(*before, *behind),
            };
            from = if is_wanted { even.add(text, line_start(text, run, n_around), run, n_around) } else { end };
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

/// Returns where the line of `at` begins, or `most` bytes before it if that is later.
fn line_start(text: &[u8], at: usize, most: usize) -> usize {
    let start = at.saturating_sub(most);
    memchr::memrchr(b'\n', &text[start..at]).map_or(start, |line_end| start + line_end + 1)
}

/// Returns the start of the next run of blanks from `from` on that is not one space.
fn uneven_blanks(text: &[u8], from: usize) -> Option<usize> {
    /// The bytes that are tested without a branch.
    const BLOCK: usize = 64;
    let is_uneven =
        |first: u8, second: u8| u8::from(first == b'\t') | (u8::from(first == b' ') & u8::from(second == b' '));
    let mut at = from;
    while let Some(block) = text.get(at..=at + BLOCK) {
        let mut any = 0;
        for offset in 0..BLOCK {
            any |= is_uneven(block[offset], block[offset + 1]);
        }
        if any != 0 {
            break;
        }
        at += BLOCK;
    }
    let rest = &text[at.min(text.len())..];
    let behind = rest.iter().skip(1).chain(Some(&b'\n'));
    let found = at + rest.iter().zip(behind).position(|(first, second)| is_uneven(*first, *second) != 0)?;
    // A space before a tab belongs to the run.
    let n_before = text[from..found].iter().rev().take_while(|byte| is_blank(**byte)).count();
    Some(found - n_before)
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
        let even = EvenText::around_uneven_blanks(text.as_bytes(), 4, &all_pairs());
        assert_eq!(String::from_utf8_lossy(&even.bytes), expected);
    }

    fn all_pairs() -> BlankPairs {
        BlankPairs { bits: vec![u64::MAX; 1 << 10], is_empty: false }
    }

    #[test]
    fn runs_between_other_bytes_are_left_out() {
        let mut pairs = BlankPairs::new();
        pairs.add(b"no space");
        let even = |text: &str| EvenText::around_uneven_blanks(text.as_bytes(), 4, &pairs).bytes;
        assert_eq!(even("no  space"), b"no spac\n");
        assert_eq!(even("NO  SPACE"), b"NO SPAC\n");
        assert_eq!(even("no  place"), b"");
        assert_eq!(even("a \tb no \tspace"), b"b no spac\n");
    }

    #[test]
    fn single_spaces_and_indents_have_no_surroundings() {
        check("one two three", "");
        check("  one\n\ttwo", "");
        check("", "");
        check("one  ", "");
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
        let even = EvenText::around_uneven_blanks(text.as_bytes(), 3, &all_pairs());
        assert_eq!(even.bytes, b"rst lin\nird lin\n");
        assert_eq!((even.original(0), even.original(7), even.original(8), even.original(15)), (5, 5, 29, 29));
    }
}
