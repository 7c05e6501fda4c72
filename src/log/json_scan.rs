//! Scans one JSON value byte by byte, without building it: where it ends, and where its text stops being JSON.

use std::ops::Range;

/// The state of the scan of one value. It may be continued with the bytes that follow.
#[derive(Debug, Clone)]
pub(super) struct ValueScan {
    /// A bit for each open bracket, the innermost lowest: 1 for a list, 0 for an object.
    lists: u128,
    depth: u32,
    expected: Expected,
    within: Within,
    /// The place of the name that was read last, if it is a name in the outermost object.
    name: Range<usize>,
}

/// Which syntax may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Value,
    /// A value, or the end of an empty list.
    ValueOrClose,
    Name,
    /// A name, or the end of an empty object.
    NameOrClose,
    Colon,
    CommaOrClose,
}

/// The part of the syntax in which the scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Structure,
    Text {
        is_name: bool,
        is_escaped: bool,
    },
    /// A number, `true`, `false` or `null`.
    Word,
}

/// Where a scan stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// All bytes were scanned, and the value is not complete.
    More,
    /// The value ends before this offset.
    Closed(usize),
    /// The byte at this offset cannot be part of the value.
    Broken(usize),
    /// The value of a member of the outermost object begins at this offset.
    Member { name: Range<usize>, at: usize },
}

/// A value with more nested brackets is not scanned.
const MAX_DEPTH: u32 = 127;

impl ValueScan {
    pub(super) fn new() -> Self {
        ValueScan { lists: 0, depth: 0, expected: Expected::Value, within: Within::Structure, name: 0..0 }
    }

    /// Scans `bytes` to the end of the value.
    pub(super) fn finish(&mut self, bytes: &[u8]) -> Stop {
        let mut at = 0;
        loop {
            match self.next(bytes, &mut at) {
                Stop::Member { .. } => {}
                stop => return stop,
            }
        }
    }

    /// Scans `bytes` from `at` to the next stop. After a member, the scan goes on with the value of the member.
    pub(super) fn next(&mut self, bytes: &[u8], at: &mut usize) -> Stop {
        while let Some(byte) = bytes.get(*at).copied() {
            match self.within {
                Within::Text { .. } => {
                    if let Some(broken) = self.text(bytes, at) {
                        return broken;
                    }
                    continue;
                }
                Within::Word if is_word_byte(byte) => {
                    *at += 1;
                    continue;
                }
                Within::Word => {
                    self.within = Within::Structure;
                    if self.depth == 0 {
                        return Stop::Closed(*at);
                    }
                }
                Within::Structure => {}
            }
            let begins_member = self.depth == 1 && self.expected == Expected::Value && self.lists & 1 == 0;
            if !self.structure(byte, *at) {
                return Stop::Broken(*at);
            }
            *at += 1;
            if self.depth == 0 && self.expected == Expected::CommaOrClose && self.within == Within::Structure {
                return Stop::Closed(*at);
            }
            if begins_member && !byte.is_ascii_whitespace() {
                return Stop::Member { name: self.name.clone(), at: *at - 1 };
            }
        }
        Stop::More
    }

    /// Scans a text up to its end; returns a stop if a line ends within it, which JSON forbids.
    fn text(&mut self, bytes: &[u8], at: &mut usize) -> Option<Stop> {
        let Within::Text { is_name, is_escaped } = self.within else { return None };
        if is_escaped {
            *at += 1;
            self.within = Within::Text { is_name, is_escaped: false };
            return None;
        }
        let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[*at..]) else {
            *at = bytes.len();
            return None;
        };
        *at += found + 1;
        match bytes[*at - 1] {
            b'\\' => self.within = Within::Text { is_name, is_escaped: true },
            b'"' => {
                self.within = Within::Structure;
                self.expected = if is_name { Expected::Colon } else { Expected::CommaOrClose };
                if is_name && self.depth == 1 {
                    self.name.end = *at - 1;
                }
                if self.depth == 0 {
                    return Some(Stop::Closed(*at));
                }
            }
            _ => return Some(Stop::Broken(*at - 1)),
        }
        None
    }

    /// Reads a byte outside texts and words; false if it cannot come here.
    fn structure(&mut self, byte: u8, at: usize) -> bool {
        use Expected::{Colon, CommaOrClose, Name, NameOrClose, Value, ValueOrClose};
        let in_list = self.lists & 1 == 1;
        match (self.expected, byte) {
            (_, b' ' | b'\t' | b'\n' | b'\r') => {}
            (Value | ValueOrClose, b'{' | b'[') => return self.open(byte == b'['),
            (Value | ValueOrClose, b'"') => self.within = Within::Text { is_name: false, is_escaped: false },
            (Name | NameOrClose, b'"') => {
                self.within = Within::Text { is_name: true, is_escaped: false };
                if self.depth == 1 {
                    self.name = at + 1..at + 1;
                }
            }
            (Value | ValueOrClose, byte) if is_word_byte(byte) => {
                self.within = Within::Word;
                self.expected = CommaOrClose;
            }
            (Colon, b':') => self.expected = Value,
            (CommaOrClose, b',') => self.expected = if in_list { Value } else { Name },
            (CommaOrClose | ValueOrClose, b']') if in_list => self.close(),
            (CommaOrClose | NameOrClose, b'}') if !in_list => self.close(),
            _ => return false,
        }
        true
    }

    fn open(&mut self, is_list: bool) -> bool {
        self.lists = self.lists << 1 | u128::from(is_list);
        self.depth += 1;
        self.expected = if is_list { Expected::ValueOrClose } else { Expected::NameOrClose };
        self.depth <= MAX_DEPTH
    }

    fn close(&mut self) {
        self.lists >>= 1;
        self.depth -= 1;
        self.expected = Expected::CommaOrClose;
    }
}

/// Whether a number, `true`, `false` or `null` may contain `byte`.
pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, stop: Stop) {
        assert_eq!(ValueScan::new().finish(text.as_bytes()), stop, "{text}");
    }

    #[test]
    fn the_end_of_a_value_is_found() {
        check(r#"{"a":[1,{"b":"}\"]"}],"c":-1.5e3} rest"#, Stop::Closed(33));
        check("{} {", Stop::Closed(2));
        check("[]", Stop::Closed(2));
        check(r#""a\\" "#, Stop::Closed(5));
        check("true,", Stop::Closed(4));
        check("{\n \"a\" : null\n}", Stop::Closed(15));
    }

    #[test]
    fn an_unfinished_value_needs_more() {
        for text in ["", "{", "{\"a", "{\"a\":1,", "[[1", "12", "{\"a\":\"\\"] {
            check(text, Stop::More);
        }
    }

    #[test]
    fn text_that_is_no_json_is_noticed() {
        check("{a", Stop::Broken(1));
        check("{\"a\":\"x\n\"}", Stop::Broken(7));
        check("{\"a\":1]", Stop::Broken(6));
        check("{\"a\":1 2", Stop::Broken(7));
        check("{\"a\" 1", Stop::Broken(5));
        check("[1,]", Stop::Broken(3));
        check("{\"a\":1,\n2026", Stop::Broken(8));
        check(&"[".repeat(200), Stop::Broken(127));
    }

    #[test]
    fn members_of_the_outermost_object_are_told() {
        let text = br#"{"a":{"b":1},"c d" : [2]}"#;
        let (mut scan, mut at, mut names) = (ValueScan::new(), 0, Vec::new());
        let end = loop {
            match scan.next(text, &mut at) {
                Stop::Member { name, at } => names.push((String::from_utf8_lossy(&text[name]), text[at])),
                stop => break stop,
            }
        };
        assert_eq!(names, [("a".into(), b'{'), ("c d".into(), b'[')]);
        assert_eq!(end, Stop::Closed(25));
    }

    proptest! {
        #[test]
        fn a_scan_in_portions_ends_at_the_same_place(text in r#"[]{}\[",:a1\\ \n]{0,40}"#, cut in 0_usize..40) {
            let text = text.as_bytes();
            let cut = cut.min(text.len());
            let mut scan = ValueScan::new();
            let stop = match scan.finish(&text[..cut]) {
                Stop::More => match scan.finish(&text[cut..]) {
                    Stop::Closed(at) => Stop::Closed(cut + at),
                    Stop::Broken(at) => Stop::Broken(cut + at),
                    stop => stop,
                },
                stop => stop,
            };
            prop_assert_eq!(stop, ValueScan::new().finish(text));
        }

        #[test]
        fn what_closes_is_what_a_parser_accepts(text in r#"[]{}\[",:a1]{0,12}"#) {
            let parsed = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            if parsed && text.starts_with(['{', '[', '"']) {
                prop_assert_eq!(ValueScan::new().finish(text.as_bytes()), Stop::Closed(text.len()));
            }
        }
    }
}
