//! A message that an article quotes, word by word, and how it reads where a record has other words.

use std::ops::Range;

use super::super::text;
use super::alignment::MAX_MESSAGE;
use crate::article::Identifier;

/// A quoted message.
pub(super) struct Quoted<'a> {
    text: &'a str,
    /// Its first words, [`MAX_MESSAGE`] at most.
    pub(super) words: Vec<QuotedWord>,
    /// What of it is of the occasion, each with the name of its hole.
    holes: Vec<(Range<usize>, String)>,
    /// Whether it has more words.
    is_cut: bool,
}

pub(super) struct QuotedWord {
    pub(super) stem: String,
    place: Range<usize>,
    /// The one of the holes that it lies in.
    hole: Option<usize>,
}

impl QuotedWord {
    /// Whether another word may stand there, a name or number of the occasion.
    pub(super) fn is_occasional(&self) -> bool {
        self.hole.is_some()
    }
}

impl<'a> Quoted<'a> {
    /// Takes a message apart. `may_be` is asked first, with the stems of its words: telling what is of the occasion takes longer.
    pub(super) fn new(message: &'a Identifier, may_be: impl FnOnce(&[String]) -> bool) -> Option<Quoted<'a>> {
        let (mut stems, mut places): (Vec<String>, Vec<Range<usize>>) = text::words(&message.value).into_iter().unzip();
        let is_cut = stems.len() > MAX_MESSAGE;
        stems.truncate(MAX_MESSAGE);
        places.truncate(MAX_MESSAGE);
        if !may_be(&stems) {
            return None;
        }
        let holes = message.occasional();
        let hole_at = |place: &Range<usize>| {
            let next = holes.partition_point(|(hole, _)| hole.end <= place.start);
            holes.get(next).filter(|(hole, _)| hole.start < place.end).map(|_| next)
        };
        let word = |(stem, place): (String, Range<usize>)| QuotedWord { stem, hole: hole_at(&place), place };
        let words = stems.into_iter().zip(places).map(word).collect();
        Some(Quoted { text: &message.value, words, holes, is_cut })
    }

    /// The message with holes in place of the words that are not among `repeated`, bits by their places. A name that is not
    /// repeated as a whole is a hole as a whole, called as in the message's pattern; what else is not is `{..}`.
    pub(super) fn with_holes(&self, repeated: u64) -> String {
        let is_repeated = |at: usize| repeated >> at & 1 == 1;
        let mut stays = vec![true; self.holes.len()];
        for (_, word) in self.words.iter().enumerate().filter(|(at, _)| !is_repeated(*at)) {
            word.hole.into_iter().for_each(|hole| stays[hole] = false);
        }
        let kept: Vec<(bool, &QuotedWord)> = self
            .words
            .iter()
            .enumerate()
            .map(|(at, word)| (word.hole.map_or(is_repeated(at), |hole| stays[hole]), word))
            .collect();
        let mut out = String::with_capacity(self.text.len());
        let mut written = 0;
        for run in kept.chunk_by(|a, b| a.0 == b.0).filter(|run| !run[0].0) {
            let (first, last) = (run[0].1, run[run.len() - 1].1);
            let name = first.hole.filter(|_| run.iter().all(|(_, word)| word.hole == first.hole));
            let name = name.map_or("..", |hole| &self.holes[hole].1);
            out.push_str(&self.text[written..self.around(first).start]);
            out.push_str(&format!("{{{name}}}"));
            written = self.around(last).end;
        }
        let end = match self.words.last() {
            Some(last) if self.is_cut => self.around(last).end,
            _ => self.text.len(),
        };
        out.push_str(&self.text[written..end]);
        if self.is_cut {
            out.push_str(" …");
        }
        out
    }

    /// A word, with the hole around it.
    fn around(&self, word: &QuotedWord) -> Range<usize> {
        let Range { start, end } = word.place;
        word.hole.map(|hole| &self.holes[hole].0).map_or(start..end, |hole| hole.start.min(start)..hole.end.max(end))
    }
}
