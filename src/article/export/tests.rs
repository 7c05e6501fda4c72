//! Tests with exports of the usual programs, and with exports that no program would write.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use proptest::prelude::*;

use super::*;
use crate::article::parse;

/// Checks the result of sniffing and reading an export: its kind, then `line key: content` or `line key! reason`.
#[track_caller]
fn check(export: &[u8], kind: ExportKind, expect: &[&str]) {
    assert_eq!(sniff(export, &FieldMap::default()), Some(kind));
    for capacity in [1, 7, 8192] {
        assert_eq!(listed(BufReader::with_capacity(capacity, export), kind).0, expect, "{capacity} bytes at a time");
    }
}

fn listed(reader: impl BufRead, kind: ExportKind) -> (Vec<String>, Result<ControlFlow<()>, ExportError>) {
    let mut found = Vec::new();
    let ended = records(kind, reader, &FieldMap::default(), &mut |record| {
        found.push(match record.content {
            Ok(content) => format!("{} {}: {}", record.line, record.key, content.trim_start_matches(canonical::MARK)),
            Err(reason) => format!("{} {}! {reason}", record.line, record.key),
        });
        ControlFlow::Continue(())
    });
    (found, ended)
}

fn csv_by(delimiter: u8) -> ExportKind {
    ExportKind::Csv { delimiter }
}

#[test]
fn json_lines_are_read_one_by_one() {
    check(
        b"\xef\xbb\xbf\n{\"id\":\"a\",\"title\":\"One\",\"body\":\"First.\"}\r\n\r\n{\"title\":\"Two \xf6\",\"body\":\"Second.\"}\n{\"title\":\n[1]\n{\"id\":\"a\",\"text\":\"Third.\"}",
        ExportKind::JsonLines,
        &[
            r#"2 a: ,"id":"a","title":"One","body":"First."}"#,
            r#"4 two-ö: ,"title":"Two ö","body":"Second."}"#,
            "5 5! cut off",
            "6 6! not a JSON object",
            r#"7 a~2: ,"id":"a","title":"Third.","body":"Third."}"#,
        ],
    );
}

#[test]
fn arrays_are_read_element_by_element() {
    check(
        b"[\n  {\"title\": \"One ]}\\\"\", \"body\": \"x\"},\n  {\n    \"title\": \"Two\",\n    \"comments\": [{\"text\": \"y\"}]\n  }, 7, [{\"title\":\"no\"}] ,\n{\"id\":1}]",
        ExportKind::Json(JsonShape::Array),
        &[
            r#"2 one: ,"title":"One ]}\"","body":"x"}"#,
            r#"3 two: ,"title":"Two","other":{"comments.text":"y"}}"#,
            "7 7! a record without title and text",
        ],
    );
}

#[test]
fn articles_may_be_in_an_object_beside_other_lists() {
    let export = br#"{"count":2,"users":[{"id":1,"name":"Ann"},{"id":2,"name":"Bob"}],"meta":{"title":"x","body":"y"},
        "articles":[{"id":360001,"title":"One","body":"<p>x</p>","label_names":["vpn","mail"],"updated_at":"2021-03-04T05:06:07Z"},
        {"id":360002}],"next_page":null}"#;
    let kind = ExportKind::Json(JsonShape::ArrayInObject);
    check(
        export,
        kind,
        &[
            r#"2 360001: ,"id":"360001","title":"One","modified":"2021-03-04T05:06:07Z","keywords":["vpn","mail"],"body":"<p>x</p>"}"#,
            "3 3! a record without title and text",
        ],
    );
    assert!(matches!(listed(&export[..], kind).1, Ok(ControlFlow::Continue(()))));
}

#[test]
fn one_object_over_several_lines_is_one_record() {
    check(
        b"{\n  \"article\": {\n    \"title\": \"One\",\n    \"body\": \"x\"\n  }\n}\n{\"title\": \"Two\", \"body\": \"y\"",
        ExportKind::Json(JsonShape::Objects),
        &[r#"1 one: ,"title":"One","body":"x"}"#, "7 7! cut off"],
    );
}

#[test]
fn tables_are_read_by_their_line_of_names() {
    let expect = [
        r#"2 KB1: ,"id":"KB1","title":"One, two","body":"It says \"no\".\nTwice."}"#,
        r#"4 KB2: ,"id":"KB2","title":"Three","other":{"column 4":"more"}}"#,
        r#"6 four: ,"title":"Four"}"#,
    ];
    let rows = "Number;Short Description;Text\r\nKB1;One, two;\"It says \"\"no\"\".\r\nTwice.\"\r\nKB2;Three;;more\r\n\r\n;Four\r\n";
    check(rows.as_bytes(), csv_by(b';'), &expect);
    let utf16: Vec<u8> = format!("\u{feff}{rows}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&utf16, csv_by(b';'), &expect);
    let commas = "\"title\",\"Problem Description\",labels,labels\nHum,It hums,a,b\n";
    check(commas.as_bytes(), csv_by(b','), &[r#"2 hum: ,"title":"Hum","keywords":["a","b"],"symptoms":"It hums"}"#]);
    check(
        b"question\tanswer\nW\xe4nn?\tNow.\n",
        csv_by(b'\t'),
        &[r#"2 wänn: ,"title":"Wänn?","symptoms":"Wänn?","resolution":"Now."}"#],
    );
}

#[test]
fn other_files_are_no_exports() {
    for text in [
        "",
        "{}",
        "{\"ts\":1,\"msg\":\"started\"}\n{\"ts\":2,\"msg\":\"stopped\"}\n",
        r#"{"timestamp":"2021-03-04T05:06:07Z","level":"error","message":"x","id":"1","text":"y"}"#,
        r#"{"@timestamp":"2021-03-04T05:06:07Z","severity":"high","title":"x","details":"y"}"#,
        r#"{"name":"casebook","version":"1","description":"a package"}"#,
        r#"{"error":"not_found","reason":"missing"}"#,
        r#"{"log":"line\n","stream":"stdout","time":"2021-03-04T05:06:07Z"}"#,
        r#"[{"host":"a","cpu":1},{"host":"b","cpu":2}]"#,
        r#"[1,2,3]"#,
        r#"{"users":[{"id":1,"name":"Ann"}]}"#,
        r#"{"casebook":"export""#,
        "time,host,value\n1,a,2\n",
        r#"{"title":"Belts","description":"All belts.","panels":[{"title":"Speed","description":"How fast.","gridPos":{"h":8}}]}"#,
        r#"{"dashboards":[{"title":"Belts","description":"All belts.","schemaVersion":39}]}"#,
        r#"{"type":"excalidraw","title":"Hall","elements":[{"id":"a","text":"Gate"}],"appState":{}}"#,
        r#"{"$schema":"https://json-schema.example/draft","title":"Belt","description":"A belt."}"#,
        "PID,USER,%CPU,COMMAND\n1,root,0.0,init\n",
        "\"Level\",\"Date and Time\",\"Source\",\"Event ID\",\"Task Category\"\nError,3/4/2021,x,7,None\n",
        "id,description,value\n1,x,2\n",
        "title,body",
        "Dear all,\n\nthe canteen is shut today.\n",
        "DOCUMENT:Q1234  16-MAR-1999  [mail]\nTITLE   :t\n",
        "{\"title\":\"x\",\"body\":\"\0\"}",
    ] {
        assert_eq!(sniff(text.as_bytes(), &FieldMap::default()), None, "{text}");
    }
}

#[test]
fn a_head_that_ends_within_the_first_record_is_enough() {
    let map = FieldMap::default();
    let long = format!("{{\"id\":7,\"title\":\"One\",\"body\":\"{}", "x".repeat(1000));
    assert_eq!(sniff(long.as_bytes(), &map), Some(ExportKind::JsonLines));
    assert_eq!(sniff(format!("[{long}").as_bytes(), &map), Some(ExportKind::Json(JsonShape::Array)));
    assert_eq!(
        sniff(format!("{{\"result\":[{long}").as_bytes(), &map),
        Some(ExportKind::Json(JsonShape::ArrayInObject))
    );
    assert_eq!(sniff(format!("\n{{\n{}", &long[1..]).as_bytes(), &map), Some(ExportKind::Json(JsonShape::Objects)));
}

#[test]
fn a_users_map_can_turn_other_files_into_exports() {
    let export = b"{\"headline\":\"One\",\"a\":\"First.\",\"b\":\"Second.\"}\n";
    let user = |fields: &[&str]| fields.iter().map(|&field| field.to_owned()).collect();
    let overrides = BTreeMap::from([("title".to_owned(), user(&["headline"])), ("body".to_owned(), user(&["b", "a"]))]);
    let map = FieldMap::new(&overrides).expect("known names");
    assert_eq!(sniff(export, &FieldMap::default()), None);
    assert_eq!(sniff(export, &map), Some(ExportKind::JsonLines));
    let mut contents = Vec::new();
    let ended = records(ExportKind::JsonLines, &export[..], &map, &mut |record| {
        contents.push(record.content);
        ControlFlow::Break(())
    });
    assert!(matches!(ended, Ok(ControlFlow::Break(()))));
    assert_eq!(contents, [Ok(r#"{"casebook":"export","title":"One","body":["Second.","First."]}"#.to_owned())]);
}

#[test]
fn an_article_comes_out_of_a_record() {
    let export = br#"{"number":"KB7","short_description":"Hum","text":"It hums.","kb_category":"noise","sys_updated_on":"2021-03-04 05:06:07"}"#;
    let mut texts = Vec::new();
    let ended = records(ExportKind::JsonLines, &export[..], &FieldMap::default(), &mut |record| {
        texts.extend(record.content);
        ControlFlow::Continue(())
    });
    assert!(ended.is_ok());
    let article = parse(&texts[0], "").expect("an article");
    let sections: Vec<&str> = article.sections.iter().map(|section| section.text.as_str()).collect();
    assert_eq!((article.id.as_str(), article.title.as_str(), sections), ("kb7", "Hum", vec!["It hums."]));
    assert_eq!((article.modified, article.keywords), (Some(jiff::civil::date(2021, 3, 4)), vec!["noise".to_owned()]));
}

#[test]
fn labels_of_a_list_may_contain_commas() {
    let export = br#"{"id":"b-1","title":"Hum","body":"It hums.","labels":["hall 1, left","gate"]}"#;
    let mut keywords = Vec::new();
    let ended = records(ExportKind::JsonLines, &export[..], &FieldMap::default(), &mut |record| {
        keywords.extend(record.content.ok().and_then(|text| parse(&text, "").ok()).map(|article| article.keywords));
        ControlFlow::Continue(())
    });
    assert!(ended.is_ok());
    assert_eq!(keywords, [["hall 1, left", "gate"]]);
}

#[test]
fn an_enormous_line_is_skipped_and_the_next_one_found() {
    let reader = b"{\"title\":\"a\",\"body\":\"".chain(std::io::repeat(b'x').take(MAX_RECORD_BYTES as u64 * 3));
    let reader = BufReader::new(reader.chain(&b"\"}\n{\"title\":\"b\"}\n"[..]));
    let (found, ended) = listed(reader, ExportKind::JsonLines);
    assert_eq!(found, ["1 1! larger than 16 MiB", r#"2 b: ,"title":"b"}"#]);
    assert!(matches!(ended, Ok(ControlFlow::Continue(()))));
}

#[test]
fn an_enormous_element_is_skipped_and_the_next_one_found() {
    let reader = b"[{\"title\":\"".chain(std::io::repeat(b'x').take(MAX_RECORD_BYTES as u64 + 1));
    let reader = BufReader::new(reader.chain(&b"\"},{\"title\":\"b\"}]"[..]));
    let (found, _) = listed(reader, ExportKind::Json(JsonShape::Array));
    assert_eq!(found, ["1 1! larger than 16 MiB", r#"1 b: ,"title":"b"}"#]);
}

#[test]
fn a_table_whose_quote_is_never_closed_is_an_error_and_not_held() {
    let reader = b"title,body\na,b\n\"c,".chain(std::io::repeat(b'x'));
    let (found, ended) = listed(BufReader::new(reader), csv_by(b','));
    assert_eq!(found, [r#"2 a: ,"title":"a","body":"b"}"#]);
    assert_eq!(
        ended.err().map(|error| error.to_string()).as_deref(),
        Some("the row at line 3 has no end within 16 MiB: a quote is not closed")
    );
}

#[test]
fn records_of_many_fields_and_long_names_are_read_in_linear_time() {
    let many: String = (0..100_000).map(|n| format!("\"f{n}\":1,")).collect();
    let key = "k".repeat(1_000_000);
    let inner: String = (0..100_000).map(|n| format!("\"{n}\":1,")).collect();
    for record in [format!("{{{many}\"title\":\"a\"}}"), format!("{{\"title\":\"a\",\"{key}\":{{{inner}\"x\":1}}}}")] {
        let start = std::time::Instant::now();
        let (found, _) = listed(record.as_bytes(), ExportKind::JsonLines);
        assert_eq!(found.len(), 1);
        assert!(start.elapsed().as_secs() < 20);
    }
}

proptest! {
    #[test]
    fn reading_never_panics_whatever_the_bytes(
        text in "(\\{\"title\":\"a\"|\"|\\\\|,|:|\\{|\\}|\\[|\\]|\n|\r|\0|\\\\ud800|é|a;b|1|\"body\"){0,40}", which in 0usize..5,
    ) {
        let kinds = [ExportKind::JsonLines, ExportKind::Json(JsonShape::Objects), ExportKind::Json(JsonShape::Array), ExportKind::Json(JsonShape::ArrayInObject), csv_by(b';')];
        sniff(text.as_bytes(), &FieldMap::default());
        let (_, ended) = listed(text.as_bytes(), kinds[which]);
        prop_assert!(ended.is_ok(), "memory can be read");
    }

    /// Exports with the same values give the same records in every format.
    #[test]
    fn every_way_of_writing_gives_the_same_records(values in proptest::collection::vec(("[a-z\"\n,;é\\\\]{1,8}", "[a-z\"\n,;é\\\\]{1,8}"), 1..5)) {
        let string = |text: &str| serde_json::to_string(text).expect("strings are JSON");
        let objects: Vec<String> = values.iter().map(|(title, body)| format!("{{\"title\":{},\"body\":{}}}", string(title), string(body))).collect();
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["title", "body"]).expect("memory takes all");
        values.iter().for_each(|(title, body)| table.write_record([title, body]).expect("memory takes all"));
        let table = String::from_utf8(table.into_inner().expect("memory takes all")).expect("UTF-8");
        let contents = |kind, export: &str| -> Vec<String> {
            listed(export.as_bytes(), kind).0.into_iter().map(|found| found.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default()).filter(|found| found.contains(": ")).map(|found| found[found.find(": ").unwrap_or(0)..].to_owned()).collect()
        };
        let lines = contents(ExportKind::JsonLines, &objects.join("\n"));
        prop_assert_eq!(&contents(ExportKind::Json(JsonShape::Array), &format!("[{}]", objects.join(",\n"))), &lines);
        prop_assert_eq!(&contents(ExportKind::Json(JsonShape::ArrayInObject), &format!("{{\"items\":[{}]}}", objects.join(","))), &lines);
        prop_assert_eq!(&contents(csv_by(b','), &table), &lines);
    }
}
