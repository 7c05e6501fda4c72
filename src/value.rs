//! Typed values: what a hole of a pattern takes and what a field of a record holds.
//!
//! Numbers compare as numbers, addresses as addresses; text is bytes, since logs are not always UTF-8.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;

/// A value read out of a record or written in a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Bytes, usually UTF-8.
    Text(Cow<'a, [u8]>),
    /// A whole number.
    Int(i64),
    /// A number with a fraction; percentages are 0–1.
    Num(f64),
    /// `true` or `false`, from JSON records.
    Bool(bool),
    /// A span of time.
    Duration(Duration),
    /// A size in bytes.
    Size(u64),
    /// An IPv4 or IPv6 address.
    Ip(IpAddr),
    /// An instant.
    Time(jiff::Timestamp),
    /// Several values: a JSON array, or a path with `[*]`.
    List(Vec<Value<'a>>),
}

impl Value<'_> {
    /// The same value, borrowing nothing.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Int(n) => Value::Int(n),
            Value::Num(n) => Value::Num(n),
            Value::Bool(b) => Value::Bool(b),
            Value::Duration(d) => Value::Duration(d),
            Value::Size(n) => Value::Size(n),
            Value::Ip(ip) => Value::Ip(ip),
            Value::Time(t) => Value::Time(t),
            Value::List(values) => Value::List(values.into_iter().map(Value::into_owned).collect()),
        }
    }
}

/// As shown to a person: text that is not UTF-8 with replacement characters, numbers plainly, durations as in rules.
impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Text(text) => f.write_str(&String::from_utf8_lossy(text)),
            Value::Int(n) => n.fmt(f),
            Value::Num(n) => n.fmt(f),
            Value::Bool(b) => b.fmt(f),
            Value::Duration(d) => write!(f, "{d:?}"),
            Value::Size(n) => n.fmt(f),
            Value::Ip(ip) => ip.fmt(f),
            Value::Time(t) => t.fmt(f),
            Value::List(values) => {
                let shown: Vec<String> = values.iter().map(ToString::to_string).collect();
                f.write_str(&shown.join(", "))
            }
        }
    }
}
