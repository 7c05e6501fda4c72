//! Counts the found articles by collection, product, kind and year.

use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::schema::{COLLECTION, KIND, MODIFIED, PRODUCT};
use super::{Index, StoreError, attribute};

/// For each facet (collection, product, kind, year) and each of its values, the number of articles. An article counts
/// once for each of its values. Products are counted by their canonical names; articles without a date have no year.
pub type Facets = BTreeMap<String, BTreeMap<String, u64>>;

/// Counts the facets of every article that matches a query.
pub(super) struct FacetCollector;

impl Collector for FacetCollector {
    type Fruit = Facets;
    type Child = SegmentFacets;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentFacets> {
        SegmentFacets::new(segment)
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, found: Vec<Facets>) -> tantivy::Result<Facets> {
        let mut all = Facets::new();
        found.into_iter().for_each(|facets| add(&mut all, facets));
        Ok(all)
    }
}

/// The facet counts of one segment of the index.
pub(super) struct SegmentFacets {
    terms: Vec<TermFacet>,
    modified: Option<Column<i64>>,
    years: BTreeMap<i64, u64>,
}

/// A facet whose values are the terms of a column, or parts of them.
struct TermFacet {
    name: &'static str,
    column: StrColumn,
    /// For each term, by its ordinal in the column, the index of its value in `values`.
    value_of: Vec<usize>,
    values: Vec<String>,
    counts: Vec<u64>,
    /// The indices of the values of the current article. Kept to reuse the memory.
    own: Vec<usize>,
}

impl SegmentFacets {
    fn new(segment: &SegmentReader) -> tantivy::Result<SegmentFacets> {
        let columns = segment.fast_fields();
        let mut terms = Vec::new();
        for (name, value_in) in
            [(COLLECTION, whole as fn(&str) -> &str), (PRODUCT, attribute::product_name), (KIND, whole)]
        {
            if let Some(column) = columns.str(name)? {
                terms.push(TermFacet::new(name, column, value_in)?);
            }
        }
        Ok(SegmentFacets { terms, modified: columns.i64(MODIFIED).ok(), years: BTreeMap::new() })
    }

    fn count(&mut self, doc: DocId) {
        for facet in &mut self.terms {
            facet.count(doc);
        }
        for day in self.modified.iter().flat_map(|column| column.values_for_doc(doc)) {
            *self.years.entry(attribute::year(day)).or_default() += 1;
        }
    }

    fn facets(self) -> Facets {
        let years = self.years.into_iter().map(|(year, count)| (year.to_string(), count)).collect();
        let terms = self.terms.into_iter().map(|facet| {
            let counted = facet.values.into_iter().zip(facet.counts).filter(|(_, count)| *count > 0);
            (facet.name.to_owned(), counted.collect())
        });
        terms.chain([(YEAR.to_owned(), years)]).collect()
    }
}

const YEAR: &str = "year";

fn whole(term: &str) -> &str {
    term
}

impl TermFacet {
    fn new(name: &'static str, column: StrColumn, value_in: fn(&str) -> &str) -> tantivy::Result<TermFacet> {
        let (mut value_of, mut values) = (Vec::with_capacity(column.num_terms()), Vec::<String>::new());
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            let term = String::from_utf8_lossy(stream.key());
            let value = value_in(&term);
            let index = *known.entry(value.to_owned()).or_insert_with(|| {
                values.push(value.to_owned());
                values.len() - 1
            });
            value_of.push(index);
        }
        let counts = vec![0; values.len()];
        Ok(TermFacet { name, column, value_of, values, counts, own: Vec::new() })
    }

    fn count(&mut self, doc: DocId) {
        self.own.clear();
        let values =
            self.column.term_ords(doc).filter_map(|ord| self.value_of.get(usize::try_from(ord).ok()?).copied());
        self.own.extend(values);
        self.own.sort_unstable();
        self.own.dedup();
        for &value in &self.own {
            self.counts[value] += 1;
        }
    }
}

impl SegmentCollector for SegmentFacets {
    type Fruit = Facets;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.count(doc);
    }

    fn harvest(self) -> Facets {
        self.facets()
    }
}

fn add(all: &mut Facets, more: Facets) {
    for (facet, counts) in more {
        let sums = all.entry(facet).or_default();
        for (value, count) in counts {
            *sums.entry(value).or_default() += count;
        }
    }
}

/// Counts the facets of these articles alone.
pub(super) fn count_facets(index: &Index, articles: &[DocAddress]) -> Result<Facets, StoreError> {
    let mut all = Facets::new();
    let mut articles = articles.to_vec();
    articles.sort_unstable();
    for of_segment in articles.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        let segment = index.searcher.segment_reader(of_segment[0].segment_ord);
        let mut facets = SegmentFacets::new(segment).map_err(|error| index.error(error))?;
        of_segment.iter().for_each(|address| facets.count(address.doc_id));
        add(&mut all, facets.facets());
    }
    Ok(all)
}
