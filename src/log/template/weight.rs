//! The records that stand out: rare, severe, and unlike the records around them.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use super::group::{KindRecords, MessageKind, with_kinds};
use super::miner::Miner;
use super::model::{EXAMPLE_BYTES, Template};
use super::profile::Profile;
use super::severity::severity;
use crate::log::Level;

/// The most standouts of a source.
const MAX_STANDOUTS: usize = 1_000;

/// A log of at most this number of records is taken as an excerpt that somebody chose: adjacent lines without stamps belong
/// together.
const EXCERPT_RECORDS: u64 = 40;

/// Records without a stamp belong to one block if their ordinals differ by at most this: at most one record, such as a
/// repetition of an earlier one, lies between them.
const BLOCK_GAP: u64 = 2;

/// The factor for the weight of a record that is not written like most records of its source.
const FOREIGN: f64 = 4.0;

/// This is added to the severity of every record, so that harmless ones have some weight too.
const BASE_SEVERITY: f64 = 0.15;

/// A record that stands out, or several adjacent ones.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standout {
    /// The number of its first line, from 1.
    pub(crate) line: u64,
    /// Its time, or that of the last record before it with a stamp.
    pub(crate) time: Option<Timestamp>,
    /// Whether the time is from its own stamp.
    pub(crate) is_stamped: bool,
    /// The message, or the messages joined with line ends; at most [`EXAMPLE_BYTES`].
    pub(crate) text: Vec<u8>,
    /// Greater than 0; comparable within one source, and roughly between sources.
    pub(crate) weight: f64,
    /// The latest time of the records of its kind, as far as they were looked at.
    pub(crate) last: Option<Timestamp>,
    /// The number of records of its kind that were looked at.
    pub(crate) count: u64,
    /// The level of its first record.
    pub(crate) level: Option<Level>,
    /// How severe its level and its words are, 0–2.
    pub(crate) severity: f64,
    /// Whether the profile of normal operation does not contain it, or far fewer of it; `false` without a profile.
    pub(crate) is_new: bool,
    /// Whether the profile of normal operation contains it as often.
    pub(crate) is_normal: bool,
}

/// Returns the records of a source that stand out, at most [`MAX_STANDOUTS`], the highest weight first. Messages that
/// the profile `normal` contains get a low weight.
pub(crate) fn standouts(miner: &Miner, normal: Option<&Profile>) -> Vec<Standout> {
    let (templates, sampled) = miner.templates();
    let usual = usual_form(&templates, sampled);
    let n_stamped: u64 = templates.iter().filter(|template| template.is_dated).map(|template| template.count).sum();
    let are_stamped = n_stamped * 2 >= sampled;
    // In a long log without stamps, adjacent lines need not belong together.
    let joins = are_stamped || sampled <= EXCERPT_RECORDS;
    let is_foreign =
        |template: &Template| usual.is_some() && template.form != usual || are_stamped && !template.is_dated;
    let mut kinds = HashSet::new();
    let mut blocks: Vec<RecordBlock> = Vec::new();
    for (template, kind, records) in with_kinds(templates) {
        if template.message.is_empty() {
            continue;
        }
        let foreign = is_foreign(template);
        let share = normal.map(|normal| normal.share(template, records.count, sampled));
        let severity = severity(&template.message, template.level);
        let weight = share.unwrap_or(1.0) * weight(&template.message, severity, (records.count, sampled), foreign);
        if !first_of_kind(&mut kinds, kind, foreign) {
            continue;
        }
        let standout = standout(template, records, weight, severity, share.map(|share| share == 1.0));
        match blocks.last_mut() {
            Some(block) if joins && !template.is_dated && block.takes(template) => {
                block.add(standout, template.ordinal);
            }
            _ => blocks.push(RecordBlock::new(standout, template)),
        }
    }
    let mut standouts: Vec<Standout> = blocks.into_iter().map(RecordBlock::standout).collect();
    standouts.sort_by(|a, b| {
        b.weight.total_cmp(&a.weight).then_with(|| (a.time, &a.text, a.line).cmp(&(b.time, &b.text, b.line)))
    });
    standouts.truncate(MAX_STANDOUTS);
    standouts
}

/// Whether to keep a record: it is the first of its kind, or `foreign` (not written like most records of its source).
/// Foreign lines are all kept, because the lines of one message are often alike.
fn first_of_kind(kinds: &mut HashSet<MessageKind>, kind: MessageKind, foreign: bool) -> bool {
    kinds.insert(kind) || foreign
}

/// Returns the kind of stamp that at least half of the records have; `None` if no kind is that frequent.
fn usual_form(templates: &[&Template], sampled: u64) -> Option<u8> {
    let mut counts = BTreeMap::<Option<u8>, u64>::new();
    for template in templates {
        *counts.entry(template.form).or_default() += template.count;
    }
    counts.into_iter().filter(|(_, count)| count * 2 >= sampled).find_map(|(form, _)| form)
}

/// Rates how much a record stands out. `n` is the number of records of its kind, and that of all records.
fn weight(message: &[u8], severity: f64, n: (u64, u64), foreign: bool) -> f64 {
    let (count, sampled) = (n.0 as f64, n.1 as f64);
    let rarity = (1.0 + sampled / count).ln() / (1.0 + sampled).ln();
    rarity * rarity * (BASE_SEVERITY + severity) * substance(message) * if foreign { FOREIGN } else { 1.0 }
}

fn standout(template: &Template, records: KindRecords, weight: f64, severity: f64, is_new: Option<bool>) -> Standout {
    Standout {
        line: template.line,
        time: template.time,
        is_stamped: template.is_stamped,
        text: template.message.clone(),
        weight,
        last: records.last,
        count: records.count,
        level: template.level,
        severity,
        is_new: is_new == Some(true),
        is_normal: is_new == Some(false),
    }
}

/// Rates how much text a message contains: from 0.05 without words of at least three letters to 1 with four or more.
fn substance(message: &[u8]) -> f64 {
    let words = message.split(|byte| !byte.is_ascii_alphabetic()).filter(|word| word.len() >= 3).take(4).count();
    [0.05, 0.3, 0.6, 0.85, 1.0][words]
}

/// A record, or several adjacent ones without a stamp that belong together: a dialog, a bounce message, the output of a
/// tool.
struct RecordBlock {
    /// Its first record, with the texts of all.
    first: Standout,
    /// Whether the first record has no stamp either; otherwise no others are added.
    is_open: bool,
    last_ordinal: u64,
    heaviest: f64,
    sum: f64,
}

impl RecordBlock {
    fn new(first: Standout, template: &Template) -> Self {
        let (last_ordinal, is_open) = (template.ordinal, !template.is_dated);
        RecordBlock { last_ordinal, is_open, heaviest: first.weight, sum: first.weight, first }
    }

    /// Whether `template`, which has no stamp, belongs to the block.
    fn takes(&self, template: &Template) -> bool {
        self.is_open
            && template.ordinal.abs_diff(self.last_ordinal) <= BLOCK_GAP
            && self.first.text.len() + 1 + template.message.len() <= EXAMPLE_BYTES
    }

    fn add(&mut self, next: Standout, ordinal: u64) {
        self.last_ordinal = ordinal;
        self.heaviest = self.heaviest.max(next.weight);
        self.sum += next.weight;
        let first = &mut self.first;
        first.text.push(b'\n');
        first.text.extend_from_slice(&next.text);
        first.last = first.last.max(next.last);
        first.level = first.level.max(next.level);
        first.severity = first.severity.max(next.severity);
        first.is_new |= next.is_new;
        first.is_normal &= next.is_normal;
    }

    /// Returns the block as a standout. Its weight is that of its heaviest record, plus a tenth of the weights of the
    /// others.
    fn standout(self) -> Standout {
        Standout { weight: self.heaviest + 0.1 * (self.sum - self.heaviest), ..self.first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Input, ReadOptions, Reader, Taken};
    use crate::source::SourceId;

    /// Returns the first line and the text of each record of `log` that stands out.
    fn found_standouts(log: &str) -> Vec<(u64, String)> {
        let options = ReadOptions::at(jiff::Timestamp::UNIX_EPOCH);
        let mut reader = Reader::open(Input::bytes("x", log), &options).expect("bytes can be opened");
        let mut miner = Miner::new(SourceId(0));
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            miner.observe(&chunk, &Taken::ALL);
        }
        let text = |standout: &Standout| String::from_utf8_lossy(&standout.text).into_owned();
        standouts(&miner, None).iter().map(|standout| (standout.line, text(standout))).collect()
    }

    fn background(lines: usize) -> String {
        (0..lines).map(|n| format!("2016-01-01 10:00:00 INFO app: request {n} served in {n} ms\n")).collect()
    }

    #[test]
    fn a_rare_and_severe_record_stands_out() {
        let log = background(300) + "2016-01-01 10:00:00 ERROR app: no space left on device\n" + &background(300);
        let [severe, ordinary] = [(301, "no space left on device"), (1, "request 0 served in 0 ms")];
        assert_eq!(found_standouts(&log), [severe, ordinary].map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn a_frequent_error_does_not_hide_a_rare_one() {
        let frequent = "2016-01-01 10:00:00 ERROR app: cache miss failed\n".repeat(300);
        let log = frequent.clone() + "2016-01-01 10:00:00 ERROR app: no space left on device\n" + &frequent;
        assert_eq!(found_standouts(&log)[0], (301, "no space left on device".to_owned()));
    }

    #[test]
    fn names_without_digits_do_not_make_a_record_rare() {
        let user =
            |n: usize| (0..5).map(|digit| char::from(b'a' + (n / 3_usize.pow(digit) % 3) as u8)).collect::<String>();
        let log: String =
            (0..200).map(|n| format!("2016-01-01 10:00:00 sshd: failed password for user {}\n", user(n))).collect();
        assert_eq!(found_standouts(&log).len(), 1);
    }

    #[test]
    fn adjacent_foreign_lines_are_one() {
        let dialog = "Application popup\nThe instruction could not be read\nSelect OK to end\n";
        let log = background(100) + dialog + &background(100);
        let [block, ordinary] = [(101, dialog.trim_end()), (1, "request 0 served in 0 ms")];
        assert_eq!(found_standouts(&log), [block, ordinary].map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn a_line_with_a_stamp_of_another_form_is_no_part_of_the_lines_around_it() {
        let other =
            |n: usize| format!("web.log.1 2016-01-01 10:00:0{n}.250 2931 INFO app.web request {n} took {n} ms\n");
        let dialog = "Application popup\nThe instruction could not be read\nSelect OK to end\n";
        let log = background(100) + &other(1) + &other(2) + dialog + &other(3) + &background(100);
        let found = found_standouts(&log);
        assert_eq!(found[0], (103, dialog.trim_end().to_owned()));
        assert_eq!(found[1..].iter().map(|(line, _)| *line).collect::<Vec<_>>(), [101, 1]);
    }

    #[test]
    fn nearly_all_of_an_excerpt_is_kept() {
        let log = "2016-01-01 10:00:00 app: queue opened\n2016-01-01 10:00:01 app: message failed with code 12\n";
        assert_eq!(
            found_standouts(log),
            [(2, "message failed with code 12".to_owned()), (1, "queue opened".to_owned())]
        );
    }

    #[test]
    fn nothing_stands_out_of_nothing() {
        assert_eq!(found_standouts(""), []);
    }
}
