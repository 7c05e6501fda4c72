//! The kinds of boxes that sites draw around a note or a warning, and the word that announces each in plain text.

/// Returns the word that announces a box: `NOTE` for `info`, `CAUTION` for `danger`. `None` for the names of other
/// things.
pub(in crate::article::layout::markdown) fn announcement(kind: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 28] = [
        ("note", "NOTE"),
        ("notes", "NOTE"),
        ("info", "NOTE"),
        ("information", "NOTE"),
        ("primary", "NOTE"),
        ("secondary", "NOTE"),
        ("seealso", "NOTE"),
        ("abstract", "NOTE"),
        ("todo", "NOTE"),
        ("tip", "TIP"),
        ("hint", "TIP"),
        ("success", "TIP"),
        ("check", "TIP"),
        ("important", "IMPORTANT"),
        ("attention", "IMPORTANT"),
        ("warning", "WARNING"),
        ("warn", "WARNING"),
        ("caution", "CAUTION"),
        ("danger", "CAUTION"),
        ("error", "CAUTION"),
        ("failure", "CAUTION"),
        ("critical", "CAUTION"),
        ("bug", "CAUTION"),
        ("example", "EXAMPLE"),
        ("question", "QUESTION"),
        ("faq", "QUESTION"),
        ("quote", "QUOTE"),
        ("cite", "QUOTE"),
    ];
    KINDS.iter().find(|(name, _)| kind.eq_ignore_ascii_case(name)).map(|(_, word)| *word)
}

/// Whether a box is named so, and its kind is one of its attributes.
pub(super) fn is_box(name: &str) -> bool {
    const BOXES: [&str; 7] = ["alert", "callout", "admonition", "notice", "hint", "box", "aside"];
    BOXES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_of_all_sites_have_few_words() {
        assert_eq!(announcement("Info"), Some("NOTE"));
        assert_eq!(announcement("danger"), Some("CAUTION"));
        assert_eq!(announcement("row"), None);
        assert!(is_box("Callout") && !is_box("note"));
    }
}
