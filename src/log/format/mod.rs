//! The formats of records: which one a source has, and what stands before the message of a record.

mod access;
mod cluster;
mod console;
mod cri;
mod dated;
mod event_export;
mod field_names;
mod forwarded_event;
mod header;
mod json;
mod klog;
mod layout;
mod level;
mod logfmt;
mod syslog;
mod table;
mod trace;
mod transcript;
mod w3c;
mod windows_event;

pub(super) use header::Header;
pub(super) use json::Json;
pub use json::Step;
pub(crate) use layout::Layout;
pub(super) use layout::Open;
pub use level::Level;
pub(super) use trace::without_frames;

/// How the records of a source are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Lines of which nothing is known.
    Plain,
    /// A dialog in a text protocol: commands, and replies that begin with a number.
    Transcript,
    /// What compilers and linkers print.
    Console,
    /// A stamp of any kind, then maybe a level, a thread and a logger, then the message.
    Dated,
    /// What collectors of supercomputers write: `- 1131566461 2005.11.09 dn228 ` before each line.
    Cluster,
    /// RFC 5424, RFC 3164, and the latter with ISO stamps; events that Windows agents forward among them.
    Syslog,
    /// One JSON object a line.
    JsonLines,
    /// Pairs `key=value`, a message or a level among them.
    Logfmt,
    /// Requests to a web server, in the common or the combined format.
    Access,
    /// Rows below `#Fields:`, as IIS and Exchange write them.
    W3c,
    /// glog and klog: `E0417 02:00:31.123456   12 file.go:7] message`.
    Klog,
    /// Containers of Kubernetes: `2016-10-06T00:17:09.669794202Z stdout F message`.
    Cri,
    /// Blocks as the Windows event viewers copy them: `Event Type:` or `Log Name:` first, `Description:` last.
    WindowsEvent,
    /// Rows of text as the Windows event viewers export them.
    EventExport,
}

impl Format {
    /// All formats, in the order in which they are tried: the more specific first.
    pub const ALL: [Format; 14] = [
        Format::JsonLines,
        Format::WindowsEvent,
        Format::EventExport,
        Format::W3c,
        Format::Access,
        Format::Klog,
        Format::Cluster,
        Format::Cri,
        Format::Logfmt,
        Format::Syslog,
        Format::Dated,
        Format::Transcript,
        Format::Console,
        Format::Plain,
    ];

    /// The name used by `--log-format`, `on` and reports.
    pub fn name(self) -> &'static str {
        match self {
            Format::Plain => "plain",
            Format::Transcript => "transcript",
            Format::Console => "console",
            Format::Dated => "dated",
            Format::Syslog => "syslog",
            Format::JsonLines => "json",
            Format::Logfmt => "logfmt",
            Format::Access => "access",
            Format::W3c => "w3c",
            Format::Klog => "klog",
            Format::Cluster => "cluster",
            Format::Cri => "cri",
            Format::WindowsEvent => "windows_event",
            Format::EventExport => "event_export",
        }
    }

    /// Whether records begin with a stamp.
    pub(crate) fn is_stamped(self) -> bool {
        !matches!(self, Format::Plain | Format::Transcript | Format::Console)
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
