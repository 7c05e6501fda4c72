//! Hides log excerpts among other lines, as a problem is hidden in a real log.

use super::judged::Question;
use super::random::Random;

/// Logs to hide excerpts in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noise {
    /// The lines of each log; no log is empty.
    logs: Vec<Vec<String>>,
    /// The number of lines around an excerpt, before and after it together.
    lines: usize,
}

impl Noise {
    /// Takes `logs` to hide excerpts in, each among `lines` lines of one log. `None` if the logs have no line, or
    /// `lines` is 0.
    pub fn new<'a>(logs: impl IntoIterator<Item = &'a str>, lines: usize) -> Option<Noise> {
        let logs = logs.into_iter().map(|log| log.lines().map(str::to_owned).collect());
        let logs: Vec<Vec<String>> = logs.filter(|lines: &Vec<String>| !lines.is_empty()).collect();
        (!logs.is_empty() && lines > 0).then_some(Noise { logs, lines })
    }

    /// Returns consecutive lines of a random log, with `excerpt` inserted at a random place.
    pub fn hide(&self, excerpt: &str, random: &mut Random) -> String {
        let around = self.window(random);
        let place = random.below(around.len() + 1);
        let (before, after) = around.split_at(place);
        let lines = before.iter().map(String::as_str).chain(excerpt.lines()).chain(after.iter().map(String::as_str));
        lines.fold(String::new(), |log, line| log + line + "\n")
    }

    /// Returns lines of a random log without an excerpt: no article is about them.
    pub fn alone(&self, random: &mut Random) -> String {
        self.window(random).iter().fold(String::new(), |log, line| log + line + "\n")
    }

    fn window(&self, random: &mut Random) -> &[String] {
        let log = &self.logs[random.below(self.logs.len())];
        let n_lines = self.lines.min(log.len());
        let start = random.below(log.len() - n_lines + 1);
        &log[start..start + n_lines]
    }
}

/// Returns the questions with their excerpts hidden in `noise`. Which lines surround an excerpt depends only on
/// `noise`, `seed` and the questions before it.
pub fn hidden(questions: &[Question], noise: &Noise, seed: u64) -> Vec<Question> {
    let mut random = Random::new(seed);
    let hide = |question: &Question| Question { query: noise.hide(&question.query, &mut random), ..question.clone() };
    questions.iter().map(hide).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_stays_together_among_lines_in_their_order() {
        let log: String = (0..50).map(|n| format!("line {n}\n")).collect();
        let noise = Noise::new(["", &log], 10).expect("lines");
        let mut places = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let hidden = noise.hide("one\ntwo", &mut Random::new(seed));
            let lines: Vec<&str> = hidden.lines().collect();
            let place = lines.iter().position(|line| *line == "one").expect("the excerpt");
            assert_eq!((lines.len(), lines[place + 1]), (12, "two"));
            let numbers = lines.iter().filter_map(|line| line.strip_prefix("line ")?.parse::<usize>().ok());
            let numbers: Vec<usize> = numbers.collect();
            assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{hidden}");
            places.insert(place);
        }
        assert_eq!(places.into_iter().collect::<Vec<_>>(), (0..=10).collect::<Vec<_>>());
    }

    #[test]
    fn a_short_log_is_taken_whole_and_none_is_no_noise() {
        let noise = Noise::new(["a\nb\n"], 10).expect("lines");
        assert_eq!(noise.alone(&mut Random::new(1)), "a\nb\n");
        assert_eq!(Noise::new(["", "\n"], 0), None);
        assert_eq!(Noise::new([""], 10), None);
    }
}
