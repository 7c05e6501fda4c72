//! `casebook search --format csv`: one row for each hit, for spreadsheets and scripts.

use std::io::{self, Write};

use super::clean::on_one_line;
use crate::article::{Product, full_title};
use crate::product::{ProductRange, Range};
use crate::store::{Hit, SearchResults};

/// Names of the columns. Scripts rely on them: new columns may be added, but only at the end.
const HEADER: [&str; 9] = ["id", "title", "score", "product", "version", "date", "section", "snippet", "source"];

/// Separates several values in one cell. The cell of versions lists the products in the same order as the cell of
/// products, with `/` between versions of one product.
const BETWEEN: &str = "; ";

/// Writes a line with the names of the columns, then the hits, best first.
pub fn search(out: &mut dyn Write, found: &SearchResults) -> io::Result<()> {
    let mut rows = ::csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    for hit in &found.hits {
        rows.write_record(row(hit))?;
    }
    rows.flush()
}

fn row(hit: &Hit) -> [String; HEADER.len()] {
    let article = &hit.stored.article;
    let products = article.products.iter();
    let names: Vec<&str> = products.clone().map(|product| product.name.as_str()).collect();
    let versions: Vec<String> = products.map(versions).collect();
    let has_version = versions.iter().any(|versions| !versions.is_empty());
    let section = hit.section.map(|section| article.sections[section].kind.name());
    [
        cell(&article.id),
        cell(&full_title(article)),
        format!("{:.3}", hit.score),
        cell(&names.join(BETWEEN)),
        cell(&if has_version { versions.join(BETWEEN) } else { String::new() }),
        article.modified.map(|date| date.to_string()).unwrap_or_default(),
        cell(section.unwrap_or_default()),
        cell(&hit.snippet.text),
        cell(&hit.stored.source),
    ]
}

/// The versions of a product as the article prints them. If it prints none but the product's name implies them, their
/// numbers: `9.0` for Outlook 2000.
fn versions(product: &Product) -> String {
    if !product.versions.is_empty() {
        return product.versions.join("/");
    }
    let named = ProductRange::parse(&product.name, []).versions;
    named.ranges().iter().map(Range::to_string).collect::<Vec<_>>().join("/")
}

/// Puts a text of a cell on one line. If a spreadsheet would run it as a formula, an apostrophe before it makes it
/// text.
fn cell(text: &str) -> String {
    let text = on_one_line(text);
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_line_and_no_formula() {
        assert_eq!(cell("a, \"b\"\nc"), "a, \"b\"⏎c");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)"] {
            assert_eq!(cell(formula), format!("'{formula}"));
        }
        assert_eq!(cell("a=1"), "a=1");
    }
}
