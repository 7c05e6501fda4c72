//! Splits the output of a command or an API into the things that it lists: the objects of a JSON document, the lines of
//! a table of Kubernetes events.
//!
//! Such an output has no time and may be one record. What one of its objects says is true of that object only, so a
//! finding quotes the object and not the whole output.

use memchr::memchr_iter;

use super::over::event_age;
use crate::log::Record;

/// Returns the objects that an untimed JSON document of several lines lists, or the lines of an untimed record with
/// Kubernetes events, as records without fields. Empty for any other record. Takes one pass over the bytes; malformed
/// documents give some objects or none.
pub(super) fn elements<'a>(record: &Record<'a>) -> Vec<Record<'a>> {
    let bytes: &'a [u8] = record.bytes;
    if !bytes.trim_ascii().contains(&b'\n') || record.time().is_some() {
        return Vec::new();
    }
    let is_document = bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[");
    let ranges = if is_document { listed_objects(bytes) } else { event_lines(bytes) };
    let mut line = record.line;
    let mut counted = 0;
    let as_record = |(start, end): (usize, usize)| {
        line += memchr_iter(b'\n', &bytes[counted..start]).count() as u64;
        counted = start;
        Record::bare(record.source, line, &bytes[start..end])
    };
    ranges.into_iter().map(as_record).collect()
}

/// Returns the ranges of the lines, if one of them is a Kubernetes event with its age.
fn event_lines(text: &[u8]) -> Vec<(usize, usize)> {
    let ends = memchr_iter(b'\n', text).map(|end| end + 1).chain([text.len()]);
    let lines = ends.scan(0, |start, end| Some((std::mem::replace(start, end), end)));
    let lines: Vec<(usize, usize)> = lines.filter(|(start, end)| start < end).collect();
    let is_event = |&(start, end): &(usize, usize)| {
        std::str::from_utf8(&text[start..end]).is_ok_and(|line| event_age(line).is_some())
    };
    if lines.iter().any(is_event) { lines } else { Vec::new() }
}

/// Returns the ranges of the objects that are directly in an array, and not within another such object.
fn listed_objects(json: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // The open brackets outside of listed objects; only whether the innermost is an array matters.
    let mut open: Vec<u8> = Vec::new();
    let mut listed: Option<(usize, usize)> = None;
    let mut in_text = false;
    let mut at = 0;
    while at < json.len() {
        let byte = json[at];
        match byte {
            b'\\' if in_text => at += 1,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => match &mut listed {
                Some((_, depth)) => *depth += 1,
                None if byte == b'{' && open.last() == Some(&b'[') => listed = Some((at, 1)),
                None => open.push(byte),
            },
            b'}' | b']' if !in_text => match &mut listed {
                Some((start, 1)) => {
                    found.push((*start, at + 1));
                    listed = None;
                }
                Some((_, depth)) => *depth -= 1,
                None => {
                    open.pop();
                }
            },
            _ => {}
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::SourceId;

    /// Returns the line and the text of each element of a document that begins in line 5.
    fn split(document: &str) -> Vec<(u64, String)> {
        let record = Record::bare(SourceId(0), 5, document.as_bytes());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        elements(&record).iter().map(|element| (element.line, text(element.bytes))).collect()
    }

    #[test]
    fn a_document_is_split_into_the_objects_that_it_lists() {
        let document =
            "{\n \"lathes\": [\n  {\"name\": \"a\", \"parts\": [{\"n\": 1}]},\n  {\"name\": \"b]}\\\"[{\"}\n ]\n}\n";
        let expected =
            [(7, r#"{"name": "a", "parts": [{"n": 1}]}"#.to_owned()), (8, r#"{"name": "b]}\"[{"}"#.to_owned())];
        assert_eq!(split(document), expected);
        assert_eq!(split("[\n{}, {\n}]"), [(6, "{}".to_owned()), (6, "{\n}".to_owned())]);
    }

    #[test]
    fn a_table_of_events_is_split_into_its_lines() {
        let table = "Events:\n  Warning  Jam  3d (x2 over 4d)  lathe  it jams\n  Normal  Run  2m  lathe  it runs";
        let expected =
            ["Events:\n", "  Warning  Jam  3d (x2 over 4d)  lathe  it jams\n", "  Normal  Run  2m  lathe  it runs"];
        assert_eq!(split(table), [5, 6, 7].into_iter().zip(expected.map(str::to_owned)).collect::<Vec<_>>());
    }

    #[test]
    fn other_records_are_left_whole() {
        let others = [
            "",
            "{\"parts\": [{\"n\": 1}]}\n",
            "it jams\n[{\"n\": 1}]",
            "{\n\"a\": {\"b\": 1}\n}",
            "[\n{",
            "[\n1, [2]]",
        ];
        for other in others {
            assert_eq!(split(other), [], "{other}");
        }
    }

    proptest! {
        /// Each element is part of the document, in order, and is itself no list of several.
        #[test]
        fn elements_are_disjoint_parts_in_order(document in "[\\[{][\\[\\]{}\",\\\\\na]{0,60}") {
            let ranges = listed_objects(document.as_bytes());
            let begins = |(start, end): &(usize, usize)| start < end && document.as_bytes()[*start] == b'{';
            prop_assert!(ranges.iter().all(begins));
            prop_assert!(ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        }
    }
}
