//! The bytes of a fed source, as they came, that belong to no complete record. A caller that ends can continue there.
//!
//! Cleaning changes the bytes of a line but not the number of lines, so lines are counted from the end to find the place
//! in the raw bytes that belongs to a place in the text.

use crate::log::TextCleaner;

/// The most bytes that are kept. An open record has at most 256 KiB of text; only a record that consists nearly
/// completely of what cleaning removes is longer, and its beginning is given up.
const MAX_RAW_BYTES: usize = 4 << 20;

#[derive(Debug, Clone, Default)]
pub(super) struct RawTail {
    bytes: Vec<u8>,
    /// Whether a complete record ends within the line with which the open text begins.
    in_line: bool,
}

impl RawTail {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Drops what belongs to complete records. `given` is the text of those found last, and `open` the text after it, to
    /// which `cleaner` will add what it holds back.
    pub(super) fn keep_open(&mut self, given: &[u8], open: &[u8], cleaner: &TextCleaner) {
        if let Some(last) = given.last() {
            self.in_line = *last != b'\n';
        }
        let start = if self.in_line { self.start_in_line(open, cleaner) } else { self.start_of_line(open, cleaner) };
        self.bytes.drain(..start);
        self.bound(cleaner);
    }

    /// Drops the beginning if there are too many bytes: whole lines, if possible.
    pub(super) fn bound(&mut self, cleaner: &TextCleaner) {
        let Some(excess) = self.bytes.len().checked_sub(MAX_RAW_BYTES).filter(|excess| *excess > 0) else { return };
        let line = line_ends(&self.bytes[excess..], cleaner).last();
        self.bytes.drain(..excess + line.unwrap_or(0));
    }

    /// Returns the place of `open`, which begins with a line.
    fn start_of_line(&self, open: &[u8], cleaner: &TextCleaner) -> usize {
        line_ends(&self.bytes, cleaner).nth(n_lines(open)).unwrap_or(0)
    }

    /// Returns the place of `open`, which begins within a line. If the rest of this line is not the same as before it was
    /// cleaned, its place is not known. Then it is that after the line, so that no record of the line counts twice.
    fn start_in_line(&self, open: &[u8], cleaner: &TextCleaner) -> usize {
        let (line, end) = match memchr::memchr(b'\n', open) {
            Some(newline) => {
                let end = line_ends(&self.bytes, cleaner).nth(n_lines(open) - 1);
                (&open[..=newline], end.unwrap_or(0))
            }
            None => (open, self.bytes.len().saturating_sub(cleaner.n_held())),
        };
        if self.bytes[..end].ends_with(line) { end - line.len() } else { end }
    }
}

fn n_lines(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count()
}

/// Returns the places after the line ends of raw bytes, last one first.
fn line_ends<'b>(bytes: &'b [u8], cleaner: &TextCleaner) -> impl Iterator<Item = usize> + 'b {
    let cr_only = cleaner.is_cr_only();
    let is_end = move |at: &usize| match bytes[*at] {
        b'\n' => true,
        _ => cr_only && bytes.get(at + 1) != Some(&b'\n'),
    };
    memchr::memrchr2_iter(b'\n', if cr_only { b'\r' } else { b'\n' }, bytes).filter(is_end).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::log::Input;
    use crate::matching::{Finding, Pass, ScanOptions};
    use crate::rule::{Program, RuleText};
    use crate::source::SourceId;

    const RULES: &str = "symptom pump_hums \"Pump {n} hums\" { match \"pump {n:int} hums\" }\n";

    fn program() -> Program {
        crate::rule::load(&[RuleText { path: "t.rules".into(), text: RULES.into() }], None).0
    }

    fn following(program: &Program, findings: Vec<Finding>) -> Pass<'_> {
        Pass::following(program, ScanOptions::at("2016-06-01T00:00:00Z".parse().expect("an instant")), findings)
    }

    fn feed(pass: &mut Pass<'_>, source: SourceId, log: &[u8], portion: usize) {
        log.chunks(portion).for_each(|bytes| pass.feed(source, bytes));
    }

    /// Reads `log` with `pass`, which has found everything before `at`.
    fn read_from(mut pass: Pass<'_>, log: &[u8], at: usize, line_end: u8, portion: usize) -> Vec<Finding> {
        let line = 1 + memchr::memchr_iter(line_end, &log[..at]).count() as u64;
        let source = pass.open_at(&Input::bytes("x", []), &log[..at], line);
        feed(&mut pass, source, &log[at..], portion);
        pass.finish().findings
    }

    /// Reads `log` up to `cut`, and the rest in a second pass.
    fn read_twice(program: &Program, log: &[u8], cut: usize, line_end: u8, portion: usize) -> Vec<Finding> {
        let mut first = following(program, Vec::new());
        let source = first.open(&Input::bytes("x", []));
        feed(&mut first, source, &log[..cut], portion);
        let pending = first.pending(source);
        assert!(log[..cut].ends_with(pending));
        let at = cut - pending.len();
        read_from(following(program, first.findings_so_far()), log, at, line_end, portion)
    }

    #[test]
    fn a_second_pass_continues_within_a_line_of_several_records() {
        let program = program();
        let pretty = "{\n \"msg\": \"pump 7 hums\"\n}\n".repeat(4_000);
        let line = "{\"msg\":\"pump 1 hums\"},{\"msg\":\"pump 2 hums\"},{\"msg\":\"pump 3 hums\"}\n";
        let log = format!("{pretty}{line}");
        let counts = |findings: Vec<Finding>| findings.iter().map(|finding| finding.count).collect::<Vec<_>>();
        for back in 0..line.len() {
            let found = read_twice(&program, log.as_bytes(), log.len() - back, b'\n', 50_000);
            assert_eq!(counts(found), [4_000, 1, 1, 1], "{back}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn a_second_pass_finds_what_one_pass_finds(
            texts in proptest::collection::vec("(\x1b\\[3[0-7]m|\0{1,40}|[0-9]{1,2}%\r|\x1b]0;t\x07|\u{feff}|x| ){0,4}pump [12] hums(\x1b\\[0m|\0|\r| y){0,2}", 1..30),
            stamps in proptest::collection::vec(any::<bool>(), 30),
            line_end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
            n_quiet in 1_000_usize..1_800, cut in any::<prop::sample::Index>(), portion in 1_usize..9_000,
        ) {
            let program = program();
            let mut log = format!("2016-01-01 10:00:00 INFO all is quiet around here{line_end}").repeat(n_quiet);
            for (text, is_stamped) in texts.iter().zip(stamps) {
                log.push_str(if is_stamped { "2016-01-01 10:01:00 " } else { " " });
                log.push_str(text);
                log.push_str(line_end);
            }
            let (log, byte) = (log.as_bytes(), line_end.as_bytes()[line_end.len() - 1]);
            let late = log.len().min(3_000);
            let cut = log.len() - cut.index(late);
            let once = read_from(following(&program, Vec::new()), log, 0, byte, log.len());
            prop_assert_eq!(read_twice(&program, log, cut, byte, portion), once);
        }
    }
}
