//! Codes, events and messages in canonical form: shared by articles, queries and records.
//!
//! [`find`] knows what can be told from the text alone: codes, events, replies. Messages take an article's layout to find,
//! so `article` finds those.

mod code;
mod event;
mod reply;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::source::Span;

/// What an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentifierKind {
    /// The text of a message that a product prints.
    Message,
    /// HRESULT, NTSTATUS, Win32: hex, decimal or symbolic.
    Code,
    /// The code of a STOP screen.
    Stop,
    /// An event id, with its source where one is given: `MSExchangeIMC/9035`.
    Event,
    /// A reply of a protocol: `smtp 421`.
    Reply,
    /// A file, with its version where one is given: `ntoskrnl.exe 4.0.1381.4`.
    File,
    /// A registry path, its root abbreviated: `HKLM\System\CurrentControlSet`.
    Registry,
    /// A URL.
    Url,
}

impl IdentifierKind {
    /// The name used in reports, JSON and queries.
    pub fn name(self) -> &'static str {
        match self {
            IdentifierKind::Message => "message",
            IdentifierKind::Code => "code",
            IdentifierKind::Stop => "stop",
            IdentifierKind::Event => "event",
            IdentifierKind::Reply => "reply",
            IdentifierKind::File => "file",
            IdentifierKind::Registry => "registry",
            IdentifierKind::Url => "url",
        }
    }
}

/// An identifier in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is; never [`IdentifierKind::Message`] from [`find`].
    pub kind: IdentifierKind,
    /// Canonical form: `0x8007000e`, `MSExchangeIMC/9035`, `smtp 421`.
    pub value: String,
    /// Where it stands, as printed.
    pub span: Span,
}

/// The codes, event ids and protocol replies in `text`, in order of their places.
///
/// One scan for the few literals that every identifier but a reply starts with, so that text without any costs little.
/// Replies are three digits at the beginning of a line, which running text also has now and then.
pub fn find(text: &str) -> Vec<Found> {
    /// What [`code`] and [`event`] are tried at.
    const TRIGGERS: [(&str, Trigger); 9] = [
        ("0x", Trigger::Hex),
        ("0X", Trigger::Hex),
        ("-21", Trigger::Decimal),
        ("-10", Trigger::Decimal),
        ("E_", Trigger::Symbol),
        ("STATUS_", Trigger::Symbol),
        ("Event", Trigger::Event),
        ("event", Trigger::Event),
        ("EVENT", Trigger::Event),
    ];
    static SCAN: LazyLock<AhoCorasick> = LazyLock::new(|| {
        AhoCorasick::new(TRIGGERS.map(|(literal, _)| literal)).expect("nine short literals make an automaton")
    });
    let mut found: Vec<Found> = Vec::new();
    for hit in SCAN.find_iter(text) {
        let taken = found.last().map_or(0, |last| last.span.end);
        if hit.start() < taken {
            continue;
        }
        found.extend(match TRIGGERS[hit.pattern().as_usize()].1 {
            Trigger::Hex => code::hex(text, hit.start()),
            Trigger::Decimal => code::decimal(text, hit.start()),
            Trigger::Symbol => code::symbolic(text, hit.start()),
            Trigger::Event => event::at(text, hit.start(), taken),
        });
    }
    let n_scanned = found.len();
    found.extend(reply::find(text));
    if found.len() > n_scanned {
        found.sort_by_key(|identifier| identifier.span.start);
    }
    found
}

#[derive(Clone, Copy)]
enum Trigger {
    Hex,
    Decimal,
    Symbol,
    Event,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expect: &[(IdentifierKind, &str, &str)]) {
        let found = find(text);
        let found: Vec<_> = found.iter().map(|f| (f.kind, f.value.as_str(), &text[f.span.start..f.span.end])).collect();
        assert_eq!(found, expect);
    }

    use IdentifierKind::{Code, Event, Reply};

    #[test]
    fn one_code_has_one_form() {
        for spelling in ["0x8007000E", "0X8007000e", "-2147024882", "E_OUTOFMEMORY"] {
            check(&format!("failed: {spelling}."), &[(Code, "0x8007000e", spelling)]);
        }
    }

    #[test]
    fn short_hex_numbers_are_codes_only_where_they_are_called_so() {
        check(
            "STOP 0x1E, error 0x6ba, Error code: 0x5",
            &[(Code, "0x0000001e", "0x1E"), (Code, "0x000006ba", "0x6ba"), (Code, "0x00000005", "0x5")],
        );
        check("outp(0x3F8, 0x1); mask 0xFFFF; at 0x0; 0xFFFFFFFFC0000005; 0x80040e14h; a0x80040e14", &[]);
    }

    #[test]
    fn other_numbers_and_names_are_no_codes() {
        check("-21 -2100 -1073 1-2147024882 -21470248821 FILE_NAME E_ E_NOSUCH DATE_E_FAIL STATUS_ME", &[]);
    }

    #[test]
    fn events_take_the_source_of_their_block() {
        check("Event ID: 9035\nSource: MSExchangeIMC\nType: Error", &[(Event, "MSExchangeIMC/9035", "Event ID: 9035")]);
        check(
            "Event Source:\tREPLICATOR\nEvent Category:\tNone\nEvent ID:\t3216\n",
            &[(Event, "REPLICATOR/3216", "Event ID:\t3216")],
        );
        check("EVENT ID: 13005 Source: MS IMAP4 TYPE: Information", &[(Event, "MS IMAP4/13005", "EVENT ID: 13005")]);
        check("Event ID: 7\nSource: Doctor with the (x)", &[(Event, "Doctor/7", "Event ID: 7")]);
        check(
            "Event ID: 1\nSource: Srv,\n\nEvent ID: 2\n\nSource: Other",
            &[(Event, "Srv/1", "Event ID: 1"), (Event, "2", "Event ID: 2")],
        );
    }

    #[test]
    fn events_have_many_spellings() {
        for spelling in
            ["Event ID 9035", "event id=9035", "EventID: 9035", "Event Id : 9035", "Event ID (9035", "Event 9035"]
        {
            check(&format!("an {spelling} x"), &[(Event, "9035", spelling)]);
        }
        check("events 9035, prevent 9035, Event 9, Event handler 9035, Event ID none, Event ID: 12345678901", &[]);
    }

    #[test]
    fn replies_stand_at_the_beginning_of_a_line() {
        check(
            "421 Host is busy\n<<< 554 5.1.8 Sender\n   550-Denied",
            &[(Reply, "smtp 421", "421"), (Reply, "smtp 554", "554"), (Reply, "smtp 550", "550")],
        );
        check(
            "404 Not Found\n403 Forbidden\n480 Authentication required",
            &[(Reply, "http 404", "404"), (Reply, "http 403", "403"), (Reply, "nntp 480", "480")],
        );
        check("in 421 cases\n421st\n4210 x\n450 lines\n220 Ready\n421", &[]);
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text_on_borders_and_in_order(
            text in "(Event ID: |Source: |0x|8007000E|E_FAIL|-2147024882|421 Busy|\\PC|\n| ){0,30}",
        ) {
            let mut last = 0;
            for found in find(&text) {
                prop_assert!(text.get(found.span.start..found.span.end).is_some_and(|printed| !printed.is_empty()));
                prop_assert!(last <= found.span.start);
                last = found.span.start;
            }
        }
    }
}
