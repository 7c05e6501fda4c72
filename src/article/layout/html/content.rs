//! Finds the part of a page that contains the article.

use std::ops::Range;

use super::element::Element;
use crate::article::layout::blocks::Block;

/// A `main` or `article` element must contain this many bytes of text to be taken for the content.
const SENSIBLE: usize = 80;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    Main,
    Article,
    /// A header, footer or aside outside of `main` and `article`.
    Edge,
}

/// The regions of a page as ranges of block numbers. Of nested regions of one kind, only the outermost is there.
#[derive(Debug, Default)]
pub(super) struct Regions {
    mains: Vec<Range<usize>>,
    articles: Vec<Range<usize>>,
    edges: Vec<Range<usize>>,
    /// The number of the first block of the open `main`, if one is open. The next two fields say the same of their
    /// kinds.
    open_main: Option<usize>,
    open_article: Option<usize>,
    open_edge: Option<usize>,
}

impl Regions {
    /// Opens a region before block number `start`. Returns `None` if `element` is no region or is within a region of
    /// its kind.
    pub(super) fn open(&mut self, element: Element, start: usize) -> Option<Region> {
        let is_in_content = self.open_main.is_some() || self.open_article.is_some();
        let (region, open) = match element {
            Element::Main => (Region::Main, &mut self.open_main),
            Element::Article => (Region::Article, &mut self.open_article),
            Element::Edge if !is_in_content => (Region::Edge, &mut self.open_edge),
            _ => return None,
        };
        if open.is_some() {
            return None;
        }
        *open = Some(start);
        Some(region)
    }

    /// Closes the open region of this kind before block number `end`.
    pub(super) fn close(&mut self, region: Region, end: usize) {
        let (open, closed) = match region {
            Region::Main => (&mut self.open_main, &mut self.mains),
            Region::Article => (&mut self.open_article, &mut self.articles),
            Region::Edge => (&mut self.open_edge, &mut self.edges),
        };
        closed.extend(open.take().map(|start| start..end));
    }

    /// Returns the blocks of the content: those of the longest `main` element; otherwise those of the longest
    /// `article`, if that is at least half of the page; otherwise all but the edges.
    pub(super) fn content(&self, blocks: Vec<Block>) -> Vec<Block> {
        let ends: Vec<usize> = std::iter::once(0)
            .chain(blocks.iter().scan(0, |sum, block| {
                *sum += block.text.len();
                Some(*sum)
            }))
            .collect();
        let len = |range: &Range<usize>| ends[range.end] - ends[range.start];
        let longest = |ranges: &[Range<usize>]| {
            ranges.iter().max_by_key(|range| len(range)).filter(|range| len(range) >= SENSIBLE).cloned()
        };
        let between = ends[blocks.len()] - self.edges.iter().map(len).sum::<usize>();
        let article = || longest(&self.articles).filter(|article| len(article) * 2 >= between);
        match longest(&self.mains).or_else(article) {
            Some(Range { start, end }) => blocks.into_iter().take(end).skip(start).collect(),
            None if between == 0 => blocks,
            None => self.without_edges(blocks),
        }
    }

    fn without_edges(&self, blocks: Vec<Block>) -> Vec<Block> {
        let mut edges = self.edges.iter().peekable();
        let mut kept = Vec::with_capacity(blocks.len());
        for (at, block) in blocks.into_iter().enumerate() {
            while edges.next_if(|edge| edge.end <= at).is_some() {}
            if edges.peek().is_none_or(|edge| at < edge.start) {
                kept.push(block);
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::layout::blocks::BlockKind;

    fn blocks(lens: &[usize]) -> Vec<Block> {
        let block = |&len| Block { kind: BlockKind::Paragraph, marker: None, indent: 0, text: "x".repeat(len) };
        lens.iter().map(block).collect()
    }

    /// Returns the lengths of the blocks that are content, in a page with blocks of these lengths and these regions.
    fn content(lens: &[usize], regions: &[(Element, Range<usize>)]) -> Vec<usize> {
        let mut all = Regions::default();
        for (element, range) in regions {
            let region = all.open(*element, range.start).expect("not within another");
            all.close(region, range.end);
        }
        all.content(blocks(lens)).iter().map(|block| block.text.len()).collect()
    }

    #[test]
    fn the_main_part_is_the_content_if_there_is_text_in_it() {
        assert_eq!(content(&[500, 90, 10], &[(Element::Article, 0..1), (Element::Main, 1..2)]), [90]);
        assert_eq!(content(&[500, 9, 10], &[(Element::Main, 1..2)]), [500, 9, 10]);
    }

    #[test]
    fn an_article_is_if_it_is_most_of_the_page() {
        assert_eq!(content(&[50, 300, 100], &[(Element::Article, 1..2), (Element::Article, 2..3)]), [300]);
        assert_eq!(content(&[200, 100, 90], &[(Element::Article, 1..2), (Element::Article, 2..3)]), [200, 100, 90]);
    }

    #[test]
    fn edges_are_not_unless_there_is_nothing_else() {
        assert_eq!(content(&[5, 20, 5], &[(Element::Edge, 0..1), (Element::Edge, 2..3)]), [20]);
        assert_eq!(content(&[5, 5], &[(Element::Edge, 0..2)]), [5, 5]);
    }

    #[test]
    fn regions_within_their_own_kind_do_not_count() {
        let mut regions = Regions::default();
        assert_eq!(regions.open(Element::Article, 0), Some(Region::Article));
        assert_eq!(regions.open(Element::Article, 1), None);
        assert_eq!(regions.open(Element::Edge, 1), None);
        assert_eq!(regions.open(Element::Main, 1), Some(Region::Main));
        assert_eq!(regions.open(Element::Block, 1), None);
    }
}
