//! Removes notices from the text of an article: the products it applies to, its number, its dates.
//!
//! Web pages and Markdown have no header block. They print the same lines above or below the text. These are removed,
//! so that the text of an article is the same in every layout.

use super::blocks::{Block, BlockKind};
use crate::article::date::parse_date;
use crate::article::field_name::FieldName;

/// Notices in paragraphs are recognized only in this many blocks at either end of an article.
const EDGE: usize = 12;

/// The greatest length of a notice in bytes. A longer line is a sentence.
const LONGEST: usize = 300;

const APPLIES_TO: [&str; 3] = ["the information in this article applies to", "applies to", "this article applies to"];

/// Headings of sections that list the products, in lower case. These sections stay in the text.
const PRODUCT_HEADS: [&str; 12] = [
    "affected products",
    "affected product",
    "affected products and versions",
    "affected products/versions",
    "affected versions",
    "products affected",
    "applicable products",
    "applicable to",
    "products and versions",
    "product and version",
    "environment",
    "applies to",
];

/// The greatest length of a product in bytes in a section that lists them.
const LONGEST_PRODUCT: usize = 80;

const PUBLISHED: &str = "this article was previously published under ";

/// Labels of notices in lower case, and the field of their value; `None` for notices that are only removed.
const LABELS: [(&str, Option<FieldName>); 16] = [
    ("original kb number", Some(FieldName::Aliases)),
    ("original kb article", Some(FieldName::Aliases)),
    ("article id", Some(FieldName::Id)),
    ("article number", Some(FieldName::Id)),
    ("kb number", Some(FieldName::Id)),
    ("kb id", Some(FieldName::Id)),
    ("last reviewed", Some(FieldName::Modified)),
    ("last review", Some(FieldName::Modified)),
    ("last updated", Some(FieldName::Modified)),
    ("last modified", Some(FieldName::Modified)),
    ("updated", Some(FieldName::Modified)),
    ("created", Some(FieldName::Created)),
    ("published", Some(FieldName::Created)),
    ("keywords", Some(FieldName::Keywords)),
    ("revision", None),
    ("modification type", None),
];

/// Labels of notices that have no colon, in lower case, and the field of their value; `None` for notices that are only
/// removed.
const BARE_LABELS: [(&str, Option<FieldName>); 4] = [
    ("created by", None),
    ("last modified on", Some(FieldName::Modified)),
    ("last updated on", Some(FieldName::Modified)),
    ("updated on", Some(FieldName::Modified)),
];

/// Removes the notices from `blocks` and returns their fields, in order.
pub(super) fn take(blocks: &mut Vec<Block>) -> Vec<(FieldName, String)> {
    let mut found = products_in_sections(blocks);
    let n_blocks = blocks.len();
    let mut kept = Vec::with_capacity(n_blocks);
    let mut all = std::mem::take(blocks).into_iter().enumerate().peekable();
    while let Some((at, mut block)) = all.next() {
        let is_followed_by_item = all.peek().is_some_and(|(_, next)| next.marker.is_some());
        if is_applies_to(&block) && is_followed_by_item {
            while let Some((_, item)) = all.next_if(|(_, next)| next.marker.is_some()) {
                found.push((FieldName::Product, item.text));
            }
        } else if block.is_at_margin() && block.kind != BlockKind::Code && (at < EDGE || at + EDGE >= n_blocks) {
            block.text = without_notices(&block.text, &mut found);
            if !block.text.is_empty() {
                kept.push(block);
            }
        } else {
            kept.push(block);
        }
    }
    *blocks = kept;
    found
}

/// Returns the products in sections that only list products.
fn products_in_sections(blocks: &[Block]) -> Vec<(FieldName, String)> {
    let is_head = |block: &Block| matches!(block.kind, BlockKind::Heading(_) | BlockKind::Bold) && block.is_at_margin();
    let mut found = Vec::new();
    for at in (0..blocks.len()).filter(|&at| is_head(&blocks[at])) {
        let name = blocks[at].text.trim_end_matches([':', ' ']).to_ascii_lowercase();
        let below = || blocks[at + 1..].iter().take_while(|block| !is_head(block));
        let is_removed = is_applies_to(&blocks[at]) && below().next().is_some_and(|block| block.marker.is_some());
        if !PRODUCT_HEADS.contains(&name.as_str()) || is_removed {
            continue;
        }
        let products = below().flat_map(|block| block.text.split('\n')).flat_map(products_in);
        let products: Vec<&str> = products.filter(|product| product.contains(char::is_alphanumeric)).collect();
        let is_product =
            |product: &&str| product.len() <= LONGEST_PRODUCT && !product.contains(':') && !product.ends_with('.');
        if products.iter().all(is_product) {
            found.extend(products.into_iter().map(|product| (FieldName::Product, product.to_owned())));
        }
    }
    found
}

fn is_applies_to(block: &Block) -> bool {
    let name = block.text.trim_end_matches([':', ' ', '.']);
    block.is_at_margin() && APPLIES_TO.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Returns the lines of a paragraph that are not notices. Adds the fields of the notices to `found`.
fn without_notices(text: &str, found: &mut Vec<(FieldName, String)>) -> String {
    let lines: Vec<&str> = text.split('\n').filter(|line| !take_notice(line, found)).collect();
    lines.join("\n")
}

fn take_notice(line: &str, found: &mut Vec<(FieldName, String)>) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let lower = line.to_ascii_lowercase();
    if let Some(ids) = lower.strip_prefix(PUBLISHED) {
        found.push((FieldName::Aliases, ids.trim_end_matches('.').to_owned()));
        return true;
    }
    if let Some(products) = APPLIES_TO.iter().find_map(|label| lower.strip_prefix(label)?.strip_prefix(':')) {
        let products = &line[line.len() - products.len()..];
        found.extend(products_in(products).map(|product| (FieldName::Product, product.to_owned())));
        return !products.trim().is_empty();
    }
    take_labelled(line, &lower, found)
}

/// Splits a line into products, at semicolons and `|`; at commas if it has neither and lists no versions.
fn products_in(line: &str) -> impl Iterator<Item = &str> {
    let separator = if line.contains([';', '|']) || line.contains("version") { [';', '|'] } else { [',', ','] };
    line.split(separator).map(str::trim).filter(|product| !product.is_empty())
}

/// Adds the values of a line of labels and values to `found`:
/// `Article ID: 305394 - Last Review: November 9, 2005 - Revision: 3.3`. Returns `false` if the line is something else.
fn take_labelled(line: &str, lower: &str, found: &mut Vec<(FieldName, String)>) -> bool {
    let starts = (0..lower.len()).filter(|&at| at == 0 || matches!(lower.as_bytes()[at - 1], b' ' | b'\t' | b'|'));
    let mut labels: Vec<NoticeLabel> = Vec::new();
    for label in starts.filter_map(|at| label_at(lower, at)) {
        // A label within another one does not count: `last updated` contains `updated`.
        if labels.last().is_none_or(|last| last.value <= label.start) {
            labels.push(label);
        }
    }
    if labels.first().is_none_or(|first| first.start > 0) {
        return false;
    }
    let ends = labels.iter().skip(1).map(|next| next.start).chain([line.len()]);
    let values = labels
        .iter()
        .zip(ends)
        .map(|(label, end)| (label.name, line[label.value..end].trim_matches([' ', '-', '|', '–', '\t'])));
    let values: Vec<(Option<FieldName>, &str)> = values.collect();
    if !values.iter().all(|(name, value)| is_sound(*name, value)) {
        return false;
    }
    for (name, value) in values {
        if let Some(name) = name {
            found.extend(split_value(name, value).map(|value| (name, value.to_owned())));
        }
    }
    true
}

/// Whether a value fits its field. A sentence may begin with a label too: `Updated: the driver is now signed`.
fn is_sound(name: Option<FieldName>, value: &str) -> bool {
    match name {
        Some(FieldName::Modified | FieldName::Created) => parse_date(value).is_some(),
        Some(FieldName::Id) => !value.is_empty() && !value.contains(' '),
        _ => true,
    }
}

/// A label at byte `start` of a line, whose value begins at byte `value`.
struct NoticeLabel {
    start: usize,
    value: usize,
    name: Option<FieldName>,
}

fn label_at(lower: &str, start: usize) -> Option<NoticeLabel> {
    let rest = lower.get(start..)?;
    let with_colon = LABELS.iter().find_map(|(label, name)| {
        let after = rest.strip_prefix(label)?.trim_start().strip_prefix(':')?;
        Some((after, *name))
    });
    let bare =
        || BARE_LABELS.iter().find_map(|(label, name)| Some((rest.strip_prefix(label)?.strip_prefix(' ')?, *name)));
    let (after, name) = with_colon.or_else(bare)?;
    Some(NoticeLabel { start, value: lower.len() - after.len(), name })
}

/// Splits `value` into the values of a field. Keywords are separated by commas, or by blanks if there is no comma;
/// other fields have one value.
pub(super) fn split_value(name: FieldName, value: &str) -> impl Iterator<Item = &str> {
    let is_separator = move |c: char| match name {
        FieldName::Keywords if value.contains([',', ';']) => matches!(c, ',' | ';'),
        FieldName::Keywords => c.is_whitespace(),
        _ => false,
    };
    value.split(is_separator).map(str::trim).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::layout::blocks::{ListStyle, Outline};

    fn paragraphs(texts: &[&str]) -> Outline {
        let mut outline = Outline::default();
        for text in texts {
            outline.push(BlockKind::Paragraph, (*text).to_owned());
        }
        outline
    }

    #[track_caller]
    fn check(outline: Outline, fields: &[(FieldName, &str)], rest: &[&str]) {
        let mut blocks = outline.into_blocks();
        let found = take(&mut blocks);
        let found: Vec<_> = found.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(found, fields);
        assert_eq!(blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>(), rest);
    }

    #[test]
    fn the_list_below_applies_to_names_products() {
        let mut outline = paragraphs(&["The information in this article applies to:"]);
        outline.open_list(ListStyle::Bullets);
        outline.open_item(None);
        outline.push(BlockKind::Paragraph, "Acme Mail, version 2.0".to_owned());
        outline.close_item();
        outline.close_list();
        outline.push(BlockKind::Paragraph, "Applies to: Acme Relay, Acme Queue".to_owned());
        outline.push(BlockKind::Paragraph, "Applies to".to_owned());
        check(
            outline,
            &[
                (FieldName::Product, "Acme Mail, version 2.0"),
                (FieldName::Product, "Acme Relay"),
                (FieldName::Product, "Acme Queue"),
            ],
            &["Applies to"],
        );
    }

    #[test]
    fn a_section_that_only_lists_products_stays_in_the_text() {
        let mut outline = Outline::default();
        for (kind, text) in [
            (BlockKind::Heading(2), "Affected products and versions"),
            (BlockKind::Paragraph, "Acme Mail 2.0, Acme Relay"),
            (BlockKind::Heading(2), "Environment"),
            (BlockKind::Paragraph, "It happens in depots: all of them."),
        ] {
            outline.push(kind, text.to_owned());
        }
        let fields = [(FieldName::Product, "Acme Mail 2.0"), (FieldName::Product, "Acme Relay")];
        let rest = [
            "Affected products and versions",
            "Acme Mail 2.0, Acme Relay",
            "Environment",
            "It happens in depots: all of them.",
        ];
        check(outline, &fields, &rest);
    }

    #[test]
    fn labels_may_share_a_line() {
        check(
            paragraphs(&[
                "Article ID : 305394 - Last Review: November 9, 2005 - Revision: 3.3\nMore text",
                "Modification Type: Minor Last Reviewed: 11/9/2005",
                "Keywords: kbprb kbmail",
                "Created by Ann, last modified on Jan 07, 2026",
                "Last Updated: 2026-01-08",
                "This article was previously published under Q12345",
            ]),
            &[
                (FieldName::Id, "305394"),
                (FieldName::Modified, "November 9, 2005"),
                (FieldName::Modified, "11/9/2005"),
                (FieldName::Keywords, "kbprb"),
                (FieldName::Keywords, "kbmail"),
                (FieldName::Modified, "Jan 07, 2026"),
                (FieldName::Modified, "2026-01-08"),
                (FieldName::Aliases, "q12345"),
            ],
            &["More text"],
        );
    }

    #[test]
    fn sentences_are_no_notices() {
        let sentences = [
            "The article ID: 5",
            "Keywords are reserved: all of them",
            "It applies to: nothing",
            "updated",
            "Updated: the disk",
        ];
        check(paragraphs(&sentences), &[], &sentences);
    }

    #[test]
    fn far_from_the_ends_there_are_no_notices() {
        let mut texts = vec!["x"; 2 * EDGE + 1];
        texts[EDGE] = "Updated: 2005-11-09";
        check(paragraphs(&texts), &[], &texts);
    }
}
