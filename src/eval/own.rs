//! Questions made of the articles themselves: an article should be found by what it says. They need no judge, so there can
//! be thousands; they are easier than what people ask, and say little of words that the article does not hold.

use std::collections::HashSet;

use super::chance::Random;
use super::judged::Question;
use super::quoted::{Quotes, Wording, fixed};
use crate::article::{Article, SectionKind, full_title};
use crate::identifier::IdentifierKind;
use crate::store::{self, Index, StoreError, relations};

/// What the questions are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words of the symptoms section that are not in the title, some of them dropped.
    Symptoms,
    /// A message that the article quotes, with other names, numbers and paths in it.
    Messages,
}

/// Words of the symptoms that are dropped, in tenths.
const DROPPED: usize = 3;

/// The most words of a question about symptoms: nobody types more, and more find the article all the more surely.
const MAX_WORDS: usize = 40;

/// A question of fewer words is about many articles.
const MIN_WORDS: usize = 3;

/// A message of fewer words is that of many products.
const MIN_MESSAGE_WORDS: usize = 5;

/// Letters that a made-up name takes the place of a placeholder with.
const NAME_LETTERS: &str = "xxxxxx";

/// Questions that were made, and of how many articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Each with the id of its article as its own. Its relevant articles are that one and its near-copies; for a message,
    /// also all others that quote it, and theirs.
    pub questions: Vec<Question>,
    /// Articles that were looked at; those without symptoms or messages gave none.
    pub looked_at: usize,
}

/// A query made of an article.
struct Draft {
    query: String,
    /// That of the message that it was made of.
    message: Option<Wording>,
}

/// Makes `n` questions, or as many as there are articles that give one. They follow from the articles and `seed` alone.
/// For messages all articles are read once more, some 20 s for 57,000.
pub fn questions(index: &Index, kind: Kind, n: usize, seed: u64) -> Result<Made, StoreError> {
    let mut made = Made { questions: Vec::new(), looked_at: 0 };
    let mut messages = Vec::new();
    for stored in index.shuffled(seed)? {
        if made.questions.len() == n {
            break;
        }
        let article = stored?.article;
        made.looked_at += 1;
        let mut random = Random::new(store::shuffle_key(seed, &article.id));
        let draft = match kind {
            Kind::Symptoms => symptoms(&article, &mut random),
            Kind::Messages => message(&article, &mut random),
        };
        let Some(Draft { query, message }) = draft else { continue };
        messages.extend(message);
        let relevant = with_copies(index, &article)?;
        made.questions.push(Question { id: article.id, query, relevant, style: None });
    }
    if !messages.is_empty() {
        add_quoting(index, &Quotes::new(&messages), &mut made.questions)?;
    }
    Ok(made)
}

/// Adds to each question the articles that quote its message: they answer it as well as the one it was made of.
fn add_quoting(index: &Index, messages: &Quotes<'_>, questions: &mut [Question]) -> Result<(), StoreError> {
    for stored in index.shuffled(0)? {
        let article = stored?.article;
        let answers = messages.by(&article);
        if answers.is_empty() {
            continue;
        }
        let quoting = with_copies(index, &article)?;
        answers.into_iter().for_each(|question| questions[question].relevant.extend_from_slice(&quoting));
    }
    for Question { relevant, .. } in questions {
        relevant.sort_unstable();
        relevant.dedup();
    }
    Ok(())
}

/// The ids of an article and its near-copies, sorted.
fn with_copies(index: &Index, article: &Article) -> Result<Vec<String>, StoreError> {
    let copies = relations::near_copies(index, &article.id)?.into_iter().map(|(copy, _)| copy);
    let mut ids: Vec<String> = copies.chain([article.id.clone()]).collect();
    ids.sort_unstable();
    Ok(ids)
}

/// The distinct words of the symptoms that share no stem with the title, each kept seven times in ten, the first
/// [`MAX_WORDS`] of these. `None` when too few are left.
fn symptoms(article: &Article, random: &mut Random) -> Option<Draft> {
    let mut seen: HashSet<String> = store::words(&full_title(article)).into_iter().map(|(stem, _)| stem).collect();
    let sections = article.sections.iter().filter(|section| section.kind == SectionKind::Symptoms);
    let mut kept: Vec<&str> = Vec::new();
    for section in sections {
        for (stem, place) in store::words(&section.text) {
            if seen.insert(stem) && random.below(10) >= DROPPED {
                kept.push(&section.text[place]);
            }
        }
    }
    kept.truncate(MAX_WORDS);
    (kept.len() >= MIN_WORDS).then(|| Draft { query: kept.join(" "), message: None })
}

/// One of the article's messages that are long enough, as another occasion would have printed it.
fn message(article: &Article, random: &mut Random) -> Option<Draft> {
    let is_long = |text: &str| text.split_whitespace().nth(MIN_MESSAGE_WORDS - 1).is_some();
    let messages = article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Message);
    let messages: Vec<_> = messages.filter(|message| is_long(&message.value)).collect();
    if messages.is_empty() {
        return None;
    }
    let message = messages[random.below(messages.len())];
    let pattern = message.pattern()?;
    let wording = Wording::of(&message.value, &pattern);
    Some(Draft { query: reprinted(&message.value, &pattern, random), message: Some(wording) })
}

/// `message` with what the holes of its pattern took replaced by the like.
fn reprinted(message: &str, pattern: &str, random: &mut Random) -> String {
    let mut text = String::with_capacity(message.len());
    let mut taken = 0;
    for stays in fixed(message, pattern) {
        text.push_str(&other(&message[taken..stays.start], random));
        text.push_str(&message[stays.clone()]);
        taken = stays.end;
    }
    text
}

/// Another text of the same shape: a made-up word for each word, another digit for each digit, signs as they are. The
/// ending of a file name stays, and a placeholder becomes a name.
fn other(taken: &str, random: &mut Random) -> String {
    if taken.starts_with(['<', '[', '{', '%']) {
        return other(NAME_LETTERS, random);
    }
    let ending = taken.rfind('.').filter(|dot| is_file_ending(&taken[dot + 1..])).unwrap_or(taken.len());
    let mut replaced = String::with_capacity(taken.len());
    for run in taken[..ending].split_inclusive(|c: char| !c.is_alphanumeric()) {
        match hex_prefix(run) {
            Some(prefix) => {
                replaced.push_str(&run[..prefix]);
                replaced.extend(run[prefix..].chars().map(|c| other_hex(c, random)));
            }
            None => other_word(run, random, &mut replaced),
        }
    }
    replaced.push_str(&taken[ending..]);
    replaced
}

fn is_file_ending(text: &str) -> bool {
    matches!(text.len(), 1..=4) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// How much stands before the digits of a hex number, if `run`, a word and the sign after it, is one: `0x14`, `C0011E36`.
fn hex_prefix(run: &str) -> Option<usize> {
    let word = run.trim_end_matches(|c: char| !c.is_alphanumeric());
    let prefix = if word.starts_with("0x") || word.starts_with("0X") { 2 } else { 0 };
    let is_hex = word[prefix..].bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_mixed = word.contains(|c: char| c.is_ascii_digit()) && word.contains(|c: char| c.is_ascii_alphabetic());
    (is_hex && is_mixed).then_some(prefix)
}

fn other_hex(c: char, random: &mut Random) -> char {
    let digit = |random: &mut Random| char::from(b"0123456789ABCDEF"[random.below(16)]);
    match c {
        _ if c.is_ascii_lowercase() => digit(random).to_ascii_lowercase(),
        _ if c.is_alphanumeric() => digit(random),
        _ => c,
    }
}

/// Adds a made-up word like `run`. Consonants and vowels take turns, so that it looks like a name.
fn other_word(run: &str, random: &mut Random, replaced: &mut String) {
    for (nth, c) in run.chars().enumerate() {
        let letters: &[u8] = if nth % 2 == 0 { b"bdfghjklmnprstvz" } else { b"aeiou" };
        replaced.push(match c {
            _ if c.is_uppercase() => char::from(letters[random.below(letters.len())]).to_ascii_uppercase(),
            _ if c.is_alphabetic() => char::from(letters[random.below(letters.len())]),
            _ if c.is_ascii_digit() => other_digit(c, random),
            _ => c,
        });
    }
}

/// Any digit but this one and 0, which no number begins with.
fn other_digit(digit: char, random: &mut Random) -> char {
    let shift = u32::try_from(1 + random.below(8)).expect("below nine");
    let from_one = (digit.to_digit(10).unwrap_or_default() + 8 + shift) % 9 + 1;
    char::from_digit(from_one, 10).expect("one of nine digits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article;

    fn article(symptoms: &str) -> Article {
        let text = format!(
            "DOCUMENT:Q100100  12-NOV-2026  [test]\nTITLE   :Pump Hums Loudly\nPRODUCT :Test\nPROD/VER:1.0\n\nSYMPTOMS\n\
             ========\n\n{symptoms}\n\nCAUSE\n=====\n\nA bearing.\n"
        );
        article::parse(&text, "").expect("the layout is known")
    }

    #[test]
    fn a_question_about_symptoms_has_no_word_of_the_title() {
        let article = article(
            "The pumps are humming and the belt slips. It squeals near bay four while the people shout for oil.",
        );
        let mut counts = 0;
        for seed in 0..200 {
            let query = symptoms(&article, &mut Random::new(seed)).expect("enough words").query;
            let words: Vec<&str> = query.split(' ').collect();
            assert!(words.iter().all(|word| !["pumps", "humming", "A", "bearing"].contains(word)), "{query}");
            assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len());
            counts += words.len();
        }
        // Fifteen distinct words, of which seven in ten stay.
        assert!((2_020..2_180).contains(&counts), "{counts}");
    }

    #[test]
    fn few_words_make_no_question_and_many_are_cut() {
        assert!(symptoms(&article("The pump hums."), &mut Random::new(1)).is_none());
        let words: Vec<String> = (0..300).map(|n| format!("w{n}")).collect();
        let query = symptoms(&article(&words.join(" ")), &mut Random::new(1)).expect("enough words").query;
        assert_eq!(query.split(' ').count(), MAX_WORDS);
    }

    #[track_caller]
    fn check(message: &str, expect: &str) {
        let shape = regex::Regex::new(expect).expect("a valid regex");
        let pattern = article::Identifier {
            kind: IdentifierKind::Message,
            value: message.to_owned(),
            section: 0,
            span: crate::source::Span::default(),
        };
        let pattern = pattern.pattern().expect("a message has one");
        for seed in 0..20 {
            let text = reprinted(message, &pattern, &mut Random::new(seed));
            assert!(shape.is_match(&text), "{text}");
        }
    }

    #[test]
    fn a_reprinted_message_has_other_names_and_numbers_of_the_same_shape() {
        check(
            "Cannot open 'Sales db' (5 of 17 parts)",
            r"^Cannot open '[A-Z][a-z]{4} [a-z]{2}' \([1-9] of [1-9]{2} parts\)$",
        );
        check(
            "Can't find C:\\Temp\\x1.dll on this disk.",
            r"^Can't find [A-Z]:\\[A-Z][a-z]{3}\\[a-z][1-9]\.dll on this disk\.$",
        );
        check("User <user name> is not known on server %1", "^User [a-z]{6} is not known on server [a-z]{6}$");
        check("Stopped at 0028:C0011E36 (0x77f5cd)", r"^Stopped at [1-9]{4}:[0-9A-F]{8} \(0x[0-9a-fA-F]{6}\)$");
        check("Error 1720: this text has no holes", "^Error 1720: this text has no holes$");
    }

    #[test]
    fn only_long_messages_make_questions() {
        let quoted =
            article("You may receive the following error message:\n\n   Unable to contact \"HOST1\" on port 25.\n");
        let query = message(&quoted, &mut Random::new(1)).expect("the message is long enough").query;
        assert!(query.starts_with("Unable to contact \"") && !query.contains("HOST1"), "{query}");
        let short = article("You may receive the following error message:\n\n   Access denied.\n");
        assert!(message(&short, &mut Random::new(1)).is_none());
    }
}
