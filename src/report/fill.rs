//! Titles, questions and commands with their captures filled in.

use std::time::Duration;

use super::clean::{is_acted_on, on_one_line};
use crate::infer::{CheckMeans, Diagnosis, NextCheck, Note};
use crate::matching::{Captures, Remark};
use crate::rule::{CauseId, Program, Symptom, Template, TemplatePiece};
use crate::source::SourceId;
use crate::value::duration_text;

/// `template` with captures filled in, for reading, on one line and safe to print. A capture that is not known stands as
/// its name in angle brackets.
pub(super) fn plain(template: &Template, captures: &Captures, count: Option<u64>) -> String {
    on_one_line(&filled(template, captures, count, false))
}

/// `template` with captures filled in, for a shell: those that need it are quoted. What a rule itself says in it is as it
/// is written there.
pub(super) fn fill(template: &Template, captures: &Captures, count: Option<u64>) -> String {
    filled(template, captures, count, true)
}

fn filled(template: &Template, captures: &Captures, count: Option<u64>, for_shell: bool) -> String {
    let value = |name: &str| match (captures.get(name), count) {
        (Some(value), _) => Some(value.to_string()),
        (None, Some(count)) if name == "count" => Some(count.to_string()),
        (None, _) => None,
    };
    let mut text = String::new();
    for piece in &template.0 {
        match piece {
            TemplatePiece::Text(piece) => text.push_str(piece),
            TemplatePiece::Capture(name) => text.push_str(&value(name).unwrap_or_else(|| format!("<{name}>"))),
            TemplatePiece::ShellQuoted(name) => match value(name) {
                Some(value) if for_shell => text.push_str(&shell_quoted(&value)),
                Some(value) => text.push_str(&value),
                None => text.push_str(&format!("<{name}>")),
            },
        }
    }
    text
}

/// `text` as one word of a POSIX shell. What a terminal would act on is dropped: it could forge what is about to be pasted.
fn shell_quoted(text: &str) -> String {
    let text: String = text.chars().filter(|&c| !is_acted_on(c)).collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// What to ask or to run to learn of a symptom, and where to look.
pub(super) fn question(symptom: &Symptom, check: &NextCheck) -> (String, Option<String>) {
    let text = |template: &Template| plain(template, &check.captures, None);
    let how = symptom.how.as_ref().map(text);
    match (check.means, &symptom.ask, &symptom.probe) {
        (CheckMeans::Probe, _, Some(probe)) => {
            let run = probe.run.as_ref().map(|run| fill(run, &check.captures, None));
            (text(&probe.question), run.or(how))
        }
        (CheckMeans::Ask, Some(ask), _) => (text(ask), how),
        (CheckMeans::Ask | CheckMeans::Probe | CheckMeans::Source, _, _) => {
            (text(&symptom.title), Some(format!("hand in the log of {} as well", symptom.on.join(" or "))))
        }
    }
}

/// What the reader must know about how a diagnosis was come by, a sentence each.
pub(super) fn notes(program: &Program, diagnosis: &Diagnosis) -> Vec<String> {
    let source = |id: &SourceId| &diagnosis.sources[id.0 as usize].name;
    let causes = |ids: &[CauseId]| ids.iter().map(|&id| program.cause(id).name.as_str()).collect::<Vec<_>>().join(", ");
    let remarks = diagnosis.remarks.iter().map(|remark| match remark {
        Remark::AssumedUtc(id) => format!("{}: times without a zone are taken for UTC", source(id)),
        Remark::InheritedTime(id) => {
            format!("{}: records without a time are taken to be as old as the one before them", source(id))
        }
        Remark::AssumedYear(id) => format!("{}: times without a year are taken for the latest that fit", source(id)),
        Remark::Kept(symptom, records) => {
            format!("{} ×{records}: kept from the case, since its log is gone", program.symptom(*symptom).name)
        }
        Remark::Forgotten(symptom, records) => {
            format!("{}: {records} records with further captures were left out", program.symptom(*symptom).name)
        }
    });
    let notes = diagnosis.notes.iter().map(|note| match note {
        Note::Sampled { causes: ids, standard_error } => format!(
            "too many symptoms, and causes that lead to others, at once for exact numbers: the chances of {} are estimates, ±{:.1}\u{a0}%, and what each symptom \
             weighs is left out",
            causes(ids),
            standard_error * 100.0
        ),
        Note::ChecksNotWeighed { causes: ids } => {
            format!("too many symptoms, and causes that lead to others, at once to say what to find out next about {}", causes(ids))
        }
    });
    let unread = diagnosis.unreadable.iter().map(|unreadable| format!("not read: {}", unreadable.reason));
    unread.chain(remarks).chain(notes).collect()
}

/// An expected time: whole seconds, at least one, are all that an estimate is good for.
pub(super) fn about(time: Duration) -> String {
    duration_text(Duration::from_secs(time.as_secs().max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_from_a_log_cannot_leave_its_word() {
        assert_eq!(shell_quoted("corp.example"), "corp.example");
        assert_eq!(shell_quoted("x; rm -rf $HOME"), "'x; rm -rf $HOME'");
        assert_eq!(shell_quoted("it's\u{1b}[2J"), r"'it'\''s[2J'");
        assert_eq!(shell_quoted(""), "''");
    }

    #[test]
    fn a_capture_cannot_act_on_the_terminal() {
        let template = Template(vec![TemplatePiece::Text("{ ".into()), TemplatePiece::Capture("x".into())]);
        let value = crate::value::Value::Text(b"a\x1b[2J\n\xc2\x9b1m\xe2\x80\xaeb".as_slice().into());
        let captures = Captures::from([("x".to_owned(), value)]);
        assert_eq!(plain(&template, &captures, None), "{ a\u{fffd}[2J⏎\u{fffd}1m\u{fffd}b");
    }

    #[test]
    fn an_estimate_is_shown_in_whole_seconds() {
        assert_eq!(about(Duration::from_millis(90_250)), "1m30s");
        assert_eq!(about(Duration::from_millis(250)), "1s");
    }
}
