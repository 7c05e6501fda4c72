//! What speaks for an article when a text was not typed but printed: how much of it the article holds, and how much of it
//! the article quotes.

use tantivy::{DocAddress, DocId};

use super::super::collection::SearchOptions;
use super::super::reader::text_of;
use super::super::{Store, StoreError};
use super::Ranked;
use super::message;
use super::plan::{Plan, inverse_frequency};
use super::score::Segment;
use crate::query::Query;

/// An article that fits a text, and in what.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The article, and how well it fits.
    pub ranked: Ranked,
    /// The share of the text's words that it holds, rare ones counting for more and those that no article holds most, 0–1.
    pub held: f32,
    /// Its score, ≥ 0, in a unit that stores of any size share: the weight of a word that none of their articles holds.
    pub score: f32,
    /// In the same unit, the weights of the pairs of words that its quoted messages repeat, word after word.
    pub repeated: f32,
}

impl Store {
    /// The articles that fit a record of a log best, and what they have in common with it. As [`Store::rank`], but that titles
    /// count for more.
    pub fn evidence(&self, text: &str, options: &SearchOptions) -> Result<Vec<Evidence>, StoreError> {
        let scope = self.scope(&Query::plain(text), options)?;
        let Some(plan) = self.plan(&scope.text, options)? else { return Ok(Vec::new()) };
        let plan = self.for_record(plan)?;
        let filter = self.restriction(&scope);
        let among = self.among(&scope, filter.as_deref())?;
        let mut ranked = self.ranked(&plan, &among, options.limit)?;
        ranked.sort_by_key(|(_, address)| *address);
        let unit = inverse_frequency(0, self.searcher.num_docs());
        let mut found = Vec::with_capacity(ranked.len());
        for of_segment in ranked.chunk_by(|a, b| a.1.segment_ord == b.1.segment_ord) {
            let documents: Vec<DocId> = of_segment.iter().map(|(_, address)| address.doc_id).collect();
            let signs = self.signs(&plan, unit, of_segment[0].1.segment_ord, &documents);
            let signs = signs.map_err(|error| self.error(error))?;
            for (&(score, address), (held, repeated)) in of_segment.iter().zip(signs) {
                let (score, repeated, ranked) = (score / unit, repeated / unit, self.named(score, address)?);
                found.push(Evidence { ranked, held, score, repeated });
            }
        }
        found.sort_by(|a, b| b.ranked.score.total_cmp(&a.ranked.score).then_with(|| a.ranked.id.cmp(&b.ranked.id)));
        Ok(found)
    }

    /// The plan for a record: codes count by how telling they are. A question names the one code that it is about; a record has
    /// all that were printed, most of which many articles name.
    fn for_record<'a>(&self, mut plan: Plan<'a>) -> Result<Plan<'a>, StoreError> {
        plan.is_record = true;
        for exact in plan.exact.iter_mut().filter(|exact| exact.field == self.fields.code) {
            exact.score = plan.ranking.record_code * self.rarity(self.n_naming(&exact.term)?);
        }
        Ok(plan)
    }

    pub(super) fn named(&self, score: f32, address: DocAddress) -> Result<Ranked, StoreError> {
        let document = self.document(address)?;
        Ok(Ranked { id: text_of(&document, self.fields.id), title: text_of(&document, self.fields.title), score })
    }

    /// For each document, what share of the text it holds, and the weights of what its messages repeat. `unknown` is the weight
    /// of a word that no document holds.
    fn signs(
        &self,
        plan: &Plan<'_>,
        unknown: f32,
        segment: u32,
        documents: &[DocId],
    ) -> tantivy::Result<Vec<(f32, f32)>> {
        let segment = self.segment(segment)?;
        let held = held_shares(&segment, plan, unknown * plan.n_unknown as f32, documents)?;
        let all = message::weight_of_pairs(plan);
        let repeated = segment.repeated_shares(plan, documents)?.into_iter().map(|share| all * share);
        Ok(held.into_iter().zip(repeated).collect())
    }
}

/// The shares of the query's words that documents hold. `unknown` is what those weigh that no document of the store holds.
fn held_shares(segment: &Segment<'_>, plan: &Plan<'_>, unknown: f32, documents: &[DocId]) -> tantivy::Result<Vec<f32>> {
    let mut held = vec![0.0; documents.len()];
    let mut all = unknown;
    for word in plan.words.iter().filter(|word| word.is_typed()) {
        all += word.weight;
        let is_held = segment.are_holding(word, documents)?;
        held.iter_mut().zip(is_held).filter(|(_, is_held)| *is_held).for_each(|(held, _)| *held += word.weight);
    }
    Ok(held.into_iter().map(|held| if all > 0.0 { held / all } else { 0.0 }).collect())
}
