//! The template of a text as a number, and as a list of words.
//!
//! A word is masked when it holds a digit: numbers, dates, addresses, ids, paths with versions.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// What a byte is to a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word that it masks.
    Digit,
    /// Part of a word.
    Letter,
    Blank,
    Sign,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Sign; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = class_of(byte as u8);
        byte += 1;
    }
    classes
};

const fn class_of(byte: u8) -> Class {
    match byte {
        b'0'..=b'9' => Class::Digit,
        b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => Class::Letter,
        b'_' | b'.' | b'-' | b'/' | b'\\' | b':' | b'@' | b'$' | b'%' | b'+' => Class::Letter,
        _ if byte.is_ascii_whitespace() => Class::Blank,
        _ => Class::Sign,
    }
}

fn class(byte: u8) -> Class {
    CLASSES[usize::from(byte)]
}

/// Equal for texts of one template; FNV-1a over the masked words and the signs between them, blanks left out.
pub(super) fn fingerprint(text: &[u8]) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let (mut hash, mut before_word, mut masked) = (OFFSET, OFFSET, false);
    for &byte in text {
        match class(byte) {
            Class::Digit | Class::Letter if masked => {}
            Class::Digit => (hash, masked) = (mix(before_word, b'0'), true),
            Class::Letter => hash = mix(hash, byte),
            // The space keeps `a b` and `ab` apart; a run of blanks is one.
            Class::Blank if hash == before_word => masked = false,
            Class::Blank => {
                hash = mix(hash, b' ');
                (before_word, masked) = (hash, false);
            }
            Class::Sign => {
                hash = mix(hash, byte);
                (before_word, masked) = (hash, false);
            }
        }
    }
    hash
}

/// The words of a text; `None` for those that are masked.
pub(super) fn words(text: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    text.split(|byte| matches!(class(*byte), Class::Blank | Class::Sign))
        .filter(|word| !word.is_empty())
        .map(|word| (!word.iter().any(u8::is_ascii_digit)).then_some(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ids_do_not_tell_templates_apart() {
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
