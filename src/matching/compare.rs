//! Comparisons of values: order and networks.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::IpAddr;
use std::time::Duration;

use crate::pattern::quantity::{duration_prefix, size_prefix};
use crate::rule::program::Arithmetic;
use crate::value::Value;

/// Compares two values. Numbers and sizes are compared as numbers; a text is compared with a value of another type by
/// parsing it as that type. `None` if the values cannot be compared.
pub(crate) fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Text(text), typed) => order(&read_as(text, typed)?, typed),
        (typed, Value::Text(text)) => order(typed, &read_as(text, typed)?),
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Size(a), Value::Size(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Ip(a), Value::Ip(b)) => Some(a.to_canonical().cmp(&b.to_canonical())),
        _ => left.as_number()?.partial_cmp(&right.as_number()?),
    }
}

/// Returns the value as rules and reports print it. Text that is not UTF-8 is not changed.
pub(crate) fn printed<'v>(value: &'v Value<'_>) -> Cow<'v, [u8]> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::List(values) => {
            let parts: Vec<_> = values.iter().map(printed).collect();
            Cow::Owned(parts.join(&b", "[..]))
        }
        Value::Int(_)
        | Value::Num(_)
        | Value::Bool(_)
        | Value::Duration(_)
        | Value::Size(_)
        | Value::Ip(_)
        | Value::Time(_) => Cow::Owned(value.to_string().into_bytes()),
    }
}

/// Returns the value as text in lower case.
pub(crate) fn lower_case(value: &Value<'_>) -> Value<'static> {
    let text = printed(value);
    let lower = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        String::from_utf8_lossy(&text).to_lowercase().into_bytes()
    };
    Value::Text(Cow::Owned(lower))
}

/// Computes `left op right`. A text is read as a number, a size or a span of time. `None` if one of them is none of these, and if the
/// result is no finite number or a negative span of time.
pub(crate) fn computed(left: &Value<'_>, op: Arithmetic, right: &Value<'_>) -> Option<Value<'static>> {
    let ((a, is_time), (b, is_time_too)) = (quantity(left)?, quantity(right)?);
    let result = match op {
        Arithmetic::Times => a * b,
        Arithmetic::By => a / b,
        Arithmetic::Plus => a + b,
        Arithmetic::Minus => a - b,
    };
    let gives_time = match op {
        Arithmetic::Times => is_time || is_time_too,
        Arithmetic::By => is_time && !is_time_too,
        Arithmetic::Plus | Arithmetic::Minus => is_time && is_time_too,
    };
    match gives_time {
        true => Duration::try_from_secs_f64(result).ok().map(Value::Duration),
        false => result.is_finite().then_some(Value::Num(result)),
    }
}

/// Returns a value as a number, and whether it is a span of time, in seconds.
fn quantity(value: &Value<'_>) -> Option<(f64, bool)> {
    match value {
        Value::Duration(span) => Some((span.as_secs_f64(), true)),
        Value::Text(text) => {
            let typed = [Value::Num(0.0), Value::Size(0), Value::Duration(Duration::ZERO)];
            typed.iter().find_map(|typed| quantity(&read_as(text, typed)?))
        }
        value => Some((value.as_number()?, false)),
    }
}

/// Returns the IP address in a value, which may be text; `None` if there is none.
pub(crate) fn address(value: &Value<'_>) -> Option<IpAddr> {
    match value {
        Value::Ip(ip) => Some(*ip),
        Value::Text(text) => std::str::from_utf8(text).ok()?.trim().parse().ok(),
        _ => None,
    }
}

/// Whether the first `prefix` bits of `address` and `network` agree; addresses of different families never do.
pub(crate) fn in_network(address: IpAddr, network: IpAddr, prefix: u8) -> bool {
    let (bits, wide) = match (address.to_canonical(), network.to_canonical()) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits() ^ b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits(), 128),
        _ => return false,
    };
    let different = bits.checked_shr(wide - u32::from(prefix).min(wide)).unwrap_or(0);
    different == 0
}

fn read_as(text: &[u8], typed: &Value<'_>) -> Option<Value<'static>> {
    let whole = |(value, len): (Value<'static>, usize)| (len == text.len()).then_some(value);
    match typed {
        Value::Int(_) | Value::Num(_) => read_number(text),
        Value::Size(_) => {
            read_number(text).or_else(|| size_prefix(text).map(|(size, len)| (Value::Size(size), len)).and_then(whole))
        }
        Value::Duration(_) => duration_prefix(text).map(|(span, len)| (Value::Duration(span), len)).and_then(whole),
        Value::Bool(_) => std::str::from_utf8(text).ok()?.parse().ok().map(Value::Bool),
        Value::Ip(_) => std::str::from_utf8(text).ok()?.parse().ok().map(Value::Ip),
        Value::Time(_) => std::str::from_utf8(text).ok()?.parse().ok().map(Value::Time),
        Value::Text(_) | Value::List(_) => None,
    }
}

fn read_number(text: &[u8]) -> Option<Value<'static>> {
    let text = std::str::from_utf8(text).ok()?.trim();
    text.parse().map(Value::Int).or_else(|_| text.parse().map(Value::Num)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &'static str) -> Value<'static> {
        Value::Text(text.as_bytes().into())
    }

    #[test]
    fn numbers_compare_as_numbers_even_when_read_as_text() {
        assert_eq!(order(&Value::Int(9), &Value::Num(10.5)), Some(Ordering::Less));
        assert_eq!(order(&text("9"), &Value::Int(10)), Some(Ordering::Less));
        assert_eq!(order(&text("9"), &text("10")), Some(Ordering::Greater));
        assert_eq!(order(&Value::Size(1 << 20), &text("1MiB")), Some(Ordering::Equal));
        assert_eq!(order(&text("2m"), &Value::Duration(Duration::from_secs(90))), Some(Ordering::Greater));
        assert_eq!(order(&text("nine"), &Value::Int(10)), None);
        assert_eq!(order(&Value::Bool(true), &Value::Int(1)), None);
    }

    #[test]
    fn what_is_printed_is_what_reports_show_and_keeps_bytes() {
        assert_eq!(*printed(&Value::Duration(Duration::from_millis(90_250))), *b"1m30s250ms");
        let bytes = Value::Text(b"\xff".as_slice().into());
        assert_eq!(*printed(&Value::List(vec![bytes, Value::Int(7)])), *b"\xff, 7");
    }

    #[test]
    fn numbers_sizes_and_times_are_computed() {
        let seconds = |n| Value::Duration(Duration::from_secs(n));
        assert_eq!(computed(&Value::Int(10), Arithmetic::Times, &Value::Num(0.9)), Some(Value::Num(9.0)));
        assert_eq!(computed(&text("1KiB"), Arithmetic::Plus, &text("24")), Some(Value::Num(1048.0)));
        assert_eq!(computed(&seconds(10), Arithmetic::Times, &Value::Int(3)), Some(seconds(30)));
        assert_eq!(computed(&text("1m"), Arithmetic::By, &seconds(30)), Some(Value::Num(2.0)));
        assert_eq!(computed(&Value::Int(1), Arithmetic::By, &Value::Int(0)), None);
        assert_eq!(computed(&text("much"), Arithmetic::Plus, &Value::Int(1)), None);
        assert_eq!(computed(&seconds(1), Arithmetic::Minus, &seconds(2)), None);
    }

    #[test]
    fn networks_of_both_families() {
        let inside = |address: &str, network: &str, prefix| {
            in_network(address.parse().expect("an address"), network.parse().expect("an address"), prefix)
        };
        assert!(inside("10.1.2.3", "10.1.0.0", 16));
        assert!(!inside("10.2.2.3", "10.1.0.0", 16));
        assert!(inside("2001:db8::1", "2001:db8::", 32));
        assert!(!inside("10.1.2.3", "::", 0));
        assert!(inside("::ffff:10.1.2.3", "10.1.2.3", 32));
        assert!(inside("10.1.2.3", "10.1.2.3", 200), "a longer prefix counts as the whole address");
    }
}
