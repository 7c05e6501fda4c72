//! Learns the names in logs, by reading them once.

use std::borrow::Cow;

use super::Redactor;
use super::names::Kind;
use crate::log::{FieldStep, Input, OpenedInput, ReadOptions, Reader, Record, SourceZones};
use crate::source::SourceId;
use crate::value::Value;

/// Fields of records that contain a name, and what it names.
const FIELDS: &[(&[&str], Kind)] = &[
    (&["host"], Kind::Host),
    (&["hostname"], Kind::Host),
    (&["host", "name"], Kind::Host),
    (&["host", "hostname"], Kind::Host),
    (&["agent", "hostname"], Kind::Host),
    (&["server"], Kind::Host),
    (&["_HOSTNAME"], Kind::Host),
    (&["Computer"], Kind::Host),
    (&["nodename"], Kind::Host),
    (&["kubernetes", "host"], Kind::Host),
    (&["user"], Kind::User),
    (&["user", "name"], Kind::User),
    (&["username"], Kind::User),
];

/// Learns the names in all records of the inputs. Inputs that cannot be read are skipped.
pub(crate) fn learn_inputs(redactor: &mut Redactor, inputs: Vec<Input>, reading: &ReadOptions, zones: &SourceZones) {
    for input in inputs {
        input.visit(&mut |opened| {
            let Ok(opened) = opened else { return };
            learn_input(redactor, opened, reading, zones);
        });
    }
}

fn learn_input(redactor: &mut Redactor, opened: OpenedInput<'_>, reading: &ReadOptions, zones: &SourceZones) {
    let reading = zones.reading(reading, &opened);
    let mut reader = Reader::new(opened, &reading);
    loop {
        match reader.next_chunk() {
            Ok(Some(chunk)) => {
                (0..chunk.len()).for_each(|index| redactor.learn_record(&chunk.record(index, SourceId(0))));
            }
            Ok(None) => return,
            // The records before the error come as one more chunk.
            Err(_) => {}
        }
    }
}

impl Redactor {
    /// Learns the names in the fields and in the text of a record.
    pub(crate) fn learn_record(&mut self, record: &Record<'_>) {
        for (path, kind) in FIELDS {
            let path: Vec<FieldStep> = path.iter().map(|name| FieldStep::Name(name)).collect();
            if let Some(Value::Text(name)) = record.field(&path) {
                self.learn_name(*kind, &lossy(&name));
            }
        }
        self.learn(&lossy(record.bytes));
    }
}

fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
