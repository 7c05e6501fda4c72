//! A source whose bytes a caller feeds in portions.

use super::finding::LineNo;
use super::occurrence::Occurrence;
use super::plan::MatchPlan;
use super::raw_tail::RawTail;
use super::source_pass::{SourcePart, SourcePass, SourceReport};
use crate::log::timestamp::StampRules;
use crate::log::{
    Format, HEAD_BYTES, Input, InputError, Profile, ReadOptions, RecordBuffer, SourceFormat, TextCleaner,
};
use crate::rule::Program;
use crate::source::SourceId;

/// A source whose bytes a caller feeds. They are cleaned, and the format is detected once [`HEAD_BYTES`] of text or all
/// of it has come, so the size of the portions does not matter.
#[derive(Debug, Clone)]
pub(super) struct FedSource<'p> {
    id: SourceId,
    name: String,
    names: Vec<String>,
    cleaner: TextCleaner,
    reading: ReadOptions,
    part: SourcePart,
    /// The length of the text at the beginning that only helps to detect the format, because it was read before.
    n_before: usize,
    /// The number of lines before those that are fed.
    lines_before: u64,
    raw: RawTail,
    state: FedState<'p>,
}

#[derive(Debug, Clone)]
enum FedState<'p> {
    /// The cleaned text so far; too little to detect the format.
    Head(Vec<u8>),
    Text(Box<TextSource<'p>>),
}

#[derive(Debug, Clone)]
struct TextSource<'p> {
    records: RecordBuffer,
    pass: SourcePass<'p>,
}

impl<'p> FedSource<'p> {
    /// Begins a source. `input` only gives its names; `reading` says how to read it, and `part` which of its records.
    pub(super) fn new(id: SourceId, input: &Input, reading: ReadOptions, part: SourcePart) -> Self {
        FedSource {
            id,
            name: input.name.clone(),
            names: input.names(),
            cleaner: TextCleaner::default(),
            reading,
            part,
            n_before: 0,
            lines_before: 0,
            raw: RawTail::default(),
            state: FedState::Head(Vec::new()),
        }
    }

    /// Continues a source, of which nothing was fed yet, at line `line`. `head` are the first of the bytes before it.
    pub(super) fn after(self, head: &[u8], line: LineNo) -> Self {
        let head = &head[..head.len().min(HEAD_BYTES)];
        let text = clean_head(head);
        FedSource {
            cleaner: TextCleaner::after(head),
            n_before: text.len(),
            lines_before: line.saturating_sub(1),
            state: FedState::Head(text),
            ..self
        }
    }

    /// Returns the bytes that are not part of a complete record yet, as they came.
    pub(super) fn pending(&self) -> &[u8] {
        self.raw.bytes()
    }

    /// Returns the number of complete records, and of bytes in them.
    pub(super) fn complete(&self) -> (u64, u64) {
        match &self.state {
            FedState::Text(text) => text.pass.size(),
            FedState::Head(_) => (0, 0),
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], program: &'p Program) {
        let mut text = Vec::new();
        self.cleaner.push(bytes, &mut text);
        self.raw.push(bytes);
        if self.cleaner.is_binary() {
            self.raw.clear();
        } else if self.cleaner.is_decided() {
            self.take_text(&text, program);
        }
    }

    /// Notes that no more bytes come.
    pub(super) fn end(&mut self, program: &'p Program) {
        let mut text = Vec::new();
        self.cleaner.finish(&mut text);
        self.take_text(&text, program);
        if !self.cleaner.is_binary() {
            self.detect(program);
        }
        if let FedState::Text(text) = &mut self.state {
            text.records.end();
        }
    }

    fn take_text(&mut self, text: &[u8], program: &'p Program) {
        match &mut self.state {
            FedState::Head(head) => {
                head.extend_from_slice(text);
                if head.len() >= HEAD_BYTES {
                    self.detect(program);
                }
            }
            FedState::Text(source) => source.records.append(text),
        }
    }

    /// Passes the occurrences in the records that are whole by now to `note`.
    pub(super) fn find_occurrences(&mut self, plan: &MatchPlan<'p>, note: impl FnMut(Occurrence<'_>)) {
        let FedState::Text(text) = &mut self.state else { return self.raw.bound(&self.cleaner) };
        text.records.find_records();
        if let Some(chunk) = text.records.chunk() {
            text.pass.take_chunk(&chunk, plan, note);
        }
        self.raw.keep_open(text.records.given(), text.records.pending(), &self.cleaner);
    }

    /// Returns the report on the source, which must have ended; and an error if the source is not text, so that nothing
    /// was read.
    pub(super) fn report(&self, program: &'p Program, normal: Option<&Profile>) -> (SourceReport, Option<InputError>) {
        match &self.state {
            FedState::Text(text) => (text.pass.report(text.records.n_cut(), normal), None),
            FedState::Head(_) => {
                let records = RecordBuffer::new(SourceFormat::detect(b"", StampRules::default(), None));
                let pass = self.pass(program, records.format());
                (pass.report(0, None), Some(InputError::Binary { name: self.name.clone() }))
            }
        }
    }

    fn pass(&self, program: &'p Program, format: Format) -> SourcePass<'p> {
        SourcePass::new(program, self.id, (self.name.clone(), &self.names), format, self.part)
            .after_lines(self.lines_before)
    }

    /// Detects the format, if that is not done yet.
    fn detect(&mut self, program: &'p Program) {
        let FedState::Head(bytes) = &self.state else { return };
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        let mut records = RecordBuffer::new(self.reading.detect(head, None, &self.names));
        records.append(&bytes[self.n_before..]);
        let pass = self.pass(program, records.format());
        self.state = FedState::Text(Box::new(TextSource { records, pass }));
    }
}

/// Cleans the beginning of a source. Its last line may be cut, so it is ended.
fn clean_head(head: &[u8]) -> Vec<u8> {
    let (mut cleaner, mut text) = (TextCleaner::default(), Vec::new());
    cleaner.push(head, &mut text);
    cleaner.finish(&mut text);
    if text.last().is_some_and(|last| *last != b'\n') {
        text.push(b'\n');
    }
    text
}
