//! Finds separate problems in the same logs, and which of them may be a consequence of another.
//!
//! An incident is a likely cause with the records that show it, or a likely article with the records that it was found
//! for. Two are one problem if their records are near each other, or if the same article is about both. Salient records
//! without a likely cause or article belong to no incident.
//!
//! One may follow from another if a rule says so and their times allow it, or if it begins while the other goes on or
//! soon after, and both mention a name that is rare in this log. Two that are hours apart are not connected.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::matching::{Finding, Salient};
use crate::rule::{CauseId, Program};
use crate::source::SourceId;

use super::consequence::{begins_in_time, is_possible_in_time};
use super::entity;
use super::evidence::{are_near, events};
use super::hit::ArticleHit;
use super::model::{Follows, Incident, IncidentLink, RankedCause, TimeSpan};
use super::observe::shown_by;
use super::weights::{LIKELY, MAX_WITHIN, PLAUSIBLE, RARE_NAME};

/// A source, and the number of a line in it, from 1.
type RecordPlace = (SourceId, u64);

/// An incident that is being put together.
#[derive(Default)]
struct IncidentDraft {
    /// The records, with their times where known.
    places: BTreeMap<RecordPlace, Option<Timestamp>>,
    times: Vec<Timestamp>,
    causes: Vec<CauseId>,
    /// Pairs of a cause of this incident and a cause that it follows from.
    links: Vec<(CauseId, CauseId)>,
    /// Id, confidence and score of the articles found for its records.
    articles: Vec<(String, f64, f64)>,
    /// Ids of the best article of each of its events, and of those that its rules name. Two incidents with a common one
    /// are the same problem.
    about: BTreeSet<String>,
    /// Names that its records mention, as [`entity::in_message`] gives them.
    entities: BTreeSet<String>,
}

/// Returns the incidents in order of time, those without a time last. Empty if there is only one.
pub(crate) fn incidents(
    program: &Program,
    findings: &[Finding],
    causes: &[RankedCause],
    salient: &[Salient],
    hits: &[ArticleHit],
) -> Vec<Incident> {
    let mut drafts = drafts_from_causes(program, findings, causes);
    drafts.extend(drafts_from_articles(salient, hits));
    let mut drafts = joined(drafts);
    if drafts.len() < 2 {
        return Vec::new();
    }
    drafts.sort_by_cached_key(|draft| draft.order(program));
    let others = other_mentions(&drafts, salient);
    let mut follows: Vec<Option<Follows>> = vec![None; drafts.len()];
    for at in 0..drafts.len() {
        let candidate = candidates(&drafts, at, &others).find(|one| !leads_back(&follows, one.incident, at));
        follows[at] = candidate;
    }
    drafts.into_iter().zip(follows).map(|(draft, follows)| draft.finish(follows)).collect()
}

/// Makes a draft for each likely cause, with the records of the symptoms that the cause shows and that were found.
fn drafts_from_causes(program: &Program, findings: &[Finding], causes: &[RankedCause]) -> Vec<IncidentDraft> {
    let likely = causes.iter().filter(|ranked| ranked.probability >= PLAUSIBLE);
    let draft = |ranked: &RankedCause| {
        let of_it = shown_by(program, findings, ranked.cause, &ranked.because);
        let mut draft = IncidentDraft { causes: vec![ranked.cause], ..IncidentDraft::default() };
        draft.links.extend(roots(causes, ranked).into_iter().map(|root| (ranked.cause, root)));
        draft.about.extend(ranked.articles.iter().cloned());
        for finding in of_it {
            // The first record has the first time of the finding; the times of the others are not known.
            let times = std::iter::once(finding.first).chain(std::iter::repeat(None));
            let places = finding.evidence.iter().map(|evidence| (evidence.source, evidence.line));
            draft.places.extend(places.zip(times));
            draft.times.extend([finding.first, finding.last].into_iter().flatten());
            draft.entities.extend(finding.evidence.iter().flat_map(|evidence| entity::in_record(&evidence.text)));
        }
        draft
    };
    likely.map(draft).filter(|draft| !draft.places.is_empty()).collect()
}

/// Returns the causes that `ranked` follows from, directly or through others, nearest first. The logs need not show a
/// cause in between.
fn roots(causes: &[RankedCause], ranked: &RankedCause) -> Vec<CauseId> {
    let mut roots = ranked.follows.clone();
    let mut at = 0;
    while at < roots.len() {
        let next = causes.iter().find(|other| other.cause == roots[at]).into_iter().flat_map(|other| &other.follows);
        let fresh: Vec<CauseId> = next.copied().filter(|root| !roots.contains(root)).collect();
        roots.extend(fresh);
        at += 1;
    }
    roots
}

/// Makes a draft for each event that is the best event of a likely article, with the articles found for that event.
fn drafts_from_articles(salient: &[Salient], hits: &[ArticleHit]) -> Vec<IncidentDraft> {
    let mut drafts: BTreeMap<usize, IncidentDraft> = BTreeMap::new();
    let likely = hits.iter().filter(|hit| hit.confidence >= LIKELY);
    for &(event, _) in likely.filter_map(|hit| hit.by_event.first()) {
        drafts.entry(event).or_default();
    }
    for (hit, (event, score)) in hits.iter().flat_map(|hit| hit.by_event.iter().map(move |by_event| (hit, by_event))) {
        let Some(draft) = drafts.get_mut(event) else { continue };
        draft.articles.push((hit.id.clone(), hit.confidence, *score));
    }
    for draft in drafts.values_mut() {
        draft.articles.sort_by(best_first);
        draft.about.extend(draft.articles.first().map(|(id, ..)| id.clone()));
    }
    for (event, members) in events(salient).into_iter().enumerate() {
        let Some(draft) = drafts.get_mut(&event) else { continue };
        for record in members.into_iter().map(|index| &salient[index]) {
            draft.places.insert((record.source, record.line), record.own_time());
            draft.times.extend(record.time);
            draft.entities.extend(entity::in_message(&record.text));
        }
    }
    drafts.into_values().collect()
}

/// Joins the drafts that are about one problem.
fn joined(drafts: Vec<IncidentDraft>) -> Vec<IncidentDraft> {
    let mut joined: Vec<IncidentDraft> = Vec::new();
    for mut draft in drafts {
        // A draft that belongs to two others joins these as well.
        let (same, others): (Vec<IncidentDraft>, Vec<IncidentDraft>) =
            joined.into_iter().partition(|other| is_one(other, &draft));
        same.into_iter().for_each(|other| draft.add(other));
        joined = others;
        joined.push(draft);
    }
    joined
}

/// Orders articles (id, confidence, score) by score, ties by id.
fn best_first(a: &(String, f64, f64), b: &(String, f64, f64)) -> Ordering {
    b.2.total_cmp(&a.2).then_with(|| a.0.cmp(&b.0))
}

/// Whether both are one problem: their records are near each other, or the same article is about both.
fn is_one(a: &IncidentDraft, b: &IncidentDraft) -> bool {
    let is_near = |(&(source, line), &time): (&RecordPlace, &Option<Timestamp>)| {
        let in_source = b.places.range((source, 0)..=(source, u64::MAX));
        in_source.into_iter().any(|(&(_, other), &other_time)| are_near((time, line), (other_time, other)))
    };
    !a.about.is_disjoint(&b.about) || a.places.iter().any(is_near)
}

/// Returns the names in each salient record that belongs to no incident.
fn other_mentions(drafts: &[IncidentDraft], salient: &[Salient]) -> Vec<BTreeSet<String>> {
    let is_in = |record: &Salient| drafts.iter().any(|draft| draft.places.contains_key(&(record.source, record.line)));
    salient.iter().filter(|record| !is_in(record)).map(|record| entity::in_message(&record.text).collect()).collect()
}

/// Returns the incidents that the one at `at` may be a consequence of, likeliest first: those that lead to it by a
/// rule, then the earliest one before it that mentions the same name. `others` are the names in other records.
fn candidates<'a>(
    drafts: &'a [IncidentDraft],
    at: usize,
    others: &'a [BTreeSet<String>],
) -> impl Iterator<Item = Follows> + 'a {
    let by_rule = drafts[at].links.iter().filter_map(move |&(consequence, root)| {
        let leads = |other: usize| {
            let (root_span, own) = (drafts[other].span(), drafts[at].span());
            other != at && drafts[other].causes.contains(&root) && is_possible_in_time(root_span, own)
        };
        let incident = (0..drafts.len()).find(|&other| leads(other))?;
        Some(Follows { incident, link: IncidentLink::Causes { consequence, root } })
    });
    by_rule.chain(follows_by_name(drafts, at, others))
}

/// Whether the incident `from` is `to`, or follows from it directly or through others.
fn leads_back(follows: &[Option<Follows>], from: usize, to: usize) -> bool {
    let next = |at: &usize| follows[*at].as_ref().map(|follows| follows.incident);
    std::iter::successors(Some(from), next).any(|at| at == to)
}

fn follows_by_name(drafts: &[IncidentDraft], at: usize, others: &[BTreeSet<String>]) -> Option<Follows> {
    let own = drafts[at].span()?;
    let is_root = |before: &usize| drafts[*before].span().is_some_and(|root| begins_in_time(root, own));
    (0..at).filter(is_root).find_map(|before| {
        let elsewhere = || {
            let of_drafts = (0..drafts.len()).filter(move |&other| other != before && other != at);
            of_drafts.map(|other| &drafts[other].entities).chain(others)
        };
        let is_rare = |name: &String| {
            elsewhere().filter(|mentioned| mentioned.contains(name)).count() * RARE_NAME <= elsewhere().count()
        };
        let both = drafts[before].entities.intersection(&drafts[at].entities);
        let shared: Vec<String> = both.filter(|name| is_rare(name)).cloned().collect();
        (!shared.is_empty()).then_some(Follows { incident: before, link: IncidentLink::Shared(shared) })
    })
}

impl IncidentDraft {
    /// Returns the sort key: the time, drafts without a time last; then causes and articles; then the place, which
    /// comes last because it depends on the order of the logs.
    fn order(&self, program: &Program) -> impl Ord + use<> {
        let first = self.times.iter().min().copied();
        let causes: Vec<String> = self.causes.iter().map(|cause| program.cause(*cause).name.clone()).collect();
        (first.is_none(), first, causes, self.about.clone(), self.places.keys().next().copied())
    }

    /// The times of its first and its last record; `None` if no record has a time.
    fn span(&self) -> Option<TimeSpan> {
        Some((self.times.iter().min().copied()?, self.times.iter().max().copied()?))
    }

    fn add(&mut self, other: IncidentDraft) {
        self.places.extend(other.places);
        self.times.extend(other.times);
        self.causes.extend(other.causes);
        self.links.extend(other.links);
        self.articles.extend(other.articles);
        self.about.extend(other.about);
        self.entities.extend(other.entities);
    }

    fn finish(mut self, follows: Option<Follows>) -> Incident {
        self.articles.sort_by(best_first);
        let mut known = BTreeSet::new();
        self.articles.retain(|(id, ..)| known.insert(id.clone()));
        Incident {
            first: self.times.iter().min().copied(),
            last: self.times.iter().max().copied(),
            places: self.places.into_keys().collect(),
            causes: self.causes,
            articles: self.articles.into_iter().map(|(id, confidence, _)| (id, confidence)).take(MAX_WITHIN).collect(),
            follows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::testing::{Book, seen};
    use crate::infer::{Because, SymptomState};
    use crate::matching::Captures;

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    fn record(line: u64, second: i64, text: &str) -> Salient {
        Salient { time: at(second), is_stamped: true, ..Salient::new(line, text, 1.0) }
    }

    fn hit(id: &str, event: usize, score: f64, confidence: f64) -> ArticleHit {
        ArticleHit { by_event: vec![(event, score)], confidence, ..ArticleHit::new(id, id, score, 0) }
    }

    fn incidents_of_articles(salient: &[Salient], hits: &[ArticleHit]) -> Vec<Incident> {
        incidents(&Program::default(), &[], &[], salient, hits)
    }

    #[test]
    fn distant_records_are_separate_incidents_and_a_name_in_both_links_them() {
        let salient = [
            record(90, 40, "mail for corp.example waits"),
            record(3, 10, "no address of corp.example"),
            record(50, 20, "disk 3 of 10.0.0.7 is full"),
        ];
        // Events are counted in order of lines.
        let hits = [
            hit("WAITS", 2, 9.0, 0.9),
            hit("ADDRESS", 0, 8.0, 0.8),
            hit("DISK", 1, 7.0, 0.85),
            hit("OTHER", 1, 6.0, 0.1),
        ];
        let incident = |line: u64, second: i64, articles: &[(&str, f64)], follows: Option<Follows>| Incident {
            first: at(second),
            last: at(second),
            places: vec![(SourceId(0), line)],
            causes: Vec::new(),
            articles: articles.iter().map(|(id, confidence)| (id.to_string(), *confidence)).collect(),
            follows,
        };
        let follows = Follows { incident: 0, link: IncidentLink::Shared(vec!["corp.example".to_owned()]) };
        let expected = [
            incident(3, 10, &[("ADDRESS", 0.8)], None),
            incident(50, 20, &[("DISK", 0.85), ("OTHER", 0.1)], None),
            incident(90, 40, &[("WAITS", 0.9)], Some(follows)),
        ];
        assert_eq!(incidents_of_articles(&salient, &hits), expected);
    }

    #[test]
    fn a_single_problem_gives_no_incidents() {
        let salient = [record(3, 10, "no address"), record(50, 20, "no address again")];
        assert_eq!(incidents_of_articles(&salient, &[hit("A", 0, 9.0, 0.9)]), []);
        // The article of the other event is unlikely.
        assert_eq!(incidents_of_articles(&salient, &[hit("A", 0, 9.0, 0.9), hit("B", 1, 8.0, 0.4)]), []);
        // First the article of one event is also the best of the other event, then it is not.
        let count_with_shared_article = |score: f64| {
            let both = ArticleHit { by_event: vec![(0, 9.0), (1, score)], ..hit("A", 0, 9.0, 0.9) };
            incidents_of_articles(&salient, &[both, hit("B", 1, 8.0, 0.8)]).len()
        };
        assert_eq!([count_with_shared_article(8.5), count_with_shared_article(7.5)], [0, 2]);
        assert_eq!(incidents_of_articles(&salient, &[]), []);
    }

    #[test]
    fn a_cause_and_the_article_that_its_rule_names_are_one() {
        let mut book = Book::default();
        let slips = book.symptom("slips", 0.001);
        let worn = book.cause("worn", 0.05, &[(slips, 0.9)]);
        let findings = [Finding { first: at(5), last: at(6), ..seen(slips, 2, 200, &[]) }];
        let because = Because { symptom: slips, state: SymptomState::Present, decibans: Some(20.0) };
        let cause = |articles: &[&str]| RankedCause {
            cause: worn,
            probability: 0.9,
            by_itself: 0.9,
            follows: Vec::new(),
            captures: Captures::new(),
            articles: articles.iter().map(|id| id.to_string()).collect(),
            because: vec![because.clone()],
        };
        let found = |named: &[&str], second: i64| {
            let salient = [record(3, second, "the belt is off")];
            incidents(&book.program, &findings, &[cause(named)], &salient, &[hit("A", 0, 9.0, 0.9)])
        };
        assert_eq!(found(&["A"], 60), []);
        // The record is near the one that shows the cause.
        assert_eq!(found(&[], 6), []);
        let apart = found(&["B"], 60);
        let causes: Vec<&[CauseId]> = apart.iter().map(|incident| incident.causes.as_slice()).collect();
        assert_eq!(causes, [&[worn][..], &[]]);
        assert_eq!(apart[0].last, at(6));
    }

    #[test]
    fn a_consequence_by_rule_follows_whichever_was_seen_first() {
        let mut book = Book::default();
        let [slips, stops] = ["slips", "stops"].map(|name| book.symptom(name, 0.001));
        let worn = book.cause("worn", 0.05, &[(slips, 0.9)]);
        let jammed = book.cause("jammed", 0.05, &[(stops, 0.9)]);
        let ranked = |cause: CauseId, symptom, follows: &[CauseId]| RankedCause {
            cause,
            probability: 0.9,
            by_itself: if follows.is_empty() { 0.9 } else { 0.1 },
            follows: follows.to_vec(),
            captures: Captures::new(),
            articles: Vec::new(),
            because: vec![Because { symptom, state: SymptomState::Present, decibans: Some(20.0) }],
        };
        let causes = [ranked(worn, slips, &[]), ranked(jammed, stops, &[worn])];
        let seen_at = |symptom, line: u64, second: i64| Finding {
            first: at(second),
            last: at(second),
            ..seen(symptom, 1, line, &[])
        };
        let follows = |slips_at: i64, stops_at: i64| -> Vec<Option<Follows>> {
            let findings = [seen_at(slips, 10, slips_at), seen_at(stops, 90, stops_at)];
            incidents(&book.program, &findings, &causes, &[], &[]).into_iter().map(|i| i.follows).collect()
        };
        let from = |incident: usize| {
            Some(Follows { incident, link: IncidentLink::Causes { consequence: jammed, root: worn } })
        };
        assert_eq!(follows(5, 50), [None, from(0)]);
        assert_eq!(follows(50, 5), [from(1), None]);
        // Two days apart, whichever comes first, they are two problems.
        assert_eq!(follows(5, 172_805), [None, None]);
        assert_eq!(follows(172_805, 5), [None, None]);
    }

    /// Returns the names that link the second of two problems to the first. They were seen `apart` seconds after one
    /// another; the records `others` stand out too.
    fn shared(texts: [&str; 2], apart: i64, others: &[&str]) -> Vec<String> {
        let mut salient = vec![record(3, 10, texts[0]), record(90, 10 + apart, texts[1])];
        salient.extend((0..).zip(others).map(|(n, text)| record(200 + 10 * n, 100_000 + 10 * n as i64, text)));
        let found = incidents_of_articles(&salient, &[hit("A", 0, 9.0, 0.9), hit("B", 1, 8.0, 0.8)]);
        match found.get(1).and_then(|incident| incident.follows.clone()) {
            Some(Follows { incident: 0, link: IncidentLink::Shared(names) }) => names,
            None => Vec::new(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_shared_name_links_only_in_time() {
        let texts = ["disk of db3.corp.example is full", "no answer of db3.corp.example"];
        assert_eq!(shared(texts, 30, &[]), ["db3.corp.example"]);
        assert_eq!(shared(texts, 600, &[]), ["db3.corp.example"]);
        assert_eq!(shared(texts, 601, &[]), Vec::<String>::new());
        assert_eq!(shared(texts, 24 * 60 * 60, &[]), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_many_records_mention_links_nothing() {
        let texts = ["disk of db3.corp.example is full", "no answer of db3.corp.example"];
        let chatter = "db3.corp.example checked";
        assert_eq!(shared(texts, 30, &["up", "down", chatter]), ["db3.corp.example"]);
        assert_eq!(shared(texts, 30, &["up", chatter]), Vec::<String>::new());
        assert_eq!(shared(texts, 30, &["up", "down", chatter, chatter]), Vec::<String>::new());
    }

    #[test]
    fn a_loopback_address_and_a_common_path_link_nothing() {
        let texts = ["bind to 127.0.0.1:80 and /etc/hosts failed", "127.0.0.1 refused, see /etc/hosts"];
        assert_eq!(shared(texts, 30, &[]), Vec::<String>::new());
        let texts = ["bind to 10.2.3.4:80 on /dev/sdc1 failed", "10.2.3.4 refused, see /dev/sdc1"];
        assert_eq!(shared(texts, 30, &[]), ["/dev/sdc1", "10.2.3.4"]);
    }
}
