//! A source whose bytes a caller feeds in portions.

use super::finding::LineNo;
use super::occurrence::Occurrence;
use super::plan::MatchPlan;
use super::source_pass::{SourcePass, SourceReport};
use crate::log::{HEAD_BYTES, Input, InputError, Profile, ReadOptions, RecordBuffer, SourceFormat, is_binary};
use crate::rule::Program;
use crate::source::SourceId;

/// A source whose bytes a caller feeds. Its format is detected once [`HEAD_BYTES`] or all of its bytes have come, so
/// the size of the portions does not matter.
#[derive(Debug, Clone)]
pub(super) struct FedSource<'p> {
    id: SourceId,
    name: String,
    names: Vec<String>,
    /// The number of bytes at the beginning that only help to detect the format, because they were read before.
    n_before: usize,
    /// The number of lines before those that are fed.
    lines_before: u64,
    state: FedState<'p>,
}

#[derive(Debug, Clone)]
enum FedState<'p> {
    /// The bytes so far; too few to detect the format.
    Head(Vec<u8>),
    Text(Box<TextSource<'p>>),
    /// The source is not text; its bytes are dropped.
    Binary,
}

#[derive(Debug, Clone)]
struct TextSource<'p> {
    records: RecordBuffer,
    pass: SourcePass<'p>,
}

impl<'p> FedSource<'p> {
    /// Begins a source. `input` only gives its names.
    pub(super) fn new(id: SourceId, input: &Input) -> Self {
        FedSource::within(id, input, b"", 1)
    }

    /// Begins a source whose first bytes, `head`, were read before. `line` is the number of the first line that is fed.
    pub(super) fn within(id: SourceId, input: &Input, head: &[u8], line: LineNo) -> Self {
        let head = &head[..head.len().min(HEAD_BYTES)];
        FedSource {
            id,
            name: input.name.clone(),
            names: input.names(),
            n_before: head.len(),
            lines_before: line.saturating_sub(1),
            state: FedState::Head(head.to_vec()),
        }
    }

    /// Returns the bytes that are not part of a complete record yet.
    pub(super) fn pending(&self) -> &[u8] {
        match &self.state {
            FedState::Head(head) => &head[self.n_before..],
            FedState::Text(text) => text.records.pending(),
            FedState::Binary => &[],
        }
    }

    /// Returns the number of complete records.
    pub(super) fn n_complete(&self) -> u64 {
        match &self.state {
            FedState::Text(text) => text.pass.n_records(),
            FedState::Head(_) | FedState::Binary => 0,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], program: &'p Program, options: &ReadOptions) {
        match &mut self.state {
            FedState::Head(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD_BYTES {
                    self.detect(program, options);
                }
            }
            FedState::Text(text) => text.records.append(bytes),
            FedState::Binary => {}
        }
    }

    /// Notes that no more bytes come.
    pub(super) fn end(&mut self, program: &'p Program, options: &ReadOptions) {
        self.detect(program, options);
        if let FedState::Text(text) = &mut self.state {
            text.records.end();
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
            FedState::Head(_) | FedState::Binary => {
                let records = RecordBuffer::new(SourceFormat::detect(b"", jiff::Timestamp::UNIX_EPOCH, None));
                let pass = SourcePass::new(program, self.id, self.name.clone(), &self.names, records.format());
                (pass.report(0, None), Some(InputError::Binary { name: self.name.clone() }))
            }
        }
    }

    /// Detects the format, if that is not done yet.
    fn detect(&mut self, program: &'p Program, options: &ReadOptions) {
        let FedState::Head(bytes) = &self.state else { return };
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        if is_binary(head) {
            self.state = FedState::Binary;
            return;
        }
        let mut records = RecordBuffer::new(SourceFormat::detect(head, options.now, options.format));
        records.append(&bytes[self.n_before..]);
        let pass = SourcePass::new(program, self.id, self.name.clone(), &self.names, records.format());
        let pass = pass.after_lines(self.lines_before);
        self.state = FedState::Text(Box::new(TextSource { records, pass }));
    }
}
