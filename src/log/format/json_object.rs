//! A record that is a JSON object: finds values by path, and fields under any of the names that OpenTelemetry, the
//! Elastic Common Schema, clouds and common loggers give them.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use super::field_names::{aliases, conditional_aliases, is_evidence};
use super::json_node::Node;
use super::level::Level;
use super::structured::{Texts, rendered};
use super::{json_level, json_time};
use crate::log::timestamp::StampRules;
use crate::own_format::{KnownField, OwnFormat};
use crate::value::Value;

/// One step of a path to a field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldStep<'a> {
    /// The member of that name.
    Name(&'a str),
    /// Each element of a list.
    Each,
    /// The element at that index, from 0.
    Index(usize),
}

/// A record that is a JSON object.
#[derive(Debug)]
pub(crate) struct Json {
    object: Node,
    /// The format of the user that states paths for fields, if there is one.
    own: Option<Arc<OwnFormat>>,
}

/// Members with a template of a message, such as `User {Name} failed`, whose holes are other members.
const TEMPLATES: &[&str] =
    &["@mt", "MessageTemplate", "message_template", "State.{OriginalFormat}", "{OriginalFormat}"];

/// Members whose values, joined with blanks, are the message of records that have no other. The first of each row
/// decides whether a record is of its kind: CloudTrail, Kubernetes audit, web servers and proxies, Cloudflare, Vault.
#[rustfmt::skip]
const COMPOSED: &[&[&str]] = &[
    &["eventName", "errorCode", "errorMessage"],
    &["requestURI", "verb", "responseStatus.code", "responseStatus.reason", "responseStatus.message"],
    &["RequestMethod", "RequestPath", "DownstreamStatus", "OriginStatus"],
    &["ClientRequestMethod", "ClientRequestURI", "EdgeResponseStatus"],
    &["request.operation", "request.path", "error"],
    &["request", "status"],
    &["elb_status_code", "target_status_code", "request_url"],
    &["request_verb", "request_url", "elb_status_code"],
    &["method", "path", "response_code", "response_code_details", "response_flags", "status"],
    &["requestMethod", "requestUrl", "status"],
    &["httpRequest.requestMethod", "httpRequest.requestUrl", "httpRequest.status"],
    &["event_type"],
    &["operationName", "resultType", "resultSignature"],
    &["errorMessage"],
];

impl Json {
    /// Parses `record`; `None` unless it is one whole object.
    pub(super) fn parse(record: &[u8]) -> Option<Json> {
        // In a sequence of JSON texts (RFC 7464) a record separator comes before each.
        let record = record.trim_ascii();
        let record = record.strip_prefix(b"\x1e").unwrap_or(record);
        if record.first() != Some(&b'{') {
            return None;
        }
        Node::parse(record).map(|object| Json { object: unwrapped(object), own: None })
    }

    /// Returns the object with the paths that `own` states for fields. They come before all other names.
    pub(super) fn with_names(self, own: &Arc<OwnFormat>) -> Json {
        Json { own: Some(Arc::clone(own)).filter(|own| !own.names().is_empty()), ..self }
    }

    /// Returns the value at the path that is stated for the field that casebook calls `name`.
    fn stated(&self, name: &str) -> Option<&Node> {
        let names = self.own.as_ref()?.names();
        let field = KnownField::ALL.into_iter().find(|field| field.path() == name)?;
        self.object.find(names.get(field)?)
    }

    /// Adds the resource that the record is about, which is written outside it, as the member `resource`.
    pub(in crate::log) fn add_resource(&mut self, resource: &[u8]) {
        if let (Node::Object(members), Some(resource)) = (&mut self.object, Node::parse(resource)) {
            members.push(("resource".to_owned(), resource));
        }
    }

    /// Returns the values under the names for the field that casebook calls `name`, the preferred name first.
    fn values<'j, 'n>(&'j self, name: &'n str) -> impl Iterator<Item = &'j Node> + use<'j, 'n> {
        let usual = self.paths_of(name).filter_map(|path| self.object.find(path)?.scalar());
        self.stated(name).and_then(Node::scalar).into_iter().chain(usual)
    }

    /// Returns the paths that may lead to the field that casebook calls `name`.
    fn paths_of<'j, 'n>(&'j self, name: &'n str) -> impl Iterator<Item = &'static str> + use<'j, 'n> {
        let beside = conditional_aliases(name).filter(|(beside, _)| self.object.find(beside).is_some());
        beside.map(|(_, alias)| alias).chain(aliases(name).iter().copied())
    }

    /// Returns the field that casebook calls `name` as text: a string without line ends at its end, any other value as
    /// JSON prints it.
    pub(crate) fn known_text(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        match name {
            "message" => self.message(),
            "level" => {
                let derived = || self.derived_level().map(|level| Cow::Borrowed(level.name().as_bytes()));
                let stated = self.stated(name).and_then(Node::scalar).map(Node::printed);
                stated.or_else(|| json_level::written(&self.object).map(|(text, _)| text)).or_else(derived)
            }
            "program" => self.values(name).find_map(program),
            "pid" => self.values(name).map(Node::printed).find(|text| text.iter().all(u8::is_ascii_digit)),
            "reply" => self.values(name).map(Node::printed).find(|text| is_http_status(text)),
            _ => self.values(name).next().map(Node::printed),
        }
    }

    /// Returns the message; `None` if no member is known to contain one.
    fn message(&self) -> Option<Cow<'_, [u8]>> {
        let template = || TEMPLATES.iter().find_map(|path| self.object.find(path)?.text());
        let written =
            || self.values("message").next().map(|node| bytes(node).map_or_else(|| node.printed(), Cow::Owned));
        written()
            .or_else(|| template().map(|template| Cow::Owned(rendered(template, |hole| self.hole(hole)).into_bytes())))
            .or_else(|| COMPOSED.iter().find_map(|row| self.composed(row)).map(Cow::Owned))
            .or_else(|| self.event_data().map(Cow::Owned))
    }

    /// Returns the value for a hole of a template.
    fn hole(&self, name: &str) -> Option<String> {
        let node = [&self.object].into_iter().chain(self.object.get("Properties")).find_map(|node| node.get(name))?;
        Some(node.text().map_or_else(|| node.to_string(), str::to_owned))
    }

    fn composed(&self, paths: &[&str]) -> Option<Vec<u8>> {
        let text = |path: &&str| self.object.find(path)?.scalar().map(Node::printed);
        text(paths.first()?)?;
        Some(paths.iter().filter_map(text).collect::<Vec<_>>().join(&b' '))
    }

    /// Returns the data of a Windows event whose message was not rendered, one `name: value` a line.
    fn event_data(&self) -> Option<Vec<u8>> {
        let data = self.object.find("Event.EventData").or_else(|| self.object.find("winlog.event_data"))?;
        let line = |(name, node): (&str, &Node)| Some([name.as_bytes(), b": ", &node.scalar()?.printed()].concat());
        let lines: Vec<_> = data.named().filter_map(line).collect();
        (!lines.is_empty()).then(|| lines.join(&b'\n'))
    }

    /// Returns its level: the one it names, or one that follows from other members, such as an HTTP status.
    pub(crate) fn level(&self) -> Option<Level> {
        let stated = || Level::by_word(&self.stated("level")?.scalar()?.printed());
        let written = || json_level::written(&self.object).and_then(|(_, level)| level);
        stated().or_else(written).or_else(|| self.derived_level())
    }

    fn derived_level(&self) -> Option<Level> {
        let by_reply = || Level::by_word(Level::word_for_reply(&self.known_text("reply")?)?);
        json_level::derived(&self.object).or_else(by_reply)
    }

    /// Returns the texts that describe what went wrong, apart from the message: those in members such as `error` and
    /// `stack_trace`, and in members called `message` of other objects, in the order in which they are written.
    pub(crate) fn evidence(&self) -> Vec<Cow<'_, [u8]>> {
        let mut texts = Texts::new(self.message());
        add_evidence(&self.object, false, true, &mut texts);
        texts.into_vec()
    }

    /// Returns the time of the event, or else the time when it was observed or stored.
    pub(crate) fn time(&self, rules: &StampRules) -> Option<Timestamp> {
        let usual = self.paths_of("time").filter_map(|path| self.object.find(path));
        let named = self.stated("time").into_iter().chain(usual).find_map(|node| json_time::time(node, rules));
        let time = named.or_else(|| {
            let text = |names: [&str; 2]| names.into_iter().find_map(|name| self.object.get(name)?.text());
            json_time::text_time(&format!("{} {}", text(["date", "Date"])?, text(["time", "Time"])?), rules)
        });
        time.or_else(|| {
            let times = self.object.named().filter(|(name, _)| json_time::is_name_of_time(name));
            times.map(|(_, node)| node).find_map(|node| json_time::time(node, rules))
        })
    }

    /// Returns the paths of its values (names joined with dots), sorted by name, at most `limit`.
    pub(crate) fn paths(&self, limit: usize) -> Vec<String> {
        let mut paths = Vec::new();
        add_paths(&self.object, "", limit, &mut paths);
        paths.sort_unstable();
        paths
    }

    /// Returns the value at `path`. If the path contains `[*]`, returns the list of all values to which it leads. The
    /// member `severity` is not found, because the field of that name is casebook's own in every record; the path
    /// `member.severity` leads to it.
    pub(crate) fn at(&self, path: &[FieldStep]) -> Option<Value<'_>> {
        let path = match path {
            [FieldStep::Name("severity")] => return None,
            [FieldStep::Name("member"), rest @ ..] if self.object.get("member").is_none() => rest,
            path => path,
        };
        let mut found = nodes(&self.object, path).into_iter().filter_map(value);
        if path.contains(&FieldStep::Each) {
            Some(Value::List(found.collect())).filter(|list| *list != Value::List(Vec::new()))
        } else {
            found.next()
        }
    }
}

impl Json {
    /// Returns the number of elements of the list at `path`; `None` if there is none.
    pub(crate) fn len_at(&self, path: &[FieldStep]) -> Option<usize> {
        nodes(&self.object, path).into_iter().find_map(|node| match node {
            Node::List(elements) => Some(elements.len()),
            _ => None,
        })
    }

    /// Returns all values, at any depth.
    pub(crate) fn values_of_all(&self) -> Vec<Value<'_>> {
        let mut values = Vec::new();
        add_values(&self.object, &mut values);
        values
    }
}

fn add_values<'n>(node: &'n Node, values: &mut Vec<Value<'n>>) {
    match node {
        Node::Object(members) => members.iter().for_each(|(_, member)| add_values(member, values)),
        Node::List(elements) => elements.iter().for_each(|element| add_values(element, values)),
        other => values.extend(value(other)),
    }
}

/// Members in which search engines wrap a record, and the members beside them by which this is known.
const ENVELOPES: &[(&str, &str)] = &[("_source", "_index"), ("result", "preview")];

/// Returns `object` with the members of a record that it wraps in front of its own.
fn unwrapped(object: Node) -> Node {
    let Some((name, _)) = ENVELOPES
        .iter()
        .find(|(name, beside)| matches!(object.get(name), Some(Node::Object(_))) && object.get(beside).is_some())
    else {
        return object;
    };
    let Node::Object(mut members) = object else { return object };
    let wrapped = members.iter().position(|(member, _)| member == name).map(|at| members.remove(at).1);
    match wrapped {
        Some(Node::Object(inner)) => Node::Object(inner.into_iter().chain(members).collect()),
        _ => Node::Object(members),
    }
}

/// Adds the texts in `node` that are evidence. `is_inside` says whether a member around it has the name of evidence, and
/// `is_top` whether it is the record itself, whose member `message` is no evidence.
fn add_evidence<'n>(node: &'n Node, is_inside: bool, is_top: bool, texts: &mut Texts<'n>) {
    match node {
        Node::Text(text) if is_inside => texts.add(Cow::Borrowed(text.trim().as_bytes())),
        Node::List(elements) => {
            for element in elements {
                add_evidence(element, is_inside, false, texts);
            }
            if !is_inside {
                add_members(node, is_inside, is_top, texts);
            }
        }
        Node::Object(_) => add_members(node, is_inside, is_top, texts),
        Node::Text(_) | Node::Null | Node::Bool(_) | Node::Number(_) => {}
    }
}

fn add_members<'n>(node: &'n Node, is_inside: bool, is_top: bool, texts: &mut Texts<'n>) {
    for (name, member) in node.named() {
        let last = name.rsplit('.').next().unwrap_or(name);
        let is_message = !(is_top && last == name) && matches!(last, "message" | "msg" | "Message");
        add_evidence(member, is_inside || is_message || is_evidence(name), false, texts);
    }
}

/// Returns the name of the program in a value: of a path of a program, its last part.
fn program(node: &Node) -> Option<Cow<'_, [u8]>> {
    match node.text() {
        Some(path) if path.starts_with('/') => path.rsplit('/').next().map(|name| Cow::Borrowed(name.as_bytes())),
        Some(_) => Some(node.printed()),
        None => None,
    }
}

/// Returns the bytes of a text that is written as the list of their values, as journald writes texts that are not UTF-8.
fn bytes(node: &Node) -> Option<Vec<u8>> {
    let Node::List(elements) = node else { return None };
    let byte = |element: &Node| match element {
        Node::Number(number) => number.as_u64().and_then(|number| u8::try_from(number).ok()),
        _ => None,
    };
    elements.iter().map(byte).collect()
}

fn is_http_status(text: &[u8]) -> bool {
    matches!(text, [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'])
}

/// Adds the paths of all values in `node`, whose own path is `path`, until there are `limit`.
fn add_paths(node: &Node, path: &str, limit: usize, paths: &mut Vec<String>) {
    let Node::Object(members) = node else {
        return if *node != Node::Null {
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
        ([FieldStep::Each, rest @ ..], Node::List(elements)) => {
            elements.iter().flat_map(|element| nodes(element, rest)).collect()
        }
        ([FieldStep::Index(index), rest @ ..], Node::List(elements)) => {
            elements.get(*index).map(|element| nodes(element, rest)).unwrap_or_default()
        }
        ([FieldStep::Name(name), rest @ ..], Node::Object(_)) => {
            let nested = node.get(name).map(|member| nodes(member, rest)).unwrap_or_default();
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
        Node::Null => return None,
        Node::Object(_) => return value(node.scalar()?),
        Node::Bool(truth) => Value::Bool(*truth),
        Node::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().map(Value::Num), |n| Some(Value::Int(n)))?
        }
        Node::Text(text) => Value::Text(Cow::Borrowed(text.as_bytes())),
        Node::List(elements) => Value::List(elements.iter().filter_map(value).collect()),
    })
}

#[cfg(test)]
#[path = "json_object/tests.rs"]
mod tests;
