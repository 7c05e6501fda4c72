//! Canonical records: one JSON object with canonical field names in a fixed order. The store keeps this text and parses
//! it again.

use super::field_map::FieldMap;
use super::fields::{EXPORTED, FieldLimits, RecordFields};
use super::name::{CanonicalName, NAMES};
use super::record::NotARecord;

/// The start of every canonical record. No other file begins with it.
pub(in crate::article) const MARK: &str = r#"{"casebook":"export""#;

/// The name of the object for the fields that have no canonical name. `BELOW_OTHER` is the start of their paths.
const OTHER: &str = "other";
const BELOW_OTHER: &str = "other.";

/// The limits of a canonical record. It contains the fields of an exported one, the canonical names, the mark and
/// `other`.
const CANONICAL: FieldLimits =
    FieldLimits { fields: EXPORTED.fields + NAMES.len() + 2, path: EXPORTED.path + BELOW_OTHER.len() };

/// The greatest length of a line that is used as the title, in bytes.
const LONGEST_TITLE: usize = 200;

/// The values of a record by canonical name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::article) struct CanonicalRecord {
    /// The values of each canonical name, in the order of [`CanonicalName`].
    values: [Vec<String>; NAMES.len()],
    /// The fields without a canonical name: path and values, in order.
    pub(in crate::article) other: Vec<(String, Vec<String>)>,
}

impl CanonicalRecord {
    /// Gives each field a canonical name, if `map` has one for it. A field without a canonical name goes to `other`,
    /// and so does one whose name another field has taken.
    pub(super) fn from_fields(fields: RecordFields, map: &FieldMap) -> Result<Self, NotARecord> {
        let mut fields = fields.into_valued();
        let mut claims = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            claims.extend(map.claims(&field.path).iter().map(|claim| (claim.name, claim.rank, index)));
        }
        claims.sort_unstable();
        let mut canonical = CanonicalRecord::default();
        for (name, _, index) in claims {
            let (values, field) = (&mut canonical.values[name as usize], &mut fields[index]);
            let is_wanted = (values.is_empty() || map.takes_all(name)) && !field.values.is_empty();
            match is_wanted {
                true if name.is_single() => values.push(field.values.remove(0)),
                true => values.append(&mut field.values),
                false => {}
            }
        }
        let others = fields.into_iter().filter(|field| !field.values.is_empty());
        canonical.other = others.map(|field| (field.path, field.values)).collect();
        canonical.find_title();
        let has_text = NAMES
            .iter()
            .any(|(name, ..)| (name.is_text() || *name == CanonicalName::Title) && !canonical.values(*name).is_empty());
        if has_text { Ok(canonical) } else { Err(NotARecord::NoText) }
    }

    /// Parses the text of a canonical record; `None` if it is not one.
    pub(in crate::article) fn parse(text: &str) -> Option<Self> {
        if !text.starts_with(MARK) {
            return None;
        }
        let mut fields = RecordFields::new(CANONICAL);
        fields.read(text).ok()?;
        let mut canonical = CanonicalRecord::default();
        for field in fields.into_valued() {
            let name = NAMES.iter().find(|(_, spelling, _)| *spelling == field.path);
            match (name, field.path.strip_prefix(BELOW_OTHER)) {
                (Some((name, ..)), _) => canonical.values[*name as usize] = field.values,
                (None, Some(path)) => canonical.other.push((path.to_owned(), field.values)),
                // This is the mark, or a field that no canonical record has.
                (None, None) => {}
            }
        }
        Some(canonical)
    }

    pub(in crate::article) fn values(&self, name: CanonicalName) -> &[String] {
        &self.values[name as usize]
    }

    /// Returns the first value of `name`; empty if it has none.
    pub(in crate::article) fn first(&self, name: CanonicalName) -> &str {
        self.values(name).first().map_or("", String::as_str)
    }

    /// Returns the text of the canonical record, on one line.
    pub(super) fn to_json(&self) -> String {
        let mut out = MARK.to_owned();
        for (name, spelling, _) in &NAMES {
            push_entry(&mut out, spelling, self.values(*name));
        }
        if !self.other.is_empty() {
            out.push_str(&format!(",\"{OTHER}\":{{"));
            let start = out.len();
            self.other.iter().for_each(|(path, values)| push_entry(&mut out, path, values));
            // Removes the comma before the first entry.
            out.remove(start);
            out.push('}');
        }
        out.push('}');
        out
    }

    /// Sets the title if it is missing: to the summary, if this is a single line as in Jira; otherwise to the first
    /// line of the symptoms or the body.
    fn find_title(&mut self) {
        if !self.values(CanonicalName::Title).is_empty() {
            return;
        }
        if is_title(self.first(CanonicalName::Summary)) && self.values(CanonicalName::Summary).len() == 1 {
            self.values.swap(CanonicalName::Title as usize, CanonicalName::Summary as usize);
            return;
        }
        let mut texts = [CanonicalName::Symptoms, CanonicalName::Body].into_iter().map(|name| self.first(name));
        let line = texts.find_map(|text| text.lines().next());
        if let Some(line) = line.filter(|line| is_title(line)) {
            self.values[CanonicalName::Title as usize] = vec![line.to_owned()];
        }
    }
}

/// Whether a text is a short line without markup.
fn is_title(text: &str) -> bool {
    (1..=LONGEST_TITLE).contains(&text.len()) && !text.contains('\n') && !text.starts_with('<')
}

/// Adds `,"name":"value"`, or a list if there are several values; adds nothing if there is none.
fn push_entry(out: &mut String, name: &str, values: &[String]) {
    let values = match values {
        [] => return,
        [value] => serde_json::to_string(value),
        several => serde_json::to_string(several),
    };
    let strings = "strings are JSON";
    out.push_str(&format!(",{}:{}", serde_json::to_string(name).expect(strings), values.expect(strings)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::export::json;
    use proptest::prelude::*;

    fn canonical(json: &str) -> Result<String, NotARecord> {
        let fields = json::fields(json)?;
        CanonicalRecord::from_fields(fields, &FieldMap::default()).map(|canonical| canonical.to_json())
    }

    #[track_caller]
    fn check(json: &str, expect: &str) {
        assert_eq!(canonical(json).as_deref(), Ok(format!("{MARK},{expect}}}").as_str()));
    }

    #[test]
    fn fields_get_their_canonical_names_and_order() {
        check(
            r#"{"Symptoms__c":"It hums.","Title":"Hum","ArticleNumber":"000123","Cause__c":null,"views":7,"labels":["a","b"]}"#,
            r#""id":"000123","title":"Hum","keywords":["a","b"],"symptoms":"It hums.","other":{"views":"7"}"#,
        );
        check(
            r#"{"key":"OPS-1","fields":{"summary":"Hum","description":"It hums.","issuetype":{"name":"Bug"}}}"#,
            r#""id":"OPS-1","type":"Bug","title":"Hum","body":"It hums.""#,
        );
    }

    #[test]
    fn of_several_fields_with_one_meaning_the_first_of_the_table_counts() {
        check(
            r#"{"id":9,"number":"KB9","title":"Hum","text":"It hums.","description":"Hums"}"#,
            r#""id":"KB9","title":"Hum","body":"It hums.","other":{"id":"9","description":"Hums"}"#,
        );
        check(
            r#"{"title":["Hum","Buzz"],"body":["a","b"]}"#,
            r#""title":"Hum","body":["a","b"],"other":{"title":"Buzz"}"#,
        );
    }

    #[test]
    fn a_missing_title_is_found_in_a_line_of_its_own() {
        check(r#"{"summary":"Hum","body":"It hums."}"#, r#""title":"Hum","body":"It hums.""#);
        check(
            r#"{"question":"Why?\nOh why?","answer":"So."}"#,
            r#""title":"Why?","symptoms":"Why?\nOh why?","resolution":"So.""#,
        );
        check(r#"{"body":"<p>It hums.</p>"}"#, r#""body":"<p>It hums.</p>""#);
    }

    #[test]
    fn a_record_without_title_and_text_is_none() {
        assert_eq!(canonical(r#"{"id":1,"views":7}"#), Err(NotARecord::NoText));
    }

    #[test]
    fn only_a_canonical_record_is_parsed() {
        assert_eq!(CanonicalRecord::parse(r#"{"title":"Hum"}"#), None);
        assert_eq!(CanonicalRecord::parse(&format!("{MARK},\"title\":")), None);
        assert_eq!(CanonicalRecord::parse(&format!("{MARK}}}")), Some(CanonicalRecord::default()));
    }

    fn keys() -> impl Strategy<Value = String> {
        prop_oneof![
            "(title|Body|number|tags|symptoms__c|solution|casebook|other|more|a\\.b)",
            "\\PC{1,8}",
            "[a-z]{1,300}"
        ]
    }

    proptest! {
        /// Writing a record as canonical text and parsing it gives the same record.
        #[test]
        fn a_canonical_record_is_what_was_written(
            record in proptest::collection::vec((keys(), proptest::collection::vec("\\PC{0,12}|a\n\"b\\\\", 0..3)), 0..12),
        ) {
            let entries: Vec<String> = record
                .iter()
                .map(|(key, values)| format!("{}:{}", serde_json::to_string(key).expect("a string"), serde_json::to_string(values).expect("strings")))
                .collect();
            let fields = json::fields(&format!("{{{}}}", entries.join(","))).expect("valid JSON");
            if let Ok(canonical) = CanonicalRecord::from_fields(fields, &FieldMap::default()) {
                prop_assert_eq!(CanonicalRecord::parse(&canonical.to_json()), Some(canonical));
            }
        }
    }
}
