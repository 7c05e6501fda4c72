//! Extracts the remedies of an article: the steps of its resolutions and workarounds.

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
    let mut within: Option<(SectionKind, u8)> = None;
    for (index, section) in article.sections.iter().enumerate() {
        let is_main = matches!(section.kind, SectionKind::Resolution | SectionKind::Workaround);
        within = match within {
            _ if is_main => Some((section.kind, section.level)),
            Some((kind, level)) if section.kind == SectionKind::Titled && section.level > level => Some((kind, level)),
            _ => None,
        };
        let Some((kind, _)) = within else { continue };
        let title = if is_main { String::new() } else { section.title.clone() };
        let is_workaround = kind == SectionKind::Workaround;
        found.extend(steps(article, index, section).map(|steps| Remedy { is_workaround, title, steps }));
    }
    found
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
    fn an_article_without_either_has_none() {
        assert_eq!(told("## Symptoms\n\n1. It jams.\n2. It smokes.\n"), []);
    }
}
