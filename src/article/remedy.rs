//! Extracts the remedies of an article: the steps of its resolutions and workarounds, and the problem that each is for.
//!
//! Many articles describe one problem. A catalogue describes several, each under a heading of its own, and a remedy in
//! it is only for the problem that it stands under.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::lines::with_single_blanks;
use super::model::{Article, Section, SectionKind};

/// A way to fix or to avoid a problem, as an article describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// Whether it only avoids the problem and does not fix it.
    pub is_workaround: bool,
    /// The heading above the steps if the article describes several ways, such as `Method 2`; otherwise empty.
    pub title: String,
    /// The steps in order: the numbered ones, or the paragraphs if none is numbered. Never empty; each is one line.
    pub steps: Vec<String>,
    /// The problem of the article that it is for.
    pub problem: Problem,
}

/// One of the problems that an article describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its sections: indices into [`Article::sections`]. All of them, if the article describes one problem.
    pub sections: Range<usize>,
    /// The words of these sections, in lower case, that the sections of no other problem of the article contain. Empty
    /// if the article describes one problem.
    pub own_words: BTreeSet<String>,
}

/// Returns the words of a text from which a problem can be told: of at least three letters or digits, in lower case.
pub fn telling_words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().nth(2).is_some()).map(str::to_lowercase)
}

/// A paragraph that begins with one of these is not a step, but a warning, a note or a reference to another article.
const ASIDES: [&str; 8] = [
    "warning:",
    "important:",
    "note:",
    "caution:",
    "for information",
    "for more information",
    "article-id",
    "for additional",
];

/// Returns the remedies of an article in its order: one for each heading, with steps below it, in its resolutions and
/// workarounds.
pub fn remedies(article: &Article) -> Vec<Remedy> {
    let mut found = Vec::new();
    let mut within: Option<(SectionKind, u8, usize)> = None;
    for (index, section) in article.sections.iter().enumerate() {
        within = match within {
            _ if is_remedy(section) => Some((section.kind, section.level, index)),
            Some(main) if section.level > main.1 => Some(main),
            _ => None,
        };
        // A part such as `Prerequisites` of a remedy has no steps of it.
        let is_part = is_remedy(section) || section.kind == SectionKind::Titled;
        let Some((kind, _, main)) = within.filter(|_| is_part) else { continue };
        let title = if main == index { String::new() } else { section.title.clone() };
        let is_workaround = kind == SectionKind::Workaround;
        found.extend(steps(article, index, section).map(|steps| (main, is_workaround, title, steps)));
    }
    let problems = problems(&article.sections, found.iter().map(|(main, ..)| *main).collect());
    let with_problem = |(main, is_workaround, title, steps): (usize, bool, String, Vec<String>)| {
        let problem = problems.get(&main)?.clone();
        Some(Remedy { is_workaround, title, steps, problem })
    };
    found.into_iter().filter_map(with_problem).collect()
}

fn is_remedy(section: &Section) -> bool {
    matches!(section.kind, SectionKind::Resolution | SectionKind::Workaround)
}

/// Returns the problem that each of the sections `mains`, which are resolutions and workarounds, is for.
fn problems(sections: &[Section], mains: BTreeSet<usize>) -> BTreeMap<usize, Problem> {
    let ranges: BTreeMap<usize, Range<usize>> = mains.iter().map(|&main| (main, problem_of(sections, main))).collect();
    let mut words: BTreeMap<(usize, usize), BTreeSet<String>> = BTreeMap::new();
    for range in ranges.values() {
        words.entry((range.start, range.end)).or_insert_with(|| words_in(&sections[range.clone()]));
    }
    if words.len() < 2 {
        let all = Problem { sections: 0..sections.len(), own_words: BTreeSet::new() };
        return mains.into_iter().map(|main| (main, all.clone())).collect();
    }
    let mut n_holding: BTreeMap<String, usize> = BTreeMap::new();
    for word in words.values().flatten() {
        *n_holding.entry(word.clone()).or_default() += 1;
    }
    words.values_mut().for_each(|words| words.retain(|word| n_holding[word] == 1));
    let problem = |(main, range): (usize, Range<usize>)| {
        let own_words = words[&(range.start, range.end)].clone();
        (main, Problem { sections: range, own_words })
    };
    ranges.into_iter().map(problem).collect()
}

fn words_in(sections: &[Section]) -> BTreeSet<String> {
    sections.iter().flat_map(|section| [&section.title, &section.text]).flat_map(|text| telling_words(text)).collect()
}

/// Returns the sections of the problem that the resolution or workaround at `main` is for: those below the heading that
/// contains it (all sections, if none does), and of these only the group of headings of its own level that it ends.
fn problem_of(sections: &[Section], main: usize) -> Range<usize> {
    let level = sections[main].level;
    let heading = (0..main).rev().scan(level, |least, at| {
        // The headings that contain the section, the innermost first.
        let contains = sections[at].kind != SectionKind::Body && sections[at].level < *least;
        *least = if contains { sections[at].level } else { *least };
        Some((at, contains))
    });
    // A workaround below a resolution is for the problem of the resolution.
    let heading = heading.filter(|(_, contains)| *contains).map(|(at, _)| at).find(|&at| !is_remedy(&sections[at]));
    let Some(heading) = heading else { return group(sections, 0..sections.len(), main) };
    let is_next = |section: &Section| section.kind != SectionKind::Body && section.level <= sections[heading].level;
    let end = sections[heading + 1..].iter().position(is_next).map_or(sections.len(), |next| heading + 1 + next);
    group(sections, heading..end, main)
}

/// Returns the part of `range` that belongs to the problem of `main`, if the headings on the level of `main` describe
/// one problem after the other: a section of symptoms after a remedy begins the next one. Without any symptoms, a
/// heading with a name of its own does, if a remedy comes right after it.
fn group(sections: &[Section], range: Range<usize>, main: usize) -> Range<usize> {
    let level = sections[main].level;
    let same_level: Vec<usize> = range.clone().filter(|&at| sections[at].level == level).collect();
    let has_symptoms = same_level.iter().any(|&at| sections[at].kind == SectionKind::Symptoms);
    let (mut from, mut to) = (range.start, range.end);
    let mut after_remedy = false;
    for (place, &at) in same_level.iter().enumerate() {
        let is_named = sections[at].kind == SectionKind::Titled;
        let begins = match has_symptoms {
            true => sections[at].kind == SectionKind::Symptoms,
            false => is_named && same_level.get(place + 1).is_some_and(|&next| is_remedy(&sections[next])),
        };
        if begins && after_remedy {
            if at > main {
                to = to.min(at);
            } else {
                from = at;
            }
            after_remedy = false;
        }
        after_remedy |= is_remedy(&sections[at]);
    }
    from..to
}

fn steps(article: &Article, index: usize, section: &Section) -> Option<Vec<String>> {
    let procedures = article.procedures.iter().filter(|procedure| procedure.section == index);
    let numbered: Vec<String> =
        procedures.flat_map(|procedure| &procedure.steps).map(|step| with_single_blanks(&step.text)).collect();
    let steps = if numbered.is_empty() { paragraphs(&section.text) } else { numbered };
    (!steps.is_empty()).then_some(steps)
}

/// Returns the paragraphs that are steps. A paragraph that ends in a colon introduces the next one and is joined to it.
fn paragraphs(text: &str) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    let mut announced: Option<String> = None;
    for paragraph in text.split("\n\n").map(with_single_blanks).filter(|paragraph| !paragraph.is_empty()) {
        let lower = paragraph.to_lowercase();
        if ASIDES.iter().any(|aside| lower.starts_with(aside)) {
            continue;
        }
        let paragraph = match announced.take() {
            Some(lead) => format!("{lead} {paragraph}"),
            None => paragraph,
        };
        if paragraph.ends_with(':') { announced = Some(paragraph) } else { steps.push(paragraph) }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether it is a workaround, the title and the steps of each remedy in an article whose Markdown is
    /// `sections`.
    fn told(sections: &str) -> Vec<(bool, String, Vec<String>)> {
        let text = format!("# Lathe jams\n\n{sections}");
        let parsed = super::super::parse(&text, "lathe").expect("an article");
        remedies(&parsed).into_iter().map(|remedy| (remedy.is_workaround, remedy.title, remedy.steps)).collect()
    }

    fn owned(steps: &[&str]) -> Vec<String> {
        steps.iter().map(|step| step.to_string()).collect()
    }

    #[test]
    fn numbered_steps_come_before_prose() {
        let found = told(
            "## Symptoms\n\nIt jams.\n\n## Resolution\n\nDo this:\n\n1. Stop the\n   spindle.\n2. Clear the swarf.\n\n## Status\n\nKnown.\n",
        );
        assert_eq!(found, [(false, String::new(), owned(&["Stop the spindle.", "Clear the swarf."]))]);
    }

    #[test]
    fn each_method_is_one_and_what_only_announces_them_is_none() {
        let found = told(
            "## Resolution\n\nUse one of these methods:\n\n### Method 1\n\nOil it.\n\n### Method 2\n\n1. Open it.\n2. Clean it.\n\n\
             ## Workaround\n\nWARNING: mind your hands.\n\nUse the other lathe.\n\n## More information\n\n1. Not this.\n2. Nor this.\n",
        );
        let expected = [
            (false, "Method 1".to_owned(), owned(&["Oil it."])),
            (false, "Method 2".to_owned(), owned(&["Open it.", "Clean it."])),
            (true, String::new(), owned(&["Use the other lathe."])),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_part_that_is_no_way_of_its_own_does_not_end_a_remedy() {
        let found =
            told("## Fix\n\n### Before you begin\n\nStop it.\n\n### Oil it\n\nUse a can.\n\n### Verify\n\nLook.\n");
        assert_eq!(found, [(false, "Oil it".to_owned(), owned(&["Use a can."]))]);
    }

    #[test]
    fn an_article_without_either_has_none() {
        assert_eq!(told("## Symptoms\n\n1. It jams.\n2. It smokes.\n"), []);
    }

    /// Returns the first step and the titles of the sections of its problem, for each remedy of an article.
    fn problems_of(text: &str) -> Vec<(String, Vec<String>)> {
        let parsed = super::super::parse(text, "lathe").expect("an article");
        let titles = |problem: &Problem| {
            let sections = parsed.sections[problem.sections.clone()].iter();
            sections.map(|section| section.title.clone()).filter(|title| !title.is_empty()).collect()
        };
        remedies(&parsed).into_iter().map(|remedy| (remedy.steps[0].clone(), titles(&remedy.problem))).collect()
    }

    #[test]
    fn a_remedy_of_a_catalogue_is_for_the_problem_that_it_stands_under() {
        let text = "# Lathes\n\n## Spindle hums\n\n### Symptoms\n\nIt hums.\n\n### Solution\n\nOil it.\n\n\
                    ### Workaround\n\nPlug your ears.\n\n## Chuck slips\n\nThe part turns.\n\n### Solution\n\nTighten it.\n";
        let hums = owned(&["Spindle hums", "Symptoms", "Solution", "Workaround"]);
        let expected = [
            ("Oil it.".to_owned(), hums.clone()),
            ("Plug your ears.".to_owned(), hums),
            ("Tighten it.".to_owned(), owned(&["Chuck slips", "Solution"])),
        ];
        assert_eq!(problems_of(text), expected);
    }

    #[test]
    fn headings_of_one_level_are_told_apart_by_symptoms_after_a_remedy() {
        let text = "# Lathes\n\n## Problem\n\nIt hums.\n\n## Cause\n\nDry.\n\n## Solution\n\nOil it.\n\n\
                    ## Problem\n\nIt slips.\n\n## Solution\n\nTighten it.\n";
        let expected = [
            ("Oil it.".to_owned(), owned(&["Problem", "Cause", "Solution"])),
            ("Tighten it.".to_owned(), owned(&["Problem", "Solution"])),
        ];
        assert_eq!(problems_of(text), expected);
        let named =
            "# Lathes\n\n## Hums\n\nAt night.\n\n## Fix\n\nOil it.\n\n## Slips\n\nAlways.\n\n## Fix\n\nTighten it.\n";
        let expected =
            [("Oil it.".to_owned(), owned(&["Hums", "Fix"])), ("Tighten it.".to_owned(), owned(&["Slips", "Fix"]))];
        assert_eq!(problems_of(named), expected);
    }

    #[test]
    fn several_remedies_of_one_problem_are_not_told_apart() {
        let text = "# Lathe hums\n\n## Symptoms\n\nIt hums.\n\n## Resolution\n\nOil it.\n\n## Prevention of it\n\n\
                    Look often.\n\n## Workaround\n\nPlug your ears.\n";
        let parsed = super::super::parse(text, "lathe").expect("an article");
        let whole = Problem { sections: 0..parsed.sections.len(), own_words: BTreeSet::new() };
        let found: Vec<Problem> = remedies(&parsed).into_iter().map(|remedy| remedy.problem).collect();
        assert_eq!(found, [whole.clone(), whole]);
    }

    #[test]
    fn the_words_of_a_problem_are_those_of_no_other_one() {
        let text =
            "# Lathes\n\n## Spindle hums\n\n### Fix\n\nOil the lathe.\n\n## Chuck slips\n\n### Fix\n\nTurn the key.\n";
        let parsed = super::super::parse(text, "lathe").expect("an article");
        let words: Vec<Vec<String>> =
            remedies(&parsed).into_iter().map(|remedy| remedy.problem.own_words.into_iter().collect()).collect();
        assert_eq!(words, [owned(&["hums", "lathe", "oil", "spindle"]), owned(&["chuck", "key", "slips", "turn"])]);
    }
}
