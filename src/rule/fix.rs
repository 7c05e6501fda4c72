//! Applies fixes to rule files, and never breaks one.
//!
//! A fix is applied if it is sure, or if the user names its code. All are tried together. If a file then has a mistake that it did
//! not have, or one that should be gone, they are tried in halves down to single ones, and those that do harm are left out.

use std::collections::HashMap;

use super::RuleText;
use super::revise::{fixes, revised};
use crate::diagnostic::{Certainty, Diagnostic, Severity};
use crate::source::SourceId;

/// The most rounds. The fix of one mistake can make another one visible.
const MOST_ROUNDS: usize = 8;

/// What came of [`fix`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedTexts {
    /// The texts after the fixes, in the order of the files.
    pub texts: Vec<RuleText>,
    /// The number of mistakes that are fixed.
    pub n_fixed: usize,
    /// The number of mistakes that are left.
    pub n_left: usize,
    /// The codes of those left for which there is a proposal, sorted, each once.
    pub proposed: Vec<&'static str>,
}

/// Applies all fixes that are sure, and the proposals whose codes are in `also`, to the files that `may_change`. A fix is left out
/// if after it there are not fewer mistakes, or there is an error that was not there. `check` returns what is wrong with files; it is
/// called at least once.
pub fn fix(
    files: &[RuleText],
    check: &dyn Fn(&[RuleText]) -> Remarks,
    may_change: impl Fn(&RuleText) -> bool,
    also: &[String],
) -> FixedTexts {
    let is_chosen = |found: &Diagnostic| match found.certainty {
        Certainty::Sure => !found.fix.is_empty(),
        Certainty::Proposal => !found.fix.is_empty() && also.iter().any(|code| code == found.code),
        Certainty::Guess => false,
    };
    let mut texts = files.to_vec();
    let mut found = check(&texts);
    let counted = |found: &Remarks| found.iter().filter(|(_, one)| is_mistake(one)).count();
    let first = counted(&found);
    for _ in 0..MOST_ROUNDS {
        let candidates = found.iter().enumerate().filter(|(_, (source, one))| {
            let file = &texts[source.0 as usize];
            // What could not be read must not be written.
            is_chosen(one) && may_change(file) && !file.text.contains(char::REPLACEMENT_CHARACTER)
        });
        let candidates: Vec<usize> = candidates.map(|(index, _)| index).collect();
        let mut round = Round { check, texts: &texts, before: &found, kept: Vec::new(), after: None };
        round.try_all(&candidates);
        let Some((next, after)) = round.after else { break };
        (texts, found) = (next, after);
    }
    let n_left = counted(&found);
    let left =
        found.iter().map(|(_, one)| one).filter(|one| one.certainty == Certainty::Proposal && !one.fix.is_empty());
    let mut proposed: Vec<&'static str> = left.map(|one| one.code).collect();
    proposed.sort_unstable();
    proposed.dedup();
    FixedTexts { texts, n_fixed: first.saturating_sub(n_left), n_left, proposed }
}

/// What is wrong with files.
pub type Remarks = Vec<(SourceId, Diagnostic)>;

/// Whether it is an error, or a warning that has a fix.
fn is_mistake(found: &Diagnostic) -> bool {
    found.severity == Severity::Error || !found.fix.is_empty()
}

/// One round of fixes: all of the mistakes that are visible at once.
struct Round<'t> {
    check: &'t dyn Fn(&[RuleText]) -> Remarks,
    texts: &'t [RuleText],
    before: &'t Remarks,
    /// The indices of the mistakes whose fixes are applied.
    kept: Vec<usize>,
    /// The texts after them, and what is wrong with these.
    after: Option<(Vec<RuleText>, Remarks)>,
}

impl Round<'_> {
    /// Keeps all of `group`, or else the parts of it that do no harm.
    fn try_all(&mut self, group: &[usize]) {
        if group.is_empty() {
            return;
        }
        let mut together = self.kept.clone();
        together.extend(group);
        together.sort_unstable();
        let texts = self.revised(&together);
        let now = self.after.as_ref().map_or(self.texts, |(texts, _)| texts);
        if texts == now {
            return;
        }
        let after = (self.check)(&texts);
        let before = self.after.as_ref().map_or(self.before, |(_, remarks)| remarks);
        if is_better(before, &after) {
            (self.kept, self.after) = (together, Some((texts, after)));
        } else if group.len() > 1 {
            let (first, rest) = group.split_at(group.len() / 2);
            self.try_all(first);
            self.try_all(rest);
        }
    }

    fn revised(&self, chosen: &[usize]) -> Vec<RuleText> {
        let mut texts = self.texts.to_vec();
        for (index, file) in texts.iter_mut().enumerate() {
            let of_file = chosen.iter().map(|at| &self.before[*at]).filter(|(source, _)| source.0 as usize == index);
            let edits = fixes(of_file.map(|(_, found)| found));
            if !edits.is_empty() {
                file.text = revised(&file.text, &edits);
            }
        }
        texts
    }
}

/// Whether there are fewer mistakes than `before`, and no error that was not there.
fn is_better(before: &Remarks, after: &Remarks) -> bool {
    let key = |(source, one): &(SourceId, Diagnostic)| (*source, one.code, one.title.clone());
    let mistakes = || before.iter().filter(|(_, one)| is_mistake(one));
    let mut known: HashMap<_, usize> = HashMap::new();
    for found in mistakes() {
        *known.entry(key(found)).or_default() += 1;
    }
    let mut n_after = 0;
    for found in after.iter().filter(|(_, one)| is_mistake(one)) {
        match known.get_mut(&key(found)) {
            Some(n) if *n > 0 => {
                *n -= 1;
                n_after += 1;
            }
            _ if found.1.severity == Severity::Error => return false,
            // A warning about an item that could not be read before.
            _ => {}
        }
    }
    n_after < mistakes().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::load;

    fn check(files: &[RuleText]) -> Remarks {
        load(files, None).1
    }

    fn fixed(text: &str, also: &[&str]) -> String {
        let files = [RuleText { path: "a.rules".to_owned(), text: text.to_owned() }];
        let also: Vec<String> = also.iter().map(|code| (*code).to_owned()).collect();
        fix(&files, &check, |_| true, &also).texts[0].text.clone()
    }

    #[test]
    fn a_sure_fix_is_applied_and_a_proposal_only_if_it_is_named() {
        let text = "symptom a \"A\" { match \"foo {n:int}\" where m = 5 }";
        assert_eq!(fixed(text, &[]), "symptom a \"A\" { match \"foo {n:int}\" where m == 5 }");
        let text = "symptom aa \"A\" { match \"foo bar\" }\ncause c \"C\" { shows ab often }\n";
        assert_eq!(fixed(text, &[]), text);
        assert_eq!(
            fixed("cause c \"C\" { shows seens often }\nsymptom seen \"S\" { match \"foo bar\" }", &["R041"]),
            "cause c \"C\" { shows seen often }\nsymptom seen \"S\" { match \"foo bar\" }"
        );
    }

    #[test]
    fn a_fix_that_makes_another_mistake_is_left_out_and_the_others_are_applied() {
        let remark = |code, start, end, text: &str| {
            let span = crate::source::Span::new(start, end);
            (SourceId(0), Diagnostic::error(code, span, format!("{code} {start}")).replace(span, text))
        };
        // `=` is wrong twice. The second fix would break the file.
        let text = "symptom a \"A\" { match any where .x = 1 and .y = 2 }";
        let files = [RuleText { path: "a.rules".to_owned(), text: text.to_owned() }];
        let first = text.find('=').unwrap_or_default();
        let second = text.rfind('=').unwrap_or_default();
        let found = load(&files, None).1;
        let errors: Remarks = found.into_iter().filter(|(_, one)| one.severity == Severity::Error).collect();
        assert_eq!(errors.len(), 2);
        let mut before = errors;
        before[0].1 = remark(before[0].1.code, first, first + 1, "==").1;
        before[1].1 = remark(before[1].1.code, second, second + 1, "\"").1;
        let titles = load(&files, None).1;
        for (index, (_, one)) in before.iter_mut().enumerate() {
            one.title = titles
                .iter()
                .filter(|(_, one)| one.severity == Severity::Error)
                .nth(index)
                .map(|(_, one)| one.title.clone())
                .unwrap_or_default();
        }
        let mut round = Round { check: &check, texts: &files, before: &before, kept: Vec::new(), after: None };
        round.try_all(&[0, 1]);
        assert_eq!(round.kept, [0]);
        assert_eq!(
            round.after.map(|(texts, _)| texts[0].text.clone()).as_deref(),
            Some("symptom a \"A\" { match any where .x == 1 and .y = 2 }")
        );
    }
}
