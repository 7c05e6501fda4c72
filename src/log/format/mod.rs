//! The formats of logs: detects which one a source has, and parses what comes before the message of a record.
//!
//! To add a format, add a file that defines `FORMAT`, a `mod` line for it, and a row in [`Format::ALL`].

mod access;
mod aligned;
mod apt_history;
mod audit;
mod beginnings;
mod cef;
mod cluster;
mod cmtrace;
mod columns;
mod console;
mod cri;
mod dated;
mod describe;
mod docker;
mod event_export;
mod event_xml;
mod field_names;
mod flow_log;
mod forwarded_event;
mod header;
mod journal_verbose;
mod json;
mod json_level;
mod json_node;
mod json_object;
mod json_time;
mod klog;
mod layout;
mod level_column;
mod level_mark;
mod level_message;
mod level_notation;
mod leveled;
mod logcat;
mod logfmt;
mod logger_xml;
mod metrics;
mod ossec_alert;
mod own;
mod pairs;
mod plain;
mod postgres_csv;
mod prefixed;
mod ruby_logger;
mod setupapi;
mod slow_query;
mod source_format;
mod spec;
mod stamp_line;
mod stamped_lines;
mod structured;
mod syslog;
mod table;
mod trace;
mod transcript;
mod unified_log;
mod w3c;
mod weblogic;
mod windows_event;
mod windows_update;
mod windows_words;
mod wrapper;
mod zeek;

use std::sync::Arc;

use crate::level;
use crate::own_format::OwnFormats;
pub(super) use header::Header;
pub use json_object::FieldStep;
pub(super) use json_object::Json;
pub use level::Level;
pub(super) use logfmt::evidence as pair_evidence;
pub(super) use own::choose as choose_own;
pub(crate) use source_format::SourceFormat;
pub(super) use source_format::{ParsedRecord, WrappedRecord};
pub use spec::Format;
pub(super) use spec::OpenRecord;
pub(super) use trace::{LOOK_AHEAD, is_trace_or_indented, without_frames};

impl Format {
    /// All formats, in the order in which they are tried: the more specific first.
    pub const ALL: &[Format] = &[
        docker::FORMAT,
        json::FORMAT,
        windows_event::FORMAT,
        logger_xml::FORMAT,
        event_xml::FORMAT,
        event_export::FORMAT,
        cmtrace::FORMAT,
        windows_update::FORMAT,
        setupapi::FORMAT,
        w3c::FORMAT,
        zeek::FORMAT,
        flow_log::FORMAT,
        postgres_csv::FORMAT,
        table::FORMAT,
        access::FORMAT,
        cef::FORMAT,
        aligned::FORMAT,
        describe::FORMAT,
        metrics::FORMAT,
        slow_query::FORMAT,
        apt_history::FORMAT,
        ossec_alert::FORMAT,
        weblogic::FORMAT,
        ruby_logger::FORMAT,
        logcat::FORMAT,
        unified_log::FORMAT,
        journal_verbose::FORMAT,
        stamp_line::FORMAT,
        klog::FORMAT,
        cluster::FORMAT,
        cri::FORMAT,
        stamped_lines::FORMAT,
        prefixed::FORMAT,
        logfmt::FORMAT,
        syslog::FORMAT,
        dated::FORMAT,
        leveled::FORMAT,
        transcript::FORMAT,
        console::FORMAT,
        plain::FORMAT,
    ];

    /// Returns the built-in format that is called `name`.
    pub fn by_name(name: &str) -> Option<Format> {
        Format::ALL.iter().find(|format| format.name() == name).cloned()
    }

    /// Returns the format that is called `name`: one of `own` or a built-in one.
    pub fn named(name: &str, own: &OwnFormats) -> Option<Format> {
        own.named(name).map(|own| Format::own(Arc::clone(own))).or_else(|| Format::by_name(name))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::log::timestamp::StampRules;

    #[test]
    fn names_lead_back_to_formats() {
        for format in Format::ALL {
            assert_eq!(Format::by_name(format.name()), Some(format.clone()));
        }
        assert_eq!(Format::by_name("levle"), None);
    }

    #[test]
    fn no_own_format_can_have_the_name_of_a_built_in_one() {
        let mut names: Vec<&str> = Format::ALL.iter().map(Format::name).collect();
        names.sort_unstable();
        assert_eq!(crate::own_format::BUILT_IN, names);
    }

    /// Returns the page of all formats: of each its name, a description and an example.
    fn page() -> String {
        let mut page = "# Log formats\n\ncasebook reads these kinds of logs without being told which one it is. `casebook log FILE` shows which it \
                        found and\nwhat it read; `--log-format NAME` states one; [own formats](diagnosis.md) need no code.\n".to_owned();
        for format in Format::ALL {
            page += &format!(
                "\n## {}\n\n{}.\n\n```text\n{}\n```\n",
                format.name(),
                capitalised(format.about()),
                format.example()
            );
        }
        page
    }

    fn capitalised(text: &str) -> String {
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    #[test]
    fn the_page_of_formats_is_fresh() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/log-formats.md");
        expect_test::expect_file![path].assert_eq(&page());
    }

    #[test]
    fn the_readme_names_every_format() {
        let readme = include_str!("../../../README.md");
        let missing: Vec<_> =
            Format::ALL.iter().filter(|format| !readme.contains(&format!("`{}`", format.name()))).collect();
        assert_eq!(missing, [] as [&Format; 0]);
    }

    #[test]
    fn every_format_recognises_its_example() {
        for format in Format::ALL {
            let detected = SourceFormat::detect(format.example().as_bytes(), StampRules::default(), None);
            assert_eq!(detected.format, *format);
            assert!(!format.about().is_empty() && !format.about().contains('\n'), "{format:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_format_panic(
            format in prop::sample::select(Format::ALL.to_vec()),
            other in prop::sample::select(Format::ALL.to_vec()),
            cut in 0.0..1.0,
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b" :[]<>{}\"'/-\t\n=,#.(".to_vec())], 0..24),
        ) {
            let source = SourceFormat::detect(format.example().as_bytes(), StampRules::default(), Some(format));
            let example = other.example().as_bytes();
            let at = (example.len() as f64 * cut) as usize;
            for record in [[&example[..at], &bytes, &example[at..]].concat(), [&example[..at], &bytes].concat(), bytes] {
                source.parse(&record);
                source.is_heading(&record);
                if let Some(after) = source.after_heading(&record) {
                    after.parse(&record);
                }
                for name in source.field_names(&record) {
                    source.field(&record, &name);
                }
                let mut open = OpenRecord::default();
                source.read_line(&mut open, &record);
                if !record.is_empty() {
                    source.continues(open, &record);
                }
                SourceFormat::detect(&record, StampRules::default(), None);
            }
        }
    }
}
