//! Ranks the remedies of articles among the resolutions of rules.
//!
//! For an article that no rule names, nothing states the chance, cost and risk of its remedy. They are estimated: from
//! the confidence in the article, the number of its steps, and words in them. Of an article that describes several
//! problems, only the remedies of the problem that the log shows are proposed. If it cannot be told which that is, none
//! is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::article::{Remedy, telling_words};
use crate::matching::{Captures, Salient};
use crate::rule::Program;
use crate::rule::program::{Resolution, ResolutionStep, Risk, Template, TemplatePiece, Verify};

use super::hit::ArticleHit;
use super::model::{ArticleReason, Proposed, RankedArticle, RankedResolution};
use super::resolution::{in_order, led, value_of};
use super::weights::{
    LIKELY, MAX_FOLLOWED, MAX_REMEDY_STEPS, MIN_OWN_WORDS, MINUTES_A_STEP, PROBLEM_LEAD, REMEDY_RESOLVES,
    WORKAROUND_RESOLVES,
};

/// Words in a remedy that add to its cost and risk.
struct CostHint {
    /// In lower case.
    words: &'static str,
    /// Minutes that are added to those of the steps.
    minutes: u64,
    risk: Risk,
    irreversible: bool,
}

const fn hint(words: &'static str, minutes: u64, risk: Risk) -> CostHint {
    CostHint { words, minutes, risk, irreversible: false }
}

const fn last_resort(words: &'static str, minutes: u64) -> CostHint {
    CostHint { words, minutes, risk: Risk::High, irreversible: true }
}

/// Roughly from the cheapest to the dearest. If several begin a word of a remedy, the most minutes and the highest risk
/// count.
const COST_HINTS: [CostHint; 22] = [
    hint("restart the service", 5, Risk::Medium),
    hint("net stop", 5, Risk::Medium),
    hint("restart the computer", 15, Risk::Medium),
    hint("restart the server", 15, Risk::Medium),
    hint("reboot", 15, Risk::Medium),
    hint("delete", 5, Risk::Medium),
    hint("erase", 5, Risk::Medium),
    hint("hotfix", 30, Risk::Medium),
    hint("service pack", 60, Risk::Medium),
    hint("upgrade", 120, Risk::Medium),
    hint("reinstall", 120, Risk::High),
    hint("restore from", 120, Risk::High),
    hint("from backup", 120, Risk::High),
    last_resort("rm -rf", 30),
    last_resort("drop table", 60),
    last_resort("drop database", 120),
    last_resort("factory reset", 120),
    last_resort("mkfs", 120),
    last_resort("eseutil /p", 120),
    last_resort("fdisk", 60),
    last_resort("reformat", 240),
    last_resort("format the", 240),
];

/// What a remedy that changes the Windows registry costs in addition to its steps.
const REGISTRY_HINT: CostHint = hint("", 10, Risk::Medium);

/// Words that only the Windows registry has. The word `registry` alone may be a registry of containers, packages or
/// schemas.
const REGISTRY_WORDS: [&str; 16] = [
    "hkey_",
    "hklm\\",
    "hklm:",
    "hkcu\\",
    "hkcu:",
    "hkcr\\",
    "regedit",
    "regedt32",
    "reg add",
    "reg delete",
    "reg import",
    "registry editor",
    "registry subkey",
    "windows registry",
    "system registry",
    "\\currentcontrolset",
];

/// Returns the hits whose remedies are to be loaded: the three with the highest confidence, if they are likely.
pub fn hits_for_remedies(hits: &mut [ArticleHit]) -> impl Iterator<Item = &mut ArticleHit> {
    let mut likely: Vec<&mut ArticleHit> = hits.iter_mut().filter(|hit| hit.confidence >= LIKELY).collect();
    likely.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    likely.into_iter().take(MAX_FOLLOWED)
}

/// Adds to `by_rules` the remedies of articles that no rule names, and returns all in the order to try them.
pub(crate) fn with_remedies(
    program: &Program,
    by_rules: Vec<RankedResolution>,
    articles: &[RankedArticle],
    hits: &[ArticleHit],
    salient: &[Salient],
) -> Vec<RankedResolution> {
    let is_by_rule = |article: &RankedArticle| article.because.iter().any(ArticleReason::is_by_rule);
    let mut all = by_rules;
    for article in articles.iter().filter(|article| !is_by_rule(article)) {
        let Some(hit) = hits.iter().find(|hit| hit.id == article.id) else { continue };
        let seen = salient.get(hit.salient).map_or("", |salient| salient.text.as_str());
        let fitting = of_problem(hit, seen);
        for is_workaround in [false, true] {
            let ways: Vec<&Remedy> = fitting.iter().copied().filter(|way| way.is_workaround == is_workaround).collect();
            all.extend(ways.split_first().map(|(first, others)| proposed(article, first, others, seen)));
        }
    }
    let value = |ranked: &RankedResolution| value_of(program, ranked);
    led(in_order(all, value), value)
}

/// Returns the remedies of `hit` for the problem that the log shows: all of them, if its article describes one problem.
/// `seen` is the record that it was found for. Its signatures decide, or else the words of the record. Returns none if
/// neither does.
fn of_problem<'h>(hit: &'h ArticleHit, seen: &str) -> Vec<&'h Remedy> {
    let place = |way: &Remedy| (way.problem.sections.start, way.problem.sections.end);
    let problems: BTreeMap<(usize, usize), &BTreeSet<String>> =
        hit.remedies.iter().map(|way| (place(way), &way.problem.own_words)).collect();
    if problems.len() < 2 {
        return hit.remedies.iter().collect();
    }
    let signed = |(from, to): (usize, usize)| {
        let inside = hit.signatures.iter().filter(|signature| (from..to).contains(&signature.section));
        inside.map(|signature| signature.weight).sum::<f64>()
    };
    let words: BTreeSet<String> = telling_words(seen).collect();
    let shared = |own: &BTreeSet<String>| own.intersection(&words).count();
    let chosen = clear_lead(problems.keys().map(|&problem| (problem, signed(problem)))).or_else(|| {
        let counted = problems.iter().map(|(&problem, own)| (problem, shared(own)));
        clear_lead(counted.filter(|(_, count)| *count >= MIN_OWN_WORDS).map(|(problem, count)| (problem, count as f64)))
    });
    hit.remedies.iter().filter(|way| chosen == Some(place(way))).collect()
}

/// Returns the one with the highest value, if that is positive and far above the second.
fn clear_lead<T>(values: impl Iterator<Item = (T, f64)>) -> Option<T> {
    let mut values: Vec<(T, f64)> = values.collect();
    values.sort_by(|a, b| b.1.total_cmp(&a.1));
    let second = values.get(1).map_or(0.0, |(_, value)| *value);
    values.into_iter().next().filter(|(_, best)| *best > 0.0 && *best >= PROBLEM_LEAD * second).map(|(first, _)| first)
}

/// Whether the steps change the registry of Windows. `steps` is in lower case.
fn is_about_windows_registry(steps: &str) -> bool {
    REGISTRY_WORDS.iter().any(|words| begins_a_word(steps, words))
}

/// Whether `words` occur in `text` at the beginning of a word.
fn begins_a_word(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() && words.starts_with(char::is_alphanumeric);
        !text[..at].chars().next_back().is_some_and(joins)
    })
}

/// Makes a resolution of the remedy `way` of `article`, which was found for a record with the text `seen`. The last
/// step only names the remedies `others`.
fn proposed(article: &RankedArticle, way: &Remedy, others: &[&Remedy], seen: &str) -> RankedResolution {
    // Only the steps count: the usual warning about the registry mentions worse things, such as reinstalling
    // everything.
    let steps_text = way.steps.join("\n").to_lowercase();
    let is_in_registry = is_about_windows_registry(&steps_text);
    let hints = || {
        let told = COST_HINTS.iter().filter(|hint| begins_a_word(&steps_text, hint.words));
        told.chain(is_in_registry.then_some(&REGISTRY_HINT))
    };
    let minutes = MINUTES_A_STEP * way.steps.len() as u64 + hints().map(|hint| hint.minutes).max().unwrap_or(0);
    let (what, chance) =
        if way.is_workaround { ("Workaround", WORKAROUND_RESOLVES) } else { ("Resolution", REMEDY_RESOLVES) };
    let resolution = Resolution {
        name: article.id.clone(),
        title: text(format!("{what} of: {}", article.title)),
        resolves: Vec::new(),
        cost: Duration::from_secs(60 * minutes),
        risk: hints().map(|hint| hint.risk).max().unwrap_or_default(),
        needs: is_in_registry.then(|| text("a backup of the registry".to_owned())).into_iter().collect(),
        steps: steps(article, way, others),
        verify: Some(Verify::Check(step(format!("Check that this does not appear again: {}", longest_line(seen))))),
        undo: is_in_registry.then(|| text("Restore the registry from the backup".to_owned())),
        irreversible: hints().any(|hint| hint.irreversible),
        kb: vec![article.id.clone()],
        meta: Vec::new(),
    };
    RankedResolution {
        follow_up: 0.0,
        resolution: Proposed::Article(Box::new(resolution)),
        p_resolves: article.confidence * chance,
        captures: Captures::new(),
        articles: vec![article.id.clone()],
    }
}

/// Returns the first steps of `way`, then a reference to its further steps and one to the remedies `others`.
fn steps(article: &RankedArticle, way: &Remedy, others: &[&Remedy]) -> Vec<ResolutionStep> {
    let mut steps: Vec<ResolutionStep> = way.steps.iter().take(MAX_REMEDY_STEPS).cloned().map(step).collect();
    if let Some(left @ 1..) = way.steps.len().checked_sub(MAX_REMEDY_STEPS) {
        steps
            .push(step(format!("Continue with the {left} further steps of the article: casebook show {}", article.id)));
    }
    let titles: Vec<&str> = others.iter().map(|other| other.title.as_str()).filter(|title| !title.is_empty()).collect();
    if !titles.is_empty() {
        steps.push(step(format!("If that does not help, see in the article: {}", titles.join("; "))));
    }
    steps
}

fn step(words: String) -> ResolutionStep {
    ResolutionStep { text: text(words), run: None }
}

fn text(words: String) -> Template {
    Template(vec![TemplatePiece::Text(words)])
}

fn longest_line(record: &str) -> &str {
    record.lines().map(str::trim).max_by_key(|line| line.len()).unwrap_or(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Problem;
    use crate::identifier::IdentifierKind;
    use crate::infer::{Features, Signature};
    use crate::source::SourceId;

    /// A remedy of an article that describes one problem.
    fn remedy(is_workaround: bool, title: &str, steps: &[&str]) -> Remedy {
        let steps = steps.iter().map(|step| step.to_string()).collect();
        Remedy { is_workaround, title: title.into(), steps, problem: problem(0, &[]) }
    }

    /// The problem of the two sections from `section` on.
    fn problem(section: usize, own_words: &[&str]) -> Problem {
        Problem { sections: section..section + 2, own_words: own_words.iter().map(|word| word.to_string()).collect() }
    }

    /// The steps proposed for an article with two problems, in sections 0 and 1 and in 2 and 3. It repeats messages of
    /// the record with these sections and weights.
    fn steps_of_catalogue(own_words: [&[&str]; 2], signatures: &[(usize, f64)]) -> Vec<String> {
        let way =
            |at: usize, step: &str| Remedy { problem: problem(2 * at, own_words[at]), ..remedy(false, "", &[step]) };
        let signatures = signatures.iter().map(|&(section, weight)| Signature {
            kind: IdentifierKind::Message,
            text: String::new(),
            section,
            salient: 0,
            share: 1.0,
            weight,
        });
        let found = hit("A", vec![way(0, "Replace all keys"), way(1, "Oil it")]);
        let hits = [ArticleHit { signatures: signatures.collect(), ..found }];
        let proposed = ranked(&hits, &[listed(&hits[0])]);
        let rules: Vec<_> = proposed.iter().map(|way| way.resolution.as_rule(&Program::default()).clone()).collect();
        rules.iter().flat_map(|rule| &rule.steps).map(|step| words(step).to_owned()).collect()
    }

    #[test]
    fn the_remedy_of_the_section_that_matched_is_proposed_and_no_other() {
        let none: [&[&str]; 2] = [&["key"], &["belt"]];
        assert_eq!(steps_of_catalogue(none, &[(2, 1.5)]), ["Oil it"]);
        assert_eq!(steps_of_catalogue(none, &[(1, 1.5), (3, 0.2)]), ["Replace all keys"]);
        // A signature in another section, or as much in both, does not tell.
        assert_eq!(steps_of_catalogue(none, &[(4, 1.5)]), Vec::<String>::new());
        assert_eq!(steps_of_catalogue(none, &[(1, 1.5), (3, 1.2)]), Vec::<String>::new());
    }

    #[test]
    fn without_a_signature_the_words_of_the_record_tell_the_problem() {
        assert_eq!(steps_of_catalogue([&["key", "old"], &["spindle", "jammed"]], &[]), ["Oil it"]);
        // One word is chance, and words of both tell nothing.
        assert_eq!(steps_of_catalogue([&["key", "old"], &["spindle"]], &[]), Vec::<String>::new());
        assert_eq!(steps_of_catalogue([&["failed", "spindle"], &["jammed", "belt"]], &[]), ["Replace all keys"]);
        assert_eq!(steps_of_catalogue([&[], &[]], &[]), Vec::<String>::new());
    }

    #[test]
    fn only_the_registry_of_windows_is_backed_up() {
        let about = |step: &str| is_about_windows_registry(&step.to_lowercase());
        for step in [
            "Start Registry Editor (Regedt32.exe)",
            r"Set HKLM\Software\Lathe\Speed to 3",
            r"Under HKEY_LOCAL_MACHINE add a value",
            r"reg add HKCU\Lathe /v Speed",
        ] {
            assert!(about(step), "{step}");
        }
        for step in [
            "Delete old images from the container registry",
            "docker login registry.example.com",
            "npm config set registry https://npm.example.com",
            "Register the schema in the schema registry; the registry keeps every version",
        ] {
            assert!(!about(step), "{step}");
        }
    }

    #[test]
    fn a_remedy_that_deletes_is_not_of_low_risk() {
        let facts_of = |step: &str| {
            let hits = [hit("A", vec![remedy(false, "", &[step])])];
            let found = facts(&ranked(&hits, &[listed(&hits[0])])[0]);
            (found.2, found.3)
        };
        assert_eq!(facts_of("Replace the keys. This deletes every old key."), (Risk::Medium, false));
        assert_eq!(facts_of("rm -rf /var/lib/lathe"), (Risk::High, true));
        assert_eq!(facts_of("Collect undeleted swarf; the information the lathe shows helps"), (Risk::Low, false));
    }

    fn hit(id: &str, remedies: Vec<Remedy>) -> ArticleHit {
        ArticleHit { remedies, confidence: 0.8, ..ArticleHit::new(id, &format!("About {id}"), 1.0, 0) }
    }

    /// Returns the article of `hit` as it is ranked if only the search found it.
    fn listed(hit: &ArticleHit) -> RankedArticle {
        let at = (SourceId(0), 1);
        RankedArticle {
            id: hit.id.clone(),
            title: hit.title.clone(),
            known: true,
            score: 1.0,
            confidence: hit.confidence,
            near_copies: Vec::new(),
            because: vec![ArticleReason::Search {
                text: String::new(),
                at,
                weight: 1.0,
                features: Features::default(),
            }],
        }
    }

    fn ranked(hits: &[ArticleHit], articles: &[RankedArticle]) -> Vec<RankedResolution> {
        let salient = [Salient::new(1, "it failed\nspindle 4 jammed", 1.0)];
        with_remedies(&Program::default(), Vec::new(), articles, hits, &salient)
    }

    fn words(step: &ResolutionStep) -> &str {
        match step.text.0.as_slice() {
            [TemplatePiece::Text(text)] => text,
            other => panic!("{other:?}"),
        }
    }

    /// Returns the name, minutes, risk, whether the resolution is irreversible, and P(resolves) in percent.
    fn facts(ranked: &RankedResolution) -> (String, u64, Risk, bool, f64) {
        let resolution = ranked.resolution.as_rule(&Program::default()).clone();
        let percent = (ranked.p_resolves * 1000.0).round() / 10.0;
        (resolution.name, resolution.cost.as_secs() / 60, resolution.risk, resolution.irreversible, percent)
    }

    #[test]
    fn the_cheaper_and_likelier_comes_first_and_the_irreversible_last() {
        let hits = [
            hit("A", vec![remedy(false, "", &["Reformat the disk"])]),
            hit("B", vec![remedy(false, "", &["Get the service pack"]), remedy(true, "", &["Wait", "Try again"])]),
        ];
        let articles: Vec<RankedArticle> = hits.iter().map(listed).collect();
        let found: Vec<_> = ranked(&hits, &articles).iter().map(facts).collect();
        let expected = [
            ("B".to_owned(), 6, Risk::Low, false, 56.0),
            ("B".to_owned(), 63, Risk::Medium, false, 72.0),
            ("A".to_owned(), 243, Risk::High, true, 72.0),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_change_of_the_registry_needs_a_backup_and_can_be_undone() {
        let steps = ["Under HKEY_LOCAL_MACHINE add a value", "Restart the computer"];
        let hits = [hit("A", vec![remedy(false, "Method 1", &steps), remedy(false, "Method 2", &["Oil it"])])];
        let found = ranked(&hits, &[listed(&hits[0])]);
        let Proposed::Article(resolution) = &found[0].resolution else { panic!("{found:?}") };
        let shown: Vec<&str> = resolution.steps.iter().map(words).collect();
        assert_eq!(shown, [steps[0], steps[1], "If that does not help, see in the article: Method 2"]);
        assert_eq!(resolution.needs, [text("a backup of the registry".to_owned())]);
        assert!(resolution.undo.is_some());
        let Some(Verify::Check(verify)) = &resolution.verify else { panic!("{resolution:?}") };
        assert_eq!(words(verify), "Check that this does not appear again: spindle 4 jammed");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn long_remedies_end_in_the_article() {
        let steps: Vec<String> = (0..MAX_REMEDY_STEPS + 3).map(|n| format!("Step {n}")).collect();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let hits = [hit("A", vec![remedy(false, "", &steps)])];
        let found = ranked(&hits, &[listed(&hits[0])]);
        let Proposed::Article(resolution) = &found[0].resolution else { panic!("{found:?}") };
        let last = resolution.steps.last().map(words);
        assert_eq!(last, Some("Continue with the 3 further steps of the article: casebook show A"));
    }

    #[test]
    fn an_article_that_a_rule_names_adds_nothing() {
        let hits = [hit("A", vec![remedy(false, "", &["Oil it"])])];
        let cause = ArticleReason::Cause { cause: crate::rule::CauseId(0), weight: 0.9, at: None };
        let article = RankedArticle { because: vec![cause], ..listed(&hits[0]) };
        assert_eq!(ranked(&hits, &[article]), []);
    }

    #[test]
    fn remedies_are_loaded_of_likely_articles_the_surest_first() {
        let sure = |id: &str, confidence| ArticleHit { confidence, ..hit(id, Vec::new()) };
        let mut hits = [sure("A", 0.81), sure("B", 0.2), sure("C", 0.9), sure("D", 0.79), sure("E", 0.85)];
        let followed: Vec<&str> = hits_for_remedies(&mut hits).map(|hit| hit.id.as_str()).collect();
        assert_eq!(followed, ["C", "E", "A"]);
    }
}
