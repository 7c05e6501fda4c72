//! Tests every report with text that a terminal would act on.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::article;
use crate::case::CaseFile;
use crate::diagnostic::{Diagnostic, Severity};
use crate::identifier::IdentifierKind;
use crate::infer::{self, ArticleHit, CheckMeans, Facts, NextCheck, VersionCheck};
use crate::ingest::IngestReport;
use crate::log::{Input, Listed, Period, ReadOptions, SourceZones, SurveyOptions};
use crate::matching::{self, ScanOptions, SearchedInputs};
use crate::pipeline::{Failure, Overview, Shown, TestOutcome};
use crate::query::QueryPiece;
use crate::report::clean::is_acted_on;
use crate::report::{Amount, DiagnosisView, csv, html, markdown};
use crate::rule::{RuleText, load};
use crate::source::Span;
use crate::store::{
    ArticleSignature, CommitInfo, EmptyResult, Hit, References, Related, Relation, Restriction, ScoreExplanation,
    ScoreLabel, ScorePart, SearchResults, SimilarTo, Snippet, StoredArticle, UnknownWord, WhyNot, WhyNotReason,
    WithoutRestriction, WordOrigin,
};

/// Would set the window title, change the colour (once by ESC, once by C1), change the writing direction (in two ways)
/// and overwrite text (in two ways).
const HOSTILE: &str = "\u{1b}]0;t\u{7}\u{1b}[95m\u{9b}95m\u{202e}\u{2066}\u{8}\rX";

/// Checks that `write` puts out no control characters except our own styles, line ends and tabs.
#[track_caller]
fn check(write: impl Fn(&mut Page) -> io::Result<()>) {
    let mut out = Vec::new();
    write(&mut Page::new(&mut out, 80)).expect("a Vec");
    is_harmless(out);
}

/// Does what [`check`] does, for output that is not written on a page.
#[track_caller]
fn check_text(write: impl Fn(&mut dyn io::Write) -> io::Result<()>) {
    let mut out = Vec::new();
    write(&mut out).expect("a Vec");
    is_harmless(out);
}

#[track_caller]
fn is_harmless(written: Vec<u8>) {
    let text = String::from_utf8(written).expect("UTF-8");
    assert!(text.contains('X'), "what is shown of the hostile text is missing: {text:?}");
    assert!(!text.contains("\u{1b}[95m"), "{text:?}");
    let ours = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a valid regex");
    let rest = ours.replace_all(&text, "");
    assert!(!rest.chars().any(|c| !matches!(c, '\n' | '\t') && is_acted_on(c)), "{rest:?}");
}

/// Creates a signature of each kind.
fn signatures(text: &str) -> Vec<infer::Signature> {
    let signature =
        |kind| infer::Signature { kind, text: text.to_owned(), section: 0, salient: 0, share: 1.0, weight: 1.0 };
    [IdentifierKind::Message, IdentifierKind::Reply, IdentifierKind::Event].map(signature).into()
}

fn stored() -> StoredArticle {
    let text = format!(
        "DOCUMENT:cb-hum  12-NOV-2026  [test]\nTITLE   :It hums {HOSTILE}\nPRODUCT :Test {HOSTILE}\nPROD/VER:1.0\n\
         OPER/SYS:\nKEYWORDS:kb{HOSTILE}\n\nSYMPTOMS\n========\n\nIt hums {HOSTILE}\n\tsee Q100100.\n"
    );
    let article = article::parse(&text, "").expect("an article");
    StoredArticle { article, source: format!("/kb/{HOSTILE}.txt"), collection: HOSTILE.to_owned() }
}

#[test]
fn a_diagnosis() {
    let text = format!(
        "symptom hum \"It hums {{what}} {HOSTILE}\" {{ match \"hum {{what:rest}}\"  how \"Look {HOSTILE}\" }}\n\
         symptom asked \"A\" {{ ask \"Does {HOSTILE} it?\" cost 1s }}\n\
         symptom other \"O\" {{ on \"a{HOSTILE}\" match \"o\" }}\n\
         symptom torn \"T\" {{ match \"wall {{what}} is {{n:int}}\" or i\"wall{HOSTILE}\" }}\n\
         symptom rarely \"R\" {{ match \"hum {{what:rest}}\" where count > 9 and what != \"{HOSTILE}\" }}\n\
         cause motor \"Motor {{what}}\" {{ prior common shows hum usually shows asked often shows other often\n\
           applies \"p{HOSTILE}\" >= 5.0 kb \"Q1\" }}\n\
         cause belt \"Belt\" {{ shows asked often shows hum often }}\n\
         resolution fix \"Fix {{what}}\" {{ resolves motor usually  needs \"tool {HOSTILE}\"  undo \"Undo {{what}}\"\n\
           step \"Do {{what}}\" run `x '{{what}}' {HOSTILE}`  verify no hum for 1h }}\n"
    );
    let (program, found) = load(&[RuleText { path: "a.rules".to_owned(), text }], None);
    assert!(found.iter().all(|(_, found)| found.severity == Severity::Warning), "{found:?}");
    // Reading a log settles carriage returns; what it leaves is hostile enough.
    let log = format!("hum {HOSTILE}\nwall {HOSTILE} struck\n").replace('\r', "");
    let inputs = vec![Input::bytes(HOSTILE, log)];
    let options = ScanOptions::at(jiff::Timestamp::UNIX_EPOCH);
    let near = |name| {
        let looking = SearchedInputs { inputs: inputs.clone(), probes: Vec::new() };
        matching::why_not_seen(&program, program.symptom_named(name).expect("a symptom"), looking, &options)
    };
    let why_not = ["hum", "asked", "other", "torn", "rarely"].map(near);
    let scan = matching::scan(&program, inputs.clone(), &options);
    assert!(!scan.salient.is_empty());
    let why = infer::explain(&program, &scan, &Facts::default(), program.cause_named("motor").expect("a cause"));
    let mut hit = ArticleHit::new(HOSTILE, HOSTILE, 1.0, 0);
    hit.signatures = signatures(HOSTILE);
    let records = scan.salient.clone();
    let mut diagnosis =
        infer::diagnose(&program, scan, &Facts::default(), &infer::Searched { records, hits: vec![hit] }, &|_| None);
    let check_of = |name: &str, means| NextCheck {
        symptom: program.symptom_named(name).expect("a symptom"),
        means,
        captures: diagnosis.findings[0].captures.clone(),
        value: Duration::from_secs(1),
    };
    diagnosis.next_checks = vec![
        check_of("hum", CheckMeans::Source),
        check_of("asked", CheckMeans::Ask),
        check_of("other", CheckMeans::Source),
    ];
    let version = VersionCheck { product: HOSTILE.to_owned(), causes: Vec::new(), value: Duration::from_secs(1) };
    diagnosis.version_checks = vec![version];
    let view = DiagnosisView {
        program: &program,
        diagnosis: &diagnosis,
        amount: Amount::AtMost(9),
        why: Some(&why),
        why_not: &why_not,
    };
    check(|page| super::diagnosis(page, view));
    for next in infer::checks_by_value(&program, &diagnosis) {
        check(|page| super::check(page, view, next));
    }
    check(|page| super::ended(page, view, Some(Path::new(HOSTILE))));
    let nothing =
        infer::diagnose(&program, matching::Scan::default(), &Facts::default(), &infer::Searched::default(), &|_| None);
    check(|page| super::changes(page, &program, &nothing, &diagnosis));
    check_text(|out| markdown::diagnosis(out, view));
    check_text(|out| html::diagnosis(out, view));
}

#[test]
fn a_survey_of_logs() {
    let texts =
        [format!("2026-01-01 10:00:00 WARN {HOSTILE}\nodd {HOSTILE}\n"), format!("{{\"msg\":\"X{HOSTILE}\"}}\n")];
    let inputs = texts.map(|text| Input::bytes(HOSTILE, text));
    let inputs = inputs.into_iter().chain([Input::path(format!("no/{HOSTILE}"))]).collect();
    let options = SurveyOptions {
        reading: ReadOptions::at(jiff::Timestamp::UNIX_EPOCH),
        zones: SourceZones::default(),
        period: Period::default(),
        listed: Listed::First(9),
        keeps_unread: true,
    };
    let surveys = crate::log::survey(inputs, &options);
    assert!(surveys.unreadable.len() == 1 && surveys.sources.iter().all(|survey| !survey.listed.is_empty()));
    check(|page| super::log(page, &surveys, Period::default()));
    check(|page| super::unread_lines(page, &surveys));
}

#[test]
fn a_case() {
    let written = include_str!("../../../tests/cases/case/full.toml");
    let hostile = toml::Value::String(HOSTILE.to_owned()).to_string();
    let is_text = |line: &&str| line.ends_with('"') && line.contains(" = \"") && !line.contains("verdict");
    let mut text = written.replace("= \"\"\"\nwidth 3 mm\n\"\"\"", "= \"width\"");
    for line in written.lines().filter(is_text).filter(|line| !line.ends_with("\"yes\"")) {
        let (key, _) = line.split_once(" = ").expect("a value");
        text = text.replacen(line, &format!("{key} = {hostile}"), 1);
    }
    for name in ["\"tighten\"", "\"dust\"", "saw_smells", "exchange"] {
        text = text.replace(name, &hostile);
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.toml"), text).expect("a writable folder");
    let (_, case) = CaseFile::open(folder.path(), Path::new("a.toml")).expect("a case");
    let case = case.expect("a file");
    check(|page| super::case(page, HOSTILE, &case));
    check(|page| super::cases(page, &[(HOSTILE.to_owned(), case.clone())]));
}

#[test]
fn an_article() {
    let reference =
        article::Reference { id: format!("Q1{HOSTILE}"), others: Vec::new(), title: Some(HOSTILE.to_owned()) };
    let citing = (HOSTILE.to_owned(), HOSTILE.to_owned());
    let reasons = vec![Relation::Shares { identifiers: vec![HOSTILE.to_owned()] }];
    let related = Related { id: HOSTILE.to_owned(), title: HOSTILE.to_owned(), reasons };
    let kind = crate::identifier::IdentifierKind::Message;
    let signature = ArticleSignature { kind, text: HOSTILE.to_owned(), section: 0, n_articles: None, weight: 1.0 };
    let shown = Shown {
        stored: stored(),
        references: vec![(reference, false)],
        referenced_by: vec![citing],
        signatures: Some(vec![signature]),
        related: Some(vec![related]),
    };
    check(|page| show(page, &shown));
}

#[test]
fn hits_of_a_search() {
    let text = format!("it hums {HOSTILE} loud");
    let snippet = Snippet { highlights: vec![3..7, 8..text.len() - 2], text };
    let hostile = || HOSTILE.to_owned();
    let part = |label, children| ScorePart { label, score: 1.0, children };
    let origins = [
        WordOrigin::PartOf(hostile()),
        WordOrigin::Product(hostile()),
        WordOrigin::StandsFor(hostile()),
        WordOrigin::Typed,
    ];
    let word = |origin| ScoreLabel::Word { stem: hostile(), typed: Some(hostile()), origin, weight: 1.0 };
    let mut parts: Vec<ScorePart> =
        origins.map(|origin| part(word(origin), vec![part(ScoreLabel::Text, Vec::new())])).into();
    parts.extend([part(ScoreLabel::Code(hostile()), Vec::new()), part(ScoreLabel::Id(hostile()), Vec::new())]);
    parts.push(ScorePart { score: 0.0, ..part(word(WordOrigin::Typed), Vec::new()) });
    let explained = |id: &str| ScoreExplanation {
        id: id.to_owned(),
        title: hostile(),
        score: 2.0,
        weight: 2.0,
        parts: parts.clone(),
    };
    let hit = Hit {
        stored: stored(),
        score: 1.0,
        near_copies: vec![hostile()],
        section: Some(0),
        snippet,
        explanation: Some(explained(HOSTILE)),
        relations: vec![Relation::Shares { identifiers: vec![hostile()] }],
    };
    let like =
        SimilarTo { id: hostile(), title: hostile(), words: vec![hostile()], near_copies: vec![(hostile(), 1.0)] };
    let found = SearchResults {
        total: 1,
        hits: vec![hit],
        suggestion: Some(hostile()),
        lacking: vec![hostile()],
        like: Some(like),
        ..SearchResults::default()
    };
    check(|page| search(page, HOSTILE, &found, None));
    check_text(|out| csv::search(out, &found));
    check_text(|out| markdown::search(out, HOSTILE, &found));
    let (pieces, collections) = (vec![QueryPiece::Excluded(hostile())], Restriction::Collections(vec![hostile()]));
    let without = WithoutRestriction { restriction: Restriction::Pieces(pieces.clone()), query: hostile(), total: 1 };
    let unknown = UnknownWord { word: hostile(), near: vec![hostile()] };
    let nothing = EmptyResult { unknown: vec![unknown], without: vec![without], let_through: Some(1) };
    let empty = SearchResults { nothing: Some(nothing), ..SearchResults::default() };
    check(|page| search(page, HOSTILE, &empty, None));
    for outcome in [
        WhyNotReason::NotHeld { near: vec![hostile()] },
        WhyNotReason::NearCopy { of: hostile(), rank: 1 },
        WhyNotReason::KeptOut(vec![Restriction::Pieces(pieces), collections]),
        WhyNotReason::Behind { rank: None },
    ] {
        let (own, other) = (explained(HOSTILE), explained(&format!("other {HOSTILE}")));
        let why =
            WhyNot { asked: hostile(), title: Some(hostile()), outcome, explained: Some(own), against: Some(other) };
        check(|page| search(page, HOSTILE, &SearchResults::default(), Some(&why)));
    }
}

#[test]
fn an_evaluation() {
    use crate::eval::lab::{Objective, Rankings, Weight, WeightStep, fit};
    use crate::eval::{EvalRun, Question, QuestionSet, RankedHit, SearchAnswer, compare, summarize};
    use crate::report::EvalView;
    let hostile = HOSTILE.to_owned();
    let relevant = vec![hostile.clone()];
    let questions = [Question { id: hostile.clone(), query: hostile.clone(), relevant, style: Some(hostile.clone()) }];
    let run = |ids: &[&str]| {
        let hit = |id: &&str| RankedHit { id: (*id).to_owned(), score: 1.0, near_copies: Vec::new() };
        let hits = ids.iter().map(hit).collect();
        EvalRun { answers: vec![SearchAnswer { id: hostile.clone(), query: hostile.clone(), took_ms: 1.0, hits }] }
    };
    let (before, after) = (run(&["X", HOSTILE]), run(&["X\u{1b}[95m", "X", HOSTILE]));
    let (summary, comparison) = (summarize(&questions, &after), compare(&questions, &before, &after));
    assert_eq!((summary.misses.len(), comparison.moved.len()), (1, 1));
    let weight = Weight { name: hostile.clone(), value: 1.0, low: 1.0, high: 2.0, step: WeightStep::Plus(1.0) };
    let rank = |at: &[f64]| {
        let run = if at[0] > 1.0 { run(&[HOSTILE]) } else { run(&[]) };
        Ok::<Rankings, ()>(run.answers.into_iter().map(|answer| answer.hits).collect())
    };
    let set = QuestionSet { name: hostile.clone(), questions: questions.to_vec() };
    let mut rank_all = |at: &[f64]| Ok::<_, ()>([rank(at)?, rank(at)?].concat());
    let fitted = fit(&[set.clone(), set], &[weight], &Objective::default(), &mut rank_all).expect("no error");
    assert_eq!((fitted.fit.trace.len(), fitted.means.len()), (1, 3));
    let view = EvalView { misses: true, fit: Some(&fitted), ..EvalView::new(&summary, Some(&comparison)) };
    check(|page| eval(page, view));
}

#[test]
fn the_rest() {
    let report =
        IngestReport { skipped: vec![(HOSTILE.to_owned(), HOSTILE.to_owned()); 30], ..IngestReport::default() };
    check(|page| ingest(page, &report, &References::default(), 1.0));
    let root = crate::store::Root { path: HOSTILE.to_owned(), collection: HOSTILE.to_owned() };
    let overview = Overview {
        head: CommitInfo { roots: vec![root], ..CommitInfo::default() },
        layouts: BTreeMap::new(),
        collections: vec![(HOSTILE.to_owned(), 1)],
        references: References { total: 2, dead: 1, missing: vec![(HOSTILE.to_owned(), 1)] },
    };
    check(|page| status(page, Path::new(HOSTILE), &overview));
    let failures = vec![Failure { line: 1, text: HOSTILE.to_owned(), notes: vec![HOSTILE.to_owned()] }];
    let outcome = TestOutcome { title: HOSTILE.to_owned(), place: HOSTILE.to_owned(), failures };
    let left_out = [(HOSTILE.to_owned(), HOSTILE.to_owned())];
    check(|page| tests(page, std::slice::from_ref(&outcome), &left_out));
    let diagnostic = Diagnostic::error("R001", Span::new(0, 3), HOSTILE).label(Span::new(4, 6), HOSTILE).help(HOSTILE);
    let text = format!("abc {HOSTILE} def");
    check(|page| diagnostics(page, HOSTILE, &text, &[&diagnostic]));
    check(|page| page.note(HOSTILE));
}
