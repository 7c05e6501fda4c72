//! Which part of a record shows a symptom.

use std::ops::Range;

use crate::matching::Finding;
use crate::pattern::Pattern;
use crate::rule::{Binding, Matcher, Symptom};

/// Where `text`, a record of `finding`, shows the symptom: the first pattern that takes the captures of the finding, in the
/// order written. `None` where the record as printed does not hold what matched, such as one in JSON with escapes in it.
/// On borders of characters; in time linear in the text, for each pattern of the symptom.
pub(super) fn matched(symptom: &Symptom, finding: &Finding, text: &str) -> Option<Range<usize>> {
    let mut patterns = symptom.bindings.iter().flat_map(patterns);
    let range = patterns.find_map(|pattern| {
        let found = pattern.find(text.as_bytes())?;
        let captures = pattern.captures(text.as_bytes())?;
        let agrees =
            captures.iter().all(|(name, value)| finding.captures.get(name).is_none_or(|expected| expected == value));
        agrees.then_some(found.range)
    })?;
    // Text that was not UTF-8 has been replaced; what matched in it may now begin within a character.
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

    /// Checks the part of `text` that is marked for a finding with `n` = 3.
    #[track_caller]
    fn check(patterns: &str, text: &str, expected: Option<&str>) {
        let rules = format!("symptom s \"S\" {{ match {patterns} }}\ncause c \"C\" {{ shows s usually }}");
        let (program, _) = load(&[RuleText { path: "a.rules".to_owned(), text: rules }], None);
        let symptom = program.symptom_named("s").expect("a symptom");
        let captures = Captures::from([("n".to_owned(), Value::Int(3))]);
        let (status, evidence) = (Status::Confirmed, Vec::new());
        let finding = Finding { symptom, status, count: 1, captures, first: None, last: None, evidence };
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
