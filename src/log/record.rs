//! One log entry: its bytes, where it stands, and what can be read out of it when somebody asks.

use std::borrow::Cow;
use std::cell::OnceCell;

use jiff::Timestamp;

use super::format::{Header, Json, Layout, Level, Step, without_frames};
use super::timestamp::FoundStamp;
use crate::source::SourceId;
use crate::value::Value;

/// One log entry, maybe of several lines. Nothing is parsed before it is asked for.
#[derive(Debug)]
pub struct Record<'a> {
    /// The source it stands in.
    pub source: SourceId,
    /// Its first line, from 1.
    pub line: u64,
    /// All of it, line ends included.
    pub bytes: &'a [u8],
    /// How its source is written; `None` for what is left of a record that was cut.
    layout: Option<&'a Layout>,
    parsed: OnceCell<Parsed<'a>>,
}

/// Fields named where somebody asks which ones a record has.
const MAX_FIELD_NAMES: usize = 30;

/// The fields that we know in any format.
const OUR_FIELDS: &[&str] = &[
    "time",
    "host",
    "program",
    "pid",
    "level",
    "severity",
    "event.id",
    "event.source",
    "reply",
    "direction",
    "message",
];

#[derive(Debug)]
enum Parsed<'a> {
    /// With a header, as most records of its source.
    Headed(Header<'a>),
    Json(Json),
    /// With a header, and not as most records of its source; or its source has no stamps.
    Foreign(Header<'a>),
    /// The message is all there is.
    Bare,
}

impl<'a> Record<'a> {
    /// A record of which nothing is known but its bytes: all of them are its message.
    pub fn bare(source: SourceId, line: u64, bytes: &'a [u8]) -> Self {
        Record::new(source, line, bytes, None)
    }

    pub(super) fn new(source: SourceId, line: u64, bytes: &'a [u8], layout: Option<&'a Layout>) -> Self {
        Record { source, line, bytes, layout, parsed: OnceCell::new() }
    }

    /// The message: without stamp, host, program and level, where these are certain. What may be a program or a level and
    /// may begin the message too is left in it.
    pub fn message(&self) -> Cow<'_, [u8]> {
        match self.parsed() {
            Parsed::Headed(header) | Parsed::Foreign(header) => header.quoting.read(header.message),
            Parsed::Json(json) => json.known_text("message").unwrap_or(Cow::Borrowed(self.bytes.trim_ascii())),
            Parsed::Bare => Cow::Borrowed(self.bytes.trim_ascii()),
        }
    }

    /// What is worth searching for: the message without what is probably a program or level; of a record with unknown words
    /// before its stamp, what follows that; of a Windows event, its source and number too; of a stack trace, no frames.
    pub(crate) fn gist(&self) -> Cow<'_, [u8]> {
        let gist = self.whole_gist();
        match without_frames(&gist) {
            Some(said) => Cow::Owned(said),
            None => gist,
        }
    }

    /// The gist, with the frames of a stack trace.
    fn whole_gist(&self) -> Cow<'_, [u8]> {
        let (Parsed::Headed(header) | Parsed::Foreign(header)) = self.parsed() else { return self.message() };
        if let (Some(program), Some(id)) = (header.program, header.event_id) {
            let message = self.message();
            let parts: [&[u8]; 6] = [b"Event Source: ", program, b"\nEvent ID: ", id, b"\n", &message];
            return Cow::Owned(parts.concat());
        }
        header.gist.map_or_else(|| self.message(), Cow::Borrowed)
    }

    /// When it was written, if it says so.
    pub fn time(&self) -> Option<Timestamp> {
        match self.parsed() {
            Parsed::Headed(header) => header.stamp.as_ref().map(|stamp| stamp.time),
            Parsed::Json(json) => json.time(),
            Parsed::Foreign(_) | Parsed::Bare => None,
        }
    }

    /// The stamp as it is written; `None` in JSON records. Its range is not one of this record: the stamp of a Windows
    /// event is put together from two lines.
    pub(crate) fn stamp(&self) -> Option<&FoundStamp> {
        match self.parsed() {
            Parsed::Headed(header) => header.stamp.as_ref(),
            Parsed::Json(_) | Parsed::Foreign(_) | Parsed::Bare => None,
        }
    }

    /// The program, unit or logger that wrote it.
    pub fn program(&self) -> Option<Cow<'_, [u8]>> {
        self.known("program")
    }

    /// How severe it says it is.
    pub fn level(&self) -> Option<Level> {
        Level::by_word(&self.known("level")?)
    }

    /// Whether it is written as most records of its source are.
    pub(crate) fn is_usual(&self) -> bool {
        matches!(self.parsed(), Parsed::Headed(_) | Parsed::Json(_))
    }

    /// What stands at `path`, such as `.message`, `.event.id` or, in JSON records, any member; `None` if nothing does.
    /// `.level` is as written, `.severity` one of the names of [`Level`] where it can be told.
    pub fn field(&self, path: &[Step]) -> Option<Value<'_>> {
        if let Parsed::Json(json) = self.parsed()
            && let Some(value) = json.at(path)
        {
            return Some(value);
        }
        match path {
            [Step::Name("time" | "timestamp")] => self.time().map(Value::Time),
            [Step::Name("message")] => Some(Value::Text(self.message())),
            [Step::Name("severity")] => {
                let name = |level: Level| Value::Text(Cow::Borrowed(level.name().as_bytes()));
                self.level().map(name).or_else(|| self.known("level").map(Value::Text))
            }
            [Step::Name(name @ ("pid" | "reply"))] => self.known(name).map(number_or_text),
            [Step::Name(name)] => self.known(name).map(Value::Text).or_else(|| self.named(name)),
            [Step::Name("event"), Step::Name("id")] => self.known("event.id").map(number_or_text),
            [Step::Name("event"), Step::Name("source")] => self.known("program").map(Value::Text),
            _ => None,
        }
    }

    /// Names of the fields that it has, at most [`MAX_FIELD_NAMES`]: those that we give, then those of its source.
    pub(crate) fn field_names(&self) -> Vec<String> {
        let ours = OUR_FIELDS.iter().filter(|name| {
            let path: Vec<Step> = name.split('.').map(Step::Name).collect();
            self.field(&path).is_some()
        });
        let mut names: Vec<String> = ours.map(|name| (*name).to_owned()).collect();
        let further = match (self.parsed(), self.layout) {
            (Parsed::Json(json), _) => json.paths(MAX_FIELD_NAMES),
            (_, Some(layout)) => layout.names(self.bytes),
            (_, None) => Vec::new(),
        };
        for name in further.into_iter().take(MAX_FIELD_NAMES) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.truncate(MAX_FIELD_NAMES);
        names
    }

    /// A field that only its source knows: a column of a table, a key.
    fn named(&self, name: &str) -> Option<Value<'_>> {
        let text = self.layout?.named(self.bytes, name)?;
        Some(number_or_text(Cow::Borrowed(text)))
    }

    fn known(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        match self.parsed() {
            Parsed::Json(json) => json.known_text(name),
            Parsed::Headed(header) | Parsed::Foreign(header) => match name {
                "host" => header.host,
                "program" => header.program,
                "pid" => header.pid,
                "level" => header.level,
                "event.id" => header.event_id,
                "reply" => header.reply,
                "direction" => header.direction.map(|direction| direction.name().as_bytes()),
                _ => None,
            }
            .map(Cow::Borrowed),
            Parsed::Bare => None,
        }
    }

    fn parsed(&self) -> &Parsed<'a> {
        self.parsed.get_or_init(|| {
            let Some(layout) = self.layout else { return Parsed::Bare };
            match layout.json(self.bytes) {
                Some(json) => Parsed::Json(json),
                None => match layout.header(self.bytes) {
                    Some(header) => Parsed::Headed(header),
                    None => layout.foreign_header(self.bytes).map_or(Parsed::Bare, Parsed::Foreign),
                },
            }
        })
    }
}

fn number_or_text(text: Cow<'_, [u8]>) -> Value<'_> {
    let number = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
    number.map_or(Value::Text(text), Value::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The field at `path` (dots between names) of a source that consists of `text`.
    fn field(text: &str, path: &str) -> Option<Value<'static>> {
        let layout = Layout::detect(text.as_bytes(), Timestamp::UNIX_EPOCH, None);
        let record = Record::new(SourceId(0), 1, text.as_bytes(), Some(&layout));
        let path: Vec<Step> = path.split('.').map(Step::Name).collect();
        record.field(&path).map(Value::into_owned)
    }

    fn text(text: &str) -> Option<Value<'static>> {
        Some(Value::Text(text.as_bytes().to_vec().into()))
    }

    #[test]
    fn fields_of_a_syslog_record() {
        let line = "<11>Jun 14 15:16:01 combo sshd[19939]: failure\n  more\n";
        assert_eq!(field(line, "message"), text("failure\n  more"));
        assert_eq!(field(line, "program"), text("sshd"));
        assert_eq!(field(line, "host"), text("combo"));
        assert_eq!(field(line, "pid"), Some(Value::Int(19939)));
        assert_eq!(field(line, "level"), text("err"));
        assert_eq!(field(line, "severity"), text("error"));
        assert_eq!(field(line, "time"), Some(Value::Time("1969-06-14T15:16:01Z".parse().expect("a valid instant"))));
        assert_eq!(field(line, "nothing"), None);
        assert_eq!(field(line, "event.id"), None);
    }

    #[test]
    fn fields_of_a_json_record_are_its_own_first() {
        let line = r#"{"msg":"a \"b\"","lvl":"WARN","pid":7,"time":{"x":"y"}}"#;
        assert_eq!(field(line, "message"), text("a \"b\""));
        assert_eq!(field(line, "severity"), text("warning"));
        assert_eq!(field(line, "pid"), Some(Value::Int(7)));
        assert_eq!(field(line, "time.x"), text("y"));
        assert_eq!(field(line, "time"), None);
    }

    #[test]
    fn a_record_names_its_fields() {
        let names = |text: &str| {
            let layout = Layout::detect(text.as_bytes(), Timestamp::UNIX_EPOCH, None);
            Record::new(SourceId(0), 1, text.as_bytes(), Some(&layout)).field_names().join(" ")
        };
        assert_eq!(names("just words\n"), "message");
        let syslog = "<11>Jun 14 15:16:01 combo sshd[19939]: failure\n";
        assert_eq!(names(syslog), "time host program pid level severity event.source message");
        assert_eq!(
            names(r#"{"msg":"x","http":{"status":500},"tags":["a"],"no":null}"#),
            "message http.status msg tags"
        );
        assert_eq!(names("level=warn msg=\"no disk\" unit-id=sda\n"), "level severity message msg unit_id");
        assert_eq!(names(&format!("{{\"msg\":\"x\"{}}}", ",\"a\":1".repeat(3))), "message a msg");
    }

    #[track_caller]
    fn check_gist(text: &str, gist: &str) {
        let layout = Layout::detect(text.as_bytes(), Timestamp::UNIX_EPOCH, None);
        let record = Record::new(SourceId(0), 1, text.as_bytes(), Some(&layout));
        assert_eq!(String::from_utf8_lossy(&record.gist()), gist);
    }

    #[test]
    fn the_gist_is_what_to_search_for() {
        check_gist("Jun 14 15:16:01 combo sshd[1]: failure\n", "failure");
        check_gist("- R02 1117838570 RAS KERNEL parity error\n", "RAS KERNEL parity error");
        check_gist("just words\n", "just words");
        let event = "Event Type:\tError\nEvent Source:\tDisk\nEvent ID:\t7\nDescription:\nbad block\n";
        check_gist(event, "Event Source: Disk\nEvent ID: 7\nbad block");
        let cut_off = "Event Type:\tError\nDate:\t\t4/17/2001\nTime:\t\t2:00:31 AM\nbad block\n";
        check_gist(cut_off, cut_off.trim_end());
    }

    #[test]
    fn a_bare_record_is_its_message() {
        assert_eq!(field("just words\n", "message"), text("just words"));
        assert_eq!(field("just words\n", "level"), None);
    }
}
