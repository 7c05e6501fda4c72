//! Which part of a record shows a symptom.

use std::ops::Range;

use crate::matching::Finding;
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

fn patterns(binding: &Binding) -> impl Iterator<Item = &crate::pattern::Pattern> {
    binding.alternatives.iter().filter_map(|matcher| match matcher {
        Matcher::Pattern(pattern) => Some(pattern),
        Matcher::Any => None,
    })
}
