//! The template of a text, as a number and as a list of words.
//!
//! A word with a digit is masked: any two such words count as equal. They are numbers, dates, addresses, ids and paths
//! with versions.

/// Odd numbers with well mixed bits: 2^64 divided by the golden ratio, and the first digits of pi.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
const START: u64 = 0x2437_54C9_0B57_22D5;

/// The role of a byte in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByteClass {
    /// A digit, which masks the word that contains it.
    Digit,
    /// Part of a word.
    Letter,
    Blank,
    Sign,
}

static CLASSES: [ByteClass; 256] = {
    let mut classes = [ByteClass::Sign; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = class_of(byte as u8);
        byte += 1;
    }
    classes
};

const fn class_of(byte: u8) -> ByteClass {
    match byte {
        b'0'..=b'9' => ByteClass::Digit,
        b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => ByteClass::Letter,
        b'_' | b'.' | b'-' | b'/' | b'\\' | b':' | b'@' | b'$' | b'%' | b'+' => ByteClass::Letter,
        _ if byte.is_ascii_whitespace() => ByteClass::Blank,
        _ => ByteClass::Sign,
    }
}

fn class(byte: u8) -> ByteClass {
    CLASSES[usize::from(byte)]
}

/// Returns a number that is equal for texts of one template: a hash of the words, masked or not, and the signs between them. A
/// run of blanks counts as one, and as none at the beginning of the text or after a sign.
pub(super) fn fingerprint(text: &[u8]) -> u64 {
    let (mut hash, mut rest, mut is_after_word) = (START, text, false);
    while let Some((&first, after)) = rest.split_first() {
        match class(first) {
            ByteClass::Digit | ByteClass::Letter => {
                let (len, is_masked) = word(rest);
                let (word, after) = rest.split_at(len);
                hash = if is_masked { mix(hash, u64::from(b'0')) } else { hash_word(hash, word) };
                (rest, is_after_word) = (after, true);
            }
            // The blank distinguishes `a b` from `ab`; a run of blanks counts as one.
            ByteClass::Blank => {
                hash = if is_after_word { mix(hash, u64::from(b' ')) } else { hash };
                (rest, is_after_word) = (after, false);
            }
            ByteClass::Sign => {
                hash = mix(hash, u64::from(first));
                (rest, is_after_word) = (after, false);
            }
        }
    }
    hash
}

/// Returns the length of the word with which `text` begins, and whether it contains a digit.
fn word(text: &[u8]) -> (usize, bool) {
    let mut is_masked = false;
    let is_end = |byte: &u8| {
        let class = class(*byte);
        is_masked |= class == ByteClass::Digit;
        matches!(class, ByteClass::Blank | ByteClass::Sign)
    };
    let len = text.iter().position(is_end).unwrap_or(text.len());
    (len, is_masked)
}

/// Mixes a word into the hash, eight bytes at a time.
fn hash_word(hash: u64, word: &[u8]) -> u64 {
    let (parts, rest) = word.as_chunks();
    let hash = parts.iter().fold(hash, |hash, part| mix(hash, u64::from_le_bytes(*part)));
    if rest.is_empty() {
        return hash;
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(hash, u64::from_le_bytes(last))
}

fn mix(hash: u64, part: u64) -> u64 {
    (hash ^ part).wrapping_mul(MULTIPLIER).rotate_left(26)
}

/// Returns the words of a text; `None` for a masked word.
pub(super) fn words(text: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    text.split(|byte| matches!(class(*byte), ByteClass::Blank | ByteClass::Sign))
        .filter(|word| !word.is_empty())
        .map(|word| (!word.iter().any(u8::is_ascii_digit)).then_some(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ids_do_not_change_the_template() {
        let same = |a: &str, b: &str| fingerprint(a.as_bytes()) == fingerprint(b.as_bytes());
        assert!(same("sshd[12]: from 10.0.0.1 port 5", "sshd[4711]: from 192.168.1.77  port 23451"));
        assert!(same("block blk_-388 is 0x7f", "block blk_71 is 12"));
        assert!(!same("session opened", "session closed"));
        assert!(!same("a b", "ab"));
        assert!(!same("disk 1", "disk full"));
    }

    /// The text with one byte for a masked word and for a run of blanks.
    fn normal_form(text: &[u8]) -> Vec<u8> {
        let mut form = Vec::new();
        for part in text.chunk_by(|a, b| is_word_byte(*a) && is_word_byte(*b)) {
            let is_after_word = form.last().is_some_and(|last| is_word_byte(*last));
            match part {
                _ if is_word_byte(part[0]) && part.iter().any(u8::is_ascii_digit) => form.push(b'0'),
                [blank] if blank.is_ascii_whitespace() => form.extend(is_after_word.then_some(b' ')),
                _ => form.extend(part),
            }
        }
        form
    }

    fn is_word_byte(byte: u8) -> bool {
        matches!(class(byte), ByteClass::Digit | ByteClass::Letter)
    }

    proptest::proptest! {
        #[test]
        fn equal_means_equal_but_for_masked_words_and_blanks(
            a in "[ab01=( ]{0,12}(failed to open|x)?[a2 ]{0,3}", b in "[ab01=( ]{0,12}(failed to open|x)?[a2 ]{0,3}",
        ) {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            proptest::prop_assert_eq!(fingerprint(a) == fingerprint(b), normal_form(a) == normal_form(b));
            let changed: Vec<u8> = a.iter().map(|byte| if *byte == b'1' { b'7' } else { *byte }).collect();
            proptest::prop_assert_eq!(fingerprint(a), fingerprint(&changed));
        }
    }

    #[test]
    fn words_are_masked_alike() {
        let words: Vec<_> = words(b"Failed x1 (for) 10.0.0.1").collect();
        assert_eq!(words, [Some(&b"Failed"[..]), None, Some(b"for"), None]);
    }
}
