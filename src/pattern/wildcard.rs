//! Wildcards: `*` matches any text, `?` one character.

/// Whether all of `text` matches `wildcard`, in which `*` is any text and `?` any character. In the worst case the time is
/// proportional to the product of both lengths.
pub(crate) fn is_like(text: &[u8], wildcard: &[u8]) -> bool {
    let (mut at, mut wild) = (0, 0);
    let mut retry = None;
    while at < text.len() {
        match wildcard.get(wild) {
            Some(b'*') => {
                wild += 1;
                retry = Some((wild, at));
            }
            Some(b'?') => {
                wild += 1;
                at = next_character(text, at);
            }
            Some(wanted) if *wanted == text[at] => {
                wild += 1;
                at += 1;
            }
            _ => {
                let Some((after_star, from)) = retry else { return false };
                at = next_character(text, from);
                wild = after_star;
                retry = Some((after_star, at));
            }
        }
    }
    wildcard[wild..].iter().all(|byte| *byte == b'*')
}

/// Returns the offset of the character after the one at `at`. Bytes that are not UTF-8 count singly or in short runs.
fn next_character(text: &[u8], at: usize) -> usize {
    let rest = text[at + 1..].iter().take(3);
    at + 1 + if text[at] < 0xc0 { 0 } else { rest.take_while(|byte| **byte & 0xc0 == 0x80).count() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn wildcards_agree_with_a_regex(text in "[abé]{0,8}", wildcard in "[abé*?]{0,6}") {
            let regex = format!("^(?s:{})$", wildcard.replace('*', ".*").replace('?', "."));
            let regex = regex::bytes::Regex::new(&regex).expect("a valid regex");
            prop_assert_eq!(is_like(text.as_bytes(), wildcard.as_bytes()), regex.is_match(text.as_bytes()));
        }
    }
}
