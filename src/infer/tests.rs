//! Whole diagnoses: the sample of `docs/rule-language.md`, and properties of every diagnosis.

use std::time::Duration;

use proptest::prelude::*;

use super::testing::{Book, scan_of, seen};
use super::*;
use crate::identifier::IdentifierKind;
use crate::matching::{SourceSummary, Status};
use crate::product::Release;
use crate::rule::program::{Comparison, Probe, Risk, Template};
use crate::rule::{CauseId, ResolutionId, SymptomId};
use crate::source::SourceId;

/// The sample rules of `docs/rule-language.md`, with their chances as numbers. `mx_lookup_fails` has a probe; leaks are
/// the defaults.
struct Sample {
    book: Book,
    unreachable: SymptomId,
    queue: SymptomId,
    relay: SymptomId,
    mx_fails: SymptomId,
    dns: CauseId,
    search_list: CauseId,
    correct_dns: ResolutionId,
    disable_list: ResolutionId,
}

fn sample() -> Sample {
    let mut book = Book::default();
    let unreachable = book.symptom("smtp_destination_unreachable", 0.001);
    let queue = book.question("outbound_queue_grows", 0.05, 2);
    let relay = book.question("relay_restores_flow", 0.05, 10);
    let mx_fails = book.symptom("mx_lookup_fails", 0.05);
    let probe = &mut book.program.symptoms[mx_fails.0 as usize];
    probe.probe = Some(Probe { question: Template(Vec::new()), run: None });
    probe.cost = Duration::from_secs(60);
    probe.of = Some(unreachable);
    let dns = book.cause("dns_misconfigured", 0.05, &[(queue, 0.98), (relay, 0.9), (mx_fails, 0.7)]);
    book.applies(dns, "exchange", &[(Comparison::GreaterOrEqual, "5.0"), (Comparison::Less, "6.0")]);
    book.cause_kb(dns, &["Q262270", "Q146556"]);
    let search_list = book.cause("resolver_search_list", 0.005, &[(unreachable, 0.9), (queue, 0.9)]);
    book.against(search_list, mx_fails, 0.02);
    book.cause_kb(search_list, &["Q169781"]);
    let correct_dns = book.resolution("correct_dns", &[(dns, 0.9)], 15, Risk::Low);
    let disable_list = book.resolution("disable_search_list", &[(search_list, 0.9)], 30, Risk::Medium);
    Sample { book, unreachable, queue, relay, mx_fails, dns, search_list, correct_dns, disable_list }
}

/// Looks up an article of the KB, as [`Titles`] requires; one of the articles has a second name.
fn titles(name: &str) -> Option<(String, String)> {
    let (id, title) = match name {
        "Q169781" | "cb-multiple-mx" => ("cb-multiple-mx", "Several MX records"),
        "Q262270" => ("Q262270", "DNS settings"),
        _ => return None,
    };
    Some((id.to_owned(), title.to_owned()))
}

impl Sample {
    fn diagnose(&self, scan: Scan, facts: &Facts) -> Diagnosis {
        diagnose(&self.book.program, scan, facts, &Searched::default(), &titles)
    }

    fn message_alone(&self) -> Scan {
        let finding = seen(self.unreachable, 3, 7, &[("domain", 42)]);
        Scan { findings: vec![finding], ..Scan::default() }
    }
}

fn ranking(diagnosis: &Diagnosis) -> Vec<(CauseId, f64)> {
    diagnosis.causes.iter().map(|ranked| (ranked.cause, (ranked.probability * 1000.0).round() / 1000.0)).collect()
}

#[test]
fn the_message_alone_points_at_the_search_list() {
    let mut s = sample();
    s.book.program.resolutions[s.disable_list.0 as usize].kb = vec!["Q169781".into(), "cb-multiple-mx".into()];
    let diagnosis = s.diagnose(s.message_alone(), &Facts::default());
    assert_eq!(ranking(&diagnosis), [(s.search_list, 0.819), (s.dns, 0.05)]);
    assert_eq!((diagnosis.none_of_these * 1000.0).round(), 172.0);
    assert_eq!(diagnosis.verdict, Verdict::Likely);
    let order: Vec<_> = diagnosis.resolutions.iter().map(|ranked| ranked.resolution.clone()).collect();
    assert_eq!(order, [s.disable_list, s.correct_dns].map(Proposed::Rule));
    assert_eq!(diagnosis.resolutions[0].captures, s.message_alone().findings[0].captures);
    let because = &diagnosis.causes[0].because;
    assert_eq!(because.len(), 1);
    // Odds go from 1/199 to .819/.181.
    let decibans = 10.0 * (0.005 * (1.0 - 0.999 * 0.1) / (0.995 * 0.001) * 199.0_f64).log10();
    assert!(because[0].decibans.is_some_and(|found| (found - decibans).abs() < 1e-9), "{because:?}");
    assert_eq!((because[0].symptom, because[0].state), (s.unreachable, SymptomState::Present));
    // An article may have several names; one that the KB does not contain keeps the name in the rule.
    assert_eq!(diagnosis.causes[0].articles, ["cb-multiple-mx"]);
    assert_eq!(diagnosis.causes[1].articles, ["Q262270", "Q146556"]);
    assert_eq!(diagnosis.resolutions[0].articles, ["cb-multiple-mx"]);
    // The message is no evidence about a cause that does not show it.
    assert_eq!(diagnosis.causes[1].because, []);
    assert_eq!(diagnosis.notes, []);
}

#[test]
fn a_failing_look_up_clears_the_search_list() {
    let s = sample();
    let facts = Facts { answers: vec![(s.mx_fails, true), (s.queue, true)], ..Facts::default() };
    let diagnosis = s.diagnose(scan_of(&[s.unreachable]), &facts);
    assert_eq!(diagnosis.causes[0].cause, s.dns);
    let reasons: Vec<_> = diagnosis.causes[1].because.iter().map(|b| (b.symptom, b.decibans > Some(0.0))).collect();
    assert_eq!(reasons[0], (s.unreachable, true));
    assert!(reasons.contains(&(s.mx_fails, false)), "{reasons:?}");
    assert_eq!(diagnosis.findings.len(), 3);
}

#[test]
fn nothing_seen_is_unknown_and_reports_no_cause() {
    let s = sample();
    let diagnosis = s.diagnose(Scan::default(), &Facts::default());
    assert_eq!((diagnosis.verdict, diagnosis.none_of_these), (Verdict::Unknown, 1.0));
    assert_eq!((diagnosis.causes, diagnosis.resolutions, diagnosis.articles), (vec![], vec![], vec![]));
    assert_eq!((diagnosis.next_checks, diagnosis.version_checks), (vec![], vec![]));
}

#[test]
fn a_failed_resolution_is_evidence_against_its_cause_and_is_not_proposed_again() {
    let s = sample();
    let facts = Facts { tried: vec![s.disable_list], ..Facts::default() };
    let diagnosis = s.diagnose(s.message_alone(), &facts);
    let there = 0.005 * (1.0 - 0.999 * 0.1) * (1.0 - 0.9);
    let top = &diagnosis.causes[0];
    assert_eq!(top.cause, s.search_list);
    assert!((top.probability - there / (there + 0.995 * 0.001)).abs() < 1e-9, "{}", top.probability);
    assert_eq!(
        diagnosis.resolutions.iter().map(|r| r.resolution.clone()).collect::<Vec<_>>(),
        [Proposed::Rule(s.correct_dns)]
    );
}

#[test]
fn a_version_out_of_range_drops_the_cause_and_says_so() {
    let s = sample();
    let facts = |version: &str| Facts { products: Release::stated("exchange", version), ..Facts::default() };
    let dropped = s.diagnose(s.message_alone(), &facts("6.5"));
    assert_eq!((ranking(&dropped), dropped.not_applicable), (vec![(s.search_list, 0.819)], vec![s.dns]));
    let kept = s.diagnose(s.message_alone(), &facts("5.5 SP4"));
    assert_eq!((kept.causes.len(), kept.not_applicable, kept.version_checks), (2, vec![], vec![]));
}

#[test]
fn an_undecided_version_is_asked_for_where_it_matters() {
    let s = sample();
    let asked = |answers: Vec<_>| -> Vec<_> {
        let diagnosis = s.diagnose(Scan::default(), &Facts { answers, ..Facts::default() });
        assert_eq!(diagnosis.causes[0].cause, s.dns);
        diagnosis.version_checks.into_iter().map(|check| (check.product, check.causes)).collect()
    };
    assert_eq!(asked(vec![(s.queue, true)]), [("exchange".to_owned(), vec![s.dns])]);
    // Once the cause is nearly certain, no version is worth a minute.
    assert_eq!(asked(vec![(s.queue, true), (s.relay, true)]), []);
}

#[test]
fn an_answer_wins_over_the_log_and_both_stay_listed() {
    let s = sample();
    let facts = Facts { answers: vec![(s.unreachable, false), (s.queue, true)], ..Facts::default() };
    let diagnosis = s.diagnose(s.message_alone(), &facts);
    let statuses: Vec<_> = diagnosis.findings.iter().map(|finding| (finding.symptom, finding.status)).collect();
    assert_eq!(
        statuses,
        [
            (s.unreachable, Status::Answered(false)),
            (s.unreachable, Status::Confirmed),
            (s.queue, Status::Answered(true))
        ]
    );
    let states: Vec<_> = diagnosis.causes.iter().flat_map(|c| &c.because).map(|b| (b.symptom, b.state)).collect();
    assert!(states.contains(&(s.unreachable, SymptomState::Absent)), "{states:?}");
}

#[test]
fn a_symptom_is_absent_only_where_its_source_overlaps_the_evidence() {
    let mut book = Book::default();
    let crash = book.symptom("crash", 0.001);
    let dump = book.symptom("dump", 0.001);
    book.cause("fault", 0.005, &[(crash, 0.9), (dump, 0.9)]);
    let at = |second: i64| jiff::Timestamp::from_second(second).ok();
    let scan = |first: Option<i64>, last: Option<i64>, records| {
        let source = |first, last, records, not_looked_for| SourceSummary {
            name: "x".into(),
            format: "plain".to_owned(),
            records,
            left_out: 0,
            bytes: 1,
            first,
            last,
            not_looked_for,
            cut: 0,
        };
        let mut finding = seen(crash, 1, 1, &[]);
        (finding.first, finding.last) = (at(1000), at(1000));
        Scan {
            findings: vec![finding],
            silent: vec![dump],
            sources: vec![
                source(at(900), at(1100), 1, vec![dump]),
                source(first.and_then(at), last.and_then(at), records, vec![]),
            ],
            ..Scan::default()
        }
    };
    let states = |scan: Scan| -> Vec<_> {
        let diagnosis = diagnose(&book.program, scan, &Facts::default(), &Searched::default(), &titles);
        diagnosis.causes[0].because.iter().map(|because| (because.symptom, because.state)).collect()
    };
    assert_eq!(states(scan(Some(990), Some(1010), 1)), [(crash, SymptomState::Present), (dump, SymptomState::Absent)]);
    assert_eq!(states(scan(None, None, 1)), [(crash, SymptomState::Present), (dump, SymptomState::Absent)]);
    assert_eq!(states(scan(Some(0), Some(999), 1)), [(crash, SymptomState::Present)]);
    // A source without records cannot show that a symptom is absent.
    assert_eq!(states(scan(None, None, 0)), [(crash, SymptomState::Present)]);
}

#[test]
fn articles_merge_by_canonical_id_and_rules_come_before_search() {
    let s = sample();
    let mut scan = s.message_alone();
    scan.salient = vec![crate::matching::Salient::new(9, "421 unable", 1.0)];
    let hit =
        |id: &str, score: f64| ArticleHit { confidence: 0.25, ..ArticleHit::new(id, &format!("About {id}"), score, 0) };
    let hits = [hit("Q1", 8.0), hit("cb-multiple-mx", 6.0), hit("Q2", 4.8), hit("Q3", 0.2)];
    let searched = Searched { records: scan.salient.clone(), hits: hits.to_vec() };
    let diagnosis = diagnose(&s.book.program, scan, &Facts::default(), &searched, &titles);
    let list: Vec<_> = diagnosis.articles.iter().map(|article| (&*article.id, &*article.title)).collect();
    // At 5 %, the articles of `dns_misconfigured` come below good hits and above poor ones. An article that the KB does
    // not contain comes last.
    assert_eq!(
        list,
        [
            ("cb-multiple-mx", "Several MX records"),
            ("Q1", "About Q1"),
            ("Q2", "About Q2"),
            ("Q262270", "DNS settings"),
            ("Q3", "About Q3"),
            ("Q146556", "Q146556")
        ]
    );
    let top = &diagnosis.articles[0];
    assert!((top.confidence - diagnosis.causes[0].probability).abs() < 1e-12);
    assert_eq!(
        top.because,
        [
            ArticleReason::Cause {
                cause: s.search_list,
                weight: diagnosis.causes[0].probability,
                at: Some((SourceId(0), 7))
            },
            ArticleReason::Search {
                text: "421 unable".into(),
                at: (SourceId(0), 9),
                weight: 0.75,
                features: Features::default()
            }
        ]
    );
    assert_eq!(diagnosis.articles[1].confidence, 0.25);
}

#[test]
fn what_a_rule_judges_is_not_lifted_by_the_search() {
    let s = sample();
    // Line 7 shows the cause that names the article.
    let confidences = |line: u64| {
        let mut scan = s.message_alone();
        scan.salient = vec![crate::matching::Salient::new(line, "421 unable", 1.0)];
        let hits = vec![ArticleHit { confidence: 0.95, ..ArticleHit::new("cb-multiple-mx", "MX", 8.0, 0) }];
        let searched = Searched { records: scan.salient.clone(), hits };
        let diagnosis = diagnose(&s.book.program, scan, &Facts::default(), &searched, &titles);
        (diagnosis.articles[0].confidence, 1.0 - diagnosis.none_of_these)
    };
    let (judged, one_of_these) = confidences(7);
    assert!(one_of_these < 0.9 && (judged - one_of_these).abs() < 1e-12, "{judged} {one_of_these}");
    assert_eq!(confidences(9).0, 0.95);
}

#[test]
fn signatures_explain_a_hit_and_do_not_change_the_ranking() {
    let s = sample();
    let mut scan = s.message_alone();
    let record = |line| crate::matching::Salient::new(line, &format!("421 unable {line}"), 1.0);
    scan.salient = vec![record(9), record(11)];
    let hit = |id: &str, score| ArticleHit { confidence: 0.25, ..ArticleHit::new(id, id, score, 0) };
    let plain = [hit("Q1", 8.0), hit("cb-multiple-mx", 6.0)];
    let reply = Signature {
        kind: IdentifierKind::Reply,
        text: "smtp 421".to_owned(),
        section: 1,
        salient: 1,
        share: 1.0,
        weight: 0.75,
    };
    let explained = plain.clone().map(|hit| ArticleHit { signatures: vec![reply.clone()], ..hit });
    let articles = |hits: &[ArticleHit]| {
        let searched = Searched { records: scan.salient.clone(), hits: hits.to_vec() };
        diagnose(&s.book.program, scan.clone(), &Facts::default(), &searched, &titles).articles
    };
    let mut expected = articles(&plain);
    for article in &mut expected {
        let search = article.because.iter().position(|reason| matches!(reason, ArticleReason::Search { .. }));
        let reason = ArticleReason::Signature {
            kind: IdentifierKind::Reply,
            text: "smtp 421".to_owned(),
            section: 1,
            at: (SourceId(0), 11),
            record: "421 unable 11".to_owned(),
            share: 1.0,
            weight: 0.75,
        };
        search.into_iter().for_each(|at| article.because.insert(at, reason.clone()));
    }
    assert_eq!(articles(&explained), expected);
    assert_eq!(expected[0].because.len(), 3);
}

#[test]
fn estimates_come_without_weights_of_evidence() {
    let mut book = Book::default();
    let symptoms: Vec<SymptomId> =
        (0..=weights::EXACT_POSITIVES).map(|n| book.symptom(&format!("s{n:02}"), 0.01)).collect();
    let asked = book.question("asked", 0.05, 1);
    let shows: Vec<_> = symptoms.iter().chain([&asked]).map(|&symptom| (symptom, 0.6)).collect();
    let cause = book.cause("cause", 0.01, &shows);
    book.cause_kb(cause, &["Q1"]);
    // With few causes, any number of findings is exact, and so it is if no two causes show all of them.
    for n in 0..weights::ENUMERATED_CAUSES {
        let shown = if n == 0 { &symptoms[..] } else { &symptoms[..1] };
        let shows: Vec<_> = shown.iter().map(|&symptom| (symptom, 1e-3)).collect();
        book.cause(&format!("rare{n:02}"), 1e-6, &shows);
    }
    let because = |seen: &[SymptomId]| {
        let facts = Facts { answers: vec![(asked, false)], ..Facts::default() };
        let diagnosis = diagnose(&book.program, scan_of(seen), &facts, &Searched::default(), &|_| None);
        let at = match &diagnosis.articles[0].because[0] {
            ArticleReason::Cause { at, .. } => *at,
            reason => panic!("{reason:?}"),
        };
        let sampled = diagnosis.notes.iter().any(|note| matches!(note, Note::Sampled { .. }));
        (sampled, at, diagnosis.causes[0].because.clone())
    };
    let (sampled, at, exact) = because(&symptoms[1..]);
    assert!(!sampled && at.is_some());
    assert!(exact.iter().all(|because| because.decibans.is_some()), "{exact:?}");
    let (sampled, at, estimated) = because(&symptoms);
    assert_eq!((sampled, at), (true, Some((SourceId(0), 1))));
    let unweighed = |symptom, state| Because { symptom, state, decibans: None };
    let seen = symptoms.iter().map(|&symptom| unweighed(symptom, SymptomState::Present));
    assert_eq!(estimated, seen.chain([unweighed(asked, SymptomState::Absent)]).collect::<Vec<_>>());
}

#[test]
fn explain_shows_the_numbers_of_the_diagnosis() {
    let s = sample();
    let facts = Facts { answers: vec![(s.mx_fails, true)], ..Facts::default() };
    let scan = s.message_alone();
    let explanation = explain(&s.book.program, &scan, &facts, s.search_list);
    let diagnosis = s.diagnose(scan, &facts);
    let ranked = diagnosis.causes.iter().find(|c| c.cause == s.search_list).expect("its component is live");
    assert_eq!(explanation.probability, ranked.probability);
    assert_eq!(explanation.against, [(s.mx_fails, 0.02)]);
    let shown: Vec<_> = explanation.shows.iter().map(|shown| (shown.symptom, shown.state, shown.chance)).collect();
    assert_eq!(shown, [(s.unreachable, SymptomState::Present, 0.9), (s.queue, SymptomState::Unknown, 0.9)]);
    assert_eq!(explanation.shows[1].rivals.iter().map(|rival| rival.cause).collect::<Vec<_>>(), [s.dns]);
    let nothing = explain(&s.book.program, &Scan::default(), &Facts::default(), s.search_list);
    assert_eq!((nothing.probability, nothing.none_of_these), (0.005, None));
}

/// Returns a diagnosis as text with names instead of ids, so that two numberings of one program can be compared.
fn by_name(program: &Program, diagnosis: &Diagnosis) -> String {
    let symptom = |id: SymptomId| &*program.symptoms[id.0 as usize].name;
    let cause = |id: CauseId| &*program.causes[id.0 as usize].name;
    let mut text = format!("{:?} {} {:?}\n", diagnosis.verdict, diagnosis.none_of_these, diagnosis.articles.len());
    for ranked in &diagnosis.causes {
        let because: Vec<_> = ranked.because.iter().map(|b| (symptom(b.symptom), b.state, b.decibans)).collect();
        text += &format!("{} {} {because:?} {:?}\n", cause(ranked.cause), ranked.probability, ranked.captures);
    }
    for ranked in &diagnosis.resolutions {
        text += &format!("{} {}\n", ranked.resolution.as_rule(program).name, ranked.p_resolves);
    }
    for check in &diagnosis.next_checks {
        text += &format!("{} {:?}\n", symptom(check.symptom), check.value);
    }
    for article in &diagnosis.articles {
        text += &format!("{} {} {}\n", article.id, article.score, article.confidence);
    }
    text
}

/// The orders in which the parts of a program, a scan and facts are entered.
#[derive(Debug, Clone)]
struct Orders {
    symptoms: Vec<usize>,
    causes: Vec<usize>,
    findings: Vec<usize>,
    answers: Vec<usize>,
    tried: Vec<usize>,
    /// The order of the statements within a cause or a resolution.
    statements: Vec<usize>,
}

impl Orders {
    fn sorted() -> Orders {
        let [symptoms, causes, findings] = [6, 4, 3].map(|n| (0..n).collect());
        Orders { symptoms, causes, findings, answers: vec![3, 4], tried: vec![0, 2], statements: (0..6).collect() }
    }

    /// Returns these orders, each randomly permuted.
    fn shuffled(self) -> impl Strategy<Value = Orders> {
        let Orders { symptoms, causes, findings, answers, tried, statements } = self;
        let first = (Just(symptoms).prop_shuffle(), Just(causes).prop_shuffle(), Just(findings).prop_shuffle());
        let further = (Just(answers).prop_shuffle(), Just(tried).prop_shuffle(), Just(statements).prop_shuffle());
        (first, further).prop_map(|((symptoms, causes, findings), (answers, tried, statements))| Orders {
            symptoms,
            causes,
            findings,
            answers,
            tried,
            statements,
        })
    }

    /// Returns `items` in the order of the indices in `statements`; indices without an item are skipped.
    fn pick<T: Copy>(&self, items: &[T]) -> Vec<T> {
        self.statements.iter().filter_map(|&index| items.get(index).copied()).collect()
    }
}

/// Returns the diagnosis of six symptoms and four causes, entered in the given orders. Three symptoms are seen, one is
/// answered yes and one no, two resolutions failed, two symptoms are against causes, and one resolution resolves all.
fn permuted(orders: &Orders) -> String {
    let mut book = Book::default();
    let mut symptoms = [SymptomId(0); 6];
    for &index in &orders.symptoms {
        let name = format!("symptom_{index}");
        symptoms[index] = if index < 3 { book.symptom(&name, 0.01) } else { book.question(&name, 0.05, 1) };
    }
    let shows = [&[0, 1, 3, 4][..], &[1, 2, 5], &[2, 4], &[0, 2, 3]];
    let (mut causes, mut fixes) = ([CauseId(0); 4], [ResolutionId(0); 4]);
    for &index in &orders.causes {
        let shown = orders.pick(shows[index]).into_iter().map(|s| (symptoms[s], 0.3 + 0.1 * s as f64));
        let cause = book.cause(&format!("cause_{index}"), 0.013 * (1 + index % 2) as f64, &shown.collect::<Vec<_>>());
        for (against, ratio) in orders.pick(&[(1, 0.2), (3, 0.02), (2, 0.7)]) {
            if !shows[index].contains(&against) {
                book.against(cause, symptoms[against], ratio);
            }
        }
        book.cause_kb(cause, &[&format!("Q{index}"), "Q9"]);
        let fix = book.resolution(&format!("fix_{index}"), &[(cause, 0.8)], 15, Risk::Low);
        book.program.resolutions[fix.0 as usize].kb = vec!["Q8".into()];
        (causes[index], fixes[index]) = (cause, fix);
    }
    let all: Vec<(CauseId, f64)> = causes.into_iter().zip([0.13, 0.17, 0.19, 0.23]).collect();
    book.resolution("fix_all", &orders.pick(&all), 40, Risk::Medium);
    let captures = |index: usize| [("n", index as i64)];
    let findings = orders.findings.iter().map(|&index| seen(symptoms[index], 1, index as u64, &captures(index)));
    let scan = Scan { findings: findings.collect(), ..Scan::default() };
    let facts = Facts {
        answers: orders.answers.iter().map(|&index| (symptoms[index], index == 3)).collect(),
        tried: orders.tried.iter().map(|&index| fixes[index]).collect(),
        ..Facts::default()
    };
    let diagnosis = diagnose(&book.program, scan, &facts, &Searched::default(), &|_| None);
    by_name(&book.program, &diagnosis)
}

proptest! {
    #[test]
    fn no_order_of_anything_changes_the_diagnosis(orders in Orders::sorted().shuffled()) {
        prop_assert_eq!(permuted(&orders), permuted(&Orders::sorted()));
    }
}

#[test]
fn of_two_likely_causes_the_one_that_goes_on_comes_first() {
    let mut book = Book::default();
    let [jams, hums] = ["jams", "hums"].map(|name| book.symptom(name, 0.001));
    let worn = book.cause("worn", 0.05, &[(jams, 0.9)]);
    let dry = book.cause("dry", 0.005, &[(hums, 0.9)]);
    let minute = |minute: i64| jiff::Timestamp::from_second(60 * minute).ok();
    let source = crate::matching::SourceSummary {
        name: "lathe.log".to_owned(),
        format: "syslog".to_owned(),
        records: 900,
        left_out: 0,
        bytes: 90_000,
        first: minute(0),
        last: minute(600),
        not_looked_for: Vec::new(),
        cut: 0,
    };
    let diagnosed = |jams_at: (i64, i64), hums_at: (i64, i64)| {
        let times = |(first, last)| (minute(first), minute(last));
        let finding =
            |symptom, line, (first, last)| crate::matching::Finding { first, last, ..seen(symptom, 5, line, &[]) };
        let findings = vec![finding(jams, 1, times(jams_at)), finding(hums, 90, times(hums_at))];
        let scan = Scan { findings, sources: vec![source.clone()], ..Scan::default() };
        let diagnosis = diagnose(&book.program, scan, &Facts::default(), &Searched::default(), &titles);
        (diagnosis.causes[0].cause, diagnosis.over_since(&book.program))
    };
    assert_eq!(diagnosed((580, 599), (580, 599)), (worn, None));
    assert_eq!(diagnosed((10, 20), (580, 599)), (dry, None));
    // If all is over, it is told as such.
    assert_eq!(diagnosed((10, 20), (30, 40)), (worn, minute(20)));
    // Ordinary lines soon after a fault do not end it.
    assert_eq!(diagnosed((10, 595), (10, 20)), (worn, None));
}
