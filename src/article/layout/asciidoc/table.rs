//! Splits the lines of an AsciiDoc table into rows of cells.

use crate::article::layout::csv_line;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    /// Whether the cell contains blocks: lists, code, admonitions.
    pub(super) has_blocks: bool,
}

/// The greatest number of columns.
const MAX_COLUMNS: usize = 100;

/// The greatest number of copies of a cell.
const MAX_COPIES: usize = 20;

/// Returns the rows of a table. `columns` is the value of its attribute `cols`, and `separator` the character between
/// cells: `|`, or `,` and `:` for lists of values.
pub(super) fn rows(lines: &[&str], columns: Option<&str>, separator: char) -> Vec<Vec<Cell>> {
    if matches!(separator, ',' | ':') {
        return lines
            .iter()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let cell = |text| Cell { text, has_blocks: false };
                csv_line::values(line, separator).map(cell).collect()
            })
            .collect();
    }
    let stated = columns.map(column_specs).unwrap_or_default();
    let (cells, n_first) = cells(lines, separator);
    let width = if stated.is_empty() { n_first } else { stated.len() }.clamp(1, MAX_COLUMNS);
    let mut rows = Vec::new();
    let mut row: Vec<Cell> = Vec::new();
    let mut filled = 0;
    for SpannedCell { mut cell, span } in cells {
        cell.has_blocks |= stated.get(filled).copied().unwrap_or(false);
        row.push(cell);
        filled += span;
        if filled >= width {
            rows.push(std::mem::take(&mut row));
            filled = 0;
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

/// Returns for each column whether its cells contain blocks: `1,2a` or `3*`.
fn column_specs(columns: &str) -> Vec<bool> {
    let mut found = Vec::new();
    for spec in columns.split([',', ';']).map(str::trim) {
        let copies = spec.split_once('*').and_then(|(copies, _)| copies.trim().parse().ok()).unwrap_or(1);
        found.extend(std::iter::repeat_n(spec.ends_with('a'), usize::min(copies, MAX_COLUMNS)));
        if found.len() >= MAX_COLUMNS {
            break;
        }
    }
    found
}

/// A cell, and the number of columns that it covers.
struct SpannedCell {
    cell: Cell,
    span: usize,
}

/// Returns the cells in order, and the number of columns that the first line with cells has.
fn cells(lines: &[&str], separator: char) -> (Vec<SpannedCell>, usize) {
    let mut cells: Vec<SpannedCell> = Vec::new();
    let mut copies = 1;
    let mut n_first = 0;
    for line in lines {
        let mut parts = split_cells(line, separator);
        // What is before the first separator belongs to the cell above, unless it says how the next cell looks.
        let (mut spec, rest) = parts.next().map_or((CellSpec::default(), ""), |part| take_spec(part, true));
        if let Some(last) = cells.last_mut() {
            last.cell.text.push('\n');
            last.cell.text.push_str(&rest.replace("\\|", "|"));
        }
        for part in parts {
            settle(&mut cells, copies);
            let (next, text) = take_spec(part, false);
            let cell = Cell { text: text.replace("\\|", "|"), has_blocks: spec.has_blocks };
            cells.push(SpannedCell { cell, span: spec.span });
            copies = spec.copies;
            spec = next;
        }
        if n_first == 0 {
            n_first = cells.iter().map(|cell| cell.span).sum::<usize>() + (copies - 1);
        }
    }
    settle(&mut cells, copies);
    (cells, n_first)
}

/// Repeats the last cell, so that there are `copies` of it.
fn settle(cells: &mut Vec<SpannedCell>, copies: usize) {
    if let Some(last) = cells.last()
        && copies > 1
        && last.cell.text.len() <= MAX_COLUMNS
    {
        let (cell, span) = (last.cell.clone(), last.span);
        cells.extend((1..copies).map(|_| SpannedCell { cell: cell.clone(), span }));
    }
}

/// Splits a line at the separators that have no backslash before them.
fn split_cells(line: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut previous = ' ';
    line.split(move |c| {
        let is_end = c == separator && previous != '\\';
        previous = c;
        is_end
    })
}

/// The letters and numbers before the separator of a cell: `2+`, `3*`, `.2+^a`.
#[derive(Debug, Clone, Copy)]
struct CellSpec {
    span: usize,
    copies: usize,
    has_blocks: bool,
}

impl Default for CellSpec {
    fn default() -> Self {
        CellSpec { span: 1, copies: 1, has_blocks: false }
    }
}

/// Splits the text before a separator into the text of a cell and what it says about the next cell. A word at the start of
/// a line says something, and so does one after a blank.
fn take_spec(part: &str, is_line_start: bool) -> (CellSpec, &str) {
    let word = part.rsplit([' ', '\t']).next().unwrap_or_default();
    let stands_alone = word.len() < part.len() || is_line_start;
    match cell_spec(word).filter(|_| stands_alone) {
        Some(spec) => (spec, &part[..part.len() - word.len()]),
        None => (CellSpec::default(), part),
    }
}

fn cell_spec(word: &str) -> Option<CellSpec> {
    let mut spec = CellSpec::default();
    let mut rest = word;
    if let Some(at) = word.find(['+', '*']) {
        let number = word[..at].split('.').next().unwrap_or_default();
        let is_number = word[..at].bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let count = number.parse().unwrap_or(1).clamp(1, MAX_COLUMNS);
        if !is_number || at == 0 {
            return None;
        }
        let count = if word.as_bytes()[at] == b'*' { usize::min(count, MAX_COPIES) } else { count };
        if word.as_bytes()[at] == b'+' {
            spec.span = count
        } else {
            spec.copies = count
        }
        rest = &word[at + 1..];
    }
    let style = rest.trim_start_matches(['<', '^', '>', '.']);
    spec.has_blocks = style == "a";
    let is_style = matches!(style, "" | "a" | "d" | "e" | "h" | "l" | "m" | "s" | "v");
    // A lone letter before the separator is a spec only together with a blank, so `|a |b` has two cells with text.
    (is_style && !word.is_empty()).then_some(spec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, columns: Option<&str>, expect: &[&[&str]]) {
        let lines: Vec<&str> = text.lines().collect();
        let found = rows(&lines, columns, '|');
        let found: Vec<Vec<&str>> = found.iter().map(|row| row.iter().map(|cell| cell.text.trim()).collect()).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn the_first_line_or_cols_tells_the_width() {
        check(
            "|Code |Meaning\n\n|7\n|It is\nfull\n|8 |It is empty",
            None,
            &[&["Code", "Meaning"], &["7", "It is\nfull"], &["8", "It is empty"]],
        );
        check("|7\n|full\n|8\n|empty", Some("1,2"), &[&["7", "full"], &["8", "empty"]]);
        check("|a|b|c|d", Some("2*"), &[&["a", "b"], &["c", "d"]]);
    }

    #[test]
    fn cells_may_span_columns_or_be_repeated() {
        check("2+|both |7 |full", Some("2*"), &[&["both"], &["7", "full"]]);
        check("2*|x\n|a\\|b\na|* y", Some("2*"), &[&["x", "x"], &["a|b", "* y"]]);
    }

    #[test]
    fn lists_of_values_are_tables() {
        let found = rows(&["a,\"b, \"\"c\"\"\""], None, ',');
        assert_eq!(found[0].iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>(), ["a", "b, \"c\""]);
    }
}
