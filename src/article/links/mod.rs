//! Finds the links in the text of an article, and tells which articles they lead to.
//!
//! A link names an article by its place, and only the ingest knows places. So parsing an article finds no links;
//! [`locate`] adds them as references. A reference made from a link has several addresses, because a link does not say
//! from where on its path counts. The store looks them up one after the other, so the order of ingests does not matter.

mod anchor;
mod scan;
mod target;

pub(super) use anchor::{Anchors, anchors};
pub(super) use scan::find;
pub(super) use target::{Target, target};

use super::model::{Article, Reference};
use super::place::{Place, address_parts};

/// Adds the links of `article`, which was parsed from `text` and is at `place`, to its references, and sets the
/// addresses by which other articles link to it.
pub fn locate(article: &mut Article, text: &str, place: &Place) {
    article.addresses = place.addresses();
    let slug = place.slug();
    for alias in article.aliases.iter().chain([&article.id]).filter(|name| **name != slug) {
        let parts = address_parts(alias).join("/");
        if !parts.is_empty() {
            article.addresses.extend([place.below(&parts), place.anywhere(&parts)]);
        }
    }
    let mut known = std::collections::HashSet::new();
    article.addresses.retain(|address| known.insert(address.clone()));
    known.extend(article.aliases.iter().cloned());
    known.insert(article.id.clone());
    for link in find(text, article.layout) {
        let Some(Target { addresses, .. }) = target(&link, place) else { continue };
        let mut addresses = addresses.into_iter();
        let Some(first) = addresses.next().filter(|first| known.insert(first.clone())) else { continue };
        let title = Some(link.label).filter(|label| !label.is_empty()).map(str::to_owned);
        article.references.push(Reference { id: first, others: addresses.collect(), title });
    }
}

/// Adds `ids` to the aliases of `article`, without those that it has.
pub fn add_aliases<'a>(article: &mut Article, ids: impl Iterator<Item = &'a str>) {
    for id in ids {
        if id != article.id && !article.aliases.iter().any(|alias| alias == id) {
            article.aliases.push(id.to_owned());
        }
    }
}
