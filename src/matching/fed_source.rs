//! A source whose bytes a caller feeds in portions.

use super::occurrence::Occurrence;
use super::plan::MatchPlan;
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
        let (cleaner, state) = (TextCleaner::default(), FedState::Head(Vec::new()));
        FedSource { id, name: input.name.clone(), names: input.names(), cleaner, reading, part, state }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], program: &'p Program) {
        let mut text = Vec::new();
        self.cleaner.push(bytes, &mut text);
        self.take_text(&text, program);
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
        if let FedState::Text(text) = &mut self.state
            && text.records.find_records()
            && let Some(chunk) = text.records.chunk()
        {
            text.pass.take_chunk(&chunk, plan, note);
        }
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
    }

    /// Detects the format, if that is not done yet.
    fn detect(&mut self, program: &'p Program) {
        let FedState::Head(bytes) = &self.state else { return };
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        let mut records =
            RecordBuffer::new(SourceFormat::detect(head, self.reading.stamp_rules(None), self.reading.format));
        records.append(bytes);
        let pass = self.pass(program, records.format());
        self.state = FedState::Text(Box::new(TextSource { records, pass }));
    }
}
