//! Decides whether what records show is over: because the logs go on without it, or because the records say so.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::finding::{Finding, Salient, SourceSummary};
use crate::pattern::quantity::duration_prefix;

/// What was seen more than once is over after this time without it, and after [`QUIET_GAPS`] times its mean distance. A
/// choice: services retry within minutes.
const QUIET_FOR: SignedDuration = SignedDuration::from_mins(10);

/// See [`QUIET_FOR`]. What happens every hour is not over after half an hour.
const QUIET_GAPS: i64 = 3;

/// What was seen once is over after this time without it, as nothing is known about its distances.
const QUIET_ONCE: SignedDuration = SignedDuration::from_hours(1);

/// An event that `kubectl` shows was last seen so long ago is over. Kubernetes repeats the event of a fault that goes on
/// every few minutes.
const OLD_EVENT: Duration = Duration::from_secs(60 * 60);

/// Words by which a record says that its fault is over or its object is going away, in lower case. General words are
/// not among them: `could not be resolved` and `is no longer available` are faults.
const OVER_WORDS: [&str; 6] =
    ["pod is terminating", "pod is being deleted", "pod is now running", "[resolved]", "(resolved)", "status=resolved"];

impl Finding {
    /// Returns the time at which a record said that it is over; or else the time since which it has not been seen, if the logs go
    /// on for long after it: ten minutes (an hour if
    /// it was seen once), and three times the mean distance of its records. `sources` are those of its scan. `None` if it
    /// goes on, or if no record has a time.
    ///
    /// A fault that is not seen any more may still be there, if it ended what wrote the records. So this is a reason to
    /// speak of it in the past, and no evidence against it.
    pub fn over_since(&self, sources: &[SourceSummary]) -> Option<Timestamp> {
        if self.timing.ended.is_some() {
            return self.timing.ended;
        }
        let (first, last) = (self.first?, self.last?);
        is_over(first, last, self.count, sources).then_some(last)
    }

    /// Whether a later record says that it is over, or each of its records does: an alert that is resolved, a Kubernetes object that is being
    /// deleted, an event that was last seen more than an hour ago. Such a finding is listed, but is no evidence of a
    /// present fault. `false` if some of its records are not kept.
    pub fn says_over(&self) -> bool {
        if self.timing.ended.is_some() {
            return true;
        }
        let all_kept = self.count <= self.evidence.len() as u64;
        all_kept && !self.evidence.is_empty() && self.evidence.iter().all(|evidence| says_over(&evidence.text))
    }
}

impl Salient {
    /// Returns the time since which no record of its kind was seen, as [`Finding::over_since`] does.
    pub fn over_since(&self, sources: &[SourceSummary]) -> Option<Timestamp> {
        let first = self.time?;
        let last = self.last.unwrap_or(first).max(first);
        is_over(first, last, self.count, sources).then_some(last)
    }
}

/// Whether something that was seen `count` times, from `first` to `last`, is over. The sources in which it could have
/// been seen again are those that were being written at `last`; their end does not depend on the order of the logs.
fn is_over(first: Timestamp, last: Timestamp, count: u64, sources: &[SourceSummary]) -> bool {
    let was_written = |source: &&SourceSummary| source.first.is_some_and(|first| first <= last);
    let Some(end) = sources.iter().filter(was_written).filter_map(|source| source.last).max() else { return false };
    let quiet = end.duration_since(last);
    match i64::try_from(count.saturating_sub(1)) {
        Ok(0) => quiet >= QUIET_ONCE,
        Ok(gaps) => {
            let gap_seconds = last.duration_since(first).as_secs() / gaps;
            quiet >= QUIET_FOR && quiet.as_secs() >= gap_seconds.saturating_mul(QUIET_GAPS)
        }
        Err(_) => quiet >= QUIET_FOR,
    }
}

fn says_over(record: &str) -> bool {
    let lower = record.to_lowercase();
    let is_deleted = ["\"deletiontimestamp\"", "\"deletion_timestamp\""].iter().any(|key| has_text(&lower, key, ""));
    let is_resolved = ["\"status\"", "\"state\""].iter().any(|key| has_text(&lower, key, "resolved\""));
    is_deleted
        || is_resolved
        || OVER_WORDS.iter().any(|words| lower.contains(words))
        || event_age(record).is_some_and(|age| age >= OLD_EVENT)
}

/// Whether a JSON text has a member `key` whose value is a text that begins with `start`.
fn has_text(json: &str, key: &str, start: &str) -> bool {
    json.match_indices(key).any(|(at, _)| {
        let value = json[at + key.len()..].trim_start().strip_prefix(':').map(str::trim_start);
        value.and_then(|value| value.strip_prefix('"')).is_some_and(|text| text.starts_with(start))
    })
}

/// Returns how long ago an event in a line of `kubectl get events` or `kubectl describe` was last seen: `5d  Warning
/// BackOff pod/a …` or `Warning  BackOff  3d (x12 over 4d)  kubelet …`.
pub(super) fn event_age(line: &str) -> Option<Duration> {
    if line.trim_end().contains('\n') {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().take(4).collect();
    let is_type = |word: &&str| matches!(*word, "Warning" | "Normal");
    let age = |word: &str| {
        let (age, len) = duration_prefix(word.as_bytes())?;
        (len == word.len()).then_some(age)
    };
    match words.iter().position(is_type)? {
        0 => age(words.get(2)?),
        // The namespace may come before the age.
        at => age(words[at - 1]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::grouping::empty_finding;
    use crate::matching::{Captures, Evidence};
    use crate::rule::SymptomId;
    use crate::source::SourceId;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(60 * minute).expect("a time")
    }

    fn source(first: i64, last: i64) -> SourceSummary {
        SourceSummary {
            name: "lathe.log".to_owned(),
            format: "syslog".to_owned(),
            records: 9,
            left_out: 0,
            bytes: 900,
            first: Some(at(first)),
            last: Some(at(last)),
            not_looked_for: Vec::new(),
            cut: 0,
        }
    }

    /// Whether something seen `count` times in the minutes from `first` to `last` is over in a log until `end`.
    fn over(count: u64, (first, last): (i64, i64), end: i64) -> bool {
        let finding = Finding {
            count,
            first: Some(at(first)),
            last: Some(at(last)),
            ..empty_finding(SymptomId(0), Captures::new())
        };
        let since = finding.over_since(&[source(0, end)]);
        assert!(since.is_none_or(|since| since == at(last)));
        since.is_some()
    }

    #[test]
    fn what_the_log_goes_on_without_for_long_is_over() {
        // A burst of five minutes.
        assert_eq!([over(40, (180, 185), 540), over(40, (180, 185), 195)], [true, true]);
        assert_eq!([over(40, (180, 185), 194), over(40, (180, 185), 185)], [false, false]);
        // Once an hour.
        assert_eq!([over(6, (0, 300), 350), over(6, (0, 300), 480)], [false, true]);
        assert_eq!([over(1, (5, 5), 64), over(1, (5, 5), 65)], [false, true]);
    }

    #[test]
    fn only_sources_that_were_written_at_that_time_count() {
        let finding =
            Finding { count: 1, first: Some(at(5)), last: Some(at(5)), ..empty_finding(SymptomId(0), Captures::new()) };
        let since = |sources: &[SourceSummary]| finding.over_since(sources);
        // The log of errors ends with it, the other one goes on.
        assert_eq!(since(&[source(0, 5), source(0, 300)]), Some(at(5)));
        assert_eq!(since(&[source(0, 300), source(0, 5)]), Some(at(5)));
        assert_eq!(since(&[source(0, 5), source(200, 300)]), None);
        assert_eq!(since(&[SourceSummary { first: None, last: None, ..source(0, 0) }]), None);
        assert_eq!(since(&[]), None);
        let untimed = Finding { first: None, last: None, ..finding.clone() };
        assert_eq!(untimed.over_since(&[source(0, 300)]), None);
    }

    #[test]
    fn a_record_that_stands_out_is_over_as_a_finding_is() {
        let salient = |count, last| Salient { time: Some(at(5)), last, count, ..Salient::new(1, "jammed", 1.0) };
        let sources = [source(0, 300)];
        assert_eq!(salient(1, None).over_since(&sources), Some(at(5)));
        assert_eq!(salient(9, Some(at(9))).over_since(&sources), Some(at(9)));
        assert_eq!(salient(9, Some(at(295))).over_since(&sources), None);
        assert_eq!(Salient::new(1, "jammed", 1.0).over_since(&sources), None);
    }

    #[test]
    fn records_that_say_that_it_is_over_are_believed() {
        for over in [
            r#"{"name": "lathe-old", "deletion_timestamp": "2026-04-18T09:38:00Z", "reason": "CrashLoopBackOff"}"#,
            r#"{"metadata":{"deletionTimestamp":"2026-04-18T09:38:00Z"}}"#,
            r#"{"status": "resolved", "labels": {"alertname": "LatheJammed"}}"#,
            "container a of lathe-old exits; the pod is terminating",
            "[RESOLVED] the lathe jams",
            "5d          Warning   BackOff   pod/lathe   Back-off restarting failed container",
            "shop   3h20m   Warning   BackOff   pod/lathe   Back-off restarting failed container",
            "  Warning  BackOff  3d (x12 over 4d)  kubelet  Back-off restarting failed container",
        ] {
            assert!(says_over(over), "{over}");
        }
        for present in [
            r#"{"name": "lathe", "deletion_timestamp": null, "reason": "CrashLoopBackOff"}"#,
            r#"{"status": "firing", "message": "the name could not be resolved"}"#,
            "lathe.example could not be resolved (3: Host not found)",
            "FATAL: terminating connection due to administrator command",
            "the lathe is no longer available",
            "4m12s       Warning   BackOff   pod/lathe   Back-off restarting failed container",
            "  Warning  BackOff  2m (x912 over 4d)  kubelet  Back-off restarting failed container",
            "lathe-1   0/1   CrashLoopBackOff   12 (3m ago)   5d",
            "5d passed; Warning: it jams",
            "",
        ] {
            assert!(!says_over(present), "{present}");
        }
    }

    #[test]
    fn a_finding_is_over_if_all_of_its_records_say_so() {
        let finding = |count, texts: &[&str]| {
            let evidence = |(line, text): (u64, &&str)| Evidence { source: SourceId(0), line, text: text.to_string() };
            let evidence = (1..).zip(texts).map(evidence).collect();
            Finding { count, evidence, ..empty_finding(SymptomId(0), Captures::new()) }.says_over()
        };
        assert!(finding(2, &["[RESOLVED] it jams", "[RESOLVED] it jams again"]));
        assert!(!finding(2, &["[RESOLVED] it jams", "it jams"]));
        assert!(!finding(3, &["[RESOLVED] it jams", "[RESOLVED] it jams again"]));
        assert!(!finding(1, &[]));
    }
}
