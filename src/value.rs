//! Typed values, which come from the holes of a pattern, the fields of a record and the literals in a rule.
//!
//! Numbers compare as numbers and addresses as addresses. Text is bytes, since logs are not always UTF-8.

use serde::{Deserialize, Serialize};

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// A value that was read from a record or written in a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value<'a> {
    /// Bytes, usually UTF-8.
    Text(Cow<'a, [u8]>),
    /// A whole number.
    Int(i64),
    /// A number with a fraction. A percentage is stored as a fraction: 50 % is 0.5.
    Num(f64),
    /// `true` or `false`, from JSON records.
    Bool(bool),
    /// A span of time.
    Duration(Duration),
    /// A size in bytes.
    Size(u64),
    /// An IPv4 or IPv6 address.
    Ip(IpAddr),
    /// A point in time.
    Time(jiff::Timestamp),
    /// Several values, from a JSON array or from a field path with `[*]`.
    List(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// Returns the value with an IPv4 address that is written as an IPv6 address (`::ffff:192.0.2.7`, also in brackets)
    /// as an IPv4 address. Services that listen on both write it so. Other values are not changed: neither the case of
    /// a text nor a dot at its end, since only the program that wrote it knows whether they matter.
    pub fn with_plain_addresses(self) -> Value<'a> {
        match self {
            Value::Ip(ip) => Value::Ip(ip.to_canonical()),
            Value::Text(text) => match mapped_address(&text) {
                Some(ip) => Value::Text(Cow::Owned(ip.to_string().into_bytes())),
                None => Value::Text(text),
            },
            Value::List(values) => Value::List(values.into_iter().map(Value::with_plain_addresses).collect()),
            other @ (Value::Int(_) | Value::Num(_) | Value::Bool(_) | Value::Duration(_)) => other,
            other @ (Value::Size(_) | Value::Time(_)) => other,
        }
    }
}

/// Returns the IPv4 address in a text such as `[::ffff:192.0.2.7]`.
fn mapped_address(text: &[u8]) -> Option<std::net::Ipv4Addr> {
    let bare = text.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")).unwrap_or(text);
    let is_mapped = bare.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"::ffff:"));
    let address = || std::str::from_utf8(bare).ok()?.parse::<Ipv6Addr>().ok()?.to_ipv4_mapped();
    is_mapped.then(address)?
}

impl Value<'_> {
    /// Returns the number that a number or a size is, rounded beyond 2^53; `None` for any other value.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            Value::Int(n) => Some(*n as f64),
            Value::Num(n) => Some(*n),
            Value::Size(n) => Some(*n as f64),
            _ => None,
        }
    }

    /// Returns the same value with its text copied, so that it borrows nothing.
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

/// Prints a span of time as rules write it, without rounding and with the largest unit (days) first: `1h30m`, `250ms`,
/// `0s`. Parsing the text gives the same span; above 30 days, its nanoseconds can differ.
pub fn duration_text(span: Duration) -> String {
    let (seconds, nanos) = (span.as_secs(), u64::from(span.subsec_nanos()));
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (nanos / 1_000_000, "ms"),
        (nanos / 1_000 % 1_000, "us"),
        (nanos % 1_000, "ns"),
    ];
    let text: String = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// Prints the value for the user. Bytes that are not UTF-8 become replacement characters; durations are printed as in
/// rules.
impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Text(text) => f.write_str(&String::from_utf8_lossy(text)),
            Value::Int(n) => n.fmt(f),
            Value::Num(n) => n.fmt(f),
            Value::Bool(b) => b.fmt(f),
            Value::Duration(d) => f.write_str(&duration_text(*d)),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pattern::quantity::duration_prefix;

    #[test]
    fn durations_are_written_as_in_rules() {
        assert_eq!(duration_text(Duration::ZERO), "0s");
        assert_eq!(duration_text(Duration::from_millis(250)), "250ms");
        assert_eq!(duration_text(Duration::from_secs(90)), "1m30s");
        assert_eq!(duration_text(Duration::from_secs(86_400)), "1d");
        assert_eq!(duration_text(Duration::new(3_601, 1_002_003)), "1h1s1ms2us3ns");
    }

    #[test]
    fn a_mapped_address_is_an_ipv4_address() {
        let text = |text: &'static str| Value::Text(text.as_bytes().into());
        let ip = |text: &str| Value::Ip(text.parse().expect("an address"));
        for (given, expected) in [
            (ip("::ffff:192.0.2.7"), ip("192.0.2.7")),
            (ip("2001:db8::7"), ip("2001:db8::7")),
            (text("::FFFF:192.0.2.7"), text("192.0.2.7")),
            (text("[::ffff:192.0.2.7]"), text("192.0.2.7")),
            (text("[2001:db8::7]"), text("[2001:db8::7]")),
            (text("::ffff:lathe"), text("::ffff:lathe")),
            (text("DB3.Corp.example."), text("DB3.Corp.example.")),
            (Value::List(vec![ip("::ffff:192.0.2.7")]), Value::List(vec![ip("192.0.2.7")])),
            (Value::Int(7), Value::Int(7)),
        ] {
            assert_eq!(given.with_plain_addresses(), expected);
        }
    }

    proptest! {
        /// Tests spans of up to 30 days. In a longer span, a float of seconds cannot hold every nanosecond.
        #[test]
        fn a_duration_is_read_back_as_it_was(seconds in 0..2_592_000u64, nanos in 0..1_000_000_000u32) {
            let span = Duration::new(seconds, nanos);
            let text = duration_text(span);
            prop_assert_eq!(duration_prefix(text.as_bytes()), Some((span, text.len())));
        }
    }
}
