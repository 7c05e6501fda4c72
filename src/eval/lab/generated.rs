//! Questions generated from the articles: an article should be found by its own words. They need no judge, so there can
//! be thousands. They are easier than the questions of people, and do not measure words that the article does not
//! contain.

use std::collections::HashSet;

use super::quoted::{Quotes, Wording, fixed};
use crate::article::{Article, SectionKind, full_title};
use crate::eval::judged::Question;
use crate::eval::random::Random;
use crate::identifier::IdentifierKind;
use crate::store::{self, Index, StoreError, relations};

/// The part of an article that a question is generated from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// Words of the symptoms section that are not in the title, some of them dropped.
    Symptoms,
    /// A message that the article quotes, with other names, numbers and paths.
    Messages,
}

/// The number of words that are dropped, on average, out of ten words of the symptoms.
const DROPPED: usize = 3;

/// The most words of a question about symptoms. Nobody types more, and more words make the question easier.
const MAX_WORDS: usize = 40;

/// The fewest words of a question about symptoms. One with fewer fits many articles.
const MIN_WORDS: usize = 3;

/// The fewest words of a message that a question is generated from. Shorter messages are printed by many products.
const MIN_MESSAGE_WORDS: usize = 5;

/// A placeholder in a message is replaced by an invented name of this shape: six lower-case letters.
const NAME_LETTERS: &str = "xxxxxx";

/// Generated questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedQuestions {
    /// Each has the id of its article. The right articles are this one and its near-copies; for a message, also all
    /// others that quote it, and their near-copies.
    pub questions: Vec<Question>,
    /// The number of articles read; one without symptoms or messages gives no question.
    pub looked_at: usize,
}

/// A query generated from an article.
struct GeneratedQuery {
    query: String,
    /// The wording of the message that it was generated from; `None` for a question about symptoms.
    message: Option<Wording>,
}

/// Generates `n` questions, or fewer if there are not enough articles that give one. They depend only on the articles
/// and `seed`. For messages, all articles are read a second time: some 20 s for 57,000.
pub fn generate_questions(
    index: &Index,
    kind: QuestionKind,
    n: usize,
    seed: u64,
) -> Result<GeneratedQuestions, StoreError> {
    let mut generated = GeneratedQuestions { questions: Vec::new(), looked_at: 0 };
    let mut messages = Vec::new();
    for stored in index.shuffled(seed)? {
        if generated.questions.len() == n {
            break;
        }
        let article = stored?.article;
        generated.looked_at += 1;
        let mut random = Random::new(store::shuffle_key(seed, &article.id));
        let draft = match kind {
            QuestionKind::Symptoms => symptoms(&article, &mut random),
            QuestionKind::Messages => message(&article, &mut random),
        };
        let Some(GeneratedQuery { query, message }) = draft else { continue };
        messages.extend(message);
        let relevant = with_copies(index, &article)?;
        generated.questions.push(Question { id: article.id, query, relevant, style: None });
    }
    if !messages.is_empty() {
        add_quoting(index, &Quotes::new(&messages), &mut generated.questions)?;
    }
    Ok(generated)
}

/// Adds to each question the articles that quote its message: they are right, too.
fn add_quoting(index: &Index, messages: &Quotes<'_>, questions: &mut [Question]) -> Result<(), StoreError> {
    for stored in index.shuffled(0)? {
        let article = stored?.article;
        let answers = messages.quoted_by(&article);
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

/// Returns `n` messages quoted in articles of `other`, each as a program would print it with other names, that no article
/// of `index` quotes and whose article `index` does not have; fewer if there are not enough.
pub fn foreign_messages(index: &Index, other: &Index, n: usize, seed: u64) -> Result<Vec<String>, StoreError> {
    let (mut texts, mut wordings) = (Vec::new(), Vec::new());
    for stored in other.shuffled(seed)? {
        if texts.len() == 2 * n {
            break;
        }
        let article = stored?.article;
        if index.title_of(&article.id)?.is_some() {
            continue;
        }
        let mut random = Random::new(store::shuffle_key(seed, &article.id));
        let Some(GeneratedQuery { query, message: Some(wording) }) = message(&article, &mut random) else { continue };
        texts.push(query);
        wordings.push(wording);
    }
    let (quotes, mut quoted) = (Quotes::new(&wordings), HashSet::new());
    for stored in index.shuffled(0)? {
        quoted.extend(quotes.quoted_by(&stored?.article));
    }
    let foreign = texts.into_iter().enumerate().filter(|(at, _)| !quoted.contains(at));
    Ok(foreign.map(|(_, text)| text).take(n).collect())
}

/// Returns the ids of an article and its near-copies, sorted.
fn with_copies(index: &Index, article: &Article) -> Result<Vec<String>, StoreError> {
    let copies = relations::near_copies(index, &article.id)?.into_iter().map(|(copy, _)| copy);
    let mut ids: Vec<String> = copies.chain([article.id.clone()]).collect();
    ids.sort_unstable();
    Ok(ids)
}

/// Makes a query from the distinct words of the symptoms that share no stem with the title. Each is kept with
/// probability 0.7; the query has the first [`MAX_WORDS`] of those kept. `None` if fewer than [`MIN_WORDS`] are kept.
fn symptoms(article: &Article, random: &mut Random) -> Option<GeneratedQuery> {
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
    (kept.len() >= MIN_WORDS).then(|| GeneratedQuery { query: kept.join(" "), message: None })
}

/// Makes a query from a random long message of the article, as a program would print it with other names and numbers.
/// `None` if there is no such message.
fn message(article: &Article, random: &mut Random) -> Option<GeneratedQuery> {
    let is_long = |text: &str| text.split_whitespace().nth(MIN_MESSAGE_WORDS - 1).is_some();
    let messages = article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Message);
    let messages: Vec<_> = messages.filter(|message| is_long(&message.value)).collect();
    if messages.is_empty() {
        return None;
    }
    let message = messages[random.below(messages.len())];
    let pattern = message.pattern()?;
    let wording = Wording::new(&message.value, &pattern);
    Some(GeneratedQuery { query: reprinted(&message.value, &pattern, random), message: Some(wording) })
}

/// Returns `message` with the text in the holes of its pattern replaced by other text of the same shape.
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

/// Returns another text of the shape of `taken`: an invented word for each word, another digit for each digit.
/// Punctuation and the ending of a file name stay; a placeholder becomes a name.
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

/// If `run` (a word with the character after it) is a hexadecimal number such as `0x14` or `C0011E36`, returns the
/// length of the prefix before its digits: 2 for `0x`, else 0.
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

/// Appends an invented word of the shape of `run`. Consonants and vowels alternate, so that it looks like a name.
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

/// Returns a digit other than `digit`, and not 0, because no number begins with 0.
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
        // Fifteen distinct words, each kept with probability 0.7.
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
