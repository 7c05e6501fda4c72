//! A record that is a JSON object: finds values by path, and fields under any of the names that OpenTelemetry, the
//! Elastic Common Schema and common loggers give them.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value as Node;

use super::field_names::aliases;
use crate::log::timestamp::{StampRules, find_stamp};
use crate::value::Value;

/// One step of a path to a field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldStep<'a> {
    /// The member of that name.
    Name(&'a str),
    /// Each element of a list.
    Each,
}

/// A record that is a JSON object.
#[derive(Debug)]
pub(crate) struct Json {
    object: Node,
}

impl Json {
    /// Parses `record`; `None` unless it is one whole object.
    pub(super) fn parse(record: &[u8]) -> Option<Json> {
        let record = record.trim_ascii();
        if record.first() != Some(&b'{') {
            return None;
        }
        // A line that is no object is a record of plain text, so the reason does not matter.
        let object: Node = serde_json::from_slice(record).ok()?;
        Some(Json { object })
    }

    /// Returns the field that casebook calls `name` (`message`, `level`, …), under whichever name the logger gave it.
    pub(crate) fn known(&self, name: &str) -> Option<&Node> {
        let is_value = |node: &&Node| !node.is_null() && !node.is_object();
        aliases(name).iter().find_map(|alias| {
            if !alias.contains('.') {
                return self.object.get(alias).filter(is_value);
            }
            let path: Vec<FieldStep> = alias.split('.').map(FieldStep::Name).collect();
            nodes(&self.object, &path).into_iter().find(is_value)
        })
    }

    /// Returns the field that casebook calls `name` as text: a string without line ends at its end, any other value as
    /// JSON prints it.
    pub(crate) fn known_text(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        Some(match self.known(name)? {
            Node::String(text) => Cow::Borrowed(text.trim_end_matches(['\r', '\n']).as_bytes()),
            other => Cow::Owned(other.to_string().into_bytes()),
        })
    }

    /// Returns the time when the record was written. A number is read as seconds, milli-, micro- or nanoseconds since
    /// 1970, depending on its size.
    pub(crate) fn time(&self, rules: &StampRules) -> Option<Timestamp> {
        match self.known("time")? {
            Node::String(text) => {
                let stamp = find_stamp(text.as_bytes(), rules);
                stamp.map(|stamp| stamp.time).or_else(|| epoch(text.parse().ok()?))
            }
            Node::Number(number) => epoch(number.as_f64()?),
            _ => None,
        }
    }

    /// Returns the paths of its values (names joined with dots), sorted by name, at most `limit`.
    pub(crate) fn paths(&self, limit: usize) -> Vec<String> {
        let mut paths = Vec::new();
        add_paths(&self.object, "", limit, &mut paths);
        paths
    }

    /// Returns the value at `path`. If the path contains `[*]`, returns the list of all values to which it leads.
    pub(crate) fn at(&self, path: &[FieldStep]) -> Option<Value<'_>> {
        let mut found = nodes(&self.object, path).into_iter().filter_map(value);
        if path.contains(&FieldStep::Each) {
            Some(Value::List(found.collect())).filter(|list| *list != Value::List(Vec::new()))
        } else {
            found.next()
        }
    }
}

/// Adds the paths of all values in `node`, whose own path is `path`, until there are `limit`.
fn add_paths(node: &Node, path: &str, limit: usize, paths: &mut Vec<String>) {
    let Node::Object(members) = node else {
        return if !node.is_null() {
            paths.push(path.to_owned())
        };
    };
    for (name, member) in members {
        if paths.len() == limit {
            return;
        }
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        add_paths(member, &path, limit, paths);
    }
}

/// Returns all nodes to which `path` leads from `node`. Several steps may also name one member with dots in its name
/// (`"log.level"`).
fn nodes<'n>(node: &'n Node, path: &[FieldStep]) -> Vec<&'n Node> {
    match (path, node) {
        ([], node) => vec![node],
        ([FieldStep::Each, rest @ ..], Node::Array(elements)) => {
            elements.iter().flat_map(|element| nodes(element, rest)).collect()
        }
        ([FieldStep::Name(name), rest @ ..], Node::Object(members)) => {
            let nested = members.get(*name).map(|member| nodes(member, rest)).unwrap_or_default();
            if nested.is_empty() { dotted(node, path) } else { nested }
        }
        _ => Vec::new(),
    }
}

fn dotted<'n>(object: &'n Node, path: &[FieldStep]) -> Vec<&'n Node> {
    let mut name = String::new();
    for (taken, step) in path.iter().enumerate() {
        let FieldStep::Name(part) = step else { break };
        if taken > 0 {
            name.push('.');
        }
        name.push_str(part);
        if taken > 0
            && let Some(member) = object.get(&name)
        {
            return nodes(member, &path[taken + 1..]);
        }
    }
    Vec::new()
}

fn value(node: &Node) -> Option<Value<'_>> {
    Some(match node {
        Node::Null | Node::Object(_) => return None,
        Node::Bool(truth) => Value::Bool(*truth),
        Node::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().map(Value::Num), |n| Some(Value::Int(n)))?
        }
        Node::String(text) => Value::Text(Cow::Borrowed(text.as_bytes())),
        Node::Array(elements) => Value::List(elements.iter().filter_map(value).collect()),
    })
}

/// Reads a number as seconds since 1970 if they end before the year 5138, or else as milli-, micro- or nanoseconds.
fn epoch(number: f64) -> Option<Timestamp> {
    let seconds = match number.abs() {
        size if size < 1e11 => number,
        size if size < 1e14 => number / 1e3,
        size if size < 1e17 => number / 1e6,
        _ => number / 1e9,
    };
    let whole = seconds.floor();
    // Both casts saturate, and `Timestamp::new` refuses values that are out of range.
    Timestamp::new(whole as i64, ((seconds - whole) * 1e6).round() as i32 * 1000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text.as_bytes()).expect("an object")
    }

    #[test]
    fn the_same_field_is_found_under_each_of_its_names() {
        for text in [
            r#"{"message":"a","level":"error","time":"2024-01-01T00:00:00Z"}"#,
            r#"{"msg":"a","lvl":"error","ts":1704067200}"#,
            r#"{"body":{"stringValue":"a"},"severityText":"error","timeUnixNano":"1704067200000000000"}"#,
            r#"{"message":"a","log.level":"error","@timestamp":"2024-01-01T00:00:00.000Z"}"#,
            r#"{"message":"a","log":{"level":"error"},"timestamp":1704067200000}"#,
        ] {
            let json = json(text);
            let found = (json.known_text("message"), json.known_text("level"), json.time(&StampRules::default()));
            let time = "2024-01-01T00:00:00Z".parse().expect("a valid instant");
            assert_eq!(found, (Some(b"a"[..].into()), Some(b"error"[..].into()), Some(time)), "{text}");
        }
    }

    #[test]
    fn paths_lead_into_objects_and_lists() {
        let json = json(r#"{"a":{"b":[{"c":1},{"c":2.5},{"d":3}]},"x.y":{"z":true},"n":null}"#);
        use FieldStep::{Each, Name};
        assert_eq!(
            json.at(&[Name("a"), Name("b"), Each, Name("c")]),
            Some(Value::List(vec![Value::Int(1), Value::Num(2.5)]))
        );
        assert_eq!(json.at(&[Name("x"), Name("y"), Name("z")]), Some(Value::Bool(true)));
        assert_eq!(json.at(&[Name("a"), Each]), None);
        assert_eq!(json.at(&[Name("n")]), None);
        assert_eq!(json.at(&[Name("q")]), None);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "[1]", "{\"a\":1} more", "{"] {
            assert!(Json::parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
