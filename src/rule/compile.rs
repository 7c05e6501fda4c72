//! Turns resolved items into a [`Program`]. Items with mistakes are left out, and so is what depends on them. The
//! others get their final ids and names. Cannot fail.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::program::{
    Cause, CauseId, Expectation, FullNames, Pack, Program, ResolutionId, Symptom, SymptomId, Test, Verify,
};
use super::resolve::{Items, Resolved};
use crate::own_format::OwnFormat;

pub(super) fn compile(mut items: Items) -> Program {
    drop_dependents(&mut items);
    let symptoms = numbers(&items.symptoms, SymptomId);
    let causes = numbers(&items.causes, CauseId);
    let resolutions = numbers(&items.resolutions, ResolutionId);
    let full_names = FullNames {
        symptoms: full_names(&items.symptoms, &symptoms),
        causes: full_names(&items.causes, &causes),
        resolutions: full_names(&items.resolutions, &resolutions),
    };
    let titles = std::mem::take(&mut items.titles).into_iter();
    let left_out_tests = titles.zip(&items.tests).filter(|(_, test)| test.is_none()).map(|(title, _)| title).collect();
    let packs = with_causes(items.packs, &items.causes, &causes);
    let mut program = Program {
        symptoms: kept(items.symptoms, |symptom, name| symptom.name = name).into(),
        causes: kept(items.causes, |cause, name| cause.name = name).into(),
        resolutions: kept(items.resolutions, |resolution, name| resolution.name = name).into(),
        left_out_tests,
        tests: items.tests.into_iter().flatten().collect(),
        formats: kept(items.formats, OwnFormat::rename).into_iter().map(Arc::new).collect(),
        packs,
        mutes: items.mutes,
        timed: Vec::new(),
        full_names: [full_names].into_iter().collect(),
        ..Program::default()
    };
    renumber(&mut program, &FinalIds { symptoms, causes, resolutions });
    program
}

/// The final id of each provisional id; `None` for an item that is left out.
struct FinalIds {
    symptoms: Vec<Option<SymptomId>>,
    causes: Vec<Option<CauseId>>,
    resolutions: Vec<Option<ResolutionId>>,
}

impl FinalIds {
    fn symptom(&self, id: SymptomId) -> SymptomId {
        self.symptoms[id.0 as usize].expect("what depends on a symptom that is left out is left out as well")
    }

    fn cause(&self, id: CauseId) -> CauseId {
        self.causes[id.0 as usize].expect("what depends on a cause that is left out is left out as well")
    }

    fn resolution(&self, id: ResolutionId) -> ResolutionId {
        self.resolutions[id.0 as usize].expect("what depends on a resolution that is left out is left out as well")
    }
}

fn is_kept<T>(items: &[Resolved<T>], index: u32) -> bool {
    items[index as usize].item.is_some()
}

/// Leaves out items that depend on an item that is left out. The kinds are checked in the order in which they depend on
/// each other. Symptoms can depend on one another (`for`), so they are checked until nothing changes.
fn drop_dependents(items: &mut Items) {
    loop {
        let orphan = items.symptoms.iter().position(|symptom| {
            let needed = symptom.item.iter().flat_map(needed);
            needed.into_iter().any(|of| !is_kept(&items.symptoms, of.0))
        });
        match orphan {
            Some(orphan) => items.symptoms[orphan].item = None,
            None => break,
        }
    }
    let symptoms = &items.symptoms;
    let seen = |id: SymptomId| is_kept(symptoms, id.0);
    for cause in &mut items.causes {
        cause.item.take_if(|cause| !cause.shows.iter().chain(&cause.against).all(|(symptom, _)| seen(*symptom)));
    }
    drop_what_leads_to_nothing(&mut items.causes);
    let causes = &items.causes;
    for resolution in &mut items.resolutions {
        resolution.item.take_if(|resolution| {
            let silent = match resolution.verify {
                Some(Verify::Silence(symptom, _)) => seen(symptom),
                Some(Verify::Check(_)) | None => true,
            };
            !silent || !resolution.resolves.iter().all(|(cause, _)| is_kept(causes, cause.0))
        });
    }
    items.mutes.retain(|mute| seen(mute.symptom));
    let resolutions = &items.resolutions;
    for test in &mut items.tests {
        test.take_if(|test| {
            let expected = |expectation: &Expectation| match expectation {
                Expectation::Symptom { symptom, .. }
                | Expectation::NoSymptom(symptom)
                | Expectation::Unconfirmed(symptom) => seen(*symptom),
                Expectation::TopCause(cause, _) | Expectation::Cause { cause, .. } | Expectation::NoCause(cause) => {
                    is_kept(causes, cause.0)
                }
                Expectation::Unknown => true,
                Expectation::FirstResolution(resolution) => is_kept(resolutions, resolution.0),
            };
            let answered = test.answers.iter().all(|(symptom, _)| seen(*symptom));
            let answered = answered && test.outputs.iter().all(|(symptom, _)| seen(*symptom));
            !answered || !test.expectations.iter().all(|(expectation, _)| expected(expectation))
        });
    }
}

/// The symptoms without which a symptom makes no sense.
fn needed(symptom: &Symptom) -> impl Iterator<Item = SymptomId> {
    let matched = symptom.bindings.iter().filter_map(|binding| binding.symptom);
    symptom.of.into_iter().chain(matched).chain(symptom.hides.iter().copied())
}

/// Leaves out causes that lead to a cause that is left out, until nothing changes.
fn drop_what_leads_to_nothing(causes: &mut [Resolved<Cause>]) {
    let mut leading: Vec<Vec<usize>> = vec![Vec::new(); causes.len()];
    for (index, cause) in causes.iter().enumerate() {
        let led_to = cause.item.iter().flat_map(|cause| &cause.leads_to);
        led_to.for_each(|(to, _)| leading[to.0 as usize].push(index));
    }
    let mut gone: Vec<usize> = (0..causes.len()).filter(|&index| causes[index].item.is_none()).collect();
    while let Some(index) = gone.pop() {
        gone.extend(leading[index].iter().filter(|&&from| causes[from].item.take().is_some()));
    }
}

/// Adds the causes that are kept to the packs of their files. `ids` has the final id of each cause.
fn with_causes(mut packs: Vec<Pack>, causes: &[Resolved<Cause>], ids: &[Option<CauseId>]) -> Vec<Pack> {
    for (cause, id) in causes.iter().zip(ids) {
        packs[cause.source.0 as usize].causes.extend(*id);
    }
    packs
}

fn numbers<T, Id>(items: &[Resolved<T>], id: fn(u32) -> Id) -> Vec<Option<Id>> {
    let mut next = 0;
    let number = |item: &Resolved<T>| {
        item.item.as_ref()?;
        next += 1;
        Some(id(next - 1))
    };
    items.iter().map(number).collect()
}

/// Returns the ids of the items that are not left out, by `pack.name`.
fn full_names<T, Id: Copy>(items: &[Resolved<T>], numbers: &[Option<Id>]) -> BTreeMap<String, Id> {
    let named = items.iter().zip(numbers).filter_map(|(item, id)| Some((full_name(item), (*id)?)));
    named.collect()
}

fn full_name<T>(item: &Resolved<T>) -> String {
    format!("{}.{}", item.pack, item.name.node)
}

/// Returns the items that are not left out. Each gets its local name if no other pack has that name, and `pack.name`
/// otherwise. Names of items that are left out count as well, so that fixing one file renames nothing in another.
fn kept<T>(items: Vec<Resolved<T>>, rename: impl Fn(&mut T, String)) -> Vec<T> {
    let mut bearers: HashMap<String, Vec<String>> = HashMap::new();
    for item in &items {
        let packs = bearers.entry(item.name.node.clone()).or_default();
        if !packs.contains(&item.pack) {
            packs.push(item.pack.clone());
        }
    }
    let renamed = items.into_iter().filter_map(|resolved| {
        let unique = bearers[&resolved.name.node].len() == 1;
        let name = if unique { resolved.name.node.clone() } else { full_name(&resolved) };
        let mut item = resolved.item?;
        rename(&mut item, name);
        Some(item)
    });
    renamed.collect()
}

fn renumber(program: &mut Program, numbers: &FinalIds) {
    for symptom in &mut program.symptoms {
        symptom.of = symptom.of.map(|of| numbers.symptom(of));
        for matched in symptom.bindings.iter_mut().filter_map(|binding| binding.symptom.as_mut()) {
            *matched = numbers.symptom(*matched);
        }
        for hidden in &mut symptom.hides {
            *hidden = numbers.symptom(*hidden);
        }
    }
    for mute in &mut program.mutes {
        mute.symptom = numbers.symptom(mute.symptom);
    }
    connect(program);
    for cause in &mut program.causes {
        for (symptom, _) in cause.shows.iter_mut().chain(&mut cause.against) {
            *symptom = numbers.symptom(*symptom);
        }
        for (led_to, _) in &mut cause.leads_to {
            *led_to = numbers.cause(*led_to);
        }
    }
    for resolution in &mut program.resolutions {
        for (cause, _) in &mut resolution.resolves {
            *cause = numbers.cause(*cause);
        }
        if let Some(Verify::Silence(symptom, _)) = &mut resolution.verify {
            *symptom = numbers.symptom(*symptom);
        }
    }
    for test in &mut program.tests {
        renumber_test(test, numbers);
    }
}

/// Connects the symptoms anew after some were changed.
pub(super) fn reconnect(program: &mut Program) {
    for symptom in &mut program.symptoms {
        symptom.feeds.clear();
    }
    program.timed.clear();
    connect(program);
    program.forget_digest();
}

/// Notes for each symptom which bindings it feeds, and in which order the symptoms with conditions on time are decided.
fn connect(program: &mut Program) {
    let mut feeds: Vec<(SymptomId, SymptomId, usize)> = Vec::new();
    for (id, symptom) in (0..).map(SymptomId).zip(&program.symptoms) {
        let matched = symptom.bindings.iter().enumerate().filter_map(|(at, binding)| Some((binding.symptom?, at)));
        feeds.extend(matched.map(|(from, at)| (from, id, at)));
    }
    for (from, id, at) in feeds {
        program.symptoms[from.0 as usize].feeds.push((id, at));
    }
    // No symptom matches itself, so each round decides at least one symptom.
    let mut is_decided = vec![false; program.symptoms.len()];
    loop {
        let known = program.timed.len();
        for (id, symptom) in (0..).map(SymptomId).zip(&program.symptoms) {
            let mut matched = symptom.bindings.iter().filter_map(|binding| binding.symptom);
            let waits = |of: SymptomId| program.symptom(of).time.is_some() && !is_decided[of.0 as usize];
            if symptom.time.is_some() && !is_decided[id.0 as usize] && !matched.any(waits) {
                is_decided[id.0 as usize] = true;
                program.timed.push(id);
            }
        }
        if program.timed.len() == known {
            break;
        }
    }
}

fn renumber_test(test: &mut Test, numbers: &FinalIds) {
    for (symptom, _) in &mut test.answers {
        *symptom = numbers.symptom(*symptom);
    }
    for (symptom, _) in &mut test.outputs {
        *symptom = numbers.symptom(*symptom);
    }
    for (expectation, _) in &mut test.expectations {
        match expectation {
            Expectation::Symptom { symptom, .. }
            | Expectation::NoSymptom(symptom)
            | Expectation::Unconfirmed(symptom) => {
                *symptom = numbers.symptom(*symptom);
            }
            Expectation::TopCause(cause, _) | Expectation::Cause { cause, .. } | Expectation::NoCause(cause) => {
                *cause = numbers.cause(*cause);
            }
            Expectation::Unknown => {}
            Expectation::FirstResolution(resolution) => *resolution = numbers.resolution(*resolution),
        }
    }
}
