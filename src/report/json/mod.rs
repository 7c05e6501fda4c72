//! The JSON contracts of `--format json`: wire types, and their conversion from the types of the stages.
//!
//! The contracts only grow. Ids are strings, times RFC 3339, counts whole numbers, probabilities 0–1. The schemas under
//! `docs/schema/` are generated from these types.

mod book;
pub(super) mod case;
mod config;
mod diagnose;
mod eval;
mod explain;
mod ingest;
mod learn;
mod log;
mod mutation;
mod rule_explain;
mod rule_tests;
mod search;
mod show;
mod status;
mod subject;
mod watch;
mod why;
mod why_not;

pub use book::{Book, BookCause, BookList, book, book_cause, book_list};
pub use case::{Case, Cases, case, cases};
pub use config::{Config, config};
pub use diagnose::{Diagnose, diagnose};
pub use eval::{Eval, eval};
pub use ingest::{Ingest, ingest};
pub use learn::{Learn, learn};
pub use log::{Log, log};
pub use mutation::{RuleMutation, rule_mutation};
pub use rule_explain::{RuleExplain, rule_explain};
pub use rule_tests::{RuleTests, rule_tests};
pub use search::{Search, search};
pub use show::{Show, show};
pub use status::{Status, status};
pub use watch::{WatchLine, watch_finding, watch_summary};

use schemars::JsonSchema;
use serde::Serialize;

use crate::article::Article;
use crate::product;

/// A product and its versions, as `search` and `show` print them.
#[derive(Debug, Serialize, JsonSchema)]
struct Product {
    /// As printed, as are the versions.
    name: String,
    versions: Vec<String>,
    /// The one name of the product, in lower case: `exchange server`.
    canonical: String,
}

fn products(article: &Article) -> Vec<Product> {
    let product = |printed: &crate::article::Product| Product {
        name: printed.name.clone(),
        versions: printed.versions.clone(),
        canonical: product::canonical(&printed.name).into_owned(),
    };
    article.products.iter().map(product).collect()
}
