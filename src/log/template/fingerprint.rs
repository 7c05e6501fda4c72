//! The template of a text, as a number and as a list of words.
//!
//! A word with a digit is masked: any two such words count as equal. They are numbers, dates, addresses, ids and paths
//! with versions.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

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

/// Returns a number that is equal for texts of one template: the FNV-1a hash of the words, masked or not, and the signs
/// between them. A run of blanks counts as one, and as none at the beginning of the text or after a sign.
pub(super) fn fingerprint(text: &[u8]) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let (mut hash, mut before_word, mut masked) = (OFFSET, OFFSET, false);
    for &byte in text {
        match class(byte) {
            ByteClass::Digit | ByteClass::Letter if masked => {}
            ByteClass::Digit => (hash, masked) = (mix(before_word, b'0'), true),
            ByteClass::Letter => hash = mix(hash, byte),
            // The blank distinguishes `a b` from `ab`; a run of blanks counts as one.
            ByteClass::Blank if hash == before_word => masked = false,
            ByteClass::Blank => {
                hash = mix(hash, b' ');
                (before_word, masked) = (hash, false);
            }
            ByteClass::Sign => {
                hash = mix(hash, byte);
                (before_word, masked) = (hash, false);
            }
        }
    }
    hash
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

    #[test]
    fn words_are_masked_alike() {
        let words: Vec<_> = words(b"Failed x1 (for) 10.0.0.1").collect();
        assert_eq!(words, [Some(&b"Failed"[..]), None, Some(b"for"), None]);
    }
}
