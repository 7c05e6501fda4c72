//! All constants of inference that no rule gives, each with its unit and the reason for its value. Those of the
//! confidence in an article are in `confidence.toml`, as a user may replace them.

use std::time::Duration;

use jiff::SignedDuration;

/// Chances are kept at least this far from 0 and 1. Rules may state 0 % and 100 %, and evidence may contradict that, so
/// nothing may count as impossible. The value is far below any chance that a person can mean.
pub(crate) const CERTAINTY_MARGIN: f64 = 1e-9;

/// The width of a block, in bits, up to which its posterior is exact. The work doubles with each bit; tables of 2^14
/// entries take about a millisecond for each cause.
pub(crate) const EXACT_POSITIVES: usize = 14;

/// The most causes of a block of more findings up to which its posterior is exact. The work doubles with each cause; 2^20
/// sets of causes take about 0.2 s.
pub(crate) const ENUMERATED_CAUSES: usize = 20;

/// The most causes of a component up to which the weight of each symptom is computed by going through all sets of causes. Each
/// weight takes a posterior of its own.
pub(crate) const WEIGHED_CAUSES: usize = 12;

/// Number of samples in the pilot run, which only improves the distribution that the other samples are drawn from.
pub(crate) const PILOT_SAMPLES: usize = 2_000;
/// Number of samples that the estimates are made from. If all weighed the same, a probability of .5 would be known to
/// ±.7 percentage points.
pub(crate) const SAMPLES: usize = 20_000;
/// Seed of the sampler. Any number will do, as long as it is always the same.
pub(crate) const SAMPLING_SEED: u64 = 0x5EED_CA5E_B00C;
/// The sampler includes each cause in a sample with at least this probability, and leaves it out with at least this
/// probability. Otherwise a few samples could carry nearly all the weight.
pub(crate) const PROPOSAL_MARGIN: f64 = 0.02;

/// The cost of escalation, the last resort of every plan: half a working day, the usual time to the first answer of a
/// vendor's support.
pub(crate) const ESCALATION: Duration = Duration::from_secs(4 * 60 * 60);

/// An irreversible resolution waits for all reversible ones whose P is at least this share of its own. A choice: what
/// can be undone is tried first unless it is far less likely to help.
pub(crate) const IRREVERSIBLE_WAITS_FOR: f64 = 0.25;

/// The likeliest resolution is proposed first, unless another is at least this share as likely to help …
pub(crate) const LEADS_IF_LIKELY: f64 = 0.5;

/// … and has at most this share of its price. Both are choices: readers expect the likeliest first, and accept another for
/// a clear gain only.
pub(crate) const LEADS_IF_CHEAP: f64 = 0.5;

/// At most this many checks are weighed in one component: those of the symptoms that are most probably present.
/// Weighing a check takes two posteriors.
pub(crate) const MAX_CHECKS: usize = 24;

/// Probability that a product of unknown version is in the range of a cause. It is higher because people use rules
/// about products that they have, and lower because old rules stay after the versions are gone: a half is the best
/// guess.
pub(crate) const VERSION_FITS: f64 = 0.5;
/// The time it takes to look a version up.
pub(crate) const VERSION_COST: Duration = Duration::from_secs(60);

/// A symptom that a cause does not name is listed as evidence if its weight is at least this many decibans. Such a
/// symptom acts through other causes that explain the same symptoms. One deciban is the least difference that people
/// notice (Good 1950).
pub(crate) const INDIRECT_DECIBANS: f64 = 1.0;

/// A verdict is `known` from this confidence in its subject on. Where confidences are calibrated, those above it are
/// right 98 times in 100 on average.
pub(crate) const KNOWN: f64 = 0.95;
/// A verdict is `likely` from this confidence in its subject on: right nine times in ten on average.
pub const LIKELY: f64 = 0.8;
/// A cause of at least this probability comes before those that follow from it: a root that is probably present is to be
/// fixed first.
pub(crate) const ROOT_FIRST: f64 = 0.75;
/// A cause of at least this probability is worth following: about as probable as not.
pub const PLAUSIBLE: f64 = 0.4;

/// A repeated message identifies an article if it has at least this information: more than an error text of the operating
/// system, such as `Connection reset by peer` (.8), which programs of all kinds print.
pub(crate) const IDENTIFYING: f64 = 1.2;
/// A code identifies an article if it has at least this information, which has a code in one line of 60,000.
pub(crate) const IDENTIFYING_CODE: f64 = 0.8;
/// The highest confidence in an article that repeats no message and no code of the record: it is possible at most, and
/// never plausible ([`PLAUSIBLE`]).
pub(crate) const MOST_BY_WORDS: f64 = 0.35;

/// Of an article that describes several problems, one is told from the others if what the record repeats of it weighs
/// this many times what it repeats of any other. A choice: a remedy for another problem does harm, and no remedy costs a
/// look into the article.
pub(crate) const PROBLEM_LEAD: f64 = 2.0;
/// At least this many words of the record must occur only in the sections of one problem. One word occurs by chance.
pub(crate) const MIN_OWN_WORDS: usize = 2;

/// Chance that the resolution section of an article resolves the problem that the article is about: the `usually` of
/// rules.
pub(crate) const REMEDY_RESOLVES: f64 = 0.9;
/// Chance that the workaround in an article resolves the problem that the article is about: the `often` of rules.
pub(crate) const WORKAROUND_RESOLVES: f64 = 0.7;
/// Average minutes for one step of an article. A guess.
pub(crate) const MINUTES_A_STEP: u64 = 3;
/// At most this many steps of an article's remedy are shown; the others can be read in the article.
pub(crate) const MAX_REMEDY_STEPS: usize = 12;
/// The number of articles whose remedies are loaded: those with the highest confidence.
pub(crate) const MAX_FOLLOWED: usize = 3;

/// The number of articles whose signatures are loaded: as many as are listed by default.
pub(crate) const MAX_EXPLAINED: usize = 10;
/// The number of records that an article is compared with, word by word. Some hundred messages against sixteen records
/// take milliseconds.
pub(crate) const MAX_COMPARED_RECORDS: usize = 16;
/// At most this many signatures of an article are listed; the less telling ones seldom add anything.
pub(crate) const MAX_SIGNATURES: usize = 3;

/// A consequence begins at most this long after the last record of its root. A choice: time-outs, retries and queues of
/// common services take minutes; what is an hour apart, is mostly by chance.
pub(crate) const CONSEQUENCE_WITHIN: SignedDuration = SignedDuration::from_mins(10);
/// A consequence that a rule names begins at most this long after the last record of its root: a day, in which most faults
/// are noticed.
pub(crate) const LED_TO_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// A name links two problems if at most one in this many of the other problems and records that stand out mentions it.
pub(crate) const RARE_NAME: usize = 3;
/// What is over counts this much when causes are ordered. A choice: a fault that goes on comes first unless the one
/// that is over is twice as probable.
pub(crate) const OVER_COUNTS: f64 = 0.5;

/// The number of articles named for each of several incidents.
pub(crate) const MAX_WITHIN: usize = 3;

/// A cause names the article about it first. Each further article gets this share of the probability of the one before.
pub(crate) const LATER_ARTICLE: f64 = 0.9;

/// An article that a resolution names gets this share of the probability of its cause: it says how to resolve the
/// cause, which is a little less than being about it.
pub(crate) const RESOLUTION_ARTICLE: f64 = 0.8;
/// Score of an article whose cause has probability 1. The article of a cause whose probability is below
/// [`SEARCH_SCORE`] / `RULE_SCORE` = 0.5 / 5 = 10 % ranks behind the best search hit.
pub(crate) const RULE_SCORE: f64 = 5.0;
/// Score of the best search hit. See [`RULE_SCORE`].
pub(crate) const SEARCH_SCORE: f64 = 0.5;
/// If several queries find an article, each further one counts this share of what the one before counts, so that
/// repeated lines add little. On the judged log excerpts with BM25, success@5 is .90 for values up to .25, .87 for .5,
/// and .81 for 1.
pub(crate) const FURTHER_QUERY: f64 = 0.25;
/// A diagnosis keeps this many of the records that stand out.
pub(crate) const MAX_STANDOUTS: usize = 12;
/// A record of less than this share of the highest weight does not stand out.
pub(crate) const LEAST_STANDOUT: f64 = 0.1;
/// At most this many records of all logs are searched for. A search takes some milliseconds.
pub(crate) const MAX_SEARCHED: usize = 16;
/// This many of the most salient records are searched for, whatever the knowledge base has of them.
pub(crate) const SEARCHED_ANYWAY: usize = 6;
/// The most words in a query. The first words of a message say most, and BM25 takes time for each.
pub(crate) const QUERY_WORDS: usize = 40;
/// The largest distance, in lines, of two salient records without times that belong to one event. On the judged
/// excerpts, up to four lines are as good as one second (`docs/EVALUATION.md`).
pub(crate) const NEIGHBOUR_LINES: u64 = 4;
/// The largest distance in time of two salient records of one event. On the judged excerpts 0 gives the same results.
pub(crate) const NEIGHBOUR_TIME: SignedDuration = SignedDuration::from_secs(1);
