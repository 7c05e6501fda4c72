//! Parses the text of knowledge-base articles into [`Article`]s.
//!
//! Works on bytes and `&str`; it opens no files and knows no store. If the layout of a text is known and there is an
//! id, parsing succeeds: missing or odd parts become diagnostics of the article.
//!
//! ```text
//! bytes ─ decode ──> text ─ detect, layout ──> draft ─ parse ──> Article
//! ```

mod check;
mod date;
mod decode;
mod detect;
mod draft;
mod error;
pub mod export;
mod field_name;
mod file_name;
mod foreign;
mod id;
mod include;
mod layout;
mod lines;
mod links;
mod list;
mod markdown_file;
mod message;
pub(crate) mod model;
mod parse;
mod place;
mod procedure;
mod product;
mod reference;
mod remedy;
mod section;
mod section_name;
mod state;
mod synonym;
mod variable;
mod wording;

pub use check::{LinkedArticle, check, check_links};
pub use decode::decode;
pub use detect::detect;
pub use error::NotAnArticle;
pub use foreign::ForeignFormat;
pub use id::{canonical_id, is_shared_id};
pub use include::{ReadIncluded, with_includes};
pub use links::{add_aliases, locate};
pub(crate) use list::DistinctNames;
pub use markdown_file::markdown_file;
pub use model::{Article, ArticleState, Identifier, Layout, Procedure, Product, Reference, Section, SectionKind, Step};
pub use parse::{parse, parse_file};
pub use place::{Place, without_suffix};
pub use remedy::{Problem, Remedy, remedies, telling_words};
pub(crate) use section_name::kind_of_marked as section_kind;

/// Returns the title with its prefix, if it has one: `PRB: Mail Waits in the Queue`.
pub fn full_title(article: &Article) -> String {
    match &article.prefix {
        Some(prefix) => format!("{prefix}: {}", article.title),
        None => article.title.clone(),
    }
}
