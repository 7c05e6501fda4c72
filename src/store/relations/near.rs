//! Finds near-copies, articles with nearly the same text, by the keys that their sketches share. In a ranking, keeps
//! only the best of them.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, Term};

use super::super::index::Scored;
use super::super::schema::{NEAR, SKETCH};
use super::super::{Index, StoreError};
use super::sketch::{KEYS, STORED_WORDS, Sketch};

/// Reads the sketch of any article by its address.
pub(in crate::store) struct Sketches<'a> {
    index: &'a Index,
    segments: Vec<SegmentSketches<'a>>,
}

struct SegmentSketches<'a> {
    reader: &'a SegmentReader,
    keys: Column<u64>,
    rest: Column<u64>,
    terms: Arc<InvertedIndexReader>,
}

/// The ids of the near-copies of the article with this id or alias, each with the similarity of the texts, 0–1: highest
/// first, ties by id. Each is a near-copy of that article, but two of them need not be near-copies of one another.
pub fn near_copies(index: &Index, name: &str) -> Result<Vec<(String, f32)>, StoreError> {
    let Some(address) = index.address_of(name)? else { return Ok(Vec::new()) };
    let copies = Sketches::open(index)?.near_copies(address)?;
    let with_id = |(similarity, copy)| Ok((index.id_at(copy)?, similarity));
    let mut copies: Vec<(String, f32)> = copies.into_iter().map(with_id).collect::<Result<_, StoreError>>()?;
    copies.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(copies)
}

impl<'a> Sketches<'a> {
    pub(in crate::store) fn open(index: &'a Index) -> Result<Sketches<'a>, StoreError> {
        let open = |reader: &'a SegmentReader| {
            let columns = reader.fast_fields();
            let terms = reader.inverted_index(index.fields.near)?;
            Ok(SegmentSketches { keys: columns.u64(NEAR)?, rest: columns.u64(SKETCH)?, terms, reader })
        };
        let segments: tantivy::Result<_> = index.searcher.segment_readers().iter().map(open).collect();
        Ok(Sketches { index, segments: segments.map_err(|error| index.error(error))? })
    }

    /// For each of `leaders`, best first, the sorted ids of those near-copies for which `may_show` returns true. A
    /// near-copy of several leaders is listed under the best of them alone.
    pub(in crate::store) fn copies_of(
        &self,
        leaders: &[DocAddress],
        may_show: impl Fn(DocAddress) -> bool,
    ) -> Result<Vec<Vec<String>>, StoreError> {
        let mut shown: HashSet<DocAddress> = leaders.iter().copied().collect();
        let mut copies_of = |leader: &DocAddress| {
            let copies = self.near_copies(*leader)?.into_iter().map(|(_, copy)| copy);
            let fresh = copies.filter(|&copy| may_show(copy) && shown.insert(copy));
            let mut ids = fresh.map(|copy| self.index.id_at(copy)).collect::<Result<Vec<_>, _>>()?;
            ids.sort_unstable();
            Ok(ids)
        };
        leaders.iter().map(&mut copies_of).collect()
    }

    /// The `limit` best of `ranked` (best first) that are not near-copies of a better one.
    pub(in crate::store) fn leaders(&self, ranked: &[Scored], limit: usize) -> Vec<Scored> {
        let mut leaders = Vec::new();
        let mut known: Vec<Sketch> = Vec::new();
        for &(score, address) in ranked {
            if leaders.len() == limit {
                break;
            }
            let sketch = self.get(address);
            if sketch.is_none_or(|sketch| known.iter().all(|leader| leader.near(&sketch).is_none())) {
                leaders.push((score, address));
                known.extend(sketch);
            }
        }
        leaders
    }

    /// The sketch of an article; `None` when it is too short for one.
    pub(in crate::store) fn get(&self, address: DocAddress) -> Option<Sketch> {
        let segment = &self.segments[address.segment_ord as usize];
        let mut keys = [0; KEYS];
        let mut rest = [0; STORED_WORDS];
        let n_keys = fill(&mut keys, segment.keys.values_for_doc(address.doc_id));
        let n_rest = fill(&mut rest, segment.rest.values_for_doc(address.doc_id));
        Sketch::from_stored(&rest[..n_rest], &keys[..n_keys])
    }

    /// The near-copies of an article with their similarity, in document order.
    fn near_copies(&self, address: DocAddress) -> Result<Vec<Scored>, StoreError> {
        let Some(sketch) = self.get(address) else { return Ok(Vec::new()) };
        let mut candidates = Vec::new();
        for key in sketch.keys {
            self.add_holders(key, &mut candidates).map_err(|error| self.index.error(error))?;
        }
        candidates.sort_unstable();
        candidates.dedup();
        let near = |copy| Some((sketch.near(&self.get(copy)?)?, copy));
        Ok(candidates.into_iter().filter(|&copy| copy != address).filter_map(near).collect())
    }

    /// Adds the articles that hold `key`.
    fn add_holders(&self, key: u64, holders: &mut Vec<DocAddress>) -> tantivy::Result<()> {
        let term = Term::from_field_u64(self.index.fields.near, key);
        for (segment_ord, segment) in (0..).zip(&self.segments) {
            let Some(mut found) = segment.terms.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while found.doc() != TERMINATED {
                if !segment.reader.is_deleted(found.doc()) {
                    holders.push(DocAddress::new(segment_ord, found.doc()));
                }
                found.advance();
            }
        }
        Ok(())
    }
}

/// Copies `values` into `room` as far as they fit. Returns their number.
fn fill(room: &mut [u64], values: impl Iterator<Item = u64>) -> usize {
    room.iter_mut().zip(values).map(|(place, value)| *place = value).count()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::article::{self, Article};
    use crate::store::{ArticleName, CommitInfo, FileEntry, FileOutcome, FileStat, NamedBy, Store};

    /// Generates articles of up to four families. Articles of one family differ from one another in some words.
    fn articles() -> impl Strategy<Value = Vec<(Article, String)>> {
        let one = (0usize..4, 30usize..80, prop::collection::vec(0usize..80, 0..12));
        let article = |(number, (family, n_words, changes)): (usize, (usize, usize, Vec<usize>))| {
            let word = |n| if changes.contains(&n) { format!("x{number}y{n} ") } else { format!("f{family}w{n} ") };
            let words: String = (0..n_words).map(word).collect();
            let text = format!(
                "DOCUMENT:Q{}  12-NOV-2026\nTITLE   :Family {family}\n\nSYMPTOMS\n========\n\n{words}\n",
                100_100 + number
            );
            (article::parse(&text, "").expect("the layout is known"), text)
        };
        prop::collection::vec(one, 1..25).prop_map(move |all| all.into_iter().enumerate().map(article).collect())
    }

    fn commit(store: &mut Store, articles: &[(Article, String)], removed: &BTreeSet<&str>) {
        let mut writer = store.writer().expect("no other writer");
        removed.iter().for_each(|id| writer.remove(id));
        for (article, text) in articles {
            let id = article.id.clone();
            let name = ArticleName::new(id.clone(), article.layout, NamedBy::Text);
            let outcome = FileOutcome::Article { name, codes: "".into() };
            let entry = FileEntry { path: id.into(), collection: "kb".into(), stat: FileStat(0), hash: 0, outcome };
            writer.put_article(&entry, article, text, "").expect("a write to memory");
        }
        writer.commit(CommitInfo::default()).expect("a commit to memory");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn near_copies_by_keys_are_those_of_all_pairs(articles in articles(), cut in 0usize..25, removed in 0usize..25) {
            let mut store = Store::in_memory();
            let cut = cut.min(articles.len());
            commit(&mut store, &articles[..cut], &BTreeSet::new());
            let removed: BTreeSet<&str> = articles[..cut].get(removed).iter().map(|(a, _)| a.id.as_str()).collect();
            commit(&mut store, &articles[cut..], &removed);
            let held = articles.iter().map(|(article, _)| article).filter(|article| !removed.contains(&*article.id));
            let sketches: BTreeMap<&str, Option<Sketch>> = held.map(|a| (a.id.as_str(), Sketch::for_article(a))).collect();
            for (id, sketch) in &sketches {
                let near = |(other, of): (&&str, &Option<Sketch>)| {
                    let similarity = sketch.as_ref()?.near(of.as_ref()?)?;
                    (other != id).then(|| ((*other).to_owned(), similarity))
                };
                let naive: BTreeMap<String, f32> = sketches.iter().filter_map(near).collect();
                let found = near_copies(store.index(), id).expect("a look-up");
                prop_assert!(found.is_sorted_by_key(|(id, similarity)| (-similarity, id.clone())));
                prop_assert_eq!(found.into_iter().collect::<BTreeMap<_, _>>(), naive);
            }
        }
    }
}
