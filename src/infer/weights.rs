//! The numbers of inference that no rule gives, each with its reason. Nothing else in `infer` holds a bare constant of
//! this kind, so that `eval --fit` has one place to write to.

use std::time::Duration;

use jiff::SignedDuration;

/// Rules may say 0 % and 100 %, and evidence may contradict them; chances are kept this far from both ends so that no
/// evidence is impossible. Far below any chance a person can mean.
pub(crate) const CERTAINTY_MARGIN: f64 = 1e-9;

/// Positive findings that one block of a component may hold and still be computed exactly; the work
/// doubles with each, 2^14 states take about a millisecond a cause.
pub(crate) const EXACT_POSITIVES: usize = 14;

/// Samples of likelihood weighting that only shape the proposal, and samples that count. The latter give a standard
/// error near 0.01 for five rivals that show the same 16 symptoms, and 0.05 in the worst case we could make up.
pub(crate) const PILOT_SAMPLES: usize = 2_000;
/// See [`PILOT_SAMPLES`].
pub(crate) const SAMPLES: usize = 20_000;
/// Seed of the sampler: any number, always the same one.
pub(crate) const SAMPLING_SEED: u64 = 0x5EED_CA5E_B00C;
/// The proposal never draws a cause more seldom than this, nor more often than one minus it: heavier tails than the
/// posterior keep single samples from carrying all the weight.
pub(crate) const PROPOSAL_MARGIN: f64 = 0.02;

/// What handing the problem on costs, the last resort of every plan: half a working day, the first answer of a
/// vendor's support contract.
pub(crate) const ESCALATION: Duration = Duration::from_secs(4 * 60 * 60);

/// An irreversible resolution waits for all reversible ones whose P is at least this share of its own.
pub(crate) const IRREVERSIBLE_WAITS_FOR: f64 = 0.25;

/// Checks that are weighed in one component, likeliest to matter first; each costs two posteriors.
pub(crate) const MAX_CHECKS: usize = 24;

/// Chance that a product whose version is not known is of a version the cause applies to. Rules are looked up by those
/// who have the product, old ranges outlive their versions: no better guess than even.
pub(crate) const VERSION_FITS: f64 = 0.5;
/// What it takes to look a version up.
pub(crate) const VERSION_COST: Duration = Duration::from_secs(60);

/// Evidence that a cause does not itself show still changes its odds, by explaining its symptoms otherwise. It is listed
/// from here on: 1 deciban is the least that people notice (I. J. Good).
pub(crate) const INDIRECT_DECIBANS: f64 = 1.0;

/// A cause at least this probable, with "none of these" at most [`KNOWN_NONE`], is `known`. The sample of the language
/// (one exact message, nothing else: 0.82 against 0.17) is meant to be known.
pub(crate) const KNOWN: f64 = 0.75;
/// See [`KNOWN`].
pub(crate) const KNOWN_NONE: f64 = 0.2;
/// A cause at least this probable is `likely`.
pub(crate) const LIKELY: f64 = 0.4;

/// An article of at least this confidence is what the problem is `known` by, where no cause is likely.
pub(crate) const KNOWN_ARTICLE: f64 = 0.8;
/// … and of at least this one, `likely`.
pub(crate) const LIKELY_ARTICLE: f64 = 0.5;

/// What an article says to do mends the problem that it is about as a rule's `usually` does; what gets around it, as `often`.
pub(crate) const REMEDY_RESOLVES: f64 = 0.9;
/// See [`REMEDY_RESOLVES`].
pub(crate) const WORKAROUND_RESOLVES: f64 = 0.7;
/// Minutes that a step of an article takes, one with another.
pub(crate) const MINUTES_A_STEP: u64 = 3;
/// Steps shown of an article's remedy; the article itself has the others.
pub(crate) const MAX_REMEDY_STEPS: usize = 12;
/// Articles whose remedies are looked up, the surest ones.
pub(crate) const MAX_FOLLOWED: usize = 3;

/// Articles whose signatures are looked up, the best: as many as are listed unless more are asked for.
pub(crate) const MAX_EXPLAINED: usize = 10;
/// Records that what an article quotes is held against, word by word: some hundred messages against each take a millisecond.
pub(crate) const MAX_HELD_AGAINST: usize = 16;
/// Signatures that explain an article; what comes after the most telling ones seldom adds anything.
pub(crate) const MAX_SIGNATURES: usize = 3;

/// Articles named of each of several incidents.
pub(crate) const MAX_WITHIN: usize = 3;

/// A cause names the article that is about it first; each further one counts this much of the one before it.
pub(crate) const LATER_ARTICLE: f64 = 0.9;

/// An article named by a resolution tells how to mend a cause, which is a little less than being about it.
pub(crate) const RESOLUTION_ARTICLE: f64 = 0.8;
/// Score of an article per unit of rule confidence, and of the best search hit. Their quotient says which cause is too
/// weak to stand before a strong search hit: one below 0.5 / 5 = 10 %.
pub(crate) const RULE_SCORE: f64 = 5.0;
/// See [`RULE_SCORE`].
pub(crate) const SEARCH_SCORE: f64 = 0.5;
/// An article that several queries find gains from each further one this share of what the one before gave: repeated
/// lines say little new. On the judged log excerpts under BM25, success@5 is .90 up to a quarter, .87 at a half, .81 at 1.
pub(crate) const FURTHER_QUERY: f64 = 0.25;
/// Words of a query at most; the first words of a message tell most, and BM25 slows with each.
pub(crate) const QUERY_WORDS: usize = 40;
/// Salient records without times that are at most this many lines apart are taken for one event and searched for together
/// too.
pub(crate) const NEIGHBOUR_LINES: u64 = 4;
/// … and those that say when they were written and are at most so far apart. On the judged excerpts 0 gives the same.
pub(crate) const NEIGHBOUR_TIME: SignedDuration = SignedDuration::from_secs(1);
