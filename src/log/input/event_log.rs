//! Converts a Windows event log (`.evtx`) to lines of JSON, one for each event.

use std::io::{self, Read, Seek};
use std::sync::Arc;

use evtx::{EvtxChunkData, EvtxParser, IntoIterChunks, ParserSettings};

/// A reader of one line of JSON for each event, in the order in which the events were written. After the events that can
/// be read, it returns an error if some cannot.
pub(super) struct EventLog<T: Read + Seek> {
    chunks: IntoIterChunks<T>,
    settings: Arc<ParserSettings>,
    /// The events of a chunk; the first `given` bytes were returned.
    ready: Vec<u8>,
    given: usize,
    /// The number of events and chunks of events that cannot be read.
    n_damaged: u64,
}

impl<T: Read + Seek> EventLog<T> {
    pub(super) fn open(file: T) -> io::Result<Self> {
        let parser = EvtxParser::from_read_seek(file).map_err(|error| io::Error::other(error.to_string()))?;
        let settings = ParserSettings::new().indent(false);
        let chunks = parser.with_configuration(settings.clone()).into_chunks();
        Ok(EventLog { chunks, settings: Arc::new(settings), ready: Vec::new(), given: 0, n_damaged: 0 })
    }

    fn read_chunk(&mut self, mut chunk: EvtxChunkData) {
        let Ok(mut chunk) = chunk.parse(Arc::clone(&self.settings)) else {
            self.n_damaged += 1;
            return;
        };
        for event in chunk.iter() {
            match event.and_then(|event| event.into_json_bytes()) {
                Ok(event) => {
                    self.ready.extend_from_slice(&event.data);
                    self.ready.push(b'\n');
                }
                Err(_) => self.n_damaged += 1,
            }
        }
    }
}

impl<T: Read + Seek> Read for EventLog<T> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            self.ready.clear();
            self.given = 0;
            match self.chunks.next() {
                Some(Ok(chunk)) => self.read_chunk(chunk),
                Some(Err(_)) => self.n_damaged += 1,
                None => {
                    return match std::mem::take(&mut self.n_damaged) {
                        0 => Ok(0),
                        n => Err(io::Error::other(format!("damaged events or blocks of events: {n}"))),
                    };
                }
            }
        }
        let len = (&self.ready[self.given..]).read(target)?;
        self.given += len;
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::log::Input;

    const HEADER_BYTES: usize = 4096;
    const CHUNK_BYTES: usize = 65_536;
    const CHUNK_HEADER_BYTES: usize = 512;
    const EVENT_HEADER_BYTES: usize = 24;

    /// The binary XML of one event. Offsets in it count from the start of the chunk.
    struct BinaryXml {
        bytes: Vec<u8>,
        offset: usize,
    }

    impl BinaryXml {
        fn utf_16(&mut self, text: &str) {
            self.bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        }

        /// A reference to a name, which follows: the offset of it, the next name, a hash, the length, the name and a zero.
        fn name(&mut self, name: &str) {
            let at = self.offset + self.bytes.len() + 4;
            self.bytes.extend((at as u32).to_le_bytes());
            self.bytes.extend([0; 6]);
            self.bytes.extend((name.len() as u16).to_le_bytes());
            self.utf_16(name);
            self.bytes.extend([0; 2]);
        }

        fn value(&mut self, text: &str) {
            self.bytes.extend([0x05, 0x01]);
            self.bytes.extend((text.encode_utf16().count() as u16).to_le_bytes());
            self.utf_16(text);
        }

        fn open(&mut self, name: &str) {
            self.bytes.extend([0x01, 0, 0, 0, 0]);
            self.name(name);
            self.bytes.push(0x02);
        }

        fn close(&mut self) {
            self.bytes.push(0x04);
        }

        fn element(&mut self, name: &str, text: &str) {
            self.open(name);
            self.value(text);
            self.close();
        }

        fn empty_element(&mut self, name: &str, (attribute, value): (&str, &str)) {
            self.bytes.extend([0x41, 0, 0, 0, 0]);
            self.name(name);
            self.bytes.extend([0, 0, 0, 0, 0x06]);
            self.name(attribute);
            self.value(value);
            self.bytes.push(0x03);
        }
    }

    /// The binary XML of an event from `Disk` with an id and a text.
    fn event(offset: usize, id: &str, text: &str) -> Vec<u8> {
        let mut xml = BinaryXml { bytes: vec![0x0f, 1, 1, 0], offset };
        xml.open("Event");
        xml.open("System");
        xml.empty_element("Provider", ("Name", "Disk"));
        xml.element("EventID", id);
        xml.element("Level", "2");
        xml.close();
        xml.open("EventData");
        xml.element("Data", text);
        xml.close();
        xml.close();
        xml.bytes.push(0);
        xml.bytes
    }

    fn put(target: &mut [u8], at: usize, bytes: &[u8]) {
        target[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// A block of events with the ids from `first`.
    fn chunk(first: u64, texts: &[&str]) -> Vec<u8> {
        let mut chunk = vec![0; CHUNK_BYTES];
        let (mut at, mut last) = (CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES);
        for (id, text) in (first..).zip(texts) {
            let xml = event(at + EVENT_HEADER_BYTES, &id.to_string(), text);
            let len = EVENT_HEADER_BYTES + xml.len() + 4;
            put(&mut chunk, at, b"**\0\0");
            put(&mut chunk, at + 4, &(len as u32).to_le_bytes());
            put(&mut chunk, at + 8, &id.to_le_bytes());
            put(&mut chunk, at + 16, &131_000_000_000_000_000_u64.to_le_bytes());
            put(&mut chunk, at + EVENT_HEADER_BYTES, &xml);
            put(&mut chunk, at + len - 4, &(len as u32).to_le_bytes());
            (last, at) = (at, at + len);
        }
        put(&mut chunk, 0, b"ElfChnk\0");
        for (at, id) in [(8, first), (16, first + texts.len() as u64 - 1)] {
            put(&mut chunk, at, &id.to_le_bytes());
            put(&mut chunk, at + 16, &id.to_le_bytes());
        }
        put(&mut chunk, 40, &128_u32.to_le_bytes());
        put(&mut chunk, 44, &(last as u32).to_le_bytes());
        put(&mut chunk, 48, &(at as u32).to_le_bytes());
        chunk
    }

    fn log(chunks: &[Vec<u8>]) -> Vec<u8> {
        let mut header = vec![0; HEADER_BYTES];
        put(&mut header, 0, b"ElfFile\0");
        put(&mut header, 32, &128_u32.to_le_bytes());
        put(&mut header, 36, &[1, 0, 3, 0]);
        put(&mut header, 40, &(HEADER_BYTES as u16).to_le_bytes());
        put(&mut header, 42, &(chunks.len() as u16).to_le_bytes());
        [header, chunks.concat()].concat()
    }

    /// The lines of the log, and the error at its end.
    fn read(log: &[u8]) -> (String, Option<String>) {
        let mut lines = Vec::new();
        let mut log = EventLog::open(Cursor::new(log)).expect("a log");
        let error = log.read_to_end(&mut lines).err();
        (String::from_utf8(lines).expect("JSON is UTF-8"), error.map(|error| error.to_string()))
    }

    fn line(id: u64, text: &str) -> String {
        format!(
            "{{\"Event\":{{\"System\":{{\"Provider\":{{\"#attributes\":{{\"Name\":\"Disk\"}}}},\"EventID\":\"{id}\",\"Level\":\"2\"}},\
             \"EventData\":{{\"Data\":{{\"#text\":\"{text}\"}}}}}}}}\n"
        )
    }

    #[test]
    fn each_event_is_a_line_of_json() {
        let log = log(&[chunk(1, &["no disk", "gr\u{fc}n\r\n"]), chunk(3, &["third"])]);
        assert_eq!(read(&log), ([line(1, "no disk"), line(2, "gr\u{fc}n\\r\\n"), line(3, "third")].concat(), None));
    }

    #[test]
    fn events_are_read_from_the_oldest_block() {
        let log = log(&[chunk(5, &["new"]), chunk(2, &["old"]), chunk(4, &["middle"])]);
        assert_eq!(read(&log), ([line(2, "old"), line(4, "middle"), line(5, "new")].concat(), None));
    }

    #[test]
    fn events_around_damage_are_read() {
        let mut damaged = chunk(2, &["lost"]);
        damaged[0] = b'x';
        let log = log(&[chunk(1, &["first"]), damaged, chunk(3, &["third"])]);
        let error = Some("damaged events or blocks of events: 1".to_owned());
        assert_eq!(read(&log), ([line(1, "first"), line(3, "third")].concat(), error));
        assert!(EventLog::open(Cursor::new(b"ElfFile\0")).is_err());
    }

    #[test]
    fn a_log_is_recognised_in_any_input() {
        let bytes = log(&[chunk(1, &["no disk"])]);
        let compressed = zstd::encode_all(bytes.as_slice(), 1).expect("writing to memory");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.evtx");
        std::fs::write(&path, &bytes).expect("a writable folder");
        for input in [Input::bytes("x", bytes), Input::bytes("x", compressed), Input::named("x", path)] {
            let mut texts = Vec::new();
            input.visit(&mut |opened| {
                let mut text = String::new();
                let mut opened = opened.expect("an event log");
                opened.reader.read_to_string(&mut text).expect("JSON is UTF-8");
                texts.push((opened.name, text));
            });
            assert_eq!(texts, [("x".to_owned(), line(1, "no disk"))]);
        }
    }

    proptest! {
        #[test]
        fn damaged_logs_are_read_without_panic(
            damage in prop::collection::vec((prop_oneof![0_usize..128, 4096_usize..5300], any::<u8>()), 1..8),
            len in 4000_usize..140_000,
        ) {
            let mut bytes = log(&[chunk(1, &["no disk", "x"]), chunk(3, &["third"])]);
            for (at, byte) in damage {
                bytes[at] = byte;
            }
            bytes.truncate(len);
            if let Ok(mut log) = EventLog::open(Cursor::new(bytes)) {
                let error = log.read_to_end(&mut Vec::new()).err();
                prop_assert!(error.is_none_or(|error| error.to_string().starts_with("damaged events")));
            }
        }
    }
}
