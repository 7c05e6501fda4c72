//! Finds the part of a record that shows a symptom.

use std::ops::Range;

use crate::matching::Finding;
use crate::pattern::Pattern;
use crate::rule::{Binding, Matcher, Symptom};

/// Finds the span of `text`, a record of `finding`, that shows the symptom. It is the match of the first pattern whose
/// captures agree with those of the finding. Returns `None` if the text as printed does not contain what matched, for
/// example because it is JSON with escapes. The span never splits a character. Takes time linear in the text for each
/// pattern.
pub(super) fn matched(symptom: &Symptom, finding: &Finding, text: &str) -> Option<Range<usize>> {
    let mut patterns = symptom.bindings.iter().flat_map(patterns);
    let range = patterns.find_map(|pattern| {
        let found = pattern.find(text.as_bytes())?;
        let captures = pattern.captures(text.as_bytes())?;
        let agrees =
            captures.iter().all(|(name, value)| finding.captures.get(name).is_none_or(|expected| expected == value));
        agrees.then_some(found.range)
    })?;
    // Bytes that were not UTF-8 have been replaced, so the match may begin or end within a character.
    text.get(range.clone()).filter(|shown| !shown.is_empty()).map(|_| range)
}

fn patterns(binding: &Binding) -> impl Iterator<Item = &Pattern> {
    binding.alternatives.iter().filter_map(|matcher| match matcher {
        Matcher::Pattern(pattern) => Some(pattern),
        Matcher::Any => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{Captures, Status};
    use crate::rule::{RuleText, load};
    use crate::value::Value;

    /// Checks which part of `text` is found for a finding whose capture `n` is 3.
    #[track_caller]
    fn check(patterns: &str, text: &str, expected: Option<&str>) {
        let rules = format!("symptom s \"S\" {{ match {patterns} }}\ncause c \"C\" {{ shows s usually }}");
        let (program, _) = load(&[RuleText { path: "a.rules".to_owned(), text: rules }], None);
        let symptom = program.symptom_named("s").expect("a symptom");
        let captures = Captures::from([("n".to_owned(), Value::Int(3))]);
        let (status, evidence) = (Status::Confirmed, Vec::new());
        let timing = crate::matching::FindingTiming::default();
        let finding = Finding { symptom, status, count: 1, captures, first: None, last: None, evidence, timing };
        let found = matched(program.symptom(symptom), &finding, text);
        assert_eq!(found.map(|range| &text[range]), expected);
    }

    #[test]
    fn the_pattern_that_gave_the_captures_is_marked() {
        let either = r#""belt {n:int}" or "saw {n:int} stops""#;
        check(either, "12:00 belt 3 slips", Some("belt 3"));
        check(either, "belt 4: saw 3 stops", Some("saw 3 stops"));
        check(either, "belt 4 slips", None);
    }

    #[test]
    fn what_cannot_be_found_is_not_marked() {
        check("any", "belt 3", None);
        check(r#""it hums {n:int}""#, r#"{"message":"it\u0020hums 3"}"#, None);
    }
}
