//! Diagnostics about text that a user wrote: articles, rules, configuration.
//!
//! A [`Diagnostic`] is data. Its wording is decided where the mistake is found (`rule::error`, `article::error`).
//! `report` decides how it is shown (terminal, JSON, later an editor).

use crate::source::Span;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The text works, but probably not as meant.
    Warning,
    /// The item with the mistake cannot be used. The rest of the file can.
    Error,
}

/// A place in the text, with a remark. The first label of a diagnostic is its main place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Byte range in the file the diagnostic belongs to.
    pub span: Span,
    /// A short remark shown at the place; may be empty.
    pub text: String,
}

/// A diagnostic about one text: a stable code, a sentence, places, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable code such as `R012`, which docs/diagnostics.md explains. It never gets a second meaning.
    pub code: &'static str,
    /// The severity of a diagnostic.
    pub severity: Severity,
    /// What is wrong, in one line: lower case, no full stop, words from the user's text in backticks.
    pub title: String,
    /// The places in the text, at least one. The first is the main place.
    pub labels: Vec<Label>,
    /// How to fix the mistake; `None` if no advice is known.
    pub help: Option<String>,
    /// The changes of the text that fix the mistake, in order and without overlap. Empty if a person must decide.
    pub fix: Vec<Replacement>,
    /// How sure it is that the fix says what its author means.
    pub certainty: Certainty,
}

/// How sure it is that a fix says what its author means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// The text after the fix means the same.
    Sure,
    /// Probably meant, as in "did you mean". It is applied only if the user names it.
    Proposal,
    /// One of several remedies. It is never applied, and only serves to read the rest of the text.
    Guess,
}

/// A change of one place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Byte range in the file the diagnostic belongs to; empty if something is inserted.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Diagnostic {
    /// Makes an error whose main place is `span`.
    pub fn error(code: &'static str, span: Span, title: impl Into<String>) -> Self {
        Diagnostic::new(code, Severity::Error, span, title.into())
    }

    /// Makes a warning whose main place is `span`. Its fix is a proposal, because the text works as it is.
    pub fn warning(code: &'static str, span: Span, title: impl Into<String>) -> Self {
        Diagnostic::new(code, Severity::Warning, span, title.into()).proposed()
    }

    fn new(code: &'static str, severity: Severity, span: Span, title: String) -> Self {
        Diagnostic {
            code,
            severity,
            title,
            labels: vec![Label { span, text: String::new() }],
            help: None,
            fix: Vec::new(),
            certainty: Certainty::Sure,
        }
    }

    /// Adds another place with a remark.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Sets the advice on how to fix the mistake.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a change of the text to the fix.
    #[must_use]
    pub fn replace(mut self, span: Span, text: impl Into<String>) -> Self {
        let at = self.fix.partition_point(|change| (change.span.start, change.span.end) <= (span.start, span.end));
        self.fix.insert(at, Replacement { span, text: text.into() });
        self
    }

    /// Makes the fix one that keeps the meaning of the text.
    #[must_use]
    pub fn sure(self) -> Self {
        Diagnostic { certainty: Certainty::Sure, ..self }
    }

    /// Makes the fix one that is applied only if the user names it.
    #[must_use]
    pub fn proposed(self) -> Self {
        Diagnostic { certainty: Certainty::Proposal, ..self }
    }

    /// Makes the fix one that is never applied, since a person must decide.
    #[must_use]
    pub fn guessed(self) -> Self {
        Diagnostic { certainty: Certainty::Guess, ..self }
    }

    /// Returns the main place, that of the first label.
    pub fn span(&self) -> Span {
        self.labels[0].span
    }

    /// Moves all places `by` bytes forward. For text that was parsed alone, `by` is the offset at which it begins in
    /// the file.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        for label in &mut self.labels {
            label.span = label.span.shifted(by);
        }
        for change in &mut self.fix {
            change.span = change.span.shifted(by);
        }
        self
    }
}

impl Diagnostic {
    /// Widens all places to whole characters of `text`. A sign that was read as a shorter one has places within it.
    #[must_use]
    pub fn on_characters(mut self, text: &str) -> Self {
        let spans =
            self.labels.iter_mut().map(|label| &mut label.span).chain(self.fix.iter_mut().map(|fix| &mut fix.span));
        for span in spans {
            let start = (0..=span.start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let end =
                (span.end.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            *span = Span::new(start, end.max(start));
        }
        self
    }
}

/// Returns the candidate with the fewest edits from `name`, other than `name` itself. `None` if even that one takes
/// more than one edit, plus one for every four characters of the shorter name.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count().min(name.chars().count()) / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether `written` is `meant` with one slip of the fingers: a letter within the word is missing, doubled or too many, or two
/// neighbours are exchanged. Digits never slip, since `bad2` and `bad3` are two names.
pub fn is_slip(written: &str, meant: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (written.chars().collect(), meant.chars().collect());
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() < 4 || long.len() > short.len() + 1 || a.first() != b.first() {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    if short.len() == long.len() {
        let swapped =
            same + 1 < a.len() && a[same] == b[same + 1] && a[same + 1] == b[same] && a[same + 2..] == b[same + 2..];
        return swapped && a[same].is_alphabetic() && a[same + 1].is_alphabetic();
    }
    let more = long[same.min(long.len() - 1)];
    let is_within = same < short.len() || long.get(same.wrapping_sub(1)) == Some(&more);
    more.is_alphabetic() && is_within && short[same..] == long[same + 1..]
}

/// Returns two sorted lists of codes that begin with `letter`: those that docs/diagnostics.md explains, and those that
/// occur in quotes in `source`, the text of a source file.
#[cfg(test)]
pub(crate) fn explained_and_made(letter: char, source: &str) -> [Vec<String>; 2] {
    let codes = |text: &str, around: [&str; 2]| {
        let code =
            regex::Regex::new(&format!(r"(?m){}({letter}\d{{3}}){}", around[0], around[1])).expect("a valid regex");
        let found = code.captures_iter(text).map(|found| found[1].to_owned());
        found.collect::<std::collections::BTreeSet<String>>().into_iter().collect()
    };
    [codes(include_str!("../docs/diagnostics.md"), ["^## ", " "]), codes(source, ["\"", "\""])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_one_letter_are_told_from_others() {
        let [explained, made] = explained_and_made('J', r#"error("J002", …) warning("J001", …) "A001" J009"#);
        assert_eq!((explained[0].as_str(), made), ("J001", vec!["J001".to_owned(), "J002".to_owned()]));
        assert!(explained.iter().all(|code| code.starts_with('J')));
    }

    #[test]
    fn one_slip_is_told_from_another_name() {
        let slips = [
            ("sucess", "success"),
            ("hihg", "high"),
            ("severty", "severity"),
            ("usser", "user"),
            ("pirmary", "primary"),
        ];
        assert!(slips.iter().all(|(written, meant)| is_slip(written, meant)));
        let others = [
            ("bad2", "bad3"),
            ("bad", "bad2"),
            ("fails", "failed"),
            ("tests", "test"),
            ("a_slow", "b_slow"),
            ("out", "our"),
        ];
        assert!(others.iter().all(|(written, meant)| !is_slip(written, meant)));
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(did_you_mean("levle", ["time", "level", "logger"]), Some("level"));
        assert_eq!(did_you_mean("banana", ["time", "level", "logger"]), None);
    }
}
