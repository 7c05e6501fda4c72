//! Makes queries to the KB from a scan, and merges their hits.
//!
//! Half of a log line is noise to a search engine: times, addresses, process ids. A salient record without its noise is
//! one query. Records that are near each other mostly belong to one event, so they are also searched for together. The
//! whole log is never a query.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use regex::{Captures, Regex};

use crate::matching::Salient;

use super::alert;
use super::hit::{ArticleHit, Signs};
use super::weights::{FURTHER_QUERY, MAX_SEARCHED, NEIGHBOUR_LINES, NEIGHBOUR_TIME, QUERY_WORDS, SEARCHED_ANYWAY};

/// A query to the KB, made from salient records.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchText {
    /// Words and codes, separated by single blanks, without characters that are operators in a query.
    pub text: String,
    /// Index into the searched records: the record that it was made from, or the most salient of several.
    pub salient: usize,
    /// The events that its records belong to, numbered from 0 in order of source and time. Records near each other are
    /// one event.
    pub events: Vec<usize>,
    /// The factor that the scores of its hits are multiplied by, > 0; only the ratio of two weights has a meaning.
    pub weight: f64,
    /// Whether it was made from one record; otherwise from several of one event.
    pub is_single: bool,
}

/// One hit of one query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryHit {
    /// Canonical id of the article.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How well it fits the query.
    pub signs: Signs,
}

/// Chooses the records to search for among those that stand out, at most 16: the most salient ones, and those
/// of which the knowledge base has most. `glances` has, for each record, what a cheap look at the knowledge base gave, ≥ 0.
/// Returns them in the order of `salient`.
pub fn chosen(salient: &[Salient], glances: &[f32]) -> Vec<Salient> {
    let mut others: Vec<usize> = (SEARCHED_ANYWAY.min(salient.len())..salient.len()).collect();
    let promise = |at: usize| f64::from(glances[at]) * salient[at].weight.sqrt();
    others.sort_by(|&a, &b| promise(b).total_cmp(&promise(a)).then(a.cmp(&b)));
    others.truncate(MAX_SEARCHED - SEARCHED_ANYWAY);
    others.sort_unstable();
    let chosen = (0..SEARCHED_ANYWAY.min(salient.len())).chain(others);
    chosen.map(|at| salient[at].clone()).collect()
}

/// Returns the text of each record without what changes from one occurrence to the next.
pub fn without_varying(salient: &[Salient]) -> Vec<String> {
    salient.iter().map(|record| without_noise(&record.text).into_owned()).collect()
}

/// Returns the queries for salient records: one for each record, most salient first, then one for each event of several
/// records. Each text occurs once.
pub fn queries(salient: &[Salient]) -> Vec<SearchText> {
    let events = events(salient);
    let event_of = |index: usize| events.iter().position(|event| event.contains(&index)).expect("each is in an event");
    let single = (0..salient.len()).map(|index| (event_of(index), vec![index]));
    let of_several = events.iter().cloned().enumerate().filter(|(_, event)| event.len() > 1);
    let mut queries: Vec<SearchText> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (event, members) in single.chain(of_several) {
        let Some(query) = query(salient, event, &members) else { continue };
        match known.get(&query.text) {
            // The same words make one query, with the weight of the more salient record.
            Some(&index) => {
                queries[index].weight = queries[index].weight.max(query.weight);
                if !queries[index].events.contains(&event) {
                    queries[index].events.push(event);
                }
            }
            None => {
                known.insert(query.text.clone(), queries.len());
                queries.push(query);
            }
        }
    }
    queries
}

/// Merges the hits of all queries (`hits[i]` belongs to `queries[i]`) into one list, best first, ties by id.
///
/// A hit contributes its score times the query's weight. The scores of the queries are not normalised: a line of rare
/// words should count more than one of common words. The contributions to one article are added, the largest first, and
/// each further one counts a quarter of the one before. So ten repetitions of one message do not outweigh an exact
/// match.
pub fn fuse_hits(queries: &[SearchText], hits: &[Vec<QueryHit>]) -> Vec<ArticleHit> {
    /// The contribution of each query to an article, with the query.
    type Shares<'a> = Vec<(f64, &'a SearchText)>;
    let mut shares: BTreeMap<&str, (&str, Shares<'_>)> = BTreeMap::new();
    for (query, hits) in queries.iter().zip(hits) {
        for hit in hits {
            let (_, shares) = shares.entry(&hit.id).or_insert_with(|| (&hit.title, Vec::new()));
            shares.push((hit.signs.score * query.weight, query));
        }
    }
    let mut fused: Vec<ArticleHit> = shares
        .into_iter()
        .map(|(id, (title, mut shares))| {
            shares.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.salient.cmp(&b.1.salient)));
            let score = discounted(shares.iter().map(|(share, ..)| *share));
            let events: BTreeSet<usize> = shares.iter().flat_map(|(_, query)| &query.events).copied().collect();
            let score_for = |event: usize| {
                let shares = shares.iter().filter(|(_, query)| query.events.contains(&event));
                (event, discounted(shares.map(|(share, ..)| *share)))
            };
            let mut by_event: Vec<(usize, f64)> = events.into_iter().map(score_for).collect();
            by_event.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let (_, query) = shares[0];
            ArticleHit { by_event, ..ArticleHit::new(id, title, score, query.salient) }
        })
        .collect();
    fused.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    fused
}

/// Returns the sum of `shares`, given largest first. The first counts in full, each further one is multiplied by one
/// more factor [`FURTHER_QUERY`].
fn discounted(shares: impl Iterator<Item = f64>) -> f64 {
    let discount = std::iter::successors(Some(1.0), |share| Some(share * FURTHER_QUERY));
    shares.zip(discount).map(|(share, discount)| share * discount).sum()
}

/// Groups the records into events: records of one source that follow one another closely in time, or without times, in
/// lines. Returns their indices, in order of source and time. Each record is in one event.
pub(crate) fn events(salient: &[Salient]) -> Vec<Vec<usize>> {
    let mut by_place: Vec<usize> = (0..salient.len()).collect();
    by_place.sort_by_key(|&index| (salient[index].source, salient[index].time, salient[index].line));
    let close = |a: &usize, b: &usize| {
        let (a, b) = (&salient[*a], &salient[*b]);
        a.source == b.source && are_near((a.own_time(), a.line), (b.own_time(), b.line))
    };
    by_place.chunk_by(close).map(<[usize]>::to_vec).collect()
}

/// Whether two records of one source, given by their own times and their lines, probably belong to one event. Lines
/// count only if one of the records has no time.
pub(crate) fn are_near(a: (Option<Timestamp>, u64), b: (Option<Timestamp>, u64)) -> bool {
    match (a.0, b.0) {
        (Some(a), Some(b)) => a.duration_until(b).abs() <= NEIGHBOUR_TIME,
        _ => a.1.abs_diff(b.1) <= NEIGHBOUR_LINES,
    }
}

/// Returns the query for the records of `event` with the indices `members`; `None` if they contain only noise.
fn query(salient: &[Salient], event: usize, members: &[usize]) -> Option<SearchText> {
    let most_salient =
        members.iter().copied().min_by(|&a, &b| salient[b].weight.total_cmp(&salient[a].weight).then(a.cmp(&b)))?;
    let mut known = BTreeSet::new();
    let mut words = Vec::new();
    for &member in members {
        let alert = alert::searched_text(&salient[member].text);
        let clean = without_noise(alert.as_deref().unwrap_or(&salient[member].text));
        words.extend(words_of(&clean).filter(|word| known.insert(word.to_lowercase())).map(str::to_owned));
    }
    words.truncate(QUERY_WORDS);
    let is_code_alone = words.len() == 1 && words[0].starts_with("0x");
    let says_something = is_code_alone || words.iter().any(|word| is_word(word));
    let weight = salient[most_salient].weight;
    let is_single = members.len() == 1;
    says_something.then(|| SearchText {
        text: words.join(" "),
        salient: most_salient,
        events: vec![event],
        weight,
        is_single,
    })
}

/// Whether `word` has three letters in a row and is no number. A dump of registers, `r24=0x0ffea4c8`, has no such word.
fn is_word(word: &str) -> bool {
    let is_number = word.starts_with("0x") || word.chars().all(|c| c.is_ascii_hexdigit());
    !is_number && word.split(|c: char| !c.is_alphabetic()).any(|letters| letters.chars().nth(2).is_some())
}

/// Text that differs from one occurrence of a message to the next. The alternatives `decimal` and `keep` come first:
/// they match codes, which stay. Classes of ASCII are compiled in a fraction of the time of those of Unicode.
static NOISE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi-u)
        (?<decimal> -\d{10}\b )                                                 # an HRESULT as a negative number
        | (?<keep>
            \b0x[0-9a-f]{1,8}\b | \b[8c][0-9a-f]{7}\b                           # codes, with and without 0x
          | \b(?:error|code|status|event|id|stop|errno|rc|reply)\b[\x00-/:-@\[-^`{-\x7f]{0,3}\d{1,10}\b
          )
        | \b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b                       # uuid
        | \b\d{4}-\d\d-\d\d(?:[t\ ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:z|[+-]\d\d:?\d\d)?)?\b
        | \b\d{1,2}/\d{1,2}/\d{2,4}\b
        | \b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s{1,2}\d{1,2}\b(?:,?\s\d{4}\b)?
        | \b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?:\s?[ap]m)?\b
        | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b                                  # IPv4, with port
        | \b[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,}\b                               # IPv6, hardware address
        | \b0x[0-9a-f]+\b | \b[0-9a-f]{12,}\b                                   # addresses, digests
        | \b(?:[pgut]id|thread|port|session|request)\b\s*[=:\#]?\s*\d+\b
        | \[\d+\]                                                               # sshd[1234]
        | (?u:[^\s<>]+@[^\s<>]+)                                                # mailboxes, message ids
        | \b\d{7,}\b
        ",
    )
    .expect("the pattern is fixed and was compiled by the tests")
});

fn without_noise(text: &str) -> Cow<'_, str> {
    NOISE.replace_all(text, |found: &Captures<'_>| {
        if let Some(decimal) = found.name("decimal") {
            decimal.as_str().parse::<i32>().map_or_else(|_| " ".into(), |code| format!(" 0x{code:08X} "))
        } else {
            found.name("keep").map_or(" ", |kept| kept.as_str()).to_owned()
        }
    })
}

/// The words of `text`, without the punctuation that may be an operator in a query.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    /// The longest word that is used, in bytes; longer ones are encoded data.
    const LONGEST: usize = 64;
    let separates = |c: char| c.is_whitespace() || "\"'`:=,;|()[]{}<>*?^~".contains(c);
    let words = text.split(separates).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter(|word| !word.is_empty() && word.len() <= LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn salient(line: u64, text: &str, weight: f64) -> Salient {
        Salient::new(line, text, weight)
    }

    #[track_caller]
    fn check(message: &str, expected: &str) {
        let texts: Vec<String> = queries(&[salient(1, message, 1.0)]).into_iter().map(|query| query.text).collect();
        assert_eq!(texts.join(" / "), expected);
    }

    #[test]
    fn varying_text_is_removed() {
        check(
            "2024-03-01T10:00:00.123Z sshd[4711]: Failed password for root from 192.0.2.7 port 52341 ssh2",
            "sshd Failed password for root from ssh2",
        );
        check("Dec  9 22:14:07 backup of Mar 3, 2001 failed", "backup of failed");
        check("session 99 of bob@corp.example at 10:15:02 AM on 4/17/2001 closed", "of at on closed");
        check("lease for 00:1b:44:11:3a:b7 in 6ba7b810-9dad-11d1-80b4-00c04fd430c8", "lease for in");
        check("object 0x7ffe12345678 at fe80::1:2:3:4, digest 9e107d9d372bb6826bd81d3542a419d6", "object at digest");
    }

    #[test]
    fn codes_stay() {
        check("421 4.7.0 Unable to contact (error 10061)", "421 4.7.0 Unable to contact error 10061");
        check("failed with 0x8007000E, then 80040e14", "failed with 0x8007000E then 80040e14");
        check("failed with -2147024882", "failed with 0x8007000E");
        check("Event ID: 9035 Source: MSExchangeIMC", "Event ID 9035 Source MSExchangeIMC");
    }

    #[test]
    fn no_query_operator_is_left() {
        check(r#"-without "a phrase" code:0x80040e14 AND (x*)"#, "without a phrase code 0x80040e14 AND x");
        check("\u{1F600} ... 17 -- 2024-03-01", "");
        check("r24=0x0ffea4c8 r25=0x00000003 r26=0x0000000f r27=0xffffd000", "");
        check("(0x8007000E)", "0x8007000E");
    }

    #[test]
    fn long_messages_are_cut_and_repeated_words_dropped() {
        let long: String = (0..200).map(|n| format!("word{n} word{n} ")).collect();
        let expected: Vec<String> = (0..QUERY_WORDS).map(|n| format!("word{n}")).collect();
        check(&long, &expected.join(" "));
    }

    #[test]
    fn neighbours_are_searched_for_together_too_and_equal_texts_once() {
        let records = [
            salient(10, "disk failed", 1.0),
            salient(12, "volume offline", 3.0),
            salient(90, "disk failed", 2.0),
            salient(200, "door open", 0.5),
        ];
        let queries = queries(&records);
        let query = |text: &str, salient, events: &[usize], weight| SearchText {
            text: text.into(),
            salient,
            events: events.to_vec(),
            weight,
            is_single: text != "disk failed volume offline",
        };
        assert_eq!(
            queries,
            [
                query("disk failed", 0, &[0, 1], 2.0),
                query("volume offline", 1, &[0], 3.0),
                query("door open", 3, &[2], 0.5),
                query("disk failed volume offline", 1, &[0], 3.0)
            ]
        );
    }

    #[test]
    fn the_most_salient_are_chosen_and_those_that_the_knowledge_base_knows() {
        let salient: Vec<Salient> = (0..40).map(|line| salient(line, "it failed", 40.0 - line as f64)).collect();
        let glances: Vec<f32> = (0..40).map(|line| if line >= 25 { 1.0 } else { 0.01 }).collect();
        let lines: Vec<u64> = chosen(&salient, &glances).iter().map(|record| record.line).collect();
        assert_eq!(lines, [0, 1, 2, 3, 4, 5, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34]);
        let lines: Vec<u64> = chosen(&salient[..3], &glances[..3]).iter().map(|record| record.line).collect();
        assert_eq!(lines, [0, 1, 2]);
        assert_eq!(chosen(&[], &[]), []);
    }

    #[test]
    fn a_better_line_beats_repetition_and_ties_go_by_id() {
        let query =
            |salient, weight| SearchText { text: "x".into(), salient, events: vec![salient], weight, is_single: true };
        let signs = |score| Signs { score, ..Signs::default() };
        let hit = |id: &str, score| QueryHit { id: id.into(), title: id.to_lowercase(), signs: signs(score) };
        let queries = [query(0, 1.0), query(1, 2.0), query(2, 1.0)];
        let hits = [vec![hit("A", 4.0), hit("B", 2.0)], vec![hit("C", 4.0), hit("D", 2.5)], vec![hit("A", 4.0)]];
        let fused = |id: &str, score, by_event: &[(usize, f64)]| ArticleHit {
            by_event: by_event.to_vec(),
            ..ArticleHit::new(id, &id.to_lowercase(), score, by_event[0].0)
        };
        let expected = [
            fused("C", 8.0, &[(1, 8.0)]),
            fused("A", 5.0, &[(0, 4.0), (2, 4.0)]),
            fused("D", 5.0, &[(1, 5.0)]),
            fused("B", 2.0, &[(0, 2.0)]),
        ];
        assert_eq!(fuse_hits(&queries, &hits), expected);
        assert_eq!(fuse_hits(&[], &[]), []);
    }
}
