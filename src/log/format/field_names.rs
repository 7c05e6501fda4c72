//! Names of fields: those that loggers use for fields that have a common name in casebook, and those that rules use for
//! all others.

use std::sync::LazyLock;

use foldhash::HashMap;

/// The names of fields in casebook and, for each, the names that loggers use, the preferred one first. Dots separate
/// nested members. The time of an event comes before the times when it was observed, received or stored.
#[rustfmt::skip]
const ALIASES: &[(&str, &[&str])] = &[
    ("message", &[
        "message", "msg", "@m", "MESSAGE", "Message", "Msg", "MSG", "RenderedMessage", "rendered_message", "eventMessage",
        "short_message", "record.message", "textPayload", "jsonPayload.message", "jsonPayload.msg", "protoPayload.status.message",
        "body", "Body", "body.kvlistValue.values.message", "body.kvlistValue.values.msg", "@message", "fields.message",
        "log", "text", "resultDescription", "properties.message", "properties.Message", "properties.log",
        "RenderedDescription", "Event.RenderingInfo.Message", "_raw",
        "line", "event", "alert.signature", "log_message", "logMessage", "logmessage", "formattedMessage",
        "event.original", "jsonPayload.event", "error.message", "err.message", "err.msg",
    ]),
    ("level", &[
        "level", "log.level", "@level", "severity", "severityText", "severity_text", "SeverityText", "lvl", "loglevel",
        "log_level", "logLevel", "levelname", "level_name", "levelName", "LevelName", "severityName", "error_severity", "Severity", "LevelDisplayName",
        "EventType", "severity_label", "messageType", "Level", "LEVEL", "LogLevel", "priority", "jsonPayload.level", "fields.level", "record.level", "properties.level", "event.severity_name",
    ]),
    ("time", &[
        "@t", "_SOURCE_REALTIME_TIMESTAMP", "timeUnixNano", "instant", "time", "timestamp", "@timestamp", "Timestamp",
        "ts", "t", "TimeCreated", "Event.System.TimeCreated.#attributes.SystemTime", "Event.System.TimeCreated",
        "datetime", "date", "Time", "TIME", "Date", "eventTime", "EventTime", "event_time", "time_iso8601", "time_local", "msec", "StartUTC",
        "start_time", "EdgeStartTimestamp", "requestReceivedTimestamp", "stageTimestamp", "asctime", "timeMillis",
        "created", "_time", "TimeGenerated", "CreationTime", "createdDateTime", "log_time", "logTime",
        "log_timestamp", "record.time.repr", "eventTimestamp", "ctime", "dt", 
        "jsonPayload.timestamp", "lastTimestamp", "__REALTIME_TIMESTAMP", "observedTimeUnixNano", "ObservedTimestamp",
        "EventReceivedTime", "event.created", "receiveTimestamp", "event.ingested", "ingestionTime",
    ]),
    ("host", &[
        "host", "host.name", "hostname", "resource.host.name", "resource.attributes.host.name", "_HOSTNAME",
        "Hostname", "HOSTNAME", "MachineName", "winlog.computer_name", "computer_name", "Computer", "computer",
        "Event.System.Computer", "host.hostname", "node.name", "agent.hostname", "beat.hostname", "node", "nodename", "devname",
    ]),
    ("program", &[
        "winlog.provider_name", "Event.System.Provider.#attributes.Name", "service.name", "process.name", "program",
        "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_COMM", "logger", "log.logger", "logger_name", "loggerName", "Category",
        "SourceContext", "Properties.SourceContext", "service", "app", "app_name", "application", "component",
        "@module", "name", "target", "resource.service.name", "resource.attributes.service.name", "SourceName",
        "ProviderName", "Provider_Name", "processImagePath", "subsystem", "eventSource", "resource.labels.container_name",
        "kubernetes.container.name", "kubernetes.container_name", "container_name", "backend_type", "category",
        "comm", "exe", "process",
    ]),
    ("pid", &[
        "pid", "process.pid", "process", "_PID", "processID", "process_id", "ProcessId", "ProcessID",
        "ExecutionProcessID", "Event.System.Execution.#attributes.ProcessID", "winlog.process.pid",
        "log.origin.process.pid",
    ]),
    ("event.id", &[
        "winlog.event_id", "Event.System.EventID", "event.id", "event.code", "EventID", "event_id", "EventId", "@i",
        "state_code", "logid",
    ]),
    ("reply", &[
        "status", "status_code", "statusCode", "http.response.status_code", "http.status_code", "httpRequest.status",
        "responseStatus.code", "EdgeResponseStatus", "DownstreamStatus", "OriginStatus", "sc-status", "response_code",
        "elb_status_code", "http_status", "httpStatus", "http_status_code", "StatusCode", "http.response.status",
        "http.status", "response.status", "response.statusCode", "response.status_code", "res.statusCode",
        "res.status", "attributes.http.response.status_code", "attributes.http.status_code",
    ]),
];

/// Names that have a meaning only beside another member: the field in casebook, the other member, and the name.
/// MongoDB, PowerShell, Kubernetes events, and the single letters of zap.
#[rustfmt::skip]
const CONDITIONAL: &[(&str, &str, &str)] = &[
    ("event.id", "ctx", "id"),
    ("event.id", "ProviderName", "Id"),
    ("program", "ctx", "c"),
    ("message", "L", "M"),
    ("message", "l", "m"),
    ("time", "L", "T"),
    ("program", "L", "N"),
    ("program", "involvedObject", "source.component"),
    ("event.id", "involvedObject", "reason"),
    ("reply", "method", "code"),
];

/// Fields whose text describes what went wrong, in lower case and without other bytes than letters and digits. All texts
/// in a member of such a name are evidence.
#[rustfmt::skip]
const EVIDENCE: &[&str] = &[
    "backtrace", "cause", "causedby", "causes", "detail", "details", "err", "errcode", "errmsg", "error", "errorcause",
    "errorcode", "errordescription", "errordetail", "errordetails", "errormessage", "errormsg", "errorreason",
    "errors", "errorstack", "errorstacktrace", "errortype", "eventdata", "exception", "exceptionclass",
    "exceptiondetail", "exceptiondetails", "exceptionmessage", "exceptions", "exceptionstacktrace", "exceptiontype",
    "excinfo", "exctext", "failure", "failuremessage", "failurereason", "failures", "fault", "faultmessage",
    "fullmessage", "hint", "innerexception", "lasterror", "panic", "reason", "resultdescription", "rootcause", "stack",
    "stackinfo", "stacktrace", "statusmessage", "throwable", "thrown", "traceback", "userdata",
];

/// Returns the names that loggers use for the field that casebook calls `name`; empty if there is no such field.
pub(super) fn aliases(name: &str) -> &'static [&'static str] {
    ALIASES.iter().find(|(known, _)| *known == name).map_or(&[], |(_, aliases)| aliases)
}

/// Returns the names for the field that casebook calls `name`, each with the member beside which it has this meaning.
pub(super) fn conditional_aliases(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    CONDITIONAL.iter().filter(move |(known, ..)| *known == name).map(|(_, beside, alias)| (*beside, *alias))
}

/// A field that a key names: the name of the field in casebook, and the place of the key among its names.
pub(super) type NamedField = (&'static str, usize);

/// Returns the fields that casebook knows under the key `name`.
pub(super) fn fields_named(name: &[u8]) -> &'static [NamedField] {
    static FIELDS: LazyLock<HashMap<&'static [u8], Vec<NamedField>>> = LazyLock::new(|| {
        let mut fields: HashMap<&'static [u8], Vec<NamedField>> = HashMap::default();
        for (field, aliases) in ALIASES {
            for (rank, alias) in aliases.iter().enumerate() {
                fields.entry(alias.as_bytes()).or_default().push((field, rank));
            }
        }
        fields
    });
    FIELDS.get(name).map_or(&[], Vec::as_slice)
}

/// Whether the texts in a member called `name` are evidence. Of a name with dots, any part may be such a name.
pub(super) fn is_evidence(name: &str) -> bool {
    if name == "@x" {
        return true;
    }
    name.split('.').any(|part| {
        let mut plain = [0; 24];
        let mut len = 0;
        for byte in part.bytes().filter(u8::is_ascii_alphanumeric) {
            let Some(place) = plain.get_mut(len) else { return false };
            *place = byte.to_ascii_lowercase();
            len += 1;
        }
        EVIDENCE.binary_search_by(|known| known.as_bytes().cmp(&plain[..len])).is_ok()
    })
}

/// The name of a column or key as rules write it: `cs(Referer)` is `cs_Referer`.
pub(super) fn name_in_rules(name: &[u8]) -> String {
    let name = name.strip_suffix(b")").unwrap_or(name);
    name.iter().map(|byte| if byte.is_ascii_alphanumeric() { char::from(*byte) } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_evidence_are_sorted() {
        assert!(EVIDENCE.is_sorted());
    }

    #[test]
    fn evidence_is_known_by_its_name() {
        for name in ["err", "stack_trace", "stackTrace", "@x", "error.message", "winlog.event_data", "exc_info"] {
            assert!(is_evidence(name), "{name}");
        }
        for name in ["", "message", "terror", "x", "trace_id", "status", "a_name_that_is_longer_than_any_of_the_names"]
        {
            assert!(!is_evidence(name), "{name}");
        }
    }
}
