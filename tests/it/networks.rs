//! Tests networks of rival causes (`tests/cases/networks`): are the conclusions those of an expert, and the numbers
//! those computed by hand?
//!
//! Each `NAME.rules` has a `NAME.toml` with situations: the input of casebook, the known facts, and the expected
//! posteriors. The numbers are checked against the answer of the program and against sums over all sets of causes. The
//! first cause is checked against the one that an expert would suspect first.

mod enumerate;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use casebook::rule::{Program, Resolution, RuleText, load};
use serde::Deserialize;
use serde_json::Value;

use crate::support::Workspace;
use enumerate::{Known, enumerate, p_resolves};

/// The largest allowed difference between numbers in the file, of the enumeration and of the program.
const TOLERANCE: f64 = 1e-9;

/// The value of `expert` if the expert would suspect that none of the causes is present.
const NONE: &str = "none";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Network {
    pub(crate) situation: Vec<Situation>,
}

/// The input of casebook, the known facts, and the expected results.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct Situation {
    pub(crate) name: String,
    /// The cause that an expert would suspect first, or `none`.
    expert: String,
    /// Lines of `app.log`.
    pub(crate) log: Vec<String>,
    /// Lines of further logs, by the name of the source.
    pub(crate) sources: BTreeMap<String, Vec<String>>,
    pub(crate) answers: BTreeMap<String, String>,
    /// Output of the command that a probe asks for, by symptom.
    pub(crate) probes: BTreeMap<String, String>,
    products: BTreeMap<String, String>,
    pub(crate) tried: Vec<String>,
    /// Symptoms that are present.
    present: Vec<String>,
    /// Symptoms that are absent; all others are unknown.
    absent: Vec<String>,
    /// Causes that the version rules out.
    not_applicable: Vec<String>,
    none_of_these: f64,
    /// Expected posteriors of all causes of which some evidence was seen.
    causes: BTreeMap<String, f64>,
    /// Expected probability that a cause is present by itself, for causes for which it differs from the posterior.
    by_itself: BTreeMap<String, f64>,
    /// For each cause that follows from others, those others, most probable first.
    follows: BTreeMap<String, Vec<String>>,
    /// Expected resolutions in the order to try them, each with the probability that it helps.
    resolutions: Vec<(String, f64)>,
}

/// The name, rules and situations of each network, sorted by name.
pub(crate) fn networks() -> Vec<(String, String, Network)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/networks");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("networks").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rules"));
    files.sort();
    let read =
        |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let network = |path: &PathBuf| {
        let situations = toml::from_str(&read(&path.with_extension("toml")));
        let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
        let situations = situations.unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, read(path), situations)
    };
    files.iter().map(network).collect()
}

fn program(rules: &str) -> Program {
    load(&[RuleText { path: "network.rules".into(), text: rules.into() }], None).0
}

impl Situation {
    /// Runs `casebook diagnose` on the situation and returns its answer. The workspace contains only the rules of the
    /// network.
    fn diagnose(&self, workspace: &Workspace) -> Value {
        let mut args = vec!["diagnose".to_owned()];
        let lines = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        workspace.write("app.log", lines(&self.log));
        args.push("app.log".into());
        for (name, log) in &self.sources {
            workspace.write(&format!("{name}.txt"), lines(log));
            args.extend(["--source".into(), format!("{name}={name}.txt")]);
        }
        for (symptom, output) in &self.probes {
            workspace.write(&format!("{symptom}.out"), output);
            args.extend(["--probe".into(), format!("{symptom}={symptom}.out")]);
        }
        for (option, pairs) in [("--answer", &self.answers), ("--product", &self.products)] {
            pairs.iter().for_each(|(name, value)| args.extend([option.into(), format!("{name}={value}")]));
        }
        self.tried.iter().for_each(|name| args.extend(["--tried".into(), name.clone()]));
        workspace.json(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn known(&self) -> Known<'_> {
        let Situation { present, absent, tried, not_applicable, .. } = self;
        Known { present, absent, tried, not_applicable }
    }

    /// Lists the differences between the expected results and `answer`, the answer of the program.
    fn disagreements(&self, program: &Program, answer: &Value) -> Vec<String> {
        let mut found = Vec::new();
        let causes = numbers(&answer["causes"], "cause", "probability");
        compare("cause", &self.causes.clone().into_iter().collect::<Vec<_>>(), &by_name(&causes), &mut found);
        let by_itself = by_name(&numbers(&answer["causes"], "cause", "by_itself"));
        compare("by itself", &self.by_itself(), &by_itself, &mut found);
        let follows = list(&answer["causes"]).map(|cause| (text(&cause["cause"]).to_owned(), texts(&cause["follows"])));
        let follows: BTreeMap<String, Vec<String>> = follows.filter(|(_, roots)| !roots.is_empty()).collect();
        if follows != self.follows {
            found.push(format!("follows: {follows:?}"));
        }
        let none = answer["none_of_these"].as_f64().expect("a number");
        compare(NONE, &[(NONE.into(), self.none_of_these)], &[(NONE.into(), none)], &mut found);
        let resolutions = numbers(&answer["resolutions"], "resolution", "p_resolves");
        compare("resolution", &self.resolutions, &resolutions, &mut found);
        let dropped = texts(&answer["not_applicable"]);
        if dropped != self.not_applicable {
            found.push(format!("not applicable: {dropped:?}"));
        }
        let states = states(answer);
        if states != self.states_that_bear(program) {
            found.push(format!("states: {states:?}"));
        }
        found
    }

    /// The states of symptoms that the program must use: of those that a listed cause shows, and of present ones that
    /// are against a listed cause.
    fn states_that_bear(&self, program: &Program) -> BTreeMap<String, &'static str> {
        let listed = || program.causes.iter().filter(|cause| self.causes.contains_key(&cause.name));
        let names = |pairs: &[(casebook::rule::SymptomId, f64)]| -> Vec<String> {
            pairs.iter().map(|(symptom, _)| program.symptom(*symptom).name.clone()).collect()
        };
        let shown: BTreeSet<String> = listed().flat_map(|cause| names(&cause.shows)).collect();
        let against: BTreeSet<String> = listed().flat_map(|cause| names(&cause.against)).collect();
        let present = self.present.iter().filter(|name| shown.contains(*name) || against.contains(*name));
        let absent = self.absent.iter().filter(|name| shown.contains(*name));
        present.map(|name| (name.clone(), "present")).chain(absent.map(|name| (name.clone(), "absent"))).collect()
    }

    /// For each cause, the probability that it is present by itself.
    fn by_itself(&self) -> Vec<(String, f64)> {
        let number = |(name, p): (&String, &f64)| (name.clone(), *self.by_itself.get(name).unwrap_or(p));
        self.causes.iter().map(number).collect()
    }

    /// The first of the causes, or `none` if no cause is more probable than none of them.
    fn leader(causes: &[(String, f64)], none: f64) -> &str {
        let first = causes.first();
        first.filter(|(_, probability)| *probability > none).map_or(NONE, |(name, _)| name)
    }
}

/// The states of all symptoms that the program gives as reasons.
fn states(answer: &Value) -> BTreeMap<String, &str> {
    let reasons = list(&answer["causes"]).flat_map(|cause| list(&cause["because"]));
    reasons.map(|reason| (text(&reason["symptom"]).to_owned(), text(&reason["state"]))).collect()
}

fn numbers(items: &Value, name: &str, number: &str) -> Vec<(String, f64)> {
    list(items).map(|item| (text(&item[name]).to_owned(), item[number].as_f64().expect("a number"))).collect()
}

fn by_name(numbers: &[(String, f64)]) -> Vec<(String, f64)> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    sorted
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

fn texts(value: &Value) -> Vec<String> {
    list(value).map(|item| text(item).to_owned()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Adds a note to `found` if two lists differ: in a name, in their order, or in a number by more than [`TOLERANCE`].
fn compare(what: &str, expected: &[(String, f64)], got: &[(String, f64)], found: &mut Vec<String>) {
    let same = |((a, x), (b, y)): (&(String, f64), &(String, f64))| a == b && (x - y).abs() <= TOLERANCE;
    if expected.len() != got.len() || !expected.iter().zip(got).all(same) {
        found.push(format!("{what}: {got:?} instead of {expected:?}"));
    }
}

/// Creates a workspace that contains only `rules`.
fn workspace(rules: &str) -> Workspace {
    let workspace = Workspace::with_config("kb = []\nrules = ['rules']\n");
    workspace.write("rules/network.rules", rules);
    workspace
}

/// Runs `check` on each situation, and fails with a list of everything that the checks found.
fn for_each_situation(check: impl Fn(&Program, &Workspace, &Situation) -> Vec<String>) {
    let mut found = Vec::new();
    for (name, rules, network) in networks() {
        let (program, workspace) = (program(&rules), workspace(&rules));
        for situation in &network.situation {
            let disagreements = check(&program, &workspace, situation);
            found.extend(disagreements.into_iter().map(|text| format!("{name}, {}: {text}", situation.name)));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_program_gives_the_posteriors_that_were_worked_out_by_hand() {
    for_each_situation(|program, workspace, situation| {
        let answer = situation.diagnose(workspace);
        let mut found = situation.disagreements(program, &answer);
        let causes = numbers(&answer["causes"], "cause", "probability");
        let leader = Situation::leader(&causes, answer["none_of_these"].as_f64().expect("a number"));
        if leader != situation.expert {
            found.push(format!("{leader} leads, an expert would say {}", situation.expert));
        }
        found
    });
}

#[test]
fn summing_over_all_sets_of_causes_gives_the_same_posteriors() {
    for_each_situation(|program, _, situation| {
        let posteriors = enumerate(program, &situation.known());
        let causes: BTreeMap<String, f64> = posteriors.iter().flat_map(|posterior| posterior.causes.clone()).collect();
        let by_itself: BTreeMap<String, f64> =
            posteriors.iter().flat_map(|posterior| posterior.by_itself.clone()).collect();
        let mut found = Vec::new();
        let listed = |causes: &BTreeMap<String, f64>| causes.clone().into_iter().collect::<Vec<_>>();
        compare("cause", &listed(&situation.causes), &listed(&causes), &mut found);
        compare("by itself", &situation.by_itself(), &listed(&by_itself), &mut found);
        let top = causes.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(name, _)| name);
        let of_top = posteriors.iter().find(|posterior| top.is_some_and(|top| posterior.causes.contains_key(top)));
        let none = of_top.map_or(1.0, |posterior| posterior.none);
        compare(NONE, &[(NONE.into(), situation.none_of_these)], &[(NONE.into(), none)], &mut found);
        for (name, listed) in &situation.resolutions {
            let p = p_resolves(program, resolution(program, name), &by_itself);
            compare("resolution", &[(name.clone(), *listed)], &[(name.clone(), p)], &mut found);
        }
        found
    });
}

/// Checks the order of resolutions pair by pair against its definition: by P / (cost + price of the risk); but an
/// irreversible resolution comes after all reversible ones with at least a quarter of its P, and no later. The first one is
/// the likeliest, or one at least half as likely at half the price.
#[test]
fn the_orders_of_resolutions_are_those_of_the_definition() {
    for_each_situation(|program, _, situation| {
        let order = &situation.resolutions;
        let rule = |at: usize| resolution(program, &order[at].0);
        let value = |at: usize| order[at].1 / (rule(at).cost + rule(at).risk.price()).as_secs_f64();
        let (reversible, p) = (|at: usize| !rule(at).irreversible, |at: usize| order[at].1);
        let by_itself: BTreeMap<String, f64> = situation.by_itself().into_iter().collect();
        // A resolution of a cause that follows from another comes after the resolutions of that other cause, whatever
        // its own value.
        let led_to: BTreeMap<String, f64> =
            situation.causes.iter().map(|(c, p)| (c.clone(), p - by_itself[c])).collect();
        let resolves = |at: usize, roots: &[String]| {
            rule(at).resolves.iter().any(|(cause, _)| roots.contains(&program.cause(*cause).name))
        };
        let roots = |at: usize| {
            let resolved = rule(at).resolves.iter().map(|(cause, _)| &program.cause(*cause).name);
            resolved.filter_map(|cause| situation.follows.get(cause)).flatten().cloned().collect::<Vec<String>>()
        };
        let resolvers = |at: usize| (0..order.len()).filter(|&other| resolves(other, &roots(at))).collect::<Vec<_>>();
        let is_follow_up = |at: usize| {
            let resolvers = resolvers(at);
            let has_root = !resolvers.is_empty() && !resolvers.contains(&at);
            has_root && p_resolves(program, rule(at), &led_to) > order[at].1
        };
        let too_early =
            (0..order.len()).filter(|&at| is_follow_up(at)).filter(|&at| resolvers(at).iter().any(|&other| other > at));
        let too_early = too_early.map(|at| format!("{} comes before a resolution of its root", order[at].0));
        let leads = |at: usize| {
            let price = |at: usize| rule(at).cost + rule(at).risk.price();
            let others = || (0..order.len()).filter(|&other| reversible(other));
            let most = others().max_by(|&a, &b| p(a).total_cmp(&p(b)).then(b.cmp(&a)));
            at == 0 && most.is_some_and(|most| at == most || (p(at) >= 0.5 * p(most) && price(at) * 2 <= price(most)))
        };
        let in_order = |first: usize, later: usize| match (reversible(first), reversible(later)) {
            _ if is_follow_up(first) || is_follow_up(later) || leads(first) => true,
            (true, true) => value(first) >= value(later),
            (false, true) => p(later) < 0.25 * p(first) && value(first) >= value(later),
            (_, false) => {
                let waited_for = |at: usize| reversible(at) && p(at) >= 0.25 * p(later);
                value(first) >= value(later) || (first..later).any(waited_for)
            }
        };
        let pairs = (0..order.len()).flat_map(|later| (0..later).map(move |first| (first, later)));
        let wrong = pairs.filter(|&(first, later)| !in_order(first, later));
        let wrong = wrong.map(|(first, later)| format!("{} comes before {}", order[first].0, order[later].0));
        let no_leader = order.first().is_some_and(|_| reversible(0) && !is_follow_up(0) && !leads(0));
        let no_leader = no_leader.then(|| format!("{} does not lead", order[0].0));
        wrong.chain(too_early).chain(no_leader).collect()
    });
}

fn resolution<'a>(program: &'a Program, name: &str) -> &'a Resolution {
    let id = program.resolution_named(name).unwrap_or_else(|| panic!("no resolution {name}"));
    program.resolution(id)
}

/// Checks that the comparisons above can fail: they find a difference of two billionths, another order and another
/// state.
#[test]
fn a_number_that_is_off_by_two_billionths_is_found() {
    let (_, rules, mut network) = networks().swap_remove(0);
    let (program, workspace) = (program(&rules), workspace(&rules));
    let situation = &mut network.situation[0];
    let answer = situation.diagnose(&workspace);
    assert_eq!(situation.disagreements(&program, &answer), [""; 0]);
    let disagreements = |change: &dyn Fn(&mut Situation), situation: &mut Situation| {
        change(situation);
        situation.disagreements(&program, &answer).len()
    };
    assert_eq!(disagreements(&|s| s.none_of_these += 2e-9, situation), 1);
    assert_eq!(disagreements(&|s| s.causes.values_mut().for_each(|p| *p += 2e-9), situation), 3);
    assert_eq!(disagreements(&|s| s.resolutions.reverse(), situation), 4);
    assert_eq!(disagreements(&|s| s.present.clear(), situation), 5);
    let root = |s: &mut Situation| drop(s.follows.insert("cache_off".into(), vec!["disk_failed".into()]));
    assert_eq!(disagreements(&root, situation), 6);
}

#[test]
fn the_networks_have_no_mistakes_and_their_tests_pass() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/networks");
    let workspace = Workspace::bare();
    for (name, rules, _) in networks() {
        let file = format!("{folder}/{name}.rules");
        let checked = workspace.stdout(&["rule", "check", &file]);
        assert!(checked.contains("; 0 errors, 0 warnings"), "{checked}");
        assert!(workspace.stdout(&["rule", "test", &file]).contains(", 0 failed"));
        assert_eq!(crate::rules::untested(&program(&rules)), [], "{name}");
    }
}
