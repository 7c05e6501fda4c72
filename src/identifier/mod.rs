//! Codes, events, files and messages in canonical form, for articles, queries and records.
//!
//! [`find`] finds the identifiers that the text alone shows. Messages depend on the layout of an article, so `article`
//! finds them. Replies of protocols depend on the beginning of a line, so [`reply_at`] finds them.

mod around;
mod code;
mod event;
mod file;
mod registry;
mod reply;
mod symbol;
mod url;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::source::Span;

pub use symbol::names_of;

/// The kind of an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentifierKind {
    /// The text of a message that a product prints.
    Message,
    /// An error code (HRESULT, NTSTATUS or Win32), written in hex, in decimal or by name.
    Code,
    /// The code of a STOP screen, `stop 0x0000000a`, or with the place in memory, `stop 0x0000000a at 0x80139xxx`.
    Stop,
    /// An event id, with its source if the text gives one: `MSExchangeIMC/9035`.
    Event,
    /// A reply of a protocol: `smtp 421`.
    Reply,
    /// A program, library or driver, with its version if the text gives one: `ntoskrnl.exe 4.0.1381.4`.
    File,
    /// A registry path in lower case, with its root abbreviated: `hklm\system\currentcontrolset`.
    Registry,
    /// A URL, with scheme and host in lower case.
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
pub struct FoundIdentifier {
    /// The kind; never [`IdentifierKind::Message`] from [`find`].
    pub kind: IdentifierKind,
    /// Canonical form: `0x8007000e`, `MSExchangeIMC/9035`, `smtp 421`.
    pub value: String,
    /// Its place in the text.
    pub span: Span,
}

/// The terms by which an identifier is looked up: its value; for a file with a version also its name; for an event with
/// a source also its number; for a STOP code with a place also the code alone. None for messages, which are searched as
/// text, and for URLs.
pub fn terms(kind: IdentifierKind, value: &str) -> impl Iterator<Item = &str> {
    let short = match kind {
        IdentifierKind::File => value.split_once(' ').map(|(name, _)| name),
        IdentifierKind::Event => value.rsplit_once('/').map(|(_, number)| number),
        IdentifierKind::Stop => value.split_once(" at ").map(|(code, _)| code),
        IdentifierKind::Message
        | IdentifierKind::Code
        | IdentifierKind::Reply
        | IdentifierKind::Registry
        | IdentifierKind::Url => None,
    };
    let is_term = !matches!(kind, IdentifierKind::Message | IdentifierKind::Url);
    is_term.then_some(value).into_iter().chain(short)
}

/// The codes, events, files, registry paths and URLs in `text`, in order and without overlap.
///
/// Searches once for the literals of which every identifier contains one, so text without identifiers costs little.
/// Takes time linear in the text. Does not find replies that only their place in a line shows; [`reply_at`] does.
pub fn find(text: &str) -> Vec<FoundIdentifier> {
    let mut found: Vec<FoundIdentifier> = Vec::new();
    let mut taken = 0;
    let mut last_event = 0;
    let mut parameters = 0..0;
    let mut pages = Vec::new();
    for hit in SCAN.automaton.find_iter(text) {
        let at = hit.start();
        if at < taken {
            continue;
        }
        let one = match SCAN.triggers[hit.pattern()] {
            Trigger::Hex => code::hex(text, at),
            Trigger::BasicHex => code::basic_hex(text, at),
            Trigger::BareHex => code::bare_hex(text, at),
            Trigger::Negative => code::negative(text, at),
            Trigger::Unsigned => code::unsigned(text, at),
            Trigger::Owner(owner) => code::owned(text, at, owner),
            Trigger::Underscore => name(text, word_around(text, at)),
            Trigger::Winsock => name(text, word_around(text, at)),
            Trigger::Event => event::at(text, at, last_event),
            Trigger::Http => url::at(text, at).or_else(|| reply::http(text, at)),
            Trigger::Url => url::at(text, at),
            Trigger::Root(root) => registry::at(text, at, at + registry::ROOTS[root].0.len()),
            Trigger::File => file::at(text, at, hit.len(), taken),
        };
        let is_parameter = |one: &FoundIdentifier| parameters.contains(&one.span.start) && !code::is_status(one);
        let Some(one) = one.filter(|one| one.span.start >= taken && !is_parameter(one)) else { continue };
        match one.kind {
            IdentifierKind::Stop => {
                for (value, place) in code::stop_parameters(text, one.span.end) {
                    parameters = one.span.end..place.end;
                    pages.extend(code::stop_page(&one, value, place));
                }
            }
            IdentifierKind::Event => last_event = one.span.end,
            _ => {}
        }
        taken = one.span.end;
        found.push(one);
    }
    if !pages.is_empty() {
        found.extend(pages);
        found.sort_by_key(|one| one.span.start);
    }
    found
}

/// The error reply of a protocol with which the line or message at byte `start` of `text` begins: `smtp 550`, and `smtp
/// 5.7.1` if an enhanced status follows.
pub fn reply_at(text: &str, start: usize) -> impl Iterator<Item = FoundIdentifier> {
    reply::at(text, start).into_iter().flatten()
}

/// The kind of identifier that a literal may be part of.
#[derive(Debug, Clone, Copy)]
enum Trigger {
    Hex,
    BasicHex,
    BareHex,
    Negative,
    Unsigned,
    /// Index into [`code::OWNERS`].
    Owner(usize),
    Underscore,
    Winsock,
    Event,
    Http,
    Url,
    /// Index into [`registry::ROOTS`].
    Root(usize),
    File,
}

/// The literals to search for, in lower case. Digits are the first digits of error codes in each spelling.
const TRIGGERS: [(&str, Trigger); 15] = [
    ("0x", Trigger::Hex),
    ("&h", Trigger::BasicHex),
    ("80", Trigger::BareHex),
    ("c0", Trigger::BareHex),
    ("c1", Trigger::BareHex),
    ("-21", Trigger::Negative),
    ("-10", Trigger::Negative),
    ("214", Trigger::Unsigned),
    ("322", Trigger::Unsigned),
    ("_", Trigger::Underscore),
    ("wsa", Trigger::Winsock),
    ("event", Trigger::Event),
    ("http", Trigger::Http),
    ("ftp://", Trigger::Url),
    ("www.", Trigger::Url),
];

struct TriggerScan {
    automaton: AhoCorasick,
    /// The trigger of each literal, by its index in the automaton.
    triggers: Vec<Trigger>,
}

static SCAN: LazyLock<TriggerScan> = LazyLock::new(|| {
    let owners = code::OWNERS.iter().enumerate().map(|(index, (name, _))| (*name, Trigger::Owner(index)));
    // Long roots contain a `_`, which finds them.
    let short = registry::ROOTS.iter().enumerate().filter(|(_, (name, _))| !name.contains('_'));
    let roots = short.map(|(index, (name, _))| (*name, Trigger::Root(index)));
    let files = file::EXTENSIONS.iter().map(|ending| (*ending, Trigger::File));
    let (literals, triggers): (Vec<&str>, Vec<Trigger>) =
        TRIGGERS.into_iter().chain(owners).chain(roots).chain(files).unzip();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(literals)
        .expect("some dozen short literals make an automaton");
    TriggerScan { automaton, triggers }
});

/// Returns the word around `at`, which is the place of its first `_` or its beginning. Empty for a later `_`, because
/// the word was looked up at the first one. Cut if it is longer than any name.
fn word_around(text: &str, at: usize) -> Range<usize> {
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
    let (before, after) = text.as_bytes().split_at(at);
    let start = at - before.iter().rev().take(symbol::LONGEST).take_while(is_part).count();
    if text[start..at].contains('_') {
        return at..at;
    }
    start..at + after.iter().take(symbol::LONGEST + 1).take_while(is_part).count()
}

/// The registry root or code whose name is `word`.
fn name(text: &str, word: Range<usize>) -> Option<FoundIdentifier> {
    match text.get(word.start..word.start + 5) {
        Some(start) if start.eq_ignore_ascii_case("hkey_") => registry::at(text, word.start, word.end),
        _ => around::is_apart(text, word.start, word.end).then(|| code::symbolic(text, word)).flatten(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use IdentifierKind::{Code, Event, File, Registry, Reply, Stop, Url};

    #[track_caller]
    fn check(text: &str, expect: &[(IdentifierKind, &str, &str)]) {
        let found = find(text);
        let found: Vec<_> = found.iter().map(|f| (f.kind, f.value.as_str(), &text[f.span.start..f.span.end])).collect();
        assert_eq!(found, expect, "{text}");
    }

    /// Checks that every spelling in a sentence gives this value, with the spelling as its span.
    #[track_caller]
    fn one_form(kind: IdentifierKind, value: &str, spellings: &[&str]) {
        for spelling in spellings {
            check(&format!("failed: {spelling}."), &[(kind, value, spelling)]);
        }
    }

    #[test]
    fn one_code_has_one_form() {
        one_form(
            Code,
            "0x8007000e",
            &["0x8007000E", "0X8007000e", "-2147024882", "2147942414", "E_OUTOFMEMORY", "8007000eh", "&H8007000E"],
        );
        one_form(Code, "0xc0000005", &["0xC0000005", "-1073741819", "3221225477", "STATUS_ACCESS_VIOLATION"]);
        one_form(Code, "0x8004010f", &["MAPI_E_NOT_FOUND", "0x8004010F", "8004010Fh"]);
        one_form(Code, "0x8007274d", &["WSAECONNREFUSED", "0x8007274D"]);
        one_form(Code, "0x800708ad", &["NERR_UserNotFound"]);
    }

    #[test]
    fn a_win32_error_is_the_code_that_wraps_it() {
        let access_denied = |printed| (Code, "0x80070005", printed);
        check(
            "System error 5 has occurred: ERROR_ACCESS_DENIED, E_ACCESSDENIED",
            &[access_denied("5"), access_denied("ERROR_ACCESS_DENIED"), access_denied("E_ACCESSDENIED")],
        );
        check("Win32 Error = 0x5, Windows NT error code 5", &[access_denied("0x5"), access_denied("5")]);
        check("WIN32 error 1722.", &[(Code, "0x800706ba", "1722")]);
        check(
            "Socket error: 10061; sockets error 10061",
            &[(Code, "0x8007274d", "10061"), (Code, "0x8007274d", "10061")],
        );
        check("NET HELPMSG 3534", &[(Code, "0x80070dce", "3534")]);
        check(
            "error 5, System error 0, system error 5 times, system error 99999, socket error 123, file system error 5.1",
            &[],
        );
    }

    #[test]
    fn short_hex_numbers_are_codes_only_where_they_are_called_so() {
        check("error 0x6ba, Error code: 0x5", &[(Code, "0x000006ba", "0x6ba"), (Code, "0x00000005", "0x5")]);
        check("outp(0x3F8, 0x1); mask 0xFFFF; at 0x0; 0xFFFFFFFFC0000005; 0x80040e14h; a0x80040e14", &[]);
        check("memory at 0x00000000, Thread = 0x000000DC, REG_DWORD 0x00000001, 0x80000000 0xFFFFFFFF", &[]);
    }

    #[test]
    fn eight_hex_digits_are_a_code_where_something_says_so() {
        let code = |printed| (Code, "0x80040e14", printed);
        check("(80040e14) 'error 80040E14' and \"80040e14\"", &[code("80040e14"), code("80040E14"), code("80040e14")]);
        check("error number: c1010aae", &[(Code, "0xc1010aae", "c1010aae")]);
        check("80040e14 (80040814) {80040e14} 80040e14-0000 x80040e14 (00040e14) (80040e14f)", &[]);
    }

    #[test]
    fn other_numbers_and_names_are_no_codes() {
        check("-21 -2100 -1073 1-2147024882 -21470248821 FILE_NAME E_ E_NOSUCH DATE_E_FAIL STATUS_ME", &[]);
        check("HKEY_USERS = &H80000003, -2147483645, &HFFFFFFFF, 2147483648 bytes, 2158018597 2415919103", &[]);
        check("e_fail E_FAIL_ _E_FAIL newsagent wsa WSA_ 1,2147942405", &[]);
    }

    #[test]
    fn stop_codes_are_of_a_kind_of_their_own() {
        for text in ["STOP: 0x0000000A (", "Stop 0xA", "*** STOP 0x0A", "stop error 0x0000000a"] {
            let found = find(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!((found[0].kind, found[0].value.as_str()), (Stop, "stop 0x0000000a"));
        }
        check(
            "*** STOP: 0x0000001E (0xC0000005, 0x80131d0b, 0x00000000,\n 0x8000000f)\nKMODE_EXCEPTION_NOT_HANDLED 0xC0000005",
            &[
                (Stop, "stop 0x0000001e", "0x0000001E"),
                (Code, "0xc0000005", "0xC0000005"),
                (Stop, "stop 0x0000001e at 0x80131xxx", "0x80131d0b"),
                (Stop, "stop 0x0000001e at 0x80000xxx", "0x8000000f"),
                (Stop, "stop 0x0000001e", "KMODE_EXCEPTION_NOT_HANDLED"),
                (Code, "0xc0000005", "0xC0000005"),
            ],
        );
        // A query has no parentheses. Addresses of user memory, and words that are not numbers, give no place.
        check(
            "STOP 0x0000000A 617470e5 00000002 00000000 80139f43 80139f43",
            &[(Stop, "stop 0x0000000a", "0x0000000A"), (Stop, "stop 0x0000000a at 0x80139xxx", "80139f43")],
        );
        check(
            "You get STOP 0x0000007B, 0x80070005 when setup runs. STOP: 0x0000001E 0x80040154",
            &[
                (Stop, "stop 0x0000007b", "0x0000007B"),
                (Code, "0x80070005", "0x80070005"),
                (Stop, "stop 0x0000001e", "0x0000001E"),
                (Code, "0x80040154", "0x80040154"),
            ],
        );
        check("STOP 0x0000000A at 80139f43", &[(Stop, "stop 0x0000000a", "0x0000000A")]);
        check("STOP: c000021a {Fatal", &[(Stop, "stop 0xc000021a", "c000021a")]);
        check("Stop the service at 0xA; nonstop 0xA; FILE_SYSTEM", &[]);
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
        check("Source: Disk\nEvent: 7\nType: Error", &[(Event, "Disk/7", "Event: 7")]);
        check(
            "EVENT: 7000\nSOURCE: Service Control Manager",
            &[(Event, "Service Control Manager/7000", "EVENT: 7000")],
        );
        check(
            "Event ID ( 6001 ) in Source ( MSExchangeCalCon )",
            &[(Event, "MSExchangeCalCon/6001", "Event ID ( 6001")],
        );
        check("Event 9035 from MSExchangeIMC.", &[(Event, "MSExchangeIMC/9035", "Event 9035")]);
        check("Event 9035 from Application", &[(Event, "9035", "Event 9035")]);
    }

    #[test]
    fn events_have_many_spellings() {
        let spellings = [
            "Event ID 9035",
            "event id=9035",
            "EventID: 9035",
            "Event Id : 9035",
            "Event ID (9035",
            "Event 9035",
            "Event number 9035",
            "Event IDs 9035",
        ];
        for spelling in spellings {
            check(&format!("an {spelling} x"), &[(Event, "9035", spelling)]);
        }
        check(
            "events 9035, prevent 9035, Event 9, Event: 7, Event handler 9035, Event ID none, Event ID: 12345678901",
            &[],
        );
    }

    #[test]
    fn replies_stand_at_the_beginning_of_a_line() {
        let reply = |text: &str| {
            let found: Vec<_> =
                reply_at(text, 0).map(|f| (f.kind, f.value, text[f.span.start..f.span.end].to_owned())).collect();
            found
        };
        let one = |value: &str, printed: &str| (Reply, value.to_owned(), printed.to_owned());
        assert_eq!(reply("421 Host is busy"), [one("smtp 421", "421")]);
        assert_eq!(reply("<<< 554 5.1.8 Sender"), [one("smtp 554", "554"), one("smtp 5.1.8", "5.1.8")]);
        assert_eq!(reply("   550-Denied"), [one("smtp 550", "550")]);
        assert_eq!(reply("550 5.7 Denied"), [one("smtp 550", "550")]);
        assert_eq!(reply("404 Not Found"), [one("http 404", "404")]);
        assert_eq!(reply("403 Forbidden"), [one("http 403", "403")]);
        assert_eq!(reply("530 Login incorrect"), [one("ftp 530", "530")]);
        assert_eq!(reply("480 Authentication required"), [one("nntp 480", "480")]);
        for other in ["in 421 cases", "421st", "4210 x", "450 lines", "220 Ready", "421", "", "516 MB", "426-9400."] {
            assert_eq!(reply(other), [], "{other}");
        }
    }

    #[test]
    fn http_names_its_statuses() {
        check("HTTP/1.1 403 Access Forbidden", &[(Reply, "http 403", "403")]);
        check(
            "HTTP Error 403.4 - Forbidden; http 500: x",
            &[(Reply, "http 403.4", "403.4"), (Reply, "http 500", "500")],
        );
        check("HTTP/1.0 200 OK, HTTP port 443x, HTTP 5000, HTTPS 404", &[]);
    }

    #[test]
    fn registry_paths_have_one_form() {
        let tcpip = r"hklm\system\currentcontrolset\services\tcpip\parameters";
        check(
            r"under HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters in the registry.",
            &[(Registry, tcpip, r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters")],
        );
        check(
            "   HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\n   \\Services\\Tcpip\\Parameters\n\nNext",
            &[(Registry, tcpip, "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\n   \\Services\\Tcpip\\Parameters")],
        );
        check(
            "From the HKEY_LOCAL_MACHINE subtree, go to the following key:\n\n   \\System\\CurrentControlSet\\Services\\Tcpip\\Parameters\n",
            &[(Registry, tcpip, r"\System\CurrentControlSet\Services\Tcpip\Parameters")],
        );
        check(
            r#"in "HKLM\Software\Microsoft\Windows NT\CurrentVersion", or HKCU\Control Panel\Desktop."#,
            &[
                (
                    Registry,
                    r"hklm\software\microsoft\windows nt\currentversion",
                    r"HKLM\Software\Microsoft\Windows NT\CurrentVersion",
                ),
                (Registry, r"hkcu\control panel\desktop", r"HKCU\Control Panel\Desktop"),
            ],
        );
        check(
            "   HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Session\n   Manager\\SubSystems\\Windows\n",
            &[(
                Registry,
                r"hklm\system\currentcontrolset\control\session manager\subsystems\windows",
                "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Session\n   Manager\\SubSystems\\Windows",
            )],
        );
        check(
            "   HKEY_CURRENT_USER\\Software\\Explorer\\User Shell Folders\n   HKCR\\.txt\n",
            &[
                (
                    Registry,
                    r"hkcu\software\explorer\user shell folders",
                    r"HKEY_CURRENT_USER\Software\Explorer\User Shell Folders",
                ),
                (Registry, r"hkcr\.txt", r"HKCR\.txt"),
            ],
        );
        check(
            r"HKEY_CLASSES_ROOT\CLSID\{00020420-0000-0000-C000-000000000046}\InprocServer32 and C:\Temp",
            &[(
                Registry,
                r"hkcr\clsid\{00020420-0000-0000-c000-000000000046}\inprocserver32",
                r"HKEY_CLASSES_ROOT\CLSID\{00020420-0000-0000-C000-000000000046}\InprocServer32",
            )],
        );
        check(
            r"HKLM\Wins\Pull\<IP address> and HKLM\Wins\<a b>\Push, HKCU\A\B? HKCU\Locale = 5",
            &[
                (Registry, r"hklm\wins\pull\<ip address>", r"HKLM\Wins\Pull\<IP address>"),
                (Registry, r"hklm\wins\<a b>\push", r"HKLM\Wins\<a b>\Push"),
                (Registry, r"hkcu\a\b", r"HKCU\A\B"),
                (Registry, r"hkcu\locale", r"HKCU\Locale"),
            ],
        );
        check("HKEY_LOCAL_MACHINE, HKLM, HKEY_NO\\x, XHKLM\\a, HKLM\\, the HKEY_USERS subtree of it", &[]);
    }

    #[test]
    fn urls_end_before_the_sentence_does() {
        check(
            "See (http://Example.COM/A_b(c).html).",
            &[(Url, "http://example.com/A_b(c).html", "http://Example.COM/A_b(c).html")],
        );
        check("<HTTPS://example.com/>", &[(Url, "https://example.com", "HTTPS://example.com/")]);
        check(
            "(see www.example.com, or\nftp://ftp.example.com/x).",
            &[
                (Url, "http://www.example.com", "www.example.com"),
                (Url, "ftp://ftp.example.com/x", "ftp://ftp.example.com/x"),
            ],
        );
        check("http:// and http://<server>/x, www. awww.x, HTTP", &[]);
    }

    #[test]
    fn files_are_found_beside_other_things() {
        check(
            "Store.exe (0x80004005) calls C:\\Bin\\Ese.dll, version 6.0",
            &[
                (File, "store.exe", "Store.exe"),
                (Code, "0x80004005", "0x80004005"),
                (File, "ese.dll 6.0", "Ese.dll, version 6.0"),
            ],
        );
    }

    #[test]
    fn terms_are_what_one_looks_for() {
        let terms = |kind, value| terms(kind, value).collect::<Vec<_>>();
        assert_eq!(terms(File, "store.exe 5.5.2408.0"), ["store.exe 5.5.2408.0", "store.exe"]);
        assert_eq!(terms(File, "store.exe"), ["store.exe"]);
        assert_eq!(terms(Event, "MSExchangeIMC/9035"), ["MSExchangeIMC/9035", "9035"]);
        assert_eq!(terms(Code, "0x80070005"), ["0x80070005"]);
        assert_eq!(terms(Url, "http://example.com"), [""; 0]);
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text_on_borders_in_order_and_apart(
            text in "(Event ID: |Source: |0x|8007000E|E_FAIL|-2147024882|421 Busy|HKLM|HKEY_USERS|\\\\[a-zA-Z]{1,4}|Mail\\.exe|\
                5\\.5\\.2408\\.0|version |http://|www\\.|HTTP/1\\.1 |STOP|: | of |\\(|system error 5|\\PC|\n| ){0,30}",
        ) {
            let mut last = 0;
            for found in find(&text) {
                prop_assert!(text.get(found.span.start..found.span.end).is_some_and(|printed| !printed.is_empty()));
                prop_assert!(last <= found.span.start);
                last = found.span.end;
            }
            for found in text.match_indices('\n').flat_map(|(at, _)| reply_at(&text, at + 1)) {
                prop_assert!(text.get(found.span.start..found.span.end).is_some_and(|printed| !printed.is_empty()));
            }
        }
    }
}
