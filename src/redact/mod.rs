//! Replaces what names the user in a finished answer: hosts, addresses, users, mailboxes and secrets become pseudonyms.
//!
//! This is a pass over a [`Diagnosis`](crate::infer::Diagnosis), after inference and before a report is written. So
//! inference never sees a pseudonym, and all numbers are those of the logs. It changes only what came from the user: texts
//! of records, captures, names of files. Texts of rules, of articles and of casebook itself stay as they are.
//!
//! A [`Redactor`] first learns names from all records, so that `web01`, which a record names as its host, is also replaced
//! where another record only mentions it. One name has one pseudonym in a whole run, numbered in the order of the input.
//!
//! It cannot know every name: those of databases, companies and projects stay. `docs/diagnosis.md` says what is covered.

mod answer;
mod distinct;
mod find;
mod learn;
mod names;
#[cfg(all(test, feature = "cli"))]
mod same_numbers;
mod shape;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::LazyLock;

use crate::value::Value;

pub use answer::{redacted, redacted_not_seen};
use find::Finder;
pub(crate) use learn::learn_inputs;
use names::{Kind, Names};

/// Learns names, and replaces them in texts.
#[derive(Default)]
pub struct Redactor {
    names: Names,
}

/// Compiled once in a process, as that takes longer than redacting a report.
static FINDER: LazyLock<Finder> = LazyLock::new(Finder::new);

impl Redactor {
    /// A redactor that knows no name yet.
    pub fn new() -> Self {
        Redactor::default()
    }

    /// Learns the names that a text shows by their form or by the words around them.
    pub fn learn(&mut self, text: &str) {
        for found in FINDER.find(text) {
            self.names.pseudonym(found.kind, &text[found.span]);
        }
    }

    /// Learns that `name` names something of this kind. A word that everybody uses, such as `localhost`, is left out.
    fn learn_name(&mut self, kind: Kind, name: &str) {
        let name = name.trim();
        match name.parse::<IpAddr>() {
            Ok(_) => self.learn(name),
            Err(_) if name.contains(['@', '/', ' ', ':']) => self.learn(name),
            Err(_) if distinct::is_own_name(kind, name) => {
                self.names.pseudonym(kind, name);
            }
            Err(_) => {}
        }
    }

    /// Replaces all names in a text. Takes time linear in its length.
    pub fn redact<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let mut out = String::new();
        let mut done = 0;
        for found in FINDER.find(text) {
            self.names.replace_known(&text[done..found.span.start], &mut out);
            out.push_str(&self.names.pseudonym(found.kind, &text[found.span.clone()]));
            done = found.span.end;
        }
        self.names.replace_known(&text[done..], &mut out);
        if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
    }

    /// Replaces all names in a value. `name` is that of its capture, which says what a short value means.
    fn redact_value(&mut self, name: &str, value: &Value<'_>) -> Value<'static> {
        match value {
            Value::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                if let Some(kind) = shape::kind_of_field(name) {
                    self.learn_name(kind, &text);
                }
                Value::Text(Cow::Owned(self.redact(&text).into_owned().into_bytes()))
            }
            Value::Ip(address) => {
                let shown = self.redact(&address.to_string()).into_owned();
                shown.parse().map_or_else(|_| Value::Text(Cow::Owned(shown.into_bytes())), Value::Ip)
            }
            Value::List(values) => Value::List(values.iter().map(|value| self.redact_value(name, value)).collect()),
            Value::Int(_) | Value::Num(_) | Value::Bool(_) | Value::Duration(_) | Value::Size(_) | Value::Time(_) => {
                value.clone().into_owned()
            }
        }
    }
}
