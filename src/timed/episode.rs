//! Turns the matches of one key into episodes: the earliest first, none twice, and what goes on is one.

use super::absence::{Absence, Watched};
use super::ends::{End, Past, Segment, ends};
use super::moment::{Event, Moment, Place, moments};
use super::when::{Expr, Micros, Rearm, Side, Slot, SlotSet, When, slot_set};

/// The most records of an episode of which the places are kept.
const MAX_KEPT: usize = 20;

/// The time for which records are known.
pub struct Known<'k> {
    /// Whether the records have times. If not, only their order counts, and each time is taken to be short enough.
    pub is_timed: bool,
    /// The first and the last time at which a record with one of the slots could have been seen, in the sources that are
    /// like the given one; `None` if nothing is known.
    pub span: &'k dyn Fn(u32, SlotSet) -> Option<(Micros, Micros)>,
}

/// A time during which the records of a key meet a `when`.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// The time of its first record.
    pub first: Micros,
    /// The time of its last record.
    pub last: Micros,
    /// The number of records that are evidence.
    pub count: u64,
    /// The first of them and the one that completes the first match, in their order, at most `MAX_KEPT`.
    pub kept: Vec<Kept>,
    /// When and where it was complete for the first time.
    pub reached: (Micros, Place),
    /// Whether it is not certain yet that it is one.
    pub is_open: bool,
    /// Whether it depends on times that are not known.
    pub is_assumed: bool,
    /// Whether it depends on the order of records whose stamps do not tell it.
    pub is_order_uncertain: bool,
    /// When a record said that it is over.
    pub ended: Option<Micros>,
    /// The slots of evidence, each with what its records say apart from the key; `None` if they differ.
    pub said: Vec<(Slot, Option<u64>)>,
}

/// A record of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its place.
    pub place: Place,
    /// The index that the caller gave its first event.
    pub record: u32,
    /// The slot of that event.
    pub slot: Slot,
}

/// An episode whose first records are not kept any more.
pub type Carried = Episode;

/// Returns the episodes in the records of one key, in order. `events` must be sorted by [`Event::rank`]. An episode that
/// was `carried` goes on if evidence follows soon enough; it is the first of those returned.
pub fn evaluate(when: &When, events: &[Event], known: &Known<'_>, carried: Option<Carried>) -> Vec<Episode> {
    let all = moments(events);
    let edges: Vec<Watched<'_, '_>> = when.edges.iter().map(|edge| Watched::new(*edge, &all)).collect();
    let known_from = all.first().and_then(|first| (known.span)(first.place.source, 0)).map(|(from, _)| from);
    let past = Past::new(&when.expr, &all, known_from);
    let is_going_on = carried.as_ref().is_some_and(|episode| episode.ended.is_none());
    let mut scan = Scan { when, all: &all, edges: &edges, known, episodes: carried.into_iter().collect(), is_going_on };
    let mut from = 0;
    while from < all.len() {
        let breaks = |moment: &Moment<'_>| moment.has(when.resets | when.ended_by);
        let to = all[from..].iter().position(breaks).map_or(all.len(), |at| from + at + 1);
        scan.segment(Segment { all: &all, from, to, past: &past });
        let last = &all[to - 1];
        if last.has(when.ended_by) && scan.is_going_on {
            scan.end(last.time);
        }
        if breaks(last) {
            scan.is_going_on = false;
        }
        from = to;
    }
    scan.episodes
}

struct Scan<'s, 'e> {
    when: &'s When,
    all: &'s [Moment<'e>],
    edges: &'s [Watched<'s, 'e>],
    known: &'s Known<'s>,
    episodes: Vec<Episode>,
    /// Whether the last episode can go on.
    is_going_on: bool,
}

impl Scan<'_, '_> {
    fn segment(&mut self, segment: Segment<'_, '_>) {
        let found = ends(&self.when.expr, segment);
        // Records before this one belong to an episode before.
        let mut free = segment.from;
        for (at, end) in (segment.from..).zip(found) {
            let moment = &self.all[at];
            if let Rearm::On(slots) = self.when.rearm
                && moment.has(slots)
            {
                self.is_going_on = false;
            }
            let end = end.filter(|end| self.is_short(end.start, at));
            let goes_on = self.goes_on(moment);
            let is_match = end.filter(|end| goes_on || end.start >= free);
            let verdict = is_match.map(|end| (end, self.judge(end.start, at)));
            match verdict {
                Some((_, Absence::Refuted)) => continue,
                Some((end, absence)) if goes_on => {
                    self.extend(free, at, Some(given(end, absence)));
                    self.end_by_watched(at);
                }
                Some((end, absence)) => {
                    let first = self.leftmost(end, at, free);
                    self.begin(first, at, given(end, absence));
                }
                // Without an edge, evidence that follows soon needs no match of its own.
                None if goes_on && self.edges.is_empty() && moment.has(self.when.evidence) => {
                    self.extend(free, at, None);
                }
                None => continue,
            }
            free = at + 1;
        }
    }

    /// Whether evidence at this record continues the last episode.
    fn goes_on(&self, moment: &Moment<'_>) -> bool {
        let Some(last) = self.episodes.last().filter(|_| self.is_going_on) else { return false };
        match self.when.rearm {
            Rearm::EveryMatch => false,
            Rearm::After(None) | Rearm::On(_) => true,
            Rearm::After(Some(gap)) => !self.known.is_timed || moment.time - last.last <= gap,
        }
    }

    fn is_short(&self, start: usize, end: usize) -> bool {
        let longest = self.when.within.filter(|_| self.known.is_timed);
        longest.is_none_or(|longest| self.all[end].time - self.all[start].time <= longest)
    }

    fn judge(&self, start: usize, end: usize) -> Absence {
        self.edges.iter().map(|edge| edge.judge(start, end, self.known)).max().unwrap_or(Absence::Confirmed)
    }

    /// The first record with which the match can begin: as much as fits belongs to it.
    fn leftmost(&self, end: End, at: usize, free: usize) -> usize {
        let expr = &self.when.expr;
        if self.when.within.is_none() || !is_of_records(expr) {
            return end.start;
        }
        let (initial, forbidden) = (expr.initial() & self.when.evidence, expr.forbidden());
        let before = (free..end.start).rev();
        let before = before.take_while(|&index| self.is_short(index, at) && !self.all[index].has(forbidden));
        before.filter(|&index| self.all[index].has(initial)).last().unwrap_or(end.start)
    }

    fn begin(&mut self, first: usize, at: usize, end: End) {
        let moment = &self.all[at];
        let until = self.when.edges.iter().filter(|edge| edge.side == Side::After).map(|edge| edge.span).max();
        self.episodes.push(Episode {
            first: self.all[first].time,
            last: moment.time,
            count: 0,
            kept: Vec::new(),
            reached: (moment.time + until.unwrap_or(0), moment.place),
            is_open: end.is_open,
            is_assumed: false,
            is_order_uncertain: false,
            ended: None,
            said: Vec::new(),
        });
        self.is_going_on = true;
        self.extend(first, at, Some(end));
        self.end_by_watched(at);
    }

    /// If what was missing is seen later, that is the end of it.
    fn end_by_watched(&mut self, at: usize) {
        let next = self.edges.iter().zip(&self.when.edges).filter(|(_, edge)| edge.side == Side::After);
        let next = next.filter_map(|(watched, _)| watched.next_after(at)).min();
        if let (Some(episode), Some(next)) = (self.episodes.last_mut(), next) {
            episode.ended = Some(next);
        }
    }

    /// Adds the evidence from the record `from` to the record `at` to the last episode.
    fn extend(&mut self, from: usize, at: usize, end: Option<End>) {
        let Some(episode) = self.episodes.last_mut() else { return };
        for index in from..=at {
            let moment = &self.all[index];
            if !moment.has(self.when.evidence) {
                continue;
            }
            let before = index.checked_sub(1).filter(|&before| before >= from).map(|before| &self.all[before]);
            episode.is_order_uncertain |=
                self.when.expr.has_order() && before.is_some_and(|before| before.may_precede(moment));
            episode.add(moment, self.when.evidence, index == at && episode.kept.len() < MAX_KEPT);
        }
        episode.last = self.all[at].time;
        if let Some(end) = end {
            episode.is_open &= end.is_open;
            let needs_times = self.when.within.is_some() || !self.when.edges.is_empty();
            episode.is_assumed |= end.is_assumed || (!self.known.is_timed && needs_times);
        }
    }

    fn end(&mut self, time: Micros) {
        if let Some(episode) = self.episodes.last_mut() {
            episode.ended.get_or_insert(time);
        }
    }
}

impl Episode {
    /// Counts a record, and keeps its place if there is room. One place is left for the record that completes a match.
    fn add(&mut self, moment: &Moment<'_>, evidence: SlotSet, completes: bool) {
        self.count += 1;
        let of_evidence = moment.events.iter().filter(|event| slot_set(event.slot) & evidence != 0);
        for event in of_evidence.clone() {
            match self.said.iter_mut().find(|(slot, _)| *slot == event.slot) {
                Some((_, said)) => *said = said.filter(|said| *said == event.other),
                None => self.said.push((event.slot, Some(event.other))),
            }
        }
        if self.kept.len() + 1 < MAX_KEPT || completes {
            let event = of_evidence.into_iter().next();
            self.kept.extend(event.map(|event| Kept { place: event.place, record: event.record, slot: event.slot }));
        }
    }
}

/// The match, with what is known about what must not be seen.
fn given(end: End, absence: Absence) -> End {
    let (is_open, is_assumed) = (absence == Absence::Open, absence == Absence::Assumed);
    End { is_open: end.is_open || is_open, is_assumed: end.is_assumed || is_assumed, ..end }
}

/// Whether a match consists of records and nothing else, so that more of them before it belong to it.
fn is_of_records(expr: &Expr) -> bool {
    match expr {
        Expr::Seen(_) | Expr::Count { .. } | Expr::Distinct { .. } => true,
        Expr::Any(parts) | Expr::All(parts) => parts.iter().all(is_of_records),
        Expr::Then(steps) => steps.iter().all(|step| is_of_records(&step.expr)),
        Expr::Measured { .. } | Expr::First { .. } | Expr::Lasting { .. } | Expr::Within(..) => false,
    }
}
