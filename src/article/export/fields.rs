//! The fields of one record in any format: paths and their values, in order.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The greatest number of values of one field. Further values are added to the text of the last.
const MOST_VALUES: usize = 10_000;

/// The path of the field for values that get no field of their own.
const REST: &str = "more";

/// The greatest number of fields and the greatest length of their paths in bytes. A value beyond these limits is stored
/// in the field of the object around it, so that every record takes linear time.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldLimits {
    pub(super) fields: usize,
    pub(super) path: usize,
}

pub(super) const EXPORTED: FieldLimits = FieldLimits { fields: 1_000, path: 256 };

/// A field of a record: the values at one path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RecordField {
    /// The path of the field: `title`, or `fields.summary` for a value in a nested object.
    pub(super) path: String,
    /// The values in order, never empty and without blanks around them. Line ends are `\n`.
    pub(super) values: Vec<String>,
    /// Whether a value is a list, which may contain objects.
    pub(super) is_list: bool,
    /// Whether the field belongs to an object that is an item of a list.
    pub(super) is_in_list: bool,
}

#[derive(Debug)]
pub(super) struct RecordFields {
    limits: FieldLimits,
    list: Vec<RecordField>,
    places: HashMap<String, usize>,
}

/// The index of the field [`REST`] in the list of fields.
const REST_AT: usize = 0;

impl RecordFields {
    pub(super) fn new(limits: FieldLimits) -> Self {
        let mut fields = RecordFields { limits, list: Vec::new(), places: HashMap::new() };
        fields.add(REST, false);
        fields
    }

    /// Reads the JSON value at the start of `json` into these fields. After an error they contain the values before it.
    pub(super) fn read(&mut self, json: &str) -> serde_json::Result<()> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let mut path = String::new();
        ValueSeed { fields: self, path: &mut path, at: REST_AT, is_in_list: false }.deserialize(&mut deserializer)
    }

    pub(super) fn push(&mut self, path: &str, value: &str) {
        let at = self.place(path, REST_AT, false);
        self.push_at(at, value);
    }

    /// The fields in order of first appearance, including those without values.
    pub(super) fn iter(&self) -> impl Iterator<Item = &RecordField> {
        self.list.iter()
    }

    pub(super) fn into_valued(self) -> Vec<RecordField> {
        self.list.into_iter().filter(|field| !field.values.is_empty()).collect()
    }

    /// Returns the index of the field at `path`. If the limits leave it no field of its own, returns `around`, the
    /// index of the field of the object around it.
    fn place(&mut self, path: &str, around: usize, is_in_list: bool) -> usize {
        if path.len() > self.limits.path {
            return around;
        }
        match self.places.get(path) {
            Some(&at) => at,
            None if self.list.len() > self.limits.fields => around,
            None => self.add(path, is_in_list),
        }
    }

    fn add(&mut self, path: &str, is_in_list: bool) -> usize {
        let at = self.list.len();
        self.places.insert(path.to_owned(), at);
        self.list.push(RecordField { path: path.to_owned(), values: Vec::new(), is_list: false, is_in_list });
        at
    }

    fn push_at(&mut self, at: usize, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let value = if value.contains(['\r', '\0']) {
            value.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}")
        } else {
            value.to_owned()
        };
        let values = &mut self.list[at].values;
        if values.len() < MOST_VALUES {
            values.push(value);
        } else if let Some(last) = values.last_mut() {
            last.push('\n');
            last.push_str(&value);
        }
    }
}

/// Reads a JSON value into the field with index `at`; the entries of an object into fields whose paths begin with
/// `path`.
struct ValueSeed<'f> {
    fields: &'f mut RecordFields,
    path: &'f mut String,
    at: usize,
    is_in_list: bool,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.fields.push_at(self.at, value);
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.visit_str(if value { "true" } else { "false" })
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let ValueSeed { fields, path, at, .. } = self;
        fields.list[at].is_list = true;
        while items.next_element_seed(ValueSeed { fields, path, at, is_in_list: true })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let ValueSeed { fields, path, at: around, is_in_list } = self;
        let outer = path.len();
        while let Some(key) = entries.next_key::<String>()? {
            if outer > 0 {
                path.push('.');
            }
            path.push_str(&key);
            let at = fields.place(path, around, is_in_list);
            entries.next_value_seed(ValueSeed { fields, path, at, is_in_list })?;
            path.truncate(outer);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(limits: FieldLimits, json: &str, expect: &[(&str, &[&str])]) {
        let mut fields = RecordFields::new(limits);
        let _cut_off_or_not = fields.read(json);
        let found = fields.into_valued();
        let found: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|field| (field.path.as_str(), field.values.iter().map(String::as_str).collect()))
            .collect();
        let expect: Vec<(&str, Vec<&str>)> = expect.iter().map(|(path, values)| (*path, values.to_vec())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn nested_objects_and_lists_become_paths() {
        check(
            EXPORTED,
            r#"{"a":" x\r\ny ","b":{"c":1,"d":[true,-2.5,null,""]},"e":[{"n":"p"},{"n":"q"}],"b":{"c":2},"f":"nul\u0000"}"#,
            &[
                ("a", &["x\ny"]),
                ("b.c", &["1", "2"]),
                ("b.d", &["true", "-2.5"]),
                ("e.n", &["p", "q"]),
                ("f", &["nul\u{fffd}"]),
            ],
        );
    }

    #[test]
    fn what_comes_before_an_error_is_there() {
        check(EXPORTED, r#"{"a":"x","b":{"c":"y"},"d":"cut o"#, &[("a", &["x"]), ("b.c", &["y"])]);
    }

    #[test]
    fn values_beyond_the_limits_stay_with_the_object_around_them() {
        let limits = FieldLimits { fields: 3, path: 5 };
        check(
            limits,
            r#"{"a":{"long":"1","b":"2","c":"3","d":"4"},"e":"5","much too long":"6"}"#,
            &[("more", &["5", "6"]), ("a", &["1", "4"]), ("a.b", &["2"]), ("a.c", &["3"])],
        );
    }

    #[test]
    fn too_many_values_are_joined() {
        let json = format!("[{}1]", "1,".repeat(MOST_VALUES));
        let mut fields = RecordFields::new(EXPORTED);
        fields.read(&json).expect("valid JSON");
        let values = &fields.into_valued()[0].values;
        assert_eq!((values.len(), values.last().map(String::as_str)), (MOST_VALUES, Some("1\n1")));
    }
}
