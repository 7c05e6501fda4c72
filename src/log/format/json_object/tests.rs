use super::*;

fn json(text: &str) -> Json {
    Json::parse(text.as_bytes()).expect("an object")
}

#[test]
fn the_same_field_is_found_under_each_of_its_names() {
    for text in [
        r#"{"message":"a","level":"error","time":"2024-01-01T00:00:00Z"}"#,
        r#"{"msg":"a","lvl":"error","ts":1704067200}"#,
        r#"{"body":{"stringValue":"a"},"severityText":"error","timeUnixNano":"1704067200000000000"}"#,
        r#"{"message":"a","log.level":"error","@timestamp":"2024-01-01T00:00:00.000Z"}"#,
        r#"{"message":"a","log":{"level":"error"},"timestamp":1704067200000}"#,
    ] {
        let json = json(text);
        let found = (json.known_text("message"), json.known_text("level"), json.time(&StampRules::default()));
        let time = "2024-01-01T00:00:00Z".parse().expect("a valid instant");
        assert_eq!(found, (Some(b"a"[..].into()), Some(b"error"[..].into()), Some(time)), "{text}");
    }
}

#[test]
fn paths_lead_into_objects_and_lists() {
    let json = json(r#"{"a":{"b":[{"c":1},{"c":2.5},{"d":3}]},"x.y":{"z":true},"n":null}"#);
    use FieldStep::{Each, Name};
    assert_eq!(
        json.at(&[Name("a"), Name("b"), Each, Name("c")]),
        Some(Value::List(vec![Value::Int(1), Value::Num(2.5)]))
    );
    assert_eq!(json.at(&[Name("x"), Name("y"), Name("z")]), Some(Value::Bool(true)));
    assert_eq!(json.at(&[Name("a"), Each]), None);
    assert_eq!(json.at(&[Name("n")]), None);
    assert_eq!(json.at(&[Name("q")]), None);
}

#[test]
fn what_is_no_object_is_refused() {
    for text in ["", "[1]", "{\"a\":1} more", "{"] {
        assert!(Json::parse(text.as_bytes()).is_none(), "{text}");
    }
}

#[test]
fn the_member_severity_does_not_hide_the_field_of_that_name() {
    use FieldStep::Name;
    let json = json(r#"{"severity":"ERROR","level":"x"}"#);
    assert_eq!(json.at(&[Name("severity")]), None);
    assert_eq!(json.at(&[Name("member"), Name("severity")]), Some(Value::Text(b"ERROR"[..].into())));
    assert_eq!((json.level(), json.known_text("level")), (Some(Level::Error), Some(b"ERROR"[..].into())));
}

/// Checks the time (`-` for none), level, program, reply and message of the record `text`.
#[track_caller]
fn check(text: &str, expected: &str) {
    let json = json(text);
    let field =
        |name: &str| json.known_text(name).map_or("-".into(), |text| String::from_utf8_lossy(&text).into_owned());
    let time = json.time(&StampRules::default()).map_or("-".to_owned(), |time| time.to_string());
    let level = json.level().map_or("-", Level::name);
    let shown = [time.as_str(), level, &field("program"), &field("reply"), &field("message")].join(" ");
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn each_dialect_is_read() {
    check(
        r#"{"__REALTIME_TIMESTAMP":"1763000001000000","_SOURCE_REALTIME_TIMESTAMP":"1763000000500000","PRIORITY":"4",
            "MESSAGE":[111,107,255],"SYSLOG_IDENTIFIER":"app"}"#,
        "2025-11-13T02:13:20.5Z warning app - ok\u{fffd}",
    );
    check(
        r#"{"t":{"$date":"2026-01-01T00:00:00.5+01:00"},"s":"W","c":"NETWORK","id":22,"ctx":"c1","msg":"slow"}"#,
        "2025-12-31T23:00:00.5Z warning NETWORK - slow",
    );
    check(
        r#"{"@t":"2026-01-01T00:00:00Z","@mt":"{Who} left {Room:00}","Who":"Eve","Room":7}"#,
        "2026-01-01T00:00:00Z info - - Eve left 7",
    );
    check(
        r#"{"Timestamp":"2026-01-01T00:00:00Z","Level":"Warning","MessageTemplate":"{A}","Properties":{"A":"b"}}"#,
        "2026-01-01T00:00:00Z warning - - b",
    );
    check(
        r#"{"instant":{"epochSecond":1763000000,"nanoOfSecond":5000000},"level":"FATAL","loggerName":"a.B","message":"x"}"#,
        "2025-11-13T02:13:20.005Z fatal a.B - x",
    );
    check(
        r#"{"auditID":"1","level":"Metadata","verb":"get","requestURI":"/api","requestReceivedTimestamp":
            "2026-01-01T00:00:00.5Z","stageTimestamp":"2026-01-01T00:00:01Z","responseStatus":{"code":503}}"#,
        "2026-01-01T00:00:00.5Z error - 503 /api get 503",
    );
    check(
        r#"{"severity":"ALERT","receiveTimestamp":"2026-01-01T00:00:09Z","timestamp":"2026-01-01T00:00:00Z",
            "jsonPayload":{"message":"x"}}"#,
        "2026-01-01T00:00:00Z critical - - x",
    );
    check(
        r#"{"eventTime":"2026-01-01T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutObject",
            "errorCode":"NoSuchBucket"}"#,
        "2026-01-01T00:00:00Z error s3.amazonaws.com - PutObject NoSuchBucket",
    );
    check(
        r#"{"time_local":"01/Jan/2026:01:00:00 +0100","status":"404","request":"GET /a"}"#,
        "2026-01-01T00:00:00Z warning - 404 GET /a 404",
    );
    check(
        r#"{"timeUnixNano":"0","observedTimeUnixNano":"1763000000000000000","severityNumber":21,"body":{"stringValue":"x"},
            "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"pay"}}]}}"#,
        "2025-11-13T02:13:20Z fatal pay - x",
    );
    check(
        r##"{"Event":{"System":{"Provider":{"#attributes":{"Name":"Disk"}},"EventID":{"#text":7},"Level":3,
            "TimeCreated":{"#attributes":{"SystemTime":"2026-01-01T00:00:00Z"}}},"EventData":{"Device":"d1","N":2}}}"##,
        "2026-01-01T00:00:00Z warning Disk - Device: d1\nN: 2",
    );
    check(
        r#"{"timestamp":"2026-01-01 01:00:00.5+0100","messageType":"Fault","eventMessage":"x","processImagePath":"/a/b"}"#,
        "2026-01-01T00:00:00.5Z fatal b - x",
    );
    check(
        r#"{"EdgeStartTimestamp":1763000000123000000,"ClientRequestMethod":"GET","ClientRequestURI":"/a",
            "EdgeResponseStatus":200}"#,
        "2025-11-13T02:13:20.123Z - - 200 GET /a 200",
    );
}

#[test]
fn numbers_that_are_no_times_or_replies_are_left() {
    check(r#"{"time":0.25,"status":0,"msg":"x","pid":"main"}"#, "- - - - x");
    check(r#"{"time":12,"date":"2026-01-01","status":"open","msg":"x"}"#, "- - - - x");
    check(r#"{"date":"2026-01-01","time":"10:00:00","msg":"x"}"#, "2026-01-01T10:00:00Z - - - x");
}

/// Checks the evidence in the record `text`, joined with ` | `.
#[track_caller]
fn check_evidence(text: &str, expected: &str) {
    let json = json(text);
    let texts: Vec<_> = json.evidence().iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect();
    assert_eq!(texts.join(" | "), expected, "{text}");
}

#[test]
fn all_that_describes_the_fault_is_evidence() {
    check_evidence(r#"{"msg":"Unhandled","stack_trace":"java.io.IOException: no"}"#, "java.io.IOException: no");
    check_evidence(
        r#"{"msg":"bad","err":{"type":"Error","message":"no disk","stack":"Error: no disk\n  at f"},"error":"bad"}"#,
        "Error | no disk | Error: no disk\n  at f",
    );
    check_evidence(r#"{"msg":"a","attr":{"error":{"code":5,"errmsg":"b"},"message":"c"}}"#, "b | c");
    check_evidence(r#"{"message":"a","error.message":"b","exception":{"cause":["c",{"x":"d"}]}}"#, "b | c | d");
    check_evidence(
        r#"{"body":"a","attributes":[{"key":"exception.message","value":{"stringValue":"b"}},{"key":"k","value":{}}]}"#,
        "b",
    );
    check_evidence(
        r#"{"Event":{"System":{"Channel":"S"},"EventData":{"Device":"d1","Data":["x","y"]}}}"#,
        "d1 | x | y",
    );
    check_evidence(r#"{"@mt":"a","@x":"System.Exception: b"}"#, "System.Exception: b");
}

#[test]
fn other_members_are_no_evidence() {
    check_evidence(r#"{"msg":"a","error":"a","user":"bob","errors":0,"err":null,"trace_id":"x","status":"open"}"#, "");
}

#[test]
fn a_record_from_a_search_engine_is_unwrapped() {
    check(
        r#"{"_index":"logs","_id":"1","_source":{"@timestamp":"2026-01-01T00:00:00Z","log.level":"warn","message":"x"}}"#,
        "2026-01-01T00:00:00Z warning - - x",
    );
    check(r#"{"_source":{"message":"x"},"msg":"y"}"#, "- - - - y");
}
