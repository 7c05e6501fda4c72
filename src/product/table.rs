//! The alias table: a sorted text in the binary, split into rows at the first look-up.

use std::sync::LazyLock;

/// The whole text. Its first lines, which begin with `#`, say what it contains and how it was made.
const TABLE: &str = include_str!("aliases.tsv");
const ROWS: &str = TABLE.split_at(header_len(TABLE)).1;

const fn header_len(table: &str) -> usize {
    let bytes = table.as_bytes();
    let mut at = 0;
    while bytes[at] == b'#' {
        while bytes[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    at
}

/// Returns the canonical name of the product called `name`, which is in lower case; `None` if the table does not
/// contain it.
pub(super) fn product(name: &str) -> Option<&'static str> {
    find(name).filter(|row| row.kind != TAG).map(|row| row.canonical)
}

/// Returns the canonical name of the product that `tag` means, which is in lower case and without a version; `None` if
/// the table does not contain it.
pub(super) fn tagged(tag: &str) -> Option<&'static str> {
    find(tag).filter(|row| row.kind == TAG).map(|row| row.canonical)
}

const TAG: &str = "tag";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    alias: &'static str,
    canonical: &'static str,
    kind: &'static str,
}

/// Parses a line of the table: `alias`, `canonical`, `kind` and `count`, with tabs between them. The count is only for
/// human readers.
fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split('\t');
    Some(Row { alias: fields.next()?, canonical: fields.next()?, kind: fields.next()? })
}

fn find(alias: &str) -> Option<Row> {
    static ROWS_READ: LazyLock<Vec<Row>> = LazyLock::new(|| rows().collect());
    let at = ROWS_READ.binary_search_by(|row| row.alias.cmp(alias)).ok()?;
    Some(ROWS_READ[at])
}

fn rows() -> impl Iterator<Item = Row> {
    ROWS.lines().filter_map(row)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_sorted_and_each_row_is_found() {
        assert!(ROWS.is_ascii());
        assert!(rows().map(|row| row.alias).is_sorted_by(|a, b| a < b));
        assert_eq!(rows().count(), ROWS.lines().count());
        assert!(rows().all(|row| find(row.alias) == Some(row)));
        assert!(ROWS.lines().all(|line| line.split('\t').count() == 4));
        let kinds: BTreeSet<&str> = rows().map(|row| row.kind).collect();
        assert_eq!(kinds, BTreeSet::from(["name", "short", TAG]));
        for absent in ["", "a", "exchange serve", "exchange serverx", "zzz", "#"] {
            assert_eq!(find(absent), None, "{absent}");
        }
    }

    #[test]
    fn what_an_alias_leads_to_is_canonical() {
        for row in rows() {
            assert_eq!(product(row.canonical), Some(row.canonical), "{row:?}");
        }
    }

    #[test]
    fn tags_and_names_are_kept_apart() {
        assert_eq!((tagged("kbexchange"), product("kbexchange")), (Some("exchange server"), None));
        assert_eq!((tagged("exchange"), product("exchange")), (None, Some("exchange server")));
    }
}
