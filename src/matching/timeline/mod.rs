//! Collects the records of symptoms with conditions on time, by key, and turns them into findings.
//!
//! [`crate::timed`] decides; this module gives it the records of one key at a time and translates its episodes. Records
//! are kept in a compact form until no condition can look back at them. What is kept is bounded: see [`MAX_KEYS`] and
//! [`MAX_EVENTS`].

mod forget;
mod key;
mod spans;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::eval::{Scope, holds, holds_for};
use super::finding::{Captures, Evidence, Finding, FindingTiming, MAX_EVIDENCE_BYTES, Remark, SourceSummary, Status};
use super::grouping::{empty_finding, sort};
use super::mute;
use super::not_seen::TimedMiss;
use super::occurrence::Occurrence;
use crate::rule::{Program, Symptom, SymptomId, TimedSlot, Timing};
use crate::source::SourceId;
use crate::timed::{self, Episode, Event, Micros, NO_RECORD, Place, SlotSet, slot_set};
use crate::value::Value;
use key::{key_values, measured, other_hash, projected, values_of};
use spans::Spans;

/// How much is kept of a symptom.
#[derive(Debug, Clone, Copy)]
struct Limits {
    keys: usize,
    events: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { keys: MAX_KEYS, events: MAX_EVENTS }
    }
}

/// The most keys of a symptom that are kept, apart from those of episodes that go on, and at most as many again until room is
/// made. Of more, those without an episode that were not seen for the longest time are forgotten.
pub(crate) const MAX_KEYS: usize = 100_000;

/// The most records of a symptom that are kept.
pub(crate) const MAX_EVENTS: usize = 1_000_000;

/// The most bytes of texts and captures that are kept for evidence, of all symptoms together.
const MAX_TEXT_BYTES: usize = 64 << 20;

/// About the bytes of a capture.
const CAPTURE_BYTES: usize = 64;

/// The most findings of a symptom. The records of others are counted as forgotten.
const MAX_EPISODES: usize = 10_000;

/// While logs are followed, records that can decide nothing any more are forgotten after so many new ones.
const TIDY_AFTER: usize = 10_000;

/// How much later than others a record may come while logs are followed.
const LATE: Micros = 5_000_000;

/// The records of all symptoms with conditions on time, in a pass that has not ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timeline {
    symptoms: BTreeMap<SymptomId, Collected>,
    limits: Limits,
    /// The bytes of texts and captures that all symptoms keep.
    kept_bytes: usize,
    /// Whether logs are followed, so that records can come late.
    is_live: bool,
    /// Findings from before, which do not change any more.
    past: Vec<Finding>,
}

/// The records of one symptom.
#[derive(Debug, Clone, Default)]
struct Collected {
    keys: HashMap<Vec<u8>, OfKey>,
    /// Records that count for all keys with the same part, by the keys that they have and the values of these.
    shared: BTreeMap<Vec<bool>, HashMap<Vec<u8>, Vec<Event>>>,
    kept: Vec<KeptRecord>,
    kept_bytes: usize,
    n_events: usize,
    /// The number of records at which old ones are looked for.
    tidy_at: usize,
    n_untimed: u64,
    n_timed: u64,
    forgotten: u64,
    late: u64,
    /// The number of records that lack a part of the key.
    keyless: u64,
    /// The number of records of new keys that are forgotten before room is looked for again.
    refuse: usize,
    /// The time before which nothing is kept.
    forgotten_until: Option<Micros>,
}

/// The records of one key.
#[derive(Debug, Clone, Default)]
struct OfKey {
    values: Captures,
    events: Vec<Event>,
    /// Episodes that nothing can change any more.
    finished: Vec<Episode>,
    /// The last episode, which can go on although its first records are gone.
    carried: Option<Episode>,
}

/// What is kept of a record for evidence.
#[derive(Debug, Clone)]
struct KeptRecord {
    text: Box<[u8]>,
    captures: Captures,
}

/// A time that no record has.
const UNTIMED: Micros = Micros::MIN;

impl Timeline {
    /// Begins with the findings of a pass before.
    pub(crate) fn following(past: Vec<Finding>) -> Self {
        Timeline { past, is_live: true, ..Timeline::default() }
    }

    /// Continues with the records of a pass before, whose sources `rename` gives their ids in the present one.
    pub(crate) fn continuing(mut self, rename: &mut dyn FnMut(SourceId) -> SourceId) -> Self {
        let mut source = |place: &mut Place| place.source = rename(SourceId(place.source)).0;
        for finding in &mut self.past {
            finding.evidence.iter_mut().for_each(|evidence| {
                let mut place = Place { source: evidence.source.0, line: evidence.line };
                source(&mut place);
                evidence.source = SourceId(place.source);
            });
        }
        for collected in self.symptoms.values_mut() {
            let shared = collected.shared.values_mut().flat_map(HashMap::values_mut).flatten();
            shared.for_each(|event| source(&mut event.place));
            for of_key in collected.keys.values_mut() {
                of_key.events.iter_mut().for_each(|event| source(&mut event.place));
                let episodes = of_key.finished.iter_mut().chain(&mut of_key.carried);
                for episode in episodes {
                    source(&mut episode.reached.1);
                    episode.kept.iter_mut().for_each(|kept| source(&mut kept.place));
                }
            }
        }
        self
    }

    /// Adds an occurrence of `symptom`, which must have conditions on time.
    pub(crate) fn add(&mut self, symptom: &Symptom, occurrence: &Occurrence<'_>) {
        let Some(timing) = symptom.time.as_deref() else { return };
        let time = occurrence.time.map_or(UNTIMED, |time| time.as_microsecond());
        let room = MAX_TEXT_BYTES.saturating_sub(self.kept_bytes);
        let collected = self.symptoms.entry(occurrence.symptom).or_default();
        let kept_before = collected.kept_bytes;
        let place = Place { source: occurrence.source.0, line: occurrence.line };
        let said = Said { time, place, is_open: false, captures: &occurrence.captures, text: occurrence.text };
        let which = (occurrence.binding, occurrence.is_counter);
        collected.add(symptom, timing, which, &said, (room, self.limits));
        let has_many_keys = collected.keys.len() > 2 * self.limits.keys && collected.refuse == 0;
        if collected.n_events > self.limits.events || has_many_keys {
            collected.relieve(timing, self.limits);
        } else if self.is_live && collected.n_events >= collected.tidy_at {
            collected.retire(timing, 2 * LATE);
            // If little could be forgotten, the next try waits until it pays.
            collected.tidy_at = collected.n_events + collected.n_events.max(TIDY_AFTER);
        }
        self.kept_bytes = self.kept_bytes - kept_before + collected.kept_bytes;
    }

    /// Returns the findings, sorted by symptom and first evidence, and what has to be said about them.
    /// `muted` counts the records that each mute leaves out.
    pub(crate) fn finish(
        mut self,
        program: &Program,
        sources: &[SourceSummary],
        muted: &mut [u64],
    ) -> (Vec<Finding>, Vec<Remark>) {
        let spans = Spans::new(sources, self.is_live);
        let mut findings = std::mem::take(&mut self.past);
        let mut remarks = Vec::new();
        for &id in &program.timed {
            let Some(mut collected) = self.symptoms.remove(&id) else { continue };
            let symptom = program.symptom(id);
            let Some(timing) = symptom.time.as_deref() else { continue };
            let mut found = collected.findings(id, symptom, timing, &spans);
            found.retain(|found| meets_filter(symptom, &found.finding));
            collected.forgotten += found.iter().skip(MAX_EPISODES).map(|found| found.finding.count).sum::<u64>();
            remarks.extend(collected.remarks(id));
            self.feed_all(program, symptom, &found, muted);
            merge(&mut findings, found, symptom, id);
        }
        sort(&mut findings);
        (findings, remarks)
    }

    /// Adds the findings of `symptom` to the records of the symptoms that match it. Those that are muted are counted instead.
    fn feed_all(&mut self, program: &Program, symptom: &Symptom, found: &[Found], muted: &mut [u64]) {
        for &(target, binding) in &symptom.feeds {
            for found in found {
                match mute::of_finding(program, target, &found.finding.captures, found.finding.first) {
                    Some(mute) => muted[mute] += 1,
                    None => self.feed(program, target, binding, found),
                }
            }
        }
    }

    /// Returns the keys whose records do not show `symptom`, and what is missing, the nearest first.
    pub(crate) fn shortfalls(
        mut self,
        program: &Program,
        sources: &[SourceSummary],
        symptom: SymptomId,
    ) -> Vec<TimedMiss> {
        let spans = Spans::new(sources, self.is_live);
        let mut muted = vec![0; program.mutes.len()];
        for &id in program.timed.iter().take_while(|id| **id != symptom) {
            let Some(mut collected) = self.symptoms.remove(&id) else { continue };
            let definition = program.symptom(id);
            let Some(timing) = definition.time.as_deref() else { continue };
            let mut found = collected.findings(id, definition, timing, &spans);
            found.retain(|found| meets_filter(definition, &found.finding));
            self.feed_all(program, definition, &found, &mut muted);
        }
        let timing = program.symptom(symptom).time.as_deref();
        let Some((mut collected, timing)) = self.symptoms.remove(&symptom).zip(timing) else { return Vec::new() };
        collected.sort_shared();
        let of_slots = spans.of_slots(&collected.sources_of_slots(timing));
        let span = |source: u32, slots: SlotSet| spans.known(source, slots, &of_slots);
        let known = timed::Known { is_timed: collected.n_timed > 0, span: &span };
        let mut missed: Vec<TimedMiss> = Vec::new();
        for (key, of_key) in &collected.keys {
            let events = collected.events_of(timing, key, of_key);
            if let Some((shortfall, at)) = timed::shortfall(&timing.when, &events, &known) {
                let at = (SourceId(at.source), at.line);
                missed.push(TimedMiss { key: of_key.values.clone(), shortfall, at });
            }
        }
        missed.sort_by_key(|miss| (miss.shortfall, miss.at));
        missed
    }

    /// Adds a finding to the records of a symptom that matches it.
    fn feed(&mut self, program: &Program, target: SymptomId, binding: usize, found: &Found) {
        let symptom = program.symptom(target);
        let Some(timing) = symptom.time.as_deref() else { return };
        let scope = Scope { record: None, captures: &found.finding.captures, count: Some(found.finding.count) };
        if symptom.bindings[binding].filter.as_ref().is_some_and(|filter| !holds(filter, &scope)) {
            return;
        }
        let text = found.finding.evidence.first().map_or("", |evidence| evidence.text.as_str());
        let is_open = found.finding.status == Status::Unconfirmed;
        let (time, place) = found.reached;
        let said = Said { time, place, is_open, captures: &found.finding.captures, text: text.as_bytes() };
        let collected = self.symptoms.entry(target).or_default();
        collected.add(symptom, timing, (binding, false), &said, (usize::MAX, self.limits));
    }
}

/// What is read of a record once, for all of its slots.
struct Read {
    /// Its index among those that are kept.
    record: u32,
    values: Box<[Option<u64>]>,
    other: u64,
}

/// A record of a symptom.
struct Said<'s> {
    time: Micros,
    place: Place,
    is_open: bool,
    captures: &'s Captures,
    text: &'s [u8],
}

/// A finding, and when it was complete.
struct Found {
    finding: Finding,
    reached: (Micros, Place),
}

impl Collected {
    /// Adds a record that matches a binding. At most `room` bytes are kept of it.
    fn add(
        &mut self,
        symptom: &Symptom,
        timing: &Timing,
        (binding, is_counter): (usize, bool),
        said: &Said<'_>,
        (room, limits): (usize, Limits),
    ) {
        if said.time != UNTIMED && self.forgotten_until.is_some_and(|until| said.time < until) {
            self.late += 1;
            return;
        }
        let of_binding = |slot: &TimedSlot| slot.binding == binding && slot.is_counter == is_counter;
        let mut read: Option<Read> = None;
        let (mut is_keyless, mut is_added) = (false, false);
        for (at, slot) in (0..).zip(&timing.slots).filter(|(_, slot)| of_binding(slot)) {
            let Some((key, has_all)) = values_of(&symptom.keys, slot, said.captures) else {
                is_keyless = true;
                continue;
            };
            is_added = true;
            let read = read.get_or_insert_with(|| Read {
                record: NO_RECORD,
                values: measured(timing, binding, said.captures),
                other: other_hash(&symptom.keys, said.captures),
            });
            let is_evidence = timing.when.evidence & slot_set(at) != 0;
            if is_evidence && read.record == NO_RECORD && room > said.text.len().min(MAX_EVIDENCE_BYTES) {
                read.record = self.keep(said);
            }
            let Read { record, values, other } = read;
            let (record, values, other) = (*record, values.clone(), *other);
            let event =
                Event { time: said.time, place: said.place, slot: at, is_open: said.is_open, record, values, other };
            let values = || key_values(&symptom.keys, binding, said.captures);
            self.push(event, (key, has_all.then_some(&values as &dyn Fn() -> Captures)), &slot.keys, limits);
        }
        self.keyless += u64::from(is_keyless && !is_added);
    }

    /// Keeps the text and the captures of a record. Returns its index.
    fn keep(&mut self, said: &Said<'_>) -> u32 {
        let text = &said.text[..said.text.len().min(MAX_EVIDENCE_BYTES)];
        self.kept_bytes += text.len() + CAPTURE_BYTES * said.captures.len();
        self.kept.push(KeptRecord { text: text.into(), captures: said.captures.clone() });
        u32::try_from(self.kept.len() - 1).unwrap_or(NO_RECORD)
    }

    /// Adds a record to those of its key. A key with all parts has `values`; one that lacks some counts for all keys with
    /// the parts that it has. While all keys that are kept are those of episodes that go on, the records of new keys are forgotten.
    fn push(
        &mut self,
        event: Event,
        (key, values): (Vec<u8>, Option<&dyn Fn() -> Captures>),
        mask: &[bool],
        limits: Limits,
    ) {
        let is_timed = event.time != UNTIMED;
        let is_full = self.keys.len() >= limits.keys;
        match (values, self.keys.get_mut(&key)) {
            (None, _) => self.shared.entry(mask.to_vec()).or_default().entry(key).or_default().push(event),
            (Some(_), Some(of_key)) => of_key.events.push(event),
            (Some(_), None) if is_full && self.refuse > 0 => {
                (self.refuse, self.forgotten) = (self.refuse - 1, self.forgotten + 1);
                return;
            }
            (Some(values), None) => {
                self.keys.insert(key, OfKey { values: values(), events: vec![event], ..OfKey::default() });
            }
        }
        self.n_events += 1;
        *(if is_timed { &mut self.n_timed } else { &mut self.n_untimed }) += 1;
    }

    /// Sorts what counts for several keys, so that the part that is near a key can be found.
    fn sort_shared(&mut self) {
        self.shared.values_mut().flat_map(HashMap::values_mut).for_each(|events| events.sort_by_key(Event::rank));
    }

    /// The records of a key with those that count for it too, in order. Untimed records are left out if others have times.
    fn events_of(&self, timing: &Timing, key: &[u8], of_key: &OfKey) -> Vec<Event> {
        let mut events = of_key.events.clone();
        let times = || of_key.events.iter().map(|event| event.time);
        let horizon = timing.when.horizon().unwrap_or(Micros::MAX);
        let from = times().min().unwrap_or(0).saturating_sub(horizon);
        let to = times().max().unwrap_or(0).saturating_add(horizon);
        for (mask, by_value) in &self.shared {
            let Some(shared) = by_value.get(&projected(key, mask)) else { continue };
            let first = shared.partition_point(|event| event.time < from);
            let near = shared[first..].iter().take_while(|event| event.time <= to);
            events.extend(near.cloned());
        }
        if self.n_timed > 0 {
            events.retain(|event| event.time != UNTIMED);
        } else {
            events.iter_mut().for_each(|event| event.time = 0);
        }
        events.sort_by_key(|event| (event.rank(), event.slot));
        events
    }

    /// The episodes of a key that can still change. What counts for several keys must be sorted.
    fn episodes(&self, timing: &Timing, key: &[u8], of_key: &OfKey, known: &timed::Known<'_>) -> Vec<Episode> {
        timed::evaluate(&timing.when, &self.events_of(timing, key, of_key), known, of_key.carried.clone())
    }

    /// For each slot that must not be seen, the sources in which it was seen. Only these tell how far its records go.
    fn sources_of_slots(&self, timing: &Timing) -> Vec<Vec<u32>> {
        let mut sources = vec![Vec::new(); timing.slots.len()];
        let edges = timing.when.edges.iter().fold(0, |all, edge| all | edge.slots);
        if edges == 0 {
            return sources;
        }
        let own = self.keys.values().flat_map(|of_key| &of_key.events);
        let shared = self.shared.values().flat_map(HashMap::values).flatten();
        for event in own.chain(shared).filter(|event| slot_set(event.slot) & edges != 0) {
            let of_slot: &mut Vec<u32> = &mut sources[usize::from(event.slot)];
            if !of_slot.contains(&event.place.source) {
                of_slot.push(event.place.source);
            }
        }
        sources
    }

    fn findings(&mut self, id: SymptomId, symptom: &Symptom, timing: &Timing, spans: &Spans) -> Vec<Found> {
        self.sort_shared();
        let of_slots = spans.of_slots(&self.sources_of_slots(timing));
        let span = |source: u32, slots: SlotSet| spans.known(source, slots, &of_slots);
        let known = timed::Known { is_timed: self.n_timed > 0, span: &span };
        let mut found = Vec::new();
        let mut keys: Vec<(&Vec<u8>, &OfKey)> = self.keys.iter().collect();
        keys.sort_unstable_by_key(|(key, _)| *key);
        for (key, of_key) in keys {
            let episodes = of_key.finished.iter().cloned().chain(self.episodes(timing, key, of_key, &known));
            found.extend(episodes.map(|episode| self.finding(id, symptom, of_key, &episode)));
        }
        found.sort_by_key(|found| (found.finding.first, found.reached));
        found
    }

    fn finding(&self, id: SymptomId, symptom: &Symptom, of_key: &OfKey, episode: &Episode) -> Found {
        let is_timed = self.n_timed > 0;
        let time = |micros: Micros| Timestamp::from_microsecond(micros).ok().filter(|_| is_timed);
        let record = |kept: &timed::Kept| self.kept.get(kept.record as usize);
        let evidence = episode.kept.iter().map(|kept| {
            let text = record(kept).map_or(&b""[..], |record| &record.text);
            Evidence::new(SourceId(kept.place.source), kept.place.line, text)
        });
        let timing = FindingTiming {
            is_episode: true,
            ended: episode.ended.and_then(time),
            is_assumed: episode.is_assumed,
            is_order_uncertain: episode.is_order_uncertain,
        };
        let finding = Finding {
            status: if episode.is_open { Status::Unconfirmed } else { Status::Confirmed },
            count: episode.count,
            first: time(episode.first),
            last: time(episode.last),
            evidence: evidence.collect(),
            timing,
            ..empty_finding(id, self.captures(symptom, of_key, episode))
        };
        Found { finding, reached: episode.reached }
    }

    /// The key, and the captures on which all records of the episode agree.
    fn captures(&self, symptom: &Symptom, of_key: &OfKey, episode: &Episode) -> Captures {
        let mut agreed: BTreeMap<&String, Option<&Value<'static>>> = BTreeMap::new();
        let all_kept = episode.count <= episode.kept.len() as u64;
        for kept in &episode.kept {
            let is_same = episode.said.iter().any(|(slot, said)| *slot == kept.slot && said.is_some());
            let Some(record) = self.kept.get(kept.record as usize) else { continue };
            for (name, value) in &record.captures {
                let value = Some(value).filter(|_| all_kept || is_same);
                let known = agreed.entry(name).or_insert(value);
                *known = known.filter(|known| Some(*known) == value);
            }
        }
        let mut captures = of_key.values.clone();
        for (name, value) in agreed {
            if let Some(value) = value.filter(|_| symptom.keys.iter().all(|key| key.name != *name)) {
                captures.insert(name.clone(), value.clone());
            }
        }
        captures
    }

    fn remarks(&self, id: SymptomId) -> Vec<Remark> {
        let forgotten = (self.forgotten > 0).then_some(Remark::Forgotten(id, self.forgotten));
        let is_mixed = self.n_timed > 0 && self.n_untimed > 0;
        let untimed = is_mixed.then_some(Remark::Untimed(id, self.n_untimed));
        let late = (self.late > 0).then_some(Remark::Late(id, self.late));
        let keyless = (self.keyless > 0).then_some(Remark::Keyless(id, self.keyless));
        forgotten.into_iter().chain(untimed).chain(late).chain(keyless).collect()
    }
}

/// Whether a finding meets the condition of its symptom.
fn meets_filter(symptom: &Symptom, finding: &Finding) -> bool {
    symptom.filter.as_ref().is_none_or(|filter| holds_for(filter, finding))
}

/// Adds findings. One that was known before is replaced if it has grown.
fn merge(findings: &mut Vec<Finding>, found: Vec<Found>, symptom: &Symptom, id: SymptomId) {
    let known = findings.iter().enumerate().filter(|(_, known)| known.symptom == id);
    let known: HashMap<Vec<u8>, usize> = known.map(|(at, known)| (known.key(symptom), at)).collect();
    for Found { finding, .. } in found.into_iter().take(MAX_EPISODES) {
        match known.get(&finding.key(symptom)) {
            Some(&at) if findings[at].count >= finding.count => {}
            Some(&at) => findings[at] = finding,
            None => findings.push(finding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::cases::program_of;

    /// Adds a failed login of each address at each second.
    fn collected(limits: Limits, logins: impl Iterator<Item = (i64, u32)>) -> (Program, Timeline) {
        let program =
            program_of("symptom guess \"{ip}\" { match bad: \"bad {ip}\" when count(bad) >= 3 within 10s by ip }");
        let mut timeline = Timeline { limits, ..Timeline::default() };
        for ((second, address), line) in logins.zip(1..) {
            let text = format!("bad {address}");
            let occurrence = Occurrence {
                symptom: SymptomId(0),
                binding: 0,
                is_counter: false,
                captures: Captures::from([("ip".to_owned(), Value::Text(address.to_string().into_bytes().into()))]),
                time: Timestamp::from_second(second).ok(),
                source: SourceId(0),
                line,
                text: text.as_bytes(),
                muted: None,
            };
            timeline.add(program.symptom(SymptomId(0)), &occurrence);
        }
        (program, timeline)
    }

    #[test]
    fn a_flood_of_keys_is_bounded_and_does_not_end_an_episode() {
        let limits = Limits { keys: 100, events: 1_000 };
        // Address 0 guesses every five seconds; all others come once.
        let flood = (0..20_000_u32).map(|n| if n % 50 == 0 { (i64::from(n / 10), 0) } else { (i64::from(n / 10), n) });
        let (program, timeline) = collected(limits, flood);
        let of = &timeline.symptoms[&SymptomId(0)];
        assert!(of.keys.len() <= 2 * limits.keys && of.n_events <= limits.events, "{} {}", of.keys.len(), of.n_events);
        let (findings, remarks) = timeline.finish(&program, &[], &mut []);
        let counts: Vec<u64> = findings.iter().map(|finding| finding.count).collect();
        assert_eq!(counts, [400]);
        assert!(matches!(remarks.as_slice(), [] | [Remark::Forgotten(..)]), "{remarks:?}");
    }

    /// With the limits that are declared, and ten times as many keys.
    #[test]
    fn a_million_keys_are_bounded_and_do_not_end_an_episode() {
        let n = 10 * MAX_KEYS as u32;
        // Address 0 guesses all the time, each of the others once, all in ten seconds.
        let flood = (0..n).map(|n| (i64::from(n / 100_001), if n % 200 == 0 { 0 } else { n }));
        let (program, timeline) = collected(Limits::default(), flood);
        let of = &timeline.symptoms[&SymptomId(0)];
        assert!(of.keys.len() <= 2 * MAX_KEYS && of.n_events <= MAX_EVENTS, "{} {}", of.keys.len(), of.n_events);
        let (findings, remarks) = timeline.finish(&program, &[], &mut []);
        assert_eq!(findings.iter().map(|finding| finding.count).collect::<Vec<_>>(), [u64::from(n) / 200]);
        let [Remark::Forgotten(SymptomId(0), forgotten)] = remarks.as_slice() else { panic!("{remarks:?}") };
        assert!(*forgotten >= 7 * MAX_KEYS as u64, "{forgotten}");
    }

    /// Every address is an episode of its own that goes on, so that no key can be forgotten.
    #[test]
    fn new_episodes_are_refused_and_counted_while_too_many_go_on() {
        let limits = Limits { keys: 100, events: 10_000 };
        let added = |n: u32| {
            let all_guess = (0..n).flat_map(|address| [(0, address); 3]);
            let (program, timeline) = collected(limits, all_guess);
            assert!(timeline.symptoms[&SymptomId(0)].keys.len() <= 2 * limits.keys + n as usize / 100);
            timeline.finish(&program, &[], &mut [])
        };
        let (findings, remarks) = added(5_000);
        assert!((0..=limits.keys as u32).all(|address| {
            let is_of = |finding: &Finding| finding.captures["ip"].to_string() == address.to_string();
            findings.iter().any(|finding| is_of(finding) && finding.count == 3)
        }));
        let [Remark::Forgotten(_, forgotten)] = remarks.as_slice() else { panic!("{remarks:?}") };
        let kept: u64 = findings.iter().map(|finding| finding.count).sum();
        assert!(kept + forgotten <= 15_000 && kept + forgotten >= 14_000, "{kept} {forgotten}");
    }

    #[test]
    fn twice_the_records_cost_at_most_little_more_than_twice_as_many_looks_when_there_is_no_room() {
        let limits = Limits { keys: 100, events: 1_000_000 };
        let episodes = || (0..300).flat_map(|address| [(0, address); 3]);
        // New episodes, records of one that goes on, and records of keys that come once.
        let hard: [fn(u32) -> (i64, u32); 3] = [|n| (0, 1_000 + n / 3), |_| (0, 7), |n| (i64::from(n), 1_000 + n)];
        for (at, hard) in hard.into_iter().enumerate() {
            let looks = |n: u32| {
                timed::LOOKS.set(0);
                collected(limits, episodes().chain((0..n).map(hard)));
                timed::LOOKS.get()
            };
            let (half, whole) = (looks(4_000), looks(8_000));
            assert!(whole as f64 <= 2.2 * half as f64, "{at}: {half} {whole}");
        }
    }

    #[test]
    fn records_that_lack_a_part_of_the_key_are_counted() {
        let program = program_of(
            "symptom s \"S\" { match a: \"a {ip}\" or \"a\" match b: \"b {ip}\" when count(a) >= 2 and b within 10s by ip }",
        );
        let log =
            "2026-11-12T10:00:00Z a 1\n2026-11-12T10:00:01Z a\n2026-11-12T10:00:02Z a\n2026-11-12T10:00:03Z b 1\n";
        let scan = super::super::scan(
            &program,
            vec![crate::log::Input::bytes("x", log)],
            &super::super::ScanOptions::at("2026-11-12T10:00:00Z".parse().expect("a time")),
        );
        assert_eq!((scan.findings, scan.remarks), (vec![], vec![Remark::Keyless(SymptomId(0), 2)]));
    }

    #[test]
    fn records_of_one_key_within_its_limit_are_bounded_too() {
        let limits = Limits { keys: 100, events: 1_000 };
        let (program, timeline) = collected(limits, (0..20_000_u32).map(|n| (i64::from(n / 5_000), 7)));
        assert!(timeline.symptoms[&SymptomId(0)].n_events <= limits.events);
        let (findings, remarks) = timeline.finish(&program, &[], &mut []);
        let [Remark::Forgotten(_, forgotten)] = remarks.as_slice() else { panic!("{remarks:?}") };
        assert_eq!(findings.iter().map(|finding| finding.count).sum::<u64>() + forgotten, 20_000);
    }

    #[test]
    fn old_records_of_a_followed_log_are_forgotten_and_their_episodes_stay() {
        let (program, mut timeline) = collected(Limits::default(), std::iter::empty());
        timeline.is_live = true;
        let symptom = program.symptom(SymptomId(0));
        for n in 0..100_000_u32 {
            let second = i64::from(n) + if n >= 50_000 { 1_000 } else { 0 };
            let occurrence = Occurrence {
                symptom: SymptomId(0),
                binding: 0,
                is_counter: false,
                captures: Captures::from([("ip".to_owned(), Value::Int(7))]),
                time: Timestamp::from_second(second).ok(),
                source: SourceId(0),
                line: u64::from(n),
                text: b"bad 7",
                muted: None,
            };
            timeline.add(symptom, &occurrence);
        }
        assert!(timeline.symptoms[&SymptomId(0)].n_events <= 2 * TIDY_AFTER);
        let (findings, _) = timeline.finish(&program, &[], &mut []);
        assert_eq!(findings.iter().map(|finding| finding.count).collect::<Vec<_>>(), [50_000, 50_000]);
    }
}
