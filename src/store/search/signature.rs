//! By what a log gives an article away: the messages that it quotes, and the events, codes and files that it names.

use std::collections::BTreeSet;

use tantivy::Term;

use super::super::text;
use super::super::{Store, StoreError};
use super::plan::inverse_frequency;
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

impl Store {
    /// The signatures of an article, each once, the most telling first. Looks up each word of its messages: some milliseconds
    /// for a long article.
    pub fn signatures(&self, article: &Article) -> Result<Vec<Signature>, StoreError> {
        let mut known = BTreeSet::new();
        let mut signatures = Vec::new();
        for identifier in &article.identifiers {
            if let Some(signature) = self.signature(identifier)?
                && known.insert((signature.kind.name(), signature.text.clone()))
            {
                signatures.push(signature);
            }
        }
        signatures.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
        Ok(signatures)
    }

    /// `None` for what no log would be recognised by.
    fn signature(&self, identifier: &Identifier) -> Result<Option<Signature>, StoreError> {
        let section = identifier.section;
        let signature = match identifier.kind {
            IdentifierKind::Registry | IdentifierKind::Url => None,
            IdentifierKind::Message => {
                let weight = self.weight_of_words(&identifier.value)?;
                identifier.pattern().map(|text| Signature {
                    kind: identifier.kind,
                    text,
                    section,
                    n_articles: None,
                    weight,
                })
            }
            kind => {
                let n_articles = self.n_naming(&identifier.value)?;
                let weight = self.rarity(n_articles);
                let text = identifier.value.clone();
                Some(Signature { kind, text, section, n_articles: Some(n_articles), weight })
            }
        };
        Ok(signature)
    }

    fn weight_of_words(&self, message: &str) -> Result<f32, StoreError> {
        let stems: BTreeSet<String> = text::terms(message).into_iter().collect();
        let mut weight = 0.0;
        for stem in &stems {
            weight += self.rarity(self.n_holding(stem)?);
        }
        Ok(weight)
    }

    /// How telling something is that so many articles hold: 1 for what none does.
    pub(super) fn rarity(&self, n_holding: u64) -> f32 {
        let n_articles = self.searcher.num_docs();
        inverse_frequency(n_holding, n_articles) / inverse_frequency(0, n_articles)
    }

    /// Articles that name a code, event or file.
    pub(super) fn n_naming(&self, value: &str) -> Result<u64, StoreError> {
        let naming = self.searcher.doc_freq(&Term::from_field_text(self.fields.code, value));
        naming.map_err(|error| self.error(error))
    }
}
