//! Splits a quoted message of an article into words, and shows it with holes where a record has other words.

use std::ops::Range;

use super::super::text;
use super::alignment::MAX_MESSAGE;
use crate::article::Identifier;

/// Repeated words between two holes that weigh less than this together are shown as part of the hole, since they may be
/// chance: `{..} the {..}`. The unit is the weight of a word that no article contains.
const LONE: f32 = 0.3;

/// A message that an article quotes, split into words.
pub(super) struct QuotedMessage<'a> {
    pub(super) message: &'a Identifier,
    /// The first words of the message, at most [`MAX_MESSAGE`].
    pub(super) words: Vec<QuotedWord>,
    /// The parts that change each time the message is printed, each with the name of its hole.
    holes: Vec<(Range<usize>, String)>,
    /// Whether the message has more words than these.
    is_cut: bool,
}

pub(super) struct QuotedWord {
    pub(super) stem: String,
    place: Range<usize>,
    /// The index of the hole that contains the word; `None` if none does.
    hole: Option<usize>,
}

impl QuotedWord {
    /// Whether the word is part of a name or number that changes each time the message is printed.
    pub(super) fn is_variable(&self) -> bool {
        self.hole.is_some()
    }
}

impl<'a> QuotedMessage<'a> {
    /// Splits a message into words. Calls `may_be` with their stems first, since finding the holes takes longer; `None` when it
    /// returns false.
    pub(super) fn new(message: &'a Identifier, may_be: impl FnOnce(&[String]) -> bool) -> Option<QuotedMessage<'a>> {
        let (mut stems, mut places): (Vec<String>, Vec<Range<usize>>) = text::words(&message.value).into_iter().unzip();
        let is_cut = stems.len() > MAX_MESSAGE;
        stems.truncate(MAX_MESSAGE);
        places.truncate(MAX_MESSAGE);
        if !may_be(&stems) {
            return None;
        }
        let holes = message.variable_parts();
        let hole_at = |place: &Range<usize>| {
            let next = holes.partition_point(|(hole, _)| hole.end <= place.start);
            holes.get(next).filter(|(hole, _)| hole.start < place.end).map(|_| next)
        };
        let word = |(stem, place): (String, Range<usize>)| QuotedWord { stem, hole: hole_at(&place), place };
        let words = stems.into_iter().zip(places).map(word).collect();
        Some(QuotedMessage { message, words, holes, is_cut })
    }

    /// The message with holes in place of the words whose bit is not set in `repeated`. A name that is not repeated as a whole
    /// becomes one hole with its name in the pattern of the message. Other words become `{..}`, together with words of little
    /// weight between two such holes. `weights` has the weight of each word.
    pub(super) fn with_holes(&self, repeated: u64, weights: &[f32]) -> String {
        let mut kept = self.kept(repeated);
        for lone in self.lone(&kept, weights) {
            kept[lone].fill(false);
        }
        let text = self.message.value.as_str();
        let mut out = String::with_capacity(text.len());
        let mut written = 0;
        for run in runs(&kept).filter(|run| !kept[run.start]) {
            let name = self.hole_around(&run);
            let place = self.replaced(&run, name.is_some());
            out.push_str(&text[written..place.start.max(written)]);
            out.push_str(&format!("{{{}}}", name.unwrap_or("..")));
            written = place.end.max(written);
        }
        let end = if self.is_cut { self.around(self.words.len() - 1).end } else { text.len() };
        out.push_str(&text[written..end.max(written)]);
        if self.is_cut {
            out.push_str(" …");
        }
        out
    }

    /// The byte range that a hole in place of these words replaces. A hole without a name includes the brackets and quotes beside
    /// it, and at both ends of the message all punctuation.
    fn replaced(&self, run: &Range<usize>, is_named: bool) -> Range<usize> {
        let Range { start, .. } = self.around(run.start);
        let Range { end, .. } = self.around(run.end - 1);
        if is_named {
            return start..end;
        }
        let beside = |c: char| "()[]{}<>\"'“”".contains(c);
        let text = self.message.value.as_str();
        let (before, behind) = (&text[..start], &text[end..]);
        let is_last = run.end == self.words.len() && !self.is_cut;
        let start = if run.start == 0 { 0 } else { before.trim_end_matches(beside).len() };
        start..if is_last { text.len() } else { text.len() - behind.trim_start_matches(beside).len() }
    }

    /// For each word, whether it is shown. The words of one hole are either all shown or all replaced.
    fn kept(&self, repeated: u64) -> Vec<bool> {
        let is_repeated = |at: usize| repeated >> at & 1 == 1;
        let mut stays = vec![true; self.holes.len()];
        for (at, word) in self.words.iter().enumerate() {
            if let Some(hole) = word.hole {
                stays[hole] &= is_repeated(at);
            }
        }
        let words = self.words.iter().enumerate();
        words.map(|(at, word)| word.hole.map_or(is_repeated(at), |hole| stays[hole])).collect()
    }

    /// Returns the index ranges of shown words that have little weight together and are between two holes without a
    /// name.
    fn lone(&self, kept: &[bool], weights: &[f32]) -> Vec<Range<usize>> {
        let runs: Vec<Range<usize>> = runs(kept).collect();
        let is_nameless = |run: &Range<usize>| self.hole_around(run).is_none();
        let is_lone = |three: &&[Range<usize>]| {
            let run = &three[1];
            let weight: f32 = weights[run.clone()].iter().sum();
            kept[run.start] && weight < LONE && is_nameless(&three[0]) && is_nameless(&three[2])
        };
        runs.windows(3).filter(is_lone).map(|three| three[1].clone()).collect()
    }

    /// The name of the hole that contains all words of `run`; `None` if no hole does.
    fn hole_around(&self, run: &Range<usize>) -> Option<&str> {
        let hole = self.words[run.start].hole?;
        let is_within = self.words[run.clone()].iter().all(|word| word.hole == Some(hole));
        is_within.then_some(self.holes[hole].1.as_str())
    }

    /// The byte range of a word, or of the word together with the hole that contains it.
    fn around(&self, at: usize) -> Range<usize> {
        let QuotedWord { place: Range { start, end }, hole, .. } = &self.words[at];
        let hole = hole.map(|hole| &self.holes[hole].0);
        hole.map_or(*start..*end, |hole| hole.start.min(*start)..hole.end.max(*end))
    }
}

/// Splits `values` into runs of equal values. Returns the index range of each run.
fn runs(values: &[bool]) -> impl Iterator<Item = Range<usize>> {
    values.chunk_by(|a, b| a == b).scan(0, |at, run| {
        let start = *at;
        *at += run.len();
        Some(start..*at)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identifier::IdentifierKind;
    use crate::source::Span;

    fn message(text: &str) -> Identifier {
        Identifier {
            kind: IdentifierKind::Message,
            value: text.to_owned(),
            section: 0,
            span: Span { start: 0, end: text.len() },
        }
    }

    fn read(message: &Identifier) -> QuotedMessage<'_> {
        QuotedMessage::new(message, |_| true).expect("every message passes")
    }

    /// Checks how a message is shown if a record repeats all its words except those in `other`. The weight of `the` and
    /// of names is 0, that of other words 1.
    #[track_caller]
    fn check(text: &str, other: &str, expect: &str) {
        let message = message(text);
        let quoted = read(&message);
        let other: Vec<&str> = other.split(' ').collect();
        let stays = |word: &QuotedWord| !other.contains(&word.stem.as_str());
        let repeated = quoted.words.iter().enumerate().map(|(at, word)| u64::from(stays(word)) << at).sum();
        let is_nothing = |word: &QuotedWord| word.is_variable() || word.stem == "the";
        let weights: Vec<f32> = quoted.words.iter().map(|word| if is_nothing(word) { 0.0 } else { 1.0 }).collect();
        assert_eq!(quoted.with_holes(repeated, &weights), expect);
    }

    #[test]
    fn what_a_record_repeats_stays_as_it_is() {
        check("(421) Host relay.corp.example is busy!", "", "(421) Host relay.corp.example is busy!");
    }

    #[test]
    fn names_are_replaced_as_a_whole_and_words_as_they_differ() {
        check("Cannot reach relay.corp.example at C:\\a b\\c.txt, bye", "corp c", "Cannot reach {host} at {path}, bye");
        check("Parcel 17 of 'the crew' was lost", "17 crew", "Parcel {number} of {name} was lost");
        check("The crew lost one parcel.", "one", "The crew lost {..} parcel.");
        check("The crew <crew name> lost one parcel.", "name one", "The crew {crew_name} lost {..} parcel.");
        check("The crew lost parcel 17 again", "17 again", "The crew lost parcel {..}");
    }

    #[test]
    fn signs_at_both_ends_go_with_what_is_replaced() {
        check("*** (crew): the parcel is gone (again).", "crew again", "{..}: the parcel is gone {..}");
        check("*** (crew): the parcel is gone (again).", "parcel", "*** (crew): the {..} is gone (again).");
        check("crew 11A][Mon 10/02/2000 19:50:57]:again", "crew 11a 10 02 2000 19 50 57", "{..}Mon {..}:again");
        check("Lost a parcel (small, \"red\") today", "small", "Lost a parcel {..}, \"red\") today");
    }

    #[test]
    fn what_tells_nothing_between_two_holes_is_part_of_them() {
        check("Some crew of the night lost it", "crew night", "Some {..} of the {..} lost it");
        check("Some crew left the night lost it", "crew left night", "Some {..} lost it");
        check("Reach relay.corp.example the C:\\a\\c.txt now", "corp c", "Reach {host} the {path} now");
    }

    #[test]
    fn only_the_first_words_are_shown() {
        let long: Vec<String> = (0..70).map(|n| format!("w{n}x")).collect();
        // The sign behind the last shown word is replaced with that word.
        let ends_in_sign = long.join(" ").replace("w63x", "w63x)");
        check(&ends_in_sign, "w63x", &format!("{} {{..}} …", long[..63].join(" ")));
        check(&long.join(" "), "w1x w63x", &format!("w0x {{..}} {} {{..}} …", long[2..63].join(" ")));
    }

    proptest! {
        #[test]
        fn what_stays_is_of_the_message_in_its_order(
            text in "([a-z]{1,5}|[0-9]{1,4}|C:.[a-z]{1,3}.txt|<[a-z]{1,4}>|'[a-z ]{1,6}'|é|[.,:()])( ?([a-z]{1,5}|[0-9]{1,4}|%1|a@b.com|\\]\\[|[0-9]/[0-9]/2000|\\(|\\))){0,70}",
            repeated: u64,
            weight in 0.0f32..0.6,
        ) {
            let message = message(&text);
            let quoted = read(&message);
            let weights = vec![weight; quoted.words.len()];
            prop_assume!(!quoted.is_cut);
            let shown = quoted.with_holes(repeated, &weights);
            let mut rest = text.as_str();
            for piece in shown.split('{').map(|piece| piece.split_once('}').map_or(piece, |(_, behind)| behind)) {
                let at = rest.find(piece);
                prop_assert!(at.is_some(), "{} in {}", piece, rest);
                rest = &rest[at.unwrap_or_default() + piece.len()..];
            }
            prop_assert_eq!(quoted.with_holes(u64::MAX, &weights), text);
        }
    }
}
