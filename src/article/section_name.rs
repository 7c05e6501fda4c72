//! Decides the kind of a section from the words of its heading. The file `section_names.txt` lists them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::model::SectionKind;
use super::synonym::{entries, words_of};

/// The two parts of `section_names.txt`: headings of any layout, then those that count only in layouts that mark
/// headings.
static NAMES: LazyLock<HeadNames> = LazyLock::new(|| {
    let (any, marked) = include_str!("section_names.txt").split_once("[marked]").expect("the table has two parts");
    HeadNames { any: read(any), marked: read(marked) }
});

struct HeadNames {
    any: HashMap<String, SectionKind>,
    marked: HashMap<String, SectionKind>,
}

fn read(table: &'static str) -> HashMap<String, SectionKind> {
    entries(table).map(|(kind, name)| (words_of(name), kind_named(kind))).collect()
}

fn kind_named(name: &str) -> SectionKind {
    const KINDS: [SectionKind; 9] = [
        SectionKind::Summary,
        SectionKind::Symptoms,
        SectionKind::Cause,
        SectionKind::Resolution,
        SectionKind::Workaround,
        SectionKind::Status,
        SectionKind::MoreInformation,
        SectionKind::References,
        SectionKind::QueryWords,
    ];
    let name = name.replace(' ', "_");
    KINDS.into_iter().find(|kind| kind.name() == name).expect("the table names kinds that exist")
}

/// Returns the kind of a section whose heading was found in plain text: `Titled`, unless the heading is one of the few
/// unmistakable names. It may end in a colon.
pub(super) fn kind_of(head: &str) -> SectionKind {
    let name = head.trim_end_matches([':', ' ']).to_ascii_lowercase();
    NAMES.any.get(&name).copied().unwrap_or(SectionKind::Titled)
}

/// Returns the kind of a section whose heading the layout marks; `Titled` if no name matches.
///
/// Numbers, emoji and punctuation around the name are ignored: `2. Root cause:` is a cause. `Cause 1: the disk` and
/// `Cause of the noise` are causes too, and `Symptoms / Impact` means symptoms, because both names do.
pub(crate) fn kind_of_marked(head: &str) -> SectionKind {
    let before_colon = || head.split_once(':').and_then(|(name, _)| named(name));
    let of_something = || named(before_purpose(head)?);
    let found = named(head).or_else(before_colon).or_else(of_something).or_else(|| shared_by_parts(head));
    found.unwrap_or(SectionKind::Titled)
}

/// Whether a heading is the name of a section and nothing else: not `Cause of the noise`, which may be a title.
pub(super) fn is_section_name(head: &str) -> bool {
    named(head).or_else(|| shared_by_parts(head)).is_some()
}

fn named(head: &str) -> Option<SectionKind> {
    let words = words_of(&head.replace("(s)", "s"));
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let name = words.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let known = |name: &str| NAMES.any.get(name).or_else(|| NAMES.marked.get(name)).copied();
    known(name).or_else(|| {
        let (name, last) = name.rsplit_once(' ')?;
        if is_number(last) || last.chars().count() == 1 { known(name) } else { None }
    })
}

/// Returns the name in a heading such as `Resolution for cause 2` or `Workaround if the belt is cold`, in which the
/// name of a cause or a remedy comes first. Other names may begin any heading: `Problems with belts`.
fn before_purpose(head: &str) -> Option<&str> {
    use SectionKind::{Cause, Resolution, Workaround};
    const JOINING: [&str; 6] = [" for ", " of ", " if ", " when ", " to ", " - "];
    let lower = head.to_ascii_lowercase();
    let at = JOINING.iter().filter_map(|word| lower.find(word)).min()?;
    let name = &head[..at];
    matches!(named(name)?, Cause | Resolution | Workaround).then_some(name)
}

/// Returns the kind of a heading such as `Symptoms / Impact` that consists of several names, if all of them mean this
/// kind. Of remedies of both kinds, the first tells.
fn shared_by_parts(head: &str) -> Option<SectionKind> {
    let lower = head.to_lowercase().replace(" and ", "/").replace(" or ", "/");
    let mut kinds = lower.split(['/', '&', ',', '+']).map(named);
    let first = kinds.next()??;
    let is_remedy = |kind| matches!(kind, SectionKind::Resolution | SectionKind::Workaround);
    kinds.all(|kind| kind == Some(first) || is_remedy(first) && kind.is_some_and(is_remedy)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_has_only_the_unmistakable_heads() {
        for (head, kind) in [
            ("SYMPTOMS", SectionKind::Symptoms),
            ("Work Around: ", SectionKind::Workaround),
            ("Related articles", SectionKind::References),
            ("Error message", SectionKind::Titled),
            ("2. Cause", SectionKind::Titled),
            ("Notes", SectionKind::Titled),
        ] {
            assert_eq!(kind_of(head), kind, "{head}");
        }
    }

    #[test]
    fn marked_heads_may_have_numbers_punctuation_and_emoji() {
        for (head, kind) in [
            ("2. Root cause:", SectionKind::Cause),
            ("🔥 Symptoms", SectionKind::Symptoms),
            ("What's wrong?", SectionKind::Titled),
            ("How do I fix it?", SectionKind::Resolution),
            ("# TL;DR #", SectionKind::Summary),
            ("Cause 1: the disk is full", SectionKind::Cause),
            ("Solution B", SectionKind::Resolution),
            ("1.2 Work-around", SectionKind::Workaround),
            ("WHY IT HAPPENS", SectionKind::Cause),
            ("MORE INFORMATION", SectionKind::MoreInformation),
            ("[Symptom]", SectionKind::Symptoms),
            ("Possible Solution(s)", SectionKind::Resolution),
            ("Mitigation(s)", SectionKind::Resolution),
            ("Resolution for cause 2", SectionKind::Resolution),
            ("Cause of the noise", SectionKind::Cause),
            ("Solution 2 - oil it", SectionKind::Resolution),
            ("Problems with belts", SectionKind::Titled),
            ("Action for all of us", SectionKind::Resolution),
            ("Steps to oil it", SectionKind::Resolution),
            ("Diagnosis", SectionKind::MoreInformation),
            ("Affected products and versions", SectionKind::Titled),
        ] {
            assert_eq!(kind_of_marked(head), kind, "{head}");
        }
    }

    #[test]
    fn joined_names_count_where_they_agree() {
        assert_eq!(kind_of_marked("Symptoms and Impact"), SectionKind::Symptoms);
        assert_eq!(kind_of_marked("Fix / Remediation"), SectionKind::Resolution);
        assert_eq!(kind_of_marked("Solution/Workaround"), SectionKind::Resolution);
        assert_eq!(kind_of_marked("Workaround or fix"), SectionKind::Workaround);
        assert_eq!(kind_of_marked("Cause and resolution"), SectionKind::Titled);
        assert_eq!(kind_of_marked("/"), SectionKind::Titled);
        assert_eq!(kind_of_marked(""), SectionKind::Titled);
    }

    #[test]
    fn a_name_with_an_object_may_be_a_title() {
        assert!(is_section_name("2. Causes") && is_section_name("Fix / Remediation"));
        assert!(!is_section_name("Cause of the noise") && !is_section_name("Problem: the belt creaks"));
    }

    #[test]
    fn no_name_means_two_kinds() {
        let tables = include_str!("section_names.txt");
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (kind, name) in entries(tables) {
            let earlier = seen.insert(words_of(name), kind);
            assert_eq!(earlier, None, "{name}");
        }
    }
}
