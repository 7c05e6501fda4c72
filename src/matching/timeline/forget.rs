//! What is forgotten of the records of a symptom: those that can decide nothing any more, and those for which there is no room.

use std::collections::HashMap;

use super::{CAPTURE_BYTES, Collected, KeptRecord, Limits, OfKey, UNTIMED};
use crate::rule::Timing;
use crate::timed::{self, Episode, Event, Micros, NO_RECORD, Rearm, SlotSet, slot_set};

impl Collected {
    /// Makes room: forgets what can decide nothing any more, then the keys without an episode that were not seen for the
    /// longest time, then those whose episodes are over. If the episodes that go on are too many already, the records of new
    /// keys are forgotten for a while.
    pub(super) fn relieve(&mut self, timing: &Timing, limits: Limits) {
        self.retire(timing, 0);
        let has_room = |this: &Self| this.n_events <= limits.events / 2 && this.keys.len() <= limits.keys;
        if has_room(self) {
            return;
        }
        self.sort_shared();
        let newest = self.keys.values().map(OfKey::newest).max().unwrap_or(UNTIMED);
        let mut others: Vec<(KeyState, Micros, Vec<u8>)> = Vec::new();
        for (key, of_key) in &self.keys {
            let state = self.state_of(timing, key, of_key, newest);
            if state != KeyState::GoesOn {
                others.push((state, of_key.newest(), key.clone()));
            }
        }
        others.sort_unstable();
        for (.., key) in others {
            if has_room(self) {
                return;
            }
            self.forget_key(&key);
        }
        if self.keys.len() > limits.keys {
            self.refuse = limits.keys.div_ceil(2);
        }
        self.thin_out(limits);
    }

    /// Returns the state of the last episode of the key at the time `newest`.
    fn state_of(&self, timing: &Timing, key: &[u8], of_key: &OfKey, newest: Micros) -> KeyState {
        let episodes = self.episodes(timing, key, of_key, &self.all_known());
        let goes_on = |episode: &Episode| match timing.when.rearm {
            _ if episode.ended.is_some() => false,
            Rearm::EveryMatch => false,
            Rearm::After(None) | Rearm::On(_) => true,
            Rearm::After(Some(gap)) => newest == UNTIMED || newest.saturating_sub(episode.last) <= gap,
        };
        match episodes.last() {
            Some(last) if goes_on(last) => KeyState::GoesOn,
            None if of_key.finished.is_empty() => KeyState::NoEpisode,
            _ => KeyState::Over,
        }
    }

    /// As if all times were known, to ask which records may be part of an episode.
    fn all_known(&self) -> timed::Known<'static> {
        timed::Known { is_timed: self.n_timed > 0, span: &|_, _| Some((Micros::MIN / 4, Micros::MAX / 4)) }
    }

    fn forget_key(&mut self, key: &[u8]) {
        if let Some(of_key) = self.keys.remove(key) {
            let past = of_key.finished.iter().chain(&of_key.carried).map(|episode| episode.count).sum::<u64>();
            self.n_events -= of_key.events.len();
            self.forgotten += past + of_key.events.len() as u64;
        }
    }

    /// Leaves out the oldest half of the records of each key, and of those that count for several keys. Only with very many
    /// records within the longest time that a condition looks back is this needed.
    fn thin_out(&mut self, limits: Limits) {
        if self.n_events <= limits.events {
            return;
        }
        let own = self.keys.values_mut().map(|of_key| &mut of_key.events);
        let shared = self.shared.values_mut().flat_map(HashMap::values_mut);
        for events in own.chain(shared) {
            events.sort_by_key(Event::rank);
            let n = events.len() / 2;
            events.drain(..n);
            self.n_events -= n;
            self.forgotten += n as u64;
        }
    }

    /// Forgets the records that can decide nothing any more: those that are older than the newest one by more than the
    /// longest time that a condition looks back, and `more`. Episodes that they are part of are kept.
    pub(super) fn retire(&mut self, timing: &Timing, more: Micros) {
        let newest = self.keys.values().flat_map(|of_key| &of_key.events).map(|event| event.time).max();
        let (Some(newest), Some(horizon)) = (newest, timing.when.horizon()) else { return };
        let before = newest.saturating_sub(horizon.saturating_add(more));
        if newest == UNTIMED || self.forgotten_until.is_some_and(|until| before <= until) {
            return;
        }
        self.sort_shared();
        let mut keys = std::mem::take(&mut self.keys);
        for (key, of_key) in &mut keys {
            if of_key.events.iter().any(|event| event.time < before) {
                let episodes = self.episodes(timing, key, of_key, &self.all_known());
                of_key.forget(before, episodes, timing.when.evidence);
            }
        }
        keys.retain(|_, of_key| !of_key.events.is_empty() || !of_key.finished.is_empty() || of_key.carried.is_some());
        self.keys = keys;
        for by_value in self.shared.values_mut() {
            by_value.values_mut().for_each(|events| events.retain(|event| event.time >= before));
            by_value.retain(|_, events| !events.is_empty());
        }
        let shared = self.shared.values().flat_map(HashMap::values).map(Vec::len).sum::<usize>();
        self.n_events = shared + self.keys.values().map(|of_key| of_key.events.len()).sum::<usize>();
        self.forgotten_until = Some(before);
        self.compact_kept();
    }

    /// Drops the texts of records that are not part of anything any more.
    fn compact_kept(&mut self) {
        let mut old: Vec<Option<KeptRecord>> = std::mem::take(&mut self.kept).into_iter().map(Some).collect();
        let mut places: HashMap<u32, u32> = HashMap::new();
        let (kept, kept_bytes) = (&mut self.kept, &mut self.kept_bytes);
        *kept_bytes = 0;
        let mut keep = |record: &mut u32| {
            if let Some(place) = places.get(record) {
                *record = *place;
            } else if let Some(taken) = old.get_mut(*record as usize).and_then(Option::take) {
                *kept_bytes += taken.text.len() + CAPTURE_BYTES * taken.captures.len();
                let place = u32::try_from(kept.len()).unwrap_or(NO_RECORD);
                kept.push(taken);
                places.insert(*record, place);
                *record = place;
            }
        };
        for of_key in self.keys.values_mut() {
            of_key.events.iter_mut().for_each(|event| keep(&mut event.record));
            let episodes = of_key.finished.iter_mut().chain(&mut of_key.carried);
            episodes.flat_map(|episode| &mut episode.kept).for_each(|kept| keep(&mut kept.record));
        }
        self.shared.values_mut().flat_map(HashMap::values_mut).flatten().for_each(|event| keep(&mut event.record));
    }
}

/// The state of the last episode of a key, in the order in which keys are forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum KeyState {
    /// There is no episode.
    NoEpisode,
    /// It is over.
    Over,
    /// It goes on, so the key is never forgotten.
    GoesOn,
}

impl OfKey {
    /// The time of its latest record.
    fn newest(&self) -> Micros {
        self.events.iter().map(|event| event.time).max().unwrap_or(UNTIMED)
    }

    /// Forgets the records before this time, given the episodes in all of them.
    fn forget(&mut self, before: Micros, episodes: Vec<Episode>, evidence: SlotSet) {
        self.carried = None;
        for episode in episodes {
            if episode.last < before {
                self.finished.push(episode);
            } else if episode.first < before {
                // The records from `before` on are counted again.
                let is_again = |event: &&Event| {
                    event.time >= before && event.time <= episode.last && slot_set(event.slot) & evidence != 0
                };
                let again: std::collections::BTreeSet<_> =
                    self.events.iter().filter(is_again).map(Event::rank).collect();
                let before_it = self.events.iter().map(|event| event.time).filter(|time| *time < before);
                let last = before_it.max().unwrap_or(episode.first);
                let count = episode.count.saturating_sub(again.len() as u64);
                self.carried = Some(Episode { count, last, ..episode });
            }
        }
        self.events.retain(|event| event.time >= before);
    }
}
