//! Tests of the cleaning of text: single cases, and equality with a naive cleaner.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(String::from_utf8_lossy(&cleaned(text.as_bytes())), expected);
}

#[track_caller]
fn check_kind(bytes: &[u8], is_binary: bool) {
    let (mut cleaner, mut out) = (TextCleaner::default(), Vec::new());
    cleaner.push(bytes, &mut out);
    cleaner.finish(&mut out);
    assert_eq!(cleaner.is_binary(), is_binary, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
}

#[test]
fn a_usual_text_is_unchanged() {
    for text in ["", "a", "a\nb\r\n\tc [0m é\n\r\n", "\x07bell\x08 and \x0c feed\n"] {
        check(text, text);
    }
}

#[test]
fn escape_sequences_are_removed() {
    check("a \x1b[31mERROR\x1b[0m b\n", "a ERROR b\n");
    check("\x1b[38;2;255;0;10;48:5:3mx\x1b[K\x1b[?25l\n", "x\n");
    check("\x1b]0;title\x07x \x1b]8;;http://h/p\x1b\\link\x1b]8;;\x1b\\\n", "x link\n");
    check("\x1b(Bx\x1b)0y\x1b=z\x1b7\x1bM\x1bPq#1\x1b\\!\n", "xyz!\n");
}

#[test]
fn an_escape_sequence_does_not_extend_over_a_line_end() {
    check("a\x1b[31\nb\x1b[\r\nc\x1b]0;no end\nd\x1b\ne\x1b", "a\nb\r\nc0;no end\nd\ne");
    check(&format!("\x1b[{}mx\n", "1;".repeat(200)), &format!("{}mx\n", &"1;".repeat(200)[256..]));
    let long = "t".repeat(5000);
    check(&format!("\x1b]{long}\x07x\n"), &format!("{long}\x07x\n"));
    check("\x1b]0;no end\x1b[1mx\n", "0;no endx\n");
    check("\x1b[3éx\n", "éx\n");
}

#[test]
fn colours_written_out_as_text_are_removed() {
    check("#033[0;31mERROR#033[0m a\\033[K\n", "ERROR a\n");
    check(r#"{"m":"\u001b[31mERR\u001b[0m \\u001B[1mx","p":"C:\\\u001b[0m"}"#, r#"{"m":"ERR x","p":"C:\\"}"#);
    check("\\x1b[1;32mok\\x1b[m \u{feff}\n\u{feff}#033[1mb\n", "ok \u{feff}\nb\n");
    for text in ["issue #033[x] u001b[1m [0m 1b[1m\n", "#033[1", "#033[1;2\n#033[?25h\n"] {
        check(text, text);
    }
}

#[test]
fn a_line_has_its_last_state_that_is_not_blank() {
    check("10%\r50%\r100%\nnext\n", "100%\nnext\n");
    check("10%\r100%\r\n", "100%\r\n");
    check("10%\r100%\r\r\n", "100%\r\n");
    check("10%\r     \r\n", "10%\r\n");
    check("10%\r     \rdone\nx", "done\nx");
    check("\n\rone\n\rtwo\n", "\none\ntwo\n");
    check("section_start:17:x\r\x1b[0K\x1b[36;1mtext\x1b[0;m\n", "text\n");
    check("a\n50%\r100%\r", "a\n100%\r");
}

#[test]
fn a_stamp_that_only_the_first_state_has_is_kept() {
    check("2026-11-12T10:00:00Z got 10%\rgot 100%\n", "2026-11-12T10:00:00Z got 10% got 100%\n");
    check("[10:00:00] 10%\r[10:00:01] 100%\n", "[10:00:01] 100%\n");
    check("2026-11-12T10:00:00Z got 10%\r\n", "2026-11-12T10:00:00Z got 10%\r\n");
}

#[test]
fn a_source_without_line_feeds_has_lines_that_end_with_carriage_returns() {
    check("one\rtwo\r\rthree", "one\ntwo\n\nthree");
    check("one\rtwo\nthree\n", "two\nthree\n");
    let head = "line\r".repeat(20_000);
    check(&format!("{head}a\r\nb\n"), &format!("{}a\nb\n", head.replace('\r', "\n")));
}

#[test]
fn holes_are_removed() {
    let hole = "\0".repeat(100_000);
    check(&format!("{hole}one\ntwo\n"), "one\ntwo\n");
    check(&format!("one\n{hole}two\n{hole}"), "one\ntwo\n");
    check(&format!("{}on{hole}e\n", "line\n".repeat(20_000)), &format!("{}one\n", "line\n".repeat(20_000)));
    check("one\0\ntwo\n", "one\ntwo\n");
}

#[test]
fn utf_16_that_was_appended_to_ascii_is_read() {
    let appended: String = "two\r\nthree\r\n".chars().flat_map(|c| [c, '\0']).collect();
    check(&format!("one\n{appended}"), "one\ntwo\r\nthree\r\n");
    check_kind(b"PATH=/bin\0HOME=/\0", true);
}

#[test]
fn byte_order_marks_at_the_start_of_lines_are_removed() {
    check("\u{feff}one\n\u{feff}\u{feff}two\n\u{feff}", "one\ntwo\n");
    check("\u{feff}one\r\n\u{feff}two \u{feff}x\n", "one\r\ntwo \u{feff}x\n");
    check("a\r\u{feff}b\n\0\u{feff}c\n", "b\nc\n");
}

#[test]
fn files_that_are_not_text_are_recognised() {
    check_kind(b"MZ\0\0", true);
    check_kind(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0", true);
    check_kind(&[0; 70_000], true);
    let login = [b"\x07\0\0\0\x35\x22\0\0pts/0".as_slice(), &[0; 27], b"ts/0bob", &[0; 29], b"10.0.0.9", &[0; 248]];
    check_kind(&login.concat().repeat(20), true);
    let random: Vec<u8> = (0..400_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    check_kind(&random, true);
    check_kind(&random.iter().map(|byte| byte | 1).collect::<Vec<_>>(), true);
}

#[test]
fn logs_with_unusual_bytes_are_text() {
    check_kind(b"", false);
    check_kind(b"gr\xfc\xdfe\n", false);
    check_kind(b"8=FIX.4.4\x0135=A\x0198=0\x01\n", false);
    check_kind(&[&[0; 4096], b"no line end".as_slice()].concat(), false);
    check_kind(&[b"\x83\x46\x83\x89\x81\x5b".repeat(3000), b"\n".to_vec()].concat(), false);
}

#[test]
fn the_beginning_of_a_long_line_is_given_out() {
    let long = "x".repeat(3 * line::MAX_LINE_BYTES);
    check(&format!("{long}\r50%\r100%\nnext\n"), &format!("{long}100%\nnext\n"));
    let text = format!("{}{long}\n", "a\n".repeat(40_000));
    check(&text, &text);
}

/// Cleans a text line by line: the definition that the fast cleaner has to agree with.
fn naive(text: &[u8]) -> Vec<u8> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| *byte != 0).collect();
    let mut out = Vec::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let (mut escape, mut plain) = (Escape::default(), Vec::new());
        let mut at = 0;
        while at < line.len() {
            let byte = line[at];
            if escape.is_open() {
                match escape.take(byte) {
                    Taken::Removed => at += 1,
                    Taken::Text(text) => plain.extend(text),
                }
                continue;
            }
            match byte {
                ESC => escape = Escape::Begun,
                _ => plain.push(byte),
            }
            at += 1;
        }
        plain.extend(escape.finish());
        let body = plain.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |last| last + 1);
        let (body, end) = plain.split_at(body);
        let blank = |state: &[u8]| state.iter().all(u8::is_ascii_whitespace);
        let mut states = body.split(|byte| *byte == b'\r');
        let last = states.clone().next_back().expect("a split has a part");
        let state = states.rfind(|state| !blank(state)).unwrap_or(last);
        append_without_written(line::without_mark(state), &mut out);
        match end {
            [] | [b'\n'] => out.extend_from_slice(end),
            [.., b'\n'] => out.extend_from_slice(b"\r\n"),
            _ => out.push(b'\r'),
        }
    }
    out
}

/// Parts of texts that matter to the cleaning.
const PARTS: [&str; 24] = [
    "a",
    "bc d",
    " ",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "\x1b",
    "\x1b[",
    "31m",
    "\x1b[0m",
    "\x1b]0;t",
    "\x07",
    "\x1b\\",
    "(B",
    "\u{feff}",
    "é",
    "]",
    "\x1b[1;3",
    "\\",
    "\\u001b[1m",
    "#033[0;3",
    "\\x1B[K",
];

fn texts() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..40).prop_map(|parts| parts.concat().into_bytes())
}

/// Cleans `text` in portions, whose lengths are repeated as needed.
fn in_portions(text: &[u8], lens: &[usize]) -> (Vec<u8>, bool) {
    let (mut cleaner, mut out) = (TextCleaner::default(), Vec::new());
    let (mut rest, mut lens) = (text, lens.iter().cycle());
    while !rest.is_empty() {
        let (portion, after) = rest.split_at((*lens.next().expect("a cycle does not end")).min(rest.len()));
        cleaner.push(portion, &mut out);
        rest = after;
    }
    cleaner.finish(&mut out);
    (out, cleaner.is_binary())
}

proptest! {
    #[test]
    fn any_portions_give_the_same_text(
        text in texts(), filler in prop_oneof![Just(0_usize), Just(65_500)], lens in prop::collection::vec(1_usize..9, 1..9),
    ) {
        let text = [b"filler\n".repeat(filler / 7), text].concat();
        let lens: Vec<usize> = lens.into_iter().map(|len| if filler > 0 { len * 1009 } else { len }).collect();
        prop_assert_eq!(in_portions(&text, &lens), in_portions(&text, &[text.len().max(1)]));
    }

    #[test]
    fn the_fast_cleaner_agrees_with_the_naive_one(text in texts(), lens in prop::collection::vec(1_usize..9, 1..9)) {
        // The first lines decide that the source is text with line feeds, whatever follows.
        let text = [b"x\n".repeat(64).as_slice(), &text].concat();
        prop_assert_eq!(in_portions(&text, &lens).0, naive(&text));
    }

    #[test]
    fn lines_keep_their_numbers(text in texts()) {
        let text = [b"x\n".repeat(64).as_slice(), &text].concat();
        let count = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count();
        prop_assert_eq!(count(&cleaned(&text)), count(&text));
    }

    #[test]
    fn any_bytes_are_cleaned(bytes in prop::collection::vec(any::<u8>(), 0..300), lens in prop::collection::vec(1_usize..40, 1..5)) {
        prop_assert_eq!(in_portions(&bytes, &lens), in_portions(&bytes, &[300]));
    }
}
