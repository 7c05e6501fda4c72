//! Finds the words of a message that a record repeats in the same order, with any words between them.
//!
//! This is a longest common subsequence of weighted words, with a price on each record word between two of them: words of a
//! message that are a page apart are not that message. The result is the set of words; the caller weighs it.
//!
//! Invariant: after each word of the record, `best_up_to[k]` is the best alignment of the first `k` words of the message with
//! the record so far, where each record word behind the last repeated one costs [`GAP`]. It never falls with `k`.

/// Only the first words of a message are compared: as many as one set of bits holds, which is more than any line prints.
pub(super) const MAX_MESSAGE: usize = u64::BITS as usize;

/// Only the first words of a record are compared: about as many as [`MAX_MESSAGE_BYTES`](crate::matching::MAX_MESSAGE_BYTES)
/// bytes hold.
pub(super) const MAX_RECORD: usize = 256;

/// The cost of each record word between two words of the message, in thousandths of the weight of a word that no
/// article holds. So a rare word still counts if five words of a path are before it, but a `the` weighs less than a
/// single word costs.
const GAP: i32 = 20;

/// A word of a message, reduced to what the alignment needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MessageWord {
    /// The number of the word. Equal words have equal numbers, in message and record.
    pub(super) id: u32,
    /// The weight, 1–1,000, in thousandths of the weight of a word that no article holds.
    pub(super) weight: u16,
}

/// A set of words that a record repeats in order, with its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Alignment {
    /// The weights of the repeated words less the cost of the record words between them; 0 when nothing is repeated.
    pub(super) score: i32,
    /// A bit for each repeated word, by its place in the message.
    pub(super) repeated: u64,
}

impl Alignment {
    /// Returns the alignment with one more repeated word: `word`, which is at `place` in the message.
    fn with(self, place: usize, word: MessageWord) -> Alignment {
        Alignment { score: self.score + i32::from(word.weight), repeated: self.repeated | 1 << place }
    }

    /// Returns the alignment after a record word that is not repeated. If its score would fall to 0, it becomes empty.
    fn past_one(self) -> Alignment {
        if self.score > GAP { Alignment { score: self.score - GAP, ..self } } else { Alignment::default() }
    }

    /// Returns the alignment with the higher score; `self` when the scores are equal.
    fn or(self, other: Alignment) -> Alignment {
        if other.score > self.score { other } else { self }
    }
}

/// The best alignment of `message` with `record`. Compares each word of one with each of the other, which are at most
/// 16,384 pairs.
pub(super) fn align(message: &[MessageWord], record: &[u32]) -> Alignment {
    let message = &message[..message.len().min(MAX_MESSAGE)];
    let record = &record[..record.len().min(MAX_RECORD)];
    let mut best = Alignment::default();
    let mut best_up_to = [Alignment::default(); MAX_MESSAGE + 1];
    for &id in record {
        let mut diagonal = best_up_to[0];
        for (place, &word) in message.iter().enumerate() {
            let above = best_up_to[place + 1];
            let past = above.past_one().or(best_up_to[place]);
            best_up_to[place + 1] = if word.id == id { diagonal.with(place, word).or(past) } else { past };
            diagonal = above;
        }
        best = best.or(best_up_to[message.len()]);
    }
    debug_assert!(best_up_to[..=message.len()].is_sorted_by_key(|alignment| alignment.score));
    debug_assert!(best.score <= weight_of(message, best.repeated) && (best.score == 0) == (best.repeated == 0));
    best
}

/// The sum of the weights of the repeated words.
fn weight_of(message: &[MessageWord], repeated: u64) -> i32 {
    let words = message.iter().enumerate().filter(|(place, _)| repeated >> place & 1 == 1);
    words.map(|(_, word)| i32::from(word.weight)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The best score of all ways to align: each word of the message is left out, or is any equal one of the record behind the
    /// last that was taken.
    fn best_of_all(message: &[MessageWord], record: &[u32], last: Option<usize>) -> i32 {
        let Some((word, rest)) = message.split_first() else { return 0 };
        let taken = record.iter().enumerate().filter(|&(at, id)| *id == word.id && last.is_none_or(|last| at > last));
        let scores = taken.map(|(at, _)| {
            let between = last.map_or(0, |last| at - last - 1) as i32;
            i32::from(word.weight) - GAP * between + best_of_all(rest, record, Some(at))
        });
        scores.fold(best_of_all(rest, record, last), i32::max)
    }

    fn message(words: &[(u32, u16)]) -> Vec<MessageWord> {
        words.iter().map(|&(id, weight)| MessageWord { id, weight }).collect()
    }

    /// Checks the score of an alignment and the words repeated. Each letter is a word with a weight of 100, except `t`,
    /// which has 1.
    #[track_caller]
    fn check(words: &str, record: &str, score: i32, repeated: &str) {
        let words = message(&words.bytes().map(|id| (id.into(), if id == b't' { 1 } else { 100 })).collect::<Vec<_>>());
        let record: Vec<u32> = record.bytes().map(u32::from).collect();
        let found = align(&words, &record);
        let places = words.iter().enumerate().filter(|(place, _)| found.repeated >> place & 1 == 1);
        let places: String = places.map(|(_, word)| char::from(word.id as u8)).collect();
        assert_eq!((found.score, places.as_str()), (score, repeated));
    }

    #[test]
    fn words_count_in_their_order() {
        check("abcd", "xabcdx", 400, "abcd");
        check("abcd", "abxcd", 380, "abcd");
        check("abcd", "dcba", 100, "d");
        check("abcd", "", 0, "");
        check("", "ab", 0, "");
    }

    #[test]
    fn what_lies_far_off_is_not_of_the_message() {
        check("abc", "abxxxxc", 220, "abc");
        check("abc", "abxxxxxc", 200, "ab");
        check("atb", "atxb", 181, "atb");
        check("atb", "axtb", 181, "atb");
        check("at", "axt", 100, "a");
    }

    #[test]
    fn only_the_first_words_are_looked_at() {
        let long = message(&(0..300).map(|id| (id, 10)).collect::<Vec<_>>());
        let record: Vec<u32> = (0..300).collect();
        assert_eq!(align(&long, &record), Alignment { score: 640, repeated: u64::MAX });
        let late: Vec<u32> = std::iter::repeat_n(999, MAX_RECORD).chain(0..300).collect();
        assert_eq!(align(&long, &late), Alignment::default());
    }

    proptest! {
        #[test]
        fn no_way_to_align_is_better(
            words in prop::collection::vec((0u32..5, 1u16..200), 0..7),
            record in prop::collection::vec(0u32..7, 0..12),
        ) {
            let words = message(&words);
            let found = align(&words, &record);
            prop_assert_eq!(found.score, best_of_all(&words, &record, None).max(0));
            let repeated: Vec<MessageWord> =
                words.iter().enumerate().filter(|(at, _)| found.repeated >> at & 1 == 1).map(|(_, word)| *word).collect();
            let all: i32 = repeated.iter().map(|word| i32::from(word.weight)).sum();
            prop_assert_eq!(found.score, best_of_all(&repeated, &record, None).max(0));
            prop_assert!(found.score <= all && (found.score == 0) == repeated.is_empty());
        }
    }
}
