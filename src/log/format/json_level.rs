//! The level of a JSON record: each logger has its own name and its own scale for it.

use std::borrow::Cow;

use super::field_names::aliases;
use super::header::is_number;
use super::json_node::Node;
use super::level::Level;

/// How the value of a member names a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// A word; or a number of pino, bunyan (10 trace … 60 fatal) or logback (10000 debug … 40000 error).
    Usual,
    /// 0 emergency … 7 debug.
    Syslog,
    /// 1–4 trace, 5–8 debug … 21–24 fatal.
    OpenTelemetry,
    /// 1 critical, 2 error, 3 warning, 4 and 0 information, 5 verbose.
    Windows,
    /// 0 trace … 5 critical.
    DotNet,
    /// 10 debug, 20 info, 30 warning, 40 error, 50 critical.
    Python,
    /// 1 debug … 5 critical.
    NxLog,
    /// 0 debug, 1 info, 2 warning, 3 error, 4 fatal.
    Nextcloud,
    /// 100 debug, 200 info, 300 notice, 400 warning … 800 emergency.
    Google,
}

/// Members with a level of their own scale: the member beside which it has this meaning (empty for any), its path, and
/// the scale. Members under the usual names for a level come after these.
#[rustfmt::skip]
const SCALED: &[(&str, &str, Scale)] = &[
    ("", "PRIORITY", Scale::Syslog),
    ("short_message", "level", Scale::Syslog),
    ("facility", "severity", Scale::Syslog),
    ("ctx", "s", Scale::Usual),
    ("M", "L", Scale::Usual),
    ("m", "l", Scale::Usual),
    ("t.$date", "s", Scale::Usual),
    ("", "@l", Scale::Usual),
    ("", "Event.System.Level", Scale::Windows),
    ("", "LevelDisplayName", Scale::Usual),
    ("ProviderName", "Level", Scale::Windows),
    ("resourceId", "Level", Scale::Windows),
    ("resourceId", "level", Scale::Windows),
    ("", "LogLevel", Scale::DotNet),
    ("logName", "severity", Scale::Google),
    ("reqId", "level", Scale::Nextcloud),
];

/// Members with a level for records that name none under the usual names: the path and the scale.
#[rustfmt::skip]
const OTHERS: &[(&str, Scale)] = &[
    ("severityNumber", Scale::OpenTelemetry), ("severity_number", Scale::OpenTelemetry),
    ("SeverityNumber", Scale::OpenTelemetry), ("severity_code", Scale::Syslog), ("log.syslog.severity.code", Scale::Syslog),
    ("syslog.severity.code", Scale::Syslog), ("syslog_severity_code", Scale::Syslog), ("levelno", Scale::Python),
    ("level_value", Scale::Usual), ("SeverityValue", Scale::NxLog), ("status", Scale::Usual),
];

/// Levels that follow from other members: the members that the record has, the last of them with one of the values
/// (none for any value). CLEF leaves out the level of information. klog writes no level: its errors have no verbosity.
#[rustfmt::skip]
const DERIVED: &[(&[&str], &[&str], Level)] = &[
    (&["eventSource", "eventName", "errorCode"], &[], Level::Error),
    (&["operationName", "resultType"], &["Failure", "Failed", "failure", "failed"], Level::Error),
    (&["auth", "request.operation", "error"], &[], Level::Error),
    (&["event.outcome"], &["failure"], Level::Warning),
    (&["involvedObject", "type"], &["Warning"], Level::Warning),
    (&["involvedObject", "type"], &["Normal"], Level::Info),
    (&["@t", "@x"], &[], Level::Info),
    (&["@t", "@m"], &[], Level::Info),
    (&["@t", "@mt"], &[], Level::Info),
    (&["@t", "@i"], &[], Level::Info),
    (&["ts", "msg", "v"], &[], Level::Info),
    (&["ts", "caller", "msg", "err"], &[], Level::Error),
];

/// Returns the value that names the level of the record, and the level that it means. A word under a usual name comes before a
/// number, whose scale may be another one. If no value names a known level, returns the first that may be meant as one.
pub(super) fn written(object: &Node) -> Option<(Cow<'_, [u8]>, Option<Level>)> {
    let scaled = SCALED.iter().filter(|(beside, ..)| beside.is_empty() || object.find(beside).is_some());
    let scaled = scaled.map(|(_, path, scale)| (*path, *scale));
    let usual = aliases("level").iter().map(|path| (*path, Scale::Usual));
    let (mut by_number, mut unknown) = (None, None);
    for (path, scale) in scaled.chain(usual).chain(OTHERS.iter().copied()) {
        let Some(value) = object.find(path) else { continue };
        let Some(value) = value.scalar().or_else(|| name_of_level(value)) else { continue };
        if matches!(value, Node::List(_) | Node::Bool(_)) {
            continue;
        }
        let text = value.printed();
        match scale.level(&text) {
            Some(level) if scale != Scale::Usual || !is_number(&text) => return Some((text, Some(level))),
            Some(level) => by_number = by_number.or(Some((text, Some(level)))),
            None => unknown = unknown.or(Some((text, None)).filter(|_| path != "status")),
        }
    }
    by_number.or_else(|| named_like_level(object)).or(unknown)
}

/// Returns the name in a level that is an object, beside its number or its colour.
fn name_of_level(level: &Node) -> Option<&Node> {
    ["name", "label", "text", "levelname"].iter().find_map(|name| level.get(name)).filter(|name| name.text().is_some())
}

/// Returns the level in a member that is named like one, such as `eventLevel` or `event_severity_name`, also one object
/// further in. It must be a word; only a member that speaks of logs, such as `logLevel`, may be a number.
fn named_like_level(object: &Node) -> Option<(Cow<'_, [u8]>, Option<Level>)> {
    let inner = object.named().filter(|(_, value)| matches!(value, Node::Object(_)));
    object.named().chain(inner.flat_map(|(_, object)| object.named())).find_map(|(name, value)| {
        let is_of_log = before_level(name)?.eq_ignore_ascii_case("log");
        let value = value.scalar().filter(|value| is_of_log || value.text().is_some())?;
        let word = value.printed();
        let level = Scale::Usual.level(&word)?;
        Some((word, Some(level)))
    })
}

/// Returns what the name of a member says before the word `level` or another one for it; `None` if it does not end so.
fn before_level(member: &str) -> Option<&str> {
    const NAMES: [&str; 4] = ["level", "severity", "lvl", "sev"];
    const WORDS_AFTER: [&str; 4] = ["name", "text", "string", "label"];
    let before = |text: &'_ str, words: &[&str]| -> Option<usize> {
        words.iter().find_map(|word| {
            let at = text.len().checked_sub(word.len())?;
            text.get(at..)?.eq_ignore_ascii_case(word).then_some(at)
        })
    };
    let trimmed = |end: usize| member[..end].trim_end_matches(['_', '.', '-']);
    let named = trimmed(before(member, &WORDS_AFTER).unwrap_or(member.len()));
    Some(trimmed(before(named, &NAMES)?))
}

/// Returns the level of a record that names none.
pub(super) fn derived(object: &Node) -> Option<Level> {
    let fits = |(members, values, _): &&(&[&str], &[&str], Level)| {
        let has = |member: &&str| object.find(member).is_some_and(|value| *value != Node::Null);
        let last = members.last().and_then(|member| object.find(member)?.text());
        members.iter().all(has) && (values.is_empty() || last.is_some_and(|last| values.contains(&last)))
    };
    DERIVED.iter().find(fits).map(|(.., level)| *level)
}

impl Scale {
    /// Returns the level that `value` means: a word, or a number on this scale.
    fn level(self, value: &[u8]) -> Option<Level> {
        let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<u32>().ok());
        let Some(number) = number else { return Level::by_word(value) };
        let step =
            |levels: &[Level], step: u32| levels.get(usize::try_from(number / step).ok()?.checked_sub(1)?).copied();
        use Level::{Critical, Debug, Error, Fatal, Info, Notice, Trace, Warning};
        match self {
            Scale::Usual if number >= 10_000 => step(&[Debug, Info, Warning, Error], 10_000),
            Scale::Usual if number >= 1000 => Some(Trace),
            Scale::Usual => step(&[Trace, Debug, Info, Warning, Error, Fatal], 10),
            Scale::Syslog if number > 7 => None,
            Scale::Syslog => u16::try_from(number).ok().map(Level::by_priority),
            Scale::OpenTelemetry if number == 0 => None,
            Scale::OpenTelemetry => {
                [Trace, Debug, Info, Warning, Error, Fatal].get(usize::try_from((number - 1) / 4).ok()?).copied()
            }
            Scale::Windows if number == 0 => Some(Info),
            Scale::Windows => step(&[Critical, Error, Warning, Info, Trace], 1),
            Scale::DotNet => [Trace, Debug, Info, Warning, Error, Critical].get(usize::try_from(number).ok()?).copied(),
            Scale::Nextcloud => [Debug, Info, Warning, Error, Fatal].get(usize::try_from(number).ok()?).copied(),
            Scale::Python => step(&[Debug, Info, Warning, Error, Critical], 10),
            Scale::NxLog => step(&[Debug, Info, Warning, Error, Critical], 1),
            Scale::Google => step(&[Debug, Info, Notice, Warning, Error, Critical, Critical, Critical], 100),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the word as written (`-` for none) and the level of the record `text`.
    #[track_caller]
    fn check(text: &str, expected: (&str, Option<Level>)) {
        let object = Node::parse(text.as_bytes()).expect("an object");
        let (word, level) = written(&object).unwrap_or((Cow::Borrowed(b"-"), None));
        assert_eq!((String::from_utf8_lossy(&word).as_ref(), level.or_else(|| derived(&object))), expected, "{text}");
    }

    #[test]
    fn each_logger_has_its_scale() {
        use Level::{Critical, Debug, Error, Fatal, Info, Notice, Trace, Warning};
        check(r#"{"PRIORITY":"3","MESSAGE":"x"}"#, ("3", Some(Error)));
        check(r#"{"PRIORITY":5}"#, ("5", Some(Notice)));
        check(r#"{"short_message":"x","level":2}"#, ("2", Some(Critical)));
        check(r#"{"t":{"$date":"x"},"s":"F","ctx":"main"}"#, ("F", Some(Fatal)));
        check(r#"{"t":{"$date":"x"},"s":"D2","ctx":"main"}"#, ("D2", Some(Debug)));
        check(r#"{"@t":"x","@mt":"y","@l":"Error"}"#, ("Error", Some(Error)));
        check(r#"{"@t":"x","@mt":"y"}"#, ("-", Some(Info)));
        check(r#"{"level":50,"msg":"x"}"#, ("50", Some(Error)));
        check(r#"{"level":35}"#, ("35", Some(Info)));
        check(r#"{"level":"60"}"#, ("60", Some(Fatal)));
        check(r#"{"level_value":5000}"#, ("5000", Some(Trace)));
        check(r#"{"level_value":40000}"#, ("40000", Some(Error)));
        check(r#"{"LogLevel":"Critical"}"#, ("Critical", Some(Critical)));
        check(r#"{"LogLevel":3}"#, ("3", Some(Warning)));
        check(r#"{"Event":{"System":{"Level":2}}}"#, ("2", Some(Error)));
        check(r#"{"Event":{"System":{"Level":"0"}}}"#, ("0", Some(Info)));
        check(r#"{"ProviderName":"Disk","Level":3}"#, ("3", Some(Warning)));
        check(r#"{"severityNumber":17,"body":"x"}"#, ("17", Some(Error)));
        check(r#"{"severityNumber":24}"#, ("24", Some(Fatal)));
        check(r#"{"severityNumber":1}"#, ("1", Some(Trace)));
        check(r#"{"severityNumber":9,"severityText":"odd"}"#, ("9", Some(Info)));
        check(r#"{"reqId":"a","level":0}"#, ("0", Some(Debug)));
        check(r#"{"reqId":"a","level":3}"#, ("3", Some(Error)));
        check(r#"{"logName":"a","severity":500}"#, ("500", Some(Error)));
        check(r#"{"error_severity":"LOG"}"#, ("LOG", Some(Info)));
        check(r#"{"eventSource":"s3","eventName":"Get","errorCode":"AccessDenied"}"#, ("-", Some(Error)));
        check(r#"{"involvedObject":{},"type":"Warning"}"#, ("-", Some(Warning)));
        check(r#"{"ts":1.5,"msg":"x","v":0}"#, ("-", Some(Info)));
        check(r#"{"level":30,"levelName":"ERROR"}"#, ("ERROR", Some(Error)));
        check(r#"{"level":7,"levelName":"warn"}"#, ("warn", Some(Warning)));
        check(r#"{"eventSeverityText":"Fatal"}"#, ("Fatal", Some(Fatal)));
        check(r#"{"l":"warn","t":1796039390838,"m":"x"}"#, ("warn", Some(Warning)));
        check(r#"{"level":{"id":40,"name":"ERROR"}}"#, ("ERROR", Some(Error)));
        check(r#"{"logLevel":{"label":"warn","icon":"x"}}"#, ("warn", Some(Warning)));
        check(r#"{"context":{"logLevel":50},"msg":"x"}"#, ("50", Some(Error)));
        check(r#"{"meta":{"level":"warn"}}"#, ("warn", Some(Warning)));
        check(r#"{"text":"x","record":{"level":{"icon":"y","name":"ERROR","no":40}}}"#, ("ERROR", Some(Error)));
        check(r#"{"alert_level":"warning"}"#, ("warning", Some(Warning)));
    }

    #[test]
    fn what_is_no_level_is_left() {
        check(r#"{"auditID":"x","level":"Metadata"}"#, ("Metadata", None));
        check(r#"{"level":3}"#, ("3", None));
        check(r#"{"level":true}"#, ("-", None));
        check(r#"{"level":{"a":1}}"#, ("-", None));
        check(r#"{"status":"ok"}"#, ("-", None));
        check(r#"{"s":"E"}"#, ("-", None));
        check(r#"{"severity":"DEFAULT"}"#, ("DEFAULT", None));
        check(r#"{"severityNumber":0}"#, ("0", None));
        check(r#"{"sea_level":"high","levels":"error"}"#, ("-", None));
        check(r#"{"battery":{"level":50}}"#, ("-", None));
        check(r#"{"severityNumber":4294967295}"#, ("4294967295", None));
    }
}
