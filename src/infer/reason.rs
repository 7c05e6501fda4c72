//! Chooses the articles to explain by their signatures, and the records to compare them with. This does not change the
//! ranking.

use std::collections::{BTreeMap, BTreeSet};

use crate::matching::Salient;

use super::evidence;
use super::hit::{ArticleHit, Signature};
use super::model::ArticleReason;
use super::weights::{MAX_COMPARED_RECORDS, MAX_EXPLAINED, MAX_SIGNATURES};

/// Returns the hits whose signatures are to be loaded: the first ten of `hits` (ordered best first) that are no
/// near-copies of better ones. `near` maps the id of a hit to the ids of its near-copies.
pub fn hits_for_signatures<'a>(
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

/// Returns the records to compare `hit` with, as indices into `salient`, at most sixteen: first the one that it fits
/// best, then the others of the events that it was found for. The event that it fits best comes first; records of one
/// event are in order of source and time.
pub fn records_for(salient: &[Salient], hit: &ArticleHit) -> Vec<usize> {
    let events = evidence::events(salient);
    let of_events = hit.by_event.iter().filter_map(|(event, _)| events.get(*event)).flatten().copied();
    let first = (hit.salient < salient.len()).then_some(hit.salient);
    first.into_iter().chain(of_events.filter(|&record| record != hit.salient)).take(MAX_COMPARED_RECORDS).collect()
}

/// Returns the most telling signatures of `hit`, at most three, as reasons.
pub(crate) fn signatures<'a>(
    salient: &'a [Salient],
    hit: &'a ArticleHit,
) -> impl Iterator<Item = ArticleReason> + use<'a> {
    let reason = |signature: &Signature| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::IdentifierKind;
    use crate::source::SourceId;

    fn record(line: u64) -> Salient {
        Salient::new(line, &format!("record {line}"), 1.0)
    }

    #[test]
    fn near_copies_of_a_better_hit_are_not_explained() {
        let mut hits: Vec<ArticleHit> = (0..20).map(|n| ArticleHit::new(&format!("Q{n}"), "", 9.0, 0)).collect();
        let near = BTreeMap::from([
            ("Q0".to_owned(), vec!["Q2".to_owned(), "Q3".to_owned()]),
            ("Q2".to_owned(), vec!["Q4".to_owned()]),
        ]);
        let explained: Vec<&str> = hits_for_signatures(&mut hits, &near).map(|hit| hit.id.as_str()).collect();
        assert_eq!(explained, ["Q0", "Q1", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11"]);
    }

    #[test]
    fn a_hit_is_compared_with_the_records_of_its_events() {
        let salient = [record(90), record(12), record(10), record(200)];
        let hit = |salient, events: &[usize]| ArticleHit {
            by_event: events.iter().map(|&event| (event, 1.0)).collect(),
            ..ArticleHit::new("Q1", "", 1.0, salient)
        };
        assert_eq!(records_for(&salient, &hit(1, &[0])), [1, 2]);
        assert_eq!(records_for(&salient, &hit(0, &[1, 0])), [0, 2, 1]);
        assert_eq!(records_for(&[], &hit(0, &[0])), Vec::<usize>::new());
    }

    #[test]
    fn the_first_signatures_become_reasons() {
        let signature = |salient, text: &str| Signature {
            kind: IdentifierKind::Code,
            text: text.to_owned(),
            section: 2,
            salient,
            share: 1.0,
            weight: 0.5,
        };
        let mut hit = ArticleHit::new("Q1", "", 1.0, 0);
        hit.signatures =
            [(1, "a"), (7, "b"), (0, "c"), (0, "d"), (0, "e")].map(|(at, text)| signature(at, text)).into();
        let salient = [record(90), record(12)];
        let reason = |line, text: &str| ArticleReason::Signature {
            kind: IdentifierKind::Code,
            text: text.to_owned(),
            section: 2,
            at: (SourceId(0), line),
            record: format!("record {line}"),
            share: 1.0,
            weight: 0.5,
        };
        let reasons: Vec<ArticleReason> = signatures(&salient, &hit).collect();
        assert_eq!(reasons, [reason(12, "a"), reason(90, "c"), reason(90, "d")]);
    }
}
