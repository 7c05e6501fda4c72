//! A JSON value whose members keep their order, and the paths through it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    /// The members in the order in which they are written.
    Object(Vec<(String, Node)>),
}

/// Members that wrap a single value: those of OTLP, of XML that was converted to JSON, and of MongoDB.
const WRAPPERS: &[&str] =
    &["stringValue", "intValue", "doubleValue", "boolValue", "#text", "$date", "$numberLong", "$numberInt"];

impl Node {
    /// Parses `text`, which is one whole JSON value. Bytes that are not UTF-8 become replacement characters.
    pub(super) fn parse(text: &[u8]) -> Option<Node> {
        match std::str::from_utf8(text) {
            Ok(text) => serde_json::from_str(text).ok(),
            Err(_) => serde_json::from_str(&String::from_utf8_lossy(text)).ok(),
        }
    }

    /// Returns the member that is called `name`.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let Node::Object(members) = self else { return None };
        members.iter().find(|(member, _)| member == name).map(|(_, node)| node)
    }

    /// Returns the value to which `path` leads: names joined with dots. One member may have dots in its name
    /// (`"log.level"`). In a list of pairs of key and value, as OTLP writes attributes, the keys are the names.
    pub(super) fn find(&self, path: &str) -> Option<&Node> {
        let first = path.as_bytes().first()?;
        self.named().find_map(|(name, node)| {
            // Most names are not at the beginning of the path, which their first byte tells without a call.
            if name.as_bytes().first() != Some(first) {
                return None;
            }
            match path.strip_prefix(name)? {
                "" => Some(node),
                rest => node.find(rest.strip_prefix('.')?),
            }
        })
    }

    /// Returns the members of an object, or the pairs of a list of pairs.
    pub(super) fn named(&self) -> impl Iterator<Item = (&str, &Node)> {
        let (members, elements): (&[(String, Node)], &[Node]) = match self {
            Node::Object(members) => (members, &[]),
            Node::List(elements) => (&[], elements),
            _ => (&[], &[]),
        };
        let pairs = elements.iter().filter_map(|element| Some((element.get("key")?.text()?, element.get("value")?)));
        members.iter().map(|(name, node)| (name.as_str(), node)).chain(pairs)
    }

    /// Returns the text, if the value is a text.
    pub(super) fn text(&self) -> Option<&str> {
        if let Node::Text(text) = self { Some(text) } else { None }
    }

    /// Returns the value itself, or the single value that it wraps; `None` if that is null, an empty text or an object.
    pub(super) fn scalar(&self) -> Option<&Node> {
        match self {
            Node::Null => None,
            Node::Text(text) if text.is_empty() => None,
            Node::Object(_) => WRAPPERS.iter().find_map(|name| self.get(name)?.scalar()),
            Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::List(_) => Some(self),
        }
    }

    /// Returns a text without line ends at its end, any other value as JSON prints it.
    pub(super) fn printed(&self) -> Cow<'_, [u8]> {
        match self {
            Node::Text(text) => Cow::Borrowed(text.trim_end_matches(['\r', '\n']).as_bytes()),
            other => Cow::Owned(other.to_string().into_bytes()),
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Null => f.write_str("null"),
            Node::Bool(truth) => write!(f, "{truth}"),
            Node::Number(number) => write!(f, "{number}"),
            Node::Text(text) => write!(f, "{}", serde_json::Value::from(text.as_str())),
            Node::List(elements) => {
                f.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if index > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Node::Object(members) => {
                f.write_str("{")?;
                for (index, (name, node)) in members.iter().enumerate() {
                    let name = serde_json::Value::from(name.as_str());
                    write!(f, "{}{name}:{node}", if index > 0 { "," } else { "" })?;
                }
                f.write_str("}")
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Node, E> {
        Ok(Node::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Number::from_f64(number).map_or(Node::Null, Node::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Node::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Node::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_through_dots_in_names_and_lists_of_pairs() {
        let text = br#"{"log.level":"warn","a":{"b.c":{"d":1}},"at":[{"key":"x.y","value":{"stringValue":"z"}}]}"#;
        let node = Node::parse(text).expect("an object");
        let found = |path: &str| node.find(path).and_then(Node::scalar).map(|node| node.printed().into_owned());
        assert_eq!(found("log.level").as_deref(), Some(&b"warn"[..]));
        assert_eq!(found("a.b.c.d").as_deref(), Some(&b"1"[..]));
        assert_eq!(found("at.x.y").as_deref(), Some(&b"z"[..]));
        assert_eq!((found("a.b"), found("log"), found("at.x"), found("a.b.c")), (None, None, None, None));
    }

    #[test]
    fn a_value_prints_as_it_was_written() {
        for text in [r#"{"b":[1,-2.5,true,null],"a":"x\"\n"}"#, "[]", "{}", "18446744073709551615"] {
            assert_eq!(Node::parse(text.as_bytes()).map(|node| node.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_cost_only_themselves() {
        let node = Node::parse(b"{\"msg\":\"caf\xe9\"}").expect("an object");
        assert_eq!(node.find("msg").and_then(Node::text), Some("caf\u{fffd}"));
        assert_eq!(Node::parse(b"{\"msg\":\xe9}"), None);
    }
}
