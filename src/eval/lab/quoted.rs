//! Finds the articles that quote a message, even with other names in it, across lines, within a sentence, or in a
//! title. The messages that an article sets apart by its layout are not enough: another article may quote the same
//! message within a sentence.

use std::collections::{BTreeSet, HashMap};
use std::iter;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use memchr::memmem;

use crate::article::{Article, Identifier, full_title};
use crate::pattern::Pattern;

/// The fewest fixed letters and digits that a message needs to be recognised in running text: as many as in five words.
/// A message with fewer (`… on behalf of …`) is found only where an article sets it apart.
const MIN_LETTERS: usize = 24;

/// The most letters and digits, in bytes, that a name, number or path may take up in a message.
const MAX_HOLE: usize = 80;

/// The letters and digits of a message in lower case, which even careless quotations have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wording {
    /// The letters and digits of its pattern.
    whole: String,
    /// The letters and digits between the holes of the pattern, in order; none is empty.
    pieces: Vec<String>,
}

impl Wording {
    /// The wording of a message with this pattern.
    pub(super) fn new(message: &str, pattern: &str) -> Wording {
        let pieces = fixed(message, pattern).map(|range| letters(&message[range]));
        Wording { whole: letters(pattern), pieces: pieces.filter(|piece| !piece.is_empty()).collect() }
    }

    /// The index of the longest piece, if the pieces are long enough to recognise the message.
    fn longest(&self) -> Option<usize> {
        let n_letters: usize = self.pieces.iter().map(String::len).sum();
        (0..self.pieces.len()).filter(|_| n_letters >= MIN_LETTERS).max_by_key(|&nth| self.pieces[nth].len())
    }
}

/// Returns the ranges of a message outside the holes of its pattern, in order: the text that is the same whenever a
/// program prints the message.
pub(super) fn fixed(message: &str, pattern: &str) -> impl Iterator<Item = Range<usize>> {
    let found = Pattern::text(pattern, false).ok().and_then(|pattern| pattern.find(message.as_bytes()));
    let taken = found.into_iter().flat_map(|found| found.captures).map(|capture| capture.range);
    let mut at = 0;
    taken.chain(iter::once(message.len()..message.len())).map(move |taken| {
        let before = at..taken.start;
        at = taken.end;
        before
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Messages to look for in articles.
pub(super) struct Quotes<'a> {
    wordings: &'a [Wording],
    by_whole: HashMap<&'a str, Vec<usize>>,
    /// One pattern for each of `keys`.
    automaton: AhoCorasick,
    /// The messages that can be recognised by their pieces, each with the index of its longest piece.
    keys: Vec<(usize, usize)>,
}

impl<'a> Quotes<'a> {
    pub(super) fn new(wordings: &'a [Wording]) -> Quotes<'a> {
        let mut by_whole: HashMap<&str, Vec<usize>> = HashMap::new();
        for (message, wording) in wordings.iter().enumerate() {
            by_whole.entry(&wording.whole).or_default().push(message);
        }
        let keyed = wordings.iter().enumerate();
        let keys: Vec<_> = keyed.filter_map(|(message, wording)| Some((message, wording.longest()?))).collect();
        let automaton = AhoCorasick::new(keys.iter().map(|&(message, nth)| &wordings[message].pieces[nth]));
        let automaton = automaton.expect("messages are far shorter than what an automaton can hold");
        Quotes { wordings, by_whole, automaton, keys }
    }

    /// The indices of the messages that an article quotes.
    pub(super) fn quoted_by(&self, article: &Article) -> BTreeSet<usize> {
        let own = article.identifiers.iter().filter_map(Identifier::pattern);
        let set_apart = own.filter_map(|pattern| self.by_whole.get(&*letters(&pattern))).flatten().copied();
        let mut quoted: BTreeSet<usize> = set_apart.collect();
        self.add_from(&full_title(article), &mut quoted);
        article.sections.iter().for_each(|section| self.add_from(&section.text, &mut quoted));
        quoted
    }

    fn add_from(&self, text: &str, quoted: &mut BTreeSet<usize>) {
        let text = letters(text);
        for found in self.automaton.find_overlapping_iter(&text) {
            let (message, nth) = self.keys[found.pattern().as_usize()];
            if !quoted.contains(&message)
                && are_around(text.as_bytes(), found.range(), &self.wordings[message].pieces, nth)
            {
                quoted.insert(message);
            }
        }
    }
}

/// Whether the other `pieces` are before and after the `nth`, which is at `place`: in order, each as near as possible
/// to its neighbour and within [`MAX_HOLE`] of it.
fn are_around(text: &[u8], place: Range<usize>, pieces: &[String], nth: usize) -> bool {
    let mut end = place.end;
    for piece in &pieces[nth + 1..] {
        let last = text.len().min(end + MAX_HOLE + piece.len());
        let Some(at) = memmem::find(&text[end..last], piece.as_bytes()) else { return false };
        end += at + piece.len();
    }
    let mut start = place.start;
    for piece in pieces[..nth].iter().rev() {
        let first = start.saturating_sub(MAX_HOLE + piece.len());
        let Some(at) = memmem::rfind(&text[first..start], piece.as_bytes()) else { return false };
        start = first + at;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article;

    fn wording(message: &str) -> Wording {
        let pattern = article::Identifier {
            kind: crate::identifier::IdentifierKind::Message,
            value: message.to_owned(),
            section: 0,
            span: crate::source::Span::default(),
        };
        Wording::new(message, &pattern.pattern().expect("a message has one"))
    }

    #[track_caller]
    fn check(message: &str, symptoms: &str, is_quoted: bool) {
        let text = format!("---\nid: cb-a\ntitle: Pump hums\n---\n# Symptoms\n\n{symptoms}\n");
        let article = article::parse(&text, "").expect("an article");
        let wordings = [wording("Another message that occurs nowhere at all"), wording(message)];
        let expected = if is_quoted { BTreeSet::from([1]) } else { BTreeSet::new() };
        assert_eq!(Quotes::new(&wordings).quoted_by(&article), expected);
    }

    #[test]
    fn a_message_is_found_in_running_text_with_other_names_in_it() {
        let message = "Cannot open the valve 'Bay 4' because pump 17 is still running.";
        let pieces = wording(message).pieces;
        assert_eq!(pieces, ["cannotopenthevalve", "becausepump", "isstillrunning"]);
        check(
            message,
            "It says that it *cannot open\nthe valve* \"North\", because pump 2 is still running there.",
            true,
        );
        check(message, "Because pump 2 is still running it cannot open the valve North.", false);
        check(message, "It cannot open the valve \"North\", because pump 2 is idle.", false);
        let far = format!("It cannot open the valve {} because pump 2 is still running.", "x".repeat(MAX_HOLE + 1));
        check(message, &far, false);
        check(message, &far.replace("xx", "x"), true);
    }

    #[test]
    fn a_message_of_few_letters_is_quoted_only_where_it_is_set_apart() {
        let short = "Pump 3 of 4 does not hum";
        check(short, "People say that pump 1 of 2 does not hum.", false);
        check(short, "You receive the following error message:\n\n    Pump 1 of 2 does not hum\n", true);
    }
}
