//! Literals first: one pass over the raw bytes of many records tells which patterns may match in which of them.
//!
//! Candidates are a superset of the matches, in order of place; the pattern itself decides. Behind this interface an
//! aho-corasick automaton stands today; nothing outside knows.

use aho_corasick::AhoCorasick;

use crate::pattern::Literal;

/// Finds which of many targets may match. A target is whatever the caller numbers so.
#[derive(Debug)]
pub(crate) struct Prefilter {
    automaton: AhoCorasick,
    /// Targets by literal.
    targets: Vec<Vec<u32>>,
}

/// A place where a literal of a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Its last byte. Candidates come in order of this.
    pub(crate) at: usize,
    pub(crate) target: u32,
}

impl Prefilter {
    /// Looks for the literals of each target; a target may have several, of which any will do.
    ///
    /// Case is ignored for all of them, so that one automaton does: a few more candidates cost less than a second pass.
    pub(crate) fn new(literals: impl IntoIterator<Item = (Literal, u32)>) -> Self {
        let mut by_literal = std::collections::BTreeMap::<Vec<u8>, Vec<u32>>::new();
        for (literal, target) in literals {
            by_literal.entry(literal.bytes.to_ascii_lowercase()).or_default().push(target);
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(by_literal.keys())
            .expect("literals are far fewer than the two billion states an automaton can have");
        Prefilter { automaton, targets: by_literal.into_values().collect() }
    }

    /// All places in `bytes` where a literal ends.
    pub(crate) fn candidates<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Candidate> + 'a {
        self.automaton.find_overlapping_iter(bytes).flat_map(|found| {
            let targets = &self.targets[found.pattern().as_usize()];
            targets.iter().map(move |target| Candidate { at: found.end() - 1, target: *target })
        })
    }
}

/// What is left of `literal` in a JSON text, where encoders write quotes, backslashes, slashes, signs of HTML, control
/// characters and all that is not ASCII in more than one way: the longest part without these, if it has three bytes.
pub(crate) fn unescaped_part(literal: &Literal) -> Option<Literal> {
    let same_in_json = |byte: &u8| (b' '..=b'~').contains(byte) && !b"\"\\/<>&'".contains(byte);
    let parts = literal.bytes.split(|byte| !same_in_json(byte));
    let longest = parts.max_by_key(|part| part.len()).filter(|part| part.len() >= 3)?;
    Some(Literal { bytes: longest.to_vec(), ignore_case: literal.ignore_case })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Literal {
        Literal { bytes: text.as_bytes().to_vec(), ignore_case: false }
    }

    #[test]
    fn every_place_of_every_literal_is_found_in_order() {
        let prefilter = Prefilter::new([(literal("abc"), 0), (literal("bcd"), 1), (literal("abc"), 2)]);
        let found: Vec<_> = prefilter.candidates(b"xABCD abc").map(|found| (found.at, found.target)).collect();
        assert_eq!(found, [(3, 0), (3, 2), (4, 1), (8, 0), (8, 2)]);
    }

    #[test]
    fn no_literal_finds_nothing() {
        let prefilter = Prefilter::new([]);
        assert_eq!(prefilter.candidates(b"abc").count(), 0);
    }

    #[test]
    fn in_json_the_longest_part_that_is_never_escaped_remains() {
        assert_eq!(unescaped_part(&literal("say \"no\"/never again")), Some(literal("never again")));
        assert_eq!(unescaped_part(&literal("C:\\ab\\zwölf")), None);
    }
}
