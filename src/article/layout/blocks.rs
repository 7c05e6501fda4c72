//! The blocks of an HTML or Markdown article: headings, paragraphs, list items, table rows, code.
//!
//! Both layouts are read into an [`Outline`], a flat list of blocks with the indent of each. It cannot represent a
//! table within a cell or a heading within an item, but it contains their text.

/// The greatest indent of a block, in blanks. Without this limit a page nested a million deep would have a million
/// blanks on each line.
const MAX_INDENT: usize = 24;

/// The indent of a quotation or a definition, in blanks.
const QUOTE_INDENT: usize = 3;

/// The kind of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// A heading and its level, from 1.
    Heading(u8),
    /// A paragraph in bold. It is a heading if its words are those of a section heading.
    Bold,
    Paragraph,
    /// Lines that are printed unchanged.
    Code,
    /// A row of a table, with its cells separated by ` | `.
    Row,
}

/// The mark before the first block of a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListMarker {
    Bullet,
    Number(u64),
    /// The place of the letter in the alphabet, from 1 to 26.
    Letter(u8),
}

impl ListMarker {
    /// Returns the marker as printed, with the blank after it.
    pub(super) fn printed(self) -> String {
        match self {
            ListMarker::Bullet => "- ".to_owned(),
            ListMarker::Number(number) => format!("{number}. "),
            ListMarker::Letter(ordinal) => format!("{}. ", char::from(b'a' + ordinal - 1)),
        }
    }
}

/// One block of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// The marker, if the block begins a list item.
    pub(super) marker: Option<ListMarker>,
    /// The number of blanks before the marker, or before the text of a block without a marker.
    pub(super) indent: usize,
    /// The lines of the block, without blanks at their ends. Only code has blanks at the start of lines.
    pub(super) text: String,
}

impl Block {
    /// Whether the block is outside of all lists and quotations.
    pub(super) fn is_at_margin(&self) -> bool {
        self.indent == 0 && self.marker.is_none()
    }
}

/// How the items of a list are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListStyle {
    Bullets,
    /// Numbers. Contains the number of the next item.
    Numbers(u64),
    /// Letters. Contains the number of the next item; `a` is 1. After `z` come numbers.
    Letters(u64),
}

/// A structure around blocks, and the indent that it adds.
#[derive(Debug)]
enum Nesting {
    List(ListStyle),
    Item { width: usize },
    Quote,
}

/// A table row whose end has not been reached.
#[derive(Debug)]
struct OpenRow {
    /// Index of the first block in each cell.
    cells: Vec<usize>,
    /// Whether the row contains more than text. If so, the table only arranges the page.
    is_layout: bool,
}

/// A list of blocks that is being built. Whatever is opened must be closed, in reverse order.
#[derive(Debug, Default)]
pub(super) struct Outline {
    blocks: Vec<Block>,
    nesting: Vec<Nesting>,
    indent: usize,
    /// The marker of an item without a block yet.
    pending: Option<ListMarker>,
    rows: Vec<OpenRow>,
}

impl Outline {
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    pub(super) fn into_blocks(self) -> Vec<Block> {
        self.blocks
    }

    /// Adds a block, unless the text is blank.
    pub(super) fn push(&mut self, kind: BlockKind, text: String) {
        if text.trim().is_empty() {
            return;
        }
        if !matches!(kind, BlockKind::Bold | BlockKind::Paragraph) || self.pending.is_some() {
            self.mark_row_as_layout();
        }
        self.push_marked(kind, text);
    }

    /// Adds lines of code, without the blanks at their ends and without the blank lines around them.
    pub(super) fn push_code(&mut self, lines: &str) {
        let visible = lines.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "").replace('\u{a0}', " ");
        let lines: Vec<&str> =
            visible.trim_end().lines().map(str::trim_end).skip_while(|line| line.is_empty()).collect();
        self.push(BlockKind::Code, lines.join("\n"));
    }

    fn push_marked(&mut self, kind: BlockKind, text: String) {
        let marker = self.pending.take();
        let width = marker.map_or(0, |marker| marker.printed().len());
        let indent = self.indent.saturating_sub(width).min(MAX_INDENT);
        self.blocks.push(Block { kind, marker, indent, text });
    }

    pub(super) fn open_list(&mut self, style: ListStyle) {
        self.settle_marker();
        self.nesting.push(Nesting::List(style));
    }

    pub(super) fn close_list(&mut self) {
        self.nesting.pop();
    }

    /// Opens an item of the innermost list. `number` is set if the item states its number.
    pub(super) fn open_item(&mut self, number: Option<u64>) {
        self.settle_marker();
        let marker = match self.nesting.last_mut() {
            Some(Nesting::List(style)) => next_marker(style, number),
            _ => ListMarker::Bullet,
        };
        let width = marker.printed().len();
        self.nesting.push(Nesting::Item { width });
        self.indent += width;
        self.pending = Some(marker);
    }

    pub(super) fn close_item(&mut self) {
        self.pending = None;
        if let Some(Nesting::Item { width }) = self.nesting.pop() {
            self.indent -= width;
        }
    }

    pub(super) fn open_quote(&mut self) {
        self.settle_marker();
        self.nesting.push(Nesting::Quote);
        self.indent += QUOTE_INDENT;
    }

    pub(super) fn close_quote(&mut self) {
        self.nesting.pop();
        self.indent -= QUOTE_INDENT;
    }

    /// Puts a pending marker on a line of its own, because a list, a quotation or a table begins the item.
    fn settle_marker(&mut self) {
        if self.pending.is_some() {
            self.mark_row_as_layout();
            self.push_marked(BlockKind::Paragraph, String::new());
        }
    }

    /// Notes that the innermost open row contains more than text.
    pub(super) fn mark_row_as_layout(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.is_layout = true;
        }
    }

    pub(super) fn open_row(&mut self) {
        self.mark_row_as_layout();
        self.settle_marker();
        self.rows.push(OpenRow { cells: Vec::new(), is_layout: false });
    }

    pub(super) fn open_cell(&mut self) {
        let first_block = self.blocks.len();
        if let Some(row) = self.rows.last_mut() {
            row.cells.push(first_block);
        }
    }

    /// Closes the innermost row. If all its cells contain only text, they become one block.
    pub(super) fn close_row(&mut self) {
        let Some(OpenRow { cells, is_layout }) = self.rows.pop() else {
            return;
        };
        let Some(&start) = cells.first().filter(|_| !is_layout) else {
            return;
        };
        let ends = cells.iter().skip(1).copied().chain([self.blocks.len()]);
        let cells: Vec<&[Block]> = cells.iter().zip(ends).map(|(&start, end)| &self.blocks[start..end]).collect();
        let n_filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        if n_filled > 1 && !cells.iter().any(|cell| holds_bold_head(cell)) {
            let text = cells.iter().map(|cell| cell_text(cell)).collect::<Vec<_>>().join(" | ");
            self.blocks.truncate(start);
            self.push_marked(BlockKind::Row, text.trim_end().to_owned());
        }
    }
}

fn next_marker(style: &mut ListStyle, stated: Option<u64>) -> ListMarker {
    match style {
        ListStyle::Bullets => ListMarker::Bullet,
        ListStyle::Numbers(next) => ListMarker::Number(take_number(next, stated)),
        ListStyle::Letters(next) => match take_number(next, stated) {
            ordinal @ 1..=26 => ListMarker::Letter(ordinal as u8),
            number => ListMarker::Number(number),
        },
    }
}

fn take_number(next: &mut u64, stated: Option<u64>) -> u64 {
    let number = stated.unwrap_or(*next);
    *next = number.saturating_add(1);
    number
}

/// Whether a cell has a bold line above other text. That is a heading, so the table only arranges the page.
fn holds_bold_head(cell: &[Block]) -> bool {
    cell.split_last().is_some_and(|(_, before)| before.iter().any(|block| block.kind == BlockKind::Bold))
}

fn cell_text(cell: &[Block]) -> String {
    cell.iter().flat_map(|block| block.text.split_whitespace()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(outline: Outline) -> Vec<String> {
        let line = |block: Block| {
            let marker = block.marker.map(ListMarker::printed).unwrap_or_default();
            format!("{:?} {}{}{}", block.kind, ".".repeat(block.indent), marker, block.text)
        };
        outline.into_blocks().into_iter().map(line).collect()
    }

    fn paragraph(outline: &mut Outline, text: &str) {
        outline.push(BlockKind::Paragraph, text.to_owned());
    }

    #[test]
    fn items_are_counted_and_what_they_hold_is_set_in() {
        let mut outline = Outline::default();
        outline.open_list(ListStyle::Numbers(9));
        outline.open_item(None);
        paragraph(&mut outline, "nine");
        paragraph(&mut outline, "more");
        outline.close_item();
        outline.open_item(None);
        paragraph(&mut outline, "ten");
        outline.open_list(ListStyle::Letters(1));
        outline.open_item(None);
        outline.push(BlockKind::Code, "x".to_owned());
        outline.close_item();
        outline.close_list();
        outline.close_item();
        outline.open_item(Some(20));
        paragraph(&mut outline, "twenty");
        outline.close_item();
        outline.close_list();
        paragraph(&mut outline, "after");
        assert_eq!(
            printed(outline),
            [
                "Paragraph 9. nine",
                "Paragraph ...more",
                "Paragraph 10. ten",
                "Code ....a. x",
                "Paragraph 20. twenty",
                "Paragraph after"
            ]
        );
    }

    #[test]
    fn an_item_that_begins_with_a_list_or_a_quotation_leaves_its_marker_alone() {
        let mut outline = Outline::default();
        outline.open_list(ListStyle::Bullets);
        outline.open_item(None);
        outline.open_quote();
        paragraph(&mut outline, "said");
        outline.close_quote();
        outline.close_item();
        outline.close_list();
        assert_eq!(printed(outline), ["Paragraph - ", "Paragraph .....said"]);
    }

    fn row(outline: &mut Outline, cells: &[&[(BlockKind, &str)]]) {
        outline.open_row();
        for cell in cells {
            outline.open_cell();
            for (kind, text) in *cell {
                outline.push(*kind, (*text).to_owned());
            }
        }
        outline.close_row();
    }

    #[test]
    fn cells_of_text_become_one_row() {
        let mut outline = Outline::default();
        row(
            &mut outline,
            &[
                &[(BlockKind::Bold, "Code")],
                &[],
                &[(BlockKind::Paragraph, "two\nlines"), (BlockKind::Paragraph, "more")],
            ],
        );
        assert_eq!(printed(outline), ["Row Code |  | two lines more"]);
    }

    #[test]
    fn rows_that_arrange_a_page_are_none() {
        let mut outline = Outline::default();
        row(&mut outline, &[&[(BlockKind::Paragraph, "alone")], &[]]);
        row(
            &mut outline,
            &[&[(BlockKind::Bold, "CAUSE"), (BlockKind::Paragraph, "text")], &[(BlockKind::Paragraph, "side")]],
        );
        row(&mut outline, &[&[(BlockKind::Paragraph, "run")], &[(BlockKind::Code, "x")]]);
        let expected = ["Paragraph alone", "Bold CAUSE", "Paragraph text", "Paragraph side", "Paragraph run", "Code x"];
        assert_eq!(printed(outline), expected);
    }
}
