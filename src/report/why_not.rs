//! Why a symptom was not seen (`casebook diagnose --why-not SYMPTOM`), item by item, in words without markup and safe to
//! print.

use super::DiagnosisView;
use super::clean::on_one_line;
use super::fill::fill;
use super::number::{counted, thousands};
use super::why::{Item, item};
use crate::diagnostic::did_you_mean;
use crate::matching::{
    Evidence, NearMiss, NotSeen, Obstacle, SearchedSource, ShortFinding, Status, TriedPattern, Unmet,
};
use crate::pattern::{HoleKind, Miss, MissKind, Next};
use crate::rule::{Matcher, Operand, Symptom};

/// Characters shown of a record, and of anything within a sentence.
const MAX_RECORD: usize = 160;
const MAX_PART: usize = 60;

/// Names, words or places in one sentence.
const MAX_NAMED: usize = 10;

/// One symptom, and what is known of why it was not seen.
#[derive(Clone, Copy)]
struct Missing<'a> {
    view: DiagnosisView<'a>,
    symptom: &'a Symptom,
    not_seen: &'a NotSeen,
}

/// What a reader is told, the most telling first.
pub(super) fn items(view: DiagnosisView, not_seen: &NotSeen) -> Vec<Item> {
    let missing = Missing { view, symptom: view.program.symptom(not_seen.symptom), not_seen };
    let seen = missing.seen();
    if seen.is_some() {
        return missing.answered().into_iter().chain(seen).collect();
    }
    let worth_a_word = |tried: &&TriedPattern| missing.read() > 0 || tried.elsewhere.is_some();
    let patterns = not_seen.patterns.iter().filter(worth_a_word).map(|tried| missing.tried(tried));
    let asked = missing.answered().into_iter().chain(missing.never_read()).chain(missing.sources());
    asked.chain(missing.short()).chain(patterns).collect()
}

impl<'a> Missing<'a> {
    /// Where it was seen after all.
    fn seen(self) -> Option<Item> {
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
        // What a case kept of a log that is gone has no places.
        let places = Some(listed(places)).filter(|places| !places.is_empty()).map(|places| format!(": {places}"));
        Some(item("●", format!("seen after all: {records}, {findings}{}", places.unwrap_or_default())))
    }

    fn answered(self) -> Option<Item> {
        let mut of_symptom = self.view.diagnosis.findings.iter().filter(|one| one.symptom == self.not_seen.symptom);
        let status = of_symptom.find_map(|finding| match finding.status {
            Status::Answered(yes) => Some(yes),
            Status::Confirmed => None,
        })?;
        let by_probe = self.symptom.probe.is_some() && !self.not_seen.sources.is_empty();
        Some(match status {
            false if by_probe => {
                item("○", "what its probe printed does not show it, which is as good as a no".to_owned())
            }
            true => item("●", "an answer says yes".to_owned()),
            false => item("○", "an answer says no, and counts for more than any record".to_owned()),
        })
    }

    /// How it is found out, where logs do not show it.
    fn never_read(self) -> Vec<Item> {
        let Symptom { name, probe, ask, bindings, .. } = self.symptom;
        let mut items = Vec::new();
        if let Some(probe) = probe {
            let run = probe.run.as_ref().map(|run| format!(" of `{}`", fill(run, &Default::default(), None)));
            let run = run.unwrap_or_default();
            items.push(item(
                "?",
                on_one_line(&format!("read in the output{run} only, never in logs: --probe {name}=OUTPUT")),
            ));
        } else if bindings.is_empty() {
            items.push(item("?", "never read in logs: it has no match".to_owned()));
        }
        if ask.is_some() {
            items.push(item("?", on_one_line(&format!("can be answered: --answer {name}=yes|no"))));
        }
        items
    }

    fn is_read(self) -> bool {
        !self.symptom.bindings.is_empty() && (self.symptom.probe.is_none() || !self.not_seen.sources.is_empty())
    }

    /// Which sources it is read from, and what was there.
    fn sources(self) -> Option<Item> {
        if !self.is_read() {
            return None;
        }
        let (on, sources) = (self.symptom.on.as_slice(), self.not_seen.sources.as_slice());
        if let ([], [source]) = (on, sources) {
            return Some(item("from:", on_one_line(&looked(source, on))));
        }
        let records = counted(self.read(), "record", "records");
        let text = match on {
            [] => format!("all sources: {records}"),
            _ => format!("sources that `on` names ({}): {records}", listed(on.iter().cloned())),
        };
        let below = sources.iter().map(|source| ("", on_one_line(&looked(source, on))));
        let below = below.chain(self.renamed().map(|hint| ("", hint))).collect();
        Some(Item { mark: "from:", text: on_one_line(&text), below })
    }

    /// Records that it is read from.
    fn read(self) -> u64 {
        self.not_seen.sources.iter().map(|source| source.read).sum()
    }

    /// What would make a source fit, where none does.
    fn renamed(self) -> Option<String> {
        let on = &self.symptom.on;
        let first = on.first().filter(|_| self.read() == 0)?;
        let names = || self.not_seen.sources.iter().flat_map(|source| source.names.iter().chain(&source.programs));
        let near = on.iter().find_map(|on| Some((on, did_you_mean(on, names().map(String::as_str))?)));
        Some(on_one_line(&match near {
            Some((on, near)) => format!("is `{near}` what is meant by `{on}`?"),
            None => format!("a log is given that name with --source {first}=FILE"),
        }))
    }

    /// Findings that do not come often enough, or otherwise not as they should.
    fn short(self) -> Option<Item> {
        if self.not_seen.short.is_empty() {
            return None;
        }
        let findings = counted(self.not_seen.n_short, "finding", "findings");
        let one = |short: &ShortFinding| ("", self.short_of(short));
        Some(Item {
            mark: "where:",
            text: format!("{findings} for which the condition on the whole does not hold"),
            below: self.not_seen.short.iter().map(one).collect(),
        })
    }

    fn short_of(self, short: &ShortFinding) -> String {
        let captures =
            short.captures.iter().map(|(name, value)| format!("{name} = {}", cut(&value.to_string(), MAX_PART)));
        let captures: Vec<String> = captures.take(MAX_NAMED).collect();
        let with = if captures.is_empty() { String::new() } else { format!(" with {}", captures.join(", ")) };
        let first = short.at.as_ref().map(|at| format!(", first {}", self.place(at))).unwrap_or_default();
        on_one_line(&format!("×{}{with}{first}: {}", thousands(short.count), unmet_words(&short.unmet, &[])))
    }

    /// One pattern: how many records it matches, and the nearest.
    fn tried(self, tried: &TriedPattern) -> Item {
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
        let mut below = Vec::new();
        // Words in another case of letters are no news where that case is all that is wrong.
        let by_case = tried.nearest.iter().any(|nearest| is_case(&nearest.because));
        if !tried.unheard.is_empty() && self.read() > 0 && !by_case {
            below.push(("", unheard(&tried.unheard, is_regex)));
        }
        for nearest in &tried.nearest {
            below.push(("", self.record(&nearest.at)));
            below.push(("  →", self.obstacle(nearest, is_regex)));
        }
        let shown: u64 = tried.nearest.iter().map(|nearest| nearest.records).sum();
        if tried.near > shown {
            below.push(("", format!("and {} less near", counted(tried.near - shown, "record", "records"))));
        }
        if let Some((records, first)) = &tried.elsewhere {
            below.push(("", self.record(first)));
            let words = "it matches, but the symptom is not read from there".to_owned();
            below.push(("  →", and_others(words, *records)));
        }
        if below.is_empty() && tried.matched == 0 {
            below.push(("", "no record comes near".to_owned()));
        }
        let below = below.into_iter().map(|(mark, text)| (mark, on_one_line(&text))).collect();
        Item { mark: "match:", text: on_one_line(&format!("{name}{written} {counts}")), below }
    }

    fn obstacle(self, nearest: &NearMiss, is_regex: bool) -> String {
        let words = match &nearest.because {
            Obstacle::Where(unmet) => format!("it matches, but {}", unmet_words(unmet, &nearest.fields)),
            Obstacle::Pattern(miss) => miss_words(miss, is_regex),
        };
        and_others(words, nearest.records)
    }

    fn record(self, at: &Evidence) -> String {
        format!("{}  {}", self.place(at), cut(&at.text, MAX_RECORD))
    }

    fn place(self, at: &Evidence) -> String {
        on_one_line(&format!("{}:{}", self.not_seen.sources[at.source.0 as usize].name, at.line))
    }
}

fn is_case(obstacle: &Obstacle) -> bool {
    matches!(obstacle, Obstacle::Pattern(Miss { kind: MissKind::Case { .. }, .. }))
}

/// What is said of one of so many records.
fn and_others(words: String, records: u64) -> String {
    match records.saturating_sub(1) {
        0 => words,
        others => format!("{words} (and so for {})", counted(others, "other", "others")),
    }
}

/// One source: by which names it is known, and how many of its records fit.
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
    let listed = listed(words.iter().map(|word| format!("`{}`", cut(word, MAX_PART))));
    match is_regex {
        true => format!("no record holds {listed}, of which it requires one"),
        false => format!("no record holds {listed}"),
    }
}

fn miss_words(miss: &Miss, is_regex: bool) -> String {
    match &miss.kind {
        MissKind::Case { stands } => {
            let way = if is_regex { "the flag `i`" } else { "i\"…\"" };
            format!("it would match with {way}, which ignores case: `{stands}`")
        }
        MissKind::Edge { part, within } => {
            format!("a word edge is needed where the pattern begins or ends: `{part}` stands in `{within}`")
        }
        MissKind::Stopped { matched, next, instead } => {
            let matched = end_of(matched, MAX_PART);
            let instead = if instead.trim().is_empty() {
                "the line ends".to_owned()
            } else {
                format!("`{instead}` stands there")
            };
            match next {
                Next::Text(text) => {
                    format!("it matches up to `{matched}`; `{}` is expected then, but {instead}", cut(text, MAX_PART))
                }
                Next::TextBehind(text) => {
                    format!("it matches up to `{matched}`; `{}` stands nowhere behind that", cut(text, MAX_PART))
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
            "it holds all words of the pattern, but not as the pattern wants them".to_owned()
        }
        MissKind::Words { missing } => {
            let missing = listed(missing.iter().map(|word| format!("`{}`", cut(word, MAX_PART))));
            format!("it holds the words of the pattern but for {missing}")
        }
        MissKind::Literal { held } => {
            format!("it holds `{}`, which the regex asks for, but does not match", cut(held, MAX_PART))
        }
    }
}

/// What does not hold, and with what values; `fields` are those of the record.
fn unmet_words(unmet: &[Unmet], fields: &[String]) -> String {
    let has = listed(fields.iter().map(|name| format!(".{name}")));
    let has = (!has.is_empty()).then(|| format!("it has {has}"));
    let words: Vec<String> = unmet.iter().take(MAX_NAMED).map(one_unmet).chain(has).collect();
    words.join("; ")
}

fn one_unmet(unmet: &Unmet) -> String {
    let condition = cut(&unmet.condition.to_string(), MAX_RECORD);
    match unmet.missing() {
        Some(Operand::Field(path)) => format!("`{condition}` does not hold: there is no `{path}` in the record"),
        Some(operand) => format!("`{condition}` does not hold: nothing was taken for `{operand}`"),
        None => {
            let value = |value: &crate::value::Value| format!("`{}`", cut(&value.to_string(), MAX_PART));
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
        HoleKind::Dur => "a span of time",
        HoleKind::Size => "a size",
        HoleKind::Ip => "an IP address",
        HoleKind::Email => "a mail address",
        HoleKind::Host => "a host name",
        HoleKind::Path => "a path",
        HoleKind::Url => "a URL",
        HoleKind::Time => "a time stamp",
        HoleKind::Quoted => "text in quotes",
        HoleKind::Stretch | HoleKind::Rest | HoleKind::Group => "any text",
    }
}

/// The first few, with commas between.
fn listed(items: impl Iterator<Item = String>) -> String {
    let mut items: Vec<String> = items.take(MAX_NAMED + 1).collect();
    if items.len() > MAX_NAMED {
        items[MAX_NAMED] = "…".to_owned();
    }
    items.join(", ")
}

/// The first `room` characters.
fn cut(text: &str, room: usize) -> String {
    match text.char_indices().nth(room) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The last `room` characters.
fn end_of(text: &str, room: usize) -> String {
    match text.char_indices().rev().nth(room) {
        Some((at, c)) => format!("…{}", &text[at + c.len_utf8()..]),
        None => text.to_owned(),
    }
}
