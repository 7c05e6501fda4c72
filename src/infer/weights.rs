//! All constants of inference that no rule gives, each with its unit and the reason for its value. Those of the
//! confidence in an article are in `confidence.toml`, as a user may replace them.

use std::time::Duration;

use jiff::SignedDuration;

/// Chances are kept this far from 0 and 1. Rules may state 0 % and 100 %, and evidence may contradict them; so no
/// evidence is impossible. Far below any chance that a person can mean.
pub(crate) const CERTAINTY_MARGIN: f64 = 1e-9;

/// The width of a block, in bits, up to which its posterior is exact. The work doubles with each bit; tables of 2^14
/// entries take about a millisecond a cause.
pub(crate) const EXACT_POSITIVES: usize = 14;

/// Number of samples that only improve the proposal distribution.
pub(crate) const PILOT_SAMPLES: usize = 2_000;
/// Number of samples that the estimates are made from. They give a standard error near 0.01 for five rivals that show
/// the same 16 symptoms, and 0.05 in the worst case that could be constructed.
pub(crate) const SAMPLES: usize = 20_000;
/// Seed of the sampler. Any number will do, as long as it is always the same.
pub(crate) const SAMPLING_SEED: u64 = 0x5EED_CA5E_B00C;
/// The least probability with which the proposal draws a cause, and leaves it out. Heavier tails than those of the
/// posterior keep single samples from carrying all the weight.
pub(crate) const PROPOSAL_MARGIN: f64 = 0.02;

/// The cost of escalation, the last resort of every plan: half a working day, the usual time to the first answer of a
/// vendor's support.
pub(crate) const ESCALATION: Duration = Duration::from_secs(4 * 60 * 60);

/// An irreversible resolution waits for all reversible ones whose P is at least this share of its own. A choice: what
/// can be undone is tried first unless it is far less likely to help.
pub(crate) const IRREVERSIBLE_WAITS_FOR: f64 = 0.25;

/// The number of checks weighed in one component, those that most probably matter first. Each takes two posteriors.
pub(crate) const MAX_CHECKS: usize = 24;

/// Probability that a product of unknown version is in the range of a cause. People look up rules for products that
/// they have, but old ranges outlive their versions: there is no better guess than even.
pub(crate) const VERSION_FITS: f64 = 0.5;
/// The time it takes to look a version up.
pub(crate) const VERSION_COST: Duration = Duration::from_secs(60);

/// Decibans from which evidence is listed that a cause does not itself show: it changes the odds by explaining the
/// symptoms of the cause otherwise. One deciban is the least difference that people notice (Good 1950).
pub(crate) const INDIRECT_DECIBANS: f64 = 1.0;

/// A cause of at least this probability is `known`, if P(none of these) is at most [`KNOWN_NONE`]. The sample of the
/// rule language (one exact message and nothing else: 0.82 against 0.17) is meant to be known.
pub(crate) const KNOWN: f64 = 0.75;
/// See [`KNOWN`].
pub(crate) const KNOWN_NONE: f64 = 0.2;
/// A cause of at least this probability is `likely`: about as probable as not.
pub(crate) const LIKELY: f64 = 0.4;

/// Where no cause is likely, an article of at least this confidence makes the problem `known`. A choice: right four
/// times in five.
pub(crate) const KNOWN_ARTICLE: f64 = 0.8;
/// Where no cause is likely, an article of at least this confidence makes the diagnosis `likely`: right more often than
/// not.
pub(crate) const LIKELY_ARTICLE: f64 = 0.5;

/// Chance that the resolution section of an article resolves the problem that the article is about: the `usually` of
/// rules.
pub(crate) const REMEDY_RESOLVES: f64 = 0.9;
/// The same of a workaround: the `often` of rules.
pub(crate) const WORKAROUND_RESOLVES: f64 = 0.7;
/// Average minutes for one step of an article. A guess.
pub(crate) const MINUTES_A_STEP: u64 = 3;
/// The number of steps shown of an article's remedy; the article has the others.
pub(crate) const MAX_REMEDY_STEPS: usize = 12;
/// The number of articles whose remedies are loaded: those with the highest confidence.
pub(crate) const MAX_FOLLOWED: usize = 3;

/// The number of articles whose signatures are loaded: as many as are listed by default.
pub(crate) const MAX_EXPLAINED: usize = 10;
/// The number of records that an article is compared with, word by word. Some hundred messages against sixteen records
/// take milliseconds.
pub(crate) const MAX_COMPARED_RECORDS: usize = 16;
/// The number of signatures listed of an article; the less telling ones seldom add anything.
pub(crate) const MAX_SIGNATURES: usize = 3;

/// The number of articles named for each of several incidents.
pub(crate) const MAX_WITHIN: usize = 3;

/// A cause names the article about it first. Each further article gets this share of the probability of the one before.
pub(crate) const LATER_ARTICLE: f64 = 0.9;

/// An article that a resolution names gets this share of the probability of its cause: it says how to resolve the
/// cause, which is a little less than being about it.
pub(crate) const RESOLUTION_ARTICLE: f64 = 0.8;
/// Score of an article whose cause has probability 1. Divided into [`SEARCH_SCORE`] it gives the probability below
/// which a cause ranks behind the best search hit: 0.5 / 5 = 10 %.
pub(crate) const RULE_SCORE: f64 = 5.0;
/// Score of the best search hit. See [`RULE_SCORE`].
pub(crate) const SEARCH_SCORE: f64 = 0.5;
/// Where several queries find an article, each contributes this share of the one before: repeated lines add little. On
/// the judged log excerpts under BM25, success@5 is .90 up to a quarter, .87 at a half, and .81 at 1.
pub(crate) const FURTHER_QUERY: f64 = 0.25;
/// The most words in a query. The first words of a message say most, and BM25 takes time for each.
pub(crate) const QUERY_WORDS: usize = 40;
/// The largest distance, in lines, of two salient records without times that belong to one event. On the judged
/// excerpts, up to four lines are as good as one second (`docs/EVALUATION.md`).
pub(crate) const NEIGHBOUR_LINES: u64 = 4;
/// The largest distance in time of two salient records of one event. On the judged excerpts 0 gives the same results.
pub(crate) const NEIGHBOUR_TIME: SignedDuration = SignedDuration::from_secs(1);
