//! Which articles are worth explaining by what they quote, and by which records. It ranks nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::matching::Salient;

use super::weights::{MAX_EXPLAINED, MAX_SIGNATURES};
use super::{ArticleHit, ArticleReason, evidence};

/// The hits that are likely to be listed, of `hits` best first: those that do not say the same as a better one. `near` has the
/// near-copies of hits by their ids.
pub fn worth_explaining<'a>(
    hits: &'a mut [ArticleHit],
    near: &'a BTreeMap<String, Vec<String>>,
) -> impl Iterator<Item = &'a mut ArticleHit> {
    let mut folded: BTreeSet<&str> = BTreeSet::new();
    let is_listed = move |hit: &&mut ArticleHit| {
        let is_listed = !folded.contains(hit.id.as_str());
        if is_listed {
            folded.extend(near.get(&hit.id).into_iter().flatten().map(String::as_str));
        }
        is_listed
    };
    hits.iter_mut().filter(is_listed).take(MAX_EXPLAINED)
}

/// The records that speak for a hit, as indices into `salient`: the one that does most, then the others of the events that it
/// was found for, in order of places.
pub fn records_for(salient: &[Salient], hit: &ArticleHit) -> Vec<usize> {
    let events = evidence::events(salient);
    let of_events = hit.by_event.iter().filter_map(|(event, _)| events.get(*event)).flatten().copied();
    let first = (hit.salient < salient.len()).then_some(hit.salient);
    first.into_iter().chain(of_events.filter(|&record| record != hit.salient)).collect()
}

/// What a hit's signatures come to as reasons, the most telling ones.
pub(crate) fn signatures<'a>(
    salient: &'a [Salient],
    hit: &'a ArticleHit,
) -> impl Iterator<Item = ArticleReason> + use<'a> {
    let reason = |signature: &super::Signature| {
        let record = salient.get(signature.salient)?;
        Some(ArticleReason::Signature {
            kind: signature.kind,
            text: signature.text.clone(),
            section: signature.section,
            at: (record.source, record.line),
            record: record.text.clone(),
            share: signature.share,
            weight: signature.weight,
        })
    };
    hit.signatures.iter().filter_map(reason).take(MAX_SIGNATURES)
}
