//! Tables whose columns are aligned with blanks, as commands print them for people.

use super::columns::Role;

/// Where the columns of a table are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) names: Vec<Vec<u8>>,
    pub(super) roles: Vec<Option<Role>>,
    /// The first character of each name, or of the dashes under it, and the first one after it.
    spans: Vec<(usize, usize)>,
}

impl Layout {
    /// Reads the columns from a row of names with two or more blanks between them, or from such a row and the row of
    /// dashes under it. `role` finds the role for a name. `None` if there is only one column.
    pub(super) fn read(names: &[u8], dashes: Option<&[u8]>, role: fn(&[u8]) -> Option<Role>) -> Option<Layout> {
        let spans = dashes.map_or_else(|| words(names, b"  "), |dashes| words(dashes, b" "));
        let mut layout = Layout { names: Vec::new(), roles: Vec::new(), spans };
        layout.names = layout.split(names)?.into_iter().map(<[u8]>::to_vec).collect();
        layout.roles = layout.names.iter().map(|name| role(name)).collect();
        (layout.spans.len() > 1).then_some(layout)
    }

    /// Returns the same columns at the places of other `dashes`; `None` if these are not as many.
    pub(super) fn under(&self, dashes: &[u8]) -> Option<Layout> {
        let spans = words(dashes, b" ");
        (spans.len() == self.spans.len()).then(|| Layout { spans, ..self.clone() })
    }

    pub(super) fn has(&self, role: Role) -> bool {
        self.roles.contains(&Some(role))
    }

    /// Splits `row` into a field for each column. Two columns are cut at the widest gap between the end of the first
    /// one's name and the beginning of the second one's, because a field may be wider than its name, to either side.
    /// `None` if there is no gap.
    pub(super) fn split<'a>(&self, row: &'a [u8]) -> Option<Vec<&'a [u8]>> {
        let mut fields = Vec::with_capacity(self.spans.len());
        let mut start = 0;
        for next in self.spans.windows(2) {
            let (from, to) = (offset(row, next[0].1), offset(row, next[1].0));
            let gap = widest_gap(row.get(from.max(start)..to.max(start))?)?;
            let from = from.max(start);
            fields.push(row[start..from + gap.0].trim_ascii());
            start = from + gap.1;
        }
        fields.push(row[start..].trim_ascii());
        Some(fields)
    }

    /// Returns the field of `row` in the column with `role`; `None` if it is empty.
    pub(super) fn in_role<'a>(&self, fields: &[&'a [u8]], role: Role) -> Option<&'a [u8]> {
        let index = self.roles.iter().position(|found| *found == Some(role))?;
        fields.get(index).copied().filter(|field| !field.is_empty())
    }

    /// Returns the field of `row` in the column that rules call `name`.
    pub(super) fn named<'a>(&self, row: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let index = self.names.iter().position(|found| super::field_names::name_in_rules(found) == name)?;
        self.split(row)?.get(index).copied()
    }

    /// Returns the names of the columns as rules write them.
    pub(super) fn names_in_rules(&self) -> Vec<String> {
        self.names.iter().map(|name| super::field_names::name_in_rules(name)).collect()
    }
}

/// Whether `line` consists of dashes and blanks, as the row under the names of columns does.
pub(super) fn is_dashes(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() > 3 && line.starts_with(b"-") && line.contains(&b' ') && line.iter().all(|byte| b"- ".contains(byte))
}

/// Returns the places of the words of `line`, in characters. `gap` is between words.
fn words(line: &[u8], gap: &[u8]) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(blanks) = line.get(at..).and_then(|rest| rest.iter().position(|byte| *byte != b' ')) {
        let start = at + blanks;
        let end = memchr::memmem::find(&line[start..], gap).map_or(line.len(), |len| start + len);
        words.push((characters(&line[..start]), characters(line[..end].trim_ascii_end())));
        at = end;
    }
    words
}

fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| is_first(**byte)).count()
}

/// Whether `byte` is the first one of a character in UTF-8.
fn is_first(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

/// Returns the offset of the character `index`, or the length of the row.
fn offset(row: &[u8], index: usize) -> usize {
    let mut firsts = row.iter().enumerate().filter(|(_, byte)| is_first(**byte));
    firsts.nth(index).map_or(row.len(), |(at, _)| at)
}

/// Returns the range of the widest run of blanks in `text`; the last one, if several are as wide.
fn widest_gap(text: &[u8]) -> Option<(usize, usize)> {
    let mut widest: Option<(usize, usize)> = None;
    let mut at = 0;
    for run in text.chunk_by(|a, b| (*a == b' ') == (*b == b' ')) {
        if run[0] == b' ' && widest.is_none_or(|(start, end)| run.len() >= end - start) {
            widest = Some((at, at + run.len()));
        }
        at += run.len();
    }
    widest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &str, dashes: Option<&str>, row: &str, expected: Option<&[&str]>) {
        let layout = Layout::read(names.as_bytes(), dashes.map(str::as_bytes), |_| None).expect("columns");
        let fields = layout.split(row.as_bytes());
        let fields = fields.map(|fields| fields.into_iter().map(String::from_utf8_lossy).collect::<Vec<_>>());
        assert_eq!(fields, expected.map(|fields| fields.iter().map(|field| (*field).into()).collect()));
    }

    #[test]
    fn fields_may_be_wider_than_their_names() {
        check("AGE    TYPE     TEXT", None, "5m     Normal   a b  c", Some(&["5m", "Normal", "a b  c"]));
        check("LAST SEEN   TYPE", None, "5 (x4)      Überlauf", Some(&["5 (x4)", "Überlauf"]));
        let (names, dashes) = ("Time               Id Level Text", "----               -- ----- ----");
        check(
            names,
            Some(dashes),
            "1/2 10:00:00 AM 10016 Error no disk",
            Some(&["1/2 10:00:00 AM", "10016", "Error", "no disk"]),
        );
        check(names, Some(dashes), "Äpfel               7       no disk", Some(&["Äpfel", "7", "", "no disk"]));
    }

    #[test]
    fn other_lines_have_no_columns() {
        check("AGE  TYPE", None, "onewordthatislong", None);
        assert_eq!(Layout::read(b"one name", None, |_| None), None);
        assert_eq!(Layout::read(b"", None, |_| None), None);
        assert!(is_dashes(b"  ---- --\n") && !is_dashes(b"-----") && !is_dashes(b"- item") && !is_dashes(b""));
    }
}
