//! Which words of a message a record repeats in order, whatever stands between them.
//!
//! A longest common subsequence over words that count for different amounts, with a price on what is passed over in the record:
//! the words of a message that stand a page apart are not that message. It says which words; what they come to is for the caller.

/// Words of a message that are looked at, the first: as many as one set of bits holds, and more than any line prints.
pub(super) const MAX_MESSAGE: usize = u64::BITS as usize;

/// Words of a record that are looked at, the first: about what [`MAX_EVIDENCE_BYTES`](crate::matching::MAX_EVIDENCE_BYTES)
/// hold.
pub(super) const MAX_RECORD: usize = 256;

/// What each word costs that the record has between two words of the message, in thousandths of a word that no article holds:
/// five in place of a path are still cheap for the word behind them, and a `the` is not worth a step.
const GAP: i32 = 20;

/// A word of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// Equal words have equal numbers, in message and record.
    pub(super) id: u32,
    /// What it counts for, 1–1,000: thousandths of a word that no article holds.
    pub(super) worth: u16,
}

/// An alignment that cannot be bettered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Alignment {
    /// What the repeated words count for, less what lies between them; 0 where there are none.
    pub(super) score: i32,
    /// The repeated words, as bits by their place in the message.
    pub(super) repeated: u64,
}

impl Alignment {
    /// Goes on with the word at `place`.
    fn with(self, place: usize, word: Word) -> Alignment {
        Alignment { score: self.score + i32::from(word.worth), repeated: self.repeated | 1 << place }
    }

    /// Passes a word of the record over. What is worth nothing any more may as well begin anew.
    fn past_one(self) -> Alignment {
        if self.score > GAP { Alignment { score: self.score - GAP, ..self } } else { Alignment::default() }
    }

    /// The better one, `self` of equals.
    fn or(self, other: Alignment) -> Alignment {
        if other.score > self.score { other } else { self }
    }
}

/// The best alignment of `message` with `record`. Time is that of a cell for each pair of words, of which there are 16,384 at
/// most; memory is linear in the message.
pub(super) fn align(message: &[Word], record: &[u32]) -> Alignment {
    let message = &message[..message.len().min(MAX_MESSAGE)];
    let record = &record[..record.len().min(MAX_RECORD)];
    let mut best = Alignment::default();
    // Of the words up to each place in the message, with the record up to the word before this one, and with this one.
    let mut before = [Alignment::default(); MAX_MESSAGE + 1];
    for &id in record {
        let mut diagonal = before[0];
        for (place, &word) in message.iter().enumerate() {
            let above = before[place + 1];
            let past = above.past_one().or(before[place]);
            before[place + 1] = if word.id == id { diagonal.with(place, word).or(past) } else { past };
            diagonal = above;
        }
        best = best.or(before[message.len()]);
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The best score of all ways to align: each word of the message is left out, or is any equal one of the record behind the
    /// last that was taken.
    fn best_of_all(message: &[Word], record: &[u32], last: Option<usize>) -> i32 {
        let Some((word, rest)) = message.split_first() else { return 0 };
        let taken = record.iter().enumerate().filter(|&(at, id)| *id == word.id && last.is_none_or(|last| at > last));
        let scores = taken.map(|(at, _)| {
            let between = last.map_or(0, |last| at - last - 1) as i32;
            i32::from(word.worth) - GAP * between + best_of_all(rest, record, Some(at))
        });
        scores.fold(best_of_all(rest, record, last), i32::max)
    }

    fn message(words: &[(u32, u16)]) -> Vec<Word> {
        words.iter().map(|&(id, worth)| Word { id, worth }).collect()
    }

    /// `words` are worth 100 each but `t`, which is worth 1.
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
            let repeated: Vec<Word> =
                words.iter().enumerate().filter(|(at, _)| found.repeated >> at & 1 == 1).map(|(_, word)| *word).collect();
            let all: i32 = repeated.iter().map(|word| i32::from(word.worth)).sum();
            prop_assert_eq!(found.score, best_of_all(&repeated, &record, None).max(0));
            prop_assert!(found.score <= all && (found.score == 0) == repeated.is_empty());
        }
    }
}
