//! By what a log gives an article away: the messages that it quotes, and the events, codes and files that it names.

use std::collections::BTreeSet;

use tantivy::Term;

use super::super::text;
use super::super::{Index, StoreError};
use super::plan::inverse_frequency;
use super::plan::n_holding;
use crate::article::{Article, Identifier};
use crate::identifier::IdentifierKind;

/// Something of an article that a log may hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// What it is.
    pub kind: IdentifierKind,
    /// A message as text with holes, in the notation of rules; of anything else its canonical form.
    pub text: String,
    /// Index of the section where it stands first.
    pub section: usize,
    /// Articles of the store that name it; `None` for a message, which many word in their own way.
    pub n_articles: Option<u64>,
    /// How telling it is, ≥ 0, in the weight of a word that no article of the store holds; of a message, the sum of its words.
    pub weight: f32,
}

/// The signatures of an article, each once, the most telling first. Looks up each word of its messages: some milliseconds
/// for a long article.
pub fn signatures(index: &Index, article: &Article) -> Result<Vec<Signature>, StoreError> {
    let mut known = BTreeSet::new();
    let mut signatures = Vec::new();
    for identifier in &article.identifiers {
        if let Some(signature) = signature(index, identifier)?
            && known.insert((signature.kind.name(), signature.text.clone()))
        {
            signatures.push(signature);
        }
    }
    signatures.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
    Ok(signatures)
}

/// `None` for what no log would be recognised by.
fn signature(index: &Index, identifier: &Identifier) -> Result<Option<Signature>, StoreError> {
    let section = identifier.section;
    let signature = match identifier.kind {
        IdentifierKind::Registry | IdentifierKind::Url => None,
        IdentifierKind::Message => {
            let weight = weight_of_words(index, &identifier.value)?;
            identifier.pattern().map(|text| Signature {
                kind: identifier.kind,
                text,
                section,
                n_articles: None,
                weight,
            })
        }
        kind => {
            let n_articles = n_naming(index, &identifier.value)?;
            let weight = rarity(index, n_articles);
            let text = identifier.value.clone();
            Some(Signature { kind, text, section, n_articles: Some(n_articles), weight })
        }
    };
    Ok(signature)
}

fn weight_of_words(index: &Index, message: &str) -> Result<f32, StoreError> {
    let stems: BTreeSet<String> = text::terms(message).into_iter().collect();
    let mut weight = 0.0;
    for stem in &stems {
        weight += rarity(index, n_holding(index, stem)?);
    }
    Ok(weight)
}

/// How telling something is that so many articles hold: 1 for what none does.
pub(super) fn rarity(index: &Index, n_holding: u64) -> f32 {
    let n_articles = index.searcher.num_docs();
    inverse_frequency(n_holding, n_articles) / inverse_frequency(0, n_articles)
}

/// Articles that name a code, event or file.
pub(super) fn n_naming(index: &Index, value: &str) -> Result<u64, StoreError> {
    let naming = index.searcher.doc_freq(&Term::from_field_text(index.fields.code, value));
    naming.map_err(|error| index.error(error))
}
