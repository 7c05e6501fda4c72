//! The numbers behind the probability of one cause (`--why CAUSE`), as data.

use crate::matching::Scan;
use crate::rule::{CauseId, Program, ResolutionId, SymptomId};

use super::applies::{Applicability, applicability};
use super::component::inside;
use super::inference::{Inference, SolvedComponent};
use super::model::{Because, Facts, SymptomState};
use super::score::because;

/// Everything that the probability of one cause is computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The cause.
    pub cause: CauseId,
    /// P(cause) before any evidence.
    pub prior: f64,
    /// Whether the diagnosis leaves the cause out because its `applies` does not hold; then the other fields had no
    /// effect on it.
    pub out_of_range: bool,
    /// Positive symptoms that are `against` it, with the factor by which each multiplied its prior odds.
    pub against: Vec<(SymptomId, f64)>,
    /// Resolutions that did not help, with P(it fails | cause).
    pub tried: Vec<(ResolutionId, f64)>,
    /// The symptoms it shows, in the order of the rule.
    pub shows: Vec<ExplainedSymptom>,
    /// Evidence that changes its probability through other causes, strongest first.
    pub indirect: Vec<Because>,
    /// The causes that lead to it, most probable first, with the chance that each does.
    pub led_to_by: Vec<Rival>,
    /// The causes that it leads to, most probable first, with the chance that it does.
    pub leads_to: Vec<Rival>,
    /// Posterior probability, 0–1; the prior if its component has no positive finding.
    pub probability: f64,
    /// P(it is present and arose by itself).
    pub by_itself: f64,
    /// P(no cause of its component | evidence); `None` where the component has no positive finding.
    pub none_of_these: Option<f64>,
}

/// One symptom of an explained cause.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedSymptom {
    /// The symptom.
    pub symptom: SymptomId,
    /// Whether it is present.
    pub state: SymptomState,
    /// Chance that the cause shows it.
    pub chance: f64,
    /// Chance of the symptom without any cause of the program.
    pub leak: f64,
    /// Weight of evidence, as [`Because::decibans`]; `None` while the state is unknown, and where it was not weighed.
    pub decibans: Option<f64>,
    /// The other causes that show it, most probable first.
    pub rivals: Vec<Rival>,
    /// The symptom to which all of its findings belong, so that this one counts instead, with all causes of both as rivals.
    pub part_of: Option<SymptomId>,
}

/// Another cause, which shows the same symptom, leads to the explained cause, or follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rival {
    /// The cause.
    pub cause: CauseId,
    /// Its posterior probability, 0–1.
    pub probability: f64,
    /// Chance that it shows the symptom, or that one of the two leads to the other.
    pub chance: f64,
}

/// Explains the probability of `cause` with the numbers that [`diagnose`](super::diagnose) uses.
pub fn explain(program: &Program, scan: &Scan, facts: &Facts, cause: CauseId) -> Explanation {
    let inference = Inference::new(program, scan, facts);
    let rule = &program.causes[cause.0 as usize];
    let mut explanation = Explanation {
        cause,
        prior: rule.prior,
        out_of_range: applicability(rule, &facts.products) == Applicability::OutOfRange,
        against: Vec::new(),
        tried: failed(program, &facts.tried, cause),
        shows: Vec::new(),
        indirect: Vec::new(),
        led_to_by: Vec::new(),
        leads_to: Vec::new(),
        probability: rule.prior,
        by_itself: rule.prior,
        none_of_these: None,
    };
    let place = |solved: &SolvedComponent| solved.component.causes.iter().position(|node| node.cause == cause);
    match inference.components.iter().find_map(|solved| Some((solved, place(solved)?))) {
        Some((solved, place)) => fill_in(program, solved, place, &mut explanation),
        None => {
            explanation.shows = rule.shows.iter().map(|&(symptom, chance)| unknown(program, symptom, chance)).collect();
            let at_rest = |cause, chance| Rival { cause, probability: program.cause(cause).prior, chance };
            explanation.leads_to = rule.leads_to.iter().map(|&(to, chance)| at_rest(to, chance)).collect();
            let others = (0..).map(CauseId).zip(&program.causes);
            let leading = others.flat_map(|(from, other)| other.leads_to.iter().map(move |link| (from, link)));
            let leading = leading.filter(|(_, (to, _))| *to == cause);
            explanation.led_to_by = leading.map(|(from, (_, chance))| at_rest(from, *chance)).collect();
        }
    }
    explanation
}

fn fill_in(program: &Program, solved: &SolvedComponent, place: usize, explanation: &mut Explanation) {
    let state = |symptom: SymptomId| solved.states[symptom.0 as usize];
    let node = &solved.component.causes[place];
    let reasons = &because(program, &solved.component, &solved.states, &solved.posterior)[place];
    let against = node.against.iter().copied();
    explanation.against = against.filter(|&(symptom, _)| state(symptom) == SymptomState::Present).collect();
    explanation.probability = solved.posterior.causes[place].probability;
    let is_named = |because: &&Because| {
        let names = |pairs: &[(SymptomId, f64)]| pairs.iter().any(|(symptom, _)| *symptom == because.symptom);
        names(&program.cause(node.cause).shows) || names(&node.against)
    };
    explanation.indirect = reasons.iter().filter(|because| !is_named(because)).cloned().collect();
    explanation.by_itself = solved.posterior.causes[place].by_itself;
    explanation.leads_to = others(program, solved, node.leads_to.iter().copied());
    let leading = solved.component.causes.iter().enumerate().flat_map(|(other, node)| {
        node.leads_to.iter().filter(|(to, _)| *to == place).map(move |(_, chance)| (other, *chance))
    });
    explanation.led_to_by = others(program, solved, leading);
    explanation.none_of_these = Some(solved.posterior.none);
    for &(symptom, chance) in &program.causes[node.cause.0 as usize].shows {
        let decibans = reasons.iter().find(|because| because.symptom == symptom).and_then(|because| because.decibans);
        let part_of = solved.component.whole_of(symptom);
        let rivals = rivals(program, solved, part_of.unwrap_or(symptom), place);
        let unknown = unknown(program, symptom, chance);
        explanation.shows.push(ExplainedSymptom { state: state(symptom), decibans, rivals, part_of, ..unknown });
    }
}

fn unknown(program: &Program, symptom: SymptomId, chance: f64) -> ExplainedSymptom {
    let leak = program.symptoms[symptom.0 as usize].leak;
    ExplainedSymptom {
        symptom,
        state: SymptomState::Unknown,
        chance,
        leak,
        decibans: None,
        rivals: Vec::new(),
        part_of: None,
    }
}

fn rivals(program: &Program, solved: &SolvedComponent, symptom: SymptomId, place: usize) -> Vec<Rival> {
    let observable = solved.component.symptoms.iter().find(|observable| observable.symptom == symptom);
    let shown_by = observable.map_or(&[][..], |observable| &observable.shown_by);
    others(program, solved, shown_by.iter().copied().filter(|(other, _)| *other != place))
}

/// Returns `causes`, given by index in the component with a chance each, as rivals, most probable first.
fn others(program: &Program, solved: &SolvedComponent, causes: impl Iterator<Item = (usize, f64)>) -> Vec<Rival> {
    let rival = |(other, chance): (usize, f64)| Rival {
        cause: solved.component.causes[other].cause,
        probability: solved.posterior.causes[other].probability,
        chance,
    };
    let mut others: Vec<Rival> = causes.map(rival).collect();
    let name = |rival: &Rival| &program.causes[rival.cause.0 as usize].name;
    others.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| name(a).cmp(name(b))));
    others
}

fn failed(program: &Program, tried: &[ResolutionId], cause: CauseId) -> Vec<(ResolutionId, f64)> {
    let of_cause = |&resolution: &ResolutionId| {
        let resolves = &program.resolutions[resolution.0 as usize].resolves;
        let (_, chance) = resolves.iter().find(|(resolved, _)| *resolved == cause)?;
        Some((resolution, 1.0 - inside(*chance)))
    };
    tried.iter().filter_map(of_cause).collect()
}
