//! Names of fields: those that loggers use for fields that have a common name in casebook, and those that rules use for
//! all others.

/// The names of fields in casebook and, for each, the names that loggers use, the preferred one first. Dots separate
/// nested members. Among them are the names of OpenTelemetry, the Elastic Common Schema, Docker, systemd, and agents
/// that write Windows events as JSON.
#[rustfmt::skip]
const ALIASES: &[(&str, &[&str])] = &[
    ("message", &[
        "message", "msg", "body", "body.stringValue", "@message", "log", "text", "event.original", "MESSAGE", "Message",
    ]),
    ("level", &[
        "level", "log.level", "severity", "severityText", "severity_text", "lvl", "loglevel", "levelname", "Severity",
        "LevelDisplayName", "EventType",
    ]),
    ("time", &[
        "time", "timestamp", "@timestamp", "ts", "timeUnixNano", "t", "datetime", "date", "eventTime", "EventTime",
        "TimeCreated",
    ]),
    ("host", &["host", "host.name", "hostname", "resource.host.name", "_HOSTNAME", "Hostname", "MachineName"]),
    ("program", &[
        "winlog.provider_name", "service.name", "process.name", "program", "logger", "log.logger", "service", "app",
        "component", "name", "resource.service.name", "SYSLOG_IDENTIFIER", "SourceName", "ProviderName",
    ]),
    ("pid", &["pid", "process.pid", "process", "_PID"]),
    ("event.id", &["winlog.event_id", "event.id", "event.code", "EventID", "event_id", "EventId"]),
];

/// Returns the names that loggers use for the field that casebook calls `name`; empty if there is no such field.
pub(super) fn aliases(name: &str) -> &'static [&'static str] {
    ALIASES.iter().find(|(known, _)| *known == name).map_or(&[], |(_, aliases)| aliases)
}

/// The name of a column or key as rules write it: `cs(Referer)` is `cs_Referer`.
pub(super) fn name_in_rules(name: &[u8]) -> String {
    let name = name.strip_suffix(b")").unwrap_or(name);
    name.iter().map(|byte| if byte.is_ascii_alphanumeric() { char::from(*byte) } else { '_' }).collect()
}
