//! Splits the tables of reStructuredText into rows of cells.

use super::line::Line;

/// The greatest number of columns; further ones belong to the last.
const MAX_COLUMNS: usize = 100;

/// A cell: its lines.
pub(super) type Cell = Vec<String>;

/// Whether a line is the upper border of a table with `+` at its corners.
pub(super) fn is_grid(text: &str) -> bool {
    text.len() >= 3 && text.starts_with("+-") && text.ends_with('+') && text.bytes().all(|b| matches!(b, b'+' | b'-'))
}

/// Whether a line is a border of a table without vertical lines: runs of `=` with blanks between them.
pub(super) fn is_simple(text: &str) -> bool {
    is_border(text, '=') && text.contains(' ')
}

fn is_border(text: &str, mark: char) -> bool {
    text.starts_with(mark) && text.chars().all(|c| c == mark || c == ' ')
}

/// Returns the rows of a table with borders, whose first line is the upper one.
pub(super) fn grid_rows(lines: &[Line<'_>]) -> Vec<Vec<Cell>> {
    let border = lines.first().map_or("", |line| line.text);
    let columns: Vec<usize> =
        border.char_indices().filter(|(_, c)| *c == '+').map(|(at, _)| at).take(MAX_COLUMNS).collect();
    let mut rows = Vec::new();
    // The last border begins no column.
    let mut row: Vec<Cell> = vec![Vec::new(); columns.len().saturating_sub(1).max(1)];
    for line in lines {
        if line.text.starts_with('+') {
            rows.extend(finished(&mut row));
        } else {
            let chars: Vec<char> = line.text.chars().collect();
            add_line(&mut row, &chars, &columns, |c| c == '|' || c == '+');
        }
    }
    rows.extend(finished(&mut row));
    rows
}

/// Returns the rows of a table without vertical lines, whose first line is the upper border.
pub(super) fn simple_rows(lines: &[Line<'_>]) -> Vec<Vec<Cell>> {
    let border: Vec<char> = lines.first().map_or("", |line| line.text).chars().collect();
    let starts = (0..border.len()).filter(|&at| border[at] == '=' && (at == 0 || border[at - 1] == ' '));
    // A cell begins after the place where a vertical line would be.
    let columns: Vec<isize> = starts.map(|at| at as isize - 1).take(MAX_COLUMNS).collect();
    let margin = lines.first().map_or(0, |line| line.indent);
    let mut rows = Vec::new();
    let mut row: Vec<Cell> = vec![Vec::new(); columns.len()];
    for line in lines {
        if line.is_blank() || is_border(line.text, '=') || is_border(line.text, '-') {
            rows.extend(finished(&mut row));
            continue;
        }
        let mut chars = vec![' '; line.indent.saturating_sub(margin).min(400)];
        // A row whose first cell is blank continues the row above.
        if chars.is_empty() {
            rows.extend(finished(&mut row));
        }
        chars.extend(line.text.chars());
        add_simple_line(&mut row, &chars, &columns);
    }
    rows.extend(finished(&mut row));
    rows
}

/// Returns the row, if it contains anything, and begins the next one.
fn finished(row: &mut Vec<Cell>) -> Option<Vec<Cell>> {
    if row.iter().all(Vec::is_empty) {
        return None;
    }
    let next = vec![Vec::new(); row.len()];
    let mut finished = std::mem::replace(row, next);
    for cell in &mut finished {
        cell.truncate(cell.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1));
    }
    Some(finished)
}

/// Adds a line to the cells of a row. Where no border separates two columns, their text belongs to the first.
fn add_line(row: &mut [Cell], chars: &[char], columns: &[usize], is_border: impl Fn(char) -> bool) {
    let mut start = 0;
    for (at, &end) in columns.iter().enumerate().skip(1) {
        let is_last = at + 1 == columns.len();
        if !is_last && !chars.get(end).is_none_or(|&c| is_border(c)) {
            continue;
        }
        // What is beyond the last border is kept, too.
        let end = if is_last && !chars.get(end).is_some_and(|&c| is_border(c)) { chars.len() } else { end };
        push_text(&mut row[start], chars, columns[start] + 1, end);
        start = at;
    }
}

fn add_simple_line(row: &mut [Cell], chars: &[char], columns: &[isize]) {
    let mut start = 0;
    for at in 1..=columns.len() {
        let end = columns.get(at).map_or(chars.len(), |&column| column.max(0) as usize);
        if at < columns.len() && chars.get(end).is_some_and(|c| *c != ' ') {
            continue;
        }
        let from = columns.get(start).map_or(0, |&column| (column + 1).max(0) as usize);
        push_text(&mut row[start], chars, from, end);
        start = at;
    }
}

fn push_text(cell: &mut Cell, chars: &[char], from: usize, end: usize) {
    let text: String = chars.get(from..end.min(chars.len())).unwrap_or_default().iter().collect();
    let is_rule = !text.trim().is_empty() && text.trim().chars().all(|c| matches!(c, '+' | '-' | '=' | '|'));
    if !is_rule && (!text.trim().is_empty() || !cell.is_empty()) {
        cell.push(text.trim_end().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(rows: &[Vec<Cell>]) -> Vec<String> {
        let cell = |cell: &Cell| cell.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
    }

    fn lines(text: &str) -> Vec<Line<'_>> {
        text.lines().map(Line::new).collect()
    }

    #[test]
    fn grids_have_cells_of_several_lines_and_columns() {
        let text = "+------+-------+\n| Code | Means |\n+======+=======+\n| 7    | it is |\n|      | full  |\n+------+-------+\n| of both      |\n+------+-------+\n";
        assert_eq!(shown(&grid_rows(&lines(text))), ["Code|Means", "7|it is full", "of both|"]);
    }

    #[test]
    fn simple_tables_are_cut_at_the_gaps_of_their_border() {
        let text = "====  =======\nCode  Means\n====  =======\n7     it is\n      full\n8     größer\n====  =======\n";
        assert_eq!(shown(&simple_rows(&lines(text))), ["Code|Means", "7|it is full", "8|größer"]);
    }

    #[test]
    fn a_cell_that_is_too_wide_keeps_its_words() {
        let text = "==  ==\nlonger x\n==  ==\n";
        assert_eq!(shown(&simple_rows(&lines(text))), ["longer x|"]);
    }
}
