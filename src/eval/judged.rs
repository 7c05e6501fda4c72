//! Judged questions: queries with the articles that answer them. JSON Lines, one question on each line:
//! `{"id": "1", "query": "mail stays in the queue", "relevant": ["Q169781"], "style": "keywords"}`.
//!
//! The query of a log excerpt to diagnose is in the field `log` instead of `query`. Other fields are ignored, so a file
//! may contain remarks.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::error;
use crate::article;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A query with the articles that answer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// A name that no other question of its file has.
    pub id: String,
    /// The text as a user would type or paste it.
    pub query: String,
    /// Canonical ids of the right articles, sorted, each once; at least one.
    pub relevant: Vec<String>,
    /// The group of questions that it is reported with, such as `keywords` or `sentence`.
    pub style: Option<String>,
}

/// The questions of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionSet {
    /// The name of the file, for reports.
    pub name: String,
    /// The questions, at least one.
    pub questions: Vec<Question>,
}

/// Parses judged questions. A bad line is reported and left out; the others stay, in order.
pub fn read(text: &str) -> (Vec<Question>, Vec<Diagnostic>) {
    let mut questions = Vec::new();
    let mut remarks = Vec::new();
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches('\u{feff}').trim();
        let at = start + line.find(content).unwrap_or_default();
        let span = Span::new(at, at + content.len());
        start += line.len();
        if content.is_empty() {
            continue;
        }
        match question(content, span) {
            Err(remark) => remarks.push(remark),
            Ok(question) => match seen.get(&question.id) {
                Some(&first) => remarks.push(error::second_question(span, &question.id, first)),
                None => {
                    seen.insert(question.id.clone(), span);
                    questions.push(question);
                }
            },
        }
    }
    (questions, remarks)
}

fn question(line: &str, span: Span) -> Result<Question, Diagnostic> {
    let value: Value = serde_json::from_str(line).map_err(|reason| not_json(line, span, &reason))?;
    let Value::Object(fields) = value else { return Err(error::not_an_object(span)) };
    let wrong = |field, expected| error::bad_field(span, field, expected);
    let id = fields.get("id").and_then(name).ok_or_else(|| wrong("id", "a string that is not empty"))?;
    let query = fields
        .get("query")
        .or_else(|| fields.get("log"))
        .and_then(Value::as_str)
        .filter(|query| !query.trim().is_empty());
    let query = query.ok_or_else(|| wrong("query", "a string that is not empty"))?.to_owned();
    let relevant = relevant(&fields).ok_or_else(|| wrong("relevant", "a list of article ids that is not empty"))?;
    let style = match fields.get("style") {
        None | Some(Value::Null) => None,
        Some(style) => Some(name(style).ok_or_else(|| wrong("style", "a string that is not empty"))?),
    };
    Ok(Question { id, query, relevant, style })
}

fn relevant(fields: &Map<String, Value>) -> Option<Vec<String>> {
    let ids = fields.get("relevant")?.as_array()?;
    let mut ids: Vec<String> = ids.iter().map(|id| Some(article::canonical_id(&name(id)?))).collect::<Option<_>>()?;
    ids.sort_unstable();
    ids.dedup();
    (!ids.is_empty()).then_some(ids)
}

/// Reads a name: a string, or a number, because people may write a name of digits as a number. `None` for anything
/// else, and if it is empty.
fn name(value: &Value) -> Option<String> {
    let name = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!name.is_empty()).then_some(name)
}

/// Makes the diagnostic for a line that is not JSON. The reason is that of serde without its position, because the
/// diagnostic shows the position itself.
fn not_json(line: &str, span: Span, reason: &serde_json::Error) -> Diagnostic {
    let column = reason.column().saturating_sub(1).min(line.len());
    let at = (0..=column).rev().find(|&at| line.is_char_boundary(at)).unwrap_or_default();
    let text = reason.to_string();
    let said = text.split(" at line ").next().unwrap_or_default();
    error::not_json(Span::new(at, line.len()).shifted(span.start), said)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::source::LineIndex;

    /// Returns the questions, then the remarks, each on its own line.
    fn shown(text: &str) -> String {
        let (questions, remarks) = read(text);
        let lines = LineIndex::new(text);
        let place = |span: Span| lines.line_col(text, span.start);
        let mut shown = String::new();
        for Question { id, query, relevant, style } in questions {
            shown += &format!("{id} {query:?} {relevant:?} {style:?}\n");
        }
        for remark in remarks {
            let at = place(remark.span());
            shown += &format!("{} {}:{} {}", remark.code, at.line, at.col, remark.title);
            for label in &remark.labels[1..] {
                shown += &format!("; line {}: {}", place(label.span).line, label.text);
            }
            shown += &format!("; help: {}\n", remark.help.unwrap_or_default());
        }
        shown
    }

    /// Compares what is read from each `tests/cases/judged/*.jsonl` with the `.out` beside it; `UPDATE_EXPECT=1`
    /// rewrites these.
    #[test]
    fn files_are_read_line_by_line() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/judged");
        let mut cases = 0;
        for entry in std::fs::read_dir(&folder).expect("the folder of cases") {
            let path = entry.expect("a readable folder").path();
            if path.extension().is_none_or(|extension| extension != "jsonl") {
                continue;
            }
            let found = shown(&std::fs::read_to_string(&path).expect("a readable case"));
            let expected = path.with_extension("out");
            if std::env::var_os("UPDATE_EXPECT").is_some() {
                std::fs::write(&expected, &found).expect("a writable folder");
            }
            assert_eq!(found, std::fs::read_to_string(&expected).unwrap_or_default(), "{}", path.display());
            cases += 1;
        }
        assert_eq!(cases, 2);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_spans_lie_within_it(text in "([ -~é\u{feff}\"{}\\[\\]:,]{0,30}(\n|\r\n)?){0,6}") {
            let (_, remarks) = read(&text);
            for label in remarks.iter().flat_map(|remark| &remark.labels) {
                prop_assert!(text.get(label.span.start..label.span.end).is_some());
            }
        }
    }
}
