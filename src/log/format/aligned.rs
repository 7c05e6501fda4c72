//! Events in tables that commands print: `kubectl get events` and `Get-WinEvent`.

use super::columns::Role;
use super::header::Header;
use super::layout::{Layout, is_dashes};
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord, Sample};
use super::windows_words::{self, level_word};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "event_table",
    about: "events in aligned columns, as `kubectl get events` and `Get-WinEvent` print them",
    example: "LAST SEEN   TYPE      REASON    OBJECT    MESSAGE\n2m          Warning   BackOff   pod/web   Back-off restarting",
    detect: |sample| {
        let found = EventTable::find(sample);
        let fits = found.is_some();
        Detected::new(found.unwrap_or_default(), fits)
    },
});

#[derive(Debug, Default)]
struct EventTable {
    /// `None` if the source names no columns, but the user stated this format.
    layout: Option<Layout>,
    /// The row that names the columns, with one blank between words.
    names: Vec<u8>,
}

impl LogFormat for EventTable {
    fn is_stamped(&self) -> bool {
        self.layout.as_ref().is_some_and(|layout| layout.has(Role::Date))
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        row(self.layout.as_ref()?, record, rules)
    }

    /// Headings are the names of columns, the dashes under them, and the source of the events after it.
    fn is_heading(&self, line: &[u8]) -> bool {
        let text = line.trim_ascii();
        text.is_empty() || one_blank(text) == self.names || is_dashes(text) || line.starts_with(b"   ProviderName: ")
    }

    /// Columns have other widths for each source of events.
    fn after_heading(&self, line: &[u8]) -> Option<Box<dyn LogFormat>> {
        let layout = self.layout.as_ref().filter(|_| is_dashes(line))?;
        let moved = layout.under(line.trim_ascii_end()).filter(|moved| moved != layout)?;
        Some(Box::new(EventTable { layout: Some(moved), names: self.names.clone() }))
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        match rest.first() {
            Some(b' ') => indent_continues && !rest.starts_with(b"   ProviderName: "),
            Some(byte) => b"\t\r\n".contains(byte),
            None => false,
        }
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.layout.as_ref()?.named(record, name)
    }

    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        self.layout.as_ref().map_or_else(Vec::new, Layout::names_in_rules)
    }
}

/// Names of columns of Kubernetes, in capitals, and their roles.
const NAMES: [(&[u8], Role); 4] =
    [(b"TYPE", Role::Level), (b"MESSAGE", Role::Message), (b"SOURCE", Role::Program), (b"FROM", Role::Program)];

/// Returns the role of a column of `kubectl get events` or `kubectl describe`.
pub(super) fn role(name: &[u8]) -> Option<Role> {
    NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, role)| *role)
}

/// The row that names the columns is searched for in this number of lines.
const SEARCHED_LINES: usize = 20;

impl EventTable {
    fn find(sample: &Sample<'_>) -> Option<EventTable> {
        (0..sample.lines.len().min(SEARCHED_LINES)).find_map(|at| {
            let names = sample.lines[at];
            let dashes = sample.lines.get(at + 1).copied().filter(|line| is_dashes(line));
            let layout = match dashes {
                Some(dashes) => Layout::read(names, Some(dashes), windows_words::role).filter(is_windows),
                None => Layout::read(names, None, role).filter(is_kubernetes),
            }?;
            Some(EventTable { layout: Some(layout), names: one_blank(names) })
        })
    }
}

/// Returns `text` with one blank between its words.
fn one_blank(text: &[u8]) -> Vec<u8> {
    let words: Vec<&[u8]> = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.join(&b' ')
}

fn is_windows(layout: &Layout) -> bool {
    [Role::Date, Role::EventId, Role::Message].into_iter().all(|role| layout.has(role))
}

fn is_kubernetes(layout: &Layout) -> bool {
    let has = |name: &[u8]| layout.names.iter().any(|found| found == name);
    has(b"TYPE") && has(b"REASON") && has(b"MESSAGE")
}

/// Parses a row. In a table of Kubernetes, all of the row is the message, because its reason and its object matter too;
/// the ages in it are no times.
pub(super) fn row<'a>(layout: &Layout, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let fields = layout.split(record.trim_ascii_end())?;
    let field = |role| layout.in_role(&fields, role);
    let message = field(Role::Message);
    let header = Header {
        stamp: field(Role::Date).and_then(|date| stamp_at(date, 0, rules)),
        level: field(Role::Level).map(|word| if word == b"Normal" { b"info" } else { level_word(word) }),
        program: field(Role::Program),
        event_id: field(Role::EventId),
        host: field(Role::Host),
        message: message.unwrap_or_default(),
        ..Header::default()
    };
    if layout.has(Role::Date) {
        return header.stamp.is_some().then_some(header);
    }
    Some(Header { message: record.trim_ascii(), gist: message, ..header })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Option<EventTable> {
        EventTable::find(&Sample::new(text.as_bytes(), &StampRules::default()))
    }

    /// Checks time, level, event id and message of the last line of `text` (`-` if missing).
    #[track_caller]
    fn check(text: &str, expected: Option<[&str; 4]>) {
        let row = text.lines().last().expect("a row");
        let header = table(text).expect("a table").header(row.as_bytes(), &StampRules::default()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
            [time, text(header.level), text(header.event_id), text(Some(header.message))]
        });
        assert_eq!(header, expected.map(|parts| parts.map(str::to_owned)));
    }

    const WINDOWS: &str = "   ProviderName: Disk\n\nTimeCreated                     Id LevelDisplayName Message\n\
        -----------                     -- ---------------- -------\n";

    #[test]
    fn rows_of_both_commands_are_read() {
        check(
            &format!("{WINDOWS}4/17/2001 2:00:31 PM             7 Error            No disk."),
            Some(["2001-04-17T14:00:31Z", "Error", "7", "No disk."]),
        );
        let kubectl = "LAST SEEN   TYPE      REASON    OBJECT    MESSAGE\n";
        check(
            &format!("{kubectl}3m12s       Normal    Pulled    pod/web   Pulled it"),
            Some(["-", "info", "-", "3m12s       Normal    Pulled    pod/web   Pulled it"]),
        );
        let found = table(kubectl).expect("a table");
        let row = b"2m          Warning   BackOff   pod/web   Back-off";
        assert_eq!(found.field(row, "REASON"), Some(&b"BackOff"[..]));
        assert_eq!(found.header(row, &StampRules::default()).and_then(|header| header.gist), Some(&b"Back-off"[..]));
    }

    #[test]
    fn columns_move_with_the_dashes() {
        let found = table(WINDOWS).expect("a table");
        assert!(WINDOWS.lines().all(|line| found.is_heading(line.as_bytes())));
        assert!(found.after_heading(b"-----------                     -- ---------------- -------\r\n").is_none());
        let moved =
            found.after_heading(b"-----------             -- ---------------- -------\n").expect("other columns");
        let row = b"4/17/2001 2:00:31 PM    51 Warning          Slow.";
        assert_eq!(moved.header(row, &StampRules::default()).map(|header| header.message), Some(&b"Slow."[..]));
    }

    #[test]
    fn other_texts_are_no_tables_of_events() {
        check(&format!("{WINDOWS}not an event"), None);
        for text in
            ["NAME   READY   STATUS\nweb    1/1     Running", "Id Text\n-- ----\n7  x", "TYPE REASON MESSAGE", ""]
        {
            assert!(table(text).is_none(), "{text}");
        }
    }
}
