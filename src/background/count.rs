//! Counts the words and pairs of collections of documents, for the table.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::SMALL;
use super::table::key;

/// A word or pair in a smaller share of the lines is as rare as one that occurs nowhere.
const RAREST: f64 = 1e-6;

/// A word in fewer lines of a collection is not the language at large, and is not counted there.
const FEWEST: u32 = 8;

/// A pair in a smaller share of the lines of each collection is not in the table.
const RAREST_PAIR: f64 = 1e-5;

/// A pair is in the table only if its information is by this much less than that of its words.
const LEAST_GAIN: f64 = 0.06;

/// At most this many lines of a document count for a word, so that a long document about one thing does not make its words
/// common.
const MOST_PER_WORD: u32 = 8;

/// At most this many lines of a document count for a pair.
const MOST_PER_PAIR: u32 = 3;

/// A document, as the stems of each of its lines.
pub type Lines = Vec<Vec<String>>;

/// Passes each document of a collection to a function.
pub type Documents<'a> = dyn Fn(&mut dyn FnMut(Lines)) + 'a;

/// The words and pairs of several collections.
#[derive(Debug, Default)]
pub struct Counts {
    /// For each key, the highest share of the lines of a collection.
    words: BTreeMap<u32, f64>,
    pairs: BTreeMap<u32, f64>,
    /// For each pair, the keys of its words.
    of_pair: HashMap<u32, (u32, u32)>,
}

impl Counts {
    /// Adds a collection of documents, which is passed through twice. Equal lines of a document count once.
    pub fn add_collection(&mut self, documents: &Documents<'_>) {
        let (mut n, mut words) = (0_u64, HashMap::<u32, u32>::new());
        documents(&mut |lines| {
            let lines = distinct(lines);
            n += lines.len() as u64;
            let of_line = |stems: &Vec<String>| stems.iter().map(|stem| key(&[stem])).collect::<HashSet<u32>>();
            add(&mut words, lines.iter().flat_map(of_line), MOST_PER_WORD);
        });
        let share = |count: u32| f64::from(count) / n.max(1) as f64;
        words.retain(|_, count| *count >= FEWEST && share(*count) >= RAREST);
        let share_of = |stem: &str| words.get(&key(&[stem])).map_or(0.0, |count| share(*count));
        let is_small = |stem: &str| {
            stem.bytes().all(|byte| byte.is_ascii_digit()) || information(share_of(stem)) < f64::from(SMALL)
        };
        let mut pairs = HashMap::<u32, u32>::new();
        documents(&mut |lines| {
            let mut of_document = Vec::new();
            for line in distinct(lines) {
                let stems: Vec<&str> = line.iter().map(String::as_str).filter(|stem| !is_small(stem)).collect();
                // Only frequent words are in frequent pairs.
                let frequent = stems.windows(2).filter(|pair| pair.iter().all(|stem| share_of(stem) >= RAREST_PAIR));
                for pair in frequent {
                    self.of_pair.entry(key(pair)).or_insert_with(|| (key(&pair[..1]), key(&pair[1..])));
                    of_document.push(key(pair));
                }
            }
            add(&mut pairs, of_document.into_iter(), MOST_PER_PAIR);
        });
        pairs.retain(|_, count| share(*count) >= RAREST_PAIR);
        self.of_pair.retain(|pair, _| pairs.contains_key(pair) || self.pairs.contains_key(pair));
        keep_highest(&mut self.words, words.into_iter().map(|(key, count)| (key, share(count))));
        keep_highest(&mut self.pairs, pairs.into_iter().map(|(key, count)| (key, share(count))));
    }

    /// The table in the form of its file.
    pub fn table(&self) -> Vec<u8> {
        let word = |key: &u32| self.words.get(key).map_or(1.0, |share| information(*share));
        let words: Vec<(u32, u8)> = self.words.iter().map(|(key, share)| (*key, byte(information(*share)))).collect();
        let is_close = |pair: &u32, share: f64| {
            let alone = self.of_pair.get(pair).map_or(0.0, |(before, stem)| word(before) + word(stem));
            information(share) + LEAST_GAIN <= alone
        };
        let pairs = self.pairs.iter().filter(|(pair, share)| is_close(pair, **share));
        let pairs: Vec<(u32, u8)> = pairs.map(|(key, share)| (*key, byte(information(*share) / 2.0))).collect();
        let mut bytes = Vec::new();
        for column in [&words, &pairs] {
            bytes.extend_from_slice(&(column.len() as u32).to_le_bytes());
        }
        for column in [&words, &pairs] {
            column.iter().for_each(|(key, _)| bytes.extend_from_slice(&key.to_le_bytes()));
            bytes.extend(column.iter().map(|(_, value)| value));
        }
        bytes
    }
}

/// The lines, each once.
fn distinct(lines: Lines) -> Lines {
    let mut known = HashSet::new();
    lines.into_iter().filter(|line| known.insert(line.clone())).collect()
}

/// Adds the keys of one document to the counts, each at most `most` times.
fn add(counts: &mut HashMap<u32, u32>, keys: impl Iterator<Item = u32>, most: u32) {
    let mut of_document = HashMap::<u32, u32>::new();
    keys.for_each(|key| *of_document.entry(key).or_default() += 1);
    of_document.into_iter().for_each(|(key, count)| *counts.entry(key).or_default() += count.min(most));
}

/// The information of what this share of the lines contains, 0–1.
fn information(share: f64) -> f64 {
    (share.max(RAREST).ln() / RAREST.ln()).clamp(0.0, 1.0)
}

fn byte(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}

fn keep_highest(all: &mut BTreeMap<u32, f64>, of_collection: impl Iterator<Item = (u32, f64)>) {
    for (key, share) in of_collection {
        let highest = all.entry(key).or_default();
        *highest = highest.max(share);
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::*;

    /// A collection of documents, each given as its lines.
    fn collection(documents: &'static [&'static [&'static str]]) -> impl Fn(&mut dyn FnMut(Lines)) {
        let stems = |line: &&str| line.split(' ').map(str::to_owned).collect();
        move |take| documents.iter().for_each(|lines| take(lines.iter().map(stems).collect()))
    }

    #[test]
    fn the_highest_share_of_a_collection_counts_and_equal_lines_of_a_document_once() {
        let mut counts = Counts::default();
        // `pump` is in 9 of 10 different lines, `leaks` in 8 of them, `seldom` in too few to count.
        counts.add_collection(&collection(&[
            &["pump leaks", "pump leaks", "pump leaks", "pump seldom"],
            &["pump leaks"],
            &["pump leaks"],
            &["pump leaks"],
            &["pump leaks"],
            &["pump leaks"],
            &["pump leaks"],
            &["pump leaks", "the end"],
        ]));
        let share = |stem: &str| counts.words.get(&key(&[stem])).copied();
        assert_eq!((share("pump"), share("leaks"), share("seldom")), (Some(0.9), Some(0.8), None));
        counts.add_collection(&collection(&[&["pump off"]]));
        assert_eq!(counts.words.get(&key(&["pump"])).copied(), Some(0.9));
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let of = |pair: [&str; 2]| (key(&pair), (key(&pair[..1]), key(&pair[1..])));
        let counts = Counts {
            words: BTreeMap::from([(key(&["spindle"]), 1e-3), (key(&["jam"]), 1e-4), (key(&["belt"]), 0.1)]),
            pairs: BTreeMap::from([(key(&["spindle", "jam"]), 1e-4), (key(&["belt", "jam"]), 1e-5)]),
            of_pair: HashMap::from([of(["spindle", "jam"]), of(["belt", "jam"])]),
        };
        let bytes = counts.table();
        let table = Table::new(&bytes).expect("the sizes fit");
        let close = |a: f32, b: f32| (a - b).abs() < 0.005;
        assert!(close(table.word("spindle"), 0.5) && close(table.word("jam"), 2.0 / 3.0));
        assert_eq!(table.word("lathe"), 1.0);
        // Where both occur, they occur together; the other pair is as rare as by chance, and not in the table.
        assert!(table.pair("spindle", "jam").is_some_and(|both| close(both, 2.0 / 3.0)));
        assert_eq!(table.pair("belt", "jam"), None);
        assert!(Table::new(&bytes[1..]).is_none());
    }
}
