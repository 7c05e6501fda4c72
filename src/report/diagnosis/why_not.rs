//! Explains why a symptom was not seen (`casebook diagnose --why-not SYMPTOM`), item by item.

use super::fill::as_written;
use super::why::{below, item};
use super::{DiagnosisView, plain};
use crate::diagnostic::did_you_mean;
use crate::matching::{
    Evidence, NearMiss, NotSeen, Obstacle, SearchedSource, ShortFinding, Status, TriedPattern, Unmet, header_words,
};
use crate::pattern::{HoleKind, MissKind, Next, PatternMiss};
use crate::report::document::{Block, Item, Section};
use crate::report::number::{counted, thousands};
use crate::rule::{Matcher, Operand, Symptom};

/// At most this many characters of a record are shown.
const MAX_RECORD: usize = 160;

/// At most this many characters are quoted within a sentence.
const MAX_QUOTE: usize = 60;

/// At most this many names, words or places are listed in one sentence.
const MAX_NAMED: usize = 10;

/// The section for one symptom. `number` is its place among the symptoms that were asked about, from 1.
pub(super) fn section<'a>(view: DiagnosisView<'a>, number: usize, not_seen: &NotSeen) -> Section<'a> {
    let symptom = view.program.symptom(not_seen.symptom);
    Section {
        name: Some(&symptom.name),
        lead: Some(plain(&symptom.title, &Default::default(), None)),
        ..Section::new(&format!("why-not-{number}"), "Why not", items(view, not_seen))
    }
}

/// A symptom that was asked about, and what the search for nearly matching records found.
#[derive(Clone, Copy)]
struct Unseen<'a> {
    view: DiagnosisView<'a>,
    symptom: &'a Symptom,
    not_seen: &'a NotSeen,
}

/// The items, the most useful ones first.
fn items(view: DiagnosisView, not_seen: &NotSeen) -> Vec<Item<'static>> {
    let unseen = Unseen { view, symptom: view.program.symptom(not_seen.symptom), not_seen };
    let seen = unseen.seen();
    if seen.is_some() {
        return unseen.answered().into_iter().chain(seen).collect();
    }
    let is_tried = |tried: &&TriedPattern| unseen.read() > 0 || tried.elsewhere.is_some();
    let patterns = not_seen.patterns.iter().filter(is_tried).map(|tried| unseen.tried(tried));
    let asked = unseen.answered().into_iter().chain(unseen.never_read()).chain(unseen.sources());
    asked.chain(unseen.together()).chain(unseen.short()).chain(patterns).collect()
}

impl<'a> Unseen<'a> {
    /// Says where the symptom was seen, if it was seen after all.
    fn seen(self) -> Option<Item<'static>> {
        let of_symptom = self.view.diagnosis.findings.iter().filter(|one| one.symptom == self.not_seen.symptom);
        let found: Vec<_> = of_symptom.filter(|finding| finding.status == Status::Confirmed).collect();
        if found.is_empty() {
            return None;
        }
        let records = found.iter().map(|finding| finding.count).sum();
        let places = found.iter().flat_map(|finding| &finding.evidence);
        let places = places.map(|evidence| self.view.place((evidence.source, evidence.line)));
        let (records, findings) =
            (counted(records, "record", "records"), counted(found.len() as u64, "finding", "findings"));
        // Findings that a case kept of a log that is gone have no places.
        let places = Some(listed(places)).filter(|places| !places.is_empty()).map(|places| format!(": {places}"));
        Some(item("●", format!("it was seen: {records}, {findings}{}", places.unwrap_or_default())))
    }

    fn answered(self) -> Option<Item<'static>> {
        let mut of_symptom = self.view.diagnosis.findings.iter().filter(|one| one.symptom == self.not_seen.symptom);
        let status = of_symptom.find_map(|finding| match finding.status {
            Status::Answered(yes) => Some(yes),
            Status::Confirmed | Status::Unconfirmed => None,
        })?;
        let by_probe = self.symptom.probe.is_some() && !self.not_seen.sources.is_empty();
        Some(match status {
            false if by_probe => {
                item("○", "the output of its probe does not show it, which counts as an answer no".to_owned())
            }
            true => item("●", "an answer says yes".to_owned()),
            false => item("○", "an answer says no, which overrules every record".to_owned()),
        })
    }

    /// Says how to find out about the symptom if logs do not show it.
    fn never_read(self) -> Vec<Item<'static>> {
        let Symptom { name, probe, ask, bindings, .. } = self.symptom;
        let mut items = Vec::new();
        if let Some(probe) = probe {
            let run = probe.run.as_ref().map(|run| format!(" of `{}`", as_written(run)));
            let run = run.unwrap_or_default();
            items.push(item("?", format!("read only in the output{run}, never in logs: --probe {name}=FILE")));
        } else if bindings.is_empty() {
            items.push(item("?", "never read in logs: the symptom has no `match`".to_owned()));
        }
        if ask.is_some() {
            items.push(item("?", format!("can be answered: --answer {name}=yes|no")));
        }
        items
    }

    fn is_read(self) -> bool {
        !self.symptom.bindings.is_empty() && (self.symptom.probe.is_none() || !self.not_seen.sources.is_empty())
    }

    /// Says which sources the symptom is read from, and how many records they have.
    fn sources(self) -> Option<Item<'static>> {
        if !self.is_read() {
            return None;
        }
        let (on, sources) = (self.symptom.on.as_slice(), self.not_seen.sources.as_slice());
        if let ([], [source]) = (on, sources) {
            return Some(item("from:", looked(source, on)));
        }
        let records = counted(self.read(), "record", "records");
        let text = match on {
            [] => format!("all sources: {records}"),
            _ => format!("sources that `on` names ({}): {records}", listed(on.iter().cloned())),
        };
        let lines = sources.iter().map(|source| looked(source, on)).chain(self.renamed());
        Some(Item { parts: lines.map(|line| below("", line)).collect(), ..item("from:", text) })
    }

    /// The number of records that the symptom is read from.
    fn read(self) -> u64 {
        self.not_seen.sources.iter().map(|source| source.read).sum()
    }

    /// If the symptom is read from no record, suggests how to name a source so that it is.
    fn renamed(self) -> Option<String> {
        let on = &self.symptom.on;
        let first = on.first().filter(|_| self.read() == 0)?;
        let names = || self.not_seen.sources.iter().flat_map(|source| source.names.iter().chain(&source.programs));
        let near = on.iter().find_map(|on| Some((on, did_you_mean(on, names().map(String::as_str))?)));
        Some(match near {
            Some((on, near)) => format!("does `{on}` mean `{near}`?"),
            None => format!("give a log that name with --source {first}=FILE"),
        })
    }

    /// Lists the keys whose records come nearest to the conditions on time.
    fn together(self) -> Option<Item<'static>> {
        if self.not_seen.together.is_empty() {
            return None;
        }
        let when = self.symptom.time.as_ref().map(|time| &time.when);
        let place = |source: u32, line: u64| match self.not_seen.sources.get(source as usize) {
            Some(source) => format!("{}:{line}", source.name),
            None => format!("line {line}"),
        };
        let lines = self.not_seen.together.iter().map(|missed| {
            let key = missed.key.iter().map(|(name, value)| format!("{name} = {}", cut(&value.to_string(), MAX_QUOTE)));
            let key: Vec<String> = key.take(MAX_NAMED).collect();
            let for_key = if key.is_empty() { String::new() } else { format!("for {}: ", key.join(", ")) };
            below("", format!("{for_key}{}", missed.words(when, &place)))
        });
        let text = "the conditions on time do not hold for these records together".to_owned();
        Some(Item { parts: lines.collect(), ..item("when:", text) })
    }

    /// Lists findings that the condition on the whole finding rejects, for example because it has too few records.
    fn short(self) -> Option<Item<'static>> {
        if self.not_seen.short.is_empty() {
            return None;
        }
        let findings = counted(self.not_seen.n_short, "finding", "findings");
        let lines = self.not_seen.short.iter().map(|short| below("", self.rejected(short)));
        let text = format!("{findings} for which the condition on the whole does not hold");
        Some(Item { parts: lines.collect(), ..item("where:", text) })
    }

    fn rejected(self, short: &ShortFinding) -> String {
        let captures =
            short.captures.iter().map(|(name, value)| format!("{name} = {}", cut(&value.to_string(), MAX_QUOTE)));
        let captures: Vec<String> = captures.take(MAX_NAMED).collect();
        let with = if captures.is_empty() { String::new() } else { format!(" with {}", captures.join(", ")) };
        let first = short.at.as_ref().map(|at| format!(", first {}", self.place(at))).unwrap_or_default();
        format!("×{}{with}{first}: {}", thousands(short.count), unmet_words(&short.unmet, &[]))
    }

    /// Says of one pattern how many records it matches, and which records come nearest to a match.
    fn tried(self, tried: &TriedPattern) -> Item<'static> {
        let binding = &self.symptom.bindings[tried.binding];
        let (written, is_regex) = match &binding.alternatives[tried.alternative] {
            Matcher::Pattern(pattern) => (cut(&pattern.written(), MAX_RECORD), pattern.written().starts_with('/')),
            Matcher::Any => ("any".to_owned(), false),
        };
        let name = if binding.name == self.symptom.name { String::new() } else { format!("{}: ", binding.name) };
        let counts = match tried.matched {
            0 => "matches no record".to_owned(),
            n => format!("matches {}", counted(n, "record", "records")),
        };
        let text = format!("{name}{written} {counts}");
        Item { parts: self.near_misses(tried, is_regex), ..item("match:", text) }
    }

    /// Lists the records that come nearest to a pattern, each with the reason why it does not match.
    fn near_misses(self, tried: &TriedPattern, is_regex: bool) -> Vec<Block<'static>> {
        let mut lines = Vec::new();
        // If only the case of words is wrong, it does not help to say that they are missing.
        let by_case = tried.nearest.iter().any(|nearest| is_case(&nearest.because));
        if !tried.unheard.is_empty() && self.read() > 0 && !by_case {
            lines.push(below("", unheard(&tried.unheard, is_regex)));
        }
        for nearest in &tried.nearest {
            lines.push(below("", self.record(&nearest.at)));
            lines.push(below("  →", self.obstacle(nearest, is_regex)));
        }
        let shown: u64 = tried.nearest.iter().map(|nearest| nearest.records).sum();
        if tried.near > shown {
            let more = counted(tried.near - shown, "record that is less near", "records that are less near");
            lines.push(below("", format!("and {more}")));
        }
        if let Some((records, first)) = &tried.elsewhere {
            lines.push(below("", self.record(first)));
            let words = "it matches, but the symptom is not read from this source".to_owned();
            lines.push(below("  →", and_others(words, *records)));
        }
        if lines.is_empty() && tried.matched == 0 {
            lines.push(below("", "no record comes near".to_owned()));
        }
        lines
    }

    fn obstacle(self, nearest: &NearMiss, is_regex: bool) -> String {
        let words = match &nearest.because {
            Obstacle::Where(unmet) => format!("it matches, but {}", unmet_words(unmet, &nearest.fields)),
            Obstacle::Pattern(miss) => miss_words(miss, is_regex),
            Obstacle::Header(header) => header_words(&cut(header.trim(), MAX_QUOTE)),
        };
        and_others(words, nearest.records)
    }

    fn record(self, at: &Evidence) -> String {
        format!("{}  {}", self.place(at), cut(&at.text, MAX_RECORD))
    }

    fn place(self, at: &Evidence) -> String {
        format!("{}:{}", self.not_seen.sources[at.source.0 as usize].name, at.line)
    }
}

fn is_case(obstacle: &Obstacle) -> bool {
    matches!(obstacle, Obstacle::Pattern(PatternMiss { kind: MissKind::Case { .. }, .. }))
}

/// Adds to `words`, which are about one of `records` records, for how many others they hold.
fn and_others(words: String, records: u64) -> String {
    match records.saturating_sub(1) {
        0 => words,
        others => format!("{words} (the same holds for {})", counted(others, "other record", "other records")),
    }
}

/// Describes a source: its names, and how many of its records the symptom is read from.
fn looked(source: &SearchedSource, on: &[String]) -> String {
    let records = counted(source.records, "record", "records");
    if on.is_empty() {
        return format!("{}: {records}", source.name);
    }
    let others = source.names.iter().filter(|name| **name != source.name).cloned();
    let also = match listed(others) {
        names if names.is_empty() => String::new(),
        names => format!(", also called {names}"),
    };
    let programs = match listed(source.programs.iter().cloned()) {
        names if names.is_empty() => String::new(),
        names => format!(", written by {names}"),
    };
    format!("{}{also}{programs}: {} of {records}", source.name, thousands(source.read))
}

fn unheard(words: &[String], is_regex: bool) -> String {
    let listed = listed(words.iter().map(|word| format!("`{}`", cut(word, MAX_QUOTE))));
    match is_regex {
        true => format!("no record contains one of the words that the regex needs: {listed}"),
        false => format!("no record contains {listed}"),
    }
}

fn miss_words(miss: &PatternMiss, is_regex: bool) -> String {
    match &miss.kind {
        MissKind::Case { stands } => {
            let way = if is_regex { "the flag `i`" } else { "i\"…\"" };
            format!("it would match with {way}, which ignores case: `{stands}`")
        }
        MissKind::Edge { part, within } => {
            format!("a word edge is needed where the pattern begins or ends: `{part}` is inside `{within}`")
        }
        MissKind::Stopped { matched, next, instead } => {
            let matched = end_of(matched, MAX_QUOTE);
            let instead = if instead.trim().is_empty() {
                "the line ends".to_owned()
            } else {
                format!("the record has `{instead}`")
            };
            match next {
                Next::Text(text) => {
                    format!("it matches up to `{matched}`; then it expects `{}`, but {instead}", cut(text, MAX_QUOTE))
                }
                Next::TextBehind(text) => {
                    format!("it matches up to `{matched}`; `{}` does not occur after that", cut(text, MAX_QUOTE))
                }
                Next::Hole(kind, written) => {
                    format!(
                        "it matches up to `{matched}`; {} is expected for `{written}`, but {instead}",
                        kind_words(*kind)
                    )
                }
            }
        }
        MissKind::Words { missing } if missing.is_empty() => {
            "it contains all words of the pattern, but in another order or with other words between them".to_owned()
        }
        MissKind::Words { missing } => {
            let missing = listed(missing.iter().map(|word| format!("`{}`", cut(word, MAX_QUOTE))));
            format!("it contains the words of the pattern except {missing}")
        }
        MissKind::Literal { held } => {
            format!("it contains `{}`, which the regex requires, but does not match", cut(held, MAX_QUOTE))
        }
    }
}

/// Says which conditions do not hold, with the values that were compared. `fields` are the fields of the record.
fn unmet_words(unmet: &[Unmet], fields: &[String]) -> String {
    let has = listed(fields.iter().map(|name| format!(".{name}")));
    let has = (!has.is_empty()).then(|| format!("it has {has}"));
    let words: Vec<String> = unmet.iter().take(MAX_NAMED).map(one_unmet).chain(has).collect();
    words.join("; ")
}

fn one_unmet(unmet: &Unmet) -> String {
    let condition = cut(&unmet.condition.to_string(), MAX_RECORD);
    match unmet.missing() {
        Some(Operand::Field(path)) => format!("`{condition}` does not hold: the record has no `{path}`"),
        Some(operand) => format!("`{condition}` does not hold: `{operand}` has no value"),
        None => {
            let value = |value: &crate::value::Value| format!("`{}`", cut(&value.to_string(), MAX_QUOTE));
            let values: Vec<String> = unmet.left.iter().chain(&unmet.right).map(value).collect();
            match values.as_slice() {
                [] => format!("`{condition}` does not hold"),
                values => format!("`{condition}` does not hold: here {}", values.join(" and ")),
            }
        }
    }
}

fn kind_words(kind: HoleKind) -> &'static str {
    match kind {
        HoleKind::Word => "a word",
        HoleKind::Int => "a whole number",
        HoleKind::Num => "a number",
        HoleKind::Hex => "a hexadecimal number",
        HoleKind::Uuid => "a UUID",
        HoleKind::Dur => "a duration",
        HoleKind::Size => "a size",
        HoleKind::Ip => "an IP address",
        HoleKind::Email => "a mail address",
        HoleKind::Host => "a host name",
        HoleKind::Path => "a path",
        HoleKind::Url => "a URL",
        HoleKind::Time => "a timestamp",
        HoleKind::Quoted => "text in quotes",
        HoleKind::Stretch | HoleKind::Rest | HoleKind::Group => "any text",
    }
}

/// Joins the first [`MAX_NAMED`] items with commas; `…` stands for the rest.
fn listed(items: impl Iterator<Item = String>) -> String {
    let mut items: Vec<String> = items.take(MAX_NAMED + 1).collect();
    if items.len() > MAX_NAMED {
        items[MAX_NAMED] = "…".to_owned();
    }
    items.join(", ")
}

/// The first `room` characters of `text`, with `…` if there are more.
fn cut(text: &str, room: usize) -> String {
    match text.char_indices().nth(room) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The last `room` characters of `text`, with `…` if there are more.
fn end_of(text: &str, room: usize) -> String {
    match text.char_indices().rev().nth(room) {
        Some((at, c)) => format!("…{}", &text[at + c.len_utf8()..]),
        None => text.to_owned(),
    }
}
