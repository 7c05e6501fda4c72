//! Points and spans of time as users write them, such as `yesterday 10:00` and `2h ago`.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// Parses a point in time as a user writes it at the time `now`: RFC 3339; `2026-11-12`, `2026-11-12 10:00` or `10:00`
/// (today) in `zone`; `now`, `today`, `yesterday` or `tomorrow`, perhaps with a time of day; `2h ago`, `-2h`, `+5min`;
/// `@` and the seconds since 1970. `None` if it is none of these.
pub fn instant(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(seconds) = text.strip_prefix('@') {
        return Timestamp::from_second(seconds.parse().ok()?).ok();
    }
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    if let Some(civil) = civil(text, now.to_zoned(zone.clone()).datetime()) {
        return civil.to_zoned(zone.clone()).ok().map(|time| time.timestamp());
    }
    let is_relative = text.starts_with(['-', '+']) || text.ends_with("ago");
    let span: Span = text.parse().ok().filter(|_| is_relative)?;
    now.to_zoned(zone.clone()).checked_add(span).ok().map(|time| time.timestamp())
}

/// Parses a date, a time of day, or both; `now` is the present date and time.
fn civil(text: &str, now: DateTime) -> Option<DateTime> {
    let time_of_day = |time: &str| time.parse::<Time>().ok().filter(|_| time.contains(':'));
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let days = match word {
        "now" if rest.is_empty() => return Some(now),
        "yesterday" => -1,
        "today" => 0,
        "tomorrow" => 1,
        _ if text.contains('-') => return text.parse().ok(),
        _ => return Some(now.date().to_datetime(time_of_day(text)?)),
    };
    let time = if rest.is_empty() { Time::midnight() } else { time_of_day(rest)? };
    Some(now.date().checked_add(days.days()).ok()?.to_datetime(time))
}

/// Returns the instant that is earlier than `latest` by `span`, with the days of `zone`. `None` if it is out of range.
pub fn before(latest: Timestamp, span: Span, zone: &TimeZone) -> Option<Timestamp> {
    latest.to_zoned(zone.clone()).checked_sub(span).ok().map(|time| time.timestamp())
}

/// Parses a span of time above 0, such as `2h` or `1 day`.
pub fn span(text: &str) -> Option<Span> {
    text.trim().parse().ok().filter(|span: &Span| span.is_positive())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::zone::zone_named;

    const NOW: &str = "2026-11-12T09:30:00Z";

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a valid instant")
    }

    /// Reads `text` at 09:30 UTC, which is 10:30 in Berlin.
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let berlin = zone_named("Europe/Berlin").expect("a known zone");
        assert_eq!(instant(text, time(NOW), &berlin), expected.map(time), "{text}");
    }

    #[test]
    fn points_in_time_are_read_as_people_write_them() {
        check("2026-11-12T10:00:00+02:00", Some("2026-11-12T08:00:00Z"));
        check("2026-11-12 10:00Z", Some("2026-11-12T10:00:00Z"));
        check("2026-11-12 10:00", Some("2026-11-12T09:00:00Z"));
        check("2026-07-01T10:00:05", Some("2026-07-01T08:00:05Z"));
        check("2026-11-12", Some("2026-11-11T23:00:00Z"));
        check("10:00", Some("2026-11-12T09:00:00Z"));
        check("10:00:30", Some("2026-11-12T09:00:30Z"));
        check("now", Some(NOW));
        check("today", Some("2026-11-11T23:00:00Z"));
        check("yesterday", Some("2026-11-10T23:00:00Z"));
        check("yesterday 22:15", Some("2026-11-11T21:15:00Z"));
        check("2h ago", Some("2026-11-12T07:30:00Z"));
        check("-2h", Some("2026-11-12T07:30:00Z"));
        check("-1h30m", Some("2026-11-12T08:00:00Z"));
        check("2 days ago", Some("2026-11-10T09:30:00Z"));
        check("+5min", Some("2026-11-12T09:35:00Z"));
        check("@1700000000", Some("2023-11-14T22:13:20Z"));
    }

    #[test]
    fn what_is_no_point_in_time_is_refused() {
        for text in ["", "2h", "soon", "25:00", "2026-13-01", "10", "yesterday soon", "now 10:00", "@x", "ago", "-"] {
            check(text, None);
        }
    }

    #[test]
    fn a_span_reaches_back_from_the_latest_time() {
        let reach = |text: &str| before(time(NOW), span(text)?, &TimeZone::UTC).map(|time| time.to_string());
        assert_eq!(reach("2h").as_deref(), Some("2026-11-12T07:30:00Z"));
        assert_eq!(reach("90 min").as_deref(), Some("2026-11-12T08:00:00Z"));
        assert_eq!(reach("1d").as_deref(), Some("2026-11-11T09:30:00Z"));
        assert_eq!(reach("1 month").as_deref(), Some("2026-10-12T09:30:00Z"));
        for text in ["", "2", "-2h", "2h ago", "0s", "soon"] {
            assert_eq!(reach(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_parsed_without_panic(text in "[-+@]?[0-9hdw:. -]{0,12}( ago|y|s)?|\\PC{0,20}") {
            let _ = instant(&text, time(NOW), &TimeZone::UTC);
            let _ = span(&text).map(|span| before(time(NOW), span, &TimeZone::UTC));
        }
    }
}
