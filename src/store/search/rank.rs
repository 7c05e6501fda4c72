//! The order of the best documents: what more is known about them than their words, and ties.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::columnar::StrColumn;
use tantivy::{DocAddress, Term};

use super::super::attribute;
use super::super::schema::{ID, PRODUCT};
use super::super::{Store, StoreError};
use super::plan::{Plan, TITLE};
use super::score::Among;
use crate::product::Mention;

/// Documents that are looked at more closely, at least: what is added there can lift one from below the first page.
const LOOKED_AT: usize = 100;

/// Scores that differ by less than this are ties, which the id decides: the order must not depend on how the documents
/// are spread over segments.
const TIE: f32 = 1e-4;

/// Extra candidates fetched, so that a tie at the last rank is decided by id as well.
const TIE_MARGIN: usize = 10;

/// What is added to the score of a document beside its words. Nothing is 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Extra {
    pub(super) product: f32,
    pub(super) version: f32,
    pub(super) cited: f32,
    pub(super) exact_title: f32,
}

impl Extra {
    fn sum(self) -> f32 {
        self.product + self.version + self.cited + self.exact_title
    }
}

impl Store {
    /// The `n` best documents, best first, ties by id. The [`LOOKED_AT`] best by their words are looked at more closely.
    pub(super) fn ranked(
        &self,
        plan: &Plan<'_>,
        among: &Among<'_>,
        n: usize,
    ) -> Result<Vec<(f32, DocAddress)>, StoreError> {
        let mut best = self.best(plan, among, n.max(LOOKED_AT) + TIE_MARGIN)?;
        let mut columns = Columns::default();
        for (score, address) in &mut best {
            *score += among.weight(*address) * self.extra(plan, *address, &mut columns)?.sum();
        }
        let mut ranked = self.in_order(best)?;
        ranked.truncate(n);
        Ok(ranked)
    }

    /// What is added to the score of a document beside its words.
    pub(super) fn extra(
        &self,
        plan: &Plan<'_>,
        address: DocAddress,
        columns: &mut Columns,
    ) -> Result<Extra, StoreError> {
        let (about, at_version) = self.product_match(plan, address, columns).map_err(|error| self.error(error))?;
        let n_citing = self.n_citing(address, columns).map_err(|error| self.error(error))?;
        let given = |is_given: bool, weight: f32| if is_given { weight } else { 0.0 };
        Ok(Extra {
            product: given(about, plan.ranking.product),
            version: given(at_version, plan.ranking.version),
            cited: plan.ranking.cited * (n_citing as f32).ln_1p(),
            exact_title: given(self.is_title(plan, address)?, plan.ranking.exact_title),
        })
    }

    /// Whether the document is about a product that the query speaks of, and at the version that it speaks of.
    fn product_match(
        &self,
        plan: &Plan<'_>,
        address: DocAddress,
        columns: &mut Columns,
    ) -> tantivy::Result<(bool, bool)> {
        if plan.mentions.is_empty() {
            return Ok((false, false));
        }
        let segment = columns.segment(self, address.segment_ord)?;
        let Some(products) = &segment.products else { return Ok((false, false)) };
        let mut matched = (false, false);
        for ord in products.term_ords(address.doc_id) {
            let (about, at_version) = *segment.product_terms.entry(ord).or_insert_with(|| {
                let mut term = String::new();
                let is_known = products.ord_to_str(ord, &mut term).unwrap_or(false);
                if is_known { matches(&term, &plan.mentions) } else { (false, false) }
            });
            matched = (matched.0 || about, matched.1 || at_version);
        }
        Ok(matched)
    }

    /// How many articles refer to the document's.
    pub(super) fn n_citing(&self, address: DocAddress, columns: &mut Columns) -> tantivy::Result<u64> {
        let segment = columns.segment(self, address.segment_ord)?;
        let Some(ids) = &segment.ids else { return Ok(0) };
        let mut id = String::new();
        for ord in ids.term_ords(address.doc_id) {
            ids.ord_to_str(ord, &mut id)?;
        }
        self.searcher.doc_freq(&Term::from_field_text(self.fields.reference, &id))
    }

    /// Whether the document's title is made of the words that were typed, a prefix such as `PRB` aside.
    fn is_title(&self, plan: &Plan<'_>, address: DocAddress) -> Result<bool, StoreError> {
        let typed = || plan.words.iter().filter(|word| word.is_typed());
        let n_typed = typed().count();
        let segment = self.segment_of(address)?;
        let length = segment.lengths(address.doc_id)[TITLE] as usize;
        if n_typed < 2 || length < n_typed || length > 2 * n_typed + 1 {
            return Ok(false);
        }
        let mut n_held = 0;
        for word in typed() {
            match segment.count_in(address.doc_id, word, TITLE).map_err(|error| self.error(error))? {
                0 => return Ok(false),
                count => n_held += usize::from(count),
            }
        }
        Ok(n_held + 1 >= length)
    }

    /// `top` best first, ties by id. Ids are read for ties alone.
    pub(super) fn in_order(&self, mut top: Vec<(f32, DocAddress)>) -> Result<Vec<(f32, DocAddress)>, StoreError> {
        top.sort_by_key(|(score, _)| Reverse(in_ties(*score)));
        let mut ranked = Vec::with_capacity(top.len());
        for tied in top.chunk_by(|a, b| in_ties(a.0) == in_ties(b.0)) {
            if let [alone] = tied {
                ranked.push(*alone);
                continue;
            }
            let with_id = |&(score, address): &(f32, DocAddress)| Ok((self.id_at(address)?, score, address));
            let mut tied = tied.iter().map(with_id).collect::<Result<Vec<_>, StoreError>>()?;
            tied.sort_by(|a, b| a.0.cmp(&b.0));
            ranked.extend(tied.into_iter().map(|(_, score, address)| (score, address)));
        }
        Ok(ranked)
    }
}

/// Scores of one tie have the same number, higher ones a higher one.
pub(super) fn in_ties(score: f32) -> i64 {
    (score / TIE).round() as i64
}

/// Columns of the segments, opened when they are first needed.
#[derive(Default)]
pub(super) struct Columns(HashMap<u32, SegmentColumns>);

struct SegmentColumns {
    products: Option<StrColumn>,
    ids: Option<StrColumn>,
    /// For each product term that was met: whether it is of a product that the query speaks of, and at its version.
    product_terms: HashMap<u64, (bool, bool)>,
}

impl Columns {
    fn segment(&mut self, store: &Store, ord: u32) -> tantivy::Result<&mut SegmentColumns> {
        if !self.0.contains_key(&ord) {
            let columns = store.searcher.segment_reader(ord).fast_fields();
            let opened = SegmentColumns {
                products: columns.str(PRODUCT)?,
                ids: columns.str(ID)?,
                product_terms: HashMap::new(),
            };
            self.0.insert(ord, opened);
        }
        Ok(self.0.get_mut(&ord).expect("it was put there"))
    }
}

/// Whether a product term is of one of the products, and at the version that is spoken of.
fn matches(term: &str, mentions: &[Mention]) -> (bool, bool) {
    let name = attribute::product_name(term);
    let about = |mention: &&Mention| {
        mention.product == name || name.strip_prefix(&*mention.product).is_some_and(|rest| rest.starts_with(' '))
    };
    let mut matched = (false, false);
    for mention in mentions.iter().filter(about) {
        let versions = attribute::product_versions(term);
        let named = mention.releases.iter().filter_map(|release| release.version());
        let covers = named.filter_map(|version| versions.contain(version)).any(|covers| covers);
        matched = (true, matched.1 || covers && !versions.is_empty());
    }
    matched
}
