//! A session without any front end.

use std::path::Path;

use jiff::Timestamp;

use super::*;
use crate::case::{Answer, UnknownName};
use crate::rule::{RuleText, load};

const RULES: &str = r#"
symptom hum "It hums" { match "humming" }
symptom smell "It smells" { ask "Does it smell?" cost 1min }
symptom width "The belt is narrow" { probe "measure" match "width {n:int} mm" cost 1min }
cause motor "The motor" { prior 1% shows hum usually shows smell usually }
cause belt "The belt" { prior 1% shows hum usually shows width usually }
resolution oil "Oil it" { resolves motor usually cost 1h }
resolution renew "Renew it" { resolves belt usually cost 1h }
"#;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn program() -> Program {
    load(&[RuleText { path: "saw.rules".to_owned(), text: RULES.to_owned() }], None).0
}

fn piped(log: &str) -> (Vec<Log>, Option<Input>) {
    (vec![Log { path: "-".into(), source: None }], Some(Input::bytes("-", log)))
}

/// Runs `check` with a session over `log`; returns the warnings of opening it.
fn with_session(given: Given, piped: Option<Input>, check: impl FnOnce(Result<Session, SessionError>)) -> Vec<Warning> {
    let program = program();
    let index = pipeline::bundled_index(0).expect("the book is bundled");
    let (options, confidence) = (SearchOptions::default(), Confidence::default());
    let knowledge = Knowledge { index: &index, options: &options, confidence: &confidence };
    let start = Start {
        here: Path::new("/"),
        case: None,
        given,
        piped,
        baseline: &[],
        zones: Vec::new(),
        last: None,
        now: NOW,
    };
    let mut warnings = Vec::new();
    let logs = ReadLogs::read(&program, start, &mut |warning| warnings.push(warning));
    check(logs.and_then(|logs| logs.consult(knowledge)));
    warnings
}

#[test]
fn a_reply_changes_the_diagnosis_and_is_not_asked_again() {
    let (logs, piped) = piped("saw: humming\n");
    with_session(Given { logs, ..Given::default() }, piped, |session| {
        let mut session = session.expect("a log");
        let before = session.diagnose().expect("an index in memory");
        let mut asked = Vec::new();
        while let Some((question, _)) = session.next_question(&session.diagnose().expect("an index in memory")) {
            let reply = match &question {
                Question::YesNo(_) => Reply::Yes,
                Question::Output(_) => Reply::Text("width 9 m\n".to_owned()),
                Question::Log(_) | Question::Version(_) => Reply::Unknown,
            };
            assert!(!asked.contains(&question), "{question:?} again");
            assert_eq!(session.reply(&question, reply, NOW).expect("no log is read"), Effect::Changed);
            asked.push(question);
        }
        let after = session.diagnose().expect("an index in memory");
        let motor = cause(session.program(), "motor").expect("a cause");
        let probability = |diagnosis: &Diagnosis| {
            diagnosis.causes.iter().find(|ranked| ranked.cause == motor).map(|ranked| ranked.probability)
        };
        assert!(!asked.is_empty() && probability(&after) > probability(&before), "{asked:?}");
    });
}

#[test]
fn an_unknown_answer_is_noted_and_a_misfit_changes_nothing() {
    let (logs, piped) = piped("saw: humming\n");
    with_session(Given { logs, ..Given::default() }, piped, |session| {
        let mut session = session.expect("a log");
        let smell = symptom(session.program(), "smell").expect("a symptom");
        let question = Question::YesNo(smell);
        let mut reply = |reply| session.reply(&question, reply, NOW).expect("no log is read");
        assert_eq!(reply(Reply::Text("maybe".to_owned())), Effect::Misfit);
        assert_eq!(reply(Reply::Unknown), Effect::Noted);
        let log = Log { path: "/nowhere.log".into(), source: None };
        let effect = session.add_log(log, NOW).expect("the index can be searched");
        assert!(matches!(effect, Effect::Unreadable(_)), "{effect:?}");
    });
}

#[test]
fn a_folder_with_a_file_that_is_not_text_can_be_added() {
    let (logs, piped) = piped("saw: humming\n");
    let folder = tempfile::tempdir().expect("a new folder");
    std::fs::write(folder.path().join("saw.log"), "saw: humming\n").expect("a new file");
    std::fs::write(folder.path().join("saw"), b"MZ\0\0").expect("a new file");
    with_session(Given { logs, ..Given::default() }, piped, |session| {
        let log = Log { path: folder.path().into(), source: None };
        let effect = session.expect("a log").add_log(log, NOW).expect("the index can be searched");
        assert_eq!(effect, Effect::Changed);
    });
}

#[test]
fn relative_paths_start_from_the_folder_of_the_session() {
    let (program, index) = (program(), pipeline::bundled_index(0).expect("the book is bundled"));
    let (options, confidence) = (SearchOptions::default(), Confidence::default());
    let here = tempfile::tempdir().expect("a new folder");
    std::fs::create_dir(here.path().join("logs")).expect("a new folder");
    std::fs::write(here.path().join("logs/saw.log"), "saw: humming\n").expect("a new file");
    let log = |path: &str| Log { path: path.into(), source: None };
    let given = Given { logs: vec![log("logs"), log("none.log")], ..Given::default() };
    let baseline = ["logs/saw.log".into()];
    let (here, zones) = (here.path(), Vec::new());
    let start = Start { here, case: None, given, piped: None, baseline: &baseline, zones, last: None, now: NOW };
    let mut warnings = Vec::new();
    let logs = ReadLogs::read(&program, start, &mut |warning| warnings.push(warning.to_string()));
    let knowledge = Knowledge { index: &index, options: &options, confidence: &confidence };
    let session = logs.and_then(|logs| logs.consult(knowledge)).expect("a log that can be read");
    let diagnosis = session.diagnose().expect("an index in memory");
    let names: Vec<&str> = diagnosis.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!((names, diagnosis.findings.len()), (vec!["logs/saw.log"], 1));
    assert!(warnings.len() == 1 && warnings[0].starts_with("cannot open none.log: "), "{warnings:?}");
}

#[test]
fn errors_and_warnings_are_data() {
    with_session(Given::default(), None, |session| assert!(matches!(session, Err(SessionError::NoLog))));
    let logs = piped("").0;
    let warnings = with_session(Given { logs, ..Given::default() }, None, |session| {
        assert!(matches!(session, Err(SessionError::NothingRead)));
    });
    assert_eq!(warnings, [Warning::Unreadable("the log that was piped in before cannot be read again".to_owned())]);
    let answers = |name: &str| Given { answers: [(name.to_owned(), Answer::Yes)].into(), ..Given::default() };
    let error = check_given(&program(), answers("smel"), &mut |_| {}).expect_err("no such symptom");
    assert!(matches!(&error, SessionError::UnknownName { near: Some(near), .. } if near == "smell"), "{error:?}");
    assert!(check_given(&program(), answers("smell"), &mut |_| {}).is_ok());
    let unknown = Warning::UnknownName(UnknownName::Cause("rust".to_owned()));
    assert_eq!(
        unknown.to_string(),
        "the case names the cause `rust`, which no rule has: it stays in the case and is not used"
    );
}

#[test]
fn the_last_part_is_counted_from_the_latest_time_and_kept_as_its_beginning() {
    let program = program();
    let read = |log: &str, zone: Option<&str>| {
        let (logs, piped) = piped(log);
        let given = Given { logs, zone: zone.map(str::to_owned), ..Given::default() };
        let given = check_given(&program, given, &mut |_| {})?;
        let (here, last) = (Path::new("/"), crate::log::span("1h"));
        let start = Start { here, case: None, given, piped, baseline: &[], zones: Vec::new(), last, now: NOW };
        let read = ReadLogs::read(&program, start, &mut |_| {})?;
        Ok::<_, SessionError>((read.case.given.since, read.logs.scan.sources[0].records))
    };
    let log = "2026-01-01 10:00:00 a\n2026-01-01 12:00:00 b\n2026-01-01 11:30:00 c\n";
    let since = |text: &str| text.parse::<Timestamp>().ok();
    assert_eq!(read(log, None).expect("a log with times"), (since("2026-01-01T11:00:00Z"), 2));
    assert_eq!(read(log, Some("+02:00")).expect("a log with times"), (since("2026-01-01T09:00:00Z"), 2));
    assert!(matches!(read("words\n", None), Err(SessionError::NoTimes)));
    assert!(matches!(read(log, Some("nowhere")), Err(SessionError::UnknownZone { near: None, .. })));
}
