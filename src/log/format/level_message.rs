//! Messages that name their level in a way of their own, and keep it: those of Cisco, PHP, npm, WebSphere and others.

use super::header::{is_number, split_word};
use super::level::Level;
use super::level_mark::LevelMark;
use super::level_notation::{is_capital_level, is_level};
use super::syslog;

/// The tag of a Cisco message begins within this number of bytes: a host and a counter come before it.
const TAG_BYTES: usize = 100;

/// Reads the level of a message of a switch. All of the text is the message.
pub(super) fn cisco_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let start = &text[..text.len().min(TAG_BYTES)];
    let of_cisco = memchr::memchr_iter(b'%', start).find_map(|at| {
        let (tag, rest) = split_word(&text[at..text.len().min(at + TAG_BYTES)])?;
        tag.strip_suffix(b":").or_else(|| rest.starts_with(b": ").then_some(tag)).and_then(cisco)
    });
    Some(LevelMark::whole(text, of_cisco.or_else(|| comware(start))?))
}

/// Reads the level in the tag of a switch of H3C or Huawei, `IFNET/3/PHY_UPDOWN:` or `%%01IFNET/4/IF_STATE(l)[0]:`.
fn comware(text: &[u8]) -> Option<&'static [u8]> {
    // The module is a word in capitals; `slot1/2/CPU` and `/api/v1/3/USERS` are paths.
    let is_module = |before: &[u8]| {
        let word = before.rsplit(|byte| b" %".contains(byte)).next().unwrap_or_default();
        word.iter().any(u8::is_ascii_uppercase) && !word.iter().any(|byte| byte.is_ascii_lowercase() || *byte == b'/')
    };
    let at = memchr::memchr_iter(b'/', text).find(|at| {
        matches!(text[at + 1..], [b'0'..=b'7', b'/', letter, ..] if letter.is_ascii_alphabetic())
            && is_module(&text[..*at])
    })?;
    let name = &text[at + 3..];
    let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')?;
    // The kind of the message and its number are in brackets after the name.
    let is_mark = |byte: &u8| byte.is_ascii_alphanumeric() || b"()[]".contains(byte);
    let colon = name[end..].iter().position(|byte| !is_mark(byte))? + end;
    (name[colon] == b':').then(|| Level::word_for_priority(u16::from(text[at + 1] - b'0')).as_bytes())
}

/// Reads the level in the tag of a Cisco message, `%ASA-3-106014` or `%LINK-3-UPDOWN`, or without a name, `%SYS-3`.
fn cisco(tag: &[u8]) -> Option<&'static [u8]> {
    let tag = tag.strip_prefix(b"%")?;
    let mut pieces = tag.split(|byte| *byte == b'-');
    let is_name =
        |piece: &&[u8]| !piece.is_empty() && piece.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    pieces.next().filter(is_name)?;
    let level = pieces.find_map(|piece| match piece {
        [digit @ b'0'..=b'7'] => Some(Level::word_for_priority(u16::from(digit - b'0'))),
        _ => None,
    })?;
    let is_bare = |piece: &[u8]| piece.iter().all(u8::is_ascii_uppercase);
    let is_tag = match pieces.next() {
        Some(mnemonic) => is_name(&mnemonic),
        None => is_bare(&tag[..tag.len() - 2]),
    };
    is_tag.then_some(level.as_bytes())
}

/// Beginnings of messages that name a level in more than a word, and the level of each. They stay in the message.
const PHRASES: [(&[u8], &[u8]); 27] = [
    (b"PHP Fatal error:", b"fatal"),
    (b"PHP Parse error:", b"error"),
    (b"PHP Recoverable fatal error:", b"error"),
    (b"PHP Warning:", b"warning"),
    (b"PHP Notice:", b"notice"),
    (b"PHP Deprecated:", b"notice"),
    (b"Fatal error:", b"fatal"),
    (b"fatal error:", b"fatal"),
    (b"npm ERR!", b"error"),
    (b"npm error ", b"error"),
    (b"npm WARN ", b"warning"),
    (b"npm warn ", b"warning"),
    (b"##[error]", b"error"),
    (b"##[warning]", b"warning"),
    (b"##[debug]", b"debug"),
    (b"::error", b"error"),
    (b"::warning", b"warning"),
    (b"::notice", b"notice"),
    (b"::debug", b"debug"),
    (b"ERR_", b"error"),
    (b"ORA-", b"error"),
    (b"SQLSTATE[", b"error"),
    (b"Error from server", b"error"),
    (b"Parse error:", b"error"),
    (b"[FAILED] ", b"error"),
    (b"[DEPEND] ", b"error"),
    (b"[  OK  ] ", b"info"),
];

pub(super) fn phrase(text: &[u8]) -> Option<LevelMark<'_>> {
    // The first byte rules out most texts.
    if !b"PFfn#:EOS[".contains(text.first()?) {
        return None;
    }
    let (_, level) = PHRASES.iter().find(|(phrase, _)| text.starts_with(phrase))?;
    Some(LevelMark::whole(text, level))
}

/// Reads the letter that package managers of Debian, the compiler of Kotlin and microcontrollers write before a message:
/// `E: Unable to locate package x`, `e: file:///a.kt:1:2 Unresolved reference`, `E (2350) esp-tls: timeout`.
pub(super) fn lettered(text: &[u8]) -> Option<LevelMark<'_>> {
    let level: &[u8] = match text {
        [b'E', b':', b' ', b'A'..=b'Z', ..] => b"error",
        [b'W', b':', b' ', b'A'..=b'Z', ..] => b"warning",
        [letter @ (b'E' | b'W' | b'I' | b'D' | b'V'), b' ', b'(', b'0'..=b'9', ..] => std::slice::from_ref(letter),
        [b'e', b':', b' ', rest @ ..] if is_source_file(rest) => b"error",
        [b'w', b':', b' ', rest @ ..] if is_source_file(rest) => b"warning",
        _ => return None,
    };
    Some(LevelMark::whole(text, level))
}

fn is_source_file(text: &[u8]) -> bool {
    text.starts_with(b"/") || text.starts_with(b"file:")
}

/// Reads the mark of the agent of SQL Server: `! [298] SQLServer Error: 18456`.
pub(super) fn agent_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let level: &[u8] = match text {
        [b'!', b' ', b'[', b'0'..=b'9', ..] => b"error",
        [b'+', b' ', b'[', b'0'..=b'9', ..] => b"warning",
        [b'?', b' ', b'[', b'0'..=b'9', ..] => b"info",
        _ => return None,
    };
    Some(LevelMark { is_column: true, rest: &text[2..], ..LevelMark::whole(text, level) })
}

/// The mark after the domain and level of a message of GLib is within this number of bytes.
const DOMAIN_BYTES: usize = 120;

/// Reads the level of a message of GLib: `(gedit:7): Gtk-WARNING **: cannot open display`.
pub(super) fn glib_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let start = &text[..text.len().min(DOMAIN_BYTES)];
    let marked = memchr::memmem::find(start, b" **: ").or_else(|| memchr::memmem::find(start, b" **:\t"));
    let Some(end) = marked else { return mild_glib_message(text) };
    let word = &start[memchr::memrchr(b' ', &start[..end]).map_or(0, |blank| blank + 1)..end];
    let level = &word[memchr::memrchr(b'-', word).map_or(0, |dash| dash + 1)..];
    is_capital_level(level).then(|| LevelMark::whole(text, level))
}

/// Reads the level of a message of GLib that is not severe: `(gedit:7): Gtk-DEBUG: 10:00:00.123: opened`.
fn mild_glib_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let (process, rest) = split_word(text)?;
    let id = process.strip_prefix(b"(")?.strip_suffix(b"):")?;
    let id = &id[memchr::memrchr(b':', id)? + 1..];
    let (domain, _) = split_word(rest)?;
    let domain = domain.strip_suffix(b":").filter(|_| is_number(id))?;
    let level = &domain[memchr::memrchr(b'-', domain)? + 1..];
    is_capital_level(level).then(|| LevelMark::whole(text, level))
}

/// Reads a line of Wine: a thread in four or eight hexadecimal digits, a level, a channel, and a function: `0024:err:module:f x`.
pub(super) fn channel_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let (head, _) = split_word(text)?;
    let mut parts = head.split(|byte| *byte == b':');
    let [thread, level, channel, _] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let is_thread = matches!(thread.len(), 4 | 8) && thread.iter().all(u8::is_ascii_hexdigit);
    let is_word = |word: &[u8]| !word.is_empty() && word.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
    (is_thread && is_word(channel) && is_word(level) && is_level(level)).then(|| LevelMark::whole(text, level))
}

/// Reads the level at the end of the number of a message of IBM: `AMQ7234E: `, `DSNL004I: `.
pub(super) fn numbered_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let (number, _) = split_word(text)?;
    let (code, letter) = number.strip_suffix(b":")?.split_last_chunk::<1>()?;
    let capitals = code.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let is_code = matches!(capitals, 3..=5) && matches!(code.len() - capitals, 3..=5) && is_number(&code[capitals..]);
    let level: &[u8] = match letter {
        b"E" | b"S" => b"error",
        b"W" => b"warning",
        b"I" | b"A" => b"info",
        _ => return None,
    };
    is_code.then(|| LevelMark::whole(text, level))
}

/// Reads the priority that services write before a message for their supervisor: `<3>cannot bind`.
pub(super) fn service_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let level = syslog::priority_level(text)?;
    let end = memchr::memchr(b'>', text)?;
    Some(LevelMark { rest: &text[end + 1..], ..LevelMark::whole(text, level) })
}

/// Reads a line of WebSphere after its stamp: the id of a thread in eight hexadecimal digits, a short name, and a letter.
pub(super) fn native_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let (thread, rest) = split_word(text)?;
    if thread.len() != 8 || !thread.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let (module, from_level) = split_word(rest)?;
    let (letter, after) = split_word(from_level)?;
    let level: &[u8] = match letter {
        b"F" => b"fatal",
        b"E" => b"error",
        b"W" => b"warning",
        b"A" | b"I" | b"C" | b"O" => b"info",
        b"D" => b"debug",
        _ => return None,
    };
    Some(LevelMark { level, module: Some(module), pid: None, is_column: true, from_level, rest: after })
}

/// Names before a level, with what separates them from it.
const LABELS: [&[u8]; 6] = [b"at=", b"level=", b"severity=", b"LEVEL: ", b"Level: ", b"Severity: "];

/// A label is within this number of bytes.
const LABEL_BYTES: usize = 400;

/// Returns the level after its name, anywhere in the first line of `text`: `severity="warn"`, `LEVEL: Error`.
pub(super) fn labelled_level(text: &[u8]) -> Option<&[u8]> {
    let start = &text[..text.len().min(LABEL_BYTES)];
    let line = &start[..memchr::memchr(b'\n', start).unwrap_or(start.len())];
    // Most lines contain none of these bytes.
    memchr::memchr3(b'=', b'L', b'S', line)?;
    LABELS.iter().find_map(|label| {
        // `log_level=debug` is a setting.
        let begins = |at: &usize| *at == 0 || b" \t([{,;|\"'".contains(&line[*at - 1]);
        let at = memchr::memmem::find_iter(line, label).find(begins)?;
        let value = line[at + label.len()..].trim_ascii_start();
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        let word = &value[..value.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(value.len())];
        is_level(word).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_their_level_in_their_way() {
        let level = |text: &'static str| LevelMark::at_start(text.as_bytes()).map(|mark| mark.level);
        for (text, expected) in [
            ("(app:7): App-DEBUG: 10:00:00.123: up", "DEBUG"),
            ("(app:7): App-WARNING **: 10:00:00.123: low", "WARNING"),
            ("0024:err:module:import x", "err"),
            ("AMQ7234E: no disk", "error"),
            ("DSNL004I: up", "info"),
            ("%SYS-3: no disk", "err"),
        ] {
            assert_eq!(level(text), Some(expected.as_bytes()), "{text}");
        }
        for text in [
            "(app): App-DEBUG: x",
            "(app:7): App: x",
            "0024:page:module:f x",
            "2001:err:0db8:1 x",
            "ISO8601E x",
            "%usr-3: x",
        ] {
            assert_eq!(level(text), None, "{text}");
        }
    }

    #[test]
    fn a_level_may_be_named() {
        let level = |text: &'static str| labelled_level(text.as_bytes());
        assert_eq!(level(r#"id="7" severity="warn" x"#), Some(&b"warn"[..]));
        assert_eq!(level("I27204F655         LEVEL: Error\nPID: 7"), Some(&b"Error"[..]));
        assert_eq!(level("[node_id=1] [level=WARN] no disk"), Some(&b"WARN"[..]));
        assert_eq!(level("at=error code=H12"), Some(&b"error"[..]));
        assert_eq!(level("log_level=debug level=error"), Some(&b"error"[..]));
        for text in [
            "log_level=error, port=80",
            "started with --log-level=debug",
            "level=7",
            "level of oil",
            "x\nlevel=error",
            "",
        ] {
            assert_eq!(level(text), None, "{text}");
        }
    }
}
