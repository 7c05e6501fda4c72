//! Article text to [`Article`]: which layout it is, and what it says.
//!
//! Works on bytes and `&str` alone: no files, no store. Parsing never fails as a whole; what is odd becomes a diagnostic of
//! the article.
//!
//! ```text
//! bytes ─ decode ──> text ─ detect, layout ──> Draft ─ parse ──> Article
//! ```

mod check;
mod date;
mod decode;
mod detect;
mod draft;
mod error;
pub mod export;
mod field_name;
mod id;
mod layout;
mod lines;
mod list;
mod message;
pub(crate) mod model;
mod parse;
mod procedure;
mod product;
mod reference;
mod remedy;
mod section;
mod section_name;
mod synonym;
mod variable;
mod wording;

pub use check::check;
pub use decode::decode;
pub use detect::detect;
pub use error::NotAnArticle;
pub use id::canonical_id;
pub(crate) use list::DistinctNames;
pub use model::{Article, Identifier, Layout, Procedure, Product, Reference, Section, SectionKind, Step};
pub use parse::parse;
pub use remedy::{Remedy, remedies};
pub(crate) use section_name::kind_of_marked as section_kind;

/// The title as people know it: with its prefix, where it has one.
pub fn full_title(article: &Article) -> String {
    match &article.prefix {
        Some(prefix) => format!("{prefix}: {}", article.title),
        None => article.title.clone(),
    }
}
