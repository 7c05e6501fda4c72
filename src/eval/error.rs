//! The diagnostics about a file of judged questions: one constructor for each mistake. docs/diagnostics.md explains
//! each code.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The help of the diagnostics about the form of a line.
const FORM: &str = r#"write `{"id": "1", "query": "…", "relevant": ["…"]}` on one line"#;

/// The line cannot be read as JSON.
pub(super) fn not_json(at: Span, reason: &str) -> Diagnostic {
    Diagnostic::error("J001", at, format!("the line is not JSON: {reason}")).help(FORM)
}

/// The line is JSON, but no object.
pub(super) fn not_an_object(at: Span) -> Diagnostic {
    Diagnostic::error("J002", at, "the line is no JSON object").help(FORM)
}

/// A field is absent, empty, or of the wrong type.
pub(super) fn bad_field(at: Span, field: &str, expected: &str) -> Diagnostic {
    Diagnostic::error("J003", at, format!("`{field}` should be {expected}")).help(FORM)
}

/// An earlier question has the same id.
pub(super) fn second_question(at: Span, id: &str, first: Span) -> Diagnostic {
    Diagnostic::error("J004", at, format!("there are two questions `{id}`"))
        .label(first, "the first one, which stays")
        .help("give each question an id of its own")
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::explained_and_made;

    #[test]
    fn the_docs_explain_these_codes_and_no_others() {
        let [explained, made] = explained_and_made('J', include_str!("error.rs"));
        assert_eq!((explained.len(), explained), (4, made));
    }
}
