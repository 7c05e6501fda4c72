//! Says how much the tests of rules notice: changes the rules in small ways and runs the tests that can tell.
//!
//! A change that no test notices *survives*. To run all tests for each of thousands of changes would take hours, so a
//! change is first looked at through the records alone: a changed symptom that is seen in every test as the symptom itself cannot
//! change a result. All changed symptoms of a pack are looked for in one pass over each test. Only for the tests in which
//! there is a difference, the diagnosis is made again, with a search for what that test shows.

pub(super) mod example;
mod suggest;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::rule_tests::{CLOCK, clock, diagnose, failure, sources};
use crate::infer::Diagnosis;
use crate::matching::{self, Finding, Pass, ScanOptions};
use crate::rule::{
    CauseId, ChangedItem, Expectation, Mutant, MutantKind, Mutants, Program, ResolutionId, RuleText, Symptom,
    SymptomId, Test, mutants,
};
use crate::source::{LineIndex, SourceId};

/// Rules of about this many bytes are changed at a time. Their changed copies, with the regexes that are compiled for them, take
/// some 350 MB.
const BYTES_AT_A_TIME: usize = 150_000;

/// The most parts that are changed at the same time.
const PARTS_AT_A_TIME: usize = 2;

/// How much the tests of rules notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MutationReport {
    /// For each file that has changes, in order.
    pub packs: Vec<PackScore>,
    /// The changes that no test notices, in the order of files and places.
    pub survivors: Vec<Survivor>,
    /// The number of tests that fail without any change. They notice nothing.
    pub failing: usize,
}

/// How much the tests of a file notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackScore {
    /// The path of the file.
    pub path: String,
    /// The number of changes.
    pub changes: usize,
    /// The number of changes that a test notices.
    pub noticed: usize,
    /// The number of patterns, alternatives and branches.
    pub branches: usize,
    /// The number of these that a test needs.
    pub exercised: usize,
}

/// A change that no test notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivor {
    /// The path of the file.
    pub path: String,
    /// The line of what was changed, from 1.
    pub line: usize,
    /// The name of the item.
    pub item: String,
    /// The kind of change.
    pub kind: MutantKind,
    /// The change in words.
    pub change: String,
    /// A test that would notice it; `None` if none could be made.
    pub test: Option<String>,
}

/// Changes the rules of `files` one by one and runs their tests.
pub fn mutation_report(files: &[RuleText]) -> MutationReport {
    let parts = parts(files);
    let together = parts.chunks(PARTS_AT_A_TIME);
    let reports =
        together.flat_map(|parts| parts.par_iter().map(|part| of_part(files, part)).collect::<Vec<MutationReport>>());
    let mut whole = MutationReport::default();
    for report in reports {
        whole.packs.extend(report.packs);
        whole.survivors.extend(report.survivors);
        whole.failing += report.failing;
    }
    whole
}

/// Splits the files into parts that are changed at a time, in order.
fn parts(files: &[RuleText]) -> Vec<Vec<SourceId>> {
    let mut parts: Vec<Vec<SourceId>> = Vec::new();
    let mut bytes = usize::MAX;
    for (source, file) in (0..).map(SourceId).zip(files) {
        if bytes > BYTES_AT_A_TIME {
            parts.push(Vec::new());
            bytes = 0;
        }
        bytes += file.text.len();
        if let Some(part) = parts.last_mut() {
            part.push(source);
        }
    }
    parts
}

/// A test as it is without changes.
struct Baseline {
    /// The symptoms that are seen, also those that are not certain, each with the first record that shows it.
    seen: BTreeMap<SymptomId, String>,
}

/// What the expectations and facts of a test name.
#[derive(Default)]
struct Named {
    symptoms: BTreeSet<SymptomId>,
    causes: BTreeSet<CauseId>,
    resolutions: BTreeSet<ResolutionId>,
}

impl Named {
    fn new(test: &Test) -> Named {
        let mut named = Named::default();
        named.symptoms.extend(test.answers.iter().map(|(symptom, _)| *symptom));
        named.symptoms.extend(test.outputs.iter().map(|(symptom, _)| *symptom));
        for (expectation, _) in &test.expectations {
            match expectation {
                Expectation::Symptom { symptom, .. }
                | Expectation::NoSymptom(symptom)
                | Expectation::Unconfirmed(symptom) => {
                    named.symptoms.insert(*symptom);
                }
                Expectation::TopCause(cause, _) | Expectation::Cause { cause, .. } | Expectation::NoCause(cause) => {
                    named.causes.insert(*cause);
                }
                Expectation::FirstResolution(resolution) => {
                    named.resolutions.insert(*resolution);
                }
                Expectation::Unknown => {}
            }
        }
        named
    }

    fn has(&self, changed: &ChangedItem) -> bool {
        match changed {
            ChangedItem::Symptom(of, _) => self.symptoms.contains(of),
            ChangedItem::Cause(of, _) => self.causes.contains(of),
            ChangedItem::Resolution(of, _) => self.resolutions.contains(of),
        }
    }
}

/// The tests of a program, and the program while it changes.
struct Trial<'f> {
    files: &'f [RuleText],
    program: Program,
    /// The changed symptoms, by id.
    changed: BTreeMap<SymptomId, Symptom>,
    tests: Vec<Test>,
    named: Vec<Named>,
    /// The tests that can notice something, by index. Those that fail without a change are not among them.
    baselines: BTreeMap<usize, Baseline>,
    /// The name of the pack of each file.
    packs: Vec<String>,
}

fn of_part(files: &[RuleText], part: &[SourceId]) -> MutationReport {
    let mut changed = mutants(files, part);
    // The tests are read while the program changes.
    let tests = std::mem::take(&mut changed.program.tests);
    let packs: Vec<String> = changed.program.packs.iter().map(|pack| pack.name.clone()).collect();
    let named: Vec<Named> = tests.iter().map(Named::new).collect();
    let mut scopes: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for source in part {
        scopes.entry(packs[source.0 as usize].as_str()).or_default();
    }
    for (index, test) in tests.iter().enumerate() {
        scopes.entry(packs[test.at.0.0 as usize].as_str()).and_modify(|scope| {
            scope.insert(index);
        });
    }
    for mutant in &changed.mutants {
        let scope = scopes.get_mut(packs[mutant.source.0 as usize].as_str());
        scope.into_iter().for_each(|scope| scope.extend((0..tests.len()).filter(|&at| named[at].has(&mutant.changed))));
    }
    let differing = differences(&changed, &tests, &packs, &scopes);
    let in_scope: BTreeSet<usize> = scopes.into_values().flatten().collect();
    let n_symptoms = u32::try_from(changed.n_symptoms).expect("items are counted in 32 bits");
    let symptoms = (n_symptoms..).map(SymptomId).zip(changed.take_symptoms()).collect();
    let Mutants { program, mutants, .. } = changed;
    let baselines = BTreeMap::new();
    let mut trial = Trial { files, program, changed: symptoms, tests, named, baselines, packs };
    let failing = trial.note_baselines(&in_scope, part);
    let mut report = MutationReport { packs: Vec::new(), survivors: Vec::new(), failing };
    for mut group in grouped(mutants) {
        let is_noticed = group.iter_mut().any(|mutant| trial.is_noticed(mutant, &differing));
        let Some(first) = group.first() else { continue };
        report.count(&files[first.source.0 as usize].path, first.kind, is_noticed);
        if !is_noticed {
            report.survivors.extend(trial.survivor(&mut group, &differing));
        }
    }
    report
}

/// Groups the changes that count as one: those of the words of a symptom. That one of them is noticed shows that there is a near
/// miss; a near miss for each word of each pattern would be more tests than anybody reads.
fn grouped(mutants: Vec<Mutant>) -> Vec<Vec<Mutant>> {
    let mut groups: Vec<Vec<Mutant>> = Vec::new();
    let mut of_symptom: BTreeMap<SymptomId, usize> = BTreeMap::new();
    for mutant in mutants {
        let symptom = mutant.symptom().filter(|_| mutant.kind == MutantKind::Word);
        match symptom.and_then(|symptom| of_symptom.get(&symptom)) {
            Some(&group) => groups[group].push(mutant),
            None => {
                symptom.into_iter().for_each(|symptom| {
                    of_symptom.insert(symptom, groups.len());
                });
                groups.push(vec![mutant]);
            }
        }
    }
    groups
}

/// The tests in which a changed symptom is seen in another way than the symptom itself, by the id of the changed one.
type Differing = BTreeMap<SymptomId, BTreeSet<usize>>;

/// Looks for all changed symptoms of each pack in the records of its tests.
fn differences(
    changed: &Mutants,
    tests: &[Test],
    packs: &[String],
    scopes: &BTreeMap<&str, BTreeSet<usize>>,
) -> Differing {
    let mut differing = Differing::new();
    for (pack, scope) in scopes {
        let pairs = changed.mutants.iter().filter(|mutant| packs[mutant.source.0 as usize] == *pack);
        let pairs = pairs.filter_map(|mutant| match mutant.changed {
            ChangedItem::Symptom(of, id) => Some((of, id)),
            _ => None,
        });
        let pairs: Vec<(SymptomId, SymptomId)> = pairs.collect();
        let ids: BTreeSet<SymptomId> = pairs.iter().flat_map(|(of, id)| [*of, *id]).collect();
        let wanted = with_related(&changed.program, ids);
        let looking = |now| Pass::looking_for(&changed.program, ScanOptions::at(now), &|id| wanted.contains(&id));
        // The search for all these patterns is prepared once.
        let pass = looking(CLOCK);
        for &index in scope {
            let pass = tests[index].now.map_or_else(|| pass.clone(), looking);
            let found = findings(&changed.program, pass, &tests[index], &pairs);
            let none = Vec::new();
            let of = |id: SymptomId| found.get(&id).unwrap_or(&none);
            for (own, id) in &pairs {
                let same = of(*own).len() == of(*id).len()
                    && of(*own).iter().zip(of(*id)).all(|(a, b)| Finding { symptom: a.symptom, ..b.clone() } == *a);
                if !same || !changed.program.symptom(*own).hides.is_empty() {
                    differing.entry(*id).or_default().insert(index);
                }
            }
        }
    }
    differing
}

/// Adds to symptoms those that they match, and those that match them.
fn with_related(program: &Program, mut ids: BTreeSet<SymptomId>) -> BTreeSet<SymptomId> {
    let mut next: Vec<SymptomId> = ids.iter().copied().collect();
    while let Some(id) = next.pop() {
        let symptom = program.symptom(id);
        let matched = symptom.bindings.iter().filter_map(|binding| binding.symptom);
        let related = matched.chain(symptom.feeds.iter().map(|(to, _)| *to)).chain(symptom.hides.iter().copied());
        next.extend(related.filter(|related| ids.insert(*related)).collect::<Vec<_>>());
    }
    ids
}

/// The findings of a test, by symptom. The output of a command is read for each changed symptom as well.
fn findings(
    program: &Program,
    mut pass: Pass<'_>,
    test: &Test,
    pairs: &[(SymptomId, SymptomId)],
) -> BTreeMap<SymptomId, Vec<Finding>> {
    sources(test).into_iter().for_each(|source| pass.read(source));
    let mut scan = pass.finish();
    for (symptom, output) in &test.outputs {
        let changed = pairs.iter().filter(|(own, _)| own == symptom).map(|(_, id)| *id);
        for id in std::iter::once(*symptom).chain(changed) {
            matching::add_probe(program, &mut scan, id, "output", output.as_bytes());
        }
    }
    let mut found: BTreeMap<SymptomId, Vec<Finding>> = BTreeMap::new();
    for mut finding in scan.findings {
        // The output of a command is a source of its own for each symptom.
        if program.symptom(finding.symptom).probe.is_some() {
            finding.evidence.clear();
        }
        found.entry(finding.symptom).or_default().push(finding);
    }
    found
}

impl Trial<'_> {
    /// Runs the tests without changes. Returns the number of tests in the files `part` that fail.
    fn note_baselines(&mut self, in_scope: &BTreeSet<usize>, part: &[SourceId]) -> usize {
        let pass = Pass::new(&self.program, ScanOptions::at(CLOCK));
        let mut failing = 0;
        for &index in in_scope {
            let test = &self.tests[index];
            let pass = match test.now {
                Some(now) => Pass::new(&self.program, ScanOptions::at(now)),
                None => pass.clone(),
            };
            let diagnosis = diagnose(&self.program, pass, test);
            if holds(&self.program, &diagnosis, test) {
                let first =
                    |finding: &Finding| finding.evidence.first().map(|first| first.text.clone()).unwrap_or_default();
                let seen = diagnosis.findings.iter().rev().map(|finding| (finding.symptom, first(finding))).collect();
                self.baselines.insert(index, Baseline { seen });
            } else {
                failing += usize::from(part.contains(&test.at.0));
            }
        }
        failing
    }

    /// Whether a test fails with the change.
    fn is_noticed(&mut self, mutant: &mut Mutant, differing: &Differing) -> bool {
        let mut worth: Vec<usize> = match &mutant.changed {
            ChangedItem::Symptom(_, id) => differing.get(id).into_iter().flatten().copied().collect(),
            _ => self.baselines.keys().copied().collect(),
        };
        worth.retain(|&index| self.baselines.contains_key(&index) && self.may_notice(index, mutant));
        // A test that names the item is the most likely one to fail.
        worth.sort_by_key(|&index| (!self.named[index].has(&mutant.changed), index));
        let symptom = mutant.symptom();
        self.changing(mutant, |this| worth.iter().any(|&index| this.fails(index, symptom)))
    }

    /// Runs `look` with the change made.
    fn changing<T>(&mut self, mutant: &mut Mutant, look: impl FnOnce(&Self) -> T) -> T {
        self.exchange(mutant);
        let seen = look(self);
        self.exchange(mutant);
        seen
    }

    /// Makes the change, or takes it back.
    fn exchange(&mut self, mutant: &mut Mutant) {
        match &mut mutant.changed {
            ChangedItem::Symptom(of, id) => {
                if let Some(new) = self.changed.remove(id) {
                    let before = self.program.exchange(*of, new);
                    self.changed.insert(*id, before);
                }
            }
            ChangedItem::Cause(of, new) => {
                std::mem::swap(&mut self.program.causes[of.0 as usize], &mut **new);
                self.program.forget_digest();
            }
            ChangedItem::Resolution(of, new) => {
                std::mem::swap(&mut self.program.resolutions[of.0 as usize], &mut **new);
                self.program.forget_digest();
            }
        }
    }

    /// Whether the result of a test can depend on the item.
    fn may_notice(&self, index: usize, mutant: &Mutant) -> bool {
        let is_of_pack = self.packs[self.tests[index].at.0.0 as usize] == self.packs[mutant.source.0 as usize];
        if self.named[index].has(&mutant.changed) {
            return true;
        }
        let seen = &self.baselines[&index].seen;
        is_of_pack
            && match &mutant.changed {
                ChangedItem::Symptom(..) => true,
                ChangedItem::Cause(of, _) => {
                    let cause = self.program.cause(*of);
                    let led_to = cause.leads_to.iter().map(|(to, _)| self.program.cause(*to));
                    let mut shown =
                        std::iter::once(cause).chain(led_to).flat_map(|one| one.shows.iter().chain(&one.against));
                    shown.any(|(symptom, _)| seen.contains_key(symptom))
                }
                ChangedItem::Resolution(..) => !self.named[index].resolutions.is_empty(),
            }
    }

    /// Whether a test fails with the program as it is. Only those symptoms are looked for that it shows without a change, and the
    /// changed one.
    fn fails(&self, index: usize, changed: Option<SymptomId>) -> bool {
        let test = &self.tests[index];
        let seen = self.baselines[&index].seen.keys().copied().chain(changed).collect();
        let wanted = with_related(&self.program, seen);
        let pass = Pass::looking_for(&self.program, ScanOptions::at(clock(test)), &|id| wanted.contains(&id));
        !holds(&self.program, &diagnose(&self.program, pass, test), test)
    }

    /// Describes changes that count as one and that no test notices, by the first for which a test can be suggested.
    fn survivor(&mut self, group: &mut [Mutant], differing: &Differing) -> Option<Survivor> {
        let suggested =
            group.iter_mut().enumerate().find_map(|(at, mutant)| Some((at, self.suggestion(mutant, differing)?)));
        let (at, test) = suggested.map_or((0, None), |(at, test)| (at, Some(test)));
        let mutant = group.get(at)?;
        let file = &self.files[mutant.source.0 as usize];
        let item = match &mutant.changed {
            ChangedItem::Symptom(of, _) => &self.program.symptom(*of).name,
            ChangedItem::Cause(of, _) => &self.program.cause(*of).name,
            ChangedItem::Resolution(of, _) => &self.program.resolution(*of).name,
        };
        Some(Survivor {
            path: file.path.clone(),
            line: LineIndex::new(&file.text).line_col(&file.text, mutant.span.start).line,
            item: item.clone(),
            kind: mutant.kind,
            change: mutant.change.clone(),
            test,
        })
    }
}

fn holds(program: &Program, diagnosis: &Diagnosis, test: &Test) -> bool {
    test.expectations.iter().all(|(expectation, _)| failure(program, diagnosis, expectation).is_none())
}

impl MutationReport {
    fn count(&mut self, path: &str, kind: MutantKind, is_noticed: bool) {
        if self.packs.last().is_none_or(|last| last.path != path) {
            let path = path.to_owned();
            self.packs.push(PackScore { path, changes: 0, noticed: 0, branches: 0, exercised: 0 });
        }
        let Some(pack) = self.packs.last_mut() else { return };
        pack.changes += 1;
        pack.noticed += usize::from(is_noticed);
        if kind == MutantKind::Branch {
            pack.branches += 1;
            pack.exercised += usize::from(is_noticed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str) -> MutationReport {
        mutation_report(&[RuleText { path: "a.rules".to_owned(), text: text.to_owned() }])
    }

    /// The changes that no test notices, as `item: change`.
    fn survivors(text: &str) -> Vec<String> {
        let survivors = report(text).survivors.into_iter();
        survivors.map(|survivor| format!("{} {}: {}", survivor.line, survivor.item, survivor.change)).collect()
    }

    const PUMP: &str = r#"symptom stops "Pump {n} stops" {
  match "pump {n:int} stops" or "pump {n:int} halted" where n < 9
}
cause worn "Worn" { prior common shows stops usually }
cause dry "Dry" { prior rare shows stops usually }
resolution fill "Fill" { resolves worn usually }
resolution wait "Wait" { resolves dry usually cost 1m }
"#;

    #[test]
    fn the_parts_of_a_branch_are_left_out_and_a_branch_is_never_true() {
        let rules = r#"symptom s "S" { match "pump {n:int} stops" where (n > 3 and n < 9) or n == 12 }
cause worn "Worn" { shows s usually }
test "t" { feed "pump 20 stops" expect no s }"#;
        let found = survivors(rules);
        let has = |change: &str| found.iter().any(|found| found.ends_with(change));
        assert!(
            has("`n > 3` is left out") && has("`n > 3` says the opposite") && has("`n == 12` is never true"),
            "{found:?}"
        );
        assert!(!has("`n > 3` is never true") && !has("`n == 12` says the opposite"), "{found:?}");
    }

    #[test]
    fn what_no_test_notices_is_named_with_its_line() {
        let weak = format!("{PUMP}test \"t\" {{ feed \"pump 7 stops\" expect stops expect top cause worn }}");
        assert_eq!(
            survivors(&weak),
            [
                "2 stops: any text may stand for `pump`",
                "2 stops: `pump {n:int} halted` never matches",
                "2 stops: `n < 9` is left out",
                "2 stops: the limit is 8, not 9",
                "2 stops: the limit is 10, not 9",
                "5 dry: `shows stops usually` is left out",
                "6 fill: `resolves worn usually` is left out",
                "6 fill: `resolves worn usually` resolves `dry` instead",
                "7 wait: `resolves dry usually` is left out",
                "7 wait: `resolves dry usually` resolves `worn` instead",
            ]
        );
        let report = report(&weak);
        let pack = &report.packs[0];
        assert_eq!((pack.changes, pack.noticed, pack.branches, pack.exercised), (13, 3, 2, 1));
    }

    #[test]
    fn tests_that_notice_everything_leave_nothing() {
        let tests = r#"
            test "stops" { feed "pump 7 stops" expect stops expect top cause worn expect cause dry >= 0.5% expect first resolution fill }
            test "halted" { feed "pump 8 halted" expect stops }
            test "limit" { feed "pump 9 stops" expect no stops }
            test "fan" { feed "fan 7 stops" expect no stops }
        "#;
        let found = survivors(&format!("{PUMP}{tests}"));
        assert_eq!(found, ["7 wait: `resolves dry usually` is left out"]);
    }

    #[test]
    fn a_test_that_fails_notices_nothing() {
        let report = report(&format!("{PUMP}test \"t\" {{ feed \"pump 7 stops\" expect no stops }}"));
        assert_eq!((report.failing, report.packs[0].noticed), (1, 0));
    }

    /// Adds each suggested test to the rules, until none is suggested. Returns the changes that are left.
    fn left_after_suggestions(text: &str) -> Vec<String> {
        let mut text = text.to_owned();
        for _ in 0..20 {
            let report = report(&text);
            let suggested = report.survivors.iter().filter_map(|survivor| survivor.test.clone());
            let Some(test) = suggested.filter(|test| test.starts_with("test ")).max() else {
                return survivors(&text);
            };
            assert_eq!(report.failing, 0, "{text}");
            text = format!("{text}\n{test}");
        }
        survivors(&text)
    }

    #[test]
    fn suggested_tests_hold_and_notice_the_change() {
        let weak = format!("{PUMP}test \"t\" {{ feed \"pump 7 stops\" expect stops expect top cause worn }}");
        // No test can notice what the second resolution of a pack resolves as long as the first one comes first.
        let left = ["7 wait: `resolves dry usually` is left out"];
        assert_eq!(left_after_suggestions(&weak), left);
    }

    #[test]
    fn conditions_on_time_have_near_misses() {
        let guessing = r#"symptom guessing "Guessing from {ip}" {
              match bad: "failed from {ip:ip}"
              match good: "accepted from {ip:ip}"
              when count(bad) >= 3 then good within 2m by ip
            }
            test "t" {
              feed "2026-11-12T10:00:00Z sshd: failed from 192.0.2.7" x 4 every 10s
              feed "2026-11-12T10:01:00Z sshd: accepted from 192.0.2.7"
              expect guessing
            }"#;
        let first = survivors(guessing);
        assert!(first.contains(&"4 guessing: the order does not matter".to_owned()), "{first:?}");
        assert!(first.contains(&"4 guessing: the limit is 2, not 3".to_owned()), "{first:?}");
        assert!(first.contains(&"4 guessing: the time is 4m, not 2m".to_owned()), "{first:?}");
        assert_eq!(left_after_suggestions(guessing), [] as [&str; 0]);
    }

    #[test]
    fn a_change_that_makes_no_sense_is_not_counted() {
        // Without `pump {n:int}` the title would have no value for `{n}`, and a cause of one pack cannot lead to itself.
        let one = r#"symptom stops "Pump {n} stops" { match "pump {n:int}" }
            test "t" { feed "pump 7" expect stops }"#;
        assert_eq!(survivors(one), [] as [&str; 0]);
        assert_eq!(report(one).packs[0].changes, 1);
    }
}
