//! The formats of logs: detects which one a source has, and parses what comes before the message of a record.
//!
//! To add a format, add a file that defines `FORMAT`, a `mod` line for it, and a row in [`Format::ALL`].

mod access;
mod audit;
mod cef;
mod cluster;
mod columns;
mod console;
mod cri;
mod dated;
mod event_export;
mod field_names;
mod forwarded_event;
mod header;
mod json;
mod json_level;
mod json_node;
mod json_object;
mod json_time;
mod klog;
mod level;
mod logfmt;
mod pairs;
mod plain;
mod source_format;
mod spec;
mod structured;
mod syslog;
mod trace;
mod transcript;
mod w3c;
mod windows_event;

pub use json_object::FieldStep;
pub use level::Level;
pub(super) use source_format::ParsedRecord;
pub(crate) use source_format::SourceFormat;
pub use spec::Format;
pub(super) use spec::OpenRecord;
pub(super) use trace::{LOOK_AHEAD, without_frames};

impl Format {
    /// All formats, in the order in which they are tried: the more specific first.
    pub const ALL: &[Format] = &[
        json::FORMAT,
        windows_event::FORMAT,
        event_export::FORMAT,
        w3c::FORMAT,
        access::FORMAT,
        cef::FORMAT,
        klog::FORMAT,
        cluster::FORMAT,
        cri::FORMAT,
        logfmt::FORMAT,
        syslog::FORMAT,
        dated::FORMAT,
        transcript::FORMAT,
        console::FORMAT,
        plain::FORMAT,
    ];

    /// Returns the format that is called `name`.
    pub fn by_name(name: &str) -> Option<Format> {
        Format::ALL.iter().copied().find(|format| format.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::timestamp::StampRules;

    #[test]
    fn names_lead_back_to_formats() {
        for format in Format::ALL {
            assert_eq!(Format::by_name(format.name()), Some(*format));
        }
        assert_eq!(Format::by_name("levle"), None);
    }

    #[test]
    fn every_format_recognises_its_example() {
        for format in Format::ALL {
            let detected = SourceFormat::detect(format.example().as_bytes(), StampRules::default(), None);
            assert_eq!(detected.format, *format);
            assert!(!format.about().is_empty() && !format.about().contains('\n'), "{format:?}");
        }
    }
}
