//! The passage of an article, which is the text to encode: its title and the beginning of its symptoms.

use std::fmt;

use crate::article::{Article, SectionKind, full_title};

/// A passage has at most this many characters, which are about 160 tokens. More tokens make the vectors of sentence
/// encoders worse, and cost time.
const MAX_CHARS: usize = 800;

/// Identifies a passage: a hash of its text. Equal texts of different articles have one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PassageKey(pub u64);

impl PassageKey {
    /// Computes the key from the text of a passage.
    pub fn for_text(passage: &str) -> PassageKey {
        let hash = blake3::hash(passage.as_bytes());
        let (first, _) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
        PassageKey(u64::from_le_bytes(*first))
    }
}

impl fmt::Display for PassageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Returns the passage of an article: its full title, then the beginning of its symptoms, or without these of its summary, or
/// without that of its first section with content. White space is folded, and the text is cut between words after at most 800
/// characters.
pub fn passage(article: &Article) -> String {
    let mut passage = PassageText { text: String::new(), n_chars: 0 };
    passage.add(&full_title(article));
    passage.add(opening(article));
    passage.text
}

/// Returns the text of the section that says what the article is about; empty if there is none.
fn opening(article: &Article) -> &str {
    let said = |kind| article.sections.iter().find(|section| section.kind == kind && !section.text.is_empty());
    let first = || {
        let is_lead = |kind| !matches!(kind, SectionKind::Status | SectionKind::References | SectionKind::QueryWords);
        article.sections.iter().find(|section| is_lead(section.kind) && !section.text.is_empty())
    };
    let section = said(SectionKind::Symptoms).or_else(|| said(SectionKind::Summary)).or_else(first);
    section.map_or("", |section| &section.text)
}

/// A passage to which words are added until it has [`MAX_CHARS`] characters.
struct PassageText {
    text: String,
    n_chars: usize,
}

impl PassageText {
    fn add(&mut self, text: &str) {
        for word in text.split_whitespace() {
            let is_first = self.text.is_empty();
            let room = MAX_CHARS - self.n_chars - usize::from(!is_first && self.n_chars < MAX_CHARS);
            let Some(n_chars) = fits(word, room) else {
                // A first word that is too long is cut, since the passage would be empty without it.
                if is_first {
                    self.text.extend(word.chars().take(MAX_CHARS));
                }
                self.n_chars = MAX_CHARS;
                return;
            };
            if !is_first {
                self.text.push(' ');
            }
            self.text.push_str(word);
            self.n_chars += n_chars + usize::from(!is_first);
        }
    }
}

/// Returns the number of characters of `word`; `None` if it is greater than `room` or `room` is 0. Stops counting
/// beyond `room`.
fn fits(word: &str, room: usize) -> Option<usize> {
    let n_chars = word.chars().take(room + 1).count();
    (n_chars <= room && room > 0).then_some(n_chars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article;

    fn article(body: &str) -> Article {
        let text = format!("---\nid: cb-test\ntitle: Mail waits\n---\n{body}");
        article::parse(&text, "cb-test").expect("an article")
    }

    fn markdown(body: &str) -> String {
        passage(&article(body))
    }

    #[test]
    fn the_title_comes_before_the_symptoms_wherever_they_are() {
        let text = "# Summary\n\nAbout queues.\n\n# Symptoms\n\nMail   stays\nin the queue.\n\n# Cause\n\nDNS.\n";
        assert_eq!(markdown(text), "Mail waits Mail stays in the queue.");
    }

    #[test]
    fn without_symptoms_it_is_the_summary_and_without_that_the_first_section() {
        assert_eq!(markdown("# Cause\n\nDNS.\n\n# Summary\n\nAbout queues.\n"), "Mail waits About queues.");
        assert_eq!(markdown("# Cause\n\nDNS.\n\n# Resolution\n\nWait.\n"), "Mail waits DNS.");
    }

    #[test]
    fn it_is_cut_between_words() {
        let passage = markdown(&format!("# Symptoms\n\n{}\n", "queued ".repeat(400)));
        assert_eq!(passage, format!("Mail waits{}", " queued".repeat(112)));
        assert_eq!(passage.len(), 794);
    }

    #[test]
    fn a_word_longer_than_a_passage_ends_it_and_alone_is_cut_itself() {
        let long = "x".repeat(100_000);
        assert_eq!(markdown(&format!("# Symptoms\n\nstuck {long} here\n")), "Mail waits stuck");
        let article = article("# Symptoms\n\nstuck\n");
        assert_eq!(passage(&Article { title: long, ..article }), "x".repeat(MAX_CHARS));
    }

    #[test]
    fn the_key_is_that_of_the_text() {
        assert_eq!(PassageKey::for_text("Mail waits DNS."), PassageKey::for_text("Mail waits DNS."));
        assert_ne!(PassageKey::for_text("Mail waits DNS."), PassageKey::for_text("Mail waits DNS"));
        assert_eq!(PassageKey::for_text("").to_string(), "a6a1f9f5b94913af");
    }
}
