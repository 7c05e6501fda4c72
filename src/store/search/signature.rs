//! The signatures of an article, by which it is identified in a log: the messages that it quotes, and the events, codes and files
//! that it names.

use std::collections::BTreeSet;

use tantivy::Term;

use super::super::{Index, StoreError, text};
use super::plan::{inverse_frequency, n_holding};
use crate::article::{Article, Identifier};
use crate::identifier::IdentifierKind;

/// A message, code, event or other identifier of an article that may occur in a log.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleSignature {
    /// The kind of the signature.
    pub kind: IdentifierKind,
    /// For a message, its text with holes, in the notation of rules. For other kinds, the canonical form.
    pub text: String,
    /// The index of the section of its first occurrence.
    pub section: usize,
    /// The number of articles that name it; `None` for a message, which articles quote in different words.
    pub n_articles: Option<u64>,
    /// The weight of the signature, ≥ 0: higher for one that fewer articles contain. A word that no article contains
    /// weighs 1; a message weighs the sum of its words.
    pub weight: f32,
}

/// The signatures of an article, each once, highest weight first. Looks up each word of its messages, which takes some
/// milliseconds for a long article.
pub fn signatures(index: &Index, article: &Article) -> Result<Vec<ArticleSignature>, StoreError> {
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

/// Returns the signature for an identifier; `None` for one that does not identify an article in a log.
fn signature(index: &Index, identifier: &Identifier) -> Result<Option<ArticleSignature>, StoreError> {
    let section = identifier.section;
    let signature = match identifier.kind {
        IdentifierKind::Registry | IdentifierKind::Url => None,
        IdentifierKind::Message => {
            let weight = weight_of_words(index, &identifier.value)?;
            identifier.pattern().map(|text| ArticleSignature {
                kind: identifier.kind,
                text,
                section,
                n_articles: None,
                weight,
            })
        }
        kind => {
            let n_articles = n_with_identifier(index, &identifier.value)?;
            let weight = rarity(index, n_articles);
            let text = identifier.value.clone();
            Some(ArticleSignature { kind, text, section, n_articles: Some(n_articles), weight })
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

/// The weight of a word or identifier that this many articles contain: 1 for none, less for more.
pub(super) fn rarity(index: &Index, n_holding: u64) -> f32 {
    let n_articles = index.searcher.num_docs();
    inverse_frequency(n_holding, n_articles) / inverse_frequency(0, n_articles)
}

/// The number of articles that name a code, event or file.
pub(super) fn n_with_identifier(index: &Index, value: &str) -> Result<u64, StoreError> {
    let naming = index.searcher.doc_freq(&Term::from_field_text(index.fields.code, value));
    naming.map_err(|error| index.error(error))
}
