//! Finds out why no record shows a symptom: a second pass for one symptom, which looks for the records that come nearest.
//!
//! It uses the same patterns and conditions as [`scan`](super::scan), but tries them on every record.

use super::eval::{self, Scope, Shown};
use super::finding::{Evidence, Finding};
use super::grouping::Grouping;
use super::names::SourceReads;
use super::not_seen::{MAX_NEAREST, NearMiss, NotSeen, Obstacle, SearchedSource, ShortFinding, TriedPattern};
use super::occurrence::Occurrence;
use super::pass::{Pass, ScanOptions};
use super::unmet::{Unmet, unmet};
use crate::log::{Input, OpenedInput, PeriodFilter, Reader, Record};
use crate::pattern::Trial;
use crate::rule::digest::is_read_from_records;
use crate::rule::program::{Binding, Condition, Matcher, Symptom};
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

/// The most reasons to fail that are kept for a pattern. They are more than are shown, because which are the nearest is
/// known only at the end.
const MAX_ALIKE: usize = 64;

/// The most programs of a source that are listed.
const MAX_PROGRAMS: usize = 10;

/// The inputs in which a symptom is looked for.
pub struct SearchedInputs<'a> {
    /// The logs.
    pub inputs: Vec<Input>,
    /// The outputs of the symptom's probe, each with its name.
    pub probes: Vec<(&'a str, &'a [u8])>,
}

/// Finds out why no record of the inputs shows `symptom`. Takes some microseconds a record; memory does not grow with the
/// input. Inputs that cannot be read are skipped; a [`Scan`](super::Scan) reports them.
pub fn why_not_seen(
    program: &Program,
    symptom: SymptomId,
    searched: SearchedInputs<'_>,
    options: &ScanOptions,
) -> NotSeen {
    let mut pass = SymptomPass::new(program, symptom);
    let mut together = Vec::new();
    if pass.definition.time.is_some() {
        let mut whole = Pass::new(program, options.clone());
        searched.inputs.iter().for_each(|input| whole.read(input.clone()));
        together = whole.shortfalls(symptom);
        together.truncate(MAX_NEAREST);
    }
    if is_read_from_records(pass.definition) {
        searched.inputs.into_iter().for_each(|input| pass.read(input, options));
    } else {
        searched.probes.iter().for_each(|(name, output)| pass.read_probe(name, output));
    }
    NotSeen { together, ..pass.finish() }
}

/// Returns what stands before the message of a record, if the pattern matches only with it.
fn header_of(matcher: &Matcher, record: &Record<'_>, message: &[u8]) -> Option<String> {
    let whole = record.bytes;
    let first = message.split(|byte| *byte == b'\n').next().unwrap_or(message);
    let at = memchr::memmem::find(whole, first).filter(|at| *at > 0 && !first.is_empty())?;
    eval::captures(matcher, &whole[..at + first.len()])?;
    Some(String::from_utf8_lossy(&whole[..at]).into_owned())
}

struct SymptomPass<'p> {
    program: &'p Program,
    symptom: SymptomId,
    definition: &'p Symptom,
    sources: Vec<SearchedSource>,
    patterns: Vec<PatternAttempts<'p>>,
    grouping: Grouping,
}

/// The attempts to match one pattern with each record.
struct PatternAttempts<'p> {
    binding: &'p Binding,
    matcher: &'p Matcher,
    /// `None` for `any`, which matches every record.
    trial: Option<Trial<'p>>,
    /// For each word of the trial, whether any record so far contains it.
    found: Vec<bool>,
    tried: TriedPattern,
}

impl<'p> SymptomPass<'p> {
    fn new(program: &'p Program, symptom: SymptomId) -> Self {
        let definition = program.symptom(symptom);
        let bindings = definition.bindings.iter().enumerate();
        let patterns = bindings.flat_map(|(at, binding)| {
            let alternatives = binding.alternatives.iter().enumerate();
            alternatives.map(move |(alternative, matcher)| PatternAttempts::new(binding, matcher, (at, alternative)))
        });
        let (sources, grouping) = (Vec::new(), Grouping::default());
        SymptomPass { program, symptom, definition, sources, patterns: patterns.collect(), grouping }
    }

    fn read(&mut self, input: Input, options: &ScanOptions) {
        let options = options.clone().with_formats_of(self.program);
        input.visit(&mut |opened| {
            if let Ok(opened) = opened {
                self.read_source(opened, &options);
            }
        });
    }

    fn read_source(&mut self, opened: OpenedInput<'_>, options: &ScanOptions) {
        let (name, names) = (opened.name.clone(), opened.names.clone());
        let reading = options.reading(&opened.names, opened.path.as_deref());
        let mut reader = Reader::new(opened, &reading);
        let mut filter = PeriodFilter::new(options.period);
        let source = self.next_source();
        let format = reader.format();
        let reads = SourceReads::new(self.program, &names, &format);
        let mut searched = SearchedSource::new(name, names.into_iter().chain([format.name().to_owned()]));
        loop {
            let chunk = match reader.next_chunk() {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                // The records before the error come as one more chunk.
                Err(_) => continue,
            };
            for index in 0..chunk.len() {
                let record = chunk.record(index, source);
                if !filter.takes(&record) {
                    continue;
                }
                searched.records += 1;
                if !self.definition.on.is_empty() {
                    searched.note_program(&record);
                }
                let is_read = reads.is_read_from(self.symptom, &record);
                searched.read += u64::from(is_read);
                self.look_at(&record, is_read);
            }
        }
        self.sources.push(searched);
    }

    fn read_probe(&mut self, name: &str, output: &[u8]) {
        self.look_at(&Record::bare(self.next_source(), 1, output), true);
        self.sources.push(SearchedSource { records: 1, read: 1, ..SearchedSource::new(name.to_owned(), []) });
    }

    fn next_source(&self) -> SourceId {
        SourceId(u32::try_from(self.sources.len()).expect("fewer than four billion sources"))
    }

    fn look_at(&mut self, record: &Record<'_>, is_read: bool) {
        let message = record.text();
        let mut is_shown = false;
        for attempts in &mut self.patterns {
            match eval::captures(attempts.matcher, &message) {
                Some(_) if !is_read => attempts.note_elsewhere(record),
                Some(captures) => {
                    attempts.note_match();
                    let scope = Scope { record: Some(record), captures: &captures, count: None };
                    let unmet = unmet_of_record(self.definition, attempts.binding, &scope);
                    if !unmet.is_empty() {
                        attempts.note(record, Obstacle::Where(unmet));
                    } else if !is_shown {
                        is_shown = true;
                        let captures = eval::with_fields(captures, self.definition, record);
                        let shown = Shown { binding: attempts.tried.binding, is_counter: false, captures };
                        self.grouping.add(self.definition, Occurrence::new(self.symptom, shown, record, None));
                    }
                }
                None if is_read => match header_of(attempts.matcher, record, &message) {
                    Some(header) => attempts.note(record, Obstacle::Header(header)),
                    None => attempts.note_miss(record, &message),
                },
                None => {}
            }
        }
    }

    fn finish(self) -> NotSeen {
        let (findings, _) = self.grouping.ungated();
        let short = findings.into_iter().map(|finding| ShortFinding::new(self.definition, finding));
        let mut short: Vec<ShortFinding> = short.filter(|short| !short.unmet.is_empty()).collect();
        short.sort_by_key(|short| std::cmp::Reverse(short.count));
        let n_short = short.len() as u64;
        short.truncate(MAX_NEAREST);
        let patterns = self.patterns.into_iter().map(PatternAttempts::finish).collect();
        NotSeen { symptom: self.symptom, sources: self.sources, patterns, short, n_short, together: Vec::new() }
    }
}

/// Returns the comparisons that are false, in those conditions that can be checked on one record because they do not
/// mention the count.
fn unmet_of_record(symptom: &Symptom, binding: &Binding, scope: &Scope<'_, '_>) -> Vec<Unmet> {
    let of_record = eval::parts(symptom.filter.as_ref()).filter(|part| !eval::mentions_count(part));
    binding.filter.iter().chain(of_record).flat_map(|condition: &Condition| unmet(condition, scope)).collect()
}

impl SearchedSource {
    fn new(name: String, names: impl IntoIterator<Item = String>) -> Self {
        let mut distinct: Vec<String> = Vec::new();
        for name in names {
            if !distinct.contains(&name) {
                distinct.push(name);
            }
        }
        SearchedSource { name, names: distinct, programs: Vec::new(), records: 0, read: 0 }
    }

    fn note_program(&mut self, record: &Record<'_>) {
        if self.programs.len() == MAX_PROGRAMS {
            return;
        }
        let Some(program) = record.program() else { return };
        let program = String::from_utf8_lossy(&program);
        if !self.programs.iter().any(|known| *known == program) {
            self.programs.push(program.into_owned());
        }
    }
}

impl ShortFinding {
    fn new(symptom: &Symptom, finding: Finding) -> Self {
        let scope = Scope { record: None, captures: &finding.captures, count: Some(finding.count) };
        let of_finding = eval::parts(symptom.filter.as_ref()).filter(|part| eval::mentions_count(part));
        let unmet = of_finding.flat_map(|part| unmet(part, &scope)).collect();
        let Finding { captures, count, evidence, .. } = finding;
        ShortFinding { captures, count, at: evidence.into_iter().next(), unmet }
    }
}

impl<'p> PatternAttempts<'p> {
    fn new(binding: &'p Binding, matcher: &'p Matcher, (at, alternative): (usize, usize)) -> Self {
        let trial = match matcher {
            Matcher::Pattern(pattern) => Some(Trial::new(pattern)),
            Matcher::Any => None,
        };
        let found = vec![false; trial.as_ref().map_or(0, |trial| trial.words.len())];
        let (nearest, unheard) = (Vec::new(), Vec::new());
        let tried = TriedPattern { binding: at, alternative, matched: 0, elsewhere: None, near: 0, nearest, unheard };
        PatternAttempts { binding, matcher, trial, found, tried }
    }

    fn note_elsewhere(&mut self, record: &Record<'_>) {
        let (records, _) = self.tried.elsewhere.get_or_insert_with(|| (0, evidence(record)));
        *records += 1;
    }

    fn note_match(&mut self) {
        self.tried.matched += 1;
        self.found.fill(true);
    }

    fn note_miss(&mut self, record: &Record<'_>, message: &[u8]) {
        let Some(trial) = &self.trial else { return };
        let held = trial.held(message);
        self.found.iter_mut().zip(&held).for_each(|(found, held)| *found |= held);
        if let Some(miss) = trial.miss(message, &held) {
            self.note(record, Obstacle::Pattern(miss));
        }
    }

    /// Counts the record among those that fail for the same reason, and keeps the nearest of them, or the first of equally
    /// near ones. Beyond [`MAX_ALIKE`] reasons the farthest is forgotten, and its records count only as near.
    fn note(&mut self, record: &Record<'_>, because: Obstacle) {
        self.tried.near += 1;
        let kept = &mut self.tried.nearest;
        let alike = kept.iter().position(|other| other.because.is_like(&because));
        let records = alike.map_or(0, |at| kept[at].records) + 1;
        match alike {
            Some(at) if kept[at].because.nearness() >= because.nearness() => {
                kept[at].records = records;
                return;
            }
            Some(at) => drop(kept.remove(at)),
            None => {}
        }
        let place = kept.partition_point(|other| other.because.nearness() >= because.nearness());
        if place < MAX_ALIKE {
            let fields = if because.misses_a_field() { record.field_names() } else { Vec::new() };
            kept.truncate(MAX_ALIKE - 1);
            kept.insert(place, NearMiss { at: evidence(record), records, because, fields });
        }
    }

    fn finish(self) -> TriedPattern {
        let words = self.trial.iter().flat_map(|trial| &trial.words);
        let unheard = words.zip(&self.found).filter(|(_, found)| !**found).map(|(word, _)| word.clone()).collect();
        let mut nearest = self.tried.nearest;
        nearest.truncate(MAX_NEAREST);
        TriedPattern { unheard, nearest, ..self.tried }
    }
}

fn evidence(record: &Record<'_>) -> Evidence {
    Evidence::new(record.source, record.line, record.bytes.trim_ascii_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Format;
    use crate::matching::{cases, scan};

    /// Returns what a pass for `symptom` finds. These findings have no times.
    fn found(program: &Program, symptom: SymptomId, inputs: Vec<Input>) -> Vec<Finding> {
        let mut pass = SymptomPass::new(program, symptom);
        inputs.into_iter().for_each(|input| pass.read(input, &options(1 << 20)));
        let (findings, _) = pass.grouping.finish(program);
        findings
    }

    fn options(chunk_bytes: usize) -> ScanOptions {
        ScanOptions { chunk_bytes, ..ScanOptions::at(jiff::Timestamp::UNIX_EPOCH) }
    }

    #[test]
    fn a_pass_finds_what_a_scan_finds() {
        for (folder, program, inputs) in cases::all() {
            let scanned = scan(&program, inputs.clone(), &options(1 << 20));
            for symptom in (0..).map(SymptomId).take(program.symptoms.len()) {
                let expected = scanned.findings.iter().filter(|finding| finding.symptom == symptom);
                let expected: Vec<_> =
                    expected.map(|finding| Finding { first: None, last: None, ..finding.clone() }).collect();
                let name = &program.symptom(symptom).name;
                assert_eq!(found(&program, symptom, inputs.clone()), expected, "{name} of {}", folder.display());
            }
        }
    }

    #[test]
    fn the_size_of_chunks_does_not_matter() {
        for (_, program, inputs) in cases::all() {
            for symptom in (0..).map(SymptomId).take(program.symptoms.len()) {
                let looked = |chunk_bytes| {
                    let searched = SearchedInputs { inputs: inputs.clone(), probes: Vec::new() };
                    why_not_seen(&program, symptom, searched, &options(chunk_bytes))
                };
                assert_eq!(looked(7), looked(1 << 20));
            }
        }
    }

    fn log_of(lines: &[&str]) -> Vec<Input> {
        vec![Input::bytes("a.log", lines.iter().map(|line| format!("{line}\n")).collect::<String>())]
    }

    /// Runs the only pattern of `rule` on `lines`. Returns the line and the number of records of each near miss, the
    /// nearest first, and the number of all records that come near.
    fn nearest(rule: &str, lines: &[&str]) -> (Vec<(u64, u64)>, u64) {
        let program = cases::program_of(&format!("symptom a \"t\" {{ {rule} }}"));
        let searched = SearchedInputs { inputs: log_of(lines), probes: Vec::new() };
        let options = ScanOptions { format: Format::by_name("plain"), ..options(1 << 20) };
        let not_seen = why_not_seen(&program, SymptomId(0), searched, &options);
        let [tried] = not_seen.patterns.as_slice() else { panic!("one pattern") };
        (tried.nearest.iter().map(|nearest| (nearest.at.line, nearest.records)).collect(), tried.near)
    }

    #[test]
    fn the_order_of_lines_does_not_change_a_count() {
        let rule = "match \"alpha {n:int} beta gamma delta epsilon\"";
        let mut lines =
            ["alpha q", "alpha 1 zeta", "alpha 2 beta x", "alpha 3 beta gamma x", "alpha q beta gamma delta epsilon"];
        let mut counts = |shift: usize| {
            lines.rotate_left(shift);
            let (kept, near) = nearest(rule, &lines);
            let counts: Vec<(&str, u64)> = kept.iter().map(|(line, n)| (lines[*line as usize - 1], *n)).collect();
            (counts, near)
        };
        let first = counts(0);
        assert!(first.0.contains(&("alpha q beta gamma delta epsilon", 2)), "{first:?}");
        assert_eq!((1..5).map(|_| counts(1)).collect::<Vec<_>>(), vec![first; 4]);
    }

    #[test]
    fn the_nearest_come_first_and_each_counts_those_like_it() {
        let lines = ["disk", "disk sda is hot", "disk sda is", "disk sda is hot", "disk x", "disk sda is full", "none"];
        let (kept, near) = nearest("match \"disk {d} is full of {n:int}\"", &lines);
        assert_eq!((kept, near), (vec![(6, 1), (2, 3), (5, 1)], 6));
    }

    #[test]
    fn a_condition_is_nearer_than_a_pattern_and_a_wrong_value_nearer_than_none() {
        let lines = ["worker 2 fails", "worker failed", "worker 2 failed", "Worker 9 failed"];
        let (kept, _) = nearest("match \"worker {n:int} failed\" where n > 3", &lines);
        assert_eq!(kept, [(3, 1), (4, 1), (2, 1)]);
        let (kept, _) = nearest("match any where .reply == 550 and .message has \"b\"", &["a", "b", "a"]);
        assert_eq!(kept, [(2, 1), (1, 2)]);
    }
}
