//! The JSON contracts of `--format json`: wire types, and how the stages' types become them.
//!
//! The contracts only ever grow. Ids are strings, times RFC 3339, counts whole numbers, probabilities 0–1. The schemas under
//! `docs/schema/` are generated from these types.

mod diagnose;
mod ingest;
mod search;
mod show;
mod status;
mod why;

pub use diagnose::{Diagnose, diagnose};
pub use ingest::{Ingest, ingest};
pub use search::{Search, search};
pub use show::{Show, show};
pub use status::{Status, status};

use schemars::JsonSchema;
use serde::Serialize;

use crate::article::Article;

/// A product and its versions, as `search` and `show` print them.
#[derive(Debug, Serialize, JsonSchema)]
struct Product {
    name: String,
    versions: Vec<String>,
}

fn products(article: &Article) -> Vec<Product> {
    let product =
        |product: &crate::article::Product| Product { name: product.name.clone(), versions: product.versions.clone() };
    article.products.iter().map(product).collect()
}
