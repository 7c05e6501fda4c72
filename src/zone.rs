//! The names that users write for zones of time: shared by rules, settings and logs.

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;

use crate::diagnostic::did_you_mean;

/// Returns the zone that a user calls `name`: an IANA name such as `Europe/Berlin`, `UTC`, or an offset such as
/// `+02:00`. `Err` contains a similar name that exists, if there is one.
pub fn zone_named(name: &str) -> Result<TimeZone, Option<String>> {
    if let Ok(zone) = DateTimeParser::new().parse_time_zone(name) {
        return Ok(zone);
    }
    let known: Vec<String> = jiff::tz::db().available().map(|known| known.as_str().to_owned()).collect();
    Err(did_you_mean(name, known.iter().map(String::as_str)).map(str::to_owned))
}
