//! The formats of records: which one a source has, and what stands before the message of a record.

mod dated;
mod event_export;
mod forwarded_event;
mod header;
mod json;
mod layout;
mod level;
mod syslog;
mod table;
mod windows_event;

pub(super) use header::Header;
pub(super) use json::Json;
pub use json::Step;
pub(crate) use layout::Layout;
pub(super) use layout::Open;
pub use level::Level;

/// How the records of a source are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Lines of which nothing is known.
    Plain,
    /// A stamp of any kind, then maybe a level, a thread and a logger, then the message.
    Dated,
    /// RFC 5424, RFC 3164, and the latter with ISO stamps; events that Windows agents forward among them.
    Syslog,
    /// One JSON object a line.
    JsonLines,
    /// Blocks as the Windows event viewers copy them: `Event Type:` or `Log Name:` first, `Description:` last.
    WindowsEvent,
    /// Rows of text as the Windows event viewers export them.
    EventExport,
}

impl Format {
    /// All formats, in the order in which they are tried: the more specific first.
    pub const ALL: [Format; 6] =
        [Format::JsonLines, Format::WindowsEvent, Format::EventExport, Format::Syslog, Format::Dated, Format::Plain];

    /// The name used by `--log-format`, `on` and reports.
    pub fn name(self) -> &'static str {
        match self {
            Format::Plain => "plain",
            Format::Dated => "dated",
            Format::Syslog => "syslog",
            Format::JsonLines => "json",
            Format::WindowsEvent => "windows_event",
            Format::EventExport => "event_export",
        }
    }

    /// The format of that name.
    pub fn by_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_formats() {
        for format in Format::ALL {
            assert_eq!(Format::by_name(format.name()), Some(format));
        }
        assert_eq!(Format::by_name("levle"), None);
    }
}
