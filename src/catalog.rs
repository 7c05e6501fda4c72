//! The active rules as a list to look things up in: packs by area, causes by words, and one cause with everything that the
//! rules say about it. Reads no files; `report` chooses the wording.

use std::collections::{BTreeMap, BTreeSet};

use crate::infer::resolutions_of;
use crate::rule::{Cause, CauseId, Pack, Program, Resolution, SymptomId};

/// All packs of a program.
#[derive(Debug)]
pub struct Catalog<'a> {
    /// The rules.
    pub program: &'a Program,
    /// The areas of the bundled packs, by name.
    pub areas: Vec<Area<'a>>,
    /// The packs that are not bundled, in the order of their files.
    pub own: Vec<&'a Pack>,
}

/// Bundled packs on one topic, such as databases.
#[derive(Debug, PartialEq, Eq)]
pub struct Area<'a> {
    /// The folder of the files; for a file outside of any folder, its name.
    pub name: &'a str,
    /// The packs, in the order of their files.
    pub packs: Vec<&'a Pack>,
}

/// Sorts the packs of a program by area.
pub fn catalog(program: &Program) -> Catalog<'_> {
    let mut areas: BTreeMap<&str, Vec<&Pack>> = BTreeMap::new();
    let mut own = Vec::new();
    for pack in &program.packs {
        match pack.area() {
            Some(area) => areas.entry(area).or_default().push(pack),
            None => own.push(pack),
        }
    }
    let areas = areas.into_iter().map(|(name, packs)| Area { name, packs }).collect();
    Catalog { program, areas, own }
}

/// A cause with its pack.
#[derive(Debug, Clone, Copy)]
pub struct ListedCause<'a> {
    /// The cause.
    pub cause: &'a Cause,
    /// Its pack.
    pub pack: &'a Pack,
}

/// Returns the causes for which each of `words` is in the title, the name or the pack, in the order of the packs. Case is
/// ignored. Without words, returns all causes.
pub fn causes_with<'a>(program: &'a Program, words: &[String]) -> Vec<ListedCause<'a>> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let all = program.packs.iter().flat_map(|pack| pack.causes.iter().map(move |id| (pack, program.cause(*id))));
    let listed = all.map(|(pack, cause)| ListedCause { cause, pack });
    listed.filter(|listed| words.iter().all(|word| listed.text().contains(word))).collect()
}

impl ListedCause<'_> {
    /// What a word is looked for in, in lower case.
    fn text(self) -> String {
        let ListedCause { cause, pack } = self;
        let local = cause.name.rsplit('.').next().unwrap_or(&cause.name);
        format!("{}\n{}.{local}\n{}", cause.title, pack.name, pack.title()).to_lowercase()
    }
}

/// A cause and everything that rules say about it.
#[derive(Debug)]
pub struct CausePage<'a> {
    /// The rules.
    pub program: &'a Program,
    /// The cause.
    pub cause: &'a Cause,
    /// Its pack.
    pub pack: Option<&'a Pack>,
    /// The causes that lead to it, each with the chance that it does, the most likely one first.
    pub led_to_by: Vec<(CauseId, f64)>,
    /// The other causes of its symptoms, those first that are most alike.
    pub rivals: Vec<RivalCause>,
    /// Its symptoms that can be asked or probed.
    pub checks: Vec<SymptomId>,
    /// Its resolutions in the order to try them, each with the chance that it helps.
    pub resolutions: Vec<(&'a Resolution, f64)>,
    /// The ids of articles about it and about its resolutions, each with its title; `None` if the article is not known.
    pub articles: Vec<(String, Option<String>)>,
}

/// Another cause that shows a symptom of the cause.
#[derive(Debug, PartialEq, Eq)]
pub struct RivalCause {
    /// The other cause.
    pub cause: CauseId,
    /// The symptoms that both show.
    pub shared: Vec<SymptomId>,
    /// The symptoms that speak for the cause and say nothing for this one.
    pub for_cause: Vec<SymptomId>,
    /// The symptoms that speak for this one and say nothing for the cause.
    pub for_rival: Vec<SymptomId>,
}

/// Gathers what the rules say about a cause. `title` returns the title of an article.
pub fn cause_page<'a>(program: &'a Program, id: CauseId, title: &dyn Fn(&str) -> Option<String>) -> CausePage<'a> {
    let cause = program.cause(id);
    let resolutions: Vec<(&Resolution, f64)> =
        resolutions_of(program, id).into_iter().map(|(id, chance)| (program.resolution(id), chance)).collect();
    let mut articles: Vec<&String> = Vec::new();
    for article in cause.kb.iter().chain(resolutions.iter().flat_map(|(resolution, _)| &resolution.kb)) {
        if !articles.contains(&article) {
            articles.push(article);
        }
    }
    let articles = articles.into_iter().map(|article| (article.clone(), title(article))).collect();
    let is_asked = |id: &SymptomId| program.symptom(*id).ask.is_some() || program.symptom(*id).probe.is_some();
    let mut checks: Vec<SymptomId> = Vec::new();
    for (symptom, _) in cause.shows.iter().chain(&cause.against) {
        if is_asked(symptom) && !checks.contains(symptom) {
            checks.push(*symptom);
        }
    }
    let (pack, led_to_by, rivals) = (program.pack_of(id), led_to_by(program, id), rivals(program, id));
    CausePage { program, cause, pack, led_to_by, rivals, checks, resolutions, articles }
}

fn led_to_by(program: &Program, id: CauseId) -> Vec<(CauseId, f64)> {
    let causes = (0..).map(CauseId).zip(&program.causes);
    let leading = causes.filter_map(|(from, cause)| {
        let (_, chance) = cause.leads_to.iter().find(|(to, _)| *to == id)?;
        Some((from, *chance))
    });
    let mut leading: Vec<(CauseId, f64)> = leading.collect();
    leading.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    leading
}

/// Returns all causes that share a symptom with the cause. Those are most alike that often show the symptoms that the cause
/// often shows; of equal ones, the more common one is first.
fn rivals(program: &Program, id: CauseId) -> Vec<RivalCause> {
    let cause = program.cause(id);
    let others = (0..).map(CauseId).zip(&program.causes).filter(|(other, _)| *other != id);
    let mut rivals: Vec<(f64, f64, RivalCause)> = others
        .filter_map(|(other, rival)| {
            let chance = |symptom| rival.shows.iter().find(|(shown, _)| *shown == symptom).map(|(_, chance)| *chance);
            let both = cause.shows.iter().filter_map(|(shown, own)| Some((*shown, chance(*shown)?.min(*own))));
            let (shared, alike): (Vec<SymptomId>, Vec<f64>) = both.unzip();
            let found =
                RivalCause { cause: other, shared, for_cause: tells(cause, rival), for_rival: tells(rival, cause) };
            (!found.shared.is_empty()).then(|| (alike.iter().sum(), rival.prior, found))
        })
        .collect();
    rivals.sort_by(|(alike, prior, _), (other, of_other, _)| other.total_cmp(alike).then(of_other.total_cmp(prior)));
    rivals.into_iter().map(|(_, _, rival)| rival).collect()
}

/// Returns the symptoms that speak for `cause` rather than for `rival`: those that only `cause` shows, and those that speak
/// only against `rival`.
fn tells(cause: &Cause, rival: &Cause) -> Vec<SymptomId> {
    let shown_by = |cause: &Cause| cause.shows.iter().map(|(symptom, _)| *symptom).collect::<BTreeSet<_>>();
    let (own, of_rival) = (shown_by(cause), shown_by(rival));
    let shown = cause.shows.iter().map(|(symptom, _)| *symptom).filter(|symptom| !of_rival.contains(symptom));
    let is_against = |symptom: &SymptomId| cause.against.iter().any(|(against, _)| against == symptom);
    let against = rival.against.iter().map(|(symptom, _)| *symptom);
    shown.chain(against.filter(|symptom| !own.contains(symptom) && !is_against(symptom))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{RuleText, load_without_tests};

    const SAW: &str = r#"
        pack saws "Saws of the \"shop\"" { version 1.0.0 }
        symptom slips "The belt of {n} slips" { match "belt {n:int} slips" }
        symptom smells "It smells" { ask "Does it smell?" }
        symptom narrow "The belt is narrow" { probe "How wide is it?" run `gauge` match "width 3" }
        cause worn "The belt of {n} is WORN" { prior common shows slips often shows smells often against narrow weakly kb "a-1" }
        cause loose "The belt is loose" { prior rare shows slips always leads to worn rarely }
        cause heavy "The wood is heavy" { prior common shows slips often shows narrow often leads to worn often }
        cause off "It is off" { prior rare shows smells rarely }
        resolution belt "Change the belt" { resolves worn usually cost 1h kb "a-2", "a-1" }
        resolution wait "Wait" { resolves worn usually cost 1m }
    "#;

    fn program(files: &[(&str, &str)]) -> Program {
        let text = |(path, text): &(&str, &str)| RuleText { path: (*path).to_owned(), text: (*text).to_owned() };
        let (program, mistakes) = load_without_tests(&files.iter().map(text).collect::<Vec<_>>());
        assert_eq!(mistakes, []);
        program
    }

    fn cause(name: &str) -> String {
        format!(
            "symptom {name}_seen \"{name}\" {{ match \"{name} is seen\" }} cause {name} \"{name}!\" {{ shows {name}_seen often }}"
        )
    }

    #[test]
    fn bundled_packs_are_sorted_by_area_and_own_ones_are_not() {
        let files = ["/ws/z.rules", "book:mail.rules", "book:mail/x.rules", "book:dns/y.rules", "mail/own.rules"];
        let texts = ["a", "b", "c", "d", "e"].map(cause);
        let files: Vec<(&str, &str)> = files.into_iter().zip(texts.iter().map(String::as_str)).collect();
        let program = program(&files);
        let catalog = catalog(&program);
        let names = |packs: &[&Pack]| packs.iter().map(|pack| pack.name.clone()).collect::<Vec<_>>();
        let areas: Vec<(&str, Vec<String>)> =
            catalog.areas.iter().map(|area| (area.name, names(&area.packs))).collect();
        let strings = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(areas, [("dns", strings(&["y"])), ("mail", strings(&["mail", "x"]))]);
        assert_eq!(names(&catalog.own), ["z", "own"]);
        assert_eq!(program.packs[2].causes, [CauseId(2)]);
        assert_eq!((program.packs[2].title.as_deref(), program.packs[2].title()), (None, "x"));
    }

    #[test]
    fn a_cause_with_a_mistake_is_in_no_pack() {
        let text =
            "symptom a \"A\" { match \"it is seen\" } cause b \"B\" { shows a ofte } cause c \"C\" { shows a often }";
        let (program, mistakes) = load_without_tests(&[RuleText { path: "x.rules".to_owned(), text: text.to_owned() }]);
        assert_eq!((mistakes.len(), program.cause(CauseId(0)).name.as_str()), (1, "c"));
        let pack = Pack {
            name: "x".to_owned(),
            title: None,
            path: "x.rules".to_owned(),
            causes: vec![CauseId(0)],
            meta: Vec::new(),
        };
        assert_eq!(program.packs, [pack]);
    }

    #[test]
    fn each_word_is_in_the_title_the_name_or_the_pack() {
        let program = program(&[("a.rules", SAW), ("b.rules", &cause("worn"))]);
        let found = |words: &[&str]| -> Vec<String> {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            causes_with(&program, &words).iter().map(|listed| listed.cause.name.clone()).collect()
        };
        assert_eq!(found(&["belt"]), ["saws.worn", "loose"]);
        assert_eq!(found(&["worn"]), ["saws.worn", "b.worn"]);
        assert_eq!(found(&["BELT", "Worn"]), ["saws.worn"]);
        assert_eq!(found(&["saws.worn"]), ["saws.worn"]);
        assert_eq!(found(&["the \"shop\"", "loose"]), ["loose"]);
        assert_eq!(found(&["belt", "loose", "worn"]), [] as [&str; 0]);
        assert_eq!(found(&[]).len(), 5);
    }

    #[test]
    fn a_page_has_what_other_items_say_about_the_cause() {
        let program = program(&[("a.rules", SAW)]);
        let id = |name: &str| program.symptom_named(name).expect("a symptom");
        let cause = |name: &str| program.cause_named(name).expect("a cause");
        let title = |article: &str| (article == "a-1").then(|| "Belts".to_owned());
        let page = cause_page(&program, cause("worn"), &title);
        assert_eq!(page.pack.map(Pack::title), Some("Saws of the \"shop\""));
        assert_eq!(page.led_to_by, [(cause("heavy"), 0.7), (cause("loose"), 0.1)]);
        assert_eq!(page.checks, [id("smells"), id("narrow")]);
        let order: Vec<(&str, f64)> =
            page.resolutions.iter().map(|(resolution, chance)| (resolution.name.as_str(), *chance)).collect();
        assert_eq!(order, [("wait", 0.9), ("belt", 0.9)]);
        assert_eq!(page.articles, [("a-1".to_owned(), Some("Belts".to_owned())), ("a-2".to_owned(), None)]);
    }

    #[test]
    fn rivals_are_told_apart_by_what_only_one_of_them_has() {
        let program = program(&[("a.rules", SAW)]);
        let id = |name: &str| program.symptom_named(name).expect("a symptom");
        let cause = |name: &str| program.cause_named(name).expect("a cause");
        let page = cause_page(&program, cause("worn"), &|_| None);
        let rival = |name: &str, shared: &str, for_cause: &[&str], for_rival: &[&str]| RivalCause {
            cause: cause(name),
            shared: vec![id(shared)],
            for_cause: for_cause.iter().map(|name| id(name)).collect(),
            for_rival: for_rival.iter().map(|name| id(name)).collect(),
        };
        let expected = [
            rival("heavy", "slips", &["smells"], &["narrow"]),
            rival("loose", "slips", &["smells"], &["narrow"]),
            rival("off", "smells", &["slips"], &["narrow"]),
        ];
        assert_eq!(page.rivals, expected);
        assert_eq!(cause_page(&program, cause("heavy"), &|_| None).rivals.len(), 2);
    }
}
