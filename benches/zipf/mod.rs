//! Generates articles whose words follow Zipf's law, as in real archives, at any size. Every run generates the same ones.

/// Number of different words.
const WORDS: u64 = 60_000;

/// A generator of pseudo-random numbers with a fixed seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Dice {
        Dice(0x9e37_79b9_7f4a_7c15)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Generates a word of rank 1 to [`WORDS`]. The logarithm of the rank is distributed uniformly, so words of low
    /// rank are more frequent.
    fn word(&mut self) -> String {
        let even = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let rank = (even * (WORDS as f64).ln()).exp() as u64;
        // The word consists of letters, so that it is stemmed like a real one.
        let mut word = String::new();
        let mut left = rank.wrapping_mul(2_654_435_761) % (1 << 32) + WORDS;
        while left > 0 {
            word.push(char::from(b'a' + (left % 26) as u8));
            left /= 26;
        }
        word
    }

    fn sentence(&mut self, words: u64) -> String {
        let text: Vec<String> = (0..words).map(|_| self.word()).collect();
        text.join(" ")
    }

    /// Generates the `n`th article in the document layout, with a title of 8 words, `symptoms` words of symptoms, and
    /// `paragraphs` paragraphs of 30 words.
    pub(crate) fn article(&mut self, n: u64, symptoms: u64, paragraphs: u64) -> String {
        let rule = "=".repeat(70);
        let (title, symptoms) = (self.sentence(8), self.sentence(symptoms));
        let paragraphs: Vec<String> = (0..paragraphs).map(|_| self.sentence(30)).collect();
        // A name that occurs in no other article; real articles contain such names.
        let own = format!("id{n}x{}", n * 7919 % 100_003);
        format!(
            "DOCUMENT:Q{}  12-NOV-2026  [test]\nTITLE   :{title}\nPRODUCT :Test Server\nPROD/VER:2.0\nOPER/SYS:\nKEYWORDS:kbtest\n\n{rule}\n\n\
             SYMPTOMS\n========\n\n{symptoms} {own}\n\nCAUSE\n=====\n\nIt is so.\n\nRESOLUTION\n==========\n\n{}\n\n{rule}\n",
            100_000 + n,
            paragraphs.join("\n\n"),
        )
    }
}
