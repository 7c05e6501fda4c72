//! The template of a text as a number, and as a list of words.
//!
//! A word is masked when it holds a digit: numbers, dates, addresses, ids, paths with versions.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-/\\:@$%+".contains(&byte) || !byte.is_ascii()
}

/// Equal for texts of one template; FNV-1a over the masked words and the signs between them, blanks left out.
pub(super) fn fingerprint(text: &[u8]) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let (mut hash, mut before, mut masked) = (OFFSET, OFFSET, false);
    for &byte in text {
        if is_word_byte(byte) {
            masked |= byte.is_ascii_digit();
            hash = if masked { mix(before, b'0') } else { mix(hash, byte) };
        } else {
            masked = false;
            // The space keeps `a b` and `ab` apart; a run of blanks is one.
            hash = if byte.is_ascii_whitespace() && hash == before {
                hash
            } else {
                mix(hash, if byte.is_ascii_whitespace() { b' ' } else { byte })
            };
            before = hash;
        }
    }
    hash
}

/// The words of a text; `None` for those that are masked.
pub(super) fn words(text: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    text.split(|byte| !is_word_byte(*byte))
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
