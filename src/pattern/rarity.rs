//! Estimates from a literal alone how rare it is in logs.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::matched::Literal;

/// Words that are common in logs of all kinds, in lower case. Some are cut to what their forms share, such as
/// `complet`.
const COMMON: &str = "
    accept access account active address allow and application authentic before block bytes cache cannot
    certificate check client clock clos code command complet config connect container creat daemon data delet
    destination device disk error event exceed exception exit fail fatal file for format found from handle has
    host http image info invalid job kernel length limit load local lookup manifest match memory message mode name
    network not number open operation packet password path permi pool port process protocol query queue read
    reason receiv refused remote request resol resource response result retry root second send server service
    session size socket start state status stop stream success system task the this thread time to token unable
    unexpected unknown update user value version volume wait while with writ
";

/// A common word with one of these endings is common as well.
const ENDINGS: &[&str] = &["ing", "ion", "ed", "er", "s"];

static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(COMMON.split_ascii_whitespace())
        .expect("a short list of short words")
});

/// Returns how rare a set of literals is. The greater the result, the fewer records are likely to contain one of them.
pub(super) fn rarity(any_of: &[Literal]) -> (usize, usize) {
    let of_one = |literal: &Literal| (uncovered(&literal.bytes), literal.bytes.len());
    any_of.iter().map(of_one).min().unwrap_or_default()
}

/// Returns which bytes of `literal`, of at most 64, belong to common words: bit 0 for the first one.
pub(super) fn common_bytes(literal: &[u8]) -> u64 {
    let bits = WORDS.find_iter(literal).flat_map(|found| found.range()).map(|at| 1 << at);
    bits.fold(0, |common, bit: u64| common | bit)
}

/// Returns the number of bytes of `literal` that no common word covers.
fn uncovered(literal: &[u8]) -> usize {
    let (mut uncovered, mut end) = (0, 0);
    for found in WORDS.find_iter(literal) {
        uncovered += found.start() - end;
        end = found.end();
    }
    let rest = &literal[end..];
    let is_ending = end > 0 && ENDINGS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(rest));
    uncovered + if is_ending { 0 } else { rest.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_count_for_nothing() {
        let uncovered = |literal: &str| uncovered(literal.as_bytes());
        assert_eq!(uncovered("Connection"), 0);
        assert_eq!(uncovered("processed"), 0);
        assert_eq!(uncovered("handle"), 0);
        assert_eq!(uncovered("connection:"), 4);
        assert_eq!(uncovered("upstream"), 2);
        assert_eq!(uncovered("ssh2"), 4);
        assert_eq!(uncovered("x-connect-y"), 4);
    }

    #[test]
    fn a_set_is_as_rare_as_its_least_rare_literal() {
        let literals = |texts: &[&str]| {
            let literal = |text: &&str| Literal::new(text.as_bytes().to_vec(), false);
            rarity(&texts.iter().map(literal).collect::<Vec<_>>())
        };
        assert!(literals(&["ssh2"]) > literals(&["password"]));
        assert!(literals(&["password"]) > literals(&["failed"]));
        assert!(literals(&["password"]) > literals(&["ssh2", "failed"]));
    }
}
