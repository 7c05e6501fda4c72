//! Merges the articles of two channels into one list: those that rules name (through causes and resolutions) and those
//! that the search found.
//!
//! The confidence is the probability that the article is about the problem: for an article that rules name, it comes from
//! the probabilities of the causes; for one that the search found, from [`Confidence`](super::Confidence). The score tells
//! which of the articles that are not plausible fits best.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::matching::{Finding, Salient, Status};
use crate::rule::{CauseId, Program, SymptomId};
use crate::source::SourceId;

use super::hit::ArticleHit;
use super::model::{
    ArticleReason, Because, Proposed, RankedArticle, RankedCause, RankedResolution, SymptomState, Titles,
};
use super::reason;
use super::weights::{
    LATER_ARTICLE, MOST_BY_WORDS, MOST_OF_SEVERAL, PLAUSIBLE, RESOLUTION_ARTICLE, RULE_SCORE, SEARCH_SCORE,
};

/// Everything that the list of articles is made from.
pub(crate) struct Channels<'a> {
    /// Most probable first, reasons included.
    pub(crate) causes: &'a [RankedCause],
    /// For each of the causes, P(no cause | evidence) in its component.
    pub(crate) none: &'a [f64],
    /// In the order to try them.
    pub(crate) resolutions: &'a [RankedResolution],
    /// The findings, to look up the first line that shows a cause.
    pub(crate) findings: &'a [Finding],
    /// The records that were searched for.
    pub(crate) salient: &'a [Salient],
    /// The hits of the search.
    pub(crate) hits: &'a [ArticleHit],
}

/// Returns every article of either channel, each once even if rules call it by several names. Articles that the KB
/// contains come before others; then the highest score comes first, ties by id.
pub(crate) fn articles(program: &Program, channels: &Channels<'_>, titles: &Titles<'_>) -> Vec<RankedArticle> {
    let mut drafts = ArticleDrafts { titles, by_id: BTreeMap::new() };
    for ranked in channels.causes {
        add_cause(program, channels, ranked, &mut drafts);
    }
    for ranked in channels.resolutions {
        add_resolution(program, channels, ranked, &mut drafts);
    }
    add_hits(program, channels, &mut drafts);
    if !channels.hits.is_empty() {
        for id in over(program, channels.findings, titles) {
            drafts.limit_search(&id, MOST_BY_WORDS);
        }
        for id in of_several_causes(program, channels.findings) {
            drafts.limit_search(id, MOST_OF_SEVERAL);
        }
    }
    let finish = |(id, draft): (String, ArticleDraft)| draft.finish(id, channels);
    in_order(drafts.by_id.into_iter().map(finish).collect())
}

/// Returns the articles on causes of which records say that they are over. The search does not know that.
fn over(program: &Program, findings: &[Finding], titles: &Titles<'_>) -> BTreeSet<String> {
    let symptoms = |is_over: bool| -> BTreeSet<SymptomId> {
        findings.iter().filter(|finding| finding.says_over() == is_over).map(|finding| finding.symptom).collect()
    };
    let (ended, going_on) = (symptoms(true), symptoms(false));
    if ended.is_empty() {
        return BTreeSet::new();
    }
    let articles = |symptoms: &BTreeSet<SymptomId>| -> BTreeSet<String> {
        let causes = (0..).map(CauseId).take(program.causes.len());
        let shown = causes.filter(|cause| program.digest().shows(*cause).any(|symptom| symptoms.contains(&symptom)));
        let names = shown.flat_map(|cause| &program.cause(cause).kb);
        names.filter_map(|name| Some(titles(name)?.0)).collect()
    };
    &articles(&ended) - &articles(&going_on)
}

/// Returns the articles that several causes name by their ids, if none of these causes shows a symptom that was seen. Each is
/// about several problems, and the rules know which of its messages tell of one: where they saw none, a message that the
/// record shares with it is not enough.
fn of_several_causes<'p>(program: &'p Program, findings: &[Finding]) -> impl Iterator<Item = &'p str> {
    let seen = findings.iter().filter(|finding| finding.status == Status::Confirmed);
    let seen: BTreeSet<SymptomId> = seen.map(|finding| finding.symptom).collect();
    let digest = program.digest();
    let is_unseen = move |cause: &CauseId| !digest.shows(*cause).any(|symptom| seen.contains(&symptom));
    let unseen = digest.shared_articles.iter().filter(move |(_, causes)| causes.iter().all(&is_unseen));
    unseen.map(|(name, _)| name.as_str())
}

/// Orders the articles: the plausible ones by their confidence, then the others by their score, since a search tells better
/// which of several articles fits best than how well it fits. An article that cannot be opened comes last, however probable
/// its cause is: it is of no use to the reader.
///
/// Gives no article that can be opened a higher confidence than one before it.
fn in_order(mut articles: Vec<RankedArticle>) -> Vec<RankedArticle> {
    articles.sort_by(|a, b| {
        let by_score = || b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id));
        b.known.cmp(&a.known).then_with(|| plausible_first(a.confidence, b.confidence)).then_with(by_score)
    });
    let mut least = 1.0_f64;
    for article in articles.iter_mut().take_while(|article| article.known) {
        least = least.min(article.confidence);
        article.confidence = least;
    }
    articles
}

/// Compares two articles by their confidences: the higher one comes first, but all that are not plausible are equal.
pub(super) fn plausible_first(a: f64, b: f64) -> Ordering {
    let plausible = |confidence: f64| if confidence >= PLAUSIBLE { confidence } else { 0.0 };
    plausible(b).total_cmp(&plausible(a))
}

fn add_cause(program: &Program, channels: &Channels<'_>, ranked: &RankedCause, drafts: &mut ArticleDrafts<'_>) {
    let at = first_line(program, channels.findings, ranked);
    let shares = std::iter::successors(Some(1.0), |share| Some(share * LATER_ARTICLE));
    for (id, share) in ranked.articles.iter().zip(shares) {
        let reason = ArticleReason::Cause { cause: ranked.cause, weight: ranked.probability, at };
        let strength = RULE_SCORE * ranked.probability;
        drafts.named(id).add_reason(strength, reason, [(ranked.cause, ranked.probability * share)]);
    }
}

fn add_resolution(
    program: &Program,
    channels: &Channels<'_>,
    ranked: &RankedResolution,
    drafts: &mut ArticleDrafts<'_>,
) {
    let Proposed::Rule(id) = ranked.resolution else { return };
    for article in &ranked.articles {
        let reason = ArticleReason::Resolution { resolution: id, weight: ranked.p_resolves };
        let through_causes = program.resolution(id).resolves.iter().filter_map(|&(cause, chance)| {
            let probability = channels.causes.iter().find(|ranked| ranked.cause == cause)?.probability;
            Some((cause, probability * chance * RESOLUTION_ARTICLE))
        });
        let strength = RULE_SCORE * RESOLUTION_ARTICLE * ranked.p_resolves;
        drafts.named(article).add_reason(strength, reason, through_causes);
    }
}

fn add_hits(program: &Program, channels: &Channels<'_>, drafts: &mut ArticleDrafts<'_>) {
    let best = channels.hits.iter().map(|hit| hit.score).fold(f64::MIN_POSITIVE, f64::max);
    for hit in channels.hits {
        let draft = drafts.found(hit);
        let relative = hit.score / best;
        draft.search = draft.search.max(relative);
        draft.by_search = draft.by_search.max(hit.confidence.min(most_by_rules(program, channels, hit)));
        if let Some(salient) = channels.salient.get(hit.salient) {
            let at = (salient.source, salient.line);
            let (text, features) = (salient.text.clone(), hit.features);
            let reason = ArticleReason::Search { text, at, weight: relative, features };
            let strength = SEARCH_SCORE * relative;
            // Quoted evidence comes before the reason that the search gives.
            let signatures = reason::signatures(channels.salient, hit);
            draft.because.extend(signatures.chain([reason]).map(|reason| (strength, reason)));
        }
    }
}

/// Returns the most that the search may say about an article. Where its record shows causes that name the article, the rules know
/// how much it says about any fault, so this is P(one of them or a rival is present). Which of these it is they may not know.
fn most_by_rules(program: &Program, channels: &Channels<'_>, hit: &ArticleHit) -> f64 {
    let Some(record) = channels.salient.get(hit.salient) else { return 1.0 };
    let holds_record = |finding: &&Finding| {
        finding.status == Status::Confirmed
            && finding.evidence.iter().any(|line| (line.source, line.line) == (record.source, record.line))
    };
    let seen: BTreeSet<SymptomId> =
        channels.findings.iter().filter(holds_record).map(|finding| finding.symptom).collect();
    let judges = |ranked: &RankedCause| {
        ranked.articles.contains(&hit.id) && program.digest().shows(ranked.cause).any(|symptom| seen.contains(&symptom))
    };
    let causes = channels.causes.iter().zip(channels.none).filter(|(ranked, _)| judges(ranked));
    causes.map(|(_, none)| 1.0 - none).reduce(f64::max).unwrap_or(1.0)
}

/// Removes from `articles` those that only the search found and that are near-copies of a better one, and sets
/// [`RankedArticle::near_copies`] of those that stay. An article that a rule names stays. `near` maps the id of an
/// article to the ids of its near-copies.
pub fn fold_near_copies(articles: &mut Vec<RankedArticle>, near: &BTreeMap<String, Vec<String>>) {
    let copies_of = |id: &str| near.get(id).map_or(&[][..], Vec::as_slice);
    let mut listed: BTreeSet<String> = articles.iter().filter(|a| !is_found_alone(a)).map(|a| a.id.clone()).collect();
    let mut folded: BTreeSet<String> = BTreeSet::new();
    articles.retain_mut(|article| {
        if folded.contains(&article.id) {
            return false;
        }
        listed.insert(article.id.clone());
        let fresh = copies_of(&article.id).iter().filter(|id| !listed.contains(*id) && folded.insert((*id).clone()));
        article.near_copies = fresh.cloned().collect();
        true
    });
}

fn is_found_alone(article: &RankedArticle) -> bool {
    article.because.iter().all(|reason| !reason.is_by_rule())
}

/// Returns the first line that shows the symptom with the strongest evidence for the cause. Symptoms without a line are
/// passed over; `None` if no symptom has one.
fn first_line(program: &Program, findings: &[Finding], ranked: &RankedCause) -> Option<(SourceId, u64)> {
    let line_of = |symptom: SymptomId| {
        let of_symptom = findings.iter().filter(|f| f.symptom == symptom && f.status == Status::Confirmed);
        of_symptom.filter_map(|finding| finding.evidence.first()).map(|evidence| (evidence.source, evidence.line)).min()
    };
    let shows = |symptom: SymptomId| program.cause(ranked.cause).shows.iter().any(|(shown, _)| *shown == symptom);
    let speaks = |because: &&Because| match because.decibans {
        Some(decibans) => decibans > 0.0,
        None => shows(because.symptom),
    };
    let speaking = ranked.because.iter().filter(|because| because.state == SymptomState::Present).filter(speaks);
    speaking.map(|because| because.symptom).find_map(line_of)
}

/// Collects the reasons for each article, by canonical id.
struct ArticleDrafts<'a> {
    titles: &'a Titles<'a>,
    by_id: BTreeMap<String, ArticleDraft>,
}

impl ArticleDrafts<'_> {
    /// The draft of the article called `name`; its id is `name` if the KB does not contain it.
    fn named(&mut self, name: &str) -> &mut ArticleDraft {
        let held = (self.titles)(name);
        let known = held.is_some();
        let (id, title) = held.unwrap_or_else(|| (name.to_owned(), name.to_owned()));
        self.by_id.entry(id).or_insert_with(|| ArticleDraft { title, known, ..ArticleDraft::default() })
    }

    /// Limits the confidence that the search gives to an article.
    fn limit_search(&mut self, id: &str, most: f64) {
        if let Some(draft) = self.by_id.get_mut(id) {
            draft.by_search = draft.by_search.min(most);
        }
    }

    /// The draft of an article that the search found.
    fn found(&mut self, hit: &ArticleHit) -> &mut ArticleDraft {
        let draft = || ArticleDraft { title: hit.title.clone(), known: true, ..ArticleDraft::default() };
        self.by_id.entry(hit.id.clone()).or_insert_with(draft)
    }
}

/// The reasons for one article.
#[derive(Default)]
struct ArticleDraft {
    title: String,
    known: bool,
    /// Each reason with its strength, on the scale of the score.
    because: Vec<(f64, ArticleReason)>,
    /// The probability that each cause gives to the article, 0–1. A cause counts once, even if its resolution names the
    /// article too.
    causes: BTreeMap<CauseId, f64>,
    /// Its search score divided by the highest search score of all articles, 0–1.
    search: f64,
    /// Its confidence from the search, 0–1.
    by_search: f64,
}

impl ArticleDraft {
    fn add_reason(&mut self, strength: f64, reason: ArticleReason, causes: impl IntoIterator<Item = (CauseId, f64)>) {
        if self.because.iter().all(|(_, known)| *known != reason) {
            self.because.push((strength, reason));
        }
        for (cause, weight) in causes {
            let strongest = self.causes.entry(cause).or_default();
            *strongest = strongest.max(weight);
        }
    }

    /// P(one of its causes is present), at least. As noisy-OR it is too low where the causes are rivals: one of two
    /// causes of .49 each is certain. So what neither another cause nor none of them explains is its, too.
    fn by_rules(&self, channels: &Channels<'_>) -> f64 {
        // Multiplied in order of size, so that rounding does not depend on the numbering of causes.
        let mut contributions: Vec<f64> = self.causes.values().copied().collect();
        contributions.sort_by(f64::total_cmp);
        let one_of_them = 1.0 - contributions.iter().map(|weight| 1.0 - weight).product::<f64>();
        let names_it_first = |weight: &f64, ranked: &RankedCause| *weight >= ranked.probability;
        let is_own =
            |ranked: &&RankedCause| self.causes.get(&ranked.cause).is_some_and(|weight| names_it_first(weight, ranked));
        if !channels.causes.first().is_some_and(|top| is_own(&top)) {
            return one_of_them;
        }
        let others = channels.causes.iter().filter(|ranked| !is_own(ranked)).map(|ranked| ranked.probability);
        one_of_them.max(1.0 - channels.none.first().unwrap_or(&1.0) - others.sum::<f64>())
    }

    fn finish(self, id: String, channels: &Channels<'_>) -> RankedArticle {
        let by_rules = self.by_rules(channels);
        let mut because = self.because;
        because.sort_by(|a, b| b.0.total_cmp(&a.0));
        RankedArticle {
            id,
            title: self.title,
            known: self.known,
            score: RULE_SCORE * by_rules + SEARCH_SCORE * self.search,
            // The larger of the two, not their noisy-OR: both channels read the same lines.
            confidence: by_rules.max(self.by_search),
            near_copies: Vec::new(),
            because: because.into_iter().map(|(_, reason)| reason).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(id: &str, known: bool, score: f64, confidence: f64) -> RankedArticle {
        let (id, title) = (id.to_owned(), id.to_owned());
        RankedArticle { id, title, known, score, confidence, near_copies: Vec::new(), because: Vec::new() }
    }

    #[test]
    fn plausible_articles_are_in_the_order_of_confidence_and_the_others_of_score() {
        let articles = vec![
            article("far", true, 9.0, 0.1),
            article("gone", false, 9.0, 0.98),
            article("sure", true, 1.0, 0.9),
            article("near", true, 8.0, 0.3),
            article("perhaps", true, 2.0, 0.5),
        ];
        let ordered: Vec<(String, f64)> = in_order(articles).into_iter().map(|one| (one.id, one.confidence)).collect();
        let expected = [("sure", 0.9), ("perhaps", 0.5), ("far", 0.1), ("near", 0.1), ("gone", 0.98)];
        assert_eq!(ordered, expected.map(|(id, confidence)| (id.to_owned(), confidence)));
    }

    #[test]
    fn an_article_of_two_rivals_is_surer_than_each_of_them() {
        let ranked = |id: u32, probability: f64| RankedCause {
            cause: CauseId(id),
            probability,
            by_itself: probability,
            follows: Vec::new(),
            captures: Default::default(),
            articles: Vec::new(),
            because: Vec::new(),
        };
        let causes = [ranked(0, 0.49), ranked(1, 0.49), ranked(2, 0.03)];
        let channels =
            Channels { causes: &causes, none: &[0.01; 3], resolutions: &[], findings: &[], salient: &[], hits: &[] };
        let by_rules = |own: &[(u32, f64)]| {
            let causes = own.iter().map(|&(id, weight)| (CauseId(id), weight)).collect();
            ArticleDraft { causes, ..ArticleDraft::default() }.by_rules(&channels)
        };
        assert!((by_rules(&[(0, 0.49), (1, 0.49)]) - 0.96).abs() < 1e-12);
        // Without the top cause, or if it is only one of several articles of a cause, the causes count each for itself.
        assert!((by_rules(&[(1, 0.49), (2, 0.03)]) - (1.0 - 0.51 * 0.97)).abs() < 1e-12);
        assert!((by_rules(&[(0, 0.441), (1, 0.441)]) - (1.0 - 0.559 * 0.559)).abs() < 1e-12);
    }
}
