//! Lines of a dialog in a text protocol (SMTP, NNTP, POP, FTP, HTTP): reads which side sent a line, and the number of a
//! reply.

use super::header::{Direction, Header};
use super::level::Level;
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "transcript",
    about: "a dialog in a text protocol such as SMTP, FTP or HTTP: commands and numbered replies",
    example: "<<< 550 5.1.1 User unknown",
    detect: |sample| sample.most_lines(Transcript),
});

#[derive(Debug)]
struct Transcript;

/// Any source may contain lines of a dialog, so `SourceFormat::parse` reads them in every format. This implementation
/// is only for the detection of the format.
impl LogFormat for Transcript {
    fn is_stamped(&self) -> bool {
        false
    }

    fn fits(&self, line: &[u8], _rules: &StampRules) -> bool {
        header(line).is_some()
    }
}

/// Marks before a line of a transcript, and the side that sent the line. If the flag is false, other texts use the same
/// mark, so a command, a reply or an HTTP header must follow it.
const MARKS: &[(&[u8], Direction, bool)] = &[
    (b"<<< ", Direction::Received, true),
    (b">>> ", Direction::Sent, true),
    (b"<< ", Direction::Received, false),
    (b">> ", Direction::Sent, false),
    (b"< ", Direction::Received, false),
    (b"> ", Direction::Sent, false),
    (b"<- ", Direction::Received, false),
    (b"-> ", Direction::Sent, false),
    (b"S: ", Direction::Received, false),
    (b"C: ", Direction::Sent, false),
    (b"S:", Direction::Received, false),
    (b"C:", Direction::Sent, false),
];

/// Commands of the protocols, at the beginning of a line.
#[rustfmt::skip]
const COMMANDS: &[&[u8]] = &[
    b"HELO", b"EHLO", b"MAIL FROM", b"RCPT TO", b"DATA", b"RSET", b"VRFY", b"EXPN", b"TURN", b"ETRN", b"STARTTLS",
    b"AUTH", b"BDAT", b"QUIT", b"NOOP", b"MODE READER", b"IHAVE", b"CHECK", b"TAKETHIS", b"ARTICLE", b"GROUP",
    b"NEWGROUPS", b"NEWNEWS", b"LIST", b"POST", b"XOVER", b"AUTHINFO", b"USER", b"PASS", b"STAT", b"RETR", b"DELE",
    b"UIDL", b"APOP", b"STOR", b"PASV", b"PORT", b"EPSV", b"TYPE", b"CWD", b"GET", b"HEAD", b"PUT", b"DELETE",
    b"CONNECT", b"OPTIONS", b"PATCH",
];

/// Headers of HTTP that clients and servers send nearly always.
#[rustfmt::skip]
const HTTP_HEADERS: &[&[u8]] = &[
    b"host:", b"user-agent:", b"accept:", b"accept-encoding:", b"authorization:", b"connection:", b"content-type:",
    b"content-length:", b"server:", b"date:", b"location:", b"set-cookie:", b"transfer-encoding:", b"cache-control:",
];

/// Parses a line of a dialog; `None` for any other record. The message begins with the command or the number of the
/// reply.
pub(super) fn header(record: &[u8]) -> Option<Header<'_>> {
    let record = record.trim_ascii();
    let marked = MARKS.iter().find_map(|(mark, direction, enough)| {
        let rest = record.strip_prefix(*mark)?.trim_ascii_start();
        let fits = match direction {
            Direction::Sent => is_command(rest) || is_http_header(rest),
            Direction::Received => reply(rest, true).is_some() || is_http_header(rest),
        };
        (fits || (*enough && !rest.is_empty())).then_some((*direction, rest))
    });
    let (direction, message) = match marked {
        Some((direction, rest)) => (Some(direction), rest),
        None => (None, record),
    };
    let reply = reply(message, direction.is_some()).filter(|_| direction != Some(Direction::Sent));
    if direction.is_none() && reply.is_none() {
        return None;
    }
    Some(Header { direction, reply, level: reply.and_then(Level::word_for_reply), message, ..Header::default() })
}

/// Returns the number at the beginning of a reply: three digits before a blank or `-`, also after the version of HTTP
/// (`HTTP/1.1 502`). In a line without a mark, a capital letter or a digit must follow, because `404 files were found`
/// is a sentence.
fn reply(text: &[u8], is_marked: bool) -> Option<&[u8]> {
    let rest = match text {
        [b'H', b'T', b'T', b'P', b'/', version @ ..] => {
            let len = version.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
            version[len..].strip_prefix(b" ")?
        }
        _ => text,
    };
    let is_http = rest.len() < text.len();
    match rest {
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] if is_http => Some(rest),
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', next, ..]
            if is_http || is_marked || next.is_ascii_uppercase() || next.is_ascii_digit() =>
        {
            Some(&rest[..3])
        }
        _ => None,
    }
}

fn is_command(text: &[u8]) -> bool {
    COMMANDS.iter().any(|command| {
        let behind = text.get(command.len());
        text.get(..command.len()).is_some_and(|start| start.eq_ignore_ascii_case(command))
            && behind.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b':')
    })
}

fn is_http_header(text: &[u8]) -> bool {
    HTTP_HEADERS.iter().any(|name| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what `header` reads from `line`: direction, reply, level and message (`-` if missing).
    #[track_caller]
    fn check(line: &str, expected: Option<[&str; 4]>) {
        let parts = header(line.as_bytes()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            let direction = header.direction.map_or("-".to_owned(), |direction| direction.name().to_owned());
            [direction, text(header.reply), text(header.level), text(Some(header.message))]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)), "{line}");
    }

    #[test]
    fn commands_and_replies_are_read() {
        check("<<< 550 5.1.1 User unknown", Some(["received", "550", "error", "550 5.1.1 User unknown"]));
        check(">>> RCPT TO:<a@b.example>", Some(["sent", "-", "-", "RCPT TO:<a@b.example>"]));
        check("S: 421 Service closing", Some(["received", "421", "warning", "421 Service closing"]));
        check("C: EHLO host", Some(["sent", "-", "-", "EHLO host"]));
        check("> GET /x HTTP/1.1", Some(["sent", "-", "-", "GET /x HTTP/1.1"]));
        check("< HTTP/1.1 502 Bad Gateway", Some(["received", "502", "error", "HTTP/1.1 502 Bad Gateway"]));
        check("250-SIZE 1000", Some(["-", "250", "-", "250-SIZE 1000"]));
        check("<<< 250-mail.example", Some(["received", "250", "-", "250-mail.example"]));
        check("< Content-Length: 0", Some(["received", "-", "-", "Content-Length: 0"]));
        check("<<< anything else", Some(["received", "-", "-", "anything else"]));
    }

    #[test]
    fn other_lines_are_left() {
        for line in
            ["C: is full", "> 3 files", "404 files were found", "S: drive", "<<<<<<< HEAD", "<<< ", "", "12 Monkeys"]
        {
            check(line, None);
        }
    }
}
