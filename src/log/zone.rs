//! Zones of time: the names that users write for them, and the zone of each source whose stamps name none.

use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::input::OpenedInput;
use super::reader::ReadOptions;
use crate::pattern::wildcard::is_like;
pub use crate::zone::zone_named;

/// The zones of stamps that name none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceZones {
    /// The zone of all sources, if the user states it (`--zone`). It counts more than `configured`.
    pub stated: Option<TimeZone>,
    /// The zones of some sources, from `[[log]]` in casebook.toml. The first entry that fits a source counts.
    pub configured: Vec<SourceZone>,
}

/// The zone of some sources.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceZone {
    /// The sources.
    pub of: SourceSelector,
    /// Their zone.
    pub zone: TimeZone,
}

/// The sources that an entry of the settings is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceSelector {
    /// Files at this absolute path, or in a folder at this path; `*` stands for any text and `?` for one character.
    Path(String),
    /// Sources of this name, which is any name that `on` accepts for them.
    Name(String),
}

/// The origin of the zone in which the stamps of a source are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZoneOrigin {
    /// The user stated it (`--zone`).
    Stated,
    /// `[[log]]` in casebook.toml.
    Configured,
    /// The format of the source, which the user describes.
    Format,
    /// Nobody stated it, so UTC is assumed.
    #[default]
    Assumed,
}

impl SourceZones {
    /// Returns the zone of the stamps that name none in the source with these names, which is at `path` if it is a file;
    /// and the origin of that zone.
    pub fn of(&self, names: &[String], path: Option<&Path>) -> (TimeZone, ZoneOrigin) {
        if let Some(zone) = &self.stated {
            return (zone.clone(), ZoneOrigin::Stated);
        }
        match self.configured.iter().find(|entry| entry.of.fits(names, path)) {
            Some(entry) => (entry.zone.clone(), ZoneOrigin::Configured),
            None => (TimeZone::UTC, ZoneOrigin::Assumed),
        }
    }

    /// Returns `reading` with the zone of `opened`.
    pub(crate) fn reading(&self, reading: &ReadOptions, opened: &OpenedInput<'_>) -> ReadOptions {
        let (zone, zone_origin) = self.of(&opened.names, opened.path.as_deref());
        ReadOptions { zone, zone_origin, ..reading.clone() }
    }
}

impl SourceSelector {
    /// Returns the selector of the files at `path`, which may contain `*` and `?` and is relative to `folder`.
    pub fn path(folder: &Path, path: &str) -> Self {
        SourceSelector::Path(tidy(&folder.join(path)).to_string_lossy().into_owned())
    }

    fn fits(&self, names: &[String], path: Option<&Path>) -> bool {
        match (self, path) {
            (SourceSelector::Name(name), _) => names.contains(name),
            (SourceSelector::Path(wildcard), Some(path)) => {
                let fits = |path: &Path| is_like(path.as_os_str().as_encoded_bytes(), wildcard.as_bytes());
                tidy(path).ancestors().any(fits)
            }
            (SourceSelector::Path(_), None) => false,
        }
    }
}

/// Removes `.` and `..` from a path, without looking at the disk.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                tidy.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => tidy.push(component),
        }
    }
    tidy
}

/// Returns the name of a zone: that of the IANA, or its offset at the time `now`.
pub fn zone_name(zone: &TimeZone, now: Timestamp) -> String {
    zone.iana_name().map_or_else(|| zone.to_offset(now).to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Input;

    fn zone(name: &str) -> TimeZone {
        zone_named(name).expect("a known zone")
    }

    #[test]
    fn zones_have_names_and_offsets() {
        let summer = "2026-07-01T00:00:00Z".parse().expect("a valid instant");
        let shown = |name: &str| (zone_name(&zone(name), summer), zone(name).to_offset(summer).seconds());
        assert_eq!(shown("Europe/Berlin"), ("Europe/Berlin".to_owned(), 7200));
        assert_eq!(shown("UTC"), ("UTC".to_owned(), 0));
        assert_eq!(shown("+05:30"), ("+05:30".to_owned(), 19_800));
        assert_eq!(shown("-03"), ("-03".to_owned(), -10_800));
        assert_eq!(zone_named("Europe/Berln"), Err(Some("Europe/Berlin".to_owned())));
        assert_eq!(zone_named("nowhere at all"), Err(None));
        assert_eq!(zone_named(""), Err(None));
    }

    #[test]
    fn the_first_entry_that_fits_gives_the_zone() {
        let entry = |of, name: &str| SourceZone { of, zone: zone(name) };
        let configured = vec![
            entry(SourceSelector::path(Path::new("/w"), "logs/./a*.log"), "Europe/Berlin"),
            entry(SourceSelector::Name("db".to_owned()), "Asia/Tokyo"),
            entry(SourceSelector::path(Path::new("/w"), "../old"), "+01:00"),
        ];
        let zones = SourceZones { stated: None, configured };
        let of = |input: &Input| {
            let (zone, origin) = zones.of(&input.names(), input.file());
            (zone_name(&zone, Timestamp::UNIX_EPOCH), origin)
        };
        let configured = |name: &str| (name.to_owned(), ZoneOrigin::Configured);
        assert_eq!(of(&Input::path("/w/logs/app.log")), configured("Europe/Berlin"));
        assert_eq!(of(&Input::path("/w/x/../logs/app.log")), configured("Europe/Berlin"));
        assert_eq!(of(&Input::named("db", "/w/logs/b.log")), configured("Asia/Tokyo"));
        assert_eq!(of(&Input::path("/w/logs/db.log")), configured("Asia/Tokyo"));
        assert_eq!(of(&Input::path("/old/deep/b.log")), configured("+01"));
        assert_eq!(of(&Input::path("/older/b.log")), ("UTC".to_owned(), ZoneOrigin::Assumed));
        assert_eq!(of(&Input::stdin()), ("UTC".to_owned(), ZoneOrigin::Assumed));
        let stated = SourceZones { stated: Some(zone("Asia/Tokyo")), ..zones.clone() };
        assert_eq!(stated.of(&[], Some(Path::new("/w/logs/app.log"))).1, ZoneOrigin::Stated);
    }
}
