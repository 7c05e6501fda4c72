use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::log::{Input, ReadOptions, Reader};
use crate::source::SourceId;

/// Returns the line and the text of each record of `text`, read in chunks of that size, and how many were cut.
fn read(text: &[u8], chunk_bytes: usize) -> (Vec<(u64, String)>, u64) {
    let options = ReadOptions { chunk_bytes, ..ReadOptions::at(Timestamp::UNIX_EPOCH) };
    let mut reader = Reader::open(Input::bytes("x", text), &options).expect("bytes can be opened");
    let mut records = Vec::new();
    while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
        let read = (0..chunk.len()).map(|index| chunk.record(index, SourceId(0)));
        records.extend(read.map(|record| (record.line, String::from_utf8_lossy(record.bytes).into_owned())));
    }
    (records, reader.n_cut())
}

#[track_caller]
fn check(text: &str, expected: &[(u64, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect();
    for chunk_bytes in [1, 7, 1 << 20] {
        assert_eq!(read(text.as_bytes(), chunk_bytes), (expected.clone(), 0), "{chunk_bytes}");
    }
}

#[test]
fn pretty_printed_objects_are_records() {
    check(
        "{\n  \"msg\": \"a\\n}\"\n}\n{\n  \"msg\": \"b\"\n},\n{}\n",
        &[(1, "{\n  \"msg\": \"a\\n}\"\n}"), (4, "{\n  \"msg\": \"b\"\n}"), (7, "{}")],
    );
}

#[test]
fn the_objects_of_a_list_are_records() {
    check(r#"[{"a":1},{"a":[2]}]"#, &[(1, r#"{"a":1}"#), (1, r#"{"a":[2]}"#)]);
    check("[\n  {\"a\":1},\n  5, [{}],\n  {\"a\":2}\n]\n[{}]", &[(2, "{\"a\":1}"), (4, "{\"a\":2}"), (6, "{}")]);
}

#[test]
fn each_container_is_opened() {
    check(r#"{"Records":[{"a":1},{"a":2}],"next":[{"b":1}]}"#, &[(1, r#"{"a":1}"#), (1, r#"{"a":2}"#)]);
    check("{\n\"owner\":\"x\",\n\"logEvents\":[\n{\"a\":1}\n]\n}", &[(4, "{\"a\":1}")]);
    check(r#"{"took":1,"hits":{"total":{"n":1},"hits":[{"_id":1}]}}"#, &[(1, r#"{"_id":1}"#)]);
    let scopes = r#""scopeLogs":[{"scope":{},"logRecords":[{"a":1},{"a":2}]},{"logRecords":[{"a":3}]}]"#;
    check(
        &format!("{{\"resourceLogs\":[{{\"resource\":{{}},{scopes}}}]}}\n{{\"resourceLogs\":[{{{scopes}}}]}}\n"),
        &[
            (1, r#"{"a":1}"#),
            (1, r#"{"a":2}"#),
            (1, r#"{"a":3}"#),
            (2, r#"{"a":1}"#),
            (2, r#"{"a":2}"#),
            (2, r#"{"a":3}"#),
        ],
    );
}

#[test]
fn a_resource_gives_its_records_their_program() {
    let resource =
        |name: &str| format!(r#"{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{name}"}}}}]}}"#);
    let long = resource(&"x".repeat(MAX_RESOURCE_BYTES));
    let logs = |resource: &str| format!(r#"{{"resource":{resource},"scopeLogs":[{{"logRecords":[{{}},{{}}]}}]}}"#);
    let elements = [logs(&resource("a")), logs("{}"), logs(&resource("b")), logs(&long)].join(",\n");
    let text = format!("{{\"resourceLogs\":[{elements}]}}\n{{}}\n");
    for chunk_bytes in [1, 100, 1 << 20] {
        let options = ReadOptions { chunk_bytes, ..ReadOptions::at(Timestamp::UNIX_EPOCH) };
        let mut reader = Reader::open(Input::bytes("x", text.as_str()), &options).expect("bytes can be opened");
        let mut programs = Vec::new();
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            let records = (0..chunk.len()).map(|index| chunk.record(index, SourceId(0)));
            programs.extend(records.map(|record| record.program().map(|name| name.into_owned())));
        }
        let (a, b) = (Some(b"a".to_vec()), Some(b"b".to_vec()));
        assert_eq!(programs, [a.clone(), a, None, None, b.clone(), b, None, None, None]);
    }
}

#[test]
fn a_list_in_a_record_is_no_container() {
    for record in [r#"{"msg":"a","events":[{"b":1}]}"#, r#"{"events":["b"]}"#, r#"{"value":[1]}"#, r#"{"hits":3}"#] {
        check(&format!("{record}\n{{}}\n"), &[(1, &format!("{record}\n")), (2, "{}\n")]);
        check(&format!("[{record}]"), &[(1, record)]);
    }
}

#[test]
fn text_around_documents_is_read_line_by_line() {
    check(
        "{\n\"a\":1\n}\ndone\n  more\n[ok] {\"b\":1}\n{\n\"c\":1} rest\nend",
        &[
            (1, "{\n\"a\":1\n}"),
            (4, "done\n  more\n"),
            (6, "[ok] {\"b\":1}\n"),
            (7, "{\n\"c\":1}"),
            (8, "rest\n"),
            (9, "end"),
        ],
    );
}

#[test]
fn an_object_over_several_lines_may_follow_objects_of_one_line() {
    check(
        "{\"a\":1}\n{\"b\":2,\n\"c\":[\"d\",\n\"e\"] }\n{\"f\":3}\n",
        &[(1, "{\"a\":1}"), (2, "{\"b\":2,\n\"c\":[\"d\",\n\"e\"] }"), (5, "{\"f\":3}")],
    );
}

#[test]
fn a_document_that_ends_too_early_costs_only_its_last_record() {
    check("[\n{\"a\":1},\n{\"b\":", &[(2, "{\"a\":1}"), (3, "{\"b\":")]);
    check("{\n\"a\":\"x\n{\n\"b\":1\n}\n", &[(1, "{\n\"a\":\"x\n"), (3, "{\n\"b\":1\n}")]);
    check("{\n\"a\":1,\n2026 x\n{}\n", &[(1, "{\n\"a\":1,\n"), (3, "2026 x\n"), (4, "{}")]);
    check("[{\"a\":1},\nx=1\n{\"b\":2}]\n", &[(1, "{\"a\":1}"), (2, "x=1\n"), (3, "{\"b\":2}"), (3, "]\n")]);
}

#[test]
fn a_record_that_is_too_long_is_cut_and_its_end_is_found() {
    let text = format!("[{{\"a\":\"{}\"}},\n{{\"b\":1}}]", "x".repeat(2 * MAX_RECORD_BYTES));
    let (records, cut) = read(text.as_bytes(), 5000);
    let shape: Vec<_> = records.iter().map(|(line, record)| (*line, record.len())).collect();
    assert_eq!(shape, [(1, MAX_RECORD_BYTES), (1, MAX_RECORD_BYTES), (1, 8), (2, 7)]);
    assert_eq!(cut, 1);
}

#[test]
fn a_first_line_longer_than_the_head_is_json() {
    let format = |text: String| {
        let options = ReadOptions::at(Timestamp::UNIX_EPOCH);
        Reader::open(Input::bytes("x", text), &options).expect("bytes can be opened").format().name().to_owned()
    };
    assert_eq!(format(format!("{{\"msg\":\"{}\"}}\n{{}}\n", "x".repeat(80_000))), "json");
    assert_eq!(format(format!("{{msg:\"{}\"}}\n{{}}\n", "x".repeat(80_000))), "plain");
}

/// An object as JSON, in one line or over several.
fn an_object() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("-1.5e3".to_owned()),
        r#""([a-c{}\[\],:]|\\"|\\\\){0,6}""#,
        Just(r#"[{"msg":[]},{}]"#.to_owned()),
        Just("{\n \"events\" : [ {\"x\":1} ]\n}".to_owned()),
    ];
    let member = ("[a-c]{1,2}", value, prop::sample::select(vec!["", " ", "\n", "\r\n  "]));
    prop::collection::vec(member, 0..4).prop_map(|members| {
        let members: Vec<_> =
            members.into_iter().map(|(name, value, blank)| format!("{blank}\"{name}\":{value}{blank}")).collect();
        format!("{{{}}}", members.join(","))
    })
}

/// The text before, between and after the objects of a document.
const LAYOUTS: [[&str; 3]; 5] = [
    ["", "\n", "\n"],
    ["[", ",", "]\n"],
    ["[\n  ", ",\n  ", "\n]\n"],
    ["{\"x\": {\"y\": [1]},\n \"Records\": [\n", " , ", "],\n\"next\": null\n}\n"],
    ["{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[", ",\n", "]},{\"logRecords\":[]}]}]}\n"],
];

proptest! {
    #[test]
    fn the_records_are_the_objects_that_were_written(
        documents in prop::collection::vec((0..LAYOUTS.len(), prop::collection::vec(an_object(), 1..4)), 1..4),
        chunk_bytes in 1_usize..60,
    ) {
        // The first document decides that the source consists of documents.
        let (mut text, mut expected) = ("[\n{}]\n".to_owned(), vec![(2, "{}".to_owned())]);
        for (layout, objects) in documents {
            let [before, between, after] = LAYOUTS[layout];
            for (index, object) in objects.iter().enumerate() {
                text.push_str(if index == 0 { before } else { between });
                expected.push((1 + text.matches('\n').count() as u64, object.clone()));
                text.push_str(object);
            }
            text.push_str(after);
        }
        prop_assert_eq!(read(text.as_bytes(), chunk_bytes), (expected, 0), "{}", text);
    }

    #[test]
    fn borders_of_any_text_do_not_depend_on_the_chunk_size(
        text in r#"(\[|\{|\}|\]|,|:|"|\\|\n|a|1| |"a"|"msg":|"events":\[|\{"x":1\}|x y\n){0,40}"#, chunk_bytes in 1_usize..20,
    ) {
        let text = format!("[\n{{}}]\n{text}");
        let whole = read(text.as_bytes(), 1 << 20);
        prop_assert_eq!(read(text.as_bytes(), chunk_bytes), whole.clone());
        let mut rest = text.as_str();
        for (_, record) in whole.0 {
            let at = rest.find(&record);
            prop_assert!(at.is_some(), "{:?} is not in {:?}", record, rest);
            rest = &rest[at.unwrap_or(0) + record.len()..];
        }
    }
}
