//! Numbers the patterns of a program, and prepares the searches that find which of them may match.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::eval::{Shown, shown, shown_by_each};
use super::prefilter::{Candidate, Prefilter, TargetLiterals, small};
use crate::log::{Chunk, Record};
use crate::pattern::Literal;
use crate::rule::digest::PatternPlace;
use crate::rule::literal_table::{LiteralTable, PatternLiterals};
use crate::rule::required::Spelling;
use crate::rule::{Program, SymptomId};

/// The patterns of all symptoms that are read from records.
#[derive(Debug)]
pub(crate) struct MatchPlan<'p> {
    program: &'p Program,
    /// The place of each pattern, in the order of symptom, binding and alternative. A target is an index into this
    /// list.
    targets: Cow<'p, [PatternPlace]>,
    /// The searches in small parts of each kind of source, which need no filter.
    in_small: [OnceLock<TargetSearches>; 3],
    /// The number of small parts so far.
    n_small: AtomicUsize,
    /// The searches in each kind of source; built for the first such source.
    searches: [OnceLock<TargetSearches>; 3],
    /// The same for long sources, built with a look at the first of them.
    in_long: [OnceLock<TargetSearches>; 3],
}

/// The bytes of a log that decide which parts of literals are rare in it. They take less than a millisecond, and a part of a
/// log that is shorter is read in less time.
const SAMPLE_BYTES: usize = 256 << 10;

/// A part of a log with fewer bytes is searched without a filter, as long as there are few such parts: to build a filter of ten
/// thousand patterns takes as long as twenty searches without one.
const SMALL_BYTES: usize = 64 << 10;
const MAX_SMALL: usize = 20;

/// The search for targets in one kind of source.
#[derive(Debug)]
pub(crate) struct TargetSearches {
    filter: Filter,
    /// Targets without a literal that can be searched for. Any record may match them.
    pub(crate) everywhere: Vec<u32>,
}

#[derive(Debug)]
enum Filter {
    Built(Box<Prefilter>),
    /// The literals of the program are looked for, in sources with this spelling.
    Small(Spelling),
}

impl TargetSearches {
    /// Finds all places in `bytes` where a literal of a target occurs, in the order of their offsets.
    pub(crate) fn candidates(&self, program: &Program, bytes: &[u8]) -> Vec<Candidate> {
        match &self.filter {
            Filter::Built(prefilter) => prefilter.candidates(bytes),
            Filter::Small(spelling) => small::candidates(program.literals(*spelling), bytes),
        }
    }

    /// Whether `record`, which has a candidate of the target, contains further literals that the target needs.
    pub(crate) fn may_match(&self, target: u32, record: &[u8]) -> bool {
        match &self.filter {
            Filter::Built(prefilter) => prefilter.may_match(target, record),
            // There are few records, and the pattern decides.
            Filter::Small(_) => true,
        }
    }
}

impl<'p> MatchPlan<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        MatchPlan::with_targets(program, Cow::Borrowed(program.digest().patterns.as_slice()))
    }

    /// Plans to look only for the symptoms for which `is_wanted` is true.
    pub(crate) fn looking_for(program: &'p Program, is_wanted: &dyn Fn(SymptomId) -> bool) -> Self {
        let patterns = program.digest().patterns.iter().filter(|place| is_wanted(place.symptom));
        MatchPlan::with_targets(program, Cow::Owned(patterns.copied().collect()))
    }

    fn with_targets(program: &'p Program, targets: Cow<'p, [PatternPlace]>) -> Self {
        MatchPlan {
            program,
            targets,
            in_small: [const { OnceLock::new() }; 3],
            n_small: AtomicUsize::new(0),
            searches: [const { OnceLock::new() }; 3],
            in_long: [const { OnceLock::new() }; 3],
        }
    }

    /// Returns the searches for a part of a source of this kind.
    pub(crate) fn searches(&self, kind: Spelling, bytes: &[u8]) -> &TargetSearches {
        // Only the literals of all patterns are kept with the program.
        if let Cow::Owned(_) = self.targets {
            let literals = || LiteralTable::of_patterns(self.program, &self.targets, kind);
            return self.searches[kind as usize].get_or_init(|| searches(&literals(), None));
        }
        let build = |sample| searches(self.program.literals(kind), sample);
        match bytes.get(..SAMPLE_BYTES) {
            Some(sample) => self.in_long[kind as usize].get_or_init(|| build(Some(sample))),
            None if bytes.len() < SMALL_BYTES && self.n_small.fetch_add(1, Ordering::Relaxed) < MAX_SMALL => {
                self.in_small[kind as usize].get_or_init(|| small_searches(self.program.literals(kind), kind))
            }
            None => self.searches[kind as usize].get_or_init(|| build(None)),
        }
    }

    /// Builds the searches for a part of a source. The first part of a long source decides what is searched for, so parts that
    /// threads search are prepared in their order.
    pub(crate) fn prepare(&self, chunk: &Chunk<'_>) {
        self.searches(spelling_of(chunk), chunk.bytes);
    }

    pub(crate) fn program(&self) -> &'p Program {
        self.program
    }

    /// Whether the symptom has conditions on time.
    pub(crate) fn is_timed(&self, symptom: SymptomId) -> bool {
        self.program.symptom(symptom).time.is_some()
    }

    /// Returns the symptom of a target.
    pub(crate) fn symptom(&self, target: u32) -> SymptomId {
        self.targets[target as usize].symptom
    }

    /// Returns the symptoms that `record` shows, with their bindings and captures. Only those symptoms are tried for which
    /// `is_read` is true, and only the targets in `candidates`.
    pub(crate) fn shown<'a>(
        &'a self,
        record: &'a Record<'_>,
        candidates: &'a [u32],
        is_read: impl Fn(SymptomId) -> bool + 'a,
    ) -> impl Iterator<Item = (SymptomId, Shown)> + 'a {
        candidates.chunk_by(|a, b| self.symptom(*a) == self.symptom(*b)).flat_map(move |group| {
            let id = group.first().map(|first| self.symptom(*first)).filter(|id| is_read(*id));
            let may_match = |symptom, binding, alternative| {
                let wanted = PatternPlace { symptom, binding, alternative };
                group.iter().any(|target| self.targets[*target as usize] == wanted)
            };
            let shown = id.map_or_else(Vec::new, |id| {
                let symptom = self.program.symptom(id);
                match symptom.time {
                    Some(_) => shown_by_each(symptom, record, |binding, at| may_match(id, binding, at)),
                    None => shown(symptom, record, |binding, at| may_match(id, binding, at)).into_iter().collect(),
                }
            });
            shown.into_iter().filter_map(move |shown| Some((id?, shown)))
        })
    }
}

/// Returns how texts and values are written in the records of a chunk.
pub(super) fn spelling_of(chunk: &Chunk<'_>) -> Spelling {
    match (chunk.has_resources(), chunk.has_escapes()) {
        (true, _) => Spelling::WithResources,
        (false, true) => Spelling::Escaped,
        (false, false) => Spelling::Plain,
    }
}

fn small_searches(table: &LiteralTable, spelling: Spelling) -> TargetSearches {
    let mut everywhere = Vec::new();
    table.for_each(|target, required| everywhere.extend(required.is_empty().then_some(target)));
    TargetSearches { filter: Filter::Small(spelling), everywhere }
}

fn searches(table: &LiteralTable, sample: Option<&[u8]>) -> TargetSearches {
    let mut literals: Vec<RequiredSets> = Vec::new();
    table.for_each(|_, required| literals.push(RequiredSets::of(required)));
    let targets = literals.iter().map(|of| TargetLiterals { sets: Cow::Borrowed(&of.sets), runs: &of.runs });
    let targets: Vec<TargetLiterals<'_>> = targets.collect();
    let everywhere = (0_u32..).zip(&targets).filter(|(_, literals)| literals.is_empty()).map(|(target, _)| target);
    let everywhere = everywhere.collect();
    let prefilter = match sample {
        Some(sample) => Prefilter::for_log(&targets, sample),
        None => Prefilter::new(&targets),
    };
    TargetSearches { filter: Filter::Built(Box::new(prefilter)), everywhere }
}

/// The literals of a target.
struct RequiredSets {
    sets: Vec<Vec<Literal>>,
    runs: Vec<Literal>,
}

impl RequiredSets {
    fn of(required: &PatternLiterals<'_>) -> Self {
        let sets = required.sets().map(|any_of| any_of.iter().map(|literal| literal.to_literal()).collect());
        RequiredSets { sets: sets.collect(), runs: required.runs.iter().map(|run| run.to_literal()).collect() }
    }
}
