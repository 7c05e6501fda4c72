//! Tests that the order of rules, articles, logs and lines does not change any number to the last bit: no probability,
//! confidence, score, rank, price or weight of evidence.
//!
//! Positions may differ: numbers of lines and sources, the order of findings (first by the order of rules, then of
//! logs), and which twenty records of a finding are quoted. All lines have time stamps, because the time of a line
//! without one is derived from its position. All logs have at most 10,000 records, because of longer ones only a sample
//! by position is used.

use std::fmt::Write;
use std::sync::LazyLock;

use casebook::infer::{self, Confidence, Diagnosis, Facts, IncidentLink};
use casebook::ingest::{Inputs, Root, ingest};
use casebook::log::Input;
use casebook::matching::{self, Scan, ScanOptions};
use casebook::pipeline;
use casebook::rule::{CauseId, Program, RuleText, SymptomId, load};
use casebook::store::{SearchOptions, Store};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::networks::{Situation, networks};
use crate::support::{Workspace, document};

/// Prints every number of a diagnosis with its name, in the order of the lists. `{:?}` prints an `f64` so that
/// different values look different.
fn digits(program: &Program, diagnosis: &Diagnosis) -> String {
    let symptom = |id: SymptomId| &*program.symptom(id).name;
    let cause = |id: CauseId| &*program.cause(id).name;
    let mut text = format!("{:?}, none of these {:?}\n", diagnosis.verdict, diagnosis.none_of_these);
    let mut line = |args: std::fmt::Arguments<'_>| writeln!(text, "{args}").expect("a String takes all");
    let mut findings: Vec<_> = diagnosis
        .findings
        .iter()
        .map(|f| (symptom(f.symptom), f.status, f.count, &f.captures, f.first, f.last))
        .map(|finding| format!("{finding:?}"))
        .collect();
    findings.sort();
    findings.iter().for_each(|finding| line(format_args!("finding {finding}")));
    for ranked in &diagnosis.causes {
        line(format_args!("cause {} {:?} {:?}", cause(ranked.cause), ranked.probability, ranked.captures));
        for because in &ranked.because {
            line(format_args!("  {} {:?} {:?}", symptom(because.symptom), because.state, because.decibans));
        }
    }
    for ranked in &diagnosis.resolutions {
        let name = &ranked.resolution.as_rule(program).name;
        line(format_args!("resolution {name} {:?} {:?}", ranked.p_resolves, ranked.captures));
    }
    for check in &diagnosis.next_checks {
        line(format_args!("check {} {:?} {:?}", symptom(check.symptom), check.means, check.value));
    }
    for check in &diagnosis.version_checks {
        line(format_args!("version {} {:?}", check.product, check.value));
    }
    for article in &diagnosis.articles {
        line(format_args!("article {} {:?} {:?}", article.id, article.score, article.confidence));
    }
    for incident in &diagnosis.incidents {
        let causes: Vec<&str> = incident.causes.iter().map(|&id| cause(id)).collect();
        let (first, last, articles) = (incident.first, incident.last, &incident.articles);
        let follows = incident.follows.as_ref().map(|follows| match &follows.link {
            IncidentLink::Causes { consequence, root } => {
                format!("{} {} {}", follows.incident, cause(*consequence), cause(*root))
            }
            IncidentLink::Shared(names) => format!("{} {names:?}", follows.incident),
        });
        line(format_args!("incident {first:?} {last:?} {causes:?} {articles:?} {follows:?}"));
    }
    text
}

/// The name of a log, and its lines.
type Log = (String, Vec<String>);

fn logs(situation: &Situation) -> Vec<Log> {
    let sources = situation.sources.iter().map(|(name, log)| (name.clone(), log.clone()));
    std::iter::once(("app.log".to_owned(), situation.log.clone())).chain(sources).collect()
}

/// Prints the diagnosis of a situation with these logs. The names in the situation are those of the rule pack `pack`.
fn diagnosed(program: &Program, pack: &str, situation: &Situation, logs: &[Log]) -> String {
    let mut scan = scan(program, logs);
    let symptom = |name: &str| program.symptom_named(&format!("{pack}.{name}")).expect("a symptom of the pack");
    let mut facts = Facts::default();
    let given = situation.answers.iter().filter(|(_, answer)| *answer != "unknown");
    facts.answers.extend(given.map(|(name, answer)| (symptom(name), answer == "yes")));
    for (name, output) in &situation.probes {
        if !matching::add_probe(program, &mut scan, symptom(name), name, output.as_bytes()) {
            facts.answers.push((symptom(name), false));
        }
    }
    let resolution = |name: &String| program.resolution_named(&format!("{pack}.{name}")).expect("one of the pack");
    facts.tried = situation.tried.iter().map(resolution).collect();
    digits(program, &infer::diagnose(program, scan, &facts, &infer::Searched::default(), &|_| None))
}

fn scan(program: &Program, logs: &[Log]) -> Scan {
    let inputs = logs.iter().map(|(name, lines)| Input::bytes(name, lines.join("\n"))).collect();
    matching::scan(program, inputs, &ScanOptions::at(Timestamp::constant(1_800_000_000, 0)))
}

/// Splits a rule file into its header and its items. Relies on how the files of the networks are written: the header is
/// one line, and each item ends with a line `}`.
fn items(rules: &str) -> Vec<String> {
    let (header, items) = rules.split_once("}\n").expect("a header");
    let items = items.split("\n}\n").filter(|item| !item.trim().is_empty()).map(|item| format!("{item}\n}}\n"));
    std::iter::once(format!("{header}}}\n")).chain(items).collect()
}

/// Loads all networks as one program. `shuffle` sets the order of the items in each file, and of the files.
fn all_networks(mut shuffle: impl FnMut(&mut Vec<String>)) -> (Program, Vec<(String, Situation)>) {
    let mut files = Vec::new();
    let mut situations = Vec::new();
    for (name, rules, network) in networks() {
        let mut items = items(&rules);
        shuffle(&mut items);
        files.push(format!("{name}\n{}", items.concat()));
        situations.extend(network.situation.into_iter().map(|situation| (name.clone(), situation)));
    }
    shuffle(&mut files);
    let texts = files.iter().map(|file| file.split_once('\n').expect("a name and a text"));
    let texts: Vec<RuleText> =
        texts.map(|(name, text)| RuleText { path: format!("{name}.rules"), text: text.into() }).collect();
    let (program, remarks) = load(&texts, None);
    assert_eq!(remarks, []);
    (program, situations)
}

/// All networks, with files and items in their original order.
static SORTED: LazyLock<(Program, Vec<(String, Situation)>)> = LazyLock::new(|| all_networks(|_| {}));

proptest! {
    // Each case runs all situations of all networks. `.ci/run` sets `PROPTEST_CASES` to run more cases.
    #![proptest_config(ProptestConfig::with_cases(2))]

    #[test]
    fn neither_the_order_of_rules_nor_that_of_rule_files_changes_a_digit(seed in any::<u64>()) {
        let (sorted, situations) = &*SORTED;
        let mut random = seed;
        let (shuffled, _) = all_networks(|list| shuffle(list, &mut random));
        for (pack, situation) in situations {
            let logs = logs(situation);
            prop_assert_eq!(
                diagnosed(&shuffled, pack, situation, &logs),
                diagnosed(sorted, pack, situation, &logs)
            );
        }
    }

    #[test]
    fn neither_the_order_of_logs_nor_that_of_stamped_lines_changes_a_digit(seed in any::<u64>()) {
        let (program, situations) = &*SORTED;
        let mut random = seed;
        for (pack, situation) in situations {
            let sorted = logs(situation);
            let mut shuffled = sorted.clone();
            shuffle(&mut shuffled, &mut random);
            shuffled.iter_mut().for_each(|(_, lines)| shuffle(lines, &mut random));
            prop_assert_eq!(
                diagnosed(program, pack, situation, &shuffled),
                diagnosed(program, pack, situation, &sorted)
            );
        }
    }
}

/// Texts made from few words, so that the scores of many of them are close; some texts are equal.
fn articles() -> Vec<(String, String)> {
    const WORDS: [&str; 24] = [
        "queue",
        "server",
        "message",
        "timeout",
        "printer",
        "volume",
        "kernel",
        "driver",
        "refused",
        "expired",
        "lock",
        "quota",
        "restart",
        "backup",
        "certificate",
        "relay",
        "address",
        "lease",
        "cache",
        "battery",
        "route",
        "full",
        "broken",
        "slow",
    ];
    let mut random = 7;
    let mut text = |n_words: usize| {
        let mut words = Vec::from(WORDS);
        shuffle(&mut words, &mut random);
        words[..n_words].join(" ")
    };
    let article = |number: usize| {
        let id = format!("Q{}", 100_000 + 17 * number);
        let symptoms = match number % 6 {
            0 => format!("The {} is there.", text(3)),
            // There are more of these than the search examines closely. Which of them it examines must not depend on
            // the order of files.
            1..4 => format!("Nothing works: {}.", text(6)),
            4 => "The volume is full, and the backup is slow.".to_owned(),
            _ => format!("The message \"{} failed\" appears. Then {} and {}.", text(4), text(5), text(6)),
        };
        (id.clone(), document(&id, &format!("The {}", text(2)), &symptoms))
    };
    (0..480).map(article).collect()
}

/// Creates a workspace with `articles`. The names and folders of their files are different for each `n`.
fn workspace(articles: &[(String, String)], n: usize) -> Workspace {
    let workspace = Workspace::bare();
    let mut places: Vec<usize> = (0..articles.len()).collect();
    shuffle(&mut places, &mut (n as u64));
    for ((id, text), place) in articles.iter().zip(places) {
        let name = if n == 0 { format!("kb/{id}.txt") } else { format!("kb/{}/{place:03}-{n}.txt", place % 3) };
        workspace.write(&name, text);
    }
    workspace
}

/// The output of a command, without times taken and names of files.
fn printed(workspace: &Workspace, args: &[&str]) -> String {
    let answer = workspace.stdout(args);
    let differs = regex::Regex::new(r#""took_ms":[0-9.]+|"source":"[^"]*""#).expect("a pattern");
    differs.replace_all(&answer, "").into_owned()
}

#[test]
fn neither_the_names_nor_the_order_of_the_files_of_articles_change_a_digit() {
    let articles = articles();
    let workspaces: Vec<Workspace> = (0..3).map(|n| workspace(&articles, n)).collect();
    let log = "2026-07-01T10:00:00Z app1 app: lock quota restart backup failed\n\
               2026-07-01T10:00:01Z app1 app: the volume is full\n\
               2026-07-01T10:09:00Z app1 app: printer timeout, message refused\n";
    workspaces.iter().for_each(|workspace| workspace.write("a.log", log));
    let commands: [&[&str]; 6] = [
        &["search", "--format", "json", "--limit", "50", "nothing works"],
        &["search", "--format", "json", "--limit", "50", "volume full backup slow"],
        &["search", "--format", "json", "--limit", "50", "the message lock quota restart appears"],
        &["search", "--format", "json", "--explain", "printer timeout"],
        &["search", "--format", "json", "--more-like", "Q100034"],
        &["diagnose", "--format", "json", "--limit", "50", "a.log"],
    ];
    for command in commands {
        let answers: Vec<String> = workspaces.iter().map(|workspace| printed(workspace, command)).collect();
        assert!(answers[0].len() > 1_000, "{}", answers[0]);
        answers.iter().for_each(|answer| assert_eq!(answer, &answers[0], "{command:?}"));
    }
}

/// Prints the diagnosis of `logs` by `program` and the articles in `store`.
fn with_articles(program: &Program, store: &Store, logs: &[Log]) -> String {
    let (options, confidence) = (SearchOptions::default(), Confidence::default());
    let scan = scan(program, logs);
    let diagnosis = pipeline::diagnose(program, store.index(), scan, &Facts::default(), &options, &confidence);
    digits(program, &diagnosis.expect("a store that can be read"))
}

/// A store in memory with [`articles`].
fn store() -> Store {
    let workspace = workspace(&articles(), 0);
    let mut store = Store::in_memory();
    let inputs = Inputs::new([Root::new(workspace.path("kb"))], false, 0);
    ingest(&mut store, &inputs, &|_| {}).expect("an ingest");
    store
}

#[test]
fn neither_the_order_of_logs_nor_that_of_stamped_lines_changes_a_digit_of_an_article() {
    let (store, (program, situations)) = (store(), &*SORTED);
    let mut random = 11;
    for several in situations.chunks(6) {
        let mut logs: Vec<Log> = several.iter().flat_map(|(_, situation)| logs(situation)).collect();
        let sorted = with_articles(program, &store, &logs);
        shuffle(&mut logs, &mut random);
        assert_eq!(with_articles(program, &store, &logs), sorted);
        logs.iter_mut().for_each(|(_, lines)| shuffle(lines, &mut random));
        assert_eq!(with_articles(program, &store, &logs), sorted);
    }
}

/// There are more logs than records that are searched for, and each log has one record, as salient as those of the
/// others.
#[test]
fn which_of_many_equal_records_are_searched_for_does_not_depend_on_the_order_of_logs() {
    let (store, program) = (store(), Program::default());
    let words = ["quota", "backup", "printer", "lease", "battery", "route", "kernel", "driver"];
    let log = |(n, (a, b)): (usize, (&str, &str))| {
        (format!("{n}.log"), vec![format!("2026-07-01T10:00:00Z app1 app: {a} {b} restart failed")])
    };
    let pairs = words.iter().flat_map(|a| words.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b);
    let mut logs: Vec<Log> = pairs.enumerate().map(log).collect();
    let sorted = with_articles(&program, &store, &logs);
    logs.reverse();
    assert_eq!(with_articles(&program, &store, &logs), sorted);
}

/// Shuffles `list` by the algorithm of Fisher and Yates. The random numbers are those of Knuth's MMIX generator, with
/// the state `random`.
fn shuffle<T>(list: &mut [T], random: &mut u64) {
    for at in (1..list.len()).rev() {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(at, (*random >> 33) as usize % (at + 1));
    }
}
