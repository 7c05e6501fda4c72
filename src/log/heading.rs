//! Lines of a source that are no records but say how the records after them are written, such as `#Fields: …`.

use std::sync::Arc;

use jiff::Timestamp;

use super::format::SourceFormat;

/// The format of a source, and the formats to which its headings change it.
#[derive(Debug, Clone)]
pub(super) struct Formats {
    /// The format that was detected, then one for each change, at most [`MAX_FORMATS`].
    all: Vec<Arc<SourceFormat>>,
    changes: Vec<Change>,
}

/// The index of a format in its [`Formats`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FormatIndex(u8);

/// What a heading changes.
#[derive(Debug, Clone)]
struct Change {
    before: FormatIndex,
    heading: Vec<u8>,
    after: FormatIndex,
}

/// The most formats of a source. Headings beyond change nothing.
const MAX_FORMATS: usize = 200;

/// The longest heading that changes the format, in bytes.
const MAX_HEADING_BYTES: usize = 16 * 1024;

impl Formats {
    pub(super) fn new(detected: SourceFormat) -> Self {
        Formats { all: vec![Arc::new(detected)], changes: Vec::new() }
    }

    /// Returns the format that was detected.
    pub(super) fn detected(&self) -> &SourceFormat {
        &self.all[0]
    }

    pub(super) fn at(&self, index: FormatIndex) -> &SourceFormat {
        &self.all[usize::from(index.0)]
    }

    /// Adds the format of an earlier year of the source, whose stamps are read as at most `latest`.
    pub(super) fn add_year(self: &mut Arc<Self>, latest: Timestamp) -> FormatIndex {
        let Ok(index) = u8::try_from(self.all.len()) else { return FormatIndex::default() };
        let earlier = Arc::new(self.detected().before(latest));
        Arc::make_mut(self).all.push(earlier);
        FormatIndex(index)
    }

    /// Returns the format after the heading `line` in a part of the source that is written in the format `before`.
    /// Equal headings lead to the same format.
    pub(super) fn after_heading(self: &mut Arc<Self>, before: FormatIndex, line: &[u8]) -> FormatIndex {
        let is_same = |change: &&Change| change.before == before && change.heading == line;
        if let Some(known) = self.changes.iter().find(is_same) {
            return known.after;
        }
        if self.all.len() >= MAX_FORMATS || line.len() > MAX_HEADING_BYTES {
            return before;
        }
        let changed = self.at(before).after_heading(line);
        let (Some(changed), Ok(after)) = (changed, u8::try_from(self.all.len())) else {
            return before;
        };
        let formats = Arc::make_mut(self);
        formats.all.push(Arc::new(changed));
        formats.changes.push(Change { before, heading: line.to_vec(), after: FormatIndex(after) });
        FormatIndex(after)
    }
}
