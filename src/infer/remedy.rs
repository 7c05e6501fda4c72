//! What articles say to do, weighed beside what rules say.
//!
//! An article that no rule names has no chances, costs and risks. They are estimated: from how sure casebook is of it, from
//! how many steps it takes, and from what these speak of.

use std::time::Duration;

use crate::article::Remedy;
use crate::matching::{Captures, Salient};
use crate::rule::Program;
use crate::rule::program::{Resolution, ResolutionStep, Risk, Template, TemplatePiece, Verify};

use super::resolution::{Worth, in_order};
use super::weights::{
    FURTHER_REMEDY, LIKELY_ARTICLE, MAX_FOLLOWED, MAX_REMEDY_STEPS, MINUTES_A_STEP, REMEDY_RESOLVES,
    WORKAROUND_RESOLVES,
};
use super::{ArticleHit, ArticleReason, Proposed, RankedArticle, RankedResolution};

/// What a remedy costs beside its steps, and risks, that speaks of this; in lower case. What is heavier stands further down.
struct Tell {
    words: &'static str,
    minutes: u64,
    risk: Risk,
    irreversible: bool,
}

const fn tell(words: &'static str, minutes: u64, risk: Risk) -> Tell {
    Tell { words, minutes, risk, irreversible: false }
}

const fn last_resort(words: &'static str, minutes: u64) -> Tell {
    Tell { words, minutes, risk: Risk::High, irreversible: true }
}

const TELLS: [Tell; 16] = [
    tell("restart the service", 5, Risk::Medium),
    tell("net stop", 5, Risk::Medium),
    tell("restart the computer", 15, Risk::Medium),
    tell("restart the server", 15, Risk::Medium),
    tell("reboot", 15, Risk::Medium),
    tell("registry", 10, Risk::Medium),
    tell("hotfix", 30, Risk::Medium),
    tell("service pack", 60, Risk::Medium),
    tell("upgrade", 120, Risk::Medium),
    tell("reinstall", 120, Risk::High),
    tell("restore from", 120, Risk::High),
    tell("from backup", 120, Risk::High),
    last_resort("eseutil /p", 120),
    last_resort("fdisk", 60),
    last_resort("reformat", 240),
    last_resort("format the", 240),
];

/// The few articles that are likely enough to look up what they say to do, the surest ones.
pub fn worth_following(hits: &mut [ArticleHit]) -> impl Iterator<Item = &mut ArticleHit> {
    let mut likely: Vec<&mut ArticleHit> = hits.iter_mut().filter(|hit| hit.confidence >= LIKELY_ARTICLE).collect();
    likely.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    likely.into_iter().take(MAX_FOLLOWED)
}

/// Adds to `by_rules` what those articles say to do that no rule names, all in the order to try it.
pub(crate) fn with_remedies(
    program: &Program,
    by_rules: Vec<RankedResolution>,
    articles: &[RankedArticle],
    hits: &[ArticleHit],
    salient: &[Salient],
) -> Vec<RankedResolution> {
    let is_by_rule =
        |article: &RankedArticle| article.because.iter().any(|reason| !matches!(reason, ArticleReason::Search { .. }));
    let mut all = by_rules;
    for article in articles.iter().filter(|article| !is_by_rule(article)) {
        let Some(hit) = hits.iter().find(|hit| hit.id == article.id) else { continue };
        let seen = salient.get(hit.salient).map_or("", |salient| salient.text.as_str());
        let shares = std::iter::successors(Some(1.0), |share| Some(share * FURTHER_REMEDY));
        all.extend(hit.remedies.iter().zip(shares).map(|(remedy, share)| proposed(article, remedy, seen, share)));
    }
    in_order(all, |ranked| {
        let resolution = ranked.resolution.of(program);
        Worth {
            chance: ranked.p_resolves,
            price: (resolution.cost + resolution.risk.price()).as_secs_f64().max(1.0),
            irreversible: resolution.irreversible,
        }
    })
}

/// A remedy as something to do against the record `seen`; `share` is what its chance is multiplied by.
fn proposed(article: &RankedArticle, remedy: &Remedy, seen: &str, share: f64) -> RankedResolution {
    let lower = remedy.text.to_lowercase();
    let tells = || TELLS.iter().filter(|tell| lower.contains(tell.words));
    let minutes = MINUTES_A_STEP * remedy.steps.len() as u64 + tells().map(|tell| tell.minutes).max().unwrap_or(0);
    let touches_registry = lower.contains("registry");
    let chance = if remedy.is_workaround { WORKAROUND_RESOLVES } else { REMEDY_RESOLVES };
    let resolution = Resolution {
        name: article.id.clone(),
        title: text(title(article, remedy)),
        resolves: Vec::new(),
        cost: Duration::from_secs(60 * minutes),
        risk: tells().map(|tell| tell.risk).max().unwrap_or_default(),
        needs: touches_registry.then(|| "a backup of the registry".to_owned()).into_iter().collect(),
        steps: steps(article, remedy),
        verify: Some(Verify::Check(step(format!("See that this is not logged again: {}", first_line(seen))))),
        undo: touches_registry.then(|| text("Restore the registry from the backup".to_owned())),
        irreversible: tells().any(|tell| tell.irreversible),
        kb: vec![article.id.clone()],
    };
    RankedResolution {
        resolution: Proposed::Article(Box::new(resolution)),
        p_resolves: article.confidence * chance * share,
        captures: Captures::new(),
        articles: vec![article.id.clone()],
    }
}

fn title(article: &RankedArticle, remedy: &Remedy) -> String {
    let way = if remedy.is_workaround { "Get around it" } else { "Do" };
    let method = if remedy.title.is_empty() { String::new() } else { format!(" ({})", remedy.title) };
    format!("{way} as {} says{method}: {}", article.id, article.title)
}

fn steps(article: &RankedArticle, remedy: &Remedy) -> Vec<ResolutionStep> {
    let mut steps: Vec<ResolutionStep> = remedy.steps.iter().take(MAX_REMEDY_STEPS).cloned().map(step).collect();
    if let Some(left @ 1..) = remedy.steps.len().checked_sub(MAX_REMEDY_STEPS) {
        steps.push(step(format!("Go on with the other {left} as the article says: casebook show {}", article.id)));
    }
    steps
}

fn step(words: String) -> ResolutionStep {
    ResolutionStep { text: text(words), run: None }
}

fn text(words: String) -> Template {
    Template(vec![TemplatePiece::Text(words)])
}

fn first_line(record: &str) -> &str {
    record.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or(record)
}
